"""The publisher's loop when its own ground gives way; what it does on Discord is tested in tests/e2e."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bot.errors import StoreError
from bot.model import FeedNews, PollState, PollUpdate
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


class Open:
    """A newsroom that is connected; nothing gets as far as asking more of it."""

    connected = True

    def is_forum(self, _channel_id: int, _feed_id: str) -> bool:
        return True


async def test_a_failing_store_is_not_tried_without_end(tmp_path: Path, clock: StillClock) -> None:
    """When a job can't be journalled nothing is sent, and the lane rests before it tries again."""
    feed = Feed(id="world", url="https://news.example/world.rss", channel_id=FORUM)
    store = await FullDisk.open(f"sqlite+aiosqlite:///{tmp_path}/store.db", clock)
    assert isinstance(store, FullDisk)
    news = FeedNews(feed.id, FORUM, post=(article("a"),))
    await store.apply(PollUpdate(PollState(feed.url), "News", news=(news,)))
    turns = 0

    def beat() -> None:
        nonlocal turns
        turns += 1

    publisher = Publisher(store, Open(), {feed.id: feed}, DeliveryKeys(), clock)  # type: ignore[arg-type]
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
