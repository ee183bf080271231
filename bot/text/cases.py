"""What is read of cases besides notices and letters: entries of the moderators' log, records, lists. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.emoji import emoji_markdown, is_emoji
from bot.model import CaseKind, CaseState, EventKind, Told
from bot.text.notices import Entry
from bot.text.phrases import (
    MAX_MESSAGE,
    MAX_REASON,
    MIDDLE_DOT,
    deed,
    fitting,
    in_quote,
    moderator,
    moment,
    more,
    numbered,
    outcome,
    post_link,
    posted,
    quotable,
    reason_of_decision,
    removed,
    rule_of,
    shortened,
    shown,
    struck,
    subtext,
    thread_link,
    who,
    words_of,
)
from bot.text.posting import jump_link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.languages import Say
    from bot.model import Case, CaseEvent, CaseMember, CasePage, CasePost

MAX_RECORD = 3900  # of a case in full
MAX_LIST = 1900  # leaves room for which page it is
_ENTRY_WORDS, _RECORD_WORDS = 500, 1500  # of all posts together
_ENTRY_POSTS, _RECORD_POSTS = 3, 25
_ENTRY_APPEAL, _RECORD_APPEAL = 400, 1000
_ENTRY_EVENTS, _RECORD_EVENTS = 4, 25
_MAX_MEMBERS = 10
_MAX_IN_LIST = 40
_MAX_REACTIONS = 10
_MAX_QUOTES = 5
_MAX_NAMES = 200  # characters of files' names
_MAX_EMOJI = 32


def entry(case: Case, say: Say, guild_id: int) -> Entry:
    """The case in the moderators' log; with buttons to decide while an appeal waits for it."""
    text = fitting(
        (
            *_head(case, say, guild_id),
            *_members(case, say),
            *_appeals(case, say, _ENTRY_APPEAL),
            *_posts(case, say, guild_id, _ENTRY_POSTS, _ENTRY_WORDS),
            *_events(case, say, _ENTRY_EVENTS),
        ),
        MAX_MESSAGE,
    )
    decides = (("uphold", say("Uphold")), ("reinstate", say("Reinstate")))
    return Entry(text, _links(case, say, guild_id), decides if _is_appealed(case) else ())


def case_text(case: Case, say: Say, guild_id: int) -> str:
    """The record of a case for moderators, as Markdown of at most 3900 code points."""
    return fitting(
        (
            *_head(case, say, guild_id),
            " ".join(f"[{label}]({link})" for label, link in _links(case, say, guild_id)),
            *_members(case, say),
            *_appeals(case, say, _RECORD_APPEAL),
            *_posts(case, say, guild_id, _RECORD_POSTS, _RECORD_WORDS, whole=True),
            *_events(case, say, _RECORD_EVENTS),
        ),
        MAX_RECORD,
    )


def case_public(case: Case, say: Say) -> str:
    """What everybody may read of a case: no member, and no word of what was removed."""
    decided = moment(case.decided_at) if case.decided_at is not None else ""
    why = reason_of_decision(case)
    return fitting(
        (
            *_opening(case, say),
            subtext((moment(case.at), rule_of(case), posted(case, say))),
            f"{outcome(case, say)} {decided}".strip() if outcome(case, say) else "",
            say("The moderators say: {why}", why=why) if why else "",
        ),
        MAX_MESSAGE,
    )


def case_line(case: Case, say: Say) -> str:
    """A case in a list, on one line of at most 190 code points."""
    members = f"<@{case.members[0].member_id}>" if case.members else ""
    if len(case.members) > 1:
        members += f" +{len(case.members) - 1}"
    why = shown(case.rule_title or case.reason, _MAX_IN_LIST)
    parts = (moment(case.at, "d"), _kind(case, say), members, why, _state(case, say))
    return f"**#{case.id}** {MIDDLE_DOT.join(filter(None, parts))}"


def case_list(page: CasePage, offset: int, say: Say) -> str:
    """The cases of a page, a line each, as Markdown of at most 1900 code points. ``offset`` counts those before it."""
    if not page.cases:
        return say("There are no such cases.")
    heading = (
        say.many("One case", "{count} cases", page.total)
        if page.total == len(page.cases)
        else say(
            "Cases {first} to {last} of {total}",
            first=offset + 1,
            last=offset + len(page.cases),
            total=page.total,
        )
    )
    return fitting((f"**{heading}**", *(case_line(case, say) for case in page.cases)), MAX_LIST)


# --- parts ---------------------------------------------------------------------------------------------------


def _head(case: Case, say: Say, guild_id: int) -> Iterator[str]:
    yield from _opening(case, say)
    by = say("by {moderator}", moderator=moderator(case.moderator_id, say))
    yield subtext((moment(case.at), by, rule_of(case), thread_link(case, say, guild_id), posted(case, say)))


def _opening(case: Case, say: Say) -> Iterator[str]:
    parts = (numbered(case, say), _kind(case, say), _state(case, say))
    yield f"**{MIDDLE_DOT.join(filter(None, parts))}**"
    yield struck(deed(case, say)) if case.state is CaseState.REINSTATED else deed(case, say)


def _kind(case: Case, say: Say) -> str:
    match case.kind:
        case CaseKind.WITHDRAWAL:
            return say("Article withdrawn")
        case CaseKind.SUSPENSION:
            return say("Member suspended")
        case CaseKind.OUTSIDE if case.moderator_id == 0:
            return say("Blocked by AutoMod")
        case CaseKind.OUTSIDE:
            return say("Deleted by hand")
    return say.many("Post removed", "{count} posts removed", len(removed(case)) or 1)


