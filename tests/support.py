"""What several test folders share: a clock that stands still and finds out who waits for it."""

from __future__ import annotations

import asyncio
import heapq
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from bot.clock import Clock

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class StillClock(Clock):
    """Time moves only by ``advance``; jitter is nil; tokens count up."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._count = 0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return (self._now - START).total_seconds()

    async def sleep(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(
            self._sleepers, (self._now + timedelta(seconds=max(0.0, seconds)), self._count, future)
        )
        await future

    def jitter(self, seconds: float, share: float = 0.1) -> float:
        return seconds

    def spread(self, seconds: float) -> float:
        return 0.0

    def token(self) -> str:
        self._count += 1
        return f"token{self._count:011d}"

    def advance(self, seconds: float) -> None:
        """Move time on and wake every sleeper whose moment has come, earliest first."""
        self._now += timedelta(seconds=seconds)
        while self._sleepers and self._sleepers[0][0] <= self._now:
            _, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                future.set_result(None)


class AheadClock(Clock):
    """The real clock, which can be moved forward: whoever sleeps wakes as if that time had passed."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        return super().now() + self._ahead

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead.total_seconds()

    async def sleep(self, seconds: float) -> None:
        end = self.monotonic() + seconds
        while (left := end - self.monotonic()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._moved.wait()
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)
        self._moved.set()
        self._moved = asyncio.Event()
