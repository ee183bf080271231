"""The store: one public method, one fact, one transaction. No rows or cursors leave it.

What each method does to the tables is in the module it names; how a transaction is kept whole in ``writer``.
The methods on discussion, moderation, upkeep and the audit are in base classes, ``discussion``, ``moderation``,
``upkeep`` and ``audits``, because one file would be too long.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from bot.store import ledger, news, outbox, polls, questions, restored, sqlite, starts
from bot.store.audits import AuditFacts
from bot.store.discussion import DiscussionFacts
from bot.store.files import KeptFiles
from bot.store.moderation import ModerationFacts
from bot.store.opening import lock_and_prepare, problems
from bot.store.upkeep import UpkeepFacts
from bot.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from bot.clock import Clock
    from bot.model import (
        Article,
        Job,
        Known,
        Overview,
        OwnThread,
        PollState,
        PollUpdate,
        Receipt,
        StoryDetails,
    )
    from bot.store.lock import InstanceLock


log = logging.getLogger(__name__)


class Store(DiscussionFacts, ModerationFacts, UpkeepFacts, AuditFacts):
    """An open store. Made by ``open``, ended by ``close``.

    Every method is durable when it returns and may be repeated: what is so already stays so. A cancelled call
    leaves a transaction that completes whole or not at all.

    Raises (every method):
        StoreFailing: the disk is full or failing, or the file is locked by another program; nothing was changed.
        StoreCorrupt: the file is damaged.
        StoreError: the store is closed.
    """

    def __init__(self, path: Path, lock: InstanceLock, clock: Clock) -> None:
        self.path = path
        self._lock = lock
        self._clock = clock
        self.kept = KeptFiles(path.parent / "removed")
        self.written_until = None
        self.was_copy = False
        self._writer = Writer(sqlite.engine(path), partial(sqlite.told, path))

    @classmethod
    async def open(cls, url: str, clock: Clock) -> Store:
        """Lock the store at ``url``, check it, bring it up to date (with a backup before), and open it.

        Raises:
            StoreLocked: another instance holds it.
            StoreTooNew: a newer Newsthread wrote it.
            StoreCorrupt: SQLite reports damage.
            StoreError: it can't be used for another reason that the sentence tells.
        """
        opening = asyncio.create_task(cls._open(url, clock))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            # Threads and migrations under way can't be stopped: let them end, then leave nothing open.
            with suppress(Exception):
                await (await opening).close()
            raise

    @classmethod
    async def _open(cls, url: str, clock: Clock) -> Store:
        path, lock, _ = await lock_and_prepare(url, clock)
        store = cls(path, lock, clock)
        try:
            # Connects, too: a file that can't be written is refused here.
            store.written_until, in_doubt = await store._writer.run(restored.opened, clock.now())
            store.was_copy = in_doubt is not None
            if store.was_copy:
                log.warning(
                    "%s is a backup, written last at %s: %d deliveries that waited then are looked for on Discord"
                    " before they are done",
                    path,
                    store.written_until,
                    in_doubt,
                )
        except BaseException:
            await store.close()
            raise
        return store

    async def close(self) -> None:
        """Wait for the transactions under way, then close and unlock. May be called again."""
        closing = asyncio.create_task(self._close())
        await asyncio.shield(closing)

    async def _close(self) -> None:
        try:
            await self._writer.close()
        finally:
            self._lock.release()

    # --- polls (bot/store/polls.py, bot/store/news.py) -----------------------------------------------------

    async def poll_states(self, urls: Iterable[str]) -> dict[str, PollState]:
        """What is remembered of each address; a fresh state for those never polled."""
        return await self._writer.run(polls.poll_states, tuple(urls))

    async def initialised(self, feed_ids: Iterable[str]) -> frozenset[str]:
        """Those of the feeds that were read at least once."""
        return await self._writer.run(polls.initialised, tuple(feed_ids))

    async def known(self, feed_id: str, articles: Sequence[Article]) -> tuple[Known, ...]:
        """The feed's stored articles that share a key or a link with any of ``articles``."""
        return await self._writer.run(polls.known, feed_id, articles)

    async def apply(self, update: PollUpdate) -> int:
        """Store all that a poll brought: articles, stories, jobs, and the validators that skip them next time.

        Returns the number of jobs written. An article that is stored already is not stored or posted again. An
        edited one is rewritten; if its post may exist on Discord, one revision of it is due, at once or ten minutes
        after the last, and with a new title one word on the headline, from the first former to the newest.
        """
        return await self._writer.run(news.apply, update, self._clock)

    # --- sessions with Discord (bot/store/starts.py) --------------------------------------------------------

    async def starts(self, since: datetime) -> tuple[datetime, ...]:
        """When sessions were begun, oldest first; they are remembered for a day."""
        return await self._writer.run(starts.starts, since)

    async def note_start(self, at: datetime) -> None:
        """A session is about to begin. Noted twice it counts twice."""
        await self._writer.run(starts.note_start, at)

    # --- the outbox (bot/store/outbox.py) ------------------------------------------------------------------

    async def next_jobs(self) -> tuple[Job, ...]:
        """The earliest pending, sending or unknown job of each lane, due or not, in the order they were written.

        What follows upon an opening is offered once the opening post is known to exist; what changes or deletes a post
        of ours, once that is.
        """
        return await self._writer.run(outbox.next_jobs)

    async def claim(
        self, job_id: int, send_deadline: datetime, recover_after: datetime, began: datetime | None = None
    ) -> Job:
        """An attempt begins: pending or unknown → sending. The job as it is now, with the article's newest words.

        ``began`` is where the search for what it may leave behind begins: now, unless Discord's clock is behind.

        Raises:
            StaleJob: the job is in another state, or was withdrawn.
        """
        began = self._clock.now() if began is None else began
        return await self._writer.run(outbox.claim, job_id, began, send_deadline, recover_after)

    async def hasten(self, not_before: datetime, recover_after: datetime) -> int:
        """Nothing waits for longer than until then, but what is meant to: edits, and posting rights. How many did."""
        return await self._writer.run(outbox.hasten, not_before, recover_after)

    async def half_done(self, job_id: int, message_id: int) -> None:
        """The first half of a two-step deed exists; what remains can't be done twice.

        Raises:
            StaleJob: the job is not open.
        """
        await self._writer.run(outbox.half_done, job_id, message_id)

    async def settle(self, job_id: int, receipt: Receipt, draft_digest: str | None) -> None:
        """It is done: whatever state but removed → done; an opened story gets its ids, the ledger its thread.

        A quoting post gets its message; the reply that it replaces is to be deleted, and what quotes that quotes the
        post. A deleted post is lost. A reaction that was taken off leaves no job.
        ``draft_digest`` is that of the opening post as sent, None where it is not known.

        Raises:
            StaleJob: the job was removed or withdrawn.
        """
        await self._writer.run(outbox.settle, self._clock, job_id, receipt, draft_digest)

    async def postpone(self, job_id: int, not_before: datetime, problem: str) -> None:
        """The attempt certainly did nothing: sending → pending, or back to unknown if an earlier one is in doubt.

        A quoting post that was taken back meanwhile, or whose reply was deleted, is withdrawn instead; so by ``clear``.

        Raises:
            StaleJob: the job is not open.
        """
        await self._writer.run(outbox.postpone, self._clock, job_id, not_before, problem)

    async def doubt(self, job_id: int, problem: str) -> None:
        """The attempt may have taken effect: sending → unknown.

        Raises:
            StaleJob: the job is neither.
        """
        await self._writer.run(outbox.doubt, job_id, problem)

    async def clear(self, job_id: int, not_before: datetime) -> None:
        """A complete search found that nothing took effect, or doing it again is harmless: unknown → pending.

        Raises:
            StaleJob: the job is neither.
        """
        await self._writer.run(outbox.clear, self._clock, job_id, not_before)

    async def hold(self, job_id: int, not_before: datetime, problem: str) -> None:
        """Nothing can be tried before ``not_before``: the job, and so its lane, waits in the state it is in.

        Raises:
            StaleJob: the job is neither pending nor unknown.
        """
        await self._writer.run(outbox.hold, job_id, not_before, problem)

    async def removed(self, job_id: int, problem: str) -> None:
        """What the job made or was to change is gone by a person's will: → removed.

        With an opening post all jobs on the article are. A post of ours that was to be changed is lost.

        Raises:
            StaleJob: the job is done or was withdrawn.
        """
        await self._writer.run(outbox.removed, self._clock, job_id, problem)

    async def park(self, job_id: int, problem: str) -> None:
        """Refused for what it is: → parked, out of its lane's way, until ``unpark``.

        Raises:
            StaleJob: the job is done, removed or withdrawn.
        """
        await self._writer.run(outbox.park, self._clock, job_id, problem)

    async def unpark(self, job_id: int) -> None:
        """Try again, at the old place in the lane: parked → pending, or unknown if an attempt is in doubt.

        Raises:
            StaleJob: the job is done, removed or withdrawn.
        """
        await self._writer.run(outbox.unpark, self._clock, job_id)

    async def recover(self) -> int:
        """At start: every sending → unknown, for whoever was sending is no more. How many there were."""
        return await self._writer.run(outbox.recover, "the program was stopped during the attempt")

    async def retarget(self, channels: Mapping[str, int]) -> int:
        """Move openings of which nothing can exist on Discord to their feed's present channel. How many moved.

        ``channels`` has channel ids by feed id.
        """
        return await self._writer.run(outbox.retarget, channels, self._clock.now())

    # --- the ledger of own threads (bot/store/ledger.py) ---------------------------------------------------

    async def saw_thread(
        self, thread_id: int, guild_id: int, parent_id: int, token: str | None, created_at: datetime
    ) -> None:
        """A thread or marked post of ours exists. Before or after ``lost_thread``, with or without its token."""
        await self._writer.run(ledger.saw_thread, thread_id, guild_id, parent_id, token, created_at)

    async def lost_thread(self, thread_id: int, at: datetime, by: int | None) -> None:
        """A thread or post, ours or not, was deleted; the first time told stands."""
        await self._writer.run(ledger.lost_thread, thread_id, at, by)

    async def ledger(self, token: str) -> OwnThread | None:
        """The thread or post that bears ``token``; of several the oldest that still exists."""
        return await self._writer.run(ledger.ledger, token)

    async def unclaimed_lost(self, parent_id: int, since: datetime) -> tuple[OwnThread, ...]:
        """Threads of ours made in a channel since then and deleted before anyone knew which delivery they were."""
        return await self._writer.run(ledger.unclaimed_lost, parent_id, since)

    # --- questions (bot/store/questions.py) ----------------------------------------------------------------

    async def story_by_token(self, token: str) -> StoryDetails | None:
        """The story that a marked post is of: its opening post or a later one."""
        return await self._writer.run(questions.story_by_token, token)

    async def story_by_thread(self, thread_id: int) -> StoryDetails | None:
        """The story that a thread mirrors."""
        return await self._writer.run(questions.story_by_thread, thread_id)

    async def overview(self) -> Overview:
        """The store at one moment, for the status page."""
        return await self._writer.run(questions.overview)


# --- for the command line --------------------------------------------------------------------------------


async def upgrade(url: str, clock: Clock) -> str:
    """Make the store, or bring it up to date with a backup before; a sentence that tells what was done.

    Raises:
        StoreError: as for ``Store.open``.
    """
    _, lock, done = await lock_and_prepare(url, clock)
    lock.release()
    return done


async def check(url: str) -> list[str]:
    """Everything that is wrong with the store, a sentence each; it may be in use meanwhile.

    Raises:
        StoreError: ``url`` does not name a store of a known kind.
    """
    return await asyncio.to_thread(problems, sqlite.path_of(url))


async def backup(url: str, target: Path) -> None:
    """Copy the store to ``target``, which must not exist; it may be in use meanwhile.

    Raises:
        StoreError: there is no store, or ``target`` exists or can't be written.
        StoreCorrupt: the store is damaged.
    """
    await asyncio.to_thread(sqlite.copy, sqlite.path_of(url), target)
