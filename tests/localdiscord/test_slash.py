"""Slash commands and autocomplete: what members give reaches discord.py in the registered types, or is refused."""

from __future__ import annotations

import base64
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.localdiscord.conftest import ALICE, BOB, HEADLINES, MIA, MOD_LOG, NEWS, Local, Watcher
from tests.localdiscord.using import Answering, refused, register, use

pytestmark = pytest.mark.slow

MODERATOR_ROLE = 1300000000000004001
KINDS = {"text": 3, "count": 4, "yes": 5, "who": 6, "where": 7, "role": 8, "whom": 9, "ratio": 10, "file": 11}
ALL = {
    "name": "all",
    "description": "x",
    "options": [{"type": kind, "name": name, "description": "x"} for name, kind in KINDS.items()],
}
QUOTES = {
    "name": "quotes",
    "description": "x",
    "options": [
        {"type": 1, "name": "off", "description": "x"},
        {
            "type": 1,
            "name": "of",
            "description": "x",
            "options": [{"type": 3, "name": "post", "description": "x", "required": True}],
        },
        {
            "type": 2,
            "name": "mode",
            "description": "x",
            "options": [
                {
                    "type": 1,
                    "name": "set",
                    "description": "x",
                    "options": [{"type": 5, "name": "on", "description": "x"}],
                }
            ],
        },
    ],
}


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"text": "word"}, "word"),
        ({"text": 5}, "5"),
        ({"count": "12"}, 12),
        ({"count": 12.0}, 12),
        ({"yes": True}, True),
        ({"yes": "false"}, False),
        ({"ratio": "0.5"}, 0.5),
        ({"ratio": 2}, 2.0),
        ({"who": "bob"}, str(BOB)),
        ({"who": str(BOB)}, str(BOB)),
        ({"who": f"<@{BOB}>"}, str(BOB)),
        ({"where": "#headlines"}, str(HEADLINES)),
        ({"where": NEWS}, str(NEWS)),
        ({"role": "Moderator"}, str(MODERATOR_ROLE)),
        ({"whom": "Mia"}, str(MIA)),
        ({"whom": f"<@&{MODERATOR_ROLE}>"}, str(MODERATOR_ROLE)),
    ],
)
async def test_values_get_the_registered_type(
    local: Local, bot: Watcher, given: dict[str, Any], value: Any
) -> None:
    """Ids, mentions and names mean the same; numbers and truths may come as text."""
    answering = Answering(bot)
    await register(local, ALL)
    told = await use(local, "slash", name="all", options=given)
    assert told["responses"][0]["message"]["content"] == "done"
    [option] = answering.data["options"]
    assert (option["value"], option["type"]) == (value, KINDS[option["name"]])
    assert type(option["value"]) is type(value)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"text": ["a"]}, "text"),
        ({"count": "many"}, "whole number"),
        ({"count": 1.5}, "whole number"),
        ({"count": True}, "whole number"),
        ({"count": 1 << 60}, "smaller"),
        ({"ratio": "half"}, "a number"),
        ({"yes": "perhaps"}, "true or false"),
        ({"who": "nobody"}, "a member"),
        ({"where": str(MOD_LOG)}, "a channel you can see"),
        ({"role": "bob"}, "a role"),
        ({"whom": "nobody"}, "a member or role"),
        ({"file": {"filename": "x.txt", "content_base64": "***"}}, "Base64"),
        ({"file": "x.txt"}, "filename"),
        ({"colour": "red"}, "no option 'colour'"),
        ("red", "options must be"),
    ],
)
async def test_values_of_another_type_are_refused(local: Local, bot: Watcher, given: Any, word: str) -> None:
    """One sentence that names the option, and the bot is not told."""
    answering = Answering(bot)
    await register(local, ALL)
    assert word in await refused(local, "slash", name="all", options=given)
    assert answering.got == []


