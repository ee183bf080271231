"""The ledger of our own threads and marked posts, fed by the gateway and by receipts, in any order.

It keeps what happened to them when an answer was lost, so that what a moderator took away never comes back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, insert, select, update

from bot.model import JobKind, JobState, lane_of
from bot.store.jobs import UNSENT, set_job
from bot.store.records import own_thread_of
from bot.store.schema import job, own_thread, story

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.model import OwnThread

# The gateway tells of every deleted message, mostly not ours. Those that nothing has claimed after a day are
# forgotten: no delivery stays unanswered that long and is then found to be one of them.
NAMELESS_FOR = timedelta(days=1)


def saw_thread(
    connection: Connection,
    thread_id: int,
    guild_id: int,
    parent_id: int,
    token: str | None,
    created_at: datetime,
) -> None:
    _learn(connection, thread_id, guild_id=guild_id, parent_id=parent_id, token=token, created_at=created_at)
    if token is not None:
        doubt_known(connection, token)


def found(connection: Connection, one: OwnThread) -> None:
    """Looking through a channel, or the audit log, told of it: that it exists, or was deleted since it was made."""
    _learn(
        connection,
        one.thread_id,
        guild_id=one.guild_id,
        parent_id=one.parent_id,
        token=one.token,
        created_at=one.created_at,
    )
    if one.deleted_at is not None:
        lost_thread(connection, one.thread_id, one.deleted_at, one.deleted_by)
    if one.token is not None:
        doubt_known(connection, one.token)


def doubt_known(connection: Connection, token: str) -> None:
    """An opening that was not sent, but whose post is known, was made by a store that is no more, or against all
    appearance: it is looked at before anything is sent."""
    known = ledger(connection, token)
    if known is None or known.created_at is None:
        return
    row = connection.execute(
        select(job.c.id, job.c.story_id, story.c.channel_id)
        .join(story, story.c.id == job.c.story_id)
        .where(UNSENT, job.c.kind == JobKind.OPEN, job.c.token == token)
    ).first()
    if row is None:
        return
    # The feed may have been given another channel since.
    channel_id = known.parent_id or row.channel_id
    connection.execute(update(story).where(story.c.id == row.story_id).values(channel_id=channel_id))
    set_job(
        connection,
        row.id,
        state=JobState.UNKNOWN,
        in_doubt=True,
        lane=lane_of(JobKind.OPEN, row.story_id, channel_id),
        not_before=known.created_at,
        started_at=known.created_at,
        recover_after=known.created_at,
        problem=None,
    )


def posted(connection: Connection, thread_id: int, parent_id: int, token: str, now: datetime) -> None:
    """A receipt names the thread; when it was made is only known to be not after ``now``."""
    _learn(connection, thread_id, parent_id=parent_id, token=token)
    connection.execute(
        update(own_thread)
        .where(own_thread.c.thread_id == thread_id, own_thread.c.created_at.is_(None))
        .values(created_at=now)
    )


def lost_thread(connection: Connection, thread_id: int, at: datetime, by: int | None) -> None:
    connection.execute(
        delete(own_thread).where(
            own_thread.c.parent_id.is_(None),
            own_thread.c.token.is_(None),
            own_thread.c.deleted_at < at - NAMELESS_FOR,
        )
    )
    row = connection.execute(select(own_thread).where(own_thread.c.thread_id == thread_id)).first()
    known = row is not None and row.deleted_at is not None
    _learn(connection, thread_id, deleted_at=None if known else at, deleted_by=by)


def ledger(connection: Connection, token: str) -> OwnThread | None:
    """The one that bears ``token``; of several the oldest that still exists."""
    rows = connection.execute(
        select(own_thread).where(own_thread.c.token == token).order_by(own_thread.c.thread_id)
    )
    found = [own_thread_of(row) for row in rows]
    return min(found, key=lambda one: (one.deleted_at is not None, one.thread_id), default=None)


def unclaimed_lost(connection: Connection, parent_id: int, since: datetime) -> tuple[OwnThread, ...]:
    """Deleted ones that nobody knows the token of and no story owns: any of them may be the post looked for."""
    rows = connection.execute(
        select(own_thread)
        .where(
            own_thread.c.parent_id == parent_id,
            own_thread.c.deleted_at.is_not(None),
            own_thread.c.token.is_(None),
            own_thread.c.created_at >= since,
            ~exists().where(story.c.thread_id == own_thread.c.thread_id),
        )
        .order_by(own_thread.c.thread_id)
    )
    return tuple(own_thread_of(row) for row in rows)


def _learn(connection: Connection, thread_id: int, **facts: object) -> None:
    """Add what is known now; None adds nothing, and so takes nothing away."""
    known = {name: value for name, value in facts.items() if value is not None}
    mine = own_thread.c.thread_id == thread_id
    if connection.execute(select(own_thread.c.thread_id).where(mine)).first() is None:
        connection.execute(insert(own_thread).values(thread_id=thread_id, **known))
    elif known:
        connection.execute(update(own_thread).where(mine).values(known))
