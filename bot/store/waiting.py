"""Jobs that something stands in the way of, for people, and what they may do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.model import JobState, WaitingJob
from bot.store import outbox
from bot.store.jobs import OPEN_STATES
from bot.store.records import JOBS, job_of
from bot.store.schema import job

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from bot.clock import Clock


def waiting(connection: Connection, most: int, *, parked_first: bool = False) -> tuple[WaitingJob, ...]:
    order = (job.c.state != JobState.PARKED, job.c.id) if parked_first else (job.c.id,)
    hindered = job.c.state.in_([*OPEN_STATES, JobState.PARKED]) & job.c.problem.is_not(None)
    rows = connection.execute(JOBS.where(hindered).order_by(*order).limit(most))
    return tuple(_job(row) for row in rows)


def parked(connection: Connection, job_id: int) -> WaitingJob | None:
    row = connection.execute(JOBS.where(job.c.id == job_id, job.c.state == JobState.PARKED)).first()
    return None if row is None else _job(row)


def unpark_all(connection: Connection, clock: Clock) -> int:
    ids = connection.execute(select(job.c.id).where(job.c.state == JobState.PARKED).order_by(job.c.id))
    found = ids.scalars().all()
    for job_id in found:
        outbox.unpark(connection, clock, job_id)
    return len(found)


def _job(row: Row[Any]) -> WaitingJob:
    one = job_of(row)
    story, article = one.mirrored or (None, None)
    return WaitingJob(
        job_id=one.id,
        kind=one.kind,
        state=one.state,
        feed_id=story.feed_id if story else None,
        channel_id=story.channel_id if story else None,
        title=article.title if article else None,
        created_at=row.created_at,
        not_before=one.not_before,
        problem=one.problem or "",
        url=article.url if article else None,
        case_id=one.case_id,
    )
