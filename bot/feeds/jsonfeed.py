"""JSON Feed 1.0 and 1.1 (jsonfeed.org), which feedparser does not know. Strict in what it reads, lax in the rest.

A value of the wrong type counts as absent; an item that is no object is passed over with a warning.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.feeds.dates import parse_date
from bot.feeds.entries import Entry, Head, Picture, Text, normalised
from bot.model import Enclosure, Failure, FailureKind, ParsedFeed

if TYPE_CHECKING:
    from collections.abc import Iterable

_VERSIONS = {"1": "json10", "1.0": "json10", "1.1": "json11"}


def parse_json(text: str, url: str, limit: int, warnings: Iterable[str] = ()) -> ParsedFeed | Failure:
    """The JSON Feed in ``text``, fetched from ``url``; at most ``limit`` items of it."""
    warnings = list(warnings)
    try:
        # NaN and the like are no JSON; they would be the only values that differ from themselves.
        document = json.loads(text, parse_constant=lambda _: None)
    except RecursionError:
        return Failure(FailureKind.UNREADABLE, "The JSON is nested too deeply.")
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()):
            return Failure(FailureKind.ENCODING, "The JSON is cut short: it ends before its end.")
        return Failure(FailureKind.UNREADABLE, f"The JSON is broken at line {error.lineno}: {error.msg}.")
    except ValueError:  # a number of thousands of digits
        return Failure(FailureKind.UNREADABLE, "The JSON holds a value that can't be read.")
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        return Failure(FailureKind.NOT_A_FEED, "This is JSON, but not a JSON Feed: it has no list of items.")
    version = _version(document)
    if version is None:
        warnings.append(
            'The JSON Feed does not name its version; "version" should be https://jsonfeed.org/version/1.1.'
        )
    items = [item for item in document["items"] if isinstance(item, dict)]
    if len(items) < len(document["items"]):
        warnings.append(f"{len(document['items']) - len(items)} items are no objects and were passed over.")
    if len(items) > limit:
        warnings.append(f"The feed has {len(items)} items; only {limit} were read.")
    head = Head(
        version or "json",
        Text(_text(document, "title"), "text"),
        _text(document, "home_page_url"),
        _text(document, "feed_url"),
    )
    authors = _authors(document)
    return normalised(head, [_entry(item, authors) for item in items[:limit]], url, warnings)


def _version(document: dict[str, Any]) -> str | None:
    _, found, number = _text(document, "version").rpartition("jsonfeed.org/version/")
    return _VERSIONS.get(number.strip("/"), "json11") if found else None


def _entry(item: dict[str, Any], feed_authors: tuple[str, ...]) -> Entry:
    attachments = [part for part in _list(item, "attachments") if isinstance(part, dict)]
    identifier = _identifier(item)
    html = _text(item, "content_html")
    pictures = [_text(item, "image"), _text(item, "banner_image")]
    pictures += [_text(part, "url") for part in attachments if _text(part, "mime_type").startswith("image/")]
    links = [_text(item, "url"), _text(item, "external_url")]
    links += [identifier] if identifier.startswith(("http://", "https://")) else []
    return Entry(
        id=identifier,
        links=tuple(link for link in links if link.strip()),
        title=Text(_text(item, "title"), "text"),
        summary=Text(_text(item, "summary"), "text"),
        content=Text(html) if html else Text(_text(item, "content_text"), "lines"),
        authors=_authors(item) or feed_authors,
        published=parse_date(_text(item, "date_published")),
        updated=parse_date(_text(item, "date_modified")),
        pictures=tuple(Picture(picture) for picture in pictures if picture),
        categories=tuple(tag for tag in _list(item, "tags") if isinstance(tag, str)),
        enclosures=tuple(
            Enclosure(_text(part, "url"), _text(part, "mime_type"), _size(part)) for part in attachments
        ),
    )


def _identifier(item: dict[str, Any]) -> str:
    """The id; numbers are taken for what they would be as text (JSON Feed 1.1, "id")."""
    value = item.get("id")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else _text(item, "id")


def _authors(holder: dict[str, Any]) -> tuple[str, ...]:
    """Names of ``authors`` (1.1) or ``author`` (1.0)."""
    people = [*_list(holder, "authors"), holder.get("author")]
    return tuple(name for person in people if isinstance(person, dict) and (name := _text(person, "name")))


def _size(part: dict[str, Any]) -> int | None:
    size = part.get("size_in_bytes")
    return size if isinstance(size, int) and not isinstance(size, bool) and 0 <= size < 1 << 53 else None


def _text(holder: dict[str, Any], key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def _list(holder: dict[str, Any], key: str) -> list[Any]:
    value = holder.get(key)
    return value if isinstance(value, list) else []
