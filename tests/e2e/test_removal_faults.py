"""Removals when things go wrong: answers and events lost, permissions and places taken away, two at the same thing.

The case is never lost; post, notice, direct message and entry in the log are each there once, or it is said why not.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.settings.keys import DeliveryKeys, ModerationKeys
from tests.e2e.test_quotes import REMOVED, reposted
from tests.moderation.acting import (
    REASON,
    menu,
    notices,
    remove,
    slash,
    snapshot,
    submit,
    until_says,
)
from tests.scenario import FORUM, HEADLINES, MOD_LOG, Scenario, texts, until
from tests.support import AheadClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.slow

BOB = 1300000000000003002
MANAGE_MESSAGES, MANAGE_ROLES, SEND_IN_THREADS = 1 << 13, 1 << 28, 1 << 38
FILE = {"filename": "receipt.txt", "text": "paid in full"}
# What a case does; an opening post's next edit, which counts reactions, may be a minute away.
STEPS = ("take-down", "notice", "tell", "enter", "report", "quote", "requote", "replace", "delete", "log")
ANSWERS: tuple[dict[str, Any], ...] = (
    {"drop": "before"},
    {"drop": "after"},
    {"status": 500},
    {"status": 502, "drop": "after"},
    {"status": 503},
    {"status": 429, "retry_after": 0.3},
    {"late": 0.6},
    {"delay": 1.2, "drop": "after"},
)


@pytest.fixture
def clock(scene: Scenario) -> AheadClock:
    """The bot's, to be moved on."""
    clock = AheadClock()
    scene.clock = clock
    scene.delivery = DeliveryKeys(send_deadline=timedelta(seconds=1), settle=timedelta(seconds=1))
    return clock


@pytest.fixture
async def thread(scene: Scenario, clock: AheadClock) -> AsyncIterator[str]:
    """A news thread with the bot at work."""
    publish(scene)
    async with scene.bot():
        yield await opened(scene)


def publish(scene: Scenario) -> None:
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")


async def opened(scene: Scenario) -> str:
    thread: str = (await scene.until_names("A bridge is opened"))[0]["id"]
    return thread


# --- answers lost, step by step ------------------------------------------------------------------------


async def test_every_step_survives_a_bad_answer(scene: Scenario, clock: AheadClock) -> None:
    """Whatever Discord answers to a deletion, a notice, a direct message or an entry, each is there once in the end."""
    scene.watch("/scene.rss")
    for number in range(len(ANSWERS)):
        scene.paper.publish("/scene.rss", f"Bridge {number} is opened")
    async with scene.bot():
        threads = await scene.until_names(*(f"Bridge {number} is opened" for number in range(len(ANSWERS))))
        posts = []
        for number, (thread, fault) in enumerate(zip(threads, ANSWERS, strict=True)):
            who = f"carol{number}"
            member = await scene.call("POST", "/local/members", {"name": who})
            direct = await as_bot(scene, "/users/@me/channels", recipient_id=member["user"]["id"])
            post = await scene.post(who, thread["id"], f"{who} was paid.")
            posts.append((thread["id"], who, post["id"]))
            await scene.until_seen(post["id"])
            await scene.fault(method="DELETE", path=f"/messages/{post['id']}$", **fault)
            await scene.fault(method="POST", path=f"/channels/{thread['id']}/messages$", **fault)
            await scene.fault(method="POST", path=f"/channels/{direct['id']}/messages$", **fault)
        await later(scene, clock, 15)  # so many direct messages opened count no longer
        for fault in ANSWERS[1:5:3]:
            await scene.fault(method="POST", path="/users/@me/channels$", **fault)
            await scene.fault(method="POST", path=f"/channels/{MOD_LOG}/messages$", **fault)
        await asyncio.gather(*(remove(scene, thread, post) for thread, _, post in posts))
        done = [
            each
            for each, fault in zip(posts, ANSWERS, strict=True)
            if "late" in fault or fault.get("drop") == "after"
        ]
        for thread, _, post in done:  # which takes no longer than is configured for it
            await until_gone(scene, thread, post)
        await until_done(scene, clock)
        for thread, who, post in posts:
            assert await whole(scene, thread, who, post)


