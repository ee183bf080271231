"""Openings, and the tokens by which a store knows what another store, now lost, had posted.

Such a token is made of what it posts: a store that lost an article, or never had it, arrives at the very token that the
article's thread on Discord bears.
"""

from __future__ import annotations

from base64 import b32encode
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from bot.model import JobKind
from bot.store import ledger
from bot.store.jobs import add_job
from bot.store.schema import article, job, story

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.clock import Clock


def opening_token(feed_id: str, key: str, number: int = 0) -> str:
    """Sixteen characters of lower-case base32; ``number`` counts how often the article was mirrored before."""
    return _token_of(feed_id, key, number)


def headline_token(connection: Connection, story_id: int, title: str) -> str:
    """That of the note which says that the story's headline is ``title`` now; it may have been that before."""
    token = connection.execute(select(story.c.token).where(story.c.id == story_id)).scalar_one()
    return _fresh_token(connection, token, title)


def mirror(
    connection: Connection,
    clock: Clock,
    article_id: int,
    feed_id: str,
    key: str,
    channel_id: int,
    now: datetime,
) -> None:
    """A story of an article that has none, and the job that opens its thread: in doubt, where that is known."""
    token = _fresh_token(connection, feed_id, key)
    made = insert(story).values(
        article_id=article_id, feed_id=feed_id, channel_id=channel_id, token=token, first_seen=now
    )
    primary_key = connection.execute(made).inserted_primary_key
    assert primary_key is not None
    add_job(connection, clock, JobKind.OPEN, int(primary_key[0]), now, token=token)
    ledger.doubt_known(connection, token)


def next_token(connection: Connection, story_id: int) -> str:
    """What a story bears when it is mirrored anew: not the token of a post that was deleted, too."""
    row = connection.execute(
        select(article.c.feed_id, article.c.key)
        .join(story, story.c.article_id == article.c.id)
        .where(story.c.id == story_id)
    ).one()
    number = times_opened(connection, story_id)
    while True:
        token = _fresh_token(connection, row.feed_id, row.key, number)
        known = ledger.ledger(connection, token)
        if known is None or known.deleted_at is None:
            return token
        number += 1


def times_opened(connection: Connection, story_id: int) -> int:
    openings = (job.c.story_id == story_id) & (job.c.kind == JobKind.OPEN)
    return connection.execute(select(func.count()).where(openings)).scalar_one()


def _fresh_token(connection: Connection, whose: str, what: str, first: int = 0) -> str:
    """The first, from the number ``first`` on, that no job has.

    An opening has it where a feed gave an article another key, and the former key to another article.
    """
    for number in count(first):
        token = _token_of(whose, what, number)
        if connection.execute(select(job.c.id).where(job.c.token == token)).first() is None:
            return token
    raise AssertionError  # numbers do not end


def _token_of(whose: str, what: str, number: int) -> str:
    named = f"{whose}\0{what}\0{number}".encode("utf-8", "surrogatepass")
    return b32encode(sha256(named).digest()[:10]).decode().lower()
