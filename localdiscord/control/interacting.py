"""``POST /local/as/{member}/interactions``: a member uses what the bot offers, and sees what it answers."""

from __future__ import annotations

import asyncio

from aiohttp import web

from localdiscord.acts.interactions import DEFER, use_component
from localdiscord.context import Context
from localdiscord.control.common import ControlError, answer, member, number, read_json
from localdiscord.interactions import ANSWER_WITHIN, Interaction

SILENCE = "The application did not respond"
NOT_YET = ("slash", "message", "user", "modal", "autocomplete")


def routes(ctx: Context) -> list[web.RouteDef]:
    async def interact(request: web.Request) -> web.Response:
        who, body = member(ctx, request.match_info["member"]), await read_json(request)
        kind = body.get("kind")
        if kind in NOT_YET:
            raise ControlError(501, f"The local Discord does not offer {kind} interactions yet.")
        if kind != "component":
            raise ControlError(400, f"kind must be one of component, {', '.join(NOT_YET)}, not {kind!r}.")
        place = ctx.world.channel(number(str(body.get("channel_id", "")), "channel_id"))
        interaction = use_component(ctx, who.id, place, body)
        await _settle(interaction)
        data = {"interaction_id": str(interaction.id), "responses": interaction.responses}
        if not interaction.answered:
            return answer({"error": SILENCE, "code": 0} | data, 424)
        return answer(data)

    return [web.post("/local/as/{member}/interactions", interact)]


async def _settle(interaction: Interaction) -> None:
    """Wait for the answer, and after "thinking…" for what that announced, three seconds in all."""
    deadline = asyncio.get_running_loop().time() + ANSWER_WITHIN
    while True:
        last = interaction.responses[-1]["type"] if interaction.responses else None
        if last not in (None, DEFER):
            return
        interaction.news.clear()
        try:
            async with asyncio.timeout_at(deadline):
                await interaction.news.wait()
        except TimeoutError:
            interaction.expired = not interaction.answered
            return
