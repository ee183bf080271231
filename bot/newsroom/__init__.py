"""Discord as we need it: open a thread, post, revise, and find what was done, over discord.py.

Every method that changes something raises the outcomes of ``bot.errors``: ``Refused`` and ``Later`` mean that
nothing was done, ``Doubtful`` that it may have been. Nothing here stores, or decides about trying again.
"""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypeVar, cast

import aiohttp
import discord

from bot import permissions
from bot.errors import CannotCarry, Later, Refused, Vanished, WebhookGone
from bot.model import Receipt
from bot.newsroom import search
from bot.newsroom.audit import AuditedDeletion
from bot.newsroom.authority import Authority, Standing
from bot.newsroom.carry import MAX_TOTAL, Carried
from bot.newsroom.desk import Desk, awake
from bot.newsroom.floor import Floor
from bot.newsroom.inventory import Inventory, Listed
from bot.newsroom.office import Office
from bot.newsroom.outcomes import Repeatable, delivering, looking
from bot.newsroom.rights import Rights
from bot.newsroom.room import Room
from bot.newsroom.search import SLACK, Deleted, Finding, Found, NotThere
from bot.newsroom.tempo import Tempo
from bot.newsroom.views import Buttons, marker_of, mentions, note_view, opening_view
from bot.text.draft import fallback_thread_name

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
    from datetime import datetime

    from bot.clock import Clock
    from bot.model import Article, Draft, Job, Story
    from bot.settings.keys import Feed
    from bot.troubles import Troubles

__all__ = [
    "MAX_TOTAL",
    "SLACK",
    "AuditedDeletion",
    "Authority",
    "CannotCarry",
    "Carried",
    "Deleted",
    "Desk",
    "Finding",
    "Floor",
    "Found",
    "Inventory",
    "Listed",
    "Newsroom",
    "NotThere",
    "Office",
    "Rights",
    "Standing",
    "WebhookGone",
]

log = logging.getLogger(__name__)

_T = TypeVar("_T")
Place = discord.ForumChannel | discord.TextChannel
_MINUTES: dict[str, Literal[60, 1440, 4320, 10080]] = {"1h": 60, "1d": 1440, "3d": 4320, "7d": 10080}
_TAGS_PER_POST = 5
_SECOND = "Newsthread: a second copy"


