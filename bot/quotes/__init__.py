"""Quotes in news threads: replies that become quotes, quotes typed into a form, baskets of several, and their truth.

Values in, facts out: what Discord tells becomes facts and jobs of the store, members' wishes (``wishes``) are granted
or declined with a sentence. Events may come never, once or twice and in any order, so that everything here may be
repeated.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.errors import Declined
from bot.model import Contribution, QuoteMode
from bot.quotes.sources import Source
from bot.quotes.wishes import MAX_TYPED, Member, Wishes, least
from bot.text.quoting import is_passage_of, own_words, paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.clock import Clock
    from bot.languages import Say
    from bot.model import Said, StoryDetails
    from bot.newsroom import Floor
    from bot.settings.keys import Feed, QuotesKeys
    from bot.store import Store

__all__ = ["MAX_TYPED", "Member", "Quotes", "Source"]


class Quotes(Wishes):
    """The service behind ``cogs/quotes.py`` and ``cogs/posts.py``."""

    def __init__(
        self,
        store: Store,
        floor: Floor,
        feeds: Mapping[str, Feed],
        keys: QuotesKeys,
        say: Say,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        super().__init__(store, floor, feeds, keys, say, clock, wake)
        self._channels = frozenset(feed.channel_id for feed in feeds.values())
        self._following = asyncio.Lock()  # what was read first is stored first

    def concerns(self, parent_id: int | None) -> bool:
        """Whether threads below this channel may be news threads: what others say costs nothing."""
        return parent_id in self._channels

    async def posted(self, said: Said, source: Said | None = None) -> None:
        """A message was posted in a thread; ``source`` is what it replies to, where that is known already."""
        story = await self._store.story_by_thread(said.thread_id)
        if story is None or said.message_id == said.thread_id:
            return
        if not (said.ours or said.bot or said.webhook_id) and said.reply_to is not None:
            await self._replied(story, said, source)
        await self._posts.saw(story, said)

    async def missed(self, story: StoryDetails, said: Said, *, last: bool) -> None:
        """A message found when looking through a thread, posted while we were away or even so not seen.

        A reply becomes a quote as if it were new, if it is not too old; but it is replaced only where it is the
        thread's last word, since what is posted anew stands at the end.
        """
        if said.message_id == said.thread_id or await self._store.post(said.message_id) is not None:
            return
        recent = self._clock.now() - said.at <= self._keys.catch_up
        by_member = not (said.ours or said.bot or said.webhook_id)
        replied = recent and by_member and said.reply_to is not None
        # A store that was restored does not know what was made of the replies of the time that it lost.
        if replied and not await self._store.was_absent(said.at):
            said = await self._floor.as_member(said)
            await self._replied(story, said, None, at_most=None if last else QuoteMode.COMPANION)
        await self._posts.saw(story, said)

    async def edited(self, said: Said) -> None:
        """A message reads as ``said`` now: what quotes it follows, while it is young enough."""
        if said.ours or self._clock.now() - said.at > self._keys.follow_edits:
            return
        async with self._following:
            opened = await self._store.story_by_message(said.message_id)
            if opened is not None:
                await self._follow_article(said.message_id, paragraphs(opened.article))
                return
            words = own_words(said, None, self._say)
            if await self._changes(said.message_id, words):
                # Edits are told of in any order: what counts is how the post reads now.
                now = await self._floor.look_up(said.thread_id, said.message_id)
                words = own_words(now, None, self._say) if now is not None else ""
            await self._follow(said.message_id, words)

    async def deleted(self, message_ids: Iterable[int]) -> None:
        """Messages are gone, whoever took them away: every quote of them loses its words."""
        if await self._store.lost(tuple(message_ids), self._clock.now()):
            self._wake()

    async def _replied(
        self, story: StoryDetails, said: Said, source: Said | None, at_most: QuoteMode | None = None
    ) -> None:
        mode = least(await self.mode(said.author_id, story), at_most or QuoteMode.REPOST)
        if mode is QuoteMode.OFF or said.reply_to is None:
            return
        if source is None:
            source = await self._floor.look_up(said.thread_id, said.reply_to)
        if source is None:
            return  # answered a post that has gone: there is nothing left to quote
        try:
            quotation = (await self._source(story, source)).quotation
        except Declined:
            return  # a system message, or no words: the native reply says it all
        contribution = Contribution(
            origin=said.message_id,
            story_id=story.story.id,
            thread_id=said.thread_id,
            author_id=said.author_id,
            name=said.name,
            avatar=said.avatar,
            mode=mode,
            quotations=(quotation,),
            at=said.at,
            native_id=said.message_id,
        )
        if await self._store.contribute(contribution, self._clock.now()) is not None:
            self._wake()

    async def _follow_article(self, message_id: int, parts: tuple[str, ...]) -> None:
        """Quotes of an opening post hold the article's words, not the post's own, which change with its counts too."""
        whole = "\n\n".join(parts)
        quotes = await self._store.quotes_of(message_id) if parts else ()
        changes = {quote.id: parts[0] for quote in quotes if not is_passage_of(quote.quotation.text, whole)}
        if changes and await self._store.requote(changes, self._clock.now()):
            self._wake()
