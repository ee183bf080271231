"""How a member's posting rights are taken and given back: by Discord's time-out, or by a role. Absolute either way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime

# A time-out lasts at most 28 days (docs resources/guild §Modify Guild Member); clocks differ.
LONGEST_TIMEOUT = timedelta(days=28) - timedelta(hours=1)
_SAME = timedelta(seconds=2)  # within which two ends of a time-out are one: Discord keeps milliseconds


def require_able(guild: discord.Guild, role_id: int | None) -> None:
    """Pass when the bot may suspend at all, by that role or by time-outs; from the cache.

    Raises:
        Refused: it may not, until an admin has seen to it (channel-wide).
    """
    have = guild.me.guild_permissions
    if role_id is None:
        if have.moderate_members:
            return
        raise Refused(
            "the bot lacks Moderate Members, by which it suspends posting rights: give its role that permission,"
            " or set suspended_role_id in newsthread.toml",
            channel_wide=True,
        )
    role = guild.get_role(role_id)
    if role is None:
        raise Refused(
            f"there is no role {role_id} in {guild.name}: correct suspended_role_id in newsthread.toml",
            channel_wide=True,
        )
    if not have.manage_roles or role >= guild.me.top_role:
        raise Refused(
            f"the bot can't give the role {role.name}: it needs Manage Roles, and its own role above that one",
            channel_wide=True,
        )


async def set_role(member: discord.Member, role_id: int, reason: str, *, held: bool) -> None:
    """
    Raises:
        discord.DiscordException, aiohttp.ClientError, OSError: it could not be set.
    """
    if held != (member.get_role(role_id) is not None):
        act = member.add_roles if held else member.remove_roles
        await act(discord.Object(role_id), reason=reason)


async def set_timeout(
    member: discord.Member, until: datetime | None, ours: datetime | None, now: datetime, reason: str
) -> None:
    """Time a member out until then, as far as that reaches, or no longer.

    A time-out that lasts longer than both ``until`` and ``ours``, the latest end of all suspensions that there ever
    were, is somebody else's, and stays.

    Raises:
        discord.DiscordException, aiohttp.ClientError, OSError: it could not be set.
    """
    wanted = min(until, now + LONGEST_TIMEOUT) if until is not None else None
    present = member.timed_out_until if member.is_timed_out() else None
    if present is None and wanted is None:
        return
    if present is not None:
        latest = max(filter(None, (until, ours)), default=None)
        if latest is None or present > latest + _SAME:
            return
        if wanted is not None and abs(present - wanted) <= _SAME:
            return
    await member.edit(timed_out_until=wanted, reason=reason)
