"""How often sessions with Discord are begun: many in a short while wait longer and longer, across restarts.

Discord lets a bot identify itself 1,000 times a day, and resets the token of one that goes over (docs topics/gateway
§Session Start Limit). A resumed session identifies nothing and is no start.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from bot.errors import StartHeld

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.clock import Clock
    from bot.troubles import Troubles

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AT_ONCE = 10  # starts within an hour that wait for nothing
FIRST_WAIT = timedelta(seconds=10)
LAST_WAIT = timedelta(minutes=30)
A_DAY = 900  # starts
SPARE = 50  # starts that are left to a person who looks for what is wrong

_TROUBLE = "starts"


class Starts(Protocol):
    """Where starts are remembered."""

    async def starts(self, since: datetime) -> tuple[datetime, ...]:
        """Those since then, oldest first."""

    async def note_start(self, at: datetime) -> None:
        """One begins; durable when this returns."""


def due(starts: Collection[datetime], now: datetime) -> datetime:
    """When the next start may be, given all of the last day; ``now`` or before: at once.

    The 11th within an hour comes 10 s after the one before, the 12th 20 s, doubling up to 30 minutes; the 901st within
    a day waits until the first of them is a day old. Starts that lie ahead were noted by a clock that was wrong.
    """
    today = sorted(at for at in starts if now - DAY < at <= now)
    moment = now
    if (extra := len([at for at in today if at > now - HOUR]) + 1 - AT_ONCE) > 0:
        wait = min(FIRST_WAIT * 2 ** min(extra - 1, 10), LAST_WAIT)
        moment = max(now, today[-1] + wait)
    if len(today) >= A_DAY:
        moment = max(moment, today[-A_DAY] + DAY)
    return moment


class Governor:
    """Asked before each session, and told of each."""

    def __init__(self, starts: Starts, clock: Clock, troubles: Troubles) -> None:
        self._starts = starts
        self._clock = clock
        self._troubles = troubles

    async def turn(self) -> None:
        """Wait until a session may be begun.

        Raises:
            StoreError: the starts can't be read.
        """
        while (wait := await self._left()) > 0:
            until = self._clock.now() + timedelta(seconds=wait)
            self._troubles.begin(
                _TROUBLE,
                f"sessions with Discord were begun so often that the next waits until {_time(until)}, for Discord resets"
                " the token of a bot that begins 1,000 a day: look in the log for why they end",
            )
            await self._clock.sleep(wait)

    async def heed(self, remaining: int, reset_after: float) -> bool:
        """Discord's own count: how many starts it still allows, and after how many seconds it allows all again.

        False after a wait: ask again.
        """
        if remaining >= SPARE:
            return True
        until = self._clock.now() + timedelta(seconds=reset_after)
        self._troubles.begin(
            _TROUBLE,
            f"Discord allows this bot only {remaining} more sessions before it takes its token, so the next waits until"
            f" {_time(until)}: look in the log for why they end, and for others that use this token",
        )
        await self._clock.sleep(max(reset_after, FIRST_WAIT.total_seconds()))
        return False

    async def begin(self) -> None:
        """One begins now: noted before Discord is told.

        Raises:
            StartHeld: its time has not come.
            StoreError: it can't be noted, so it must not begin.
        """
        if await self._left() > 0:
            raise StartHeld("sessions with Discord were begun too often; the next has to wait")
        await self._starts.note_start(self._clock.now())
        self._troubles.end(_TROUBLE)

    async def _left(self) -> float:
        """Seconds; 0 or less: at once."""
        now = self._clock.now()
        return (due(await self._starts.starts(now - DAY), now) - now).total_seconds()


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
