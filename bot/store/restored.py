"""A store that is older than Discord: it was restored from a backup, or made anew, while what it lost stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, delete, exists, func, insert, or_, select, update

from bot.model import JobKind, JobState, Made
from bot.store import sqlite
from bot.store.schema import absence, audit_entry, audited, job, own_thread, poll, post

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection

# Jobs that leave something behind which doing them again would repeat. The others write absolute values, or delete.
_LEAVING = (
    JobKind.OPEN,
    JobKind.HEADLINE,
    JobKind.QUOTE,
    JobKind.LOG,
    JobKind.NOTICE,
    JobKind.TELL,
    JobKind.ENTER,
    JobKind.REPORT,
)


def opened(connection: Connection, now: datetime) -> tuple[datetime | None, int | None]:
    """When the store was written last; and, where the file is a backup, how many jobs came into doubt by that."""
    last = _last_moment(connection)
    if not sqlite.is_copy(connection):
        return last, None
    in_doubt = older(connection, last, now) if last is not None else 0
    sqlite.unmark_copy(connection)
    return last, in_doubt


def older(connection: Connection, since: datetime, now: datetime) -> int:
    """Discord went on without this store from ``since`` until now. How many jobs came into doubt by that.

    Whatever waited then may have been done since, and is looked for before it is done.
    """
    waiting = (
        job.c.kind.in_(_LEAVING)
        & job.c.state.in_([JobState.PENDING, JobState.PARKED])
        & job.c.in_doubt.is_(False)
        & job.c.message_id.is_(None)  # of a half that exists the other can't be done twice
        # What the feeds brought since may be an edit that the thread was told of.
        & or_(job.c.created_at <= since, (job.c.kind == JobKind.HEADLINE) & (job.c.attempt == 0))
    )
    changed = connection.execute(update(job).where(waiting).values(_in_doubt(since, now)))
    # Whoever deleted posts meanwhile: that is history, and may have been told already.
    connection.execute(delete(audit_entry))
    connection.execute(insert(absence).values(since=since, until=now))
    return changed.rowcount


def doubt_job(connection: Connection, token: str, since: datetime, now: datetime) -> None:
    """The job that was just written may have been done since then, by a store that is no more."""
    connection.execute(update(job).where(job.c.token == token).values(_in_doubt(since, now)))


def lost_since(connection: Connection, url: str) -> datetime | None:
    """From when on the store lost what came of this address, if it was not read again since the store was restored."""
    read_last = select(poll.c.polled_at).where(poll.c.url == url).scalar_subquery()
    return connection.execute(select(func.min(absence.c.since)).where(absence.c.until >= read_last)).scalar()


def _in_doubt(since: datetime, now: datetime) -> dict[str, Any]:
    state = case((job.c.state == JobState.PENDING, JobState.UNKNOWN.value), else_=job.c.state)
    return {"state": state, "in_doubt": True, "started_at": since, "recover_after": now}


def restored_at(connection: Connection) -> datetime | None:
    return connection.execute(select(func.max(absence.c.until))).scalar()


def was_absent(connection: Connection, at: datetime) -> bool:
    during = select(absence.c.id).where(absence.c.since <= at, at < absence.c.until)
    return connection.execute(during).first() is not None


def perhaps_replaced(connection: Connection, message_ids: Collection[int]) -> frozenset[int]:
    restored_since = exists().where(absence.c.until > job.c.started_at)
    looked_for = (
        select(post.c.native_id)
        .join(job, job.c.post_id == post.c.id)
        .where(
            job.c.kind == JobKind.QUOTE,
            job.c.state.in_([JobState.SENDING, JobState.UNKNOWN]),
            post.c.made == Made.WEBHOOK,
            restored_since,
        )
    )
    return frozenset(message_ids).intersection(connection.scalars(looked_for))


def _last_moment(connection: Connection) -> datetime | None:
    moments = (
        poll.c.polled_at,
        job.c.created_at,
        job.c.started_at,
        job.c.done_at,
        own_thread.c.created_at,
        own_thread.c.deleted_at,
        post.c.created_at,
        audited.c.until,
        absence.c.until,
    )
    found = [connection.execute(select(func.max(moment))).scalar() for moment in moments]
    return max((moment for moment in found if moment is not None), default=None)
