"""Time and ids of the local Discord: the only user of the wall clock, so that tests can move it."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

DISCORD_EPOCH = 1_420_070_400_000  # 2015-01-01T00:00Z in Unix milliseconds; snowflakes count from here


class Clock:
    """The real clock, which can be moved forward: whoever sleeps wakes as if that time had passed."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """The wall time, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back."""
        return time.monotonic() + self._ahead

    async def sleep(self, seconds: float) -> None:
        end = self.monotonic() + seconds
        while (left := end - self.monotonic()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._moved.wait()

    def advance(self, seconds: float) -> None:
        """Move time forward: rate limits refill, nonces and interaction tokens expire, threads grow old."""
        self._ahead += max(0.0, seconds)
        self._moved.set()
        self._moved = asyncio.Event()


class Snowflakes:
    """Ids of their time, strictly increasing however fast they are asked for or the clock is set back."""

    def __init__(self, clock: Clock, last: int = 0) -> None:
        self._clock = clock
        self._last = last

    def next(self) -> int:
        milliseconds = int(self._clock.now().timestamp() * 1000) - DISCORD_EPOCH
        self._last = max(milliseconds << 22, self._last + 1)
        return self._last


def snowflake_time(snowflake: int) -> datetime:
    """When an id was made (milliseconds precision)."""
    return datetime.fromtimestamp(((snowflake >> 22) + DISCORD_EPOCH) / 1000, UTC)


def timestamp(moment: datetime) -> str:
    """ISO 8601 as Discord writes it: microseconds and a numeric offset."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
