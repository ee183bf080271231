"""Removing posts, one or several: whether a moderator may, the case that it becomes, and how that gets on.

What a case does on Discord is the work of the store's jobs and the publisher's deeds; here it is only watched.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import Declined, DeliveryError, StoreError
from bot.model import CaseKind, CaseState, NewCase, Told
from bot.moderation.aiming import Aim, Aiming, Spot
from bot.moderation.judging import require_removable, require_removes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Sequence

    from bot.clock import Clock
    from bot.model import Case, Opened, Said, StoryDetails
    from bot.moderation.rules import Wish
    from bot.newsroom import Floor
    from bot.newsroom.authority import Authority
    from bot.newsroom.office import Office
    from bot.settings.keys import ModerationKeys
    from bot.store import Store

__all__ = ["MOST", "Aim", "Removals", "Spot", "Sweep"]

MOST = 100  # posts of one removal
_WATCHED = timedelta(minutes=14)  # an interaction's answer can be changed for fifteen
_SOON, _LATE = 0.5, 5.0  # seconds between two looks at a case that is being worked on


@dataclass(frozen=True, slots=True)
class Sweep:
    """Several posts of one thread to be removed at once, oldest first, and how many of those meant can't be."""

    aims: tuple[Aim, ...] = ()
    above: int = 0  # by members who stand above the moderator
    taken: int = 0  # which a case has already


