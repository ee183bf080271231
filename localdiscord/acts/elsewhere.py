"""A second guild that the bot was invited to, with the same people, in which everybody may do everything.

It has one text channel, whose threads are its own; its commands are none but global ones. What a bot takes from it
for the first guild's would be a leak. And interactions made by hand, as no client of Discord's would send them.
"""

from __future__ import annotations

from localdiscord import wire
from localdiscord.acts.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, begin
from localdiscord.context import Context
from localdiscord.errors import mistake, refusal
from localdiscord.forms import Form
from localdiscord.interactions import Interaction
from localdiscord.model import JSON, TEXT, Channel
from localdiscord.permissions import ALL

ELSEWHERE = 1300000000000001001  # the guild
SQUARE = 1300000000000002101  # its channel


def invite(ctx: Context) -> Channel:
    """Have somebody invite the bot to the second guild; its channel. Once invited it stays."""
    channel = ctx.world.channels.get(SQUARE)
    if channel is None:
        channel = Channel(SQUARE, TEXT, "square", ELSEWHERE)
        ctx.world.put(channel)
        joined = created(ctx)
        del joined["unavailable"]  # by which a client tells a new guild from one it knew of
        ctx.hub.emit("GUILD_CREATE", {ctx.world.bot_id}, joined)
    return channel


def invited(ctx: Context) -> bool:
    return SQUARE in ctx.world.channels


def created(ctx: Context) -> JSON:
    """GUILD_CREATE of the second guild. It belongs to whoever came into the first one earliest."""
    world = ctx.world
    bot = world.members[world.bot_id]
    everyone = wire.role(world.roles[world.guild.id]) | {"id": str(ELSEWHERE)}
    owner = min(member_id for member_id in world.members if member_id != world.bot_id)
    own = {"id": str(ELSEWHERE), "name": "Elsewhere", "owner_id": str(owner), "emojis": [], "stickers": []}
    threads = [each for each in world.channels.values() if each.thread and each.guild_id == ELSEWHERE]
    return (
        wire.guild(world)
        | own
        | {
            "roles": [everyone | {"permissions": str(ALL)}],
            "joined_at": bot.joined_at,
            "large": False,
            "unavailable": False,
            "member_count": len(world.members),
            "voice_states": [],
            "members": [wire.member(world, bot)],
            "channels": [wire.channel(world, world.channels[SQUARE])],
            "threads": [wire.channel(world, each) for each in threads],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }
    )


def forge(ctx: Context, member_id: int, channel: Channel, body: JSON) -> Interaction:
    """An interaction of the given ``type`` with ``data`` as it stands, whatever that says.

    That of a component comes with the message ``target_id``, which then seems to have had that component.
    """
    form = Form(body)
    kind = form.choice("type", (COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT), required=True) or 0
    target = form.snowflake("target_id")
    form.raise_any()
    data = body.get("data")
    if not isinstance(data, dict):
        raise mistake("data must be an object")
    source = ctx.world.messages.get(channel.id, {}).get(target) if target is not None else None
    if target is not None and (source is None or source.ephemeral_for not in (None, member_id)):
        raise refusal(10008)
    about: JSON = {}
    button: JSON | None = None
    if kind == COMPONENT:
        about["interacted_message_id"] = str(target)
        button = {"type": 2, "id": 2, "style": 2, "label": "x", "custom_id": data.get("custom_id")}
    return begin(ctx, kind, member_id, channel, data, about=about, source=source, button=button)
