"""The composition root: builds the rooms, runs their loops, closes them in reverse order."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot import __version__
from bot.catchup import CatchUp
from bot.client import NewsthreadBot, Services
from bot.collector import Collector
from bot.errors import ContentRefused
from bot.feeds.fetch import Fetcher
from bot.feeds.worker import Parser
from bot.languages import Languages
from bot.model import JobKind
from bot.moderation import Moderation
from bot.moderation.articles import Articles
from bot.moderation.cases import Cases
from bot.moderation.outside import Outside
from bot.moderation.privacy import Privacy
from bot.moderation.removals import Removals
from bot.moderation.reports import Reports
from bot.moderation.rights import PostingRights
from bot.moderation.rules import HouseRules
from bot.newsroom import Desk, Floor, Newsroom, Office
from bot.publisher import Publisher, moderation, news, talk
from bot.quotes import Quotes
from bot.reactions import Reactions
from bot.status import StatusServer, gather_facts
from bot.store import Store
from bot.stories import Stories
from bot.supervise import supervise

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.clock import Clock
    from bot.languages import Say
    from bot.publisher.deeds import Deed
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
        self._message_content = settings.discord.message_content
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
        desk = Desk(settings.discord.guild_id)
        newsroom, floor, office = Newsroom(desk, clock), Floor(desk, clock), Office(desk, clock)
        languages = Languages.load()
        say = languages.of(settings.discord.language)  # what is said to everybody
        feeds = {feed.id: feed for feed in settings.feeds}
        channels = {feed.channel_id for feed in settings.feeds}

        wake = _Bell()
        reactions = Reactions(store, floor, settings.reactions, channels, clock, wake)
        quotes = Quotes(store, floor, feeds, settings.quotes, say, clock, wake)
        deeds = self._deeds(store, newsroom, floor, office, reactions, say)
        targets = {feed.id: feed.channel_id for feed in settings.feeds}
        publisher = Publisher(store, desk, deeds, targets, settings.delivery, clock)
        wake.rings = publisher.wake
        catch_up = CatchUp(store, floor, newsroom, quotes, reactions, settings.reactions.recount, clock)
        moderating = self._moderation(store, newsroom, floor, office, say, wake, catch_up)
        services = Services(
            stories=Stories(store, channels, clock),
            quotes=quotes,
            reactions=reactions,
            moderation=moderating,
            floor=floor,
            office=office,
            languages=languages,
            wake_publisher=publisher.wake,
            catch_up=catch_up.wake,
        )
        fetcher = Fetcher(settings.watcher, clock)
        parser = Parser(settings.watcher.parse_workers, settings.watcher.parse_timeout.total_seconds())
        collector = Collector(
            store, fetcher, parser, settings.feeds, settings.watcher.concurrency, clock, publisher.wake
        )
        status = StatusServer(settings.status.listen, lambda: self._facts(store, desk, collector), clock)

        async def session() -> None:
            assert settings.token is not None
            bot = NewsthreadBot(services, desk.guild_id, clock, message_content=self._message_content)
            desk.attach(bot)
            try:
                async with bot:
                    await bot.run_session(settings.token.get_secret_value(), settings.discord.api_base)
            except ContentRefused as error:
                # The news matters more than quotes of replies.
                self._message_content = False
                log.warning("%s", error)
            else:
                return
            finally:
                desk.attach(None)
            await session()

        await status.start()
        loops = {
            "watcher": lambda: collector.run(self._beat("watcher")),
            "publisher": lambda: publisher.run(self._beat("publisher")),
            "catch-up": lambda: catch_up.run(self._beat("catch-up")),
            "deletions by others": lambda: moderating.outside.run(self._beat("deletions by others")),
            "keeping": lambda: moderating.privacy.run(self._beat("keeping")),
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

    async def _facts(self, store: Store, desk: Desk, collector: Collector) -> StatusFacts:
        return gather_facts(
            await store.overview(),
            self._settings.feeds,
            started_at=self._started,
            version=__version__,
            loops=self._beats,
            gateway_connected=desk.connected,
            gateway_latency=desk.latency,
            polls=collector.polls,
        )

    def _moderation(
        self,
        store: Store,
        newsroom: Newsroom,
        floor: Floor,
        office: Office,
        say: Say,
        wake: Callable[[], None],
        catch_up: CatchUp,
    ) -> Moderation:
        keys, clock = self._settings.moderation, self._clock
        rules = HouseRules(self._settings.rules.rules)
        return Moderation(
            rules=rules,
            removals=Removals(store, office, floor, keys, clock, wake),
            cases=Cases(store, rules, keys, clock, wake),
            rights=PostingRights(store, office, keys, clock, wake),
            reports=Reports(store, floor, keys, say, clock, wake),
            articles=Articles(store, office, newsroom, say, clock, wake),
            outside=Outside(store, office, clock, wake, catch_up.busy),
            privacy=Privacy(store, keys, clock, wake),
        )

    def _deeds(
        self,
        store: Store,
        newsroom: Newsroom,
        floor: Floor,
        office: Office,
        reactions: Reactions,
        say: Say,
    ) -> dict[JobKind, Deed]:
        settings, keys, clock = self._settings, self._settings.moderation, self._clock
        feeds = {feed.id: feed for feed in settings.feeds}
        return {
            JobKind.OPEN: news.Open(store, newsroom, feeds, reactions, say, clock),
            JobKind.REVISE: news.Revise(store, newsroom, feeds, reactions, say, clock),
            JobKind.HEADLINE: news.Headline(store, newsroom, feeds),
            JobKind.QUOTE: talk.QuotePost(store, floor, say, clock),
            JobKind.REQUOTE: talk.Requote(store, floor, say, clock),
            JobKind.REPLACE: talk.Replace(store, floor, say, clock),
            JobKind.DELETE: talk.Delete(store, floor, say, clock),
            JobKind.UNREACT: talk.Unreact(store, floor, newsroom, say, clock),
            JobKind.LOG: talk.Log(store, floor, keys.log_channel_id, say, clock),
            JobKind.TAKE_DOWN: moderation.TakeDown(store, office, keys, say, clock),
            JobKind.NOTICE: moderation.Notice(store, office, keys, say, clock),
            JobKind.TELL: moderation.Tell(store, office, keys, say, clock),
            JobKind.ENTER: moderation.Enter(store, office, keys, say, clock),
            JobKind.REPORT: moderation.ReportEntry(store, office, keys, say, clock),
            JobKind.RIGHTS: moderation.PostingRights(store, office, keys, say, clock),
        }

    def _beat(self, name: str) -> Callable[[], None]:
        def beat() -> None:
            self._beats[name] = self._clock.now()

        return beat


class _Bell:
    """Rings whatever is hung on it later: those who ring are built before the one who listens."""

    def __init__(self) -> None:
        self.rings: Callable[[], None] = lambda: None

    def __call__(self) -> None:
        self.rings()


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})
