"""What a moderator who removes posts is told in private: whose they are, what is about to go, how it gets on. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import CaseKind, CaseState, Made, Told
from bot.text.escape import escape
from bot.text.markdown import one_line
from bot.text.phrases import fitting, in_quote, removal, shortened, words_of
from bot.text.posting import jump_link
from bot.text.quoting import excerpt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.languages import Say
    from bot.model import Case, CasePost

MAX_SHOWN = 120  # characters of a post
MAX_BEGINNING = 300  # of one that is looked at alone
MAX_NAMED = 10  # authors
MAX_MESSAGE = 2000


def who_posted(author_id: int | None, name: str, made: Made, at: datetime, say: Say) -> str:
    """Whose a post is, whatever the name above it looks like, and when it was posted."""
    member = f"<@{author_id}>"
    if author_id is None:
        how = say("Posted as {name}; whose it is is not known.", name=_plain(name, 80))
    elif made is Made.NATIVE:
        how = say("Posted by {member} themselves.", member=member)
    elif made is Made.WEBHOOK:
        how = say("Posted by {member}, through the bot.", member=member)
    else:
        how = say("Posted by the bot for {member}.", member=member)
    return f"{how} <t:{int(at.timestamp())}:f>"


def which_post(post: CasePost, say: Say) -> str:
    """Whose a post is, when it was posted, and how it begins."""
    begins = in_quote(shortened(words_of(post, say), MAX_BEGINNING))
    return "\n".join(filter(None, (who_posted(post.author_id, post.name, post.made, post.at, say), begins)))


def preview(
    posts: Sequence[CasePost], reason: str, next_step: str, above: int, taken: int, guild_id: int, say: Say
) -> str:
    """What is about to be removed: how many posts, of whom, the first and the last, how many are left out; then the notice."""
    authors = list(dict.fromkeys(post.author_id for post in posts if post.author_id is not None))
    named = [f"<@{each}>" for each in authors[:MAX_NAMED]] + ["…"] * (len(authors) > MAX_NAMED)
    ends = posts[:1] if len(posts) == 1 else (posts[0], posts[-1])
    return fitting(
        (
            f"**{say.many('One post is to be removed.', '{count} posts are to be removed.', len(posts))}**",
            say("Posted by: {members}", members=", ".join(named)) if named else "",
            *(_line(post, guild_id, say) for post in ends),
            say.many(
                "Left out is one post of somebody who stands above you.",
                "Left out are {count} posts of members who stand above you.",
                above,
            )
            if above
            else "",
            _taken(taken, say),
            say("The thread will read:"),
            in_quote(removal(len(posts), reason, next_step, say)),
        ),
        MAX_MESSAGE,
    )


def progress(case: Case, taken: int, guild_id: int, say: Say) -> str:
    """How far a removal has come, and at its end what became of it. ``taken``: posts that another case had."""
    gone = sum(post.gone_at is not None for post in case.posts)
    problems = dict.fromkeys(post.problem for post in case.posts if post.problem and post.gone_at is None)
    lines = [
        say("**Case #{case}**: {what}", case=case.id, what=_what(case, gone, say)),
        *(say("What stands in the way: {problem}", problem=problem) for problem in problems),
        _taken(taken, say),
    ]
    if case.state is not CaseState.OPEN:
        lines += _told(case, say)
        lines += [
            say(
                "{member} may not post until {when}.",
                member=f"<@{one.member_id}>",
                when=f"<t:{int(one.suspended_until.timestamp())}:f>",
            )
            for one in case.members
            if one.suspended_until is not None
        ]
        if case.notice_id is not None and case.thread_id is not None:
            lines.append(f"[{say('view notice')}]({jump_link(guild_id, case.thread_id, case.notice_id)})")
    return excerpt("\n".join(filter(None, lines)), MAX_MESSAGE)


def _what(case: Case, gone: int, say: Say) -> str:
    if case.kind is CaseKind.WITHDRAWAL:
        return say("the article is withdrawn.")
    several = len(case.posts) > 1
    if case.state is CaseState.OPEN:
        return (
            say("removed {done} of {all}…", done=gone, all=len(case.posts))
            if several
            else say("the post is being removed…")
        )
    if not gone:
        return say("nothing could be removed.")
    return say.many("the post is removed.", "{count} posts are removed.", gone)


def _told(case: Case, say: Say) -> list[str]:
    gone = {post.author_id for post in case.posts if post.gone_at is not None}
    told, closed, waiting = (
        sum(one.told is state and one.member_id in gone for one in case.members)
        for state in (Told.TOLD, Told.CLOSED, Told.WAITING)
    )
    return [
        *([say.many("The author was told.", "{count} authors were told.", told)] if told else ()),
        *(
            [
                say.many(
                    "The author takes no direct messages.",
                    "{count} authors take no direct messages.",
                    closed,
                )
            ]
            if closed
            else ()
        ),
        *(
            [say.many("The author is being told…", "{count} authors are being told…", waiting)]
            if waiting
            else ()
        ),
    ]


def _taken(taken: int, say: Say) -> str:
    return (
        say.many(
            "Left out is one post that another case has.",
            "Left out are {count} posts that other cases have.",
            taken,
        )
        if taken
        else ""
    )


def _line(post: CasePost, guild_id: int, say: Say) -> str:
    words = _plain(post.snapshot.words, MAX_SHOWN) if post.snapshot else ""
    when = f"<t:{int(post.at.timestamp())}:f>"
    link = jump_link(guild_id, post.thread_id, post.message_id)
    return f"- {when} {words} [{say('view post')}]({link})"


def _plain(text: str, limit: int) -> str:
    return escape(one_line(text, limit), links=False, inline=True)
