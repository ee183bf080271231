"""Reports: members point moderators at a post. Several reports of one post are one, and none of them hides anything."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import Declined
from bot.languages import gettext_noop
from bot.model import CaseState, ReportState
from bot.moderation.judging import require_removes
from bot.posts import Known, Posts
from bot.text.posting import jump_link
from bot.text.quoting import excerpt, own_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.clock import Clock
    from bot.languages import Say
    from bot.model import Report, Said, StoryDetails
    from bot.newsroom import Floor
    from bot.newsroom.authority import Authority
    from bot.settings.keys import ModerationKeys
    from bot.store import Store

MAX_REPORT = 300  # characters of a member's reason
# That a member may report within an hour: each is an entry in the log, before which those of cases have to wait.
MOST = 20
_WITHIN = timedelta(hours=1)
_MAX_EXCERPT = 500
_TWICE = gettext_noop("You have reported that post already: the moderators know of it.")
_GONE = gettext_noop("That post is gone already: there is nothing left to report.")


@dataclass(frozen=True, slots=True)
class Reported:
    """A report, and the channel whose moderators decide about it."""

    report: Report
    channel_id: int


@dataclass(frozen=True, slots=True)
class _Target:
    """What is reported: a member's post, or an article by its own post."""

    story: StoryDetails
    known: Known
    article: bool = False

    @property
    def author_id(self) -> int | None:
        return None if self.article else self.known.author_id


