"""Quotes when things go wrong: lost answers and events, kills, deletions at bad moments. Nothing twice, nothing lost."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from localdiscord import Limits
from tests.e2e.test_quotes import REMOVED, quote_of, reposted, said
from tests.process import bot_process
from tests.scenario import Scenario, scenario, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.slow

SPEAK = {"method": "POST", "path": r"/webhooks/\d+/"}
TALK = ("quote", "requote", "replace", "delete")


@pytest.fixture
async def thread(scene: Scenario) -> AsyncIterator[str]:
    """A news thread with the bot at work."""
    prepare(scene)
    async with scene.bot():
        yield await opened(scene)


@pytest.fixture
async def hurried(scene: Scenario, thread: str) -> AsyncIterator[None]:
    """Time jumps to whatever the bot waits for."""
    async with scene.hurried():
        yield


def prepare(scene: Scenario) -> None:
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")


async def opened(scene: Scenario) -> str:
    thread: str = (await scene.until_names("A bridge is opened"))[0]["id"]
    return thread


def jobs(scene: Scenario, *states: str) -> list[tuple[str, str]]:
    """Kind and state of the discussion's jobs in these states."""
    rows = scene.rows("SELECT kind, state FROM job ORDER BY id")
    return [(kind, state) for kind, state in rows if kind in TALK and state in states]


async def until_job(scene: Scenario, kind: str, state: str) -> None:
    async def there() -> bool:
        return (kind, state) in jobs(scene, state)

    await until(there)


async def until_told_deleted(scene: Scenario, message: str) -> None:
    """Wait until the gateway has told the bot of a deletion."""

    async def told() -> bool:
        deleted = "SELECT 1 FROM post WHERE message_id = ? AND deleted_at IS NOT NULL"
        return bool(scene.rows(deleted, int(message)))

    await until(told)


async def until_quiet(scene: Scenario) -> None:
    """Wait until the discussion has nothing left to do."""

    async def quiet() -> bool:
        return not jobs(scene, "pending", "sending", "unknown")

    await until(quiet, 60)


async def talk(scene: Scenario, thread: str) -> list[tuple[str, str]]:
    """Who says what below the opening post; quotes without their first line."""
    found = []
    for one in (await scene.messages(thread))[1:]:
        lines = [*(embed["description"] for embed in one["embeds"]), one["content"]]
        found.append(
            (one["author"]["username"].title(), re.sub(r"> \*\*.*\n", "", "\n".join(filter(None, lines))))
        )
    return found


# --- answers lost --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        {"drop": "before"},
        {"drop": "after"},
        {"status": 500},
        {"status": 502},
        {"status": 502, "drop": "after"},
        {"status": 429, "retry_after": 0.3},
        {"status": 404, "code": 10015},
    ],
    ids=str,
)
@pytest.mark.usefixtures("hurried")
async def test_a_repost_survives_a_bad_answer(scene: Scenario, thread: str, fault: dict[str, Any]) -> None:
    """Whatever the answer to the repost is, there is one in the end, and no native reply."""
    await two_replies(scene, thread, fault)


async def test_a_repost_that_takes_effect_late(scene: Scenario, thread: str) -> None:
    """The same when Discord acts long after the connection was lost."""
    await two_replies(scene, thread, {"late": 0.8})


async def two_replies(scene: Scenario, thread: str, fault: dict[str, Any]) -> None:
    """Alice and Mia answer Bob; the answer to the first repost is as ``fault`` says."""
    bob = await scene.post("bob", thread, "It is long.")
    await scene.fault(**SPEAK, **fault)
    await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
    await scene.post("mia", thread, "Indeed.", reply_to=bob["id"])

    await reposted(scene, thread, "Mia", "Indeed.")
    await until_quiet(scene)

    assert await talk(scene, thread) == [
        ("Bob", "It is long."),
        ("Alice", "> It is long.\nToo long."),
        ("Mia", "> It is long.\nIndeed."),
    ]


