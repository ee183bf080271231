"""Sentences for end-to-end tests: a newspaper, a local Discord and the real bot, over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import html
import json
import shutil
import sqlite3
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from bot.app import App
from bot.settings.keys import (
    DeliveryKeys,
    DiscordKeys,
    Feed,
    LogKeys,
    ModerationKeys,
    QuotesKeys,
    ReactionsKeys,
    RulesKeys,
    Settings,
    StatusKeys,
    StoreKeys,
    WatcherKeys,
)
from localdiscord import Limits, LocalDiscord
from tests.support import AheadClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

GUILD = 1300000000000001000
FORUM = 1300000000000002000
HEADLINES = 1300000000000002001
MOD_LOG = 1300000000000002002
PATIENCE = 30.0
FIRST_ITEM = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


async def until(question: Callable[[], Awaitable[Any]], patience: float = PATIENCE) -> Any:
    """Ask until the answer is true-ish, and return it; fails after ``patience`` seconds."""
    deadline = asyncio.get_running_loop().time() + patience
    while not (answer := await question()):
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"still {answer!r} after {patience} s")
        await asyncio.sleep(0.03)
    return answer


@dataclass
class Newspaper:
    """A real HTTP server with feeds that the test writes; counts and can misbehave."""

    items: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    answers: dict[str, web.Response] = field(default_factory=dict)  # what to send instead of the feed
    editions: dict[str, Callable[[], bytes]] = field(default_factory=dict)  # made anew, sent slowly
    requests: list[tuple[str, int]] = field(default_factory=list)  # (path, status answered)
    url: str = ""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if path in self.answers:
            answer = self.answers[path]
            self.requests.append((path, answer.status))
            return web.Response(status=answer.status, body=answer.body, headers=answer.headers)
        if path in self.editions:
            return await self._send_slowly(request, self.editions[path]())
        if path not in self.items:
            self.requests.append((path, 404))
            return web.Response(status=404)
        body = self.rss(path).encode()
        etag = f'"{hash(body):x}"'
        status = 304 if request.headers.get("If-None-Match") == etag else 200
        self.requests.append((path, status))
        return web.Response(
            status=status,
            body=body if status == 200 else None,
            headers={"ETag": etag, "Content-Type": "application/rss+xml"},
        )

    async def _send_slowly(self, request: web.Request, body: bytes) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
        await response.prepare(request)
        for start in range(0, len(body), 1 << 16):
            await response.write(body[start : start + (1 << 16)])
            await asyncio.sleep(0.01)
        await response.write_eof()
        self.requests.append((request.path, 200))
        return response

    def publish(self, path: str, title: str, **item: str) -> dict[str, str]:
        """A new item at the top of the feed at ``path``; guid, link, pubDate and text are made up if not given."""
        items = self.items.setdefault(path, [])
        number = len(items) + 1
        made = {
            "title": title,
            "guid": f"{path}#{number}",
            "link": f"https://news.example{path}/{number}",
            "pubDate": format_datetime(FIRST_ITEM + timedelta(hours=number)),
            "description": f"<p>What is known about {html.escape(title)} so far, told in a sentence or two "
            "that are long enough to read.</p>",
        } | item
        items.insert(0, made)
        return made

    def rss(self, path: str) -> str:
        def element(name: str, value: str) -> str:
            extra = ' isPermaLink="false"' if name == "guid" else ""
            return f"<{name}{extra}>{html.escape(value, quote=False)}</{name}>"

        items = "".join(
            "<item>" + "".join(element(name, value) for name, value in item.items() if value) + "</item>"
            for item in self.items[path]
        )
        return (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>The Test Courier</title>'
            f"<link>https://news.example/</link><description>News</description>{items}</channel></rss>"
        )


@asynccontextmanager
async def newspaper() -> AsyncIterator[Newspaper]:
    paper = Newspaper()
    async with serving(paper):
        yield paper


@asynccontextmanager
async def serving(paper: Newspaper) -> AsyncIterator[None]:
    """The paper has its address while the context lasts."""
    app = web.Application()
    app.router.add_get("/{path:.*}", paper.serve)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    paper.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield
    finally:
        await runner.cleanup()


class Scenario:
    """A local Discord and a newspaper, and bots on one store that come and go."""

    def __init__(self, folder: Path, discord: str, paper: Newspaper, session: aiohttp.ClientSession) -> None:
        self.folder = folder
        self.discord = discord
        self.paper = paper
        self._session = session
        self.feeds: list[Feed] = []
        self.quotes = QuotesKeys()
        self.reactions = ReactionsKeys()
        self.moderation = ModerationKeys(log_channel_id=MOD_LOG)
        self.rules = RulesKeys()
        self.status = StatusKeys(listen="")
        self.log = LogKeys()
        self.delivery = DeliveryKeys(send_deadline=timedelta(seconds=2), settle=timedelta(seconds=1))
        self.clock = AheadClock()  # of the bots in this process
        self.empty_store: Path | None = None  # what a bot in this process finds at its first start

    def watch(self, path: str, channel_id: int = FORUM, **keys: Any) -> Feed:
        """Configure a feed of the newspaper, polled every second."""
        feed = Feed(
            **{
                "id": path.strip("/").split(".")[0],
                "url": self.paper.url + path,
                "channel_id": channel_id,
                "interval": timedelta(seconds=1),
                "backfill": 10,
            }
            | keys
        )
        self.feeds.append(feed)
        return feed

    def settings(self) -> Settings:
        return Settings(
            discord=DiscordKeys(guild_id=GUILD, api_base=f"{self.discord}/api/v10"),
            store=StoreKeys(url=f"sqlite+aiosqlite:///{self.folder}/newsthread.db"),
            watcher=WatcherKeys(allow_private_addresses=True, parse_workers=1),
            delivery=self.delivery,
            status=self.status,
            log=self.log,
            quotes=self.quotes,
            reactions=self.reactions,
            moderation=self.moderation,
            rules=self.rules,
            feeds=tuple(self.feeds),
            token=SecretStr("local-bot-token"),
        )

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[App]:
        """The real bot while the context lasts, stopped as by SIGTERM."""
        path = self.folder / "newsthread.db"
        if self.empty_store is not None and not path.exists():
            shutil.copy(self.empty_store, path)
        app = App(self.settings(), self.clock)
        stop = asyncio.Event()
        task = asyncio.create_task(app.run(stop))
        try:
            yield app
        finally:
            stop.set()
            await task

    # --- the local Discord, asked and upset ---

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        async with self._session.request(method, self.discord + path, json=body) as response:
            text = await response.text()
            assert response.status < 400, f"{method} {path}: {response.status} {text}"
            return json.loads(text) if text else None

    async def threads(self, channel: int = FORUM) -> list[dict[str, Any]]:
        """Threads of a channel, in the order they were made."""
        found = (await self.call("GET", f"/local/channels/{channel}/threads?as=ada"))["threads"]
        return sorted(found, key=lambda thread: int(thread["id"]))

    async def names(self, channel: int = FORUM) -> list[str]:
        return [thread["name"] for thread in await self.threads(channel)]

    async def messages(self, channel: int | str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.call("GET", f"/local/channels/{channel}/messages?as=ada")
        return found

    # --- members ---

    async def post(
        self, who: str, channel: int | str, content: str, reply_to: Any = None, **more: Any
    ) -> dict[str, Any]:
        body = {"content": content} | ({"reply_to": str(reply_to)} if reply_to else {}) | more
        made: dict[str, Any] = await self.call("POST", f"/local/as/{who}/channels/{channel}/messages", body)
        return made

    async def react(self, who: str, channel: int | str, message: int | str, emoji: str) -> None:
        path = f"/local/as/{who}/channels/{channel}/messages/{message}/reactions/{quote(emoji)}"
        await self.call("PUT", path)

    async def interact(self, who: str, kind: str, channel: int | str, **body: Any) -> list[dict[str, Any]]:
        """A command, menu, button or form; what the bot answered."""
        order = {"kind": kind, "channel_id": str(channel)} | body
        answer = await self.call("POST", f"/local/as/{who}/interactions", order)
        responses: list[dict[str, Any]] = answer["responses"]
        return responses

    async def until_content(
        self, channel: int | str, wanted: Callable[[list[dict[str, Any]]], Any], patience: float = PATIENCE
    ) -> Any:
        """Wait until ``wanted`` of the channel's messages is true-ish, and return it."""
        seen: list[dict[str, Any]] = []

        async def as_wanted() -> Any:
            nonlocal seen
            seen = await self.messages(channel)
            return wanted(seen)

        try:
            return await until(as_wanted, patience)
        except AssertionError:
            shown = [(message["author"]["username"], texts(message)) for message in seen]
            raise AssertionError(f"messages are {shown}") from None

    async def until_names(
        self, *names: str, channel: int = FORUM, patience: float = PATIENCE
    ) -> list[dict[str, Any]]:
        """Wait until the channel's threads are exactly these, in order of making."""
        seen: list[str] = []

        async def as_wanted() -> bool:
            nonlocal seen
            seen = await self.names(channel)
            return seen == list(names)

        try:
            await until(as_wanted, patience)
        except AssertionError:
            raise AssertionError(f"threads are {seen}, not {list(names)}") from None
        return await self.threads(channel)

    async def fault(self, **fault: Any) -> None:
        await self.call("POST", "/local/faults", fault)

    async def clear_faults(self) -> None:
        await self.call("DELETE", "/local/faults")

    def rows(self, question: str, *values: Any) -> list[Any]:
        """What the bot's store answers, asked from outside."""
        with contextlib.closing(sqlite3.connect(self.folder / "newsthread.db", timeout=10)) as store:
            return store.execute(question, values).fetchall()

    async def until_sending(self) -> None:
        """Wait until the store says that a request is under way."""

        async def sending() -> bool:
            return bool(self.rows("SELECT 1 FROM job WHERE state = 'sending'"))

        await until(sending)

    async def until_seen(self, message: int | str) -> None:
        """Wait until the store knows of a post."""

        async def seen() -> bool:
            return bool(self.rows("SELECT 1 FROM post WHERE message_id = ?", int(message)))

        await until(seen)

    async def requests(self, method: str, part: str) -> list[dict[str, Any]]:
        """Logged REST requests whose path contains ``part``."""
        entries = await self.call("GET", "/local/requests?since=0")
        return [entry for entry in entries if entry["method"] == method and part in entry["path"]]

    async def new_session(self) -> None:
        """Discord forgets the session of a bot in this process; wait until it has another."""
        await self.call("POST", "/local/gateway/invalidate")

        async def connected() -> bool:
            self.clock.advance(1)
            there: bool = (await self.call("GET", "/local/state"))["bot"]["connected"]
            return there

        await until(connected)

    async def polls(self, path: str, more: int = 2) -> None:
        """Wait until ``path`` was polled ``more`` times from now, each as soon as the one before is over."""
        for _ in range(more):
            before = self._polled(path)

            async def polled(before: int = before) -> bool:
                return self._polled(path) > before

            self.clock.advance(1)
            await until(polled)

    def _polled(self, path: str) -> int:
        return len([polled for polled, _ in self.paper.requests if polled == path])

    @asynccontextmanager
    async def hurried(self) -> AsyncIterator[None]:
        """Meanwhile time jumps to whatever the outbox of a bot in this process waits for: the next try of something,
        or the moment to look what became of it."""
        hurrying = asyncio.create_task(self._hurry())
        try:
            yield
        finally:
            hurrying.cancel()

    async def _hurry(self) -> None:
        path = f"file:{self.folder}/newsthread.db?mode=ro"
        due = "max(not_before, iif(state = 'unknown', recover_after, not_before))"
        question = (
            f"SELECT min({due}) FROM job WHERE state IN ('pending', 'unknown') AND {due} > ?"
            " AND NOT EXISTS (SELECT 1 FROM job WHERE state = 'sending')"
        )
        while True:
            await asyncio.sleep(0.05)
            now = self.clock.now().replace(tzinfo=None)  # as the store keeps moments
            with contextlib.closing(sqlite3.connect(path, uri=True)) as store:
                (moment,) = store.execute(question, (now.isoformat(" "),)).fetchone()
            if moment is not None:
                self.clock.advance((datetime.fromisoformat(moment) - now).total_seconds())


@asynccontextmanager
async def scenario(folder: Path, limits: Limits | None = None) -> AsyncIterator[Scenario]:
    local = LocalDiscord(port=0, limits=limits)
    url = await local.start()
    try:
        async with newspaper() as paper, aiohttp.ClientSession() as session:
            yield Scenario(folder, url.rstrip("/"), paper, session)
    finally:
        await local.close()


def texts(message: dict[str, Any]) -> str:
    """All text of a message, however it is composed."""

    def walk(component: Any) -> list[str]:
        if isinstance(component, dict):
            own = [component["content"]] if isinstance(component.get("content"), str) else []
            return own + [text for value in component.values() for text in walk(value)]
        if isinstance(component, list):
            return [text for value in component for text in walk(value)]
        return []

    return "\n".join([*walk(message["components"]), message["content"]]).strip()
