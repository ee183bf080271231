"""Quotes end to end: members at the local Discord, the real bot on real sockets."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.model import QuoteMode
from bot.settings.keys import ReactionsKeys
from tests.scenario import FORUM, GUILD, HEADLINES, MOD_LOG, Scenario, texts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.slow

BOB = "1300000000000003002"
REMOVED = "> [quoted post was removed]"


@pytest.fixture
async def thread(scene: Scenario) -> AsyncIterator[str]:
    """A news thread with the bot at work."""
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")
    async with scene.bot():
        yield (await scene.until_names("A bridge is opened"))[0]["id"]


def said(messages: list[dict[str, Any]], name: str, words: str) -> dict[str, Any] | None:
    """The post by this name that holds these words."""
    return next(
        (one for one in messages if one["author"]["username"] == name and words in one["content"]), None
    )


async def reposted(scene: Scenario, thread: str, name: str, words: str) -> dict[str, Any]:
    """Wait for a post that the bot made under a member's name."""
    found: dict[str, Any] = await scene.until_content(
        thread,
        lambda messages: next(
            (
                one
                for one in messages
                if one.get("webhook_id") and one["author"]["username"] == name and words in one["content"]
            ),
            None,
        ),
    )
    return found


def quote_of(message: dict[str, Any], name: str, words: str) -> str:
    """A quoting post's beginning as a pattern."""
    moment = r"<t:\d+:R>"
    link = re.escape(f"https://discord.com/channels/{GUILD}/{message['channel_id']}/{message['id']}")
    quoted = "\n".join(f"> {re.escape(line)}" for line in words.split("\n"))
    return rf"> \*\*{name}\*\* said {moment}: \[view post\]\({link}\)\n{quoted}\n"


async def test_a_reply_becomes_a_quote(scene: Scenario, thread: str) -> None:
    """Alice answers Bob: the thread shows, under her name, who said what and when, and her answer, once."""
    bob = await scene.post("bob", thread, "It is the longest in the country.")
    native = await scene.post("alice", thread, "And the most expensive.", reply_to=bob["id"])

    post = await reposted(scene, thread, "Alice", "most expensive")

    pattern = quote_of(bob, "Bob", "It is the longest in the country.") + re.escape("And the most expensive.")
    assert re.fullmatch(pattern, post["content"])
    await scene.until_content(
        thread, lambda messages: all(message["id"] != native["id"] for message in messages)
    )


async def test_quotes_follow_and_are_redacted(scene: Scenario, thread: str) -> None:
    """Bob edits, the quote follows; Bob deletes, and his words are gone from it."""
    bob = await scene.post("bob", thread, "It cost ten millions.")
    await scene.post("alice", thread, "Really?", reply_to=bob["id"])
    await reposted(scene, thread, "Alice", "ten millions")

    path = f"/local/as/bob/channels/{thread}/messages/{bob['id']}"
    await scene.call("PATCH", path, {"content": "It cost twelve millions."})
    await reposted(scene, thread, "Alice", "> It cost twelve millions.\nReally?")
    await scene.call("DELETE", path)

    await scene.until_content(thread, lambda messages: said(messages, "Alice", f"{REMOVED}\nReally?"))


async def test_nested_quotes_are_dropped(scene: Scenario, thread: str) -> None:
    """Quoting a quoting post takes its author's own words, under the true author's name."""
    bob = await scene.post("bob", thread, "First words.")
    await scene.post("alice", thread, "Second words.", reply_to=bob["id"])
    second = await reposted(scene, thread, "Alice", "Second words.")

    await scene.post("mia", thread, "Third words.", reply_to=second["id"])

    third = await reposted(scene, thread, "Mia", "Third words.")
    assert re.fullmatch(quote_of(second, "Alice", "Second words.") + "Third words.", third["content"])


async def test_a_companion_stands_below_the_reply(scene: Scenario) -> None:
    """In the mode companion the native reply stays, and the bot adds the quote below it."""
    scene.watch("/scene.rss", quotes=QuoteMode.COMPANION)
    scene.paper.publish("/scene.rss", "A bridge is opened")
    async with scene.bot():
        thread = (await scene.until_names("A bridge is opened"))[0]["id"]
        bob = await scene.post("bob", thread, "Good news.")
        native = await scene.post("alice", thread, "Indeed.", reply_to=bob["id"])

        def companion(messages: list[dict[str, Any]]) -> Any:
            return next((one for one in messages if one["embeds"]), None)

        quoting = await scene.until_content(thread, companion)
        assert quoting["message_reference"]["message_id"] == native["id"]
        assert quoting["embeds"][0]["description"].endswith("> Good news.")
        await scene.call("DELETE", f"/local/as/bob/channels/{thread}/messages/{bob['id']}")
        await scene.until_content(
            thread, lambda messages: companion(messages)["embeds"][0]["description"] == REMOVED
        )
        await scene.call("DELETE", f"/local/as/alice/channels/{thread}/messages/{native['id']}")
        await scene.until_content(thread, lambda messages: companion(messages) is None)


