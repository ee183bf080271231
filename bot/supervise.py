"""Loops that must not end: one that fails is restarted after a growing pause, and that is told for as long as it is so.

What the store's disk does to a loop is told by ``bot.disk``, once for them all.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import StoreCorrupt, StoreFailing, TokenRefused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.clock import Clock
    from bot.troubles import Troubles

log = logging.getLogger(__name__)

FIRST_PAUSE = 1.0
LAST_PAUSE = 60.0
HEALTHY_AFTER = 120.0  # seconds of running after which a loop is well, and its next failure the first again
FATAL = (TokenRefused, StoreCorrupt)  # no waiting heals these


class Supervisor:
    """Keeps loops running; ``restarts`` counts by name how often each was begun anew."""

    def __init__(self, clock: Clock, troubles: Troubles) -> None:
        self._clock = clock
        self._troubles = troubles
        self.restarts: Counter[str] = Counter()

    async def keep(self, name: str, loop: Callable[[], Awaitable[None]]) -> None:
        """Run ``loop`` until it returns of itself or is cancelled. ``name`` stands in "The {name} failed".

        Raises:
            TokenRefused, StoreCorrupt: waiting can't heal it.
        """
        failures = 0

        async def recover() -> None:
            nonlocal failures
            await self._clock.sleep(HEALTHY_AFTER)
            failures = 0
            self._troubles.end(_key(name))

        while True:
            recovering = asyncio.create_task(recover())
            try:
                await loop()
            except FATAL:
                raise
            except Exception as error:
                failures += 1
                pause = self._clock.jitter(min(FIRST_PAUSE * 2 ** (failures - 1), LAST_PAUSE))
                self._tell(name, error, failures, pause)
            else:
                self._troubles.end(_key(name))
                return
            finally:
                recovering.cancel()
            self.restarts[name] += 1
            await self._clock.sleep(pause)

    def _tell(self, name: str, error: Exception, failures: int, pause: float) -> None:
        if isinstance(error, StoreFailing):
            log.debug("%s: %s", name, error)
            return
        # What we expect of a network is told in a line; only the rest deserves a trace, and may hold what is nobody's
        # business.
        expected = isinstance(error, OSError) or type(error).__module__.startswith(("aiohttp", "discord"))
        if not expected:
            log.error("%s failed", name, exc_info=error)
        what = f"{type(error).__name__}: {error}".removesuffix(": ") if expected else type(error).__name__
        times = "" if failures == 1 else f" {failures} times in a row"
        again = self._clock.now() + timedelta(seconds=pause)
        self._troubles.begin(
            _key(name), f"The {name} failed{times} ({what:.200}); starting again at {again:%H:%M:%S} UTC."
        )


def _key(name: str) -> str:
    return f"loop {name}"  # what a loop itself tells may be under its name