class Newsroom:
    """Mirrored articles on Discord: opens their threads and keeps them true."""

    def __init__(self, desk: Desk, clock: Clock, troubles: Troubles) -> None:
        self._desk = desk
        self._clock = clock
        self._room = Room(desk, clock, troubles)
        self._tempo = Tempo(clock)

    @property
    def guild_id(self) -> int:
        return self._desk.guild_id

    # --- where ---------------------------------------------------------------------------------------

    def is_forum(self, channel_id: int, feed_id: str) -> bool:
        """Whether posts of this channel are forum posts, as the channel really is.

        Raises:
            Later: not connected yet.
            Refused: the channel is missing, of the wrong kind, or closed to the bot (channel-wide).
        """
        return isinstance(self._place(channel_id, feed_id), discord.ForumChannel)

    def place_of(self, story: Story, message_id: int) -> int:
        """The channel or thread in which a post of the story stands: the opening one of a text channel is outside.

        Raises:
            Later, Refused: see ``Desk.guild``.
        """
        channel = self._desk.guild().get_channel(story.channel_id)
        outside = message_id == story.message_id and isinstance(channel, discord.TextChannel)
        return story.channel_id if outside else cast(int, story.thread_id)

    def _place(self, channel_id: int, feed_id: str) -> Place:
        guild = self._desk.guild()
        channel = guild.get_channel(channel_id)
        cure = f"correct channel_id of feed {feed_id!r} in feeds.toml"
        if channel is None:
            raise Refused(
                f"channel {channel_id} does not exist in {guild.name}, or the bot can't see it:"
                f" {cure}, or give the bot View Channel",
                channel_wide=True,
            )
        if not isinstance(channel, discord.ForumChannel | discord.TextChannel):
            raise Refused(
                f"channel #{channel.name} is a {str(channel.type).replace('_', ' ')} channel, which holds no"
                f" news threads: {cure} to a forum or text channel",
                channel_wide=True,
            )
        missing = missing_permissions(channel, guild.me)
        if missing:
            raise Refused(
                f"in channel #{channel.name} the bot lacks {', '.join(missing)}: give its role that permission there",
                channel_wide=True,
            )
        return channel

    # --- deeds ---------------------------------------------------------------------------------------

    async def open_forum_post(
        self, job: Job, draft: Draft, feed: Feed, deadline: datetime, buttons: Buttons = ()
    ) -> Receipt:
        """One call makes the thread and its opening post. Discord has no idempotency for it: sent once."""
        forum = cast(discord.ForumChannel, self._place(job.story.channel_id, feed.id))
        tags = _tags(forum, feed, job.article)

        async def create(name: str, variant: Draft, shown: Buttons) -> Receipt:
            made = await forum.create_thread(
                name=name,
                view=opening_view(variant, feed, job.token, shown),
                applied_tags=tags,
                auto_archive_duration=_MINUTES[feed.auto_archive],
                slowmode_delay=_slow_mode(feed, forum.default_thread_slowmode_delay),
                allowed_mentions=mentions(feed),
                reason=f"Newsthread {job.token}",
            )
            return Receipt(message_id=made.message.id, thread_id=made.thread.id)

        async with self._opening(forum, deadline, "once"):
            return await self._first_accepted(draft, create, buttons)

    async def post_opening(
        self, job: Job, draft: Draft, feed: Feed, deadline: datetime, buttons: Buttons = ()
    ) -> int:
        """The opening post of a thread-to-be in a text channel; its message id. The nonce is the token."""
        channel = cast(discord.TextChannel, self._place(job.story.channel_id, feed.id))

        async def send(_name: str, variant: Draft, shown: Buttons) -> int:
            message = await channel.send(
                view=opening_view(variant, feed, job.token, shown),
                nonce=job.token,
                allowed_mentions=mentions(feed),
            )
            return message.id

        self._tempo.keep(channel)
        async with delivering(self._clock, deadline, "nonce", f"channel #{channel.name}"):
            return await self._first_accepted(draft, send, buttons)

    async def start_thread(
        self, story: Story, message_id: int, draft: Draft, feed: Feed, deadline: datetime
    ) -> Receipt:
        """The thread of an opening post in a text channel. Its id is the message's, so it can't be made twice."""
        channel = cast(discord.TextChannel, self._place(story.channel_id, feed.id))
        message = channel.get_partial_message(message_id)

        async def start(name: str, _variant: Draft, _shown: Buttons) -> None:
            try:
                await message.create_thread(
                    name=name,
                    auto_archive_duration=_MINUTES[feed.auto_archive],
                    slowmode_delay=_slow_mode(feed, channel.default_thread_slowmode_delay),
                    reason=f"Newsthread {story.token}",
                )
            except discord.HTTPException as error:
                if error.code != 160004:  # a thread has already been created for this message
                    raise

        async with self._opening(channel, deadline, "freely", target=True):
            await self._first_accepted(draft, start)
        return Receipt(message_id=message_id, thread_id=message_id)

    async def revise(
        self, story: Story, draft: Draft, feed: Feed, deadline: datetime, buttons: Buttons = ()
    ) -> None:
        """Bring the opening post up to date; absolute values, repeatable freely."""
        place = self._place(story.channel_id, feed.id)
        where = f"thread {story.thread_id} in #{place.name}"
        async with delivering(self._clock, deadline, "freely", where, target=True):
            thread = await self._desk.thread(cast(int, story.thread_id))
            parent = thread if isinstance(place, discord.ForumChannel) else place
            message = parent.get_partial_message(cast(int, story.message_id))

            async def edit(_name: str, variant: Draft, shown: Buttons) -> None:
                view = opening_view(variant, feed, story.token, shown)
                await message.edit(view=view, allowed_mentions=mentions(feed))

            async with awake(thread):
                await self._first_accepted(draft, edit, buttons)

    async def note(self, story: Story, markdown: str, token: str, deadline: datetime) -> int:
        """A short post in the story's thread; its message id. The nonce is the token."""
        where = f"thread {story.thread_id}"
        async with delivering(self._clock, deadline, "nonce", where, target=True):
            thread = await self._desk.thread(cast(int, story.thread_id))
            message = await thread.send(view=note_view(markdown, token), nonce=token)
            return message.id

    async def rename(self, story: Story, old: str, new: str, deadline: datetime) -> None:
        """Give the story's thread the name ``new`` where it still bears ``old``: a moderator's name for it stays.

        Discord allows two renames in ten minutes; the third waits.
        """
        async with delivering(self._clock, deadline, "freely", f"thread {story.thread_id}", target=True):
            thread = await self._desk.thread(cast(int, story.thread_id))
            if thread.name != old:
                return
            try:
                await thread.edit(name=new, reason="Newsthread: the headline changed")
            except discord.HTTPException as error:
                if not _form_refused(error):
                    raise
                log.warning("thread %s keeps its name: Discord refused %r", thread.id, new)

    async def delete_extras(self, story: Story, extras: Iterable[int]) -> tuple[int, ...]:
        """Take back further copies of a post that nobody has answered; those with answers stay, and are returned."""
        place = self._place(story.channel_id, story.feed_id)
        kept = []
        for extra in extras:
            async with delivering(
                self._clock, self._clock.now() + timedelta(minutes=1), "freely", f"post {extra}"
            ):
                with suppress(discord.NotFound):
                    if not await self._delete_unanswered(place, extra):
                        log.error(
                            "thread %s repeats story %s and has answers: please merge by hand",
                            extra,
                            story.id,
                        )
                        kept.append(extra)
        return tuple(kept)

    async def _delete_unanswered(self, place: Place, extra: int) -> bool:
        """The copy, and the thread below it; False where somebody wrote there."""
        thread = None
        try:
            thread = await self._desk.thread(extra)
        except discord.NotFound:
            if isinstance(place, discord.ForumChannel):
                raise
        if thread is not None:
            if thread.message_count > 0:
                return False
            await thread.delete(reason=_SECOND)
        if not isinstance(place, discord.ForumChannel):
            await self._desk.client().http.delete_message(place.id, extra, reason=_SECOND)
        return True

    # --- looking ---------------------------------------------------------------------------------------

    async def find_opening(self, story: Story, token: str, since: datetime) -> Finding:
        """What became of an opening post begun at ``since``.

        Raises:
            Later: the search could not be completed, so that it proves nothing.
            Refused: the channel is missing or closed (channel-wide).
        """
        place = self._place(story.channel_id, story.feed_id)
        try:
            if isinstance(place, discord.ForumChannel):
                return await search.forum_post(place, token, since)
            return await search.channel_post(place, place.guild.me.id, token, since)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            raise Later(f"could not look through #{place.name} for a post that may exist: {error}") from error

    async def find_known(self, story: Story, token: str, post_id: int) -> Finding:
        """What has become of the opening post that is known to have been this thread's, or this message.

        Raises:
            Later: it could not be read.
            Refused: the channel is missing or closed (channel-wide).
        """
        place = self._place(story.channel_id, story.feed_id)
        forum = isinstance(place, discord.ForumChannel)
        try:
            async with looking(f"post {post_id} in #{place.name}"):
                channel = self._desk.channel(post_id if forum else place.id)
                message = await channel.fetch_message(post_id)
        except Vanished:
            return Deleted()
        if marker_of(message) != token:
            return NotThere()
        return Found(post_id, post_id if forum or message.thread else None)

    async def find_note(self, story: Story, token: str, since: datetime) -> Finding:
        """What became of a note in the story's thread; ``Deleted`` when the whole thread is gone.

        Raises:
            Later: the search could not be completed.
        """
        try:
            thread = await self._desk.thread(cast(int, story.thread_id))
            return await search.channel_post(thread, thread.guild.me.id, token, since)
        except discord.NotFound:
            return Deleted()
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            raise Later(f"could not look through thread {story.thread_id} for a note: {error}") from error

    # --- parts -----------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _opening(
        self, place: Place, deadline: datetime, repeatable: Repeatable, *, target: bool = False
    ) -> AsyncIterator[None]:
        """Inside a thread is opened: there is room for it, and Discord's pace is kept."""
        self._tempo.keep(place)
        await self._room.make(deadline)
        where = f"channel #{place.name}"
        async with delivering(self._clock, deadline, repeatable, where, target=target), self._room.taken():
            with self._tempo.opening(place):
                yield

    async def _first_accepted(
        self, draft: Draft, act: Callable[[str, Draft, Buttons], Awaitable[_T]], buttons: Buttons = ()
    ) -> _T:
        """Do it with the first variant whose form Discord takes; a refused form made nothing."""
        refusal: discord.HTTPException | None = None
        for name, variant in _variants(draft, self._clock.now()):
            for shown in (buttons, ()) if buttons else ((),):
                try:
                    return await act(name, variant, shown)
                except discord.HTTPException as error:
                    if not _form_refused(error):
                        raise
                    refusal = error
        assert refusal is not None
        raise refusal


