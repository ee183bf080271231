"""Quotes of what can't be quoted, by who may not, and of what is odd: each has its outcome and its sentence."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import pytest

from bot.settings.keys import QuotesKeys
from tests.e2e.test_quotes import REMOVED, quote_of, reposted, said
from tests.scenario import FORUM, GUILD, HEADLINES, MOD_LOG, Scenario, texts, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.slow

ALICE, BOB, MIA = (1300000000000003001, 1300000000000003002, 1300000000000003003)
MODERATORS = 1300000000000004001
STICKER = "1300000000000007001"
SEND_IN_THREADS, MENTION_EVERYONE, EMBED_LINKS = 1 << 38, 1 << 17, 1 << 14


@pytest.fixture
async def thread(scene: Scenario) -> AsyncIterator[str]:
    """A news thread with the bot at work."""
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")
    async with scene.bot():
        yield (await scene.until_names("A bridge is opened"))[0]["id"]


async def quote_form(scene: Scenario, who: str, thread: str, target: str) -> tuple[str, str, str]:
    """Opens Quote…: the form's id, and those of its fields for what is quoted and for the answer."""
    (form,) = await scene.interact(who, "message", thread, name="Quote…", target_id=target)
    assert form["type"] == 9, form
    quoted, answer = (label["component"]["custom_id"] for label in form["data"]["components"])
    return form["data"]["custom_id"], quoted, answer


async def send(scene: Scenario, who: str, thread: str, form: tuple[str, str, str], words: str) -> str:
    """Sends the form with an answer; what the member is told, "" when it went out."""
    responses = await scene.interact(who, "modal", thread, custom_id=form[0], fields={form[2]: words})
    return "\n".join(texts(each["message"]) for each in responses if "message" in each)


async def told(scene: Scenario, who: str, thread: str, target: str, menu: str = "Quote…") -> str:
    """What a member is told who uses a menu."""
    (answer,) = await scene.interact(who, "message", thread, name=menu, target_id=target)
    return texts(answer["message"])


async def companion(scene: Scenario, thread: str, native: dict[str, Any]) -> dict[str, Any]:
    """Wait for the bot's quote below a reply, which stays."""
    found: dict[str, Any] = await scene.until_content(
        thread,
        lambda messages: next(
            (
                one
                for one in messages
                if one["embeds"] and (one.get("message_reference") or {}).get("message_id") == native["id"]
            ),
            None,
        ),
    )
    assert any(one["id"] == native["id"] for one in await scene.messages(thread))
    return found


# --- what is quoted ------------------------------------------------------------------------------------


async def test_a_vanished_post(scene: Scenario, thread: str) -> None:
    """Deleted while the form is open: its author is told, and has their words back."""
    bob = await scene.post("bob", thread, "Regretted.")
    form = await quote_form(scene, "alice", thread, bob["id"])
    await scene.call("DELETE", f"/local/as/bob/channels/{thread}/messages/{bob['id']}")

    answer = await send(scene, "alice", thread, form, "I saw that.")

    assert "is gone" in answer
    assert "I saw that." in answer


async def test_a_post_that_vanishes_from_the_basket(scene: Scenario, thread: str) -> None:
    """A deleted post leaves the basket; what stays is answered, and an empty one is told so."""
    one, two = [await scene.post("bob", thread, words) for words in ("Regretted.", "Kept.")]
    for post in (one, two):
        await told(scene, "alice", thread, post["id"], "Add to multi-quote")
    path = f"/local/as/bob/channels/{thread}/messages"
    await scene.call("DELETE", f"{path}/{one['id']}")
    mark = await scene.post("bob", thread, "Mark.")
    await scene.until_seen(mark["id"])
    (form,) = await scene.interact("alice", "slash", thread, name="quotes reply")
    assert "Kept." in str(form) and "Regretted." not in str(form)
    await scene.call("DELETE", f"{path}/{two['id']}")
    await scene.until_seen((await scene.post("bob", thread, "Mark."))["id"])

    (answer,) = await scene.interact("alice", "slash", thread, name="quotes reply")

    assert "No posts are chosen" in texts(answer["message"])


