"""Loops that die are begun anew and told of; each watched address by itself; a stuck poll holds up nothing but itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.collector import Collector
from bot.errors import StoreCorrupt, StoreFailing, TokenRefused
from bot.model import Fetched, FetchOutcome, NotModified, PollState
from bot.settings.keys import Feed, WatcherKeys
from bot.store import Store
from bot.supervise import HEALTHY_AFTER, LAST_PAUSE, Supervisor
from bot.troubles import Troubles
from tests.scenario import FORUM, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support import StillClock


class Loop:
    """Fails at its first ``failures`` beginnings, each time when the test says so, and then runs."""

    def __init__(self, *errors: Exception) -> None:
        self._errors = list(errors)
        self.beginnings = 0

    async def __call__(self) -> None:
        self.beginnings += 1
        if self._errors:
            raise self._errors.pop(0)
        await asyncio.Event().wait()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_what_dies_is_begun_anew_and_told(clock: StillClock) -> None:
    """With growing pauses; the trouble names the loop, how often, why and when it begins again, until it runs well."""
    troubles = Troubles(clock)
    supervisor = Supervisor(clock, troubles)
    loop = Loop(ConnectionResetError("gone"), KeyError("a secret"), OSError("gone"))
    kept = asyncio.create_task(supervisor.keep("session", loop))
    await settle()
    (trouble,) = troubles.all()
    assert trouble.sentence == (
        "The session failed (ConnectionResetError: gone); starting again at 12:00:01 UTC."
    )
    began = trouble.since

    clock.advance(1)
    await settle()
    (trouble,) = troubles.all()
    assert (
        trouble.sentence == "The session failed 2 times in a row (KeyError); starting again at 12:00:03 UTC."
    )
    clock.advance(1.5)
    await settle()
    assert loop.beginnings == 2
    clock.advance(0.5)
    await settle()
    clock.advance(4)
    await settle()
    assert loop.beginnings == 4
    assert supervisor.restarts == {"session": 3}
    clock.advance(HEALTHY_AFTER - 1)
    await settle()
    assert troubles.all()[0].since == began
    clock.advance(1)
    await settle()
    assert troubles.all() == ()
    kept.cancel()
    await asyncio.gather(kept, return_exceptions=True)


async def test_pauses_are_bounded_and_well_again_is_the_first_again(clock: StillClock) -> None:
    """However often it failed it is tried once a minute, and a loop that ran well is begun anew after a second."""
    troubles = Troubles(clock)
    loop = Loop(*(OSError("down") for _ in range(12)))
    kept = asyncio.create_task(Supervisor(clock, troubles).keep("session", loop))
    for _ in range(12):
        await settle()
        before = loop.beginnings
        clock.advance(LAST_PAUSE)
        await settle()
        assert loop.beginnings == before + 1
    kept.cancel()
    await asyncio.gather(kept, return_exceptions=True)


@pytest.mark.parametrize("error", [TokenRefused("refused"), StoreCorrupt("damaged")], ids=str)
async def test_what_no_waiting_heals_is_fatal(clock: StillClock, error: Exception) -> None:
    """It is raised at once, and is nobody's trouble for later."""
    troubles = Troubles(clock)
    with pytest.raises(type(error)):
        await Supervisor(clock, troubles).keep("session", Loop(error))
    assert troubles.all() == ()


async def test_the_disk_is_told_of_elsewhere(clock: StillClock, caplog: pytest.LogCaptureFixture) -> None:
    """A loop that can't store is begun anew without a word: the disk's watch speaks for all."""
    troubles = Troubles(clock)
    loop = Loop(StoreFailing("the disk is full"))
    kept = asyncio.create_task(Supervisor(clock, troubles).keep("session", loop))
    await settle()
    clock.advance(1)
    await settle()
    assert loop.beginnings == 2
    assert (troubles.all(), caplog.messages) == ((), [])
    kept.cancel()
    await asyncio.gather(kept, return_exceptions=True)


# --- watched addresses -----------------------------------------------------------------------------------


