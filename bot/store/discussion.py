"""The part of ``Store`` that is about discussion: posts, quotes, baskets, reactions.

``bot/store/facade.py`` makes one class of it and of the rest; callers see ``Store``. What each method does to the
tables is in the module that its section names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store import baskets, contributions, counts, jobs, losses, posts, questions, quotes, reactions

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime, timedelta

    from bot.clock import Clock
    from bot.model import (
        Contribution,
        Discussion,
        Made,
        Post,
        PostDetails,
        Quotation,
        Quote,
        QuoteMode,
        Ranked,
        Reacted,
        Story,
        StoryDetails,
        Tally,
    )
    from bot.store.writer import Writer


class DiscussionFacts:
    """Methods of ``Store``, which see for what holds of them all."""

    _writer: Writer
    _clock: Clock

    # --- posts (bot/store/posts.py) ------------------------------------------------------------------------

    async def saw_post(
        self,
        story_id: int,
        thread_id: int,
        message_id: int,
        author_id: int | None,
        made: Made,
        created_at: datetime,
        webhook_id: int | None = None,
    ) -> None:
        """A message exists in a story's thread; before or after ``lost`` of it, and of its delivery's receipt.

        ``author_id`` is None for one of ours that is not known (yet) to be anybody's: *unclaimed*. What is known
        already stands; a message that was deleted stays deleted, a reply that our repost replaced unknown.
        """
        await self._writer.run(
            posts.saw_post, story_id, thread_id, message_id, author_id, made, created_at, webhook_id
        )

    async def post(self, message_id: int) -> PostDetails | None:
        """The post that this message is, deleted or not."""
        return await self._writer.run(posts.by_message, message_id)

    async def post_by_id(self, post_id: int) -> PostDetails | None:
        """The post of this id, on Discord or not yet."""
        return await self._writer.run(posts.by_id, post_id)

    async def unclaimed(self, story_id: int, since: datetime) -> tuple[Post, ...]:
        """Posts of ours made since then of which nobody knows whose they are, deleted ones too, oldest first."""
        return await self._writer.run(posts.unclaimed, story_id, since)

    async def claimed(self, story_id: int, since: datetime) -> frozenset[int]:
        """Messages of the story, made since then, that are known to be somebody's."""
        return await self._writer.run(posts.claimed, story_id, since)

    async def posts_since(self, story_id: int, since: datetime) -> tuple[Post, ...]:
        """Posts made since then that are on Discord as far as we know, oldest first."""
        return await self._writer.run(posts.posts_since, story_id, since)

    async def last_post_at(self, story_id: int, author_id: int) -> datetime | None:
        """When the member last posted in the story's thread, or asked us to."""
        return await self._writer.run(posts.last_post_at, story_id, author_id)

    async def recommend(self, message_id: int, by: int, at: datetime) -> bool:
        """Recommend a post: ``by`` a moderator, or 0, the members by their reactions. Whether that is new.

        What a moderator took back is not recommended again by reactions.
        """
        return await self._writer.run(posts.recommend, self._clock, message_id, by, at)

    async def unrecommend(self, message_id: int, now: datetime) -> bool:
        """Recommend a post no longer. Whether it was."""
        return await self._writer.run(posts.unrecommend, self._clock, message_id, now)

    # --- what we post for members (bot/store/contributions.py) ---------------------------------------------

    async def contribute(self, contribution: Contribution, now: datetime) -> int | None:
        """A post is to be made for a member: the post's id; None when it was asked for before.

        None also when the native reply that it is for is deleted already. A source that was replaced by our repost
        is that repost; one that is deleted is lost from the start.
        """
        return await self._writer.run(contributions.contribute, self._clock, contribution, now)

    async def contribution(self, post_id: int) -> Contribution | None:
        """What a post that we made, or are to make, consists of now; None for others, and when it was deleted.

        A lost quote is there without text; ``post_by_id`` tells which.
        """
        return await self._writer.run(contributions.contribution, post_id)

    async def rewrite(self, post_id: int, words: str, now: datetime) -> None:
        """The author's new own words for a post that we made; brought to Discord if it may be there already."""
        await self._writer.run(contributions.rewrite, self._clock, post_id, words, now)

    async def take_back(self, post_id: int, now: datetime) -> None:
        """Delete a post that we made; one that is certainly not on Discord yet never gets there."""
        await self._writer.run(losses.take_back, self._clock, post_id, now)

    async def revoice(self, post_id: int, now: datetime) -> None:
        """A post that can't be edited any more is to be posted anew; the message that it was is replaced.

        To the store the former message then is what a native reply is to its repost.
        """
        await self._writer.run(contributions.revoice, self._clock, post_id, now)

    # --- quotes (bot/store/quotes.py, bot/store/losses.py) -------------------------------------------------

    async def quotes_of(self, source_id: int) -> tuple[Quote, ...]:
        """The quotes of a message that have its words still, in posts made and to be made, oldest first."""
        return await self._writer.run(quotes.quotes_of, source_id)

    async def quoted_by(self, source_id: int) -> tuple[PostDetails, ...]:
        """The posts on Discord that quote a message, oldest first."""
        return await self._writer.run(quotes.quoted_by, source_id)

    async def requote(self, changes: Mapping[int, str], now: datetime) -> int:
        """New texts by quote id, as the source reads now. The number of jobs written: one for each post to edit.

        Lost quotes stay lost. What certainly is not on Discord yet needs no edit; what may be is edited once it is
        known to be.
        """
        return await self._writer.run(quotes.requote, self._clock, changes, now)

    async def lost(self, message_ids: Collection[int], at: datetime) -> int:
        """Messages, of mirrored threads or others, were deleted. The number of jobs written.

        Quotes of them lose their text and their posts are edited; they leave baskets; their reactions and
        recommendations are gone. What we made for a deleted reply is deleted, and never sent if it was not; but a reply
        that our settled repost replaced is not lost: what quotes it quotes the repost. A message never seen is
        remembered as deleted, for a day.
        """
        return await self._writer.run(losses.lost, self._clock, message_ids, at)

    # --- baskets and preferences (bot/store/baskets.py) ----------------------------------------------------

    async def collect(
        self,
        member_id: int,
        thread_id: int,
        quotation: Quotation,
        now: datetime,
        since: datetime,
        most: int,
    ) -> tuple[Quotation, ...]:
        """Put a quotation into a member's basket of a thread, instead of an earlier one of the same source.

        The basket then, in the order chosen; what was put in before ``since`` is gone. With ``most`` in it already,
        or a deleted source, it is as it was: without the quotation.
        """
        return await self._writer.run(baskets.collect, member_id, thread_id, quotation, now, since, most)

    async def basket(self, member_id: int, thread_id: int, since: datetime) -> tuple[Quotation, ...]:
        """What a member put into the basket of a thread since then, in the order chosen."""
        return await self._writer.run(baskets.contents, member_id, thread_id, since)

    async def empty_basket(self, member_id: int, thread_id: int) -> None:
        """Take everything out of it."""
        await self._writer.run(baskets.empty, member_id, thread_id)

    async def rebasket(self, source_id: int, text: str) -> int:
        """The words of a source in all baskets, as it reads now, but for those picked by hand. How many changed."""
        return await self._writer.run(baskets.rebasket, source_id, text)

    async def quote_mode(self, member_id: int) -> QuoteMode | None:
        """What the member chose to become of their replies; None: nothing."""
        return await self._writer.run(baskets.quote_mode, member_id)

    async def prefer(self, member_id: int, mode: QuoteMode | None) -> None:
        """The member's choice, or that there is none."""
        await self._writer.run(baskets.prefer, member_id, mode)

    # --- reactions (bot/store/reactions.py) ----------------------------------------------------------------

    async def react(
        self,
        story_id: int,
        reacted: Reacted,
        now: datetime,
        exclusive: frozenset[str],
        allowed: frozenset[str] | None,
        pause: timedelta,
    ) -> bool:
        """A member reacted to a message of the story. Whether that is new and counts.

        What is not ``allowed`` (None: all is) is to be taken off again. Of the ``exclusive`` emoji a member has one
        on a message: the newest; the former is to be taken off. The opening post is revised, not more often than
        once in ``pause``.
        """
        return await self._writer.run(
            reactions.react, self._clock, story_id, reacted, now, exclusive, allowed, pause
        )

    async def unreact(self, reacted: Reacted, now: datetime, pause: timedelta) -> bool:
        """A member's reaction is gone. Whether it was counted."""
        return await self._writer.run(reactions.unreact, self._clock, reacted, now, pause)

    async def clear_reactions(
        self, message_id: int, emoji: str | None, now: datetime, pause: timedelta
    ) -> bool:
        """A moderator took all reactions off a message, or all of one emoji. Whether any was counted.

        What was given by our own buttons stays.
        """
        return await self._writer.run(reactions.clear_reactions, self._clock, message_id, emoji, now, pause)

    async def recount(
        self,
        story_id: int,
        message_id: int,
        found: Collection[Reacted],
        now: datetime,
        exclusive: frozenset[str],
        allowed: frozenset[str] | None,
        pause: timedelta,
    ) -> bool:
        """The reactions that Discord shows on a message are exactly these. Whether that changed anything.

        The rules of ``react`` hold: of several exclusive ones the one new to us stays, else the first ``found``.
        What was given by our own buttons stays.
        """
        return await self._writer.run(
            reactions.recount,
            self._clock,
            story_id,
            message_id,
            found,
            now,
            exclusive,
            allowed,
            pause,
        )

    async def reactions_of(self, message_id: int) -> tuple[Reacted, ...]:
        """Who reacted to a message, in the order in which we learnt of it."""
        return await self._writer.run(reactions.reactions_of, message_id)

    # --- counts (bot/store/counts.py) ----------------------------------------------------------------------

    async def tally(
        self,
        *,
        message_id: int | None = None,
        story_id: int | None = None,
        given_by: int | None = None,
        received_by: int | None = None,
        self_reactions: bool,
    ) -> Tally:
        """Reactions by emoji, of all that is named at once: on a message, in a story, by a member, to a member's posts.

        A member counts once for an emoji on a message. Without ``self_reactions`` those to one's own post don't.
        """
        return await self._writer.run(
            counts.tally, message_id, story_id, given_by, received_by, self_reactions
        )

    async def top_posts(
        self, since: datetime, emoji: frozenset[str], limit: int, *, self_reactions: bool = True
    ) -> tuple[Ranked, ...]:
        """The posts to which most members reacted since then with any of ``emoji``; of equals the older first."""
        return await self._writer.run(counts.top_posts, since, emoji, limit, self_reactions)

    async def top_stories(self, since: datetime, emoji: frozenset[str], limit: int) -> tuple[Ranked, ...]:
        """The stories to whose opening post most members reacted since then; of equals the older first."""
        return await self._writer.run(counts.top_stories, since, emoji, limit)

    async def discussion(
        self, story_id: int, line: str, self_reactions: bool, named: Sequence[str]
    ) -> Discussion:
        """What the opening post tells: counts of the ``named`` emoji, most first, and the recommended posts.

        ``line`` is what is counted: "thread", all of it; "post", the opening post; "off", nothing. A recommended
        post's count is that of the members who reacted to it with any named emoji.
        """
        return await self._writer.run(counts.discussion, story_id, line, self_reactions, named)

    # --- stories (bot/store/questions.py, bot/store/jobs.py) -----------------------------------------------

    async def tell(
        self,
        story_id: int | None,
        text: str,
        now: datetime,
        once: str | None = None,
        ping: int | None = None,
    ) -> bool:
        """Tell the moderators something, about a story or not; with ``once`` only the first time for that key.

        It pings the role ``ping``, which ``text`` mentions, and nobody else. Whether they are told.
        """
        return await self._writer.run(jobs.tell, self._clock, story_id, text, now, once, ping)

    async def story_by_message(self, message_id: int) -> StoryDetails | None:
        """The story whose opening post this message is."""
        return await self._writer.run(questions.story_by_message, message_id)

    async def talked_about(self, since: datetime) -> tuple[Story, ...]:
        """Stories with a thread that were opened, posted in or reacted to since then, oldest first."""
        return await self._writer.run(questions.talked_about, since)
