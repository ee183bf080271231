"""What is asked of Discord while members wait: a few questions at a time, and of a member once for all who ask.

discord.py sends whatever it is asked at once until a route's limit is used up, and the surplus comes back as 429, of
which Discord allows a bot only so many: what members can bring about by a click must not spend them.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import discord

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

_AT_ONCE = 5


class Asking:
    """Questions under way."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._members: dict[int, asyncio.Task[discord.Member | None]] = {}

    async def message(self, channel: discord.PartialMessageable, message_id: int) -> discord.Message:
        """A message as it is now: everybody asks for themselves, since it may have been edited meanwhile.

        Raises:
            discord.DiscordException, aiohttp.ClientError, OSError: NotFound when it is gone.
        """
        async with self._turns:
            return await channel.fetch_message(message_id)

    async def member(
        self, member_id: int, fetch: Callable[[int], Coroutine[Any, Any, discord.Member | None]]
    ) -> discord.Member | None:
        """What ``fetch`` tells of a member, shared with everybody who asks while it is under way.

        Raises:
            discord.DiscordException, aiohttp.ClientError, OSError: whatever it raises.
        """
        task = self._members.get(member_id)
        if task is None:
            task = asyncio.create_task(self._in_turn(fetch(member_id)))
            self._members[member_id] = task
            task.add_done_callback(lambda done: self._forget(member_id, done))
        return await asyncio.shield(task)

    async def _in_turn(self, fetching: Coroutine[Any, Any, discord.Member | None]) -> discord.Member | None:
        async with self._turns:
            return await fetching

    def _forget(self, member_id: int, done: asyncio.Task[discord.Member | None]) -> None:
        del self._members[member_id]
        if not done.cancelled():
            done.exception()  # heard of, even where whoever asked has gone away
