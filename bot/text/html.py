"""HTML from feeds as Discord Markdown, as plain text, and as the pictures it shows.

Nothing here raises, recurses or takes more than linear time, whatever the HTML. What can't be shown in Discord
(scripts, styles, frames, forms, drawings) is dropped, and so is what is hidden from readers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.text.blocks import render
from bot.text.clean import clean, clean_block
from bot.text.elements import BLOCKS, DROPPED
from bot.text.escape import escape
from bot.text.markdown import cut_markdown
from bot.text.markup import is_plain, prepared, stripped, walk
from bot.text.pictures import Pictures
from bot.text.reader import Reader

_SOFT_WRAP = re.compile(r"(?<=\S)\n(?=[^\W\d_A-Z])")


def to_markdown(html: str, base: str | None = None, limit: int = 20_000) -> str:
    """``html``, or plain text with entities, as safe Markdown of at most ``limit`` code points.

    Links are made absolute by ``base``. What the text says is escaped: it can't format, mention or invite.
    """
    source = prepared(html)
    if not is_plain(source):
        reader = Reader(base)
        if walk(source, reader):
            return cut_markdown(render(reader.finished(), limit), limit)
    return cut_markdown(_plain_text(stripped(source)), limit)


def to_text(html: str) -> str:
    """``html`` as one line of plain text: tags gone, entities decoded once, cleaned. For titles and names."""
    source = prepared(html)
    if not is_plain(source):
        collector = _Text()
        if walk(source, collector):
            return clean("".join(collector.parts))
    return clean(stripped(source))


def images(html: str, base: str | None = None) -> list[tuple[str, str]]:
    """(URL, alternative text) of the pictures in ``html``, in document order, without counters and spacers."""
    source = prepared(html)
    finder = Pictures(base)
    if not is_plain(source):
        walk(source, finder)
    return list(finder.found.items())


def _plain_text(text: str) -> str:
    # A line that goes on in lower case was wrapped by whoever wrote the XML.
    return escape(_SOFT_WRAP.sub(" ", clean_block(text)))


class _Text:
    """Hears HTML, keeps the words."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._dropped: list[bool] = [False]

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._dropped.append(self._dropped[-1] or tag in DROPPED)
        if tag in BLOCKS or tag == "br":
            self.parts.append(" ")

    def end(self, tag: str) -> None:
        self._dropped.pop()
        if tag in BLOCKS:
            self.parts.append(" ")

    def data(self, text: str) -> None:
        if not self._dropped[-1]:
            self.parts.append(text)
