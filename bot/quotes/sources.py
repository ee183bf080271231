"""What can be quoted: posts with their true authors, articles by the paragraph."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.errors import Declined
from bot.model import Quotation
from bot.posts import Posts
from bot.text.draft import source_name
from bot.text.quoting import own_words, paragraphs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.languages import Say
    from bot.model import Said, StoryDetails
    from bot.newsroom import Floor
    from bot.settings.keys import Feed
    from bot.store import Store


@dataclass(frozen=True, slots=True)
class Source:
    """A post that may be quoted, and what can be quoted of it. ``parts`` are the paragraphs of an article."""

    story: StoryDetails
    quotation: Quotation  # with all its words
    parts: tuple[str, ...] = ()

    @property
    def thread_id(self) -> int:
        thread_id = self.story.story.thread_id
        assert thread_id is not None
        return thread_id


class Sources:
    """The part of ``Quotes`` that finds what a member, or a member's reply, points at."""

    def __init__(self, store: Store, floor: Floor, feeds: Mapping[str, Feed], say: Say) -> None:
        self._store = store
        self._floor = floor
        self._feeds = feeds
        self._say = say  # the language of the threads
        self._posts = Posts(store, floor)

    async def source(self, said: Said) -> Source:
        """The post that a member points at, if it can be quoted.

        Raises:
            Declined: it stands in no news thread, or has nothing to quote.
        """
        story = await self._story(said.thread_id, said.message_id)
        return await self._source(story, said)

    async def _story(self, thread_id: int, message_id: int) -> StoryDetails:
        story = await self._posts.story(thread_id, message_id)
        if story is None or story.story.thread_id is None:
            raise Declined(
                "Posts can be quoted in news threads only: open one of the threads with an article."
            )
        return story

    async def _source(self, story: StoryDetails, said: Said) -> Source:
        thread_id = story.story.thread_id
        assert thread_id is not None
        if said.message_id in (story.story.message_id, thread_id):
            return self._article(story, said)
        if said.system:
            raise Declined("That is a note by Discord itself, which can't be quoted; choose a member's post.")
        known = await self._posts.meant(said)
        if known is None:
            raise Declined("That post is gone; there is nothing left to quote.")
        said = known.said
        if said.forwarded_from is not None and not self._floor.open_to_readers(
            thread_id, said.forwarded_from
        ):
            said = replace(said, content="", files=(), embeds=(), stickers=(), poll=None)
        words = own_words(said, known.words, self._say)
        if not words:
            raise Declined("That post has no words of its own to quote.")
        # Its own event may have been lost; only what is known to be there can be missed.
        await self._posts.saw(story, said)
        post = known.details.post if known.details else None
        author = post.author_id if post and post.author_id is not None else said.author_id
        name = (await self._posts.wish_for(known) or await self._floor.as_member(said)).name
        return Source(story, Quotation(said.message_id, said.thread_id, author, name, said.at, words))

    def _article(self, story: StoryDetails, said: Said) -> Source:
        parts = paragraphs(story.article)
        if not parts:
            raise Declined("The article brought no text with it that could be quoted.")
        feed = self._feeds.get(story.story.feed_id)
        name = source_name(story.article, feed) or said.name
        place = story.story.thread_id if said.thread_id == story.story.thread_id else said.thread_id
        assert place is not None
        return Source(
            story, Quotation(said.message_id, place, said.author_id, name, said.at, parts[0]), parts
        )