async def until_gone(scene: Scenario, thread: str, post: str) -> None:
    """Wait until a post is deleted."""
    await scene.until_content(thread, lambda messages: all(one["id"] != post for one in messages))


async def test_what_is_told_of_a_removal_never_twice_or_late(scene: Scenario, thread: str) -> None:
    """Its own events change nothing: the quote is redacted and the counts are right without hearing of the deletion."""
    for mode in ("lose", "twice", "late"):
        post = await scene.post("bob", thread, f"Bob was paid {mode}.")
        await scene.react("alice", thread, post["id"], "💙")
        await scene.post("alice", thread, f"By whom, {mode}?", reply_to=post["id"])
        await reposted(scene, thread, "Alice", f"> Bob was paid {mode}.")
        await until_done(scene)
        for event in ("MESSAGE_DELETE", "MESSAGE_CREATE", "MESSAGE_UPDATE"):
            await scene.fault(event=event, mode=mode, times=2)
        await remove(scene, thread, post["id"])
        await until_done(scene)
        await scene.clear_faults()
        assert await whole(scene, thread, "bob", post["id"])
        there = await scene.messages(thread)
        assert any(f"{REMOVED}\nBy whom, {mode}?" in one["content"] for one in there)
        assert scene.rows("SELECT count(*) FROM reaction") == [(0,)]


# --- posts gone by another hand ------------------------------------------------------------------------


async def test_a_post_that_goes_by_another_hand(scene: Scenario, thread: str, clock: AheadClock) -> None:
    """Before the form is sent nothing is removed; afterwards the case goes on. Nobody gets a second case for it."""
    posts = [(await scene.post("bob", thread, f"Bob {number}."))["id"] for number in range(6)]
    for post in posts:
        await scene.until_seen(post)
    for post, who in zip(posts[:2], ("bob", "ada"), strict=True):
        form = await menu(scene, thread, post)
        await delete(scene, who, thread, post)
        assert texts(await submit(scene, thread, form, "was wrong")).startswith("That post is gone;")
    for post, who in zip(posts[2:4], ("bob", "ada"), strict=True):
        await scene.fault(method="DELETE", path=f"/messages/{post}$", status=503)
        await remove(scene, thread, post)
        await until_problem(scene, "take-down")
        await delete(scene, who, thread, post)
        await until(partial(told_gone, scene, post))
        await until_done(scene, clock)
        assert await whole(scene, thread, "bob", post)
    # Ada's two are one entry of the audit log by now: what Bob deletes of his own must not be taken for a third.
    await delete(scene, "bob", thread, posts[4])
    await until_looked_into(scene, clock)
    assert scene.rows("SELECT kind, count(*) FROM moderation_case GROUP BY kind") == [
        ("outside", 1),
        ("removal", 2),
    ]
    by_hand = "SELECT message_id FROM case_post JOIN moderation_case ON case_id = moderation_case.id"
    assert scene.rows(f"{by_hand} WHERE kind = 'outside'") == [(int(posts[1]),)]
    assert len(await notices(scene, thread)) == 2


# --- permissions and places taken away -----------------------------------------------------------------


async def test_a_permission_taken_away_half_way(scene: Scenario, thread: str, clock: AheadClock) -> None:
    """Between case and deletion, and between deletion and notice: the answer says what is missing; given back, it goes on."""
    role, had = await bots_role(scene)
    post = (await scene.post("bob", thread, "Bob was paid."))["id"]
    await scene.until_seen(post)
    await scene.fault(method="GET", path=f"/messages/{post}$", delay=0.3)
    await scene.fault(method="GET", path=f"/messages/{post}$", delay=0.3)
    answering = asyncio.ensure_future(remove(scene, thread, post))
    await until_step(scene, "take-down", "sending")
    await permit(scene, role, had & ~MANAGE_MESSAGES)
    said = await until_says(scene, await answering, "What stands in the way: ")
    assert "Manage Messages" in said
    assert not await notices(scene, thread)
    assert not await letters(scene, "bob")
    assert any("give its role Manage Messages" in texts(one) for one in await scene.messages(MOD_LOG))

    await permit(scene, role, had & ~SEND_IN_THREADS | MANAGE_MESSAGES)
    await overwrite(scene, FORUM, role, SEND_IN_THREADS)
    clock.advance(31)
    await until_problem(scene, "notice")
    await until_says(scene, await answering, "The author was told.")
    await scene.until_content(MOD_LOG, lambda there: "Send Messages in Threads" in texts(there[-1]))
    await overwrite(scene, FORUM, role, 0)
    clock.advance(31)
    await until_done(scene)
    assert await whole(scene, thread, "bob", post)
    await until_says(scene, await answering, "[view notice](")


