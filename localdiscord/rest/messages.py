"""Messages: list, get, send, edit, delete, pin."""

from __future__ import annotations

from datetime import datetime

from localdiscord import wire
from localdiscord.acts import deletions, pins
from localdiscord.acts import messages as acts
from localdiscord.acts.addressing import Author
from localdiscord.errors import form_error, refusal
from localdiscord.model import JSON, Message
from localdiscord.permissions import P
from localdiscord.rest.common import Call, Route


def history(call: Call) -> list[JSON]:
    """Newest first; ``before``, ``after`` and ``around`` exclude one another."""
    channel = call.channel()
    limit = call.limit(50, 100)
    before, after, around = call.query("before"), call.query("after"), call.query("around")
    if sum(each is not None for each in (before, after, around)) > 1:
        raise form_error(("before",), "BASE_TYPE_BAD", "before, after and around are mutually exclusive.")
    if not call.ctx.permissions(call.by, channel) & P.READ_MESSAGE_HISTORY:
        return []
    hidden = call.ctx.faults.hidden
    found: list[Message] = [each for each in call.ctx.world.history(channel.id) if not hidden(each.id)]
    if before is not None:
        found = [each for each in found if each.id < before][-limit:]
    elif after is not None:
        found = [each for each in found if each.id > after][:limit]
    elif around is not None:
        older = [each for each in found if each.id < around][-(limit // 2) :]
        newer = [each for each in found if each.id >= around][: limit - limit // 2]
        found = older + newer
    return [call.shown(each) for each in reversed(found[-limit:])]


def get(call: Call) -> JSON:
    call.channel(P.READ_MESSAGE_HISTORY)
    return call.shown(call.message())


def send(call: Call) -> JSON:
    sent = acts.send(call.ctx, Author(call.by), call.channel(), call.body, call.files)
    return wire.message(call.ctx.world, sent, call.by)


def edit(call: Call) -> JSON:
    changed = acts.edit(call.ctx, call.channel(), call.message(), call.body, call.files, by=call.by)
    return wire.message(call.ctx.world, changed, call.by)


def delete(call: Call) -> None:
    deletions.delete(call.ctx, call.channel(), call.message(), by=call.by)


def bulk_delete(call: Call) -> None:
    deletions.bulk_delete(call.ctx, call.channel(), call.body, call.by, call.reason)


def crosspost(call: Call) -> JSON:
    """Only announcement channels publish, and this guild has none."""
    call.channel()
    call.message()
    raise refusal(50024)


def pinned(call: Call) -> JSON:
    channel = call.channel(P.READ_MESSAGE_HISTORY)
    before = call.moment("before")
    found = [each for each in call.ctx.world.history(channel.id) if each.pinned_at]
    found = [
        each for each in found if before is None or datetime.fromisoformat(each.pinned_at or "") < before
    ]
    found.sort(key=lambda each: each.pinned_at or "", reverse=True)
    limit = call.limit(50, 50)
    items = [{"pinned_at": each.pinned_at, "message": call.shown(each)} for each in found[:limit]]
    return {"items": items, "has_more": len(found) > limit}


def pin(call: Call) -> None:
    pins.pin(call.ctx, call.channel(), call.message(), call.by, True, call.reason)


def unpin(call: Call) -> None:
    pins.pin(call.ctx, call.channel(), call.message(), call.by, False, call.reason)


ROUTES = [
    Route("GET", "/channels/{channel}/messages", history),
    Route("POST", "/channels/{channel}/messages", send),
    Route("GET", "/channels/{channel}/messages/pins", pinned),
    Route("PUT", "/channels/{channel}/messages/pins/{message}", pin),
    Route("DELETE", "/channels/{channel}/messages/pins/{message}", unpin),
    Route("POST", "/channels/{channel}/messages/bulk-delete", bulk_delete),
    Route("GET", "/channels/{channel}/messages/{message}", get),
    Route("PATCH", "/channels/{channel}/messages/{message}", edit),
    Route("DELETE", "/channels/{channel}/messages/{message}", delete),
    Route("POST", "/channels/{channel}/messages/{message}/crosspost", crosspost),
]
