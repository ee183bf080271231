"""What people are told of a case: the notice in the thread, the author's letter, a withdrawn article's own post. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from bot.model import CaseKind, CaseState, TextPart
from bot.text.clean import clean
from bot.text.cut import cut_words
from bot.text.draft import MAX_TITLE, opening_post
from bot.text.escape import escape
from bot.text.markdown import cut_markdown
from bot.text.phrases import (
    MAX_MESSAGE,
    MAX_NEXT_STEP,
    MAX_REASON,
    deed,
    fitting,
    in_quote,
    moderator,
    moment,
    numbered,
    outcome,
    posted,
    reason_of_decision,
    rule_of,
    shown,
    struck,
    subtext,
    thread_link,
    with_next_step,
    words_of,
)

if TYPE_CHECKING:
    from datetime import datetime

    from bot.languages import Say
    from bot.model import Article, Case, CaseMember, CasePost, Draft
    from bot.settings.keys import Feed

__all__ = [
    "MAX_NEXT_STEP",
    "MAX_REASON",
    "Entry",
    "Letter",
    "letter",
    "notice",
    "restored_line",
    "tidy_reason",
    "withdrawn_post",
]

# Moderators write whole sentences, too.
_BEFORE = re.compile(r"(?:(?:removed (?:a post|posts|[0-9]+ posts) )?that(?: |\Z))+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Letter:
    """A direct message about a case. ``button`` is the label of the one that appeals; "" means none."""

    text: str  # Markdown of at most 2000 code points
    files: tuple[tuple[str, bytes], ...] = ()  # name and content
    button: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in the moderators' log for a case or a report. It pings nobody.

    The button "About this case", which marks a case's entry as a notice's, is the view's own.
    """

    text: str  # Markdown of at most 2000 code points
    links: tuple[tuple[str, str], ...] = ()  # label and address
    buttons: tuple[tuple[str, str], ...] = ()  # the custom_id's last part and the label


def tidy_reason(text: str) -> str:
    """``text`` as it continues "Removed a post that": one line, without these words and the full stop.

    "" when nothing is left. Tidying twice changes nothing.
    """
    said = clean(text)
    begun = _BEFORE.match(said)
    return said[begun.end() if begun else 0 :].rstrip(". ")


def notice(case: Case, say: Say, *, named: bool) -> str:
    """The notice in the thread as Markdown of at most 2000 code points: what was removed and why, then a small line.

    ``named`` tells the moderator's name. What is reinstated is struck through.
    """
    done = deed(case, say)
    by = say("by {moderator}", moderator=moderator(case.moderator_id, say)) if named else ""
    small = subtext((outcome(case, say), rule_of(case), numbered(case, say), posted(case, say), by))
    return f"{struck(done) if case.state is CaseState.REINSTATED else done}\n{small}"


def letter(
    case: Case,
    member: CaseMember,
    about: Literal["case", "decision"],
    say: Say,
    guild_id: int,
    *,
    appeals: bool,
) -> Letter:
    """What ``member`` is told: of the case with their own words, or of what was decided about it.

    ``appeals``: whether they may appeal.
    """
    small = subtext((rule_of(case), numbered(case, say), thread_link(case, say, guild_id)))
    if about == "decision":
        return Letter(fitting((*_decision(case, member, say), small), MAX_MESSAGE))
    mine = tuple(post for post in case.posts if post.author_id == member.member_id)
    above = _told(case, max(1, len(mine)), say)
    below = "\n".join(
        filter(None, (*_consequences(case, member, say), _way_to_appeal(say, offered=appeals), small))
    )
    words = _their_words(mine, say)
    files: tuple[tuple[str, bytes], ...] = ()
    if len(above) + len(words) + len(below) + len("\n\n") > MAX_MESSAGE:
        files = ((("post.txt" if len(mine) == 1 else "posts.txt"), _as_file(mine)),)
        words = say.many(
            "The text of your post is in the file below.",
            "The texts of your posts are in the file below.",
            len(mine),
        )
    # Only a reason and a next step of nothing but marks, which escaping doubles, are cut for the rest.
    above = cut_markdown(above, MAX_MESSAGE - len(words) - len(below) - len("\n\n"))
    return Letter("\n".join(filter(None, (above, words, below))), files, say("Appeal") if appeals else "")


