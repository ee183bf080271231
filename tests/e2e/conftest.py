"""The scenario fixture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import scenario as scenarios

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def scene(tmp_path: Path, empty_store: Path) -> AsyncIterator[scenarios.Scenario]:
    async with scenarios.scenario(tmp_path) as scene:
        scene.empty_store = empty_store
        yield scene
