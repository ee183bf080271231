"""Application commands: registered and stored, global or for the guild. Using them comes with its own issue."""

from __future__ import annotations

import re
from typing import Any

from localdiscord import wire
from localdiscord.errors import FormErrors, refusal
from localdiscord.forms import Form
from localdiscord.model import JSON, Command
from localdiscord.rest.common import Call, Route

CHAT, USER, MESSAGE = 1, 2, 3
MOST = {CHAT: 100, USER: 15, MESSAGE: 15}
OPTIONS, CHOICES, TEXT = 25, 25, 100
_NAME = re.compile(r"[-_'\w]{1,32}")


def _scope(call: Call) -> int | None:
    """The guild, or None for global commands."""
    if call.id("application") != call.ctx.world.bot_id:
        raise refusal(20012)
    if "guild" not in call.request.match_info:
        return None
    if call.id("guild") != call.ctx.world.guild.id:
        raise refusal(50001)
    return call.id("guild")


def _stored(call: Call, guild_id: int | None) -> list[Command]:
    return [each for each in call.ctx.world.commands.values() if each.guild_id == guild_id]


def listed(call: Call) -> list[JSON]:
    return [wire.command(each) for each in _stored(call, _scope(call))]


def overwrite(call: Call) -> list[JSON]:
    """Replace all commands of the scope; those that stay by name and type keep their ids."""
    guild_id = _scope(call)
    errors = FormErrors()
    bodies = call.body if isinstance(call.body, list) else []
    for index, body in enumerate(bodies):
        _check(Form(body, errors, (index,)))
    errors.raise_any()
    for kind, most in MOST.items():
        if sum(1 for body in bodies if body.get("type", CHAT) == kind) > most:
            raise refusal(30032)
    old = {_key(each.body): each for each in _stored(call, guild_id)}
    kept = [_store(call, guild_id, body, old.pop(_key(body), None)) for body in bodies]
    for gone in old.values():
        call.ctx.world.drop(gone)
    return [wire.command(each) for each in kept]


def create(call: Call) -> JSON:
    guild_id = _scope(call)
    form = Form(call.body)
    _check(form)
    form.raise_any()
    same = next((each for each in _stored(call, guild_id) if _key(each.body) == _key(form.data)), None)
    return wire.command(_store(call, guild_id, form.data, same))


def _found(call: Call) -> Command:
    guild_id = _scope(call)
    command = call.ctx.world.commands.get(call.id("command"))
    if command is None or command.guild_id != guild_id:
        raise refusal(10063)
    return command


def get(call: Call) -> JSON:
    return wire.command(_found(call))


def change(call: Call) -> JSON:
    command = _found(call)
    form = Form(command.body | (call.body if isinstance(call.body, dict) else {}))
    _check(form)
    form.raise_any()
    return wire.command(_store(call, command.guild_id, form.data, command))


def delete(call: Call) -> None:
    call.ctx.world.drop(_found(call))


def _key(body: JSON) -> tuple[str, int]:
    return str(body["name"]).lower(), int(body.get("type") or CHAT)


def _store(call: Call, guild_id: int | None, body: JSON, same: Command | None) -> Command:
    ctx = call.ctx
    id_ = same.id if same else ctx.ids.next()
    command = Command(
        id_, ctx.world.bot_id, guild_id, ctx.ids.next(), {k: v for k, v in body.items() if k != "id"}
    )
    ctx.world.put(command)
    return command


def _check(form: Form) -> None:
    kind = form.choice("type", tuple(MOST)) or CHAT
    name = form.text("name", 32, low=1, required=True)
    if name is not None and kind == CHAT and (not _NAME.fullmatch(name) or name != name.lower()):
        form.fault("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    if kind == CHAT:
        form.text("description", TEXT, low=1, required=True)
        _check_options(form)
    elif form.data.get("description"):
        form.fault(
            "description",
            "APPLICATION_COMMAND_DESCRIPTION_INVALID",
            "Context menu commands have no description",
        )


def _check_options(form: Form) -> None:
    optional = False
    for option in form.items("options", OPTIONS) or ():
        kind = option.choice("type", range(1, 12), required=True)
        name = option.text("name", 32, low=1, required=True)
        if name is not None and (not _NAME.fullmatch(name) or name != name.lower()):
            option.fault("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
        option.text("description", TEXT, low=1, required=True)
        required: Any = option.flag("required")
        if required and optional:
            option.fault(
                "required",
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional = optional or (kind is not None and kind > 2 and not required)
        for choice in option.items("choices", CHOICES) or ():
            choice.text("name", TEXT, low=1, required=True)
        if kind in (1, 2):
            _check_options(option)


_GLOBAL = "/applications/{application}/commands"
_GUILD = "/applications/{application}/guilds/{guild}/commands"
ROUTES = [
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
]
