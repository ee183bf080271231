"""The audit log, as far as Discord writes one for what can be done here (docs resources/audit-log)."""

from __future__ import annotations

from datetime import timedelta

from localdiscord import wire
from localdiscord.clock import snowflake_time
from localdiscord.context import Context
from localdiscord.model import JSON, AuditEntry, Channel, Message
from localdiscord.permissions import P, guild_permissions

MESSAGE_DELETE = 72
GROUPED_FOR = timedelta(minutes=5)


def log_entry(
    ctx: Context,
    action: int,
    by: int,
    target: int | None,
    *,
    reason: str | None = None,
    changes: list[JSON] | None = None,
    options: JSON | None = None,
) -> AuditEntry:
    """Write an entry and tell those who may read the log."""
    entry = AuditEntry(ctx.ids.next(), action, by, target, reason, changes or [], options or {})
    ctx.world.put(entry)
    readers = [
        member.id
        for member in ctx.world.members.values()
        if guild_permissions(ctx.world, member) & P.VIEW_AUDIT_LOG
    ]
    data = wire.audit_entry(entry) | {"guild_id": str(ctx.world.guild.id)}
    ctx.hub.emit("GUILD_AUDIT_LOG_ENTRY_CREATE", readers, data)
    return entry


def log_deletion(ctx: Context, by: int, message: Message, channel: Channel) -> None:
    """A moderator deleted somebody's message. Bots leave no entry; deletions in a row share the first one's."""
    if ctx.world.users[by].bot:
        return
    now = ctx.clock.now()
    for entry in reversed(ctx.world.audit.values()):
        if now - snowflake_time(entry.id) > GROUPED_FOR:
            break
        same = (entry.action_type, entry.user_id, entry.target_id, entry.options.get("channel_id"))
        if same == (MESSAGE_DELETE, by, message.author_id, str(channel.id)):
            entry.options["count"] = str(int(entry.options["count"]) + 1)
            ctx.world.put(entry)
            return
    options = {"channel_id": str(channel.id), "count": "1"}
    log_entry(ctx, MESSAGE_DELETE, by, message.author_id, options=options)
