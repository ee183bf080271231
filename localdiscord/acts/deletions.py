"""Messages deleted, one or many, by their authors, by moderators, or by the webhook or interaction they came from."""

from __future__ import annotations

from datetime import timedelta

from localdiscord import wire
from localdiscord.acts.access import require
from localdiscord.acts.audit import log_deletion, log_entry
from localdiscord.clock import snowflake_time
from localdiscord.context import Context
from localdiscord.errors import form_error, refusal
from localdiscord.forms import Form
from localdiscord.model import DM, THREAD_STARTER, Channel, Message
from localdiscord.permissions import P
from localdiscord.validate import BULK_DELETE


def delete(ctx: Context, channel: Channel, message: Message, by: int | None = None) -> None:
    """Delete one message; allowed in archived threads too. ``by`` None: its webhook or interaction."""
    if by is not None:
        require(ctx, by, channel)
        if message.author_id != by:
            require(ctx, by, channel, P.MANAGE_MESSAGES)
        if message.type == THREAD_STARTER:
            raise refusal(50021)
    hidden = message.ephemeral_for is not None
    audience = frozenset({message.ephemeral_for or 0}) if hidden else ctx.hub.audience(channel)
    ctx.world.drop(message)
    if not hidden:
        _uncount(ctx, channel, message)
    ctx.hub.emit("MESSAGE_DELETE", audience, {"id": str(message.id)} | wire.where(channel))
    if by is not None and message.author_id != by and channel.type != DM:
        log_deletion(ctx, by, message, channel)


def bulk_delete(ctx: Context, channel: Channel, body: object, by: int, reason: str | None) -> None:
    require(ctx, by, channel, P.MANAGE_MESSAGES)
    form = Form(body)
    ids = form.snowflakes("messages", BULK_DELETE)
    if ids is not None and len(ids) < 2:
        form.fault("messages", "BASE_TYPE_BAD_LENGTH", f"Must be between 2 and {BULK_DELETE} in length.")
    if ids is None and "messages" not in form:
        form.fault("messages", "BASE_TYPE_REQUIRED", "This field is required")
    form.raise_any()
    ids = ids or []
    if len(set(ids)) != len(ids):
        raise form_error(
            ("messages",), "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value"
        )
    oldest = ctx.clock.now() - timedelta(days=14)
    if any(snowflake_time(each) < oldest for each in ids):
        raise refusal(50034)
    here = ctx.world.messages.get(channel.id, {})
    gone = [here[each] for each in ids if each in here and here[each].ephemeral_for is None]
    for message in gone:
        ctx.world.drop(message)
        _uncount(ctx, channel, message)
    data = {"ids": [str(each) for each in ids]} | wire.where(channel)
    ctx.hub.emit("MESSAGE_DELETE_BULK", ctx.hub.audience(channel), data)
    if gone and channel.type != DM:
        log_entry(ctx, 73, by, channel.id, reason=reason, options={"count": str(len(gone))})


def _uncount(ctx: Context, channel: Channel, message: Message) -> None:
    if channel.thread and message.id != channel.id and message.type != THREAD_STARTER:
        channel.thread.message_count = max(0, channel.thread.message_count - 1)
        ctx.world.put(channel)
