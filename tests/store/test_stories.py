"""An article's own post: rendered anew, or mirrored anew once it is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.model import JobKind, Reacted, Receipt
from tests.store.samples import (
    BOB,
    CHANNEL,
    GUILD,
    MIA,
    MINUTE,
    STORY,
    THREAD,
    claim,
    editing,
    jobs_of,
    opened,
    posting,
    said,
    work_off,
)
from tests.support import START

if TYPE_CHECKING:
    from bot.store import Store
    from tests.support import StillClock


async def test_revising_now(store: Store, clock: StillClock) -> None:
    """At once, however long the next revision was to wait; one that is as it was is rendered all the same."""
    await opened(store, clock)
    await store.apply(editing(1, "one", title="Better"))
    await work_off(store, clock)
    await store.apply(editing(1, "one", title="Best"))
    assert (await jobs_of(store, JobKind.REVISE))[0].not_before > START

    assert await store.revise_now(STORY, START)

    (job,) = await jobs_of(store, JobKind.REVISE)
    assert (job.not_before, job.story.draft_digest) == (START, None)
    assert not await store.revise_now(99, START)
    await store.apply(posting("two"))
    assert not await store.revise_now(2, START), "nothing is posted yet"


@pytest.mark.parametrize("found_by_a_job", [True, False])
async def test_reposting(store: Store, clock: StillClock, found_by_a_job: bool) -> None:
    """A new thread under a new token, without the former's counts; asked for again it is not gone any more."""
    await opened(store, clock)
    await store.saw_thread(THREAD, GUILD, CHANNEL, "t", START)
    await said(store, 10)
    await store.react(STORY, Reacted(10, BOB, "👍"), START, frozenset(), None, MINUTE)
    await store.recommend(10, MIA, START)
    assert not await store.repost(STORY, START)
    assert await store.reposts("one", 5) == ()
    if found_by_a_job:
        (job,) = await jobs_of(store, JobKind.REVISE)
        await claim(store, clock, job)
        await store.removed(job.id, "its thread is gone")
    else:
        await store.lost_thread(THREAD, START, MIA)
    (details,) = await store.reposts("NE", 5)
    assert details.story.id == STORY

    assert await store.repost(STORY, START)
    assert not await store.repost(STORY, START)

    (job,) = await store.next_jobs()
    assert (job.kind, job.token) == (JobKind.OPEN, job.story.token)
    assert job.token != details.story.token
    assert (job.story.thread_id, job.story.message_id, job.story.draft_digest) == (None, None, None)
    await claim(store, clock, job)
    await store.settle(job.id, Receipt(6001, 6001), "digest")
    assert await store.story_by_thread(6001) is not None
    assert await store.story_by_thread(THREAD) is None
    discussion = await store.discussion(STORY, "thread", True, ["👍"])
    assert (discussion.tally.total, discussion.recommended) == (0, ())
    assert await store.revise_now(STORY, START)


async def test_reposts_are_found_by_their_titles(store: Store, clock: StillClock) -> None:
    """Newest first; what is typed stands for itself."""
    for number, name in enumerate(["50% off", "50 off", "other"]):
        await opened(store, clock, name, 6000 + number)
        await store.lost_thread(6000 + number, START, None)

    assert [one.article.title for one in await store.reposts("0", 5)] == ["50 off", "50% off"]
    assert [one.article.title for one in await store.reposts("50%", 5)] == ["50% off"]
    assert [one.article.title for one in await store.reposts("", 1)] == ["other"]
