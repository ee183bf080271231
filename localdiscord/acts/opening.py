"""Opening a thread together with, or from, a message: where threads and messages meet."""

from __future__ import annotations

from localdiscord.acts import automod
from localdiscord.acts.access import require
from localdiscord.acts.addressing import Author
from localdiscord.acts.messages import announce_update, require_sendable, write
from localdiscord.acts.threads import make_thread, read_tags, require_tag
from localdiscord.context import Context
from localdiscord.errors import refusal
from localdiscord.forms import Form
from localdiscord.model import (
    ANNOUNCEMENT,
    ANNOUNCEMENT_THREAD,
    HAS_THREAD,
    JSON,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    TEXT,
    THREAD_CREATED,
    THREAD_STARTER,
    Channel,
    Message,
)
from localdiscord.permissions import P
from localdiscord.validate import Content, Upload, read_content, thread_form


def open_post(
    ctx: Context,
    author: Author,
    forum: Channel,
    body: object,
    files: tuple[Upload, ...] = (),
    reason: str | None = None,
) -> tuple[Channel, Message]:
    """A forum post: thread and opening message in one, under one id. It takes no nonce, whatever is sent."""
    if not author.permitted:
        require(ctx, author.user_id, forum, P.SEND_MESSAGES)
    form = Form(body)
    name, archive_after, slow_mode = thread_form(form)
    inner = form.sub("message", required=True)
    content = read_content(inner, files) if inner else Content()
    tags = read_tags(ctx, form, forum, author.user_id)
    return post(ctx, author, forum, name, content, tags, archive_after, slow_mode, reason)


def post(
    ctx: Context,
    author: Author,
    forum: Channel,
    name: str,
    content: Content,
    tags: list[int] | None = None,
    archive_after: int | None = None,
    slow_mode: int | None = None,
    reason: str | None = None,
) -> tuple[Channel, Message]:
    """A forum post from a body that was read and found free of faults."""
    if content.empty:
        raise refusal(50006)
    require_tag(forum, tags)
    if not author.permitted:
        require_sendable(ctx, author.user_id, forum, content)
        automod.screen(ctx, author.user_id, forum, content.content, name)
    thread = make_thread(
        ctx,
        forum,
        author.webhook.id if author.webhook else author.user_id,
        name,
        archive_after=archive_after,
        slow_mode=slow_mode,
        tags=tags,
        reason=reason,
    )
    return thread, write(ctx, author, thread, content, message_id=thread.id)


def open_from_message(
    ctx: Context, channel: Channel, message: Message, body: object, by: int, reason: str | None = None
) -> Channel:
    """A thread that hangs on a message of a text channel and has its id. A second try is refused with 160004."""
    if channel.type not in (TEXT, ANNOUNCEMENT):
        raise refusal(50024)
    require(ctx, by, channel, P.CREATE_PUBLIC_THREADS | P.READ_MESSAGE_HISTORY)
    form = Form(body)
    name, archive_after, slow_mode = thread_form(form)
    form.raise_any()
    if message.id in ctx.world.channels:
        raise refusal(160004)
    if message.type in (THREAD_CREATED, THREAD_STARTER):
        raise refusal(50068)
    automod.screen(ctx, by, channel, title=name)
    kind = ANNOUNCEMENT_THREAD if channel.type == ANNOUNCEMENT else PUBLIC_THREAD
    thread = make_thread(
        ctx,
        channel,
        by,
        name,
        thread_id=message.id,
        kind=kind,
        archive_after=archive_after,
        slow_mode=slow_mode,
        reason=reason,
    )
    reference: JSON = {
        "type": 0,
        "channel_id": str(channel.id),
        "message_id": str(message.id),
        "guild_id": str(channel.guild_id),
    }
    write(ctx, Author(by), thread, Content(), reference=reference, kind=THREAD_STARTER)
    message.flags |= HAS_THREAD
    ctx.world.put(message)
    announce_update(ctx, channel, message)
    return thread


def open_without_message(
    ctx: Context, channel: Channel, body: object, by: int, reason: str | None = None
) -> Channel:
    """A thread of its own in a text channel; private unless the body says otherwise, as on Discord."""
    if channel.type not in (TEXT, ANNOUNCEMENT):
        raise refusal(50024)
    form = Form(body)
    name, archive_after, slow_mode = thread_form(form)
    kind = form.choice("type", (ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD)) or PRIVATE_THREAD
    invitable = form.flag("invitable")
    form.raise_any()
    private = kind == PRIVATE_THREAD
    require(ctx, by, channel, P.CREATE_PRIVATE_THREADS if private else P.CREATE_PUBLIC_THREADS)
    automod.screen(ctx, by, channel, title=name)
    thread = make_thread(
        ctx,
        channel,
        by,
        name,
        kind=kind,
        archive_after=archive_after,
        slow_mode=slow_mode,
        invitable=invitable is not False,
        reason=reason,
    )
    if not private:
        reference: JSON = {"type": 0, "channel_id": str(thread.id), "guild_id": str(channel.guild_id)}
        write(ctx, Author(by), channel, Content(content=name), reference=reference, kind=THREAD_CREATED)
    return thread
