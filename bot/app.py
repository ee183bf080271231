"""The composition root: builds the rooms, runs their loops, closes them in reverse order."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot import __version__
from bot.client import NewsthreadBot, Services
from bot.collector import Collector
from bot.feeds.fetch import Fetcher
from bot.feeds.worker import Parser
from bot.newsroom import Newsroom
from bot.publisher import Publisher
from bot.status import StatusServer, gather_facts
from bot.store import Store
from bot.stories import Stories
from bot.supervise import supervise

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.clock import Clock
    from bot.settings.keys import Settings
    from bot.status import StatusFacts

log = logging.getLogger(__name__)

# Closing must be over within 10 s: requests under way get this long to be answered, the rest what remains.
DRAIN = 6.0
CLOSE = 9.0


class App:
    """One running Newsthread."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        assert settings.token is not None
        self._settings = settings
        self._clock = clock
        self._started = clock.now()
        self._beats: dict[str, datetime] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Watch and publish until ``stop`` is set, then drain and close within 10 s.

        Raises:
            StoreError: the store can't be opened; see its subclasses.
            StatusError: the status page's address can't be listened on.
            TokenRefused: Discord does not accept the token.
        """
        store = await Store.open(self._settings.store.url, self._clock)
        try:
            await self._run(store, stop)
        finally:
            await store.close()

    async def _run(self, store: Store, stop: asyncio.Event) -> None:
        settings, clock = self._settings, self._clock
        newsroom = Newsroom(settings.discord.guild_id, clock)
        feeds = {feed.id: feed for feed in settings.feeds}
        publisher = Publisher(store, newsroom, feeds, settings.delivery, clock)
        channels = {feed.channel_id for feed in settings.feeds}
        services = Services(stories=Stories(store, channels, clock), wake_publisher=publisher.wake)
        fetcher = Fetcher(settings.watcher, clock)
        parser = Parser(settings.watcher.parse_workers, settings.watcher.parse_timeout.total_seconds())
        collector = Collector(
            store, fetcher, parser, settings.feeds, settings.watcher.concurrency, clock, publisher.wake
        )
        status = StatusServer(settings.status.listen, lambda: self._facts(store, newsroom, collector), clock)

        async def session() -> None:
            assert settings.token is not None
            bot = NewsthreadBot(services)
            newsroom.attach(bot)
            try:
                async with bot:
                    await bot.run_session(settings.token.get_secret_value(), settings.discord.api_base)
            finally:
                newsroom.attach(None)

        await status.start()
        loops = {
            "watcher": lambda: collector.run(self._beat("watcher")),
            "publisher": lambda: publisher.run(self._beat("publisher")),
            "discord session": session,
        }
        tasks = {
            name: asyncio.create_task(supervise(name, loop, clock), name=name) for name, loop in loops.items()
        }
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({stopping, *tasks.values()}, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks.values():
                if task.done():
                    task.result()
        finally:
            log.info("stopping")
            stopping.cancel()
            async with asyncio.timeout(CLOSE):
                await _end(tasks.pop("watcher"))
                await asyncio.wait({asyncio.create_task(publisher.drain())}, timeout=DRAIN)
                for task in tasks.values():
                    await _end(task)
                await parser.close()
                await fetcher.close()
                await status.close()

    async def _facts(self, store: Store, newsroom: Newsroom, collector: Collector) -> StatusFacts:
        return gather_facts(
            await store.overview(),
            self._settings.feeds,
            started_at=self._started,
            version=__version__,
            loops=self._beats,
            gateway_connected=newsroom.connected,
            gateway_latency=newsroom.latency,
            polls=collector.polls,
        )

    def _beat(self, name: str) -> Callable[[], None]:
        def beat() -> None:
            self._beats[name] = self._clock.now()

        return beat


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})
