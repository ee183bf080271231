"""The article's own thread: locked, withdrawn, opened again, tagged, rendered anew.

What is done at once and leaves no case is done on Discord right here, and told in the moderators' log; a withdrawal
is a case, and what only renders posts is the publisher's.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import Declined, Refused, Vanished
from bot.languages import gettext_noop
from bot.model import CaseKind, CasePost, Made, NewCase
from bot.moderation.judging import require_arranges
from bot.moderation.tags import completions, named_tags
from bot.text.clean import clean
from bot.text.escape import escape
from bot.text.notices import MAX_REASON, tidy_reason
from bot.text.phrases import article_link
from bot.text.places import posted_at
from bot.text.posting import jump_link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from bot.clock import Clock
    from bot.languages import Say
    from bot.model import StoryDetails
    from bot.moderation.rules import Wish
    from bot.newsroom import Authority, Newsroom, Office
    from bot.store import Store

DEADLINE = timedelta(seconds=10)  # for who asks and waits
MAX_OFFERED = 25


class Articles:
    """The service behind ``cogs/moderation/articles.py``. Who acts comes as their ``Authority`` in the thread's channel."""

    def __init__(
        self,
        store: Store,
        office: Office,
        newsroom: Newsroom,
        say: Say,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._office = office
        self._newsroom = newsroom
        self._say = say  # the language of the moderators' log
        self._clock = clock
        self._wake = wake

    async def of(self, thread_id: int) -> StoryDetails:
        """The story whose thread this is.

        Raises:
            Declined: it is no news thread.
        """
        story = await self._store.story_by_thread(thread_id)
        if story is None or story.story.message_id is None:
            raise Declined("That is no news thread: use this in one.")
        return story

    async def lock(self, by: Authority, thread_id: int, reason: str | None, *, locked: bool) -> None:
        """Let nobody but who manages threads post there, or everybody again.

        Raises:
            Declined: no news thread, no permission, or the reason is too long.
            Refused, Later: Discord would not.
        """
        require_arranges(by)
        story = await self.of(thread_id)
        why = tidy_reason(reason or "")
        if len(why) > MAX_REASON:
            raise Declined("The reason is longer than {most} characters: shorten it.", most=MAX_REASON)
        with _told():
            await self._office.lock(thread_id, locked, _signed(by, why), self._deadline())
        done = (
            gettext_noop("{member} locked the discussion of {article}.")
            if locked
            else gettext_noop("{member} opened the discussion of {article} again.")
        )
        await self._tell(by, story, done, why)

    async def withdraw(self, origin: int, by: Authority, thread_id: int, wish: Wish) -> int:
        """Strike the opening post, with the reason in its place; the case's number. The discussion stays.

        Raises:
            Declined: no news thread, no permission, or it is withdrawn already.
        """
        require_arranges(by)
        story = await self.of(thread_id)
        standing = await self._store.withdrawal(story.story.id)
        if standing is not None:
            raise Declined("The article is withdrawn already: case #{case}.", case=standing.id)
        new = NewCase(
            origin=origin,
            kind=CaseKind.WITHDRAWAL,
            moderator_id=by.id,
            reason=wish.reason,
            next_step=wish.next_step,
            rule_id=wish.rule.id if wish.rule else None,
            rule_title=wish.rule.title if wish.rule else None,
            story_id=story.story.id,
            posts=(self._own_post(story),),
            tell=False,
        )
        opened = await self._store.open_case(new, self._clock.now())
        if opened.case_id is None:  # by somebody else, at this moment
            raise Declined("The article is withdrawn already: case #{case}.", case=opened.taken[0][1])
        self._wake()
        return opened.case_id

    def _own_post(self, story: StoryDetails) -> CasePost:
        """The article's own, which is nobody's; what it says the store has."""
        message_id = story.story.message_id
        assert message_id is not None
        return CasePost(
            message_id=message_id,
            thread_id=self._newsroom.place_of(story.story, message_id),
            author_id=None,
            name=story.article.source,
            avatar="",
            made=Made.BOT,
            at=posted_at(message_id),
        )

    async def retag(self, by: Authority, thread_id: int, text: str) -> tuple[str, ...]:
        """Give the thread exactly the tags that ``text`` names, separated by commas; the tags as they are called.

        Raises:
            Declined: no news thread, no permission, no forum, or tags that there are not.
            Refused, Later: Discord would not.
        """
        require_arranges(by)
        story = await self.of(thread_id)
        there = self._office.tags(story.story.channel_id)
        if not there:
            raise Declined(
                "There are no tags here: only forum channels have them, made in the forum's settings."
            )
        tags = named_tags(text, there)
        with _told():
            await self._office.retag(thread_id, tags, _signed(by), self._deadline())
        shown = escape(", ".join(tags), links=False, inline=True)
        await self._tell(by, story, gettext_noop("{member} tagged {article}: {tags}."), tags=shown)
        return tags

    async def offered_tags(self, thread_id: int, text: str) -> tuple[str, ...]:
        """What ``text`` may be completed to; none where there is nothing to offer."""
        story = await self._store.story_by_thread(thread_id)
        return completions(text, self._office.tags(story.story.channel_id)) if story else ()

    async def refresh(self, by: Authority, thread_id: int) -> None:
        """Have the opening post rendered anew.

        Raises:
            Declined: no news thread, or no permission.
        """
        require_arranges(by)
        story = await self.of(thread_id)
        if not await self._store.revise_now(story.story.id, self._clock.now()):
            raise Declined("The opening post is gone: /article repost opens a new thread for the article.")
        await self._tell(by, story, gettext_noop("{member} had the opening post of {article} made anew."))

    # --- articles whose thread is gone -------------------------------------------------------------------------

    async def lost(self, text: str, channels: frozenset[int]) -> tuple[StoryDetails, ...]:
        """Articles whose thread was deleted from any of ``channels`` and whose title has ``text`` in it, newest first."""
        found = await self._store.reposts(text.strip(), MAX_OFFERED * 4)
        return tuple(one for one in found if one.story.channel_id in channels)[:MAX_OFFERED]

    async def chosen(self, named: str, channels: frozenset[int]) -> StoryDetails:
        """The article that was chosen among ``lost`` by its token, or whose title was typed.

        Raises:
            Declined: there is none, or more than one, in ``channels``.
        """
        named = named.strip()
        if (story := await self._store.story_by_token(named)) and story.story.channel_id in channels:
            return story
        found = await self.lost(named, channels)
        alike = [one for one in found if one.article.title.casefold() == named.casefold()]
        if len(found) != 1 and len(alike) != 1:
            raise Declined("Choose one of the articles that are offered: those whose thread was deleted.")
        return (alike or found)[0]

    async def repost(self, by: Authority, story: StoryDetails) -> None:
        """Open a new thread for an article whose thread was deleted.

        Raises:
            Declined: no permission, or its thread stands.
        """
        require_arranges(by)
        if not await self._store.repost(story.story.id, self._clock.now()):
            if story.story.thread_id is None:
                raise Declined("The article's thread is on its way already.")
            link = jump_link(self._office.guild_id, story.story.thread_id, story.story.message_id or 0)
            raise Declined("The article's thread still stands: {link}", link=link)
        await self._tell(
            by, story, gettext_noop("{member} had a new thread opened for {article}."), there=False
        )

    # --- parts -------------------------------------------------------------------------------------------------

    def _deadline(self) -> datetime:
        return self._clock.now() + DEADLINE

    async def _tell(
        self,
        by: Authority,
        story: StoryDetails,
        text: str,
        why: str = "",
        *,
        there: bool = True,
        **values: str,
    ) -> None:
        """A line in the moderators' log, and whatever else was written is done at once; ``text`` is a message id with ``{member}`` and ``{article}``."""
        thread_id = story.story.thread_id if there else None
        link = article_link(story.article.title, thread_id, self._say, self._office.guild_id)
        article = link or self._say("an article without a title")
        line = self._say(text, member=f"<@{by.id}>", article=article, **values)
        if why:
            line = f"{line}\n> {_shown(why)}"
        await self._store.tell(story.story.id, line, self._clock.now())
        self._wake()


@contextmanager
def _told() -> Iterator[None]:
    """What Discord refuses is a sentence for who asked.

    Raises:
        Declined: the thread is gone, or the bot lacks the permission.
    """
    try:
        yield
    except Vanished as error:
        raise Declined("That thread is gone.") from error
    except Refused as error:
        raise Declined(
            "Discord does not let the bot do that: give its role Manage Threads in this channel."
        ) from error


def _signed(by: Authority, why: str = "") -> str:
    """The reason that Discord's audit log shows; it takes 512 characters."""
    who = f"{clean(by.name)} ({by.id})"
    return f"{who}: {why}" if why else who


def _shown(text: str) -> str:
    return escape(text, links=False, inline=True)
