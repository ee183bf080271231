"""What is read of deliveries that something stands in the way of. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.languages import gettext_noop
from bot.model import JobKind
from bot.text import links
from bot.text.clean import clean
from bot.text.cut import cut_words
from bot.text.escape import masked_link
from bot.text.phrases import MAX_MESSAGE, MIDDLE_DOT, fitting, moment, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.languages import Say
    from bot.model import WaitingJob

MAX_TITLE = 80
MAX_LINK = 300
MAX_PROBLEM = 240
_ROOM_FOR_REST = 80

DEEDS = {
    JobKind.OPEN: gettext_noop("thread of an article"),
    JobKind.REVISE: gettext_noop("update of an opening post"),
    JobKind.HEADLINE: gettext_noop("word on a new headline"),
    JobKind.QUOTE: gettext_noop("post that quotes"),
    JobKind.REQUOTE: gettext_noop("update of a post that quotes"),
    JobKind.REPLACE: gettext_noop("removal of a reply that was posted anew"),
    JobKind.DELETE: gettext_noop("removal of a post of the bot's"),
    JobKind.UNREACT: gettext_noop("removal of a reaction"),
    JobKind.LOG: gettext_noop("line in the moderators' log"),
    JobKind.TAKE_DOWN: gettext_noop("removal of a post"),
    JobKind.NOTICE: gettext_noop("notice of a removal"),
    JobKind.TELL: gettext_noop("direct message to a member"),
    JobKind.ENTER: gettext_noop("case in the moderators' log"),
    JobKind.REPORT: gettext_noop("report in the moderators' log"),
    JobKind.RIGHTS: gettext_noop("a member's posting rights"),
}


def waiting_list(jobs: Sequence[WaitingJob], say: Say) -> str:
    """The jobs, as many as there is room for, as Markdown of at most 2000 code points."""
    if not jobs:
        return say("Nothing stands in the way of any delivery.")
    parked = sum(job.parked for job in jobs)
    heading = say.many(
        "One delivery is held up or parked.", "{count} deliveries are held up or parked.", len(jobs)
    )
    hint = say("What is parked waits for you: cure what stands in the way, then use /delivery retry.")
    lines = [f"**{heading}**", *([hint] if parked else [])]
    room = MAX_MESSAGE - sum(len(line) + 1 for line in lines) - _ROOM_FOR_REST
    for told, job in enumerate(jobs):
        entry = _entry(job, say)
        room -= len(entry) + 1
        if room < 0:
            rest = len(jobs) - told
            lines.append(say.many("… and one more.", "… and {count} more.", rest))
            break
        lines.append(entry)
    return fitting(lines, MAX_MESSAGE)


def choice_of(job: WaitingJob, say: Say, limit: int) -> str:
    """A job as one of several to choose from, as plain text: ``12 · thread of an article · A bridge is opened``."""
    parts = [str(job.job_id), say(DEEDS[job.kind]), clean(job.title or "")]
    return cut_words(MIDDLE_DOT.join(filter(None, parts)), limit)


def _entry(job: WaitingJob, say: Say) -> str:
    case = say("Case #{number}", number=job.case_id) if job.case_id else ""
    about = (say(DEEDS[job.kind]), _article(job), case, moment(job.created_at, "R"))
    state = (
        say("Parked: {problem}", problem=shown(job.problem, MAX_PROBLEM))
        if job.parked
        else say(
            "Held up: {problem}; tried again {when}",
            problem=shown(job.problem, MAX_PROBLEM),
            when=moment(job.not_before, "R"),
        )
    )
    return f"**{job.job_id}** {MIDDLE_DOT.join(filter(None, about))}\n-# {state}"


def _article(job: WaitingJob) -> str:
    title = cut_words(clean(job.title or ""), MAX_TITLE)
    link = links.linkable(job.url) if job.url else None
    deceptive = not title or links.is_address(title)
    if link is None or deceptive or len(link) > MAX_LINK or links.claims_another_host(title, link):
        return shown(title, MAX_TITLE)
    return masked_link(title, link)
