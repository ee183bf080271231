"""What the "Details" button of a post answers: where the story came from and how it changed. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.text import links
from bot.text.clean import clean
from bot.text.cut import cut_words
from bot.text.escape import escape
from bot.text.markdown import cut_markdown

if TYPE_CHECKING:
    from datetime import datetime

    from bot.languages import Say
    from bot.model import FormerHeadline, StoryDetails

MAX_MESSAGE = 2000
MAX_TITLE = 120
MAX_LINK = 600
MAX_FORMER = 4  # former headlines that are told, the latest


def story_details(details: StoryDetails, say: Say) -> str:
    """The answer as Markdown of at most 2000 code points: one fact a line, what is not known left out."""
    article = details.article
    former = details.headlines[-MAX_FORMER:]
    facts = [
        (say("Headline"), _shown(article.title)),
        *((say("Earlier headline"), _former(each, say)) for each in former),
        (say("Source"), _shown(article.source)),
        (say("Author"), _shown(article.author or "")),
        (say("Published"), _moment(article.published)),
        (say("Updated"), _moment(article.updated)),
        (say("First seen"), _moment(details.story.first_seen)),
        (say("Feed"), _shown(details.story.feed_id)),
        (say("Link"), _link(article.url)),
    ]
    return cut_markdown("\n".join(f"**{name}:** {value}" for name, value in facts if value), MAX_MESSAGE)


def _former(headline: FormerHeadline, say: Say) -> str:
    return say("{headline} (until {when})", headline=_shown(headline.title), when=_moment(headline.seen_at))


def _shown(text: str) -> str:
    return escape(cut_words(clean(text), MAX_TITLE), links=False, inline=True)


def _moment(moment: datetime | None) -> str:
    return f"<t:{int(moment.timestamp())}:f>" if moment else ""


def _link(url: str | None) -> str:
    link = links.linkable(url) if url else None
    shown = links.in_markdown(link) if link else ""
    return f"<{shown}>" if 0 < len(shown) <= MAX_LINK else ""
