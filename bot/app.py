"""The composition root: builds the rooms, runs their loops, closes them in reverse order."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot import __version__
from bot.audit import Audit
from bot.catchup import CatchUp
from bot.client import NewsthreadBot, Services
from bot.collector import Collector
from bot.deliveries import Deliveries
from bot.disk import Disk
from bot.errors import ContentRefused, Held, StartHeld
from bot.failpoints import around
from bot.feeds.fetch import Fetcher
from bot.feeds.worker import Parser
from bot.governor import Governor
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
from bot.newsroom import Desk, Floor, Inventory, Newsroom, Office
from bot.pace import Pace
from bot.publisher import Publisher, moderation, news, talk
from bot.quotes import Quotes
from bot.reactions import Reactions
from bot.status import StatusServer, gather_facts
from bot.store import Store
from bot.stories import Stories
from bot.supervise import Supervisor
from bot.troubles import Troubles

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.clock import Clock
    from bot.languages import Say
    from bot.publisher.deeds import Deed
    from bot.settings.keys import Settings
    from bot.status import StatusFacts

log = logging.getLogger(__name__)

# Seconds. Closing must be over within 10 s: requests under way get most of it to be answered, then loops (first the
# watcher's, later the others') to end, and at last what they used to close.
DRAIN = 5.0
ENDING = 1.5
CLOSING = 1.0


class App:
    """One running Newsthread."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        assert settings.token is not None
        self._settings = settings
        self._clock = clock
        self._started = clock.now()
        self._message_content = settings.discord.message_content
        self._troubles = Troubles(clock)
        self._supervisor = Supervisor(clock, self._troubles)
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
        newsroom = Newsroom(desk, clock, self._troubles)
        floor, office = Floor(desk, clock), Office(desk, clock)
        languages = Languages.load()
        say = languages.of(settings.discord.language)  # what is said to everybody
        feeds = {feed.id: feed for feed in settings.feeds}
        channels = {feed.channel_id for feed in settings.feeds}

        wake = _Bell()
        reactions = Reactions(store, floor, settings.reactions, channels, clock, wake)
        quotes = Quotes(store, floor, feeds, settings.quotes, say, clock, wake)
        stories = Stories(store, channels, clock)
        audit = Audit(
            store,
            Inventory(desk),
            newsroom,
            stories,
            settings.feeds,
            self._troubles,
            say,
            clock,
            wake,
        )
        deeds = self._deeds(
            around("store", store, "kept"),
            around("newsroom", newsroom),
            around("floor", floor),
            around("office", office),
            around("reactions", reactions),
            say,
            audit.covered,
        )
        targets = {feed.id: feed.channel_id for feed in settings.feeds}

        def go_on() -> None:
            publisher.wake()
            catch_up.wake()

        disk = Disk(store, self._troubles, clock, go_on)
        pace = Pace(clock, self._troubles)
        publisher = Publisher(
            around("store", store), desk, disk, deeds, targets, settings.delivery, clock, pace.began
        )
        wake.rings = publisher.wake
        catch_up = CatchUp(store, floor, newsroom, quotes, reactions, settings.reactions.recount, clock)
        moderating = self._moderation(store, newsroom, floor, office, say, wake, catch_up)

        def session_began() -> None:
            audit.wake()
            catch_up.wake()

        services = Services(
            stories=stories,
            quotes=quotes,
            reactions=reactions,
            moderation=moderating,
            floor=floor,
            office=office,
            deliveries=Deliveries(store, publisher.wake),
            languages=languages,
            wake_publisher=publisher.wake,
            catch_up=session_began,
        )
        fetcher = Fetcher(settings.watcher, clock)
        parser = Parser(settings.watcher.parse_workers, settings.watcher.parse_timeout.total_seconds())
        collector = Collector(
            store, fetcher, parser, settings.feeds, settings.watcher, clock, publisher.wake, self._supervisor
        )
        status = StatusServer(
            settings.status.listen, lambda: self._facts(store, desk, disk, collector), clock
        )

        governor = Governor(store, clock, self._troubles)

        async def session() -> None:
            assert settings.token is not None
            while True:
                await pace.opened()
                bot = NewsthreadBot(
                    services, desk.guild_id, clock, governor, pace, message_content=self._message_content
                )
                desk.attach(bot)
                try:
                    async with bot:
                        await bot.run_session(settings.token.get_secret_value(), settings.discord.api_base)
                except ContentRefused as error:
                    # The news matters more than quotes of replies.
                    self._message_content = False
                    log.warning("%s", error)
                except (StartHeld, Held):
                    pass  # a new session waits for its turn
                else:
                    return
                finally:
                    desk.attach(None)

        if address := await status.start():
            log.info("status page: %s", address)

        async def audited(loop: Callable[[Callable[[], None]], Awaitable[None]], name: str) -> None:
            """Run a loop that must not begin before it is known what a lost store had done."""
            await audit.first_pass(self._beat(name))
            await loop(self._beat(name))

        loops = {
            "watcher": lambda: collector.run(self._beat("watcher")),
            "audit": lambda: audit.run(self._beat("audit")),
            "publisher": lambda: audited(publisher.run, "publisher"),
            "catch-up": lambda: audited(catch_up.run, "catch-up"),
            "deletions by others": lambda: moderating.outside.run(self._beat("deletions by others")),
            "keeping": lambda: moderating.privacy.run(self._beat("keeping")),
            "pace": pace.run,
            "disk": lambda: disk.run(self._beat("disk")),
            "session with Discord": session,
        }
        tasks = {
            name: asyncio.create_task(self._supervisor.keep(name, loop), name=name)
            for name, loop in loops.items()
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
            await _end(tasks.pop("watcher"), within=ENDING)
            await asyncio.wait({asyncio.create_task(publisher.drain())}, timeout=DRAIN)
            await _end(*tasks.values(), within=ENDING)
            closing = {"parser": parser.close(), "fetcher": fetcher.close(), "status page": status.close()}
            await _finish(
                *(asyncio.create_task(each, name=name) for name, each in closing.items()), within=CLOSING
            )

    async def _facts(self, store: Store, desk: Desk, disk: Disk, collector: Collector) -> StatusFacts:
        return gather_facts(
            await store.overview(),
            self._settings.feeds,
            started_at=self._started,
            version=__version__,
            loops=self._beats,
            gateway_connected=desk.online,
            gateway_latency=desk.latency,
            store_writable=disk.ready,
            polls=collector.polls,
            troubles=self._troubles.all(),
            restarts=self._supervisor.restarts,
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
        covered: Callable[[int], bool],
    ) -> dict[JobKind, Deed]:
        settings, keys, clock = self._settings, self._settings.moderation, self._clock
        feeds = {feed.id: feed for feed in settings.feeds}
        return {
            JobKind.OPEN: news.Open(store, newsroom, feeds, reactions, say, clock, covered),
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


async def _end(*tasks: asyncio.Task[None], within: float) -> None:
    for task in tasks:
        task.cancel()
    await _finish(*tasks, within=within)


async def _finish(*tasks: asyncio.Task[None], within: float) -> None:
    """Wait so many seconds for the tasks, all side by side; what then is not over holds nothing up any longer."""
    _, late = await asyncio.wait(tasks, timeout=within)
    for task in late:
        log.warning("%s did not end within %g s and is cut off", task.get_name(), within)
        task.cancel()
