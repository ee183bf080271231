"""Posts that cases are about, followed: by what they are replaced, what is kept of them, who else wants them.

For all who post, replace or lose messages; what a case itself does lies in ``cases`` and ``saga``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select, update

from bot.model import CaseState, JobKind
from bot.store import posts
from bot.store.case_records import snapshot_columns, snapshot_of
from bot.store.polls import chunks
from bot.store.schema import case_post, job, moderation_case, report

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, Connection

    from bot.model import KeptFile


def is_one_of(message_ids: Collection[int]) -> ColumnElement[bool]:
    """A condition on ``case_post``: it is one of these messages, or one of them has taken its place."""
    return or_(case_post.c.message_id.in_(message_ids), case_post.c.stands_id.in_(message_ids))


def taken(connection: Connection, message_ids: Collection[int]) -> dict[int, int]:
    """Those of the messages that a case has which is not reinstated, and which."""
    return {
        message_id: row.case_id
        for chunk in chunks(message_ids)
        for row in connection.execute(
            select(case_post.c.case_id, case_post.c.message_id, case_post.c.stands_id)
            .join(moderation_case, moderation_case.c.id == case_post.c.case_id)
            .where(is_one_of(chunk), moderation_case.c.state != CaseState.REINSTATED)
            .order_by(case_post.c.case_id)
        )
        for message_id in (row.message_id, row.stands_id)
        if message_id in chunk
    }


def stands_for(connection: Connection, message_id: int) -> int:
    followed = (
        select(case_post.c.stands_id)
        .where(case_post.c.message_id == message_id, case_post.c.stands_id.is_not(None))
        .order_by(case_post.c.id.desc())
    )
    found = connection.execute(followed).scalar()
    return found or posts.replaced(connection, [message_id]).get(message_id, message_id)


def follow(connection: Connection, former: int, message_id: int) -> None:
    """A post of ours has taken a message's place: cases and reports of that are about the post now."""
    here = or_(case_post.c.stands_id == former, case_post.c.message_id == former)
    connection.execute(
        update(case_post).where(here, case_post.c.gone_at.is_(None)).values(stands_id=message_id)
    )
    other = report.alias()
    connection.execute(
        update(report)
        .where(report.c.message_id == former, ~exists().where(other.c.message_id == message_id))
        .values(message_id=message_id)
    )
    entries = (job.c.kind == JobKind.REPORT) & (job.c.subject_id == former)
    connection.execute(update(job).where(entries).values(subject_id=message_id))


def notice_lost(connection: Connection, message_ids: Collection[int]) -> None:
    """A notice that a person deleted never comes back by itself."""
    theirs = moderation_case.c.notice_id.in_(message_ids)
    connection.execute(update(moderation_case).where(theirs).values(noticed=False))


def files_kept(connection: Connection, case_id: int, message_id: int, files: tuple[KeptFile, ...]) -> bool:
    """Whether there is a snapshot for them; without one nothing is ever fetched again."""
    mine = (case_post.c.case_id == case_id) & (case_post.c.message_id == message_id)
    snapshot = snapshot_of(connection.execute(select(case_post.c.snapshot).where(mine)).scalar())
    columns: dict[str, object] = {"files_kept": True}
    if snapshot is not None:
        columns["snapshot"] = snapshot_columns(replace(snapshot, files=files))
    connection.execute(update(case_post).where(mine).values(columns))
    return snapshot is not None


def kept_paths(connection: Connection) -> frozenset[str]:
    rows = connection.execute(select(case_post.c.snapshot).where(case_post.c.snapshot.is_not(None)))
    return frozenset(path for (stored,) in rows for path in paths_in(stored))


def paths_in(stored: dict[str, list[dict[str, str | None]]]) -> list[str]:
    """The kept files of a snapshot as it is stored."""
    return [file["path"] for file in stored["files"] if file["path"] is not None]
