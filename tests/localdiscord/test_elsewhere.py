"""The second guild, and interactions made by hand."""

from __future__ import annotations

import discord

from tests.localdiscord.conftest import GUILD, HEADLINES, Local, Watcher

ELSEWHERE, SQUARE = 1300000000000001001, 1300000000000002101
COMPONENT = 3


async def test_a_second_guild(local: Local, bot: Watcher) -> None:
    """The bot hears of it, what is said and threads there are its own, and the first one's lists have nothing of it."""
    before = (await local.ask("GET", "/local/state"))["channels"]
    channel = await local.ask("POST", "/local/elsewhere", status=201)
    assert (channel["id"], channel["guild_id"]) == (str(SQUARE), str(ELSEWHERE))
    await local.ask("POST", "/local/elsewhere", status=201)
    guild = await bot.seen("guild_join")
    assert [each.id for each in guild.channels] == [SQUARE]
    assert guild.default_role.permissions.administrator

    path = f"/local/as/alice/channels/{SQUARE}"
    said = await local.ask("POST", f"{path}/messages", {"content": "Hello."})
    heard = await bot.seen("message", lambda message: message.id == int(said["id"]))
    assert heard.guild.id == ELSEWHERE
    assert heard.author.guild_permissions.administrator
    await local.ask("POST", f"{path}/threads", {"name": "Talk", "message_id": said["id"]})
    home = bot.get_guild(GUILD)
    assert home is not None
    assert await home.active_threads() == []
    assert (await local.ask("GET", "/local/state"))["channels"] == before


async def test_interactions_made_by_hand(local: Local, bot: Watcher) -> None:
    """The bot is told what the order says, with a message that seems to have the button."""
    said = await local.ask("POST", f"/local/as/bob/channels/{HEADLINES}/messages", {"content": "Hello."})
    told: list[discord.Interaction] = []

    async def on_interaction(interaction: discord.Interaction) -> None:
        told.append(interaction)
        await interaction.response.send_message("No.", ephemeral=True)

    bot.on_interaction = on_interaction  # type: ignore[attr-defined]
    data = {"custom_id": "whatever", "component_type": 2, "id": 2}
    order = {"kind": "forged", "channel_id": str(HEADLINES), "type": COMPONENT, "data": data}
    answer = await local.ask("POST", "/local/as/alice/interactions", order | {"target_id": said["id"]})
    assert [each["type"] for each in answer["responses"]] == [4]
    (interaction,) = told
    assert interaction.data == data
    assert interaction.message is not None
    (row,) = interaction.message.components
    assert [each.custom_id for each in row.children] == ["whatever"]  # type: ignore[union-attr]

    for wrong, status in (
        (order | {"type": 1}, 400),
        (order | {"data": "x"}, 400),
        (order | {"target_id": "5"}, 404),
    ):
        await local.ask("POST", "/local/as/alice/interactions", wrong, status=status)
