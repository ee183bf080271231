"""Posts that members reported. All reports of a post are one, and it has one entry in the moderators' log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, insert, select, update

from bot.model import CaseState, ReportState
from bot.store import case_jobs, case_records, followed
from bot.store.schema import moderation_case, report_by
from bot.store.schema import report as table

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from bot.clock import Clock
    from bot.model import Report


def report(
    connection: Connection,
    clock: Clock,
    message_id: int,
    thread_id: int,
    story_id: int,
    author: tuple[int, str] | None,
    excerpt: str,
    by: int,
    reason: str,
    now: datetime,
) -> tuple[Report, bool]:
    message_id = followed.stands_for(connection, message_id)
    mine = table.c.message_id == message_id
    row = connection.execute(select(table).where(mine)).first()
    if row is None:
        author_id, name = author or (None, "")
        connection.execute(
            insert(table).values(
                message_id=message_id,
                thread_id=thread_id,
                story_id=story_id,
                author_id=author_id,
                name=name,
                excerpt=excerpt,
                state=ReportState.OPEN,
                token=clock.token(),
            )
        )
        row = connection.execute(select(table).where(mine)).one()
    theirs = (report_by.c.report_id == row.id) & (report_by.c.member_id == by)
    new = connection.execute(select(report_by.c.id).where(theirs)).first() is None
    if new:
        told = {"report_id": row.id, "member_id": by, "reason": reason, "at": now}
        connection.execute(insert(report_by).values(told))
    reopened = row.state == ReportState.REMOVED and _is_reinstated(connection, row.case_id)
    if reopened:
        anew = {"state": ReportState.OPEN, "case_id": None, "decided_by": None, "decided_at": None}
        connection.execute(update(table).where(mine).values(anew))
    if new or reopened:
        case_jobs.show_report(connection, clock, row, now)
    found = _report(connection, mine)
    assert found is not None
    return found, new


def report_of(connection: Connection, message_id: int) -> Report | None:
    stands = followed.stands_for(connection, message_id)
    return _report(connection, table.c.message_id.in_({message_id, stands}))


def reported_since(connection: Connection, member_id: int, since: datetime) -> int:
    theirs = (report_by.c.member_id == member_id) & (report_by.c.at >= since)
    return connection.execute(select(func.count()).select_from(report_by).where(theirs)).scalar_one()


def report_by_token(connection: Connection, token: str) -> Report | None:
    return _report(connection, table.c.token == token)


def dismiss(connection: Connection, clock: Clock, message_id: int, by: int, now: datetime) -> bool:
    stands = followed.stands_for(connection, message_id)
    return bool(_decide(connection, clock, [message_id, stands], ReportState.DISMISSED, by, None, now))


def close(
    connection: Connection,
    clock: Clock,
    message_ids: Collection[int],
    case_id: int,
    by: int | None,
    now: datetime,
) -> None:
    """A case is about these messages, at most a chunk: what was reported of them is dealt with."""
    _decide(connection, clock, message_ids, ReportState.REMOVED, by, case_id, now)


def _decide(
    connection: Connection,
    clock: Clock,
    message_ids: Collection[int],
    state: ReportState,
    by: int | None,
    case_id: int | None,
    now: datetime,
) -> int:
    """The number of reports that were open."""
    rows = connection.execute(
        select(table).where(table.c.message_id.in_(message_ids), table.c.state == ReportState.OPEN)
    ).all()
    for row in rows:
        decided = {"state": state, "decided_by": by, "decided_at": now, "case_id": case_id}
        connection.execute(update(table).where(table.c.id == row.id).values(decided))
        case_jobs.show_report(connection, clock, row, now)
    return len(rows)


def _is_reinstated(connection: Connection, case_id: int | None) -> bool:
    state = select(moderation_case.c.state).where(moderation_case.c.id == case_id)
    return connection.execute(state).scalar() == CaseState.REINSTATED


def _report(connection: Connection, which: ColumnElement[bool]) -> Report | None:
    row: Row[Any] | None = connection.execute(select(table).where(which).order_by(table.c.id)).first()
    if row is None:
        return None
    by = connection.execute(select(report_by).where(report_by.c.report_id == row.id).order_by(report_by.c.id))
    return case_records.report_of(row, by)
