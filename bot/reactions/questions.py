"""What members ask about reactions: of a post, in a thread, of a member, the most loved, and who gave them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from bot.errors import Declined
from bot.model import Sentiment, Tally

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.clock import Clock
    from bot.model import Ranked, Story, StoryDetails
    from bot.newsroom import Floor
    from bot.settings.keys import ReactionsKeys
    from bot.store import Store

_TOP = 10
_TOP_LOOKED_AT = 100  # of which those are shown that the member may see


class Period(StrEnum):
    """What a list of the most loved looks back on."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ALL = "all"


_DAYS = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 30, Period.YEAR: 365}


@dataclass(frozen=True, slots=True)
class ReactedPost:
    """A post and how it was received. ``by`` is who recommended it: a moderator's id, or 0 for the members."""

    story: Story
    message_id: int
    tally: Tally
    by: int | None = None


class Questions:
    """The part of ``Reactions`` that only reads."""

    def __init__(self, store: Store, floor: Floor, keys: ReactionsKeys, clock: Clock) -> None:
        self._store = store
        self._floor = floor
        self._keys = keys
        self._clock = clock
        self._known = {reaction.emoji: reaction for reaction in keys.reactions}
        self._positive = frozenset(
            key for key, reaction in self._known.items() if reaction.sentiment is Sentiment.POSITIVE
        )

    def sentiment(self, emoji: str) -> Sentiment:
        """What a reaction expresses; neutral where it has no name."""
        reaction = self._known.get(emoji)
        return reaction.sentiment if reaction else Sentiment.NEUTRAL

    def name(self, emoji: str) -> str | None:
        """What a reaction is called, None where it has no name."""
        reaction = self._known.get(emoji)
        return reaction.name if reaction else None

    async def post(self, message_id: int, channel_id: int | None = None) -> ReactedPost:
        """A post in a news thread, and how it was received. ``channel_id`` is where a link says that it stands.

        Raises:
            Declined: it is not in a news thread, or was deleted.
            Later, Refused: Discord had to be asked about it and could not be.
        """
        opened = await self._store.story_by_message(message_id)
        if opened is not None:
            return await self._received(opened.story, message_id, None)
        found = await self._store.post(message_id)
        if found is None:
            return await self._unknown(message_id, channel_id)
        if found.post.deleted_at is not None:
            raise Declined("That post was deleted.")
        details = await self._store.story_by_thread(found.post.thread_id)
        if details is None:
            raise Declined("That is no post in a news thread.")
        return await self._received(details.story, message_id, found.post.recommended_by)

    async def _unknown(self, message_id: int, channel_id: int | None) -> ReactedPost:
        """A post that we were never told of, as one written while we were away for long."""
        details = None if channel_id is None else await self._store.story_by_thread(channel_id)
        if details is None or channel_id is None:
            raise Declined("That is no post in a news thread.")
        if await self._floor.look_up(channel_id, message_id) is None:
            raise Declined("That post was deleted.")
        return await self._received(details.story, message_id, None)

    async def _received(self, story: Story, message_id: int, by: int | None) -> ReactedPost:
        return ReactedPost(story, message_id, await self._tally(message_id=message_id), by)

    async def thread(self, thread_id: int) -> tuple[StoryDetails, Tally]:
        """The story that a thread mirrors, and all reactions in it.

        Raises:
            Declined: it is not a news thread.
        """
        details = await self._store.story_by_thread(thread_id)
        if details is None:
            raise Declined("That is no news thread: use this in one, or choose one.")
        return details, await self._tally(story_id=details.story.id)

    async def member(self, member_id: int) -> tuple[Tally, Tally]:
        """What a member gave, and what their posts received."""
        return await self._tally(given_by=member_id), await self._tally(received_by=member_id)

    async def top(
        self, period: Period, of: Literal["posts", "articles"], visible: Collection[int]
    ) -> tuple[Ranked, ...]:
        """The posts or articles that got most positive reactions, at most ten, in the ``visible`` channels only."""
        days = _DAYS.get(period)
        since = self._clock.now() - timedelta(days=days) if days else datetime.min.replace(tzinfo=UTC)
        if of == "articles":
            ranked = await self._store.top_stories(since, self._positive, _TOP_LOOKED_AT)
        else:
            ranked = await self._store.top_posts(
                since, self._positive, _TOP_LOOKED_AT, self_reactions=self._keys.self_reactions
            )
        shown: list[Ranked] = []
        for one in ranked:
            details = await self._store.story_by_thread(one.thread_id)
            if details is not None and details.story.channel_id in visible:
                shown.append(one)
            if len(shown) == _TOP:
                break
        return tuple(shown)

    async def who(self, message_id: int) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """The members who gave each emoji to a message: named ones in the configured order, then the others."""
        members: dict[str, dict[int, None]] = {emoji: {} for emoji in self._known}
        for one in await self._store.reactions_of(message_id):
            members.setdefault(one.emoji, {})[one.member_id] = None
        return tuple((emoji, tuple(given)) for emoji, given in members.items() if given)

    async def _tally(self, **of: int) -> Tally:
        """As the store counts, of equals in the configured order, those without a name last."""
        tally = await self._store.tally(**of, self_reactions=self._keys.self_reactions)
        places = {emoji: place for place, emoji in enumerate(self._known)}
        order = sorted(tally.counts, key=lambda one: (-one[1], places.get(one[0], len(places))))
        return Tally(tuple(order))
