"""Application commands: registered, changed, removed, global or for the guild."""

from __future__ import annotations

from localdiscord.context import Context
from localdiscord.errors import FormErrors, form_error, refusal
from localdiscord.forms import Form
from localdiscord.model import JSON, Command
from localdiscord.registration import CHAT, MOST, read_command


def registered(ctx: Context, guild_id: int | None) -> list[Command]:
    """The commands of the guild, or the global ones (None)."""
    return [each for each in ctx.world.commands.values() if each.guild_id == guild_id]


def find(ctx: Context, guild_id: int | None, command_id: int) -> Command:
    """10063 when there is none in this scope."""
    command = ctx.world.commands.get(command_id)
    if command is None or command.guild_id != guild_id:
        raise refusal(10063)
    return command


def overwrite(ctx: Context, guild_id: int | None, body: object) -> list[Command]:
    """Replace all commands of the scope; those that stay by name and type keep their ids."""
    if not isinstance(body, list):
        raise form_error((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    errors = FormErrors()
    commands = [read_command(Form(each, errors, (index,))) for index, each in enumerate(body)]
    keys = [_key(each) for each in commands]
    for index, key in enumerate(keys):
        if key in keys[:index]:
            errors.add(
                (index,), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
            )
    errors.raise_any()
    _require_room(commands)
    old = {_key(each.body): each for each in registered(ctx, guild_id)}
    kept = [_store(ctx, guild_id, each, old.pop(_key(each), None)) for each in commands]
    for gone in old.values():
        ctx.world.drop(gone)
    _tell(ctx)
    return kept


def create(ctx: Context, guild_id: int | None, body: object) -> Command:
    """Add a command, or replace the one with its name and type."""
    form = Form(body)
    command = read_command(form)
    form.raise_any()
    there = registered(ctx, guild_id)
    same = next((each for each in there if _key(each.body) == _key(command)), None)
    if same is None:
        _require_room([*(each.body for each in there), command])
    stored = _store(ctx, guild_id, command, same)
    _tell(ctx)
    return stored


def change(ctx: Context, command: Command, body: object) -> Command:
    form = Form(command.body | (body if isinstance(body, dict) else {}) | {"type": command.body["type"]})
    changed = read_command(form)
    form.raise_any()
    stored = _store(ctx, command.guild_id, changed, command)
    _tell(ctx)
    return stored


def delete(ctx: Context, command: Command) -> None:
    ctx.world.drop(command)
    _tell(ctx)


def _key(body: JSON) -> tuple[str, int]:
    return str(body["name"]).lower(), int(body.get("type") or CHAT)


def _require_room(commands: list[JSON]) -> None:
    for kind, most in MOST.items():
        if sum(1 for each in commands if each["type"] == kind) > most:
            raise refusal(30032)


def _store(ctx: Context, guild_id: int | None, body: JSON, same: Command | None) -> Command:
    if same and same.body == body:
        return same
    id_ = same.id if same else ctx.ids.next()
    command = Command(id_, ctx.world.bot_id, guild_id, ctx.ids.next(), body)
    ctx.world.put(command)
    return command


def _tell(ctx: Context) -> None:
    """Let the pages ask anew what can be used."""
    people = ctx.hub.everyone() - {ctx.world.bot_id}
    ctx.hub.emit("COMMANDS_UPDATE", people, {"application_id": str(ctx.world.bot_id)})