async def test_without_permission_the_next_mode(scene: Scenario, thread: str) -> None:
    """A bot that may not manage webhooks falls to the companion, and tells the moderators once."""
    roles = (await scene.call("GET", "/local/state"))["roles"]
    role = next(role for role in roles if role["name"] == "Newsthread")
    await scene.call(
        "PATCH", f"/local/roles/{role['id']}", {"permissions": str(int(role["permissions"]) & ~(1 << 29))}
    )
    for number in range(2):
        bob = await scene.post("bob", thread, f"Statement {number}.")
        await scene.post("alice", thread, f"Answer {number}.", reply_to=bob["id"])
        await scene.until_content(
            thread, lambda messages, count=number + 1: sum(bool(one["embeds"]) for one in messages) == count
        )

    log = [texts(message) for message in await scene.messages(MOD_LOG)]
    assert [("Manage Webhooks" in text) for text in log] == [True]


async def test_a_member_may_want_no_quotes(scene: Scenario, thread: str) -> None:
    """After /quotes off a member's replies stay as they are; /quotes repost brings the quotes back."""
    bob = await scene.post("bob", thread, "Good news.")
    await scene.interact("alice", "slash", thread, name="quotes off")
    kept = await scene.post("alice", thread, "Left alone.", reply_to=bob["id"])
    await scene.until_seen(kept["id"])
    await scene.interact("alice", "slash", thread, name="quotes repost")
    await scene.post("alice", thread, "Made a quote.", reply_to=bob["id"])

    await reposted(scene, thread, "Alice", "Made a quote.")

    assert [one["id"] for one in await scene.messages(thread) if one["content"] == "Left alone."] == [
        kept["id"]
    ]


async def test_a_quote_typed_into_a_form(scene: Scenario, thread: str) -> None:
    """Quote… offers the post's words, which may be shortened but not changed."""
    bob = await scene.post("bob", thread, "It is long. It is high. It is red.")
    (form,) = await scene.interact("alice", "message", thread, name="Quote…", target_id=bob["id"])
    words, answer = (label["component"]["custom_id"] for label in form["data"]["components"])
    custom_id = form["data"]["custom_id"]

    refused = await scene.interact(
        "alice", "modal", thread, custom_id=custom_id, fields={words: "It is blue.", answer: "No."}
    )
    assert "shortened but not changed" in str(refused) and "No." in str(refused)
    (form,) = await scene.interact("alice", "message", thread, name="Quote…", target_id=bob["id"])
    words, answer = (label["component"]["custom_id"] for label in form["data"]["components"])
    await scene.interact(
        "alice",
        "modal",
        thread,
        custom_id=form["data"]["custom_id"],
        fields={words: "It is high.", answer: "How high?"},
    )

    post = await reposted(scene, thread, "Alice", "How high?")
    assert re.fullmatch(quote_of(bob, "Bob", "It is high.") + re.escape("How high?"), post["content"])


async def test_several_posts_in_one_answer(scene: Scenario, thread: str) -> None:
    """Three posts of three people are quoted in the order chosen; the basket survives a restart."""
    posts = [await scene.post(who, thread, f"Words of {who}.") for who in ("bob", "mia", "ada")]
    for post in reversed(posts):
        await scene.interact("alice", "message", thread, name="Add to multi-quote", target_id=post["id"])
    (form,) = await scene.interact("alice", "slash", thread, name="quotes reply")
    answer = form["data"]["components"][-1]["component"]["custom_id"]
    await scene.interact(
        "alice", "modal", thread, custom_id=form["data"]["custom_id"], fields={answer: "To you all."}
    )

    post = await reposted(scene, thread, "Alice", "To you all.")

    parts = [
        quote_of(one, name, f"Words of {name.lower()}.")
        for one, name in zip(reversed(posts), ("Ada", "Mia", "Bob"), strict=True)
    ]
    assert re.fullmatch("\n".join(parts) + re.escape("To you all."), post["content"])


async def test_a_button_for_an_empty_choice(scene: Scenario, thread: str) -> None:
    """Reply with quotes, pressed after the choice was cleared elsewhere, says so instead of nothing."""
    bob = await scene.post("bob", thread, "Good news.")
    (chosen,) = await scene.interact(
        "alice", "message", thread, name="Add to multi-quote", target_id=bob["id"]
    )
    await scene.interact("alice", "slash", thread, name="quotes clear")
    button = chosen["message"]["components"][0]["components"][0]["custom_id"]

    (answer,) = await scene.interact(
        "alice", "component", thread, target_id=chosen["message"]["id"], custom_id=button
    )

    assert "No posts are chosen" in texts(answer["message"])


