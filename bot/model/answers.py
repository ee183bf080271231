"""What the store answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.feeds import Article, PollState
from bot.model.outbox import JobKind, JobState, Story


@dataclass(frozen=True, slots=True)
class OwnThread:
    """A thread or marked post of ours, as Discord showed it; what is not known (yet) is None."""

    thread_id: int
    guild_id: int | None = None
    parent_id: int | None = None
    token: str | None = None
    created_at: datetime | None = None
    deleted_at: datetime | None = None
    deleted_by: int | None = None


@dataclass(frozen=True, slots=True)
class Audited:
    """How far a channel was compared with the store."""

    until: datetime  # whatever of ours was made there before is known
    thorough_at: datetime | None  # when it was compared both ways last


@dataclass(frozen=True, slots=True)
class FormerHeadline:
    """A title that an article bore until ``seen_at``, when its successor was seen."""

    title: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class StoryDetails:
    """A story, its article as it reads now, and the headlines it had before, oldest first."""

    story: Story
    article: Article
    headlines: tuple[FormerHeadline, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedOverview:
    """What the store holds of one feed; how polling its address goes is ``Overview.polls``."""

    feed_id: str
    title: str  # the feed's own, "" until it was read
    articles: int
    threads: int
    warnings: tuple[str, ...] = ()  # of the last reading


@dataclass(frozen=True, slots=True)
class WaitingJob:
    """A job that something stands in the way of: parked, or held up for a reason."""

    job_id: int
    kind: JobKind
    state: JobState
    feed_id: str | None  # it, channel and title are None where the job is about no story
    channel_id: int | None
    title: str | None  # the article's
    created_at: datetime
    not_before: datetime
    problem: str
    url: str | None = None  # the article's
    case_id: int | None = None  # what is about no story may be about a case

    @property
    def parked(self) -> bool:
        """Whether it waits for a person; otherwise it is tried again by itself."""
        return self.state is JobState.PARKED


@dataclass(frozen=True, slots=True)
class Overview:
    """The store at one moment, for the status page."""

    polls: dict[str, PollState]  # by address
    feeds: dict[str, FeedOverview]  # by id; a feed has none before it was first read
    jobs: dict[JobState, int]  # how many; every state is named
    oldest_open: datetime | None  # when the oldest job that is pending, sending or unknown was written
    waiting: tuple[WaitingJob, ...]  # oldest first, at most a hundred
