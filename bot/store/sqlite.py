"""All that is SQLite's own: where the file is, pragmas, locking, integrity, copies, and what its errors mean.

Contains no statements on our tables. Another database would bring its own module of this shape.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from functools import partial
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import StoreCorrupt, StoreError, StoreFailing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection
    from sqlalchemy.pool import ConnectionPoolEntry

APPLICATION_ID = (
    0x4E775468  # "NwTh": tells our files from other programs' (sqlite.org/fileformat2.html §1.3.14)
)
_A_COPY = 1  # in ``user_version``, which is free for us: the file is a backup, so that Discord may have gone on since
BUSY_TIMEOUT = 5.0  # seconds to wait for another program, such as an sqlite3 shell
MIN_FREE = (
    64 * 1024 * 1024
)  # bytes: with less, the journal that posting depends on could not be kept for long


# --- the file ------------------------------------------------------------------------------------------


def path_of(url: str) -> Path:
    """The database file that ``url`` names.

    Raises:
        StoreError: it is not the address of a SQLite file.
    """
    try:
        parts = make_url(url)
    except ArgumentError:
        parts = None
    if parts is None or parts.drivername != "sqlite+aiosqlite":
        scheme = url.partition(":")[0]
        raise StoreError(
            f"[store] url: {scheme!r} is not a kind of store this version knows: only sqlite+aiosqlite is supported"
            ' in this version, such as "sqlite+aiosqlite:///data/newsthread.db"'
        )
    name = parts.database or ""
    if name in {"", ":memory:"} or name.startswith("file:") or parts.query or parts.host:
        raise StoreError(
            f"[store] url: {url!r} does not name a file: write three slashes and a path, such as"
            ' "sqlite+aiosqlite:///data/newsthread.db"'
        )
    return Path(name)


def make_folder(path: Path) -> None:
    """The folder of ``path``, with room in it.

    Raises:
        StoreError: it can't be made, or its disk is as good as full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(path.parent).free
    except OSError as error:
        raise StoreError(
            f"the folder {path.parent} for the store can't be made ({error.strerror}): make it yourself, writable for"
            " the user that Newsthread runs as"
        ) from error
    if free < MIN_FREE:
        raise StoreError(
            f"the disk with {path} has {free // 1024 // 1024} MiB free: free some space, {MIN_FREE // 1024 // 1024}"
            " MiB are needed to start"
        )


def room(path: Path) -> int:
    """Bytes that are free on the disk with ``path``.

    Raises:
        StoreFailing: that can't be found out.
    """
    try:
        return shutil.disk_usage(path.parent).free
    except OSError as error:
        raise StoreFailing(
            f"the folder {path.parent} can't be looked at ({error.strerror}): check the disk"
        ) from error


def holds_something(path: Path) -> bool:
    """Whether there is a store to be opened, not one to be made.

    Raises:
        StoreError: it can't be looked at.
    """
    try:
        return path.exists() and path.stat().st_size > 0
    except OSError as error:
        raise StoreError(
            f"{path} can't be read ({error.strerror}): check its folder's permissions"
        ) from error


# --- the connection ------------------------------------------------------------------------------------


