"""Reports by members as moderators read them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import ReportState
from bot.text.notices import Entry
from bot.text.phrases import (
    MAX_MESSAGE,
    MIDDLE_DOT,
    fitting,
    in_quote,
    moderator,
    moment,
    more,
    quotable,
    shown,
    who,
)
from bot.text.places import posted_at
from bot.text.posting import jump_link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.languages import Say
    from bot.model import Report

_MAX_REPORTERS = 5
_MAX_REASON = 200
_MAX_EXCERPT = 500


def report_entry(report: Report, say: Say, guild_id: int) -> Entry:
    """The report in the moderators' log; with buttons to decide as long as nobody has."""
    post = (say("View post"), jump_link(guild_id, report.thread_id, report.message_id))
    shows = ("show", say("Show in full"))
    decides = (("remove", say("Remove\u2026")), ("dismiss", say("Dismiss")), shows)
    text = fitting(
        (
            *_report(report, say),
            *_reporters(report, say, _MAX_REPORTERS),
            _decision(report, say),
        ),
        MAX_MESSAGE,
    )
    links = () if report.state is ReportState.REMOVED else (post,)
    return Entry(text, links, decides if report.state is ReportState.OPEN else (shows,))


def report_text(report: Report, say: Say, guild_id: int) -> str:
    """The report with everybody who made it, as Markdown of at most 2000 code points."""
    link = jump_link(guild_id, report.thread_id, report.message_id)
    return fitting(
        (
            *_report(report, say),
            f"[{say('view post')}]({link})" if report.state is not ReportState.REMOVED else "",
            _decision(report, say),
            *_reporters(report, say, len(report.by)),
        ),
        MAX_MESSAGE,
    )


def _report(report: Report, say: Say) -> Iterator[str]:
    count = say.many("One report", "{count} reports", len(report.by))
    yield f"**{say('Reported post')}{MIDDLE_DOT}{count}**"
    when = moment(posted_at(report.message_id))
    # Nobody's name is known of an article, of a post that only looks like one of ours, and of what was erased.
    yield (
        say("{member} posted {when}", member=who(report.author_id, report.name, say), when=when)
        if report.author_id is not None or report.name
        else say("Posted {when}:", when=when)
    )
    yield in_quote(quotable(report.excerpt, _MAX_EXCERPT))


def _decision(report: Report, say: Say) -> str:
    values = {
        "moderator": moderator(report.decided_by, say),
        "when": moment(report.decided_at) if report.decided_at is not None else "",
    }
    match report.state:
        case ReportState.DISMISSED:
            return say("{moderator} dismissed it {when}", **values).rstrip()
        case ReportState.REMOVED:
            return say("{moderator} removed it {when}: case #{number}", number=report.case_id, **values)
    return ""


def _reporters(report: Report, say: Say, most: int) -> Iterator[str]:
    for member_id, reason, at in report.by[:most]:
        told = say("{member} reported it {when}", member=who(member_id, "", say), when=moment(at))
        yield f"- {told}: {why}" if (why := shown(reason, _MAX_REASON)) else f"- {told}"
    yield from more(len(report.by) - most, say)
