"""The states of a job: what each step does, what it refuses, and that repeating it changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import StaleJob
from bot.model import FeedNews, Job, JobKind, JobState, Receipt
from tests.store.samples import (
    CHANNEL,
    FEED,
    MINUTE,
    OTHER_CHANNEL,
    article,
    claim,
    editing,
    head,
    opened,
    poll,
    posting,
)
from tests.support import START, StillClock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.store import Store


async def sending(store: Store, clock: StillClock) -> Job:
    await store.apply(posting("one"))
    return await claim(store, clock, await head(store))


async def in_doubt(store: Store, clock: StillClock) -> Job:
    job = await sending(store, clock)
    await store.doubt(job.id, "no answer")
    return await head(store)


# --- lanes -------------------------------------------------------------------------------------------


async def test_a_channels_openings_keep_their_order(store: Store, clock: StillClock) -> None:
    """Of each channel the oldest open job is offered, and the next only when that one is over."""
    await store.apply(posting("one", "two"))
    await store.apply(posting("s1", "s2", feed_id="sport", channel_id=OTHER_CHANNEL))

    seen = []
    while jobs := await store.next_jobs():
        seen.append([job.article.title for job in jobs])
        for job in jobs:
            await claim(store, clock, job)
            await store.settle(job.id, Receipt(job.id, job.id), None)

    assert seen == [["one", "s1"], ["two", "s2"]]


@pytest.mark.parametrize("state", [JobState.PENDING, JobState.SENDING, JobState.UNKNOWN])
async def test_an_open_job_holds_its_lane(store: Store, clock: StillClock, state: JobState) -> None:
    """Whatever it waits for, no younger thread of the channel overtakes it."""
    await store.apply(posting("one", "two"))
    job = await head(store)
    if state is not JobState.PENDING:
        await claim(store, clock, job)
    if state is JobState.UNKNOWN:
        await store.doubt(job.id, "no answer")

    offered = await head(store)
    assert (offered.id, offered.state) == (job.id, state)


async def test_a_parked_job_lets_the_lane_go_on(store: Store) -> None:
    """And takes its old place again when it is unparked."""
    await store.apply(posting("one", "two"))
    first = await head(store)

    await store.park(first.id, "refused")
    assert (await head(store)).article.title == "two"

    await store.unpark(first.id)
    assert (await head(store)).id == first.id


async def test_a_storys_later_jobs_wait_for_its_post(store: Store, clock: StillClock) -> None:
    """A revision is offered when the opening post is known to exist, beside the channel's next opening."""
    job = await sending(store, clock)
    await store.apply(posting("two"))
    await store.apply(editing(1, "one", body="edited"))
    assert [one.id for one in await store.next_jobs()] == [job.id]

    await store.settle(job.id, Receipt(5001, 5001), "d")

    offered = await store.next_jobs()
    assert {one.lane for one in offered} == {f"channel:{CHANNEL}", "story:1"}
    assert offered[0].article.title == "two"


# --- an attempt --------------------------------------------------------------------------------------


async def test_claim(store: Store, clock: StillClock) -> None:
    """A claimed job is sending, counts the attempt, and knows when to look for it."""
    await store.apply(posting("one"))
    clock.advance(5)

    job = await store.claim(
        (await head(store)).id, clock.now() + timedelta(seconds=30), clock.now() + timedelta(seconds=180)
    )

    assert (job.state, job.attempt) == (JobState.SENDING, 1)
    assert job.started_at == START + timedelta(seconds=5)
    assert job.recover_after == START + timedelta(seconds=185)
    assert job == await head(store)


async def test_claim_is_once(store: Store, clock: StillClock) -> None:
    """A job that is being sent can't be claimed again."""
    job = await sending(store, clock)

    with pytest.raises(StaleJob, match=f"job {job.id} is sending"):
        await claim(store, clock, job)


async def test_postponed(store: Store, clock: StillClock) -> None:
    """Certainly not done: pending as before, with a reason, its token and attempts kept."""
    job = await sending(store, clock)

    for _ in range(2):
        await store.postpone(job.id, START + MINUTE, "429")

    later = await head(store)
    assert (later.state, later.attempt, later.token) == (JobState.PENDING, 1, job.token)
    assert (later.not_before, later.problem) == (START + MINUTE, "429")
    assert (later.started_at, later.recover_after) == (None, None)


async def test_next_attempt_starts_afresh(store: Store, clock: StillClock) -> None:
    """An attempt that did nothing is not where the search for a later one begins."""
    job = await sending(store, clock)
    await store.postpone(job.id, START, "429")
    clock.advance(3600)

    again = await claim(store, clock, job)

    assert (again.attempt, again.started_at) == (2, clock.now())


