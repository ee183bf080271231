"""``/reactions`` end to end: members at the local Discord, the real bot on real sockets."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from PIL import Image

from bot.languages import Languages
from bot.settings.keys import ReactionsKeys
from tests.scenario import FORUM, GUILD, HEADLINES, MOD_LOG, Scenario, texts, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.slow

ALICE, BOB, MIA = "1300000000000003001", "1300000000000003002", "1300000000000003003"
FACTCHECK = "1300000000000006001"
NO_POST = "That is no post in a news thread."


@pytest.fixture
async def thread(scene: Scenario) -> AsyncIterator[str]:
    """A news thread with the bot at work."""
    async with at_work(scene) as thread:
        yield thread


class at_work:  # noqa: N801 - reads as a sentence
    """The bot, and the thread of its one article."""

    def __init__(self, scene: Scenario, channel: int = FORUM) -> None:
        self._scene = scene
        self._channel = channel
        scene.watch("/scene.rss", channel)
        scene.paper.publish("/scene.rss", "A bridge is opened")
        self._bot = scene.bot()

    async def __aenter__(self) -> str:
        await self._bot.__aenter__()
        thread: str = (await self._scene.until_names("A bridge is opened", channel=self._channel))[0]["id"]
        return thread

    async def __aexit__(self, *error: Any) -> None:
        await self._bot.__aexit__(*error)


async def ask(scene: Scenario, who: str, place: str, command: str, /, **options: str) -> dict[str, Any]:
    """What ``/reactions`` answers: a message for the one who asked alone."""
    responses = await scene.interact(who, "slash", place, name=f"reactions {command}", options=options)
    answer: dict[str, Any] = responses[-1]["message"]
    assert answer["flags"] & 64
    return answer


async def told(
    scene: Scenario, thread: str, command: str, *words: str, who: str = "bob", **options: str
) -> str:
    """Ask until all the words are in the answer: events take their time."""
    text = ""

    async def as_wanted() -> bool:
        nonlocal text
        text = (await ask(scene, who, thread, command, **options))["content"]
        return all(word in text for word in words)

    try:
        await until(as_wanted)
    except AssertionError:
        raise AssertionError(f"answered {text!r}, not with {words}") from None
    return text


def link(thread: str, message: str) -> str:
    return f"https://discord.com/channels/{GUILD}/{thread}/{message}"


async def test_a_post_and_who_reacted(scene: Scenario, thread: str) -> None:
    """Counts of normal and super reactions; the button turns the answer into the list of who reacted."""
    post = (await scene.post("alice", thread, "Well done"))["id"]
    answer = await told(scene, thread, "post", "Nobody has reacted", post=link(thread, post))
    assert answer == f"Nobody has reacted to [this post]({link(thread, post)}) yet."

    await scene.react("bob", thread, post, "💙")
    await scene.react("mia", thread, post, "💙")
    path = f"/local/as/bob/channels/{thread}/messages/{post}/reactions/%F0%9F%8E%89?type=1"
    await scene.call("PUT", path)
    await told(scene, thread, "post", "💙 Like 2 · 🎉 1", post=post)

    answer = await ask(scene, "alice", thread, "post", post=f"{thread}-{post}")
    (button,) = answer["components"][0]["components"]
    assert button["label"] == "Who reacted"
    responses = await scene.interact(
        "alice", "component", thread, target_id=answer["id"], custom_id=button["custom_id"]
    )
    listed = responses[-1]["message"]
    assert listed["content"] == f"**💙 Like** (2)\n<@{BOB}>, <@{MIA}>\n\n**🎉** (1)\n<@{BOB}>"
    assert listed["components"] == []


async def test_a_long_list_has_pages(scene: Scenario) -> None:
    """Buttons lead to what has no room, and back."""
    async with at_work(scene) as thread:
        await scene.react("bob", thread, thread, "💙")
        await told(scene, thread, "post", "💙 Like 1", post=thread)
    with closing(sqlite3.connect(scene.folder / "newsthread.db")) as store, store:
        store.executemany(
            "INSERT INTO reaction (message_id, member_id, emoji, kind, story_id, at)"
            " SELECT message_id, ?, emoji, 2, story_id, at FROM reaction WHERE kind = 0",
            [(2_000_000_000_000_000_000 + number,) for number in range(150)],
        )
    async with scene.bot():
        await until(partial(connected, scene))
        await turn_pages(scene, thread)


async def turn_pages(scene: Scenario, thread: str) -> None:
    answer = await ask(scene, "bob", thread, "post", post=thread)
    assert "💙 Like 151" in answer["content"]
    shown = []
    for label in ("Who reacted", "More", "Back"):
        buttons = {each["label"]: each["custom_id"] for each in answer["components"][0]["components"]}
        responses = await scene.interact(
            "bob", "component", thread, target_id=answer["id"], custom_id=buttons[label]
        )
        answer = responses[-1]["message"]
        shown.append(answer["content"])
    assert [text.startswith("**💙 Like** (151)\n") for text in shown] == [True] * 3
    assert shown[0] == shown[2] != shown[1]
    assert sum(text.count("<@") for text in shown[:2]) == 151


async def test_a_thread_as_a_picture(scene: Scenario, thread: str) -> None:
    """The chart says in its description what the numbers beside it say; another thread can be named;
    answers are in the language of the one who asks."""
    assert await told(scene, thread, "thread") == "Nobody has reacted in this thread yet."
    for who, emoji in (("alice", "❤️"), ("bob", "❤️"), ("mia", "😢")):
        await scene.react(who, thread, thread, emoji)
    text = await told(scene, thread, "thread", "3 reactions")
    assert text == "**3 reactions in this thread:**\n1. ❤️ Love It: **2**\n2. 😢 Sad: **1**"

    answer = await ask(scene, "bob", str(HEADLINES), "thread", thread=thread)
    (picture,) = answer["attachments"]
    assert picture["description"] == "Love It 2, Sad 1"
    async with aiohttp.ClientSession() as web, web.get(picture["url"]) as response:
        assert Image.open(BytesIO(await response.read())).format == "PNG"

    elsewhere = "That is no news thread: use this in one, or choose one."
    assert (await ask(scene, "bob", str(HEADLINES), "thread"))["content"] == elsewhere
    await scene.call("PATCH", f"/local/members/{BOB}", {"locale": "de"})
    german = Languages.load().of("de")(elsewhere)
    assert (await ask(scene, "bob", str(HEADLINES), "thread"))["content"] == german != elsewhere


async def test_a_member_and_the_most_loved(scene: Scenario, thread: str) -> None:
    """What one gave and received; posts and articles by positive reactions."""
    post = (await scene.post("alice", thread, "Well done"))["id"]
    await scene.react("bob", thread, post, "👍")
    await scene.react("bob", thread, thread, "💙")

    await told(
        scene, thread, "member", f"<@{BOB}> gave: 💙 Like 1 · 👍 Thumbs Up 1", f"posts of <@{BOB}>: none yet"
    )
    await told(scene, thread, "member", f"<@{ALICE}> gave: none yet", "👍 Thumbs Up 1", member=ALICE)
    text = await told(scene, thread, "top", "[view post]")
    assert (
        text
        == f"**Most loved posts** (the last week)\n1. <@{ALICE}>: **1** \u00b7 [view post]({link(thread, post)})"
    )
    await told(scene, thread, "top", "[A bridge is opened]", "(ever since)", of="articles", period="all")


async def test_moderators_recommend(scene: Scenario, thread: str) -> None:
    """Others are refused, whatever their client lets them try; the opening post lists the post until it is taken back."""
    post = (await scene.post("alice", thread, "Well done"))["id"]
    await told(scene, thread, "post", "Nobody has reacted", post=post)
    for command in ("recommend", "unrecommend"):
        refused = await ask(scene, "bob", thread, command, post=post)
        assert refused["content"] == "You lack the permission for that in this channel."

    first = await ask(scene, "mia", thread, "recommend", post=post)
    assert first["content"] == "The post is recommended: the thread's opening post lists it."
    second = await ask(scene, "mia", thread, "recommend", post=post)
    assert second["content"] == "That post was recommended already."
    async with scene.hurried():
        await scene.until_content(thread, lambda messages: link(thread, post) in texts(messages[0]))
    await told(scene, thread, "post", f"<@{MIA}> recommends it.", post=post)

    opening = await ask(scene, "mia", thread, "recommend", post=thread)
    assert opening["content"] == "The opening post needs no recommendation: everybody sees it first."
    gone = await ask(scene, "mia", thread, "unrecommend", post=post)
    assert gone["content"] == "The post is no longer recommended."


async def test_posts_that_can_not_be_asked_about(scene: Scenario, thread: str) -> None:
    """Nonsense, another server, a place without news, a vanished post: each has its sentence."""
    post = (await scene.post("alice", thread, "Well done"))["id"]
    elsewhere = (await scene.post("alice", HEADLINES, "Hello"))["id"]
    await told(scene, thread, "post", "Nobody has reacted", post=post)
    nowhere = "That is no post of this server: right-click it, choose Copy Message Link, and paste that."
    for reference, sentence in {
        "that one": nowhere,
        link(thread, post).replace(str(GUILD), "1300000000000009999"): nowhere,
        link(str(HEADLINES), elsewhere): NO_POST,
        elsewhere: NO_POST,
        link(thread, str(int(post) + 1)): "That post was deleted.",
    }.items():
        answer = await ask(scene, "bob", thread, "post", post=reference)
        assert (reference, answer["content"]) == (reference, sentence)

    await scene.call("DELETE", f"/local/as/alice/channels/{thread}/messages/{post}")
    await told(scene, thread, "post", "That post was deleted.", post=post)


async def test_what_a_member_can_not_see(scene: Scenario) -> None:
    """News in a private channel: nothing is told of it to who is shut out, and no article of it is listed."""
    async with at_work(scene, MOD_LOG) as thread:
        await scene.react("mia", MOD_LOG, thread, "❤️")
        await told(scene, thread, "post", "❤️ Love It 1", who="mia", post=thread)
        await told(scene, str(HEADLINES), "top", "A bridge", who="mia", of="articles")

        answer = await ask(scene, "bob", str(HEADLINES), "post", post=thread)
        assert answer["content"] == NO_POST
        listed = await ask(scene, "bob", str(HEADLINES), "top", of="articles")
        assert listed["content"].endswith("Nothing was loved in that time.")


async def test_an_emoji_that_no_longer_exists(scene: Scenario) -> None:
    """A named one is shown by its name, as soon as the server has lost it; its count stays."""
    emoji = f"<:factcheck:{FACTCHECK}>"
    scene.reactions = ReactionsKeys.model_validate(
        {"reaction": ({"name": "Checked", "emoji": emoji, "sentiment": "positive"},)}
    )
    async with at_work(scene) as thread:
        await scene.react("bob", thread, thread, f"factcheck:{FACTCHECK}")
        await told(scene, thread, "post", f"{emoji} Checked 1", post=thread)

        await scene.call("DELETE", f"/local/emojis/{FACTCHECK}")
        text = await told(scene, thread, "post", "\nChecked 1", post=thread)
        assert FACTCHECK not in text.split("\n")[-1]


async def test_clearing_is_heard(scene: Scenario, thread: str) -> None:
    """One emoji, then all, by whoever may."""
    post = (await scene.post("alice", thread, "Well done"))["id"]
    for emoji in ("💙", "😢", "👍"):
        await scene.react("bob", thread, post, emoji)
    await told(scene, thread, "post", "💙 Like 1 · 😢 Sad 1 · 👍 Thumbs Up 1", post=post)
    await clear(scene, f"/channels/{thread}/messages/{post}/reactions/%F0%9F%92%99")
    await told(scene, thread, "post", "\n😢 Sad 1 · 👍 Thumbs Up 1", post=post)
    await clear(scene, f"/channels/{thread}/messages/{post}/reactions")
    await told(scene, thread, "post", "Nobody has reacted", post=post)


async def clear(scene: Scenario, path: str) -> None:
    headers = {"Authorization": "Bot local-bot-token"}
    async with aiohttp.ClientSession(headers=headers) as rest:
        (await rest.delete(f"{scene.discord}/api/v10{path}")).raise_for_status()


async def test_buttons_below_the_opening_post(scene: Scenario) -> None:
    """They give and take back; a click that the gateway delivers twice is one; the label tells the count."""
    scene.reactions = ReactionsKeys(buttons=True)
    async with at_work(scene) as thread:
        opening = (await scene.messages(thread))[0]
        assert [label for label, _ in reaction_buttons(opening)][:2] == ["Like", "Thanks"]
        like = reaction_buttons(opening)[0][1]

        await scene.fault(event="INTERACTION_CREATE", mode="twice")
        assert await press(scene, thread, like) == "You gave 💙 Like."
        await told(scene, thread, "post", "💙 Like 1", post=thread)
        async with scene.hurried():
            await scene.until_content(
                thread, lambda messages: reaction_buttons(messages[0])[0][0] == "Like 1"
            )
        assert await press(scene, thread, like) == "You took 💙 Like back."
        await told(scene, thread, "post", "Nobody has reacted", post=thread)

        await scene.react("bob", thread, thread, "💙")
        await told(scene, thread, "post", "💙 Like 1", post=thread)
        assert (await press(scene, thread, like)).startswith(
            "You gave Like already, with Discord's own reaction"
        )


async def press(scene: Scenario, thread: str, custom_id: str) -> str:
    responses = await scene.interact("bob", "component", thread, target_id=thread, custom_id=custom_id)
    content: str = responses[-1]["message"]["content"]
    return content


def reaction_buttons(message: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and custom_id of the reaction buttons below a message."""

    def walk(component: dict[str, Any]) -> list[tuple[str, str]]:
        own = component.get("custom_id", "")
        found = [(component["label"], own)] if own.startswith("nr:") else []
        return found + [each for inner in component.get("components", ()) for each in walk(inner)]

    return [each for component in message["components"] for each in walk(component)]


