"""Direct-message channels between the bot and a member."""

from __future__ import annotations

from localdiscord.context import Context
from localdiscord.errors import refusal
from localdiscord.forms import Form
from localdiscord.model import DM, Channel


def open_direct(ctx: Context, body: object) -> Channel:
    """The channel with a member, made on first use. Whether they take messages shows only when one is sent."""
    form = Form(body)
    user_id = form.snowflake("recipient_id", required=True) or 0
    form.raise_any()
    if user_id not in ctx.world.users:
        raise refusal(50033)
    if user_id == ctx.world.bot_id:
        raise refusal(50007)
    channel = ctx.world.direct_channel(user_id)
    if channel is None:
        channel = Channel(ctx.ids.next(), DM, recipient_id=user_id)
        ctx.world.put(channel)
    return channel
