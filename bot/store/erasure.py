"""What is forgotten: a member's data when they ask for it, and what was removed when it was kept long enough.

Files are named, not deleted here: they are dropped once this is durable.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, func, insert, or_, select, update

from bot.model import CaseState, EventKind, JobKind, JobState
from bot.store import case_jobs
from bot.store.case_records import snapshot_columns, snapshot_of
from bot.store.followed import paths_in
from bot.store.polls import chunks
from bot.store.schema import (
    basket,
    case_event,
    case_member,
    case_post,
    disappeared,
    job,
    moderation_case,
    preference,
    report,
    report_by,
    suspension,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from bot.clock import Clock

# ``files_kept``: nothing is fetched any more of a post that still waits to be deleted.
FORGOTTEN = {"snapshot": None, "searchable": "", "name": "", "avatar": "", "files_kept": True}


def erase(connection: Connection, clock: Clock, member_id: int, now: datetime) -> tuple[str, ...]:
    mine = select(case_member.c.case_id).where(case_member.c.member_id == member_id)
    posted = select(case_post.c.case_id).where(case_post.c.author_id == member_id)
    case_ids = set(connection.execute(mine.union(posted)).scalars())
    paths = _forget_posts(connection, case_post.c.author_id == member_id, author_id=None)
    case_ids |= _forget_quoted(connection, member_id)
    connection.execute(delete(case_member).where(case_member.c.member_id == member_id))
    appealed = (case_event.c.by == member_id) & (case_event.c.kind == EventKind.APPEALED)
    connection.execute(update(case_event).where(appealed).values(by=0))
    _erased(connection, clock, case_ids, now)
    _forget_reports(connection, clock, member_id, now)
    for table in (basket, preference):
        connection.execute(delete(table).where(table.c.member_id == member_id))
    connection.execute(delete(disappeared).where(disappeared.c.author_id == member_id))
    _forget_jobs(connection, member_id)
    _forget_suspensions(connection, now)
    return paths


def expire(connection: Connection, clock: Clock, before: datetime, now: datetime) -> tuple[str, ...]:
    old = select(moderation_case.c.id).where(
        moderation_case.c.at < before, moderation_case.c.state != CaseState.OPEN
    )
    kept = case_post.c.case_id.in_(old) & case_post.c.snapshot.is_not(None)
    said = case_member.c.case_id.in_(old) & case_member.c.appeal.is_not(None)
    case_ids = set(
        connection.execute(
            select(case_post.c.case_id).where(kept).union(select(case_member.c.case_id).where(said))
        ).scalars()
    )
    paths = _forget_posts(connection, kept)
    connection.execute(update(case_member).where(said).values(appeal=None))
    _erased(connection, clock, case_ids, now)
    _expire_reports(connection, clock, before, now)
    _forget_suspensions(connection, now)
    return paths


# --- cases ---------------------------------------------------------------------------------------------


def _forget_posts(connection: Connection, which: ColumnElement[bool], **columns: object) -> tuple[str, ...]:
    """Posts of cases lose all that tells of them; the paths of their files."""
    stored = connection.execute(
        select(case_post.c.snapshot).where(which, case_post.c.snapshot.is_not(None))
    ).scalars()
    paths = tuple(path for snapshot in stored for path in paths_in(snapshot))
    connection.execute(update(case_post).where(which).values(FORGOTTEN | columns))
    return paths


def _forget_quoted(connection: Connection, member_id: int) -> set[int]:
    """What removed posts of others quoted of the member; the cases of these."""
    case_ids = set()
    rows = connection.execute(select(case_post).where(case_post.c.snapshot.is_not(None))).all()
    for row in rows:
        snapshot = snapshot_of(row.snapshot)
        assert snapshot is not None
        quotes = tuple(
            replace(one, author_id=0, name="", text="") if one.author_id == member_id else one
            for one in snapshot.quotes
        )
        if quotes != snapshot.quotes:
            # The content repeats the quotes above the words.
            redacted = snapshot_columns(replace(snapshot, content=snapshot.words, quotes=quotes))
            connection.execute(update(case_post).where(case_post.c.id == row.id).values(snapshot=redacted))
            case_ids.add(row.case_id)
    return case_ids


def _erased(connection: Connection, clock: Clock, case_ids: Collection[int], now: datetime) -> None:
    """The cases tell that something was erased; so do their entries, which showed it."""
    for chunk in chunks(sorted(case_ids)):
        facts = {"at": now, "by": 0, "kind": EventKind.ERASED, "text": ""}
        connection.execute(insert(case_event), [{"case_id": case_id, **facts} for case_id in chunk])
        for row in connection.execute(select(moderation_case).where(moderation_case.c.id.in_(chunk))).all():
            if case_jobs.is_shown(connection, JobKind.ENTER, row.log_id, job.c.case_id == row.id):
                case_jobs.show_entry(connection, clock, row, now)


# --- reports -------------------------------------------------------------------------------------------


def _forget_reports(connection: Connection, clock: Clock, member_id: int, now: datetime) -> None:
    """What they reported is nobody's report, and what was reported of them nobody's post."""
    reported = select(report_by.c.report_id).where(report_by.c.member_id == member_id)
    rows = connection.execute(
        select(report).where(or_(report.c.id.in_(reported), report.c.author_id == member_id))
    ).all()
    connection.execute(update(report_by).where(report_by.c.member_id == member_id).values(member_id=None))
    theirs = report.c.author_id == member_id
    connection.execute(update(report).where(theirs).values(author_id=None, name="", excerpt=""))
    _show_reports(connection, clock, rows, now)


def _expire_reports(connection: Connection, clock: Clock, before: datetime, now: datetime) -> None:
    last = select(func.max(report_by.c.at)).where(report_by.c.report_id == report.c.id).scalar_subquery()
    old = (report.c.excerpt != "") & (last < before)
    rows = connection.execute(select(report).where(old)).all()
    for chunk in chunks([row.id for row in rows]):
        connection.execute(update(report).where(report.c.id.in_(chunk)).values(excerpt="", name=""))
    _show_reports(connection, clock, rows, now)


def _show_reports(connection: Connection, clock: Clock, rows: Collection[Row[Any]], now: datetime) -> None:
    for row in rows:
        if case_jobs.is_shown(connection, JobKind.REPORT, row.log_id, job.c.subject_id == row.message_id):
            case_jobs.show_report(connection, clock, row, now)


# --- jobs and suspensions ------------------------------------------------------------------------------


def _forget_jobs(connection: Connection, member_id: int) -> None:
    """Nobody is told any more; only the jobs on posting rights that are still to be done name the member."""
    mine = job.c.subject_id == member_id
    over = job.c.state.in_([JobState.DONE, JobState.REMOVED])
    connection.execute(delete(job).where(mine, job.c.kind == JobKind.RIGHTS, over))
    # A message under way finds out by itself that there is nobody to tell.
    connection.execute(delete(job).where(mine, job.c.kind == JobKind.TELL, job.c.state != JobState.SENDING))


def _forget_suspensions(connection: Connection, now: datetime) -> None:
    """Those that are over, of members who were erased."""
    member = exists().where(
        case_member.c.case_id == suspension.c.case_id, case_member.c.member_id == suspension.c.member_id
    )
    over = or_(suspension.c.until <= now, suspension.c.lifted_at.is_not(None))
    connection.execute(delete(suspension).where(~member, over))
