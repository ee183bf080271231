"""What the opening post tells of the discussion below it, in lines."""

from __future__ import annotations

from collections.abc import Sequence

from bot.languages import Say
from bot.model import Ranked, Tally
from bot.text.clean import clean
from bot.text.cut import cut_words
from bot.text.escape import escape
from bot.text.posting import jump_link

MAX_LINE = 500
MAX_RECOMMENDED = 10
_MAX_NAME = 50
_MIDDLE_DOT = " \u00b7 "
_EPOCH = 1_420_070_400  # seconds; the first moment of snowflakes


def tally_line(tally: Tally, named: Sequence[tuple[str, str]]) -> str:
    """``❤️ Love It 1 · 👍 Thumbs Up 2``: emoji and name in the order of ``named``; "" when none was given."""
    counts = dict(tally.counts)
    line = ""
    for emoji, name in named:
        count = counts.get(emoji, 0)
        if count <= 0:
            continue
        shown = f"<:{emoji}>" if ":" in emoji else emoji
        words = f"{shown} {escape(cut_words(clean(name), _MAX_NAME), links=False, inline=True)} {count}"
        longer = f"{line}{_MIDDLE_DOT}{words}" if line else words
        if len(longer) > MAX_LINE:
            break
        line = longer
    return line


def recommended_lines(ranked: Sequence[Ranked], guild_id: int, say: Say, limit: int) -> str:
    """A heading and a line for each post of ``ranked``, which is oldest first, at most ``limit`` code points.

    Of too many the newest are kept; "" when there are none or no room.
    """
    lines: list[str] = []
    heading = f"**{say('Recommended posts')}**"
    shown = say("view post")
    left = limit - len(heading)
    for post in reversed(ranked[-MAX_RECOMMENDED:]):
        author = f"<@{post.author_id}> " if post.author_id is not None else ""
        moment = f"<t:{(post.message_id >> 22) // 1000 + _EPOCH}:R>"
        link = jump_link(guild_id, post.thread_id, post.message_id)
        line = f"\n- {author}{moment} [{shown}]({link})"
        left -= len(line)
        if left < 0:
            break
        lines.append(line)
    return heading + "".join(reversed(lines)) if lines else ""
