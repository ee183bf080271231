"""HTML to Markdown, against the least that can be done with HTML: parse it with lxml and take its text.

The floor is C code that lays out and escapes nothing, so the ratio is no goal in itself: its target is what was
measured, with some room, and shows when a change makes converting slower.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import feedparser
import lxml.html

from bench.corpus import Corpus
from bench.harness import Bench
from bot.text.html import to_markdown


def benches(corpus: Corpus) -> Iterator[Bench]:
    bodies = list(_bodies(corpus)) * 5  # the floor takes milliseconds for one round

    def ours() -> None:
        for body in bodies:
            to_markdown(body, "https://news.example/", 8_000)

    def floor() -> None:
        for body in bodies:
            lxml.html.fromstring(body).text_content()

    yield Bench("HTML to Markdown", ours, floor, 35.0, "lxml.html.fromstring and text_content")


def _bodies(corpus: Corpus) -> Iterator[str]:
    """Every entry's text that holds an element, as feeds carry them."""
    for document in corpus.documents:
        for entry in feedparser.parse(BytesIO(document), sanitize_html=False).entries:
            texts = [content.value for content in entry.get("content", [])] or [entry.get("summary", "")]
            yield from (text for text in texts if text and "<" in text)
