"""Opening a store: made, locked, checked, or refused in one sentence."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreCorrupt, StoreError, StoreLocked, StoreTooNew
from bot.store import Store, backup, check, upgrade
from tests.store.samples import head, posting
from tests.support import StillClock

HOLDER = """
import asyncio, subprocess, sys
from bot.clock import Clock
from bot.store import Store

async def main():
    store = await Store.open(sys.argv[1], Clock())
    subprocess.Popen(["sleep", "5"], stdout=subprocess.DEVNULL, close_fds=False)
    print("open", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


async def test_makes_folder_and_file(path: Path, url: str, clock: StillClock) -> None:
    """The first start needs nothing prepared; a later one finds what was stored."""
    store = await Store.open(url, clock)
    await store.apply(posting("one"))
    await store.close()

    store = await Store.open(url, clock)
    assert (await head(store)).article.title == "one"
    await store.close()
    assert {file.name for file in path.parent.iterdir()} == {"newsthread.db", "newsthread.db.lock"}


async def test_relative_path(tmp_path: Path, clock: StillClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three slashes name a file below the working directory."""
    monkeypatch.chdir(tmp_path)

    store = await Store.open("sqlite+aiosqlite:///data/my news 100%.db", clock)
    await store.close()

    assert (tmp_path / "data" / "my news 100%.db").is_file()
    assert await check("sqlite+aiosqlite:///data/my news 100%.db") == []


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql+asyncpg://db/news", "only sqlite\\+aiosqlite is supported in this version"),
        ("sqlite:///news.db", "'sqlite' is not a kind of store this version knows"),
        ("nonsense", "'nonsense' is not a kind of store"),
        ("sqlite+aiosqlite://", "does not name a file"),
        ("sqlite+aiosqlite:///:memory:", "does not name a file"),
        ("sqlite+aiosqlite:///file:news.db?uri=true", "does not name a file"),
        ("sqlite+aiosqlite://host/news.db", "does not name a file"),
    ],
)
async def test_other_kinds_of_store(url: str, sentence: str, clock: StillClock) -> None:
    """Only a SQLite file is a store, today."""
    with pytest.raises(StoreError, match=sentence):
        await Store.open(url, clock)


# --- the lock ------------------------------------------------------------------------------------------


async def test_second_instance(path: Path, url: str, store: Store, clock: StillClock) -> None:
    """The sentence names the lock file and who holds it; the first goes on unharmed."""
    with pytest.raises(StoreLocked) as refused:
        await Store.open(url, clock)

    assert str(refused.value).startswith(
        f"{path}.lock is held by a running Newsthread (process {os.getpid()})"
    )
    with pytest.raises(StoreLocked):
        await upgrade(url, clock)
    assert await store.apply(posting("one")) == 1


async def test_closed_store_can_be_opened_again(path: Path, url: str, clock: StillClock) -> None:
    """Closing frees the lock and leaves its file, which a second holder of another file would slip past."""
    for _ in range(2):
        store = await Store.open(url, clock)
        await store.close()

    assert Path(f"{path}.lock").read_text() == f"{os.getpid()}\n"


@pytest.mark.slow
async def test_lock_of_another_process(url: str, clock: StillClock) -> None:
    """It holds while that process lives, and is free the moment it is killed, though a child of it lives on."""
    with subprocess.Popen([sys.executable, "-c", HOLDER, url], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert await asyncio.to_thread(process.stdout.readline) == "open\n"
        with pytest.raises(StoreLocked, match=f"process {process.pid}"):
            await Store.open(url, clock)
        assert await check(url) == []
        process.send_signal(signal.SIGKILL)

    store = await Store.open(url, clock)
    await store.close()


async def test_refused_opening_frees_the_lock(path: Path, url: str, clock: StillClock) -> None:
    """After the cause is cured the store opens."""
    path.parent.mkdir()
    path.write_bytes(b"this is no database, whatever its name says. " * 100)
    with pytest.raises(StoreCorrupt):
        await Store.open(url, clock)

    path.unlink()

    store = await Store.open(url, clock)
    await store.close()


# --- what is refused -----------------------------------------------------------------------------------


async def test_newer_store(path: Path, url: str, clock: StillClock) -> None:
    """A store of a newer program is refused, and left as it is."""
    await upgrade(url, clock)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
        connection.commit()
    before = path.read_bytes()

    with pytest.raises(StoreTooNew, match=r"newer Newsthread .*revision 0999.*update Newsthread"):
        await Store.open(url, clock)

    (problem,) = await check(url)
    assert "newer Newsthread" in problem
    assert path.read_bytes() == before


async def test_other_programs_database(path: Path, url: str, clock: StillClock) -> None:
    """A database that is not ours is refused, and left as it is."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE moz_places (id)")
    before = path.read_bytes()

    with pytest.raises(StoreError, match="is the database of another program"):
        await Store.open(url, clock)
    (problem,) = await check(url)

    assert "another program" in problem
    assert path.read_bytes() == before


@pytest.mark.parametrize("damage", ["header", "middle", "cut"])
async def test_damaged_store(path: Path, url: str, clock: StillClock, damage: str) -> None:
    """Damage is found before anything is done, and by the check."""
    store = await Store.open(url, clock)
    await store.apply(posting(*(f"n{number}" for number in range(40))))
    await store.close()
    body = bytearray(path.read_bytes())
    match damage:
        case "header":
            body[:16] = b"x" * 16
        case "middle":
            body[8192 : len(body) - 4096] = b"\xff" * (len(body) - 4096 - 8192)
        case "cut":
            del body[len(body) // 2 :]
    path.write_bytes(body)

    with pytest.raises(StoreCorrupt, match=r"docs/store\.md"):
        await Store.open(url, clock)
    assert await check(url)


async def test_folder_that_cannot_be_made(tmp_path: Path, clock: StillClock) -> None:
    """The sentence names the folder."""
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StoreError, match=r"the folder .*file/sub for the store can't be made"):
        await Store.open(f"sqlite+aiosqlite:///{tmp_path}/file/sub/n.db", clock)


async def test_folder_in_the_place_of_the_file(path: Path, url: str, clock: StillClock) -> None:
    """A folder of the store's name can't be opened as one."""
    path.mkdir(parents=True)
    (path / "something").touch()

    with pytest.raises(StoreError, match="can't be written"):
        await Store.open(url, clock)


async def test_lock_that_cannot_be_made(path: Path, url: str, clock: StillClock) -> None:
    """The sentence names the lock file."""
    Path(f"{path}.lock").mkdir(parents=True)

    with pytest.raises(StoreError, match=r"newsthread\.db\.lock can't be opened"):
        await Store.open(url, clock)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_store_that_may_not_be_written(path: Path, url: str, clock: StillClock) -> None:
    """A file that belongs to somebody else is refused at the start, not at the first article."""
    await upgrade(url, clock)
    path.chmod(0o400)

    with pytest.raises(StoreError, match="can't be written"):
        await Store.open(url, clock)


async def test_start_that_was_cut_off(path: Path, url: str, clock: StillClock) -> None:
    """A file without tables, as a killed first start leaves it, is made into a store."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    (problem,) = await check(url)
    assert "is at revision none" in problem

    store = await Store.open(url, clock)
    await store.close()

    assert await check(url) == []


# --- check and backup ------------------------------------------------------------------------------------


async def test_check_of_nothing(path: Path, url: str) -> None:
    """A store that does not exist is no sound store, and is not made by looking."""
    assert await check(url) == [f"{path} does not exist: newsthread run, or newsthread db upgrade, makes it"]
    assert not path.exists()


async def test_check_finds_broken_references(path: Path, url: str, clock: StillClock) -> None:
    """Each row that refers to nothing is named."""
    await upgrade(url, clock)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO revision VALUES (7, 99, 'x', '2026-11-24 12:00:00.000000')")
        connection.commit()

    assert await check(url) == [
        f"{path}: row 7 of table revision refers to a row of article that does not exist"
    ]


async def test_backup_while_the_store_is_written(
    url: str, store: Store, tmp_path: Path, clock: StillClock
) -> None:
    """A backup is one file, sound, and holds what was stored when it began."""
    await store.apply(posting("before"))
    target = tmp_path / "copies" / "backup.db"
    target.parent.mkdir()

    writing = asyncio.create_task(store.apply(posting(*(f"n{number}" for number in range(50)))))
    await backup(url, target)
    await writing

    assert [file.name for file in target.parent.iterdir()] == ["backup.db"]
    assert target.stat().st_mode & 0o077 == 0
    restored_url = f"sqlite+aiosqlite:///{target}"
    assert await check(restored_url) == []
    restored = await Store.open(restored_url, clock)
    assert (await head(restored)).article.title == "before"
    assert await restored.apply(posting("after")) == 1
    await restored.close()


async def test_backup_overwrites_nothing(url: str, store: Store, tmp_path: Path) -> None:
    """A target that exists is refused and left as it is."""
    target = tmp_path / "precious.txt"
    target.write_text("precious")

    with pytest.raises(StoreError, match=r"precious.txt already exists"):
        await backup(url, target)
    assert target.read_text() == "precious"


async def test_backup_that_cannot_be_written(url: str, store: Store, tmp_path: Path) -> None:
    """A folder that does not exist is named."""
    with pytest.raises(StoreError, match=r"nowhere/b\.db can't be written \(No such file or directory\)"):
        await backup(url, tmp_path / "nowhere" / "b.db")


async def test_backup_of_nothing(path: Path, url: str, tmp_path: Path) -> None:
    """There is nothing to back up before the first start."""
    with pytest.raises(StoreError, match="there is no store to back up yet"):
        await backup(url, tmp_path / "b.db")
    assert not path.exists()


async def test_backup_of_a_damaged_store(path: Path, url: str, tmp_path: Path, clock: StillClock) -> None:
    """No damaged copy is left behind to be trusted."""
    store = await Store.open(url, clock)
    await store.apply(posting(*(f"n{number}" for number in range(40))))
    await store.close()
    body = bytearray(path.read_bytes())
    body[8192 : len(body) - 4096] = b"\xff" * (len(body) - 4096 - 8192)
    path.write_bytes(body)

    with pytest.raises(StoreCorrupt):
        await backup(url, tmp_path / "b.db")
    assert not (tmp_path / "b.db").exists()
    assert not (tmp_path / "b.db.partial").exists()
