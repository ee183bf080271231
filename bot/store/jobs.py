"""How a job gets into the outbox, for all who write some; ``outbox`` holds what becomes of it then."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from bot.model import JobKind, JobState, lane_of
from bot.store.schema import job, said_once, story

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.clock import Clock

OPEN_STATES = (JobState.PENDING, JobState.SENDING, JobState.UNKNOWN)

# A job that will be done with what is known at that time: news that come now need none beside it.
WAITING_STATES = (JobState.PENDING, JobState.UNKNOWN)

# What has certainly left no trace on Discord, and will be rendered afresh when it is sent.
UNSENT = (
    job.c.state.in_([JobState.PENDING, JobState.PARKED])
    & job.c.in_doubt.is_(False)
    & job.c.message_id.is_(None)
)

SETTLING = timedelta(seconds=5)  # reactions come in bursts: the first waits for the others
COUNTING_PAUSE = timedelta(minutes=1)  # between revisions that deletions and recommendations cause


def add_job(
    connection: Connection,
    clock: Clock,
    kind: JobKind,
    story_id: int | None,
    now: datetime,
    *,
    token: str | None = None,
    not_before: datetime | None = None,
    payload: Mapping[str, str] | None = None,
    post_id: int | None = None,
    case_id: int | None = None,
    subject_id: int | None = None,
) -> None:
    """A pending job; ``token`` where it is not to be drawn, ``not_before`` where it is not due now."""
    channel_id = None
    if story_id is not None:
        channel_id = connection.execute(select(story.c.channel_id).where(story.c.id == story_id)).scalar_one()
    connection.execute(
        insert(job).values(
            story_id=story_id,
            post_id=post_id,
            case_id=case_id,
            subject_id=subject_id,
            kind=kind,
            state=JobState.PENDING,
            lane=lane_of(kind, story_id, channel_id, case_id, subject_id),
            token=token or clock.token(),
            payload=dict(payload or {}),
            attempt=0,
            in_doubt=False,
            not_before=not_before or now,
            created_at=now,
        )
    )


def is_unposted(connection: Connection, story_id: int) -> bool:
    """Whether nothing of the story's opening post can exist on Discord yet."""
    unposted = select(job.c.id).where(UNSENT, job.c.kind == JobKind.OPEN, job.c.story_id == story_id)
    return connection.execute(unposted).first() is not None


def revise(
    connection: Connection, clock: Clock, story_id: int, now: datetime, wait: timedelta, pause: timedelta
) -> bool:
    """See that the opening post is brought up to date, once however many reasons wait for it.

    Not before ``wait`` from now, nor before ``pause`` from the last time. Whether that took another job.
    """
    revisions = (job.c.story_id == story_id) & (job.c.kind == JobKind.REVISE)
    former = connection.execute(
        select(job.c.state, func.max(job.c.done_at).label("done_at"))
        .where(revisions, job.c.state.in_([JobState.SENDING, JobState.DONE]))
        .group_by(job.c.state)
    )
    # One under way may have the state before this one; it counts as done now.
    last = [now if row.state == JobState.SENDING else row.done_at for row in former]
    not_before = max([now + wait, *(at + pause for at in last)])
    waiting = connection.execute(
        select(job.c.id, job.c.state, job.c.not_before, job.c.problem).where(
            revisions, job.c.state.in_(WAITING_STATES)
        )
    ).first()
    if waiting is not None:
        # One that waits for a lesser reason is due as soon as this one would be; what holds it up still does.
        if waiting.state == JobState.PENDING and waiting.problem is None and waiting.not_before > not_before:
            set_job(connection, waiting.id, not_before=not_before)
        return False
    # What Discord refused was the former text: the new one supersedes it.
    connection.execute(delete(job).where(revisions, job.c.state == JobState.PARKED))
    add_job(connection, clock, JobKind.REVISE, story_id, now, not_before=not_before)
    return True


def revise_later(
    connection: Connection, clock: Clock, story_id: int, now: datetime, pause: timedelta = COUNTING_PAUSE
) -> int:
    """The discussion changed: see that an opening post which is on Discord tells so. The jobs that took, 0 or 1."""
    shown = select(story.c.id).where(
        story.c.id == story_id, story.c.message_id.is_not(None), story.c.removed_at.is_(None)
    )
    if connection.execute(shown).first() is None:
        return 0
    return int(revise(connection, clock, story_id, now, SETTLING, pause))


def tell(
    connection: Connection,
    clock: Clock,
    story_id: int | None,
    text: str,
    now: datetime,
    once: str | None,
    ping: int | None = None,
) -> bool:
    if once is not None:
        if connection.execute(select(said_once.c.key).where(said_once.c.key == once)).first() is not None:
            return False
        connection.execute(insert(said_once).values(key=once, at=now))
    payload = {"text": text} | ({"ping": str(ping)} if ping else {})
    add_job(connection, clock, JobKind.LOG, story_id, now, payload=payload)
    return True


def set_job(connection: Connection, job_id: int, **columns: object) -> None:
    connection.execute(update(job).where(job.c.id == job_id).values(columns))