async def test_what_discord_wrote_itself(scene: Scenario) -> None:
    """The note above a text channel's thread, and one in the channel, are answered with a sentence."""
    scene.watch("/scene.rss", HEADLINES)
    scene.paper.publish("/scene.rss", "A bridge is opened")
    async with scene.bot():
        thread = (await scene.until_names("A bridge is opened", channel=HEADLINES))[0]["id"]
        above = next(one for one in await scene.messages(thread) if one["type"] == 21)
        assert "no words of its own" in await told(scene, "alice", thread, above["id"])
        await scene.call("POST", f"/local/as/bob/channels/{HEADLINES}/threads", {"name": "Chat"})
        note = next(one for one in await scene.messages(HEADLINES) if one["type"] == 18)
        for menu in ("Quote…", "Add to multi-quote", "My post…"):
            assert "news threads only" in await told(scene, "alice", str(HEADLINES), note["id"], menu)


async def test_only_a_sticker(scene: Scenario, thread: str) -> None:
    """A sticker is quoted by its name; a reply that is one is kept beside its quote, since webhooks have none."""
    bob = await scene.call(
        "POST", f"/local/as/bob/channels/{thread}/messages", {"content": "", "stickers": [STICKER]}
    )
    await scene.post("alice", thread, "Thanks.", reply_to=bob["id"])
    post = await reposted(scene, thread, "Alice", "Thanks.")
    assert re.fullmatch(quote_of(bob, "Bob", "[sticker: Well said]") + re.escape("Thanks."), post["content"])

    native = await scene.call(
        "POST",
        f"/local/as/alice/channels/{thread}/messages",
        {"content": "", "stickers": [STICKER], "reply_to": bob["id"]},
    )
    assert "[sticker: Well said]" in (await companion(scene, thread, native))["embeds"][0]["description"]


async def test_a_forwarded_post(scene: Scenario, thread: str) -> None:
    """Forwarded words are quoted where every reader of the thread may see where they are from, and nowhere else."""
    public = await scene.post("bob", HEADLINES, "Seen by all.")
    secret = await scene.post("mia", MOD_LOG, "For moderators.")
    for origin, channel, who in ((public, HEADLINES, "bob"), (secret, MOD_LOG, "mia")):
        forwarded = await scene.call(
            "POST",
            f"/local/as/{who}/channels/{thread}/messages",
            {"forward": {"channel_id": str(channel), "message_id": origin["id"]}},
        )
        native = await scene.post("alice", thread, f"About {who}.", reply_to=forwarded["id"])
        if channel == HEADLINES:
            post = await reposted(scene, thread, "Alice", "About bob.")
            assert "> Seen by all." in post["content"]
        else:
            assert "no words of its own" in await told(scene, "alice", thread, forwarded["id"])
            await scene.until_seen(native["id"])
    assert "For moderators" not in str(
        [one["content"] for one in await scene.messages(thread) if one.get("webhook_id")]
    )


async def test_a_companion_stands_for_its_reply(scene: Scenario) -> None:
    """Quoting the bot's quote beside a reply quotes the reply, under its author's name in the server."""
    scene.watch("/scene.rss", quotes="companion")
    scene.paper.publish("/scene.rss", "A bridge is opened")
    await scene.call("PATCH", f"/local/members/{ALICE}", {"nick": "Alice *of* Harbour"})
    async with scene.bot():
        thread = (await scene.until_names("A bridge is opened"))[0]["id"]
        bob = await scene.post("bob", thread, "It is long.")
        native = await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
        beside = await companion(scene, thread, native)
        second = await scene.post("mia", thread, "Why?", reply_to=beside["id"])

        quoted = (await companion(scene, thread, second))["embeds"][0]["description"]
        assert quoted.startswith(r"> **Alice \*of\* Harbour** said")
        assert quoted.endswith("\n> Too long.")
        form = await quote_form(scene, "mia", thread, beside["id"])
        assert await send(scene, "mia", thread, form, "Say why.") == ""
        post = await reposted(scene, thread, "Mia", "Say why.")
        assert post["content"].startswith(r"> **Alice \*of\* Harbour** said")


