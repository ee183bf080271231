"""Finding what a lost answer may have left on Discord, by the marker it carries.

Title equality is never proof: titles repeat, Discord strips characters, moderators rename.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.newsroom.views import marker_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

# Clocks differ, and Discord stamps a post when it takes it: look a little earlier than we began.
SLACK = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Found:
    """The post exists; ``extras`` are further ones with the same marker, younger than it."""

    message_id: int
    thread_id: int | None
    extras: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Deleted:
    """It did exist, and was deleted."""


@dataclass(frozen=True, slots=True)
class NotThere:
    """A complete search found nothing."""


Finding = Found | Deleted | NotThere


async def forum_post(forum: discord.ForumChannel, token: str, since: datetime) -> Finding:
    """Search active and archived posts of ``forum``, and the audit log where it may be read.

    Raises:
        discord.DiscordException, aiohttp.ClientError, OSError: the search is incomplete and proves nothing.
    """
    since -= SLACK
    ids = []
    async for thread in _threads(forum, since):
        try:
            starter = await thread.fetch_message(thread.id)
        except discord.NotFound:
            continue
        if marker_of(starter) == token:
            ids.append(thread.id)
    if ids:
        first, *extras = sorted(ids)
        return Found(first, first, tuple(extras))
    return Deleted() if await _created_says_audit_log(forum.guild, token, since) else NotThere()


async def channel_post(channel: discord.abc.Messageable, me: int, token: str, since: datetime) -> Finding:
    """Search the messages of a text channel or thread.

    Raises:
        discord.DiscordException, aiohttp.ClientError, OSError: the search is incomplete and proves nothing.
    """
    ids = [
        (message.id, message.thread.id if message.thread else None)
        async for message in channel.history(limit=None, after=since - SLACK, oldest_first=True)
        if message.author.id == me and marker_of(message) == token
    ]
    if not ids:
        return NotThere()
    (message_id, thread_id), *extras = ids
    return Found(message_id, thread_id, tuple(extra for extra, _ in extras))


async def _threads(forum: discord.ForumChannel, since: datetime) -> AsyncIterator[discord.Thread]:
    earliest = discord.utils.time_snowflake(since)
    me = forum.guild.me.id
    for thread in await forum.guild.active_threads():
        if thread.parent_id == forum.id and thread.owner_id == me and thread.id >= earliest:
            yield thread
    # Sorted by the time of archiving, newest first: nothing made since can have been archived before.
    async for thread in forum.archived_threads(limit=None):
        if thread.archive_timestamp < since:
            return
        if thread.owner_id == me and thread.id >= earliest:
            yield thread


async def _created_says_audit_log(guild: discord.Guild, token: str, since: datetime) -> bool:
    if not guild.me.guild_permissions.view_audit_log:
        return False
    async for entry in guild.audit_logs(
        action=discord.AuditLogAction.thread_create, user=guild.me, after=since, limit=None, oldest_first=True
    ):
        if token in (entry.reason or ""):
            return True
    return False
