"""A newspaper on port 0 whose time moves only by hand."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import feedparser
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from localdiscord.newspaper import make_newspaper
from tests.support import StillClock

DESKS = ("world", "science", "culture", "business")


@dataclass
class Paper:
    """The newspaper as a reader meets it."""

    server: TestServer
    session: aiohttp.ClientSession
    clock: StillClock

    def at(self, path: str) -> str:
        return str(self.server.make_url(f"/newspaper{path}"))

    async def get(self, path: str, **headers: str) -> tuple[aiohttp.ClientResponse, bytes]:
        named = {"Accept-Encoding": "identity"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        async with self.session.get(self.at(path), headers=named, allow_redirects=False) as response:
            return response, await response.read()

    async def entries(self, path: str) -> list[Any]:
        """What feedparser reads from a feed; it must find nothing to complain of."""
        response, body = await self.get(path)
        assert response.status == 200
        if path.endswith(".json"):
            return list(json.loads(body)["items"])
        parsed = feedparser.parse(body, response_headers={"content-type": response.headers["Content-Type"]})
        assert not parsed.bozo, parsed.get("bozo_exception")
        return list(parsed.entries)

    async def ids(self) -> list[str]:
        """The ids on all desks' feeds; every desk in another format."""
        paths = ("/world.rss", "/science.atom", "/culture.json", "/business.rss")
        return [entry["id"] for path in paths for entry in await self.entries(path)]


MakePaper = Callable[..., Awaitable[Paper]]


@pytest.fixture
async def make_paper(clock: StillClock) -> AsyncIterator[MakePaper]:
    """Starts newspapers, as the local Discord mounts them."""
    async with AsyncExitStack() as stack:

        async def make(*, fast: bool = False, memory: Path | None = None, paint_ahead: bool = False) -> Paper:
            app = web.Application()
            app.add_subapp("/newspaper", make_newspaper(fast, clock, memory, paint_ahead=paint_ahead))
            server = await stack.enter_async_context(TestServer(app))
            session = await stack.enter_async_context(aiohttp.ClientSession(auto_decompress=False))
            return Paper(server, session, clock)

        yield make


@pytest.fixture
async def paper(make_paper: MakePaper) -> Paper:
    return await make_paper()
