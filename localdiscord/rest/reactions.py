"""Reactions on messages."""

from __future__ import annotations

from localdiscord import wire
from localdiscord.acts import reactions as acts
from localdiscord.model import JSON
from localdiscord.rest.common import Call, Route


def add(call: Call) -> None:
    acts.add(call.ctx, call.channel(), call.message(), call.text("emoji"), call.by)


def remove_own(call: Call) -> None:
    acts.remove(call.ctx, call.channel(), call.message(), call.text("emoji"), call.by, call.by)


def remove_other(call: Call) -> None:
    channel, message, whose = call.channel(), call.message(), call.id("user")
    acts.remove(call.ctx, channel, message, call.text("emoji"), whose, call.by)
    acts.remove(call.ctx, channel, message, call.text("emoji"), whose, call.by, burst=True)


def people(call: Call) -> list[JSON]:
    world = call.ctx.world
    found = acts.people(
        call.ctx,
        call.channel(),
        call.message(),
        call.text("emoji"),
        call.by,
        burst=call.query("type") == 1,
        after=call.query("after") or 0,
        limit=call.limit(25, 100),
    )
    return [wire.user(world.users[each]) for each in found]


def clear(call: Call) -> None:
    acts.clear(call.ctx, call.channel(), call.message(), call.by)


def clear_one(call: Call) -> None:
    acts.clear(call.ctx, call.channel(), call.message(), call.by, call.text("emoji"))


_ALL = "/channels/{channel}/messages/{message}/reactions"
ROUTES = [
    Route("DELETE", _ALL, clear),
    Route("GET", _ALL + "/{emoji}", people),
    Route("DELETE", _ALL + "/{emoji}", clear_one),
    Route("PUT", _ALL + "/{emoji}/@me", add),
    Route("DELETE", _ALL + "/{emoji}/@me", remove_own),
    Route("DELETE", _ALL + "/{emoji}/{user}", remove_other),
]
