"""The publisher's loop when its own ground gives way; what it does on Discord is tested in tests/e2e."""

from __future__ import annotations

import asyncio
import functools
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from bot.disk import Disk
from bot.errors import Refused, StoreError
from bot.model import FeedNews, JobKind, JobState, PollState, PollUpdate, Receipt
from bot.publisher import LANES_AT_ONCE, LAST_RETRY, UNEXPECTED_PAUSE, Publisher
from bot.settings.keys import DeliveryKeys
from bot.store import Store
from bot.troubles import Troubles
from tests.scenario import FORUM, until
from tests.store.samples import article
from tests.support import StillClock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from bot.model import Job


class FullDisk(Store):
    """A store that can be read but not written once the news is in."""

    claims = 0

    async def claim(self, *_: Any) -> Any:
        self.claims += 1
        raise StoreError("the disk is full")


class FullAfterPosting(Store):
    """A store whose disk is full just when a receipt is to be stored, once."""

    full = True

    async def settle(self, *arguments: Any) -> None:
        if self.full:
            self.full = False
            raise StoreError("the disk is full")
        await super().settle(*arguments)


class Opening:
    """A deed that succeeds once and is found again."""

    done = "opened"
    performed = 0
    looked_for = 0

    def ready(self, _job: Job) -> None:
        pass

    async def perform(self, _job: Job, _deadline: datetime) -> tuple[Receipt, None]:
        self.performed += 1
        return Receipt(7, 7), None

    async def look(self, _job: Job) -> Receipt:
        self.looked_for += 1
        return Receipt(7, 7)


class Connected:
    """A session that is always there."""

    connected = True


class Hanging(Opening):
    """A deed whose first try ends when the test lets it, if ever."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()

    async def perform(self, job: Job, deadline: datetime) -> tuple[Receipt, None]:
        self.begun.set()
        await self.go_on.wait()
        return await super().perform(job, deadline)


class Unwelcome(Opening):
    """A deed that Discord refuses for what it is."""

    async def perform(self, _job: Job, _deadline: datetime) -> tuple[Receipt, None]:
        raise Refused("channel #news: Discord refused the content")


def publisher_of(
    store: Store,
    deed: Opening,
    clock: StillClock,
    more: Mapping[JobKind, Opening] = MappingProxyType({}),
    **limits: float,
) -> Publisher:
    return Publisher(
        store,
        Connected(),  # type: ignore[arg-type]
        Disk(store, Troubles(clock), clock, lambda: None),
        {JobKind.OPEN: deed, **more},
        {"world": FORUM},
        DeliveryKeys(),
        clock,
        clock.now,
        **limits,
    )


async def with_one_job(kind: type[Store], folder: Path, clock: StillClock) -> Store:
    store = await kind.open(f"sqlite+aiosqlite:///{folder}/store.db", clock)
    news = FeedNews("world", FORUM, post=(article("a"),))
    await store.apply(PollUpdate(PollState("https://news.example/world.rss"), "News", news=(news,)))
    return store


async def test_a_failing_store_is_not_tried_without_end(tmp_path: Path, clock: StillClock) -> None:
    """When a job can't be journalled nothing is sent, and the lane rests before it tries again."""
    store = await with_one_job(FullDisk, tmp_path, clock)
    assert isinstance(store, FullDisk)
    turns = 0

    def beat() -> None:
        nonlocal turns
        turns += 1

    publisher = publisher_of(store, Opening(), clock)
    task = asyncio.create_task(publisher.run(beat))

    async def claimed(times: int) -> bool:
        return store.claims == times

    async def turned(more: int) -> None:
        goal = turns + more
        while turns < goal:
            publisher.wake()
            await asyncio.sleep(0)

    await until(lambda: claimed(1))
    await turned(5)
    assert store.claims == 1
    clock.advance(UNEXPECTED_PAUSE)
    await until(lambda: claimed(2))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await store.close()


async def test_a_receipt_that_could_not_be_stored_is_looked_for(tmp_path: Path, clock: StillClock) -> None:
    """Posted, but the disk was full when the receipt came: it is found on Discord, not posted again."""
    store = await with_one_job(FullAfterPosting, tmp_path, clock)
    deed = Opening()
    publisher = publisher_of(store, deed, clock)
    task = asyncio.create_task(publisher.run())

    async def done() -> bool:
        clock.advance(UNEXPECTED_PAUSE)
        publisher.wake()
        return not await store.next_jobs()

    await until(done)
    assert (deed.performed, deed.looked_for) == (1, 1)
    details = await store.story_by_thread(7)
    assert details is not None
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await store.close()


