"""Lists of feeds as OPML (opml.org/spec2.opml), in and out. Knows nothing of configuration files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from bot.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read(text: bytes) -> list[tuple[str, str]]:
    """Title and address of every feed in the document, in its order, each address once; folders are flattened.

    Raises:
        SourceError: it is no OPML, or names no feed.
    """
    # recover: exports with a bare "&" in an address are common. No entity is expanded and nothing is loaded.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(text.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError("This is not OPML: it is not XML.") from error
    if root is None or _local(root.tag) != "opml":
        raise SourceError("This is not OPML: its first element should be <opml>.")
    feeds: dict[str, str] = {}
    for outline in root.iter():
        if _local(outline.tag) != "outline":
            continue
        attributes = {str(name).lower(): str(value) for name, value in outline.attrib.items()}
        url = attributes.get("xmlurl", "").strip()
        if url:
            title = " ".join((attributes.get("title") or attributes.get("text") or "").split())
            feeds.setdefault(url, title)
    if not feeds:
        raise SourceError("This OPML names no feed: none of its outlines has an xmlUrl.")
    return [(title, url) for url, title in feeds.items()]


def write(feeds: Iterable[tuple[str, str, str | None]], title: str = "Newsthread") -> str:
    """An OPML 2.0 document with one outline for each (title, address, site or None)."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = _legal(title)
    body = etree.SubElement(root, "body")
    for name, url, site in feeds:
        words = _legal(name) or _legal(url)
        outline = etree.SubElement(body, "outline", type="rss", text=words, title=words, xmlUrl=_legal(url))
        if site:
            outline.set("htmlUrl", _legal(site))
    document = etree.tostring(root, encoding="unicode", pretty_print=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}'


def _local(tag: object) -> str:
    """The tag without its namespace; "" for comments and instructions, whose tag is a function."""
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text)
