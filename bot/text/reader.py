"""HTML heard element by element and made into blocks. Decides what stays and where it stands, not how it looks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from bot.text.blocks import BOLD, CODE, ITALIC, STRIKE, UNDERLINE, Block, Kind, Span
from bot.text.clean import clean
from bot.text.elements import BLOCKS, DROPPED, is_hidden
from bot.text.links import linkable
from bot.text.pictures import is_counter, is_smiley
from bot.text.table import Table

MAX_LIST_DEPTH = 6

_STYLES = {
    **dict.fromkeys(("b", "strong", "dt", "summary", "caption", "legend"), BOLD),
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), ITALIC),
    **dict.fromkeys(("u", "ins"), UNDERLINE),
    **dict.fromkeys(("s", "strike", "del"), STRIKE),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), CODE),
}
_PREFORMATTED = frozenset(("pre", "listing", "xmp"))
_RAISED = {
    **{str(digit): chr(0x2070 + digit) for digit in range(10)},
    **{"1": "\u00b9", "2": "\u00b2", "3": "\u00b3", "+": "\u207a", "-": "\u207b"},
}
_LOWERED = {**{str(digit): chr(0x2080 + digit) for digit in range(10)}, "+": "\u208a", "-": "\u208b"}
_NUMBER = re.compile(r"\s*([0-9]{1,6})")


class _Place(NamedTuple):
    """What the elements around a piece of text make of it."""

    style: int = 0
    href: str | None = None
    kind: Kind = Kind.TEXT
    quote: bool = False
    depth: int = 0
    pre: bool = False
    dropped: bool = False
    digits: Mapping[str, str] | None = None  # for sub and sup


class _List:
    def __init__(self, ordered: bool, start: int) -> None:
        self.ordered = ordered
        self.next = start


class _OpenTable(NamedTuple):
    outside: list[Block]  # where its blocks will go
    loose: list[Block]  # what stands in the table but in no cell
    table: Table


class Reader:
    """Hears HTML, makes blocks."""

    def __init__(self, base: str | None) -> None:
        self._base = base
        self._place = _Place()
        self._around: list[_Place] = []
        self._blocks: list[Block] = []
        self._lines: list[list[Span]] = [[]]
        self._lists: list[_List] = []
        self._marker = ""
        self._tables: list[_OpenTable] = []
        self._code: list[str] = []
        self._language = ""
        self._captions: list[str] = []
        self._alternatives: list[str] = []

    def finished(self) -> list[Block]:
        """The blocks read; pictures alone are represented by their descriptions."""
        self._flush()
        if not self._blocks:
            return [Block(Kind.CAPTION, [[Span(text)]]) for text in self._alternatives[:3]]
        return self._blocks

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        place = self._place
        self._around.append(place)
        if place.dropped:
            return
        if tag in DROPPED or is_hidden(attributes):
            self._place = place._replace(dropped=True)
            return
        if tag in BLOCKS:
            self._flush()
        style = place.style | _STYLES.get(tag, 0)
        match tag:
            case "br":
                self._break()
            case "img":
                self._image(attributes)
            case "hr":
                self._blocks.append(Block(Kind.RULE, quote=place.quote, depth=place.depth))
            case "a":
                place = place._replace(href=self._target(attributes.get("href", "")))
            case "q":
                self.data("\u201c")
            case "sub":
                place = place._replace(digits=_LOWERED)
            case "sup":
                place = place._replace(digits=_RAISED)
            case "h1" | "h2" | "h3":
                place = place._replace(kind=Kind.HEADING)
            case "h4" | "h5" | "h6":
                place = place._replace(kind=Kind.MINOR_HEADING)
            case "figcaption":
                place = place._replace(kind=Kind.CAPTION)
            case "blockquote":
                place = place._replace(quote=True)
            case "pre" | "listing" | "xmp":
                place = place._replace(pre=True)
                self._code, self._language = [], _language(attributes)
            case "code" if place.pre:
                self._language = self._language or _language(attributes)
            case "ul" | "ol" | "menu" | "dir":
                self._lists.append(_List(tag == "ol", _number(attributes.get("start"), 1)))
                place = place._replace(depth=min(place.depth + 1, MAX_LIST_DEPTH))
            case "li":
                self._marker = self._next_marker(attributes)
                place = place._replace(depth=max(place.depth, 1))
            case "table":
                self._tables.append(_OpenTable(self._blocks, [], Table()))
                self._blocks = self._tables[-1].loose
            case "tr" if self._tables:
                self._tables[-1].table.rows.append([])
            case "td" | "th" if self._tables:
                self._blocks = self._tables[-1].table.add_cell(header=tag == "th").blocks
            case _:
                pass
        self._place = place._replace(style=style)

    def end(self, tag: str) -> None:
        inside, self._place = self._place, self._around.pop()
        if inside.dropped:
            return
        if tag in _PREFORMATTED and not self._place.pre:
            code = Block(Kind.CODE, quote=inside.quote, code="".join(self._code), language=self._language)
            self._blocks.append(code)
        elif tag in BLOCKS:
            self._flush(inside)
        match tag:
            case "q":
                self.data("\u201d")
            case "ul" | "ol" | "menu" | "dir" if self._lists:
                self._lists.pop()
            case "li":
                self._marker = ""
            case "td" | "th" if self._tables:
                self._blocks = self._tables[-1].loose
            case "table" if self._tables:
                outside, loose, table = self._tables.pop()
                self._blocks = outside
                outside += loose
                outside += table.to_blocks(quote=inside.quote, depth=inside.depth)
            case _:
                pass

    def data(self, text: str) -> None:
        place = self._place
        if place.dropped:
            return
        if place.pre:
            self._code.append(text)
            return
        if place.digits and text and all(char in place.digits for char in text):
            text = "".join(place.digits[char] for char in text)
        self._lines[-1].append(Span(text, place.style, place.href))

    def _break(self) -> None:
        if self._place.pre:
            self._code.append("\n")
        else:
            self._lines.append([])

    def _flush(self, place: _Place | None = None) -> None:
        """End the block that the text so far makes, if it makes one."""
        place = place or self._place
        if any(not span.text.isspace() for line in self._lines for span in line):
            marker, self._marker = self._marker, ""
            self._blocks.append(Block(place.kind, self._lines, place.quote, place.depth, marker))
        self._lines = [[]]
        for caption in self._captions:
            self._blocks.append(Block(Kind.CAPTION, [[Span(caption)]], place.quote))
        self._captions = []

    def _image(self, attributes: Mapping[str, str]) -> None:
        if is_counter(attributes):
            return
        alt, title = clean(attributes.get("alt", "")), clean(attributes.get("title", ""))
        if is_smiley(alt):
            self.data(alt)
            return
        if title and title != alt:
            self._captions.append(title)
        if alt:
            self._alternatives.append(alt)

    def _target(self, href: str) -> str | None:
        if href.strip().startswith("#"):
            return None
        return linkable(href, self._base)

    def _next_marker(self, attributes: Mapping[str, str]) -> str:
        if not self._lists or not self._lists[-1].ordered:
            return "- "
        current = self._lists[-1]
        number = _number(attributes.get("value"), current.next)
        current.next = number + 1
        return f"{number}. "


def _language(attributes: Mapping[str, str]) -> str:
    for name in attributes.get("class", "").split():
        for prefix in ("language-", "lang-", "highlight-source-", "brush:"):
            if name.startswith(prefix):
                return name.removeprefix(prefix)
    return ""


def _number(value: str | None, otherwise: int) -> int:
    match = _NUMBER.match(value or "")
    return int(match[1]) if match else otherwise
