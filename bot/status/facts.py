"""What the status page knows: one frozen record of the running program at one moment. No I/O."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.model import Failure, JobState, Overview, WaitingJob
    from bot.settings.keys import Feed
    from bot.troubles import Trouble


class FeedState(StrEnum):
    FAILING = "failing"  # its last poll brought no feed
    WAITING = "waiting"  # not polled yet
    GOOD = "good"
    PAUSED = "paused"  # enabled = false


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """One configured feed."""

    id: str
    title: str  # the feed's own; "" until it was read
    url: str
    channel_id: int
    enabled: bool = True
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    next_at: datetime | None = None
    failures: int = 0  # in a row
    failure: Failure | None = None
    articles: int = 0
    threads: int = 0
    warnings: tuple[str, ...] = ()

    @property
    def state(self) -> FeedState:
        if not self.enabled:
            return FeedState.PAUSED
        if self.failures:
            return FeedState.FAILING
        return FeedState.GOOD if self.polled_at else FeedState.WAITING


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """The whole program. Times are in UTC."""

    started_at: datetime
    version: str
    feeds: tuple[FeedFacts, ...]
    jobs: Mapping[JobState, int]
    oldest_open: datetime | None  # when the oldest job was written that is not finished
    waiting: tuple[WaitingJob, ...]  # jobs that something stands in the way of, oldest first
    loops: Mapping[str, datetime]  # the last heartbeat of each loop
    gateway_connected: bool
    gateway_latency: float | None = None  # seconds
    store_writable: bool = True
    polls: Mapping[str, int] = field(default_factory=dict)  # since the start, by outcome
    troubles: tuple[Trouble, ...] = ()  # oldest first
    restarts: Mapping[str, int] = field(default_factory=dict)  # of loops since the start, by name


def gather_facts(
    overview: Overview,
    feeds: Iterable[Feed],
    *,
    started_at: datetime,
    version: str,
    loops: Mapping[str, datetime],
    gateway_connected: bool,
    gateway_latency: float | None = None,
    store_writable: bool = True,
    polls: Mapping[str, int] | None = None,
    troubles: tuple[Trouble, ...] = (),
    restarts: Mapping[str, int] | None = None,
) -> StatusFacts:
    """The facts, from what the store says of the configured feeds and what the program says of itself.

    A latency that is no number, as discord.py gives before the first heartbeat, counts as none.
    """
    known = gateway_latency is not None and math.isfinite(gateway_latency)
    return StatusFacts(
        started_at=started_at,
        version=version,
        feeds=tuple(_feed_facts(feed, overview) for feed in feeds),
        jobs=overview.jobs,
        oldest_open=overview.oldest_open,
        waiting=overview.waiting,
        loops=dict(loops),
        gateway_connected=gateway_connected,
        gateway_latency=gateway_latency if known else None,
        store_writable=store_writable,
        polls=dict(polls or {}),
        troubles=troubles,
        restarts=dict(restarts or {}),
    )


def _feed_facts(feed: Feed, overview: Overview) -> FeedFacts:
    poll = overview.polls.get(feed.url)
    held = overview.feeds.get(feed.id)
    return FeedFacts(
        id=feed.id,
        title=held.title if held else "",
        url=feed.url,
        channel_id=feed.channel_id,
        enabled=feed.enabled,
        polled_at=poll.polled_at if poll else None,
        succeeded_at=poll.succeeded_at if poll else None,
        next_at=poll.next_at if poll else None,
        failures=poll.failures if poll else 0,
        failure=poll.failure if poll else None,
        articles=held.articles if held else 0,
        threads=held.threads if held else 0,
        warnings=held.warnings if held else (),
    )
