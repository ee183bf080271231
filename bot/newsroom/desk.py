"""The session with Discord: whichever client is the current one, the guild in it, and its threads.

Asks and changes nothing but what is needed to find a thread and to open an archived one for a moment.
"""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import discord
from discord.abc import Messageable

from bot.errors import Later, Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from discord.gateway import DiscordWebSocket

Parent = discord.ForumChannel | discord.TextChannel
ARCHIVED = 50083  # the code of what can't be done in an archived thread
_AS_BEFORE = "Newsthread: archived as before"


def is_online(client: discord.Client) -> bool:
    """Whether its connection to the gateway stands at this moment."""
    socket: DiscordWebSocket | None = client.ws  # there is none before the first
    return socket is not None and socket.open


class Desk:
    """What everything that works on Discord shares; a new client is attached at every login."""

    def __init__(self, guild_id: int) -> None:
        self.guild_id = guild_id
        self._client: discord.Client | None = None

    def attach(self, client: discord.Client | None) -> None:
        """From now on work through ``client``; None while there is no session."""
        self._client = client

    @property
    def connected(self) -> bool:
        """Whether there is a session with Discord, and the server is not away for a moment."""
        if self._client is None or not self._client.is_ready():
            return False
        guild = self._client.get_guild(self.guild_id)
        return guild is None or not guild.unavailable

    @property
    def online(self) -> bool:
        """Whether the gateway's connection stands, too: a session outlives interruptions, and requests may go on."""
        return self.connected and self._client is not None and is_online(self._client)

    @property
    def latency(self) -> float | None:
        """Seconds between a gateway heartbeat and its answer; None while not online."""
        return self._client.latency if self._client is not None and self.online else None

    def client(self) -> discord.Client:
        """The connected client.

        Raises:
            Later: not connected yet.
        """
        if self._client is None or not self._client.is_ready():
            raise Later("not connected to Discord", retry_after=1)
        return self._client

    def guild(self) -> discord.Guild:
        """The guild from the cache.

        Raises:
            Later: not connected yet, or the guild is unavailable.
            Refused: the bot is not in it (channel-wide).
        """
        guild = self.client().get_guild(self.guild_id)
        if guild is None:
            raise Refused(
                f"the bot is not in server {self.guild_id}: invite it, or correct guild_id in newsthread.toml",
                channel_wide=True,
            )
        if guild.unavailable:
            raise Later("the server is unavailable on Discord's side", retry_after=5)
        return guild

    def channel(self, channel_id: int) -> discord.PartialMessageable:
        """A channel or thread to address messages in, without asking whether it is there."""
        return self.client().get_partial_messageable(channel_id, guild_id=self.guild_id)

    def log(self, channel_id: int) -> Messageable:
        """The moderators' log, in which the bot can write; from the cache.

        Raises:
            Later: not connected yet.
            Refused: it can't, or there is no such channel (channel-wide).
        """
        guild = self.guild()
        channel = guild.get_channel_or_thread(channel_id)
        cure = (
            "correct log_channel_id in newsthread.toml, or give the bot View Channel and Send Messages there"
        )
        if channel is None or not isinstance(channel, Messageable):
            raise Refused(
                f"the log, channel {channel_id}, is no text channel that the bot can see: {cure}",
                channel_wide=True,
            )
        have = channel.permissions_for(guild.me)
        writes = have.send_messages_in_threads if isinstance(channel, discord.Thread) else have.send_messages
        if not (have.view_channel and writes):
            raise Refused(f"the bot can't write to the log, #{channel.name}: {cure}", channel_wide=True)
        return channel

    async def thread(self, thread_id: int) -> discord.Thread:
        """The thread, asked of Discord: the cache drops archived ones and may be behind.

        Raises:
            discord.DiscordException, aiohttp.ClientError, OSError: NotFound when it is gone.
        """
        thread = await self.guild().fetch_channel(thread_id)
        assert isinstance(thread, discord.Thread)
        return thread

    async def parent_of(self, thread_id: int) -> Parent:
        """The channel of a thread; asks Discord only for a thread that is not in the cache.

        Raises:
            Refused: the channel is closed to the bot (channel-wide).
            discord.DiscordException, aiohttp.ClientError, OSError: NotFound when the thread is gone.
        """
        thread = self.guild().get_thread(thread_id) or await self.thread(thread_id)
        if not isinstance(thread.parent, Parent):
            raise Refused(
                f"the channel of thread {thread_id} is closed to the bot: it needs View Channel there",
                channel_wide=True,
            )
        return thread.parent


@asynccontextmanager
async def awake(thread: discord.Thread) -> AsyncIterator[None]:
    """Keep a thread open meanwhile: little can be changed in an archived one. It is archived again afterwards.

    Raises:
        Later: it was archived at this moment, as by another deed of ours that had opened it and was through with it.
    """
    if thread.archived:
        await thread.edit(archived=False, reason="Newsthread: for a change")
    try:
        yield
    except Exception as error:
        if thread.archived:  # whoever tries again finds it open, and would leave it so
            with suppress(Exception):
                await thread.edit(archived=True, reason=_AS_BEFORE)
        if isinstance(error, discord.HTTPException) and error.code == ARCHIVED:
            raise Later(f"thread {thread.id} was archived at this moment") from error
        raise
    if thread.archived:
        await thread.edit(archived=True, reason=_AS_BEFORE)
