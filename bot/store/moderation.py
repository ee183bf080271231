"""The part of ``Store`` that is about moderation: cases, suspensions, reports, what disappeared, what is forgotten.

``bot/store/facade.py`` makes one class of it and of the rest; callers see ``Store``. What each method does to the
tables is in the module that its section names; what follows when a job is done, in ``bot/store/saga.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.store import (
    case_opening,
    casebook,
    cases,
    disappeared,
    erasure,
    export,
    followed,
    reports,
    stories,
    suspensions,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from bot.clock import Clock
    from bot.model import (
        Case,
        CaseFilter,
        CasePage,
        Disappeared,
        KeptFile,
        MonthCount,
        NewCase,
        Opened,
        Report,
        StoryDetails,
        Strike,
        Suspension,
    )
    from bot.store.files import KeptFiles
    from bot.store.writer import Writer


class ModerationFacts:
    """Methods of ``Store``, which see for what holds of them all."""

    _writer: Writer
    _clock: Clock
    kept: KeptFiles  # the files of removed posts, beside the database

    # --- cases: what moderators do (bot/store/case_opening.py, bot/store/cases.py) -------------------------

    async def open_case(self, new: NewCase, now: datetime) -> Opened:
        """Open a case, with all that it leads to: jobs, suspensions, strikes. The same again for the same origin.

        A post that a standing case has is left out; if Discord refused to delete it then, that is tried again now.
        Reports of the posts are closed by it.
        """
        return await self._writer.run(case_opening.open_case, self._clock, new, now)

    async def edit_case(
        self,
        case_id: int,
        by: int,
        now: datetime,
        *,
        reason: str | None = None,
        next_step: str | None = None,
        rule: tuple[str, str] | None = None,
        noticed: bool | None = None,
    ) -> bool:
        """Change what a case says; ``rule`` is id and title; whether anything changed. The notice and the log follow.

        ``noticed=True`` adds a notice to a case without, also where a person had deleted it; False leaves the one there
        is as it is from now on.
        """
        return await self._writer.run(
            cases.edit, self._clock, case_id, by, now, reason, next_step, rule, noticed
        )

    async def note_case(self, case_id: int, by: int, text: str, now: datetime) -> bool:
        """Add a note for moderators. False: there is no such case."""
        return await self._writer.run(cases.note, self._clock, case_id, by, text, now)

    async def appeal(self, case_id: int, member_id: int, text: str, now: datetime) -> bool:
        """A member of the case appeals. False: they did before, are no member of it, or it is decided."""
        return await self._writer.run(cases.appeal, self._clock, case_id, member_id, text, now)

    async def uphold(self, case_id: int, by: int, why: str, now: datetime) -> bool:
        """An appealed case stands; who appealed is told. False: it is not appealed, or decided already."""
        return await self._writer.run(cases.uphold, self._clock, case_id, by, why, now)

    async def reinstate(self, case_id: int, by: int, why: str, now: datetime) -> bool:
        """Undo a case: its posts are posted again, its strikes count no longer, its suspensions end.

        What still waits to be deleted stays; what is being deleted at this moment is posted again once that is known.
        False: it is reinstated already, or there is no such case.
        """
        return await self._writer.run(cases.reinstate, self._clock, case_id, by, why, now)

    # --- cases: questions (bot/store/casebook.py, bot/store/followed.py) -----------------------------------

    async def case(self, case_id: int) -> Case | None:
        """The case with this number."""
        return await self._writer.run(casebook.case, case_id)

    async def case_of(self, message_id: int) -> Case | None:
        """The newest case that is about this message, or that posted it again."""
        return await self._writer.run(casebook.case_of, message_id)

    async def case_by_token(self, token: str) -> Case | None:
        """The case whose notice or log entry bears this marker."""
        return await self._writer.run(casebook.case_by_token, token)

    async def cases(self, which: CaseFilter, offset: int, limit: int) -> CasePage:
        """Cases, newest first, from the ``offset``-th, at most ``limit``, and how many there are."""
        return await self._writer.run(casebook.cases, which, offset, limit)

    async def withdrawal(self, story_id: int) -> Case | None:
        """The case that has the article's own post struck, if one stands."""
        return await self._writer.run(casebook.withdrawal, story_id)

    async def counts_by_month(self, since: datetime) -> tuple[MonthCount, ...]:
        """Cases about posts since then, by UTC month and rule: oldest month first, then most first."""
        return await self._writer.run(casebook.counts_by_month, since)

    async def stands_for(self, message_id: int) -> int:
        """The post of ours that has taken a message's place, else the message itself."""
        return await self._writer.run(followed.stands_for, message_id)

    # --- files of removed posts (bot/store/followed.py, bot/store/files.py) --------------------------------

    async def files_kept(self, case_id: int, message_id: int, files: tuple[KeptFile, ...]) -> None:
        """A post's files lie in ``kept``, as far as they could be fetched: into its snapshot.

        Where the snapshot was erased meanwhile, they are dropped at once.
        """
        if not await self._writer.run(followed.files_kept, case_id, message_id, files):
            await self.kept.drop([file.path for file in files if file.path is not None])

    async def kept_paths(self) -> frozenset[str]:
        """The paths of all kept files that a case tells of."""
        return await self._writer.run(followed.kept_paths)

    # --- strikes and posting rights (bot/store/suspensions.py) ---------------------------------------------

    async def strikes(self, member_id: int) -> tuple[Strike, ...]:
        """A member's strikes, newest first, those that count no longer included."""
        return await self._writer.run(suspensions.strikes, member_id)

    async def suspensions(self, member_id: int) -> tuple[Suspension, ...]:
        """A member's suspensions, newest first."""
        return await self._writer.run(suspensions.suspensions, member_id)

    async def suspended_until(self, member_id: int, now: datetime) -> datetime | None:
        """The latest end, after now, of a suspension that was not lifted."""
        return await self._writer.run(suspensions.suspended_until, member_id, now)

    async def suspended_at_most(self, member_id: int) -> datetime | None:
        """The latest end that any suspension of ours ever had: a time-out that lasts longer is somebody else's."""
        return await self._writer.run(suspensions.suspended_at_most, member_id)

    async def lift(self, member_id: int, by: int, why: str, now: datetime) -> int:
        """End the suspensions of a member. How many that were."""
        return await self._writer.run(suspensions.lift, self._clock, member_id, by, why, now)

    # --- reports (bot/store/reports.py) --------------------------------------------------------------------

    async def report(
        self,
        message_id: int,
        thread_id: int,
        story_id: int,
        author: tuple[int, str] | None,
        excerpt: str,
        by: int,
        reason: str,
        now: datetime,
    ) -> tuple[Report, bool]:
        """A member reports a post: the report of it, which is all members', and whether theirs is new.

        ``author`` is id and name. A dismissed report stays so; one whose case was reinstated is open again.
        """
        return await self._writer.run(
            reports.report,
            self._clock,
            message_id,
            thread_id,
            story_id,
            author,
            excerpt,
            by,
            reason,
            now,
        )

    async def report_of(self, message_id: int) -> Report | None:
        """The report of a post, or of what it took the place of."""
        return await self._writer.run(reports.report_of, message_id)

    async def reported_since(self, member_id: int, since: datetime) -> int:
        """How many posts the member has reported since then."""
        return await self._writer.run(reports.reported_since, member_id, since)

    async def report_by_token(self, token: str) -> Report | None:
        """The report whose log entry bears this marker."""
        return await self._writer.run(reports.report_by_token, token)

    async def dismiss(self, message_id: int, by: int, now: datetime) -> bool:
        """Nothing is to be done about a reported post. False: the report is not open, or there is none."""
        return await self._writer.run(reports.dismiss, self._clock, message_id, by, now)

    # --- what others do (bot/store/disappeared.py) ---------------------------------------------------------

    async def disappeared(self, before: datetime) -> tuple[Disappeared, ...]:
        """Members' posts that were deleted before then, and of which nobody has found out yet by whom, in order."""
        return await self._writer.run(disappeared.disappeared, before)

    async def settle_disappeared(self, message_ids: Collection[int]) -> None:
        """Nothing more need be found out about these."""
        await self._writer.run(disappeared.settle, message_ids)

    async def audit_counts(self) -> dict[int, int]:
        """How many deletions of each entry of the audit log were seen, by the entry's id."""
        return await self._writer.run(disappeared.audit_counts)

    async def audited(self, counts: Mapping[int, int], now: datetime) -> None:
        """So many were seen of these; entries that were not seen for two days are forgotten."""
        await self._writer.run(disappeared.audited, counts, now)

    # --- members' data (bot/store/export.py, bot/store/erasure.py) -----------------------------------------

    async def export(self, member_id: int) -> dict[str, Any]:
        """All that is stored about a member, in plain words, as JSON has it. What others said of them is left out."""
        return await self._writer.run(export.export, member_id)

    async def made_for(self, member_id: int) -> tuple[int, ...]:
        """The posts (``Post.id``) that we made, or are to make, for a member and that are not deleted."""
        return await self._writer.run(export.made_for, member_id)

    async def erase(self, member_id: int, now: datetime) -> tuple[str, ...]:
        """Take a member out of cases, reports, baskets and preferences; the paths of kept files to drop.

        Cases keep their number, rule, reason, kind, state and times, and who moderated. Strikes are gone with the
        member; a suspension that runs is kept until it ends. What the bot posted for them, and what others quoted,
        stands on Discord and is kept as long as it does.
        """
        return await self._writer.run(erasure.erase, self._clock, member_id, now)

    async def expire(self, before: datetime, now: datetime) -> tuple[str, ...]:
        """Forget what was removed, and what was said in appeals and reports, before then; the paths of files to drop.

        A case that is still being carried out keeps it.
        """
        return await self._writer.run(erasure.expire, self._clock, before, now)

    # --- articles (bot/store/stories.py) -------------------------------------------------------------------

    async def repost(self, story_id: int, now: datetime) -> bool:
        """Mirror an article anew whose thread or opening post is gone, under a new token. False: it is not gone."""
        return await self._writer.run(stories.repost, self._clock, story_id, now)

    async def revise_now(self, story_id: int, now: datetime) -> bool:
        """Render the opening post anew at once, changed or not. False: there is none."""
        return await self._writer.run(stories.revise_now, self._clock, story_id, now)

    async def reposts(self, text: str, limit: int) -> tuple[StoryDetails, ...]:
        """Stories that ``repost`` would mirror anew, with this in their title, newest first."""
        return await self._writer.run(stories.reposts, text, limit)
