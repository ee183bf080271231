"""Quotes stay true: they follow their source's edits, and lose their words with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.model import JobKind, JobState, QuoteMode, Receipt
from tests.store.conftest import Rows
from tests.store.samples import (
    BOB,
    CAROL,
    MINUTE,
    PAUSE,
    STORY,
    THREAD,
    claim,
    jobs_of,
    opened,
    quotation,
    quoted,
    quoting_job,
    said,
    wish,
)
from tests.support import START, StillClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store import Store

SOURCE = 10


@pytest.fixture(autouse=True)
async def story(store: Store, clock: StillClock) -> None:
    await opened(store, clock)


async def texts(store: Store, post_id: int) -> list[str]:
    details = await store.post_by_id(post_id)
    assert details is not None
    return [one.quotation.text for one in details.quotes]


async def test_who_quotes(store: Store, clock: StillClock) -> None:
    """Quotes of a message, in posts that are made and to be made; posts only once they are there."""
    first = await quoted(store, clock, 40, wish(None, quotation(SOURCE), quotation(11), origin=1))
    clock.advance(60)
    second = await quoted(store, clock, 41, wish(None, quotation(SOURCE), origin=2))
    third = await store.contribute(wish(None, quotation(SOURCE), origin=3), START)

    assert [one.post_id for one in await store.quotes_of(SOURCE)] == [first, second, third]
    quoting = await store.quoted_by(SOURCE)
    assert [one.post.id for one in quoting] == [first, second]
    assert [one.quotation.source_id for one in quoting[0].quotes] == [SOURCE, 11]
    await store.lost([41], START)
    assert [one.post.id for one in await store.quoted_by(SOURCE)] == [first]
    assert [one.post_id for one in await store.quotes_of(SOURCE)] == [first, third]
    assert await store.quoted_by(12) == ()


async def test_edited_source(store: Store, clock: StillClock) -> None:
    """One edit of each quoting post, however many of its quotes changed; none where none did."""
    both = await quoted(store, clock, 40, wish(None, quotation(SOURCE, "a"), quotation(11, "b"), origin=1))
    await quoted(store, clock, 41, wish(None, quotation(SOURCE, "same"), origin=2))
    first, second, third = (
        *(await store.quotes_of(SOURCE))[:1],
        *await store.quotes_of(11),
        *(await store.quotes_of(SOURCE))[1:],
    )

    changes = {first.id: "A", second.id: "B", third.id: "same", 99: "nothing"}
    assert await store.requote(changes, START) == 1
    assert await store.requote(changes, START) == 0

    assert await texts(store, both) == ["A", "B"]
    (job,) = await jobs_of(store, JobKind.REQUOTE)
    assert job.post_id == both


async def test_edits_are_gathered(store: Store, clock: StillClock) -> None:
    """An edit that waits, or is in doubt, brings the newest text; one under way is followed by another."""
    await quoted(store, clock, 40, wish(None, quotation(SOURCE, "1")))
    (quote,) = await store.quotes_of(SOURCE)
    assert await store.requote({quote.id: "2"}, START) == 1
    assert await store.requote({quote.id: "3"}, START) == 0
    (job,) = await jobs_of(store, JobKind.REQUOTE)
    await claim(store, clock, job)
    await store.doubt(job.id, "reset")
    assert await store.requote({quote.id: "4"}, START) == 0
    await claim(store, clock, job)
    assert await store.requote({quote.id: "5"}, START) == 1


@pytest.mark.parametrize("doubted", [True, False])
@pytest.mark.parametrize("change", ["edited", "lost"])
async def test_source_changes_while_the_post_is_sent(
    store: Store, clock: StillClock, change: str, doubted: bool
) -> None:
    """What was sent has the former words: it is edited once it is known to be there."""
    post_id = await store.contribute(wish(None, quotation(SOURCE, "old")), START)
    assert post_id is not None
    job = await quoting_job(store, clock)
    if doubted:
        await store.doubt(job.id, "reset")
    (quote,) = await store.quotes_of(SOURCE)
    if change == "edited":
        assert await store.requote({quote.id: "new"}, START) == 1
    else:
        assert await store.lost([SOURCE], START) == 1
    assert [one.id for one in await store.next_jobs()] == [job.id]

    await store.settle(job.id, Receipt(40, webhook_id=77), None)

    (edit,) = await store.next_jobs()
    assert (edit.kind, edit.post_id) == (JobKind.REQUOTE, post_id)
    assert await texts(store, post_id) == ["new" if change == "edited" else ""]


async def test_source_changes_before_the_post_is_sent(store: Store, clock: StillClock) -> None:
    """It is sent with the newest words and needs no edit, also when an attempt proves to have done nothing."""
    post_id = await store.contribute(wish(None, quotation(SOURCE, "1")), START)
    assert post_id is not None
    (quote,) = await store.quotes_of(SOURCE)
    assert await store.requote({quote.id: "2"}, START) == 0
    job = await quoting_job(store, clock)
    assert await store.requote({quote.id: "3"}, START) == 1
    await store.postpone(job.id, START, "429")

    job = await quoting_job(store, clock)
    await store.settle(job.id, Receipt(40, webhook_id=77), None)

    assert await texts(store, post_id) == ["3"]
    assert await store.next_jobs() == ()


async def test_lost_source(store: Store, clock: StillClock, rows: Callable[[str], Rows]) -> None:
    """Every quote of it loses its words, in one transaction, and every post with one is edited; once."""
    first = await quoted(
        store, clock, 40, wish(None, quotation(SOURCE, "secret"), quotation(11, "b"), origin=1)
    )
    second = await quoted(store, clock, 41, wish(None, quotation(SOURCE, "secret"), origin=2))
    pending = await store.contribute(wish(None, quotation(SOURCE, "secret"), origin=3), START)
    assert pending is not None
    await store.collect(CAROL, THREAD, quotation(SOURCE, "secret"), START, START, 5)

    assert await store.lost([SOURCE], START + MINUTE) == 2
    assert await store.lost([SOURCE], START + 2 * MINUTE) == 0

    assert [await texts(store, one) for one in (first, second, pending)] == [["", "b"], [""], [""]]
    details = await store.post_by_id(first)
    assert details is not None
    assert [one.lost_at for one in details.quotes] == [START + MINUTE, None]
    assert await store.quotes_of(SOURCE) == ()
    assert await store.basket(CAROL, THREAD, START) == ()
    assert rows("SELECT post_id FROM job WHERE kind = 'requote' ORDER BY id") == [(first,), (second,)]
    assert rows("SELECT count(*) FROM quote WHERE text = 'secret'") == [(0,)]


async def test_lost_stays_lost(store: Store, clock: StillClock) -> None:
    """An edit told after the deletion brings nothing back; a source that is gone is lost from the start."""
    await quoted(store, clock, 40, wish(None, quotation(SOURCE, "secret"), origin=1))
    (quote,) = await store.quotes_of(SOURCE)
    await store.lost([SOURCE], START)
    await store.requote({quote.id: "secret"}, START)
    late = await store.contribute(
        wish(None, quotation(SOURCE, "secret"), quotation(11, "b"), origin=2), START
    )
    assert late is not None

    assert await texts(store, late) == ["", "b"]
    assert await store.quotes_of(SOURCE) == ()
    details = await store.post(40)
    assert details is not None
    assert details.quotes[0].quotation.text == ""


async def test_source_and_quoting_post_lost_together(store: Store, clock: StillClock) -> None:
    """Of a bulk deletion nothing is edited that is gone itself, and what waited for it is withdrawn."""
    post_id = await quoted(store, clock, 40, wish(None, quotation(SOURCE, "a")))
    await store.rewrite(post_id, "b", START)
    await store.take_back(post_id, START)

    assert await store.lost([SOURCE, 40], START) == 0

    assert await store.next_jobs() == ()
    assert (await store.overview()).jobs[JobState.PENDING] == 0


async def test_edit_of_a_post_that_proves_gone(store: Store, clock: StillClock) -> None:
    """Discord does not know the post any more: it is lost, with all that means."""
    await quoted(store, clock, 40, wish(None, quotation(SOURCE, "a"), origin=1))
    second = await quoted(store, clock, 41, wish(None, quotation(40, "answer"), origin=2))
    await store.lost([SOURCE], START)
    (edit,) = await jobs_of(store, JobKind.REQUOTE)
    await claim(store, clock, edit)

    await store.removed(edit.id, "unknown message")

    details = await store.post(40)
    assert details is not None
    assert details.post.deleted_at == START
    (other,) = await jobs_of(store, JobKind.REQUOTE)
    assert other.post_id == second


async def test_deletion_is_told_in_the_opening_post(store: Store) -> None:
    """Counts and recommendations that go with a post are a reason to revise; other deletions are not."""
    for message_id in (10, 11, 12):
        await said(store, message_id)
    assert await store.lost([12, 99], START) == 0
    assert await jobs_of(store, JobKind.REVISE) == []
    await store.recommend(10, CAROL, START)
    (job,) = await jobs_of(store, JobKind.REVISE)
    await store.settle(job.id, Receipt(), None)

    assert await store.lost([10], START) == 1

    (job,) = await jobs_of(store, JobKind.REVISE)
    assert job.not_before == START + PAUSE
    assert job.story.id == STORY


async def test_many_at_once(store: Store, clock: StillClock) -> None:
    """A thread of a thousand quotes of one post, and the deletion of a thousand posts, are each one call."""
    many = [quotation(SOURCE) for _ in range(1000)]
    await quoted(store, clock, 40, wish(None, *many))
    assert await store.requote({one.id: "new" for one in await store.quotes_of(SOURCE)}, START) == 1
    assert await store.lost(range(1, 1001), START) == 0
    details = await store.post(40)
    assert details is not None
    assert details.post.deleted_at == START


# --- baskets ---


async def test_basket(store: Store) -> None:
    """In the order chosen; for each member and thread; a second choice of a post takes the first one's place."""
    first, second = quotation(10, "a"), quotation(11, "b", thread_id=6001, picked=True)
    assert await store.collect(CAROL, THREAD, second, START, START, 5) == (second,)
    assert await store.collect(CAROL, THREAD, first, START, START, 5) == (second, first)
    again = quotation(11, "only this", picked=True)
    assert await store.collect(CAROL, THREAD, again, START, START, 5) == (again, first)
    assert await store.basket(CAROL, THREAD, START) == (again, first)
    assert await store.basket(CAROL, 6001, START) == await store.basket(BOB, THREAD, START) == ()

    await store.empty_basket(BOB, THREAD)
    assert len(await store.basket(CAROL, THREAD, START)) == 2
    await store.empty_basket(CAROL, THREAD)
    assert await store.basket(CAROL, THREAD, START) == ()


