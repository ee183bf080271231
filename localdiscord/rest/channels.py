"""Channels and threads as such: get, change, delete, typing."""

from __future__ import annotations

from localdiscord import wire
from localdiscord.acts import channels as acts
from localdiscord.acts.access import require_writable
from localdiscord.model import DM, JSON
from localdiscord.rest.common import Call, Route


def get(call: Call) -> JSON:
    return wire.channel(call.ctx.world, call.channel(), call.by)


def change(call: Call) -> JSON:
    changed = acts.change(call.ctx, call.channel(), call.by, call.body, call.reason)
    return wire.channel(call.ctx.world, changed, call.by)


def delete(call: Call) -> JSON:
    channel = call.channel()
    data = wire.channel(call.ctx.world, channel, call.by)
    if channel.type != DM:  # closing a direct message leaves its messages
        acts.delete(call.ctx, channel, call.by, call.reason)
    return data


def typing(call: Call) -> None:
    ctx, channel = call.ctx, call.channel()
    require_writable(ctx, call.by, channel)
    data: JSON = {
        "channel_id": str(channel.id),
        "user_id": str(call.by),
        "timestamp": int(ctx.clock.now().timestamp()),
    }
    if channel.guild_id is not None:
        data["guild_id"] = str(channel.guild_id)
        data["member"] = wire.member(ctx.world, ctx.world.members[call.by])
    ctx.hub.emit("TYPING_START", ctx.hub.audience(channel) - {call.by}, data)


ROUTES = [
    Route("GET", "/channels/{channel}", get),
    Route("PATCH", "/channels/{channel}", change),
    Route("DELETE", "/channels/{channel}", delete),
    Route("POST", "/channels/{channel}/typing", typing),
]
