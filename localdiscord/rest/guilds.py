"""The guild: its channels, roles, members and audit log."""

from __future__ import annotations

from localdiscord import wire
from localdiscord.acts import expressions
from localdiscord.acts import members as acts
from localdiscord.acts import roles as role_acts
from localdiscord.acts.access import require_in_guild
from localdiscord.acts.listings import active
from localdiscord.errors import refusal
from localdiscord.model import JSON, Member
from localdiscord.permissions import P
from localdiscord.rest.common import Call, Route


def _require_guild(call: Call) -> None:
    if call.id("guild") != call.ctx.world.guild.id:
        raise refusal(10004)


def guild(call: Call) -> JSON:
    _require_guild(call)
    return wire.guild(call.ctx.world)


def channels(call: Call) -> list[JSON]:
    _require_guild(call)
    return [wire.channel(call.ctx.world, each) for each in call.ctx.world.guild_channels()]


def roles(call: Call) -> list[JSON]:
    _require_guild(call)
    return [wire.role(each) for each in call.ctx.world.roles.values()]


def role(call: Call) -> JSON:
    _require_guild(call)
    found = call.ctx.world.roles.get(call.id("role"))
    if found is None:
        raise refusal(10011)
    return wire.role(found)


def emojis(call: Call) -> list[JSON]:
    _require_guild(call)
    return [wire.guild_emoji(each) for each in call.ctx.world.guild.emojis]


def emoji(call: Call) -> JSON:
    _require_guild(call)
    return wire.guild_emoji(expressions.emoji(call.ctx, call.id("emoji")))


def stickers(call: Call) -> list[JSON]:
    _require_guild(call)
    return [wire.guild_sticker(call.ctx.world, each) for each in call.ctx.world.guild.stickers]


def sticker(call: Call) -> JSON:
    """By its id alone or within the guild."""
    if "guild" in call.request.match_info:
        _require_guild(call)
    return wire.guild_sticker(call.ctx.world, expressions.sticker(call.ctx, call.id("sticker")))


def members(call: Call) -> list[JSON]:
    """Listing all members needs the privileged intent."""
    _require_guild(call)
    if not call.ctx.world.privileged_intents:
        raise refusal(50001)
    after = call.query("after") or 0
    found = sorted(
        (each for each in call.ctx.world.members.values() if each.id > after), key=lambda each: each.id
    )
    return [wire.member(call.ctx.world, each) for each in found[: call.limit(1, 1000)]]


def _member(call: Call) -> Member:
    _require_guild(call)
    found = call.ctx.world.members.get(call.id("user"))
    if found is None:
        raise refusal(10007 if call.id("user") in call.ctx.world.users else 10013)
    return found


def member(call: Call) -> JSON:
    return wire.member(call.ctx.world, _member(call))


def change_member(call: Call) -> JSON:
    changed = acts.change_member(call.ctx, _member(call), call.by, call.body, call.reason)
    return wire.member(call.ctx.world, changed)


def give_role(call: Call) -> None:
    role_acts.set_held(call.ctx, _member(call), call.id("role"), call.by, True, call.reason)


def take_role(call: Call) -> None:
    role_acts.set_held(call.ctx, _member(call), call.id("role"), call.by, False, call.reason)


def change_me(call: Call) -> JSON:
    _require_guild(call)
    own = call.ctx.world.members[call.by]
    body = {"nick": call.body.get("nick")} if isinstance(call.body, dict) and "nick" in call.body else {}
    return wire.member(call.ctx.world, acts.change_member(call.ctx, own, call.by, body, call.reason))


def active_threads(call: Call) -> JSON:
    _require_guild(call)
    found = [wire.channel(call.ctx.world, each, call.by) for each in active(call.ctx, call.by)]
    return {
        "threads": found,
        "members": [each["member"] for each in found if "member" in each],
        "has_more": False,
    }


def audit_log(call: Call) -> JSON:
    _require_guild(call)
    require_in_guild(call.ctx, call.by, P.VIEW_AUDIT_LOG)
    world = call.ctx.world
    before, after = call.query("before"), call.query("after")
    user, target, action = call.query("user_id"), call.query("target_id"), call.query("action_type")
    found = [
        each
        for each in world.audit.values()
        if (before is None or each.id < before)
        and (after is None or each.id > after)
        and (user is None or each.user_id == user)
        and (target is None or each.target_id == target)
        and (action is None or each.action_type == action)
    ]
    limit = call.limit(50, 100)
    page = found[:limit] if after is not None and before is None else found[::-1][:limit]
    people = {each.user_id for each in page} | {each.target_id for each in page if each.target_id}
    threads = [world.channels[each.target_id] for each in page if each.target_id in world.channels]
    return {
        "audit_log_entries": [wire.audit_entry(each) for each in page],
        "users": [wire.user(world.users[each]) for each in sorted(people) if each in world.users],
        "integrations": [],
        "webhooks": [],
        "guild_scheduled_events": [],
        "threads": [wire.channel(world, each) for each in threads if each.thread],
        "application_commands": [],
        "auto_moderation_rules": [],
    }


ROUTES = [
    Route("GET", "/guilds/{guild}", guild),
    Route("GET", "/guilds/{guild}/channels", channels),
    Route("GET", "/guilds/{guild}/roles", roles),
    Route("GET", "/guilds/{guild}/roles/{role}", role),
    Route("GET", "/guilds/{guild}/emojis", emojis),
    Route("GET", "/guilds/{guild}/emojis/{emoji}", emoji),
    Route("GET", "/guilds/{guild}/stickers", stickers),
    Route("GET", "/guilds/{guild}/stickers/{sticker}", sticker),
    Route("GET", "/stickers/{sticker}", sticker),
    Route("GET", "/guilds/{guild}/members", members),
    Route("PATCH", "/guilds/{guild}/members/@me", change_me),
    Route("GET", "/guilds/{guild}/members/{user}", member),
    Route("PATCH", "/guilds/{guild}/members/{user}", change_member),
    Route("PUT", "/guilds/{guild}/members/{user}/roles/{role}", give_role),
    Route("DELETE", "/guilds/{guild}/members/{user}/roles/{role}", take_role),
    Route("GET", "/guilds/{guild}/threads/active", active_threads),
    Route("GET", "/guilds/{guild}/audit-logs", audit_log),
]
