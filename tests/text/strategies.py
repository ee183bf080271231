"""Hostile text and HTML for properties: pieces that mean something to Discord or HTML, in any order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from bot.model import Article, Enclosure, Identity
from bot.settings.keys import Feed

MARKUP = [
    *"\\*_~|`>#-+[]()<:@/.! \n",
    "**",
    "__",
    "~~",
    "||",
    "```",
    "> ",
    ">>> ",
    "- ",
    "1. ",
    "# ",
    "-# ",
    "](",
    "[a](http://evil.example/x)",
    "@everyone",
    "@here",
    "\uff20everyone",
    "<@1300000000000003001>",
    "<@&1>",
    "<#1>",
    "</cmd:1>",
    "<t:1:R>",
    "<id:customize>",
    "<a:b:1>",
    ":smile:",
    "http://",
    "https://site.example/a_(b)?c=*d*",
    "https://discord.gg/abc",
    "discord.gg/abc",
    "discord\u3002gg/abc",
    "discord.com/invite/abc",
    "steam://run",
    "word",
    "12:30:45",
]
UNSEEN = [
    "\u200b",
    "\u200d",
    "\u200c",
    "\u202e",
    "\u3164",
    "\u0301",
    "\ufe0f",
    "\U0001f468",
    "\U0001f3fd",
    "\u0645",
    "\u06cc",
    "\ud800",
    "\x00",
    "\x85",
    "\u2028",
    "\U000e0041",
    "\U0001f1e9\U0001f1ea",
    "\u4e2d\u3002",
    "\u0915\u094d\u0937",
]
HREFS = ["https://site.example/a", "https://site.example/(b)*c*__d__", "http://other.example/?q=[x]|y"]
VOID = ["br", "hr"]
ELEMENTS = [
    "p",
    "b",
    "i",
    "u",
    "s",
    "a",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "h1",
    "h4",
    "q",
    "sup",
]
TAGS = [
    *(f"<{name}>" for name in ELEMENTS + VOID),
    *(f"</{name}>" for name in ELEMENTS),
    *(f'<a href="{href}">' for href in HREFS),
    '<a href="javascript:alert(1)">',
    '<a href="https://discord.gg/abc">',
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<img src=a.jpg alt='x'>",
    "&amp;",
    "&#64;everyone",
    "&lt;@1&gt;",
    "&#xD800;",
    "<",
    "<3",
]

plain_texts = st.lists(st.sampled_from(MARKUP) | st.text(max_size=4), max_size=14).map("".join)
any_texts = (
    st.lists(st.sampled_from(MARKUP + UNSEEN) | st.text(max_size=4), max_size=14).map("".join) | st.text()
)
html_texts = st.lists(st.sampled_from(TAGS + MARKUP) | st.text(max_size=4), max_size=24).map("".join)
moments = st.datetimes(timezones=st.just(UTC)) | st.none()

_SAFE_URLS = [*HREFS, "https://site.example/" + "x" * 2000, "https://b\u00fccher.example/\u00fc", None]


def feeds(**keys: Any) -> Feed:
    return Feed(
        **{"id": "world", "url": "https://news.example/rss", "channel_id": 1300000000000002000, **keys}
    )


def articles(texts: st.SearchStrategy[str], markdown: st.SearchStrategy[str]) -> st.SearchStrategy[Article]:
    return st.builds(
        Article,
        identity=st.just(Identity("guid", None, "digest")),
        url=st.sampled_from(_SAFE_URLS) | texts,
        title=texts,
        author=texts | st.none(),
        published=moments,
        updated=moments,
        summary=markdown,
        body=markdown,
        image=st.sampled_from(_SAFE_URLS) | texts,
        fingerprint=st.just(""),
        categories=st.lists(texts, max_size=6).map(tuple),
        enclosures=st.lists(
            st.builds(
                Enclosure,
                url=st.sampled_from([url for url in _SAFE_URLS if url]) | texts,
                type=st.sampled_from(["audio/mpeg", "video/mp4", "", "image/png"]) | texts,
                length=st.integers() | st.none(),
            ),
            max_size=3,
        ).map(tuple),
        source=texts,
    )


def article(**fields: Any) -> Article:
    return Article(
        **{
            "identity": Identity("guid", None, "digest"),
            "url": "https://www.site.example/news/1",
            "title": "Storm closes the harbour",
            "author": "Jo March",
            "published": datetime(2026, 11, 24, 6, 30, tzinfo=UTC),
            "updated": None,
            "summary": "",
            "body": "",
            "image": None,
            "fingerprint": "",
            "source": "The Example Times",
            **fields,
        }
    )
