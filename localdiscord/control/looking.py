"""Control routes that only look: state, messages, threads, direct messages, webhooks."""

from __future__ import annotations

from aiohttp import web

from localdiscord import wire
from localdiscord.acts.access import require
from localdiscord.acts.threads import sweep
from localdiscord.context import Context
from localdiscord.control.common import ControlError, answer, channel, member, number
from localdiscord.model import JSON, Channel, Member
from localdiscord.permissions import P


def routes(ctx: Context) -> list[web.RouteDef]:
    async def state(request: web.Request) -> web.Response:
        world, channels = ctx.world, ctx.world.guild_channels()
        if "as" in request.query:
            viewer = member(ctx, request.query["as"])
            channels = [each for each in channels if ctx.permissions(viewer.id, each) & P.VIEW_CHANNEL]
        return answer(
            {
                "guild": {
                    "id": str(world.guild.id),
                    "name": world.guild.name,
                    "description": world.guild.description,
                    "owner_id": str(world.guild.owner_id),
                    "emojis": [wire.guild_emoji(each) for each in world.guild.emojis],
                    "stickers": [wire.guild_sticker(world, each) for each in world.guild.stickers],
                    "preferred_locale": world.guild.preferred_locale,
                },
                "channels": [wire.channel(world, each) for each in channels],
                "roles": [wire.role(each) for each in world.roles.values()],
                "members": [person(ctx, each) for each in world.members.values()],
                "bot": {"id": str(world.bot_id), "connected": ctx.bot_connected()},
                "now": ctx.now(),
            }
        )

    async def messages(request: web.Request) -> web.Response:
        place, viewer = channel(ctx, request), member(ctx, request.query.get("as"))
        require(ctx, viewer.id, place, P.READ_MESSAGE_HISTORY)
        before = number(request.query.get("before", str(1 << 63)), "before")
        found = [each for each in ctx.world.history(place.id, viewer.id) if each.id < before]
        if limit := number(request.query.get("limit", "0"), "limit"):
            found = found[-limit:]
        return answer([wire.message(ctx.world, each, viewer.id) for each in found])

    async def threads(request: web.Request) -> web.Response:
        place, viewer = channel(ctx, request), member(ctx, request.query.get("as"))
        require(ctx, viewer.id, place)
        sweep(ctx)
        found = [
            each for each in ctx.world.threads(place.id) if ctx.permissions(viewer.id, each) & P.VIEW_CHANNEL
        ]
        found.sort(key=lambda each: each.last_message_id or each.id, reverse=True)
        return answer({"threads": [_card(ctx, each, viewer.id) for each in found]})

    async def direct(request: web.Request) -> web.Response:
        key = request.match_info["member"]
        user = next(
            (each for each in ctx.world.users.values() if key.lower() in (str(each.id), each.username)), None
        )
        if user is None:
            raise ControlError(404, f"There is nobody {key!r}: use an id or a lower-case name such as alice.")
        place = ctx.world.direct_channel(user.id)
        said = [] if place is None else ctx.world.history(place.id)
        sent = [each for each in said if each.author_id == ctx.world.bot_id]
        return answer([wire.message(ctx.world, each, user.id) for each in sent])

    async def webhooks(request: web.Request) -> web.Response:
        found = [wire.webhook(ctx.world, each, with_token=False) for each in ctx.world.webhooks.values()]
        return answer({"webhooks": found})

    async def requests(request: web.Request) -> web.Response:
        return answer(ctx.log.since(number(request.query.get("since", "0"), "since")))

    return [
        web.get("/local/state", state),
        web.get("/local/channels/{channel}/messages", messages),
        web.get("/local/channels/{channel}/threads", threads),
        web.get("/local/dms/{member}", direct),
        web.get("/local/webhooks", webhooks),
        web.get("/local/requests", requests),
    ]


def person(ctx: Context, one: Member) -> JSON:
    """A member as the page shows one; the color is that of their highest colored role."""
    world, user = ctx.world, ctx.world.users[one.id]
    held = sorted((world.roles[r] for r in one.roles if r in world.roles), key=lambda role: -role.position)
    color = next((role.color for role in held if role.color), 0)
    return {
        "id": str(one.id),
        "name": user.username,
        "display_name": one.nick or user.display_name,
        "avatar_url": wire.avatar_url(world, user),
        "color": color,
        "roles": [str(role.id) for role in held],
        "bot": user.bot,
        "communication_disabled_until": one.timeout_until,
        "locale": user.locale,
        "premium": user.premium,
    }


def _card(ctx: Context, thread: Channel, viewer: int) -> JSON:
    """A thread with what a list of threads shows of it."""
    home = ctx.world.channel(thread.parent_id or 0)
    starter = ctx.world.messages.get(thread.id if home.is_forum else home.id, {}).get(thread.id)
    said = [each for each in ctx.world.history(thread.id, viewer) if each.id != thread.id and each.type != 21]
    return wire.channel(ctx.world, thread, viewer) | {
        "starter": None if starter is None else wire.message(ctx.world, starter, viewer),
        "last_message": wire.message(ctx.world, said[-1], viewer) if said else None,
    }
