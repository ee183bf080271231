"""Holding the store against what stands on Discord: what is unknown, lost, doubled or unexplained.

``AuditFacts`` is the part of ``Store`` about it; ``bot/store/facade.py`` makes one class of all parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, insert, select, update

from bot.model import Audited
from bot.store import ledger, openings, restored, stories
from bot.store.polls import chunks
from bot.store.records import STORIES, own_thread_of, story_of
from bot.store.schema import article, audited, job, own_thread, story

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.clock import Clock
    from bot.model import OwnThread, Story
    from bot.store.writer import Writer

# How often in a row an article can have been mirrored anew of which this store knows nothing.
_ROUNDS = 3

_HAS_JOB = exists().where(job.c.token == own_thread.c.token)
_STANDS = own_thread.c.token.is_not(None) & own_thread.c.deleted_at.is_(None)


class AuditFacts:
    """Methods of ``Store``, which see for what holds of them all."""

    _writer: Writer
    _clock: Clock
    written_until: datetime | None  # when the store was written last before it was opened; None: never
    was_copy: bool  # whether it is opened from a backup

    async def audits(self) -> dict[int, Audited]:
        """How far channels were compared with the store, by channel."""
        return await self._writer.run(audits)

    async def unknown(self, ids: Collection[int]) -> frozenset[int]:
        """Those of the threads and posts that neither a story nor a token tells anything of."""
        return await self._writer.run(unknown, ids)

    async def found(self, threads: Sequence[OwnThread]) -> int | None:
        """Threads and posts of ours, unknown so far, stand on Discord, or did.

        If this store would know one had it been there when that was made, it is older than Discord, and what waits may
        have been done: the number of jobs that came into doubt by that; else None.
        """
        return await self._writer.run(found, threads, self.written_until, self._clock.now())

    async def compared(self, channel_id: int, until: datetime, *, thorough: bool) -> None:
        """All of ours that was made in the channel before ``until`` is known; ``thorough``: so is what is gone."""
        await self._writer.run(compared, channel_id, until, thorough)

    async def adopt(self, channels: Mapping[str, int]) -> int:
        """Make stories of the articles whose threads stand on Discord without. How many; ``channels`` is by feed id."""
        return await self._writer.run(adopt, self._clock, channels, self._clock.now())

    async def unexplained(self, channels: Collection[int], since: datetime) -> tuple[OwnThread, ...]:
        """What stands in the channels under a token that no job has, made since then; oldest first."""
        return await self._writer.run(unexplained, channels, since)

    async def copies(self, channel_id: int) -> tuple[tuple[Story, tuple[int, ...]], ...]:
        """Stories that stand in their channel more than once, with the threads or posts that are not theirs."""
        return await self._writer.run(copies, channel_id)

    async def standing(self, channel_id: int, first_id: int) -> tuple[Story, ...]:
        """Stories whose thread in the channel is there as far as we know, and has this or a higher id."""
        return await self._writer.run(standing, channel_id, first_id)

    async def perhaps_replaced(self, message_ids: Collection[int]) -> frozenset[int]:
        """Those of the replies whose quote is still looked for since the store was restored: it may have replaced them."""
        return await self._writer.run(restored.perhaps_replaced, message_ids)

    async def restored_at(self) -> datetime | None:
        """When it was found last that Discord had gone on without this store; None if that never was so."""
        return await self._writer.run(restored.restored_at)

    async def was_absent(self, at: datetime) -> bool:
        """Whether that was while Discord went on without this store, so that it can't know what came of it."""
        return await self._writer.run(restored.was_absent, at)


def audits(connection: Connection) -> dict[int, Audited]:
    return {
        row.channel_id: Audited(row.until, row.thorough_at) for row in connection.execute(select(audited))
    }


def unknown(connection: Connection, ids: Collection[int]) -> frozenset[int]:
    known: set[int] = set()
    for chunk in chunks(sorted(ids)):
        named = own_thread.c.thread_id.in_(chunk) & own_thread.c.token.is_not(None)
        known.update(connection.scalars(select(own_thread.c.thread_id).where(named)))
        for column in (story.c.thread_id, story.c.message_id):
            known.update(connection.scalars(select(column).where(column.in_(chunk))))
    return frozenset(ids) - known


def found(
    connection: Connection, threads: Sequence[OwnThread], written_until: datetime | None, now: datetime
) -> int | None:
    strange = [
        one.created_at
        for one in threads
        if one.created_at is not None
        and one.token is not None
        and not _had_job(connection, one.token, written_until)
    ]
    for one in threads:
        ledger.found(connection, one)
    if not strange or (written_until is not None and max(strange) <= written_until):
        return None
    since = min(strange) if written_until is None else written_until
    if restored.was_absent(connection, since):
        return None
    return restored.older(connection, since, now)