# --- what is answered ----------------------------------------------------------------------------------


async def test_a_reply_of_4000_characters(scene: Scenario, thread: str) -> None:
    """What does not fit in a post with its quote stays whole, beside its quote."""
    await scene.call("PATCH", f"/local/members/{ALICE}", {"premium": True})
    bob = await scene.post("bob", thread, "Go on.")
    for length in (1990, 4000):
        native = await scene.post("alice", thread, "x" * length, reply_to=bob["id"])
        quoting = await companion(scene, thread, native)
        assert quoting["embeds"][0]["description"].endswith("> Go on.")
    assert not any(one.get("webhook_id") for one in await scene.messages(thread))


async def test_files_travel(scene: Scenario, thread: str) -> None:
    """A reply's files come along; they are named where the post with them is quoted."""
    bob = await scene.call(
        "POST",
        f"/local/as/bob/channels/{thread}/messages",
        {"content": "", "attachments": [{"filename": "map_1.txt", "text": "here"}]},
    )
    await scene.call(
        "POST",
        f"/local/as/alice/channels/{thread}/messages",
        {
            "content": "Mine.",
            "reply_to": bob["id"],
            "attachments": [
                {"filename": "plan.txt", "text": "there"},
                {"filename": "SPOILER_b.txt", "text": "b"},
            ],
        },
    )
    post = await reposted(scene, thread, "Alice", "Mine.")
    assert [file["filename"] for file in post["attachments"]] == ["plan.txt", "SPOILER_b.txt"]
    assert "map" in post["content"].split("\n")[1]
    await scene.until_content(thread, lambda messages: not any(one["content"] == "Mine." for one in messages))
    path = f"/local/as/bob/channels/{thread}/messages/{bob['id']}"
    await scene.call("DELETE", path)
    redacted = await reposted(scene, thread, "Alice", f"{REMOVED}\nMine.")
    assert len(redacted["attachments"]) == 2


async def test_files_too_large(scene: Scenario, thread: str) -> None:
    """Files that can't be posted anew leave the reply where it is, beside its quote."""
    bob = await scene.post("bob", thread, "Show me.")
    await scene.fault(method="POST", path=r"/webhooks/\d+/", status=413, code=40005)
    native = await scene.call(
        "POST",
        f"/local/as/alice/channels/{thread}/messages",
        {
            "content": "Here.",
            "reply_to": bob["id"],
            "attachments": [{"filename": "film.txt", "text": "film"}],
        },
    )
    await companion(scene, thread, native)
    assert not any(one.get("webhook_id") for one in await scene.messages(thread))


async def test_an_answer_too_long_for_its_quotes(scene: Scenario, thread: str) -> None:
    """A typed answer that leaves no room for who is quoted is given back with a sentence."""
    bob = await scene.post("bob", thread, "Go on.")
    form = await quote_form(scene, "alice", thread, bob["id"])
    answer = await send(scene, "alice", thread, form, "x" * 1995)
    assert "shorten it" in answer
    assert "xxx" in answer


async def test_an_emoji_that_no_longer_exists(scene: Scenario, thread: str) -> None:
    """It is text like any other, in quotes and answers."""
    await scene.call("DELETE", "/local/emojis/1300000000000006001")
    gone = "<:factcheck:1300000000000006001>"
    bob = await scene.post("bob", thread, f"Wrong {gone}")
    await scene.post("alice", thread, f"Right {gone}", reply_to=bob["id"])
    post = await reposted(scene, thread, "Alice", "Right")
    assert "Wrong" in post["content"]
    form = await quote_form(scene, "mia", thread, bob["id"])
    assert await send(scene, "mia", thread, form, f"Neither {gone}") == ""
    await reposted(scene, thread, "Mia", "Neither")


