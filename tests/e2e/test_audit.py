"""Stores that were restored, copied, lost or doubled: what stands on Discord is adopted, never repeated."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot import audit
from bot.store import backup
from localdiscord.seed import TOKEN
from tests.e2e.test_quotes import reposted
from tests.scenario import FORUM, GUILD, HEADLINES, MOD_LOG, Scenario, texts, until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

WAITING = "I saw it."  # an answer that Discord keeps waiting
NAMES = ("newsthread.db", "newsthread.db-wal", "newsthread.db-shm")


def asked(scene: Scenario, question: str) -> list[tuple[Any, ...]]:
    """What a statement finds in the store's file."""
    path = f"file:{scene.folder}/newsthread.db?mode=ro"
    with contextlib.closing(sqlite3.connect(path, uri=True)) as store:
        return store.execute(question).fetchall()


async def until_asked(scene: Scenario, question: str, *rows: tuple[Any, ...]) -> None:
    async def so() -> bool:
        return asked(scene, question) == list(rows)

    await until(so)


async def until_quiet(scene: Scenario) -> None:
    """Wait until nothing is left to do."""
    await until_asked(scene, "SELECT 1 FROM job WHERE state IN ('pending', 'sending', 'unknown')")


def restore(scene: Scenario, copy: Path) -> None:
    """Put a copy in the store's place, as docs/store.md says."""
    for name in NAMES:
        (scene.folder / name).unlink(missing_ok=True)
    shutil.copy(copy, scene.folder / NAMES[0])


async def contents(scene: Scenario, place: int | str) -> list[str]:
    return [texts(message) for message in await scene.messages(place)]


async def test_a_restored_backup_repeats_nothing(scene: Scenario) -> None:
    """Whatever was posted, quoted, told or removed since the backup stays as it is; what comes after follows in order."""
    scene.watch("/world.rss", quotes="companion")
    scene.watch("/short.rss", HEADLINES)
    scene.paper.publish("/world.rss", "One")
    edited = scene.paper.publish("/short.rss", "Uno")
    copy = scene.folder / "copy.db"
    async with scene.bot():
        (one,) = await scene.until_names("One")
        await scene.until_names("Uno", channel=HEADLINES)
        await until_quiet(scene)
        # In the backup Two waits, since Discord is busy.
        await scene.fault(method="POST", path=rf"/channels/{FORUM}/threads$", status=429, retry_after=0.2)
        scene.paper.publish("/world.rss", "Two")
        await until_asked(scene, "SELECT count(*) FROM job WHERE attempt AND state != 'done'", (1,))
        await backup(scene.settings().store.url, copy)
        await scene.clear_faults()

        async with scene.hurried():
            await scene.until_names("One", "Two")
        for path, title in (("/world.rss", "Three"), ("/world.rss", "Four"), ("/short.rss", "Due")):
            scene.paper.publish(path, title)
        _, _, three, _ = await scene.until_names("One", "Two", "Three", "Four")
        edited["title"] = "Uno, corrected"
        uno, due = await scene.until_names("Uno, corrected", "Due", channel=HEADLINES)
        bob = await scene.post("bob", one["id"], "Is that so?")
        await scene.post("alice", one["id"], "It is.", reply_to=bob["id"])
        await scene.until_content(one["id"], lambda messages: len(messages) == 4)
        await scene.call("DELETE", f"/local/as/ada/channels/{three['id']}")
        await scene.call("DELETE", f"/local/as/ada/channels/{HEADLINES}/messages/{due['id']}")
        await until_quiet(scene)
    restore(scene, copy)
    talk, headlines = await contents(scene, one["id"]), await contents(scene, HEADLINES)
    notes = await contents(scene, uno["id"])

    async with scene.bot(), scene.hurried():
        scene.paper.publish("/world.rss", "Five")
        await scene.until_names("One", "Two", "Four", "Five")
        await scene.polls("/short.rss")
        await until_quiet(scene)
        titles = "SELECT title FROM article JOIN story ON article_id = article.id WHERE {} ORDER BY title"
        await until_asked(
            scene, titles.format("thread_id"), ("Five",), ("Four",), ("One",), ("Two",), ("Uno, corrected",)
        )
        await until_asked(scene, titles.format("removed_at"), ("Due",), ("Three",))
        await scene.post("alice", one["id"], "Go on.", reply_to=bob["id"])
        await scene.until_content(one["id"], lambda messages: len(messages) == len(talk) + 2)
    assert (await contents(scene, one["id"]))[: len(talk)] == talk
    assert await contents(scene, HEADLINES) == headlines
    assert await contents(scene, uno["id"]) == notes
    assert await scene.names() == ["One", "Two", "Four", "Five"]