async def test_doubt(store: Store, clock: StillClock) -> None:
    """An attempt without an answer is unknown, and keeps when it began and when to look."""
    job = await sending(store, clock)

    for _ in range(2):
        await store.doubt(job.id, "connection reset")

    unknown = await head(store)
    assert (unknown.state, unknown.problem) == (JobState.UNKNOWN, "connection reset")
    assert (unknown.started_at, unknown.recover_after) == (job.started_at, job.recover_after)


async def test_resend_that_was_not_sent_is_in_doubt_still(store: Store, clock: StillClock) -> None:
    """After a re-send of a doubtful job, "certainly not sent" says nothing of the attempt before it."""
    first = await in_doubt(store, clock)
    clock.advance(10)

    again = await claim(store, clock, first)
    await store.postpone(first.id, clock.now(), "deadline passed")

    unknown = await head(store)
    assert (again.state, again.attempt, again.started_at) == (JobState.SENDING, 2, START)
    assert (unknown.state, unknown.started_at) == (JobState.UNKNOWN, START)
    assert unknown.recover_after == START + timedelta(seconds=190)


async def test_resend_never_shortens_the_quarantine(store: Store, clock: StillClock) -> None:
    """The first request may still take effect until its own time is up."""
    first = await in_doubt(store, clock)

    again = await store.claim(first.id, clock.now(), clock.now())

    assert again.recover_after == first.recover_after


async def test_clear(store: Store, clock: StillClock) -> None:
    """A complete search that found nothing ends the doubt: the next attempt starts afresh."""
    job = await in_doubt(store, clock)

    for _ in range(2):
        await store.clear(job.id, START + MINUTE)

    pending = await head(store)
    assert (pending.state, pending.started_at, pending.recover_after) == (JobState.PENDING, None, None)
    assert (pending.problem, pending.token) == (None, job.token)
    await claim(store, clock, job)
    await store.postpone(job.id, START, "429")
    assert (await head(store)).state is JobState.PENDING


async def test_half_done(store: Store, clock: StillClock) -> None:
    """A message that exists is not sent again; what remains can be repeated, so that no doubt is left."""
    job = await in_doubt(store, clock)
    await claim(store, clock, job)

    for _ in range(2):
        await store.half_done(job.id, 5001)
    await store.postpone(job.id, START, "429")

    half = await head(store)
    assert (half.state, half.message_id, half.story.message_id) == (JobState.PENDING, 5001, None)


async def test_half_done_and_cut_off(store: Store, clock: StillClock) -> None:
    """A message found again after a restart ends the doubt about it once more."""
    job = await sending(store, clock)
    await store.half_done(job.id, 5001)
    await store.recover()

    await store.half_done(job.id, 5001)
    await claim(store, clock, job)
    await store.postpone(job.id, START, "429")

    assert (await head(store)).state is JobState.PENDING


async def test_edit_of_a_half_done_post(store: Store, clock: StillClock) -> None:
    """A message without its thread has the former words: it will be revised."""
    job = await sending(store, clock)
    await store.half_done(job.id, 5001)
    await store.postpone(job.id, START, "429")

    assert await store.apply(editing(1, "one", body="edited")) == 1


async def test_settled(store: Store, clock: StillClock) -> None:
    """The story has its ids and the digest of what was sent; settling again changes nothing."""
    job = await sending(store, clock)
    await store.postpone(job.id, START, "held")
    await claim(store, clock, job)

    await store.settle(job.id, Receipt(message_id=5002, thread_id=5001), "digest")
    await store.settle(job.id, Receipt(message_id=6002, thread_id=6001), "other")

    details = await store.story_by_thread(5001)
    assert details is not None
    assert (details.story.message_id, details.story.draft_digest) == (5002, "digest")
    assert await store.story_by_thread(6001) is None
    assert await store.next_jobs() == ()
    assert (await store.overview()).waiting == ()


@pytest.mark.parametrize("state", [JobState.PENDING, JobState.SENDING, JobState.UNKNOWN, JobState.PARKED])
async def test_a_receipt_is_never_lost(store: Store, clock: StillClock, state: JobState) -> None:
    """What exists on Discord is noted, whatever the job was taken for."""
    job = await sending(store, clock)
    if state is not JobState.SENDING:
        await store.doubt(job.id, "no answer")
    if state is JobState.PENDING:
        await store.clear(job.id, START)
    if state is JobState.PARKED:
        await store.park(job.id, "refused")

    await store.settle(job.id, Receipt(5001, 5001), None)

    assert await store.story_by_thread(5001) is not None
    assert await store.next_jobs() == ()