@pytest.mark.parametrize("way", ["reply", "form"])
async def test_who_is_pinged(scene: Scenario, thread: str, way: str) -> None:
    """Members whom the answer mentions, roles that its author may mention; never @everyone, and nobody by a quote."""
    bob = await scene.post("bob", thread, f"Ask <@{MIA}> @everyone")
    answer = f"You, <@{BOB}>, <@&{MODERATORS}>, @everyone, `<@{MIA}>` <@&{GUILD}>"
    if way == "reply":
        await scene.post("alice", thread, answer, reply_to=bob["id"])
    else:
        form = await quote_form(scene, "alice", thread, bob["id"])
        assert await send(scene, "alice", thread, form, answer) == ""

    post = await reposted(scene, thread, "Alice", "You,")

    assert [user["id"] for user in post["mentions"]] == [str(BOB)]
    assert post["mention_roles"] == [str(MODERATORS)]
    assert post["mention_everyone"] is False
    (request,) = [one for one in await scene.requests("POST", "/webhooks/") if "You," in str(one["body"])]
    allowed = request["body"]["allowed_mentions"]
    assert allowed.get("parse", []) == []
    assert (allowed["users"], allowed["roles"]) == ([BOB], [MODERATORS])


@pytest.mark.parametrize(
    ("nick", "shown", "quoted"),
    [
        ("*Al_ice* `x` > # [a](b)", "*Al_ice* `x` > # [a](b)", None),
        ("Discord Clyde", "D\u200aiscord C\u200alyde", "Discord Clyde"),
        ("everyone", "e\u200averyone", "everyone"),
        ("W" * 32, "W" * 32, "W" * 32),
    ],
)
async def test_odd_names(scene: Scenario, thread: str, nick: str, shown: str, quoted: str | None) -> None:
    """A name that Discord refuses to a webhook reads the same above the post; in quotes it is what it is."""
    await scene.call("PATCH", f"/local/members/{ALICE}", {"nick": nick})
    bob = await scene.post("bob", thread, "Who?")
    await scene.post("alice", thread, "Me.", reply_to=bob["id"])
    post = await reposted(scene, thread, shown, "Me.")
    await scene.post("mia", thread, "Oh.", reply_to=post["id"])
    nested = await reposted(scene, thread, "Mia", "Oh.")
    first = nested["content"].split("\n")[0]
    if quoted is not None:
        assert first.startswith(f"> **{quoted}** said")
    assert first.count("**") == 2 or "\\*" in first
    assert nested["content"].split("\n")[1:] == ["> Me.", "Oh."]


# --- who may not ---------------------------------------------------------------------------------------


async def test_without_permission_to_post(scene: Scenario, thread: str) -> None:
    """Who may no longer post when the form is sent gets their words back."""
    bob = await scene.post("bob", thread, "It is long.")
    form = await quote_form(scene, "alice", thread, bob["id"])
    overwrite = {"id": str(GUILD), "type": 0, "allow": "0", "deny": str(SEND_IN_THREADS)}
    await scene.call("PATCH", f"/local/channels/{FORUM}", {"permission_overwrites": [overwrite]})

    answer = await send(scene, "alice", thread, form, "Too long.")

    assert "may not post" in answer
    assert "Too long." in answer


async def test_a_locked_thread(scene: Scenario, thread: str) -> None:
    """What is typed into a form can't be posted where its author could not write."""
    bob = await scene.post("bob", thread, "It is long.")
    form = await quote_form(scene, "alice", thread, bob["id"])
    await scene.call("PATCH", f"/local/as/ada/channels/{thread}", {"locked": True})
    await scene.until_seen(bob["id"])

    assert "may not post" in await send(scene, "alice", thread, form, "Too long.")


