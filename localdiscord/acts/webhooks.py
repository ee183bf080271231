"""Webhooks: make, change, delete, and post through them under any name."""

from __future__ import annotations

import re
import secrets
from hashlib import md5

from localdiscord.acts import messages, opening
from localdiscord.acts.access import require
from localdiscord.acts.addressing import Author
from localdiscord.acts.audit import log_entry
from localdiscord.acts.threads import read_tags
from localdiscord.context import Context
from localdiscord.errors import refusal
from localdiscord.forms import Form
from localdiscord.model import ANNOUNCEMENT, FORUM, JSON, MEDIA, TEXT, Channel, Message, Webhook
from localdiscord.permissions import P
from localdiscord.validate import NAME, URL, WEBHOOKS, Upload, read_content, webhook_name

_OWN_AVATAR = re.compile(r"/avatars/\d+/([0-9a-f]{32})\.")


def create(ctx: Context, channel: Channel, body: object, by: int, reason: str | None = None) -> Webhook:
    require(ctx, by, channel, P.MANAGE_WEBHOOKS)
    if channel.type not in (TEXT, ANNOUNCEMENT, FORUM, MEDIA):
        raise refusal(50024)
    form = Form(body)
    name = webhook_name(form, "name", required=True)
    form.raise_any()
    if sum(1 for each in ctx.world.webhooks.values() if each.channel_id == channel.id) >= WEBHOOKS:
        raise refusal(30007)
    token = secrets.token_urlsafe(51)
    bot = ctx.world.bot_id
    webhook = Webhook(
        ctx.ids.next(),
        token,
        channel.id,
        name or "",
        by,
        bot if by == bot else None,
        _picture(form.data.get("avatar")),
    )
    ctx.world.put(webhook)
    _changed(ctx, webhook)
    changes: list[JSON] = [{"key": "name", "new_value": webhook.name}]
    log_entry(ctx, 50, by, webhook.id, reason=reason, changes=changes)
    return webhook


def change(
    ctx: Context, webhook: Webhook, body: object, by: int | None, reason: str | None = None
) -> Webhook:
    """``by`` None: through the webhook's own token, which can't move it to another channel."""
    if by is not None:
        require(ctx, by, ctx.world.channel(webhook.channel_id), P.MANAGE_WEBHOOKS)
    form = Form(body)
    name = webhook_name(form, "name")
    target = form.snowflake("channel_id") if by is not None else None
    form.raise_any()
    if target is not None and by is not None:
        require(ctx, by, ctx.world.channel(target), P.MANAGE_WEBHOOKS)
        webhook.channel_id = target
    if name is not None:
        webhook.name = name
    if "avatar" in form:
        webhook.avatar = _picture(form.data["avatar"])
    ctx.world.put(webhook)
    _changed(ctx, webhook)
    if by is not None:
        log_entry(ctx, 51, by, webhook.id, reason=reason)
    return webhook


def delete(ctx: Context, webhook: Webhook, by: int | None, reason: str | None = None) -> None:
    if by is not None:
        require(ctx, by, ctx.world.channel(webhook.channel_id), P.MANAGE_WEBHOOKS)
    ctx.world.drop(webhook)
    _changed(ctx, webhook)
    if by is not None:
        log_entry(
            ctx, 52, by, webhook.id, reason=reason, changes=[{"key": "name", "old_value": webhook.name}]
        )


def find(ctx: Context, webhook_id: int, token: str | None = None) -> Webhook:
    """10015 when there is none, 50027 when the token is another's."""
    webhook = ctx.world.webhooks.get(webhook_id)
    if webhook is None:
        raise refusal(10015)
    if token is not None and not secrets.compare_digest(webhook.token.encode(), token.encode()):
        raise refusal(50027)
    return webhook


def place(ctx: Context, webhook: Webhook, thread_id: int | None) -> Channel:
    """Where a webhook speaks: its channel, or a thread of it."""
    if thread_id is None:
        return ctx.world.channel(webhook.channel_id)
    thread = ctx.world.channels.get(thread_id)
    if thread is None or thread.parent_id != webhook.channel_id:
        raise refusal(10003)
    return thread


def execute(
    ctx: Context, webhook: Webhook, body: object, files: tuple[Upload, ...], thread_id: int | None
) -> Message:
    form = Form(body)
    name = webhook_name(form, "username")
    avatar = form.url("avatar_url", URL)
    thread_name = form.text("thread_name", NAME)
    form.raise_any()
    author = Author(webhook.user_id, webhook, name or webhook.name, _picture(avatar) or webhook.avatar)
    channel = place(ctx, webhook, thread_id)
    if thread_id is None and channel.is_forum and not thread_name:
        raise refusal(220001)
    if thread_id is not None and thread_name:
        raise refusal(220002)
    if thread_name and not channel.is_forum:
        raise refusal(220003)
    ctx.limiter.check_webhook(webhook.channel_id)
    if not thread_name:
        if channel.thread and channel.thread.locked and channel.thread.archived:
            raise refusal(50083)
        return messages.send(ctx, author, channel, form.data, files)
    content = read_content(form, files)
    tags = read_tags(ctx, form, channel, webhook.user_id)
    return opening.post(ctx, author, channel, thread_name, content, tags)[1]


def own_message(
    ctx: Context, webhook: Webhook, message_id: int, thread_id: int | None
) -> tuple[Channel, Message]:
    """A message that this webhook sent; 10008 for anything else."""
    channel = place(ctx, webhook, thread_id)
    message = ctx.world.message(channel.id, message_id)
    if message.webhook_id != webhook.id:
        raise refusal(10008)
    return channel, message


def _picture(given: object) -> str | None:
    """The hash of a picture. One of our own CDN keeps its hash, others get one of their own."""
    if not isinstance(given, str) or not given:
        return None
    if own := _OWN_AVATAR.search(given):
        return own[1]
    return md5(given.encode(), usedforsecurity=False).hexdigest()


def _changed(ctx: Context, webhook: Webhook) -> None:
    channel = ctx.world.channels.get(webhook.channel_id)
    if channel:
        data = {"guild_id": str(ctx.world.guild.id), "channel_id": str(channel.id)}
        ctx.hub.emit("WEBHOOKS_UPDATE", ctx.hub.audience(channel), data)
