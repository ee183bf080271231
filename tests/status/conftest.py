"""A status server on a free port, over facts that a test can change."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.model import Failure, FailureKind, JobKind, JobState, WaitingJob
from bot.status import FeedFacts, StatusFacts, StatusServer
from bot.troubles import Trouble
from tests.support import START, StillClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

GOOD = FeedFacts(
    id="world",
    title="World News",
    url="https://news.example/world.rss",
    channel_id=1300000000000002000,
    polled_at=START - timedelta(minutes=3),
    succeeded_at=START - timedelta(minutes=3),
    next_at=START + timedelta(minutes=2),
    articles=40,
    threads=12,
)
FAILING = FeedFacts(
    id="broken",
    title="",
    url="https://user:secret@broken.example/feed?a=1&b=2",
    channel_id=1300000000000002001,
    polled_at=START - timedelta(seconds=5),
    succeeded_at=START - timedelta(days=2),
    next_at=START - timedelta(seconds=1),
    failures=3,
    failure=Failure(FailureKind.NOT_FOUND, "The address answers 404 Not Found."),
    articles=3,
    threads=1,
)
HELD = WaitingJob(
    job_id=7,
    kind=JobKind.OPEN,
    state=JobState.PENDING,
    feed_id="world",
    channel_id=1300000000000002000,
    title="A headline",
    created_at=START - timedelta(hours=2),
    not_before=START + timedelta(seconds=30),
    problem="Newsthread may not post in #news: it lacks Send Messages.",
)
PARKED = replace(
    HELD, job_id=8, state=JobState.PARKED, title="Another", problem="Discord refuses this title."
)
FACTS = StatusFacts(
    started_at=START - timedelta(days=1),
    version="9.8.7",
    feeds=(GOOD, FAILING, replace(GOOD, id="new", polled_at=None), replace(GOOD, id="off", enabled=False)),
    jobs={JobState.PENDING: 2, JobState.DONE: 100, JobState.PARKED: 1},
    oldest_open=START - timedelta(minutes=7),
    waiting=(HELD, PARKED),
    loops={"watcher": START - timedelta(seconds=20), "publisher": START - timedelta(seconds=150)},
    gateway_connected=True,
    gateway_latency=0.042,
    polls={"new": 5, "unchanged": 40, "not-found": 3},
    troubles=(Trouble("the disk <is> full: free some space", START - timedelta(minutes=4)),),
    restarts={"session with Discord": 2, "watcher of world": 1},
)
QUIET = replace(FACTS, feeds=(GOOD,), jobs={}, waiting=(), oldest_open=None, troubles=(), restarts={})


class Program:
    """Stands for the rest of the program: gives whatever facts, or error, the test has put there."""

    def __init__(self) -> None:
        self.facts: StatusFacts | Exception = FACTS

    def change(self, **changes: Any) -> None:
        assert isinstance(self.facts, StatusFacts)
        self.facts = replace(self.facts, **changes)

    async def gather(self) -> StatusFacts:
        if isinstance(self.facts, Exception):
            raise self.facts
        return self.facts


@asynccontextmanager
async def serving(program: Program, listen: str = "127.0.0.1:0") -> AsyncIterator[aiohttp.ClientSession]:
    """A client session whose base is the running page."""
    server = StatusServer(listen, program.gather, StillClock())
    address = await server.start()
    try:
        async with aiohttp.ClientSession(address) as client:
            yield client
    finally:
        await server.close()


@pytest.fixture
def program() -> Program:
    return Program()


@pytest.fixture
async def client(program: Program) -> AsyncIterator[aiohttp.ClientSession]:
    async with serving(program) as session:
        yield session
