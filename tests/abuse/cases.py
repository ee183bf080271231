"""A broken feed from every number: a saved feed or a made one, damaged several times over, then put on the wire.

Seeded: the same seed and number make the same bytes, on any machine and whatever was made before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from tests.abuse import xml
from tests.abuse.jsons import damaged_json, json_feed
from tests.abuse.strings import CONTENT_TYPES, ENCODINGS
from tests.abuse.wire import damaged_bytes, packed

_ENTRIES = re.compile(r"<(item|entry)[\s>].*?</\1\s*>", re.DOTALL)
_KEPT = 4  # entries of a saved feed: more of the same break nothing new and take their time
_LONGEST = 60_000  # characters of a feed before it is damaged

MADE = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/"><channel><title>The Example Times</title><link>https://news.example/</link>
<description>All the news</description>
<item><title>Storm closes the harbour</title><link>https://news.example/1</link><guid isPermaLink="false">n-1</guid>
<pubDate>Tue, 24 Nov 2026 06:30:00 GMT</pubDate><dc:creator>Jo March</dc:creator><category>World</category>
<enclosure url="https://cdn.example/1.mp3" type="audio/mpeg" length="1234567"/>
<media:content url="https://cdn.example/1.jpg" medium="image" width="800" height="600"/>
<description>&lt;p&gt;Ships stay &lt;a href="https://port.example/"&gt;in port&lt;/a&gt;.&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>Ships stay in port, and <b>nobody</b> knows for how long.</p><ul><li>one</li><li>two</li></ul>]]></content:encoded>
</item>
<item><title>Two &amp; two</title><link>/2?a=1&amp;b=2</link><guid>https://news.example/2</guid><description>plain</description></item>
</channel></rss>
"""


@dataclass(frozen=True, slots=True)
class Case:
    """One answer of a server. ``said`` is the document before it was encoded and packed: what it may link to."""

    seed: int
    number: int
    recipe: str  # what was done to it, for people
    body: bytes  # as it goes over the wire
    content_type: str
    content_encoding: str
    said: str

    @property
    def name(self) -> str:
        return f"seed {self.seed}, case {self.number} ({self.recipe})"


def cases(seed: int, count: int, saved: Sequence[bytes], start: int = 0) -> Iterator[Case]:
    """The cases ``start`` to ``start + count`` of ``seed``, made of the feeds ``saved`` and of one of our own."""
    sources = sources_of(saved)
    for number in range(start, start + count):
        yield case(seed, number, sources)


def sources_of(saved: Sequence[bytes]) -> list[str]:
    """The saved feeds as texts short enough to be damaged by the thousand, and our own."""
    return [_shortened(_text(feed)) for feed in (MADE, *saved)]


def case(seed: int, number: int, sources: Sequence[str]) -> Case:
    """The case of this number; ``sources`` are those of ``sources_of``."""
    chance = Random(f"{seed}:{number}")
    source = chance.choice(sources)
    done: list[str] = []
    if chance.random() < 0.12:
        text = damaged_json(json_feed(source, chance), chance, done)
    else:
        text = source
        for _ in range(chance.choice((1, 1, 2, 2, 3, 5))):
            damage = chance.choice(xml.DAMAGES)
            done.append(damage.__name__)
            text = damage(text, chance)
    encoding = "utf-8"
    body = text.encode(encoding, "surrogatepass")
    if chance.random() < 0.15:
        encoding = chance.choice(ENCODINGS)
        done.append(encoding)
        body = text.encode(encoding, "xmlcharrefreplace" if encoding != "utf-8" else "replace")
    if chance.random() < 0.25:
        body = damaged_bytes(body, chance, done)
    said = "\n".join((text, *(body.decode(each, "replace") for each in {"utf-8", "cp1252", encoding})))
    body, coding = packed(body, chance, done)
    content_type = chance.choice(CONTENT_TYPES) if chance.random() < 0.3 else "text/xml"
    return Case(seed, number, " ".join(done), body, content_type, coding, said)


def _text(feed: bytes) -> str:
    try:
        return feed.decode()
    except UnicodeDecodeError:
        return feed.decode("latin-1")


def _shortened(text: str) -> str:
    """The feed with its first few entries."""
    entries = list(_ENTRIES.finditer(text))
    if len(entries) > _KEPT:
        text = text[: entries[_KEPT].start()] + text[entries[-1].end() :]
    return text[:_LONGEST]
