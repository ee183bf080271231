"""What moderators and members do to a case that is there: edit it, note, appeal, decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from bot.model import CaseKind, CaseState, EventKind, Told
from bot.store import case_jobs, saga, stories, suspensions
from bot.store.case_jobs import case_row
from bot.store.case_records import folded
from bot.store.schema import (
    case_event,
    case_member,
    case_post,
    moderation_case,
    suspension,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from bot.clock import Clock


def edit(
    connection: Connection,
    clock: Clock,
    case_id: int,
    by: int,
    now: datetime,
    reason: str | None,
    next_step: str | None,
    rule: tuple[str, str] | None,
    noticed: bool | None,
) -> bool:
    case = case_row(connection, case_id)
    if case is None:
        return False
    rule_id, rule_title = rule or (None, None)
    wanted = {
        "reason": reason,
        "next_step": next_step,
        "rule_id": rule_id,
        "rule_title": rule_title,
        "noticed": noticed,
    }
    changed: dict[str, object] = {
        name: value for name, value in wanted.items() if value is not None and value != case._mapping[name]
    }
    if not changed:
        return False
    if noticed and case.notice_id is not None:  # a person deleted the former one: this is another
        changed |= {"notice_id": None, "token": clock.token()}
    connection.execute(update(moderation_case).where(moderation_case.c.id == case_id).values(changed))
    _event(connection, case_id, by, EventKind.EDITED, case.reason if "reason" in changed else "", now)
    _fold(connection, case_id)
    _changed(connection, clock, case_id, now)
    return True


def note(connection: Connection, clock: Clock, case_id: int, by: int, text: str, now: datetime) -> bool:
    case = case_row(connection, case_id)
    if case is None:
        return False
    _event(connection, case_id, by, EventKind.NOTED, text, now)
    _fold(connection, case_id)
    case_jobs.show_entry(connection, clock, case, now)
    return True


def appeal(
    connection: Connection, clock: Clock, case_id: int, member_id: int, text: str, now: datetime
) -> bool:
    case = case_row(connection, case_id)
    if case is None or case.state in {CaseState.UPHELD, CaseState.REINSTATED}:
        return False
    first = (
        (case_member.c.case_id == case_id)
        & (case_member.c.member_id == member_id)
        & case_member.c.appealed_at.is_(None)
    )
    if not connection.execute(update(case_member).where(first).values(appeal=text, appealed_at=now)).rowcount:
        return False
    _event(connection, case_id, member_id, EventKind.APPEALED, "", now)
    case_jobs.show_entry(connection, clock, case, now)
    return True


def uphold(connection: Connection, clock: Clock, case_id: int, by: int, why: str, now: datetime) -> bool:
    case = case_row(connection, case_id)
    if case is None or case.state != CaseState.STANDING:
        return False
    appealed = _members(connection, case_id, appealed=True)
    if not appealed:
        return False
    _decide(connection, case_id, CaseState.UPHELD, EventKind.UPHELD, by, why, now)
    _tell(connection, clock, case, appealed, now)
    _changed(connection, clock, case_id, now)
    return True


def reinstate(connection: Connection, clock: Clock, case_id: int, by: int, why: str, now: datetime) -> bool:
    case = case_row(connection, case_id)
    if case is None or case.state == CaseState.REINSTATED:
        return False
    _decide(connection, case_id, CaseState.REINSTATED, EventKind.REINSTATED, by, why, now)
    case_jobs.withdraw_deletions(connection, case_id, now)
    suspensions.end(connection, clock, suspension.c.case_id == case_id, by, now)
    if case.kind in {CaseKind.REMOVAL, CaseKind.OUTSIDE}:
        gone = (case_post.c.case_id == case_id) & case_post.c.gone_at.is_not(None)
        rows = connection.execute(select(case_post).where(gone).order_by(case_post.c.position)).all()
        saga.restore(connection, clock, case, rows, now)
    _tell(connection, clock, case, _members(connection, case_id, appealed=False), now)
    _spare_news(connection, case_id)
    _changed(connection, clock, case_id, now)
    return True


# --- parts ---------------------------------------------------------------------------------------------


def _decide(
    connection: Connection,
    case_id: int,
    state: CaseState,
    kind: EventKind,
    by: int,
    why: str,
    now: datetime,
) -> None:
    decided = {"state": state, "decided_by": by, "decided_at": now}
    connection.execute(update(moderation_case).where(moderation_case.c.id == case_id).values(decided))
    _event(connection, case_id, by, kind, why, now)


def _members(connection: Connection, case_id: int, *, appealed: bool) -> list[int]:
    """Those who appealed; or those, too, who know of the case, or are being told."""
    rows = connection.execute(
        select(case_member).where(case_member.c.case_id == case_id).order_by(case_member.c.position)
    ).all()
    return [
        row.member_id
        for row in rows
        if row.appealed_at is not None
        or (
            not appealed
            and (row.told == Told.TOLD or case_jobs.is_being_told(connection, case_id, row.member_id))
        )
    ]


def _tell(
    connection: Connection, clock: Clock, case: Row[Any], members: Sequence[int], now: datetime
) -> None:
    for member_id in members:
        case_jobs.tell(connection, clock, case, member_id, "decision", now)


def _spare_news(connection: Connection, case_id: int) -> None:
    """Who was not told by now of a case that is undone need not be."""
    rows = connection.execute(
        select(case_member).where(case_member.c.case_id == case_id, case_member.c.told == Told.WAITING)
    ).all()
    for row in rows:
        if not case_jobs.is_being_told(connection, case_id, row.member_id):
            mine = (case_member.c.case_id == case_id) & (case_member.c.member_id == row.member_id)
            connection.execute(update(case_member).where(mine).values(told=Told.NO))


def _changed(connection: Connection, clock: Clock, case_id: int, now: datetime) -> None:
    """What the case says changed: those who show it follow."""
    case = case_row(connection, case_id)
    assert case is not None
    if case.kind == CaseKind.WITHDRAWAL and case.story_id is not None:
        stories.revise_now(connection, clock, case.story_id, now)
    case_jobs.show(connection, clock, case, now)


def _event(connection: Connection, case_id: int, by: int, kind: EventKind, text: str, now: datetime) -> None:
    told = {"case_id": case_id, "at": now, "by": by, "kind": kind, "text": text}
    connection.execute(insert(case_event).values(told))


def _fold(connection: Connection, case_id: int) -> None:
    """What is searched of the case follows what it says."""
    mine = moderation_case.c.id == case_id
    reason = connection.execute(select(moderation_case.c.reason).where(mine)).scalar_one()
    notes = connection.execute(
        select(case_event.c.text)
        .where(case_event.c.case_id == case_id, case_event.c.kind == EventKind.NOTED)
        .order_by(case_event.c.id)
    ).scalars()
    connection.execute(update(moderation_case).where(mine).values(searchable=folded(reason, *notes)))
