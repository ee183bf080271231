"""Interactions: a member uses a component, the application answers, follows up, edits.

Slash commands, context menus, autocomplete and modals begin here too once they exist; their answers already pass.
"""

from __future__ import annotations

from localdiscord import wire
from localdiscord.acts import messages
from localdiscord.acts.access import require
from localdiscord.acts.addressing import Author
from localdiscord.components import SELECTS, STRING_SELECT, walk
from localdiscord.context import Context
from localdiscord.errors import form_error, refusal
from localdiscord.forms import Form
from localdiscord.interactions import Interaction
from localdiscord.model import EPHEMERAL, JSON, LOADING, Channel, Message
from localdiscord.validate import FILE_SIZE, Upload, read_content

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5  # kinds of interaction
REPLY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9  # kinds of answer


def use_component(ctx: Context, member_id: int, channel: Channel, body: object) -> Interaction:
    """A member presses a button or chooses in a select of a message; the application is told."""
    require(ctx, member_id, channel)
    form = Form(body)
    target = form.snowflake("target_id", required=True) or 0
    custom_id = form.text("custom_id", 100, low=1, required=True)
    form.raise_any()
    message = ctx.world.messages.get(channel.id, {}).get(target)
    if message is None or message.ephemeral_for not in (None, member_id):
        raise refusal(10008)
    used = next((each for each in walk(message.components) if each.get("custom_id") == custom_id), None)
    if used is None:
        raise form_error(
            ("custom_id",), "COMPONENT_NOT_FOUND", "The message has no component with this custom_id"
        )
    if used.get("disabled"):
        raise form_error(("custom_id",), "COMPONENT_DISABLED", "This component is disabled")
    data: JSON = {"custom_id": custom_id, "component_type": used["type"], "id": used["id"]}
    if used["type"] in SELECTS:
        data |= _chosen(ctx, used, form)
    interaction = ctx.interactions.begin(ctx.ids.next(), COMPONENT, member_id, channel, message)
    interaction.metadata = _metadata(ctx, interaction)
    payload = _payload(ctx, interaction, data)
    payload["message"] = wire.message(ctx.world, message, ctx.world.bot_id)
    ctx.hub.emit("INTERACTION_CREATE", {ctx.world.bot_id}, payload)
    return interaction


def respond(
    ctx: Context, interaction: Interaction, body: object, files: tuple[Upload, ...] = ()
) -> tuple[int, Message | None]:
    """The application's first answer; the kind of answer and the message it made or changed."""
    form = Form(body)
    allowed = {
        COMMAND: (REPLY, DEFER, MODAL),
        COMPONENT: (REPLY, DEFER, DEFER_UPDATE, UPDATE, MODAL),
        AUTOCOMPLETE: (CHOICES,),
        MODAL_SUBMIT: (REPLY, DEFER, DEFER_UPDATE, UPDATE),
    }[interaction.kind]
    kind = form.choice("type", allowed, required=True) or 0
    data = Form(form.data.get("data") or {}, form.errors, ("data",))
    form.raise_any()
    flags = data.integer("flags", low=0) or 0
    interaction.ephemeral = bool(flags & EPHEMERAL)
    message: Message | None = None
    match kind:
        case 4:
            message = _send(ctx, interaction, data, files, interaction.ephemeral)
        case 5:
            message = _send(ctx, interaction, None, (), interaction.ephemeral)
            interaction.deferred = True
        case 6:
            message = interaction.source
        case 7:
            message = messages.edit(ctx, interaction.channel, _source(ctx, interaction), data.data, files)
        case 8:
            _check_choices(data)
        case 9:
            _check_modal(data)
    interaction.answered = True
    interaction.original = message
    shown: JSON = {"type": kind}
    if kind in (REPLY, UPDATE) and message:
        shown["message"] = wire.message(ctx.world, message, interaction.member_id)
    elif kind in (CHOICES, MODAL):
        shown["data"] = data.data
    elif kind == DEFER:
        shown["ephemeral"] = interaction.ephemeral
    interaction.tell(shown)
    return kind, message


def follow_up(ctx: Context, interaction: Interaction, body: object, files: tuple[Upload, ...]) -> Message:
    """Another message; right after a deferral it takes the place of the message that was announced."""
    if interaction.deferred and interaction.original:
        return edit(ctx, interaction, interaction.original, body, files)
    form = Form(body)
    flags = form.integer("flags", low=0) or 0
    message = _send(ctx, interaction, form, files, bool(flags & EPHEMERAL))
    interaction.tell(
        {"type": "follow_up", "message": wire.message(ctx.world, message, interaction.member_id)}
    )
    return message


def edit(
    ctx: Context, interaction: Interaction, message: Message, body: object, files: tuple[Upload, ...]
) -> Message:
    """Change one of the answers; filling a deferred one doesn't mark it as edited."""
    filling = bool(message.flags & LOADING)
    if filling:
        message.flags &= ~LOADING
    try:
        changed = messages.edit(ctx, interaction.channel, message, body, files)
    except Exception:
        message.flags |= LOADING if filling else 0
        raise
    if filling:
        changed.edited_timestamp = None
        ctx.world.put(changed)
    if interaction.original and interaction.original.id == changed.id:
        interaction.original = changed
        interaction.deferred = False
    interaction.tell({"type": "edit", "message": wire.message(ctx.world, changed, interaction.member_id)})
    return changed


