"""More articles at once than Discord takes: nothing is lost or repeated, and Discord is not pressed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.flood import REAL, flood

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

# Everything that is waited for by the second is four times as fast as Discord's, so that the test is.
QUICK = replace(
    REAL,
    buckets={route: (count, seconds / 4) for route, (count, seconds) in REAL.buckets.items()},
    openings=(15, 300.0),
)


async def test_a_flood(tmp_path: Path) -> None:
    """Each article its thread, in order; few answers 429; the server's active threads stay within its limit."""
    figures = await flood(tmp_path, 80, limits=QUICK, members_threads=850)
    assert (figures.threads, figures.repeated, figures.in_order) == (80, 0, True), figures
    assert figures.limited <= 5, figures
    assert figures.invalid == 0, figures
    assert figures.most_active <= 901, figures
    assert 30 <= figures.archived < 80, figures