def compared(connection: Connection, channel_id: int, until: datetime, thorough: bool) -> None:
    columns: dict[str, Any] = {"until": until} | ({"thorough_at": until} if thorough else {})
    mine = audited.c.channel_id == channel_id
    if not connection.execute(update(audited).where(mine).values(columns)).rowcount:
        connection.execute(insert(audited).values(channel_id=channel_id, **columns))


# --- adopting ------------------------------------------------------------------------------------------


def adopt(connection: Connection, clock: Clock, channels: Mapping[str, int], now: datetime) -> int:
    loose = frozenset(connection.scalars(select(own_thread.c.token).where(_STANDS, ~_HAS_JOB)))
    if not loose:
        return 0
    remembered = _adopt_remembered(connection, clock, channels, loose, now)
    return remembered + _adopt_reposted(connection, clock, channels, loose, now)


def _adopt_remembered(
    connection: Connection, clock: Clock, channels: Mapping[str, int], loose: Collection[str], now: datetime
) -> int:
    """Articles that were not to be posted, as at a feed's first reading, but were by a store that is no more."""
    unmirrored = select(article.c.id, article.c.feed_id, article.c.key).where(
        article.c.feed_id.in_(channels), ~exists().where(story.c.article_id == article.c.id)
    )
    adopted = 0
    for row in connection.execute(unmirrored).all():
        if openings.opening_token(row.feed_id, row.key) in loose:
            channel_id = channels[row.feed_id]
            openings.mirror(connection, clock, row.id, row.feed_id, row.key, channel_id, now)
            adopted += 1
    return adopted


def _adopt_reposted(
    connection: Connection, clock: Clock, channels: Mapping[str, int], loose: Collection[str], now: datetime
) -> int:
    """Stories that were mirrored anew in the time that this store lost."""
    gone = (
        select(story.c.id, article.c.feed_id, article.c.key)
        .join(article, article.c.id == story.c.article_id)
        .where(stories.IS_GONE, article.c.feed_id.in_(channels))
    )
    adopted = 0
    for row in connection.execute(gone).all():
        first = openings.times_opened(connection, row.id)
        numbers = range(first, first + _ROUNDS)
        if any(openings.opening_token(row.feed_id, row.key, number) in loose for number in numbers):
            adopted += stories.repost(connection, clock, row.id, now)
    return adopted


# --- questions -----------------------------------------------------------------------------------------


def unexplained(connection: Connection, channels: Collection[int], since: datetime) -> tuple[OwnThread, ...]:
    rows = connection.execute(
        select(own_thread)
        .where(own_thread.c.parent_id.in_(channels), _STANDS, own_thread.c.created_at >= since, ~_HAS_JOB)
        .order_by(own_thread.c.thread_id)
    )
    return tuple(own_thread_of(row) for row in rows)


def copies(connection: Connection, channel_id: int) -> tuple[tuple[Story, tuple[int, ...]], ...]:
    there = (own_thread.c.parent_id == channel_id) & _STANDS
    doubled = select(own_thread.c.token).where(there).group_by(own_thread.c.token).having(func.count() > 1)
    # Which of them is the story's has to be known.
    settled = story.c.token.in_(doubled) & (story.c.channel_id == channel_id) & story.c.thread_id.is_not(None)
    found = []
    for one in map(story_of, connection.execute(STORIES.where(settled).order_by(story.c.id)).all()):
        others = (own_thread.c.token == one.token) & (own_thread.c.thread_id != one.thread_id)
        same = select(own_thread.c.thread_id).where(there, others).order_by(own_thread.c.thread_id)
        found.append((one, tuple(connection.scalars(same))))
    return tuple(found)


def standing(connection: Connection, channel_id: int, first_id: int) -> tuple[Story, ...]:
    there = (story.c.channel_id == channel_id) & (story.c.thread_id >= first_id) & ~stories.IS_GONE
    rows = connection.execute(STORIES.where(there).order_by(story.c.id))
    return tuple(story_of(row) for row in rows)


def _had_job(connection: Connection, token: str, until: datetime | None) -> bool:
    """Whether a job bore the token then, or was tried since: what was polled since may but have come to it again."""
    row = connection.execute(select(job.c.created_at, job.c.attempt).where(job.c.token == token)).first()
    return row is not None and (row.attempt > 0 or (until is not None and row.created_at <= until))
