"""What is on record: a member's strikes and suspensions, and everybody's removals counted by month and rule. Pure."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from bot.text.clean import clean
from bot.text.cut import cut_words
from bot.text.escape import code_safe
from bot.text.phrases import MAX_MESSAGE, MIDDLE_DOT, fitting, moderator, moment, more, shown, struck
from bot.text.table import MAX_WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.languages import Say
    from bot.model import MonthCount, Strike, Suspension

MAX_STRIKES = 1900  # leaves room for whose they are
_MAX_TITLE = 40
_MAX_LINES = 10  # of strikes, and of suspensions
_MONTH = len("2026-11")
_GAP = "  "


def strikes_text(strikes: Sequence[Strike], suspensions: Sequence[Suspension], say: Say) -> str:
    """A member's strikes and suspensions, the newest first, as Markdown of at most 1900 code points."""
    counting = sum(strike.counts for strike in strikes)
    lines = [f"**{say.many('One strike', '{count} strikes', counting) if counting else say('No strikes')}**"]
    for strike in strikes[:_MAX_LINES]:
        number = say("Case #{number}", number=strike.case_id)
        parts = (moment(strike.at), number, shown(strike.rule_title or "", _MAX_TITLE))
        line = MIDDLE_DOT.join(filter(None, parts))
        lines.append(f"- {line}" if strike.counts else f"- {struck(line)} {say('reinstated')}")
    lines += more(len(strikes) - _MAX_LINES, say)
    if suspensions:
        lines.append(f"**{say('Suspensions')}**")
    for one in suspensions[:_MAX_LINES]:
        parts = (
            say("from {first} to {last}", first=moment(one.since), last=moment(one.until)),
            say("Case #{number}", number=one.case_id),
            _lifted(one, say),
        )
        lines.append(f"- {MIDDLE_DOT.join(filter(None, parts))}")
    lines += more(len(suspensions) - _MAX_LINES, say)
    return fitting(lines, MAX_STRIKES)


def transparency(counts: Sequence[MonthCount], say: Say) -> str:
    """Removals by month, the newest first, and rule, as a table in a message of at most 2000 code points.

    A rule's numbers stand below its title, so that the table fits a narrow phone.
    """
    heads = (say("removed"), say("upheld"), say("reinstated"))

    def row(name: str, values: Sequence[object]) -> str:
        numbers = _GAP.join(str(value).rjust(len(head)) for value, head in zip(values, heads, strict=True))
        return f"{name.ljust(_MONTH)}{_GAP}{numbers}"

    rows = []
    newest_first = sorted(counts, key=lambda one: one.month, reverse=True)
    for month, group in groupby(newest_first, lambda one: one.month):
        rows.append(row(month, heads))
        rows += (
            f"{_in_code(one.rule_title or '') or say('no rule')}\n"
            + row("", (one.removed, one.upheld, one.reinstated))
            for one in group
        )
    table = fitting(rows, MAX_MESSAGE - len("```\n\n```"))
    return f"```\n{table}\n```"


def _lifted(suspension: Suspension, say: Say) -> str:
    if suspension.lifted_at is None:
        return ""
    by = moderator(suspension.lifted_by or None, say)
    return say("ended {when} by {moderator}", when=moment(suspension.lifted_at), moderator=by)


def _in_code(title: str) -> str:
    """A title for a line of the table."""
    # Three backticks would end it, and backslashes show in code.
    return code_safe(cut_words(clean(title), MAX_WIDTH).replace("`", "'"))
