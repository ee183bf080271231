"""Commands used by members: who may use which where, slash commands, autocomplete and context menus."""

from __future__ import annotations

from collections.abc import Iterator

from localdiscord.acts.access import require
from localdiscord.acts.interactions import AUTOCOMPLETE, COMMAND, begin, require_acting
from localdiscord.acts.options import Options
from localdiscord.acts.resolving import Resolved
from localdiscord.context import Context
from localdiscord.errors import mistake
from localdiscord.forms import Form
from localdiscord.interactions import Interaction
from localdiscord.model import JSON, Channel, Command
from localdiscord.permissions import P
from localdiscord.registration import CHAT, MESSAGE, USER

# Where a text in the member's own language lacks (docs interactions/application-commands §Locale Fallbacks).
_FALLBACK = {"en-US": "en-GB", "en-GB": "en-US", "es-419": "es-ES"}


def usable(ctx: Context, member_id: int, channel: Channel) -> list[Command]:
    """Exactly the commands that the member may use in the channel."""
    require(ctx, member_id, channel)
    return [each for each in _offered(ctx, channel) if _hindrance(ctx, each, member_id, channel) is None]


def shown(ctx: Context, command: Command, locale: str) -> JSON:
    """A command as a member sees it: as registered, with the words of their language."""
    body = {"description": ""} | _localized(command.body, locale)
    kept = ("type", "name", "name_localized", "description", "description_localized")
    return (
        {"id": str(command.id)}
        | {key: body[key] for key in kept if key in body}
        | {"options": body.get("options", [])}
        | {"application": {"id": str(ctx.world.bot_id), "name": ctx.world.bot.display_name}}
    )


def use_slash(ctx: Context, member_id: int, channel: Channel, body: JSON) -> Interaction:
    """A member sends a slash command: ``name`` with its subcommands, ``options``."""
    command, words = _called(ctx, member_id, channel, body)
    resolved = Resolved(ctx, member_id, channel)
    reading = Options(resolved)
    options = reading.read(command.body, words, body.get("options"))
    return _begin(
        ctx, COMMAND, member_id, channel, command, resolved, {"options": options}, {"name": reading.path}
    )


def complete(ctx: Context, member_id: int, channel: Channel, body: JSON) -> Interaction:
    """A member is typing the option ``focused`` (default: the last one given) and is to be offered choices."""
    command, words = _called(ctx, member_id, channel, body)
    focus = body.get("focused")
    # What ids stand for is not told before the command is sent.
    reading = Options(
        Resolved(ctx, member_id, channel), completing=True, focus=None if focus is None else str(focus)
    )
    options = reading.read(command.body, words, body.get("options"))
    nothing = Resolved(ctx, member_id, channel)
    interaction = _begin(ctx, AUTOCOMPLETE, member_id, channel, command, nothing, {"options": options}, {})
    interaction.completing = reading.focused
    return interaction


def use_on_message(ctx: Context, member_id: int, channel: Channel, body: JSON) -> Interaction:
    """A member chooses a command from a message's menu."""
    command = _found(ctx, member_id, channel, MESSAGE, str(body.get("name", "")), body)
    form = Form(body)
    target = form.snowflake("target_id", required=True) or 0
    form.raise_any()
    resolved = Resolved(ctx, member_id, channel)
    id_ = resolved.message(ctx.world.message(channel.id, target))
    about = {"name": command.body["name"], "target_message_id": id_}
    return _begin(ctx, COMMAND, member_id, channel, command, resolved, {"target_id": id_}, about)


def use_on_user(ctx: Context, member_id: int, channel: Channel, body: JSON) -> Interaction:
    """A member chooses a command from somebody's menu."""
    command = _found(ctx, member_id, channel, USER, str(body.get("name", "")), body)
    resolved = Resolved(ctx, member_id, channel)
    id_ = resolved.user(body.get("target_id"))
    if id_ is None:
        raise mistake(f"target_id must be a member, not {body.get('target_id')!r}", 404, 10013)
    about = {"name": command.body["name"], "target_user_id": id_}
    return _begin(ctx, COMMAND, member_id, channel, command, resolved, {"target_id": id_}, about)


