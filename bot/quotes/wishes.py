"""What members ask for: answers that quote, baskets of several posts, and changes to what was posted for them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import Declined
from bot.model import Contribution, Made, Quotation, QuoteMode
from bot.quotes.sources import Sources
from bot.text.posting import quoting_content, typed_answer
from bot.text.quoting import is_passage_of, picked_text, requoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.clock import Clock
    from bot.languages import Say
    from bot.model import Post, Said, StoryDetails
    from bot.newsroom import Floor, Rights
    from bot.settings.keys import Feed, QuotesKeys
    from bot.store import Store

MAX_TYPED = 2000  # what a member could post as a message


@dataclass(frozen=True, slots=True)
class Member:
    """Who asks for something: as shown, with what they may do in the thread."""

    id: int
    name: str
    avatar: str
    rights: Rights


class Wishes(Sources):
    """The part of ``Quotes`` behind the menus and commands. Members' wishes are granted, or declined with a sentence."""

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
        super().__init__(store, floor, feeds, say)
        self._keys = keys
        self._clock = clock
        self._wake = wake
        self._emptying = asyncio.Lock()  # two forms at once answer one basket once

    def require_typing(self) -> None:
        """
        Raises:
            Declined: answers have to be native replies here.
        """
        if not self._keys.typed:
            raise Declined(
                "Answers are not typed into forms here: use Discord's own Reply, it becomes a quote."
            )

    async def answer(
        self, origin: int, member: Member, said: Said | None, picked: str | tuple[int, ...], words: str
    ) -> None:
        """Post a member's answer to one post. ``picked`` is what of its words, or which paragraphs, are quoted.

        Raises:
            Declined: see the sentences; nothing was posted.
        """
        self.require_typing()
        if said is None:
            raise Declined("The post that you wanted to quote is gone.")
        source = await self.source(said)
        quotation = source.quotation
        if isinstance(picked, tuple):
            text = "\n\n".join(source.parts[index] for index in picked if index < len(source.parts))
            quotation = replace(quotation, text=text or quotation.text, picked=True)
        else:
            text = picked_text(picked)
            if not text:
                raise Declined("Leave at least a word of the quote, or write a post of your own.")
            if not is_passage_of(text, quotation.text):
                raise Declined(
                    "A quote may be shortened but not changed: keep whole sentences of the post, or mark what you left out with …"
                )
            quotation = replace(quotation, text=text, picked=text != picked_text(quotation.text))
        await self._contribute(origin, member, source.story, (quotation,), words)

    async def answer_basket(self, origin: int, member: Member, thread_id: int, words: str) -> None:
        """Post a member's answer to all the posts in their basket, which is empty then.

        Raises:
            Declined: see the sentences; nothing was posted, the basket stays.
        """
        self.require_typing()
        story = await self._story(thread_id, thread_id)
        async with self._emptying:
            quotations = await self.basket(member.id, thread_id)
            if not quotations:
                raise Declined(
                    "No posts are chosen: use Add to multi-quote on those that you want to answer."
                )
            await self._contribute(origin, member, story, quotations, words)
            await self._store.empty_basket(member.id, thread_id)

    async def _contribute(
        self,
        origin: int,
        member: Member,
        story: StoryDetails,
        quotations: tuple[Quotation, ...],
        words: str,
    ) -> None:
        thread_id = story.story.thread_id
        assert thread_id is not None
        answer = await self._typed(member, story, words)
        if quoting_content(quotations, answer, self._floor.guild_id, self._say, speaker=member.name) is None:
            raise Declined(
                "With its quotes the post would be longer than Discord's 2,000 characters: shorten it."
            )
        contribution = Contribution(
            origin=origin,
            story_id=story.story.id,
            thread_id=thread_id,
            author_id=member.id,
            name=member.name,
            avatar=member.avatar,
            mode=QuoteMode.REPOST,
            quotations=quotations,
            at=self._clock.now(),
            words=answer,
        )
        if await self._store.contribute(contribution, self._clock.now()) is not None:
            self._wake()

    async def _typed(self, member: Member, story: StoryDetails, words: str, *, new: bool = True) -> str:
        """What the member typed, kept to what they could have posted themselves."""
        rights = member.rights
        if not rights.may_post:
            raise Declined("You may not post in this thread.")
        if new and rights.slow_mode:
            last = await self._store.last_post_at(story.story.id, member.id)
            wait = timedelta(seconds=rights.slow_mode) - (self._clock.now() - last) if last else timedelta()
            if wait > timedelta():
                again = int((self._clock.now() + wait).timestamp()) + 1
                raise Declined(
                    "This thread is in slow mode: you can post again {when}.", when=f"<t:{again}:R>"
                )
        answer = typed_answer(
            words,
            may_mention_everyone=rights.may_mention_everyone,
            mentionable_roles=rights.mentionable_roles,
            may_link_embeds=rights.may_link_embeds,
            own_emoji=rights.own_emoji,
        )
        if not answer:
            raise Declined("Write an answer to the quote.")
        if len(answer) > MAX_TYPED:
            raise Declined("The answer is longer than Discord's 2,000 characters: shorten it.")
        return answer

    async def collect(self, member_id: int, said: Said) -> tuple[int, tuple[Quotation, ...]]:
        """Put a post into the member's basket for its thread; the thread's id and the basket, in the order chosen.

        Raises:
            Declined: it can't be quoted, or the basket is full.
        """
        self.require_typing()
        source = await self.source(said)
        thread_id = source.thread_id
        held = await self.basket(member_id, thread_id)
        if len(held) >= self._keys.most and all(one.source_id != said.message_id for one in held):
            raise Declined(
                "No more posts than you have chosen ({most}) fit into one: answer them first, or clear the choice.",
                most=self._keys.most,
            )
        now = self._clock.now()
        return thread_id, await self._store.collect(
            member_id, thread_id, source.quotation, now, now - self._keys.basket, self._keys.most
        )

    async def basket(self, member_id: int, thread_id: int) -> tuple[Quotation, ...]:
        """The posts that the member has chosen to quote in this thread, in the order chosen."""
        return await self._store.basket(member_id, thread_id, self._clock.now() - self._keys.basket)

    async def empty_basket(self, member_id: int, thread_id: int) -> None:
        await self._store.empty_basket(member_id, thread_id)

    async def mode(self, member_id: int, story: StoryDetails) -> QuoteMode:
        """What becomes of the member's native replies: the feed says at most what, the member may want less."""
        feed = self._feeds.get(story.story.feed_id)
        offered = QuoteMode(feed.quotes) if feed else QuoteMode.OFF
        return least(offered, await self._store.quote_mode(member_id) or offered)

    async def prefer(self, member_id: int, mode: QuoteMode) -> None:
        """From now on the member's replies are quoted like this, as far as the feed offers it."""
        await self._store.prefer(member_id, mode)

    # --- about a post --------------------------------------------------------------------------------------

    async def quoted_by(self, message_id: int, visible: frozenset[int]) -> tuple[Post, ...]:
        """The posts that quote this one, oldest first; none of a channel that is not ``visible`` to who asks."""
        quoting = [details.post for details in await self._store.quoted_by(message_id)]
        if not quoting:
            return ()
        # A post is quoted in its own thread only.
        story = await self._store.story_by_thread(quoting[0].thread_id)
        return tuple(quoting) if story is not None and story.story.channel_id in visible else ()

    async def post(self, said: Said) -> Post:
        """What is known of a post in a news thread.

        Raises:
            Declined: it stands in none, or is the article's own.
        """
        story = await self._story(said.thread_id, said.message_id)
        if said.message_id in (story.story.message_id, story.story.thread_id):
            raise Declined(
                "This is the article's own post: press Details below it to see where it comes from."
            )
        known = await self._store.post(said.message_id)
        if known is None:
            await self._posts.saw(story, said)
            known = await self._store.post(said.message_id)
        if known is None or known.post.author_id is None:
            raise Declined("Nothing is known about this post yet; try again in a moment.")
        return known.post

    async def own_post(self, member_id: int, message_id: int) -> Post:
        """A post that we made for this member.

        Raises:
            Declined: it is somebody else's, or the member's own message, or gone.
        """
        known = await self._store.post(message_id)
        if known is None or known.post.deleted_at is not None:
            raise Declined("That post is gone.")
        post = known.post
        if post.author_id != member_id:
            raise Declined("That post is somebody else's: only its author can change it.")
        if post.made is Made.NATIVE:
            raise Declined("That is a message of your own: change it with Discord's own Edit and Delete.")
        return post

    async def rewrite(self, member: Member, message_id: int, words: str) -> None:
        """Change the author's own words in a post that we made for them; quotes of it follow.

        Raises:
            Declined: see the sentences.
        """
        post = await self.own_post(member.id, message_id)
        if post.words is None:
            raise Declined("Only the quote in that post is ours: edit your own reply above it.")
        story = await self._story(post.thread_id, message_id)
        answer = await self._typed(member, story, words, new=False)
        details = await self._store.post_by_id(post.id)
        quotes = details.quotes if details else ()
        if quoting_content(quotes, answer, self._floor.guild_id, self._say, speaker=member.name) is None:
            raise Declined(
                "With its quotes the post would be longer than Discord's 2,000 characters: shorten it."
            )
        now = self._clock.now()
        await self._store.rewrite(post.id, answer, now)
        if now - post.created_at <= self._keys.follow_edits:
            await self._follow(message_id, answer)
        self._wake()

    async def take_back(self, member_id: int, message_id: int) -> None:
        """Delete a post that we made for this member.

        Raises:
            Declined: see ``own_post``.
        """
        post = await self.own_post(member_id, message_id)
        await self._store.take_back(post.id, self._clock.now())
        self._wake()

    # --- what quotes a post --------------------------------------------------------------------------------

    async def _follow(self, message_id: int, words: str) -> None:
        """Bring the quotes and baskets that hold this post up to date with its author's ``words``."""
        if not words:
            return  # gone, or not for us to read
        changes = await self._changes(message_id, words)
        if changes and await self._store.requote(changes, self._clock.now()):
            self._wake()
        await self._store.rebasket(message_id, words)

    async def _changes(self, message_id: int, words: str) -> dict[int, str]:
        """The texts, by quote, that differ now that the quoted post says ``words``."""
        quotes = await self._store.quotes_of(message_id)
        now = {quote.id: requoted(quote.quotation, words) for quote in quotes}
        return {quote.id: now[quote.id] for quote in quotes if now[quote.id] != quote.quotation.text}


def least(*modes: QuoteMode) -> QuoteMode:
    return max(modes, key=list(QuoteMode).index)