async def test_places_taken_away(scene: Scenario, clock: AheadClock) -> None:
    """A thread that goes, a notice that goes, a log that is closed: the rest is done, and what may come later does."""
    scene.watch("/scene.rss")
    for number in range(3):
        scene.paper.publish("/scene.rss", f"Bridge {number} is opened")
    async with scene.bot():
        threads = await scene.until_names(*(f"Bridge {number} is opened" for number in range(3)))
        gone, asleep, noticed = [each["id"] for each in threads]
        posts = {
            each: (await scene.post("bob", each, "Bob was paid."))["id"] for each in (gone, asleep, noticed)
        }
        for post in posts.values():
            await scene.until_seen(post)
        role, _ = await bots_role(scene)
        log = next(
            one for one in (await scene.call("GET", "/local/state"))["channels"] if one["id"] == str(MOD_LOG)
        )
        closed = [one for one in log["permission_overwrites"] if one["id"] != role]
        await scene.call("PATCH", f"/local/channels/{MOD_LOG}", {"permission_overwrites": closed})

        await scene.fault(method="DELETE", path=f"/messages/{posts[gone]}$", status=503)
        await remove(scene, gone, posts[gone])
        await until_problem(scene, "take-down")
        await scene.call("DELETE", f"/local/as/ada/channels/{gone}")
        await scene.call("PATCH", f"/local/channels/{asleep}", {"archived": True, "locked": True})
        for _ in range(2):
            await scene.fault(method="DELETE", path=f"/messages/{posts[asleep]}$", drop="before")
        await remove(scene, str(HEADLINES), posts[asleep])
        # Another deed of ours may archive the thread in the very moment.
        await scene.fault(method="POST", path=f"/channels/{noticed}/messages$", status=400, code=50083)
        await remove(scene, noticed, posts[noticed])
        await until_problem(scene, "notice")
        clock.advance(5)
        await until_problem(scene, "enter")
        notice = await scene.until_content(noticed, partial(notice_of, 3))
        await delete(scene, "ada", noticed, notice)
        await until(partial(told_gone, scene, notice))

        await scene.call(
            "PATCH", f"/local/channels/{MOD_LOG}", {"permission_overwrites": log["permission_overwrites"]}
        )
        clock.advance(31)
        standing = notice_of(2, await scene.messages(asleep))
        await scene.fault(method="PATCH", path=f"/messages/{standing}$", drop="before")
        for case in (2, 3):
            await slash(scene, noticed, "case edit", case=case, next_step="Ask us.")
        await until_done(scene, clock)
        entries = [texts(one) for one in await scene.messages(MOD_LOG)]
        assert [sum(f"Case #{case}" in text for text in entries) for case in (1, 2, 3)] == [1, 1, 1]
        assert len(await letters(scene, "bob")) == 3
        assert await whole(scene, asleep, "bob", posts[asleep])
        assert [texts(one) for one in await public(scene, noticed) if "Case" in texts(one)] == []
        assert scene.rows("SELECT state, noticed FROM moderation_case") == [
            ("standing", False),
            ("standing", True),
            ("standing", False),
        ]

        # Reinstated where nobody could write: there again, once, and the thread is as it was.
        await scene.fault(method="POST", path=r"/webhooks/\d+/", status=502, drop="after")
        await scene.fault(method="PATCH", path=f"/messages/{standing}$", status=400, code=50083)
        await slash(scene, noticed, "case reinstate", case=2)
        await until_done(scene, clock)
        there = [texts(one) for one in await public(scene, asleep)]
        assert ["Bob was paid." in text for text in there] == [False, True]
        assert there[0].startswith("~~Removed a post that")
        (metadata,) = [one["thread_metadata"] for one in await scene.threads() if one["id"] == asleep]
        assert (metadata["archived"], metadata["locked"]) == (True, True)


