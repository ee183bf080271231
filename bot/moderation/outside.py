"""What happens outside of the bot: posts deleted by hand or kept out by AutoMod become cases, by the audit log.

Nothing is done on Discord here. That a post is gone is noted by the store (``Disappeared``), whoever took it away;
this finds out who, and forgets what authors deleted of their own.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import Later, Refused
from bot.model import CaseKind, CasePost, Made, NewCase, Snapshot
from bot.moderation.matching import deletions, unseen
from bot.text.places import posted_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.clock import Clock
    from bot.model import Disappeared
    from bot.moderation.matching import Deletion
    from bot.newsroom import AuditedDeletion, Office
    from bot.store import Store

log = logging.getLogger(__name__)

AUTOMOD = 0  # who acted, in a case
QUIET = 2.0  # seconds without a deletion after which it is looked who did them: they come in series
LONGEST_SERIES = timedelta(seconds=30)
# The log may lag behind: what it does not account for so long after it went was its author's own doing.
LAG = timedelta(seconds=30)
RETRY = 10.0  # seconds between tries of what Discord did not answer
GROUPED = timedelta(hours=1)  # an entry older than this counts no further deletions; Discord gives no figure
LOOKED_BACK = timedelta(days=2)  # as long as the store remembers entries
FARTHEST_BACK = timedelta(days=7)
_BEGUN = 0  # stands among the audit counts for "the log was looked at before"; no entry has this id


class Outside:
    """``run`` is the loop; ``wake`` and ``missed`` begin a pass. ``catching_up`` holds it: what catch-up still finds
    gone is explained by the same entries."""

    def __init__(
        self,
        store: Store,
        office: Office,
        clock: Clock,
        wake: Callable[[], None],
        catching_up: Callable[[], bool],
    ) -> None:
        self._store = store
        self._office = office
        self._clock = clock
        self._wake = wake
        self._catching_up = catching_up
        self._due = asyncio.Event()
        self._connected = False
        self._unread = False  # there may be entries that no deleted post makes us look for
        self._read_at: datetime | None = None  # when the log was read last

    def wake(self) -> None:
        """A message was deleted, somewhere."""
        self._due.set()

    def blocked(self) -> None:
        """AutoMod kept a message from being posted, somewhere."""
        self._unread = True
        self._due.set()

    def missed(self) -> None:
        """A session is new: events may have been missed, of which catching up finds the traces."""
        self._connected = True
        self.blocked()

    async def run(self, beat: Callable[[], None] = lambda: None) -> None:
        again: float | None = None
        while True:
            beat()
            await self._clock.wait(self._due, again)
            await self._calm_down()
            unread, self._unread = self._unread, False
            try:
                again = await self._look(unread=unread)
            except BaseException:
                self._unread |= unread
                self._due.set()
                raise

    async def _calm_down(self) -> None:
        began = self._clock.now()
        while self._due.is_set():
            self._due.clear()
            await self._clock.sleep(QUIET)
            if self._clock.now() - began >= LONGEST_SERIES:
                return

    async def _look(self, *, unread: bool) -> float | None:
        """One pass; seconds until the next is needed at the latest, None when nothing is open."""
        if not self._connected or not (unread or await self._store.disappeared(self._clock.now())):
            return None
        begun = self._clock.now()
        try:
            entries, bot_id = await self._read()
        except Later as error:
            log.debug("looking who deleted posts: %s; trying again", error)
            self._unread |= unread
            return error.retry_after or RETRY
        # Asked after the log was: what it counts is noted as gone by now.
        now = self._clock.now()
        gone = await self._store.disappeared(now)
        news = unseen(entries, await self._store.audit_counts(), now)
        found = deletions(gone, entries, news, bot_id, self._read_at)
        for deletion in found:
            await self._open(_deleted(deletion))
        for entry in entries:
            if entry.rule is not None and news.get(entry.entry_id):
                await self._blocked(entry)
        await self._store.audited({_BEGUN: 0} | {each.entry_id: each.count for each in entries}, now)
        self._read_at = begun
        over = {one.message_id for one in gone if now - one.gone_at >= LAG}
        over.update(post.message_id for deletion in found for post in deletion.posts)
        await self._store.settle_disappeared(over)
        return LAG.total_seconds() if len(over) < len(gone) else None

    async def _read(self) -> tuple[tuple[AuditedDeletion, ...], int]:
        """The log's entries that may tell of something new, and who the bot is.

        Raises:
            Later: Discord does not answer, or what was missed is not known yet.
        """
        if self._catching_up():
            raise Later("the threads are still looked through for what was missed", retry_after=QUIET)
        now = self._clock.now()
        known = max(await self._store.audit_counts(), default=_BEGUN)
        since = posted_at(known) - GROUPED if known else now - LOOKED_BACK
        try:
            return await self._office.audit(max(since, now - FARTHEST_BACK)), self._office.bot_id
        except Refused as error:
            log.warning("the audit log can't be read, so that posts deleted by hand are no cases: %s", error)
            return (), 0

    async def _blocked(self, entry: AuditedDeletion) -> None:
        """A case of its own for what was never posted; its post bears the entry's id for want of another."""
        story = await self._store.story_by_thread(entry.channel_id)
        if story is None or entry.target_id is None:
            return
        post = _case_post(entry.entry_id, entry.channel_id, entry.target_id, Made.NATIVE, entry.at, entry.at)
        await self._open(
            NewCase(
                origin=entry.entry_id,
                kind=CaseKind.OUTSIDE,
                moderator_id=AUTOMOD,
                reason=entry.reason or "",
                rule_title=entry.rule,
                story_id=story.story.id,
                posts=(post,),
                noticed=False,
                tell=False,
            )
        )

    async def _open(self, new: NewCase) -> None:
        opened = await self._store.open_case(new, self._clock.now())
        if opened.case_id is not None:
            self._wake()


def _deleted(deletion: Deletion) -> NewCase:
    first = deletion.posts[0]
    return NewCase(
        origin=first.message_id,
        kind=CaseKind.OUTSIDE,
        moderator_id=deletion.entry.by,
        reason=deletion.entry.reason or "",
        story_id=first.story_id,
        posts=tuple(_disappeared(one) for one in deletion.posts),
        noticed=False,
        tell=False,
    )


def _disappeared(one: Disappeared) -> CasePost:
    return _case_post(one.message_id, one.thread_id, one.author_id, one.made, one.at, one.gone_at, one.words)


def _case_post(
    message_id: int,
    thread_id: int,
    author_id: int,
    made: Made,
    at: datetime,
    gone_at: datetime,
    words: str | None = None,
) -> CasePost:
    return CasePost(
        message_id=message_id,
        thread_id=thread_id,
        author_id=author_id,
        name="",
        avatar="",
        made=made,
        at=at,
        snapshot=Snapshot(content=words, words=words) if words else None,
        gone_at=gone_at,
    )
