"""Strikes and posting rights: what leads to a suspension, and that it ends by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.model import CaseKind, EventKind, JobKind, Receipt, Step, Strike, Suspension
from tests.store.samples import (
    BOB,
    CAROL,
    MIA,
    claim,
    jobs_of,
    known_case,
    open_case,
    opened,
    perform,
    removed_post,
    work_off,
)
from tests.support import START

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import Job
    from bot.store import Store
    from tests.support import StillClock

DAY = timedelta(days=1)
STEPS = (Step(2, 7 * DAY, DAY), Step(3, 30 * DAY, 3 * DAY), Step(3, 90 * DAY, 2 * DAY))


@pytest.fixture(autouse=True)
async def thread(store: Store, clock: StillClock) -> None:
    await opened(store, clock)


async def rights(store: Store) -> Job:
    (job,) = await jobs_of(store, JobKind.RIGHTS)
    return job


async def suspend(store: Store, clock: StillClock, span: timedelta, origin: int = 3) -> int:
    return await open_case(
        store, clock, kind=CaseKind.SUSPENSION, origin=origin, member=(BOB, "Bob"), suspend=span, strike=False
    )


async def test_strikes_lead_to_suspensions(store: Store, clock: StillClock) -> None:
    """So many within so long; of several steps the longest; each author by their own strikes."""
    await open_case(store, clock, removed_post(10), steps=STEPS)
    assert await store.suspensions(BOB) == ()
    clock.advance(8 * DAY.total_seconds())
    await open_case(store, clock, removed_post(11), removed_post(12), removed_post(13, CAROL), steps=STEPS)
    assert await store.suspensions(BOB) == (), "the first is too old, and two posts of a case are one strike"
    clock.advance(DAY.total_seconds())
    now = clock.now()

    third = await open_case(store, clock, removed_post(14), steps=STEPS)

    assert await store.suspensions(BOB) == (Suspension(BOB, third, now, now + 3 * DAY),)
    assert await store.suspensions(CAROL) == ()
    assert (await known_case(store, third)).members[0].suspended_until == now + 3 * DAY
    assert await store.strikes(BOB) == (
        Strike(3, now, "No accusations", counts=True),
        Strike(2, now - DAY, "No accusations", counts=True),
        Strike(1, START, "No accusations", counts=True),
    )


async def test_a_removal_without_strike_leads_to_nothing(store: Store, clock: StillClock) -> None:
    for number in (10, 11, 12):
        await open_case(store, clock, removed_post(number), steps=STEPS, strike=False)

    assert await store.strikes(BOB) == ()
    assert await jobs_of(store, JobKind.RIGHTS) == []


async def test_a_suspension_ends_by_itself(store: Store, clock: StillClock) -> None:
    """The job that begins it writes the one that ends it; then there is none any more."""
    await suspend(store, clock, DAY)
    job = await rights(store)
    assert (job.subject_id, job.not_before) == (BOB, START)
    await perform(store, clock, job)
    job = await rights(store)
    assert job.not_before == START + DAY
    assert await store.suspended_until(BOB, START) == START + DAY

    clock.advance(DAY.total_seconds())
    assert await store.suspended_until(BOB, clock.now()) is None
    await perform(store, clock, job)

    assert await jobs_of(store, JobKind.RIGHTS) == []
    assert await store.suspended_at_most(BOB) == START + DAY


async def test_a_long_suspension_is_renewed(store: Store, clock: StillClock) -> None:
    """Before Discord's own limit of 28 days, until it ends."""
    await suspend(store, clock, 60 * DAY)
    due: list[datetime] = []
    while jobs := await jobs_of(store, JobKind.RIGHTS):
        due.append(jobs[0].not_before)
        clock.advance((due[-1] - clock.now()).total_seconds())
        await perform(store, clock, jobs[0])

    assert due == [START, START + 27 * DAY, START + 54 * DAY, START + 60 * DAY]


async def test_one_that_comes_while_rights_are_set(store: Store, clock: StillClock) -> None:
    """They are set again at once; one that waits for later is due now."""
    await suspend(store, clock, DAY)
    job = await claim(store, clock, await rights(store))
    await suspend(store, clock, 2 * DAY, origin=4)
    await store.settle(job.id, Receipt(), None)
    assert (await rights(store)).not_before == START
    await perform(store, clock, await rights(store))
    assert (await rights(store)).not_before == START + 2 * DAY

    await suspend(store, clock, 3 * DAY, origin=5)

    assert (await rights(store)).not_before == START


async def test_lifting(store: Store, clock: StillClock) -> None:
    """All that run end; their cases and the log tell of it, once."""
    await suspend(store, clock, DAY)
    await suspend(store, clock, 2 * DAY, origin=4)
    await work_off(store, clock)

    assert await store.lift(BOB, MIA, "talked to him", START) == 2
    assert await store.lift(BOB, MIA, "talked to him", START) == 0

    assert await store.suspended_until(BOB, START) is None
    assert (await rights(store)).not_before == START
    case = await known_case(store, 2)
    assert (case.events[-1].kind, case.events[-1].text) == (EventKind.LIFTED, "talked to him")
    assert [one.lifted_by for one in await store.suspensions(BOB)] == [MIA, MIA]
    done = [kind for kind, _ in await work_off(store, clock)]
    assert sorted(done) == [JobKind.ENTER, JobKind.ENTER, JobKind.RIGHTS]
    assert await jobs_of(store, JobKind.RIGHTS) == []


async def test_a_refused_change_of_rights_is_tried_with_the_next(store: Store, clock: StillClock) -> None:
    await suspend(store, clock, DAY)
    refused = await rights(store)
    await store.park(refused.id, "the bot's role is too low")

    await store.lift(BOB, MIA, "", START)

    assert (await rights(store)).id != refused.id
