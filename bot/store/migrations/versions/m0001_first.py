"""The first tables: polls, feeds, articles, stories, the outbox, the ledger of own threads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "poll",
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("body_hash", sa.String(64)),
        sa.Column("next_at", moment),
        sa.Column("polled_at", moment),
        sa.Column("succeeded_at", moment),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failure_kind", sa.String(32)),
        sa.Column("failure_sentence", sa.Text),
        sa.Column("failure_retry_after", sa.Float),
        sa.PrimaryKeyConstraint("url", name="pk_poll"),
    )
    op.create_table(
        "feed",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("initialised_at", moment, nullable=False),
        sa.Column("warnings", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
    )
    op.create_table(
        "article",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("feed_id", sa.String(64), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("guid", sa.Text),
        sa.Column("link", sa.Text),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("first_seen", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_article_feed_id"),
        sa.UniqueConstraint("feed_id", "key", name="uq_article_feed_id_key"),
    )
    op.create_index("ix_article_feed_id_link", "article", ["feed_id", "link"])
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("article_id", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_revision_article_id"),
    )
    op.create_index("ix_revision_article_id", "revision", ["article_id"])
    op.create_table(
        "story",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("article_id", sa.Integer, nullable=False),
        sa.Column("feed_id", sa.String(64), nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("draft_digest", sa.String(64)),
        sa.Column("first_seen", moment, nullable=False),
        sa.Column("removed_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_story"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_story_article_id"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_story_feed_id"),
        sa.UniqueConstraint("token", name="uq_story_token"),
        sa.UniqueConstraint("thread_id", name="uq_story_thread_id"),
        sa.UniqueConstraint("article_id", "channel_id", name="uq_story_article_id_channel_id"),
    )
    op.create_index("ix_story_feed_id_thread_id", "story", ["feed_id", "thread_id"])
    op.create_index("ix_story_channel_id", "story", ["channel_id"])
    op.create_table(
        "job",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("story_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("lane", sa.String(32), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("in_doubt", sa.Boolean, nullable=False),
        sa.Column("not_before", moment, nullable=False),
        sa.Column("started_at", moment),
        sa.Column("send_deadline", moment),
        sa.Column("recover_after", moment),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("problem", sa.Text),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("done_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_job_story_id"),
        sa.UniqueConstraint("token", name="uq_job_token"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_job_story_id", "job", ["story_id"])
    op.create_index("ix_job_state_lane", "job", ["state", "lane"])
    op.create_table(
        "own_thread",
        sa.Column("thread_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("parent_id", sa.BigInteger),
        sa.Column("token", sa.String(32)),
        sa.Column("created_at", moment),
        sa.Column("deleted_at", moment),
        sa.Column("deleted_by", sa.BigInteger),
        sa.PrimaryKeyConstraint("thread_id", name="pk_own_thread"),
    )
    op.create_index("ix_own_thread_token", "own_thread", ["token"])
    op.create_index("ix_own_thread_parent_id_deleted_at", "own_thread", ["parent_id", "deleted_at"])
