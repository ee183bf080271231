"""Using what the bot offers: which commands a member has, interactions, and what the bot answers."""

from __future__ import annotations

import asyncio

from aiohttp import web

from localdiscord.acts import commands, elsewhere, modals
from localdiscord.acts.answers import DEFER
from localdiscord.acts.interactions import use_component
from localdiscord.acts.members import read_locale
from localdiscord.clock import Clock
from localdiscord.context import Context
from localdiscord.control.common import ControlError, answer, member, number, read_json
from localdiscord.forms import Form
from localdiscord.interactions import ANSWER_WITHIN, Interaction

SILENCE = "The application did not respond"
IN_CHANNEL = {
    "slash": commands.use_slash,
    "autocomplete": commands.complete,
    "message": commands.use_on_message,
    "user": commands.use_on_user,
    "component": use_component,
    "forged": elsewhere.forge,
}


def routes(ctx: Context) -> list[web.RouteDef]:
    async def interact(request: web.Request) -> web.Response:
        who, body = member(ctx, request.match_info["member"]), await read_json(request)
        kind = body.get("kind")
        if kind == "modal":  # belongs to where it was opened
            interaction = modals.send(ctx, who.id, body)
        elif isinstance(kind, str) and (use := IN_CHANNEL.get(kind)):
            place = ctx.world.channel(number(str(body.get("channel_id", "")), "channel_id"))
            interaction = use(ctx, who.id, place, body)
        else:
            raise ControlError(400, f"kind must be one of {', '.join(IN_CHANNEL)}, modal, not {kind!r}.")
        await _settle(interaction, ctx.clock)
        data = {"interaction_id": str(interaction.id), "responses": interaction.responses}
        if not interaction.answered:
            return answer({"error": SILENCE, "code": 0} | data, 424)
        return answer(data)

    async def listed(request: web.Request) -> web.Response:
        who = member(ctx, request.query.get("as"))
        place = ctx.world.channel(number(request.query.get("channel", ""), "channel"))
        form = Form(dict(request.query))
        locale = read_locale(form, "locale") or ctx.world.users[who.id].locale
        form.raise_any()
        found = commands.usable(ctx, who.id, place)
        return answer({"commands": [commands.shown(ctx, each, locale) for each in found]})

    return [
        web.post("/local/as/{member}/interactions", interact),
        web.get("/local/commands", listed),
    ]


async def _settle(interaction: Interaction, clock: Clock) -> None:
    """Wait for the answer, and after "thinking…" for what that announced, three seconds in all."""
    patience = asyncio.create_task(clock.sleep(ANSWER_WITHIN))
    patience.add_done_callback(lambda _: interaction.news.set())
    try:
        while not patience.done():
            last = interaction.responses[-1]["type"] if interaction.responses else None
            if last not in (None, DEFER):
                return
            interaction.news.clear()
            await interaction.news.wait()
    finally:
        patience.cancel()
