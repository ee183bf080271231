"""Reports: one a post, however many members report it, and one entry in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.model import JobKind, Receipt, ReportState
from tests.store.samples import (
    ALICE,
    BOB,
    CAROL,
    MIA,
    STORY,
    THREAD,
    claim,
    jobs_of,
    open_case,
    opened,
    perform,
    quotation,
    quoting_job,
    removed_post,
    said,
    wish,
    work_off,
)
from tests.support import START

if TYPE_CHECKING:
    from bot.model import Report
    from bot.store import Store
    from tests.support import StillClock

REPORT = JobKind.REPORT


@pytest.fixture(autouse=True)
async def thread(store: Store, clock: StillClock) -> None:
    await opened(store, clock)
    await said(store, 10)


async def report(store: Store, by: int, message_id: int = 10, reason: str = "rude") -> tuple[Report, bool]:
    return await store.report(message_id, THREAD, STORY, (BOB, "Bob"), "He was paid.", by, reason, START)


async def test_several_reports_are_one(store: Store, clock: StillClock) -> None:
    """Each member once; the entry is written, then edited."""
    first, new = await report(store, ALICE)
    assert (new, first.state, first.by) == (True, ReportState.OPEN, ((ALICE, "rude", START),))
    (job,) = await jobs_of(store, REPORT)
    assert (job.subject_id, job.lane, job.story.id) == (10, "log", STORY)
    await perform(store, clock, job, 50)

    second, new = await report(store, CAROL, reason="a lie")
    assert new
    assert second.by == ((ALICE, "rude", START), (CAROL, "a lie", START))
    assert (await report(store, ALICE, reason="still")) == (second, False)

    assert second.log_id == 50
    assert await store.report_of(10) == await store.report_by_token(second.token) == second
    assert await work_off(store, clock) == [(REPORT, 10)]
    assert await store.report_of(11) is None


async def test_dismissing(store: Store, clock: StillClock) -> None:
    """It stays dismissed, also when others report the post."""
    await report(store, ALICE)
    await work_off(store, clock)

    assert await store.dismiss(10, MIA, START)
    assert not await store.dismiss(10, MIA, START)
    assert not await store.dismiss(11, MIA, START)

    again, new = await report(store, CAROL)
    assert (new, again.state, again.decided_by) == (True, ReportState.DISMISSED, MIA)
    assert await work_off(store, clock) == [(REPORT, 10)]


async def test_removing_a_reported_post(store: Store, clock: StillClock) -> None:
    """Its report is dealt with; a post that stays, for the case is undone, may be reported anew."""
    await report(store, ALICE)
    await work_off(store, clock)
    case_id = await open_case(store, clock, removed_post(10))

    found = await store.report_of(10)
    assert found is not None
    assert (found.state, found.case_id, found.decided_by) == (ReportState.REMOVED, case_id, MIA)
    assert len(await jobs_of(store, REPORT)) == 1
    assert (await report(store, CAROL))[0].state is ReportState.REMOVED
    await store.reinstate(case_id, MIA, "", START)
    anew, new = await report(store, CAROL)
    assert (new, anew.state, anew.case_id) == (False, ReportState.OPEN, None)


async def test_a_reported_reply_that_is_replaced(store: Store, clock: StillClock) -> None:
    """The report is about what has taken its place, whichever of the two is named."""
    await store.contribute(wish(30, quotation(10)), START)
    quoting = await quoting_job(store, clock)
    await report(store, CAROL, 30)
    (entry,) = await jobs_of(store, REPORT)
    await claim(store, clock, entry)
    await store.settle(quoting.id, Receipt(40, webhook_id=77, words="answer"), None)
    await store.settle(entry.id, Receipt(50), None)

    found = await store.report_of(30)

    assert found is not None
    assert (found.message_id, found.log_id) == (40, 50)
    assert (await report(store, MIA, 30))[0].by[-1][0] == MIA
    await open_case(store, clock, removed_post(30, ALICE))
    found = await store.report_of(40)
    assert found is not None
    assert found.state is ReportState.REMOVED


@pytest.mark.parametrize("dealt_with", [True, False])
async def test_an_entry_that_a_person_deleted(store: Store, clock: StillClock, dealt_with: bool) -> None:
    """It is written anew when another member reports a post that nobody has dealt with."""
    first, _ = await report(store, ALICE)
    await work_off(store, clock)
    if dealt_with:
        await store.dismiss(10, MIA, START)
    else:
        await report(store, CAROL)
    (job,) = await jobs_of(store, REPORT)
    await claim(store, clock, job)

    await store.removed(job.id, "it was deleted")

    found = await store.report_of(10)
    assert found is not None
    assert found.log_id is None
    assert found.token != first.token
    assert len(await jobs_of(store, REPORT)) == (not dealt_with)
