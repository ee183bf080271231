"""Permission checks, with the code that Discord answers each lack with."""

from __future__ import annotations

from localdiscord.context import Context
from localdiscord.errors import refusal
from localdiscord.model import Channel
from localdiscord.permissions import P, guild_permissions


def require(ctx: Context, user_id: int, channel: Channel, needed: int = 0) -> None:
    """50001 when the user can't see the channel, 50013 when any of ``needed`` lacks."""
    granted = ctx.permissions(user_id, channel)
    if not granted & P.VIEW_CHANNEL:
        raise refusal(50001)
    if granted & needed != needed:
        raise refusal(50013)


def may(ctx: Context, user_id: int, channel: Channel, needed: int) -> bool:
    return ctx.permissions(user_id, channel) & needed == needed


def require_in_guild(ctx: Context, user_id: int, needed: int) -> None:
    member = ctx.world.members[user_id]
    if guild_permissions(ctx.world, member) & needed != needed:
        raise refusal(50013)


def require_writable(ctx: Context, user_id: int, channel: Channel) -> None:
    """May the user write here? Archived threads are no hindrance, being opened by writing; locked ones are."""
    if channel.is_forum:
        raise refusal(50008)
    if channel.thread:
        require(ctx, user_id, channel, P.SEND_MESSAGES_IN_THREADS)
        if channel.thread.locked and not may(ctx, user_id, channel, P.MANAGE_THREADS):
            raise refusal(160005)
    else:
        require(ctx, user_id, channel, P.SEND_MESSAGES)


def require_active(channel: Channel) -> None:
    """50083 for what can't be done in an archived thread."""
    if channel.thread and channel.thread.archived:
        raise refusal(50083)
