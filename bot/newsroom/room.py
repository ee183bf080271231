"""Room for one more thread: a server may have so many active ones, and idle news is archived before it is full.

Decides from discord.py's cache, which the gateway keeps true. What has to be opened is the newsroom's affair.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.errors import DeliveryError, Refused, Vanished
from bot.newsroom.outcomes import delivering
from bot.text.places import posted_at

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from datetime import datetime

    from bot.clock import Clock
    from bot.newsroom.desk import Desk
    from bot.troubles import Troubles

log = logging.getLogger(__name__)

# A server may have 1,000 active threads, of its members' and of every bot's together.
FULL = 900  # from so many on room is made
EASED = 850  # until there are no more than these
AT_ONCE = 10  # archived at most before one thread is opened, which must not wait long
TALKED_IN = timedelta(days=1)  # what was written in so recently is not archived
REFUSED_PAUSE = timedelta(minutes=10)  # before what Discord refused us is asked again
NO_ROOM = 160006  # its code when the server is full
_REOPENED = timedelta(minutes=1)  # a new thread's state is dated from its creation, give or take a moment
_WRITTEN = timedelta(seconds=1)  # and its first message, which is the opening post or points to it, too
_TROUBLE = "active threads"


class Room:
    """Keeps a server's active threads below what Discord allows."""

    def __init__(self, desk: Desk, clock: Clock, troubles: Troubles) -> None:
        self._desk = desk
        self._clock = clock
        self._troubles = troubles
        self._one_at_a_time = asyncio.Lock()
        self._easing = False
        self._full = False  # said Discord, which counts also what is hidden from us
        self._not_before: datetime | None = None

    async def make(self, deadline: datetime) -> None:
        """Archive the longest idle ones of our threads, if the server is nearly full; few at a time.

        That it fails does not matter yet: whether there is room is for Discord to say.

        Raises:
            Later, Refused: see ``Desk.guild``.
            TokenRefused: 401.
        """
        async with self._one_at_a_time:
            guild, now = self._desk.guild(), self._clock.now()
            active = [thread for thread in guild.threads if not thread.archived]
            self._easing = len(active) >= FULL or (self._easing and len(active) > EASED)
            if not (self._easing or self._full) or (self._not_before is not None and now < self._not_before):
                return
            idle = longest_idle(active, guild.me, now)
            if self._full and not idle:
                self._troubles.begin(
                    _TROUBLE,
                    "The server has as many active threads as it may have, and none of the bot's is idle: new articles"
                    " wait until some threads that nobody needs are archived",
                )
            for thread in idle[:AT_ONCE]:
                try:
                    await self._archive(thread, deadline)
                except DeliveryError as error:
                    log.warning("no room could be made for new threads: %s", error)
                    if isinstance(error, Refused):
                        self._not_before = now + REFUSED_PAUSE
                    return

    async def _archive(self, thread: discord.Thread, deadline: datetime) -> None:
        try:
            async with delivering(self._clock, deadline, "freely", f"thread {thread.id}", target=True):
                await thread.edit(archived=True, reason="Newsthread: idle, to make room for newer threads")
        except Vanished:
            pass
        else:
            log.info("archived thread %s %r, the longest idle one, to make room", thread.id, thread.name)
        # The gateway will tell, which takes a moment: it must not be counted, or chosen again, until then.
        thread.archived = True

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Inside a thread is opened: whether Discord has room is remembered."""
        try:
            yield
        except discord.HTTPException as error:
            self._full = self._full or error.code == NO_ROOM
            raise
        self._full = False
        self._troubles.end(_TROUBLE)


def longest_idle(
    threads: Iterable[discord.Thread], me: discord.Member, now: datetime
) -> list[discord.Thread]:
    """Those of the bot's own threads that nobody would miss among the active ones, the longest idle first.

    Not among them: what is pinned, what was written in lately, and what was archived once and is open again, as
    only a person keeps it. (What the bot opens for a change it archives itself.)
    """
    return sorted(
        (thread for thread in threads if thread.owner_id == me.id and _may_rest(thread, me, now)),
        key=_last_active,
    )


def _may_rest(thread: discord.Thread, me: discord.Member, now: datetime) -> bool:
    if thread.parent is None or thread.flags.pinned:
        return False
    if thread.locked and not thread.permissions_for(me).manage_threads:
        return False
    created = thread.created_at or posted_at(thread.id)
    if thread.archive_timestamp > created + _REOPENED:
        return False
    last = _last_active(thread)
    return last <= created + _WRITTEN or last <= now - TALKED_IN


def _last_active(thread: discord.Thread) -> datetime:
    return posted_at(max(thread.id, thread.last_message_id or 0))
