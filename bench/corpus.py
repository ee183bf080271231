"""The feeds that the benches read: real ones where they are at hand, else made from the sample newspaper."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

from localdiscord.newspaper.archive import reports

SAVED = Path(__file__).resolve().parents[2] / "shared" / "feeds"


@dataclass(frozen=True, slots=True)
class Corpus:
    """Feed documents; ``name`` tells where they are from."""

    name: str
    documents: tuple[bytes, ...]

    def __str__(self) -> str:
        size = sum(map(len, self.documents)) / 1e6
        return f"{len(self.documents)} feeds, {size:.1f} MB ({self.name})"


def corpus(folder: Path = SAVED) -> Corpus:
    """The XML feeds saved in ``folder``, or as many made ones."""
    saved = [path for path in sorted(folder.glob("*")) if path.suffix in {".rss", ".atom", ".xml"}]
    if saved:
        return Corpus("real feeds", tuple(path.read_bytes() for path in saved))
    return Corpus("made from the sample newspaper", tuple(_made(copies) for copies in (1, 2, 5, 10)))


def _made(copies: int) -> bytes:
    items = "".join(
        f"<item><title>{escape(report.title)}</title><guid>{number}-{report.slug}</guid>"
        f"<link>https://news.example/{number}/{report.slug}</link><pubDate>Tue, 24 Nov 2026 12:00:00 GMT</pubDate>"
        f"<category>{report.categories[0]}</category><description>{escape(report.summary)}</description>"
        f"<content:encoded><![CDATA[{report.body}]]></content:encoded></item>\n"
        for number in range(copies)
        for report in reports()
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>The Harbour Courier</title><link>https://news.example/</link>\n{items}</channel></rss>\n"
    ).encode()
