"""What is forgotten, and what a member is given of what is stored about them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.model import (
    CaseKind,
    CaseState,
    EventKind,
    JobKind,
    KeptFile,
    QuoteMode,
    Reacted,
    Receipt,
    Snapshot,
)
from tests.store.samples import (
    ALICE,
    BOB,
    CAROL,
    MIA,
    MINUTE,
    STORY,
    THREAD,
    claim,
    jobs_of,
    known_case,
    open_case,
    opened,
    perform,
    quotation,
    quoted,
    removed_post,
    said,
    wish,
    work_off,
)
from tests.support import START

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store import Store
    from tests.store.conftest import Rows
    from tests.support import StillClock

DAY = timedelta(days=1)
FILES = (KeptFile("a.txt", 3, "1/10-1"), KeptFile("big.mp4", 10**9))


@pytest.fixture(autouse=True)
async def thread(store: Store, clock: StillClock) -> None:
    await opened(store, clock)


async def a_past(store: Store, clock: StillClock) -> None:
    """Bob's posts were removed and reported, he quoted and was quoted, appealed, reported, and may not post."""
    await said(store, 10)
    await open_case(
        store,
        clock,
        removed_post(10, snapshot=Snapshot("> said\nbobs words", "bobs words", FILES)),
        removed_post(
            11,
            CAROL,
            snapshot=Snapshot("> bobs secret\nanswer", "answer", quotes=(quotation(10, "bobs secret"),)),
        ),
        suspend=DAY,
    )
    await work_off(store, clock)
    await store.appeal(1, BOB, "bobs appeal", START)
    await store.note_case(1, MIA, "a note", START)
    await store.report(12, THREAD, STORY, (BOB, "bobs name"), "bobs excerpt", ALICE, "rude", START)
    await store.report(13, THREAD, STORY, (CAROL, "Carol"), "hers", BOB, "bobs report", START)
    await store.collect(BOB, THREAD, quotation(40), START, START, 9)
    await store.prefer(BOB, QuoteMode.OFF)
    await work_off(store, clock)


async def test_erasing_a_member(store: Store, clock: StillClock, rows: Callable[[str], Rows]) -> None:
    """Nothing of moderation names them or has their words, but for the suspension that runs; the log follows."""
    await a_past(store, clock)
    await said(store, 14)
    await store.lost([14], START)

    assert await store.erase(BOB, START) == ("1/10-1",)

    case = await known_case(store, 1)
    assert (case.reason, case.rule_title, case.state) == (
        "claimed a member was paid to post",
        "No accusations",
        CaseState.STANDING,
    )
    assert case.posts[0] == removed_post(
        10, None, snapshot=None, name="", avatar="", files_kept=True, gone_at=START
    )
    assert case.posts[1].snapshot == Snapshot(
        "answer", "answer", quotes=(quotation(10, "", author_id=0, name=""),)
    )
    assert [one.member_id for one in case.members] == [CAROL]
    assert [(one.kind, one.by) for one in case.events] == [
        (EventKind.APPEALED, 0),
        (EventKind.NOTED, MIA),
        (EventKind.ERASED, 0),
    ]
    assert await store.strikes(BOB) == ()
    assert await store.suspended_until(BOB, START) == START + DAY
    for table, told in {
        "case_post": "name || searchable || coalesce(snapshot, '')",
        "case_member": "name || coalesce(appeal, '')",
        "case_event": "text",
        "report": "name || excerpt",
        "disappeared": "author_id",
        "basket": "member_id",
        "preference": "member_id",
        "report_by": "coalesce(member_id, 0)",
    }.items():
        found = rows(f"SELECT {told} FROM {table}")
        assert not any("bob" in str(value) or value == BOB for (value,) in found), table
    assert rows(f"SELECT kind, state FROM job WHERE subject_id = {BOB}") == [("rights", "pending")]
    assert sorted(kind for kind, _ in await work_off(store, clock)) == ["enter", "report", "report"]
    assert await store.erase(BOB, START) == ()
    assert (await known_case(store, 1)).events == case.events


async def test_the_suspension_of_who_was_erased_is_forgotten_at_its_end(
    store: Store, clock: StillClock
) -> None:
    """Not before Discord knows that it is over."""
    await open_case(store, clock, kind=CaseKind.SUSPENSION, member=(BOB, "Bob"), suspend=DAY)
    await work_off(store, clock)
    await store.erase(BOB, START)
    clock.advance(DAY.total_seconds())
    assert await store.suspended_at_most(BOB) == START + DAY
    (job,) = await jobs_of(store, JobKind.RIGHTS)
    await perform(store, clock, job)

    await store.expire(START - DAY, clock.now())

    assert await store.suspended_at_most(BOB) is None


async def test_erasing_while_a_case_is_carried_out(store: Store, clock: StillClock) -> None:
    """The posts go, the thread is given its notice; nobody is told, whatever was on its way."""
    await open_case(store, clock, removed_post(10), removed_post(11, CAROL))
    await store.erase(BOB, START)
    await work_off(store, clock, JobKind.TELL, JobKind.ENTER)
    (telling,) = await jobs_of(store, JobKind.TELL)
    assert telling.subject_id == CAROL
    await claim(store, clock, telling)
    await store.erase(CAROL, START)

    await store.settle(telling.id, Receipt(50), None)

    case = await known_case(store, 1)
    assert (case.state, case.members) == (CaseState.STANDING, ())
    assert all(one.gone_at for one in case.posts)
    assert await store.reinstate(1, MIA, "", START)
    assert await jobs_of(store, JobKind.QUOTE) == []


