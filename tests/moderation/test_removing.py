"""Removing posts end to end: the menu with its form, ``/remove``, ``/remove-range``, and what each refuses."""

from __future__ import annotations

from asyncio import gather
from typing import TYPE_CHECKING, Any

import pytest

from bot.settings.keys import RulesKeys
from tests.moderation.acting import (
    LACKING,
    REASON,
    fields_of,
    menu,
    notices,
    remove,
    slash,
    snapshot,
    submit,
    until_says,
)
from tests.scenario import FORUM, GUILD, HEADLINES, MOD_LOG, texts, until

if TYPE_CHECKING:
    from tests.scenario import Scenario

pytestmark = pytest.mark.slow

ALICE, BOB, MIA = (f"130000000000000300{n}" for n in (1, 2, 3))
TWO = ("mia", "ada")
FILE = {"filename": "receipt.txt", "text": "paid in full"}


async def test_the_form(scene: Scenario, thread: str) -> None:
    """It tells whose post it is and offers the rules; sent with a rule alone, the post goes, and the answer says so."""
    post = await scene.post("bob", thread, "Alice was **paid** for that.", attachments=[FILE])
    await scene.until_seen(post["id"])
    await scene.react("alice", thread, post["id"], "💙")
    native = await scene.post("alice", thread, "By whom?", reply_to=post["id"])
    reply = await until_reposted(scene, thread, native["id"], "By whom?")

    form = await menu(scene, thread, post["id"])
    rule, reason, next_step, tell = fields_of(form)
    assert f"Posted by <@{BOB}> themselves." in form["data"]["components"][0]["content"]
    assert [each["value"] for each in rule["options"]] == ["paid", "off-topic"]
    assert (reason["required"], next_step["required"], tell["default"]) == (False, False, True)
    answer = await submit(scene, thread, form, "paid")

    said = await until_says(scene, answer, "was told")
    assert said.startswith("**Case #1**: the post is removed.\nThe author was told.\n[view notice](")
    assert [one["id"] for one in await scene.messages(thread) if one["id"] == post["id"]] == []
    (notice,) = await notices(scene, thread)
    assert notice.startswith(f"Removed a post that {REASON}. If you have evidence, forward it to support.")
    kept = snapshot(scene, post["id"])
    assert kept["content"] == kept["words"] == "Alice was **paid** for that."
    assert kept["reactions"] == [["💙", 1]]
    assert kept["quoted_by"] == [int(reply)]
    assert [one["name"] for one in kept["files"]] == ["receipt.txt"]
    assert "> [quoted post was removed]" in await until_text(scene, thread, reply, "removed]")


async def test_a_post_that_the_bot_made(scene: Scenario, thread: str) -> None:
    """The case knows its true author, words and quotes; a quote beside a native reply stands for the reply.

    What was reinstated can be removed again.
    """
    bob = await scene.post("bob", thread, "Good news.")
    native = await scene.post("alice", thread, "You were paid.", reply_to=bob["id"])
    reply = await until_reposted(scene, thread, native["id"], "You were paid.")
    form = await menu(scene, thread, reply)
    assert f"Posted by <@{ALICE}>, through the bot." in form["data"]["components"][0]["content"]
    await until_says(scene, await submit(scene, thread, form, "paid"), "was told")
    assert author(scene, reply) == (int(ALICE), "Alice", "webhook")
    kept = snapshot(scene, reply)
    assert kept["words"] == "You were paid."
    assert kept["content"].startswith("> **Bob** said ")
    assert [one["text"] for one in kept["quotes"]] == ["Good news."]

    await slash(scene, thread, "quotes companion", "alice")
    native = await scene.post("alice", thread, "Paid, I say.", reply_to=bob["id"])
    beside = await scene.until_content(thread, lambda there: [one for one in there if one["embeds"]])
    answer = await remove(scene, thread, beside[0]["id"], rule="paid", tell_author=False)
    said = await until_says(scene, answer, "is removed")
    assert "told" not in said
    assert f"<@{ALICE}> may not post until <t:" in said  # the second strike
    assert author(scene, native["id"]) == (int(ALICE), "Alice", "native")
    await scene.until_content(thread, lambda there: not [one for one in there if one["embeds"]])

    await slash(scene, thread, "case reinstate", case=1)
    again = await scene.until_content(
        thread, lambda there: [one["id"] for one in there if "You were paid." in one["content"]]
    )
    await until_says(
        scene, await remove(scene, thread, again[0], tell_author=False), "**Case #3**: the post is"
    )
    assert author(scene, again[0]) == (int(ALICE), "Alice", "webhook")


