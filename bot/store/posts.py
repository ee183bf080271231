"""Messages in the threads of stories: that they exist, whose they are, and which are recommended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, insert, or_, select, update

from bot.model import Made, Post, PostDetails, Quote
from bot.store.jobs import revise_later
from bot.store.polls import chunks
from bot.store.records import post_of, quote_of
from bot.store.schema import post, quote

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from bot.clock import Clock


# What makes a post one that has taken the place of its ``native_id``: a reply's repost, and what was posted anew when no
# webhook could edit it any more, maybe by the bot. What merely stands beside a reply was made for that very reply.
REPLACES = and_(
    post.c.message_id.is_not(None),
    or_(post.c.made == Made.WEBHOOK, post.c.origin.is_distinct_from(post.c.native_id)),
)


def saw_post(
    connection: Connection,
    story_id: int,
    thread_id: int,
    message_id: int,
    author_id: int | None,
    made: Made,
    created_at: datetime,
    webhook_id: int | None,
) -> None:
    facts = {
        "story_id": story_id,
        "thread_id": thread_id,
        "author_id": author_id,
        "made": made,
        "created_at": created_at,
        "webhook_id": webhook_id,
    }
    mine = post.c.message_id == message_id
    row = connection.execute(select(post.c.story_id, post.c.author_id).where(mine)).first()
    if row is None:
        if not replaced(connection, [message_id]):  # of a reply that our repost replaced nothing is kept
            connection.execute(insert(post).values(message_id=message_id, **facts))
    elif row.story_id is None:  # its deletion was told before it
        connection.execute(update(post).where(mine).values(facts))
    elif row.author_id is None and author_id is not None:
        connection.execute(update(post).where(mine).values(author_id=author_id))


def replaced(connection: Connection, message_ids: Collection[int]) -> dict[int, int]:
    """Those of the messages that are native replies which our reposts replaced, with the repost's message."""
    return {
        row.native_id: row.message_id
        for chunk in chunks(message_ids)
        for row in connection.execute(
            select(post.c.native_id, post.c.message_id).where(post.c.native_id.in_(chunk), REPLACES)
        )
    }


def deleted(connection: Connection, message_ids: Collection[int]) -> set[int]:
    """Those of the messages that are known to be deleted."""
    return {
        row.message_id
        for chunk in chunks(message_ids)
        for row in connection.execute(
            select(post.c.message_id).where(post.c.message_id.in_(chunk), post.c.deleted_at.is_not(None))
        )
    }


def is_gone(message_id: int) -> ColumnElement[bool]:
    """A condition: the message is known to be deleted, or was replaced by our repost."""
    return exists().where(
        or_(
            and_(post.c.message_id == message_id, post.c.deleted_at.is_not(None)),
            and_(post.c.native_id == message_id, REPLACES),
        )
    )


# --- questions -----------------------------------------------------------------------------------------


def by_message(connection: Connection, message_id: int) -> PostDetails | None:
    return next(iter(details(connection, post.c.message_id == message_id)), None)


def by_id(connection: Connection, post_id: int) -> PostDetails | None:
    return next(iter(details(connection, post.c.id == post_id)), None)


def details(connection: Connection, which: ColumnElement[bool]) -> tuple[PostDetails, ...]:
    """Posts, oldest first, with their quotes in order; ``which`` is a condition on ``post``."""
    chosen = which & post.c.story_id.is_not(None)
    quotes: dict[int, list[Quote]] = {}
    for row in connection.execute(
        select(quote)
        .where(quote.c.post_id.in_(select(post.c.id).where(chosen)))
        .order_by(quote.c.position, quote.c.id)
    ):
        quotes.setdefault(row.post_id, []).append(quote_of(row))
    rows = connection.execute(select(post).where(chosen).order_by(post.c.created_at, post.c.id))
    return tuple(PostDetails(post_of(row), tuple(quotes.get(row.id, ()))) for row in rows)


def unclaimed(connection: Connection, story_id: int, since: datetime) -> tuple[Post, ...]:
    return _posts(connection, story_id, since, post.c.author_id.is_(None))


def posts_since(connection: Connection, story_id: int, since: datetime) -> tuple[Post, ...]:
    return _posts(connection, story_id, since, post.c.deleted_at.is_(None))


def _posts(
    connection: Connection, story_id: int, since: datetime, which: ColumnElement[bool]
) -> tuple[Post, ...]:
    rows = connection.execute(
        select(post)
        .where(post.c.story_id == story_id, post.c.created_at >= since, post.c.message_id.is_not(None), which)
        .order_by(post.c.created_at, post.c.message_id)
    )
    return tuple(post_of(row) for row in rows)


def claimed(connection: Connection, story_id: int, since: datetime) -> frozenset[int]:
    rows = connection.execute(
        select(post.c.message_id).where(
            post.c.story_id == story_id,
            post.c.created_at >= since,
            post.c.message_id.is_not(None),
            post.c.author_id.is_not(None),
        )
    )
    return frozenset(rows.scalars())


def last_post_at(connection: Connection, story_id: int, author_id: int) -> datetime | None:
    latest = select(func.max(post.c.created_at)).where(
        post.c.story_id == story_id, post.c.author_id == author_id
    )
    return connection.execute(latest).scalar()


# --- recommended posts ---------------------------------------------------------------------------------


def recommend(connection: Connection, clock: Clock, message_id: int, by: int, at: datetime) -> bool:
    fit = (
        (post.c.message_id == message_id)
        & post.c.story_id.is_not(None)
        & post.c.deleted_at.is_(None)
        & post.c.recommended_at.is_(None)
    )
    if not by:
        fit &= post.c.recommended_by.is_(None)  # still named where a moderator took it back
    return _recommendation(connection, clock, fit, at, recommended_at=at, recommended_by=by)


def unrecommend(connection: Connection, clock: Clock, message_id: int, now: datetime) -> bool:
    fit = (post.c.message_id == message_id) & post.c.recommended_at.is_not(None)
    return _recommendation(connection, clock, fit, now, recommended_at=None)


def _recommendation(
    connection: Connection, clock: Clock, fit: ColumnElement[bool], now: datetime, **columns: object
) -> bool:
    story_id = connection.execute(select(post.c.story_id).where(fit)).scalar()
    if story_id is None:
        return False
    connection.execute(update(post).where(fit).values(columns))
    revise_later(connection, clock, story_id, now)
    return True
