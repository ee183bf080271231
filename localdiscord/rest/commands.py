"""Application commands: registered and looked at, global or for the guild."""

from __future__ import annotations

from localdiscord import wire
from localdiscord.acts import registering as acts
from localdiscord.errors import refusal
from localdiscord.model import JSON
from localdiscord.rest.common import Call, Route


def _scope(call: Call) -> int | None:
    """The guild, or None for global commands."""
    if call.id("application") != call.ctx.world.bot_id:
        raise refusal(20012)
    if "guild" not in call.request.match_info:
        return None
    if call.id("guild") != call.ctx.world.guild.id:
        raise refusal(50001)
    return call.id("guild")


def listed(call: Call) -> list[JSON]:
    found = acts.registered(call.ctx, _scope(call))
    return [wire.command(each, localizations=call.truth("with_localizations")) for each in found]


def overwrite(call: Call) -> list[JSON]:
    return [wire.command(each) for each in acts.overwrite(call.ctx, _scope(call), call.body)]


def create(call: Call) -> JSON:
    return wire.command(acts.create(call.ctx, _scope(call), call.body))


def get(call: Call) -> JSON:
    return wire.command(acts.find(call.ctx, _scope(call), call.id("command")))


def change(call: Call) -> JSON:
    command = acts.find(call.ctx, _scope(call), call.id("command"))
    return wire.command(acts.change(call.ctx, command, call.body))


def delete(call: Call) -> None:
    acts.delete(call.ctx, acts.find(call.ctx, _scope(call), call.id("command")))


def all_permissions(call: Call) -> list[JSON]:
    """Exceptions that a guild's administrators made to who may use a command: here they never make any."""
    _scope(call)
    return []


def permissions(call: Call) -> JSON:
    _scope(call)
    raise refusal(10066)


def change_permissions(call: Call) -> JSON:
    """Only administrators change these, by an OAuth token of their own."""
    raise refusal(20001)


_GLOBAL = "/applications/{application}/commands"
_GUILD = "/applications/{application}/guilds/{guild}/commands"
ROUTES = [
    Route("GET", _GUILD + "/permissions", all_permissions),
    Route("GET", _GUILD + "/{command}/permissions", permissions),
    Route("PUT", _GUILD + "/{command}/permissions", change_permissions),
    *(
        route
        for base in (_GLOBAL, _GUILD)
        for route in (
            Route("GET", base, listed),
            Route("PUT", base, overwrite),
            Route("POST", base, create, status=201),
            Route("GET", base + "/{command}", get),
            Route("PATCH", base + "/{command}", change),
            Route("DELETE", base + "/{command}", delete),
        )
    ),
]
