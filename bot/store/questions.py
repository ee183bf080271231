"""What people ask: members about a story, the status page about everything. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from bot.model import (
    FeedOverview,
    FormerHeadline,
    JobKind,
    JobState,
    Overview,
    Story,
    StoryDetails,
)
from bot.store import waiting
from bot.store.jobs import OPEN_STATES
from bot.store.records import STORIES, article_of, poll_of, story_of
from bot.store.schema import article, feed, job, poll, post, reaction, revision, story

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

WAITING_SHOWN = 100


def story_by_token(connection: Connection, token: str) -> StoryDetails | None:
    owner = select(job.c.story_id).where(job.c.token == token).scalar_subquery()
    return details(connection, story.c.id == owner)


def story_by_thread(connection: Connection, thread_id: int) -> StoryDetails | None:
    return details(connection, story.c.thread_id == thread_id)


def story_by_message(connection: Connection, message_id: int) -> StoryDetails | None:
    return details(connection, story.c.message_id == message_id)


def talked_about(connection: Connection, since: datetime) -> tuple[Story, ...]:
    opened = select(job.c.story_id).where(job.c.kind == JobKind.OPEN, job.c.done_at >= since)
    posted_in = select(post.c.story_id).where(post.c.created_at >= since, post.c.story_id.is_not(None))
    reacted_to = select(reaction.c.story_id).where(reaction.c.at >= since)
    rows = connection.execute(
        STORIES.where(
            story.c.thread_id.is_not(None),
            story.c.removed_at.is_(None),
            or_(*(story.c.id.in_(found) for found in (opened, posted_in, reacted_to))),
        ).order_by(story.c.id)
    )
    return tuple(story_of(row) for row in rows)


def details(connection: Connection, which: ColumnElement[bool]) -> StoryDetails | None:
    row = connection.execute(STORIES.where(which)).first()
    if row is None:
        return None
    former = connection.execute(
        select(revision).where(revision.c.article_id == row.article_id).order_by(revision.c.id)
    )
    headlines = tuple(FormerHeadline(one.title, one.seen_at) for one in former)
    return StoryDetails(story_of(row), article_of(row), headlines)


def overview(connection: Connection) -> Overview:
    counted = connection.execute(select(job.c.state, func.count()).group_by(job.c.state)).tuples()
    return Overview(
        polls={row.url: poll_of(row) for row in connection.execute(select(poll).order_by(poll.c.url))},
        feeds=_feeds(connection),
        jobs=dict.fromkeys(JobState, 0) | {JobState(state): number for state, number in counted},
        oldest_open=connection.execute(
            select(func.min(job.c.created_at)).where(job.c.state.in_(OPEN_STATES))
        ).scalar(),
        waiting=waiting.waiting(connection, WAITING_SHOWN),
    )


def _feeds(connection: Connection) -> dict[str, FeedOverview]:
    articles = dict(
        connection.execute(select(article.c.feed_id, func.count()).group_by(article.c.feed_id)).tuples().all()
    )
    threads = dict(
        connection.execute(select(story.c.feed_id, func.count(story.c.thread_id)).group_by(story.c.feed_id))
        .tuples()
        .all()
    )
    return {
        row.id: FeedOverview(
            feed_id=row.id,
            title=row.title,
            articles=articles.get(row.id, 0),
            threads=threads.get(row.id, 0),
            warnings=tuple(row.warnings),
        )
        for row in connection.execute(select(feed).order_by(feed.c.id))
    }
