"""Which post quotes which, and that the posts on Discord are brought up to date with what they quote."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, select, update

from bot.model import JobKind, JobState, PostDetails, Quotation, Quote
from bot.store import posts
from bot.store.jobs import UNSENT, WAITING_STATES, add_job
from bot.store.polls import chunks
from bot.store.records import quote_of
from bot.store.schema import basket, job, post, quote

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.clock import Clock

# Whether a post of ours certainly isn't on Discord yet, in a statement on ``post``.
IS_UNSENT = exists().where(job.c.post_id == post.c.id, job.c.kind == JobKind.QUOTE, UNSENT)


def quotes_of(connection: Connection, source_id: int) -> tuple[Quote, ...]:
    rows = connection.execute(
        select(quote).where(quote.c.source_id == source_id, quote.c.lost_at.is_(None)).order_by(quote.c.id)
    )
    return tuple(quote_of(row) for row in rows)


def quoted_by(connection: Connection, source_id: int) -> tuple[PostDetails, ...]:
    quoting = post.c.id.in_(select(quote.c.post_id).where(quote.c.source_id == source_id))
    return posts.details(connection, quoting & post.c.message_id.is_not(None) & post.c.deleted_at.is_(None))


def resolve(connection: Connection, quotations: Sequence[Quotation]) -> list[tuple[Quotation, bool]]:
    """Each with the source that it has now, and whether that is deleted already: then without text."""
    instead = posts.replaced(connection, [one.source_id for one in quotations])
    moved = [replace(one, source_id=instead.get(one.source_id, one.source_id)) for one in quotations]
    gone = posts.deleted(connection, [one.source_id for one in moved])
    return [(replace(one, text=""), True) if one.source_id in gone else (one, False) for one in moved]


def requote(connection: Connection, clock: Clock, changes: Mapping[int, str], now: datetime) -> int:
    changed: set[int] = set()
    for chunk in chunks(changes):
        rows = connection.execute(
            select(quote.c.id, quote.c.post_id, quote.c.text).where(
                quote.c.id.in_(chunk), quote.c.lost_at.is_(None)
            )
        )
        for row in rows.all():
            if row.text != changes[row.id]:
                connection.execute(update(quote).where(quote.c.id == row.id).values(text=changes[row.id]))
                changed.add(row.post_id)
    return refresh(connection, clock, changed, now)


def refresh(connection: Connection, clock: Clock, post_ids: Collection[int], now: datetime) -> int:
    """See that posts of ours are brought up to date on Discord, each once however many reasons wait for it.

    What certainly isn't there yet is rendered when it is sent; what may be is edited once it is known to be. The
    number of jobs that took.
    """
    written = 0
    for chunk in chunks(sorted(post_ids)):
        ours = job.c.kind == JobKind.REQUOTE
        waiting = exists().where(job.c.post_id == post.c.id, ours, job.c.state.in_(WAITING_STATES))
        rows = connection.execute(
            select(post.c.id, post.c.story_id)
            .where(post.c.id.in_(chunk), post.c.deleted_at.is_(None), ~IS_UNSENT, ~waiting)
            .order_by(post.c.id)
        ).all()
        # What Discord refused was the former text.
        refused = ours & job.c.post_id.in_([row.id for row in rows]) & (job.c.state == JobState.PARKED)
        connection.execute(delete(job).where(refused))
        for row in rows:
            add_job(connection, clock, JobKind.REQUOTE, row.story_id, now, post_id=row.id)
        written += len(rows)
    return written


def move(connection: Connection, clock: Clock, former: int, source_id: int, now: datetime) -> int:
    """What quoted one message quotes another from now on, in baskets, too. The number of jobs written.

    The posts are edited because their links lead to the former message.
    """
    theirs = (quote.c.source_id == former) & quote.c.lost_at.is_(None)
    quoting = connection.execute(select(quote.c.post_id).where(theirs)).scalars().all()
    connection.execute(update(quote).where(theirs).values(source_id=source_id))
    both = basket.alias()
    connection.execute(
        delete(basket).where(
            basket.c.source_id == former,
            exists().where(
                both.c.member_id == basket.c.member_id,
                both.c.thread_id == basket.c.thread_id,
                both.c.source_id == source_id,
            ),
        )
    )
    connection.execute(update(basket).where(basket.c.source_id == former).values(source_id=source_id))
    return refresh(connection, clock, set(quoting), now)
