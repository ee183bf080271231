"""Discussion: posts, quotes, baskets, preferences, reactions, and jobs that are about a post."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "post",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("story_id", sa.Integer),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("author_id", sa.BigInteger),
        sa.Column("made", sa.String(16), nullable=False),
        sa.Column("webhook_id", sa.BigInteger),
        sa.Column("words", sa.Text),
        sa.Column("native_id", sa.BigInteger),
        sa.Column("origin", sa.BigInteger),
        sa.Column("contribution", sa.JSON),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("edited_at", moment),
        sa.Column("deleted_at", moment),
        sa.Column("recommended_at", moment),
        sa.Column("recommended_by", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_post_story_id"),
        sa.UniqueConstraint("message_id", name="uq_post_message_id"),
        sa.UniqueConstraint("origin", name="uq_post_origin"),
    )
    op.create_index("ix_post_author_id", "post", ["author_id"])
    op.create_index("ix_post_native_id", "post", ["native_id"])
    op.create_index("ix_post_created_at", "post", ["created_at"])
    op.create_index("ix_post_story_id_created_at", "post", ["story_id", "created_at"])
    op.create_table(
        "quote",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("post_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("source_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger, nullable=False),
        sa.Column("author_id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("picked", sa.Boolean, nullable=False),
        sa.Column("lost_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_quote"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_quote_post_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_quote_post_id", "quote", ["post_id"])
    op.create_index("ix_quote_source_id", "quote", ["source_id"])
    op.create_table(
        "basket",
        sa.Column("member_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger, nullable=False),
        sa.Column("source_id", sa.BigInteger, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("source_thread_id", sa.BigInteger, nullable=False),
        sa.Column("author_id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("picked", sa.Boolean, nullable=False),
        sa.Column("added_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("member_id", "thread_id", "source_id", name="pk_basket"),
    )
    op.create_index("ix_basket_source_id", "basket", ["source_id"])
    op.create_table(
        "preference",
        sa.Column("member_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("quotes", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name="pk_preference"),
    )
    op.create_table(
        "reaction",
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("member_id", sa.BigInteger, nullable=False),
        sa.Column("emoji", sa.String(64), nullable=False),
        sa.Column("kind", sa.Integer, nullable=False),
        sa.Column("story_id", sa.Integer, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("message_id", "member_id", "emoji", "kind", name="pk_reaction"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_reaction_story_id"),
    )
    op.create_index("ix_reaction_member_id", "reaction", ["member_id"])
    op.create_index("ix_reaction_story_id", "reaction", ["story_id"])
    op.create_index("ix_reaction_at", "reaction", ["at"])
    op.create_table(
        "said_once",
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_said_once"),
    )
    op.create_index("ix_story_message_id", "story", ["message_id"])
    with op.batch_alter_table("job", table_kwargs={"sqlite_autoincrement": True}) as job:
        job.add_column(sa.Column("post_id", sa.Integer))
        job.create_foreign_key("fk_job_post_id", "post", ["post_id"], ["id"])
        job.create_index("ix_job_post_id", ["post_id"])
