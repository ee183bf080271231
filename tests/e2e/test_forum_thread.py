"""A thread of the shape of a forum's news thread, played by members; then all that a member sees, word for word."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from bot.settings.keys import ReactionsKeys
from tests.scenario import GUILD, Scenario, texts

pytestmark = pytest.mark.slow

ARTICLE = {
    "title": "Harbour bridge reopens after the storm",
    "description": '<p><img src="https://news.example/bridge.jpg"></p><p>Cars and bicycles may use the harbour'
    " bridge again. Lorries have to wait until Monday, when the cables will have been looked at.</p>",
}

# What Alice sees. "#2" is the second post: its id in links, and the moment at which it was posted in <t:#2:R>.
EXPECTED: list[dict[str, Any]] = [
    {
        "by": "newsthread, a bot",
        "edited": True,
        "flags": 1 << 15,
        "components": [
            "## [Harbour bridge reopens after the storm](<https://news.example/harbour.rss/1>)",
            "picture: https://news.example/bridge.jpg",
            "Cars and bicycles may use the harbour bridge again. Lorries have to wait until Monday, when the cables"
            " will have been looked at.\n"
            "-# <t:1793523600:F>\n"
            "Based on a report from The Test Courier 2026-11-01",
            "----",
            "💙 Like 2 · 🙏 Thanks 1 · 😂 Haha 2 · 😕 Confused 1 · ❤️ Love It 2 · 👍 Thumbs Up 3\n"
            "**Recommended posts**\n"
            "- <@Alice> <t:#2:R> [view post](#2)",
            "button: Read the article -> https://news.example/harbour.rss/1",
            "button: Details",
        ],
        "reactions": ["❤️ 2, mine", "👍 1"],
    },
    {
        "by": "Alice",
        "content": "I crossed it at seven.\n\nNobody stopped me, and the *view* is as good as ever.",
        "reactions": ["💙 2", "🙏 1"],
    },
    {
        "by": "Bob, through the webhook",
        "content": "> **Alice** said <t:#2:R>: [view post](#2)\n"
        "> I crossed it at seven.\n"
        "> \n"
        "> Nobody stopped me, and the *view* is as good as ever.\n"
        "At seven it was still closed. Did you swim?",
        "reactions": ["😂 2, mine"],
    },
    {
        "by": "Gweiloman, through the webhook",
        "content": "> **Alice** said <t:#2:R>: [view post](#2)\n"
        "> Nobody stopped me\n"
        "Somebody should have: the left lane was open to the water.",
    },
    {
        "by": "Carla, through the webhook",
        "content": "> **Bob** said <t:#3:R>: [view post](#3)\n"
        "> At seven it was still closed. Did you swim?\n"
        "It opened at half past six, says the harbour office.",
        "reactions": ["😕 1"],
    },
    {
        "by": "Mia",
        "content": "**Moderator's notice:** stay with the bridge, please. Two posts about the mayor were removed.",
        "reactions": ["👍 2, mine"],
    },
    {
        "by": "Alice, through the webhook",
        "content": "> **Mia** said <t:#6:R>: [view post](#6)\n"
        "> **Moderator's notice:** stay with the bridge, please. Two posts about the mayor were removed.\n"
        "Understood. And no, Bob, I did not swim.",
    },
]


async def test_a_forum_thread_as_it_is_seen(scene: Scenario) -> None:
    """Article, plain post, four quoting replies (one of a quoting reply), a notice, eleven reactions of six kinds."""
    scene.reactions = ReactionsKeys(line_interval=timedelta(seconds=5))
    scene.watch("/harbour.rss")
    scene.paper.publish("/harbour.rss", **ARTICLE)
    for name in ("Gweiloman", "Carla"):
        await scene.call("POST", "/local/members", {"name": name})
    async with scene.bot():
        thread = (await scene.until_names(ARTICLE["title"]))[0]["id"]

        alice = await scene.post("alice", thread, EXPECTED[1]["content"])
        bob = await replied(scene, thread, "bob", "At seven it was still closed. Did you swim?", alice["id"])
        await quoted_by_form(
            scene,
            *(thread, "gweiloman", alice["id"], "Nobody stopped me"),
            "Somebody should have: the left lane was open to the water.",
        )
        carla = await replied(
            scene, thread, "carla", "It opened at half past six, says the harbour office.", bob
        )
        notice = (await scene.post("mia", thread, EXPECTED[5]["content"]))["id"]
        await replied(scene, thread, "alice", "Understood. And no, Bob, I did not swim.", notice)

        await recommended(scene, thread, "mia", alice["id"])
        for post, emoji, members in (
            (thread, "❤️", ("alice", "bob")),
            (thread, "👍", ("carla",)),
            (alice["id"], "💙", ("bob", "carla")),
            (alice["id"], "🙏", ("gweiloman",)),
            (bob, "😂", ("alice", "carla")),
            (carla, "😕", ("gweiloman",)),
            (notice, "👍", ("alice", "bob")),
        ):
            for member in members:
                await scene.react(member, thread, post, emoji)

        async with scene.hurried():
            await scene.until_content(
                thread, lambda messages: "👍 Thumbs Up 3" in texts(messages[0]) and len(messages) == 7
            )
        seen = await scene.call("GET", f"/local/channels/{thread}/messages?as=alice")
        people = (await scene.call("GET", "/local/state"))["members"]
        assert transcript(seen, {one["id"]: one["display_name"] for one in people}) == EXPECTED


# --- members ---------------------------------------------------------------------------------------------


async def replied(scene: Scenario, thread: str, who: str, words: str, to: str) -> str:
    """A native reply; the id of the post that takes its place."""
    native = await scene.post(who, thread, words, reply_to=to)
    return await posted(scene, thread, words, instead_of=native["id"])


async def quoted_by_form(
    scene: Scenario, thread: str, who: str, source: str, passage: str, answer: str
) -> str:
    """Quote… with the quotation shortened; the id of the post that comes of it."""
    (form,) = await scene.interact(who, "message", thread, name="Quote…", target_id=source)
    words, own = (label["component"]["custom_id"] for label in form["data"]["components"])
    fields = {words: passage, own: answer}
    await scene.interact(who, "modal", thread, custom_id=form["data"]["custom_id"], fields=fields)
    return await posted(scene, thread, answer)


async def posted(scene: Scenario, thread: str, words: str, instead_of: str | None = None) -> str:
    """Wait until a quoting post with this answer stands there, and the reply that it replaces does not."""

    def found(messages: list[dict[str, Any]]) -> Any:
        made = [
            one["id"] for one in messages if one.get("webhook_id") and one["content"].endswith(f"\n{words}")
        ]
        return made and instead_of not in {one["id"] for one in messages} and made[0]

    post: str = await scene.until_content(thread, found)
    return post


async def recommended(scene: Scenario, thread: str, who: str, post: str) -> None:
    (panel,) = await scene.interact(who, "message", thread, name="My post…", target_id=post)
    (button,) = panel["message"]["components"][0]["components"]
    await scene.interact(
        who, "component", thread, target_id=panel["message"]["id"], custom_id=button["custom_id"]
    )


# --- what is seen ----------------------------------------------------------------------------------------

# What says nothing when it is like this; anything else, and any field not named here, gets into the transcript.
DULL: dict[str, Any] = {
    "type": 0,
    "content": "",
    "flags": 0,
    "tts": False,
    "pinned": False,
    "mention_everyone": False,
    "mentions": [],
    "mention_roles": [],
    "attachments": [],
    "embeds": [],
    "components": [],
    "reactions": [],
    "edited": False,
}
OWN = ("id", "channel_id", "timestamp", "edited_timestamp", "author", "position", "nonce")
OURS = ("webhook_id", "application_id")


def transcript(messages: list[dict[str, Any]], people: dict[str, str]) -> list[dict[str, Any]]:
    """All that is seen of the posts, with what differs from one play to the next replaced by names."""
    thread = messages[0]["channel_id"]
    assert {one["channel_id"] for one in messages} == {thread}
    place = {one["id"]: f"#{number}" for number, one in enumerate(messages, 1)}

    def linked(match: re.Match[str]) -> str:
        moment, between, post = match.groups()
        posted = ((int(post) >> 22) + 1_420_070_400_000) // 1000  # docs reference §Snowflakes
        shown = place.get(post, post)
        return f"<t:{shown if int(moment) == posted else moment}:R>{between}[view post]({shown})"

    address = rf"https://discord\.com/channels/{GUILD}/{thread}/(\d+)"
    said = json.dumps([shown(message) for message in messages], ensure_ascii=False)
    said = re.sub(rf"<t:(\d+):R>(:? )\[view post\]\({address}\)", linked, said)
    said = re.sub(r"<@(\d+)>", lambda match: f"<@{people.get(match[1], match[1])}>", said)
    found: list[dict[str, Any]] = json.loads(said)
    return found


def shown(message: dict[str, Any]) -> dict[str, Any]:
    author = message["author"]
    name = author["global_name"] or author["username"]
    told = {key: value for key, value in message.items() if key not in OWN}
    if message.get("webhook_id"):
        assert author["id"] == message["webhook_id"]
        told = {key: value for key, value in told.items() if key not in OURS}
        name += ", through the webhook"
    elif author.get("bot"):
        name += ", a bot"
    told["edited"] = message["edited_timestamp"] is not None
    told["components"] = [line for each in message["components"] for line in drawn(each)]
    told["reactions"] = [
        f"{each['emoji']['name']} {each['count']}{', mine' if each['me'] else ''}"
        for each in message.get("reactions", ())
    ]
    return {"by": name} | {key: value for key, value in told.items() if DULL.get(key) != value}


def drawn(component: dict[str, Any]) -> list[str]:
    """A component and what is in it, a line each (docs components/reference §Component Types)."""
    match component["type"]:
        case 1 | 17:
            return [line for each in component["components"] for line in drawn(each)]
        case 2:
            url = component.get("url")
            return [f"button: {component['label']}{f' -> {url}' if url else ''}"]
        case 10:
            return [component["content"]]
        case 12:
            return [f"picture: {each['media']['url']}" for each in component["items"]]
        case 14:
            return ["----"]
    return [str(component)]