async def test_settled_revision_moves_only_the_digest(store: Store, clock: StillClock) -> None:
    """The ids of a story are those of its opening."""
    await opened(store, clock)
    await store.apply(editing(1, "one", title="Better"))
    for digest in ("digest-2", None):
        job = await claim(store, clock, await head(store))
        await store.settle(job.id, Receipt(message_id=7001), digest)

    details = await store.story_by_thread(5001)
    assert details is not None
    assert (details.story.message_id, details.story.draft_digest) == (5001, "digest-2")


# --- between attempts --------------------------------------------------------------------------------


async def test_held(store: Store, clock: StillClock) -> None:
    """A channel that is closed holds its lane's first job, with a reason, in the state it is in."""
    await store.apply(posting("one", "two"))
    job = await head(store)
    await store.hold(job.id, START + MINUTE, "Send Messages is missing in #news")

    held = await head(store)
    assert (held.id, held.state, held.attempt) == (job.id, JobState.PENDING, 0)
    assert (held.not_before, held.problem) == (START + MINUTE, "Send Messages is missing in #news")

    await claim(store, clock, job)
    await store.doubt(job.id, "no answer")
    await store.hold(job.id, START + 2 * MINUTE, "the search was cut short")

    held = await head(store)
    assert (held.state, held.not_before) == (JobState.UNKNOWN, START + 2 * MINUTE)
    assert held.started_at == START


async def test_parked(store: Store, clock: StillClock) -> None:
    """A refused job rests until it is unparked by hand, and is then due at once."""
    job = await sending(store, clock)
    await store.postpone(job.id, START + MINUTE, "50035")
    for _ in range(2):
        await store.park(job.id, "50035")
    assert await store.next_jobs() == ()

    clock.advance(5)
    for _ in range(2):
        await store.unpark(job.id)

    again = await head(store)
    assert (again.state, again.not_before, again.problem) == (JobState.PENDING, clock.now(), None)


async def test_parked_in_doubt(store: Store, clock: StillClock) -> None:
    """A job in doubt stays in doubt while it is parked."""
    job = await in_doubt(store, clock)

    await store.park(job.id, "feed 'world' is no longer in feeds.toml")
    await store.unpark(job.id)

    again = await head(store)
    assert (again.state, again.started_at, again.recover_after) == (
        JobState.UNKNOWN,
        job.started_at,
        job.recover_after,
    )


async def test_removed(store: Store, clock: StillClock) -> None:
    """What a person took away is over for good, with all that was still to be done about it."""
    await opened(store, clock)
    await store.apply(editing(1, "one", title="Better"))
    job = await claim(store, clock, await head(store))

    for _ in range(2):
        await store.removed(job.id, "the thread was deleted")

    overview = await store.overview()
    assert await store.next_jobs() == ()
    assert (overview.jobs[JobState.REMOVED], overview.jobs[JobState.DONE]) == (2, 1)


async def test_removed_in_the_uncertain_window(store: Store, clock: StillClock) -> None:
    """A post found deleted is never posted again; the next one's turn comes."""
    await store.apply(posting("one", "two"))
    job = await claim(store, clock, await head(store))
    await store.doubt(job.id, "no answer")

    await store.removed(job.id, "deleted before we heard of it")

    assert (await head(store)).article.title == "two"
    assert await store.apply(posting("one")) == 0


async def test_recover(store: Store, clock: StillClock) -> None:
    """At start, whatever was being sent is unknown, and nothing else is touched."""
    await store.apply(posting("one", "two"))
    await store.apply(posting("s1", feed_id="sport", channel_id=OTHER_CHANNEL))
    first, second = await store.next_jobs()
    await claim(store, clock, first)

    assert await store.recover() == 1
    assert await store.recover() == 0

    first, second = await store.next_jobs()
    assert (first.state, second.state) == (JobState.UNKNOWN, JobState.PENDING)
    await store.claim(first.id, START, START)
    await store.postpone(first.id, START, "deadline passed")
    assert (await store.next_jobs())[0].state is JobState.UNKNOWN