def engine(path: Path, *, foreign_keys: bool = True) -> AsyncEngine:
    """An engine with one connection, whose transactions all begin IMMEDIATE.

    A deferred transaction that turns from reading to writing may fail at once, whatever the busy timeout.
    ``foreign_keys=False`` is for migrations, which rebuild tables.
    """
    made = create_async_engine(
        f"sqlite+aiosqlite:///{path}",
        pool_size=1,
        max_overflow=0,
        json_serializer=partial(dumps, ensure_ascii=False, separators=(",", ":")),
    )

    @event.listens_for(made.sync_engine, "connect")
    def set_up(connection: Any, _entry: ConnectionPoolEntry) -> None:
        try:
            connection.isolation_level = None  # the driver begins nothing by itself
            _set_pragmas(path, connection.cursor(), foreign_keys)
        except BaseException:
            connection.close()  # the pool forgets a connection whose set-up failed, and its thread with it
            raise

    @event.listens_for(made.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return made


def _set_pragmas(path: Path, cursor: Any, foreign_keys: bool) -> None:
    cursor.execute(f"PRAGMA busy_timeout={round(BUSY_TIMEOUT * 1000)}")
    cursor.execute("PRAGMA synchronous=FULL")  # a power cut must not undo a claim whose request has left
    cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
    cursor.execute("PRAGMA trusted_schema=OFF")
    cursor.execute("PRAGMA secure_delete=ON")  # what is erased is gone from the file, too
    cursor.execute("PRAGMA journal_mode=WAL")
    (mode,) = cursor.fetchone()
    cursor.close()
    if mode != "wal":
        raise StoreError(
            f"{path} can't be kept with a write-ahead log (SQLite says {mode!r}): keep it on a local disk"
        )


# --- errors --------------------------------------------------------------------------------------------


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn the database errors that an admin can cure into a StoreError; others, being our faults, pass."""
    try:
        yield
    except (sqlite3.Error, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, sqlite3.Error) and (meaning := _meaning(path, cause)):
            raise meaning from error
        raise


def _meaning(path: Path, error: sqlite3.Error) -> StoreError | None:
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:  # the extended codes share their lowest byte
        case sqlite3.SQLITE_FULL:
            return StoreFailing(
                f"the disk with {path} is full, so nothing was changed: free some space, Newsthread then goes on by"
                " itself"
            )
        case sqlite3.SQLITE_IOERR:
            return StoreFailing(
                f"the disk with {path} failed ({error}), so nothing was changed: check the disk"
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return StoreFailing(
                f"{path} can't be written ({error}): file and folder must belong to the user that Newsthread runs as,"
                " on a disk that is not read-only"
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreFailing(
                f"{path} was locked by another program for {BUSY_TIMEOUT:.0f} s, so nothing was changed: close what"
                " has it open, such as an sqlite3 shell"
            )
        case sqlite3.SQLITE_NOTADB:
            return StoreCorrupt(
                f"{path} is not a SQLite database, or its beginning is damaged: restore a backup (docs/store.md), or"
                " name another file in [store] url"
            )
        case sqlite3.SQLITE_CORRUPT:
            return _damaged(path, str(error))
    return None


def _damaged(path: Path, what: str) -> StoreCorrupt:
    return StoreCorrupt(
        f"{path} is damaged ({what}): keep a copy of it, then restore a backup (docs/store.md)"
    )


# --- integrity and copies ------------------------------------------------------------------------------


def quick_check(path: Path) -> None:
    """Look an existing file over before it is used.

    Raises:
        StoreCorrupt: it is damaged.
        StoreError: it is another program's, or can't be read.
    """
    with told(path), closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT)) as connection:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise _damaged(path, verdict)
        _refuse_foreign(path, connection)


def revision(path: Path) -> str | None:
    """What Alembic noted in the store; None for one without tables."""
    with told(path), closing(_reader(path)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            return None
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found[0]) if found else None


def mark_ours(connection: Connection) -> None:
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")


def is_copy(connection: Connection) -> bool:
    """Whether the file was made by ``copy`` and not opened as a store since."""
    return connection.exec_driver_sql("PRAGMA user_version").scalar() == _A_COPY


def unmark_copy(connection: Connection) -> None:
    """It goes on from here; undone with the transaction."""
    connection.exec_driver_sql("PRAGMA user_version=0")


def broken_references(connection: Connection) -> list[str]:
    """Rows that refer to rows which do not exist, a sentence each."""
    return [_dangling(*row[:3]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]


def problems(path: Path) -> list[str]:
    """Everything that SQLite's full check finds, a sentence each. Works while the store is in use.

    Raises:
        StoreError: it is another program's, or too damaged to be checked.
    """
    with told(path), closing(_reader(path)) as connection:
        _refuse_foreign(path, connection)
        found = [
            f"{path}: {text}" for (text,) in connection.execute("PRAGMA integrity_check") if text != "ok"
        ]
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        return found + [f"{path}: {_dangling(*row[:3])}" for row in broken]


def copy(path: Path, target: Path) -> None:
    """Copy the store at one moment, whole, checked and marked as a copy, while it may be written.

    Raises:
        StoreError: there is nothing to copy, ``target`` exists or can't be written.
        StoreCorrupt: the store is damaged, so that its copy would be.
    """
    if not holds_something(path):
        raise StoreError(f"{path} does not exist: there is no store to back up yet")
    if target.exists():
        raise StoreError(f"{target} already exists: name a file that does not, nothing is overwritten")
    partial_copy = target.with_name(target.name + ".partial")
    try:
        partial_copy.unlink(missing_ok=True)
        os.close(os.open(partial_copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            with told(path), closing(_reader(path)) as source, closing(sqlite3.connect(partial_copy)) as made:
                source.backup(made)
                made.execute(f"PRAGMA user_version={_A_COPY}")
                made.execute("PRAGMA journal_mode=DELETE")  # one file, until it is opened as a store
                (verdict,) = made.execute("PRAGMA quick_check(1)").fetchone()
                if verdict != "ok":
                    raise _damaged(path, verdict)
            with partial_copy.open("rb") as file:
                os.fsync(file.fileno())
            partial_copy.rename(target)
        finally:
            partial_copy.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"{target} can't be written ({error.strerror}): name a file in a folder that exists and is writable"
        ) from error


def _refuse_foreign(path: Path, connection: sqlite3.Connection) -> None:
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if owner != APPLICATION_ID and (owner or tables):
        raise StoreError(f"{path} is the database of another program: name another file in [store] url")


def _reader(path: Path) -> sqlite3.Connection:
    """A connection that can't write, and so can't disturb the writer's log either."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_TIMEOUT)


def _dangling(table: str, row: int | None, parent: str) -> str:
    return f"row {row} of table {table} refers to a row of {parent} that does not exist"
