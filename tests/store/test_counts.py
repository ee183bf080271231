"""Reactions counted: by emoji, post, story, giver and receiver, and what the opening post tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.model import Reacted
from tests.store.samples import ALICE, BOB, CAROL, MINUTE, PAUSE, STORY, THREAD, opened, quoted, said, wish
from tests.support import START, StillClock

if TYPE_CHECKING:
    from bot.store import Store

HEART, THUMB, LAUGH = "❤️", "👍", "😂"
NONE: frozenset[str] = frozenset()
SET = frozenset({HEART, THUMB})
POST = 10


@pytest.fixture(autouse=True)
async def story(store: Store, clock: StillClock) -> None:
    await opened(store, clock)
    await said(store, POST)


def by(member_id: int, emoji: str = HEART, kind: int = 0, message_id: int = POST) -> Reacted:
    return Reacted(message_id, member_id, emoji, kind)


async def react(store: Store, reacted: Reacted) -> None:
    assert await store.react(STORY, reacted, START, NONE, None, PAUSE)


async def test_tally(store: Store, clock: StillClock) -> None:
    """By post, story, giver and receiver, and all at once; a member counts once for an emoji on a post."""
    await opened(store, clock, "two", 6001)
    await quoted(store, clock, 40, wish(None))
    for one in (
        by(CAROL),
        by(CAROL, kind=1),
        by(CAROL, kind=2),
        by(BOB),
        by(BOB, THUMB),
        by(CAROL, message_id=40),
        by(ALICE, LAUGH, message_id=THREAD),
    ):
        await react(store, one)
    await store.react(2, by(CAROL, LAUGH, message_id=6001), START, NONE, None, PAUSE)

    async def counts(self_reactions: bool = True, **asked: int) -> dict[str, int]:
        return dict((await store.tally(**asked, self_reactions=self_reactions)).counts)  # type: ignore[arg-type]

    assert await counts(message_id=POST) == {HEART: 2, THUMB: 1}
    assert await counts(message_id=POST, self_reactions=False) == {HEART: 1}
    assert await counts(story_id=STORY) == {HEART: 3, THUMB: 1, LAUGH: 1}
    assert await counts(given_by=CAROL) == {HEART: 2, LAUGH: 1}
    assert await counts(given_by=CAROL, story_id=2) == {LAUGH: 1}
    assert await counts(received_by=BOB) == {HEART: 2, THUMB: 1}
    assert await counts(received_by=BOB, self_reactions=False) == {HEART: 1}
    assert await counts(received_by=ALICE) == {HEART: 1}
    assert await counts(message_id=99) == {}
    assert (await store.tally(story_id=STORY, self_reactions=True)).counts[0] == (HEART, 3)


async def test_top(store: Store, clock: StillClock) -> None:
    """Posts and stories by how many members loved them in a period; deleted ones are not among them."""
    await opened(store, clock, "two", 6001)
    for message_id in (11, 12, 13):
        await said(store, message_id, CAROL)
    given = {POST: (BOB,), 11: (ALICE, BOB), 12: (ALICE,), 13: (ALICE, BOB, CAROL), THREAD: (ALICE,)}
    for message_id, members in given.items():
        for member in members:
            await react(store, by(member, message_id=message_id))
            await react(store, by(member, THUMB, message_id=message_id))
    await react(store, by(CAROL, LAUGH, message_id=12))
    later = START + MINUTE
    for member in (ALICE, BOB):
        await store.react(2, by(member, message_id=6001), later, NONE, None, PAUSE)
    await store.lost([13], START)

    ranked = await store.top_posts(START, SET, 2)
    assert [(one.message_id, one.author_id, one.count, one.thread_id) for one in ranked] == [
        (11, CAROL, 2, THREAD),
        (POST, BOB, 1, THREAD),
    ]
    others = await store.top_posts(START, SET, 5, self_reactions=False)
    assert [one.message_id for one in others] == [11, 12]
    assert await store.top_posts(later, SET, 5) == ()
    assert await store.top_posts(START, NONE, 5) == ()
    stories = await store.top_stories(START, SET, 5)
    assert [(one.thread_id, one.message_id, one.count, one.title) for one in stories] == [
        (6001, 6001, 2, "two"),
        (THREAD, THREAD, 1, "one"),
    ]
    assert [one.title for one in await store.top_stories(later, SET, 5)] == ["two"]


async def test_discussion(store: Store) -> None:
    """The counts of what is named, in the thread or on the opening post, and what is recommended, oldest first."""
    await said(store, 11, CAROL)
    for one in (by(CAROL, THUMB), by(BOB), by(CAROL, LAUGH), by(ALICE, THUMB, message_id=THREAD)):
        await react(store, one)
    await react(store, by(ALICE, HEART, message_id=THREAD))
    named = (HEART, THUMB)
    await store.recommend(11, ALICE, START + MINUTE)
    await store.recommend(POST, 0, START + 2 * MINUTE)

    told = await store.discussion(STORY, "thread", True, named)
    assert told.tally.counts == ((HEART, 2), (THUMB, 2))
    assert [(one.message_id, one.author_id, one.count) for one in told.recommended] == [
        (11, CAROL, 0),
        (POST, BOB, 2),
    ]
    assert (await store.discussion(STORY, "post", True, named[::-1])).tally.counts == ((THUMB, 1), (HEART, 1))
    strict = await store.discussion(STORY, "thread", False, named)
    assert strict.tally.counts == ((THUMB, 2), (HEART, 1))
    assert [one.count for one in strict.recommended] == [0, 1]
    assert (await store.discussion(STORY, "off", True, named)).tally.counts == ()
    await store.lost([11, POST], START)
    told = await store.discussion(STORY, "thread", True, named)
    assert (told.tally.counts, told.recommended) == (((HEART, 1), (THUMB, 1)), ())
