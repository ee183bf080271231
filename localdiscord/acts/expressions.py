"""The guild's own emoji and stickers."""

from __future__ import annotations

from localdiscord import wire
from localdiscord.context import Context
from localdiscord.errors import refusal
from localdiscord.model import JSON


def delete_emoji(ctx: Context, emoji_id: int) -> None:
    """By order: messages and reactions that have it keep it, nobody can use it anew."""
    guild, gone = ctx.world.guild, emoji(ctx, emoji_id)
    guild.emojis = left = [each for each in guild.emojis if each != gone]
    ctx.world.put(guild)
    data = {"guild_id": str(guild.id), "emojis": [wire.guild_emoji(each) for each in left]}
    ctx.hub.emit("GUILD_EMOJIS_UPDATE", ctx.hub.everyone(), data)


def emoji(ctx: Context, emoji_id: int) -> JSON:
    """One of the guild's; 10014 when it has none such."""
    for one in ctx.world.guild.emojis:
        if one["id"] == emoji_id:
            return one
    raise refusal(10014)


def sticker(ctx: Context, sticker_id: int) -> JSON:
    """One of the guild's; 10060 when it has none such."""
    for one in ctx.world.guild.stickers:
        if one["id"] == sticker_id:
            return one
    raise refusal(10060)
