"""Commands: who is offered which where, in which language, and the menus of messages and members."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.localdiscord.conftest import (
    ALICE,
    BOB,
    GUILD,
    HEADLINES,
    MOD_LOG,
    NEWS,
    WAIT,
    Local,
    Watcher,
)
from tests.localdiscord.using import Answering, offered, refused, register, use
from tests.openapi import Openapi

pytestmark = pytest.mark.slow

MANAGE_MESSAGES, USE_COMMANDS = 1 << 13, 1 << 31
FOR_ALL = {"name": "all", "description": "x"}
FOR_MODERATORS = {"name": "remove", "description": "x", "default_member_permissions": MANAGE_MESSAGES}
FOR_ADMINS = {"name": "setup", "description": "x", "default_member_permissions": 0}


def names(commands: list[Any]) -> list[str]:
    return [each["name"] for each in commands]


async def test_members_are_offered_what_they_may_use(local: Local, bot: Watcher) -> None:
    """By default_member_permissions; the others are refused in a sentence, and the bot is not told."""
    answering = Answering(bot)
    await register(local, FOR_ALL, FOR_MODERATORS, FOR_ADMINS)
    for member, may in (("alice", 1), ("mia", 2), ("ada", 3)):
        expected = ["all", "remove", "setup"]
        assert names(await offered(local, member)) == expected[:may]
        for name in expected[:may]:
            await use(local, "slash", member, name=name)
        for name in expected[may:]:
            assert "is only for" in await refused(local, "slash", member, name=name, status=403)
    assert [each.data["name"] for each in answering.got if each.data] == [
        "all",
        *["all", "remove"],
        *expected,
    ]


async def test_the_bot_can_be_tried_with_what_discord_would_refuse(local: Local, bot: Watcher) -> None:
    """``force`` skips who may, and nothing else: its own check is what is left."""
    answering = Answering(bot)
    await register(local, FOR_MODERATORS)
    await use(local, "slash", "alice", name="remove", force=True)
    assert answering.got[0].permissions.manage_messages is False
    await refused(local, "slash", "alice", name="gone", force=True, status=404)
    hidden = {"channel_id": str(MOD_LOG), "name": "remove", "force": True}
    assert "can't see" in await refused(local, "slash", "alice", status=403, **hidden)


async def test_channels_can_forbid_commands(local: Local, bot: Watcher) -> None:
    """Use Application Commands may be denied, a permission may be granted, in one channel only."""
    await register(local, FOR_ALL, FOR_MODERATORS)
    overwrites: list[Any] = [
        {"id": str(BOB), "type": 1, "allow": str(MANAGE_MESSAGES), "deny": "0"},
        {"id": str(ALICE), "type": 1, "allow": "0", "deny": str(USE_COMMANDS)},
    ]
    await local.ask("PATCH", f"/local/channels/{HEADLINES}", {"permission_overwrites": overwrites})
    assert names(await offered(local, "bob")) == ["all", "remove"]
    assert await offered(local, "alice") == []
    assert "may not use commands" in await refused(local, "slash", name="all", status=403)
    Answering(bot)
    await use(local, "slash", name="all", force=True)


async def test_places_offer_what_is_meant_for_them(local: Local, bot: Watcher) -> None:
    """contexts, age limits, posts but not forums themselves; the guild's own command before a global one."""
    await register(
        local,
        FOR_ALL,
        {"name": "here", "description": "x", "contexts": [0]},
        {"name": "private", "description": "x", "contexts": [1, 2]},
        {"name": "adult", "description": "x", "nsfw": True},
        {"name": "carried", "description": "x", "integration_types": [1]},
    )
    assert names(await offered(local, "alice")) == ["all", "here"]
    assert await offered(local, "alice", NEWS) == []
    post = await local.ask("POST", f"/local/as/alice/channels/{NEWS}/threads", {"name": "A", "content": "a"})
    assert names(await offered(local, "alice", post["id"])) == ["all", "here"]
    direct = await bot.create_dm(discord.Object(ALICE))  # type: ignore[arg-type]
    assert names(await offered(local, "alice", direct.id)) == ["all", "private"]
    await local.ask("PATCH", f"/local/channels/{HEADLINES}", {"nsfw": True})
    assert "adult" in names(await offered(local, "alice"))
    [own] = await register(local, FOR_ALL, guild=GUILD)
    answering = Answering(bot)
    await use(local, "slash", name="all")
    assert (answering.data["id"], answering.data["guild_id"]) == (own["id"], str(GUILD))


