"""Phrases that all texts about cases share: what was done and why, whose a post was, the post itself. Pure.

Whatever moderators and members wrote comes out without effect: it neither pings nor links nor leaves its line or
its quote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import CaseKind, CaseState, EventKind, File, Said
from bot.text import links
from bot.text.clean import clean
from bot.text.cut import cut_words
from bot.text.escape import BREAK, escape, masked_link
from bot.text.markdown import cut_markdown
from bot.text.posting import jump_link
from bot.text.quoting import own_words
from bot.text.tidy import heard, settled, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.languages import Say
    from bot.model import Case, CasePost, Snapshot

MAX_MESSAGE = 2000
MAX_REASON = 400  # code points, as typed
MAX_NEXT_STEP = 300
MAX_RULE = 100
MAX_NAME = 80
MAX_TITLE = 80
MIDDLE_DOT = " \u00b7 "


def shown(text: str, limit: int, *, first: bool = False) -> str:
    """Strangers' words on a line: at most ``limit`` code points of them, without effect.

    ``first``: the line may begin with them.
    """
    return escape(cut_words(clean(text), limit), links=False, inline=not first)


def moment(at: datetime, style: str = "f") -> str:
    """A time, in each reader's own zone."""
    return f"<t:{int(at.timestamp())}:{style}>"


def deed(case: Case, say: Say) -> str:
    """What was done, why, and what to do instead: ``Removed a post that {reason}. {next step}``."""
    reason, count = shown(case.reason, MAX_REASON), len(removed(case)) or 1
    match case.kind:
        case CaseKind.WITHDRAWAL if reason:
            done = say("The article was withdrawn: it {reason}.", reason=reason)
        case CaseKind.WITHDRAWAL:
            done = say("The article was withdrawn.")
        case CaseKind.SUSPENSION if reason:
            done = say("Posting rights were suspended: {reason}.", reason=reason)
        case CaseKind.SUSPENSION:
            done = say("Posting rights were suspended.")
        case _:
            return removal(count, case.reason, case.next_step, say)
    return with_next_step(done, case)


def removal(count: int, reason: str, next_step: str, say: Say) -> str:
    """``Removed a post that {reason}. {next step}``, of that many posts."""
    if why := shown(reason, MAX_REASON):
        done = say.many(
            "Removed a post that {reason}.", "Removed {count} posts that {reason}.", count, reason=why
        )
    else:
        done = say.many("Removed a post.", "Removed {count} posts.", count)
    return f"{done} {shown(next_step, MAX_NEXT_STEP)}".rstrip()


def with_next_step(done: str, case: Case) -> str:
    """The sentence ``done`` and what to do instead, if there is anything."""
    return f"{done} {shown(case.next_step, MAX_NEXT_STEP)}".rstrip()


def removed(case: Case) -> tuple[CasePost, ...]:
    """The posts that are gone; all of them as long as none is."""
    return tuple(post for post in case.posts if post.gone_at is not None) or case.posts


def struck(text: str) -> str:
    """``text``, a line without open styles, struck through."""
    return f"~~{text}{BREAK if text.endswith('~') else ''}~~"


def subtext(parts: Iterable[str]) -> str:
    """A small line of those ``parts`` that say anything."""
    return f"-# {MIDDLE_DOT.join(filter(None, parts))}"


def numbered(case: Case, say: Say) -> str:
    """Which case it is."""
    return say("Case #{number}", number=case.id)


def rule_of(case: Case) -> str:
    """The rule's title as it read then; "" where none was cited."""
    return shown(case.rule_title or "", MAX_RULE, first=True)


def outcome(case: Case, say: Say) -> str:
    """What became of it afterwards; "" as long as it simply stands."""
    match case.state:
        case CaseState.REINSTATED:
            return say("Reinstated")
        case CaseState.UPHELD:
            return say("Upheld after an appeal")
    return ""


def reason_of_decision(case: Case) -> str:
    """Why it was decided so, where the moderator said it."""
    kinds = (EventKind.UPHELD, EventKind.REINSTATED)
    said = (event.text for event in reversed(case.events) if event.kind in kinds)
    return shown(next(said, ""), MAX_REASON)


