"""The loop in: each due address is fetched, parsed, decided upon and stored, in one transaction.

An address is polled by one task, so never twice at once, and serves every feed that names it.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import StoreError
from bot.feeds.decide import decide
from bot.feeds.fetch import REQUESTS_PER_HOST
from bot.feeds.schedule import after_failure, after_success
from bot.model import Failure, FailureKind, Fetched, NotModified, PollUpdate, Validators

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.clock import Clock
    from bot.feeds.fetch import Fetcher
    from bot.feeds.worker import Parser
    from bot.model import FeedNews, ParsedFeed, PollState
    from bot.settings.keys import Feed, WatcherKeys
    from bot.store import Store
    from bot.supervise import Supervisor

log = logging.getLogger(__name__)

# At start, polls that are due are spread over a tenth of their interval, at most this many seconds.
START_SPREAD = 30.0


class Collector:
    """Watches the enabled feeds. ``run`` is the loop; ``on_news`` is called when there are new jobs."""

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        parser: Parser,
        feeds: Sequence[Feed],
        watcher: WatcherKeys,
        clock: Clock,
        on_news: Callable[[], None],
        supervisor: Supervisor,
        *,
        poll_limit: float | None = None,
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._parser = parser
        self._clock = clock
        self._on_news = on_news
        self._supervisor = supervisor
        self._slots = asyncio.Semaphore(watcher.concurrency)
        self._limit = poll_limit or _limit(watcher)
        self.polls: Counter[str] = Counter()  # since the start, by outcome: "ok" or the kind of failure
        self._addresses: dict[str, list[Feed]] = defaultdict(list)
        for feed in feeds:
            if feed.enabled:
                self._addresses[feed.url].append(feed)

    async def run(self, beat: Callable[[], None] = lambda: None) -> None:
        """Poll until cancelled; ``beat`` is called after every poll and at least once a minute.

        Raises:
            TokenRefused, StoreCorrupt: waiting can't heal it.
        """
        try:
            async with asyncio.TaskGroup() as group:
                for url, feeds in self._addresses.items():
                    group.create_task(self._keep_watching(url, tuple(feeds), beat))
                while True:
                    beat()
                    await self._clock.sleep(60)
        except BaseExceptionGroup as errors:
            # Each watch is restarted, unless that is no use; then one will do.
            raise errors.exceptions[0] from None

    async def _keep_watching(self, url: str, feeds: tuple[Feed, ...], beat: Callable[[], None]) -> None:
        """One address, so that what happens to its watch neither ends nor restarts the others."""
        name = f"watcher of {', '.join(feed.id for feed in feeds)}"
        await self._supervisor.keep(name, lambda: self._watch(url, feeds, beat))

    async def _watch(self, url: str, feeds: tuple[Feed, ...], beat: Callable[[], None]) -> None:
        interval = min(feed.interval for feed in feeds)
        state = (await self._store.poll_states([url]))[url]
        await self._clock.sleep(self._first_wait(state, interval))
        while True:
            await self._store.sound()  # what can't be stored is not fetched
            async with self._slots:
                state = await self._poll(state, feeds, interval)
            beat()
            assert state.next_at is not None
            await self._clock.sleep((state.next_at - self._clock.now()).total_seconds())

    def _first_wait(self, state: PollState, interval: timedelta) -> float:
        """A restart keeps to the schedule; an interval made shorter counts at once."""
        spread = self._clock.spread(min(interval.total_seconds() / 10, START_SPREAD))
        if state.next_at is None:
            return spread
        planned = (state.next_at - self._clock.now()).total_seconds()
        if not state.failures:
            planned = min(planned, interval.total_seconds())
        return max(planned, spread)

    async def _poll(self, state: PollState, feeds: tuple[Feed, ...], interval: timedelta) -> PollState:
        """One poll; every outcome is stored. A fault of ours is one of the feed's failures, and logged."""
        try:
            update = await self._learn_in_time(state, feeds, interval)
            jobs = await self._store.apply(update)
        except StoreError:
            raise
        except Exception as error:
            log.exception("poll of %s failed unexpectedly", ", ".join(feed.id for feed in feeds))
            sentence = f"Newsthread itself failed on this feed ({type(error).__name__}); please report it"
            update = self._failed(state, Failure(FailureKind.INTERNAL, sentence), interval)
            jobs = 0
            await self._store.apply(update)
        self._tell(state, update, feeds, jobs)
        if jobs:
            self._on_news()
        return update.state

    async def _learn_in_time(
        self, state: PollState, feeds: tuple[Feed, ...], interval: timedelta
    ) -> PollUpdate:
        """As ``_learn``, cut off when neither fetching nor parsing keeps to its own limit."""
        try:
            async with asyncio.timeout(self._limit) as limit:
                return await self._learn(state, feeds, interval)
        except TimeoutError:
            if not limit.expired():
                raise
            log.exception("poll of %s was stuck and is cut off", ", ".join(feed.id for feed in feeds))
            sentence = f"Newsthread itself was stuck on this feed for {self._limit:.0f} s; please report it"
            return self._failed(state, Failure(FailureKind.INTERNAL, sentence), interval)

    async def _learn(self, state: PollState, feeds: tuple[Feed, ...], interval: timedelta) -> PollUpdate:
        initialised = await self._store.initialised([feed.id for feed in feeds])
        # A feed seen for the first time needs the whole document, whatever its elders at this address have.
        all_known = len(initialised) == len(feeds)
        outcome = await self._fetcher.fetch(state.url, state.validators if all_known else Validators())
        if isinstance(outcome, Failure):
            return self._failed(state, outcome, interval)
        if isinstance(outcome, NotModified):
            return PollUpdate(self._succeeded(state, interval))

        digest = hashlib.sha256(outcome.body).hexdigest()
        fresh = replace(state, validators=outcome.validators, body_hash=digest)
        if all_known and digest == state.body_hash:
            return PollUpdate(self._succeeded(fresh, interval))
        parsed = await self._parser.parse(outcome)
        if isinstance(parsed, Failure):
            return self._failed(replace(state, validators=Validators()), parsed, interval)
        return PollUpdate(
            state=self._succeeded(fresh, interval),
            title=parsed.title,
            warnings=(*parsed.warnings, *_moved(outcome)),
            news=tuple([await self._decide(feed, feed.id in initialised, parsed) for feed in feeds]),
        )

    async def _decide(self, feed: Feed, initialised: bool, parsed: ParsedFeed) -> FeedNews:
        known = await self._store.known(feed.id, parsed.articles)
        return decide(feed, initialised, parsed, known, self._clock.now())

    def _succeeded(self, state: PollState, interval: timedelta) -> PollState:
        now = self._clock.now()
        done = replace(state, polled_at=now, succeeded_at=now, failures=0, failure=None)
        return replace(done, next_at=after_success(done, interval, now, self._clock))

    def _failed(self, state: PollState, failure: Failure, interval: timedelta) -> PollUpdate:
        now = self._clock.now()
        return PollUpdate(
            replace(
                state,
                polled_at=now,
                failures=state.failures + 1,
                failure=failure,
                next_at=after_failure(state, failure, interval, now, self._clock),
            )
        )

    def _tell(self, before: PollState, update: PollUpdate, feeds: tuple[Feed, ...], jobs: int) -> None:
        """Log news and changes of fortune; a feed that stays broken is not logged again and again."""
        names = ", ".join(feed.id for feed in feeds)
        failure = update.state.failure
        self.polls[failure.kind if failure else "ok"] += 1
        if failure is not None and (before.failure is None or before.failure.kind is not failure.kind):
            log.warning("feed %s: %s", names, failure.sentence)
        elif failure is None and before.failure is not None:
            log.info("feed %s: readable again", names)
        if jobs:
            log.info("feed %s: %d new", names, jobs)


def _limit(watcher: WatcherKeys) -> float:
    """Seconds that a poll may take with its turns at busy hosts and parsers, before it counts as stuck.

    Twice what it takes when every place is taken by a poll of the same host, each of which takes all of its time; and
    a minute, as a process that parses may need to start.
    """
    fetching = watcher.timeout.total_seconds() * (1 + watcher.concurrency / REQUESTS_PER_HOST)
    parsing = watcher.parse_timeout.total_seconds() * (1 + watcher.concurrency / watcher.parse_workers)
    return 60 + 2 * (fetching + parsing)


def _moved(outcome: Fetched) -> tuple[str, ...]:
    if outcome.moved_to is None:
        return ()
    return (f"the feed moved for good to {outcome.moved_to}: change its url in feeds.toml",)
