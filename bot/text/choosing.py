"""What members see while they choose and type: posts that they chose to quote, paragraphs, their own words again. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.text.clean import clean, scrub
from bot.text.cut import ELLIPSIS, cut_words
from bot.text.markdown import one_line
from bot.text.phrases import MAX_NAME, fitting, shown
from bot.text.quoting import excerpt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.errors import Declined
    from bot.languages import Say
    from bot.model import Quotation

MAX_LIST = 1900  # leaves room for what is said above it
_MAX_WORDS = 120
_MAX_KEPT = 1500


def chosen_list(quotations: Sequence[Quotation]) -> str:
    """A numbered line for each: whose it is, and how it begins."""
    return fitting(
        (
            f"{number}. **{shown(each.name, MAX_NAME)}**: {shown(one_line(each.text, _MAX_WORDS), _MAX_WORDS)}"
            for number, each in enumerate(quotations, 1)
        ),
        MAX_LIST,
    )


def label(markdown: str, limit: int) -> str:
    """How Markdown reads, in at most ``limit`` code points, where Discord shows plain text; never empty."""
    return cut_words(clean(one_line(markdown, limit)), limit) or ELLIPSIS


def words_back(declined: Declined, words: str, say: Say) -> str:
    """Why a form was declined, and what was typed into it, which is nowhere else any more: to be copied.

    It is as it was, in a block that it can't leave.
    """
    kept = excerpt(scrub(words).replace("```", "'''"), _MAX_KEPT)
    return f"{say(declined.text, **declined.values)}\n{say('Your answer was:')}\n```\n{kept}\n```"
