"""The outbox: jobs, and the only ways from one state to the next.

``in_doubt`` is what the states hang on: an earlier attempt, whose outcome was never learnt, may have taken
effect. Such a job never becomes pending but by a complete search that found nothing (``clear``). Repeating a
step that was done already changes nothing; a step that the job's state does not allow raises StaleJob.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, or_, select, update

from bot.errors import StaleJob
from bot.model import JobKind, JobState
from bot.store import ledger
from bot.store.records import JOBS, job_of
from bot.store.schema import job, story

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from bot.model import Job, Receipt

OPEN_STATES = (JobState.PENDING, JobState.SENDING, JobState.UNKNOWN)

# What has certainly left no trace on Discord, and will be rendered afresh when it is sent.
_UNPOSTED = (
    (job.c.kind == JobKind.OPEN)
    & job.c.state.in_([JobState.PENDING, JobState.PARKED])
    & job.c.in_doubt.is_(False)
    & job.c.message_id.is_(None)
)


def add_job(
    connection: Connection,
    kind: JobKind,
    story_id: int,
    lane: str,
    token: str,
    now: datetime,
    not_before: datetime,
    payload: Mapping[str, str],
) -> None:
    connection.execute(
        insert(job).values(
            story_id=story_id,
            kind=kind,
            state=JobState.PENDING,
            lane=lane,
            token=token,
            payload=dict(payload),
            attempt=0,
            in_doubt=False,
            not_before=not_before,
            created_at=now,
        )
    )


def is_unposted(connection: Connection, story_id: int) -> bool:
    """Whether nothing of the story's opening post can exist on Discord yet."""
    return (
        connection.execute(select(job.c.id).where(_UNPOSTED, job.c.story_id == story_id)).first() is not None
    )


def next_jobs(connection: Connection) -> tuple[Job, ...]:
    heads = (
        select(func.min(job.c.id))
        .join(story, story.c.id == job.c.story_id)
        .where(job.c.state.in_(OPEN_STATES), or_(job.c.kind == JobKind.OPEN, story.c.message_id.is_not(None)))
        .group_by(job.c.lane)
    )
    rows = connection.execute(JOBS.where(job.c.id.in_(heads)).order_by(job.c.id))
    return tuple(job_of(row) for row in rows)


# --- an attempt ----------------------------------------------------------------------------------------


def claim(
    connection: Connection, job_id: int, now: datetime, send_deadline: datetime, recover_after: datetime
) -> Job:
    row = _row(connection, job_id, JobState.PENDING, JobState.UNKNOWN)
    _set(
        connection,
        job_id,
        state=JobState.SENDING,
        attempt=row.attempt + 1,
        # The search for what may have been left behind begins at the first attempt in doubt and ends with the last.
        started_at=row.started_at if row.in_doubt else now,
        send_deadline=send_deadline,
        recover_after=max(recover_after, row.recover_after) if row.in_doubt else recover_after,
    )
    return job_of(connection.execute(JOBS.where(job.c.id == job_id)).one())


def half_done(connection: Connection, job_id: int, message_id: int) -> None:
    _row(connection, job_id, *OPEN_STATES)
    # The rest, a thread whose id is the message's, can't be done twice: no doubt is left.
    _set(connection, job_id, message_id=message_id, in_doubt=False)


def settle(
    connection: Connection, job_id: int, now: datetime, receipt: Receipt, draft_digest: str | None
) -> None:
    # A receipt is the truth, whatever state the job was thought to be in.
    row = _row(connection, job_id, *OPEN_STATES, JobState.PARKED, JobState.DONE)
    if row.state == JobState.DONE:
        return
    _set(
        connection,
        job_id,
        state=JobState.DONE,
        done_at=now,
        in_doubt=False,
        message_id=receipt.message_id or row.message_id,
        problem=None,
    )
    sent: dict[str, object] = {} if draft_digest is None else {"draft_digest": draft_digest}
    if row.kind == JobKind.OPEN:
        sent |= {"message_id": receipt.message_id, "thread_id": receipt.thread_id}
    if sent:
        connection.execute(update(story).where(story.c.id == row.story_id).values(sent))
    if row.kind == JobKind.OPEN and receipt.thread_id is not None:
        ledger.posted(connection, receipt.thread_id, row.channel_id, row.token, now)


def postpone(connection: Connection, job_id: int, not_before: datetime, problem: str) -> None:
    row = _row(connection, job_id, *OPEN_STATES)
    if row.state == JobState.SENDING:
        _back(connection, row, in_doubt=row.in_doubt, not_before=not_before, problem=problem)


def doubt(connection: Connection, job_id: int, problem: str) -> None:
    row = _row(connection, job_id, JobState.SENDING, JobState.UNKNOWN)
    if row.state == JobState.SENDING:
        _set(connection, job_id, state=JobState.UNKNOWN, in_doubt=True, problem=problem)


