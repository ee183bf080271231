"""Fixtures that every folder may use."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from bot.store import Store
from tests.support import StillClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

SHARED = Path(__file__).resolve().parents[2] / "shared"
MEMORY = Path("/dev/shm")
AMPLE = 2**31  # bytes


def pytest_configure() -> None:
    """Temporary folders lie in memory where there is plenty of it: no test cares whether its files survive a power
    cut, and waiting for a disk to say so takes most of a store's time."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > AMPLE:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    # How long an example takes says more about what else the machine does than about the code.
    hypothesis.settings.register_profile("untimed", deadline=None)
    hypothesis.settings.load_profile("untimed")


def pytest_collection_finish() -> None:
    """What the tests themselves are made of stays to the end: the collector of garbage need not look through it."""
    gc.freeze()


@pytest.fixture(autouse=True)
def discord_restored() -> Iterator[None]:
    """Where discord.py's requests go is kept in attributes of its classes: they are put back after each test."""
    places = [
        (vars(sys.modules[module])[name], attribute)
        for module, name, attribute in (
            ("discord.http", "Route", "BASE"),
            ("discord.gateway", "DiscordWebSocket", "DEFAULT_GATEWAY"),
            ("discord.asset", "Asset", "BASE"),
        )
        if module in sys.modules
    ]
    before = [getattr(owner, attribute) for owner, attribute in places]
    yield
    for (owner, attribute), value in zip(places, before, strict=True):
        setattr(owner, attribute, value)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store's file as it is made at the first start, to be copied: making one takes a tenth of a second."""
    path = tmp_path_factory.mktemp("store") / "newsthread.db"

    async def make() -> None:
        store = await Store.open(f"sqlite+aiosqlite:///{path}", StillClock())
        await store.close()

    loop = asyncio.new_event_loop()  # asyncio.run would take away the loop that other fixtures run in
    try:
        loop.run_until_complete(make())
    finally:
        loop.close()
    return path


@pytest.fixture
async def store(tmp_path: Path, clock: StillClock, empty_store: Path) -> AsyncIterator[Store]:
    """An empty store."""
    path = tmp_path / "newsthread.db"
    shutil.copy(empty_store, path)
    store = await Store.open(f"sqlite+aiosqlite:///{path}", clock)
    yield store
    await store.close()


@pytest.fixture(scope="session")
def saved_feeds() -> list[Path]:
    """Real feeds saved outside the repository, sorted by name."""
    folder = SHARED / "feeds"
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent: the saved feeds are not part of the repository")
    return sorted(path for path in folder.iterdir() if path.suffix in {".rss", ".atom", ".xml", ".json"})


@pytest.fixture(scope="session")
def openapi_file() -> Path:
    """Discord's official API description."""
    path = SHARED / "discord" / "openapi.json"
    if not path.is_file():
        pytest.skip(f"{path} is absent: Discord's API description is not part of the repository")
    return path
