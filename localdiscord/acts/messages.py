"""Messages: send, edit, delete, pin."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from localdiscord import wire
from localdiscord.acts.access import may, require, require_active, require_writable
from localdiscord.acts.addressing import SYSTEM, Author, mention, read_reference
from localdiscord.acts.audit import log_deletion, log_entry
from localdiscord.acts.thread_members import join
from localdiscord.acts.threads import touch, update_thread
from localdiscord.clock import snowflake_time
from localdiscord.context import Context
from localdiscord.errors import form_error, refusal
from localdiscord.forms import Form
from localdiscord.model import (
    COMPONENTS_V2,
    DEFAULT,
    DM,
    JSON,
    REPLY,
    THREAD_STARTER,
    Channel,
    Message,
)
from localdiscord.permissions import P
from localdiscord.validate import BULK_DELETE, NONCE, PINS, SENDABLE_FLAGS, Content, Upload, read_content


def send(
    ctx: Context, author: Author, channel: Channel, body: object, files: tuple[Upload, ...] = ()
) -> Message:
    """Send a message as ``POST /channels/{id}/messages`` or a webhook's execution does."""
    if not author.permitted:
        require_writable(ctx, author.user_id, channel)
    if channel.type == DM and author.user_id == ctx.world.bot_id:
        recipient = ctx.world.members.get(channel.recipient_id or 0)
        if recipient is None or not recipient.accepts_dms:
            raise refusal(50007)
    form = Form(body)
    content = read_content(form, files)
    nonce = form.data.get("nonce")
    if nonce is not None and len(str(nonce)) > NONCE:
        form.fault("nonce", "BASE_TYPE_MAX_LENGTH", f"Must be {NONCE} or fewer in length.")
    form.raise_any()
    enforced = form.data.get("enforce_nonce") and nonce is not None and not author.webhook
    if enforced and (first := ctx.nonces.first(author.user_id, str(nonce))):
        return ctx.world.message(*first)
    reference, snapshot = read_reference(ctx, author, channel, form)
    if content.empty and snapshot is None:
        raise refusal(50006)
    if not author.permitted:
        _slow_mode(ctx, author, channel)
        require_attachable(ctx, author.user_id, channel, content)
    kind = REPLY if reference and snapshot is None else DEFAULT
    message = write(
        ctx, author, channel, content, reference=reference, snapshot=snapshot, nonce=nonce, kind=kind
    )
    if nonce is not None and not author.webhook:
        ctx.nonces.remember(author.user_id, str(nonce), channel.id, message.id)
    return message


def require_attachable(ctx: Context, user_id: int, channel: Channel, content: Content) -> None:
    """50013 for files from somebody who may not attach any."""
    if content.files and not may(ctx, user_id, channel, P.ATTACH_FILES):
        raise refusal(50013)


def write(
    ctx: Context,
    author: Author,
    channel: Channel,
    content: Content,
    *,
    message_id: int | None = None,
    reference: JSON | None = None,
    snapshot: JSON | None = None,
    nonce: str | int | None = None,
    kind: int = DEFAULT,
    interaction: JSON | None = None,
    ephemeral_for: int | None = None,
    extra_flags: int = 0,
) -> Message:
    """Put checked content into a channel and announce it; opens an archived thread.

    ``interaction`` is the metadata of the interaction that the application answers with this message. One that is
    ``ephemeral_for`` a member is shown to nobody else and leaves no trace in the channel.
    """
    if channel.thread and channel.thread.archived and ephemeral_for is None:
        update_thread(ctx, channel, archived=False)
    webhook = author.webhook
    message = Message(
        id=message_id or ctx.ids.next(),
        channel_id=channel.id,
        author_id=webhook.id if webhook else author.user_id,
        timestamp=ctx.now(),
        type=kind,
        nonce=nonce,
        reference=reference,
        snapshot=snapshot,
        tts=content.tts,
        flags=(content.flags or 0) & SENDABLE_FLAGS | extra_flags,
        webhook_id=webhook.id if webhook else None,
        webhook_name=(author.name or webhook.name) if webhook else None,
        webhook_avatar=author.avatar if webhook else None,
        application_id=webhook.application_id if webhook else ctx.world.bot_id if interaction else None,
        interaction=interaction,
        ephemeral_for=ephemeral_for,
    )
    _fill(ctx, message, content)
    mention(ctx, author, channel, message, content.allowed_mentions)
    ctx.world.put(message)
    world = ctx.world
    if ephemeral_for is None:
        _count(ctx, channel, message, author)
        name, audience = "MESSAGE_CREATE", ctx.hub.audience(channel)
    else:
        name, audience = "EPHEMERAL_MESSAGE", frozenset({ephemeral_for})
    ctx.hub.emit(name, audience, lambda viewer: wire.event_message(world, message, viewer))
    return message


