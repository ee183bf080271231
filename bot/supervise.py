"""Loops that must not end: one that fails is restarted after a growing pause, and its failure is logged."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.errors import TokenRefused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.clock import Clock

log = logging.getLogger(__name__)

FIRST_PAUSE = 1.0
LAST_PAUSE = 60.0
HEALTHY_AFTER = 120.0  # seconds of running after which a failure counts as the first again


async def supervise(name: str, loop: Callable[[], Awaitable[None]], clock: Clock) -> None:
    """Run ``loop`` until it returns of itself or is cancelled.

    Raises:
        TokenRefused: waiting can't heal it.
    """
    pause = FIRST_PAUSE
    while True:
        began = clock.monotonic()
        try:
            await loop()
        except TokenRefused:
            raise
        except Exception as error:
            if clock.monotonic() - began > HEALTHY_AFTER:
                pause = FIRST_PAUSE
            # What we expect of a network is told in a line; only the rest deserves a trace.
            expected = isinstance(error, OSError | TimeoutError) or type(error).__module__.startswith(
                ("aiohttp", "discord")
            )
            log.warning(
                "%s failed (%s: %s); starting again in %.0f s",
                name,
                type(error).__name__,
                error,
                pause,
                exc_info=None if expected else error,
            )
        else:
            return
        await clock.sleep(clock.jitter(pause))
        pause = min(pause * 2, LAST_PAUSE)
