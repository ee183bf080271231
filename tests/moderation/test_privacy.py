"""Members' own data: theirs to have and to erase, and forgotten in time."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.model import CaseKind, CasePost, KeptFile, Made, NewCase, Snapshot
from bot.moderation.privacy import LEFT_OVER_AFTER, SWEEP_EVERY, Privacy
from bot.settings.keys import ModerationKeys
from bot.store import Store
from tests.moderation.acting import until_says
from tests.scenario import Scenario, texts, until
from tests.store.samples import ALICE, BOB, THREAD, opened, quotation, quoted, wish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import StillClock

MIA = 303
KEEP = timedelta(days=30)


@pytest.fixture
async def store(store: Store, clock: StillClock) -> Store:
    """With a story in it."""
    await opened(store, clock, thread_id=THREAD)
    return store


@pytest.fixture
def privacy(store: Store, clock: StillClock) -> Privacy:
    return Privacy(store, ModerationKeys(keep=KEEP), clock, lambda: None)


async def removal(
    store: Store, clock: StillClock, message_id: int, *files: bytes
) -> tuple[int, tuple[str, ...]]:
    """A case about a post of Bob's; its number, and the paths of the files kept for it."""
    snapshot = Snapshot(content="What Bob said", words="What Bob said")
    post = CasePost(message_id, THREAD, BOB, "Bob", "", Made.NATIVE, clock.now(), snapshot)
    new = NewCase(message_id, CaseKind.OUTSIDE, MIA, "was rude", story_id=1, posts=(post,))
    case_id = (await store.open_case(new, clock.now())).case_id
    assert case_id is not None
    paths = await store.kept.keep(case_id, message_id, files)
    kept = tuple(KeptFile(f"{path}.txt", 3, path) for path in paths)
    await store.files_kept(case_id, message_id, kept)
    return case_id, paths


async def until_swept(privacy: Privacy, store: Store, gone: str) -> None:
    """Run the loop until it has dropped a file."""
    task = asyncio.create_task(privacy.run())

    async def dropped() -> bool:
        return await store.kept.read(gone) is None

    await until(dropped)
    task.cancel()
    await asyncio.wait({task})


async def test_words_and_files_are_kept_no_longer_than_configured(
    store: Store, clock: StillClock, privacy: Privacy
) -> None:
    """After that time the case is there without them; what is younger stays whole."""
    old, (old_file,) = await removal(store, clock, 7001, b"old")
    clock.advance((KEEP - timedelta(hours=1)).total_seconds())
    young, (young_file,) = await removal(store, clock, 7002, b"new")
    task = asyncio.create_task(privacy.run())
    await asyncio.sleep(0)
    assert await store.kept.read(old_file) == b"old"
    clock.advance(SWEEP_EVERY.total_seconds() * 2)

    async def dropped() -> bool:
        clock.advance(SWEEP_EVERY.total_seconds())  # wherever the loop was when time moved on
        return await store.kept.read(old_file) is None

    await until(dropped)
    task.cancel()
    await asyncio.wait({task})
    case = await store.case(old)
    assert case is not None
    assert (case.reason, case.posts[0].snapshot) == ("was rude", None)
    case = await store.case(young)
    assert case is not None
    assert case.posts[0].snapshot is not None
    assert await store.kept.read(young_file) == b"new"


async def test_files_that_no_case_has_go(
    store: Store, clock: StillClock, privacy: Privacy, tmp_path: Path
) -> None:
    """What was left over when the program ended in between is dropped; what is being kept right now is not."""
    case_id, (kept,) = await removal(store, clock, 7001, b"has a case")
    (left,) = await store.kept.keep(case_id, 7009, [b"left over"])
    long_ago = (clock.now() - 2 * LEFT_OVER_AFTER).timestamp()
    for path in (kept, left):
        os.utime(tmp_path / "removed" / path, (long_ago, long_ago))
    (fresh,) = await store.kept.keep(case_id, 7010, [b"about to be noted"])
    os.utime(tmp_path / "removed" / fresh, (clock.now().timestamp(),) * 2)

    await until_swept(privacy, store, left)

    assert await store.kept.read(kept) == b"has a case"
    assert await store.kept.read(fresh) == b"about to be noted"


async def test_erasing_takes_files_and_posts(store: Store, clock: StillClock, privacy: Privacy) -> None:
    """Nothing about the member is left to export; what the bot posted for them stays or goes as they wish."""
    await quoted(store, clock, 7101, wish(7100, quotation(7001), author_id=BOB, name="Bob"))
    _, (kept,) = await removal(store, clock, 7001, b"file")
    assert "What Bob said" in (await privacy.export(BOB)).decode()
    assert "What Bob said" not in (await privacy.export(ALICE)).decode()

    await privacy.erase(BOB, posts=False)
    assert await store.kept.read(kept) is None
    assert "What Bob said" not in (await privacy.export(BOB)).decode()
    assert [job for job in await store.next_jobs() if job.kind == "delete"] == []

    await privacy.erase(BOB, posts=True)
    assert [job.post_id for job in await store.next_jobs() if job.kind == "delete"] != []


@pytest.mark.slow
async def test_members_have_their_own_data(scene: Scenario) -> None:
    """A file with what is stored about the one who asks, and no one else; erased after a confirmation only."""
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")
    async with scene.bot():
        thread = (await scene.until_names("A bridge is opened"))[0]["id"]
        source = await scene.post("alice", thread, "Alice's words")
        await scene.post("bob", thread, "Bob's words", reply_to=source["id"])
        await scene.until_content(thread, lambda messages: any(each.get("webhook_id") for each in messages))

        mine = await exported(scene, "bob", thread)
        assert "Bob's words" in json.dumps(mine)
        assert "Bob's words" not in json.dumps(await exported(scene, "alice", thread))

        await erase(scene, "bob", thread, "Cancel", "Nothing was erased.")
        assert "Bob's words" in json.dumps(await exported(scene, "bob", thread))
        await erase(scene, "bob", thread, "Erase my data", "What was stored about you is erased.")
        await scene.until_content(
            thread, lambda messages: not any("Bob's words" in texts(each) for each in messages)
        )

        async def forgotten() -> bool:
            return "Bob's words" not in json.dumps(await exported(scene, "bob", thread))

        await until(forgotten)


async def exported(scene: Scenario, who: str, place: str) -> Any:
    message = (await scene.interact(who, "slash", place, name="privacy export"))[-1]["message"]
    assert message["flags"] & 64
    (file,) = message["attachments"]
    assert file["filename"] == "newsthread.json"
    async with aiohttp.ClientSession() as session, session.get(file["url"]) as response:
        return json.loads(await response.read())


async def erase(scene: Scenario, who: str, place: str, label: str, answer: str) -> None:
    """Ask to erase, posts too, and press a button; until that is answered."""
    order = {"name": "privacy erase", "options": {"posts": True}}
    message = (await scene.interact(who, "slash", place, **order))[-1]["message"]
    assert message["flags"] & 64
    assert "This will be erased for good" in message["content"]
    (button,) = [each for each in message["components"][0]["components"] if each["label"] == label]
    pressed = {"target_id": message["id"], "custom_id": button["custom_id"]}
    await scene.interact(who, "component", place, **pressed)
    await until_says(scene, message, answer, who)
