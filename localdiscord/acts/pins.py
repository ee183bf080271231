"""Pinned messages."""

from __future__ import annotations

from localdiscord import wire
from localdiscord.acts.access import require, require_active
from localdiscord.acts.addressing import SYSTEM
from localdiscord.acts.audit import log_entry
from localdiscord.acts.messages import announce_update
from localdiscord.context import Context
from localdiscord.errors import refusal
from localdiscord.model import DM, Channel, Message
from localdiscord.permissions import P
from localdiscord.validate import PINS


def pin(ctx: Context, channel: Channel, message: Message, by: int, pinned: bool, reason: str | None) -> None:
    require_active(channel)
    require(ctx, by, channel, P.PIN_MESSAGES)
    if message.type in SYSTEM:
        raise refusal(50021)
    if pinned == (message.pinned_at is not None):
        return
    if pinned and sum(1 for each in ctx.world.history(channel.id) if each.pinned_at) >= PINS:
        raise refusal(30003)
    message.pinned_at = ctx.now() if pinned else None
    channel.last_pin_timestamp = message.pinned_at or channel.last_pin_timestamp
    ctx.world.put(message)
    ctx.world.put(channel)
    announce_update(ctx, channel, message)
    data = wire.where(channel) | {"last_pin_timestamp": channel.last_pin_timestamp}
    ctx.hub.emit("CHANNEL_PINS_UPDATE", ctx.hub.audience(channel), data)
    if channel.type != DM:
        options = {"channel_id": str(channel.id), "message_id": str(message.id)}
        log_entry(ctx, 74 if pinned else 75, by, message.author_id, reason=reason, options=options)
