"""Threads and forum posts: open, change, archive, join, delete."""

from __future__ import annotations

from datetime import datetime, timedelta

from localdiscord import wire
from localdiscord.acts.access import may, require
from localdiscord.acts.audit import log_entry
from localdiscord.context import Context
from localdiscord.errors import refusal
from localdiscord.forms import Form
from localdiscord.model import (
    HAS_THREAD,
    JSON,
    PINNED,
    PUBLIC_THREAD,
    REQUIRE_TAG,
    THREADS,
    Channel,
    ThreadState,
)
from localdiscord.permissions import P
from localdiscord.validate import APPLIED_TAGS, ARCHIVE_AFTER, NAME, SLOW_MODE

CREATE, UPDATE, DELETE = 110, 111, 112  # audit actions


def make_thread(
    ctx: Context,
    parent: Channel,
    owner_id: int,
    name: str,
    *,
    thread_id: int | None = None,
    kind: int = PUBLIC_THREAD,
    archive_after: int | None = None,
    slow_mode: int | None = None,
    tags: list[int] | None = None,
    invitable: bool = True,
    reason: str | None = None,
) -> Channel:
    """Add a thread and announce it; permissions and the opening message are the caller's."""
    sweep(ctx)
    require_room(ctx)
    now = ctx.now()
    thread = Channel(
        id=thread_id or ctx.ids.next(),
        type=kind,
        name=name,
        guild_id=parent.guild_id,
        parent_id=parent.id,
        rate_limit_per_user=parent.default_thread_rate_limit_per_user if slow_mode is None else slow_mode,
        thread=ThreadState(
            owner_id=owner_id,
            created_at=now,
            archive_timestamp=now,
            auto_archive_duration=archive_after or parent.default_auto_archive_duration or 4320,
            active_at=now,
            invitable=invitable,
            applied_tags=tags or [],
            members={owner_id: now} if owner_id in ctx.world.members else {},
        ),
    )
    ctx.world.put(thread)
    if parent.is_forum:
        parent.last_message_id = thread.id
        ctx.world.put(parent)
    ctx.faults.hide(thread.id)
    world = ctx.world
    ctx.hub.emit(
        "THREAD_CREATE",
        ctx.hub.audience(thread),
        lambda viewer: wire.channel(world, thread, viewer) | {"newly_created": True},
    )
    changes: list[JSON] = [
        {"key": "name", "new_value": name},
        {"key": "type", "new_value": kind},
        {"key": "archived", "new_value": False},
        {"key": "locked", "new_value": False},
        {"key": "auto_archive_duration", "new_value": archive_after or 4320},
        {"key": "rate_limit_per_user", "new_value": thread.rate_limit_per_user},
    ]
    if owner_id in world.members:
        log_entry(ctx, CREATE, owner_id, thread.id, reason=reason, changes=changes)
    return thread


def require_room(ctx: Context) -> None:
    """160006 when the guild has as many active threads as it may."""
    active = sum(1 for each in ctx.world.threads() if each.thread and not each.thread.archived)
    if active >= ctx.limiter.limits.active_threads:
        raise refusal(160006)


def read_tags(ctx: Context, form: Form, forum: Channel, by: int) -> list[int] | None:
    """``applied_tags``: at most five, all the forum's own, moderated ones only with Manage Threads."""
    tags = form.snowflakes("applied_tags", APPLIED_TAGS)
    form.raise_any()
    if tags is None:
        return None
    known = {tag.id: tag for tag in forum.tags}
    if any(tag not in known for tag in tags):
        raise refusal(10087)
    if any(known[tag].moderated for tag in tags) and not may(ctx, by, forum, P.MANAGE_THREADS):
        raise refusal(50013)
    return list(dict.fromkeys(tags))


def require_tag(forum: Channel, tags: list[int] | None) -> None:
    if forum.flags & REQUIRE_TAG and not tags:
        raise refusal(40067)


