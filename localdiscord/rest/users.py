"""The bot itself, other users, direct messages, the gateway's address."""

from __future__ import annotations

from localdiscord import wire
from localdiscord.acts.direct import open_direct
from localdiscord.errors import refusal
from localdiscord.model import JSON
from localdiscord.permissions import guild_permissions
from localdiscord.rest.common import Call, Route


def me(call: Call) -> JSON:
    return wire.own_user(call.ctx.world.bot)


def application(call: Call) -> JSON:
    return wire.application(call.ctx.world)


def my_guilds(call: Call) -> list[JSON]:
    world = call.ctx.world
    return [
        {
            "id": str(world.guild.id),
            "name": world.guild.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(guild_permissions(world, world.members[call.by])),
            "features": ["COMMUNITY"],
        }
    ]


def user(call: Call) -> JSON:
    found = call.ctx.world.users.get(call.id("user"))
    if found is None:
        raise refusal(10013)
    return wire.user(found)


def direct_channel(call: Call) -> JSON:
    return wire.channel(call.ctx.world, open_direct(call.ctx, call.body), call.by)


def gateway(call: Call) -> JSON:
    return {"url": _address(call)}


def gateway_bot(call: Call) -> JSON:
    left = call.ctx.world.session_starts
    limit = {"total": 1000, "remaining": left, "reset_after": 14_400_000, "max_concurrency": 1}
    return {"url": _address(call), "shards": 1, "session_start_limit": limit}


def _address(call: Call) -> str:
    return f"ws{call.ctx.world.origin.removeprefix('http')}/gateway"


ROUTES = [
    Route("GET", "/users/@me", me),
    Route("GET", "/oauth2/applications/@me", application),
    Route("GET", "/applications/@me", application),
    Route("GET", "/users/@me/guilds", my_guilds),
    Route("POST", "/users/@me/channels", direct_channel),
    Route("GET", "/users/{user}", user),
    Route("GET", "/gateway", gateway, open=True),
    Route("GET", "/gateway/bot", gateway_bot),
]
