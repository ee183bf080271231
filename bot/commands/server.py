"""The server as Discord tells of it to who asks once, for ``check --online``. Opens no gateway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.client import point_at
from bot.permissions import missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.permissions import Permission
    from bot.settings.keys import Settings


@dataclass(frozen=True, slots=True)
class Server:
    """What Discord answered."""

    channels: Mapping[int, discord.abc.GuildChannel]
    roles: Mapping[int, discord.Role]  # without @everyone
    emojis: Mapping[int, discord.Emoji]
    me: discord.Member
    reads_messages: bool  # whether the application has the Message Content intent


async def ask(client: discord.Client, settings: Settings) -> Server:
    """Log in with the settings' token and look around.

    Raises:
        discord.DiscordException, aiohttp.ClientError, OSError: it could not be asked, or refused.
    """
    assert settings.token is not None
    point_at(settings.discord.api_base)
    await client.login(settings.token.get_secret_value())
    guild = await client.fetch_guild(settings.discord.guild_id)
    assert client.user is not None
    flags = client.application_flags
    return Server(
        {channel.id: channel for channel in await guild.fetch_channels()},
        {role.id: role for role in guild.roles if not role.is_default()},
        {emoji.id: emoji for emoji in await guild.fetch_emojis()},
        await guild.fetch_member(client.user.id),
        flags.gateway_message_content or flags.gateway_message_content_limited,
    )


def unseen(channel_id: int) -> str:
    """The sentence for a channel that is not there, or hidden."""
    return f"the bot sees no channel {channel_id}; expected one of the server's, with View Channel"


def lacking_there(channel: discord.abc.GuildChannel, names: Iterable[str]) -> str:
    """The sentence for permissions that are missing in a channel."""
    return f"in #{channel.name} the bot lacks {', '.join(names)}; expected its role to have that there"


def missing_there(
    needed: Iterable[Permission], channel: discord.abc.GuildChannel, me: discord.Member
) -> tuple[str, ...]:
    """The names of the ``needed`` permissions that ``me`` lacks there."""
    return missing(needed, channel.permissions_for(me), forum=isinstance(channel, discord.ForumChannel))