async def test_one_each_on_discord(scene: Scenario) -> None:
    """The former reaction vanishes from the post itself, not only from the count."""
    scene.reactions = ReactionsKeys(policy="one_each")
    async with at_work(scene) as thread:
        await scene.react("bob", thread, thread, "💙")
        await told(scene, thread, "post", "💙 Like 1", post=thread)
        await scene.react("bob", thread, thread, "❤️")
        await told(scene, thread, "post", "\n❤️ Love It 1", post=thread)
        await scene.until_content(
            thread, lambda messages: [one["emoji"]["name"] for one in messages[0]["reactions"]] == ["❤️"]
        )


async def test_exact_after_a_time_away(scene: Scenario) -> None:
    """What was given and taken back while the bot was away is counted at its return, page by page."""
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")
    async with scene.bot():
        thread = (await scene.until_names("A bridge is opened"))[0]["id"]
        post = (await scene.post("alice", thread, "Well done"))["id"]
        await scene.react("bob", thread, post, "💙")
        await scene.react("bob", thread, thread, "😢")
        await told(scene, thread, "post", "💙 Like 1", post=post)
        await told(scene, thread, "post", "😢 Sad 1", post=thread)
    await scene.call("DELETE", f"/local/as/bob/channels/{thread}/messages/{post}/reactions/%F0%9F%92%99")
    for who in ("alice", "mia", "ada"):
        await scene.react(who, thread, post, "👍")
    await scene.react("mia", thread, thread, "😢")

    async with scene.bot():
        await until(partial(connected, scene))
        await told(scene, thread, "post", "\n👍 Thumbs Up 3", post=post)
        await told(scene, thread, "post", "😢 Sad 2", post=thread)


async def connected(scene: Scenario) -> bool:
    is_connected: bool = (await scene.call("GET", "/local/state"))["bot"]["connected"]
    return is_connected