async def test_commands_are_shown_in_the_members_language(local: Local, bot: Watcher) -> None:
    """Names, descriptions, options and choices; the interaction says both languages."""
    choice = {"name": "Off", "name_localizations": {"de": "Aus"}, "value": "o"}
    option = {
        "type": 3,
        "name": "mode",
        "name_localizations": {"de": "art"},
        "description": "How",
        "description_localizations": {"de": "Wie"},
        "choices": [choice],
    }
    command = {
        "name": "quotes",
        "name_localizations": {"de": "zitate", "en-GB": "quotations"},
        "description": "Quotes",
        "options": [option],
    }
    [registered] = await register(local, command, guild=GUILD)
    [english] = await offered(local, "alice", query="&locale=de")
    assert english == {
        "id": registered["id"],
        "type": 1,
        "name": "quotes",
        "name_localized": "zitate",
        "description": "Quotes",
        "options": [
            {
                "type": 3,
                "name": "mode",
                "name_localized": "art",
                "description": "How",
                "description_localized": "Wie",
                "required": False,
                "choices": [{"name": "Off", "name_localized": "Aus", "value": "o"}],
            }
        ],
        "application": {"id": str(bot.application_id), "name": "Newsthread"},
    }
    assert (await offered(local, "alice"))[0]["name_localized"] == "quotations"  # en-US falls back to en-GB
    await local.ask("PATCH", "/local/members/alice", {"locale": "de"})
    await local.ask("PATCH", "/local/guild", {"preferred_locale": "fr"})
    assert (await offered(local, "alice"))[0]["name_localized"] == "zitate"
    answering = Answering(bot)
    await use(local, "slash", name="quotes")
    [interaction] = answering.got
    assert (interaction.locale, interaction.guild_locale) == (discord.Locale.german, discord.Locale.french)
    told = await local.ask("PATCH", "/local/members/alice", {"locale": "klingon"}, status=400)
    assert "locale" in told["error"]
    assert "locale" in (
        await local.ask("GET", f"/local/commands?as=alice&channel={HEADLINES}&locale=x", status=400)
    )["error"]  # fmt: skip


async def test_pages_hear_that_commands_changed(local: Local) -> None:
    """COMMANDS_UPDATE whenever some are registered or removed."""
    async with local.web.get(f"{local.url}/local/events?as=alice") as stream:
        await register(local, FOR_ALL)
        async with asyncio.timeout(WAIT):
            while (line := await stream.content.readline()) is not None:
                if line.startswith(b"data: ") and json.loads(line[6:])["t"] == "COMMANDS_UPDATE":
                    break
    assert names(await offered(local, "alice")) == ["all"]


async def test_a_messages_menu_gives_the_whole_message(local: Local, bot: Watcher, openapi: Openapi) -> None:
    """Its words too, without the intent that other events need; the answer says what it was for."""
    tree, got = app_commands.CommandTree(bot), []

    @tree.context_menu(name="Quote…")
    async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
        got.append(message)
        await interaction.response.send_message("quoted")

    await tree.sync()
    said = await local.says(
        "bob", HEADLINES, "mark my words", attachments=[{"filename": "a.txt", "text": "a"}]
    )
    await local.ask("PUT", f"/local/as/alice/channels/{HEADLINES}/messages/{said['id']}/reactions/👍")
    heard = await bot.seen("message")
    assert (heard.content, heard.attachments) == ("", [])
    told = await use(local, "message", name="Quote…", target_id=said["id"])
    [message] = got
    assert (message.content, message.author.id, message.attachments[0].filename) == (
        "mark my words",
        BOB,
        "a.txt",
    )
    assert message.reactions[0].count == 1
    shown = told["responses"][0]["message"]
    assert (shown["type"], shown["interaction_metadata"]["target_message_id"]) == (23, said["id"])
    openapi.check("MessageResponse", shown)
    raw = await bot.seen("interaction")
    openapi.check("MessageResponse", raw.data["resolved"]["messages"][said["id"]])
    assert "no command" in await refused(local, "message", name="Gone", target_id=said["id"], status=404)
    assert "no such message" in await refused(local, "message", name="Quote…", target_id="5", status=404)
    await refused(local, "message", name="Quote…")


async def test_a_members_menu_gives_the_member(local: Local, bot: Watcher) -> None:
    """By id or name; nobody is refused."""
    tree, got = app_commands.CommandTree(bot), []

    @tree.context_menu(name="Look up")
    async def look_up(interaction: discord.Interaction, member: discord.Member) -> None:
        got.append(member.id)
        await interaction.response.send_message("x", ephemeral=True)

    await tree.sync()
    for who in (str(BOB), "bob"):
        told = await use(local, "user", name="Look up", target_id=who)
    assert got == [BOB, BOB]
    assert told["responses"][0]["message"]["interaction_metadata"]["target_user"]["id"] == str(BOB)
    await refused(local, "user", name="Look up", target_id="nobody", status=404)


@pytest.mark.parametrize(
    "body", [{"kind": "wish"}, {}, {"kind": ["slash"]}, {"kind": "slash", "channel_id": "x"}]
)
async def test_other_orders_are_refused(local: Local, body: dict[str, Any]) -> None:
    """One sentence that says what there is."""
    told = await local.ask("POST", "/local/as/alice/interactions", body, status=400)
    assert told["error"].endswith(".")
