"""The outbox: jobs, and the only ways from one state to the next.

``in_doubt`` is what the states hang on: an earlier attempt, whose outcome was never learnt, may have taken
effect. Such a job never becomes pending but by a complete search that found nothing (``clear``). Repeating a
step that was done already changes nothing; a step that the job's state does not allow raises StaleJob.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, or_, select, update

from bot.errors import StaleJob
from bot.model import JobKind, JobState, lane_of
from bot.store import contributions, ledger, losses, saga
from bot.store.jobs import OPEN_STATES, UNSENT, set_job
from bot.store.records import JOBS, job_of
from bot.store.schema import job, post, story

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from bot.clock import Clock
    from bot.model import Job, Receipt

NEWS = (JobKind.OPEN, JobKind.REVISE, JobKind.HEADLINE)  # about the article: gone with its opening post
# What needs the opening post to be there.
BELOW = (
    JobKind.REVISE,
    JobKind.HEADLINE,
    JobKind.QUOTE,
    JobKind.REQUOTE,
    JobKind.REPLACE,
    JobKind.DELETE,
    JobKind.UNREACT,
)
POSTED = (JobKind.REQUOTE, JobKind.DELETE)  # about a post of ours that is on Discord


def next_jobs(connection: Connection) -> tuple[Job, ...]:
    heads = (
        select(func.min(job.c.id))
        .select_from(job)
        .outerjoin(story, story.c.id == job.c.story_id)
        .outerjoin(post, post.c.id == job.c.post_id)
        .where(
            job.c.state.in_(OPEN_STATES),
            or_(job.c.kind.not_in(BELOW), story.c.message_id.is_not(None)),
            or_(job.c.kind.not_in(POSTED), post.c.message_id.is_not(None)),
        )
        .group_by(job.c.lane)
    )
    rows = connection.execute(JOBS.where(job.c.id.in_(heads)).order_by(job.c.id))
    return tuple(job_of(row) for row in rows)


# --- an attempt ----------------------------------------------------------------------------------------


def claim(
    connection: Connection, job_id: int, began: datetime, send_deadline: datetime, recover_after: datetime
) -> Job:
    row = _row(connection, job_id, JobState.PENDING, JobState.UNKNOWN)
    set_job(
        connection,
        job_id,
        state=JobState.SENDING,
        attempt=row.attempt + 1,
        # The search for what may have been left behind begins at the first attempt in doubt and ends with the last.
        started_at=row.started_at if row.in_doubt else began,
        send_deadline=send_deadline,
        recover_after=max(recover_after, row.recover_after) if row.in_doubt else recover_after,
    )
    return job_of(connection.execute(JOBS.where(job.c.id == job_id)).one())


def half_done(connection: Connection, job_id: int, message_id: int) -> None:
    _row(connection, job_id, *OPEN_STATES)
    # The rest, a thread whose id is the message's, can't be done twice: no doubt is left.
    set_job(connection, job_id, message_id=message_id, in_doubt=False)


def settle(
    connection: Connection, clock: Clock, job_id: int, receipt: Receipt, draft_digest: str | None
) -> None:
    # A receipt is the truth, whatever state the job was thought to be in.
    row = _row(connection, job_id, *OPEN_STATES, JobState.PARKED, JobState.DONE)
    if row.state == JobState.DONE:
        return
    if row.kind == JobKind.UNREACT:
        connection.execute(delete(job).where(job.c.id == job_id))
        return
    now = clock.now()
    if row.kind == JobKind.TAKE_DOWN and saga.is_outrun(connection, row, receipt):
        _back(connection, clock, row, in_doubt=False, not_before=now, problem=None)
        return
    message_id = receipt.message_id or row.message_id
    set_job(
        connection,
        job_id,
        state=JobState.DONE,
        done_at=now,
        in_doubt=False,
        message_id=message_id,
        problem=None,
    )
    if row.kind == JobKind.QUOTE:
        contributions.posted(connection, clock, row.post_id, message_id, receipt, now)
    elif row.kind == JobKind.DELETE:
        losses.lost(connection, clock, [row.post_message_id], now)
    elif row.kind in saga.STEPS:
        saga.settled(connection, clock, row, receipt, now)
    sent: dict[str, object] = {} if draft_digest is None else {"draft_digest": draft_digest}
    if row.kind == JobKind.OPEN:
        sent |= {"message_id": receipt.message_id, "thread_id": receipt.thread_id}
    if sent:
        connection.execute(update(story).where(story.c.id == row.story_id).values(sent))
    if row.kind == JobKind.OPEN and receipt.thread_id is not None:
        ledger.posted(connection, receipt.thread_id, row.channel_id, row.token, now)


def postpone(connection: Connection, clock: Clock, job_id: int, not_before: datetime, problem: str) -> None:
    row = _row(connection, job_id, *OPEN_STATES)
    if row.state == JobState.SENDING and saga.is_undone(connection, row):
        # Whether it was done counts now. Looking tells that at once.
        set_job(
            connection,
            job_id,
            state=JobState.UNKNOWN,
            in_doubt=True,
            recover_after=None,
            not_before=not_before,
            problem=problem,
        )
    elif row.state == JobState.SENDING:
        _back(connection, clock, row, in_doubt=row.in_doubt, not_before=not_before, problem=problem)


def doubt(connection: Connection, job_id: int, problem: str) -> None:
    row = _row(connection, job_id, JobState.SENDING, JobState.UNKNOWN)
    if row.state == JobState.SENDING:
        set_job(connection, job_id, state=JobState.UNKNOWN, in_doubt=True, problem=problem)


def recover(connection: Connection, problem: str) -> int:
    cut_off = update(job).where(job.c.state == JobState.SENDING)
    return connection.execute(cut_off.values(state=JobState.UNKNOWN, in_doubt=True, problem=problem)).rowcount


def hasten(connection: Connection, not_before: datetime, recover_after: datetime) -> int:
    waiting = job.c.state.in_([JobState.PENDING, JobState.UNKNOWN])
    late = waiting & (job.c.not_before > not_before) & job.c.kind.not_in([JobKind.REVISE, JobKind.RIGHTS])
    hastened = connection.execute(update(job).where(late).values(not_before=not_before)).rowcount
    unsettled = waiting & (job.c.recover_after > recover_after)
    return (
        hastened
        + connection.execute(update(job).where(unsettled).values(recover_after=recover_after)).rowcount
    )


# --- between attempts ----------------------------------------------------------------------------------


def clear(connection: Connection, clock: Clock, job_id: int, not_before: datetime) -> None:
    row = _row(connection, job_id, JobState.UNKNOWN, JobState.PENDING)
    if row.state == JobState.UNKNOWN:
        _back(connection, clock, row, in_doubt=False, not_before=not_before, problem=None)


def hold(connection: Connection, job_id: int, not_before: datetime, problem: str) -> None:
    _row(connection, job_id, JobState.PENDING, JobState.UNKNOWN)
    set_job(connection, job_id, not_before=not_before, problem=problem)


def park(connection: Connection, clock: Clock, job_id: int, problem: str) -> None:
    row = _row(connection, job_id, *OPEN_STATES, JobState.PARKED)
    if row.state != JobState.PARKED:
        set_job(connection, job_id, state=JobState.PARKED, problem=problem)
        saga.refused(connection, clock, row, problem, clock.now())


def unpark(connection: Connection, clock: Clock, job_id: int) -> None:
    row = _row(connection, job_id, *OPEN_STATES, JobState.PARKED)
    if row.state == JobState.PARKED:
        saga.retried(connection, row)
        _back(connection, clock, row, in_doubt=row.in_doubt, not_before=clock.now(), problem=None)


def removed(connection: Connection, clock: Clock, job_id: int, problem: str) -> None:
    row = _row(connection, job_id, *OPEN_STATES, JobState.PARKED, JobState.REMOVED)
    if row.state == JobState.REMOVED:
        return
    if row.kind == JobKind.UNREACT:
        connection.execute(delete(job).where(job.c.id == job_id))
        return
    now = clock.now()
    set_job(connection, job_id, state=JobState.REMOVED, done_at=now, problem=problem)
    if row.kind in NEWS:
        connection.execute(
            update(job)
            .where(
                job.c.story_id == row.story_id,
                job.c.kind.in_(NEWS),
                job.c.state.in_([*OPEN_STATES, JobState.PARKED]),
            )
            .values(state=JobState.REMOVED, done_at=now, problem=problem)
        )
        gone = update(story).where(story.c.id == row.story_id, story.c.removed_at.is_(None))
        connection.execute(gone.values(removed_at=now))
    elif row.kind == JobKind.QUOTE:
        contributions.never_posted(connection, row.post_id, now)
    elif row.kind in saga.STEPS:
        saga.removed(connection, clock, row, now)
    elif row.kind in POSTED and row.post_message_id is not None:  # not on its way to become another message
        losses.lost(connection, clock, [row.post_message_id], now)


def retarget(connection: Connection, channels: Mapping[str, int], now: datetime) -> int:
    moved = 0
    for feed_id, channel_id in channels.items():
        elsewhere = (
            select(job.c.id, job.c.story_id, job.c.state, job.c.problem)
            .join(story, story.c.id == job.c.story_id)
            .where(
                UNSENT,
                job.c.kind == JobKind.OPEN,
                story.c.feed_id == feed_id,
                story.c.channel_id != channel_id,
            )
        )
        for row in connection.execute(elsewhere).all():
            connection.execute(update(story).where(story.c.id == row.story_id).values(channel_id=channel_id))
            # What held it up was the former channel; what parked it was itself.
            problem = row.problem if row.state == JobState.PARKED else None
            lane = lane_of(JobKind.OPEN, row.story_id, channel_id)
            set_job(connection, row.id, lane=lane, not_before=now, problem=problem)
            moved += 1
    return moved


# --- parts ---------------------------------------------------------------------------------------------


def _row(connection: Connection, job_id: int, *allowed: JobState) -> Row[Any]:
    """The job, which must be in one of the ``allowed`` states (any, when none is named).

    Raises:
        StaleJob: it is in another, or withdrawn.
    """
    row = connection.execute(
        select(job, story.c.channel_id, post.c.message_id.label("post_message_id"))
        .outerjoin(story, story.c.id == job.c.story_id)
        .outerjoin(post, post.c.id == job.c.post_id)
        .where(job.c.id == job_id)
    ).first()
    if row is None:
        raise StaleJob(f"job {job_id} was withdrawn")
    if allowed and row.state not in allowed:
        raise StaleJob(f"job {job_id} is {row.state}, not {' or '.join(allowed)}")
    return row


def _back(
    connection: Connection,
    clock: Clock,
    row: Row[Any],
    *,
    in_doubt: bool,
    not_before: datetime,
    problem: str | None,
) -> None:
    """The job waits again: as pending where it certainly was not done, otherwise as unknown."""
    if in_doubt:
        set_job(connection, row.id, state=JobState.UNKNOWN, not_before=not_before, problem=problem)
        return
    if saga.is_undone(connection, row):
        saga.spare(connection, clock, row, clock.now())
        return
    set_job(
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
    if row.message_id is not None:
        return
    # The post does not exist and will be rendered from the newest words: what was to change it is moot.
    if row.kind == JobKind.OPEN:
        moot = (job.c.story_id == row.story_id) & job.c.kind.in_([JobKind.REVISE, JobKind.HEADLINE])
        connection.execute(delete(job).where(moot, job.c.state == JobState.PENDING))
    elif row.kind == JobKind.QUOTE:
        contributions.not_posted(connection, row.post_id, clock.now())