@pytest.mark.parametrize("kind", [JobKind.ENTER, JobKind.REPORT])
@pytest.mark.parametrize("under_way", [True, False])
async def test_erasing_while_it_is_entered_into_the_log(
    store: Store, clock: StillClock, kind: JobKind, *, under_way: bool
) -> None:
    """What is on its way shows what was known before, and is written anew; what is still to come need not be."""
    await said(store, 10)
    if kind is JobKind.ENTER:
        await open_case(store, clock, removed_post(10), kind=CaseKind.OUTSIDE, tell=False)
    else:
        await store.report(10, THREAD, STORY, (BOB, "bobs name"), "bobs excerpt", ALICE, "rude", START)
    (job,) = await jobs_of(store, kind)
    if under_way:
        await claim(store, clock, job)

    await store.erase(BOB, START)

    if under_way:
        await store.settle(job.id, Receipt(50), None)
    assert [done for done, _ in await work_off(store, clock, JobKind.NOTICE)] == [kind]


async def test_expiring(store: Store, clock: StillClock) -> None:
    """Cases that are older lose words, files and appeals; who got a strike stays. The log follows, once."""
    await a_past(store, clock)
    clock.advance(60)
    await open_case(store, clock, removed_post(20, snapshot=Snapshot("x", "x", FILES)))
    assert await store.expire(START, clock.now()) == ()

    assert await store.expire(START + MINUTE, clock.now()) == ("1/10-1",)
    assert await store.expire(START + MINUTE, clock.now()) == ()

    case = await known_case(store, 1)
    assert [(one.snapshot, one.name, one.author_id) for one in case.posts] == [
        (None, "", BOB),
        (None, "", CAROL),
    ]
    assert [(one.appeal, one.strike) for one in case.members] == [(None, True), (None, True)]
    assert not await store.appeal(1, BOB, "again", START)
    assert [one.kind for one in case.events] == [EventKind.APPEALED, EventKind.NOTED, EventKind.ERASED]
    report = await store.report_of(12)
    assert report is not None
    assert (report.excerpt, report.author_id) == ("", BOB)
    young = (await known_case(store, 2)).posts[0]
    assert young.snapshot is not None
    done = await work_off(store, clock, JobKind.TAKE_DOWN)
    assert sorted(done) == [("enter", None), ("report", 12), ("report", 13)]


async def test_what_is_carried_out_is_kept(store: Store, clock: StillClock) -> None:
    await open_case(store, clock, removed_post(10))

    assert await store.expire(START + DAY, START + DAY) == ()

    assert (await known_case(store, 1)).posts[0].snapshot is not None


async def test_export(store: Store, clock: StillClock) -> None:
    """All about a member and nothing about others, as JSON; ids as text, for they are larger than JSON's numbers."""
    await quoted(store, clock, 40, wish(30, quotation(10, "bobs secret"), author_id=CAROL))
    await a_past(store, clock)
    await store.react(STORY, Reacted(40, BOB, "👍"), START, frozenset(), None, MINUTE)

    told = json.loads(json.dumps(await store.export(BOB)))

    assert told["member"] == str(BOB)
    assert [one["text"] for one in told["quotes of your posts"]] == [""], "lost with its source"
    assert [one["message"] for one in told["reactions"]] == ["40"]
    (case,) = told["cases"]
    assert (case["appeal"], case["strike"]) == ("bobs appeal", True)
    (post,) = case["posts"]
    assert (post["message"], post["words"]) == ("10", "bobs words")
    assert post["files"] == [
        {"name": "a.txt", "size": 3, "kept": True},
        {"name": "big.mp4", "size": 10**9, "kept": False},
    ]
    assert [one["until"] for one in told["suspensions"]] == [(START + DAY).isoformat()]
    assert [one["reason"] for one in told["reports by you"]] == ["bobs report"]
    assert [one["excerpt"] for one in told["your posts that were reported"]] == ["bobs excerpt"]
    assert told["preferences"] == [{"what becomes of your replies": "off"}]
    said_of_others = json.dumps(told)
    for others in (str(ALICE), str(CAROL), str(MIA), "a note", "answer", "Carol"):
        assert others not in said_of_others
    assert [one["case"] for one in (await store.export(MIA))["cases that you opened as a moderator"]] == ["1"]


async def test_what_we_made_for_a_member(store: Store, clock: StillClock) -> None:
    """What is posted and what is to be; not what they wrote themselves, and not what is deleted."""
    posted = await quoted(store, clock, 40, wish(None, quotation(10)))
    waiting = await store.contribute(wish(None, quotation(10), origin=901), START)
    deleted = await store.contribute(wish(None, quotation(10), origin=902), START)
    assert deleted is not None
    await store.take_back(deleted, START)
    await said(store, 50, ALICE)

    assert await store.made_for(ALICE) == (posted, waiting)