async def test_who_may(scene: Scenario, thread: str) -> None:
    """Members can't, not even by hand; moderators none of who stands above; what was opened before asks once more."""
    bob, mia, ada = [await scene.post(who, thread, f"I am {who}.") for who in ("bob", "mia", "ada")]
    for who, begins in (
        ("mia", f"Posted by <@{BOB}> themselves. <t:"),
        ("alice", "That post is somebody else's"),
    ):
        (answer,) = await scene.interact(who, "message", thread, name="My post…", target_id=bob["id"])
        assert texts(answer["message"]).startswith(begins)
    for who in ("bob", "alice"):
        assert texts((await menu(scene, thread, bob["id"], who))["message"]) == LACKING
        assert texts(await remove(scene, thread, bob["id"], who)) == LACKING
        ends = {"from": bob["id"], "to": ada["id"]}
        assert texts(await slash(scene, thread, "remove-range", who, reason=REASON, **ends)) == LACKING
        last = {"member": BOB, "last": 2}
        assert texts(await slash(scene, thread, "remove-range", who, reason=REASON, **last)) == LACKING
    above = "That post is by somebody who stands above you"
    assert texts((await menu(scene, thread, ada["id"]))["message"]).startswith(above)
    assert texts(await remove(scene, thread, ada["id"])).startswith(above)
    assert scene.rows("SELECT count(*) FROM moderation_case") == [(0,)]

    await until_says(scene, await remove(scene, thread, mia["id"], "ada"), "was told", "ada")
    await until_says(scene, await remove(scene, thread, bob["id"]), "was told")

    # A form or a preview opened with the permission does nothing without it, and gives the words back.
    again = await scene.post("bob", thread, "I am bob, I said.")
    form = await menu(scene, thread, again["id"])
    shown = await slash(scene, thread, "remove-range", reason=REASON, member=BOB, last=1)
    await scene.call("PATCH", "/local/members/mia", {"roles": []})
    said = texts(await submit(scene, thread, form, "paid", "was not true at all"))
    assert said.startswith(LACKING)
    assert "was not true at all" in said
    await press(scene, thread, shown, 0)
    await until(lambda: _told(scene, thread, LACKING))
    assert scene.rows("SELECT count(*) FROM moderation_case") == [(2,)]


