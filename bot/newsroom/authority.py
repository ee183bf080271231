"""Who may act as a moderator, and whom above or below: permissions and roles as Discord has them at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from discord.abc import GuildChannel

if TYPE_CHECKING:
    import discord


@dataclass(frozen=True, slots=True)
class Authority:
    """What somebody may do as a moderator in a channel and its threads, or where none was named, in the server."""

    id: int
    name: str
    removes: bool  # Manage Messages
    arranges: bool  # Manage Threads
    suspends: bool  # Moderate Members, which Discord gives for the whole server only
    owner: bool  # of the server
    rank: int  # of their highest role; see ``rank_of``


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands, as the one whom something is done to."""

    rank: int
    owner: bool
    administrator: bool
    bot: bool


def authority_of(member: discord.Member, channel: GuildChannel | None) -> Authority:
    """What ``member`` may do in ``channel`` or its threads. Who is timed out may nothing, nor who can't see it."""
    everywhere = member.guild_permissions
    here = everywhere if channel is None else GuildChannel.permissions_for(channel, member)
    sees = channel is None or here.view_channel
    return Authority(
        id=member.id,
        name=member.display_name,
        removes=sees and here.manage_messages,
        arranges=sees and here.manage_threads,
        suspends=everywhere.moderate_members,
        owner=_owns(member),
        rank=rank_of(member),
    )


def standing_of(member: discord.Member) -> Standing:
    return Standing(rank_of(member), _owns(member), member.guild_permissions.administrator, member.bot)


def rank_of(member: discord.Member) -> int:
    """The place of the member's highest role among all of the server's, lowest first.

    Roles may share a position, and then the older one stands above (docs topics/permissions §Permission Hierarchy).
    """
    return member.guild.roles.index(member.top_role)


def _owns(member: discord.Member) -> bool:
    return member.guild.owner_id == member.id
