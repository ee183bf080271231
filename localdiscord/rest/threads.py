"""Opening threads and forum posts, listing archived ones, thread members."""

from __future__ import annotations

from localdiscord import wire
from localdiscord.acts import opening
from localdiscord.acts.access import require, require_active
from localdiscord.acts.addressing import Author
from localdiscord.acts.listings import archived
from localdiscord.acts.thread_members import join, leave
from localdiscord.acts.threads import require_thread
from localdiscord.errors import refusal
from localdiscord.model import JSON, Channel
from localdiscord.permissions import P
from localdiscord.rest.common import Call, Route


def create(call: Call) -> JSON:
    channel = call.channel()
    call.ctx.limiter.check_opening(channel.id)
    if not channel.is_forum:
        thread = opening.open_without_message(call.ctx, channel, call.body, call.by, call.reason)
        return wire.channel(call.ctx.world, thread, call.by)
    author = Author(call.by)
    thread, message = opening.open_post(call.ctx, author, channel, call.body, call.files, call.reason)
    data = wire.channel(call.ctx.world, thread, call.by)
    return data | {"message": wire.message(call.ctx.world, message, call.by)}


def create_from_message(call: Call) -> JSON:
    channel = call.channel()
    call.ctx.limiter.check_opening(channel.id)
    thread = opening.open_from_message(call.ctx, channel, call.message(), call.body, call.by, call.reason)
    return wire.channel(call.ctx.world, thread, call.by)


def archived_public(call: Call) -> JSON:
    return _page(call, private=False)


def archived_private(call: Call) -> JSON:
    require(call.ctx, call.by, call.channel(), P.MANAGE_THREADS)
    return _page(call, private=True)


def joined_private(call: Call) -> JSON:
    return _page(call, private=True)


def _page(call: Call, *, private: bool) -> JSON:
    channel = call.channel(P.READ_MESSAGE_HISTORY)
    found, more = archived(
        call.ctx,
        channel,
        call.by,
        private=private,
        before=call.moment("before"),
        limit=call.limit(50, 100, low=2),
    )
    shown = [wire.channel(call.ctx.world, each, call.by) for each in found]
    return {
        "threads": shown,
        "members": [each["member"] for each in shown if "member" in each],
        "has_more": more,
    }


def _thread(call: Call) -> Channel:
    return require_thread(call.channel())


def join_self(call: Call) -> None:
    thread = _thread(call)
    require_active(thread)
    join(call.ctx, thread, call.by)


def leave_self(call: Call) -> None:
    thread = _thread(call)
    require_active(thread)
    leave(call.ctx, thread, call.by)


def add_member(call: Call) -> None:
    thread = _thread(call)
    require(call.ctx, call.by, thread, P.SEND_MESSAGES_IN_THREADS)
    require_active(thread)
    if call.id("user") not in call.ctx.world.members:
        raise refusal(10013)
    join(call.ctx, thread, call.id("user"))


def remove_member(call: Call) -> None:
    thread = _thread(call)
    require(call.ctx, call.by, thread, P.MANAGE_THREADS)
    require_active(thread)
    leave(call.ctx, thread, call.id("user"))


def members(call: Call) -> list[JSON]:
    thread = _thread(call)
    people = thread.thread.members if thread.thread else {}
    return [wire.thread_member(thread.id, user, since) for user, since in people.items()]


def member(call: Call) -> JSON:
    thread = _thread(call)
    since = thread.thread.members.get(call.id("user")) if thread.thread else None
    if since is None:
        raise refusal(10007)
    return wire.thread_member(thread.id, call.id("user"), since)


ROUTES = [
    Route("POST", "/channels/{channel}/threads", create, status=201),
    Route("POST", "/channels/{channel}/messages/{message}/threads", create_from_message, status=201),
    Route("GET", "/channels/{channel}/threads/archived/public", archived_public),
    Route("GET", "/channels/{channel}/threads/archived/private", archived_private),
    Route("GET", "/channels/{channel}/users/@me/threads/archived/private", joined_private),
    Route("PUT", "/channels/{channel}/thread-members/@me", join_self),
    Route("DELETE", "/channels/{channel}/thread-members/@me", leave_self),
    Route("GET", "/channels/{channel}/thread-members", members),
    Route("GET", "/channels/{channel}/thread-members/{user}", member),
    Route("PUT", "/channels/{channel}/thread-members/{user}", add_member),
    Route("DELETE", "/channels/{channel}/thread-members/{user}", remove_member),
]
