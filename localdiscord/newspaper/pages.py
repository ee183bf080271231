"""The newspaper's web pages: a front page and one for each article. HTML in, HTML out; no scripts."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from localdiscord.newspaper.feeds import CONTENT_TYPES, PAPER
from localdiscord.newspaper.pictures import HEIGHT, WIDTH, alt_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from localdiscord.newspaper.addresses import Addresses
    from localdiscord.newspaper.press import Item

_STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
_ON_THE_FRONT = 25
# What config/demo follows; every desk is served in every format.
_FEEDS = (("world", "rss"), ("science", "atom"), ("culture", "json"), ("business", "rss"))


def front(items: Sequence[Item], addresses: Addresses) -> bytes:
    """The newest articles; the first is the lead."""
    cards = "\n".join(
        _card(item, addresses, lead=place == 0) for place, item in enumerate(items[:_ON_THE_FRONT])
    )
    return _page(PAPER, f'<main class="front">\n{cards}\n</main>', addresses)


def article(item: Item, addresses: Addresses) -> bytes:
    categories = " · ".join(map(escape, item.categories))
    updated = f" · corrected {_time(item.updated)}" if item.updated else ""
    main = f"""<main class="article">
<p class="kicker">{categories}</p>
<h1>{escape(item.title)}</h1>
<p class="summary">{escape(item.summary)}</p>
<p class="byline">By {escape(item.author)} · {_time(item.published)}{updated}</p>
{_picture(item, addresses)}
{addresses.resolved(item.body)}
</main>"""
    return _page(f"{item.title} – {PAPER}", main, addresses)


def _card(item: Item, addresses: Addresses, *, lead: bool) -> str:
    return f"""<article{' class="lead"' if lead else ""}>
<a href="{addresses.article(item.slug)}">{_picture(item, addresses, lazy=not lead)}
<p class="kicker">{escape(item.desk)}</p>
<h2>{escape(item.title)}</h2></a>
<p>{escape(item.summary)}</p>
<p class="byline">{escape(item.author)} · {_time(item.published)}</p>
</article>"""


def _picture(item: Item, addresses: Addresses, *, lazy: bool = False) -> str:
    return (
        f'<img src="{addresses.picture(item.slug)}" width="{WIDTH}" height="{HEIGHT}"'
        f' alt="{escape(alt_text(item.scene))}"{" loading=lazy" if lazy else ""}>'
    )


def _time(moment: datetime) -> str:
    return f'<time datetime="{moment.isoformat(timespec="seconds")}">{moment:%A, %d %B %Y, %H:%M} UTC</time>'


def _page(title: str, main: str, addresses: Addresses) -> bytes:
    links = "\n".join(
        f'<link rel="alternate" type="{CONTENT_TYPES[kind]}" title="{desk.capitalize()}" href="{addresses.feed(desk, kind)}">'
        for desk, kind in _FEEDS
    )
    feeds = " · ".join(
        f'<a href="{addresses.feed(desk, kind)}">{desk.capitalize()} ({kind})</a>' for desk, kind in _FEEDS
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
{links}
<style>
{_STYLE}</style>
</head>
<body>
<header><a href="{addresses.front}">{PAPER}</a>
<p>All the news that never happened · part of Newsthread's demo</p></header>
{main}
<footer><p>Every place, person and event in this paper is invented. Feeds: {feeds}</p></footer>
</body>
</html>
""".encode()
