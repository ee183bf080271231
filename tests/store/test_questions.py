"""What the store tells members and the status page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import (
    Failure,
    FailureKind,
    FeedNews,
    FeedOverview,
    JobKind,
    JobState,
    Made,
    Overview,
    PollState,
    PollUpdate,
    Reacted,
    Receipt,
    WaitingJob,
)
from tests.store.samples import (
    CHANNEL,
    FEED,
    MINUTE,
    URL,
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
    from bot.store import Store


async def test_story_by_any_of_its_tokens(store: Store, clock: StillClock) -> None:
    """The button of the opening post and that of a note lead to the same story."""
    job = await opened(store, clock, thread_id=5001)
    await store.apply(editing(1, "one", title="Better"))
    note = next(one for one in (await store.next_jobs()) if one.kind is JobKind.REVISE)

    details = await store.story_by_token(job.token)

    assert details is not None
    assert details.story.thread_id == 5001
    assert details.article.title == "Better"
    assert details == await store.story_by_token(note.token) == await store.story_by_thread(5001)


async def test_unknown_story(store: Store) -> None:
    """Nothing is known of what was never posted."""
    assert await store.story_by_token("nonesuch") is None
    assert await store.story_by_thread(1) is None


async def test_overview_of_an_empty_store(store: Store) -> None:
    """Nothing yet, and every state counted."""
    assert await store.overview() == Overview({}, {}, dict.fromkeys(JobState, 0), None, ())


async def test_overview(store: Store, clock: StillClock) -> None:
    """Polls by address, feeds by id, the outbox by state, and what stands in its way."""
    await store.apply(poll(FeedNews(FEED, CHANNEL, remember=(article("old"),)), polled_at=START))
    await opened(store, clock, "one")
    clock.advance(60)
    await store.apply(posting("two", "three", "four"))
    parked = await head(store)
    await store.park(parked.id, "refused")
    held = await claim(store, clock, await head(store))
    await store.postpone(held.id, START + 5 * MINUTE, "#news is closed")
    failed = PollState(
        "https://down.example/", failures=2, failure=Failure(FailureKind.SERVER, "answers 500")
    )
    await store.apply(PollUpdate(failed))

    overview = await store.overview()

    assert set(overview.polls) == {URL, "https://down.example/"}
    assert overview.polls["https://down.example/"] == failed
    assert overview.feeds == {FEED: FeedOverview(FEED, "The Test Courier", articles=5, threads=1)}
    assert {state: number for state, number in overview.jobs.items() if number} == {
        JobState.DONE: 1,
        JobState.PENDING: 2,
        JobState.PARKED: 1,
    }
    assert overview.oldest_open == START + MINUTE
    assert overview.waiting == (
        WaitingJob(
            parked.id,
            JobKind.OPEN,
            JobState.PARKED,
            FEED,
            CHANNEL,
            "two",
            START + MINUTE,
            START + MINUTE,
            "refused",
            parked.article.url,
        ),
        WaitingJob(
            held.id,
            JobKind.OPEN,
            JobState.PENDING,
            FEED,
            CHANNEL,
            "three",
            START + MINUTE,
            START + 5 * MINUTE,
            "#news is closed",
            held.article.url,
        ),
    )


async def test_overview_is_bounded(store: Store, clock: StillClock) -> None:
    """A hundred troubles are enough to see what is wrong."""
    await store.apply(posting(*(f"n{number}" for number in range(103))))
    for _ in range(102):
        await store.park((await head(store)).id, "refused")
    job = await claim(store, clock, await head(store))
    await store.settle(job.id, Receipt(1, 1), None)

    overview = await store.overview()

    assert (len(overview.waiting), overview.jobs[JobState.PARKED]) == (100, 102)


# --- what discussion asks of stories ---


async def test_story_by_opening_post(store: Store, clock: StillClock) -> None:
    """The story whose opening post a message is; a text channel's lies beside its thread's id."""
    await store.apply(posting("one"))
    job = await claim(store, clock, await head(store))
    await store.settle(job.id, Receipt(message_id=5000, thread_id=5001), None)

    assert await store.story_by_message(5000) == await store.story_by_thread(5001)
    assert await store.story_by_message(5001) is None


async def test_talked_about(store: Store, clock: StillClock) -> None:
    """Stories opened, posted in or reacted to since a moment; not those that were removed or never opened."""
    names = ("opened", "posted", "reacted", "quiet", "removed")
    for number, name in enumerate(names):
        await opened(store, clock, name, 5001 + number)
    clock.advance(60)
    since = clock.now()
    await store.saw_post(2, 5002, 10, 301, Made.NATIVE, since)
    await store.saw_post(4, 5004, 11, 301, Made.NATIVE, START)
    await store.react(3, Reacted(5003, 301, "👍"), since, frozenset(), None, MINUTE)
    await store.saw_post(5, 5005, 12, 301, Made.NATIVE, since)
    await store.apply(editing(5, "removed", body="new"))
    (job,) = [one for one in await store.next_jobs() if one.story.id == 5]
    await store.removed(job.id, "deleted")
    await store.apply(posting("waiting"))

    assert [story.id for story in await store.talked_about(since)] == [2, 3]
    assert [story.id for story in await store.talked_about(START)] == [1, 2, 3, 4]


async def test_told_once(store: Store, clock: StillClock) -> None:
    """The moderators are told every time, or once for a key; in a lane of its own, before a thread is open, too."""
    await store.apply(posting("one"))
    assert [await store.tell(1, "look", START) for _ in range(2)] == [True, True]
    assert [await store.tell(1, "lacking", START, once="k") for _ in range(2)] == [True, False]
    assert await store.tell(1, "lacking", START, once="other")

    texts = []
    while jobs := [one for one in await store.next_jobs() if one.kind is JobKind.LOG]:
        (job,) = jobs
        assert job.lane == "log"
        texts.append((await claim(store, clock, job)).payload["text"])
        await store.settle(job.id, Receipt(1), None)
    assert texts == ["look", "look", "lacking", "lacking"]