async def test_a_reposted_message_remains_its_authors(scene: Scenario, thread: str) -> None:
    """Its author edits and deletes it through My post…; nobody else can; moderators see whose it is."""
    bob = await scene.post("bob", thread, "Good news.")
    await scene.post("alice", thread, "Inded.", reply_to=bob["id"])
    post = await reposted(scene, thread, "Alice", "Inded.")

    (denied,) = await scene.interact("bob", "message", thread, name="My post…", target_id=post["id"])
    assert "somebody else's" in texts(denied["message"])
    (who,) = await scene.interact("mia", "message", thread, name="My post…", target_id=post["id"])
    assert "<@1300000000000003001>" in texts(who["message"])

    (panel,) = await scene.interact("alice", "message", thread, name="My post…", target_id=post["id"])
    edit, delete = (button["custom_id"] for button in panel["message"]["components"][0]["components"])
    (form,) = await scene.interact(
        "alice", "component", thread, target_id=panel["message"]["id"], custom_id=edit
    )
    field = form["data"]["components"][0]["component"]["custom_id"]
    await scene.interact(
        "alice", "modal", thread, custom_id=form["data"]["custom_id"], fields={field: "Indeed."}
    )
    await reposted(scene, thread, "Alice", "> Good news.\nIndeed.")
    await scene.interact("alice", "component", thread, target_id=panel["message"]["id"], custom_id=delete)
    await scene.until_content(thread, lambda messages: said(messages, "Alice", "") is None)


async def test_what_was_missed_while_away(scene: Scenario) -> None:
    """A start finds the replies, edits and deletions that happened meanwhile, and repeats nothing."""
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")
    async with scene.bot():
        thread = (await scene.until_names("A bridge is opened"))[0]["id"]
        edited = await scene.post("bob", thread, "Old words.")
        await scene.post("alice", thread, "One.", reply_to=edited["id"])
        deleted = await scene.post("bob", thread, "Regretted words.")
        await scene.post("alice", thread, "Two.", reply_to=deleted["id"])
        await reposted(scene, thread, "Alice", "One.")
        await reposted(scene, thread, "Alice", "Two.")
    path = f"/local/as/bob/channels/{thread}/messages"
    await scene.call("PATCH", f"{path}/{edited['id']}", {"content": "New words."})
    await scene.call("DELETE", f"{path}/{deleted['id']}")
    await scene.post("alice", thread, "Three.", reply_to=edited["id"])

    async with scene.bot():
        await reposted(scene, thread, "Alice", "> New words.\nOne.")
        await reposted(scene, thread, "Alice", f"{REMOVED}\nTwo.")
        await reposted(scene, thread, "Alice", "> New words.\nThree.")
        for words in ("One.", "Two.", "Three."):
            await scene.until_content(
                thread,
                lambda messages, words=words: sum(words in one["content"] for one in messages) == 1,
            )


@pytest.mark.parametrize("channel", [FORUM, HEADLINES])
async def test_a_quote_of_the_article_follows_its_correction(scene: Scenario, channel: int) -> None:
    """Counts on the opening post leave it alone; a corrected article is quoted as it reads now."""
    scene.watch("/world.rss", channel)
    scene.reactions = ReactionsKeys(line_interval=timedelta(seconds=5))
    item = scene.paper.publish(
        "/world.rss", "A bridge is opened", description="<p>It is ten metres long.</p>"
    )
    async with scene.bot(), scene.hurried():
        thread = (await scene.until_names("A bridge is opened", channel=channel))[0]["id"]
        place = thread if channel == FORUM else channel
        (form,) = await scene.interact("alice", "message", place, name="Quote…", target_id=thread)
        parts, answer = (label["component"]["custom_id"] for label in form["data"]["components"])
        await scene.interact(
            "alice",
            "modal",
            place,
            custom_id=form["data"]["custom_id"],
            fields={parts: ["0"], answer: "So short?"},
        )
        await reposted(scene, thread, "Alice", "> It is ten metres long.\nSo short?")

        item["description"] = "<p>It is ten kilometres long.</p>"
        await reposted(scene, thread, "Alice", "> It is ten kilometres long.\nSo short?")
        await scene.react("bob", place, thread, "👍")

        await scene.until_content(
            place, lambda messages: any("Thumbs Up 1" in texts(message) for message in messages)
        )
        await reposted(scene, thread, "Alice", "> It is ten kilometres long.\nSo short?")