@pytest.mark.parametrize(
    "fault", [{"drop": "before"}, {"drop": "after"}, {"status": 502, "drop": "after"}], ids=str
)
async def test_a_companion_survives_a_bad_answer(scene: Scenario, fault: dict[str, Any]) -> None:
    """The same in the mode companion: one embed below the reply."""
    scene.watch("/scene.rss", quotes="companion")
    scene.paper.publish("/scene.rss", "A bridge is opened")
    async with scene.bot(), scene.hurried():
        thread = await opened(scene)
        bob = await scene.post("bob", thread, "It is long.")
        await scene.fault(method="POST", path=rf"/channels/{thread}/messages$", **fault)
        await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
        await scene.until_content(thread, lambda messages: any(one["embeds"] for one in messages))
        await until_quiet(scene)
        assert await talk(scene, thread) == [
            ("Bob", "It is long."),
            ("Alice", "Too long."),
            ("Newsthread", "> It is long."),
        ]


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"drop": "before"}, {"status": 503}], ids=str)
@pytest.mark.parametrize("request_", [("DELETE", r"/messages/\d+$"), ("PATCH", "/webhooks/")], ids=str)
@pytest.mark.usefixtures("hurried")
async def test_deletions_and_edits_survive_a_bad_answer(
    scene: Scenario, thread: str, request_: tuple[str, str], fault: dict[str, Any]
) -> None:
    """The native reply goes, and the quote follows, though the answers to both are lost."""
    bob = await scene.post("bob", thread, "It is long.")
    await scene.fault(method=request_[0], path=request_[1], **fault)
    await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
    await reposted(scene, thread, "Alice", "Too long.")
    await until_quiet(scene)
    await scene.call("PATCH", f"/local/as/bob/channels/{thread}/messages/{bob['id']}", {"content": "Longer."})
    await reposted(scene, thread, "Alice", "> Longer.")
    await until_quiet(scene)
    assert await talk(scene, thread) == [("Bob", "Longer."), ("Alice", "> Longer.\nToo long.")]


async def test_a_moderator_takes_it_away_before_we_hear_of_it(scene: Scenario, thread: str) -> None:
    """A repost whose answer was lost and which a moderator deleted is not posted again; later ones are."""
    bob = await scene.post("bob", thread, "It is long.")
    await scene.fault(**SPEAK, drop="after")
    await scene.post("alice", thread, "Rude.", reply_to=bob["id"])
    post = await reposted(scene, thread, "Alice", "Rude.")
    await scene.call("DELETE", f"/local/as/mia/channels/{thread}/messages/{post['id']}")
    await until_told_deleted(scene, post["id"])
    await scene.post("mia", thread, "Be kind.", reply_to=bob["id"])

    async with scene.hurried():
        await reposted(scene, thread, "Mia", "Be kind.")
        await until_quiet(scene)

    assert await talk(scene, thread) == [
        ("Bob", "It is long."),
        ("Alice", "Rude."),  # her own message, which nobody has deleted
        ("Mia", "> It is long.\nBe kind."),
    ]


@pytest.mark.parametrize("lost", ["source", "reply"])
async def test_deleted_while_it_is_on_its_way(scene: Scenario, thread: str, lost: str) -> None:
    """What is deleted while the repost is under way is gone from it, or with it."""
    bob = await scene.post("bob", thread, "Regretted.")
    await scene.fault(**SPEAK, delay=1.2)
    reply = await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
    await until_job(scene, "quote", "sending")
    who, message = ("bob", bob) if lost == "source" else ("alice", reply)
    await scene.call("DELETE", f"/local/as/{who}/channels/{thread}/messages/{message['id']}")

    await until_quiet(scene)

    left = [("Alice", f"{REMOVED}\nToo long.")] if lost == "source" else [("Bob", "Regretted.")]
    assert await talk(scene, thread) == left


@pytest.mark.parametrize("lost", ["source", "reply"])
async def test_deleted_while_it_waits(scene: Scenario, thread: str, lost: str) -> None:
    """What is deleted before the repost could be sent is never shown."""

    async def held() -> bool:
        held_up = "SELECT state FROM job WHERE kind = 'quote' AND problem IS NOT NULL"
        return scene.rows(held_up) == [("pending",)]

    bob = await scene.post("bob", thread, "Regretted.")
    await scene.fault(method="GET", path=rf"/channels/{thread}/messages/\d+$", status=503)
    reply = await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
    await until(held)
    who, message = ("bob", bob) if lost == "source" else ("alice", reply)
    await scene.call("DELETE", f"/local/as/{who}/channels/{thread}/messages/{message['id']}")
    await until_told_deleted(scene, message["id"])

    async with scene.hurried():
        await until_quiet(scene)

    left = [("Alice", f"{REMOVED}\nToo long.")] if lost == "source" else [("Bob", "Regretted.")]
    assert await talk(scene, thread) == left
    spoken = await scene.requests("POST", "/webhooks/")
    assert not any("Regretted" in str(one["body"]) for one in spoken)


# --- stopped and killed --------------------------------------------------------------------------------