# --- two things at once --------------------------------------------------------------------------------


async def test_two_moderators_at_once(scene: Scenario, thread: str) -> None:
    """By command, by form, and one each way: one case, of which the other is told."""
    for case in range(1, 4):
        post = (await scene.post("bob", thread, f"Bob was paid {case}."))["id"]
        await scene.until_seen(post)
        acts = [remove(scene, thread, post, who) for who in ("mia", "ada")]
        for number, who in list(enumerate(("mia", "ada")))[: case - 1]:
            acts[number].close()
            form = await menu(scene, thread, post, who)
            acts[number] = submit(scene, thread, form, REASON, who=who)
        first, second = sorted(map(texts, await asyncio.gather(*acts)), key=len, reverse=True)
        assert f"case #{case}" in f"{first} {second}".lower()
        assert sum("removed already, or about to be" in said for said in (first, second)) == 1
        await until_done(scene)
        assert await whole(scene, thread, "bob", post)


async def test_a_reply_that_is_being_reposted(scene: Scenario, thread: str, clock: AheadClock) -> None:
    """Removed while its repost is on its way, or posted and the reply not deleted yet: both go, by one case."""
    bob = (await scene.post("bob", thread, "Good news."))["id"]
    for words, fault in (
        ("You are paid.", {"method": "POST", "path": r"/webhooks/\d+/", "delay": 0.5}),
        ("You too.", {"method": "DELETE", "path": r"/messages/\d+$", "status": 503}),
    ):
        await scene.fault(**fault)
        reply = (await scene.post("alice", thread, words, reply_to=bob))["id"]
        await until_step(scene, "quote", "sending", "done")
        if fault["method"] == "DELETE":
            await until_problem(scene, "replace")
        await remove(scene, thread, reply)
        await until_done(scene, clock)
        there = await public(scene, thread)
        assert [one["content"] for one in there if words in one["content"]] == []
        assert len([one for one in there if texts(one).startswith("Removed ")]) == 1 + (words == "You too.")
        assert sum(words in texts(one) for one in await letters(scene, "alice")) == 1
    await until_looked_into(scene, clock)
    assert scene.rows("SELECT kind FROM moderation_case") == [("removal",)] * 2


async def test_what_changes_while_it_is_shown(scene: Scenario, thread: str) -> None:
    """Edited while the notice is on its way, erased while the entry is: there is one of each, and it says what holds."""
    words = "Bob was paid."
    post = (await scene.post("bob", thread, words))["id"]
    await scene.until_seen(post)
    await scene.fault(method="POST", path=f"/channels/{thread}/messages$", delay=0.5)
    await remove(scene, thread, post)
    await until_step(scene, "notice", "sending")
    await slash(scene, thread, "case edit", case=1, reason="was wrong")
    await until_done(scene)
    assert [text.split(".")[0] for text in await notices(scene, thread)] == ["Removed a post that was wrong"]
    assert len([one for one in await scene.messages(MOD_LOG) if "Case #1" in texts(one)]) == 1

    post = (await scene.post("bob", thread, words))["id"]
    await scene.until_seen(post)
    (form,) = await scene.interact("bob", "slash", thread, name="privacy erase", options={})
    await scene.fault(method="POST", path=f"/channels/{MOD_LOG}/messages$", delay=0.7)
    await remove(scene, thread, post)
    await until_step(scene, "enter", "sending")
    button = form["message"]["components"][0]["components"][0]["custom_id"]
    pressed = {"target_id": form["message"]["id"], "custom_id": button}
    await scene.interact("bob", "component", thread, **pressed)
    await until_says(scene, form["message"], "is erased", "bob")
    await until_done(scene)
    entries = [texts(one) for one in await scene.messages(MOD_LOG)]
    assert [text for text in entries if "Bob" in text or str(BOB) in text] == []
    assert ["Case #2" in text for text in entries] == [False, True]


