"""Reactions: normal and super, counted apart, told with all that discord.py needs."""

from __future__ import annotations

from urllib.parse import quote

import discord
import pytest

from localdiscord import Limits
from tests.localdiscord.conftest import ALICE, BOB, HEADLINES, Local, Start, Watcher

EMOJI = "factcheck:1300000000000006001"


def reactions(message: object, emoji: str) -> str:
    return f"/local/as/{{}}/channels/{HEADLINES}/messages/{message}/reactions/{quote(emoji)}"


async def test_reactions_are_told_and_counted(local: Local, bot: Watcher) -> None:
    """Adding and removing reach the bot with who, what and which kind."""
    message = await bot.headlines.send("x")
    path = reactions(message.id, "👍")
    await local.ask("PUT", path.format("alice"))
    added = await bot.seen("raw_reaction_add")
    assert (added.user_id, str(added.emoji), added.burst) == (ALICE, "👍", False)
    assert added.message_author_id == bot.user.id
    assert added.member.name == "alice"
    await local.ask("PUT", path.format("bob"), {"burst": True})
    assert (await bot.seen("raw_reaction_add", lambda each: each.burst)).user_id == BOB
    await local.ask("PUT", path.format("alice"))  # twice is once
    [reaction] = (await message.fetch()).reactions
    assert (reaction.count, reaction.normal_count, reaction.burst_count) == (2, 1, 1)
    assert [user.id async for user in reaction.users(type=discord.ReactionType.normal)] == [ALICE]
    assert [user.id async for user in reaction.users(type=discord.ReactionType.burst)] == [BOB]
    await local.ask("DELETE", path.format("alice"))
    assert (await bot.seen("raw_reaction_remove")).user_id == ALICE
    await local.ask("DELETE", path.format("bob") + "?type=1")
    assert (await message.fetch()).reactions == []


async def test_reactions_say_whether_they_are_mine(local: Local, bot: Watcher) -> None:
    """Each member sees their own."""
    message = await bot.headlines.send("x")
    await message.add_reaction(EMOJI)
    await local.ask("PUT", reactions(message.id, "👍").format("alice"))
    mine = {
        who: [each["me"] for each in (await local.messages(HEADLINES, who))[0]["reactions"]]
        for who in ("alice", "bob")
    }
    assert mine == {"alice": [False, True], "bob": [False, False]}
    assert [each.me for each in (await message.fetch()).reactions] == [True, False]


async def test_moderators_clear_reactions(local: Local, bot: Watcher) -> None:
    """One person's, one emoji's, all: each has its event."""
    message = await bot.headlines.send("x")
    for who in ("alice", "bob"):
        for emoji in ("👍", "🇪🇺", "❤️"):
            await local.ask("PUT", reactions(message.id, emoji).format(who))
    await message.remove_reaction("👍", discord.Object(ALICE))
    assert (await bot.seen("raw_reaction_remove")).user_id == ALICE
    await message.clear_reaction("🇪🇺")
    assert str((await bot.seen("raw_reaction_clear_emoji")).emoji) == "🇪🇺"
    await message.clear_reactions()
    assert (await bot.seen("raw_reaction_clear")).message_id == message.id
    assert (await message.fetch()).reactions == []


@pytest.mark.parametrize("emoji", ["👍", "👍🏽", "👨‍👩‍👧", "🏳️‍🌈", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "❤", "✅", "🫡", "🇩🇪", EMOJI])
async def test_every_kind_of_emoji_is_taken(local: Local, emoji: str) -> None:
    """Skin tones, joined, flags, key caps and the guild's own."""
    said = await local.says("bob", HEADLINES, "x")
    await local.ask("PUT", reactions(said["id"], emoji).format("alice"))


@pytest.mark.parametrize("emoji", ["x", "👍👍", "hello", ":)", "gone:1300000000000009999", "🇩"])
async def test_what_is_no_emoji_is_refused(local: Local, emoji: str) -> None:
    """10014."""
    said = await local.says("bob", HEADLINES, "x")
    refused = await local.ask("PUT", reactions(said["id"], emoji).format("alice"), status=400)
    assert refused["code"] == 10014


async def test_a_message_carries_twenty_emoji(start: Start) -> None:
    """The 21st is refused with 30010; joining in with one of the twenty is not."""
    local = await start(limits=Limits.none())
    said = await local.says("bob", HEADLINES, "x")
    for n in range(20):
        await local.ask("PUT", reactions(said["id"], chr(0x1F600 + n)).format("alice"))
    refused = await local.ask("PUT", reactions(said["id"], "👍").format("alice"), status=400)
    assert refused["code"] == 30010
    await local.ask("PUT", reactions(said["id"], "😀").format("bob"))