async def test_slow_mode(scene: Scenario, thread: str) -> None:
    """Forms wait as members' own messages do."""
    bob = await scene.post("bob", thread, "It is long.")
    await scene.call("PATCH", f"/local/channels/{thread}", {"rate_limit_per_user": 3600})
    form = await quote_form(scene, "alice", thread, bob["id"])
    assert await send(scene, "alice", thread, form, "First.") == ""
    await reposted(scene, thread, "Alice", "First.")
    form = await quote_form(scene, "alice", thread, bob["id"])

    answer = await send(scene, "alice", thread, form, "Second.")

    assert "slow mode" in answer
    assert "Second." in answer


async def test_links_without_embed_links(scene: Scenario, thread: str) -> None:
    """Who may not show previews shows none through the bot."""
    overwrite = {"id": str(GUILD), "type": 0, "allow": "0", "deny": str(EMBED_LINKS)}
    await scene.call("PATCH", f"/local/channels/{FORUM}", {"permission_overwrites": [overwrite]})
    bob = await scene.post("bob", thread, "Where?")
    form = await quote_form(scene, "alice", thread, bob["id"])
    assert await send(scene, "alice", thread, form, "At https://harbour.example/map") == ""
    post = await reposted(scene, thread, "Alice", "At ")
    assert "At <https://harbour.example/map>" in post["content"]
    assert post["flags"] & 4


async def test_answers_typed_nowhere(scene: Scenario) -> None:
    """With typed = false every way to type an answer says to use Discord's own Reply, which becomes a quote."""
    scene.quotes = QuotesKeys(typed=False)
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")
    async with scene.bot():
        thread = (await scene.until_names("A bridge is opened"))[0]["id"]
        bob = await scene.post("bob", thread, "It is long.")
        for menu in ("Quote…", "Add to multi-quote"):
            assert "Discord's own Reply" in await told(scene, "alice", thread, bob["id"], menu)
        (answer,) = await scene.interact("alice", "slash", thread, name="quotes reply")
        assert "Discord's own Reply" in texts(answer["message"])
        await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
        await reposted(scene, thread, "Alice", "Too long.")


# --- twice ---------------------------------------------------------------------------------------------


async def test_a_form_sent_twice(scene: Scenario, thread: str) -> None:
    """Sent again because no answer came in time, a form is one post."""
    bob = await scene.post("bob", thread, "It is long.")
    form = await quote_form(scene, "alice", thread, bob["id"])
    await scene.fault(method="POST", path=r"/interactions/\d+/", delay=3.2)
    order = {"kind": "modal", "channel_id": thread, "custom_id": form[0], "fields": {form[2]: "Too long."}}
    with pytest.raises(AssertionError, match="did not respond"):
        await scene.call("POST", "/local/as/alice/interactions", order)
    assert await send(scene, "alice", thread, form, "Too long.") == ""

    async def refused() -> bool:
        return any(one["status"] == 404 for one in await scene.requests("POST", "/interactions/"))

    await until(refused)
    await scene.post("bob", thread, "Mark.", reply_to=bob["id"])
    await reposted(scene, thread, "Bob", "Mark.")
    assert sum("Too long." in one["content"] for one in await scene.messages(thread)) == 1


async def test_two_clicks_on_one_button(scene: Scenario, thread: str) -> None:
    """A post is deleted once, and each click is answered."""
    bob = await scene.post("bob", thread, "It is long.")
    await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
    post = await reposted(scene, thread, "Alice", "Too long.")
    (panel,) = await scene.interact("alice", "message", thread, name="My post…", target_id=post["id"])
    _, delete = (button["custom_id"] for button in panel["message"]["components"][0]["components"])
    click = {"target_id": panel["message"]["id"], "custom_id": delete}
    answers = await asyncio.gather(
        *(scene.interact("alice", "component", thread, **click) for _ in range(2)), return_exceptions=True
    )
    # The first answer takes the button away; Discord may have taken the second click before.
    told = [str(each) for each in answers]
    assert all("is deleted" in each or "no component" in each or "is gone" in each for each in told), told
    await scene.until_content(thread, lambda messages: said(messages, "Alice", "Too long.") is None)
    assert len([one for one in await scene.requests("DELETE", post["id"]) if one["status"] == 204]) == 1