async def test_retarget(store: Store, clock: StillClock) -> None:
    """A feed's new channel takes over what certainly is in no other, in order, and at once."""
    await store.apply(posting("one", "two", "three", "four"))
    first = await claim(store, clock, await head(store))
    await store.settle(first.id, Receipt(5001, 5001), None)
    second = await claim(store, clock, await head(store))
    await store.doubt(second.id, "no answer")
    await store.apply(posting("s1", feed_id="sport"))

    channels = {FEED: OTHER_CHANNEL, "sport": CHANNEL, "gone": OTHER_CHANNEL}
    assert await store.retarget(channels) == 2
    assert await store.retarget(channels) == 0

    doubtful, moved = await store.next_jobs()
    assert (doubtful.article.title, doubtful.story.channel_id) == ("two", CHANNEL)
    assert (moved.article.title, moved.story.channel_id) == ("three", OTHER_CHANNEL)
    assert moved.lane == f"channel:{OTHER_CHANNEL}"


async def test_parked_in_doubt_counts_as_posted(store: Store, clock: StillClock) -> None:
    """What may exist is not moved to another channel, and is revised after an edit."""
    job = await in_doubt(store, clock)
    await store.park(job.id, "feed 'world' is no longer in feeds.toml")

    assert await store.retarget({FEED: OTHER_CHANNEL}) == 0
    assert await store.apply(editing(1, "one", body="edited")) == 1


async def test_retarget_of_a_held_job(store: Store, clock: StillClock) -> None:
    """What held it up was the former channel; what was tried there in vain counts as never posted."""
    job = await sending(store, clock)
    await store.postpone(job.id, START + MINUTE, "Missing Access")

    assert await store.retarget({FEED: OTHER_CHANNEL}) == 1

    moved = await head(store)
    assert (moved.not_before, moved.problem) == (START, None)


async def test_news_after_a_retarget_queue_behind(store: Store) -> None:
    """The lane in the new channel is one, for what moved and what is new."""
    await store.apply(posting("one"))
    await store.retarget({FEED: OTHER_CHANNEL})
    await store.apply(posting("two", channel_id=OTHER_CHANNEL))

    assert (await head(store)).article.title == "one"


# --- what is refused ---------------------------------------------------------------------------------

STEPS: dict[str, Callable[[Store, int], Awaitable[object]]] = {
    "claim": lambda store, job: store.claim(job, START, START),
    "half_done": lambda store, job: store.half_done(job, 1),
    "settle": lambda store, job: store.settle(job, Receipt(1, 1), None),
    "postpone": lambda store, job: store.postpone(job, START, "x"),
    "doubt": lambda store, job: store.doubt(job, "x"),
    "clear": lambda store, job: store.clear(job, START),
    "hold": lambda store, job: store.hold(job, START, "x"),
    "removed": lambda store, job: store.removed(job, "x"),
    "park": lambda store, job: store.park(job, "x"),
    "unpark": lambda store, job: store.unpark(job),
}


@pytest.mark.parametrize("step", sorted(set(STEPS) - {"settle"}))
async def test_what_is_done_stays_done(store: Store, clock: StillClock, step: str) -> None:
    """No step but its own repetition leads out of done."""
    job = await opened(store, clock)

    with pytest.raises(StaleJob, match="is done"):
        await STEPS[step](store, job.id)


@pytest.mark.parametrize("step", sorted(set(STEPS) - {"removed"}))
async def test_what_is_removed_stays_removed(store: Store, clock: StillClock, step: str) -> None:
    """No step leads out of removed, not even a receipt."""
    job = await sending(store, clock)
    await store.removed(job.id, "deleted")

    with pytest.raises(StaleJob, match="is removed"):
        await STEPS[step](store, job.id)


@pytest.mark.parametrize("step", sorted(STEPS))
async def test_a_withdrawn_job(store: Store, clock: StillClock, step: str) -> None:
    """A job that an edit took back between being offered and being claimed is refused as such."""
    await opened(store, clock)
    await store.apply(editing(1, "one", title="Better"))
    revise = await claim(store, clock, await head(store))
    await store.settle(revise.id, Receipt(), None)
    headline = await head(store)
    await store.apply(editing(1, "one", body="as before"))

    with pytest.raises(StaleJob, match="was withdrawn"):
        await STEPS[step](store, headline.id)


async def test_ids_of_withdrawn_jobs_are_not_given_again(store: Store, clock: StillClock) -> None:
    """Whoever still holds the id of a withdrawn job does not get hold of another."""
    await opened(store, clock)
    await store.apply(editing(1, "one", title="Better"))
    headline_id = 3
    await store.apply(editing(1, "one", body="as before"))

    await store.apply(poll(FeedNews(FEED, CHANNEL, post=(article("two"),))))

    (opening,) = [job for job in await store.next_jobs() if job.kind is JobKind.OPEN]
    assert opening.id > headline_id
