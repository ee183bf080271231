"""The jobs that bring a case before people: notice, entry in the log, direct messages, posting rights, reports.

Each of them shows what is known when it is done, so that one that waits serves all reasons that come meanwhile.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, select

from bot.model import CaseKind, CaseState, JobKind, JobState
from bot.store.jobs import OPEN_STATES, add_job, set_job
from bot.store.schema import case_post, job, moderation_case

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from bot.clock import Clock

WITH_THE_NEWS = timedelta(seconds=2)  # the entry waits so long for what became of the direct message


def case_row(connection: Connection, case_id: int) -> Row[Any] | None:
    return connection.execute(select(moderation_case).where(moderation_case.c.id == case_id)).first()


def show(connection: Connection, clock: Clock, case: Row[Any], now: datetime) -> None:
    """The notice, where the thread is to show one, and the entry follow the case, as it was just changed."""
    show_notice(connection, clock, case, now)
    show_entry(connection, clock, case, now)


def show_notice(connection: Connection, clock: Clock, case: Row[Any], now: datetime) -> None:
    if not case.noticed or case.state == CaseState.OPEN:
        return
    mine = (job.c.case_id == case.id) & (job.c.kind == JobKind.NOTICE)
    if case.notice_id is None and not _is_news(connection, case):
        connection.execute(delete(job).where(mine, job.c.state == JobState.PENDING))
        under_way = select(job.c.id).where(mine, job.c.state.in_(OPEN_STATES))
        if connection.execute(under_way).first() is None:
            return
    _see_to(connection, clock, JobKind.NOTICE, mine, now, case=case, first=case.notice_id is None)


def show_entry(
    connection: Connection, clock: Clock, case: Row[Any], now: datetime, wait: timedelta = timedelta(0)
) -> None:
    if case.state == CaseState.OPEN:  # written once all its posts are gone
        return
    mine = (job.c.case_id == case.id) & (job.c.kind == JobKind.ENTER)
    _see_to(connection, clock, JobKind.ENTER, mine, now + wait, case=case, first=case.log_id is None)


def is_shown(connection: Connection, kind: JobKind, log_id: int | None, mine: ColumnElement[bool]) -> bool:
    """Whether the moderators' log has an entry, or gets one at this moment, that shows what was known before."""
    on_its_way = select(job.c.id).where(
        mine, job.c.kind == kind, job.c.state.in_([JobState.SENDING, JobState.UNKNOWN])
    )
    return log_id is not None or connection.execute(on_its_way).first() is not None


def show_report(connection: Connection, clock: Clock, report: Row[Any], now: datetime) -> None:
    mine = (job.c.subject_id == report.message_id) & (job.c.kind == JobKind.REPORT)
    _see_to(
        connection,
        clock,
        JobKind.REPORT,
        mine,
        now,
        story_id=report.story_id,
        subject_id=report.message_id,
        first=report.log_id is None,
    )


def set_rights(connection: Connection, clock: Clock, member_id: int, at: datetime) -> None:
    """The member's posting rights are to be brought in line at that time, or before."""
    mine = (job.c.subject_id == member_id) & (job.c.kind == JobKind.RIGHTS)
    _see_to(connection, clock, JobKind.RIGHTS, mine, at, subject_id=member_id)


def tell(
    connection: Connection, clock: Clock, case: Row[Any], member_id: int, about: str, now: datetime
) -> None:
    """Tell a member of the ``"case"``, or of the ``"decision"`` on it; what waits or was refused serves."""
    rows = connection.execute(
        select(job.c.payload).where(
            _telling(case.id, member_id), job.c.state.in_([*_WAITING, JobState.PARKED])
        )
    )
    if not any(payload["about"] == about for (payload,) in rows):
        add_job(
            connection,
            clock,
            JobKind.TELL,
            case.story_id,
            now,
            payload={"about": about},
            case_id=case.id,
            subject_id=member_id,
        )


def is_being_told(connection: Connection, case_id: int, member_id: int | None = None) -> bool:
    """Whether a direct message on the case is on its way, to that member or to any."""
    open_ones = select(job.c.id).where(_telling(case_id, member_id), job.c.state.in_(OPEN_STATES))
    return connection.execute(open_ones).first() is not None


def withdraw_deletions(connection: Connection, case_id: int, now: datetime) -> None:
    """Nothing more is deleted for the case. Of what was tried it is looked at whether it is deleted already."""
    certain = job.c.in_doubt.is_(False) & job.c.state.in_([JobState.PENDING, JobState.PARKED])
    mine = (job.c.case_id == case_id) & (job.c.kind == JobKind.TAKE_DOWN) & certain
    connection.execute(delete(job).where(mine, job.c.attempt == 0))
    for row in connection.execute(select(job.c.id).where(mine)).all():
        set_job(connection, row.id, state=JobState.UNKNOWN, in_doubt=True, not_before=now, problem=None)


# --- parts ---------------------------------------------------------------------------------------------

# An edit in doubt is simply made again, with what is known then.
_WAITING = (JobState.PENDING, JobState.UNKNOWN)


def _telling(case_id: int, member_id: int | None) -> ColumnElement[bool]:
    mine = (job.c.case_id == case_id) & (job.c.kind == JobKind.TELL)
    return mine if member_id is None else mine & (job.c.subject_id == member_id)


def _is_news(connection: Connection, case: Row[Any]) -> bool:
    """Whether a thread without a notice needs one."""
    if case.kind != CaseKind.REMOVAL and case.state != CaseState.REINSTATED:
        return True
    gone = exists().where(case_post.c.case_id == case.id, case_post.c.gone_at.is_not(None))
    return bool(connection.execute(select(gone)).scalar())


def _see_to(
    connection: Connection,
    clock: Clock,
    kind: JobKind,
    mine: ColumnElement[bool],
    not_before: datetime,
    *,
    case: Row[Any] | None = None,
    story_id: int | None = None,
    subject_id: int | None = None,
    first: bool = False,
) -> None:
    """One job of the ``kind`` waits, due then or before. ``first``: it makes a message, it changes none."""
    # A message that may have been made is made once: who looks for it finds it as it was.
    waiting = [JobState.PENDING] if first else _WAITING
    found = connection.execute(
        select(job.c.id, job.c.state, job.c.not_before, job.c.problem).where(mine, job.c.state.in_(waiting))
    ).first()
    if found is not None:
        if found.state == JobState.PENDING and found.problem is None and found.not_before > not_before:
            set_job(connection, found.id, not_before=not_before)
        return
    # What Discord refused was the former text; but what may be there in spite of it is looked for first.
    refused = mine & (job.c.state == JobState.PARKED)
    connection.execute(delete(job).where(refused, job.c.in_doubt.is_(False)))
    for row in connection.execute(select(job.c.id).where(refused)).all():
        set_job(connection, row.id, state=JobState.UNKNOWN, problem=None, not_before=not_before)
    add_job(
        connection,
        clock,
        kind,
        story_id if case is None else case.story_id,
        clock.now(),
        not_before=not_before,
        case_id=None if case is None else case.id,
        subject_id=subject_id,
    )
