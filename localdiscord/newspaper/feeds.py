"""A desk's articles as RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1. Each carries pictures in its own way."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from localdiscord.newspaper.pictures import HEIGHT, WIDTH, alt_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from localdiscord.newspaper.addresses import Addresses
    from localdiscord.newspaper.press import Item

PAPER = "The Harbour Courier"
CONTENT_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}

# Names that outlive an address (RFC 4151); RSS alone has the link for its guid, as most newspapers do.
_AUTHORITY = "harbour-courier.example,2026"
_NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}


def render(kind: str, desk: str, items: Sequence[Item], changed: datetime, addresses: Addresses) -> bytes:
    """The feed as a document in UTF-8. It stays the same, byte for byte, until the next step."""
    renderer = {"rss": _rss, "atom": _atom, "json": _json}[kind]
    return renderer(desk, items, changed, addresses)


def _rss(desk: str, items: Sequence[Item], changed: datetime, addresses: Addresses) -> bytes:
    rss = ET.Element("rss", {"version": "2.0", **_NAMESPACES})
    channel = ET.SubElement(rss, "channel")
    _add(channel, "title", f"{PAPER} – {desk.capitalize()}")
    _add(channel, "link", addresses.front)
    _add(channel, "description", f"Invented news from the {desk} desk of {PAPER}.")
    _add(channel, "language", "en")
    _add(channel, "lastBuildDate", _rfc822(changed))
    _add(channel, "ttl", "1")
    _add(
        channel,
        "atom:link",
        href=addresses.feed(desk, "rss"),
        rel="self",
        type=CONTENT_TYPES["rss"],
    )
    for item in items:
        entry = ET.SubElement(channel, "item")
        _add(entry, "title", item.title)
        _add(entry, "link", addresses.article(item.slug))
        _add(entry, "guid", addresses.article(item.slug), isPermaLink="true")
        _add(entry, "pubDate", _rfc822(item.published))
        if item.updated:
            _add(entry, "atom:updated", _rfc3339(item.updated))
        _add(entry, "dc:creator", item.author)
        for category in item.categories:
            _add(entry, "category", category)
        _add(entry, "description", item.summary)
        _add(entry, "content:encoded", addresses.resolved(item.body))
        media = _add(
            entry,
            "media:content",
            url=addresses.picture(item.slug),
            type="image/png",
            medium="image",
            width=str(WIDTH),
            height=str(HEIGHT),
        )
        _add(media, "media:description", alt_text(item.scene), type="plain")
    return _document(rss)


def _atom(desk: str, items: Sequence[Item], changed: datetime, addresses: Addresses) -> bytes:
    feed = ET.Element("feed", {"xmlns": _NAMESPACES["xmlns:atom"], "xml:lang": "en"})
    _add(feed, "id", f"tag:{_AUTHORITY}:{desk}")
    _add(feed, "title", f"{PAPER} – {desk.capitalize()}")
    _add(feed, "updated", _rfc3339(changed))
    _add(feed, "link", href=addresses.front, rel="alternate", type="text/html")
    _add(feed, "link", href=addresses.feed(desk, "atom"), rel="self", type=CONTENT_TYPES["atom"])
    for item in items:
        entry = ET.SubElement(feed, "entry")
        _add(entry, "id", f"tag:{_AUTHORITY}:{item.slug}")
        _add(entry, "title", item.title)
        _add(entry, "link", href=addresses.article(item.slug), rel="alternate", type="text/html")
        _add(entry, "published", _rfc3339(item.published))
        _add(entry, "updated", _rfc3339(item.changed))
        _add(_add(entry, "author"), "name", item.author)
        for category in item.categories:
            _add(entry, "category", term=category.lower(), label=category)
        _add(entry, "summary", item.summary, type="text")
        picture = f'<img src="{addresses.picture(item.slug)}" width="{WIDTH}" height="{HEIGHT}" alt="{alt_text(item.scene)}">'
        body = f"<figure>{picture}</figure>\n{addresses.resolved(item.body)}"
        _add(entry, "content", body, type="html")
    return _document(feed)


def _json(desk: str, items: Sequence[Item], _changed: datetime, addresses: Addresses) -> bytes:
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{PAPER} – {desk.capitalize()}",
        "description": f"Invented news from the {desk} desk of {PAPER}.",
        "language": "en",
        "home_page_url": addresses.front,
        "feed_url": addresses.feed(desk, "json"),
        "items": [_json_item(item, addresses) for item in items],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _json_item(item: Item, addresses: Addresses) -> dict[str, Any]:
    return {
        "id": f"tag:{_AUTHORITY}:{item.slug}",
        "url": addresses.article(item.slug),
        "title": item.title,
        "summary": item.summary,
        "content_html": addresses.resolved(item.body),
        "image": addresses.picture(item.slug),
        "date_published": _rfc3339(item.published),
        **({"date_modified": _rfc3339(item.updated)} if item.updated else {}),
        "authors": [{"name": item.author}],
        "tags": list(item.categories),
    }


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, attributes)
    element.text = text
    return element


def _document(root: ET.Element) -> bytes:
    ET.indent(root, " ")
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
