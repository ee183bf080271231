"""Hostile HTML as a bounded stream of events. The only place that knows the parser.

lxml's parser is driven as an event source: no tree, so no depth that could be lost or recursed into, no network,
no entities but HTML's own. What it must not be given is taken out before, in linear passes:
``<`` that begins no HTML element is text (``a < b``, ``List<String>``), and a document nested deeper than any
writer means is read as plain text instead, because the parser looks through all open elements at each end tag.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any, Protocol

from lxml import etree

MAX_INPUT = 2_000_000  # characters; a hundred times the longest text that is kept
MAX_DEPTH = 256
_CHUNK = 16_384  # bounds what the parser takes in after a document proved too deep

_ELEMENTS_WORDS = """
a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink
blockquote body br button canvas caption center cite code col colgroup data datalist dd del details
dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2
h3 h4 h5 h6 head header hgroup hr html i iframe img image input ins isindex kbd keygen label legend
li link listing main map mark marquee math menu menuitem meta meter nav nobr noembed noframes
noscript object ol optgroup option output p param picture plaintext pre progress q rb rbc rp rt rtc
ruby s samp script search section select slot small source spacer span strike strong style sub
summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var
video wbr xmp
"""
_ELEMENTS = frozenset(_ELEMENTS_WORDS.split())
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/<>]{0,40})?")
_DECLARATION = re.compile(r"<(?:!(?:--|\[|[A-Za-z])|\?)")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
# Written as XML allows; an HTML parser would take all that follows for their content.
_SELF_CLOSED = re.compile(
    r"<(?:script|style|iframe|textarea|title|noscript|object|video|audio|form|svg|math)\b[^<>]*/>",
    re.IGNORECASE,
)
_ANY_TAG = re.compile(r"<[^<>]*>")
_ESCAPED_START = re.compile(
    r"\s*&lt;(?:p|div|a|img|table|[uod]l|h[1-6]|span|figure|blockquote|br|strong|em)(?:\s|/?&gt;)",
    re.IGNORECASE,
)


class Handler(Protocol):
    """Hears of elements and text in document order; every ``start`` has its ``end``."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def data(self, text: str) -> None: ...


class _TooDeep(Exception):
    pass


class _Target:
    """What lxml drives; its stubs allow bytes, which an HTML parser never sends."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._depth = 0

    def start(self, tag: str | bytes, attrib: Mapping[Any, Any]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _TooDeep
        self._handler.start(str(tag), attrib)

    def end(self, tag: str | bytes) -> None:
        self._depth -= 1
        self._handler.end(str(tag))

    def data(self, data: str | bytes) -> None:
        self._handler.data(str(data))

    def comment(self, text: str | bytes) -> None:
        """Not for readers."""

    def close(self) -> None:
        """Asked for by lxml."""


def prepared(html: str) -> str:
    """``html`` bounded, encodable, and with ``<`` only where an element begins or ends.

    A document that was escaped once too often, as some feeds do, is taken for what it was.
    """
    html = html[:MAX_INPUT].replace("\0", "")
    if _ESCAPED_START.match(html) and not _has_tags(html):
        html = unescape(html)
    html = html.encode("utf-8", "ignore").decode("utf-8")
    html = _SELF_CLOSED.sub("", _CDATA.sub("", html))
    last_end = html.rfind(">")

    def tag_or_text(match: re.Match[str]) -> str:
        begins = _is_element(match[2]) or _DECLARATION.match(html, match.start())
        return match[0] if begins and match.start() < last_end else "&lt;" + match[0][1:]

    return _TAG.sub(tag_or_text, html)


def is_plain(source: str) -> bool:
    """Whether prepared text holds no element at all."""
    return "<" not in source


def walk(source: str, handler: Handler) -> bool:
    """Tell ``handler`` what the prepared HTML holds; False when it is nested too deep to be read as HTML."""
    parser = etree.HTMLParser(target=_Target(handler), encoding="utf-8", no_network=True, recover=True)
    data = f"<div>{source}</div>".encode()
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
        parser.close()
    except (_TooDeep, etree.LxmlError):
        return False
    return True


def stripped(source: str) -> str:
    """The text of prepared HTML by the crudest means, entities decoded once: the way out that always works."""
    return unescape(_ANY_TAG.sub(" ", source))


def _has_tags(html: str) -> bool:
    return any(_is_element(match[2]) for match in _TAG.finditer(html))


def _is_element(name: str | None) -> bool:
    # Names with a colon or hyphen are other vocabularies' (o:p, fb:like, amp-img): markup all the same.
    return name is not None and (name.lower() in _ELEMENTS or ":" in name or "-" in name)
