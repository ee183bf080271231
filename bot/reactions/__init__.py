"""Reactions to posts in news threads: counted as Discord tells of them, kept to the policy, asked about, recommended.

The service behind ``cogs/reactions.py``; also what the opening post says of its discussion. Draws nothing and words
nothing.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from bot.emoji import emoji_key
from bot.errors import Declined
from bot.model import Reacted, Tally
from bot.reactions.questions import Period, Questions, ReactedPost

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    from bot.clock import Clock
    from bot.model import Discussion, Story
    from bot.newsroom import Floor
    from bot.settings.keys import ReactionsKeys
    from bot.store import Store

__all__ = ["BY_BUTTON", "Period", "Pressed", "ReactedPost", "Reactions"]

BY_BUTTON = 2  # the kind of a reaction given by one of our buttons
_CLICKS = 1000  # remembered, to know one that is delivered twice


@dataclass(frozen=True, slots=True)
class Pressed:
    """What pressing a button of the opening post did."""

    emoji: str
    given: bool  # otherwise taken back


class Reactions(Questions):
    """Reactions of members; those of bots do not count.

    Discord's events come never, once or twice; what is done here may be repeated. What concerns one message is done
    in the order in which it was told, so that a reaction taken back at once does not stay.
    """

    def __init__(
        self,
        store: Store,
        floor: Floor,
        keys: ReactionsKeys,
        channels: Iterable[int],
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        super().__init__(store, floor, keys, clock)
        self._channels = frozenset(channels)  # those that feeds are mirrored to
        self._wake = wake
        named = frozenset(self._known)
        self._allowed = named if keys.policy == "named_only" else None
        self._exclusive = named if keys.policy == "one_each" else frozenset[str]()
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._clicks: OrderedDict[int, Pressed] = OrderedDict()

    # --- what Discord tells ----------------------------------------------------------------------------------

    async def added(self, channel_id: int, parent_id: int | None, reacted: Reacted, *, by_bot: bool) -> None:
        """A reaction was added to a message in a channel or thread.

        ``parent_id`` is the thread's channel, None where that is not known, and ``channel_id`` itself for a channel.
        """
        if by_bot or not self._concerned(channel_id, parent_id):
            return
        async with self._turn(reacted.message_id):
            story = await self._story(channel_id, reacted.message_id)
            if story is None:
                return
            reacted = _in_one_form(reacted)
            counted = await self._store.react(
                story.id,
                reacted,
                self._clock.now(),
                self._exclusive,
                self._allowed,
                self._keys.line_interval,
            )
            if counted and reacted.emoji in self._positive:
                await self._recommend_if_loved(reacted.message_id)
        self._wake()

    async def removed(self, channel_id: int, parent_id: int | None, reacted: Reacted) -> None:
        """A reaction was taken off, by whoever gave it or by a moderator."""
        if not self._concerned(channel_id, parent_id):
            return
        async with self._turn(reacted.message_id):
            changed = await self._store.unreact(
                _in_one_form(reacted), self._clock.now(), self._keys.line_interval
            )
        if changed:
            self._wake()

    async def cleared(
        self, channel_id: int, parent_id: int | None, message_id: int, emoji: str | None = None
    ) -> None:
        """All reactions to a message were taken off, or with ``emoji`` all of that one."""
        if not self._concerned(channel_id, parent_id):
            return
        async with self._turn(message_id):
            changed = await self._store.clear_reactions(
                message_id, emoji and emoji_key(emoji), self._clock.now(), self._keys.line_interval
            )
        if changed:
            self._wake()

    async def recount(self, story: Story, message_id: int, channel_id: int, emojis: Iterable[str]) -> None:
        """Ask Discord who reacted to a message, which showed ``emojis`` lately, and make the counts exactly that.

        Events of the message that come meanwhile wait, so that an older answer does not undo a newer event.

        Raises:
            Later, Refused: Discord could not be asked; nothing was changed.
        """
        async with self._turn(message_id):
            asked = {emoji_key(emoji): emoji for emoji in emojis}
            for stored in await self._store.reactions_of(message_id):
                if stored.kind != BY_BUTTON:
                    asked.setdefault(stored.emoji, stored.emoji)  # it may have come since
            found: list[Reacted] = []
            for emoji in asked.values():
                found += await self._floor.who_reacted(channel_id, message_id, emoji)
            changed = await self._store.recount(
                story.id,
                message_id,
                [_in_one_form(reacted) for reacted in found],
                self._clock.now(),
                self._exclusive,
                self._allowed,
                self._keys.line_interval,
            )
            await self._recommend_if_loved(message_id)
        if changed or found:
            self._wake()

    async def press(
        self, token: str, emoji: str, member_id: int, click_id: int, *, visible: Container[int]
    ) -> Pressed:
        """A member, who sees the channels ``visible``, pressed a reaction's button on an opening post: given, or taken back.

        A click that is delivered twice is the same click: it changes nothing more and gets the same answer.

        Raises:
            Declined: the reaction or the story is no more, or the member gave it with Discord's own reaction.
        """
        details = await self._store.story_by_token(token)
        message_id = details.story.message_id if details else None
        if details is None or message_id is None or details.story.channel_id not in visible:
            raise Declined("Nothing is stored about this post any more.")
        async with self._turn(message_id):
            pressed = self._clicks.get(click_id)
            if pressed is None:
                pressed = await self._toggle(
                    details.story.id, Reacted(message_id, member_id, emoji, BY_BUTTON)
                )
                self._clicks[click_id] = pressed
                if len(self._clicks) > _CLICKS:
                    self._clicks.popitem(last=False)
        self._wake()
        return pressed

    async def _toggle(self, story_id: int, reacted: Reacted) -> Pressed:
        reaction = self._known.get(reacted.emoji)
        if reaction is None:
            raise Declined("This reaction is not offered any more.")
        own = {
            one.kind
            for one in await self._store.reactions_of(reacted.message_id)
            if (one.member_id, one.emoji) == (reacted.member_id, reacted.emoji)
        }
        now, pause = self._clock.now(), self._keys.line_interval
        if BY_BUTTON in own:
            await self._store.unreact(reacted, now, pause)
        elif own:
            raise Declined(
                "You gave {reaction} already, with Discord's own reaction below the post: take it back there.",
                reaction=reaction.name,
            )
        else:
            await self._store.react(story_id, reacted, now, self._exclusive, self._allowed, pause)
        return Pressed(reacted.emoji, given=BY_BUTTON not in own)

    # --- what the opening post shows -------------------------------------------------------------------------

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """Emoji and name of each named reaction, in the configured order."""
        return tuple((reaction.emoji, reaction.name) for reaction in self._keys.reactions)

    async def buttons(self, story: Story) -> tuple[tuple[str, str], ...]:
        """What the opening post offers as buttons: emoji, and name with the opening post's count; nothing if off."""
        if not self._keys.buttons:
            return ()
        tally = Tally() if story.message_id is None else await self._tally(message_id=story.message_id)
        counts = dict(tally.counts)
        return tuple(
            (emoji, f"{name} {counts[emoji]}" if emoji in counts else name) for emoji, name in self.named
        )

    async def discussion(self, story: Story) -> Discussion:
        """The counts for the opening post's line, of what the configuration names, and the recommended posts."""
        return await self._store.discussion(
            story.id, self._keys.line, self._keys.self_reactions, tuple(self._known)
        )

    # --- recommended posts -----------------------------------------------------------------------------------

    async def recommend(self, message_id: int, by: int) -> bool:
        """A moderator, who was seen to be one, recommends a post. Whether that is new.

        Raises:
            Declined: it is the opening post, or none that we know.
        """
        await self._recommendable(message_id)
        told = await self._store.recommend(message_id, by, self._clock.now())
        self._wake()
        return told

    async def unrecommend(self, message_id: int) -> bool:
        """A moderator takes a recommendation back, their own, another's or the members'. Whether there was one.

        Reactions will not recommend the post again.

        Raises:
            Declined: as for ``recommend``.
        """
        await self._recommendable(message_id)
        told = await self._store.unrecommend(message_id, self._clock.now())
        self._wake()
        return told

    async def _recommendable(self, message_id: int) -> None:
        if await self._store.story_by_message(message_id) is not None:
            raise Declined("The opening post needs no recommendation: everybody sees it first.")
        if await self._store.post(message_id) is None:
            raise Declined("That is no post in a news thread.")

    async def _recommend_if_loved(self, message_id: int) -> None:
        """The members recommend what enough of them, its author left out, reacted to with something positive."""
        enough = self._keys.recommend_at
        found = await self._store.post(message_id) if enough else None
        # An opening post has no row, and what was posted for a member may not be known to be theirs yet.
        if found is None or found.post.author_id is None or found.post.recommended_by is not None:
            return
        given = await self._store.reactions_of(message_id)
        fond = {one.member_id for one in given if one.emoji in self._positive} - {found.post.author_id}
        if len(fond) >= enough:
            await self._store.recommend(message_id, 0, self._clock.now())

    # --- parts -----------------------------------------------------------------------------------------------

    def _concerned(self, channel_id: int, parent_id: int | None) -> bool:
        """Whether it may be about a news thread or an opening post: other channels must cost nothing."""
        return parent_id is None or parent_id in self._channels

    async def _story(self, channel_id: int, message_id: int) -> Story | None:
        if channel_id in self._channels:
            details = await self._store.story_by_message(message_id)
        else:
            details = await self._store.story_by_thread(channel_id)
        return details.story if details else None

    def _turn(self, message_id: int) -> asyncio.Lock:
        """What concerns a message is done one after the other; its lock lasts while somebody holds or awaits it."""
        return self._turns.setdefault(message_id, asyncio.Lock())


def _in_one_form(reacted: Reacted) -> Reacted:
    return replace(reacted, emoji=emoji_key(reacted.emoji))