async def test_what_can_not_be_removed(scene: Scenario, thread: str) -> None:
    """One sentence each, nothing is done, and a post that is removed already names its case."""
    post = await scene.post("bob", thread, "Good news.")
    gone = await scene.post("bob", thread, "Bad news.")
    await scene.call("DELETE", f"/local/as/bob/channels/{thread}/messages/{gone['id']}")
    elsewhere = await scene.post("bob", HEADLINES, "Not in a thread.")
    link = "https://discord.com/channels/{}/{}/{}"
    for named, sentence in (
        ("yesterday's", "That is no post of this server"),
        (link.format(GUILD + 1, thread, post["id"]), "That is no post of this server"),
        (link.format(GUILD, HEADLINES, elsewhere["id"]), "That is no post in a news thread."),
        (link.format(GUILD, thread, gone["id"]), "That post is gone."),
        (str(int(post["id"]) + 1), "That post is gone."),
    ):
        assert texts(await remove(scene, thread, named)).startswith(sentence)
    for options, sentence in (
        ({"reason": "that ."}, "Say what the post did"),
        ({"reason": "x" * 4000}, "The reason is longer than 400 characters"),
        ({"rule": "nonsense"}, "There is no such rule"),
        ({"next_step": "y" * 500}, "What to do instead is longer than 300 characters"),
    ):
        assert texts(await remove(scene, thread, post["id"], **options)).startswith(sentence)
    for options in (
        {},
        {"from": post["id"]},
        {"member": BOB},
        {"from": post["id"], "member": BOB, "last": 1},
    ):
        answer = await slash(scene, thread, "remove-range", reason=REASON, **options)
        assert texts(answer).startswith("Name either two posts")
    other = texts(await slash(scene, MOD_LOG, "remove-range", reason=REASON, member=BOB, last=1))
    assert other == "That is no news thread: use this in one."

    form = await menu(scene, thread, post["id"])
    await until_says(scene, await remove(scene, thread, post["id"]), "view notice")
    assert texts(await remove(scene, thread, post["id"])).endswith("or about to be: case #1.")
    assert "or about to be: case #1." in texts(await submit(scene, thread, form, "paid"))
    (notice,) = [one for one in await scene.messages(thread) if texts(one).startswith("Removed ")]
    assert texts((await menu(scene, thread, notice["id"]))["message"]).startswith("That is the bot's own")

    # Two moderators at once: one case, and the other is told which.
    both = await scene.post("bob", thread, "Good news again.")
    await scene.until_seen(both["id"])
    said = sorted(
        [texts(one) for one in await gather(*(remove(scene, thread, both["id"], who) for who in TWO))]
    )
    assert said[0].startswith("**Case #2**")
    assert said[1].endswith("or about to be: case #2.")
    assert scene.rows("SELECT count(*) FROM moderation_case") == [(2,)]


async def test_without_rules(scene: Scenario, rules: RulesKeys) -> None:
    """The form asks for a reason and offers no rule; a reason with mentions and Markdown in it has no effect."""
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")
    async with scene.bot():
        thread = (await scene.until_names("A bridge is opened"))[0]["id"]
        post = await scene.post("bob", thread, "Good news.")
        form = await menu(scene, thread, post["id"])
        assert [field["type"] for field in fields_of(form)] == [4, 4, 23]
        assert fields_of(form)[0]["required"]
        hostile = "mentioned @everyone and <@&1300000000000004001> at discord.gg/abc **loudly**"
        await until_says(scene, await submit(scene, thread, form, hostile, "", False), "is removed")
        await until(lambda: _one_notice(scene, thread))
        (notice,) = [one for one in await scene.messages(thread) if texts(one).startswith("Removed ")]
        assert (notice["mention_everyone"], notice["mentions"], notice["mention_roles"]) == (False, [], [])
        assert "**loudly**" not in texts(notice)


async def test_the_articles_own_post(scene: Scenario, rules: RulesKeys) -> None:
    """It is struck in place instead of deleted, by the menu as by its id, once; its discussion stays."""
    scene.rules = rules
    for path, channel in (("/forum.rss", FORUM), ("/text.rss", HEADLINES)):
        scene.watch(path, channel)
        scene.paper.publish(path, "A bridge is opened")
    async with scene.bot():
        for case, channel in enumerate((FORUM, HEADLINES), 1):
            thread = (await scene.until_names("A bridge is opened", channel=channel))[0]["id"]
            place = thread if channel == FORUM else str(channel)
            await scene.post("bob", thread, "Good news.")
            form = await menu(scene, place, thread)
            assert len(fields_of(form)) == 3  # nobody is to be told
            answer = await submit(scene, place, form, [], "turned out to be invented")
            await until_says(scene, answer, f"**Case #{case}**: the article is withdrawn.")
            assert "~~" in await until_text(scene, place, thread, "turned out to be invented")
            assert any(one["content"] == "Good news." for one in await scene.messages(thread))
            again = texts(await remove(scene, thread, thread))
            assert again == f"The article is withdrawn already: case #{case}."


