"""What stands of ours in the channels of the feeds, whatever the store thinks: threads, marked posts, and what the
server's audit log tells of those that are gone.

A listing is complete or raises: an incomplete one proves nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import discord

from bot.errors import Vanished
from bot.newsroom.outcomes import looking
from bot.newsroom.views import marker_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.newsroom.desk import Desk

_REASON = re.compile(r"Newsthread (?P<token>[a-z0-9]{13,24})")


@dataclass(frozen=True, slots=True)
class Listed:
    """What stands of ours in a channel. A post in a text channel has the id that its thread has."""

    threads: frozenset[int]
    # Opening posts that stand in the channel itself, with their tokens: none in a forum.
    posts: dict[int, str]


class Inventory:
    """Reads, and changes nothing. Every method raises what ``outcomes.looking`` does."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def guild_id(self) -> int:
        return self._desk.guild_id

    @property
    def connected(self) -> bool:
        return self._desk.connected

    async def active(self) -> dict[int, int]:
        """All active threads of ours in the server, each with its channel's id."""
        guild = self._desk.guild()
        async with looking("the list of active threads"):
            return {
                thread.id: thread.parent_id
                for thread in await guild.active_threads()
                if thread.owner_id == guild.me.id
            }

    async def listed(
        self, channel_id: int, active: Mapping[int, int], since: datetime, *, threads: bool
    ) -> Listed:
        """What was made in the channel since. Of a text channel the threads are asked for only where they matter,
        since whatever has a thread there has a post.
        """
        guild = self._desk.guild()
        channel = cast(discord.ForumChannel | discord.TextChannel, guild.get_channel(channel_id))
        async with looking(f"channel #{channel.name}"):
            if isinstance(channel, discord.ForumChannel):
                return Listed(await self._threads(channel, active, since), {})
            posts = {
                message.id: token
                async for message in channel.history(limit=None, after=since, oldest_first=True)
                if message.author.id == guild.me.id and (token := marker_of(message)) is not None
            }
            return Listed(await self._threads(channel, active, since) if threads else frozenset(), posts)

    async def _threads(
        self, channel: discord.ForumChannel | discord.TextChannel, active: Mapping[int, int], since: datetime
    ) -> frozenset[int]:
        me, first = channel.guild.me.id, discord.utils.time_snowflake(since)
        found = {thread_id for thread_id, parent_id in active.items() if parent_id == channel.id}
        # Sorted by the time of archiving, newest first: nothing made since can have been archived before.
        async for thread in channel.archived_threads(limit=None):
            if thread.archive_timestamp < since:
                break
            if thread.owner_id == me:
                found.add(thread.id)
        return frozenset(thread_id for thread_id in found if thread_id >= first)

    async def token_of(self, post_id: int, channel_id: int) -> str | None:
        """The token in an opening post, which in a forum stands in its own thread; None when it bears none.

        Raises:
            Vanished: the opening post is gone.
        """
        forum = isinstance(self._desk.guild().get_channel(channel_id), discord.ForumChannel)
        async with looking(f"the opening post {post_id}"):
            place = self._desk.channel(post_id if forum else channel_id)
            return marker_of(await place.fetch_message(post_id))

    async def is_gone(self, thread_id: int) -> bool:
        """Whether the thread or its opening post was deleted."""
        try:
            async with looking(f"thread {thread_id}"):
                thread = await self._desk.thread(thread_id)
                outside = isinstance(thread.parent, discord.TextChannel)
                place = thread.parent_id if outside else thread_id
                await self._desk.channel(place).fetch_message(thread_id)
        except Vanished:
            return True
        return False

    async def opened(self, since: datetime) -> dict[int, str]:
        """The threads that the audit log says we opened since, with the tokens of their openings.

        Nothing where the bot may not read it.
        """
        guild = self._desk.guild()
        if not guild.me.guild_permissions.view_audit_log:
            return {}
        async with looking("the audit log"):
            return {
                cast(int, entry.target.id): match["token"]
                async for entry in guild.audit_logs(
                    action=discord.AuditLogAction.thread_create,
                    user=guild.me,
                    after=since,
                    limit=None,
                    oldest_first=True,
                )
                if entry.target is not None and (match := _REASON.fullmatch(entry.reason or ""))
            }
