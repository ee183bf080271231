"""What a moderator points at: a post of a news thread, with all that a case is to keep of it.

Works alike for posts that the bot made for members, for such as it never heard of, and for an article's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import Declined
from bot.model import CasePost, CaseState, KeptFile, Made, Snapshot
from bot.posts import Posts
from bot.text.places import posted_at

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.model import Case, Said, StoryDetails
    from bot.newsroom import Floor
    from bot.posts import Known
    from bot.store import Store
    from bot.text.places import Place

_SETTLED = timedelta(minutes=1)  # after which it is known whose a post of ours is, if it ever will be


@dataclass(frozen=True, slots=True)
class Spot:
    """A message of a news thread, by what the store alone knows: enough to tell whose moderators may remove it."""

    story: StoryDetails
    place_id: int  # the thread, or for the opening post of a text channel that channel
    message_id: int

    @property
    def channel_id(self) -> int:
        """The channel whose moderators may."""
        return self.story.story.channel_id

    @property
    def opening(self) -> bool:
        """Whether it is the article's own post, which in a text channel is shown again where its thread begins."""
        return self.message_id in (self.story.story.message_id, self.story.story.thread_id)


@dataclass(frozen=True, slots=True)
class Aim:
    """A post to be removed, as it was when the moderator pointed at it; or an article's own, to be withdrawn."""

    spot: Spot
    post: CasePost

    @property
    def opening(self) -> bool:
        return self.spot.opening


class Aiming:
    """The part of ``Removals`` that only reads."""

    def __init__(self, store: Store, floor: Floor, clock: Clock) -> None:
        self._store = store
        self._floor = floor
        self._posts = Posts(store, floor)
        self._clock = clock

    async def spot_of(self, said: Said) -> Spot:
        """Where a message that a moderator sees belongs.

        Raises:
            Declined: to no news thread.
        """
        return await self._spot(said.thread_id, said.message_id)

    async def spot_at(self, place: Place, here: int) -> Spot:
        """Where the post belongs that a link or an id names; ``here`` is the channel in which the moderator is.

        Raises:
            Declined: to no news thread, as far as is known.
        """
        message_id = await self._store.stands_for(place.message_id)
        known = await self._store.post(message_id)
        if known is not None:
            return await self._spot(known.post.thread_id, message_id)
        return await self._spot(place.channel_id or here, message_id)

    async def _spot(self, place_id: int, message_id: int) -> Spot:
        story = await self._posts.story(place_id, message_id)
        if story is None:
            raise Declined("That is no post in a news thread.")
        return Spot(story, place_id, message_id)

    async def aim_at(self, spot: Spot) -> Aim:
        """The post that stands there, as Discord shows it now.

        Raises:
            Declined: as for ``aim``, or it is gone.
            Later, Refused: it could not be read.
        """
        if spot.opening:
            return await self._article(spot)
        said = await self._floor.look_up(spot.place_id, spot.message_id)
        if said is None:
            await self._require_untaken(spot.message_id)
            raise Declined("That post is gone.")
        return await self.aim(spot, await self._floor.as_member(said))

    async def aim(self, spot: Spot, said: Said) -> Aim:
        """The post that stands there, as a moderator sees it.

        Raises:
            Declined: it is no member's, or a case has it already.
            Later, Refused: Discord had to be asked about it, and could not be.
        """
        if spot.opening:
            return await self._article(spot)
        if said.system:
            raise Declined("That is a note by Discord itself: delete it with Discord's own menu.")
        stands = await self._store.stands_for(said.message_id)
        if stands != said.message_id:  # replaced while the moderator looked at it
            said = await self._floor.look_up(said.thread_id, stands) or said
        known = await self._posts.meant(said)
        if known is None:
            raise Declined("That post is gone.")
        if self._is_bots_own(known):
            story = spot.story.story
            if known.said.empty and story.message_id is not None:
                # Where a text channel's thread begins, Discord shows a pointer to the article's own post above it.
                return await self._article(
                    replace(spot, place_id=story.channel_id, message_id=story.message_id)
                )
            raise Declined(
                "That is the bot's own, not a member's post: what a notice says is changed with /case edit."
            )
        await self._require_untaken(known.said.message_id)
        if known.said.ours and known.author_id is None and self._clock.now() - said.at < _SETTLED:
            raise Declined("Nothing is known about this post yet; try again in a moment.")
        return Aim(spot, await self._case_post(known))

    async def _article(self, spot: Spot) -> Aim:
        """What it says is the article's, which the store has; and it is nobody's post."""
        case = await self._store.withdrawal(spot.story.story.id)
        if case is not None:
            raise Declined("The article is withdrawn already: case #{case}.", case=case.id)
        name, at = spot.story.article.source, posted_at(spot.message_id)
        return Aim(spot, CasePost(spot.message_id, spot.place_id, None, name, "", Made.BOT, at))

    async def _case_post(self, known: Known, member: Said | None = None) -> CasePost:
        """``member`` is any post of the same author that shows them as the server does, where ``known`` may not."""
        said = known.said
        quotes = known.details.quotes if known.details else ()
        quoted_by = [one.post.message_id for one in await self._store.quoted_by(said.message_id)]
        face = await self._posts.wish_for(known) or member or said
        made = Made.NATIVE
        if said.ours:
            made = Made.BOT if said.webhook_id is None else Made.WEBHOOK
        snapshot = Snapshot(
            content=said.content,
            words=said.content if known.words is None else known.words,
            files=tuple(KeptFile(file.name, file.size) for file in said.files),
            embeds=said.embeds,
            stickers=said.stickers,
            poll=said.poll,
            reactions=said.reactions,
            reply_to=said.reply_to,
            quotes=tuple(quote.quotation for quote in quotes),
            quoted_by=tuple(filter(None, quoted_by)),
            edited_at=said.edited_at,
        )
        return CasePost(
            said.message_id,
            said.thread_id,
            known.author_id,
            face.name,
            face.avatar,
            made,
            said.at,
            snapshot,
        )

    def _is_bots_own(self, known: Known) -> bool:
        """Whether the bot posted it, and for nobody: notices, answers to commands, quotes beside a reply."""
        return known.beside is not None or (self._floor.is_me(known.said.author_id) and not known.said.ours)

    async def _case_with(self, message_id: int) -> Case | None:
        """The case by which this message is gone, or is to go."""
        case = await self._store.case_of(message_id)
        return None if case is None or case.state is CaseState.REINSTATED else case

    async def _require_untaken(self, message_id: int) -> None:
        """What Discord refused to delete for a case is tried again when it is asked for again."""
        case = await self._case_with(message_id)
        post = case.post(message_id) if case else None
        refused = post is not None and post.gone_at is None and post.problem is not None
        if case is not None and not refused:
            raise Declined("That post is removed already, or about to be: case #{case}.", case=case.id)
