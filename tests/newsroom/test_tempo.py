"""Discord's unannounced limit on new threads, learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Later
from bot.newsroom.tempo import KNOWN, Tempo
from tests.support import StillClock

if TYPE_CHECKING:
    from bot.newsroom.tempo import Place


@dataclass
class Channel:
    """Allows ``most`` threads in a period that begins with the first of them."""

    clock: StillClock
    most: int
    period: float
    id: int = 1
    name: str = "news"
    began: float = -1e9
    used: int = 0
    refusals: int = 0

    def open(self) -> None:
        now = self.clock.monotonic()
        if now >= self.began + self.period:
            self.began, self.used = now, 0
        if self.used == self.most:
            self.refusals += 1
            raise discord.RateLimited(self.began + self.period - now)
        self.used += 1


def flood(tempo: Tempo, channel: Channel, count: int, gap: float = 0.2) -> float:
    """Open so many threads as a lane of the publisher does; the seconds it took."""
    start, opened = channel.clock.monotonic(), 0
    place = cast("Place", channel)
    while opened < count:
        channel.clock.advance(gap)
        try:
            tempo.keep(place)
            with tempo.opening(place):
                channel.open()
            opened += 1
        except Later as later:
            assert later.retry_after is not None
            channel.clock.advance(later.retry_after)
        except discord.RateLimited as limited:
            channel.clock.advance(limited.retry_after)
    return channel.clock.monotonic() - start


def test_two_refusals_teach_the_limit(clock: StillClock) -> None:
    """One while it is unknown when Discord's period began, one more to learn it; then none, at nearly full speed."""
    tempo, channel = Tempo(clock), Channel(clock, 50, 300)
    seconds = flood(tempo, channel, 500)
    assert channel.refusals == 2
    assert seconds < 10 * 300


@given(st.integers(1, 60), st.floats(60, 600), st.integers(0, 59), st.floats(0.05, 5), st.integers(1, 400))
def test_no_limit_costs_many_refusals(most: int, period: float, before: int, gap: float, count: int) -> None:
    """Whatever the limit, and whatever was opened before the program started."""
    clock = StillClock()
    channel = Channel(clock, most, period)
    for _ in range(min(before, most)):
        channel.open()
    hours = flood(Tempo(clock), channel, count, gap) / KNOWN
    assert channel.refusals <= 3 + hours * 2


def test_what_was_learned_is_asked_again(clock: StillClock) -> None:
    """Others may have used up a part of the limit: after an hour it is learned anew."""
    tempo, channel = Tempo(clock), Channel(clock, 5, 300)
    flood(tempo, channel, 20)
    channel.most = 50
    clock.advance(KNOWN)
    assert flood(tempo, channel, 50) < 300


def test_a_slow_day_teaches_nothing(clock: StillClock) -> None:
    """A thread every few minutes is never held back, also after a flood; channels do not share what is learned."""
    tempo, channel, other = Tempo(clock), Channel(clock, 50, 300), Channel(clock, 50, 300, id=2)
    flood(tempo, channel, 120)
    flood(tempo, other, 40)
    assert other.refusals == 0
    refusals = channel.refusals
    clock.advance(300)
    assert flood(tempo, channel, 30, gap=200) == pytest.approx(30 * 200)
    assert channel.refusals == refusals
