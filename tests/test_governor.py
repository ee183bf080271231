"""The start governor: what it makes wait how long, across restarts of the program."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import StartHeld
from bot.governor import A_DAY, DAY, HOUR, Governor, due
from bot.store import Store
from bot.troubles import Troubles
from tests import scenario as scenarios
from tests.process import is_connected
from tests.scenario import until
from tests.support import START

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scenario import Scenario
    from tests.support import StillClock


def ago(*seconds: float) -> list[datetime]:
    return [START - timedelta(seconds=each) for each in seconds]


@pytest.mark.parametrize(
    ("starts", "wait"),
    [
        ([], 0),
        (ago(*range(9)), 0),  # the 10th
        (ago(*range(10)), 10),
        (ago(*range(4, 14)), 6),  # counted from the last
        (ago(*range(60, 70)), 0),
        (ago(*range(11)), 20),
        (ago(*range(17)), 1280),
        (ago(*range(18)), 1800),
        (ago(*range(60)), 1800),
        (ago(*[3600] * 50), 0),  # an hour ago
        (ago(*[80_000] * 899), 0),
        (ago(*[80_000] * 900), 6_400),
        (ago(86_399, *[80_000] * 899), 1),  # fewer than 900 then
        (ago(*[86_400] * 2000), 0),
        (ago(*[-1] * 2000), 0),  # of a clock that was ahead
    ],
)
def test_how_long_the_next_start_waits(starts: list[datetime], wait: float) -> None:
    """The 11th within an hour and the 901st within a day wait, each longer than the one before up to 30 minutes."""
    assert due(starts, START) == START + timedelta(seconds=wait)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.floats(0, 7200), min_size=1, max_size=50))
def test_no_day_costs_the_token(gaps: list[float]) -> None:
    """However a program dies and is restarted, no 24 hours see more than 900 starts, nor an hour more than 20."""
    starts: list[datetime] = []
    now = START
    for gap in gaps * (400 // len(gaps) + 1):
        now = max(now, due(starts, now)) + timedelta(seconds=gap / 100)
        starts = [each for each in starts if each > now - DAY]
        starts.append(now)
        assert len(starts) <= A_DAY
        assert len([each for each in starts if each > now - HOUR]) <= 20


async def test_a_crash_loop_is_slowed_down(store: Store, clock: StillClock) -> None:
    """Starts are counted across programs; whoever waits says so, is woken in time, and can be stopped at once."""
    for _ in range(10):
        await Governor(store, clock, Troubles(clock)).turn()
        await Governor(store, clock, Troubles(clock)).begin()
        clock.advance(1)
    troubles = Troubles(clock)
    governor = Governor(store, clock, troubles)

    with pytest.raises(StartHeld):
        await governor.begin()
    waiting = asyncio.create_task(governor.turn())
    await until(lambda: _is(bool(troubles.all())))
    assert "the next waits until 2026-11-24 12:00:19 UTC" in troubles.all()[0].sentence
    clock.advance(8)
    await asyncio.sleep(0)
    assert not waiting.done()
    clock.advance(1)
    await waiting
    await governor.begin()
    assert troubles.all() == ()

    waiting = asyncio.create_task(governor.turn())
    await until(lambda: _is(bool(troubles.all())))
    waiting.cancel()
    await asyncio.wait({waiting})
    assert waiting.cancelled()


async def test_starts_are_forgotten_after_a_day(store: Store, clock: StillClock) -> None:
    """The store keeps a day of them, and none of a clock that was ahead."""
    await store.note_start(START - DAY)
    await store.note_start(START)
    assert await store.starts(START - 2 * DAY) == (START,)

    await store.note_start(START - timedelta(seconds=1))

    assert await store.starts(START - DAY) == (START - timedelta(seconds=1),)


async def test_discord_counts_too(clock: StillClock, store: Store) -> None:
    """With fewer than 50 sessions left by Discord's own count we wait until it allows all again, and say so."""
    troubles = Troubles(clock)
    governor = Governor(store, clock, troubles)

    assert await governor.heed(50, 600)
    assert troubles.all() == ()
    waiting = asyncio.create_task(governor.heed(49, 600))
    await asyncio.sleep(0)
    assert "only 49 more sessions" in troubles.all()[0].sentence
    assert "until 2026-11-24 12:10:00 UTC" in troubles.all()[0].sentence
    clock.advance(600)
    assert await waiting is False


@pytest.mark.slow
async def test_sessions_wait_for_their_turn(
    tmp_path: Path, empty_store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A bot that was started too often watches its feeds while it waits, can be stopped at once, and goes on in its
    turn; so does a session that has to be begun anew. Resuming is no start; Discord's own count is heeded."""
    async with scenarios.scenario(tmp_path) as scene:
        shutil.copy(empty_store, tmp_path / "newsthread.db")
        store = await Store.open(scene.settings().store.url, scene.clock)
        for _ in range(10):
            await store.note_start(scene.clock.now())
        await store.close()
        scene.watch("/world.rss")
        scene.paper.publish("/world.rss", "One")

        async with scene.bot():
            await until(lambda: _said(caplog, "begun so often"))
            began = scene.clock.monotonic()
        assert scene.clock.monotonic() - began < 2

        async with scene.bot():
            await scene.polls("/world.rss")
            assert not await is_connected(scene)
            scene.clock.advance(10)
            await scene.until_names("One")
            assert _starts(scene) == 11
            await scene.call("POST", "/local/gateway/reconnect")
            scene.paper.publish("/world.rss", "Two")
            await scene.until_names("One", "Two")
            assert _starts(scene) == 11

            began = scene.clock.monotonic()
            await scene.new_session()
            assert 19 <= scene.clock.monotonic() - began < 40  # counted from the start before
            assert _starts(scene) == 12

        await scene.call("PATCH", "/local/application", {"session_starts": 49})
        scene.clock.advance(60)
        async with scene.bot():
            await until(lambda: _said(caplog, "only 49 more sessions"))
            assert not await is_connected(scene)
            await scene.call("PATCH", "/local/application", {"session_starts": 1000})
            scene.clock.advance(14_400)
            await until(lambda: is_connected(scene))
            assert _starts(scene) == 1 + 12


def _starts(scene: Scenario) -> int:
    """How many are in the store."""
    ((count,),) = scene.rows("SELECT count(*) FROM start")
    return int(count)


async def _is(truth: bool) -> bool:
    return truth


async def _said(caplog: pytest.LogCaptureFixture, words: str) -> bool:
    return words in caplog.text
