"""A flood: so many articles at once, into a forum and a text channel of a Discord with its own limits.

``flood`` runs it and tells what became of it. Time jumps over what Discord makes the bot wait for by the minute; what it
makes it wait for by the second is waited for.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import aiohttp

from bot.settings.keys import DeliveryKeys
from localdiscord import Clock as DiscordClock
from localdiscord import Limits, LocalDiscord
from localdiscord.acts.threads import make_thread
from tests.scenario import FORUM, HEADLINES, Scenario, newspaper, until
from tests.support import AheadClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

MEMBER = 1300000000000003001
REAL = replace(Limits(), openings=(50, 300.0))  # as near to Discord's own as is known


@dataclass(frozen=True)
class Figures:
    """``in_order``: each channel's threads stand in the order of their articles. ``most_active``: threads at once."""

    articles: int
    threads: int
    repeated: int
    in_order: bool
    most_active: int
    archived: int
    requests: int
    limited: int  # answers 429
    invalid: int  # what Discord counts against an address: 401, 403, and 429 that are not shared
    waited: float  # seconds of Discord's time
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.articles} articles: {self.threads} threads, {self.repeated} repeated,"
            f" {'in order' if self.in_order else 'OUT OF ORDER'}; at most {self.most_active} active,"
            f" {self.archived} archived; {self.requests} requests, {self.limited} answers 429,"
            f" {self.invalid} invalid; {self.waited / 60:.0f} min on Discord, {self.seconds:.1f} s here"
        )


class _Together(AheadClock):
    """The bot's clock, which takes Discord's along."""

    def __init__(self, discord: DiscordClock) -> None:
        super().__init__()
        self._discord = discord

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        self._discord.advance(seconds)


async def flood(
    folder: Path, count: int, *, limits: Limits = REAL, members_threads: int = 0, patience: float = 300.0
) -> Figures:
    """``count`` articles, half of them in each of two channels, while members have ``members_threads`` open ones.

    ``patience`` is in seconds. The store and its files are made in ``folder``.

    Raises:
        AssertionError: not all was opened in that time.
    """
    began, clock = time.monotonic(), DiscordClock()
    local = LocalDiscord(port=0, limits=limits, clock=clock)
    url = await local.start()
    try:
        world = local.ctx.world
        for number in range(members_threads):
            make_thread(local.ctx, world.channel(FORUM), MEMBER, f"Talk {number}")
        async with newspaper() as paper, aiohttp.ClientSession() as session:
            scene = Scenario(folder, url.rstrip("/"), paper, session)
            scene.clock, scene.delivery = _Together(clock), DeliveryKeys()
            wanted = {FORUM: count // 2, HEADLINES: count - count // 2}
            feeds = {FORUM: "/forum.rss", HEADLINES: "/text.rss"}
            for channel, path in feeds.items():
                paper.publish(path, "Article 0")
                scene.watch(path, channel, backfill=1)

            def active() -> int:
                return sum(1 for each in world.threads() if each.thread and not each.thread.archived)

            most = 0

            async def over() -> bool:
                nonlocal most
                most = max(most, active())
                return await _opened(folder, count)

            virtual = clock.monotonic()
            async with scene.bot(), _hurried(scene):
                await until(lambda: _opened(folder, len(wanted)))
                for channel, path in feeds.items():
                    for number in range(1, wanted[channel]):
                        paper.publish(path, f"Article {number}")
                await until(over, patience)
            waited = clock.monotonic() - virtual
            names = {
                channel: [thread["name"] for thread in await scene.threads(channel) if _ours(thread)]
                for channel in wanted
            }
            asked = await scene.call("GET", "/local/requests?since=0")
    finally:
        await local.close()
    limited = [each for each in asked if each["status"] == 429]
    return Figures(
        articles=count,
        threads=sum(map(len, names.values())),
        repeated=sum(len(found) - len(set(found)) for found in names.values()),
        in_order=all(
            found == [f"Article {number}" for number in range(wanted[channel])]
            for channel, found in names.items()
        ),
        most_active=most,
        archived=sum(1 for each in asked if _archives(each)),
        requests=len(asked),
        limited=len(limited),
        invalid=sum(
            1 for each in asked if each["status"] in (401, 403) or (each in limited and not _shared(each))
        ),
        waited=waited,
        seconds=time.monotonic() - began,
    )


def _ours(thread: dict[str, Any]) -> bool:
    return int(thread["owner_id"]) != MEMBER


def _shared(limited: dict[str, Any]) -> bool:
    """Whether a 429 is Discord's for what others use as well, which it does not hold against the bot."""
    return str((limited["response_body"] or {}).get("message")).startswith("The resource")


def _archives(request: dict[str, Any]) -> bool:
    return request["method"] == "PATCH" and (request["body"] or {}).get("archived") is True


async def _opened(folder: Path, count: int) -> bool:
    """Whether so many threads were opened."""
    rows = _stored(folder, "SELECT count(*) FROM story WHERE thread_id IS NOT NULL")
    return bool(rows) and bool(rows[0][0] >= count)


def _stored(folder: Path, question: str) -> list[Any]:
    """Rows of the bot's store; none before it is made."""
    path = folder / "newsthread.db"
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
            return store.execute(question).fetchall()
    except sqlite3.OperationalError:
        return []


@contextlib.asynccontextmanager
async def _hurried(scene: Scenario) -> AsyncIterator[None]:
    """Meanwhile time jumps to the moment for which all of the outbox waits."""
    hurrying = asyncio.create_task(_hurry(scene))
    try:
        yield
    finally:
        hurrying.cancel()


async def _hurry(scene: Scenario) -> None:
    # A lane waits for its first job; another that can go on must not lose the time in which it would have.
    question = (
        "SELECT lane, state, not_before FROM job WHERE state IN ('pending', 'sending', 'unknown') ORDER BY id"
    )
    while True:
        await asyncio.sleep(0.1)
        first: dict[str, tuple[str, str]] = {}
        for lane, state, moment in _stored(scene.folder, question):
            first.setdefault(lane, (state, moment))
        if not first or any(state != "pending" for state, _ in first.values()):
            continue
        now = scene.clock.now().replace(tzinfo=None)  # as the store keeps moments
        wait = (min(datetime.fromisoformat(moment) for _, moment in first.values()) - now).total_seconds()
        if wait > 0:
            scene.clock.advance(wait)
