"""Reading a thread as it is on Discord: what stands in it, who reacted, what we posted and never heard of.

A search is complete or raises: an incomplete one proves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.emoji import emoji_key
from bot.model import Reacted
from bot.newsroom.said import contributed
from bot.newsroom.search import SLACK, Finding, Found, NotThere

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

_PAGE = 100


async def find_unclaimed(
    thread: discord.Thread, application_id: int | None, since: datetime, claimed: frozenset[int]
) -> Finding:
    """The post made for a member since ``since`` that is none of ``claimed``.

    Raises:
        discord.DiscordException, aiohttp.ClientError, OSError: the search is incomplete.
    """
    me = thread.guild.me.id
    ids = [
        message.id
        async for message in thread.history(limit=None, after=since - SLACK, oldest_first=True)
        if message.id not in claimed and contributed(message, application_id, me)
    ]
    return Found(ids[0], thread.id, tuple(ids[1:])) if ids else NotThere()


async def messages(
    thread: discord.Thread, since: datetime
) -> AsyncIterator[tuple[discord.Message, tuple[str, ...]]]:
    """What was posted since, oldest first, each with the emoji of its reactions.

    Raises:
        discord.DiscordException, aiohttp.ClientError, OSError: as far as it came.
    """
    async for message in thread.history(limit=None, after=since, oldest_first=True):
        if message.type is not discord.MessageType.thread_starter_message:
            yield message, emoji_of(message)


async def reactors(
    client: discord.Client, channel_id: int, message_id: int, emoji: str
) -> tuple[Reacted, ...]:
    """All members who reacted with ``emoji``, normally or super.

    Raises:
        discord.DiscordException, aiohttp.ClientError, OSError: not all could be read.
    """
    found: list[Reacted] = []
    for kind in (0, 1):
        after: int | None = None
        while True:
            page = await client.http.get_reaction_users(
                channel_id, message_id, emoji, _PAGE, after=after, type=kind
            )
            found += [
                Reacted(message_id, int(each["id"]), emoji, kind) for each in page if not each.get("bot")
            ]
            if len(page) < _PAGE:
                break
            after = int(page[-1]["id"])
    return tuple(found)


def emoji_of(message: discord.Message) -> tuple[str, ...]:
    """The keys of the emoji that a message has reactions with."""
    return tuple(dict.fromkeys(emoji_key(str(reaction.emoji)) for reaction in message.reactions))
