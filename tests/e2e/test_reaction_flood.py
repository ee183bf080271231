"""Reactions counted exactly and kept to the policy, whatever becomes of the bot and its connection meanwhile."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import aiohttp
import pytest

from bot.settings.keys import ReactionsKeys
from tests.process import bot_process
from tests.scenario import Scenario, texts, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

pytestmark = pytest.mark.slow

NAMED = {
    "💙": "Like",
    "🙏": "Thanks",
    "😂": "Haha",
    "😕": "Confused",
    "😢": "Sad",
    "❤️": "Love It",
    "👍": "Thumbs Up",
}
UNNAMED = "🎉"
READERS, EACH = 200, 5
ALICE, BOB, MIA = 1300000000000003001, 1300000000000003002, 1300000000000003003

Given = tuple[str, str, str]  # member, message, emoji
Counts = Counter[tuple[str, str]]  # by message and emoji


async def test_a_flood_and_a_kill(scene: Scenario) -> None:
    """1,000 reactions by 200 members, the bot killed amidst them: counts exact, fewer than 20 edits."""
    readers = {f"reader{number}" for number in range(READERS)}
    await asyncio.gather(*(scene.call("POST", "/local/members", {"name": name}) for name in sorted(readers)))
    quickly(scene)
    async with bot_process(scene) as bot:
        thread = (await scene.until_names("A bridge is opened"))[0]["id"]
        posts = [(await scene.post("alice", thread, f"Thought {number}."))["id"] for number in range(4)]
        for post in posts:
            await scene.until_seen(post)
        plan = flood(sorted(readers), [thread, *posts])
        assert (len(plan), len({who for who, *_ in plan})) == (1000, 200)
        first = asyncio.create_task(give(scene, plan[:500]))
        await until_stored(scene, at_least=100)
        bot.kill()
        await bot.wait()
    await first
    assert len(stored(scene)) < 500  # some fell while nobody listened
    back = plan[100:130]
    await asyncio.gather(*(take_back(scene, *given) for given in back))

    async with scene.bot():
        await give(scene, plan[500:])
        expected = Counter((message, emoji) for _, message, emoji in set(plan) - set(back))
        assert await shown(scene, thread) == expected
        await until_counted(scene, expected)
        async with scene.hurried():
            await until_line(scene, thread, line_of(expected))

    assert len(stored(scene)) == 1000 - len(back)
    edits = await scene.requests("PATCH", f"/channels/{thread}/messages/{thread}")
    assert 0 < len(edits) < 20


def flood(readers: list[str], messages: list[str]) -> list[Given]:
    """So many reactions of each reader, all different, in an order without order."""
    chance = Random(3)  # the same flood each time
    each = [(message, emoji) for message in messages for emoji in (*NAMED, UNNAMED)]
    plan = [(who, *one) for who in readers for one in chance.sample(each, EACH)]
    chance.shuffle(plan)
    return plan


@pytest.mark.parametrize("how", ["restart", "invalidated"])
async def test_what_was_missed(scene: Scenario, how: str) -> None:
    """Given, taken back and cleared without the bot hearing of it: counted exactly in the next session."""
    quickly(scene)
    async with scene.bot(), scene.hurried():
        thread = (await scene.until_names("A bridge is opened"))[0]["id"]
        post = (await scene.post("alice", thread, "Well done"))["id"]
        await give(
            scene, [("bob", thread, "💙"), ("bob", post, "👍"), ("mia", post, "👍"), ("ada", post, "😢")]
        )
        await give(scene, [("ada", post, UNNAMED)])
        before = Counter({(thread, "💙"): 1, (post, "👍"): 2, (post, "😢"): 1, (post, UNNAMED): 1})
        await until_counted(scene, before)
        if how == "invalidated":
            for event in ("ADD", "REMOVE", "REMOVE_EMOJI"):
                await scene.fault(event=f"MESSAGE_REACTION_{event}", mode="lose", times=100)
            later = await missed(scene, thread, post)
            await scene.until_seen(later)
            assert stored_counts(scene) == before
            await scene.clear_faults()
            await scene.new_session()
            await until_missed_is_counted(scene, thread, post, later)
    if how == "restart":
        later = await missed(scene, thread, post)
        async with scene.bot(), scene.hurried():
            await until_missed_is_counted(scene, thread, post, later)


async def missed(scene: Scenario, thread: str, post: str) -> str:
    """What happens while the bot hears of no reactions; the id of a new post."""
    await take_back(scene, "bob", thread, "💙")
    await take_back(scene, "mia", post, "👍")
    await clear(scene, thread, post, "😢")
    await give(scene, [("mia", thread, "❤️"), ("alice", post, "👍"), ("ada", post, "💙")])
    await give(scene, [("bob", post, "👍")], burst=True)
    later: str = (await scene.post("bob", thread, "Thank you"))["id"]
    await give(scene, [("alice", later, "🙏")])
    return later


async def until_missed_is_counted(scene: Scenario, thread: str, post: str, later: str) -> None:
    expected = {(thread, "❤️"): 1, (post, "👍"): 2, (post, "💙"): 1, (post, UNNAMED): 1, (later, "🙏"): 1}
    await until_counted(scene, Counter(expected))
    await until_line(
        scene, thread, "💙 Like 1 · 🙏 Thanks 1 · ❤️ Love It 1 · 👍 Thumbs Up 2"
    )  # Bob's two are one


async def test_super_reactions(scene: Scenario) -> None:
    """Who gives the same emoji normally and super is one, until both are taken back."""
    async with at_work(scene) as thread:
        await give(scene, [("bob", thread, "💙")])
        await give(scene, [("bob", thread, "💙"), ("mia", thread, "💙")], burst=True)
        await until_stored(scene, at_least=3)
        assert {(BOB, 0), (BOB, 1), (MIA, 1)} == {(who, kind) for _, who, _, kind in stored(scene)}
        await until_line(scene, thread, "💙 Like 2")
        await take_back(scene, "bob", thread, "💙")
        await take_back(scene, "mia", thread, "💙", burst=True)
        await until_line(scene, thread, "💙 Like 1")
        assert {(BOB, 1)} == {(who, kind) for _, who, _, kind in stored(scene)}


async def test_clearing(scene: Scenario) -> None:
    """A moderator clears one emoji, then all: count and line follow."""
    async with at_work(scene) as thread:
        await give(scene, [(who, thread, emoji) for who in ("alice", "bob") for emoji in ("💙", "❤️", "👍")])
        await until_line(scene, thread, "💙 Like 2 · ❤️ Love It 2 · 👍 Thumbs Up 2")
        await clear(scene, thread, thread, "❤️")
        await until_line(scene, thread, "💙 Like 2 · 👍 Thumbs Up 2")
        await clear(scene, thread, thread)
        await until_line(scene, thread, "")
        assert not stored(scene)


async def test_named_only_takes_the_others_off(scene: Scenario) -> None:
    """Also those that were given while the bot was away; named ones may be several."""
    scene.reactions = ReactionsKeys(policy="named_only")
    async with at_work(scene) as thread:
        await give(scene, [("bob", thread, UNNAMED), ("bob", thread, "💙"), ("bob", thread, "❤️")])
        await until_shown(scene, thread, {(thread, "💙"): 1, (thread, "❤️"): 1})
    await give(scene, [("mia", thread, UNNAMED), ("mia", thread, "❤️")])
    async with scene.bot():
        await until_shown(scene, thread, {(thread, "💙"): 1, (thread, "❤️"): 2})
        await until_counted(scene, Counter({(thread, "💙"): 1, (thread, "❤️"): 2}))


async def test_one_each_replaces(scene: Scenario) -> None:
    """The newest named reaction of a member stays on the post, on Discord and in the counts; unnamed ones are free."""
    scene.reactions = ReactionsKeys(policy="one_each")
    async with at_work(scene) as thread:
        await give(scene, [("alice", thread, "💙"), ("bob", thread, "💙"), ("bob", thread, UNNAMED)])
        await until_counted(scene, Counter({(thread, "💙"): 2, (thread, UNNAMED): 1}))
        for emoji in ("❤️", "👍", "😂"):
            await give(scene, [("bob", thread, emoji)])
        expected = {(thread, "💙"): 1, (thread, UNNAMED): 1, (thread, "😂"): 1}
        await until_shown(scene, thread, expected)
        await until_counted(scene, Counter(expected))
    await give(scene, [("bob", thread, "😢")])
    async with scene.bot():
        expected = {(thread, "💙"): 1, (thread, UNNAMED): 1, (thread, "😢"): 1}
        await until_shown(scene, thread, expected)
        await until_counted(scene, Counter(expected))


# --- the scene -------------------------------------------------------------------------------------------


def quickly(scene: Scenario) -> None:
    """One article, and a line of counts that is brought up to date as often as can be set."""
    scene.reactions = scene.reactions.model_copy(update={"line_interval": timedelta(seconds=5)})
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")


@asynccontextmanager
async def at_work(scene: Scenario) -> AsyncIterator[str]:
    """The bot while the context lasts, and the thread of its one article."""
    quickly(scene)
    async with scene.bot(), scene.hurried():
        yield (await scene.until_names("A bridge is opened"))[0]["id"]


async def thread_of(scene: Scenario) -> str:
    thread: str = (await scene.threads())[0]["id"]
    return thread


def path_of(who: str, thread: str, message: str, emoji: str, burst: bool) -> str:
    kind = "?type=1" if burst else ""
    return f"/local/as/{who}/channels/{thread}/messages/{message}/reactions/{quote(emoji)}{kind}"


async def give(scene: Scenario, plan: Iterable[Given], *, burst: bool = False) -> None:
    """All at once."""
    thread = await thread_of(scene)
    await asyncio.gather(
        *(scene.call("PUT", path_of(who, thread, message, emoji, burst)) for who, message, emoji in plan)
    )


async def take_back(scene: Scenario, who: str, message: str, emoji: str, *, burst: bool = False) -> None:
    await scene.call("DELETE", path_of(who, await thread_of(scene), message, emoji, burst))


async def clear(scene: Scenario, thread: str, message: str, emoji: str | None = None) -> None:
    """As a moderator's client does: all reactions to a message, or all of one emoji."""
    path = f"/api/v10/channels/{thread}/messages/{message}/reactions{f'/{quote(emoji)}' if emoji else ''}"
    async with aiohttp.ClientSession(headers={"Authorization": "Bot local-bot-token"}) as rest:
        (await rest.delete(scene.discord + path)).raise_for_status()