async def test_discord_py_gets_members_channels_roles_and_files(local: Local, bot: Watcher) -> None:
    """What ids stand for comes resolved, threads and files too; a file can be fetched."""
    tree, got = app_commands.CommandTree(bot), []

    @tree.command(name="take", description="x")
    async def take(
        interaction: discord.Interaction,
        who: discord.Member,
        where: app_commands.AppCommandThread,
        role: discord.Role,
        file: discord.Attachment,
    ) -> None:
        got.extend(
            [who, where, role, await file.read(), file.filename, interaction.permissions.send_messages]
        )
        await interaction.response.send_message("taken")

    await tree.sync()
    post = await local.ask("POST", f"/local/as/alice/channels/{NEWS}/threads", {"name": "A", "content": "a"})
    file = {"filename": "note.txt", "content_base64": base64.b64encode(b"noted").decode()}
    options = {"who": "bob", "where": post["id"], "role": "moderator", "file": file}
    told = await use(local, "slash", name="take", options=options)
    who, where, role, *rest = got
    assert isinstance(who, discord.Member)
    assert (who.name, where.name, role.name, rest) == ("bob", "A", "Moderator", [b"noted", "note.txt", True])
    message = told["responses"][0]["message"]
    assert (message["type"], message["interaction"]["name"]) == (20, "take")
    assert message["interaction_metadata"]["user"]["id"] == str(ALICE)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("quotes of", {"post": "p"}),
        ("/quotes of", [{"name": "post", "value": "p"}]),
        ("quotes", {"of": {"post": "p"}}),
        ("quotes", [{"name": "of", "type": 1, "options": [{"name": "post", "type": 3, "value": "p"}]}]),
        ("quotes of", {"of": {"post": "p"}}),
        ("quotes of", [{"name": "of", "options": [{"name": "post", "value": "p"}]}]),
    ],
)
async def test_subcommands_can_be_said_in_many_ways(
    local: Local, bot: Watcher, name: str, options: Any
) -> None:
    """By a path, by nested objects, by Discord's own list: the application gets the same."""
    answering = Answering(bot)
    await register(local, QUOTES)
    told = await use(local, "slash", name=name, options=options)
    inner = [{"name": "post", "type": 3, "value": "p"}]
    assert answering.data["options"] == [{"name": "of", "type": 1, "options": inner}]
    assert told["responses"][0]["message"]["interaction"]["name"] == "quotes of"


async def test_groups_hold_subcommands(local: Local, bot: Watcher) -> None:
    """Three levels; a subcommand without options needs none."""
    answering = Answering(bot)
    await register(local, QUOTES)
    await use(local, "slash", name="quotes mode set", options={"on": True})
    assert answering.data["options"][0]["options"][0]["options"] == [{"name": "on", "type": 5, "value": True}]
    await use(local, "slash", name="quotes", options={"off": {}})
    await use(local, "slash", name="quotes off")
    assert answering.data["options"] == [{"name": "off", "type": 1, "options": []}]


@pytest.mark.parametrize(
    ("name", "options", "status", "word"),
    [
        ("quotes", None, 400, "off, of, mode"),
        ("quotes for", None, 404, "no subcommand 'for'"),
        ("quotes off now", None, 404, "no subcommand 'now'"),
        ("quotes of", {}, 400, "needs the option 'post'"),
        ("nothing", {}, 404, "There is no command"),
        ("", {}, 404, "There is no command"),
    ],
)
async def test_what_is_not_there_is_said(
    local: Local, name: str, options: Any, status: int, word: str
) -> None:
    """Unknown commands, subcommands and missing options: one sentence."""
    await register(local, QUOTES)
    assert word in await refused(local, "slash", name=name, options=options, status=status)


LIMITED = {
    "name": "limited",
    "description": "x",
    "options": [
        {"type": 3, "name": "text", "description": "x", "min_length": 2, "max_length": 4},
        {"type": 4, "name": "count", "description": "x", "min_value": 1, "max_value": 3},
        {"type": 10, "name": "ratio", "description": "x", "max_value": 0.5},
        {"type": 7, "name": "forum", "description": "x", "channel_types": [15]},
        {
            "type": 3,
            "name": "mode",
            "description": "x",
            "choices": [{"name": "Repost", "value": "r"}, {"name": "Off", "value": "o"}],
        },
        {"type": 4, "name": "size", "description": "x", "choices": [{"name": "Big", "value": 9}]},
    ],
}