async def test_stopped_in_the_middle(scene: Scenario) -> None:
    """A bot stopped while Discord takes its time goes on at the next start."""
    prepare(scene)
    async with scene.bot():
        thread = await opened(scene)
        bob = await scene.post("bob", thread, "It is long.")
        await scene.fault(**SPEAK, delay=60)
        await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
        await until_job(scene, "quote", "sending")
    await scene.clear_faults()
    async with scene.bot(), scene.hurried():
        await reposted(scene, thread, "Alice", "Too long.")
        await until_quiet(scene)
        assert await talk(scene, thread) == [("Bob", "It is long."), ("Alice", "> It is long.\nToo long.")]


@pytest.mark.parametrize(
    "request_",
    [("POST", r"/webhooks/\d+/"), ("DELETE", r"/messages/\d+$")],
    ids=["before the receipt", "before the reply is deleted"],
)
async def test_killed(scene: Scenario, request_: tuple[str, str]) -> None:
    """Killed between posting and receipt, or between receipt and deletion: one repost, and no native reply."""
    prepare(scene)
    async with bot_process(scene) as bot:
        thread = await opened(scene)
        bob = await scene.post("bob", thread, "It is long.")
        await scene.fault(method=request_[0], path=request_[1], delay=1)
        await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
        await until(lambda: asked(scene, *request_))
        bot.kill()
        await bot.wait()
    # Within ``settle``, which the clock is about to jump over.
    await until(lambda: asked(scene, *request_, answered=True))
    async with scene.bot(), scene.hurried():
        await reposted(scene, thread, "Alice", "Too long.")
        await until_quiet(scene)
        assert await talk(scene, thread) == [("Bob", "It is long."), ("Alice", "> It is long.\nToo long.")]


async def asked(scene: Scenario, method: str, path: str, *, answered: bool = False) -> bool:
    """Whether Discord got such a request, and is through with it."""
    found = [one for one in await scene.requests(method, "/") if re.search(path, one["path"])]
    return any(one["status"] or not answered for one in found)


async def test_killed_half_way_through_redacting(tmp_path: Path) -> None:
    """Twenty quotes of one deleted post: all are redacted after a kill in the midst of it."""
    async with scenario(tmp_path, Limits.none()) as scene:
        await redact_with_a_kill(scene)


async def redact_with_a_kill(scene: Scenario) -> None:
    prepare(scene)
    async with bot_process(scene) as bot:
        thread = await opened(scene)
        bob = await scene.post("bob", thread, "Regretted.")
        for number in range(20):
            await scene.post("alice", thread, f"Answer {number}.", reply_to=bob["id"])
        await reposted(scene, thread, "Alice", "Answer 19.")
        await until_quiet(scene)
        await scene.fault(method="PATCH", path="/webhooks/", delay=0.2, times=20)
        await scene.call("DELETE", f"/local/as/bob/channels/{thread}/messages/{bob['id']}")
        redacted = await scene.until_content(
            thread, lambda messages: sum(REMOVED in one["content"] for one in messages) >= 4
        )
        bot.kill()
        await bot.wait()
    await scene.clear_faults()
    assert redacted
    assert any("Regretted" in text for _, text in await talk(scene, thread))
    async with scene.bot(), scene.hurried():
        await until_quiet(scene)
        assert await talk(scene, thread) == [
            ("Alice", f"{REMOVED}\nAnswer {number}.") for number in range(20)
        ]


# --- events --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["lose", "twice", "late"])
async def test_a_reply_is_told_of_never_twice_or_late(scene: Scenario, thread: str, mode: str) -> None:
    """One repost, at the latest when the session is new."""
    bob = await scene.post("bob", thread, "It is long.")
    await scene.until_seen(bob["id"])
    await scene.fault(event="MESSAGE_CREATE", mode=mode)
    await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
    if mode == "late":
        await scene.react("mia", thread, bob["id"], "👍")
    if mode == "lose":
        await scene.new_session()

    await reposted(scene, thread, "Alice", "Too long.")
    await until_quiet(scene)

    assert await talk(scene, thread) == [("Bob", "It is long."), ("Alice", "> It is long.\nToo long.")]