# --- what is counted -------------------------------------------------------------------------------------


def stored(scene: Scenario) -> list[tuple[str, int, str, int]]:
    """Message, member, emoji and kind of every reaction in the store."""
    rows = scene.rows("SELECT message_id, member_id, emoji, kind FROM reaction")
    return [(str(message), member, emoji, kind) for message, member, emoji, kind in rows]


def stored_counts(scene: Scenario) -> Counts:
    """Members who gave an emoji, however they gave it."""
    return Counter((message, emoji) for message, _, emoji in {one[:3] for one in stored(scene)})


async def shown(scene: Scenario, thread: str) -> Counts:
    """What Discord itself shows; super reactions apart from normal ones."""
    return Counter(
        {
            (message["id"], reaction["emoji"]["name"]): reaction["count"]
            for message in await scene.messages(thread)
            for reaction in message.get("reactions", ())
        }
    )


def line_of(counts: Counts) -> str:
    """The line that the opening post should have."""
    total = Counter[str]()
    for (_, emoji), count in counts.items():
        total[emoji] += count
    return " · ".join(f"{emoji} {name} {total[emoji]}" for emoji, name in NAMED.items() if total[emoji])


async def until_stored(scene: Scenario, *, at_least: int) -> None:
    async def so_many() -> bool:
        return len(stored(scene)) >= at_least

    await until(so_many)


async def until_counted(scene: Scenario, expected: Counts) -> None:
    """Wait until the store's counts are exactly these."""

    async def exact() -> bool:
        return stored_counts(scene) == expected

    try:
        await until(exact)
    except AssertionError:
        assert stored_counts(scene) == expected
        raise


async def until_shown(scene: Scenario, thread: str, expected: dict[tuple[str, str], int]) -> None:
    """Wait until Discord shows exactly these."""

    async def exact() -> bool:
        return await shown(scene, thread) == expected

    try:
        await until(exact)
    except AssertionError:
        assert await shown(scene, thread) == expected
        raise


async def until_line(scene: Scenario, thread: str, line: str) -> None:
    """Wait until the opening post has exactly this line of counts; "" for none."""

    def has_it(messages: list[dict[str, Any]]) -> bool:
        lines = texts(messages[0]).split("\n")
        counts = [one for one in lines if one.startswith(tuple(NAMED))]
        return counts == ([line] if line else [])

    await scene.until_content(thread, has_it)
