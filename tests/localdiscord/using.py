"""How tests use what a bot offers: commands on the real discord.py, and members who use them."""

from __future__ import annotations

from typing import Any

import discord

from tests.localdiscord.conftest import HEADLINES, Local, Watcher

DESCRIBED = {"description": "x"}


async def register(local: Local, *commands: dict[str, Any], guild: int | None = None) -> list[dict[str, Any]]:
    """Put these and no other commands, global unless a guild is named."""
    scope = f"/guilds/{guild}" if guild else ""
    application = local.server.ctx.world.bot_id
    status, answer = await local.rest("PUT", f"/applications/{application}{scope}/commands", list(commands))
    assert status == 200, answer
    return answer  # type: ignore[no-any-return]


async def use(
    local: Local, kind: str, member: str = "alice", *, status: int | None = None, **body: Any
) -> Any:
    """A member's interaction; the control route's answer."""
    body = {"kind": kind, "channel_id": str(HEADLINES)} | body
    return await local.ask("POST", f"/local/as/{member}/interactions", body, status=status)


async def refused(local: Local, kind: str, member: str = "alice", *, status: int = 400, **body: Any) -> str:
    """The sentence that a member is refused with."""
    told = await use(local, kind, member, status=status, **body)
    sentence: str = told["error"]
    assert sentence.endswith(".")
    assert "responses" not in told
    return sentence


async def offered(local: Local, member: str, channel: int | str = HEADLINES, query: str = "") -> list[Any]:
    found = await local.ask("GET", f"/local/commands?as={member}&channel={channel}{query}")
    return found["commands"]  # type: ignore[no-any-return]


class Answering:
    """A bot that answers every interaction with "done", and keeps what it was sent."""

    def __init__(self, bot: Watcher) -> None:
        self.got: list[discord.Interaction] = []
        bot.on_interaction = self.answer  # type: ignore[attr-defined]

    async def answer(self, interaction: discord.Interaction) -> None:
        self.got.append(interaction)
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete([])
        else:
            await interaction.response.send_message("done", ephemeral=True)

    @property
    def data(self) -> Any:
        """Of the latest."""
        return self.got[-1].data