def posted(case: Case, say: Say) -> str:
    """When what was removed had been posted; "" where that is not known."""
    times = sorted(post.at for post in removed(case))
    if not times:
        return ""
    first, last = moment(times[0]), moment(times[-1])
    return (
        say("posted {when}", when=first)
        if first == last
        else say("posted from {first} to {last}", first=first, last=last)
    )


def who(member_id: int | None, name: str, say: Say) -> str:
    """A member; the mention reads as their name only while they are in the server, so the name stands beside it."""
    known = shown(name, MAX_NAME, first=True)
    if member_id is None:
        return known or say("somebody unknown")
    return f"<@{member_id}> ({known})" if known else f"<@{member_id}>"


def moderator(member_id: int | None, say: Say) -> str:
    """Who did it."""
    if member_id is None:
        return say("a moderator")
    return f"<@{member_id}>" if member_id else "AutoMod"


def thread_link(case: Case, say: Say, guild_id: int) -> str:
    """The article's title, leading to its thread; as much of that as there is."""
    return article_link(case.title or "", case.thread_id, say, guild_id)


def article_link(title: str, thread_id: int | None, say: Say, guild_id: int) -> str:
    """An article's title, leading to its thread; as much of that as there is."""
    title = cut_words(clean(title), MAX_TITLE)
    plain = escape(title, links=False, inline=True)
    if thread_id is None:
        return plain
    link = f"https://discord.com/channels/{guild_id}/{thread_id}"
    if not title:
        return f"[{say('view thread')}]({link})"
    # Discord shows a masked link whose text holds an address as it is typed.
    if links.is_address(title):
        return f"{plain} [{say('view thread')}]({link})"
    return masked_link(title, link)


def post_link(post: CasePost, case: Case, say: Say, guild_id: int) -> str:
    """When it was posted; leads to the post while that is there."""
    when = moment(post.at)
    if post.gone_at is not None or case.kind is CaseKind.OUTSIDE:
        return when
    return f"{when} [{say('view post')}]({jump_link(guild_id, post.thread_id, post.message_id)})"


def words_of(post: CasePost, say: Say) -> str:
    """What the author said themselves, whole and tidy, for inside a quote, and what else was in the post by name."""
    snapshot = post.snapshot
    if snapshot is None:
        return ""
    return "\n".join(filter(None, (tidy(heard(snapshot.words), quotes=True), _besides(snapshot, post, say))))


def _besides(snapshot: Snapshot, post: CasePost, say: Say) -> str:
    held = Said(
        message_id=post.message_id,
        thread_id=post.thread_id,
        author_id=0,
        name="",
        avatar="",
        at=post.at,
        files=tuple(File(file.name, "") for file in snapshot.files),
        embeds=snapshot.embeds,
        stickers=snapshot.stickers,
        poll=snapshot.poll,
    )
    return own_words(held, "", say)


def shortened(tidied: str, limit: int) -> str:
    """Tidy text in at most ``limit`` code points, all that is open closed."""
    return tidied if len(tidied) <= limit else cut_markdown(settled(tidied), limit)


def in_quote(tidied: str) -> str:
    """Tidy text as a quote of its own, which nothing in it can leave; "" for none."""
    return "\n".join(f"> {line}" for line in tidied.splitlines())


def fitting(blocks: Iterable[str], limit: int) -> str:
    """The blocks, a line or more each, one below the other; those for which there is no room are an ellipsis."""
    said = [block for block in blocks if block]
    whole = "\n".join(said)
    if len(whole) <= limit:
        return whole
    room = limit - len("\n\u2026")
    kept: list[str] = []
    for block in said:
        room -= len(block) + len("\n")
        if room < -len("\n"):
            break
        kept.append(block)
    return "\n".join([*kept, "\u2026"]) if kept else cut_markdown(said[0], limit)


def more(count: int, say: Say) -> tuple[str, ...]:
    """The line that tells of ``count`` things for which no line of their own is meant, if there are any."""
    return (say.many("and one more", "and {count} more", count),) if count > 0 else ()


def quotable(text: str, limit: int) -> str:
    """Members' Markdown, tidy, in at most ``limit`` code points, for inside a quote."""
    return shortened(tidy(heard(text), quotes=True), limit)
