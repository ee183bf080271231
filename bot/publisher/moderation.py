"""The deeds of moderation: posts taken down, notices, letters, entries in the log, posting rights.

What a case, a report or a suspension is at the moment of the deed is asked of the store: the jobs name them only.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

from bot.errors import Later, Refused, Unreachable, Vanished
from bot.failpoints import reach
from bot.model import CaseState, Receipt
from bot.newsroom import Deleted, Found
from bot.publisher.deeds import Again, known
from bot.text.cases import entry
from bot.text.notices import letter, notice
from bot.text.reports import report_entry

if TYPE_CHECKING:
    from datetime import datetime

    from bot.clock import Clock
    from bot.languages import Say
    from bot.model import Case, CasePost, Job, Report
    from bot.newsroom import Finding, Office
    from bot.publisher.deeds import Looked
    from bot.settings.keys import ModerationKeys
    from bot.store import Store

log = logging.getLogger(__name__)

# Attempts in which a file that can't be fetched just now is waited for: a removal must not wait for it for long.
PATIENT = 3
_KEEPING_AT_ONCE = 2  # posts whose files are in memory


class _Moderating:
    """What they have in common."""

    def __init__(self, store: Store, office: Office, keys: ModerationKeys, say: Say, clock: Clock) -> None:
        self._store = store
        self._office = office
        self._keys = keys
        self._say = say  # the language of the server
        self._clock = clock

    def ready(self, job: Job) -> None:
        self._office.check()

    async def look(self, job: Job) -> Looked:
        return Again()

    async def _case(self, job: Job) -> Case:
        case = await self._store.case(known(job.case_id))
        if case is None:
            raise Vanished("nothing is stored about this case any more")
        return case

    @property
    def _about(self) -> str:
        return self._say("About this case")


class TakeDown(_Moderating):
    """Keep the files of a post of a case, then delete it."""

    done = "removed a post under"

    def __init__(self, store: Store, office: Office, keys: ModerationKeys, say: Say, clock: Clock) -> None:
        super().__init__(store, office, keys, say, clock)
        self._keeping = asyncio.Semaphore(_KEEPING_AT_ONCE)

    async def perform(self, job: Job, deadline: datetime) -> tuple[Receipt, str | None]:
        case = await self._case(job)
        if case.state is CaseState.REINSTATED:
            raise Later(
                "the case was undone at this moment", retry_after=0
            )  # what was done before is looked for
        post, stands = await self._target(case, job)
        if not post.files_kept:
            await self._keep(job, post, stands)
        reach("take-down:kept")
        reason = f"Case #{case.id} by {case.moderator_id or 'the bot'}: {case.reason}"
        try:
            for message_id in dict.fromkeys((stands, post.message_id)):
                await self._office.take_down(post.thread_id, message_id, reason, deadline)
        except Refused as error:
            if error.channel_wide:
                await self._tell_lacking(case)
            raise
        return Receipt(stands), None

    async def look(self, job: Job) -> Looked:
        """Whether it is gone, which counts when the case was undone meanwhile: then it is to be posted again."""
        post, stands = await self._target(await self._case(job), job)
        for message_id in dict.fromkeys((stands, post.message_id)):
            if await self._office.stands(post.thread_id, message_id):
                return Again()
        return Receipt(stands)

    async def _target(self, case: Case, job: Job) -> tuple[CasePost, int]:
        """The post, and what stands for it: a native reply may have been replaced while this waited."""
        post = case.post(known(job.subject_id))
        if post is None:
            raise Vanished("the case is not about that post any more")
        return post, await self._store.stands_for(post.message_id)

    async def _keep(self, job: Job, post: CasePost, stands: int) -> None:
        """Nothing to do for a post that is gone already."""
        case_id = known(job.case_id)
        async with self._keeping:
            found = await self._office.evidence(
                post.thread_id, stands, self._keys.keep_files, patient=job.attempt <= PATIENT
            )
            if found is None:
                return
            data = [each.data for each in found if each.data is not None]
            paths = iter(await self._store.kept.keep(case_id, post.message_id, data))
            kept = tuple(
                replace(each.file, path=next(paths)) if each.data is not None else each.file for each in found
            )
        await self._store.files_kept(case_id, post.message_id, kept)

    async def _tell_lacking(self, case: Case) -> None:
        text = self._say(
            "In <#{channel}> the bot can't remove the posts of case #{case} yet: give its role Manage Messages there.",
            channel=case.channel_id,
            case=case.id,
        )
        await self._store.tell(case.story_id, text, self._clock.now(), once=f"lacking:take-down:{case.id}")


class Notice(_Moderating):
    """Say in the thread what a case removed and why, or bring that up to date."""

    done = "told the thread of"

    async def perform(self, job: Job, deadline: datetime) -> tuple[Receipt, str | None]:
        case = await self._case(job)
        if case.thread_id is None:
            raise Vanished("the thread is gone")
        if not case.noticed:
            return Receipt(), None  # a person deleted it meanwhile
        text = notice(case, self._say, named=self._keys.name_moderators)
        if case.notice_id is None:
            try:
                message_id = await self._office.post_notice(
                    case.thread_id, text, case.token, self._about, deadline
                )
            except Refused as error:
                if error.channel_wide:
                    await self._tell_lacking(case)
                raise
            return Receipt(message_id), None
        await self._office.change_notice(
            case.thread_id, case.notice_id, text, case.token, self._about, deadline
        )
        return Receipt(case.notice_id), None

    async def _tell_lacking(self, case: Case) -> None:
        text = self._say(
            "In <#{channel}> the bot can't say yet what case #{case} removed: give its role Send Messages in Threads and"
            " Posts there.",
            channel=case.channel_id,
            case=case.id,
        )
        await self._store.tell(case.story_id, text, self._clock.now(), once=f"lacking:notice:{case.id}")

    async def look(self, job: Job) -> Looked:
        case = await self._case(job)
        if case.notice_id is not None or case.thread_id is None:
            return Again()
        since = job.started_at or job.not_before
        return _receipt(await self._office.find_notice(case.thread_id, case.token, since))


class Tell(_Moderating):
    """Tell a member of a case, or of its decision, by direct message."""

    done = "told a member of"

    async def perform(self, job: Job, deadline: datetime) -> tuple[Receipt, str | None]:
        case, member_id = await self._case(job), known(job.subject_id)
        member = case.member(member_id)
        if member is None:
            raise Vanished("the case is not about that member any more")
        about = cast(Literal["case", "decision"], job.payload["about"])
        appeals = about == "case" and bool(self._keys.appeals)
        written = letter(case, member, about, self._say, self._office.guild_id, appeals=appeals)
        name = self._say("Case #{case}", case=case.id)
        try:
            message_id = await self._office.tell(member_id, written, (case.id, name), job.token, deadline)
        except Unreachable as error:
            # Ordinary, and for them to choose: the case tells that they don't know.
            log.info("case %d: %s", case.id, error)
            return Receipt(), None
        return Receipt(message_id), None

    async def look(self, job: Job) -> Looked:
        since = job.started_at or job.not_before
        finding = await self._office.find_told(known(job.subject_id), job.token, since)
        return Receipt() if isinstance(finding, Deleted) else _receipt(finding)


class _Logged(_Moderating):
    """What is written into the moderators' log, if there is one."""

    def ready(self, job: Job) -> None:
        if self._keys.log_channel_id is not None:
            self._office.check_log(self._keys.log_channel_id)


