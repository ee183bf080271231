"""Component interactions end to end: a member presses, discord.py answers, the member sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from tests.localdiscord.conftest import HEADLINES, Local, Watcher

Answer = Callable[[discord.Interaction], Awaitable[Any]]


async def offer(bot: Watcher, answer: Answer, **button: Any) -> discord.Message:
    """A message with one button that ``answer`` is called for."""
    view = ui.View(timeout=None)
    item: ui.Button[ui.View] = ui.Button(label="Press", custom_id="press", **button)

    async def callback(interaction: discord.Interaction) -> None:
        await answer(interaction)

    item.callback = callback  # type: ignore[method-assign]
    view.add_item(item)
    return await bot.headlines.send("offer", view=view)


async def press(local: Local, message: discord.Message, member: str = "alice", **more: Any) -> Any:
    body = {
        "kind": "component",
        "channel_id": str(HEADLINES),
        "target_id": str(message.id),
        "custom_id": "press",
    }
    return await local.ask("POST", f"/local/as/{member}/interactions", body | more)


async def test_an_ephemeral_answer_is_seen_by_one(local: Local, bot: Watcher) -> None:
    """Only who pressed sees it; it is in nobody's history over REST; the bot may edit and delete it."""
    answered: list[discord.Interaction] = []

    async def answer(interaction: discord.Interaction) -> None:
        answered.append(interaction)
        await interaction.response.send_message("just you", ephemeral=True)

    message = await offer(bot, answer)
    told = await press(local, message)
    assert told["responses"][0]["type"] == 4
    assert told["responses"][0]["message"]["content"] == "just you"
    [interaction] = answered
    assert (interaction.user.name, interaction.message.id) == ("alice", message.id)
    assert str(interaction.id) == told["interaction_id"]
    assert [each["content"] for each in await local.messages(HEADLINES, "alice")] == ["offer", "just you"]
    assert [each["content"] for each in await local.messages(HEADLINES, "bob")] == ["offer"]
    assert [each.content async for each in bot.headlines.history()] == ["offer"]
    await interaction.edit_original_response(content="changed")
    await interaction.followup.send("and more", ephemeral=True)
    assert [each["content"] for each in await local.messages(HEADLINES, "alice")] == [
        "offer",
        "changed",
        "and more",
    ]
    await interaction.delete_original_response()
    assert [each["content"] for each in await local.messages(HEADLINES, "alice")] == ["offer", "and more"]


async def test_a_deferred_answer_is_filled_later(local: Local, bot: Watcher) -> None:
    """The first follow-up takes the place of the announced message, which nobody is told was edited."""

    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.followup.send("here it is")

    told = await press(local, await offer(bot, answer))
    assert [each["type"] for each in told["responses"]] == [5, "edit"]
    filled = (await local.messages(HEADLINES))[-1]
    assert (filled["content"], filled["edited_timestamp"], filled["flags"]) == ("here it is", None, 0)
    event = await bot.seen("raw_message_edit", lambda event: event.message_id == int(filled["id"]))
    assert (event.data["edited_timestamp"], event.data["flags"]) == (None, 0)
    assert filled["interaction_metadata"]["user"]["username"] == "alice"


async def test_the_message_itself_can_be_updated(local: Local, bot: Watcher) -> None:
    """Type 7 changes what the button is on, for everybody."""

    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content="pressed", view=None)

    message = await offer(bot, answer)
    told = await press(local, message)
    assert told["responses"][0]["type"] == 7
    assert (await message.fetch()).content == "pressed"
    refused = await local.ask(
        "POST",
        "/local/as/alice/interactions",
        {
            "kind": "component",
            "channel_id": str(HEADLINES),
            "target_id": str(message.id),
            "custom_id": "press",
        },
        status=400,
    )
    assert refused["code"] == 50035


async def test_a_second_answer_is_refused(local: Local, bot: Watcher) -> None:
    """40060, so that an answer happens once."""

    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("one")

    await press(local, await offer(bot, answer))
    interaction = await bot.seen("interaction")
    path = f"/interactions/{interaction.id}/{interaction.token}/callback"
    status, data = await local.rest("POST", path, {"type": 4, "data": {"content": "two"}})
    assert (status, data["code"]) == (400, 40060)