def _begin(
    ctx: Context,
    kind: int,
    member_id: int,
    channel: Channel,
    command: Command,
    resolved: Resolved,
    more: JSON,
    about: JSON,
) -> Interaction:
    data: JSON = {"id": str(command.id), "name": command.body["name"], "type": command.body["type"]}
    if command.guild_id is not None:
        data["guild_id"] = str(command.guild_id)
    if resolved.data:
        data["resolved"] = resolved.data
    return begin(ctx, kind, member_id, channel, data | more, about=about)


def _called(ctx: Context, member_id: int, channel: Channel, body: JSON) -> tuple[Command, list[str]]:
    """The command, and the subcommands that were named with it."""
    name, *words = str(body.get("name", "")).strip().removeprefix("/").split() or [""]
    return _found(ctx, member_id, channel, CHAT, name.lower(), body), [each.lower() for each in words]


def _found(ctx: Context, member_id: int, channel: Channel, kind: int, name: str, body: JSON) -> Command:
    """The command of that name, the guild's own before a global one.

    ``"force": true`` in the body stands for an interaction made by hand: who may use the command is not asked.
    """
    require_acting(ctx, member_id, channel)
    named = [
        each
        for each in _offered(ctx, channel)
        if each.body["type"] == kind and each.body["name"].lower() == name.strip().lower()
    ]
    if not named:
        what = f'command "/{name}"' if kind == CHAT else f'command "{name}" in this menu'
        raise mistake(f"There is no {what} here", 404, 10063)
    hindrances = [
        None if body.get("force") is True else _hindrance(ctx, e, member_id, channel) for e in named
    ]
    for command, hindrance in zip(named, hindrances, strict=True):
        if hindrance is None:
            return command
    raise mistake(str(hindrances[0]), 403, 50013)


def _offered(ctx: Context, channel: Channel) -> Iterator[Command]:
    """What is registered for this kind of place."""
    if channel.is_forum:
        return  # commands are sent where messages are
    in_guild = channel.guild_id is not None
    place = ctx.world.channels.get(channel.parent_id or 0, channel)
    for command in sorted(ctx.world.commands.values(), key=lambda each: (each.guild_id is None, each.id)):
        body = command.body
        if command.guild_id not in (None, channel.guild_id):
            continue
        contexts = body.get("contexts")
        if contexts is None:
            contexts = [0, 1, 2] if body.get("dm_permission") is not False else [0]
        age_fits = not body.get("nsfw") or place.nsfw
        if (0 if in_guild else 1) in contexts and 0 in body.get("integration_types", [0]) and age_fits:
            yield command


def _hindrance(ctx: Context, command: Command, member_id: int, channel: Channel) -> str | None:
    """Why the member may not use the command, or None."""
    granted = ctx.permissions(member_id, channel)
    if channel.guild_id is None or granted & P.ADMINISTRATOR:
        return None
    if not granted & P.USE_APPLICATION_COMMANDS:
        return "You may not use commands in this channel"
    needed = command.body.get("default_member_permissions")
    if needed is None:
        return None
    lacking = int(needed) & ~granted
    if int(needed) and not lacking:
        return None
    names = [each.name.replace("_", " ").title() for each in P if each.value & lacking and each.name]
    who = f"those with {', '.join(names)}" if names else "administrators"
    return f"{command.body['name']} is only for {who}"


def _localized(one: JSON, locale: str) -> JSON:
    data = {key: value for key, value in one.items() if not key.endswith("_localizations")}
    for key in ("name", "description"):
        words = one.get(f"{key}_localizations") or {}
        if word := words.get(locale) or words.get(_FALLBACK.get(locale, "")):
            data[f"{key}_localized"] = word
    for key in ("options", "choices"):
        if key in one:
            data[key] = [_localized(each, locale) for each in one[key]]
    return data