async def test_quotes_of_the_backup_are_found_among_others(scene: Scenario) -> None:
    """Of several posts that a restored store knows nothing of, each of its waiting quotes is the one by that member."""
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "One")
    copy = scene.folder / "copy.db"

    async def typed(place: str, target: str, words: str) -> None:
        (form,) = await scene.interact("alice", "message", place, name="Quote…", target_id=target)
        *_, answer = form["data"]["components"]
        fields = {answer["component"]["custom_id"]: words}
        await scene.interact("alice", "modal", place, custom_id=form["data"]["custom_id"], fields=fields)
        if words != WAITING:
            await reposted(scene, place, "Alice", words)

    async with scene.bot():
        (one,) = await scene.until_names("One")
        place = one["id"]
        ada = (await scene.post("ada", place, "Is that so?"))["id"]
        await typed(place, ada, "It is.")
        await until_quiet(scene)
        await scene.fault(method="POST", path=r"/webhooks/\d+/", status=429, retry_after=0.2)
        await typed(place, ada, WAITING)
        await scene.post("bob", place, "Me too.", reply_to=ada)
        await until_asked(scene, "SELECT count(*) FROM job WHERE kind = 'quote' AND state != 'done'", (2,))
        await backup(scene.settings().store.url, copy)
        await scene.clear_faults()
        async with scene.hurried():
            await reposted(scene, place, "Alice", WAITING)
            await reposted(scene, place, "Bob", "Me too.")
        await typed(place, ada, "Thank you.")
        await scene.post("mia", place, "Go on.", reply_to=ada)
        await reposted(scene, place, "Mia", "Go on.")
        await until_quiet(scene)
    restore(scene, copy)
    talk = await contents(scene, place)
    ids = [int(message["id"]) for message in await scene.messages(place)]

    async with scene.bot(), scene.hurried():
        await until_asked(
            scene,
            "SELECT message_id FROM job WHERE kind = 'quote' AND state = 'done' ORDER BY id",
            *[(each,) for each in ids[2:5]],
        )
        await until_quiet(scene)
        await scene.polls("/world.rss")
    assert await contents(scene, place) == talk


async def test_a_plain_copy_is_noticed(scene: Scenario, caplog: pytest.LogCaptureFixture) -> None:
    """A copy made with cp, put back later, repeats nothing either: threads that it does not know give it away."""
    scene.watch("/world.rss", quotes="companion")
    scene.paper.publish("/world.rss", "One")
    async with scene.bot():
        await scene.until_names("One")
        await until_quiet(scene)
    copy = scene.folder / "copy.db"
    shutil.copy(scene.folder / NAMES[0], copy)
    async with scene.bot():
        scene.paper.publish("/world.rss", "Two")
        one, _ = await scene.until_names("One", "Two")
        bob = await scene.post("bob", one["id"], "Is that so?")
        await scene.post("alice", one["id"], "It is.", reply_to=bob["id"])
        talk = await scene.until_content(one["id"], lambda messages: messages if len(messages) == 4 else None)
        await until_quiet(scene)
    restore(scene, copy)

    async with scene.bot():
        scene.paper.publish("/world.rss", "Three")
        await scene.until_names("One", "Two", "Three")
        await scene.polls("/world.rss")
        await until_quiet(scene)
    assert "it was restored, or made anew" in caplog.text
    assert len(await scene.messages(one["id"])) == len(talk)
    assert await scene.names() == ["One", "Two", "Three"]


async def test_a_new_store_adopts_what_stands(scene: Scenario) -> None:
    """A store made anew takes over the threads of all articles that the feeds still bring, be they to be posted or not,
    wherever they stand now; a channel that is closed holds up no other."""
    scene.watch("/world.rss")
    scene.watch("/short.rss", HEADLINES)
    for path, title in (("/world.rss", "One"), ("/world.rss", "Two"), ("/short.rss", "Uno")):
        scene.paper.publish(path, title)
    async with scene.bot():
        one, _ = await scene.until_names("One", "Two")
        await scene.until_names("Uno", channel=HEADLINES)
        await until_quiet(scene)
    await scene.call("PATCH", f"/local/as/ada/channels/{one['id']}", {"archived": True})
    for name in NAMES:
        (scene.folder / name).unlink(missing_ok=True)
    scene.feeds[0] = scene.feeds[0].model_copy(update={"backfill": 1})
    scene.paper.publish("/short.rss", "Due")
    closed = [{"id": str(GUILD), "type": 0, "allow": "0", "deny": "1024"}]
    await scene.call("PATCH", f"/local/channels/{HEADLINES}", {"permission_overwrites": closed})

    async with scene.bot():
        standing = (
            "SELECT title FROM article JOIN story ON article_id = article.id WHERE thread_id ORDER BY title"
        )
        await until_asked(scene, standing, ("One",), ("Two",))
        scene.paper.publish("/world.rss", "Three")
        await scene.until_names("One", "Two", "Three")
        await scene.call("PATCH", f"/local/channels/{HEADLINES}", {"permission_overwrites": []})
        scene.clock.advance(audit.CLOSED_RETRY)
        async with scene.hurried():
            await scene.until_names("Uno", "Due", channel=HEADLINES)
    assert await scene.names() == ["One", "Two", "Three"]


