"""The tables as they are now; ``migrations/`` holds how they came to be, and a test that both agree.

Only portable types, so that the same statements run on PostgreSQL. docs/store.md says what each table is for.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

if TYPE_CHECKING:
    from sqlalchemy import Dialect


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Goes in with any offset, comes out in UTC, sorts as time does.

    SQLite keeps no offset, so what is stored there is UTC without one.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no UTC offset")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Constraints without a name can't be changed by a later migration.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

poll = Table(
    "poll",
    metadata,
    Column("url", Text, primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", String(64)),
    Column("next_at", UtcDateTime),
    Column("polled_at", UtcDateTime),
    Column("succeeded_at", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("failure_kind", String(32)),
    Column("failure_sentence", Text),
    Column("failure_retry_after", Float),
)

feed = Table(
    "feed",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("initialised_at", UtcDateTime, nullable=False),
    Column("warnings", JSON, nullable=False),
)

article = Table(
    "article",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("feed_id", ForeignKey("feed.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("guid", Text),
    Column("link", Text),
    Column("digest", String(64), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("content", JSON, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    UniqueConstraint("feed_id", "key"),
    Index(None, "feed_id", "link"),
)

revision = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", ForeignKey("article.id"), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

story = Table(
    "story",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", ForeignKey("article.id"), nullable=False),
    Column("feed_id", ForeignKey("feed.id"), nullable=False),
    Column("channel_id", BigInteger, nullable=False, index=True),
    Column("token", String(32), nullable=False, unique=True),
    Column("thread_id", BigInteger, unique=True),
    Column("message_id", BigInteger, index=True),
    Column("draft_digest", String(64)),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime),
    UniqueConstraint("article_id", "channel_id"),
    Index(None, "feed_id", "thread_id"),
)

job = Table(
    "job",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("story_id", ForeignKey("story.id"), index=True),  # none: about a member, wherever they posted
    Column("post_id", ForeignKey("post.id"), index=True),
    Column("case_id", ForeignKey("moderation_case.id"), index=True),
    Column("subject_id", BigInteger, index=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("lane", String(32), nullable=False),
    Column("token", String(32), nullable=False, unique=True),
    Column("payload", JSON, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("in_doubt", Boolean, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("send_deadline", UtcDateTime),
    Column("recover_after", UtcDateTime),
    Column("message_id", BigInteger),
    Column("problem", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Index(None, "state", "lane"),
    sqlite_autoincrement=True,  # the id of a withdrawn job never names another
)

own_thread = Table(
    "own_thread",
    metadata,
    Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
    Column("guild_id", BigInteger),
    Column("parent_id", BigInteger),
    Column("token", String(32), index=True),
    Column("created_at", UtcDateTime),
    Column("deleted_at", UtcDateTime),
    Column("deleted_by", BigInteger),
    Index(None, "parent_id", "deleted_at"),
)

post = Table(
    "post",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("story_id", ForeignKey("story.id")),  # none: of a deleted message that was never seen
    Column("thread_id", BigInteger),
    Column("message_id", BigInteger, unique=True),
    Column("author_id", BigInteger, index=True),
    Column("made", String(16), nullable=False),
    Column("webhook_id", BigInteger),
    Column("words", Text),
    Column("native_id", BigInteger, index=True),
    Column("origin", BigInteger, unique=True),
    Column("contribution", JSON(none_as_null=True)),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("edited_at", UtcDateTime),
    Column("deleted_at", UtcDateTime),
    Column("recommended_at", UtcDateTime),
    Column("recommended_by", BigInteger),
    Index(None, "story_id", "created_at"),
)

quote = Table(
    "quote",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("post_id", ForeignKey("post.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("source_id", BigInteger, nullable=False, index=True),
    Column("thread_id", BigInteger, nullable=False),
    Column("author_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("picked", Boolean, nullable=False),
    Column("lost_at", UtcDateTime),
    sqlite_autoincrement=True,  # an edit under way names quotes by id, and their post may be deleted meanwhile
)

basket = Table(
    "basket",
    metadata,
    Column("member_id", BigInteger, primary_key=True),
    Column("thread_id", BigInteger, primary_key=True),
    Column("source_id", BigInteger, primary_key=True, index=True),
    Column("position", Integer, nullable=False),
    Column("source_thread_id", BigInteger, nullable=False),
    Column("author_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("picked", Boolean, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
)

preference = Table(
    "preference",
    metadata,
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("quotes", String(16), nullable=False),
)

reaction = Table(
    "reaction",
    metadata,
    Column("message_id", BigInteger, primary_key=True),
    Column("member_id", BigInteger, primary_key=True, index=True),
    Column("emoji", String(64), primary_key=True),
    Column("kind", Integer, primary_key=True),
    Column("story_id", ForeignKey("story.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False, index=True),
)

said_once = Table(
    "said_once",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

moderation_case = Table(
    "moderation_case",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin", BigInteger, nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("story_id", ForeignKey("story.id"), index=True),
    Column("thread_id", BigInteger, index=True),
    Column("channel_id", BigInteger, index=True),
    Column("title", Text),
    Column("moderator_id", BigInteger, index=True),
    Column("rule_id", String(64), index=True),
    Column("rule_title", Text),
    Column("reason", Text, nullable=False),
    Column("next_step", Text, nullable=False),
    Column("searchable", Text, nullable=False),  # reason and notes, folded
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("noticed", Boolean, nullable=False),
    Column("token", String(32), nullable=False, unique=True),
    Column("log_token", String(32), nullable=False, unique=True),
    Column("notice_id", BigInteger, index=True),
    Column("log_id", BigInteger),
    Column("decided_by", BigInteger),
    Column("decided_at", UtcDateTime),
    sqlite_autoincrement=True,  # a number that people were told never names another case
)

case_post = Table(
    "case_post",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("moderation_case.id"), nullable=False),
    Column("message_id", BigInteger, nullable=False, index=True),
    Column("stands_id", BigInteger, index=True),  # the post of ours that has taken its place meanwhile
    Column("position", Integer, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("author_id", BigInteger, index=True),
    Column("name", Text, nullable=False),
    Column("avatar", Text, nullable=False),
    Column("made", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("snapshot", JSON(none_as_null=True)),
    Column("searchable", Text, nullable=False),  # its words, folded
    Column("files_kept", Boolean, nullable=False),
    Column("gone_at", UtcDateTime),
    Column("problem", Text),
    Column("restored_id", ForeignKey("post.id"), index=True),
    UniqueConstraint("case_id", "message_id"),
)

case_member = Table(
    "case_member",
    metadata,
    Column("case_id", ForeignKey("moderation_case.id"), primary_key=True),
    Column("member_id", BigInteger, primary_key=True, index=True),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("told", String(16), nullable=False),
    Column("strike", Boolean, nullable=False),
    Column("appeal", Text),
    Column("appealed_at", UtcDateTime),
)

case_event = Table(
    "case_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("moderation_case.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
)

suspension = Table(
    "suspension",
    metadata,
    Column("case_id", ForeignKey("moderation_case.id"), primary_key=True),
    Column("member_id", BigInteger, primary_key=True, index=True),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("lifted_at", UtcDateTime),
    Column("lifted_by", BigInteger),
)

report = Table(
    "report",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_id", BigInteger, nullable=False, unique=True),
    Column("thread_id", BigInteger, nullable=False),
    Column("story_id", ForeignKey("story.id"), nullable=False),
    Column("author_id", BigInteger, index=True),
    Column("name", Text, nullable=False),
    Column("excerpt", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("token", String(32), nullable=False, unique=True),
    Column("log_id", BigInteger),
    Column("decided_by", BigInteger),
    Column("decided_at", UtcDateTime),
    Column("case_id", ForeignKey("moderation_case.id")),
)

report_by = Table(
    "report_by",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("report_id", ForeignKey("report.id"), nullable=False),
    Column("member_id", BigInteger, index=True),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("report_id", "member_id"),
)

disappeared = Table(
    "disappeared",
    metadata,
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("story_id", ForeignKey("story.id"), nullable=False),
    Column("author_id", BigInteger, nullable=False),
    Column("webhook_id", BigInteger),
    Column("made", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("gone_at", UtcDateTime, nullable=False),
    Column("words", Text),
)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

start = Table(
    "start",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

audited = Table(
    "audited",
    metadata,
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("until", UtcDateTime, nullable=False),
    Column("thorough_at", UtcDateTime),
)

absence = Table(
    "absence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
)
