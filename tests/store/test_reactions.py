"""Reactions: told in any order, kept to the rules of the house, recounted, and told in the opening post at leisure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.model import Job, JobKind, JobState, Reacted, Receipt
from tests.store.samples import (
    ALICE,
    BOB,
    CAROL,
    MINUTE,
    PAUSE,
    STORY,
    claim,
    editing,
    jobs_of,
    opened,
    posting,
    quotation,
    quoting_job,
    said,
    wish,
)
from tests.support import START, StillClock

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.store import Store

HEART, THUMB, LAUGH, CUSTOM = "❤️", "👍", "😂", "blob:1300000000000005000"
NONE: frozenset[str] = frozenset()
SET = frozenset({HEART, THUMB})
POST = 10
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
async def story(store: Store, clock: StillClock) -> None:
    await opened(store, clock)
    await said(store, POST)


def by(member_id: int, emoji: str = HEART, kind: int = 0, message_id: int = POST) -> Reacted:
    return Reacted(message_id, member_id, emoji, kind)


async def react(
    store: Store,
    reacted: Reacted,
    *,
    exclusive: frozenset[str] = NONE,
    allowed: frozenset[str] | None = None,
) -> bool:
    return await store.react(STORY, reacted, START, exclusive, allowed, PAUSE)


async def recount(
    store: Store,
    *found: Reacted,
    exclusive: frozenset[str] = NONE,
    allowed: frozenset[str] | None = None,
) -> bool:
    return await store.recount(STORY, POST, found, START, exclusive, allowed, PAUSE)


async def on(store: Store, message_id: int = POST) -> set[Reacted]:
    return set(await store.reactions_of(message_id))


async def leaving(store: Store) -> list[tuple[str, str]]:
    """Members and emoji to be taken off, each job done and gone; they are offered one by one."""
    found = []
    while jobs := await jobs_of(store, JobKind.UNREACT):
        found += [(job.payload["member"], job.payload["emoji"]) for job in jobs]
        assert {job.payload["message"] for job in jobs} == {str(POST)}
        for job in jobs:
            await store.settle(job.id, Receipt(), None)
    return found


async def offered(store: Store) -> Job:
    (job,) = await jobs_of(store, JobKind.UNREACT)
    return job


async def test_any_number_of_times(store: Store) -> None:
    """A reaction told twice is one; so is its removal; of each kind there may be one."""
    assert [await react(store, by(CAROL)) for _ in range(2)] == [True, False]
    assert await react(store, by(CAROL, kind=1))
    assert await react(store, by(CAROL, kind=2))
    assert await react(store, by(CAROL, CUSTOM))
    assert [await store.unreact(by(CAROL), START, PAUSE) for _ in range(2)] == [True, False]

    assert await on(store) == {by(CAROL, kind=1), by(CAROL, kind=2), by(CAROL, CUSTOM)}


async def test_cleared(store: Store) -> None:
    """A moderator clears an emoji or all; what was given by our buttons is not Discord's to clear."""
    for one in (by(CAROL), by(BOB), by(BOB, THUMB), by(BOB, kind=2), by(ALICE, message_id=11)):
        await react(store, one)

    assert [await store.clear_reactions(POST, HEART, START, PAUSE) for _ in range(2)] == [True, False]
    assert await on(store) == {by(BOB, THUMB), by(BOB, kind=2)}
    assert await store.clear_reactions(POST, None, START, PAUSE)
    assert await on(store) == {by(BOB, kind=2)}
    assert await on(store, 11) == {by(ALICE, message_id=11)}


async def test_of_a_deleted_post(store: Store, clock: StillClock) -> None:
    """Reactions go with their post, and none is counted after, nor of a reply that was replaced."""
    await react(store, by(CAROL))
    await store.lost([POST], START)
    assert not await react(store, by(BOB))
    assert not await recount(store, by(BOB))
    assert await on(store) == set()

    await store.contribute(wish(30, quotation(11)), START)
    assert await react(store, by(CAROL, message_id=30))
    job = await quoting_job(store, clock)
    await store.settle(job.id, Receipt(40, webhook_id=77), None)
    assert not await react(store, by(BOB, message_id=30))
    assert await on(store, 30) == set()


# --- the rules ---


async def test_not_allowed(store: Store) -> None:
    """What the house does not name is not counted and taken off, once however often it is told."""
    for _ in range(3):
        assert not await react(store, by(CAROL, LAUGH), allowed=SET)
    assert await react(store, by(CAROL), allowed=SET)
    assert not await react(store, by(BOB, LAUGH, kind=2), allowed=SET)

    assert await on(store) == {by(CAROL)}
    job = await offered(store)
    assert (job.lane, job.payload) == ("react:1", {"message": "10", "member": "303", "emoji": LAUGH})
    assert await leaving(store) == [("303", LAUGH)]
    assert not await react(store, by(CAROL, LAUGH), allowed=SET)
    assert await leaving(store) == [("303", LAUGH)]