def change_thread(ctx: Context, thread: Channel, by: int, body: object, reason: str | None = None) -> Channel:
    """``PATCH /channels/{thread}`` (docs resources/channel §Modify Channel, thread)."""
    state = thread.thread
    assert state is not None
    require(ctx, by, thread)
    form = Form(body)
    archived, locked = form.flag("archived"), form.flag("locked")
    manages = may(ctx, by, thread, P.MANAGE_THREADS)
    owns = state.owner_id == by
    name = form.text("name", NAME, low=1) if "name" in form else None
    archive_after = form.choice("auto_archive_duration", ARCHIVE_AFTER)
    slow_mode = form.integer("rate_limit_per_user", low=0, high=SLOW_MODE)
    flags = form.integer("flags", low=0)
    invitable = form.flag("invitable")
    tags = read_tags(ctx, form, ctx.world.channel(thread.parent_id or 0), by)
    form.raise_any()
    opening = archived is False and state.archived
    if opening and state.locked and not manages:
        raise refusal(160005)
    if not manages:
        only_opening = opening and set(form.data) <= {"archived"}
        if not (only_opening and may(ctx, by, thread, P.SEND_MESSAGES_IN_THREADS)) and not owns:
            raise refusal(50013)
        if locked is not None or flags is not None or slow_mode is not None or (owns and state.locked):
            raise refusal(50013)
    if state.archived and not opening and set(form.data) - {"archived", "locked"}:
        raise refusal(50083)
    parent = ctx.world.channel(thread.parent_id or 0)
    if tags is not None:
        require_tag(parent, tags)
    if name is not None and name != thread.name:
        ctx.limiter.check_rename(thread.id)
    wanted: JSON = {
        "name": name,
        "auto_archive_duration": archive_after,
        "rate_limit_per_user": slow_mode,
        "flags": None if flags is None else flags & PINNED,
        "applied_tags": tags,
        "locked": locked,
        "archived": archived,
        "invitable": invitable,
    }
    return update_thread(
        ctx, thread, by=by, reason=reason, **{k: v for k, v in wanted.items() if v is not None}
    )


def update_thread(
    ctx: Context, thread: Channel, *, by: int | None = None, reason: str | None = None, **wanted: object
) -> Channel:
    """Set fields of a thread and tell it, when anything differs. ``by``: who gets the audit entry."""
    state = thread.thread
    assert state is not None
    if wanted.get("archived") is False and state.archived:
        require_room(ctx)
    if wanted.get("flags") and not thread.flags & PINNED:
        for other in ctx.world.threads(thread.parent_id):
            if other.flags & PINNED:
                raise refusal(30003)
    changes: list[JSON] = []
    for key, value in wanted.items():
        place: object = thread if key in ("name", "rate_limit_per_user", "flags") else state
        old = getattr(place, key)
        if old != value:
            setattr(place, key, value)
            changes.append({"key": key, "old_value": _listed_ids(old), "new_value": _listed_ids(value)})
    if not changes:
        return thread
    if any(change["key"] == "archived" for change in changes):
        state.archive_timestamp = ctx.now()
        state.active_at = ctx.now()
    ctx.world.put(thread)
    announce_thread(ctx, thread)
    if by is not None:
        log_entry(ctx, UPDATE, by, thread.id, reason=reason, changes=changes)
    return thread


def _listed_ids(value: object) -> object:
    """Tags as the audit log shows them."""
    return [str(each) for each in value] if isinstance(value, list) else value


def announce_thread(ctx: Context, thread: Channel) -> None:
    world = ctx.world
    ctx.hub.emit(
        "THREAD_UPDATE", ctx.hub.audience(thread), lambda viewer: wire.channel(world, thread, viewer)
    )


def delete_thread(ctx: Context, thread: Channel, by: int, reason: str | None = None) -> None:
    require(ctx, by, thread, P.MANAGE_THREADS)
    remove_thread(ctx, thread)
    changes: list[JSON] = [
        {"key": "name", "old_value": thread.name},
        {"key": "type", "old_value": thread.type},
    ]
    log_entry(ctx, DELETE, by, thread.id, reason=reason, changes=changes)


def remove_thread(ctx: Context, thread: Channel) -> None:
    audience = ctx.hub.audience(thread)
    ctx.world.drop(thread)
    starter = ctx.world.messages.get(thread.parent_id or 0, {}).get(thread.id)
    if starter is not None:
        starter.flags &= ~HAS_THREAD
        ctx.world.put(starter)
    data = {
        "id": str(thread.id),
        "guild_id": str(thread.guild_id),
        "parent_id": str(thread.parent_id),
        "type": thread.type,
    }
    ctx.hub.emit("THREAD_DELETE", audience, data)


def touch(ctx: Context, thread: Channel) -> None:
    """Something happened in a thread: it stays in the list for its full time again."""
    if thread.thread:
        thread.thread.active_at = ctx.now()


def sweep(ctx: Context) -> None:
    """Archive what has been silent for its time; pinned posts stay (docs topics/threads)."""
    now = ctx.clock.now()
    for thread in list(ctx.world.threads()):
        state = thread.thread
        if state is None or state.archived or thread.flags & PINNED:
            continue
        if datetime.fromisoformat(state.active_at) + timedelta(minutes=state.auto_archive_duration) <= now:
            update_thread(ctx, thread, archived=True)


def require_thread(channel: Channel) -> Channel:
    if channel.type not in THREADS:
        raise refusal(50024)
    return channel
