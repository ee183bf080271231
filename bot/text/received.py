"""How posts were received, in words: counts in a line or a list, the most loved, and who reacted. Pure.

A reaction comes here as it is to be shown, which depends on the server's emoji.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from bot.text.clean import clean
from bot.text.cut import cut_words
from bot.text.escape import escape, masked_link
from bot.text.posting import jump_link

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.languages import Say
    from bot.model import Ranked

MAX_CONTENT = 2000
MAX_LINE = 800  # two of them and what else is said fit into a message
MAX_LISTED = 15
_MAX_NAME = 50
_MAX_TITLE = 80
_MIDDLE_DOT = " \u00b7 "


def reaction_shown(emoji: str, name: str | None) -> str:
    """``💙 Like`` as Markdown: ``emoji`` as it is written in a message, or "" where it can't be shown."""
    plain = escape(cut_words(clean(name or ""), _MAX_NAME), links=False, inline=True)
    return f"{emoji} {plain}".strip()


def reaction_called(emoji: str) -> str:
    """What a Unicode emoji that the configuration does not name is called: its first character's name."""
    return unicodedata.name(emoji[0], "").title()


def counts_line(counts: Iterable[tuple[str, int]]) -> str:
    """``❤️ Love It 3 · 👍 Thumbs Up 2`` as far as there is room, then an ellipsis."""
    line = ""
    for shown, count in counts:
        longer = f"{line}{_MIDDLE_DOT if line else ''}{shown} {count}"
        if len(longer) > MAX_LINE:
            return f"{line}{_MIDDLE_DOT}\u2026"
        line = longer
    return line


def counts_list(counts: Sequence[tuple[str, int]], say: Say) -> str:
    """A numbered line for each of the first fifteen, and how many more there are."""
    lines = [
        f"{number}. {shown}: **{count}**" for number, (shown, count) in enumerate(counts[:MAX_LISTED], 1)
    ]
    more = len(counts) - len(lines)
    if more:
        lines.append(say.many("and one more reaction", "and {count} more reactions", more))
    return fitting(lines)


def ranking(ranked: Sequence[Ranked], guild_id: int, say: Say) -> str:
    """A numbered line for each post or article, with a link to it."""
    lines = []
    for number, one in enumerate(ranked, 1):
        link = jump_link(guild_id, one.thread_id, one.message_id)
        title = cut_words(clean(one.title or ""), _MAX_TITLE)
        shown = masked_link(title, link) if title else f"[{say('view post')}]({link})"
        if one.author_id is None:
            lines.append(f"{number}. {shown}: **{one.count}**")
        else:
            lines.append(f"{number}. <@{one.author_id}>: **{one.count}**{_MIDDLE_DOT}{shown}")
    return fitting(lines)


def who_pages(groups: Sequence[tuple[str, Sequence[int]]], limit: int = MAX_CONTENT) -> list[str]:
    """The members of each reaction as mentions, on as many pages of at most ``limit`` code points as it takes."""
    pages: list[str] = []
    page = ""
    for shown, members in groups:
        heading = f"**{shown}** ({len(members)})\n"
        for index, member in enumerate(members):
            before = ", " if index else f"\n\n{heading}" if page else heading
            if len(page) + len(before) + len(f"<@{member}>") > limit:
                pages.append(page)
                page, before = "", heading
            page += f"{before}<@{member}>"
    return [*pages, page] if page else pages


def fitting(lines: Iterable[str], limit: int = MAX_CONTENT - 300) -> str:
    """As many of the lines as have room; the rest is left to what a message says above them."""
    text = ""
    for line in lines:
        longer = f"{text}\n{line}" if text else line
        if len(longer) > limit:
            break
        text = longer
    return text
