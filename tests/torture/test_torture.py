"""A short form of ``make torture``: a dozen kills, and nothing is lost or there twice."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from tests.torture.run import Figures, torment

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

# One of each: before a request, after it, with its outcome unknown, while looking, between two effects.
POINTS = (
    "store.claim:ended",
    "newsroom.open_forum_post:ended",
    "newsroom.find_opening:ended",
    "floor.speak:ended",
    "replace:claimed",
    "take-down:performed",
)


WORLDS = 3  # side by side: most of the time each waits for something


async def test_killed_a_dozen_times(tmp_path: Path) -> None:
    """At chosen points, at random moments and with a request on its way: every article, quote and removal is there once."""
    folders = [tmp_path / str(index) for index in range(WORLDS)]
    for folder in folders:
        folder.mkdir()
    last = monotonic() + 60
    torments = (
        torment(folder, POINTS[index::WORLDS], moments=1, requests=1, seed=index, last=last)
        for index, folder in enumerate(folders)
    )
    whole = Figures()
    for figures in await asyncio.gather(*torments):
        whole.add(figures)
    assert whole.good, whole.told()
    assert whole.struck == set(POINTS)
    assert whole.kills.total() >= 12
