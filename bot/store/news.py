"""One poll's outcome becomes fact: articles, stories, jobs and validators in one transaction.

What an edit means for a thread that exists (a revision, a word on the new headline) is decided here, because it
depends on the outbox as it is in that very transaction.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update

from bot.model import JobKind, JobState
from bot.store import openings, restored
from bot.store.jobs import add_job, is_unposted, revise, set_job
from bot.store.polls import chunks
from bot.store.records import article_of, content_columns, identity_columns, poll_columns
from bot.store.schema import article, feed, job, poll, revision, story

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from bot.clock import Clock
    from bot.model import Article, FeedNews, PollUpdate

# Discord takes about two changes of a thread's name in ten minutes, and edits of old posts are limited, too.
REVISION_PAUSE = timedelta(minutes=10)


def apply(connection: Connection, news: PollUpdate, clock: Clock) -> int:
    """Store ``news``; the number of jobs written."""
    return _Applying(connection, clock).apply(news)


class _Applying:
    """One application of one update, within its transaction."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._now = clock.now()
        self._jobs = 0
        self._lost_since: datetime | None = None

    def apply(self, news: PollUpdate) -> int:
        self._lost_since = restored.lost_since(self._connection, news.state.url)
        columns = poll_columns(news.state)
        changed = self._connection.execute(update(poll).where(poll.c.url == news.state.url).values(columns))
        if not changed.rowcount:
            self._connection.execute(insert(poll).values(url=news.state.url, **columns))
        for one in news.news:
            self._feed(one.feed_id, news)
            self._rekey(one.feed_id, one.rekeyed)
            self._change(one.feed_id, one.changed)
            self._remember(one.feed_id, one.remember)
            self._post(one)
        return self._jobs

    def _feed(self, feed_id: str, news: PollUpdate) -> None:
        """The feed's row; that there is one means the feed was read, and so is initialised."""
        if self._connection.execute(select(feed.c.id).where(feed.c.id == feed_id)).first() is None:
            fresh = {"title": "", "warnings": [], "initialised_at": self._now}
            self._connection.execute(insert(feed).values(id=feed_id, **fresh))
        if news.title is not None:
            read = {"title": news.title, "warnings": list(news.warnings)}
            self._connection.execute(update(feed).where(feed.c.id == feed_id).values(read))

    # --- new articles ----------------------------------------------------------------------------------

    def _unknown(self, feed_id: str, articles: tuple[Article, ...]) -> list[Article]:
        """Those that the feed does not have, so that what was applied before is not applied again."""
        by_key = {one.identity.key: one for one in reversed(articles)}
        for chunk in chunks(list(by_key)):
            stored = select(article.c.key).where(article.c.feed_id == feed_id, article.c.key.in_(chunk))
            for row in self._connection.execute(stored).all():
                del by_key[row.key]
        return [one for one in articles if by_key.get(one.identity.key) is one]

    def _columns(self, feed_id: str, one: Article) -> dict[str, object]:
        return {
            "feed_id": feed_id,
            "first_seen": self._now,
            **identity_columns(one),
            **content_columns(one),
        }

    def _remember(self, feed_id: str, articles: tuple[Article, ...]) -> None:
        if fresh := [self._columns(feed_id, one) for one in self._unknown(feed_id, articles)]:
            self._connection.execute(insert(article), fresh)

    def _post(self, news: FeedNews) -> None:
        for one in self._unknown(news.feed_id, news.post):
            fresh = insert(article).values(self._columns(news.feed_id, one))
            primary_key = self._connection.execute(fresh).inserted_primary_key
            assert primary_key is not None
            openings.mirror(
                self._connection,
                self._clock,
                int(primary_key[0]),
                news.feed_id,
                one.identity.key,
                news.channel_id,
                self._now,
            )
            self._jobs += 1

    # --- articles that changed -------------------------------------------------------------------------

    # A feed may edit all its articles at every poll. What members wait for waits for this transaction, so that the
    # statements here are as few as can be: some for each story, but none for each article.

    def _rekey(self, feed_id: str, rekeyed: tuple[tuple[int, Article], ...]) -> None:
        mine = self._rows(feed_id, rekeyed)
        holders = self._holders(feed_id, rekeyed)
        self._update(
            {"the_id": article_id} | identity_columns(one)
            for article_id, one in rekeyed
            if article_id in mine and holders.get(one.identity.key, article_id) == article_id
        )

    def _change(self, feed_id: str, changed: tuple[tuple[int, Article], ...]) -> None:
        rows = self._rows(feed_id, changed)
        holders = self._holders(feed_id, changed)
        edited = [
            (rows[article_id], one)
            for article_id, one in changed
            if article_id in rows and article_of(rows[article_id]) != one
        ]
        updates = []
        for row, one in edited:
            columns = identity_columns(one)
            if holders.get(one.identity.key, row.id) != row.id:
                columns = {name: getattr(row, name) for name in columns}
            updates.append({"the_id": row.id} | columns | content_columns(one))
        self._update(updates)
        retitled = [(row, one) for row, one in edited if row.title != one.title]
        if retitled:
            former = [{"article_id": row.id, "title": row.title, "seen_at": self._now} for row, _ in retitled]
            self._connection.execute(insert(revision), former)
        stories = self._stories([row.id for row, _ in edited])
        for row, one in edited:
            for story_id in stories.get(row.id, ()):
                # A post that certainly does not exist yet is rendered from the newest words when it is sent.
                if not is_unposted(self._connection, story_id):
                    self._jobs += revise(
                        self._connection, self._clock, story_id, self._now, timedelta(0), REVISION_PAUSE
                    )
                    self._headline(story_id, row.title, one.title)

    def _rows(self, feed_id: str, articles: tuple[tuple[int, Article], ...]) -> dict[int, Row[Any]]:
        """The feed's own of ``articles`` as they are stored, by id."""
        return {
            row.id: row
            for chunk in chunks([article_id for article_id, _ in articles])
            for row in self._connection.execute(
                select(article).where(article.c.feed_id == feed_id, article.c.id.in_(chunk))
            )
        }

    def _holders(self, feed_id: str, articles: tuple[tuple[int, Article], ...]) -> dict[str, int]:
        """Which articles of the feed bear the keys of ``articles``: one whose key another bears keeps its own."""
        return {
            row.key: row.id
            for chunk in chunks([one.identity.key for _, one in articles])
            for row in self._connection.execute(
                select(article.c.key, article.c.id).where(
                    article.c.feed_id == feed_id, article.c.key.in_(chunk)
                )
            )
        }

    def _update(self, rows: Iterable[dict[str, object]]) -> None:
        if updates := list(rows):
            self._connection.execute(update(article).where(article.c.id == bindparam("the_id")), updates)

    def _stories(self, article_ids: list[int]) -> dict[int, list[int]]:
        """The stories, not removed, that mirror each article."""
        found: dict[int, list[int]] = {}
        for chunk in chunks(article_ids):
            mirrored = select(story.c.article_id, story.c.id).where(
                story.c.article_id.in_(chunk), story.c.removed_at.is_(None)
            )
            for row in self._connection.execute(mirrored.order_by(story.c.id)):
                found.setdefault(row.article_id, []).append(row.id)
        return found

    def _headline(self, story_id: int, old: str, new: str) -> None:
        """See that the thread is told of a new headline, in one sentence however many edits wait for it.

        An article that gains or loses its title altogether is no news to the thread.
        """
        if old == new or not new:
            return
        waiting = self._connection.execute(
            select(job.c.id, job.c.payload)
            .where(
                job.c.story_id == story_id, job.c.kind == JobKind.HEADLINE, job.c.state == JobState.PENDING
            )
            .order_by(job.c.id.desc())
        ).first()
        if waiting is None:
            if old:
                self._tell(story_id, old, new)
        elif waiting.payload["old"] == new:
            self._connection.execute(delete(job).where(job.c.id == waiting.id))
        elif waiting.payload["new"] != new:
            token = openings.headline_token(self._connection, story_id, new)
            set_job(self._connection, waiting.id, payload=waiting.payload | {"new": new}, token=token)

    def _tell(self, story_id: int, old: str, new: str) -> None:
        token = openings.headline_token(self._connection, story_id, new)
        told = {"old": old, "new": new}
        add_job(
            self._connection, self._clock, JobKind.HEADLINE, story_id, self._now, token=token, payload=told
        )
        self._jobs += 1
        if self._lost_since is not None:  # the store was restored, and the thread may have been told before
            restored.doubt_job(self._connection, token, self._lost_since, self._now)