def edit(
    ctx: Context,
    channel: Channel,
    message: Message,
    body: object,
    files: tuple[Upload, ...] = (),
    by: int | None = None,
) -> Message:
    """Change a message. ``by`` is the member; None when its own webhook or interaction edits it."""
    require_active(channel)
    form = Form(body)
    if by is not None:
        require(ctx, by, channel)
        if message.author_id != by:
            if set(form.data) - {"flags"} or not may(ctx, by, channel, P.MANAGE_MESSAGES):
                raise refusal(50005 if set(form.data) - {"flags"} else 50013)
        elif message.type in SYSTEM:
            raise refusal(50021)
        elif channel.thread and channel.thread.locked and not may(ctx, by, channel, P.MANAGE_THREADS):
            raise refusal(160005)
    content = read_content(form, files, v2=bool(message.flags & COMPONENTS_V2))
    if content.flags is not None and message.flags & COMPONENTS_V2 and not content.has_v2:
        form.fault(
            "flags", "MESSAGE_COMPONENTS_V2_CANNOT_BE_REMOVED", "The components v2 flag cannot be removed"
        )
    form.raise_any()
    ctx.limiter.check_old_edit(channel.id, ctx.clock.now() - snowflake_time(message.id))
    changed = replace(message)
    if content.flags is not None:
        changed.flags = (message.flags & ~SENDABLE_FLAGS) | (content.flags & SENDABLE_FLAGS)
    if (
        content.has_v2
        and not message.flags & COMPONENTS_V2
        and ((message.content and content.content is None) or (message.embeds and content.embeds is None))
    ):
        raise form_error(
            ("content",),
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
            "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
        )
    _fill(ctx, changed, content)
    if not (
        changed.content or changed.embeds or changed.components or changed.attachments or changed.snapshot
    ):
        raise refusal(50006)
    if set(form.data) - {"flags"}:
        changed.edited_timestamp = ctx.now()
        author = Author(by if by is not None else message.author_id)
        mention(ctx, author, channel, changed, content.allowed_mentions)
    ctx.world.put(changed)
    announce_update(ctx, channel, changed)
    return changed


def announce_update(ctx: Context, channel: Channel, message: Message) -> None:
    world = ctx.world
    if message.ephemeral_for is not None:
        audience, name = frozenset({message.ephemeral_for}), "EPHEMERAL_MESSAGE"
    else:
        audience, name = ctx.hub.audience(channel), "MESSAGE_UPDATE"
    ctx.hub.emit(name, audience, lambda viewer: wire.event_message(world, message, viewer))


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
    ctx.hub.emit("MESSAGE_DELETE", audience, {"id": str(message.id)} | _where(channel))
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
    data = {"ids": [str(each) for each in ids]} | _where(channel)
    ctx.hub.emit("MESSAGE_DELETE_BULK", ctx.hub.audience(channel), data)
    if gone and channel.type != DM:
        log_entry(ctx, 73, by, channel.id, reason=reason, options={"count": str(len(gone))})


def pin(ctx: Context, channel: Channel, message: Message, by: int, pinned: bool, reason: str | None) -> None:
    require_active(channel)
    require(ctx, by, channel, P.PIN_MESSAGES)
    if message.type in SYSTEM:
        raise refusal(50021)
    if pinned == (message.pinned_at is not None):
        return
    if pinned and sum(1 for each in ctx.world.history(channel.id) if each.pinned_at) >= PINS:
        raise refusal(30003)
    message.pinned_at = ctx.now() if pinned else None
    channel.last_pin_timestamp = message.pinned_at or channel.last_pin_timestamp
    ctx.world.put(message)
    ctx.world.put(channel)
    announce_update(ctx, channel, message)
    data = _where(channel) | {"last_pin_timestamp": channel.last_pin_timestamp}
    ctx.hub.emit("CHANNEL_PINS_UPDATE", ctx.hub.audience(channel), data)
    if channel.type != DM:
        options = {"channel_id": str(channel.id), "message_id": str(message.id)}
        log_entry(ctx, 74 if pinned else 75, by, message.author_id, reason=reason, options=options)


def _where(channel: Channel) -> JSON:
    data: JSON = {"channel_id": str(channel.id)}
    if channel.guild_id is not None:
        data["guild_id"] = str(channel.guild_id)
    return data


def _fill(ctx: Context, message: Message, content: Content) -> None:
    """Lay checked content over a message; what is None stays."""
    if content.content is not None:
        message.content = content.content
    if content.embeds is not None:
        message.embeds = content.embeds
    if content.components is not None:
        message.components = content.components
    if content.attachments is None and not content.files:
        return
    listed = {each["id"]: each for each in content.attachments or ()}
    kept = message.attachments
    if content.attachments is not None:
        kept = [each for each in message.attachments if str(each["id"]) in listed]
    added = [
        ctx.media.add(ctx.ids.next(), upload, listed.get(str(upload.index), {}).get("description"))
        for upload in content.files
    ]
    message.attachments = kept + added


def _slow_mode(ctx: Context, author: Author, channel: Channel) -> None:
    """Members wait ``rate_limit_per_user`` seconds between their messages; bots and moderators don't."""
    if not channel.rate_limit_per_user or author.user_id == ctx.world.bot_id:
        return
    granted = ctx.permissions(author.user_id, channel)
    if granted & (P.MANAGE_MESSAGES | P.MANAGE_CHANNELS | P.BYPASS_SLOWMODE):
        return
    now = ctx.clock.now()
    last = max((m.id for m in ctx.world.history(channel.id) if m.author_id == author.user_id), default=None)
    if last is not None:
        wait = channel.rate_limit_per_user - (now - snowflake_time(last)).total_seconds()
        if wait > 0:
            raise refusal(20016, retry_after=wait)


def _count(ctx: Context, channel: Channel, message: Message, author: Author) -> None:
    channel.last_message_id = message.id
    if channel.thread:
        opening = message.id == channel.id
        if not opening and message.type != THREAD_STARTER:
            message.position = channel.thread.total_message_sent
            channel.thread.message_count += 1
            channel.thread.total_message_sent += 1
        touch(ctx, channel)
        if not author.webhook:
            join(ctx, channel, author.user_id)
    ctx.world.put(channel)


def _uncount(ctx: Context, channel: Channel, message: Message) -> None:
    if channel.thread and message.id != channel.id and message.type != THREAD_STARTER:
        channel.thread.message_count = max(0, channel.thread.message_count - 1)
        ctx.world.put(channel)