class Removals(Aiming):
    """The service behind ``cogs/moderation/removing.py``. Everything it does may be repeated."""

    def __init__(
        self,
        store: Store,
        office: Office,
        floor: Floor,
        keys: ModerationKeys,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        super().__init__(store, floor, clock)
        self._office = office
        self._keys = keys
        self._wake = wake

    @property
    def tells_authors(self) -> bool:
        """Whether authors are told where the moderator does not choose."""
        return self._keys.tell_authors

    # --- several -------------------------------------------------------------------------------------------

    async def between(self, authority: Authority, first: Spot, last: Spot) -> Sweep:
        """All posts of a thread from one to another, in either order, both included.

        Raises:
            Declined: they stand in different threads, there are too many, or none can be removed.
            Later, Refused: they could not be read.
        """
        require_removes(authority)
        if first.story.story.id != last.story.story.id:
            raise Declined("Those posts stand in different threads: choose two of one thread.")
        ends = sorted((first.message_id, last.message_id))
        posts = await self._office.between(_thread(first.story), ends[0], ends[1], MOST + 1)
        if len(posts) > MOST:
            raise Declined(
                "There are more than {most} posts between those two: choose fewer at a time.", most=MOST
            )
        return await self._sweep(authority, first.story, posts)

    async def last_of(self, authority: Authority, story: StoryDetails, member_id: int, count: int) -> Sweep:
        """A member's last ``count`` posts in a thread, 1 to 100, those too that we made for them.

        Raises:
            Declined: none can be removed.
            Later, Refused: they could not be read.
        """
        require_removes(authority)
        found: list[Said] = []
        async for said in self._office.latest(_thread(story)):
            if (await self._posts.known(said)).author_id == member_id:
                found.append(said)
            if len(found) == min(count, MOST):
                break
        return await self._sweep(authority, story, reversed(found))

    async def thread(self, thread_id: int) -> StoryDetails:
        """The story that a thread mirrors.

        Raises:
            Declined: it is no news thread.
        """
        story = await self._store.story_by_thread(thread_id)
        if story is None:
            raise Declined("That is no news thread: use this in one.")
        return story

    async def _sweep(self, authority: Authority, story: StoryDetails, posts: Iterable[Said]) -> Sweep:
        authors: dict[
            int, Said | None
        ] = {}  # any post of each, as the server shows them; None for those above
        sweep = Sweep()
        for said in posts:
            spot = Spot(story, said.thread_id, said.message_id)
            known = await self._posts.known(said)
            if spot.opening or said.system or self._is_bots_own(known):
                continue
            author_id = known.author_id
            if author_id is not None and author_id not in authors:
                may = await self._may_remove(authority, author_id)
                authors[author_id] = await self._floor.as_member(said) if may else None
            member = authors[author_id] if author_id is not None else said
            if member is None:
                sweep = replace(sweep, above=sweep.above + 1)
            elif await self._case_with(said.message_id) is not None:
                sweep = replace(sweep, taken=sweep.taken + 1)
            else:
                aim = Aim(spot, await self._case_post(known, member))
                sweep = replace(sweep, aims=(*sweep.aims, aim))
        if not sweep.aims:
            raise Declined("There are no posts there that you could remove.")
        return sweep

    async def _may_remove(self, authority: Authority, member_id: int) -> bool:
        try:
            require_removable(authority, member_id, await self._office.standing(member_id))
        except Declined:
            return False
        return True

    # --- removing ------------------------------------------------------------------------------------------

    async def require_removable(self, authority: Authority, aims: Sequence[Aim]) -> None:
        """
        Raises:
            Declined: they may not remove posts there, or not those of one of the authors.
            Later, Refused: Discord could not be asked about an author.
        """
        require_removes(authority)
        for author_id in dict.fromkeys(aim.post.author_id for aim in aims):
            if author_id is not None:
                require_removable(authority, author_id, await self._office.standing(author_id))

    async def require_there(self, aim: Aim) -> None:
        """
        Raises:
            Declined: the post has gone since it was pointed at, so that there is nothing to remove.
        """
        try:
            stands = await self._store.stands_for(aim.post.message_id)
            there = await self._floor.look_up(aim.post.thread_id, stands) is not None
        except DeliveryError:
            return  # what can't be told now is found out when it is done
        if not there:
            await self._require_untaken(aim.post.message_id)
            raise Declined("That post is gone; nothing was removed.")

    async def remove(
        self, origin: int, authority: Authority, aims: Sequence[Aim], wish: Wish, *, tell: bool | None = None
    ) -> Opened:
        """Open the case that removes these posts of one thread, or that withdraws an article.

        ``origin`` is the interaction's id, by which it is one case however often it is asked for. ``tell`` None:
        as configured.

        Raises:
            Declined: see ``require_removable``; or others have removed them all meanwhile.
            Later, Refused: Discord could not be asked about an author.
        """
        await self.require_removable(authority, aims)
        article = aims[0].opening
        opened = await self._store.open_case(
            NewCase(
                origin=origin,
                kind=CaseKind.WITHDRAWAL if article else CaseKind.REMOVAL,
                moderator_id=authority.id,
                reason=wish.reason,
                next_step=wish.next_step,
                rule_id=wish.rule.id if wish.rule else None,
                rule_title=wish.rule.title if wish.rule else None,
                story_id=aims[0].spot.story.story.id,
                posts=tuple(aim.post for aim in aims),
                tell=not article and (self.tells_authors if tell is None else tell),
                strike=not article and wish.strike,
                steps=() if article else wish.steps,
            ),
            self._clock.now(),
        )
        if opened.case_id is None:
            raise Declined(
                "That post is removed already, or about to be: case #{case}.", case=opened.taken[0][1]
            )
        self._wake()
        return opened

    async def watch(self, case_id: int) -> AsyncIterator[Case]:
        """The case, now and whenever it has changed, until all is done or a quarter of an hour has passed."""
        end = self._clock.now() + _WATCHED
        shown: Case | None = None
        pause = _SOON
        while self._clock.now() < end:
            try:
                case = await self._store.case(case_id)
            except StoreError:
                return  # the program is being stopped
            if case is None:
                return
            if case != shown:
                shown, pause = case, _SOON
                yield case
            if _is_done(case):
                return
            await self._clock.sleep(pause)
            pause = min(2 * pause, _LATE)


def _is_done(case: Case) -> bool:
    """Whether nothing of it is left to do that a moderator waits for. Of what did not go nobody is told."""
    gone = {post.author_id for post in case.posts if post.gone_at is not None}
    telling = any(one.told is Told.WAITING and one.member_id in gone for one in case.members)
    noticing = case.noticed and case.notice_id is None and bool(gone)
    return case.state is not CaseState.OPEN and not (telling or noticing)


def _thread(story: StoryDetails) -> int:
    assert story.story.thread_id is not None
    return story.story.thread_id
