"""Strikes, what they lead to, and until when a member may not post.

A suspension ends by its ``until`` alone. That Discord knows is the business of a ``rights`` job, which sets what is
true when it is done; settling one writes the next.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from bot.model import CaseState, EventKind, Strike, Suspension
from bot.store import case_jobs
from bot.store.case_records import suspension_of
from bot.store.schema import case_event, case_member, moderation_case, suspension

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.clock import Clock
    from bot.model import Step

RENEWED_AFTER = timedelta(days=27)  # a time-out lasts 28 days at most on Discord


def suspend(
    connection: Connection,
    clock: Clock,
    case_id: int,
    member_id: int,
    by_hand: timedelta | None,
    steps: Sequence[Step],
    now: datetime,
) -> None:
    """Take a member's posting rights for as long as was chosen, or as their strikes lead to: the longest counts."""
    spans = [
        step.suspend for step in steps if _struck(connection, member_id, now - step.within) >= step.strikes
    ]
    if by_hand is not None:
        spans.append(by_hand)
    if spans:
        connection.execute(
            insert(suspension).values(case_id=case_id, member_id=member_id, since=now, until=now + max(spans))
        )
        case_jobs.set_rights(connection, clock, member_id, now)


def lift(connection: Connection, clock: Clock, member_id: int, by: int, why: str, now: datetime) -> int:
    ended = end(connection, clock, suspension.c.member_id == member_id, by, now)
    for case_id in ended:
        told = {"case_id": case_id, "at": now, "by": by, "kind": EventKind.LIFTED, "text": why}
        connection.execute(insert(case_event).values(told))
        case = case_jobs.case_row(connection, case_id)
        assert case is not None
        case_jobs.show_entry(connection, clock, case, now)
    return len(ended)


def end(
    connection: Connection, clock: Clock, which: ColumnElement[bool], by: int, now: datetime
) -> list[int]:
    """End suspensions before their time: their cases."""
    rows = connection.execute(
        select(suspension.c.case_id, suspension.c.member_id)
        .where(which, _runs(now))
        .order_by(suspension.c.case_id)
    ).all()
    connection.execute(update(suspension).where(which, _runs(now)).values(lifted_at=now, lifted_by=by))
    for member_id in sorted({row.member_id for row in rows}):
        case_jobs.set_rights(connection, clock, member_id, now)
    return [row.case_id for row in rows]


def schedule(connection: Connection, clock: Clock, member_id: int, now: datetime) -> None:
    """After the rights were set: when they are to be set next."""
    until = suspended_until(connection, member_id, now)
    if until is not None:
        case_jobs.set_rights(connection, clock, member_id, min(until, now + RENEWED_AFTER))


# --- questions -----------------------------------------------------------------------------------------


def strikes(connection: Connection, member_id: int) -> tuple[Strike, ...]:
    rows = connection.execute(
        select(moderation_case)
        .join(case_member, case_member.c.case_id == moderation_case.c.id)
        .where(case_member.c.member_id == member_id, case_member.c.strike)
        .order_by(moderation_case.c.id.desc())
    )
    return tuple(Strike(row.id, row.at, row.rule_title, row.state != CaseState.REINSTATED) for row in rows)


def suspensions(connection: Connection, member_id: int) -> tuple[Suspension, ...]:
    rows = connection.execute(
        select(suspension).where(suspension.c.member_id == member_id).order_by(suspension.c.case_id.desc())
    )
    return tuple(suspension_of(row) for row in rows)


def suspended_until(connection: Connection, member_id: int, now: datetime) -> datetime | None:
    mine = suspension.c.member_id == member_id
    return connection.execute(select(func.max(suspension.c.until)).where(mine, _runs(now))).scalar()


def suspended_at_most(connection: Connection, member_id: int) -> datetime | None:
    mine = suspension.c.member_id == member_id
    return connection.execute(select(func.max(suspension.c.until)).where(mine)).scalar()


def _runs(now: datetime) -> ColumnElement[bool]:
    return suspension.c.lifted_at.is_(None) & (suspension.c.until > now)


def _struck(connection: Connection, member_id: int, since: datetime) -> int:
    """The strikes of a member since then that count."""
    counted = (
        select(func.count())
        .select_from(case_member)
        .join(moderation_case, moderation_case.c.id == case_member.c.case_id)
        .where(
            case_member.c.member_id == member_id,
            case_member.c.strike,
            moderation_case.c.state != CaseState.REINSTATED,
            moderation_case.c.at >= since,
        )
    )
    return connection.execute(counted).scalar_one()