async def test_exclusive(store: Store) -> None:
    """A new one of the set takes the place of the member's former one; others and other members' stay."""
    await react(store, by(BOB), exclusive=SET)
    await react(store, by(CAROL, LAUGH), exclusive=SET)
    await react(store, by(CAROL, HEART), exclusive=SET)
    await react(store, by(CAROL, HEART, kind=1), exclusive=SET)
    assert await react(store, by(CAROL, THUMB), exclusive=SET)

    assert await on(store) == {by(BOB), by(CAROL, LAUGH), by(CAROL, THUMB)}
    assert await leaving(store) == [("303", HEART)]


async def test_exclusive_by_button(store: Store) -> None:
    """A button's reaction is replaced and replaces like any other; Discord has nothing of it to take off."""
    await react(store, by(CAROL, HEART, kind=2), exclusive=SET)
    await react(store, by(CAROL, THUMB), exclusive=SET)
    assert await leaving(store) == []
    await react(store, by(CAROL, HEART, kind=2), exclusive=SET)

    assert await on(store) == {by(CAROL, HEART, kind=2)}
    assert await leaving(store) == [("303", THUMB)]


async def test_replaced_one_told_again(store: Store) -> None:
    """The former one's event, coming twice, does not bring it back while it is being taken off."""
    await react(store, by(CAROL, HEART), exclusive=SET)
    await react(store, by(CAROL, THUMB), exclusive=SET)
    assert not await react(store, by(CAROL, HEART), exclusive=SET)

    assert await on(store) == {by(CAROL, THUMB)}
    assert await leaving(store) == [("303", HEART)]


async def test_member_changes_back(store: Store) -> None:
    """Who takes the former one off and gives it again means it: it stays, and the other goes."""
    await react(store, by(CAROL, HEART), exclusive=SET)
    await react(store, by(CAROL, THUMB), exclusive=SET)
    await store.unreact(by(CAROL, HEART), START, PAUSE)
    assert await react(store, by(CAROL, HEART), exclusive=SET)

    assert await on(store) == {by(CAROL, HEART)}
    assert await leaving(store) == [("303", THUMB)]


async def test_given_again_while_it_is_taken_off(store: Store, clock: StillClock) -> None:
    """An attempt under way may have come before it: it is taken off again after that."""
    await react(store, by(CAROL, LAUGH), allowed=SET)
    job = await claim(store, clock, await offered(store))
    await react(store, by(CAROL, LAUGH), allowed=SET)
    await react(store, by(CAROL, LAUGH), allowed=SET)
    await store.unreact(by(BOB, LAUGH), START, PAUSE)
    await store.settle(job.id, Receipt(), None)

    assert await leaving(store) == [("303", LAUGH)]


async def test_gone_before_it_was_taken_off(store: Store, clock: StillClock) -> None:
    """What the member or a moderator took off needs no job; one of an attempt under way or refused comes to its end."""
    for end in ("unreact", "clear", "clear one", "recount", "vanished"):
        await react(store, by(CAROL, LAUGH), allowed=SET)
        if end == "unreact":
            await store.unreact(by(CAROL, LAUGH), START, PAUSE)
        elif end == "clear":
            await store.clear_reactions(POST, None, START, PAUSE)
        elif end == "clear one":
            await store.clear_reactions(POST, LAUGH, START, PAUSE)
        elif end == "recount":
            await recount(store, allowed=SET)
        else:
            await store.removed((await claim(store, clock, await offered(store))).id, "unknown message")
        assert await store.next_jobs() == ()

    await react(store, by(CAROL, LAUGH), allowed=SET)
    await store.park((await offered(store)).id, "403")
    await react(store, by(CAROL, LAUGH), allowed=SET)
    assert (await offered(store)).state is JobState.PENDING
    assert (await store.overview()).jobs[JobState.PARKED] == 0


# --- recount ---


async def test_recount(store: Store) -> None:
    """What Discord shows is what is counted: missed ones come in, stale ones go, buttons' stay."""
    for one in (by(BOB), by(CAROL), by(CAROL, THUMB, kind=2)):
        await react(store, one)
    found = [by(CAROL), by(CAROL), by(ALICE, CUSTOM, kind=1)]

    assert [await recount(store, *found) for _ in range(2)] == [True, False]

    assert await on(store) == {by(CAROL), by(CAROL, THUMB, kind=2), by(ALICE, CUSTOM, kind=1)}


async def test_recount_keeps_to_the_rules(store: Store) -> None:
    """Unnamed ones are taken off; of several exclusive ones the new one stays, or the first found."""
    await react(store, by(CAROL, HEART), exclusive=SET)
    found = [by(CAROL, HEART), by(CAROL, THUMB), by(BOB, THUMB), by(BOB, HEART), by(ALICE, LAUGH)]

    assert await recount(store, *found, exclusive=SET, allowed=SET)

    assert await on(store) == {by(CAROL, THUMB), by(BOB, THUMB)}
    assert not await recount(store, *found, exclusive=SET, allowed=SET)
    assert await leaving(store) == [("303", HEART), ("302", HEART), ("301", LAUGH)]


