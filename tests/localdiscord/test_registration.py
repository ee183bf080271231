"""Registering commands: what Discord refuses is refused, what is registered comes back."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import app_commands

from tests.localdiscord.conftest import GUILD, Local, Watcher
from tests.localdiscord.using import register

pytestmark = pytest.mark.slow

X = {"description": "x"}


def option(kind: int = 3, name: str = "o", **more: Any) -> dict[str, Any]:
    return {"type": kind, "name": name} | X | more


def options(*given: dict[str, Any]) -> dict[str, Any]:
    return {"name": "c"} | X | {"options": list(given)}


def choices(kind: int, *values: Any) -> dict[str, Any]:
    return options(
        option(kind, choices=[{"name": f"c{n}", "value": value} for n, value in enumerate(values)])
    )


BAD: dict[str, dict[str, Any]] = {
    "no name": {**X},
    "upper case": {"name": "Quotes", **X},
    "space": {"name": "two words", **X},
    "sign": {"name": "a!", **X},
    "long name": {"name": "x" * 33, **X},
    "no description": {"name": "c"},
    "empty description": {"name": "c", "description": " "},
    "long description": {"name": "c", "description": "x" * 101},
    "menu with description": {"type": 3, "name": "Quote", "description": "x"},
    "menu with options": {"type": 2, "name": "Quote", "options": [option()]},
    "unknown type": {"type": 4, "name": "c", **X},
    "localized name": {"name": "c", **X, "name_localizations": {"de": "Zwei Worte"}},
    "unknown locale": {"name": "c", **X, "name_localizations": {"tlh": "c"}},
    "localized description": {"name": "c", **X, "description_localizations": {"de": "x" * 101}},
    "negative permissions": {"name": "c", **X, "default_member_permissions": -1},
    "no contexts": {"name": "c", **X, "contexts": []},
    "other contexts": {"name": "c", **X, "contexts": [3]},
    "twice in contexts": {"name": "c", **X, "contexts": [0, 0]},
    "other integration": {"name": "c", **X, "integration_types": [2]},
    "nsfw as a word": {"name": "c", **X, "nsfw": "yes"},
    "other handler": {"name": "c", **X, "handler": 3},
    "26 options": options(*(option(name=f"o{n}") for n in range(26))),
    "same option twice": options(option(), option()),
    "option's name": options(option(name="No")),
    "option's type": options(option(12)),
    "required last": options(option(name="a"), option(name="b", required=True)),
    "mixed": options(option(1, "sub"), option()),
    "three deep": options(option(2, "g", options=[option(2, "h")])),
    "values in a group": options(option(2, "g", options=[option()])),
    "sub in a sub": options(option(1, "s", options=[option(1, "t")])),
    "26 choices": choices(3, *map(str, range(26))),
    "words for numbers": choices(4, "1"),
    "half numbers": choices(4, 1.5),
    "large numbers": choices(10, 1 << 54),
    "long choice": choices(3, "x" * 6001),
    "choices of a user": options(option(6, choices=[{"name": "a", "value": "b"}])),
    "choices and autocomplete": options(option(autocomplete=True, choices=[{"name": "a", "value": "b"}])),
    "same choice twice": options(option(choices=[{"name": "a", "value": "b"}] * 2)),
    "lengths": options(option(min_length=3, max_length=2)),
    "values": options(option(4, min_value=3, max_value=2)),
    "length of nothing": options(option(max_length=0)),
    "channel types": options(option(7, channel_types=[99])),
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
async def test_bad_commands_are_refused(local: Local, body: dict[str, Any]) -> None:
    """50035 with the place of the fault; nothing is registered."""
    path = f"/applications/{local.server.ctx.world.bot_id}/commands"
    status, answer = await local.rest("POST", path, body)
    assert (status, answer["code"]) == (400, 50035)
    assert answer["errors"]
    assert (await local.rest("GET", path))[1] == []


def large(characters: int) -> dict[str, Any]:
    """A command of so many characters: 25 options with names of 3, the first with a long choice."""
    found = [option(name=f"o{n:02}", description="d" * 100) for n in range(25)]
    rest = characters - 2 - 25 * 103
    found[0]["choices"] = [{"name": "n", "value": "v" * (rest - 1)}]
    return options(*found)


async def test_a_command_has_8000_characters(local: Local) -> None:
    """Names, descriptions and values together, the longest localization counting."""
    await register(local, large(8000))
    path = f"/applications/{local.server.ctx.world.bot_id}/commands"
    for body in (large(8001), large(8000) | {"description_localizations": {"de": "xx"}}):
        status, answer = await local.rest("POST", path, body)
        assert (status, answer["code"]) == (400, 50035)
        assert "8001" in str(answer["errors"])


@pytest.mark.parametrize(("kind", "most"), [(1, 100), (2, 15), (3, 15)])
async def test_so_many_commands_are_taken(local: Local, kind: int, most: int) -> None:
    """100 slash commands, 15 of each menu, globally and again for the guild; one more is 30032."""
    more = X if kind == 1 else {}
    body = [{"type": kind, "name": f"c{n}"} | more for n in range(most)]
    for guild in (None, GUILD):
        await register(local, *body, guild=guild)
        scope = f"/guilds/{guild}" if guild else ""
        path = f"/applications/{local.server.ctx.world.bot_id}{scope}/commands"
        for method, sent in (
            ("POST", {"type": kind, "name": "more"} | more),
            ("PUT", [*body, body[0] | {"name": "z"}]),
        ):
            status, answer = await local.rest(method, path, sent)
            assert (status, answer["code"]) == (400, 30032)
        assert (await local.rest("POST", path, body[0]))[0] == 201  # replaces


async def test_what_was_registered_comes_back(local: Local, bot: Watcher) -> None:
    """Ids stay with name and type, versions with the content; lists leave localizations out unless asked for."""
    body = {
        "name": "c",
        "description": "x",
        "name_localizations": {"de": "k"},
        "contexts": [0],
        "options": [option()],
    }
    menu = {"type": 3, "name": "Quote this…", "default_member_permissions": 8}
    first = await register(local, body, menu)
    assert first[0]["name_localizations"] == {"de": "k"}
    assert first[1]["default_member_permissions"] == "8"
    again = await register(local, body | {"description": "y"}, menu)
    assert [each["id"] for each in again] == [each["id"] for each in first]
    assert [a["version"] == b["version"] for a, b in zip(first, again, strict=True)] == [False, True]
    path = f"/applications/{bot.application_id}/commands"
    assert "name_localizations" not in (await local.rest("GET", path))[1][0]
    full = (await local.rest("GET", f"{path}?with_localizations=true"))[1]
    assert full == again
    one = f"{path}/{again[0]['id']}"
    assert (await local.rest("GET", one))[1] == again[0]
    _, changed = await local.rest("PATCH", one, {"description": "z"})
    assert (changed["description"], changed["options"]) == ("z", again[0]["options"])
    assert (await local.rest("DELETE", one))[0] == 204
    assert (await local.rest("GET", one))[1]["code"] == 10063
    twice = await local.rest("PUT", path, [body, body])
    assert (twice[0], twice[1]["code"]) == (400, 50035)


async def test_the_tree_of_discord_py_syncs(local: Local, bot: Watcher) -> None:
    """Everything it can say about a command is taken, globally and for the guild, and shown as it was said."""
    tree = app_commands.CommandTree(bot)
    group = app_commands.Group(
        name="feeds",
        description="x",
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True),
    )

    @group.command(name="add", description="x")
    @app_commands.choices(kind=[app_commands.Choice(name="RSS", value="rss")])
    async def add(
        interaction: discord.Interaction,
        url: app_commands.Range[str, 3, 200],
        kind: app_commands.Choice[str],
        every: app_commands.Range[int, 1, 60] = 5,
        where: discord.TextChannel | discord.ForumChannel | None = None,
    ) -> None: ...

    tree.add_command(group)
    [synced] = await tree.sync()
    [again] = await tree.fetch_commands()
    assert (synced.id, again.default_member_permissions) == (again.id, discord.Permissions(manage_guild=True))
    sub = again.options[0]
    assert isinstance(sub, app_commands.AppCommandGroup)
    assert [each.name for each in sub.options] == ["url", "kind", "every", "where"]
    tree.clear_commands(guild=None)
    tree.add_command(group, guild=bot.guilds[0])
    assert await tree.sync() == []
    [own] = await tree.sync(guild=bot.guilds[0])
    with pytest.raises(discord.NotFound) as refused:
        await own.fetch_permissions(bot.guilds[0])
    assert refused.value.code == 10066
    path = f"/applications/{bot.application_id}/guilds/{GUILD}/commands"
    assert (await local.rest("GET", f"{path}/permissions"))[1] == []
    denied = await local.rest("PUT", f"{path}/{own.id}/permissions", {"permissions": []})
    assert (denied[0], denied[1]["code"]) == (403, 20001)
    await own.delete()
    assert await tree.fetch_commands(guild=bot.guilds[0]) == []