# --- restarts ------------------------------------------------------------------------------------------


async def test_sixty_posts_and_a_restart_half_way(scene: Scenario, clock: AheadClock) -> None:
    """One notice for all, one direct message an author, nothing twice; also where moderators have no log."""
    publish(scene)
    scene.moderation = ModerationKeys()
    async with scene.bot():
        thread = await opened(scene)
        posts = [
            (await scene.post(who, thread, f"Paid, {number}."))["id"]
            for number, who in enumerate(("bob", "alice", "ada") * 20)
        ]
        await scene.until_seen(posts[-1])
        ends = {"from": posts[0], "to": posts[-1]}
        shown = await slash(scene, thread, "remove-range", reason=REASON, **ends)
        assert "Left out are 20 posts of members who stand above you." in texts(shown)
        await scene.fault(method="DELETE", path=f"/messages/{posts[18]}$", delay=60)
        button = shown["components"][0]["components"][0]["custom_id"]
        pressed = {"target_id": shown["id"], "custom_id": button}
        await scene.interact("mia", "component", thread, force=True, **pressed)
        await until_says(scene, shown, "removed 12 of 40")
    await scene.clear_faults()
    assert scene.rows("SELECT count(*) FROM case_post WHERE gone_at IS NOT NULL") == [(12,)]
    async with scene.bot():
        await until_done(scene, clock)
        there = await public(scene, thread)
        left = [one["content"] for one in there if one["content"].startswith("Paid")]
        assert left == [f"Paid, {number}." for number in range(60) if number % 3 == 2]
        assert [text[:23] for text in await notices(scene, thread)] == ["Removed 40 posts that c"]
        for who in ("bob", "alice"):
            (letter,) = await letters(scene, who)
            assert texts(letter).startswith("Removed 20 posts of yours that")
        deleted = [
            one["path"] for one in await scene.requests("DELETE", "/messages/") if one["status"] == 204
        ]
        assert len(deleted) == len(set(deleted)) == 40
        assert await scene.messages(MOD_LOG) == []


async def test_what_time_brings_while_the_bot_is_away(scene: Scenario, clock: AheadClock) -> None:
    """A suspension by a role ends, words and files are forgotten, and the time to appeal is over."""
    publish(scene)
    role, had = await bots_role(scene)
    await permit(scene, role, had | MANAGE_ROLES)
    muted = (await scene.call("POST", "/local/roles", {"name": "Suspended"}))["id"]
    scene.moderation = ModerationKeys(
        log_channel_id=MOD_LOG,
        suspended_role_id=int(muted),
        keep=timedelta(days=2),
        appeals=timedelta(days=1),
        keep_files=20,
    )
    files = [
        FILE,
        FILE | {"filename": "large.txt", "text": "x" * 21},
        *(FILE | {"filename": f"{n}.txt", "text": "y"} for n in "ab"),
    ]
    async with scene.bot():
        thread = await opened(scene)
        post = (await scene.post("bob", thread, "Bob was paid.", attachments=files))["id"]
        await scene.until_seen(post)
        # One of the files can't be had for a while, one never.
        await scene.fault(method="GET", path=r"/cdn/.*/a\.txt$", status=503)
        await scene.fault(method="GET", path=r"/cdn/.*/b\.txt$", status=503, times=9)
        await slash(scene, thread, "suspend", member=str(BOB), duration="1h", reason="kept insulting others")
        await remove(scene, thread, post)
        await until_done(scene, clock)
        assert await whole(scene, thread, "bob", post)
        kept = {one["name"]: one["path"] for one in snapshot(scene, post)["files"]}
        assert [name for name, path in kept.items() if path is None] == ["large.txt", "b.txt"]
        assert (scene.folder / "removed" / kept["receipt.txt"]).read_text() == FILE["text"]
        shown = texts(await slash(scene, thread, "case show", case=2))
        assert "2 files are not kept: large.txt, b.txt" in shown
        assert await roles_of(scene, BOB) == [muted]
        (letter, *_) = await letters(scene, "bob")

    await later(scene, clock, timedelta(days=3).total_seconds())
    async with scene.bot():
        await until(partial(free, scene, BOB))
        appeal = letter["components"][0]["components"][0]["custom_id"]
        pressed = {"target_id": letter["id"], "custom_id": appeal}
        (answer,) = await scene.interact("bob", "component", letter["channel_id"], **pressed)
        assert texts(answer["message"]).startswith("The time to appeal against case #1 ended")
        await until(partial(forgotten, scene, kept["receipt.txt"]))
        assert scene.rows("SELECT snapshot FROM case_post") == [(None,)]
        shown = texts(await slash(scene, str(HEADLINES), "case show", case=2))
        assert "what it said is not kept" in shown
        assert "Bob was paid" not in shown
        await slash(scene, str(HEADLINES), "case reinstate", case=2)
        await until_done(scene)
        assert "Bob was paid" not in "".join(one["content"] for one in await public(scene, thread))


