"""Who is a member of a thread."""

from __future__ import annotations

from localdiscord import wire
from localdiscord.context import Context
from localdiscord.errors import refusal
from localdiscord.model import JSON, Channel

MEMBERS = 1000


def join(ctx: Context, thread: Channel, user_id: int) -> None:
    """Make somebody a member of a thread; silently nothing when they are one."""
    state = thread.thread
    assert state is not None
    if user_id in state.members or user_id not in ctx.world.members:
        return
    if len(state.members) >= MEMBERS:
        raise refusal(30033)
    state.members[user_id] = ctx.now()
    ctx.world.put(thread)
    added = wire.thread_member(thread.id, user_id, state.members[user_id])
    _members_changed(
        ctx, thread, [added | {"member": wire.member(ctx.world, ctx.world.members[user_id])}], []
    )


def leave(ctx: Context, thread: Channel, user_id: int) -> None:
    state = thread.thread
    assert state is not None
    if state.members.pop(user_id, None) is None:
        raise refusal(10007)
    ctx.world.put(thread)
    _members_changed(ctx, thread, [], [str(user_id)])


def _members_changed(ctx: Context, thread: Channel, added: list[JSON], removed: list[str]) -> None:
    data: JSON = {
        "id": str(thread.id),
        "guild_id": str(thread.guild_id),
        "member_count": min(50, len(thread.thread.members) if thread.thread else 0),
    }
    if added:
        data["added_members"] = added
    if removed:
        data["removed_member_ids"] = removed
    ctx.hub.emit("THREAD_MEMBERS_UPDATE", ctx.hub.audience(thread), data)