async def test_a_post_that_the_bot_never_saw(scene: Scenario, rules: RulesKeys) -> None:
    """Posted while it was away, in a thread that is archived: it goes, and the thread is archived again."""
    scene.rules = rules
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")
    async with scene.bot():
        thread = (await scene.until_names("A bridge is opened"))[0]["id"]
    post = await scene.post("bob", thread, "While you were away.")
    await scene.react("mia", thread, post["id"], "👍")
    await scene.call("PATCH", f"/local/channels/{thread}", {"archived": True})
    async with scene.bot():
        link = f"https://discord.com/channels/{GUILD}/{thread}/{post['id']}"
        await until(lambda: _removed(scene, link))
        await until(lambda: _dm(scene, "bob", "While you were away."))
        assert author(scene, post["id"]) == (int(BOB), "Bob", "native")
        assert snapshot(scene, post["id"])["reactions"] == [["👍", 1]]


async def test_from_one_post_to_another(scene: Scenario, thread: str) -> None:
    """A preview says what would go and what not; cancelled, all stays; confirmed, one notice tells of all."""
    posts = [
        await scene.post(who, thread, f"Post {number} of {who}.")
        for number, who in enumerate(("bob", "alice", "ada", "bob", "bob"))
    ]
    await until_says(scene, await remove(scene, thread, posts[3]["id"], tell_author=False), "is removed")
    ends = {"from": posts[4]["id"], "to": posts[0]["id"]}
    shown = await slash(scene, thread, "remove-range", reason=REASON, **ends)
    said = texts(shown)
    assert said.startswith(f"**3 posts are to be removed.**\nPosted by: <@{BOB}>, <@{ALICE}>\n")
    assert "Post 0 of bob." in said
    assert "Post 4 of bob." in said
    assert "Post 1 of alice." not in said
    assert "Left out is one post of somebody who stands above you." in said
    assert texts(await press(scene, thread, shown, 1)) == "Nothing was removed."
    assert len(await scene.messages(thread)) == 1 + 4 + 1  # the opening post, those posted, the notice

    shown = await slash(scene, thread, "remove-range", reason=REASON, **ends)
    await press(scene, thread, shown, 0)
    said = await until_says(scene, shown, "were told")
    assert said.startswith("**Case #2**: 3 posts are removed.\n2 authors were told.\n")
    left = [one["content"] for one in await scene.messages(thread)]
    assert "Post 2 of ada." in left
    assert not {f"Post {number} of {who}." for number, who in ((0, "bob"), (1, "alice"), (4, "bob"))} & {
        *left
    }
    assert [
        text for text in await notices(scene, thread) if text.startswith(f"Removed 3 posts that {REASON}")
    ]
    told = [texts(one) for one in await scene.call("GET", "/local/dms/bob")]
    assert ["Post 0" in text and "Post 4" in text for text in told] == [True]


async def test_the_last_posts_of_a_member(scene: Scenario, thread: str) -> None:
    """So many of theirs, those too that the bot posted for them; progress is shown while it runs.

    Where none can go, or too many would, that is said at once.
    """
    first = await scene.post("alice", thread, "The first.")
    for number in range(3):
        await scene.post("bob", thread, f"Number {number}.")
    native = await scene.post("alice", thread, "The second.", reply_to=first["id"])
    await until_reposted(scene, thread, native["id"], "The second.")
    await scene.post("alice", thread, "The third.")

    shown = await slash(scene, thread, "remove-range", reason=REASON, member=ALICE, last=2, rule="paid")
    assert texts(shown).startswith("**2 posts are to be removed.**")
    await scene.fault(method="DELETE", path="/messages/", delay=1.5, times=1)
    await press(scene, thread, shown, 0)
    assert "removed 0 of 2…" in await until_says(scene, shown, " of 2…")
    await until_says(scene, shown, "2 posts are removed.")
    there = "\n".join(one["content"] for one in await scene.messages(thread))
    assert [words in there for words in ("The first.", "Number 1.", "The second.", "The third.")] == [
        True,
        True,
        False,
        False,
    ]

    ada = [await scene.post("ada", thread, f"Number {number}.") for number in range(2)]
    ends = {"from": ada[0]["id"], "to": ada[1]["id"]}
    none = "There are no posts there that you could remove."
    assert texts(await slash(scene, thread, "remove-range", reason=REASON, **ends)) == none
    assert texts(await slash(scene, thread, "remove-range", reason=REASON, member=MIA, last=3)) == none
    flood = [await scene.post("ada", thread, f"Flood {number}.") for number in range(100)]
    answer = await slash(scene, thread, "remove-range", reason=REASON, **(ends | {"to": flood[-1]["id"]}))
    assert texts(answer).startswith("There are more than 100 posts between those two")


