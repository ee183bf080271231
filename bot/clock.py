"""Now, sleep and chance: the only user of time and randomness, so that tests can hold both still."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from base64 import b32encode
from datetime import UTC, datetime


class Clock:
    """The real clock. Tests pass a subclass."""

    def now(self) -> datetime:
        """The wall time, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds on a clock that never jumps."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))

    async def wait(self, event: asyncio.Event, seconds: float | None = None) -> None:
        """Until the event is set, or so long at most."""
        woken = asyncio.ensure_future(event.wait())
        slept = [] if seconds is None else [asyncio.ensure_future(self.sleep(seconds))]
        try:
            await asyncio.wait({woken, *slept}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in (woken, *slept):
                each.cancel()

    def jitter(self, seconds: float, share: float = 0.1) -> float:
        """``seconds``, moved by at most ``share`` of it either way."""
        return seconds * (1 + share * (2 * random.random() - 1))  # noqa: S311 - spreads load, guards nothing

    def spread(self, seconds: float) -> float:
        """A moment between 0 and ``seconds`` from now."""
        return seconds * random.random()  # noqa: S311

    def token(self) -> str:
        """Sixteen characters of lower-case base32: 80 random bits naming one delivery."""
        return b32encode(secrets.token_bytes(10)).decode().lower()
