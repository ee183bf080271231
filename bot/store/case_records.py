"""Rows of moderation to records and back, as ``records`` is for the rest.

A snapshot is one JSON column, read and written whole; what is searched in it has a column of its own.
"""

from __future__ import annotations

import unicodedata
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.model import (
    Case,
    CaseEvent,
    CaseKind,
    CaseMember,
    CasePost,
    CaseState,
    Disappeared,
    EventKind,
    KeptFile,
    Made,
    Quotation,
    Report,
    ReportState,
    Snapshot,
    Suspension,
    Told,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Row


def folded(*texts: str) -> str:
    """Texts as they are searched: whatever their case and their forms of letters."""
    return unicodedata.normalize("NFKC", "\n".join(texts)).casefold()


def case_of(
    row: Row[Any], posts: Iterable[CasePost], members: Iterable[CaseMember], events: Iterable[CaseEvent]
) -> Case:
    return Case(
        id=row.id,
        kind=CaseKind(row.kind),
        state=CaseState(row.state),
        story_id=row.story_id,
        thread_id=row.thread_id,
        channel_id=row.channel_id,
        title=row.title,
        moderator_id=row.moderator_id,
        rule_id=row.rule_id,
        rule_title=row.rule_title,
        reason=row.reason,
        next_step=row.next_step,
        at=row.at,
        noticed=row.noticed,
        token=row.token,
        log_token=row.log_token,
        notice_id=row.notice_id,
        log_id=row.log_id,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        posts=tuple(posts),
        members=tuple(members),
        events=tuple(events),
    )


def case_post_of(row: Row[Any]) -> CasePost:
    return CasePost(
        message_id=row.message_id,
        thread_id=row.thread_id,
        author_id=row.author_id,
        name=row.name,
        avatar=row.avatar,
        made=Made(row.made),
        at=row.at,
        snapshot=snapshot_of(row.snapshot),
        files_kept=row.files_kept,
        gone_at=row.gone_at,
        problem=row.problem,
        restored_id=row.restored_id,
    )


def case_post_columns(one: CasePost) -> dict[str, Any]:
    snapshot = one.snapshot
    return {
        "message_id": one.message_id,
        "thread_id": one.thread_id,
        "author_id": one.author_id,
        "name": one.name,
        "avatar": one.avatar,
        "made": one.made,
        "at": one.at,
        "snapshot": None if snapshot is None else snapshot_columns(snapshot),
        "searchable": "" if snapshot is None else folded(snapshot.words),
        "files_kept": one.files_kept,
        "gone_at": one.gone_at,
    }


def case_member_of(row: Row[Any]) -> CaseMember:
    """From a row of ``case_member`` with those of ``suspension`` beside it."""
    return CaseMember(
        member_id=row.member_id,
        name=row.name,
        told=Told(row.told),
        strike=row.strike,
        suspended_until=row.until,
        lifted_at=row.lifted_at,
        appeal=row.appeal,
        appealed_at=row.appealed_at,
    )


def case_event_of(row: Row[Any]) -> CaseEvent:
    return CaseEvent(row.at, row.by, EventKind(row.kind), row.text)


def suspension_of(row: Row[Any]) -> Suspension:
    return Suspension(row.member_id, row.case_id, row.since, row.until, row.lifted_at, row.lifted_by)


def report_of(row: Row[Any], by: Iterable[Row[Any]]) -> Report:
    return Report(
        message_id=row.message_id,
        thread_id=row.thread_id,
        story_id=row.story_id,
        author_id=row.author_id,
        name=row.name,
        excerpt=row.excerpt,
        state=ReportState(row.state),
        token=row.token,
        by=tuple((one.member_id, one.reason, one.at) for one in by),
        log_id=row.log_id,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        case_id=row.case_id,
    )


def disappeared_of(row: Row[Any]) -> Disappeared:
    return Disappeared(
        message_id=row.message_id,
        thread_id=row.thread_id,
        story_id=row.story_id,
        author_id=row.author_id,
        webhook_id=row.webhook_id,
        made=Made(row.made),
        at=row.at,
        gone_at=row.gone_at,
        words=row.words,
    )


# --- snapshots -----------------------------------------------------------------------------------------


def snapshot_columns(one: Snapshot) -> dict[str, Any]:
    """As JSON has it: moments as text, everything else by its own name."""
    stored = asdict(one)
    stored["edited_at"] = _text(one.edited_at)
    for quotation in stored["quotes"]:
        quotation["at"] = _text(quotation["at"])
    return stored


def snapshot_of(stored: dict[str, Any] | None) -> Snapshot | None:
    if stored is None:
        return None
    return Snapshot(
        content=stored["content"],
        words=stored["words"],
        files=tuple(KeptFile(**file) for file in stored["files"]),
        embeds=tuple(stored["embeds"]),
        stickers=tuple(stored["stickers"]),
        poll=stored["poll"],
        reactions=tuple((emoji, count) for emoji, count in stored["reactions"]),
        reply_to=stored["reply_to"],
        quotes=tuple(
            Quotation(**(quotation | {"at": datetime.fromisoformat(quotation["at"])}))
            for quotation in stored["quotes"]
        ),
        quoted_by=tuple(stored["quoted_by"]),
        edited_at=None if stored["edited_at"] is None else datetime.fromisoformat(stored["edited_at"]),
    )


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()
