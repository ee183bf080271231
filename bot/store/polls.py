"""What is asked before a poll is decided: the state of its address, and which articles are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select

from bot.model import Known, PollState
from bot.store.records import poll_of
from bot.store.schema import article, feed, poll

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from bot.model import Article

T = TypeVar("T")

CHUNK = 500  # values in one IN list: SQLite before 3.32 takes 999 variables a statement


def poll_states(connection: Connection, urls: Iterable[str]) -> dict[str, PollState]:
    states = {url: PollState(url) for url in urls}
    for chunk in chunks(states):
        for row in connection.execute(select(poll).where(poll.c.url.in_(chunk))):
            states[row.url] = poll_of(row)
    return states


def initialised(connection: Connection, feed_ids: Iterable[str]) -> frozenset[str]:
    return frozenset(
        row.id
        for chunk in chunks(feed_ids)
        for row in connection.execute(select(feed.c.id).where(feed.c.id.in_(chunk)))
    )


def known(connection: Connection, feed_id: str, articles: Sequence[Article]) -> tuple[Known, ...]:
    columns = select(article.c.id, article.c.key, article.c.link, article.c.fingerprint)
    keys = dict.fromkeys(one.identity.key for one in articles)
    links = dict.fromkeys(one.identity.link for one in articles if one.identity.link is not None)
    found: dict[int, Known] = {}
    for column, values in ((article.c.key, keys), (article.c.link, links)):
        for chunk in chunks(values):
            for row in connection.execute(columns.where(article.c.feed_id == feed_id, column.in_(chunk))):
                found[row.id] = Known(row.id, row.key, row.link, row.fingerprint)
    return tuple(found[number] for number in sorted(found))


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """``values`` in lists that fit into one statement."""
    rest = list(values)
    for start in range(0, len(rest), CHUNK):
        yield rest[start : start + CHUNK]