# --- undone at a bad moment ----------------------------------------------------------------------------


LOST: dict[str, Any] = {"status": 503, "drop": "after"}  # done, and nobody hears of it


async def test_reinstated_while_it_is_being_removed(scene: Scenario, thread: str, clock: AheadClock) -> None:
    """What was not deleted stays; what was is posted again, though nobody heard of it. Of two who decide one is late."""
    for case, (fault, under_way, goes) in enumerate(
        (
            ({"status": 503}, False, False),
            (LOST, False, True),
            ({"status": 503, "delay": 0.3}, True, False),
            ({"delay": 0.3}, True, True),
            (LOST | {"delay": 0.3}, True, True),
        ),
        1,
    ):
        words = f"Bob was paid {case}."
        post = (await scene.post("bob", thread, words))["id"]
        await scene.until_seen(post)
        await scene.fault(event="MESSAGE_DELETE", mode="lose")
        await scene.fault(method="DELETE", path=f"/messages/{post}$", **fault)
        await remove(scene, thread, post)
        await (until_step(scene, "take-down", "sending") if under_way else until_problem(scene, "take-down"))

        both = [slash(scene, thread, "case reinstate", who, case=case) for who in ("mia", "ada")]
        first, second = sorted(map(texts, await asyncio.gather(*both)), key=len)
        assert first.startswith(f"Case #{case} is reinstated.")
        assert second.startswith(f"Case #{case} is decided already:")
        await until_done(scene, clock)
        await scene.clear_faults()

        there = await public(scene, thread)
        assert (fault, [one["content"].split("\n")[0] for one in there].count(words)) == (fault, 1)
        assert (post in {one["id"] for one in there}) is not goes
        assert [texts(one)[:2] for one in there if f"Case #{case}" in texts(one)] == ["~~"] * goes
        entries = [texts(one) for one in await scene.messages(MOD_LOG) if f"Case #{case}" in texts(one)]
        assert ["reinstated" in text for text in entries] == [True]


# --- parts ---------------------------------------------------------------------------------------------


async def bots_role(scene: Scenario) -> tuple[str, int]:
    """The bot's role, and its permissions."""
    roles = (await scene.call("GET", "/local/state"))["roles"]
    return next((one["id"], int(one["permissions"])) for one in roles if one["name"] == "Newsthread")


async def permit(scene: Scenario, role: str, permissions: int) -> None:
    await scene.call("PATCH", f"/local/roles/{role}", {"permissions": str(permissions)})


async def overwrite(scene: Scenario, channel: int, role: str, deny: int) -> None:
    """Deny a role something in a channel."""
    theirs = [{"id": role, "type": 0, "allow": "0", "deny": str(deny)}]
    await scene.call("PATCH", f"/local/channels/{channel}", {"permission_overwrites": theirs if deny else []})


async def later(scene: Scenario, clock: AheadClock, seconds: float) -> None:
    """Time passes, for the bot and for Discord."""
    await scene.call("POST", "/local/clock", {"advance": seconds})
    clock.advance(seconds)


async def as_bot(scene: Scenario, path: str, **body: Any) -> Any:
    """What the bot's own token does besides the bot."""
    headers = {"Authorization": "Bot local-bot-token"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(f"{scene.discord}/api/v10{path}", json=body) as response,
    ):
        assert response.status < 300, await response.text()
        return await response.json()


