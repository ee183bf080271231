"""A world to break: a local Discord, a newspaper that misbehaves, and the real bot as a process that dies often."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sqlite3
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from bot.clock import Clock
from bot.model import QuoteMode
from bot.settings.keys import (
    DeliveryKeys,
    ModerationKeys,
    ReactionsKeys,
    Repeated,
    Rule,
    RulesKeys,
)
from bot.store import Store, backup
from localdiscord import Limits, LocalDiscord
from tests.process import STOPPED, is_connected, write_config
from tests.scenario import FORUM, HEADLINES, MOD_LOG, Newspaper, Scenario, serving
from tests.torture.bot import Bot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

FEEDS = {"/forum.rss": FORUM, "/text.rss": HEADLINES, "/beside.rss": FORUM}
BESIDE = "/beside.rss"  # its replies stay, with their quotes beside them
SEND_DEADLINE = timedelta(seconds=1)
SETTLE = timedelta(seconds=2.5)
START = 120.0  # seconds until a bot is connected, on a machine with much to do
FAR = timedelta(seconds=60)  # what is due later than that is meant to be: the end of a suspension

TROUBLES = ("error", "garbage", "nothing", "unchanged", "cut", "slow")


class Troubled(Newspaper):
    """A newspaper whose server has its days: each of ``troubles`` befalls one request."""

    def __init__(self) -> None:
        super().__init__()
        self.troubles: list[str] = []
        self.met = 0

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if not self.troubles or request.path not in self.items:
            return await super().serve(request)
        self.met += 1
        body = self.rss(request.path).encode()
        match self.troubles.pop(0):
            case "error":
                return web.Response(status=500)
            case "garbage":
                return web.Response(
                    body=b"<rss><channel><item>\x00\xff" + body[200:900], content_type="text/xml"
                )
            case "nothing":
                return web.Response(body=b"", content_type="application/rss+xml")
            case "unchanged":
                return web.Response(status=304)
            case "cut":
                return await self._begin(request, body, cut=True)
            case _:
                return await self._begin(request, body, cut=False)

    async def _begin(self, request: web.Request, body: bytes, *, cut: bool) -> web.StreamResponse:
        """Half of the feed; then the connection ends, or the rest follows after a while."""
        response = web.StreamResponse(
            headers={"Content-Type": "application/rss+xml", "Content-Length": str(len(body))}
        )
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        await asyncio.sleep(0.3)
        if cut:
            if request.transport is not None:
                request.transport.abort()
            return response
        with contextlib.suppress(ConnectionResetError):  # the bot may have died over it
            await response.write(body[len(body) // 2 :])
            await response.write_eof()
        return response


class World:
    """``start``, ``kill`` and ``stop`` are about the bot; ``scene`` is how people and tests act."""

    def __init__(self, scene: Scenario, local: LocalDiscord, paper: Troubled) -> None:
        self.scene = scene
        self.local = local
        self.paper = paper
        self.bot: Bot | None = None
        self._failpoint = scene.folder / "failpoint"
        self._failpoint.touch()
        scene.delivery = DeliveryKeys(send_deadline=SEND_DEADLINE, settle=SETTLE)
        scene.reactions = ReactionsKeys(policy="named_only", line_interval=timedelta(seconds=5))
        scene.moderation = ModerationKeys(log_channel_id=MOD_LOG)
        scene.rules = RulesKeys(
            rule=(
                Rule(id="paid", title="No accusations", reason="claimed a member was paid", strike=False),
                Rule(
                    id="again",
                    title="Nor again",
                    reason="repeated what was removed",
                    repeated=(Repeated(strikes=1, within=timedelta(days=1), suspend=timedelta(days=1)),),
                ),
            )
        )
        for path, channel in FEEDS.items():
            mode = QuoteMode.COMPANION if path == BESIDE else QuoteMode.REPOST
            scene.watch(path, channel, quotes=mode, backfill=50)
            paper.items[path] = []
        write_config(scene, scene.folder / "config")

    # --- the bot ---------------------------------------------------------------------------------------------

    async def start(self) -> bool:
        """Start the bot; whether it got as far as a session, for it may be about to die before."""
        self._hasten()
        folder = self.scene.folder
        self.bot = Bot(folder / "config", self._failpoint, folder / "bot.log")
        await self.bot.start()
        async with asyncio.timeout(START):
            while self.bot.code is None:
                if await is_connected(self.scene):
                    return True
                await asyncio.sleep(0.03)
        return False

    @property
    def alive(self) -> bool:
        return self.bot is not None and self.bot.code is None

    async def died(self, patience: float) -> bool:
        """Wait for its death, so long at most."""
        assert self.bot is not None
        return await self.bot.ended(patience)

    async def kill(self) -> None:
        """SIGKILL, wherever it may be."""
        assert self.bot is not None
        self.bot.signal(signal.SIGKILL)
        assert await self.bot.ended(STOPPED)
        assert self.bot.code == -signal.SIGKILL, f"it ended with {self.bot.code}"

    async def stop(self) -> None:
        """SIGTERM, as an admin does."""
        assert self.bot is not None
        self.bot.signal(signal.SIGTERM)
        assert await self.bot.ended(STOPPED)
        assert self.bot.code == 0, f"it ended with {self.bot.code}"

    def arm(self, point: str) -> None:
        """Have it die at this point."""
        self._failpoint.write_text(point, "utf-8")

    def disarm(self) -> bool:
        """Whether the point had struck."""
        struck = self._failpoint.read_text("utf-8") == ""
        self._failpoint.write_text("", "utf-8")
        return struck

    # --- its store -------------------------------------------------------------------------------------------

    @property
    def path(self) -> Path:
        return self.scene.folder / "newsthread.db"

    def waiting(self) -> list[tuple[str, str, str | None]]:
        """Kind, state and problem of the jobs that are due by now or soon."""
        soon = (datetime.now(UTC) + FAR).replace(tzinfo=None).isoformat(" ")
        return self.scene.rows(
            "SELECT kind, state, problem FROM job WHERE state IN ('pending', 'sending', 'unknown')"
            " AND not_before < ?",
            soon,
        )

    def _hasten(self) -> None:
        """As if the bot had been away for long: whatever waits for its next try is due, and no feed is given a rest."""
        if not self.path.exists():
            return
        now = datetime.now(UTC).replace(tzinfo=None)
        tables = {name for (name,) in self.scene.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
        with contextlib.closing(sqlite3.connect(self.path, timeout=10)) as store, store:
            store.execute(
                "UPDATE job SET not_before = ? WHERE state IN ('pending', 'unknown') AND not_before > ?"
                " AND kind != 'rights'",
                (now.isoformat(" "), now.isoformat(" ")),
            )
            store.execute("UPDATE poll SET next_at = NULL, failures = 0")
            if "start" in tables:
                store.execute("DELETE FROM start")  # so many starts in so short a time would have to wait

    async def back_up(self) -> Path:
        """``newsthread db backup``, while the bot is at work."""
        copy = self.path.with_suffix(".copy")
        copy.unlink(missing_ok=True)
        await backup(self.scene.settings().store.url, copy)
        return copy

    def set_back(self, copy: Path) -> None:
        """The store is its backup again; while the bot is away."""
        for rest in ("-wal", "-shm"):
            self.path.with_name(self.path.name + rest).unlink(missing_ok=True)
        copy.replace(self.path)

    async def retry_parked(self) -> int:
        """What an admin does about refused deliveries once the reason is gone; while the bot is away."""
        store = await Store.open(self.scene.settings().store.url, Clock())
        try:
            parked = self.scene.rows("SELECT id FROM job WHERE state = 'parked'")
            for (job_id,) in parked:
                await store.unpark(job_id)
        finally:
            await store.close()
        return len(parked)


@asynccontextmanager
async def world(folder: Path) -> AsyncIterator[World]:
    """Discord's limits on what is posted, but none on what hundreds of starts read, and what hours of life would not meet."""
    much = (1000, 1.0)
    limits = Limits(default=much, overall=much, renames=much, webhook_channel=much)
    local = LocalDiscord(port=0, limits=limits)
    url = await local.start()
    paper = Troubled()
    try:
        async with serving(paper), aiohttp.ClientSession() as session:
            broken = World(Scenario(folder, url.rstrip("/"), paper, session), local, paper)
            try:
                yield broken
            finally:
                if broken.alive:
                    await broken.kill()
    finally:
        await local.close()
