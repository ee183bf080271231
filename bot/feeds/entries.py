"""What every feed format comes down to, and how that becomes an article: identity, link, words, picture.

Knows no feed format. Everything is bounded here: an entry may hold megabytes, an article never does.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Literal
from urllib.parse import urljoin, urlsplit

from bot.feeds.dates import EARLIEST
from bot.model import Article, Enclosure, Identity, ParsedFeed
from bot.text.clean import clean, scrub
from bot.text.cut import cut_words
from bot.text.html import images, to_markdown, to_text
from bot.text.links import canonical, host, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

MAX_TITLE = 300  # characters, as all of these
MAX_TEXT = 6_000  # summary and body each, as Markdown; a post holds 4,000
MAX_NAME = 200  # authors together; the source
MAX_CATEGORY = 100
MAX_GUID = 1024
MAX_URL = 2048
MAX_CATEGORIES = 20
MAX_ENCLOSURES = 10
_MAX_MARKUP = 64 * 1024  # of one field; what is behind it can't reach a post
_MAX_AUTHORS = 5
_MAX_AMONG = 200  # authors, categories, files, pictures or links of one entry that are looked at
_UNSIZED = 250 * 250  # pixels a picture of unknown size counts as, when the largest is looked for
_TRACKER = 32  # pixels; a picture that is not larger is a counter or an icon

_EMAIL = re.compile(r"[^\s<>()\[\],;:\"]{1,64}@[^\s<>()\[\],;:\"]{1,255}")
_LIST = re.compile(r"[^,]+(?:,[^,\s][^,]*){2,}")  # keywords crammed into one category
_SHOWS_PICTURE = re.compile(r"<(?:ima?ge?|amp-img|video)\b", re.IGNORECASE)
_SPACES = re.compile(r"[\s\x00-\x20]")


@dataclass(frozen=True, slots=True)
class Text:
    """Words as sent. ``kind``: HTML; plain text; or plain text whose line breaks are meant."""

    value: str = ""
    kind: Literal["html", "text", "lines"] = "html"
    base: str = ""  # xml:base in scope, perhaps relative to the document


@dataclass(frozen=True, slots=True)
class Picture:
    url: str
    width: int = 0  # pixels, 0 where unknown
    height: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of any format, with nothing checked, cleaned or resolved."""

    id: str = ""
    links: tuple[str, ...] = ()  # best first; the first that is an http(s) address is the article's
    title: Text = field(default_factory=Text)
    summary: Text = field(default_factory=Text)
    content: Text = field(default_factory=Text)
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    pictures: tuple[Picture, ...] = ()
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    source: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says of itself."""

    format: str
    title: Text = field(default_factory=Text)
    link: str = ""  # the site it belongs to
    own: str = ""  # where it says that it is to be had itself


def normalised(head: Head, entries: Sequence[Entry], url: str, warnings: Iterable[str] = ()) -> ParsedFeed:
    """The feed fetched from ``url``, with one article for each identity, in document order."""
    home, url = url, _link_base(head, url)
    site = canonical(head.link, url)
    title = _plain(head.title, MAX_NAME)
    source = title or (host(site or url) or "").removeprefix("www.")
    homes = {_comparable(address) for address in (home, url, site) if address}
    guids = [_guid(entry.id) for entry in entries]
    links = [
        next(filter(None, (canonical(link, url) for link in entry.links[:_MAX_AMONG])), None)
        for entry in entries
    ]
    normal = [_comparable(link) if link else None for link in links]
    of_all = _shared_by_all(guids)
    vague_guids = {guid for guid in _shared(guids) if guid == of_all or _comparable(guid) in homes}
    unguided = [link for guid, link in zip(guids, normal, strict=True) if not guid or guid in vague_guids]
    of_all = _shared_by_all(unguided)
    vague_links = {link for link in _shared(normal) if link == of_all or link in homes}
    articles: dict[str, Article] = {}
    repeated = 0
    for entry, guid, link, plain_link in zip(entries, guids, links, normal, strict=True):
        identity = Identity(
            guid=None if guid in vague_guids else guid,
            link=None if plain_link in vague_links else plain_link,
            digest=_digest(entry.title.value, entry.summary.value, entry.content.value)[:32],
        )
        if identity.key in articles:
            repeated += 1
        else:
            articles[identity.key] = _article(entry, identity, link, url, source)
    warnings = list(warnings)
    if repeated:
        warnings.append(
            f"{repeated} entries repeat the identity of another one in the document and are left out."
        )
    return ParsedFeed(title, site, head.format, tuple(articles.values()), tuple(warnings))


def _article(entry: Entry, identity: Identity, link: str | None, url: str, source: str) -> Article:
    summary, body = (_markdown(text, url) for text in (entry.summary, entry.content))
    picture = _lead(entry, url)
    return Article(
        identity=identity,
        url=link,
        title=_plain(entry.title, MAX_TITLE),
        author=_names(entry.authors),
        published=_news_date(entry.published),
        updated=_news_date(entry.updated),
        # Many feeds fill only one of the two, either one: readers of articles need not care which.
        summary=summary or body,
        body=body or summary,
        image=picture,
        fingerprint=_digest(
            entry.title.value,
            entry.summary.value,
            entry.content.value,
            next(iter(entry.links), ""),
            picture or "",
        ),
        categories=_labels(entry.categories),
        enclosures=tuple(_enclosures(entry.enclosures, url)),
        source=_plain(entry.source, MAX_NAME) or source,
    )


def web_address(url: str, base: str) -> str | None:
    """``url`` made absolute and otherwise as sent, if it is an http(s) address of at most 2048 characters."""
    if len(url) > 4 * MAX_URL:
        return None
    try:
        absolute = urljoin(base, url.strip())
        parts = urlsplit(absolute)
        port_is_number = parts.port is None or parts.port > 0
    except ValueError:
        return None
    absolute = _SPACES.sub(lambda space: "" if space[0] in "\r\n\t" else "%20", absolute)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_number:
        return None
    if len(absolute) > MAX_URL or not absolute.isprintable() or scrub(absolute) != absolute:
        return None
    return absolute


def _link_base(head: Head, url: str) -> str:
    """What relative links start from: the document's address (RFC 4287 §2, RFC 3986 §5.1.3).

    Unless it was fetched from another host than the one it says it belongs to, which is a mirror, a proxy or a
    subdomain for feeds: the links are not meant to lead there.
    """
    claimed = canonical(head.own) or canonical(head.link)
    return claimed if claimed and host(claimed) != host(url) else url


def _guid(raw: str) -> str | None:
    """The id without stray blanks; one of absurd length by its hash, so that it still tells entries apart."""
    guid = clean(" ".join(raw.split())) if len(raw) <= MAX_GUID else f"sha256:{_digest(raw)}"
    return guid or None


def _comparable(link: str) -> str:
    """The normalised link, with its fragment: change logs tell their entries apart by nothing else."""
    _, mark, fragment = link.partition("#")
    return normalise(link) + mark + fragment


def _shared(values: Sequence[str | None]) -> list[str]:
    return [value for value, count in Counter(values).items() if value and count > 1]


def _shared_by_all(values: Sequence[str | None]) -> str | None:
    """The one value that every entry carries, if there is one: it names the feed, not an entry."""
    return values[0] if len(values) > 1 and len(set(values)) == 1 else None


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _plain(text: Text, limit: int) -> str:
    value = text.value[: 8 * limit]
    return cut_words(to_text(value) if text.kind == "html" else clean(" ".join(value.split())), limit)


def _markdown(text: Text, url: str) -> str:
    value = text.value[:_MAX_MARKUP]
    if text.kind != "html":
        paragraphs = re.split(r"\n[ \t\r]*\n", html.escape(value, quote=False).replace("\r\n", "\n").strip())
        joint = "<br>" if text.kind == "lines" else " "
        value = "".join(f"<p>{joint.join(paragraph.splitlines())}</p>" for paragraph in paragraphs)
    return to_markdown(value, base=_base(url, text.base), limit=MAX_TEXT).strip()


def _names(authors: Iterable[str]) -> str | None:
    """Names alone: a post is no place for mail addresses, which RSS 2.0 puts first."""
    names: dict[str, str] = {}
    for author in islice(authors, _MAX_AMONG):
        name = _EMAIL.sub(" ", to_text(author[: 4 * MAX_NAME]).removeprefix("mailto:"))
        name = clean(name.replace("<>", "").replace("< >", "")).strip(" ,;:\"'")
        if name.startswith("(") and name.endswith(")"):
            name = name[1:-1].strip()
        if name.strip("()<>[] "):
            names.setdefault(name.casefold(), name)
    return cut_words(", ".join(list(names.values())[:_MAX_AUTHORS]), MAX_NAME) or None


def _news_date(moment: datetime | None) -> datetime | None:
    return moment if moment is not None and moment >= EARLIEST else None


def _labels(categories: Iterable[str]) -> tuple[str, ...]:
    labels: dict[str, str] = {}
    short = (one[: MAX_CATEGORIES * MAX_CATEGORY] for one in categories)
    listed = (part for one in short for part in (one.split(",") if _LIST.fullmatch(one) else [one]))
    for category in islice(listed, _MAX_AMONG):
        label = to_text(category[: 4 * MAX_CATEGORY])
        if (
            label and len(label) <= MAX_CATEGORY and "://" not in label
        ):  # schemes and kinds are not for readers
            labels.setdefault(label.casefold(), label)
        if len(labels) == MAX_CATEGORIES:
            break
    return tuple(labels.values())


def _enclosures(enclosures: Iterable[Enclosure], url: str) -> Iterable[Enclosure]:
    kept: dict[str, Enclosure] = {}
    for enclosure in islice(enclosures, _MAX_AMONG):
        address = web_address(enclosure.url, url)
        if address and len(kept) < MAX_ENCLOSURES:
            kept.setdefault(address, Enclosure(address, clean(enclosure.type)[:100], enclosure.length))
    return kept.values()


def _lead(entry: Entry, url: str) -> str | None:
    """The largest picture that the entry carries, else the first one in its words."""
    best, most = None, 0
    for picture in entry.pictures[:_MAX_AMONG]:
        if 0 < min(picture.width or _TRACKER + 1, picture.height or _TRACKER + 1) <= _TRACKER:
            continue
        pixels = _pixels(picture)
        if pixels > most and (address := web_address(picture.url, url)):
            best, most = address, pixels
    if best:
        return best
    for text in (entry.content, entry.summary):
        if text.kind == "html" and _SHOWS_PICTURE.search(text.value):  # looking closer costs a second reading
            for address, _ in images(text.value[:_MAX_MARKUP], _base(url, text.base)):
                if absolute := web_address(address, url):
                    return absolute
    return None


def _pixels(picture: Picture) -> int:
    if picture.width > 0:
        return picture.width * (picture.height if picture.height > 0 else picture.width * 9 // 16)
    return _UNSIZED


def _base(url: str, base: str) -> str:
    try:
        return urljoin(url, base)
    except ValueError:  # a bracket that begins no IPv6 address
        return url
