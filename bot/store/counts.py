"""Reactions, counted: by emoji, by post, by story. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import distinct, func, or_, select

from bot.model import Discussion, Ranked, Tally
from bot.store.schema import article, post, reaction, story

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

_MEMBERS = func.count(distinct(reaction.c.member_id))

# A post may be unknown, or nobody's yet: then no reaction to it is its author's own.
_BY_OTHERS = or_(post.c.author_id.is_(None), post.c.author_id != reaction.c.member_id)


def tally(
    connection: Connection,
    message_id: int | None,
    story_id: int | None,
    given_by: int | None,
    received_by: int | None,
    self_reactions: bool,
) -> Tally:
    asked = (
        (reaction.c.message_id, message_id),
        (reaction.c.story_id, story_id),
        (reaction.c.member_id, given_by),
        (post.c.author_id, received_by),
    )
    conditions = [column == value for column, value in asked if value is not None]
    return Tally(tuple(_counted(connection, conditions, self_reactions)))


def _counted(
    connection: Connection, conditions: list[ColumnElement[bool]], self_reactions: bool
) -> list[tuple[str, int]]:
    """Emoji with the number of members who gave it, once a message; most first."""
    if not self_reactions:
        conditions = [*conditions, _BY_OTHERS]
    given = (
        select(reaction.c.emoji, reaction.c.message_id, reaction.c.member_id)
        .outerjoin(post, post.c.message_id == reaction.c.message_id)
        .where(*conditions)
        .distinct()
        .subquery()
    )
    number = func.count()
    rows = connection.execute(
        select(given.c.emoji, number).group_by(given.c.emoji).order_by(number.desc(), given.c.emoji)
    )
    return [(emoji, count) for emoji, count in rows]


def top_posts(
    connection: Connection, since: datetime, emoji: frozenset[str], limit: int, self_reactions: bool
) -> tuple[Ranked, ...]:
    fit = [reaction.c.at >= since, reaction.c.emoji.in_(sorted(emoji)), post.c.story_id.is_not(None)]
    if not self_reactions:
        fit.append(_BY_OTHERS)
    rows = connection.execute(
        select(post.c.thread_id, post.c.message_id, post.c.author_id, _MEMBERS)
        .join(reaction, reaction.c.message_id == post.c.message_id)
        .where(*fit, post.c.deleted_at.is_(None))
        .group_by(post.c.id)
        .order_by(_MEMBERS.desc(), post.c.message_id)
        .limit(limit)
    )
    return tuple(Ranked(*row) for row in rows)


def top_stories(
    connection: Connection, since: datetime, emoji: frozenset[str], limit: int
) -> tuple[Ranked, ...]:
    rows = connection.execute(
        select(story.c.thread_id, story.c.message_id, _MEMBERS, article.c.title)
        .join(reaction, reaction.c.message_id == story.c.message_id)
        .join(article, article.c.id == story.c.article_id)
        .where(
            reaction.c.at >= since,
            reaction.c.emoji.in_(sorted(emoji)),
            story.c.thread_id.is_not(None),
            story.c.removed_at.is_(None),
        )
        .group_by(story.c.id, article.c.id)
        .order_by(_MEMBERS.desc(), story.c.message_id)
        .limit(limit)
    )
    return tuple(Ranked(thread_id, opening, None, count, title) for thread_id, opening, count, title in rows)


def discussion(
    connection: Connection, story_id: int, line: str, self_reactions: bool, named: Sequence[str]
) -> Discussion:
    counts: list[tuple[str, int]] = []
    if line != "off":
        conditions = [reaction.c.story_id == story_id, reaction.c.emoji.in_(named)]
        if line == "post":
            opening = select(story.c.message_id).where(story.c.id == story_id).scalar_subquery()
            conditions.append(reaction.c.message_id == opening)
        places = {emoji: place for place, emoji in enumerate(named)}
        counts = _counted(connection, conditions, self_reactions)
        counts.sort(key=lambda one: (-one[1], places[one[0]]))
    return Discussion(Tally(tuple(counts)), _recommended(connection, story_id, self_reactions, named))


def _recommended(
    connection: Connection, story_id: int, self_reactions: bool, named: Sequence[str]
) -> tuple[Ranked, ...]:
    given = (reaction.c.message_id == post.c.message_id) & reaction.c.emoji.in_(named)
    if not self_reactions:
        given &= _BY_OTHERS
    rows = connection.execute(
        select(post.c.thread_id, post.c.message_id, post.c.author_id, _MEMBERS)
        .outerjoin(reaction, given)
        .where(post.c.story_id == story_id, post.c.recommended_at.is_not(None), post.c.deleted_at.is_(None))
        .group_by(post.c.id)
        .order_by(post.c.recommended_at, post.c.message_id)
    )
    return tuple(Ranked(*row) for row in rows)