def recover(connection: Connection, problem: str) -> int:
    cut_off = update(job).where(job.c.state == JobState.SENDING)
    return connection.execute(cut_off.values(state=JobState.UNKNOWN, in_doubt=True, problem=problem)).rowcount


# --- between attempts ----------------------------------------------------------------------------------


def clear(connection: Connection, job_id: int, not_before: datetime) -> None:
    row = _row(connection, job_id, JobState.UNKNOWN, JobState.PENDING)
    if row.state == JobState.UNKNOWN:
        _back(connection, row, in_doubt=False, not_before=not_before, problem=None)


def hold(connection: Connection, job_id: int, not_before: datetime, problem: str) -> None:
    _row(connection, job_id, JobState.PENDING, JobState.UNKNOWN)
    _set(connection, job_id, not_before=not_before, problem=problem)


def park(connection: Connection, job_id: int, problem: str) -> None:
    row = _row(connection, job_id, *OPEN_STATES, JobState.PARKED)
    if row.state != JobState.PARKED:
        _set(connection, job_id, state=JobState.PARKED, problem=problem)


def unpark(connection: Connection, job_id: int, now: datetime) -> None:
    row = _row(connection, job_id, *OPEN_STATES, JobState.PARKED)
    if row.state == JobState.PARKED:
        _back(connection, row, in_doubt=row.in_doubt, not_before=now, problem=None)


def removed(connection: Connection, job_id: int, now: datetime, problem: str) -> None:
    row = _row(connection, job_id, *OPEN_STATES, JobState.PARKED, JobState.REMOVED)
    if row.state == JobState.REMOVED:
        return
    _set(connection, job_id, state=JobState.REMOVED, done_at=now, problem=problem)
    connection.execute(
        update(job)
        .where(job.c.story_id == row.story_id, job.c.state.in_([*OPEN_STATES, JobState.PARKED]))
        .values(state=JobState.REMOVED, done_at=now, problem=problem)
    )
    connection.execute(
        update(story).where(story.c.id == row.story_id, story.c.removed_at.is_(None)).values(removed_at=now)
    )


def retarget(connection: Connection, channels: Mapping[str, int], now: datetime) -> int:
    moved = 0
    for feed_id, channel_id in channels.items():
        elsewhere = (
            select(job.c.id, job.c.story_id, job.c.state, job.c.problem)
            .join(story, story.c.id == job.c.story_id)
            .where(_UNPOSTED, story.c.feed_id == feed_id, story.c.channel_id != channel_id)
        )
        for row in connection.execute(elsewhere).all():
            connection.execute(update(story).where(story.c.id == row.story_id).values(channel_id=channel_id))
            # What held it up was the former channel; what parked it was itself.
            problem = row.problem if row.state == JobState.PARKED else None
            _set(connection, row.id, lane=f"channel:{channel_id}", not_before=now, problem=problem)
            moved += 1
    return moved


# --- parts ---------------------------------------------------------------------------------------------


def _row(connection: Connection, job_id: int, *allowed: JobState) -> Row[Any]:
    """The job, which must be in one of the ``allowed`` states (any, when none is named).

    Raises:
        StaleJob: it is in another, or withdrawn.
    """
    row = connection.execute(
        select(job, story.c.channel_id).join(story, story.c.id == job.c.story_id).where(job.c.id == job_id)
    ).first()
    if row is None:
        raise StaleJob(f"job {job_id} was withdrawn")
    if allowed and row.state not in allowed:
        raise StaleJob(f"job {job_id} is {row.state}, not {' or '.join(allowed)}")
    return row


def _back(
    connection: Connection, row: Row[Any], *, in_doubt: bool, not_before: datetime, problem: str | None
) -> None:
    """The job waits again: as pending where it certainly was not done, otherwise as unknown."""
    if in_doubt:
        _set(connection, row.id, state=JobState.UNKNOWN, not_before=not_before, problem=problem)
        return
    _set(
        connection,
        row.id,
        state=JobState.PENDING,
        in_doubt=False,
        not_before=not_before,
        problem=problem,
        started_at=None,
        send_deadline=None,
        recover_after=None,
    )
    if row.kind == JobKind.OPEN and row.message_id is None:
        # The post does not exist and will be rendered from the newest words: what was to revise it is moot.
        moot: ColumnElement[bool] = (job.c.story_id == row.story_id) & (job.c.kind != JobKind.OPEN)
        connection.execute(delete(job).where(moot, job.c.state == JobState.PENDING))


def _set(connection: Connection, job_id: int, **columns: object) -> None:
    connection.execute(update(job).where(job.c.id == job_id).values(columns))
