"""Removals of what can't be removed, by odd words, of people who can't be told: each has its outcome and its sentence."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from bot.settings.keys import DeliveryKeys, ModerationKeys
from tests.e2e.test_quotes import reposted
from tests.e2e.test_removal_faults import (
    as_bot,
    letters,
    notice_of,
    public,
    until_done,
    until_step,
    whole,
)
from tests.moderation.acting import fields_of, menu, notices, remove, slash, submit, until_says
from tests.scenario import FORUM, GUILD, HEADLINES, MOD_LOG, Scenario, texts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.slow

ALICE, BOB, MIA = (f"130000000000000300{n}" for n in (1, 2, 3))
MODERATORS = 1300000000000004001
TITLE = "A bridge is opened"
HOSTILE = (
    "mentioned @everyone @here <@1300000000000003001> <@&1300000000000004001> <#1300000000000002000> </remove:5> at"
    " discord.gg/abc https://evil.example [nice](https://evil.example) **loud** ~~gone~~ ||hid|| `code` > x\n"
    "# Big\n-# small\n```\nblock <t:0:R> <:factcheck:1300000000000006001> \u202e\u200b"
)


@pytest.fixture
async def thread(scene: Scenario) -> AsyncIterator[str]:
    """A news thread with the bot at work, in a forum and, of the same name, in a text channel."""
    scene.delivery = DeliveryKeys(send_deadline=timedelta(seconds=1), settle=timedelta(seconds=1))
    scene.moderation = ModerationKeys(log_channel_id=MOD_LOG, moderator_role_id=MODERATORS, ping_at=2)
    for path, channel in (("/forum.rss", FORUM), ("/text.rss", HEADLINES)):
        scene.watch(path, channel)
        scene.paper.publish(path, TITLE)
    async with scene.bot():
        await scene.until_names(TITLE, channel=HEADLINES)
        yield (await scene.until_names(TITLE))[0]["id"]


async def in_headlines(scene: Scenario) -> str:
    thread: str = (await scene.threads(HEADLINES))[0]["id"]
    return thread


def link(channel: str | int, post: str, guild: int = GUILD) -> str:
    return f"https://discord.com/channels/{guild}/{channel}/{post}"


# --- what is pointed at --------------------------------------------------------------------------------


async def test_where_a_post_stands(scene: Scenario, thread: str) -> None:
    """In a text channel's thread as in a forum's, named from anywhere by a link or an id, by the right place or not."""
    text = await in_headlines(scene)
    elsewhere = (await scene.post("bob", HEADLINES, "Not in a thread."))["id"]
    chat = await scene.call("POST", f"/local/as/bob/channels/{HEADLINES}/threads", {"name": "Chat"})
    chatted = (await scene.post("bob", chat["id"], "Not about news."))["id"]
    named = []
    for place in (thread, text):
        posts = [(await scene.post("bob", place, f"Bob {number}."))["id"] for number in range(3)]
        for post in posts:
            await scene.until_seen(post)
        named += [
            (place, posts[0], posts[0]),
            (place, posts[1], link(place, posts[1])),
            (place, posts[2], link(chat["id"], posts[2])),
        ]
    for post, refused in (
        (link(thread, named[0][1], GUILD + 1), "That is no post of this server"),
        (link(HEADLINES, elsewhere), "That is no post in a news thread."),
        (elsewhere, "That is no post in a news thread."),
        (link(chat["id"], chatted), "That is no post in a news thread."),
        (link(thread, chatted), "That post is gone."),
        (link(thread, "5"), "That post is gone."),
        (f"{named[0][1]} {named[1][1]}", "That is no post of this server"),
        ("9" * 40, "That is no post"),
        ("", "That is no post of this server"),
    ):
        assert texts(await remove(scene, str(HEADLINES), post)).startswith(refused), (post, refused)
    for _, _, post in named:
        await remove(scene, str(HEADLINES), post)
    await until_done(scene)
    for place, post, _ in named:
        assert await whole(scene, place, "bob", post)


async def test_what_is_no_members_post(scene: Scenario, thread: str) -> None:
    """Notices, entries, notes by Discord, other programs' posts; what stands for the article is the article."""
    text = await in_headlines(scene)
    post = (await scene.post("bob", thread, "Bob was paid."))["id"]
    await remove(scene, thread, post)
    notice = await scene.until_content(thread, partial(notice_of, 1))
    own = "That is the bot's own, not a member's post: what a notice says is changed with /case edit."
    assert texts((await menu(scene, thread, notice))["message"]) == own
    assert texts(await remove(scene, thread, notice)) == own
    await until_done(scene)
    entry = await scene.until_content(MOD_LOG, partial(notice_of, 1))
    assert texts((await menu(scene, MOD_LOG, entry))["message"]) == "That is no post in a news thread."
    await scene.call("PATCH", f"/local/as/ada/channels/{thread}", {"name": "Renamed"})
    for note in [one for one in await scene.messages(thread) if one["type"] == 4]:
        assert texts((await menu(scene, thread, note["id"]))["message"]).startswith(
            "That is a note by Discord itself"
        )
    again = texts(await remove(scene, thread, post))
    assert again == "That post is removed already, or about to be: case #1."

    # What begins a text channel's thread is but a pointer to the article's own post.
    above = next(one["id"] for one in await scene.messages(text) if one["type"] == 21)
    form = await menu(scene, text, above)
    assert form["data"]["title"] == "Withdraw the article"
    await until_says(scene, await submit(scene, text, form, "was invented"), "the article is withdrawn.")
    assert (
        texts((await menu(scene, str(HEADLINES), text))["message"])
        == "The article is withdrawn already: case #2."
    )
    await scene.until_content(HEADLINES, lambda there: "was invented" in texts(there[0]))


