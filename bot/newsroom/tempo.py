"""How many threads Discord lets us open in a channel: learned from its first refusal, so that few follow.

Discord limits this over minutes and does not say so in its headers beforehand (discord/discord-api-docs#7816). What
headers do tell, discord.py keeps to.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.errors import Later

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.clock import Clock

Place = discord.ForumChannel | discord.TextChannel

# Seconds. Discord's own period is of minutes: what took longer than this tells nothing about it.
LONGEST = 900.0
MARGIN = 1.0  # between Discord's clock and ours
KNOWN = 3600.0  # for which what was learned is believed: others may have used up a part of it meanwhile


@dataclass(slots=True)
class _Channel:
    """Threads opened since ``began``, which is the beginning of Discord's own period where it is ``sharp``."""

    began: float
    count: int = 0
    sharp: bool = False
    until: float = 0.0  # no more before then
    most: int | None = None  # in ``period``, as learned at ``learned``
    period: float = 0.0
    learned: float = 0.0


class Tempo:
    """Counts the threads opened by channel."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._channels: dict[int, _Channel] = {}

    def keep(self, place: Place) -> None:
        """To be asked before a thread is opened.

        Raises:
            Later: as many as Discord allows were opened; it says when there may be more.
        """
        left = self._channel(place.id).until - self._clock.monotonic()
        if left > 0:
            raise Later(
                f"channel #{place.name}: Discord lets no more threads be opened there for a while",
                retry_after=left,
            )

    @contextmanager
    def opening(self, place: Place) -> Iterator[None]:
        """Inside a thread is opened."""
        try:
            yield
        except discord.RateLimited as error:
            self._refused(self._channel(place.id), error.retry_after)
            raise
        channel = self._channel(place.id)
        if channel.count == 0:
            channel.began = self._clock.monotonic()
        channel.count += 1
        if channel.most is not None and channel.count >= channel.most:
            channel.until = channel.began + channel.period + MARGIN

    def _refused(self, channel: _Channel, seconds: float) -> None:
        now = self._clock.monotonic()
        channel.until = now + seconds
        period = channel.until - channel.began
        if channel.sharp and channel.count and period <= LONGEST:
            channel.most, channel.period, channel.learned = channel.count, period, now

    def _channel(self, channel_id: int) -> _Channel:
        now = self._clock.monotonic()
        channel = self._channels.setdefault(channel_id, _Channel(now))
        if channel.most is not None and now > channel.learned + KNOWN:
            channel.most = None
        if channel.most is not None and not channel.until and now > channel.began + channel.period:
            channel.until = now  # a period in which there was not much to open
        if channel.until and now >= channel.until:
            # Discord's period begins with the first thread after the last one: now.
            channel.began, channel.count, channel.sharp, channel.until = now, 0, True, 0.0
        return channel
