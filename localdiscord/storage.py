"""Keeps the world in one SQLite file: changed records are written in one transaction shortly after they changed.

A kill loses at most the last moment, and never half of a change, because an act's changes leave together.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path

from localdiscord.media import Media
from localdiscord.world import KINDS, World

FILE = "localdiscord.sqlite3"
DEBOUNCE = 0.2  # seconds between looking for changes
_SCHEMA = """
create table if not exists record (kind text not null, id integer not null, body text not null,
                                   primary key (kind, id)) without rowid;
create table if not exists file (id integer primary key, body blob not null);
"""


class StorageError(Exception):
    """The data folder can't be used; says why in one sentence."""


class Storage:
    """Opens or makes the file in ``folder``, and keeps others out of it until closed."""

    def __init__(self, folder: Path) -> None:
        file = folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(file, timeout=0.5, isolation_level=None)
            self._prepare()
        except sqlite3.OperationalError as error:
            raise StorageError(
                f"{file} can't be opened ({error}): is another local Discord using it?"
            ) from error
        except sqlite3.DatabaseError as error:
            raise StorageError(f"{file} is damaged ({error}): move it away to start anew.") from error
        except OSError as error:
            raise StorageError(f"{folder} can't be used: {error.strerror or error}.") from error

    def _prepare(self) -> None:
        try:
            self._connection.executescript(
                "pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = normal;"
                + _SCHEMA
            )
            # Nothing but a write takes the lock that keeps a second server out.
            self._connection.executescript("begin immediate; commit;")
        except BaseException:
            self._connection.close()
            raise

    def restore(self, world: World) -> bool:
        """Fill an empty world with what was stored; False when nothing was."""
        found = False
        for kind in KINDS:
            rows = self._connection.execute("select body from record where kind = ? order by id", (kind,))
            for (body,) in rows:
                world.load(kind, json.loads(body))
                found = True
        return found

    def file(self, id_: int) -> bytes | None:
        row = self._connection.execute("select body from file where id = ?", (id_,)).fetchone()
        return None if row is None else bytes(row[0])

    def write(self, world: World, media: Media) -> None:
        """Store what changed since the last call."""
        changes, files = world.take_changes(), media.take_fresh()
        if not changes and not files:
            return
        rows = [
            (kind, id_, json.dumps(data, ensure_ascii=False))
            for kind, id_, data in changes
            if data is not None
        ]
        gone = [(kind, id_) for kind, id_, data in changes if data is None]
        self._connection.execute("begin immediate")
        try:
            self._connection.executemany("insert or replace into record values (?, ?, ?)", rows)
            self._connection.executemany("delete from record where kind = ? and id = ?", gone)
            self._connection.executemany("insert or replace into file values (?, ?)", files)
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")

    async def keep(self, world: World, media: Media) -> None:
        """Write changes until cancelled. Writing takes about a millisecond, so it stays on the loop."""
        while True:
            await asyncio.sleep(DEBOUNCE)
            self.write(world, media)

    def close(self, world: World, media: Media) -> None:
        self.write(world, media)
        self._connection.close()