async def test_what_is_under_way_is_finished(tmp_path: Path, clock: StillClock) -> None:
    """Told to stop, it waits for the answer of the request that has left, stores it, and begins nothing more."""
    store = await with_one_job(Store, tmp_path, clock)
    deed = Hanging()
    publisher = publisher_of(store, deed, clock)
    running = asyncio.create_task(publisher.run())
    await deed.begun.wait()
    draining = asyncio.create_task(publisher.drain())
    for _ in range(10):
        await asyncio.sleep(0)
    assert not running.done()
    assert not draining.done()
    deed.go_on.set()
    await draining
    await running
    assert (deed.performed, (await store.overview()).jobs[JobState.DONE]) == (1, 1)
    await store.close()


async def test_a_stuck_job_is_cut_off(tmp_path: Path, clock: StillClock) -> None:
    """One that outlives every deadline is in doubt then, and looked for: its lane is free again."""
    store = await with_one_job(Store, tmp_path, clock)
    deed = Hanging()
    publisher = publisher_of(store, deed, clock, job_limit=0.1)
    running = asyncio.create_task(publisher.run())

    async def done() -> bool:
        clock.advance(30)
        return (await store.overview()).jobs[JobState.DONE] == 1

    await until(done)
    assert (deed.performed, deed.looked_for) == (0, 1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await store.close()


class SetBack(StillClock):
    """A clock whose time of day can be set, unlike the one that never jumps."""

    def __init__(self) -> None:
        super().__init__()
        self._set_by = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self._set_by

    def set_by(self, change: timedelta) -> None:
        self._set_by += change


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_clock_that_is_set_back(tmp_path: Path, restarted: bool) -> None:
    """What a clock that was a day ahead put off, or left in doubt, waits for minutes, not for that day."""
    clock = SetBack()
    clock.set_by(timedelta(days=1))
    store = await with_one_job(Store, tmp_path, clock)
    (job,) = await store.next_jobs()
    await store.claim(job.id, clock.now(), clock.now() + timedelta(seconds=150))
    await store.doubt(job.id, "the answer was lost")
    deed = Opening()
    if restarted:
        clock.set_by(timedelta(days=-1))
    publisher = publisher_of(store, deed, clock)
    turns = 0

    def beat() -> None:
        nonlocal turns
        turns += 1

    async def turned(goal: int) -> bool:
        publisher.wake()
        return turns >= goal

    running = asyncio.create_task(publisher.run(beat))
    await until(lambda: turned(2))
    if not restarted:
        clock.set_by(timedelta(days=-1))
    await until(functools.partial(turned, turns + 2))
    clock.advance(LAST_RETRY)

    async def found() -> bool:
        publisher.wake()
        return deed.looked_for == 1

    await until(found)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await store.close()


async def test_a_moderator_does_not_wait_for_news(tmp_path: Path, clock: StillClock) -> None:
    """However many articles are held up by Discord, what moderation has to do begins at once."""
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/store.db", clock)
    for number in range(3 * LANES_AT_ONCE):
        news = FeedNews(f"feed{number}", FORUM + number, post=(article("a"),))
        await store.apply(PollUpdate(PollState(f"https://news.example/{number}"), "News", news=(news,)))
    news_deed, log_deed = Hanging(), Opening()
    publisher = publisher_of(store, news_deed, clock, more={JobKind.LOG: log_deed})
    running = asyncio.create_task(publisher.run())
    await news_deed.begun.wait()
    await store.tell(None, "A post was removed.", clock.now())
    publisher.wake()

    async def told() -> bool:
        return log_deed.performed == 1

    await until(told)
    assert news_deed.performed == 0
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await store.close()


async def test_what_is_parked_waits_for_somebody(
    tmp_path: Path, clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says why, that nothing is tried by itself, and how it is tried again."""
    store = await with_one_job(Store, tmp_path, clock)
    publisher = publisher_of(store, Unwelcome(), clock)
    task = asyncio.create_task(publisher.run())

    async def told() -> bool:
        return (
            "feed world: channel #news: Discord refused the content; it is parked until you use /delivery retry 1"
            in caplog.text
        )

    await until(told)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await store.close()
