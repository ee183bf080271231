"""A feed's bytes to articles: the only user of feedparser. Pure and synchronous; the workers call it.

feedparser opens files and URLs named by what it is given, its sanitiser takes minutes for kilobytes, and it raises
on a good share of broken input. So it gets a ``BytesIO``, no sanitising (our own HTML to Markdown needs none), and
every exception counts as "unreadable".
"""

from __future__ import annotations

import io
import re
from typing import Any
from xml.sax import SAXException, SAXParseException

import feedparser
from lxml import etree

from bot.feeds.dates import parse_date
from bot.feeds.document import dangerous_entities, decoded, ends_early, mended, root_name
from bot.feeds.entries import Entry, Head, Picture, Text, normalised, web_address
from bot.feeds.jsonfeed import parse_json
from bot.model import Enclosure, Failure, FailureKind, ParsedFeed

_HTML = {"html", "head", "body", "title", "meta", "div", "script", "table"}
_ROOTS = {"rss", "feed", "rdf", "channel"}
_FEEDS = {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"}
_MARKUP = {"text/html", "html", "application/xhtml+xml", "xhtml"}
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#])", re.IGNORECASE)
_LOOKS_MARKED_UP = re.compile(r"<[A-Za-z/!]|&(?:#\w{1,8}|[A-Za-z]\w{1,31});")
# feedparser takes <media:description>, which is a picture's caption as often as not, for the entry's own
# description or even its full text, whichever comes first. Under a name it does not know it stays apart.
_CAPTION = re.compile(r"<(/?)media:description(?:\s[^<>]*?)?(/?)>")
_CAPTION_KEY = "media_caption"
# It also cuts mail addresses out of authors, with a pattern that knows no domain longer than ".info" and leaves
# half of the others as a name. We cut them out ourselves; until then "@" is a character from the private area.
_AUTHOR = re.compile(
    r"<(?:author|managingEditor|dc:creator|dc:author|itunes:author)(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[)?[^<]{0,300}"
)
_AT = "\ue040"


def parse(body: bytes, content_type: str, url: str, limit: int = 5000) -> ParsedFeed | Failure:
    """What a document says, be it RSS 0.9x, 1.0, 2.0, Atom 0.3, 1.0 or JSON Feed. Raises nothing.

    ``content_type`` is the HTTP header and may be ""; ``url`` the address that relative links start from. Of more
    than ``limit`` entries the newest are taken.
    """
    try:
        return _parse(body, content_type, url, limit)
    except Exception as error:  # feedparser and codecs raise dozens of kinds on hostile input
        return Failure(
            FailureKind.UNREADABLE, f"The feed can't be read: its contents are broken ({_words(error)})."
        )


def _parse(body: bytes, content_type: str, url: str, limit: int) -> ParsedFeed | Failure:
    text, wrong_label = decoded(body, content_type)
    warnings = [wrong_label] if wrong_label else []
    start = text.lstrip("\ufeff\u200b \t\r\n\0")
    if not start:
        return Failure(FailureKind.EMPTY, "The server sent an empty document instead of a feed.")
    if start[0] in "{[":
        return parse_json(start, url, limit, warnings)
    root = root_name(text)
    if root in _HTML:
        return _web_page(text, url)
    text = mended(text)
    if dangerous_entities(text):
        return Failure(
            FailureKind.UNREADABLE,
            "The feed declares entities that could grow without bound, as attacks do; it is not read.",
        )
    return _read_xml(text, root, url, limit, warnings)


def _read_xml(text: str, root: str, url: str, limit: int, warnings: list[str]) -> ParsedFeed | Failure:
    text = _CAPTION.sub(r"<\1media:caption\2>", text)
    text = _AUTHOR.sub(lambda author: author[0].replace("@", _AT), text)
    document = feedparser.parse(
        io.BytesIO(text.encode()),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            # Not the real address: feedparser would make ids absolute with it, and an id must not change when its
            # feed moves. But with no base at all, one xml:base would stay in force until the document's end.
            "content-location": "." if "base=" in text else "",
        },
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    version, raw = _string(document, "version"), document["entries"]
    fault = document.get("bozo_exception")
    if not version and not raw and not (fault and root in _ROOTS):
        return _no_feed(root)
    if isinstance(fault, SAXException):
        if ends_early(text):
            return Failure(FailureKind.ENCODING, "The feed is cut short: it ends in the middle.")
        if not raw:
            return Failure(
                FailureKind.UNREADABLE, f"The feed is broken XML without a readable entry ({_words(fault)})."
            )
        warnings.append(
            f"The feed is not well-formed XML ({_words(fault)}); it was read as far as it makes sense."
        )
    atom = version.startswith("atom")
    feed_authors = _authors(document["feed"]) if atom else ()  # Atom's are inherited (RFC 4287 §4.2.1)
    entries = [_entry(entry, atom, feed_authors) for entry in raw]
    if len(entries) > limit:
        warnings.append(f"The feed has {len(entries)} entries; only the newest {limit} were read.")
        entries = _newest(entries, limit)
    return normalised(_head(document["feed"], version or "xml"), entries, url, warnings)


def _no_feed(root: str) -> Failure:
    what = f"an XML document that starts with <{root[:40]}>" if root else "neither XML nor JSON"
    return Failure(FailureKind.NOT_A_FEED, f"This is not a feed but {what}.")


def _web_page(text: str, url: str) -> Failure:
    feeds = _named_feeds(text, url)
    advice = f"it names a feed at {' and at '.join(feeds)}" if feeds else "use the address of its feed"
    return Failure(FailureKind.NOT_A_FEED, f"This is a web page, not a feed; {advice}.")


def _named_feeds(text: str, url: str) -> list[str]:
    """The first three feeds that a web page names with <link rel="alternate">."""
    page = etree.fromstring(text[: 256 * 1024].encode(), etree.HTMLParser(encoding="utf-8", no_network=True))
    found: dict[str, None] = {}
    for link in page.iter("link") if page is not None else ():
        rel, kind = (link.get(name, "").lower() for name in ("rel", "type"))
        if "alternate" in rel.split() and kind.partition(";")[0].strip() in _FEEDS:
            address = web_address(link.get("href", ""), url)
            if address and len(address) <= 300:
                found.setdefault(address)
    return list(found)[:3]


def _newest(entries: list[Entry], limit: int) -> list[Entry]:
    dates = [entry.published for entry in entries if entry.published]
    oldest_first = len(dates) > 1 and dates[0] < dates[-1]
    return entries[-limit:] if oldest_first else entries[:limit]


# --- feedparser's dictionaries to our records -------------------------------------------------------
# Always dict.get: FeedParserDict's own get warns, maps names and substitutes.


def _head(feed: Any, version: str) -> Head:
    links = _links(feed)
    own = next((_string(link, "href") for link in links if _string(link, "rel") == "self"), "")
    return Head(version, _text(feed, "title", "text"), _alternate(links) or _string(feed, "link"), own)


def _entry(raw: Any, atom: bool, feed_authors: tuple[str, ...]) -> Entry:
    summary = _summary(raw, atom)
    links = _links(raw)
    source = dict.get(raw, "source")
    published, updated = (_date(raw, key) for key in ("published", "updated"))
    published = published or _date(raw, "created") or updated
    if not atom and updated and published and updated <= published:
        updated = None  # RSS has no date of change; <dc:date> repeats the date of publication
    content = _content(raw, summary, atom)
    if summary.value == content.value:  # feedparser copies the one where the other is missing
        summary = Text()
    return Entry(
        id=_string(raw, "id"),
        links=tuple(_article_links(raw, links, atom)),
        title=_text(raw, "title", "text"),
        summary=summary,
        content=content,
        authors=_authors(raw) or feed_authors,
        published=published,
        updated=updated,
        pictures=tuple(_pictures(raw, links)),
        categories=tuple(_string(tag, "label") or _string(tag, "term") for tag in _dicts(raw, "tags")),
        enclosures=tuple(
            Enclosure(_string(link, "href"), _string(link, "type"), _number(link, "length"))
            for link in links
            if _string(link, "rel") == "enclosure"
        ),
        source=_text(source, "title", "text") if isinstance(source, dict) else Text(),
    )


def _article_links(raw: Any, links: list[Any], atom: bool) -> list[str]:
    """Where the article may be, best first: FeedBurner's note of the original, the link, the guid, the file."""
    identifier = _string(raw, "id")
    candidates = [dict.get(raw, key) for key in ("feedburner_origlink", "pheedo_origlink") if key in raw]
    pages = [link for link in links if _string(link, "rel") == "alternate"]
    candidates += [_alternate(links), *(_string(page, "href") for page in pages)] if pages else []
    # feedparser tells of isPermaLink only where there is no link; beside a link that is none, take it for granted.
    if (atom or candidates or _may_be_link(raw)) and identifier.startswith(("http://", "https://")):
        candidates.append(identifier)
    candidates += [
        _string(link, "href")
        for rel in ("related", "enclosure")
        for link in links
        if _string(link, "rel") == rel
    ]
    return [candidate for candidate in candidates if isinstance(candidate, str) and candidate.strip()]


def _may_be_link(raw: Any) -> bool:
    return bool(raw.get("guidislink", True))


def _alternate(links: list[Any]) -> str:
    pages = [link for link in links if _string(link, "rel") == "alternate" and _string(link, "href").strip()]
    best = next((page for page in pages if _string(page, "type") in _MARKUP), pages[0] if pages else {})
    return _string(best, "href")


def _summary(raw: Any, atom: bool) -> Text:
    summary = _text(raw, "summary", "html")
    if not summary.value:
        caption = _string(raw, _CAPTION_KEY)
        return Text(caption, "html" if _LOOKS_MARKED_UP.search(caption) else "lines")
    # RSS does not say whether its descriptions are HTML; what is made of HTML copes with plain text.
    return summary if atom else Text(summary.value, "html", summary.base)


def _content(raw: Any, summary: Text, atom: bool) -> Text:
    """The full text. In RSS, feedparser also puts second descriptions here: those count when they say more."""
    texts = [_typed(content) for content in _dicts(raw, "content") if not _string(content, "src")]
    marked_up = [text for text in texts if text.kind == "html"]
    if atom:
        return next(iter(marked_up or texts), Text())
    longest = max(marked_up or texts, key=lambda text: len(text.value), default=Text())
    return longest if longest.kind == "html" or len(longest.value) > len(summary.value) else Text()


def _text(holder: Any, key: str, otherwise: str) -> Text:
    """A text with its kind; the detail beside it may belong to another element of that name (media:title)."""
    value, detail = _string(holder, key), dict.get(holder, f"{key}_detail")
    if isinstance(detail, dict) and dict.get(detail, "value") == value:
        return _typed(detail)
    return Text(value, "html" if otherwise == "html" or _LOOKS_MARKED_UP.search(value) else "text")


def _typed(detail: Any) -> Text:
    kind = "html" if _string(detail, "type").lower() in _MARKUP else "text"
    return Text(_string(detail, "value"), "html" if kind == "html" else "text", _string(detail, "base"))


def _pictures(raw: Any, links: list[Any]) -> list[Picture]:
    found = []
    for media in _dicts(raw, "media_content"):
        kind, address = _string(media, "type"), _string(media, "url")
        if (
            _string(media, "medium") == "image"
            or kind.startswith("image/")
            or (not kind and _PICTURE.search(address))
        ):
            found.append(media)
    pictures = [
        Picture(_string(media, "url"), _number(media, "width") or 0, _number(media, "height") or 0)
        for media in (*found, *_dicts(raw, "media_thumbnail"))
    ]
    files = [link for link in links if _string(link, "rel") == "enclosure"]
    files += [
        {**file, "href": _string(file, "rdf:resource") or _string(file, "resource")}
        for file in _one(raw, "enc_enclosure")
    ]
    pictures += [
        Picture(_string(file, "href"))
        for file in files
        if _string(file, "type").startswith("image/")
        or (not _string(file, "type") and _PICTURE.search(_string(file, "href")))
    ]
    pictures += [Picture(_string(image, "href")) for image in _one(raw, "image")]
    if _PICTURE.search(_string(raw, "href")):  # <image><url> inside an item
        pictures.append(Picture(_string(raw, "href")))
    return [picture for picture in pictures if picture.url.strip()]


def _authors(holder: Any) -> tuple[str, ...]:
    names = [_string(author, "name") for author in _dicts(holder, "authors")] or [_string(holder, "author")]
    return tuple(name.replace(_AT, "@") for name in names if name)


def _date(raw: Any, key: str) -> Any:
    """Our own reading first: feedparser takes Unix time for a year and knows no Portuguese."""
    value = _string(raw, key)
    moment = parse_date(value) if value else None
    parsed = dict.get(raw, f"{key}_parsed")
    if moment is None and parsed is not None:
        moment = parse_date("{}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*parsed[:6]))
    return moment


def _links(holder: Any) -> list[Any]:
    return _dicts(holder, "links")


def _dicts(holder: Any, key: str) -> list[Any]:
    value = dict.get(holder, key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _one(holder: Any, key: str) -> list[Any]:
    value = dict.get(holder, key)
    return [value] if isinstance(value, dict) else []


def _string(holder: Any, key: str) -> str:
    value = dict.get(holder, key)
    return value if isinstance(value, str) else ""


def _number(holder: Any, key: str) -> int | None:
    value = _string(holder, key).strip()[:15]
    return int(value) if value.isascii() and value.isdigit() else None


def _words(error: Exception) -> str:
    """An exception as part of a sentence, without letting the document speak through it."""
    if isinstance(error, SAXParseException):
        return f"line {error.getLineNumber()}: {error.getMessage()}"[:200]
    return type(error).__name__
