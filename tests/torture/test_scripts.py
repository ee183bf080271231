"""The model's thirteen protocols as fault scripts: what breaks the wrong ones, the real bot survives."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.torture.life import Life
from tests.torture.scripts import SCRIPTS, play
from tests.torture.verdict import judge
from tests.torture.world import world

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("part", [0, 1])
async def test_what_breaks_other_protocols(tmp_path: Path, part: int) -> None:
    """One thread for each article, at most; none for what a moderator deleted; no request too many."""
    async with world(tmp_path) as broken:
        life = Life(broken, Random(part))
        await play(broken, life, SCRIPTS[part::2])
        await broken.stop()
        verdict = judge(life)
    assert verdict.all() == []