def missing_permissions(channel: Place, me: discord.Member) -> list[str]:
    """What the bot lacks to open threads in ``channel``, in the words of Discord's own settings page."""
    forum = isinstance(channel, discord.ForumChannel)
    needed = permissions.OPENING_IN_FORUMS if forum else permissions.OPENING_IN_TEXT
    return list(permissions.missing(needed, channel.permissions_for(me), forum=forum))


def missing_tags(forum: discord.ForumChannel, feed: Feed) -> list[str]:
    """Those of the feed's own tags that the forum does not have."""
    there = {tag.name.casefold() for tag in forum.available_tags}
    return [name for name in feed.tags if name.casefold() not in there]


def _tags(forum: discord.ForumChannel, feed: Feed, article: Article) -> list[discord.ForumTag]:
    """The feed's own tags first, then the article's categories that the forum has a tag for; at most five."""
    by_name = {tag.name.casefold(): tag for tag in forum.available_tags}
    wanted = [*feed.tags, *(article.categories if feed.category_tags else ())]
    tags = list(dict.fromkeys(by_name[name.casefold()] for name in wanted if name.casefold() in by_name))
    if not tags and forum.flags.require_tag:
        names = ", ".join(tag.name for tag in forum.available_tags) or "none yet"
        raise Refused(
            f"channel #{forum.name} requires a tag on every post: set tags of feed {feed.id!r} in feeds.toml"
            f" to one of its tags ({names})",
            channel_wide=True,
        )
    return tags[:_TAGS_PER_POST]


def _variants(draft: Draft, now: datetime) -> Iterable[tuple[str, Draft]]:
    """The draft, then what is tried when Discord refuses the form: without pictures, then under a plain name.

    Pictures are refused for their address, names in Discovery servers for their words. (Buttons are refused for
    an emoji that the guild no longer has.)
    """
    yield draft.thread_name, draft
    bare = draft.without_images()
    if bare != draft:
        yield draft.thread_name, bare
    yield fallback_thread_name(now), bare


def _form_refused(error: discord.HTTPException) -> bool:
    return error.status == 400 and error.code in {50035, 20031, 200000, 240000}


def _slow_mode(feed: Feed, default: int) -> int:
    return default if feed.slow_mode is None else int(feed.slow_mode.total_seconds())
