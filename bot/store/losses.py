"""What deletions mean: for the posts deleted, for those that quote them, and for what was to be posted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from bot.model import JobKind, JobState, Made
from bot.store import disappeared, followed
from bot.store.jobs import OPEN_STATES, add_job, revise_later
from bot.store.polls import chunks
from bot.store.posts import REPLACES
from bot.store.quotes import IS_UNSENT, refresh
from bot.store.schema import basket, job, post, quote, reaction

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from bot.clock import Clock

# A deletion that was told of a message never seen is remembered so long, for the case that the message is told
# of after it.
UNSEEN_FOR = timedelta(days=1)

# Nothing of a deleted post is kept but that there was one, and whose it was.
FORGOTTEN = {"words": None, "contribution": None, "recommended_at": None, "recommended_by": None}


def lost(connection: Connection, clock: Clock, message_ids: Collection[int], at: datetime) -> int:
    connection.execute(delete(post).where(post.c.story_id.is_(None), post.c.deleted_at < at - UNSEEN_FOR))
    jobs = 0
    for chunk in chunks(dict.fromkeys(message_ids)):
        gone, ended = _truly_lost(connection, clock, chunk, at)
        jobs += ended
        stories = _stories_that_tell_of(connection, chunk, gone)
        disappeared.note(connection, gone, at)
        followed.notice_lost(connection, gone)
        connection.execute(delete(reaction).where(reaction.c.message_id.in_(chunk)))
        _bury(connection, gone, at)
        connection.execute(delete(basket).where(basket.c.source_id.in_(gone)))
        jobs += _lose_words(connection, clock, gone, at)
        jobs += sum(revise_later(connection, clock, story_id, at) for story_id in stories)
    return jobs


def _truly_lost(
    connection: Connection, clock: Clock, message_ids: Sequence[int], at: datetime
) -> tuple[list[int], int]:
    """Those that were not deleted because our repost had taken their place; and the number of jobs written.

    What we made, or are to make, for one that is truly lost goes with it. Nobody replaces a reply before the repost
    is settled: one that is deleted earlier was deleted by its author or a moderator.
    """
    truly, jobs = dict.fromkeys(message_ids), 0
    ours = select(post.c.id, post.c.native_id, REPLACES.label("replaces"))
    for row in connection.execute(ours.where(post.c.native_id.in_(message_ids))).all():
        if row.replaces:
            truly.pop(row.native_id, None)
        else:
            jobs += take_back(connection, clock, row.id, at)
    return list(truly), jobs


def _stories_that_tell_of(
    connection: Connection, message_ids: Sequence[int], gone: Sequence[int]
) -> list[int]:
    """The stories whose opening posts count reactions to the messages, or list those ``gone`` as recommended."""
    counted = select(reaction.c.story_id).where(reaction.c.message_id.in_(message_ids))
    listed = select(post.c.story_id).where(
        post.c.message_id.in_(gone), post.c.recommended_at.is_not(None), post.c.story_id.is_not(None)
    )
    found = (connection.execute(which.distinct()).scalars() for which in (counted, listed))
    return sorted({story_id for stories in found for story_id in stories})


def _bury(connection: Connection, message_ids: Sequence[int], at: datetime) -> None:
    """Note the posts as deleted, also those never seen, and forget what they said."""
    seen = connection.execute(
        select(post.c.id, post.c.message_id).where(post.c.message_id.in_(message_ids))
    ).all()
    _forget(connection, post.c.id.in_([row.id for row in seen]), at)
    if unseen := set(message_ids) - {row.message_id for row in seen}:
        facts = {"made": Made.NATIVE, "created_at": at, "deleted_at": at}
        connection.execute(insert(post), [{"message_id": one, **facts} for one in sorted(unseen)])


def _forget(connection: Connection, which: ColumnElement[bool], at: datetime) -> None:
    chosen = select(post.c.id).where(which)
    moot = job.c.kind.in_([JobKind.QUOTE, JobKind.REQUOTE, JobKind.DELETE]) & job.c.state.in_(
        # An attempt under way finds out by itself.
        [JobState.PENDING, JobState.UNKNOWN, JobState.PARKED]
    )
    connection.execute(delete(job).where(moot, job.c.post_id.in_(chosen)))
    connection.execute(delete(quote).where(quote.c.post_id.in_(chosen)))
    connection.execute(update(post).where(which, post.c.deleted_at.is_(None)).values(deleted_at=at))
    connection.execute(update(post).where(which).values(FORGOTTEN))


def _lose_words(connection: Connection, clock: Clock, message_ids: Sequence[int], at: datetime) -> int:
    """The quotes of the messages lose their words; the number of posts to edit for it."""
    theirs = quote.c.source_id.in_(message_ids) & quote.c.lost_at.is_(None)
    quoting = connection.execute(select(quote.c.post_id).where(theirs).distinct()).scalars().all()
    connection.execute(update(quote).where(theirs).values(text="", lost_at=at))
    return refresh(connection, clock, quoting, at)


# --- our own posts -------------------------------------------------------------------------------------


def take_back(connection: Connection, clock: Clock, post_id: int, now: datetime) -> int:
    """Delete a post of ours, or never send it; the number of jobs that takes."""
    row = connection.execute(
        select(post.c.story_id, post.c.native_id, IS_UNSENT.label("unsent")).where(
            post.c.id == post_id, post.c.story_id.is_not(None), post.c.deleted_at.is_(None)
        )
    ).first()
    if row is None:
        return 0
    if row.unsent:
        withdraw(connection, post_id, now)
        if row.native_id is None:
            return 0
        # One that was to be posted anew is there as it was.
        former = select(post.c.id).where(post.c.message_id == row.native_id, post.c.made != Made.NATIVE)
        former_id = connection.execute(former).scalar()
        return 0 if former_id is None else take_back(connection, clock, former_id, now)
    deletions = (job.c.post_id == post_id) & (job.c.kind == JobKind.DELETE)
    if connection.execute(select(job.c.id).where(deletions, job.c.state.in_(OPEN_STATES))).first():
        return 0
    connection.execute(delete(job).where(deletions, job.c.state == JobState.PARKED))
    add_job(connection, clock, JobKind.DELETE, row.story_id, now, post_id=post_id)
    return 1


def withdraw(connection: Connection, post_id: int, at: datetime) -> None:
    """A post of ours never gets to Discord, or is gone from there unrecognised.

    Its row stays, so that it is not asked for again.
    """
    _forget(connection, post.c.id == post_id, at)