@pytest.mark.slow
async def test_silence_is_reported_after_three_seconds(local: Local, bot: Watcher) -> None:
    """The member is told; the late answer is refused with 10062."""

    async def answer(interaction: discord.Interaction) -> None:
        return None

    message = await offer(bot, answer)
    body = {
        "kind": "component",
        "channel_id": str(HEADLINES),
        "target_id": str(message.id),
        "custom_id": "press",
    }
    asked = asyncio.create_task(local.ask("POST", "/local/as/alice/interactions", body, status=424))
    interaction = await bot.seen("interaction")
    local.clock.advance(2.9)
    await local.ask("GET", "/local/state")
    assert not asked.done()
    local.clock.advance(0.1)
    assert (await asked)["error"] == "The application did not respond"
    with pytest.raises(discord.NotFound) as refused:
        await interaction.response.send_message("late")
    assert refused.value.code == 10062


async def test_selects_carry_their_values(local: Local, bot: Watcher) -> None:
    """Only offered options can be chosen; members come resolved."""
    chosen: list[Any] = []
    view = ui.View(timeout=None)

    async def answer(interaction: discord.Interaction) -> None:
        chosen.append(interaction.data)
        await interaction.response.defer()

    options = [discord.SelectOption(label=name) for name in ("a", "b")]
    for item in (ui.Select(custom_id="letters", options=options), ui.UserSelect(custom_id="people")):
        item.callback = answer  # type: ignore[method-assign,assignment]
        view.add_item(item)
    message = await bot.headlines.send("choose", view=view)
    await _choose(local, message, "letters", ["b"])
    await _choose(local, message, "people", ["1300000000000003002"])
    assert chosen[0]["values"] == ["b"]
    assert chosen[1]["resolved"]["users"]["1300000000000003002"]["username"] == "bob"
    await _choose(local, message, "letters", ["z"], status=400)


async def _choose(
    local: Local, message: discord.Message, name: str, values: list[str], status: int = 200
) -> None:
    body = {
        "kind": "component",
        "channel_id": str(HEADLINES),
        "target_id": str(message.id),
        "custom_id": name,
    }
    await local.ask("POST", "/local/as/alice/interactions", body | {"values": values}, status=status)


async def test_a_disabled_button_can_not_be_pressed(local: Local, bot: Watcher) -> None:
    """The page's members meet the same walls as Discord's."""

    async def answer(interaction: discord.Interaction) -> None:
        raise AssertionError("never asked")

    message = await offer(bot, answer, disabled=True)
    body = {
        "kind": "component",
        "channel_id": str(HEADLINES),
        "target_id": str(message.id),
        "custom_id": "press",
    }
    await local.ask("POST", "/local/as/alice/interactions", body, status=400)


async def test_tokens_grow_old(local: Local, bot: Watcher) -> None:
    """Follow-ups are taken for fifteen minutes."""

    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("x")

    await press(local, await offer(bot, answer))
    interaction = await bot.seen("interaction")
    local.clock.advance(901)
    with pytest.raises(discord.HTTPException) as refused:
        await interaction.followup.send("too late")
    assert refused.value.code == 50027


async def test_commands_are_registered_and_kept(local: Local, bot: Watcher) -> None:
    """discord.py's sync stores commands; the same ones keep their ids; bad names are refused."""
    tree = app_commands.CommandTree(bot)

    @tree.command(name="feeds", description="What is mirrored here")
    @app_commands.describe(channel="Only this one")
    async def feeds(interaction: discord.Interaction, channel: str | None = None) -> None: ...

    @tree.context_menu(name="Quote")
    async def quote(interaction: discord.Interaction, message: discord.Message) -> None: ...

    guild = bot.guilds[0]
    tree.copy_global_to(guild=guild)
    first = await tree.sync(guild=guild)
    assert {each.name for each in first} == {"feeds", "Quote"}
    assert {each.id for each in await tree.sync(guild=guild)} == {each.id for each in first}
    assert {each.id for each in await tree.fetch_commands(guild=guild)} == {each.id for each in first}
    await tree.sync()
    assert {each.name for each in await tree.fetch_commands()} == {"feeds", "Quote"}
    status, answer = await local.rest(
        "POST", f"/applications/{bot.application_id}/commands", {"name": "No Good", "description": "x"}
    )
    assert (status, answer["code"]) == (400, 50035)