async def test_two_forms_for_one_basket(scene: Scenario, thread: str) -> None:
    """Reply with quotes pressed twice: the first form posts, whoever sends the second has their words back."""
    bob = await scene.post("bob", thread, "It is long.")
    (chosen,) = await scene.interact(
        "alice", "message", thread, name="Add to multi-quote", target_id=bob["id"]
    )
    reply, _ = (button["custom_id"] for button in chosen["message"]["components"][0]["components"])
    forms = [
        (
            await scene.interact(
                "alice", "component", thread, target_id=chosen["message"]["id"], custom_id=reply
            )
        )[0]["data"]
        for _ in range(2)
    ]
    orders = [
        {
            "kind": "modal",
            "channel_id": thread,
            "custom_id": form["custom_id"],
            "fields": {form["components"][-1]["component"]["custom_id"]: "Answer."},
        }
        for form in forms
    ]
    await asyncio.gather(*(scene.call("POST", "/local/as/alice/interactions", order) for order in orders))

    await reposted(scene, thread, "Alice", "Answer.")

    async def given_back() -> list[str]:
        shown = await scene.call("GET", f"/local/channels/{thread}/messages?as=alice")
        return [one["content"] for one in shown if "No posts are chosen" in one["content"]]

    (mine,) = await until(given_back)
    await scene.post("bob", thread, "Mark.", reply_to=bob["id"])
    await reposted(scene, thread, "Bob", "Mark.")
    assert "Answer." in mine
    assert sum("Answer." in one["content"] for one in await scene.messages(thread)) == 1


# --- other places and languages ------------------------------------------------------------------------


async def test_a_text_channels_thread(scene: Scenario) -> None:
    """In a text channel the article stands above its thread: quoting it answers in the thread."""
    scene.watch("/scene.rss", HEADLINES)
    scene.paper.publish("/scene.rss", "A bridge is opened")
    async with scene.bot():
        thread = (await scene.until_names("A bridge is opened", channel=HEADLINES))[0]["id"]
        opening = next(one for one in await scene.messages(HEADLINES) if one["components"])
        bob = await scene.post("bob", thread, "It is long.")
        await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
        post = await reposted(scene, thread, "Alice", "Too long.")
        assert re.fullmatch(quote_of(bob, "Bob", "It is long.") + re.escape("Too long."), post["content"])

        (form,) = await scene.interact("mia", "message", HEADLINES, name="Quote…", target_id=opening["id"])
        parts, answer = (label["component"] for label in form["data"]["components"])
        assert "What is known about" in parts["options"][0]["label"]
        await scene.interact(
            "mia",
            "modal",
            HEADLINES,
            custom_id=form["data"]["custom_id"],
            fields={answer["custom_id"]: "Ah."},
        )
        post = await reposted(scene, thread, "Mia", "Ah.")
        assert f"/{HEADLINES}/{opening['id']})" in post["content"]


async def test_the_articles_paragraphs(scene: Scenario, thread: str) -> None:
    """Quote… on the opening post offers paragraphs; a reply to it quotes the first."""
    item = scene.paper.items["/scene.rss"][0]
    item["description"] = "<p>First paragraph.</p><p>Second paragraph.</p><p>Third paragraph.</p>"
    await scene.until_content(thread, lambda messages: "Second" in texts(messages[0]))
    (form,) = await scene.interact("alice", "message", thread, name="Quote…", target_id=thread)
    parts, answer = (label["component"] for label in form["data"]["components"])
    assert [option["label"] for option in parts["options"]] == [
        "First paragraph.",
        "Second paragraph.",
        "Third paragraph.",
    ]
    await scene.interact(
        "alice",
        "modal",
        thread,
        custom_id=form["data"]["custom_id"],
        fields={parts["custom_id"]: ["0", "2"], answer["custom_id"]: "And the second?"},
    )
    post = await reposted(scene, thread, "Alice", "And the second?")
    assert "> First paragraph.\n> \n> Third paragraph.\n" in post["content"]
    await scene.post("bob", thread, "Well.", reply_to=thread)
    assert "> First paragraph.\nWell." in (await reposted(scene, thread, "Bob", "Well."))["content"]