@pytest.mark.parametrize(
    ("mode", "deleted"),
    # Lost and deleted: nothing tells that this message ever was.
    [("lose", False), ("twice", False), ("late", False), ("twice", True), ("late", True)],
)
async def test_our_own_post_is_told_of_never_twice_or_late(
    scene: Scenario, thread: str, mode: str, *, deleted: bool
) -> None:
    """A repost whose answer was lost is found, whatever becomes of its event; one deleted stays away."""
    bob = await scene.post("bob", thread, "It is long.")
    await scene.fault(**SPEAK, delay=0.5, drop="after")
    await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
    await until_job(scene, "quote", "sending")
    await scene.fault(event="MESSAGE_CREATE", mode=mode)
    post = await reposted(scene, thread, "Alice", "Too long.")
    if deleted:
        await scene.call("DELETE", f"/local/as/mia/channels/{thread}/messages/{post['id']}")
        await until_told_deleted(scene, post["id"])  # which is what ``settle`` is for

    async with scene.hurried():
        await until_quiet(scene)

    answer = "Too long." if deleted else "> It is long.\nToo long."
    assert await talk(scene, thread) == [("Bob", "It is long."), ("Alice", answer)]


@pytest.mark.parametrize("mode", ["lose", "twice", "late"])
async def test_an_edit_is_told_of_never_twice_or_late(scene: Scenario, thread: str, mode: str) -> None:
    """Edited twice: the quote ends with the newest words, in whatever order it was told."""
    bob = await scene.post("bob", thread, "First.")
    await scene.post("alice", thread, "Well.", reply_to=bob["id"])
    await reposted(scene, thread, "Alice", "> First.")
    await until_quiet(scene)
    path = f"/local/as/bob/channels/{thread}/messages/{bob['id']}"
    await scene.fault(event="MESSAGE_UPDATE", mode=mode, times=2 if mode == "lose" else 1)
    await scene.call("PATCH", path, {"content": "Second."})
    await scene.call("PATCH", path, {"content": "Third."})
    if mode == "lose":
        await scene.new_session()

    await reposted(scene, thread, "Alice", "> Third.")
    mark = await scene.post("mia", thread, "Done.")
    await scene.until_seen(mark["id"])
    await until_quiet(scene)

    assert await talk(scene, thread) == [
        ("Bob", "Third."),
        ("Alice", "> Third.\nWell."),
        ("Mia", "Done."),
    ]


@pytest.mark.parametrize("mode", ["lose", "twice", "late"])
async def test_a_deletion_is_told_of_never_twice_or_late(scene: Scenario, thread: str, mode: str) -> None:
    """The quote is redacted, at the latest when the session is new."""
    bob = await scene.post("bob", thread, "Regretted.")
    await scene.post("alice", thread, "Well.", reply_to=bob["id"])
    await reposted(scene, thread, "Alice", "> Regretted.")
    await until_quiet(scene)
    await scene.fault(event="MESSAGE_DELETE", mode=mode)
    await scene.call("DELETE", f"/local/as/bob/channels/{thread}/messages/{bob['id']}")
    if mode == "late":
        await scene.post("mia", thread, "Where is it?")
    if mode == "lose":
        await scene.new_session()

    await scene.until_content(thread, lambda messages: said(messages, "Alice", f"{REMOVED}\nWell."))


async def test_a_source_never_told_of_is_redacted_all_the_same(scene: Scenario) -> None:
    """A quoted post whose own event was lost, deleted while the bot was away: its quote is redacted at the start."""
    prepare(scene)
    async with scene.bot():
        thread = await opened(scene)
        await scene.fault(event="MESSAGE_CREATE", mode="lose")
        bob = await scene.post("bob", thread, "Regretted.")
        await scene.post("alice", thread, "Well.", reply_to=bob["id"])
        await reposted(scene, thread, "Alice", "> Regretted.")
        await until_quiet(scene)
    await scene.call("DELETE", f"/local/as/bob/channels/{thread}/messages/{bob['id']}")
    async with scene.bot():
        await scene.until_content(thread, lambda messages: said(messages, "Alice", f"{REMOVED}\nWell."))


async def test_a_forgotten_session(scene: Scenario, thread: str) -> None:
    """What happened while the gateway was gone is found: a reply, an edit, a deletion."""
    edited = await scene.post("bob", thread, "Old.")
    await scene.post("alice", thread, "One.", reply_to=edited["id"])
    deleted = await scene.post("bob", thread, "Regretted.")
    await scene.post("alice", thread, "Two.", reply_to=deleted["id"])
    await reposted(scene, thread, "Alice", "Two.")
    await until_quiet(scene)
    for event in ("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"):
        await scene.fault(event=event, mode="lose")
    path = f"/local/as/bob/channels/{thread}/messages"
    await scene.call("PATCH", f"{path}/{edited['id']}", {"content": "New."})
    await scene.call("DELETE", f"{path}/{deleted['id']}")
    await scene.post("alice", thread, "Three.", reply_to=edited["id"])

    await scene.new_session()

    await reposted(scene, thread, "Alice", "Three.")
    await reposted(scene, thread, "Alice", REMOVED)
    await until_quiet(scene)
    assert await talk(scene, thread) == [
        ("Bob", "New."),
        ("Alice", "> New.\nOne."),
        ("Alice", f"{REMOVED}\nTwo."),
        ("Alice", "> New.\nThree."),
    ]


