"""Catching up: looks through the recently active threads for what the gateway did not tell us.

Events may never come, and while we are away none do. At every new session each thread is compared with what the
store knows: replies, edits, deletions, reactions.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.errors import Held, Later, Refused, StoreError, StoreFailing, TokenRefused, Vanished
from bot.text.places import posted_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, timedelta

    from bot.clock import Clock
    from bot.model import Story
    from bot.newsroom import Floor, Newsroom
    from bot.quotes import Quotes
    from bot.reactions import Reactions
    from bot.store import Store

log = logging.getLogger(__name__)

RETRY = 10.0  # seconds between tries of what Discord did not answer


class CatchUp:
    """``run`` is the loop; ``wake`` begins a pass: a session is new, so that events may have been missed."""

    def __init__(
        self,
        store: Store,
        floor: Floor,
        newsroom: Newsroom,
        quotes: Quotes,
        reactions: Reactions,
        recent: timedelta,
        clock: Clock,
    ) -> None:
        self._store = store
        self._floor = floor
        self._newsroom = newsroom
        self._quotes = quotes
        self._reactions = reactions
        self._recent = recent
        self._clock = clock
        self._due = asyncio.Event()
        self._passing = False
        self._said: str | None = None  # what stood in the way last

    def wake(self) -> None:
        self._due.set()

    def busy(self) -> bool:
        """Whether a pass is due or under way, so that not all is known that was missed."""
        return self._passing or self._due.is_set()

    async def run(self, beat: Callable[[], None] = lambda: None) -> None:
        while True:
            await self._due.wait()
            await self._store.sound()
            self._passing = True
            self._due.clear()
            since = self._clock.now() - self._recent
            try:
                waiting = list(await self._store.talked_about(since))
            except StoreError:
                self._due.set()
                raise
            while waiting and not self._due.is_set():
                if self._floor.connected:
                    waiting = await self._round(waiting, since, beat)
                if waiting:
                    await self._clock.wait(self._due, RETRY)
                    await self._store.sound()
            self._passing, self._said = False, None

    async def _round(
        self, waiting: Sequence[Story], since: datetime, beat: Callable[[], None]
    ) -> list[Story]:
        """Look through the threads; those that could not be read are left, which is told once for them all."""
        left: list[Story] = []
        hindrance: Exception | None = None
        for index, story in enumerate(waiting):
            beat()
            try:
                await self._look_through_or_tell(story, since)
            except Held as error:
                log.warning("looking for what was missed: %s", error)
                await self._clock.wait(self._due, error.retry_after)
                return [*left, *waiting[index:]]
            except StoreFailing as error:
                # The disk's watch tells it, once for all.
                log.debug("looking for what was missed: %s", error)
                left.append(story)
            except (Later, StoreError) as error:
                hindrance = error
                left.append(story)
        if hindrance is not None and str(hindrance) != self._said:  # once, not at every try
            self._said = str(hindrance)
            log.warning("looking for what was missed: %s; it is tried again", hindrance)
        return left

    async def _look_through_or_tell(self, story: Story, since: datetime) -> None:
        """Look through a thread; that it never can be is told.

        Raises:
            Later, StoreError: it may be later.
            TokenRefused: 401.
        """
        try:
            await self._look_through(story, since)
        except (TokenRefused, Later, StoreError):
            raise
        except Vanished as error:
            # It was deleted: the comparison of all threads notes it.
            log.debug("looking for what was missed: %s", error)
        except Refused as error:
            log.warning("thread %s can't be looked through for what was missed: %s", story.thread_id, error)
        except Exception:
            # A fault of ours with one thread must not keep the others from being looked through.
            log.exception("looking through thread %s failed", story.thread_id)

    async def _look_through(self, story: Story, since: datetime) -> None:
        details = await self._store.story_by_thread(story.thread_id or 0)
        if details is None or story.thread_id is None or story.message_id is None:
            return
        # Asked before Discord is: what is posted meanwhile is not taken for deleted.
        known = {post.message_id for post in await self._store.posts_since(story.id, since)} - {None}
        found = [each async for each in self._floor.survey(story.thread_id, since)]
        there = {said.message_id for said, _ in found}
        # We noted some of our posts later than they were made: those from before ``since`` are not looked for. And
        # listings lag behind: only what can't be fetched either is gone.
        gone = [
            each
            for each in known - there
            if each is not None
            and posted_at(each) > since
            and await self._floor.look_up(story.thread_id, each) is None
        ]
        if gone:
            await self._quotes.deleted(frozenset(gone) - await self._store.perhaps_replaced(gone))
        for index, (said, emoji) in enumerate(found):
            await self._quotes.missed(details, said, last=index == len(found) - 1)
            if said.edited_at is not None:
                await self._quotes.edited(said)
            await self._reactions.recount(story, said.message_id, said.thread_id, emoji)
        place = self._newsroom.place_of(story, story.message_id)
        if story.message_id not in there or place != story.thread_id:
            emoji = await self._floor.reacted_with(place, story.message_id)
            await self._reactions.recount(story, story.message_id, place, emoji)
