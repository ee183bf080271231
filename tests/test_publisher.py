"""The publisher's loop when its own ground gives way; what it does on Discord is tested in tests/e2e."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bot.errors import StoreError
from bot.model import FeedNews, PollState, PollUpdate, Receipt
from bot.newsroom import Found
from bot.publisher import UNEXPECTED_PAUSE, Publisher
from bot.settings.keys import DeliveryKeys, Feed
from bot.store import Store
from tests.scenario import FORUM, until
from tests.store.samples import article

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import StillClock


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


class Desk:
    """A newsroom that is connected, takes one post, and finds it again."""

    connected = True
    posts = 0
    searches = 0

    def is_forum(self, _channel_id: int, _feed_id: str) -> bool:
        return True

    async def open_forum_post(self, *_: Any) -> Receipt:
        self.posts += 1
        return Receipt(7, 7)

    async def find_opening(self, *_: Any) -> Found:
        self.searches += 1
        return Found(7, 7)


async def with_one_job(kind: type[Store], folder: Path, clock: StillClock) -> tuple[Store, Feed]:
    feed = Feed(id="world", url="https://news.example/world.rss", channel_id=FORUM)
    store = await kind.open(f"sqlite+aiosqlite:///{folder}/store.db", clock)
    news = FeedNews(feed.id, FORUM, post=(article("a"),))
    await store.apply(PollUpdate(PollState(feed.url), "News", news=(news,)))
    return store, feed


async def test_a_failing_store_is_not_tried_without_end(tmp_path: Path, clock: StillClock) -> None:
    """When a job can't be journalled nothing is sent, and the lane rests before it tries again."""
    store, feed = await with_one_job(FullDisk, tmp_path, clock)
    assert isinstance(store, FullDisk)
    turns = 0

    def beat() -> None:
        nonlocal turns
        turns += 1

    publisher = Publisher(store, Desk(), {feed.id: feed}, DeliveryKeys(), clock)  # type: ignore[arg-type]
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
    store, feed = await with_one_job(FullAfterPosting, tmp_path, clock)
    desk = Desk()
    publisher = Publisher(store, desk, {feed.id: feed}, DeliveryKeys(), clock)  # type: ignore[arg-type]
    task = asyncio.create_task(publisher.run())

    async def done() -> bool:
        clock.advance(UNEXPECTED_PAUSE)
        publisher.wake()
        return not await store.next_jobs()

    await until(done)
    assert (desk.posts, desk.searches) == (1, 1)
    details = await store.story_by_thread(7)
    assert details is not None
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await store.close()