def undone(scene: Scenario) -> list[tuple[str, str, str]]:
    """Kind, state and problem of what is to be done soon for a case, or can't be done."""
    soon = scene.clock.now() + timedelta(seconds=3)
    question = (
        "SELECT kind, state, not_before, problem FROM job WHERE state IN ('pending', 'sending', 'unknown')"
        f" AND kind IN {STEPS}"
    )
    return [
        (kind, state, problem)
        for kind, state, due, problem in scene.rows(question)
        if problem or datetime.fromisoformat(f"{due}+00:00") < soon
    ]


async def until_done(scene: Scenario, clock: AheadClock | None = None) -> None:
    """Wait until nothing is left to do; with ``clock`` the pauses between tries take no time."""

    async def done() -> bool:
        left = undone(scene)
        if clock is not None and all(state != "sending" for _, state, _ in left):
            clock.advance(0.5)
        return not left

    try:
        await until(done)
    except AssertionError:
        raise AssertionError(f"not done: {undone(scene)}") from None


async def until_step(scene: Scenario, kind: str, *states: str) -> None:
    """Wait until the last job of a kind is in one of the states."""

    async def there() -> bool:
        found = scene.rows("SELECT state FROM job WHERE kind = ? ORDER BY id DESC LIMIT 1", kind)
        return found != [] and found[0][0] in states

    await until(there)


async def until_problem(scene: Scenario, kind: str) -> str:
    """Wait until something stands in the way of a job of a kind, and return what."""

    async def problem() -> Any:
        return next((problem for one, _, problem in undone(scene) if one == kind and problem), None)

    said: str = await until(problem)
    return said


async def until_looked_into(scene: Scenario, clock: AheadClock) -> None:
    """Wait until it is known of every post that went by whom it was deleted."""

    async def known() -> bool:
        clock.advance(1)
        return scene.rows("SELECT count(*) FROM disappeared") == [(0,)]

    await until(known)


async def told_gone(scene: Scenario, post: str) -> bool:
    """Whether the store was told of a deletion."""
    deleted = "SELECT 1 FROM post WHERE message_id = ? AND deleted_at IS NOT NULL"
    return bool(scene.rows(deleted, int(post)))


async def delete(scene: Scenario, who: str, place: str, message: str) -> None:
    await scene.call("DELETE", f"/local/as/{who}/channels/{place}/messages/{message}")


async def whole(scene: Scenario, thread: str, who: str, post: str) -> bool:
    """Whether a removal did all that it does, and each once."""
    ((case,),) = scene.rows("SELECT case_id FROM case_post WHERE message_id = ?", int(post))
    assert post not in {one["id"] for one in await scene.messages(thread)}
    numbered = f"Case #{case}"
    for place in (await scene.messages(thread), await letters(scene, who), await scene.messages(MOD_LOG)):
        found = [text for one in place if numbered in (text := texts(one))]
        assert len(found) == 1, (numbered, found)
        assert REASON in found[0]
    assert scene.rows("SELECT state FROM moderation_case WHERE id = ?", case) == [("standing",)]
    return scene.rows("SELECT told FROM case_member WHERE case_id = ?", case) == [("told",)]


async def public(scene: Scenario, thread: str) -> list[dict[str, Any]]:
    """What everybody sees in a thread below its opening post."""
    return [one for one in (await scene.messages(thread))[1:] if not one["flags"] & 64]


def notice_of(case: int, messages: list[dict[str, Any]]) -> str | None:
    return next((one["id"] for one in messages if f"Case #{case}" in texts(one)), None)


async def roles_of(scene: Scenario, member: int) -> list[str]:
    members = (await scene.call("GET", "/local/state"))["members"]
    return next(one["roles"] for one in members if one["id"] == str(member))


async def free(scene: Scenario, member: int) -> bool:
    return await roles_of(scene, member) == []


async def forgotten(scene: Scenario, path: str) -> bool:
    """Whether a kept file is gone."""
    return not await asyncio.to_thread((scene.folder / "removed" / path).exists)


async def letters(scene: Scenario, who: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await scene.call("GET", f"/local/dms/{who}")
    return found