class Reports:
    """The service behind ``Report post…`` and the buttons of a report in the moderators' log."""

    def __init__(
        self,
        store: Store,
        floor: Floor,
        keys: ModerationKeys,
        say: Say,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._floor = floor
        self._posts = Posts(store, floor)
        self._keys = keys
        self._say = say  # the language of the log
        self._clock = clock
        self._wake = wake
        self._taking = asyncio.Lock()  # of many at once none is overlooked

    # --- members -------------------------------------------------------------------------------------------

    async def require_reportable(self, member_id: int, said: Said) -> None:
        """Pass when the member may report this post, as far as that is known without asking Discord for much.

        Raises:
            Declined: see the sentences.
            Later, Refused: Discord could not be asked.
        """
        await self._target(member_id, said)
        await self._require_few(member_id)

    async def report(self, member_id: int, shown: Said, reason: str) -> None:
        """A member reports the post that they were ``shown``; ``reason`` may be empty.

        Raises:
            Declined: see the sentences; nothing was reported.
            Later, Refused: the post could not be looked at; nothing was reported.
        """
        reason = " ".join(reason.split())
        if len(reason) > MAX_REPORT:
            raise Declined("The reason is longer than {most} characters: shorten it.", most=MAX_REPORT)
        # A reply may have been replaced by its repost, and any post deleted, while the form was filled in.
        message_id = await self._store.stands_for(shown.message_id)
        said = await self._floor.look_up(shown.thread_id, message_id)
        if said is None:
            raise Declined(_GONE)
        if said.empty and said.message_id == shown.message_id:
            said = shown  # without the message content intent only the interaction shows what it says
        target = await self._target(member_id, said)
        post = target.known.said
        author = await self._author(target)
        async with self._taking:
            await self._require_few(member_id)
            report, new = await self._store.report(
                post.message_id,
                post.thread_id,
                target.story.story.id,
                author,
                excerpt(own_words(post, target.known.words, self._say), _MAX_EXCERPT),
                member_id,
                reason,
                self._clock.now(),
            )
        await self._ping_if_enough(report)
        self._wake()
        if not new:
            raise Declined(_TWICE)

    async def _require_few(self, member_id: int) -> None:
        if await self._store.reported_since(member_id, self._clock.now() - _WITHIN) >= MOST:
            raise Declined(
                "You have reported {most} posts within an hour, which is as many as are taken: tell a moderator yourself.",
                most=MOST,
            )

    async def _target(self, member_id: int, said: Said) -> _Target:
        if self._keys.log_channel_id is None:
            raise Declined("Reports reach nobody in this server: tell a moderator yourself.")
        target = await self._meant(said)
        message_id = target.known.said.message_id
        if target.author_id == member_id:
            raise Declined("That is your own post: delete it if it should not stand there.")
        case = await self._store.case_of(message_id)
        if case is not None and case.state is not CaseState.REINSTATED and case.post(message_id):
            raise Declined("The moderators have dealt with that post already.")
        report = await self._store.report_of(message_id)
        if report is not None and any(by == member_id for by, _, _ in report.by):
            raise Declined(_TWICE)
        return target

    async def _meant(self, said: Said) -> _Target:
        story = await self._posts.story(said.thread_id, said.message_id)
        if story is None:
            raise Declined(
                "Only posts in news threads can be reported here: tell a moderator about others yourself."
            )
        if said.message_id in (story.story.message_id, story.story.thread_id):
            return _Target(story, Known(said, None), article=True)
        if said.system:
            raise Declined(
                "That is a note by Discord itself, which can't be reported; choose a member's post."
            )
        known = await self._posts.meant(said)
        if known is None:
            raise Declined(_GONE)
        if self._floor.is_me(known.said.author_id) and not known.said.ours:
            raise Declined("That is the bot's own post, which can't be reported; choose a member's post.")
        return _Target(story, known)

    async def _author(self, target: _Target) -> tuple[int, str] | None:
        """Id and name; None where no member is known to be it."""
        if target.author_id is None:
            return None
        face = await self._posts.wish_for(target.known) or await self._floor.as_member(target.known.said)
        return target.author_id, face.name

    async def _ping_if_enough(self, report: Report) -> None:
        """A new line in the log: editing the report's own entry would ping nobody.

        Asked for at every report from the one that is enough on, so that the next makes good what a crash in between lost.
        """
        role_id, enough = self._keys.moderator_role_id, self._keys.ping_at
        if role_id is None or not enough or len(report.by) < enough or report.state is not ReportState.OPEN:
            return
        text = self._say.many(
            "{role} One member reported [this post]({link}).",
            "{role} {count} members reported [this post]({link}).",
            len(report.by),
            role=f"<@&{role_id}>",
            link=jump_link(self._floor.guild_id, report.thread_id, report.message_id),
        )
        await self._store.tell(
            report.story_id, text, self._clock.now(), once=f"reported:{report.message_id}", ping=role_id
        )

    # --- moderators ----------------------------------------------------------------------------------------

    async def find(self, token: str) -> Reported:
        """The report whose entry bears ``token``.

        Raises:
            Declined: nothing is known of it (any more).
        """
        report = await self._store.report_by_token(token)
        story = await self._posts.story(report.thread_id, report.message_id) if report is not None else None
        if report is None or story is None:
            raise Declined("Nothing is stored about this report any more.")
        return Reported(report, story.story.channel_id)

    async def to_remove(self, authority: Authority, token: str) -> Report:
        """The report, of a post that may still be removed because of it.

        Raises:
            Declined: somebody has decided about it, or who asks may not.
        """
        require_removes(authority)
        report = (await self.find(token)).report
        _require_open(report)
        return report

    async def dismiss(self, authority: Authority, token: str) -> None:
        """Nothing is wrong with the post, a moderator finds.

        Raises:
            Declined: as for ``to_remove``.
        """
        report = await self.to_remove(authority, token)
        if not await self._store.dismiss(report.message_id, authority.id, self._clock.now()):
            _require_open((await self.find(token)).report)
        self._wake()


def _require_open(report: Report) -> None:
    who = f"<@{report.decided_by}>"
    if report.state is ReportState.DISMISSED:
        raise Declined("{moderator} has dismissed this report already.", moderator=who)
    if report.state is ReportState.REMOVED:
        raise Declined("That post is removed already: see case #{case}.", case=report.case_id)
