"""What a message in a news thread is: the story that it belongs to, and which post of whom.

Discord shows the one half of it, as ``Said``; the store knows the other, above all whose the posts are that the bot
made for members.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.model import Made

if TYPE_CHECKING:
    from bot.model import Contribution, PostDetails, Said, StoryDetails
    from bot.newsroom import Floor
    from bot.store import Store


@dataclass(frozen=True, slots=True)
class Known:
    """A post as Discord shows it, with what the store knows of it: nothing, where it never learnt of it."""

    said: Said
    details: PostDetails | None

    @property
    def beside(self) -> int | None:
        """The native reply beside which it stands, where it is but the bot's quote of what that answers."""
        post = self.details.post if self.details else None
        quotes_only = post is not None and post.made is Made.BOT and post.words is None
        return post.native_id if post is not None and quotes_only else None

    @property
    def author_id(self) -> int | None:
        """The member whose post it is; None where that is not known, and for what other programs post."""
        if self.said.ours:
            return self.details.post.author_id if self.details else None
        return None if self.said.bot or self.said.webhook_id is not None else self.said.author_id

    @property
    def words(self) -> str | None:
        """The author's own, of a post that we made."""
        return self.details.post.words if self.details else None


class Posts:
    """Both halves put together."""

    def __init__(self, store: Store, floor: Floor) -> None:
        self._store = store
        self._floor = floor

    async def story(self, thread_id: int, message_id: int) -> StoryDetails | None:
        """The story of a message that stands in this thread, or that is an opening post."""
        return await self._store.story_by_thread(thread_id) or await self._store.story_by_message(message_id)

    async def known(self, said: Said) -> Known:
        """Both halves of this very message."""
        return Known(said, await self._store.post(said.message_id))

    async def meant(self, said: Said) -> Known | None:
        """The post that somebody means who points at this one; None when it is gone.

        The bot's quotes beside a native reply are no post of their own: what is meant is the reply.

        Raises:
            Later, Refused: the reply could not be read.
        """
        known = await self.known(said)
        if known.beside is None:
            return known
        native = await self._floor.look_up(said.thread_id, known.beside)
        return None if native is None else await self.known(await self._floor.as_member(native))

    async def saw(self, story: StoryDetails, said: Said) -> None:
        """The message exists; see ``Store.saw_post``."""
        made = Made.NATIVE
        if said.ours:
            made = Made.BOT if said.webhook_id is None else Made.WEBHOOK
        await self._store.saw_post(
            story.story.id,
            said.thread_id,
            said.message_id,
            None if said.ours else said.author_id,
            made,
            said.at,
            said.webhook_id,
        )

    async def wish_for(self, known: Known) -> Contribution | None:
        """What a member asked for that this post of ours is, with their name and picture; None for other posts."""
        if known.details is None or known.details.post.made is Made.NATIVE:
            return None
        return await self._store.contribution(known.details.post.id)