async def test_posts_nobody_told_of(scene: Scenario, thread: str) -> None:
    """Posted without an event, replied to and reposted without one, or by who has left: they go like any other."""
    carol = await scene.call("POST", "/local/members", {"name": "carol"})
    await scene.fault(event="MESSAGE_CREATE", mode="lose", times=2)
    posts = {who: (await scene.post(who, thread, f"{who} was paid."))["id"] for who in ("bob", "carol")}
    await scene.call("DELETE", f"/local/members/{carol['user']['id']}")
    await scene.call("PATCH", "/local/members/bob", {"accepts_dms": False})
    native = (await scene.post("alice", thread, "By whom?", reply_to=posts["bob"]))["id"]
    await reposted(scene, thread, "Alice", "By whom?")
    answers = [await remove(scene, thread, each) for each in (*posts.values(), native)]
    await until_done(scene)
    for answer in answers[:2]:
        assert "The author takes no direct messages." in await until_says(scene, answer, "direct messages")
    assert scene.rows("SELECT told FROM case_member ORDER BY case_id") == [
        ("closed",),
        ("closed",),
        ("told",),
    ]
    entries = [texts(one) for one in await scene.messages(MOD_LOG)]
    assert ["takes no direct messages" in text for text in entries] == [True, True, False]
    assert len(await notices(scene, thread)) == 3
    assert [one["content"] for one in await public(scene, thread) if one["content"]] == []


# --- what is typed -------------------------------------------------------------------------------------


async def test_hostile_words(scene: Scenario, thread: str) -> None:
    """Too long they are refused; otherwise they ping nobody and format nothing, wherever they are shown."""
    post = (await scene.post("bob", thread, "Bob was paid."))["id"]
    await scene.until_seen(post)
    for reason, refused in (
        (HOSTILE * 20, "longer than 400"),
        (" \u200b\n. ", "Say what the post did"),
        ("that", "Say what"),
    ):
        assert refused in texts(await remove(scene, thread, post, reason=reason[:4000]))
    long = texts(await remove(scene, thread, post, next_step=HOSTILE * 4))
    assert long.startswith("What to do instead is longer than 300")
    await remove(scene, thread, post, reason=HOSTILE, next_step=HOSTILE[:290])
    await until_done(scene)
    (notice,) = [one for one in await public(scene, thread) if texts(one).startswith("Removed ")]
    shown = [notice, *await letters(scene, "bob"), *await scene.messages(MOD_LOG)]
    assert len(shown) == 3
    for message in shown:
        assert (message["mention_everyone"], message["mention_roles"], message["embeds"]) == (False, [], [])
        bare = re.sub(r"\\.", "", texts(message).replace("@\u200b", ""))  # without what was made harmless
        assert "mentioned" in bare
        for effect in (
            "<@&",
            "</",
            "<#",
            "](https://evil",
            "discord.gg",
            "~~",
            "||",
            "`",
            "\n#",
            "<:",
            "\u202e",
        ):
            assert effect not in bare, (effect, texts(message))
        assert "**loud" not in bare
    assert [one["mentions"] for one in shown] == [[], [], []]
    (asked,) = [one for one in await scene.requests("DELETE", f"/messages/{post}") if one["status"] == 204]
    why = unquote(asked["headers"]["X-Audit-Log-Reason"])
    assert why.startswith(f"Case #1 by {MIA}: mentioned")
    assert len(why) <= 512