async def test_recount_under_a_new_rule(store: Store) -> None:
    """Where several were fine before, the first found stays; a button's gives way."""
    for one in (by(CAROL, HEART), by(CAROL, THUMB), by(BOB, HEART, kind=2), by(BOB, THUMB)):
        await react(store, one)

    await recount(store, by(CAROL, THUMB), by(CAROL, HEART), by(BOB, THUMB), exclusive=SET)

    assert await on(store) == {by(CAROL, THUMB), by(BOB, THUMB)}
    assert await leaving(store) == [("303", HEART)]


async def test_recount_while_one_is_taken_off(store: Store, clock: StillClock) -> None:
    """A replaced reaction that Discord still shows is not taken for a new one."""
    await react(store, by(CAROL, HEART), exclusive=SET)
    await react(store, by(CAROL, THUMB), exclusive=SET)
    for step in ("pending", "sending"):
        if step == "sending":
            await claim(store, clock, await offered(store))
        assert not await recount(store, by(CAROL, HEART), by(CAROL, THUMB), exclusive=SET)
        assert await on(store) == {by(CAROL, THUMB)}
    assert await leaving(store) == [("303", HEART)]


# --- the opening post ---


async def test_a_burst_is_told_once(store: Store, clock: StillClock) -> None:
    """A few seconds after the first of a burst, then not more often than once in a pause, and after each change."""
    for member in range(400, 440):
        await react(store, by(member))
    (job,) = await jobs_of(store, JobKind.REVISE)
    assert job.not_before == START + 5 * SECOND
    await claim(store, clock, job)
    await react(store, by(BOB))
    await store.settle(job.id, Receipt(), None)
    (job,) = await jobs_of(store, JobKind.REVISE)
    assert job.not_before == START + PAUSE
    clock.advance(300)
    await store.settle((await claim(store, clock, job)).id, Receipt(), None)

    await store.unreact(by(BOB), clock.now(), 10 * MINUTE)
    (job,) = await jobs_of(store, JobKind.REVISE)
    assert job.not_before == START + 15 * MINUTE
    await store.doubt((await claim(store, clock, job)).id, "reset")
    await react(store, by(ALICE))
    assert len(await jobs_of(store, JobKind.REVISE)) == 1
    assert (await store.overview()).jobs[JobState.PENDING] == 0


async def test_counts_do_not_wait_as_long_as_corrections(store: Store, clock: StillClock) -> None:
    """A revision that waits for a corrected article is due as soon as counts want one, unless it is held up."""
    await react(store, by(BOB))
    (job,) = await jobs_of(store, JobKind.REVISE)
    await store.settle((await claim(store, clock, job)).id, Receipt(), None)
    await store.apply(editing(1, "one", body="corrected"))
    (job,) = await jobs_of(store, JobKind.REVISE)
    assert job.not_before == START + 10 * MINUTE

    await react(store, by(CAROL))

    (job,) = await jobs_of(store, JobKind.REVISE)
    assert job.not_before == START + PAUSE
    await store.hold(job.id, START + 9 * MINUTE, "closed")
    await react(store, by(ALICE))
    (job,) = await jobs_of(store, JobKind.REVISE)
    assert job.not_before == START + 9 * MINUTE


async def test_nothing_new_is_not_told(store: Store, clock: StillClock) -> None:
    """Repeated, refused or unknown: the opening post stays as it is; so does one that is not there."""
    await react(store, by(CAROL, LAUGH), allowed=SET)
    await store.unreact(by(CAROL, HEART), START, PAUSE)
    await store.clear_reactions(POST, None, START, PAUSE)
    await recount(store)
    await store.apply(posting("two"))
    await store.react(2, by(CAROL, message_id=99), START, NONE, None, PAUSE)

    assert await jobs_of(store, JobKind.REVISE) == []


async def test_reactions_and_an_edit_share_a_revision(store: Store, clock: StillClock) -> None:
    """What waits to be told is told together, and a former refusal is superseded."""
    await react(store, by(CAROL))
    (job,) = await jobs_of(store, JobKind.REVISE)
    await store.park(job.id, "50035")
    await react(store, by(BOB))
    assert [one.state for one in await jobs_of(store, JobKind.REVISE)] == [JobState.PENDING]
    assert (await store.overview()).jobs[JobState.PARKED] == 0


@pytest.mark.slow
async def test_a_flood(store: Store) -> None:
    """A thousand reactions of two hundred members, recounted at once: all there, one revision, no more."""
    emoji = (HEART, THUMB, LAUGH, CUSTOM, "🙏")
    found: Collection[Reacted] = [by(member, one) for member in range(1000, 1200) for one in emoji]

    assert await store.recount(STORY, POST, found, START, NONE, None, PAUSE)

    assert await on(store) == set(found)
    tally = await store.tally(story_id=STORY, self_reactions=True)
    assert tally.counts == tuple((one, 200) for one in sorted(emoji))
    assert tally.total == 1000
    assert len(await jobs_of(store, JobKind.REVISE)) == 1
    assert await store.recount(STORY, POST, found, START, frozenset(emoji), None, PAUSE)
    assert len(await on(store)) == 200
    assert (await store.overview()).jobs[JobState.PENDING] == 801
