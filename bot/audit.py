"""The audit: holds the store against what stands on Discord, so that what a lost store had done is not done again.

At every start, before anything is posted, each channel of the feeds is looked through for threads and posts of ours
that the store does not know; once a day all are compared both ways. Nothing is posted here: what is found becomes
fact, and the publisher's ordinary look adopts it. docs/delivery.md, "Audit and restored backups".
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import DeliveryError, Later, Refused, StoreError, TokenRefused, Vanished
from bot.model import OwnThread
from bot.text.places import first_id_at, posted_at

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from bot.clock import Clock
    from bot.languages import Say
    from bot.model import Audited
    from bot.newsroom import Inventory, Listed, Newsroom
    from bot.settings.keys import Feed
    from bot.store import Store
    from bot.stories import Stories
    from bot.troubles import Troubles

log = logging.getLogger(__name__)

LOOKED_BACK = timedelta(days=30)  # by the comparison both ways, and where a channel was never looked through
OVERLAP = timedelta(hours=1)  # with what was looked through before: clocks differ, and are set
DAY = 86_400.0  # seconds between comparisons both ways
FIRST_THOROUGH = 3600.0  # seconds after a start within which the first of them begins, where none ever was
IDLE = 30.0
READING = 2.0  # seconds between looks whether the feeds were read, while that decides something
RETRY = 10.0  # seconds between tries of what Discord did not answer
CLOSED_RETRY = 30.0  # a closed channel is seen in the cache: asking costs nothing
FAULT_RETRY = 60.0
# Seconds after a start in which every feed is waited for, whose next poll may know what is strange so far.
PATIENCE = 3600.0
_LINKS_SHOWN = 5
_WAITING = "openings"  # key of the trouble that articles wait because of us


@dataclass(slots=True)
class _Channel:
    """What is known of a channel in this run."""

    feed_id: str  # of one of its feeds, to name it by
    due: float = 0.0  # when it is looked through next, monotonic
    covered: bool = False
    failing: bool = False  # it could not be read, although it is open to us


class Audit:
    """``run`` is the loop; ``wake`` tells it that there may be a session; ``first_pass`` ends when all was tried once."""

    def __init__(
        self,
        store: Store,
        inventory: Inventory,
        newsroom: Newsroom,
        stories: Stories,
        feeds: Collection[Feed],
        troubles: Troubles,
        say: Say,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._inventory = inventory
        self._newsroom = newsroom
        self._stories = stories
        self._targets: Mapping[str, int] = {feed.id: feed.channel_id for feed in feeds}
        self._urls = frozenset(feed.url for feed in feeds)
        self._troubles = troubles
        self._say = say
        self._clock = clock
        self._wake = wake
        self._started = clock.now()
        self._channels = {feed.channel_id: _Channel(feed.id) for feed in feeds}
        self._news = asyncio.Event()
        self._tried = asyncio.Event()
        self._said: dict[str, str] = {}
        self._undecided = False  # whether what is strange can be judged only once the feeds were read
        self._restored = store.was_copy  # so that what was deleted meanwhile is looked for soon, too

    def wake(self) -> None:
        """There may be a session with Discord now."""
        self._news.set()

    def covered(self, channel_id: int) -> bool:
        """Whether all that stood of ours in the channel when we started is known, so that threads may be opened."""
        channel = self._channels.get(channel_id)
        return channel is None or channel.covered

    async def first_pass(self, beat: Callable[[], None] = lambda: None) -> None:
        """Wait until every channel was looked through once, or can't be for now."""
        while not self._tried.is_set():
            beat()
            await self._clock.wait(self._tried, IDLE)

    async def run(self, beat: Callable[[], None] = lambda: None) -> None:
        """
        Raises:
            TokenRefused: Discord no longer accepts the token.
            StoreError: what was found could not be stored; the loop may be started again.
        """
        while True:
            beat()
            self._news.clear()
            if self._inventory.connected:
                await self._turn(beat)
            await self._clock.wait(self._news, self._until_due())

    # --- when ------------------------------------------------------------------------------------------

    def _until_due(self) -> float:
        if not self._inventory.connected:
            return IDLE
        now = self._clock.monotonic()
        longest = READING if self._undecided else IDLE
        return min([longest, *(max(channel.due - now, 0.1) for channel in self._channels.values())])

    async def _turn(self, beat: Callable[[], None]) -> None:
        now = self._clock.monotonic()
        due = {key: channel for key, channel in self._channels.items() if channel.due <= now}
        if due:
            await self._pass(due, beat)
        if not self._tried.is_set():
            self._tried.set()
            log.debug("all channels were looked through for what the store does not know")
        await self._judge()

    async def _pass(self, due: Mapping[int, _Channel], beat: Callable[[], None]) -> None:
        """Look through the channels that are due. What stops one does not stop the others."""
        began = self._clock.now()
        audits = await self._store.audits()
        since = {key: self._since(channel, audits.get(key), began) for key, channel in due.items()}
        try:
            active = await self._inventory.active()
            opened = await self._opened(min(since.values()))
            await self._bury(opened, active)
        except (Later, Refused) as error:
            self._later(due.values(), error, "the list of threads")
            return
        except (TokenRefused, StoreError):
            raise
        except Exception as error:
            # A fault of ours here must not keep all else from being done.
            log.exception("looking for threads that exist already failed")
            self._failed(due.values(), type(error).__name__, FAULT_RETRY)
            return
        for channel_id, channel in due.items():
            beat()
            try:
                await self._look_through(channel_id, channel, active, opened, since[channel_id], began)
            except Refused as error:
                # Whoever wants to post there says so; it may be opened to us at any time.
                log.debug("channel %d can't be looked through: %s", channel_id, error)
                channel.due, channel.failing = self._clock.monotonic() + CLOSED_RETRY, False
            except Later as error:
                self._later([channel], error, f"channel {channel_id}")
            except (TokenRefused, StoreError):
                raise
            except Exception as error:
                # A fault of ours with one channel must not keep the others closed.
                log.exception("looking through channel %d failed", channel_id)
                self._failed([channel], type(error).__name__, FAULT_RETRY)
            else:
                self._covered(channel, audits.get(channel_id), began)
        if not any(channel.failing for channel in self._channels.values()):
            self._troubles.end(_WAITING)

    async def _opened(self, since: datetime) -> dict[int, str]:
        """Of what the audit log tells that we opened: what the store does not know."""
        try:
            opened = await self._inventory.opened(since)
        except Refused as error:
            # As where we lack the permission: the channels tell of what stands there all the same.
            log.warning("the audit log can't be read for threads that were deleted: %s", error)
            return {}
        return {key: opened[key] for key in await self._store.unknown(opened)}

    async def _bury(self, opened: Mapping[int, str], active: Mapping[int, int]) -> None:
        """Threads that the audit log tells of, and that are no more: what they were of stays away."""
        now = self._clock.now()
        gone = []
        for thread_id in opened.keys() - active.keys():
            try:
                if await self._inventory.is_gone(thread_id):
                    gone.append(thread_id)
            except Refused as error:
                log.debug("%s", error)  # it stands where we may not look
        await self._found(
            [OwnThread(each, token=opened[each], created_at=posted_at(each), deleted_at=now) for each in gone]
        )

    async def _found(self, found: Sequence[OwnThread]) -> None:
        in_doubt = await self._store.found(found)
        if in_doubt is None:
            return
        self._restored = True
        log.warning(
            "Discord has threads of ours that the store does not know: it was restored, or made anew. They are taken"
            " over, and %d deliveries that waited are looked for before they are done",
            in_doubt,
        )

    def _since(self, channel: _Channel, audited: Audited | None, began: datetime) -> datetime:
        """From when on what stands in a channel is looked at."""
        longest = began - LOOKED_BACK
        if audited is None:
            return longest - OVERLAP
        return (min(audited.until, longest) if channel.covered else audited.until) - OVERLAP

    def _covered(self, channel: _Channel, audited: Audited | None, began: datetime) -> None:
        thorough, channel.covered, channel.failing = channel.covered, True, False
        if thorough:
            seconds = self._clock.jitter(DAY)
        elif self._restored:
            seconds = 0.0
        elif audited is None or audited.thorough_at is None:
            seconds = self._clock.spread(FIRST_THOROUGH)
        else:
            seconds = self._clock.jitter(DAY) - (began - audited.thorough_at).total_seconds()
        channel.due = self._clock.monotonic() + max(seconds, 0.0)
        if not thorough:
            self._wake()

    def _later(self, channels: Collection[_Channel], error: DeliveryError, what: str) -> None:
        told = not all(channel.covered for channel in channels)  # as a trouble
        if not told and self._said.get(what) != str(error):  # once, not at every try
            self._said[what] = str(error)
            log.warning("looking for threads that exist already: %s: %s; it is tried again", what, error)
        self._failed(channels, str(error), getattr(error, "retry_after", None) or RETRY)

    def _failed(self, channels: Collection[_Channel], why: str, pause: float) -> None:
        for channel in channels:
            channel.due = self._clock.monotonic() + pause
            channel.failing = not channel.covered
        waiting = ", ".join(channel.feed_id for channel in channels if channel.failing)
        if waiting:
            self._troubles.begin(
                _WAITING,
                f"New articles wait ({waiting}): their channels can't be looked through for threads that exist already"
                f" ({why}); it is tried again",
            )

    # --- one channel -----------------------------------------------------------------------------------

    async def _look_through(
        self,
        channel_id: int,
        channel: _Channel,
        active: Mapping[int, int],
        opened: Mapping[int, str],
        since: datetime,
        began: datetime,
    ) -> None:
        """Store what stands there unknown; on a comparison both ways, too, which stories stand there no more."""
        thorough = channel.covered
        is_forum = self._newsroom.is_forum(channel_id, channel.feed_id)
        listed = await self._inventory.listed(channel_id, active, since, threads=thorough)
        ids = listed.threads if is_forum else frozenset(listed.posts)
        # In a text channel a thread outlives its opening post, which alone has it stand for an article.
        orphans = set() if is_forum else {key for key in opened if active.get(key) == channel_id} - ids
        found = [
            one
            for post_id in sorted(await self._store.unknown(ids | orphans))
            if (one := await self._unknown(post_id, channel_id, listed, opened)) is not None
        ]
        await self._found(found)
        if found:
            log.info(
                "threads and posts of ours in channel %d that were not known: %d", channel_id, len(found)
            )
        if thorough:
            await self._compare(channel_id, listed, since, is_forum=is_forum)
        await self._thin_out(channel_id)
        await self._store.compared(channel_id, began, thorough=thorough)

    async def _unknown(
        self, post_id: int, channel_id: int, listed: Listed, opened: Mapping[int, str]
    ) -> OwnThread | None:
        """What an unknown post is; None for one of which nobody can tell."""
        token, deleted_at = listed.posts.get(post_id), None
        if token is None:
            try:
                token = await self._inventory.token_of(post_id, channel_id)
            except Vanished:
                # Its thread stands without it: only the audit log knows of which article it was.
                token, deleted_at = opened.get(post_id), self._clock.now()
        if token is None:
            return None
        guild_id = self._inventory.guild_id
        return OwnThread(post_id, guild_id, channel_id, token, posted_at(post_id), deleted_at)

    async def _compare(self, channel_id: int, listed: Listed, since: datetime, *, is_forum: bool) -> None:
        """Stories that no listing shows: listings lag behind, so that only what can't be fetched either is gone."""
        standing = listed.threads if is_forum else listed.threads & frozenset(listed.posts)
        for story in await self._store.standing(channel_id, first_id_at(since + OVERLAP)):
            thread_id = story.thread_id
            if thread_id is None or thread_id in standing or not await self._inventory.is_gone(thread_id):
                continue
            log.info("the thread of story %d was deleted while nobody told us", story.id)
            await self._stories.vanished(thread_id, channel_id)

    async def _thin_out(self, channel_id: int) -> None:
        """Of what stands there twice the younger goes; where somebody wrote in it, people have to say which."""
        for story, extras in await self._store.copies(channel_id):
            younger = [extra for extra in extras if extra > (story.thread_id or 0)]
            try:
                stay = await self._newsroom.delete_extras(story, younger)
            except Refused as error:
                log.warning("a copy of the thread of story %d can't be deleted: %s", story.id, error)
                continue
            for extra in extras:
                if extra in younger and extra not in stay:
                    await self._stories.vanished(extra, channel_id)
                    continue
                text = self._say(
                    "{copy} repeats {thread}: please close one of the two.",
                    copy=f"<#{extra}>",
                    thread=f"<#{story.thread_id}>",
                )
                await self._store.tell(story.id, text, self._clock.now(), once=f"copy:{extra}")

    # --- what stays strange ----------------------------------------------------------------------------

    async def _judge(self) -> None:
        """Adopt what articles explain, and tell of the rest once the feeds were read: a thread that is unknown may be
        of an article that they still bring."""
        since = self._clock.now() - LOOKED_BACK
        strange = await self._store.unexplained(self._channels, since)
        if strange and await self._store.adopt(self._targets):
            self._wake()
            strange = await self._store.unexplained(self._channels, since)
        self._undecided = bool(strange) and not await self._feeds_were_read()
        if not strange:
            self._troubles.end("audit")
        elif not self._undecided:
            await self._tell(strange)

    async def _feeds_were_read(self) -> bool:
        now = self._clock.now()
        if (now - self._started).total_seconds() > PATIENCE:
            return True
        states = await self._store.poll_states(self._urls)
        return all(
            state.polled_at is not None and state.polled_at >= self._started for state in states.values()
        )

    async def _tell(self, strange: Sequence[OwnThread]) -> None:
        ids = [one.thread_id for one in strange]
        guild_id, newest = self._inventory.guild_id, ids[: -_LINKS_SHOWN - 1 : -1]
        links = ", ".join(f"https://discord.com/channels/{guild_id}/{each}" for each in newest)
        more = ", …" if len(ids) > len(newest) else ""
        self._troubles.begin(
            "audit",
            "in the feeds' channels there are threads that this bot opened, but not for an article that the store"
            f" knows, as by another installation with the same token, or with a store that is lost: {links}{more}."
            " They stay as they are",
        )
        text = self._say(
            "Threads that this bot opened, but not for an article that it knows, as with another installation with"
            " the same token, or before its store was lost: {threads}. They stay as they are.",
            threads=", ".join(f"<#{each}>" for each in newest) + more,
        )
        if await self._store.tell(None, text, self._clock.now(), once=f"unexplained:{ids[-1]}"):
            self._wake()