@pytest.mark.usefixtures("hurried")
async def test_the_opening_post_is_revised(scene: Scenario, thread: str) -> None:
    """A quote of the article does not become the whole opening post when that is edited."""
    await scene.post("alice", thread, "Good news.", reply_to=thread)
    post = await reposted(scene, thread, "Alice", "Good news.")
    await until_quiet(scene)
    before = (await scene.messages(thread))[0]
    await scene.react("bob", thread, thread, "❤️")
    await scene.until_content(thread, lambda messages: messages[0]["edited_timestamp"])
    mark = await scene.post("mia", thread, "Done.")
    await scene.until_seen(mark["id"])
    await until_quiet(scene)

    assert "What is known about" in post["content"]
    assert str((await scene.messages(thread))[0]) != str(before)
    assert post["content"] in [one["content"] for one in await scene.messages(thread)]


# --- what is taken from us -----------------------------------------------------------------------------


async def test_the_webhook_is_deleted_by_hand(scene: Scenario, thread: str) -> None:
    """New posts get a new webhook; an edit leaves old ones as they are, a deletion has them posted anew, redacted."""
    bob = await scene.post("bob", thread, "It is long.")
    await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
    old = await reposted(scene, thread, "Alice", "Too long.")
    await until_quiet(scene)
    await scene.call("DELETE", f"/local/webhooks/{old['webhook_id']}?as=ada")

    mia = await scene.post("mia", thread, "It is fine.")
    await scene.post("alice", thread, "Is it?", reply_to=mia["id"])
    new = await reposted(scene, thread, "Alice", "Is it?")
    path = f"/local/as/bob/channels/{thread}/messages/{bob['id']}"
    await scene.call("PATCH", path, {"content": "It is longer."})
    await until_job(scene, "requote", "parked")
    assert ("Alice", "> It is long.\nToo long.") in await talk(scene, thread)
    await scene.call("DELETE", path)
    await reposted(scene, thread, "Alice", f"{REMOVED}\nToo long.")
    await until_quiet(scene)

    assert new["webhook_id"] != old["webhook_id"]
    assert await talk(scene, thread) == [
        ("Mia", "It is fine."),
        ("Alice", "> It is fine.\nIs it?"),
        ("Alice", f"{REMOVED}\nToo long."),
    ]


async def test_without_message_content(scene: Scenario) -> None:
    """The portal's switch is off: news come, replies stay as they are, Quote… works."""
    prepare(scene)
    await scene.call("PATCH", "/local/application", {"privileged_intents": False})
    async with scene.bot():
        thread = await opened(scene)
        bob = await scene.post("bob", thread, "It is long.")
        reply = await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
        await scene.until_seen(reply["id"])
        (form,) = await scene.interact("mia", "message", thread, name="Quote…", target_id=bob["id"])
        *_, answer = (label["component"]["custom_id"] for label in form["data"]["components"])
        await scene.interact(
            "mia", "modal", thread, custom_id=form["data"]["custom_id"], fields={answer: "Is it?"}
        )
        post = await reposted(scene, thread, "Mia", "Is it?")
        await until_quiet(scene)

        assert re.fullmatch(quote_of(bob, "Bob", "It is long.") + re.escape("Is it?"), post["content"])
        assert ("Alice", "Too long.") in await talk(scene, thread)


async def test_what_could_not_be_stored_is_caught_up(
    scene: Scenario, thread: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A deletion told while the store can't be written is not forgotten: its quote loses the words soon after."""
    bob = await scene.post("bob", thread, "Regretted words.")
    await scene.post("alice", thread, "Really?", reply_to=bob["id"])
    await reposted(scene, thread, "Alice", "> Regretted words.")
    await until_quiet(scene)

    async def failed() -> bool:
        return "Nothing is posted" in caplog.text

    with contextlib.closing(
        sqlite3.connect(scene.folder / "newsthread.db", isolation_level=None, check_same_thread=False)
    ) as other:
        # As another program does that holds the file; aside, lest the bot's own transaction waits for this loop.
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        await scene.call("DELETE", f"/local/as/bob/channels/{thread}/messages/{bob['id']}")
        await until(failed)
        other.execute("ROLLBACK")
    scene.clock.advance(60)  # after which writing is tried again

    await reposted(scene, thread, "Alice", f"{REMOVED}\nReally?")