async def test_full_basket(store: Store) -> None:
    """One more than fits is not put in; a post that is in it already can be chosen anew."""
    held = await store.collect(CAROL, THREAD, quotation(10), START, START, 1)
    assert await store.collect(CAROL, THREAD, quotation(11), START, START, 1) == held
    assert await store.collect(CAROL, THREAD, quotation(10, "new"), START, START, 1) == (
        quotation(10, "new"),
    )


async def test_basket_expires(store: Store) -> None:
    """What was put in long ago is not shown, and gone with the next choice."""
    await store.collect(CAROL, THREAD, quotation(10), START, START, 1)
    later = START + MINUTE
    assert await store.basket(CAROL, THREAD, later) == ()
    assert await store.collect(CAROL, THREAD, quotation(11), later, later, 1) == (quotation(11),)
    assert await store.basket(CAROL, THREAD, START) == (quotation(11),)


async def test_basket_stays_true(store: Store) -> None:
    """It follows edits but for what was picked by hand; a deleted post is not put in."""
    await store.collect(CAROL, THREAD, quotation(10, "old"), START, START, 5)
    await store.collect(BOB, THREAD, quotation(10, "part", picked=True), START, START, 5)
    assert [await store.rebasket(10, "new") for _ in range(2)] == [1, 0]
    assert await store.basket(CAROL, THREAD, START) == (quotation(10, "new"),)
    assert await store.basket(BOB, THREAD, START) == (quotation(10, "part", picked=True),)
    await store.lost([11], START)
    assert await store.collect(CAROL, THREAD, quotation(11), START, START, 5) == (quotation(10, "new"),)


async def test_preferences(store: Store) -> None:
    """A member's choice, changed and taken back."""
    assert await store.quote_mode(CAROL) is None
    for mode in (QuoteMode.OFF, QuoteMode.COMPANION, QuoteMode.COMPANION, None, None):
        await store.prefer(CAROL, mode)
        assert await store.quote_mode(CAROL) is mode
    assert await store.quote_mode(BOB) is None
