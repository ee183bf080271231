"""The first answer to an interaction. Follow-ups come in through the webhook routes."""

from __future__ import annotations

from localdiscord import wire
from localdiscord.acts import answers as acts
from localdiscord.model import EPHEMERAL, JSON
from localdiscord.rest.common import Call, Route


def callback(call: Call) -> JSON | None:
    interaction = call.ctx.interactions.for_callback(call.id("interaction"), call.text("token"))
    kind, message = acts.respond(call.ctx, interaction, call.body, call.files)
    if not call.truth("with_response"):
        return None
    about: JSON = {"id": str(interaction.id), "type": interaction.kind}
    if message:
        about |= {
            "response_message_id": str(message.id),
            "response_message_loading": interaction.deferred,
            "response_message_ephemeral": bool(message.flags & EPHEMERAL),
            "channel_id": str(interaction.channel.id),
        }
        if interaction.channel.guild_id is not None:
            about["guild_id"] = str(interaction.channel.guild_id)
    data: JSON = {"interaction": about}
    if message and kind in (acts.REPLY, acts.UPDATE):
        data["resource"] = {"type": kind, "message": wire.message(call.ctx.world, message, call.by)}
    return data


ROUTES = [Route("POST", "/interactions/{interaction}/{token}/callback", callback, open=True)]