class Enter(_Logged):
    """Write a case into the moderators' log, or bring its entry up to date."""

    done = "entered into the log"

    async def perform(self, job: Job, deadline: datetime) -> tuple[Receipt, str | None]:
        channel_id = self._keys.log_channel_id
        if channel_id is None:
            return Receipt(), None
        case = await self._case(job)
        written = entry(case, self._say, self._office.guild_id)
        if case.log_id is None:
            message_id = await self._office.enter(channel_id, written, case.log_token, self._about, deadline)
            return Receipt(message_id), None
        await self._office.change_entry(
            channel_id, case.log_id, written, case.log_token, self._about, deadline
        )
        return Receipt(case.log_id), None

    async def look(self, job: Job) -> Looked:
        case = await self._case(job)
        if case.log_id is not None or self._keys.log_channel_id is None:
            return Again()
        since = job.started_at or job.not_before
        return _receipt(await self._office.find_entry(self._keys.log_channel_id, case.log_token, since))


class ReportEntry(_Logged):
    """Write a report by members into the moderators' log, or bring its entry up to date."""

    done = "entered a report on"

    async def perform(self, job: Job, deadline: datetime) -> tuple[Receipt, str | None]:
        channel_id = self._keys.log_channel_id
        if channel_id is None:
            return Receipt(), None
        report = await self._report(job)
        written = report_entry(report, self._say, self._office.guild_id)
        if report.log_id is None:
            message_id = await self._office.enter_report(channel_id, written, report.token, deadline)
            return Receipt(message_id), None
        await self._office.change_report(channel_id, report.log_id, written, report.token, deadline)
        return Receipt(report.log_id), None

    async def look(self, job: Job) -> Looked:
        report = await self._report(job)
        if report.log_id is not None or self._keys.log_channel_id is None:
            return Again()
        since = job.started_at or job.not_before
        return _receipt(await self._office.find_entry(self._keys.log_channel_id, report.token, since))

    async def _report(self, job: Job) -> Report:
        report = await self._store.report_of(known(job.subject_id))
        if report is None:
            raise Vanished("nothing is stored about this report any more")
        return report


class PostingRights(_Moderating):
    """Bring a member's posting rights in line with their suspensions, whatever they were."""

    done = "saw to a member's posting rights"

    async def perform(self, job: Job, deadline: datetime) -> tuple[Receipt, str | None]:
        member_id = known(job.subject_id)
        until = await self._store.suspended_until(member_id, self._clock.now())
        ours = await self._store.suspended_at_most(member_id)
        reason = f"suspended until {until:%Y-%m-%d %H:%M} UTC" if until else "the suspension is over"
        case = f"case #{job.case_id}: " if job.case_id is not None else ""
        try:
            await self._office.set_rights(
                member_id, until, ours, self._keys.suspended_role_id, f"Newsthread: {case}{reason}", deadline
            )
        except Refused as error:
            await self._tell_why(job, member_id, error)
            raise
        return Receipt(), None

    async def _tell_why(self, job: Job, member_id: int, error: Refused) -> None:
        text = self._say(
            "The posting rights of {member} are not as they should be: {problem}.",
            member=f"<@{member_id}>",
            problem=error,
        )
        story_id = job.mirrored[0].id if job.mirrored is not None else None
        await self._store.tell(story_id, text, self._clock.now(), once=f"rights:{member_id}:{job.id}")


def _receipt(finding: Finding) -> Looked:
    return Receipt(finding.message_id) if isinstance(finding, Found) else finding
