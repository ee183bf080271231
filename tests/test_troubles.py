"""Troubles: what is wrong with the whole program, as long as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.troubles import Troubles

if TYPE_CHECKING:
    import pytest

    from tests.support import StillClock


def test_a_trouble_stands_until_it_ends(clock: StillClock, caplog: pytest.LogCaptureFixture) -> None:
    """It keeps its beginning when its words change, and is logged when they do, not each time it is told."""
    troubles = Troubles(clock)
    began = clock.now()
    troubles.begin("disk", "The disk is full.")
    clock.advance(60)
    troubles.begin("pace", "Discord is asked nothing for ten minutes.")
    troubles.begin("disk", "The disk is full.")
    troubles.begin("disk", "The disk is full, 2 jobs wait.")
    assert [(each.sentence, each.since) for each in troubles.all()] == [
        ("The disk is full, 2 jobs wait.", began),
        ("Discord is asked nothing for ten minutes.", clock.now()),
    ]
    assert caplog.messages == [
        "The disk is full.",
        "Discord is asked nothing for ten minutes.",
        "The disk is full, 2 jobs wait.",
    ]

    troubles.end("disk")
    troubles.end("disk")
    assert [each.sentence for each in troubles.all()] == ["Discord is asked nothing for ten minutes."]
