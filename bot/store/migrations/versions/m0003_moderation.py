"""Moderation: cases, reports, suspensions, what disappeared; jobs that are about a case, or about no story."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _cases()
    _reports()
    _noticed()
    with op.batch_alter_table("job", table_kwargs={"sqlite_autoincrement": True}) as job:
        job.alter_column("story_id", existing_type=sa.Integer, nullable=True)
        job.add_column(sa.Column("case_id", sa.Integer))
        job.add_column(sa.Column("subject_id", sa.BigInteger))
        job.create_foreign_key("fk_job_case_id", "moderation_case", ["case_id"], ["id"])
        job.create_index("ix_job_case_id", ["case_id"])
        job.create_index("ix_job_subject_id", ["subject_id"])


def _cases() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "moderation_case",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("origin", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("story_id", sa.Integer),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("channel_id", sa.BigInteger),
        sa.Column("title", sa.Text),
        sa.Column("moderator_id", sa.BigInteger),
        sa.Column("rule_id", sa.String(64)),
        sa.Column("rule_title", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("next_step", sa.Text, nullable=False),
        sa.Column("searchable", sa.Text, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("noticed", sa.Boolean, nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("log_token", sa.String(32), nullable=False),
        sa.Column("notice_id", sa.BigInteger),
        sa.Column("log_id", sa.BigInteger),
        sa.Column("decided_by", sa.BigInteger),
        sa.Column("decided_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_moderation_case"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_moderation_case_story_id"),
        sa.UniqueConstraint("origin", name="uq_moderation_case_origin"),
        sa.UniqueConstraint("token", name="uq_moderation_case_token"),
        sa.UniqueConstraint("log_token", name="uq_moderation_case_log_token"),
        sqlite_autoincrement=True,
    )
    for column in ("story_id", "thread_id", "channel_id", "moderator_id", "rule_id", "at", "notice_id"):
        op.create_index(f"ix_moderation_case_{column}", "moderation_case", [column])
    op.create_table(
        "case_post",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("case_id", sa.Integer, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("stands_id", sa.BigInteger),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("thread_id", sa.BigInteger, nullable=False),
        sa.Column("author_id", sa.BigInteger),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("avatar", sa.Text, nullable=False),
        sa.Column("made", sa.String(16), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("snapshot", sa.JSON),
        sa.Column("searchable", sa.Text, nullable=False),
        sa.Column("files_kept", sa.Boolean, nullable=False),
        sa.Column("gone_at", moment),
        sa.Column("problem", sa.Text),
        sa.Column("restored_id", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_case_post"),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name="fk_case_post_case_id"),
        sa.ForeignKeyConstraint(["restored_id"], ["post.id"], name="fk_case_post_restored_id"),
        sa.UniqueConstraint("case_id", "message_id", name="uq_case_post_case_id_message_id"),
    )
    for column in ("message_id", "stands_id", "author_id", "restored_id"):
        op.create_index(f"ix_case_post_{column}", "case_post", [column])
    op.create_table(
        "case_member",
        sa.Column("case_id", sa.Integer, nullable=False),
        sa.Column("member_id", sa.BigInteger, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("told", sa.String(16), nullable=False),
        sa.Column("strike", sa.Boolean, nullable=False),
        sa.Column("appeal", sa.Text),
        sa.Column("appealed_at", moment),
        sa.PrimaryKeyConstraint("case_id", "member_id", name="pk_case_member"),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name="fk_case_member_case_id"),
    )
    op.create_index("ix_case_member_member_id", "case_member", ["member_id"])
    op.create_table(
        "case_event",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("case_id", sa.Integer, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_event"),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name="fk_case_event_case_id"),
    )
    op.create_index("ix_case_event_case_id", "case_event", ["case_id"])
    op.create_table(
        "suspension",
        sa.Column("case_id", sa.Integer, nullable=False),
        sa.Column("member_id", sa.BigInteger, nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("lifted_at", moment),
        sa.Column("lifted_by", sa.BigInteger),
        sa.PrimaryKeyConstraint("case_id", "member_id", name="pk_suspension"),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name="fk_suspension_case_id"),
    )
    op.create_index("ix_suspension_member_id", "suspension", ["member_id"])


def _reports() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "report",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger, nullable=False),
        sa.Column("story_id", sa.Integer, nullable=False),
        sa.Column("author_id", sa.BigInteger),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("excerpt", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("log_id", sa.BigInteger),
        sa.Column("decided_by", sa.BigInteger),
        sa.Column("decided_at", moment),
        sa.Column("case_id", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_report_story_id"),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name="fk_report_case_id"),
        sa.UniqueConstraint("message_id", name="uq_report_message_id"),
        sa.UniqueConstraint("token", name="uq_report_token"),
    )
    op.create_index("ix_report_author_id", "report", ["author_id"])
    op.create_table(
        "report_by",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("report_id", sa.Integer, nullable=False),
        sa.Column("member_id", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_by"),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_report_by_report_id"),
        sa.UniqueConstraint("report_id", "member_id", name="uq_report_by_report_id_member_id"),
    )
    op.create_index("ix_report_by_member_id", "report_by", ["member_id"])


def _noticed() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "disappeared",
        sa.Column("message_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("thread_id", sa.BigInteger, nullable=False),
        sa.Column("story_id", sa.Integer, nullable=False),
        sa.Column("author_id", sa.BigInteger, nullable=False),
        sa.Column("webhook_id", sa.BigInteger),
        sa.Column("made", sa.String(16), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("gone_at", moment, nullable=False),
        sa.Column("words", sa.Text),
        sa.PrimaryKeyConstraint("message_id", name="pk_disappeared"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_disappeared_story_id"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
    )