async def test_what_holds_it_up(scene: Scenario, thread: str) -> None:
    """Without the permission on Discord the answer says what stands in the way; nothing is lost, and no one told."""
    post = await scene.post("bob", thread, "Good news.")
    ((role, had),) = [
        (one["id"], int(one["permissions"]))
        for one in (await scene.call("GET", "/local/state"))["roles"]
        if one["name"] == "Newsthread"
    ]
    await scene.call("PATCH", f"/local/roles/{role}", {"permissions": str(had & ~(1 << 13))})
    answer = await remove(scene, thread, post["id"])
    said = await until_says(scene, answer, "What stands in the way: ")
    assert said.startswith("**Case #1**: the post is being removed…")
    assert post["id"] in {one["id"] for one in await scene.messages(thread)}
    assert await notices(scene, thread) == []
    assert await scene.call("GET", "/local/dms/bob") == []


# --- parts ------------------------------------------------------------------------------------------------------


async def press(scene: Scenario, thread: str, shown: dict[str, Any], button: int) -> Any:
    """Press one of a private answer's buttons; what it says then."""
    custom_id = shown["components"][0]["components"][button]["custom_id"]
    responses = await scene.interact(
        "mia", "component", thread, target_id=shown["id"], custom_id=custom_id, force=True
    )
    return next((one["message"] for one in reversed(responses) if "message" in one), None)


async def until_reposted(scene: Scenario, thread: str, native: str, words: str) -> str:
    """Wait until the bot has replaced a reply; the id of the post that stands for it."""

    def reposted(there: list[dict[str, Any]]) -> Any:
        made = [one["id"] for one in there if one.get("webhook_id") and one["content"].endswith(f"\n{words}")]
        return made and native not in {one["id"] for one in there} and made[0]

    post: str = await scene.until_content(thread, reposted)
    return post


async def until_text(scene: Scenario, place: str, post: str, words: str) -> str:
    """Wait until a message has these words in it, and return all its text."""

    def text(there: list[dict[str, Any]]) -> str:
        return next((said for one in there if one["id"] == post and words in (said := texts(one))), "")

    said: str = await scene.until_content(place, text)
    return said


async def _told(scene: Scenario, thread: str, sentence: str) -> bool:
    """Whether Mia was told that in private."""
    there = await scene.call("GET", f"/local/channels/{thread}/messages?as=mia")
    return any(texts(one) == sentence for one in there)


async def _one_notice(scene: Scenario, thread: str) -> bool:
    return len(await notices(scene, thread)) == 1


async def _removed(scene: Scenario, link: str) -> bool:
    """Whether the bot is there already, so that a case is opened."""
    if not (await scene.call("GET", "/local/state"))["bot"]["connected"]:
        return False
    answer = await slash(scene, MOD_LOG, "remove", post=link, reason=REASON)
    return texts(answer).startswith("**Case #1**")


async def _dm(scene: Scenario, who: str, words: str) -> bool:
    return any(words in texts(one) for one in await scene.call("GET", f"/local/dms/{who}"))


def author(scene: Scenario, post: str) -> tuple[int, str, str]:
    question = "SELECT author_id, name, made FROM case_post WHERE message_id = ?"
    ((author_id, name, made),) = scene.rows(question, int(post))
    return author_id, name, made
