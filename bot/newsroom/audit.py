"""Discord's audit log: what it tells of posts that others deleted or AutoMod kept out, and what we tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import discord

if TYPE_CHECKING:
    from datetime import datetime

_ACTIONS = (
    discord.AuditLogAction.message_delete,
    discord.AuditLogAction.message_bulk_delete,
    discord.AuditLogAction.automod_block_message,
)
_MAX_REASON = (
    512  # docs reference §Audit Log: characters of X-Audit-Log-Reason; counted here as they are sent
)


@dataclass(frozen=True, slots=True)
class AuditedDeletion:
    """An entry of the audit log. Discord joins deletions of one author's posts by one moderator: ``count`` grows."""

    entry_id: int
    by: int | None  # who did it; with a ``rule`` whatever Discord puts there
    target_id: int | None  # whose posts; None: not told, as when ``bulk``
    channel_id: int  # the channel or thread in which they stood
    count: int
    at: datetime  # of the first of them
    reason: str | None = None
    rule: str | None = None  # AutoMod's, that kept one from being posted
    bulk: bool = False


async def deletions(guild: discord.Guild, after: datetime) -> tuple[AuditedDeletion, ...]:
    """The entries since, oldest first.

    Raises:
        discord.DiscordException, aiohttp.ClientError, OSError: not all could be read.
    """
    found = [
        entry
        for action in _ACTIONS
        async for entry in guild.audit_logs(action=action, after=after, limit=None, oldest_first=True)
    ]
    return tuple(told for entry in sorted(found, key=lambda each: each.id) if (told := _told(entry)))


def _told(entry: discord.AuditLogEntry) -> AuditedDeletion | None:
    """None for what is told of no channel, as AutoMod does at times."""
    extra: Any = entry.extra
    target: Any = entry.target
    bulk = entry.action is discord.AuditLogAction.message_bulk_delete
    place = target if bulk else getattr(extra, "channel", None)
    if place is None:
        return None
    return AuditedDeletion(
        entry_id=entry.id,
        by=entry.user_id,
        target_id=None if bulk or target is None else target.id,
        channel_id=place.id,
        count=getattr(extra, "count", 1),
        at=entry.created_at,
        reason=entry.reason or None,
        rule=getattr(extra, "automod_rule_name", None),
        bulk=bulk,
    )


def audit_reason(text: str) -> str:
    """As much of ``text`` as Discord's audit log takes for the reason of a request."""
    line = " ".join(text.encode("utf-8", "ignore").decode().split())
    room = _MAX_REASON
    for index, character in enumerate(line):
        room -= len(quote(character, safe="/ "))
        if room < 0:
            return line[:index]
    return line