async def test_who_quoted_a_post(scene: Scenario, thread: str) -> None:
    """Links of other servers are none of ours; what a member can't see is told to nobody."""
    bob = await scene.post("bob", thread, "It is long.")
    await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
    await reposted(scene, thread, "Alice", "Too long.")

    async def of(post: str) -> str:
        (answer,) = await scene.interact("mia", "slash", thread, name="quotes of", options={"post": post})
        return texts(answer["message"])

    assert "no post of this server" in await of(f"https://discord.com/channels/1/{thread}/{bob['id']}")
    assert "no post of this server" in await of("nonsense")
    assert f"<@{ALICE}>" in await of(f"https://discord.com/channels/{GUILD}/{thread}/{bob['id']}")
    assert f"<@{ALICE}>" in await of(bob["id"])
    assert "Nobody has quoted" in await of(str(int(bob["id"]) + 1))


async def test_in_the_members_language(scene: Scenario, thread: str) -> None:
    """A German member is answered in German; the thread keeps the server's language."""
    await scene.call("PATCH", f"/local/members/{ALICE}", {"locale": "de"})
    bob = await scene.post("bob", thread, "It is long.")
    (off,) = await scene.interact("alice", "slash", thread, name="quotes off")
    assert "Zitat" in texts(off["message"])
    await scene.interact("alice", "slash", thread, name="quotes repost")
    (form,) = await scene.interact("alice", "message", thread, name="Quote…", target_id=bob["id"])
    assert "Antwort" in str(form["data"]["components"])
    await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
    assert " said <t:" in (await reposted(scene, thread, "Alice", "Too long."))["content"]


async def test_an_edit_that_is_declined(scene: Scenario, thread: str) -> None:
    """What can't be posted is given back, and the post stays as it was."""
    bob = await scene.post("bob", thread, "It is long.")
    await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
    post = await reposted(scene, thread, "Alice", "Too long.")
    (panel,) = await scene.interact("alice", "message", thread, name="My post…", target_id=post["id"])
    edit, _ = (button["custom_id"] for button in panel["message"]["components"][0]["components"])
    (form,) = await scene.interact(
        "alice", "component", thread, target_id=panel["message"]["id"], custom_id=edit
    )
    field = form["data"]["components"][0]["component"]["custom_id"]
    responses = await scene.interact(
        "alice", "modal", thread, custom_id=form["data"]["custom_id"], fields={field: "Much " * 399}
    )
    answer = "\n".join(texts(each["message"]) for each in responses)
    assert "shorten it" in answer
    assert "Much Much" in answer


async def test_a_reply_edited_before_it_is_replaced(scene: Scenario, thread: str) -> None:
    """What the author changes between the repost and the deletion of the reply is in the repost."""
    bob = await scene.post("bob", thread, "It is long.")
    await scene.fault(method="DELETE", path=r"/messages/\d+$", status=503)
    native = await scene.post("alice", thread, "Too lnog.", reply_to=bob["id"])
    await reposted(scene, thread, "Alice", "Too lnog.")
    path = f"/local/as/alice/channels/{thread}/messages/{native['id']}"
    await scene.call("PATCH", path, {"content": "Too long."})

    async with scene.hurried():
        await reposted(scene, thread, "Alice", "> It is long.\nToo long.")
        await scene.until_content(thread, lambda messages: all(one["id"] != native["id"] for one in messages))
