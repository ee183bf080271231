"""Reading a feed down to finished articles, against feedparser alone with its default options.

Ours does more: it also turns every entry's HTML into safe Markdown, finds the picture and the identity. It may do so
in the time that feedparser's sanitiser takes, which is off in ours because Markdown needs none.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import feedparser

from bench.corpus import Corpus
from bench.harness import Bench
from bot.feeds.parse import parse


def benches(corpus: Corpus) -> Iterator[Bench]:
    def ours() -> None:
        for document in corpus.documents:
            parse(document, "", "https://news.example/feed")

    def floor() -> None:
        for document in corpus.documents:
            feedparser.parse(BytesIO(document))

    yield Bench("parse and normalise feeds", ours, floor, 1.5, "feedparser.parse, default options")
