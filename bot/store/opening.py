"""From a URL to a store that is locked, sound and up to date, or to one sentence why not."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import StoreError
from bot.store import sqlite
from bot.store.lock import InstanceLock
from bot.store.migrate import Migrations

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from bot.clock import Clock


async def lock_and_prepare(
    url: str, clock: Clock, migrations: Migrations | None = None
) -> tuple[Path, InstanceLock, str]:
    """The store's file, its lock, and a sentence that tells what was done to bring it up to date.

    Raises:
        StoreError: see its subclasses.
    """
    path = sqlite.path_of(url)
    sqlite.make_folder(path)
    lock = InstanceLock(path)
    try:
        done = await _prepare(path, clock, migrations or Migrations())
    except BaseException:
        lock.release()
        raise
    return path, lock, done


async def _prepare(path: Path, clock: Clock, migrations: Migrations) -> str:
    former = kept = None
    if sqlite.holds_something(path):
        await asyncio.to_thread(sqlite.quick_check, path)
        former = await asyncio.to_thread(sqlite.revision, path)
    if former == migrations.head:
        return f"{path} is up to date (revision {former})"
    if former is not None:
        migrations.refuse_newer(former, path)
        kept = path.with_name(f"{path.name}.{former}-{clock.now():%Y%m%dT%H%M%SZ}.bak")
        await asyncio.to_thread(sqlite.copy, path, kept)
    # Rebuilding a table would, with foreign keys on, delete or orphan the rows that refer to it.
    engine = sqlite.engine(path, foreign_keys=False)
    try:
        with sqlite.told(path):
            async with engine.begin() as connection:
                await connection.run_sync(partial(_migrate, migrations, path))
    finally:
        await engine.dispose()
    if kept is None:
        return f"{path} is made (revision {migrations.head})"
    return f"{path} is migrated from revision {former} to {migrations.head}; as it was before, it is kept in {kept}"


def _migrate(migrations: Migrations, path: Path, connection: Connection) -> None:
    sqlite.mark_ours(connection)
    migrations.upgrade(connection)
    if broken := sqlite.broken_references(connection):
        raise StoreError(
            f"{path} could not be migrated to revision {migrations.head} and is unchanged: {broken[0]}; please"
            " report this"
        )


def problems(path: Path, migrations: Migrations | None = None) -> list[str]:
    """What is wrong with the store, a sentence each; it may be in use."""
    try:
        if not sqlite.holds_something(path):
            return [f"{path} does not exist: newsthread run, or newsthread db upgrade, makes it"]
        if found := sqlite.problems(path):
            return found
        revision, migrations = sqlite.revision(path), migrations or Migrations()
        if revision == migrations.head:
            return []
        if revision is not None:
            migrations.refuse_newer(revision, path)
    except StoreError as error:
        return [str(error)]
    return [
        f"{path} is at revision {revision or 'none'}, this program at {migrations.head}: newsthread db upgrade, or"
        " the next start, migrates it"
    ]
