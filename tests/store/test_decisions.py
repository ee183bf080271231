"""Appeals, and what undoing a case means at every moment of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.model import (
    CaseKind,
    CaseState,
    EventKind,
    JobKind,
    JobState,
    KeptFile,
    Made,
    Opened,
    QuoteMode,
    Receipt,
    Snapshot,
    Step,
    Told,
)
from tests.store.samples import (
    ALICE,
    AVATAR,
    BOB,
    CAROL,
    MIA,
    MINUTE,
    claim,
    jobs_of,
    known_case,
    open_case,
    opened,
    perform,
    quotation,
    quoted,
    removed_post,
    removing,
    said,
    wish,
    work_off,
)
from tests.support import START

if TYPE_CHECKING:
    from bot.store import Store
    from tests.support import StillClock

TAKE_DOWN, NOTICE, TELL, ENTER, QUOTE = (
    JobKind.TAKE_DOWN,
    JobKind.NOTICE,
    JobKind.TELL,
    JobKind.ENTER,
    JobKind.QUOTE,
)


@pytest.fixture(autouse=True)
async def thread(store: Store, clock: StillClock) -> None:
    await opened(store, clock)


async def test_an_appeal(store: Store, clock: StillClock) -> None:
    """Once by each member of the case; the log tells of it, the thread does not."""
    case_id = await open_case(store, clock, removed_post(10), removed_post(11, CAROL))
    await work_off(store, clock)

    assert await store.appeal(case_id, BOB, "I have a receipt", START)
    assert not await store.appeal(case_id, BOB, "again", START)
    assert not await store.appeal(case_id, ALICE, "not mine", START)
    assert not await store.appeal(99, BOB, "no case", START)

    assert await work_off(store, clock) == [(ENTER, None)]
    member = (await known_case(store, case_id)).member(BOB)
    assert member is not None
    assert (member.appeal, member.appealed_at) == ("I have a receipt", START)
    assert await store.appeal(case_id, CAROL, "me too", START)


async def test_upholding(store: Store, clock: StillClock) -> None:
    """Only what is appealed; notice and log tell of it, and who appealed is told."""
    case_id = await open_case(store, clock, removed_post(10), removed_post(11, CAROL))
    await work_off(store, clock)
    assert not await store.uphold(case_id, MIA, "because", START)
    await store.appeal(case_id, BOB, "no", START)
    await work_off(store, clock)

    assert await store.uphold(case_id, MIA, "because", START)
    assert not await store.uphold(case_id, MIA, "because", START)
    assert not await store.appeal(case_id, CAROL, "too late", START)

    (telling,) = await jobs_of(store, TELL)
    assert (telling.subject_id, telling.payload) == (BOB, {"about": "decision"})
    assert sorted(kind for kind, _ in await work_off(store, clock)) == [ENTER, NOTICE, TELL]
    case = await known_case(store, case_id)
    assert (case.state, case.decided_by, case.decided_at) == (CaseState.UPHELD, MIA, START)
    assert (case.events[-1].kind, case.events[-1].text) == (EventKind.UPHELD, "because")
    assert await store.reinstate(case_id, MIA, "after all", START)


async def test_reinstating(store: Store, clock: StillClock) -> None:
    """The words are posted again, with files and quotes, once; notice, log and author are told."""
    await said(store, 9)
    snapshot = Snapshot("> said\nanswer", "answer", (KeptFile("a.txt", 3, "1/10-1"),), quotes=(quotation(9),))
    case_id = await open_case(store, clock, removed_post(10, snapshot=snapshot), removed_post(11, CAROL, ""))
    await work_off(store, clock)

    assert await store.reinstate(case_id, MIA, "it was true", START)
    assert not await store.reinstate(case_id, MIA, "it was true", START)

    (job,) = await jobs_of(store, QUOTE)
    assert job.post_id is not None
    contribution = await store.contribution(job.post_id)
    assert contribution == wish(
        None,
        quotation(9),
        origin=10,
        author_id=BOB,
        name=f"Member {BOB}",
        avatar=AVATAR,
        mode=QuoteMode.REPOST,
        at=removed_post(10).at,
        words="answer",
        restores=(case_id, 10),
    )
    done = await work_off(store, clock)
    assert sorted(done, key=str) == [(ENTER, None), (NOTICE, None), (QUOTE, None), (TELL, BOB), (TELL, CAROL)]
    case = await known_case(store, case_id)
    assert (case.state, case.decided_by) == (CaseState.REINSTATED, MIA)
    assert [one.restored_id for one in case.posts] == [job.post_id, None], (
        "Carol's had neither words nor files"
    )
    details = await store.post_by_id(job.post_id)
    assert details is not None
    assert details.post.message_id is not None
    assert await store.case_of(details.post.message_id) == case
    assert [one.counts for one in await store.strikes(BOB)] == [False]


async def test_a_restored_post_is_a_post_like_others(store: Store, clock: StillClock) -> None:
    """It can be removed, and reinstated, again."""
    await open_case(store, clock, removed_post(10))
    await work_off(store, clock)
    await store.reinstate(1, MIA, "", START)
    await perform(store, clock, (await jobs_of(store, QUOTE))[0], 50, webhook_id=77, words="He was paid.")
    await work_off(store, clock)

    again = await store.open_case(removing(removed_post(50, made=Made.WEBHOOK), origin=2), START)

    assert again == Opened(2)
    await work_off(store, clock)
    assert await store.reinstate(2, MIA, "", START)
    assert len(await jobs_of(store, QUOTE)) == 1


@pytest.mark.parametrize("mode", [QuoteMode.REPOST, QuoteMode.COMPANION])
async def test_reinstating_a_reply_that_we_had_posted_for(
    store: Store, clock: StillClock, mode: QuoteMode
) -> None:
    """That the reply was quoted once, or was to be, does not stand in the way of posting it again."""
    await said(store, 10)
    await quoted(
        store, clock, 40, wish(30, quotation(10), mode=mode), 77 if mode is QuoteMode.REPOST else None
    )
    await work_off(store, clock)
    await open_case(store, clock, removed_post(30, ALICE))
    await work_off(store, clock, JobKind.DELETE)

    await store.reinstate(1, MIA, "", START)

    (job,) = await jobs_of(store, QUOTE)
    assert (await known_case(store, 1)).posts[0].restored_id == job.post_id


async def test_reinstating_before_anything_is_deleted(store: Store, clock: StillClock) -> None:
    """What waits is not deleted, and what was refused not tried again; only the log tells of it all."""
    case_id = await open_case(store, clock, removed_post(10), removed_post(11, CAROL))
    await store.park((await jobs_of(store, TAKE_DOWN))[0].id, "refused")

    await store.reinstate(case_id, MIA, "a slip", START)

    assert await work_off(store, clock) == [(ENTER, None)]
    case = await known_case(store, case_id)
    assert [one.told for one in case.members] == [Told.NO, Told.NO]
    assert await store.open_case(removing(removed_post(10), origin=1), START) == Opened(2)


@pytest.mark.parametrize(
    "end",
    [
        "done",
        "not done",
        "lost, done",
        "in doubt, done",
        "in doubt, not done",
        "parked",
        "before",
        "before, done",
    ],
)
async def test_reinstating_while_a_post_is_deleted(store: Store, clock: StillClock, end: str) -> None:
    """What goes in spite of it comes back; what proves not to have gone is left alone."""
    await said(store, 10)
    case_id = await open_case(store, clock, removed_post(10))
    (job,) = await jobs_of(store, TAKE_DOWN)
    await claim(store, clock, job)
    if end.startswith("in doubt"):
        await store.doubt(job.id, "reset")
    if end.startswith("before"):
        await store.postpone(job.id, START + MINUTE, "no answer")
    await store.reinstate(case_id, MIA, "a slip", START)
    if end in {"not done", "lost, done"}:
        await store.postpone(job.id, START, "no answer")
    (job,) = await jobs_of(store, TAKE_DOWN)
    assert (job.state is JobState.UNKNOWN) == (end not in {"done", "parked"})  # to be looked for
    match end:
        case "done" | "lost, done" | "before, done":
            await store.settle(job.id, Receipt(10), None)
        case "in doubt, done":
            await store.lost([10], START)
            await store.clear(job.id, START)
        case "parked":
            await store.park(job.id, "forbidden")
        case _:
            await store.clear(job.id, START)

    assert await store.disappeared(START + MINUTE) == ()
    done = [kind for kind, _ in await work_off(store, clock)]
    (post,) = (await known_case(store, case_id)).posts
    if end.endswith("done") and "not" not in end:
        # The entry is written again when there is a notice to link to.
        assert sorted(done) == sorted([ENTER, NOTICE, ENTER, QUOTE])
        assert post.restored_id is not None
    else:
        assert done == [ENTER]
        assert (post.gone_at, post.restored_id) == (None, None)


async def test_reinstating_ends_what_the_case_led_to(store: Store, clock: StillClock) -> None:
    """Its suspension, not that of another case; its strike counts no longer for the next step."""
    twice = (Step(2, timedelta(days=30), timedelta(days=3)),)
    await open_case(store, clock, removed_post(10), steps=twice)
    await open_case(store, clock, removed_post(11), steps=twice)
    await open_case(
        store, clock, kind=CaseKind.SUSPENSION, origin=3, member=(BOB, "B"), suspend=timedelta(days=1)
    )
    await work_off(store, clock)
    assert await store.suspended_until(BOB, START) == START + timedelta(days=3)

    await store.reinstate(2, MIA, "", START)

    assert await store.suspended_until(BOB, START) == START + timedelta(days=1)
    (rights,) = await jobs_of(store, JobKind.RIGHTS)
    assert (rights.state, rights.not_before) == (JobState.PENDING, START)
    member = (await known_case(store, 2)).members[0]
    assert (member.suspended_until, member.lifted_at) == (START + timedelta(days=3), START)
    await open_case(store, clock, removed_post(12), steps=twice)
    assert await store.suspended_until(BOB, START) == START + timedelta(days=3)