class Fetching:
    """Answers 304 to all but "stuck", which never gets an answer."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def fetch(self, url: str, _validators: Any) -> FetchOutcome:
        self.asked.append(url.rpartition("/")[2])
        if url.endswith("stuck"):
            await asyncio.Event().wait()
        return NotModified()


class Parsing:
    async def parse(self, _fetched: Fetched) -> Any:
        raise AssertionError("nothing was fetched")


class Brittle(Store):
    """Fails at remembering "broken" as often as it is told to."""

    faults = 2

    async def poll_states(self, urls: Any) -> dict[str, PollState]:
        wanted = list(urls)
        if wanted[0].endswith("broken") and self.faults:
            self.faults -= 1
            raise KeyError("a fault of ours")
        return await super().poll_states(wanted)


@pytest.fixture
async def brittle(tmp_path: Path, clock: StillClock) -> AsyncIterator[Brittle]:
    store = await Brittle.open(f"sqlite+aiosqlite:///{tmp_path}/store.db", clock)
    assert isinstance(store, Brittle)
    yield store
    await store.close()


def feed(name: str) -> Feed:
    return Feed(id=name, url=f"https://news.example/{name}", channel_id=FORUM, interval=timedelta(minutes=5))


async def test_a_watcher_that_dies_concerns_no_other(
    brittle: Brittle, clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    """It is begun anew by itself, and named by its feed; the others are polled as before, and not again."""
    fetching, troubles = Fetching(), Troubles(clock)
    supervisor = Supervisor(clock, troubles)
    collector = Collector(
        brittle,
        fetching,  # type: ignore[arg-type]
        Parsing(),  # type: ignore[arg-type]
        [feed("broken"), feed("good")],
        WatcherKeys(),
        clock,
        lambda: None,
        supervisor,
    )
    running = asyncio.create_task(collector.run())

    async def asked() -> bool:
        return fetching.asked == ["good"] and bool(troubles.all())

    clock_moves = asyncio.create_task(hurry(clock, 0))
    await until(asked)
    assert [each.sentence for each in troubles.all()] == [
        "The watcher of broken failed (KeyError); starting again at 12:00:01 UTC."
    ]
    clock_moves.cancel()
    clock_moves = asyncio.create_task(hurry(clock, 1))

    async def healed() -> bool:
        return "broken" in fetching.asked

    await until(healed)
    clock_moves.cancel()
    assert supervisor.restarts == {"watcher of broken": 2}
    assert fetching.asked.count("good") == 1
    running.cancel()
    await asyncio.gather(running, clock_moves, return_exceptions=True)
    assert "broken failed" in caplog.text


async def test_a_stuck_poll_holds_up_nothing_but_itself(brittle: Brittle, clock: StillClock) -> None:
    """With one place for polls, others get their turn once it is cut off, and it is one of the feed's failures."""
    fetching = Fetching()
    collector = Collector(
        brittle,
        fetching,  # type: ignore[arg-type]
        Parsing(),  # type: ignore[arg-type]
        [feed("stuck"), feed("good")],
        WatcherKeys(concurrency=1),
        clock,
        lambda: None,
        Supervisor(clock, Troubles(clock)),
        poll_limit=0.2,
    )
    running = asyncio.create_task(collector.run())
    clock_moves = asyncio.create_task(hurry(clock, 0))

    async def both() -> bool:
        states = await brittle.poll_states([feed("good").url, feed("stuck").url])
        return all(state.polled_at for state in states.values())

    await until(both)
    state = (await brittle.poll_states([feed("stuck").url]))[feed("stuck").url]
    assert state.failure is not None
    assert state.failure.sentence == ("Newsthread itself was stuck on this feed for 0 s; please report it")
    assert fetching.asked == ["stuck", "good"]
    for task in (running, clock_moves):
        task.cancel()
    await asyncio.gather(running, clock_moves, return_exceptions=True)


async def hurry(clock: StillClock, seconds: float) -> None:
    """Whoever sleeps is woken again and again, time moving by ``seconds``."""
    while True:
        clock.advance(seconds)
        await asyncio.sleep(0.02)
