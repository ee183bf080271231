"""AutoMod with one rule of keywords: what members write is refused when it holds one (docs resources/auto-moderation)."""

from __future__ import annotations

import re

from localdiscord.acts.audit import log_entry
from localdiscord.context import Context
from localdiscord.errors import refusal
from localdiscord.model import Channel
from localdiscord.permissions import P, guild_permissions

BLOCKED = 143  # audit action
KEYWORD = 1  # trigger type


def screen(
    ctx: Context, author: int, channel: Channel, text: str | None = None, title: str | None = None
) -> None:
    """200000 for a text, 200001 for a title that holds a blocked word, with an audit entry in its author's name.

    Not for direct messages, bots, the owner, and those who manage the server.
    """
    member, guild = ctx.world.members.get(author), ctx.world.guild
    if not guild.blocked_words or channel.guild_id is None or member is None or ctx.world.users[author].bot:
        return
    if guild_permissions(ctx.world, member) & (P.ADMINISTRATOR | P.MANAGE_GUILD):
        return
    blocked = re.compile("|".join(map(_pattern, guild.blocked_words)), re.IGNORECASE)
    for code, words in ((200001, title), (200000, text)):
        if words and blocked.search(words):
            options = {
                "channel_id": str(channel.id),
                "auto_moderation_rule_name": guild.automod_rule,
                "auto_moderation_rule_trigger_type": str(KEYWORD),
            }
            log_entry(ctx, BLOCKED, author, author, options=options)
            raise refusal(code)


def _pattern(word: str) -> str:
    """A keyword is a whole word or phrase; a star at an end lets the word go on there."""
    before = "" if word.startswith("*") else r"(?<!\w)"
    after = "" if word.endswith("*") else r"(?!\w)"
    return f"{before}{re.escape(word.strip('*'))}{after}"
