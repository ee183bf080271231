"""Messages: send and edit."""

from __future__ import annotations

from dataclasses import replace

from localdiscord import wire
from localdiscord.acts import automod
from localdiscord.acts.access import may, require, require_active, require_writable
from localdiscord.acts.addressing import SYSTEM, Author, mention, read_reference
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
    HAS_SNAPSHOT,
    JSON,
    LOADING,
    REPLY,
    THREAD_STARTER,
    Channel,
    Message,
)
from localdiscord.permissions import P
from localdiscord.validate import (
    CONTENT,
    NONCE,
    PREMIUM_CONTENT,
    SENDABLE_FLAGS,
    Content,
    Upload,
    read_content,
)


def send(
    ctx: Context, author: Author, channel: Channel, body: object, files: tuple[Upload, ...] = ()
) -> Message:
    """Send a message as ``POST /channels/{id}/messages`` or a webhook's execution does."""
    if not author.permitted:
        require_writable(ctx, author.user_id, channel)
    if channel.type == DM and author.user_id == ctx.world.bot_id:
        recipient = ctx.world.members.get(channel.recipient_id or 0)
        if recipient is None:
            raise refusal(50278)
        if not recipient.accepts_dms:
            raise refusal(50007)
    form = Form(body)
    content = read_content(form, files, high=_longest(ctx, author.user_id, author.permitted))
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
        require_sendable(ctx, author.user_id, channel, content)
        automod.screen(ctx, author.user_id, channel, content.content)
    message = write(
        ctx,
        author,
        channel,
        content,
        reference=reference,
        snapshot=snapshot,
        nonce=nonce,
        kind=REPLY if reference and snapshot is None else DEFAULT,
        extra_flags=HAS_SNAPSHOT if snapshot else 0,
    )
    if nonce is not None and not author.webhook:
        ctx.nonces.remember(author.user_id, str(nonce), channel.id, message.id)
    return message


def _longest(ctx: Context, user_id: int, is_webhook: bool) -> int:
    """Characters of a message; members with Nitro may write longer ones."""
    return PREMIUM_CONTENT if ctx.world.users[user_id].premium and not is_webhook else CONTENT


def require_sendable(ctx: Context, user_id: int, channel: Channel, content: Content) -> None:
    """50013 for files from somebody who may not attach any, 50081 for stickers that there aren't."""
    if content.files and not may(ctx, user_id, channel, P.ATTACH_FILES):
        raise refusal(50013)
    _stickers(ctx, content)


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
    ctx.faults.hide(message.id)
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
    """Change a message. ``by`` is the member; None when its own webhook or interaction edits it.

    The edit that fills an answer which was only announced doesn't mark it as edited.
    """
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
    high = CONTENT if by is None else _longest(ctx, by, False)
    content = read_content(form, files, v2=bool(message.flags & COMPONENTS_V2), high=high)
    content.stickers = None  # they stay as they were sent
    if content.flags is not None and message.flags & COMPONENTS_V2 and not content.has_v2:
        form.fault(
            "flags", "MESSAGE_COMPONENTS_V2_CANNOT_BE_REMOVED", "The components v2 flag cannot be removed"
        )
    form.raise_any()
    if by is not None:
        automod.screen(ctx, by, channel, content.content)
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
        changed.content
        or changed.embeds
        or changed.components
        or changed.attachments
        or changed.snapshot
        or changed.stickers
    ):
        raise refusal(50006)
    filling = bool(message.flags & LOADING)
    changed.flags &= ~LOADING
    if set(form.data) - {"flags"}:
        changed.edited_timestamp = None if filling else ctx.now()
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


def _fill(ctx: Context, message: Message, content: Content) -> None:
    """Lay checked content over a message; what is None stays."""
    if content.content is not None:
        message.content = content.content
    if content.embeds is not None:
        message.embeds = content.embeds
    if content.components is not None:
        message.components = content.components
    if content.stickers and message.webhook_id is None:  # webhooks send none
        message.stickers = _stickers(ctx, content)
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


def _stickers(ctx: Context, content: Content) -> list[JSON]:
    """The guild's that are meant; they stay in the message when the guild loses them."""
    known = {each["id"]: {"id": each["id"], "name": each["name"]} for each in ctx.world.guild.stickers}
    if not known.keys() >= set(content.stickers or ()):
        raise refusal(50081)
    return [known[each] for each in content.stickers or ()]


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
