"""Interactions begin: a member acts, the application is told. Components begin here, commands and modals next door.

``Message.interaction`` and ``Interaction.metadata`` hold the interaction metadata of the API with users as ids
(``user_id``, ``target_user_id``), besides the ``name`` of a command (see wire/messages.py).
"""

from __future__ import annotations

from localdiscord import wire
from localdiscord.acts.access import require
from localdiscord.acts.choosing import chosen, listed
from localdiscord.acts.resolving import Resolved
from localdiscord.components import SELECTS, walk
from localdiscord.context import Context
from localdiscord.errors import form_error, mistake, refusal
from localdiscord.forms import Form
from localdiscord.interactions import Interaction
from localdiscord.model import JSON, Channel, Message
from localdiscord.permissions import P
from localdiscord.validate import FILE_SIZE

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5  # kinds of interaction


def use_component(ctx: Context, member_id: int, channel: Channel, body: object) -> Interaction:
    """A member presses a button or chooses in a select of a message."""
    require_acting(ctx, member_id, channel)
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
        resolved = Resolved(ctx, member_id, channel)
        data["values"] = chosen(used, listed(form.data.get("values")), resolved, "The select")
        if resolved.data:
            data["resolved"] = resolved.data
    about: JSON = {"interacted_message_id": str(message.id)}
    return begin(ctx, COMPONENT, member_id, channel, data, about=about, source=message)


def require_acting(ctx: Context, member_id: int, channel: Channel) -> None:
    """May the member use anything here? They must see the channel and not be timed out."""
    require(ctx, member_id, channel)
    member = ctx.world.members[member_id]
    exempt = channel.guild_id is None or ctx.permissions(member_id, channel) & P.ADMINISTRATOR
    if member.timed_out(ctx.clock.now()) and not exempt:
        raise mistake("While timed out you can't use commands, buttons or forms", 403, 50013)


def begin(
    ctx: Context,
    kind: int,
    member_id: int,
    channel: Channel,
    data: JSON,
    *,
    about: JSON,
    source: Message | None = None,
    button: JSON | None = None,
) -> Interaction:
    """Tell the application. ``about`` is what the metadata say beyond who it was.

    ``button`` stands below ``source`` as the application is told of it, whatever really does.
    """
    interaction = ctx.interactions.begin(ctx.ids.next(), kind, member_id, channel, source)
    interaction.metadata = {
        "id": str(interaction.id),
        "type": kind,
        "user_id": str(member_id),
        "authorizing_integration_owners": _owners(channel),
    } | about
    payload = _payload(ctx, interaction, data)
    if source:
        payload["message"] = wire.message(ctx.world, source, ctx.world.bot_id)
        if button:
            payload["message"]["components"] = [{"type": 1, "id": 1, "components": [button]}]
    ctx.hub.emit("INTERACTION_CREATE", {ctx.world.bot_id}, payload)
    return interaction


def _payload(ctx: Context, interaction: Interaction, data: JSON) -> JSON:
    """INTERACTION_CREATE (docs interactions/receiving-and-responding §Interaction Object)."""
    world, channel = ctx.world, interaction.channel
    granted = str(ctx.permissions(interaction.member_id, channel))
    user = world.users[interaction.member_id]
    payload: JSON = {
        "version": 1,
        "id": str(interaction.id),
        "application_id": str(world.bot_id),
        "type": interaction.kind,
        "token": interaction.token,
        "data": data,
        "locale": user.locale,
        "channel_id": str(channel.id),
        "channel": wire.channel(world, channel) | {"permissions": granted},
        "app_permissions": str(ctx.permissions(world.bot_id, channel)),
        "entitlements": [],
        "authorizing_integration_owners": _owners(channel),
        "context": 1 if channel.guild_id is None else 0,
        "attachment_size_limit": FILE_SIZE,
    }
    if channel.guild_id is None:
        return payload | {"user": wire.user(user)}
    guild, locale = str(channel.guild_id), world.guild.preferred_locale
    return payload | {
        "guild_id": guild,
        "guild": {"id": guild, "locale": locale, "features": ["COMMUNITY"]},
        "guild_locale": locale,
        "member": wire.member(world, world.members[interaction.member_id]) | {"permissions": granted},
    }


def _owners(channel: Channel) -> JSON:
    """Who installed the application: the guild; in direct messages the API says 0 for that."""
    return {"0": str(channel.guild_id or 0)}
