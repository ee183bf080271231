"""Fixtures that every folder may use."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import StillClock

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


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
