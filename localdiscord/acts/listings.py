"""Which threads somebody finds in the active and in the archived listing."""

from __future__ import annotations

from datetime import datetime

from localdiscord.acts.threads import sweep
from localdiscord.context import Context
from localdiscord.model import PRIVATE_THREAD, Channel
from localdiscord.permissions import P


def active(ctx: Context, viewer: int) -> list[Channel]:
    """The active threads that somebody sees, newest first, without those a fault hides."""
    sweep(ctx)
    found = [
        each
        for each in ctx.world.threads()
        if each.thread and not each.thread.archived and _listed(ctx, each, viewer)
    ]
    return sorted(found, key=lambda each: each.id, reverse=True)


def archived(
    ctx: Context, parent: Channel, viewer: int, *, private: bool, before: datetime | None, limit: int
) -> tuple[list[Channel], bool]:
    """A page of archived threads, the latest archived first, and whether there are more."""
    sweep(ctx)
    found = [
        each
        for each in ctx.world.threads(parent.id)
        if each.thread
        and each.thread.archived
        and (each.type == PRIVATE_THREAD) == private
        and _listed(ctx, each, viewer)
        and (before is None or datetime.fromisoformat(each.thread.archive_timestamp) < before)
    ]
    found.sort(key=lambda each: each.thread.archive_timestamp if each.thread else "", reverse=True)
    return found[:limit], len(found) > limit


def _listed(ctx: Context, thread: Channel, viewer: int) -> bool:
    return bool(ctx.permissions(viewer, thread) & P.VIEW_CHANNEL) and not ctx.faults.hidden(thread.id)
