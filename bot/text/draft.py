"""Articles as posts: the opening post, the thread's name, what is said when a headline changes. Pure.

Whatever an article holds, what comes out is within Discord's limits: titles, names and categories are cleaned,
cut and only then escaped, in this order, so that no cut parts an escape.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from gettext import NullTranslations
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.languages import Say
from bot.model import Article, Discussion, Draft, Enclosure, ImagePart, RulePart, TextPart
from bot.text import links
from bot.text.clean import clean
from bot.text.cut import cut_words, first_sentence
from bot.text.escape import escape, masked_link
from bot.text.markdown import cut_markdown, plain
from bot.text.tally import recommended_lines, tally_line
from bot.text.template import MAX_PARTS, MAX_TEXT, render

if TYPE_CHECKING:
    from bot.settings.keys import Feed

MAX_THREAD_NAME = 100
MAX_TITLE = 256
MAX_NAME = 120  # of a source or an author
MAX_CATEGORIES = 200  # all together
MAX_ENCLOSURES = 5
MAX_HEADLINE = 450  # of each headline in a note: both escaped stay below a message's 2000
MIN_SUMMARY = 80  # a shorter summary says too little beside a body
MAX_RECOMMENDED_TEXT = 1700  # ten posts
MIDDLE_DOT = " \u00b7 "
NO_DISCUSSION = Discussion()

_MEDIA = {"audio": "Audio", "video": "Video", "application/pdf": "PDF", "text": "Document"}
_SUFFIXES = {"mp3 m4a ogg oga opus flac wav aac": "Audio", "mp4 m4v mov webm mkv avi": "Video", "pdf": "PDF"}
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|ico)\Z", re.IGNORECASE)
_LAST_LINK = re.compile(r"(?:\A|\n|(?<=[.!?\u2026])\s+)\[([^\[\]\n]{1,60})\]\(<([^<>\s]+)>\)\W{0,4}\Z")


def opening_post(
    article: Article,
    feed: Feed,
    first_seen: datetime,
    discussion: Discussion = NO_DISCUSSION,
    named: Sequence[tuple[str, str]] = (),
    say: Say | None = None,
    guild_id: int = 0,
) -> Draft:
    """The opening post of ``article`` as ``feed.template`` lays it out; always with words, never over a limit.

    Below it, the counts of the reactions ``named`` (emoji and name, in their order) and the recommended posts;
    what room they take the article's text gives. ``say`` None is English.
    """
    line = source_line(article, feed, first_seen)
    text = _text(article, feed)
    title = _title(article, feed, text, first_seen)
    if _words(text) == _words(title):
        text = ""
    shown = links.linkable(article.image) if article.image and feed.image else None
    picture = links.to_ascii(shown) if shown else None
    values = _values(article, feed, first_seen, title, text, line)
    below = _below(discussion, named, say or Say(NullTranslations()), guild_id)
    room = MAX_TEXT - len(below)
    parts = render(feed.template, values, ImagePart(picture) if picture else None, room)
    if not any(isinstance(part, TextPart) for part in parts):
        parts = (TextPart(cut_markdown(f"{values['title_link']}\n{values['source_line']}", room)), *parts)
    if below:
        above = parts[: MAX_PARTS - 2]
        parts = (*above, *(() if isinstance(above[-1], RulePart) else (RulePart(),)), TextPart(below))
    return Draft(
        thread_name=thread_name(title) or fallback_thread_name(_day_of(article, first_seen)),
        parts=parts,
        link=_button(article.url),
        source_line=line,
    )


def source_line(article: Article, feed: Feed, first_seen: datetime) -> str:
    """``Based on a report from {source} {YYYY-MM-DD}`` as plain text, the day in UTC."""
    day = _day_of(article, first_seen)
    return f"Based on a report from {source_name(article, feed) or 'an unnamed source'} {_date(day)}"


def thread_name(title: str) -> str:
    """``title`` as a thread's name: plain, at most 100 characters; "" when nothing visible is left of it."""
    return cut_words(clean(title), MAX_THREAD_NAME)


def fallback_thread_name(date: datetime) -> str:
    """The name of a thread whose proper name is missing, or refused by Discord."""
    return f"Article {_date(date)}"


def headline_changed(old: str, new: str) -> str:
    """The note that tells of a changed headline, as Markdown of at most 2000 code points."""
    before, after = (
        escape(cut_words(clean(title), MAX_HEADLINE) or "(none)", links=False, inline=True)
        for title in (old, new)
    )
    return f"Headline changed: {before} \u2192 {after}"


def draft_digest(draft: Draft) -> str:
    """A hash that differs when the post would read, look or link differently."""
    parts = [[type(part).__name__, asdict(part)] for part in draft.parts]
    words = json.dumps([draft.thread_name, parts, draft.link, draft.source_line])
    return sha256(words.encode()).hexdigest()


def _below(discussion: Discussion, named: Sequence[tuple[str, str]], say: Say, guild_id: int) -> str:
    lines = (
        tally_line(discussion.tally, named),
        recommended_lines(discussion.recommended, guild_id, say, MAX_RECOMMENDED_TEXT),
    )
    return "\n".join(filter(None, lines))


