"""The model's verdicts: which protocols post once, and what each part of ours is there for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.torture.model import Protocol, check

pytestmark = pytest.mark.slow

# Sent within a tick, looked for once effect and listing are over: what Newsthread does.
BUILT = Protocol(deadline=1, wait=4)
WATCHED = replace(BUILT, moderator=True, ledger=True)  # with its ledger, in a room with moderators

FAILING = {
    "1 sent, then stored": Protocol(journal=False, search=False),
    "2 stored first, sent again blindly": replace(BUILT, search=False),
    "3 looked for at once": replace(BUILT, wait=0),
    "4 looked for before listings show it": replace(BUILT, wait=3),
    "5 no deadline for leaving": replace(BUILT, deadline=99, wait=3),
    "7 the library repeats on 5xx": replace(BUILT, library_repeats=True),
    "8 two processes without a lock": replace(BUILT, processes=2, lock=False, crashes=1, losses=1),
    "10 a moderator deletes before it is looked for": replace(BUILT, moderator=True),
    "12 a nonce, sent again blindly": replace(BUILT, search=False, wait=3, nonce=6),
    "parked in doubt, then simply sent": replace(BUILT, parked="sent"),
    "an old copy of the store, sent from": replace(BUILT, restored="sent"),
    "an old copy of the store, looked for at once": replace(BUILT, restored="at once"),
    "an old copy of the store, and a moderator": replace(WATCHED, restored="later"),
}
HOLDING = {
    "6 deadline, then settled, one attempt": BUILT,
    "9 two processes with the lock": replace(BUILT, processes=2, crashes=1, losses=1),
    "11 own posts are remembered": WATCHED,
    "13 a nonce, sent again inside its window only": replace(
        BUILT, wait=3, nonce=5, resends=True, effect=1, ticks=16, losses=1
    ),
    "a nonce, looked for all the same": replace(BUILT, nonce=6),
    "parked in doubt, then looked for": replace(WATCHED, parked="looked for", crashes=1, losses=1),
    "an old copy of the store, looked for later": replace(BUILT, restored="later", crashes=1),
}


@pytest.mark.parametrize("name", FAILING)
def test_what_posts_twice(name: str) -> None:
    """A run exists that makes two posts: whoever builds it so, builds it wrong."""
    verdict = check(FAILING[name])
    assert not verdict.safe
    assert sum("makes the post" in step for step in verdict.run) == 2


@pytest.mark.parametrize("name", HOLDING)
def test_what_posts_once(name: str) -> None:
    """No run makes a second post, and none gets stuck before the first."""
    verdict = check(HOLDING[name])
    assert (verdict.safe, verdict.live, verdict.run) == (True, True, ())
