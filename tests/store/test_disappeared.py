"""Posts that somebody deleted: remembered until it is known who, and no longer than a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.model import CaseKind, Disappeared, JobKind, Made, QuoteMode, Receipt
from tests.store.samples import (
    ALICE,
    MINUTE,
    STORY,
    THREAD,
    claim,
    jobs_of,
    open_case,
    opened,
    perform,
    quotation,
    quoted,
    quoting_job,
    removed_post,
    said,
    wish,
    work_off,
)
from tests.support import START

if TYPE_CHECKING:
    from bot.store import Store
    from tests.support import StillClock

LATER = START + MINUTE


@pytest.fixture(autouse=True)
async def thread(store: Store, clock: StillClock) -> None:
    await opened(store, clock)
    await said(store, 10)


async def gone(store: Store) -> list[int]:
    return [one.message_id for one in await store.disappeared(LATER)]


async def test_a_deleted_post(store: Store, clock: StillClock) -> None:
    """With its words, where we made it; in the order in which they went, and not again when told again."""
    await quoted(store, clock, 40, wish(30, quotation(10)))
    await store.lost([40], START)
    await store.lost([10], START + timedelta(seconds=1))
    await store.lost([10, 40], START + timedelta(seconds=2))

    assert await store.disappeared(START + timedelta(seconds=1)) == (
        Disappeared(40, THREAD, STORY, ALICE, 77, Made.WEBHOOK, START, START, "answer"),
    )
    assert await gone(store) == [40, 10]
    await store.settle_disappeared([40])
    assert await gone(store) == [10]


async def test_what_nobody_need_look_for(store: Store, clock: StillClock) -> None:
    """Replies that we replaced, what we delete ourselves or for its author, messages that are nobody's or unknown."""
    await quoted(store, clock, 40, wish(30, quotation(10)))
    await store.lost([30], START)
    taken_back = await quoted(store, clock, 41, wish(None, quotation(10), origin=901))
    await store.take_back(taken_back, START)
    (deleting,) = await jobs_of(store, JobKind.DELETE)
    await claim(store, clock, deleting)
    await store.lost([41], START)
    await store.settle(deleting.id, Receipt(), None)
    await store.saw_post(STORY, THREAD, 50, None, Made.WEBHOOK, START, 77)
    await store.lost([50, 99], START)

    assert await gone(store) == []


async def test_what_goes_with_a_reply(store: Store, clock: StillClock) -> None:
    """The post beside it is deleted by us: the reply alone is somebody's doing."""
    await said(store, 30, ALICE)
    await quoted(store, clock, 40, wish(30, quotation(10), mode=QuoteMode.COMPANION), None)

    await store.lost([30], START)
    await store.lost([40], START)

    assert await gone(store) == [30]


async def test_what_a_case_deletes(store: Store, clock: StillClock) -> None:
    """Also through the post that has taken its place, and when the case was undone in that moment."""
    await store.contribute(wish(30, quotation(10)), START)
    quoting = await quoting_job(store, clock)
    await open_case(store, clock, removed_post(10), removed_post(30, ALICE))
    await store.settle(quoting.id, Receipt(40, webhook_id=77, words="answer"), None)
    (job,) = await jobs_of(store, JobKind.TAKE_DOWN)
    await perform(store, clock, job)
    (job,) = await jobs_of(store, JobKind.TAKE_DOWN)
    await claim(store, clock, job)
    await store.reinstate(1, 1, "", START)

    await store.lost([10, 30, 40], START)

    assert await gone(store) == []


async def test_a_post_that_a_case_left_alone(store: Store, clock: StillClock) -> None:
    """Who deletes it after that is looked for like any other."""
    await open_case(store, clock, removed_post(10))
    await store.reinstate(1, 1, "", START)

    await store.lost([10], START)

    assert await gone(store) == [10]


@pytest.mark.parametrize("tried", ["never", "without success", "perhaps", "now"])
async def test_a_post_that_a_case_was_to_delete(store: Store, clock: StillClock, tried: str) -> None:
    """Another hand was first, which the audit log counts; unless our own deletion may have come that far."""
    await open_case(store, clock, removed_post(10))
    (job,) = await jobs_of(store, JobKind.TAKE_DOWN)
    if tried != "never":
        await claim(store, clock, job)
    if tried == "without success":
        await store.postpone(job.id, LATER, "no answer")
    if tried == "perhaps":
        await store.doubt(job.id, "cut off")

    await store.lost([10], START)

    assert await gone(store) == ([10] if tried in {"never", "without success"} else [])


async def test_a_case_about_it_ends_the_search(store: Store, clock: StillClock) -> None:
    """Not one that is to remove it, as of several that were chosen before it went: another hand was first."""
    await said(store, 11)
    await store.lost([10, 11], START)
    await open_case(store, clock, removed_post(11))
    assert await gone(store) == [10, 11]
    await store.settle_disappeared([11])
    await work_off(store, clock)

    await open_case(store, clock, removed_post(10, gone_at=START), kind=CaseKind.OUTSIDE)

    assert await gone(store) == []
    assert JobKind.TAKE_DOWN not in [kind for kind, _ in await work_off(store, clock)]


async def test_it_is_forgotten_after_a_day(store: Store) -> None:
    await store.lost([10], START)

    await store.lost([99], START + timedelta(days=1, seconds=1))

    assert await gone(store) == []


async def test_audit_counts(store: Store) -> None:
    """The newest count of each entry, for two days from when it was last seen."""
    await store.audited({1: 1, 2: 5}, START)
    await store.audited({2: 6}, START + timedelta(days=2))
    assert await store.audit_counts() == {1: 1, 2: 6}

    await store.audited({}, START + timedelta(days=2, seconds=1))

    assert await store.audit_counts() == {2: 6}