def _state(case: Case, say: Say) -> str:
    match case.state:
        case CaseState.OPEN:
            return say("not done yet")
        case CaseState.UPHELD:
            return say("upheld")
        case CaseState.REINSTATED:
            return say("reinstated")
    return say("appealed") if _is_appealed(case) else ""


def _is_appealed(case: Case) -> bool:
    return case.state is CaseState.STANDING and any(one.appealed_at is not None for one in case.members)


def _links(case: Case, say: Say, guild_id: int) -> tuple[tuple[str, str], ...]:
    if case.notice_id is None or case.thread_id is None:
        return ()
    return ((say("View notice"), jump_link(guild_id, case.thread_id, case.notice_id)),)


def _members(case: Case, say: Say) -> Iterator[str]:
    for one in case.members[:_MAX_MEMBERS]:
        strike = say("strike") if one.strike else ""
        if strike and case.state is CaseState.REINSTATED:
            strike = struck(strike)
        facts = (_told(one, say), strike, _suspended(one, say))
        yield f"{who(one.member_id, one.name, say)}: {', '.join(filter(None, facts))}"
    yield from more(len(case.members) - _MAX_MEMBERS, say)


def _told(member: CaseMember, say: Say) -> str:
    match member.told:
        case Told.TOLD:
            return say("told by direct message")
        case Told.CLOSED:
            return say("takes no direct messages")
        case Told.WAITING:
            return say("not told yet")
    return say("not told")


def _suspended(member: CaseMember, say: Say) -> str:
    if member.suspended_until is None:
        return ""
    if member.lifted_at is not None:
        return say("suspension ended {when}", when=moment(member.lifted_at))
    return say("suspended until {when}", when=moment(member.suspended_until))


def _appeals(case: Case, say: Say, limit: int) -> Iterator[str]:
    for one in case.members:
        if one.appealed_at is None:
            continue
        heading = say("{member} appealed {when}:", member=f"<@{one.member_id}>", when=moment(one.appealed_at))
        yield f"{heading}\n{in_quote(quotable(one.appeal or '', limit))}".rstrip()


def _posts(
    case: Case, say: Say, guild_id: int, most: int, words: int, *, whole: bool = False
) -> Iterator[str]:
    """Whose they were, what they said within ``words`` code points together, and why one could not be removed.

    ``whole``: also what was around each.
    """
    share = words // max(1, min(most, len(case.posts)))
    named = {one.member_id for one in case.members[:_MAX_MEMBERS]}
    for post in case.posts[:most]:
        author = who(post.author_id, "" if post.author_id in named else post.name, say)
        problem = say("Not removed: {problem}", problem=shown(post.problem or "", MAX_REASON))
        lines = (
            say("{member} posted {when}", member=author, when=post_link(post, case, say, guild_id)),
            problem if post.problem and post.gone_at is None else "",
            in_quote(shortened(words_of(post, say), share)),
            _around(post, say, guild_id) if whole else "",
        )
        yield "\n".join(filter(None, lines))
    yield from more(len(case.posts) - most, say)


def _around(post: CasePost, say: Say, guild_id: int) -> str:
    """What the snapshot knows besides the post's own words, on a small line."""
    snapshot = post.snapshot
    if snapshot is None:
        return subtext((say("what it said is not kept"),))
    reactions = (f"{_emoji(emoji)} {count}" for emoji, count in snapshot.reactions[:_MAX_REACTIONS])
    said, shown_there = snapshot.quotes[:_MAX_QUOTES], say("view post")
    links = (f"[{shown_there}]({jump_link(guild_id, one.thread_id, one.source_id)})" for one in said)
    answered = snapshot.reply_to if not said else None
    quoted, lost = len(snapshot.quoted_by), [file.name for file in snapshot.files if file.path is None]
    facts = (
        say("edited {when}", when=moment(snapshot.edited_at)) if snapshot.edited_at is not None else "",
        " ".join(reactions),
        say("quoted {posts}", posts=" ".join(links)) if said else "",
        say("answered {post}", post=f"[{shown_there}]({jump_link(guild_id, post.thread_id, answered)})")
        if answered is not None
        else "",
        say.many("one post quoted it", "{count} posts quoted it", quoted) if quoted else "",
        say.many(
            "one file is not kept: {names}",
            "{count} files are not kept: {names}",
            len(lost),
            names=shown(", ".join(lost), _MAX_NAMES),
        )
        if lost and (post.files_kept or post.gone_at is not None)
        else "",
    )
    return subtext(facts) if any(facts) else ""


def _emoji(emoji: str) -> str:
    return emoji_markdown(emoji) if is_emoji(emoji) else shown(emoji, _MAX_EMOJI, first=True)


def _events(case: Case, say: Say, most: int) -> Iterator[str]:
    """The latest, oldest first."""
    for event in case.events[-most:]:
        if line := _event(event, say):
            yield f"- {line}"


def _event(event: CaseEvent, say: Say) -> str:
    by = moderator(event.by or None, say)
    when, text = moment(event.at), shown(event.text, MAX_REASON)
    match event.kind:
        case EventKind.NOTED:
            return say("{moderator} noted {when}: {text}", moderator=by, when=when, text=text)
        case EventKind.EDITED:
            said = say("{moderator} edited it {when}", moderator=by, when=when)
            return f"{said}; {say('the former reason: {text}', text=text)}" if text else said
        case EventKind.UPHELD:
            said = say("{moderator} upheld it {when}", moderator=by, when=when)
        case EventKind.REINSTATED:
            said = say("{moderator} reinstated it {when}", moderator=by, when=when)
        case EventKind.LIFTED:
            said = say("{moderator} ended the suspension {when}", moderator=by, when=when)
        case EventKind.ERASED:
            return say("Data were erased {when}", when=when)
        case EventKind.APPEALED:
            return ""  # stands above, in full
    return f"{said}: {text}" if text else said
