"""All that is stored about a member, for them: in plain words, and without what others said or did."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.store.case_records import snapshot_of
from bot.store.schema import (
    basket,
    case_member,
    case_post,
    disappeared,
    moderation_case,
    post,
    preference,
    quote,
    reaction,
    report,
    report_by,
    suspension,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row, Select


def export(connection: Connection, member_id: int) -> dict[str, Any]:
    def rows(table: Select[Any]) -> list[dict[str, Any]]:
        return [_plain(row) for row in connection.execute(table)]

    return {
        "member": str(member_id),
        "posts": rows(
            select(
                post.c.message_id.label("message"),
                post.c.thread_id.label("thread"),
                post.c.created_at.label("posted"),
                post.c.deleted_at.label("deleted"),
                post.c.made.label("how it was made"),
                post.c.words,
            )
            .where(post.c.author_id == member_id)
            .order_by(post.c.id)
        ),
        "quotes of your posts": rows(
            select(
                quote.c.source_id.label("message"),
                quote.c.at.label("posted"),
                quote.c.name.label("your name then"),
                quote.c.text,
            )
            .where(quote.c.author_id == member_id)
            .order_by(quote.c.id)
        ),
        "your multi-quotes": rows(
            select(
                basket.c.thread_id.label("thread"),
                basket.c.source_id.label("message"),
                basket.c.text,
                basket.c.added_at.label("added"),
            )
            .where(basket.c.member_id == member_id)
            .order_by(basket.c.added_at, basket.c.source_id)
        ),
        "your posts in multi-quotes of others": rows(
            select(basket.c.source_id.label("message"), basket.c.text)
            .where(basket.c.author_id == member_id)
            .order_by(basket.c.source_id)
        ),
        "preferences": rows(
            select(preference.c.quotes.label("what becomes of your replies")).where(
                preference.c.member_id == member_id
            )
        ),
        "reactions": rows(
            select(reaction.c.message_id.label("message"), reaction.c.emoji, reaction.c.at)
            .where(reaction.c.member_id == member_id)
            .order_by(reaction.c.at, reaction.c.message_id)
        ),
        "cases": _cases(connection, member_id),
        "suspensions": rows(
            select(
                suspension.c.case_id.label("case"),
                suspension.c.since,
                suspension.c.until,
                suspension.c.lifted_at.label("ended early"),
            )
            .where(suspension.c.member_id == member_id)
            .order_by(suspension.c.case_id)
        ),
        "reports by you": rows(
            select(report.c.message_id.label("message"), report_by.c.reason, report_by.c.at)
            .join(report_by, report_by.c.report_id == report.c.id)
            .where(report_by.c.member_id == member_id)
            .order_by(report_by.c.id)
        ),
        "your posts that were reported": rows(
            select(report.c.message_id.label("message"), report.c.excerpt, report.c.state)
            .where(report.c.author_id == member_id)
            .order_by(report.c.id)
        ),
        "your posts that were deleted lately": rows(
            select(
                disappeared.c.message_id.label("message"),
                disappeared.c.gone_at.label("deleted"),
                disappeared.c.words,
            )
            .where(disappeared.c.author_id == member_id)
            .order_by(disappeared.c.message_id)
        ),
        "cases that you opened as a moderator": rows(
            select(moderation_case.c.id.label("case"), moderation_case.c.at)
            .where(moderation_case.c.moderator_id == member_id)
            .order_by(moderation_case.c.id)
        ),
    }


def made_for(connection: Connection, member_id: int) -> tuple[int, ...]:
    ours = select(post.c.id).where(
        post.c.author_id == member_id, post.c.contribution.is_not(None), post.c.deleted_at.is_(None)
    )
    return tuple(connection.execute(ours.order_by(post.c.id)).scalars())


def _cases(connection: Connection, member_id: int) -> list[dict[str, Any]]:
    """The member's part in each: their posts, whether it was a strike, what they appealed with."""
    posts: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(
        select(case_post)
        .where(case_post.c.author_id == member_id)
        .order_by(case_post.c.case_id, case_post.c.position)
    ):
        posts.setdefault(row.case_id, []).append(_post(row))
    rows = connection.execute(
        select(
            moderation_case.c.id.label("case"),
            moderation_case.c.kind,
            moderation_case.c.state,
            moderation_case.c.rule_title.label("rule"),
            moderation_case.c.reason,
            moderation_case.c.next_step.label("next step"),
            moderation_case.c.at,
            case_member.c.name.label("your name then"),
            case_member.c.told,
            case_member.c.strike,
            case_member.c.appeal,
            case_member.c.appealed_at.label("appealed"),
        )
        .join(case_member, case_member.c.case_id == moderation_case.c.id)
        .where(case_member.c.member_id == member_id)
        .order_by(moderation_case.c.id)
    )
    return [_plain(row) | {"posts": posts.get(row.case, [])} for row in rows]


def _post(row: Row[Any]) -> dict[str, Any]:
    told = {
        "message": str(row.message_id),
        "posted": row.at.isoformat(),
        "name": row.name,
        "picture": row.avatar,
    }
    snapshot = snapshot_of(row.snapshot)
    if snapshot is None:
        return told
    return told | {
        "words": snapshot.words,
        "poll": snapshot.poll,
        "stickers": list(snapshot.stickers),
        "files": [
            {"name": file.name, "size": file.size, "kept": file.path is not None} for file in snapshot.files
        ],
    }


def _plain(row: Row[Any]) -> dict[str, Any]:
    """A row as JSON has it. Ids are text: programs that read numbers as floating-point would change them."""
    return {
        name: value.isoformat()
        if isinstance(value, datetime)
        else str(value)
        if isinstance(value, int) and not isinstance(value, bool)
        else value
        for name, value in row._mapping.items()
    }
