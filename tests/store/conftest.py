"""A real store in a real file."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from bot.store import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.support import StillClock

Rows = list[tuple[Any, ...]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "newsthread.db"


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
async def store(path: Path, url: str, clock: StillClock, empty_store: Path) -> AsyncIterator[Store]:
    path.parent.mkdir()
    shutil.copy(empty_store, path)
    store = await Store.open(url, clock)
    yield store
    await store.close()


@pytest.fixture
def rows(path: Path) -> Callable[[str], Rows]:
    """What a statement finds in the file, read past the store."""

    def read(statement: str) -> Rows:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return connection.execute(statement).fetchall()

    return read