async def test_hand_made_buttons(scene: Scenario, thread: str) -> None:
    """An appeal by whom the case is not about, a decision by who may not, tokens that are nobody's: nothing happens."""
    post = (await scene.post("bob", thread, "Bob was paid."))["id"]
    await remove(scene, thread, post)
    await until_done(scene)
    assert await whole(scene, thread, "bob", post)
    ((log_token,),) = scene.rows("SELECT log_token FROM moderation_case")
    (letter,) = await letters(scene, "bob")
    (appeal,) = letter["components"][0]["components"]
    _, _, token = appeal["custom_id"].split(":")
    made_up = "abcdefghijklmnop"
    ids = [
        f"na:1:{token}",
        f"na:99:{token}",
        f"na:1:{made_up}",
        f"nd:{log_token}:reinstate",
        f"nd:{made_up}:uphold",
        f"nc:{made_up}",
        f"nx:{made_up}:remove",
    ]
    forged = await as_bot(
        scene,
        f"/channels/{thread}/messages",
        components=[
            {
                "type": 1,
                "components": [{"type": 2, "style": 2, "label": "x", "custom_id": each} for each in group],
            }
            for group in (ids[:4], ids[4:])
        ],
    )

    async def pressed(who: str, custom_id: str) -> str:
        (*_, answer) = await scene.interact(
            who, "component", thread, target_id=forged["id"], custom_id=custom_id
        )
        return texts(answer["message"]) if "message" in answer else str(answer["data"]["title"])

    for who in ("alice", "mia"):
        for custom_id in ids[:3]:
            assert (
                await pressed(who, custom_id)
                == "That case is not about you, or its data about you were erased."
            )
    for who in ("alice", "bob"):
        assert await pressed(who, ids[3]) == "You lack the permission for that in this channel."
    for custom_id in ids[4:]:
        assert (await pressed("mia", custom_id)).startswith(
            ("That case is kept no longer.", "Nothing is stored about this report")
        )

    # Bob's own appeal: cut to its limit, once, also when it is sent twice at once; after the decision it is over.
    for_bob = {"target_id": letter["id"], "custom_id": appeal["custom_id"]}
    forms = [(await scene.interact("bob", "component", letter["channel_id"], **for_bob))[0] for _ in range(2)]
    (field,) = [one["custom_id"] for one in fields_of(forms[0])]
    with pytest.raises(AssertionError, match="50035"):
        await scene.interact(
            "bob",
            "modal",
            letter["channel_id"],
            custom_id=forms[0]["data"]["custom_id"],
            fields={field: "x" * 1001},
        )
    words = HOSTILE.ljust(1000, "x")
    sent = [
        scene.interact(
            "bob",
            "modal",
            letter["channel_id"],
            custom_id=form["data"]["custom_id"],
            fields={fields_of(form)[0]["custom_id"]: words},
        )
        for form in forms
    ]
    said = sorted(texts(each[-1]["message"]) for each in await asyncio.gather(*sent))
    assert [text[:20] for text in said] == ["The moderators have ", "You appealed <t:1795"]
    await until_done(scene)
    (entry,) = await scene.messages(MOD_LOG)
    assert (entry["mention_everyone"], entry["mentions"], entry["mention_roles"], entry["embeds"]) == (
        False,
        [],
        [],
        [],
    )
    labels = [one["label"] for row in entry["components"] for one in row.get("components", [])]
    assert labels == ["About this case", "Uphold", "Reinstate", "View notice"]
    await slash(scene, thread, "case reinstate", case=1)
    assert await pressed("bob", ids[0]) == "The moderators have decided: case #1 is undone."


async def test_reports_at_once(scene: Scenario, thread: str) -> None:
    """Several of one post at the same moment are one entry and one ping; of a post that is being removed there is none."""
    post = (await scene.post("bob", thread, "Bob was paid."))["id"]
    await scene.until_seen(post)
    members = ["alice", "mia", "ada"]
    forms = [
        (await scene.interact(who, "message", thread, name="Report post…", target_id=post))[0]
        for who in members
    ]
    await asyncio.gather(
        *(
            submit(scene, thread, form, HOSTILE[:300], who=who)
            for who, form in zip(members, forms, strict=True)
        )
    )
    await until_done(scene)
    entry, ping = sorted(await scene.messages(MOD_LOG), key=lambda one: len(one["mention_roles"]))
    assert "3 reports" in texts(entry)
    assert (entry["mention_everyone"], entry["mentions"], entry["mention_roles"]) == (False, [], [])
    assert (ping["mention_roles"], ping["mentions"]) == ([str(MODERATORS)], [])

    await scene.fault(method="DELETE", path=f"/messages/{post}$", delay=0.4)
    await remove(scene, thread, post)
    await until_step(scene, "take-down", "sending")
    (refused,) = await scene.interact("alice", "message", thread, name="Report post…", target_id=post)
    assert texts(refused["message"]) == "The moderators have dealt with that post already."
    await until_done(scene)
    assert "case #1" in texts((await scene.messages(MOD_LOG))[0])
