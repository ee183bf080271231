"""Jobs that something stands in the way of, for people; what they may do about it; and a trial of the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from bot.model import JobState, WaitingJob
from bot.store import outbox
from bot.store.jobs import OPEN_STATES
from bot.store.records import JOBS, job_of
from bot.store.schema import job, said_once

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from bot.clock import Clock

_TRIAL = "trial"
_TRIAL_SIZE = 64 * 1024  # characters


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


def probe(connection: Connection, now: datetime) -> None:
    # Pages that were never written are what a full disk refuses: this takes some, and deleting writes them, too.
    connection.execute(delete(said_once).where(said_once.c.key.startswith(_TRIAL)))
    connection.execute(insert(said_once).values(key=_TRIAL.ljust(_TRIAL_SIZE, "."), at=now))
    connection.execute(delete(said_once).where(said_once.c.key.startswith(_TRIAL)))


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