async def open_as_bot(scene: Scenario, name: str, token: str) -> None:
    """A forum post with this marker, opened past the bot under its own name."""
    button = {"type": 2, "style": 2, "label": "Details", "custom_id": f"nt:{token}"}
    message = {"content": name, "components": [{"type": 1, "components": [button]}]}
    headers = {"Authorization": f"Bot {TOKEN}"}
    url = f"{scene.discord}/api/v10/channels/{FORUM}/threads"
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(url, json={"name": name, "message": message}) as response,
    ):
        assert response.status == 201


async def test_nightly(scene: Scenario, caplog: pytest.LogCaptureFixture) -> None:
    """The comparison both ways finds threads that were deleted while nobody told us, and copies that nobody answered;
    threads of another installation are told to the moderators, once, and stay."""
    scene.watch("/world.rss")
    for title in ("One", "Two"):
        scene.paper.publish("/world.rss", title)
    async with scene.bot():
        one, two = await scene.until_names("One", "Two")
        await until_quiet(scene)
    await scene.call("DELETE", f"/local/as/ada/channels/{one['id']}")
    mine, theirs = scene.folder / NAMES[0], scene.folder / "mine.db"
    # Another installation with the same token, that watches the same feed under another name.
    mine.rename(theirs)
    feeds, scene.feeds = scene.feeds, [scene.feeds[0].model_copy(update={"id": "else", "backfill": 1})]
    async with scene.bot():
        _, strange = await scene.until_names("Two", "Two")
        await until_quiet(scene)
    scene.feeds = feeds
    restore(scene, theirs)
    ((token,),) = asked(scene, f"SELECT token FROM story WHERE thread_id = {two['id']}")
    await open_as_bot(scene, "Two once more", token)

    gone = f"SELECT count(*) FROM own_thread WHERE deleted_at AND thread_id = {one['id']}"
    for _ in range(2):
        async with scene.bot():
            told = await scene.until_content(
                MOD_LOG,
                lambda messages: [text for text in map(texts, messages) if strange["id"] in text],
            )
            scene.clock.advance(audit.FIRST_THOROUGH)
            await until_asked(scene, gone, (1,))
            scene.clock.advance(audit.DAY * 1.2)
            await scene.polls("/world.rss")
    assert [text.startswith("Threads that this bot opened") for text in told] == [True]
    assert f"/{strange['id']}" in caplog.text
    assert await scene.names() == ["Two", "Two"]


async def test_the_audit_log_is_not_needed(scene: Scenario) -> None:
    """An audit log that Discord does not let us read, whatever the permissions say, keeps nothing from being posted."""
    await scene.fault(method="GET", path="/audit-logs", status=403, code=60003, times=1000)
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "One")
    async with scene.bot():
        await scene.until_names("One")


async def test_a_fault_of_ours_holds_up_openings_only(
    scene: Scenario, caplog: pytest.LogCaptureFixture
) -> None:
    """When looking for what stands fails as nobody foresaw, articles wait and the status page says so; all else goes on,
    and the articles follow."""
    caplog.set_level("INFO", "bot.troubles")
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "One")
    async with scene.bot():
        (one,) = await scene.until_names("One")
        bob = await scene.post("bob", one["id"], "Is that so?")
    await scene.fault(method="GET", path="/threads/active", status=204, times=1000)  # no list at all
    scene.paper.publish("/world.rss", "Two")
    async with scene.bot():
        await scene.post("alice", one["id"], "It is.", reply_to=bob["id"])
        await reposted(scene, one["id"], "Alice", "It is.")
        await until_asked(scene, "SELECT count(*) FROM job WHERE kind = 'open' AND state = 'pending'", (1,))
        assert "New articles wait (world)" in caplog.text
        await scene.clear_faults()
        scene.clock.advance(audit.FAULT_RETRY)
        async with scene.hurried():
            await scene.until_names("One", "Two")
    assert "over: New articles wait (world)" in caplog.text