async def test_registered_limits_hold(local: Local, bot: Watcher) -> None:
    """Lengths, ranges, channel types, choices, at both ends; a choice may be said by its name."""
    answering = Answering(bot)
    await register(local, LIMITED)
    for good in ({"text": "ab", "count": 1}, {"text": "abcd", "count": 3, "ratio": 0.5}, {"forum": "news"}):
        await use(local, "slash", name="limited", options=good)
    await use(local, "slash", name="limited", options={"mode": "Repost", "size": "9"})
    assert [each["value"] for each in answering.data["options"]] == ["r", 9]
    told = len(answering.got)
    for bad, word in (
        ({"text": "a"}, "2 to 4 characters"),
        ({"text": "abcde"}, "2 to 4 characters"),
        ({"count": 0}, "at least 1"),
        ({"count": 4}, "at most 3"),
        ({"ratio": 0.6}, "at most 0.5"),
        ({"forum": "headlines"}, "a channel"),
        ({"mode": "x"}, "Repost, Off"),
        ({"size": 8}, "Big"),
    ):
        assert word in await refused(local, "slash", name="limited", options=bad)
    assert len(answering.got) == told


async def test_autocomplete_offers_what_the_bot_finds(local: Local, bot: Watcher) -> None:
    """The focused option comes as typed, the others in their types; required ones may still lack."""
    tree, seen = app_commands.CommandTree(bot), []

    @tree.command(name="find", description="x")
    async def find(interaction: discord.Interaction, first: str, count: int, post: str) -> None: ...

    @find.autocomplete("post")
    async def posts(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        seen.append((current, dict(iter(interaction.namespace))))
        return [app_commands.Choice(name=f"{current}!", value="v")]

    @find.autocomplete("count")
    async def counts(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[int]]:
        seen.append((current, dict(iter(interaction.namespace))))
        return [app_commands.Choice(name="two", value=2)]

    await tree.sync()
    told = await use(local, "autocomplete", name="find", options={"count": 3, "post": "ab"})
    assert told["responses"] == [{"type": 8, "data": {"choices": [{"name": "ab!", "value": "v"}]}}]
    assert seen.pop() == ("ab", {"count": 3, "post": "ab"})
    told = await use(
        local, "autocomplete", name="find", options={"count": "1", "post": "ab"}, focused="count"
    )
    assert told["responses"][0]["data"]["choices"] == [{"name": "two", "value": 2}]
    assert seen.pop() == ("1", {"count": "1", "post": "ab"})
    await use(local, "autocomplete", name="find", focused="post")
    assert seen.pop() == ("", {"post": ""})
    assert "'first'" in await refused(local, "autocomplete", name="find", options={"first": "x"})


@pytest.mark.parametrize(
    "choices",
    [
        [{"name": "x", "value": "v"}] * 26,
        [{"name": "", "value": "v"}],
        [{"name": "x" * 101, "value": "v"}],
        [{"name": "x"}],
        [{"name": "x", "value": "text"}],
    ],
)
async def test_bad_choices_are_refused(local: Local, bot: Watcher, choices: list[Any]) -> None:
    """25 at most, names of 1 to 100 characters, values of the option's type: 50035; a good answer can follow."""
    codes = []

    async def answer(interaction: discord.Interaction) -> None:
        path = f"/interactions/{interaction.id}/{interaction.token}/callback"
        for offer in (choices, [{"name": "x", "value": 1}]):
            _, told = await local.rest("POST", path, {"type": 8, "data": {"choices": offer}}, token=None)
            codes.append(told["code"] if told else None)

    bot.on_interaction = answer  # type: ignore[attr-defined]
    option = {"type": 4, "name": "n", "description": "x", "autocomplete": True}
    await register(local, {"name": "find", "description": "x", "options": [option]})
    told = await use(local, "autocomplete", name="find", options={"n": "1"})
    assert codes == [50035, None]
    assert told["responses"][0]["data"]["choices"] == [{"name": "x", "value": 1}]