def answer_message(ctx: Context, interaction: Interaction, message_id: str) -> Message:
    """``@original`` or one of the follow-ups, ephemeral ones too."""
    if message_id == "@original":
        original = interaction.original
        found = ctx.world.messages.get(interaction.channel.id, {}).get(original.id) if original else None
    else:
        found = ctx.world.messages.get(interaction.channel.id, {}).get(
            int(message_id) if message_id.isdigit() else 0
        )
        if found and (found.interaction or {}).get("id") != str(interaction.id):
            found = None
    if found is None:
        raise refusal(10008)
    return found


def _source(ctx: Context, interaction: Interaction) -> Message:
    """The message whose component was used, as it is now; 10008 when it has gone."""
    source = interaction.source
    found = ctx.world.messages.get(interaction.channel.id, {}).get(source.id) if source else None
    if found is None:
        raise refusal(10008)
    return found


def _send(
    ctx: Context, interaction: Interaction, form: Form | None, files: tuple[Upload, ...], ephemeral: bool
) -> Message:
    content = read_content(form or Form({}), files)
    if form:
        form.raise_any()
        if content.empty:
            raise refusal(50006)
    return messages.write(
        ctx,
        Author(ctx.world.bot_id),
        interaction.channel,
        content,
        interaction=interaction.metadata,
        ephemeral_for=interaction.member_id if ephemeral else None,
        extra_flags=(EPHEMERAL if ephemeral else 0) | (0 if form else LOADING),
    )


def _metadata(ctx: Context, interaction: Interaction) -> JSON:
    data: JSON = {
        "id": str(interaction.id),
        "type": interaction.kind,
        "user_id": str(interaction.member_id),
        "authorizing_integration_owners": {"0": str(ctx.world.guild.id)},
    }
    if interaction.kind == COMPONENT and interaction.source:
        data["interacted_message_id"] = str(interaction.source.id)
    return data


def _payload(ctx: Context, interaction: Interaction, data: JSON) -> JSON:
    """INTERACTION_CREATE (docs interactions/receiving-and-responding §Interaction Object)."""
    world, channel = ctx.world, interaction.channel
    granted = ctx.permissions(interaction.member_id, channel)
    who = wire.member(world, world.members[interaction.member_id]) | {"permissions": str(granted)}
    guild = str(world.guild.id)
    return {
        "version": 1,
        "id": str(interaction.id),
        "application_id": str(world.bot_id),
        "type": interaction.kind,
        "token": interaction.token,
        "data": data,
        "guild_id": guild,
        "guild": {"id": guild, "locale": "en-US", "features": ["COMMUNITY"]},
        "guild_locale": "en-US",
        "locale": "en-US",
        "channel_id": str(channel.id),
        "channel": wire.channel(world, channel) | {"permissions": str(granted)},
        "member": who,
        "app_permissions": str(ctx.permissions(world.bot_id, channel)),
        "entitlements": [],
        "authorizing_integration_owners": {"0": guild},
        "context": 0,
        "attachment_size_limit": FILE_SIZE,
    }


def _chosen(ctx: Context, select: JSON, form: Form) -> JSON:
    """What was chosen in a select, with the objects that ids stand for."""
    values = form.data.get("values")
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise form_error(("values",), "LIST_TYPE_CONVERT", "A select needs values, a list of strings")
    if not select["min_values"] <= len(values) <= select["max_values"]:
        raise form_error(
            ("values",),
            "BASE_TYPE_BAD_LENGTH",
            f"Must be between {select['min_values']} and {select['max_values']} in length.",
        )
    if select["type"] == STRING_SELECT:
        if not set(values) <= {option["value"] for option in select["options"]}:
            raise form_error(("values",), "BASE_TYPE_CHOICES", "Not one of the select's options")
        return {"values": values}
    world = ctx.world
    resolved: JSON = {}
    for value in values:
        id_ = int(value) if value.isdigit() else 0
        if member := world.members.get(id_):
            resolved.setdefault("users", {})[value] = wire.user(world.users[id_])
            resolved.setdefault("members", {})[value] = wire.partial_member(world, member)
        elif role := world.roles.get(id_):
            resolved.setdefault("roles", {})[value] = wire.role(role)
        elif channel := world.channels.get(id_):
            resolved.setdefault("channels", {})[value] = wire.channel(world, channel) | {"permissions": "0"}
        else:
            raise form_error(("values",), "BASE_TYPE_CHOICES", f"Nothing has the id {value}")
    return {"values": values, "resolved": resolved}


def _check_choices(data: Form) -> None:
    for each in data.items("choices", 25) or ():
        each.text("name", 100, low=1, required=True)
        if each.data.get("value") is None:
            each.fault("value", "BASE_TYPE_REQUIRED", "This field is required")
    data.raise_any()


def _check_modal(data: Form) -> None:
    data.text("custom_id", 100, low=1, required=True)
    data.text("title", 45, low=1, required=True)
    data.items("components", 5, low=1)
    data.raise_any()
