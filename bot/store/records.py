"""Rows to records and back. The only place that knows how an article's content is laid down.

Content is one JSON column: it is read and written whole and never searched, so that a new field of ``Article``
needs no migration. What is compared, counted or listed by itself (identity, fingerprint, title) has its column.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.model import (
    Article,
    Enclosure,
    Failure,
    FailureKind,
    Identity,
    Job,
    JobKind,
    JobState,
    Made,
    OwnThread,
    PollState,
    Post,
    Quotation,
    Quote,
    Story,
    Validators,
)
from bot.store.schema import article, job, story

if TYPE_CHECKING:
    from sqlalchemy import Row, Select

_STORY = (
    story.c.id.label("story_id"),
    story.c.article_id,
    story.c.feed_id,
    story.c.channel_id,
    story.c.token.label("story_token"),
    story.c.thread_id,
    story.c.message_id.label("story_message_id"),
    story.c.draft_digest,
    story.c.first_seen.label("story_first_seen"),
    article.c.guid,
    article.c.link,
    article.c.digest,
    article.c.fingerprint,
    article.c.title,
    article.c.content,
)

STORIES: Select[Any] = select(*_STORY).join(article, article.c.id == story.c.article_id)
"""A story with its article, for ``story_of`` and ``article_of``."""

JOBS: Select[Any] = select(
    *_STORY, *(column for column in job.c if column is not job.c.story_id)
).select_from(
    job.outerjoin(story, story.c.id == job.c.story_id).outerjoin(article, article.c.id == story.c.article_id)
)
"""A job, with both where it is about a story, for ``job_of``."""


def poll_of(row: Row[Any]) -> PollState:
    failure = None
    if row.failure_kind is not None:
        failure = Failure(FailureKind(row.failure_kind), row.failure_sentence, row.failure_retry_after)
    return PollState(
        url=row.url,
        validators=Validators(row.etag, row.last_modified),
        body_hash=row.body_hash,
        next_at=row.next_at,
        polled_at=row.polled_at,
        succeeded_at=row.succeeded_at,
        failures=row.failures,
        failure=failure,
    )


def poll_columns(state: PollState) -> dict[str, Any]:
    """All but the address."""
    failure = state.failure
    return {
        "etag": state.validators.etag,
        "last_modified": state.validators.last_modified,
        "body_hash": state.body_hash,
        "next_at": state.next_at,
        "polled_at": state.polled_at,
        "succeeded_at": state.succeeded_at,
        "failures": state.failures,
        "failure_kind": failure.kind.value if failure else None,
        "failure_sentence": failure.sentence if failure else None,
        "failure_retry_after": failure.retry_after if failure else None,
    }


def article_of(row: Row[Any]) -> Article:
    content = row.content
    return Article(
        identity=Identity(row.guid, row.link, row.digest),
        url=content["url"],
        title=row.title,
        author=content["author"],
        published=_moment(content["published"]),
        updated=_moment(content["updated"]),
        summary=content["summary"],
        body=content["body"],
        image=content["image"],
        fingerprint=row.fingerprint,
        categories=tuple(content["categories"]),
        enclosures=tuple(Enclosure(**enclosure) for enclosure in content["enclosures"]),
        source=content["source"],
    )


def identity_columns(one: Article) -> dict[str, Any]:
    identity = one.identity
    return {"key": identity.key, "guid": identity.guid, "link": identity.link, "digest": identity.digest}


def content_columns(one: Article) -> dict[str, Any]:
    """All but the identity."""
    return {
        "fingerprint": one.fingerprint,
        "title": one.title,
        "content": {
            "url": one.url,
            "author": one.author,
            "published": _text(one.published),
            "updated": _text(one.updated),
            "summary": one.summary,
            "body": one.body,
            "image": one.image,
            "categories": list(one.categories),
            "enclosures": [
                {"url": file.url, "type": file.type, "length": file.length} for file in one.enclosures
            ],
            "source": one.source,
        },
    }


def story_of(row: Row[Any]) -> Story:
    return Story(
        id=row.story_id,
        article_id=row.article_id,
        feed_id=row.feed_id,
        channel_id=row.channel_id,
        token=row.story_token,
        thread_id=row.thread_id,
        message_id=row.story_message_id,
        first_seen=row.story_first_seen,
        draft_digest=row.draft_digest,
    )


def job_of(row: Row[Any]) -> Job:
    return Job(
        id=row.id,
        kind=JobKind(row.kind),
        state=JobState(row.state),
        token=row.token,
        attempt=row.attempt,
        mirrored=None if row.story_id is None else (story_of(row), article_of(row)),
        post_id=row.post_id,
        payload=row.payload,
        not_before=row.not_before,
        started_at=row.started_at,
        recover_after=row.recover_after,
        message_id=row.message_id,
        problem=row.problem,
        lane=row.lane,
        case_id=row.case_id,
        subject_id=row.subject_id,
    )


def own_thread_of(row: Row[Any]) -> OwnThread:
    return OwnThread(
        thread_id=row.thread_id,
        guild_id=row.guild_id,
        parent_id=row.parent_id,
        token=row.token,
        created_at=row.created_at,
        deleted_at=row.deleted_at,
        deleted_by=row.deleted_by,
    )


def post_of(row: Row[Any]) -> Post:
    return Post(
        id=row.id,
        story_id=row.story_id,
        thread_id=row.thread_id,
        message_id=row.message_id,
        author_id=row.author_id,
        made=Made(row.made),
        created_at=row.created_at,
        webhook_id=row.webhook_id,
        words=row.words,
        native_id=row.native_id,
        deleted_at=row.deleted_at,
        # Who recommended it is kept when that was taken back, and then means nothing to others.
        recommended_by=None if row.recommended_at is None else row.recommended_by,
    )


def quote_of(row: Row[Any]) -> Quote:
    return Quote(row.id, row.post_id, row.position, quotation_of(row, row.thread_id), row.lost_at)


def quotation_of(row: Row[Any], thread_id: int) -> Quotation:
    """A quotation from a row of ``quote`` or ``basket``, whose source stands in ``thread_id``."""
    return Quotation(
        source_id=row.source_id,
        thread_id=thread_id,
        author_id=row.author_id,
        name=row.name,
        at=row.at,
        text=row.text,
        picked=row.picked,
    )


def quotation_columns(one: Quotation) -> dict[str, Any]:
    """All but source and thread."""
    return {
        "author_id": one.author_id,
        "name": one.name,
        "at": one.at,
        "text": one.text,
        "picked": one.picked,
    }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
