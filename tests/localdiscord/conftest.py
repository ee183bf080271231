"""A local Discord on a free port, and the real, unmodified discord.py pointed at it.

After each test everything that went over REST is held against Discord's API description.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from localdiscord import Clock, Limits, LocalDiscord
from localdiscord.seed import TOKEN
from tests.openapi import Openapi

GUILD = 1300000000000001000
NEWS, HEADLINES, MOD_LOG = 1300000000000002000, 1300000000000002001, 1300000000000002002
ALICE, BOB, MIA, ADA = 1300000000000003001, 1300000000000003002, 1300000000000003003, 1300000000000003004
BOT_ROLE = 1300000000000004003
WAIT = 10.0  # seconds before an expected event counts as missing

INTENTS = discord.Intents(
    guilds=True, messages=True, reactions=True, moderation=True, webhooks=True, dm_reactions=True, typing=True
)


@contextlib.contextmanager
def pointed_at(url: str) -> Iterator[None]:
    """Send discord.py's requests to a local Discord: the only difference to production."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = f"{url}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = URL(f"ws{url.removeprefix('http')}/gateway")
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


class Watcher(discord.Client):
    """A client that remembers what it was told."""

    def __init__(self, intents: discord.Intents = INTENTS) -> None:
        super().__init__(
            intents=intents,
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=30.0,
            guild_ready_timeout=0.05,
        )
        self.events: list[tuple[str, tuple[Any, ...]]] = []
        self._news = asyncio.Condition()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Waits for nothing, where discord.py's own waits five seconds before a second session."""

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        self.events.append((event, args))
        super().dispatch(event, *args, **kwargs)
        self._wake = asyncio.ensure_future(self._tell())

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def seen(self, name: str, match: Callable[..., bool] = lambda *_: True) -> Any:
        """The first argument of the first event of a name that matches, past or still to come."""

        def found() -> tuple[Any, ...] | None:
            return next((args for event, args in self.events if event == name and match(*args)), None)

        async with asyncio.timeout(WAIT), self._news:
            await self._news.wait_for(lambda: found() is not None)
        args = found()
        assert args is not None
        return args[0] if args else None

    def count(self, name: str, match: Callable[..., bool] = lambda *_: True) -> int:
        return sum(1 for event, args in self.events if event == name and match(*args))

    @property
    def news(self) -> discord.ForumChannel:
        channel = self.get_channel(NEWS)
        assert isinstance(channel, discord.ForumChannel)
        return channel

    @property
    def headlines(self) -> discord.TextChannel:
        channel = self.get_channel(HEADLINES)
        assert isinstance(channel, discord.TextChannel)
        return channel


@dataclass
class Local:
    """A running local Discord and its control routes."""

    server: LocalDiscord
    web: aiohttp.ClientSession
    clock: Clock

    @property
    def url(self) -> str:
        return self.server.url

    async def ask(self, method: str, path: str, body: Any = None, status: int | None = None) -> Any:
        """A control request's JSON; fails unless the status is the expected one (default: any 2xx)."""
        async with self.web.request(method, self.url + path, json=body) as response:
            data = await response.json() if response.content_type == "application/json" else None
            good = response.status == status if status else response.status < 300
            assert good, f"{method} {path}: {response.status} {data}"
            return data

    async def rest(
        self, method: str, path: str, body: Any = None, *, token: str | None = TOKEN, **headers: str
    ) -> tuple[int, Any]:
        """A REST request by the bot, without discord.py."""
        if token:
            headers["Authorization"] = f"Bot {token}"
        async with self.web.request(
            method, f"{self.url}/api/v10{path}", json=body, headers=headers
        ) as response:
            is_json = response.headers.get("Content-Type") == "application/json"
            return response.status, await response.json() if is_json else await response.text()

    async def says(self, member: str, channel: int | str, content: str, **more: Any) -> Any:
        return await self.ask(
            "POST", f"/local/as/{member}/channels/{channel}/messages", {"content": content} | more
        )

    async def fault(self, **order: Any) -> None:
        await self.ask("POST", "/local/faults", order)

    async def messages(self, channel: int | str, member: str = "ada") -> list[Any]:
        found = await self.ask("GET", f"/local/channels/{channel}/messages?as={member}")
        assert isinstance(found, list)
        return found


Start = Callable[..., Awaitable[Local]]
Login = Callable[..., Awaitable[Watcher]]


@pytest.fixture(scope="session")
def openapi(openapi_file: Path) -> Openapi:
    return Openapi(openapi_file)


@pytest.fixture
async def start(openapi: Openapi) -> AsyncIterator[Start]:
    """Starts local Discords; closes them and checks their exchanges in the end."""
    started: list[Local] = []

    async def _start(**options: Any) -> Local:
        clock = Clock()
        options = {"limits": Limits.none(), "clock": clock} | options
        server = LocalDiscord(**options)
        await server.start()
        local = Local(server, aiohttp.ClientSession(), clock)
        started.append(local)
        return local

    yield _start
    for local in started:
        await local.web.close()
        await local.server.close()
    for local in started:
        for entry in local.server.ctx.log.since(0):
            assert entry["status"] != 500 or entry["fault"], f"the server failed on {entry}"
            openapi.check_exchange(entry)


@pytest.fixture
async def local(start: Start) -> Local:
    """A local Discord whose rate limits nobody meets."""
    return await start()


@pytest.fixture
async def login(local: Local) -> AsyncIterator[Login]:
    """Logs discord.py in to ``local`` and waits until it is ready."""
    running: list[tuple[Watcher, asyncio.Task[None]]] = []
    with pointed_at(local.url):

        async def _login(intents: discord.Intents = INTENTS) -> Watcher:
            client = Watcher(intents)
            try:
                await client.login(TOKEN)
            except BaseException:
                await client.close()
                raise
            task = asyncio.create_task(client.connect())
            running.append((client, task))
            await client.seen("ready")
            return client

        yield _login
        for client, task in running:
            await client.close()
            await asyncio.wait([task], timeout=WAIT)


@pytest.fixture
async def bot(login: Login) -> Watcher:
    """The bot, logged in."""
    return await login()
