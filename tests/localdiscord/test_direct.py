"""Direct messages: members write back, press buttons, use commands; interactions come without a guild."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import ui

from tests.localdiscord.conftest import ALICE, BOB, INTENTS, Local, Login, Watcher
from tests.localdiscord.using import Answering, register, use

pytestmark = pytest.mark.slow


async def test_buttons_in_direct_messages(local: Local, bot: Watcher) -> None:
    """The interaction has a user instead of a member, and context 1; its answers stay in the channel."""
    got: list[discord.Interaction] = []
    view = ui.View(timeout=None)
    button: ui.Button[ui.View] = ui.Button(label="Appeal", custom_id="appeal")

    async def press(interaction: discord.Interaction) -> None:
        got.append(interaction)
        await interaction.response.edit_message(content="Thank you.", view=None)
        await interaction.followup.send("We will read it.")

    button.callback = press  # type: ignore[method-assign]
    view.add_item(button)
    alice = await bot.fetch_user(ALICE)
    sent = await alice.send("Removed a post that broke a rule.", view=view)
    channel = str(sent.channel.id)
    told = await use(local, "component", channel_id=channel, target_id=str(sent.id), custom_id="appeal")
    assert told["responses"][0]["type"] == 7
    [interaction] = got
    assert (type(interaction.user), interaction.guild_id, interaction.user.id) == (discord.User, None, ALICE)
    assert interaction.context.dm_channel is True
    assert (interaction.guild_locale, interaction.is_user_integration()) == (None, False)
    await local.ask(
        "POST",
        "/local/as/bob/interactions",
        {"kind": "component", "channel_id": channel, "target_id": str(sent.id), "custom_id": "appeal"},
        status=403,
    )
    found = await local.ask("GET", "/local/dms/alice")
    assert found[0]["content"] == "Thank you."


async def test_members_write_back(local: Local, login: Login) -> None:
    """The bot reads it without the intent for content; a stranger can't write there."""
    bot = await login(INTENTS | discord.Intents(dm_messages=True))
    channel = await bot.create_dm(discord.Object(ALICE))  # type: ignore[arg-type]
    assert (await bot.create_dm(discord.Object(ALICE))).id == channel.id  # type: ignore[arg-type]
    said = await local.says("alice", channel.id, "Why?", attachments=[{"filename": "a.txt", "text": "a"}])
    heard = await bot.seen("message", lambda each: each.content == "Why?")
    assert (heard.id, heard.guild, heard.attachments[0].filename) == (int(said["id"]), None, "a.txt")
    assert [each["content"] for each in await local.messages(channel.id, "alice")] == ["Why?"]
    for method, path in (
        ("POST", f"/local/as/bob/channels/{channel.id}/messages"),
        ("GET", f"/local/channels/{channel.id}/messages?as=bob"),
    ):
        await local.ask(method, path, {"content": "x"} if method == "POST" else None, status=403)


async def test_commands_in_direct_messages(local: Local, bot: Watcher) -> None:
    """Global ones work; members of the guild can still be named, channels and roles can't."""
    answering = Answering(bot)
    options = [
        {"type": kind, "name": name, "description": "x"}
        for kind, name in ((6, "who"), (7, "where"), (8, "role"))
    ]
    await register(local, {"name": "ask", "description": "x", "options": options})
    channel = await bot.create_dm(discord.Object(ALICE))  # type: ignore[arg-type]
    here: dict[str, Any] = {"channel_id": str(channel.id), "name": "ask"}
    await use(local, "slash", options={"who": "bob"}, **here)
    [interaction] = answering.got
    assert (interaction.user.id, answering.data["resolved"].keys()) == (ALICE, {"users"})
    assert answering.data["options"][0]["value"] == str(BOB)
    for given in ({"where": "news"}, {"role": "moderator"}):
        await use(local, "slash", options=given, status=400, **here)


async def test_closed_direct_messages_refuse_only_the_bots_words(local: Local, bot: Watcher) -> None:
    """50007 for each message until they are opened again; the channel itself can be had."""
    alice = await bot.fetch_user(ALICE)
    await local.ask("PATCH", "/local/members/alice", {"accepts_dms": False})
    channel = await alice.create_dm()
    with pytest.raises(discord.Forbidden) as refused:
        await channel.send("x")
    assert refused.value.code == 50007
    await local.ask("PATCH", "/local/members/alice", {"accepts_dms": True})
    await channel.send("y")
    assert [each["content"] for each in await local.ask("GET", "/local/dms/alice")] == ["y"]
