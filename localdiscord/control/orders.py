"""Control routes that upset or rearrange: faults, gateway, guild, roles, channels, members, webhooks, time."""

from __future__ import annotations

from aiohttp import web

from localdiscord import wire
from localdiscord.acts import channels, elsewhere, expressions, members, roles, webhooks
from localdiscord.context import Context
from localdiscord.control.common import ControlError, answer, channel, done, member, number, read_json
from localdiscord.gateway.server import Gateway


def routes(ctx: Context, gateway: Gateway) -> list[web.RouteDef]:
    async def order_fault(request: web.Request) -> web.Response:
        ctx.faults.add(await read_json(request))
        return done()

    async def clear_faults(request: web.Request) -> web.Response:
        ctx.faults.clear()
        return done()

    async def upset_gateway(request: web.Request) -> web.Response:
        match request.match_info["how"]:
            case "drop":
                gateway.drop()
            case "reconnect":
                await gateway.ask_to_reconnect()
            case "invalidate":
                await gateway.invalidate()
            case other:
                raise ControlError(404, f"The gateway knows drop, reconnect and invalidate, not {other!r}.")
        return done()

    async def add_role(request: web.Request) -> web.Response:
        return answer(wire.role(roles.add(ctx, await read_json(request))), 201)

    async def change_role(request: web.Request) -> web.Response:
        role = ctx.world.roles.get(number(request.match_info["role"], "The role"))
        if role is None:
            raise ControlError(404, "There is no such role.", 10011)
        return answer(wire.role(roles.arrange(ctx, role, await read_json(request))))

    async def change_channel(request: web.Request) -> web.Response:
        place = channels.arrange(ctx, channel(ctx, request), await read_json(request))
        return answer(wire.channel(ctx.world, place))

    async def delete_channel(request: web.Request) -> web.Response:
        channels.remove(ctx, channel(ctx, request))
        return done()

    async def add_member(request: web.Request) -> web.Response:
        one = members.join(ctx, await read_json(request))
        return answer(wire.member(ctx.world, one), 201)

    async def change_member(request: web.Request) -> web.Response:
        one = member(ctx, request.match_info["member"])
        return answer(wire.member(ctx.world, members.arrange_member(ctx, one, await read_json(request))))

    async def remove_member(request: web.Request) -> web.Response:
        members.leave(ctx, member(ctx, request.match_info["member"]))
        return done()

    async def change_guild(request: web.Request) -> web.Response:
        members.arrange_guild(ctx, await read_json(request))
        return answer(wire.guild(ctx.world))

    async def delete_emoji(request: web.Request) -> web.Response:
        expressions.delete_emoji(ctx, number(request.match_info["emoji"], "The emoji"))
        return done()

    async def delete_webhook(request: web.Request) -> web.Response:
        webhook = webhooks.find(ctx, number(request.match_info["webhook"], "The webhook"))
        who = member(ctx, request.query["as"]) if "as" in request.query else None
        webhooks.delete(ctx, webhook, who.id if who else None)
        return done()

    async def invite_elsewhere(_request: web.Request) -> web.Response:
        return answer(wire.channel(ctx.world, elsewhere.invite(ctx)), 201)

    async def change_application(request: web.Request) -> web.Response:
        body = await read_json(request)
        intents = body.get("privileged_intents", ctx.world.privileged_intents)
        starts = body.get("session_starts", ctx.world.session_starts)
        if not isinstance(intents, bool):
            raise ControlError(400, "privileged_intents must be true or false.")
        if isinstance(starts, bool) or not isinstance(starts, int) or starts < 0:
            raise ControlError(400, "session_starts must be a number, 0 or more.")
        ctx.world.privileged_intents, ctx.world.session_starts = intents, starts
        return answer(wire.application(ctx.world))

    async def move_clock(request: web.Request) -> web.Response:
        seconds = (await read_json(request)).get("advance")
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or seconds < 0:
            raise ControlError(400, "advance must be a number of seconds, 0 or more.")
        ctx.clock.advance(float(seconds))
        return answer({"now": ctx.now()})

    return [
        web.post("/local/faults", order_fault),
        web.delete("/local/faults", clear_faults),
        web.post("/local/gateway/{how}", upset_gateway),
        web.post("/local/roles", add_role),
        web.patch("/local/roles/{role}", change_role),
        web.patch("/local/channels/{channel}", change_channel),
        web.delete("/local/channels/{channel}", delete_channel),
        web.post("/local/members", add_member),
        web.patch("/local/members/{member}", change_member),
        web.delete("/local/members/{member}", remove_member),
        web.patch("/local/guild", change_guild),
        web.delete("/local/emojis/{emoji}", delete_emoji),
        web.delete("/local/webhooks/{webhook}", delete_webhook),
        web.post("/local/elsewhere", invite_elsewhere),
        web.patch("/local/application", change_application),
        web.post("/local/clock", move_clock),
    ]
