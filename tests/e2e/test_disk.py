"""A disk that is full or failing: nothing is posted that could not be journalled, it is said, and then it goes on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from sqlalchemy import Engine, event

from bot.app import App
from bot.disk import PROBE_EVERY
from bot.errors import StoreCorrupt
from bot.settings.keys import StatusKeys
from bot.store import check
from tests.scenario import scenario, texts, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from sqlalchemy import Connection

    from tests.scenario import Scenario

pytestmark = pytest.mark.slow

ROOM = 80 * 1024 * 1024  # bytes of the small disk: a little more than what a start needs


class Squeeze:
    """While ``on``, no store's file may grow: SQLite itself answers SQLITE_FULL to what needs another page."""

    def __init__(self) -> None:
        self.on = False

    def begin(self, connection: Connection) -> None:
        pages = 1 if self.on else 2**31 - 2  # SQLite makes the former what the file has already
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}").close()


@pytest.fixture
def squeeze() -> Iterator[Squeeze]:
    squeeze = Squeeze()
    event.listen(Engine, "begin", squeeze.begin)
    yield squeeze
    event.remove(Engine, "begin", squeeze.begin)


@pytest.fixture
def page(scene: Scenario, caplog: pytest.LogCaptureFixture) -> Page:
    return Page(scene, caplog)


class Page:
    """The status page of the scene's bot."""

    def __init__(self, scene: Scenario, caplog: pytest.LogCaptureFixture) -> None:
        scene.status = StatusKeys(listen="127.0.0.1:0")
        caplog.set_level("INFO")
        self._caplog = caplog

    async def health(self) -> tuple[int, dict[str, Any]]:
        (address,) = (
            record.args[0]  # type: ignore[index]
            for record in self._caplog.records
            if record.msg == "status page: %s"
        )
        async with aiohttp.ClientSession() as client, client.get(f"{address}/healthz") as response:
            return response.status, await response.json()

    async def until_paused(self, words: str) -> dict[str, Any]:
        async def paused() -> Any:
            status, health = await self.health()
            return status == 503 and any(words in one for one in health["troubles"]) and health

        found: dict[str, Any] = await until(paused)
        return found

    async def until_well(self) -> None:
        async def well() -> bool:
            status, health = await self.health()
            return status == 200 and not health["troubles"]

        await until(well)


async def test_a_full_disk_pauses_and_nothing_is_missed(
    scene: Scenario, squeeze: Squeeze, page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    """News and replies of the meantime are posted and quoted when there is room; it was told once, not each time."""
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "One")
    async with scene.bot():
        (thread,) = await scene.until_names("One")
        post = (await scene.post("ada", thread["id"], "Well said."))["id"]
        await scene.until_seen(post)
        squeeze.on = True
        scene.paper.publish("/world.rss", "Two", description=f"<p>{'Long. ' * 3000}</p>")
        scene.clock.advance(1)
        health = await page.until_paused("is full, so nothing was changed: free some space")
        assert health["store"] == {"writable": False}
        reply = await scene.post("bob", thread["id"], "It was not.", reply_to=post)
        before = len(await scene.requests("POST", "/"))
        for _ in range(5):
            scene.clock.advance(PROBE_EVERY)
            await asyncio.sleep(0.2)
        assert len(await scene.requests("POST", "/")) == before
        assert await scene.names() == ["One"]

        squeeze.on = False
        scene.clock.advance(PROBE_EVERY)
        await page.until_well()
        async with scene.hurried():
            await scene.until_names("One", "Two")
            quoted = await scene.until_content(
                thread["id"],
                lambda messages: [
                    one for one in messages if "It was not." in texts(one) and one["id"] != reply["id"]
                ],
            )
        assert quoted[0]["id"] != reply["id"]  # it became a quote
        await scene.polls("/world.rss")
    assert await scene.names() == ["One", "Two"]
    assert await check(scene.settings().store.url) == []
    about = [record for record in caplog.records if "is full" in record.getMessage()]
    assert [record.levelname for record in about] == ["WARNING", "INFO"]
    assert not [record for record in caplog.records if record.exc_info]


def small_disk(folder: Path) -> None:
    """A disk of 80 MiB at ``folder``; skips where that takes more rights than there are."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "newsthread-test", str(folder)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"no file system can be mounted here: {made.stderr.decode().strip()}")


@pytest.fixture
async def on_small_disk(tmp_path: Path, empty_store: Path) -> AsyncIterator[Scenario]:
    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("mounting a small disk takes the rights of root")
    folder = tmp_path / "disk"
    small_disk(folder)
    try:
        async with scenario(folder) as scene:
            scene.empty_store = empty_store
            yield scene
    finally:
        await asyncio.to_thread(subprocess.run, ["umount", "--lazy", str(folder)], check=True)


async def test_a_real_disk_fills_up_and_is_emptied(
    on_small_disk: Scenario, caplog: pytest.LogCaptureFixture
) -> None:
    """Posting pauses before the disk is quite full, outlives that it is, and goes on; the store is whole."""
    scene = on_small_disk
    page = Page(scene, caplog)
    caplog.set_level("DEBUG", "bot.supervise")
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "One")
    async with scene.bot():
        await scene.until_names("One")
        free = shutil.disk_usage(scene.folder).free
        with (scene.folder / "filler").open("wb", buffering=0) as filler:
            os.posix_fallocate(filler.fileno(), 0, free - 10 * 1024 * 1024)
            scene.clock.advance(PROBE_EVERY)
            await page.until_paused("MiB free: free some space")
            with contextlib.suppress(OSError):
                while True:
                    filler.write(b"x" * 4096)
        scene.paper.publish("/world.rss", "Two", description=f"<p>{'Long. ' * 3000}</p>")
        scene.clock.advance(PROBE_EVERY)
        await page.until_paused("has 0 MiB free")

        async def met() -> bool:
            return any("watcher of world: the disk with" in one for one in caplog.messages)

        await until(met)
        assert await scene.names() == ["One"]

        (scene.folder / "filler").unlink()
        scene.clock.advance(PROBE_EVERY)
        await page.until_well()
        async with scene.hurried():
            await scene.until_names("One", "Two")
    assert await check(scene.settings().store.url) == []
    assert not [record for record in caplog.records if record.exc_info]


async def test_damage_found_while_running_ends_the_program(scene: Scenario) -> None:
    """One sentence and an end, whichever part met it: nothing is made worse, and nothing is tried in a loop."""
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "One")
    app = App(scene.settings(), scene.clock)
    running = asyncio.create_task(app.run(asyncio.Event()))
    await scene.until_names("One")
    await asyncio.to_thread(damage, scene.folder / "newsthread.db")
    scene.paper.publish("/world.rss", "Two")
    scene.clock.advance(1)
    with pytest.raises(StoreCorrupt, match=r"is damaged .* restore a backup"):
        await asyncio.wait_for(running, 15)


def damage(path: Path) -> None:
    """Overwrite all but the first page, and see that what a program remembers of the pages is out of date."""
    with contextlib.closing(sqlite3.connect(path, timeout=20)) as other:
        other.execute("DELETE FROM said_once")
        other.execute("INSERT INTO said_once VALUES ('x', '2026-01-01 00:00:00')")
        other.commit()
        while other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            pass
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xa5" * (size - 4096))
