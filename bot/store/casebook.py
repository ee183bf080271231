"""Cases as they are asked for. Reads only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import case as when
from sqlalchemy import exists, extract, func, or_, select

from bot.model import CaseKind, CasePage, CaseState, JobKind, MonthCount
from bot.store import case_records, followed
from bot.store.case_records import case_event_of, case_member_of, case_post_of, folded
from bot.store.jobs import OPEN_STATES
from bot.store.polls import chunks
from bot.store.schema import case_event, case_member, case_post, job, moderation_case, post, suspension

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from bot.model import Case, CaseEvent, CaseFilter, CaseMember, CasePost

# What stands in the way of a deletion that is still to be done, in a statement on ``case_post``.
_HELD_UP = (
    select(job.c.problem)
    .where(
        job.c.case_id == case_post.c.case_id,
        job.c.subject_id == case_post.c.message_id,
        job.c.kind == JobKind.TAKE_DOWN,
        job.c.state.in_(OPEN_STATES),
    )
    .scalar_subquery()
)


def case(connection: Connection, case_id: int) -> Case | None:
    return _newest(connection, moderation_case.c.id == case_id)


def case_of(connection: Connection, message_id: int) -> Case | None:
    again = select(post.c.id).where(post.c.message_id == message_id)
    mine = or_(followed.is_one_of([message_id]), case_post.c.restored_id.in_(again))
    return _newest(connection, moderation_case.c.id.in_(select(case_post.c.case_id).where(mine)))


def case_by_token(connection: Connection, token: str) -> Case | None:
    return _newest(connection, or_(moderation_case.c.token == token, moderation_case.c.log_token == token))


def withdrawal(connection: Connection, story_id: int) -> Case | None:
    stands = (
        (moderation_case.c.story_id == story_id)
        & (moderation_case.c.kind == CaseKind.WITHDRAWAL)
        & (moderation_case.c.state != CaseState.REINSTATED)
    )
    return _newest(connection, stands)


def cases(connection: Connection, which: CaseFilter, offset: int, limit: int) -> CasePage:
    conditions = _conditions(which)
    total = connection.execute(
        select(func.count()).select_from(moderation_case).where(*conditions)
    ).scalar_one()
    rows = connection.execute(
        select(moderation_case)
        .where(*conditions)
        .order_by(moderation_case.c.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()
    return CasePage(tuple(_details(connection, rows, events=False)), total)


def counts_by_month(connection: Connection, since: datetime) -> tuple[MonthCount, ...]:
    year, month = extract("year", moderation_case.c.at), extract("month", moderation_case.c.at)
    cases = func.count()
    rows = connection.execute(
        select(
            year.label("year"),
            month.label("month"),
            moderation_case.c.rule_title,
            cases.label("removed"),
            _how_many(CaseState.UPHELD).label("upheld"),
            _how_many(CaseState.REINSTATED).label("reinstated"),
        )
        .where(moderation_case.c.kind != CaseKind.SUSPENSION, moderation_case.c.at >= since)
        .group_by(year, month, moderation_case.c.rule_title)
        .order_by(year, month, cases.desc(), moderation_case.c.rule_title)
    )
    return tuple(
        MonthCount(f"{row.year:04}-{row.month:02}", row.rule_title, row.removed, row.upheld, row.reinstated)
        for row in rows
    )


# --- parts ---------------------------------------------------------------------------------------------


def _how_many(state: CaseState) -> ColumnElement[int]:
    return func.count(when((moderation_case.c.state == state, 1)))


def _conditions(which: CaseFilter) -> list[ColumnElement[bool]]:
    exact = (
        (moderation_case.c.moderator_id, which.moderator_id),
        (moderation_case.c.rule_id, which.rule_id),
        (moderation_case.c.thread_id, which.thread_id),
    )
    found = [column == value for column, value in exact if value is not None]
    if which.channels is not None:
        here = moderation_case.c.channel_id.in_(sorted(which.channels))
        found.append(or_(here, moderation_case.c.channel_id.is_(None)) if which.unplaced else here)
    if which.member_id is not None:
        mine = case_member.c.member_id == which.member_id
        found.append(moderation_case.c.id.in_(select(case_member.c.case_id).where(mine)))
    if which.since is not None:
        found.append(moderation_case.c.at >= which.since)
    if which.until is not None:
        found.append(moderation_case.c.at < which.until)
    if which.text is not None:
        text = folded(which.text)
        said = exists().where(
            case_post.c.case_id == moderation_case.c.id,
            case_post.c.searchable.contains(text, autoescape=True),
        )
        found.append(or_(moderation_case.c.searchable.contains(text, autoescape=True), said))
    return found


def _newest(connection: Connection, which: ColumnElement[bool]) -> Case | None:
    rows = connection.execute(
        select(moderation_case).where(which).order_by(moderation_case.c.id.desc()).limit(1)
    ).all()
    return next(iter(_details(connection, rows, events=True)), None)


def _details(connection: Connection, rows: Sequence[Row[Any]], *, events: bool) -> list[Case]:
    """The rows' cases with all that belongs to them, in the rows' order."""
    posts: dict[int, list[CasePost]] = {row.id: [] for row in rows}
    members: dict[int, list[CaseMember]] = {row.id: [] for row in rows}
    history: dict[int, list[CaseEvent]] = {row.id: [] for row in rows}
    for chunk in chunks(posts):
        for row in connection.execute(
            select(case_post, _HELD_UP.label("held_up"))
            .where(case_post.c.case_id.in_(chunk))
            .order_by(case_post.c.position)
        ):
            one = case_post_of(row)
            posts[row.case_id].append(replace(one, problem=one.problem or row.held_up))
        mine = (suspension.c.case_id == case_member.c.case_id) & (
            suspension.c.member_id == case_member.c.member_id
        )
        for row in connection.execute(
            select(case_member, suspension.c.until, suspension.c.lifted_at)
            .outerjoin(suspension, mine)
            .where(case_member.c.case_id.in_(chunk))
            .order_by(case_member.c.position)
        ):
            members[row.case_id].append(case_member_of(row))
        if events:
            for row in connection.execute(
                select(case_event).where(case_event.c.case_id.in_(chunk)).order_by(case_event.c.id)
            ):
                history[row.case_id].append(case_event_of(row))
    return [case_records.case_of(row, posts[row.id], members[row.id], history[row.id]) for row in rows]
