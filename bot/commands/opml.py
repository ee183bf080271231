"""``newsthread opml``: lists of feeds as other readers exchange them, to and from ``feeds.toml``."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import SourceError
from bot.feeds import opml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.settings.keys import Feed


def to_toml(path: str) -> str:
    """The feeds of an OPML file as ``[[feed]]`` entries, with channel_id left to fill in.

    Raises:
        SourceError: not an OPML document.
    """
    try:
        body = Path(path).read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: can't be read ({error.strerror})") from error
    try:
        feeds = opml.read(body)
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error
    entries = []
    taken: set[str] = set()
    for title, url in feeds:
        entries.append(
            f"[[feed]]\nid = {_string(_id(title or url, taken))}\nurl = {_string(url)}\n"
            "channel_id = 0  # the forum or text channel that its articles go to\n"
        )
        if title:
            entries[-1] = f"# {' '.join(title.split())}\n{entries[-1]}"
    return "\n".join(entries)


def from_feeds(feeds: Sequence[Feed]) -> str:
    """The configured feeds as an OPML 2.0 document."""
    return opml.write([(feed.source or feed.id, feed.url, None) for feed in feeds])


def _string(value: str) -> str:
    # A TOML basic string escapes as JSON does.
    return json.dumps(value, ensure_ascii=False)


def _id(title: str, taken: set[str]) -> str:
    """A stable id from a title: lower-case ASCII words joined by hyphens, made unique by a number."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"^https?://(www\.)?", "", plain)
    stem = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:48] or "feed"
    name, count = stem, 2
    while name in taken:
        name, count = f"{stem}-{count}", count + 1
    taken.add(name)
    return name
