"""Messages of mirrored threads: told of in any order, any number of times."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from bot.model import JobKind, Made, Post, PostDetails, Receipt
from tests.store.conftest import Rows
from tests.store.samples import (
    ALICE,
    BOB,
    CAROL,
    MINUTE,
    STORY,
    THREAD,
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

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
async def story(store: Store, clock: StillClock) -> None:
    await opened(store, clock)


async def test_seen(store: Store) -> None:
    """A message is known by its id; what is known first stands."""
    await said(store, 10)
    await store.saw_post(STORY, THREAD, 10, CAROL, Made.BOT, START, 7)

    details = await store.post(10)

    at = START - timedelta(hours=1)
    assert details == PostDetails(Post(1, STORY, THREAD, 10, BOB, Made.NATIVE, at))
    assert details == await store.post_by_id(1)
    assert await store.post(11) is None
    assert await store.post_by_id(11) is None


async def test_deleted_before_it_was_seen(store: Store) -> None:
    """MESSAGE_DELETE before MESSAGE_CREATE: it stays deleted, whoever wrote it."""
    await store.lost([10], START)
    assert await store.post(10) is None

    for _ in range(2):
        await said(store, 10)

    details = await store.post(10)
    assert details is not None
    assert (details.post.author_id, details.post.deleted_at) == (BOB, START)
    assert await store.posts_since(STORY, START - DAY) == ()


async def test_deletions_of_what_was_never_seen_are_forgotten(
    store: Store, rows: Callable[[str], Rows]
) -> None:
    """Most deletions are not of our threads: nothing is kept of them after a day."""
    await store.lost(range(100, 1300), START)
    await store.lost([1], START + DAY + MINUTE)

    assert rows("SELECT message_id FROM post") == [(1,)]


async def test_first_deletion_stands(store: Store) -> None:
    """A deletion told twice keeps its first time."""
    await said(store, 10)
    await store.lost([10, 10], START)
    await store.lost([10], START + MINUTE)

    details = await store.post(10)
    assert details is not None
    assert details.post.deleted_at == START


async def test_unclaimed_and_claimed(store: Store, clock: StillClock) -> None:
    """Ours of which nobody knows whose they are are told apart from all others, deleted ones included."""
    await said(store, 10, at=START)
    await store.saw_post(STORY, THREAD, 11, None, Made.WEBHOOK, START - MINUTE, 77)
    await store.saw_post(STORY, THREAD, 12, None, Made.WEBHOOK, START, 77)
    await store.saw_post(STORY, THREAD, 13, None, Made.BOT, START)
    await store.lost([13], START)
    await store.contribute(wish(None), START)

    assert [one.message_id for one in await store.unclaimed(STORY, START)] == [12, 13]
    assert await store.claimed(STORY, START) == {10}
    assert [one.message_id for one in await store.posts_since(STORY, START)] == [10, 12]

    job = await quoting_job(store, clock)
    await store.settle(job.id, Receipt(12, webhook_id=77), None)

    assert [one.message_id for one in await store.unclaimed(STORY, START)] == [13]
    assert await store.claimed(STORY, START) == {10, 12}


@pytest.mark.parametrize("order", list(permutations(["seen", "lost", "receipt"])), ids="-".join)
async def test_our_post_in_any_order(store: Store, clock: StillClock, order: tuple[str, ...]) -> None:
    """CREATE and DELETE of a post of ours and its receipt end alike, whichever comes first and however often."""
    await store.contribute(wish(None, quotation(10)), START)
    job = await quoting_job(store, clock)

    for step in order:
        for _ in range(2):
            if step == "seen":
                await store.saw_post(STORY, THREAD, 20, None, Made.WEBHOOK, START, 77)
            elif step == "lost":
                await store.lost([20], START + MINUTE)
            else:
                await store.settle(job.id, Receipt(20, webhook_id=77, words="answer"), None)

    details = await store.post(20)
    assert details is not None
    assert details.quotes == ()
    post = details.post
    assert (post.author_id, post.made, post.words) == (ALICE, Made.WEBHOOK, None)
    assert post.deleted_at == START + MINUTE
    assert await store.contribution(post.id) is None
    assert await store.unclaimed(STORY, START - DAY) == ()
    assert await store.next_jobs() == ()


async def test_claimed_covers_what_was_made_since(store: Store, clock: StillClock) -> None:
    """A message made after a moment is claimed since that moment, however long before it was asked for."""
    await store.contribute(wish(None), START)
    clock.advance(600)
    job = await quoting_job(store, clock)
    clock.advance(5)
    await store.settle(job.id, Receipt(20, webhook_id=77), None)

    assert await store.claimed(STORY, START + 10 * MINUTE) == {20}


async def test_last_post(store: Store, clock: StillClock) -> None:
    """Native, pending or deleted: all of them are posts the member made."""
    assert await store.last_post_at(STORY, ALICE) is None
    await said(store, 10, ALICE, START - MINUTE)
    assert await store.last_post_at(STORY, ALICE) == START - MINUTE
    clock.advance(60)
    await store.contribute(wish(None), clock.now())
    assert await store.last_post_at(STORY, ALICE) == START + MINUTE
    assert await store.last_post_at(STORY, BOB) is None


# --- recommended posts ---


async def test_recommend(store: Store) -> None:
    """A post is recommended once; the opening post is revised for it, and when it is taken back."""
    await said(store, 10)

    assert [await store.recommend(10, CAROL, START) for _ in range(2)] == [True, False]

    details = await store.post(10)
    assert details is not None
    assert details.post.recommended_by == CAROL
    (job,) = await jobs_of(store, JobKind.REVISE)
    assert job.not_before == START + timedelta(seconds=5)
    assert [await store.unrecommend(10, START) for _ in range(2)] == [True, False]
    details = await store.post(10)
    assert details is not None
    assert details.post.recommended_by is None


async def test_members_do_not_overrule_a_moderator(store: Store) -> None:
    """What was taken back comes back by a moderator only."""
    await said(store, 10)
    assert await store.recommend(10, 0, START)
    assert await store.unrecommend(10, START)

    assert not await store.recommend(10, 0, START)
    assert await store.recommend(10, CAROL, START)


async def test_only_posts_that_exist_are_recommended(store: Store) -> None:
    """Not a message nobody saw, nor one that was deleted; a recommendation goes with its post."""
    await store.lost([11], START)
    assert not await store.recommend(10, CAROL, START)
    assert not await store.recommend(11, CAROL, START)
    await said(store, 11)
    assert not await store.recommend(11, CAROL, START)

    await said(store, 12)
    await store.recommend(12, CAROL, START)
    await store.lost([12], START)
    details = await store.post(12)
    assert details is not None
    assert details.post.recommended_by is None


async def test_recommendation_goes_over_to_the_repost(store: Store, clock: StillClock) -> None:
    """A reply that was recommended in the moment before it was replaced stays so."""
    await store.contribute(wish(30, quotation(10)), START)
    await store.recommend(30, CAROL, START)
    job = await quoting_job(store, clock)
    await store.settle(job.id, Receipt(20, webhook_id=77), None)

    details = await store.post(20)
    assert details is not None
    assert details.post.recommended_by == CAROL


async def test_quotes_in_their_order(store: Store, clock: StillClock) -> None:
    """A post comes with its quotes as they were chosen."""
    await quoted(store, clock, 20, wish(None, quotation(12, "b"), quotation(10, "a"), quotation(11, "c")))

    details = await store.post(20)

    assert details is not None
    assert [(one.position, one.quotation.source_id, one.quotation.text) for one in details.quotes] == [
        (0, 12, "b"),
        (1, 10, "a"),
        (2, 11, "c"),
    ]