def _values(
    article: Article, feed: Feed, first_seen: datetime, title: str, text: str, line: str
) -> dict[str, str]:
    """Every placeholder but the picture, as safe Markdown."""
    plain_title = escape(title, links=False)
    link = links.linkable(article.url) if article.url else None
    return {
        "title": plain_title,
        "title_link": masked_link(title, link) if link and not links.is_address(title) else plain_title,
        "url": f"<{links.in_markdown(link)}>" if link else "",
        "text": text,
        "summary": article.summary.strip(),
        "body": article.body.strip(),
        "categories": escape(_categories(article.categories), links=False),
        "author": _name(article.author or ""),
        "published": _moment(article.published, "F"),
        "published_relative": _moment(article.published, "R"),
        "updated": _moment(article.updated, "F"),
        "date": _date(_day_of(article, first_seen)),
        "source": escape(source_name(article, feed), links=False),
        "source_line": escape(line, links=False),
        "feed_id": escape(feed.id, links=False),
        "enclosures": MIDDLE_DOT.join(_enclosures(article.enclosures)),
    }


def _text(article: Article, feed: Feed) -> str:
    """Summary or body, as ``feed.text`` chooses, without a last link that only leads to the article again."""
    summary, body = article.summary.strip(), article.body.strip()
    match feed.text:
        case "summary":
            chosen = summary or body
        case "body":
            chosen = body or summary
        case _:
            chosen = (
                summary if not body or (_says_something(summary) and not _begins(summary, body)) else body
            )
    return _without_read_more(chosen, article.url)


def _says_something(summary: str) -> bool:
    return len(plain(summary)) >= MIN_SUMMARY


def _begins(summary: str, body: str) -> bool:
    """Whether the summary is only the beginning of a longer body, as blogs cut it off: with "…" or "[…]"."""
    start, whole = _words(plain(summary)), _words(plain(body))
    return len(start) < len(whole) and whole.startswith(start)


def _words(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _without_read_more(text: str, url: str | None) -> str:
    """``text`` without a closing "Continue reading" that leads where the title leads."""
    found = _LAST_LINK.search(text[-4096:])
    if found is None or url is None or links.normalise(found[2]) != links.normalise(links.in_markdown(url)):
        return text
    return text[: len(text) - len(found[0])].rstrip() or text


def _title(article: Article, feed: Feed, text: str, first_seen: datetime) -> str:
    """The article's title; without one, the first sentence of its text, or at least whence and when."""
    title = cut_words(clean(article.title), MAX_TITLE)
    if title:
        return title
    for line in plain(text[:4096]).split("\n"):
        if any(char.isalnum() for char in line):
            return first_sentence(clean(line), MAX_THREAD_NAME)
    source = source_name(article, feed)
    day = _day_of(article, first_seen)
    return f"{source} {_date(day)}" if source else fallback_thread_name(day)


def source_name(article: Article, feed: Feed | None) -> str:
    """The publication as the source line names it; "" where nothing tells. ``feed`` None: it is watched no more."""
    candidates = (
        (feed and feed.source) or "",
        article.source,
        (article.url and links.host(article.url)) or "",
    )
    return next((name for each in candidates if (name := cut_words(clean(each), MAX_NAME))), "")


def _name(author: str) -> str:
    return escape(cut_words(clean(author), MAX_NAME), links=False)


def _categories(categories: tuple[str, ...]) -> str:
    """Whole categories, as many as fit, each once."""
    kept: dict[str, str] = {}
    length = 0
    for category in map(clean, categories):
        length += len(category) + len(MIDDLE_DOT)
        if length > MAX_CATEGORIES:
            break
        if category:
            kept.setdefault(category.casefold(), category)
    return MIDDLE_DOT.join(kept.values())


def _enclosures(enclosures: tuple[Enclosure, ...]) -> list[str]:
    """Named links to what can be heard, watched or read; pictures have their own place."""
    named: dict[str, str] = {}
    for enclosure in enclosures:
        url = links.linkable(enclosure.url)
        kind = _media(enclosure.type, url or "")
        if url and kind and len(url) <= links.MAX_BUTTON:
            size = f" ({_size(enclosure.length)})" if enclosure.length and enclosure.length >= 1000 else ""
            named.setdefault(url, masked_link(f"{kind}{size}", url))
    return list(named.values())[:MAX_ENCLOSURES]


def _media(media_type: str, url: str) -> str | None:
    kind = media_type.partition(";")[0].strip().lower()
    path = url.partition("?")[0].lower()
    if kind.startswith("image/") or _PICTURE.search(path):
        return None
    if name := _MEDIA.get(kind) or _MEDIA.get(kind.partition("/")[0]):
        return name
    suffix = path.rpartition(".")[2]
    return next((name for suffixes, name in _SUFFIXES.items() if suffix in suffixes.split()), "File")


def _size(length: int) -> str:
    if length >= 10**9:
        return f"{min(length, 10**15) / 10**9:.1f} GB"
    return f"{length // 10**6} MB" if length >= 10**6 else f"{length // 1000} kB"


def _button(url: str | None) -> str | None:
    """The link of the "read the article" button, which can't be longer than 512 characters."""
    shown = links.linkable(url) if url else None
    link = links.to_ascii(shown) if shown else None
    return link if link and len(link) <= links.MAX_BUTTON else None


def _day_of(article: Article, first_seen: datetime) -> datetime:
    return article.published or article.updated or first_seen


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # the first and last day there are
        return moment.replace(tzinfo=UTC)


def _date(moment: datetime) -> str:
    return _utc(moment).date().isoformat()


def _moment(moment: datetime | None, style: str) -> str:
    return f"<t:{int(_utc(moment).timestamp())}:{style}>" if moment else ""
