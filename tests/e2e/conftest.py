"""The scenario fixture, and discord.py's class attributes put back after each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests import scenario as scenarios

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def discord_restored() -> Iterator[None]:
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, discord.Asset.BASE
    yield
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, discord.Asset.BASE = before


@pytest.fixture
async def scene(tmp_path: Path, empty_store: Path) -> AsyncIterator[scenarios.Scenario]:
    async with scenarios.scenario(tmp_path) as scene:
        scene.empty_store = empty_store
        yield scene
