"""Who may do what to whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import Declined
from bot.moderation.judging import (
    require_arranges,
    require_removable,
    require_removes,
    require_suspendable,
    require_suspends,
)
from bot.newsroom.authority import Authority, Standing

MOD = Authority(1, "Mia", removes=True, arranges=True, suspends=True, owner=False, rank=5)
OWNER = replace(MOD, id=2, owner=True, rank=0)
PLAIN = Standing(rank=0, owner=False, administrator=False, bot=False)


@pytest.mark.parametrize(
    ("needed", "require"),
    [("removes", require_removes), ("arranges", require_arranges), ("suspends", require_suspends)],
)
def test_each_deed_needs_its_permission(needed: str, require: object) -> None:
    """Who has it may, who lacks it may not, whatever else they have."""
    assert callable(require)
    require(MOD)
    with pytest.raises(Declined, match="You lack the permission"):
        require(replace(MOD, **{needed: False}))


@pytest.mark.parametrize(
    ("standing", "by", "removable", "suspendable"),
    [
        (PLAIN, MOD, True, True),
        (replace(PLAIN, rank=4), MOD, True, True),
        (replace(PLAIN, rank=5), MOD, True, False),
        (replace(PLAIN, rank=6), MOD, False, False),
        (replace(PLAIN, rank=6), OWNER, True, True),
        (replace(PLAIN, owner=True), MOD, False, False),
        (replace(PLAIN, administrator=True), MOD, True, False),
        (replace(PLAIN, administrator=True), OWNER, True, False),
        (replace(PLAIN, rank=9, bot=True), MOD, True, False),
        (None, MOD, True, True),
    ],
    ids=lambda value: None if isinstance(value, bool) else str(value and getattr(value, "rank", "")),
)
def test_nobody_judges_who_stands_above(
    standing: Standing | None, by: Authority, removable: bool, suspendable: bool
) -> None:
    """Equals' posts may be removed, their posting rights not taken; who has left stands nowhere."""
    assert _allows(lambda: require_removable(by, 9, standing)) is removable
    assert _allows(lambda: require_suspendable(by, 9, standing)) is suspendable


def test_oneself() -> None:
    """One's own post may be removed; nobody suspends themselves, not even the owner."""
    require_removable(MOD, MOD.id, replace(PLAIN, rank=5))
    with pytest.raises(Declined, match="yourself"):
        require_suspendable(OWNER, OWNER.id, replace(PLAIN, owner=True))


def _allows(require: object) -> bool:
    assert callable(require)
    try:
        require()
    except Declined:
        return False
    return True