def withdrawn_post(article: Article, feed: Feed, case: Case, first_seen: datetime, say: Say) -> Draft:
    """The opening post of an article that moderators withdrew: its title struck, the reason for its text and picture."""
    shipped = opening_post(article, feed, first_seen)
    title = cut_words(clean(article.title), MAX_TITLE) or shipped.thread_name
    small = subtext((rule_of(case), numbered(case, say), say("withdrawn {when}", when=moment(case.at))))
    lines = (
        f"## {struck(escape(title, links=False, inline=True))}",
        deed(case, say),
        small,
        escape(shipped.source_line, links=False),
    )
    return replace(shipped, parts=(TextPart("\n".join(lines)),), link=None)


def restored_line(at: datetime, say: Say) -> str:
    """The last line of a removed post that is posted again."""
    return subtext((say("Posted {when}; reinstated", when=moment(at)),))


def _told(case: Case, count: int, say: Say) -> str:
    reason = shown(case.reason, MAX_REASON)
    if case.kind is CaseKind.SUSPENSION:
        done = (
            say("Your posting rights were suspended: {reason}.", reason=reason)
            if reason
            else say("Your posting rights were suspended.")
        )
    elif reason:
        done = say.many(
            "Removed a post of yours that {reason}.",
            "Removed {count} posts of yours that {reason}.",
            count,
            reason=reason,
        )
    else:
        done = say.many("Removed a post of yours.", "Removed {count} posts of yours.", count)
    return with_next_step(done, case)


def _consequences(case: Case, member: CaseMember, say: Say) -> tuple[str, ...]:
    return (
        say("It counts as a strike.") if member.strike else "",
        say(
            "You can't post until {when}, {how_long}.",
            when=moment(member.suspended_until),
            how_long=moment(member.suspended_until, "R"),
        )
        if member.suspended_until is not None and member.lifted_at is None
        else "",
    )


def _way_to_appeal(say: Say, *, offered: bool) -> str:
    return (
        say("If you find that wrong, appeal with the button below: the moderators will look at it again.")
        if offered
        else ""
    )


def _decision(case: Case, member: CaseMember, say: Say) -> tuple[str, ...]:
    why = reason_of_decision(case)
    reinstated = case.state is CaseState.REINSTATED
    count = sum(post.author_id == member.member_id for post in case.posts) or 1
    if not reinstated:
        done = say("The moderators looked at it again: their decision stands.")
    elif case.kind is CaseKind.SUSPENSION:
        done = say("The moderators looked at it again: your suspension is over.")
    else:
        done = say.many(
            "The moderators looked at it again: your post is reinstated.",
            "The moderators looked at it again: your posts are reinstated.",
            count,
        )
    return (
        done,
        say("The moderators say: {why}", why=why) if why else "",
        say("Its strike counts no longer.") if reinstated and member.strike else "",
        say("The suspension that it led to is over.")
        if reinstated and member.suspended_until is not None and case.kind is not CaseKind.SUSPENSION
        else "",
    )


def _their_words(mine: tuple[CasePost, ...], say: Say) -> str:
    """Each post under its time, whole."""
    blocks = []
    for post in mine:
        heading = say("Posted {when}:", when=moment(post.at))
        if words := words_of(post, say):
            blocks.append(f"{heading}\n{in_quote(words)}")
    return "\n".join(blocks)


def _as_file(mine: tuple[CasePost, ...]) -> bytes:
    """The posts exactly as typed."""
    if len(mine) == 1:
        text = mine[0].snapshot.words if mine[0].snapshot else ""
    else:
        text = "\n\n".join(
            f"[{post.at:%Y-%m-%d %H:%M} UTC]\n{post.snapshot.words}" for post in mine if post.snapshot
        )
    return text.encode("utf-8", "replace")
