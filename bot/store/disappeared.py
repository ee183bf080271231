"""Members' posts that were deleted, nobody has found out yet by whom; and how far the audit log was read for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, insert, or_, select

from bot.model import CaseState, Disappeared, JobKind, JobState
from bot.store.case_records import disappeared_of
from bot.store.followed import is_one_of
from bot.store.polls import chunks
from bot.store.schema import audit_entry, case_post, job, moderation_case, post
from bot.store.schema import disappeared as table

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

FOR = timedelta(days=1)  # what nothing was found out about by then is forgotten
AUDITED_FOR = timedelta(days=2)


def note(connection: Connection, message_ids: Sequence[int], at: datetime) -> None:
    """Posts are about to be noted as deleted, at most a chunk: remember those that neither we nor a case deleted."""
    connection.execute(delete(table).where(table.c.gone_at < at - FOR))
    taken_back = exists().where(job.c.post_id == post.c.id, job.c.kind == JobKind.DELETE)
    rows = connection.execute(
        select(post).where(
            post.c.message_id.in_(message_ids),
            post.c.story_id.is_not(None),
            post.c.author_id.is_not(None),
            post.c.deleted_at.is_(None),
            ~taken_back,
        )
    ).all()
    if not rows:
        return
    ours = _of_cases(connection, [row.message_id for row in rows])
    gone = [
        {
            "message_id": row.message_id,
            "thread_id": row.thread_id,
            "story_id": row.story_id,
            "author_id": row.author_id,
            "webhook_id": row.webhook_id,
            "made": row.made,
            "at": row.created_at,
            "gone_at": at,
            "words": row.words,
        }
        for row in rows
        if row.message_id not in ours
    ]
    if gone:
        connection.execute(insert(table), gone)


def disappeared(connection: Connection, before: datetime) -> tuple[Disappeared, ...]:
    rows = connection.execute(
        select(table).where(table.c.gone_at < before).order_by(table.c.gone_at, table.c.message_id)
    )
    return tuple(disappeared_of(row) for row in rows)


def settle(connection: Connection, message_ids: Collection[int]) -> None:
    for chunk in chunks(message_ids):
        connection.execute(delete(table).where(table.c.message_id.in_(chunk)))


def audit_counts(connection: Connection) -> dict[int, int]:
    rows = connection.execute(select(audit_entry.c.id, audit_entry.c.count).order_by(audit_entry.c.id))
    return dict(rows.tuples().all())


def audited(connection: Connection, counts: Mapping[int, int], now: datetime) -> None:
    for chunk in chunks(counts):
        connection.execute(delete(audit_entry).where(audit_entry.c.id.in_(chunk)))
        connection.execute(
            insert(audit_entry), [{"id": one, "count": counts[one], "seen_at": now} for one in chunk]
        )
    connection.execute(delete(audit_entry).where(audit_entry.c.seen_at < now - AUDITED_FOR))


def _of_cases(connection: Connection, message_ids: Sequence[int]) -> set[int]:
    """Those that a case deleted, or is deleting. What still waits for that was deleted by another hand: it is no
    case of its own, but the audit log counts it."""
    mine = (
        (job.c.case_id == case_post.c.case_id)
        & (job.c.subject_id == case_post.c.message_id)
        & (job.c.kind == JobKind.TAKE_DOWN)
    )
    waits = mine & job.c.state.in_([JobState.PENDING, JobState.PARKED]) & job.c.in_doubt.is_(False)
    rows = connection.execute(
        select(case_post.c.message_id, case_post.c.stands_id)
        .join(moderation_case, moderation_case.c.id == case_post.c.case_id)
        .where(
            is_one_of(message_ids),
            or_(moderation_case.c.state != CaseState.REINSTATED, exists().where(mine)),
            ~exists().where(waits),
        )
    )
    return {message_id for row in rows for message_id in row}
