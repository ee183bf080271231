"""JSON Feeds, made of XML ones and damaged."""

from __future__ import annotations

import html
import json
import re
from random import Random
from typing import Any

from tests.abuse.strings import DATES, HTML, IDS, LINKS, TEXTS

_ENTRY = re.compile(r"<(item|entry)[\s>].*?</\1\s*>", re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>(?:<!\[CDATA\[)?(.{0,500}?)(?:\]\]>)?</title>", re.DOTALL)


def json_feed(source: str, chance: Random) -> dict[str, Any]:
    """A sound JSON Feed with the headlines of ``source``."""
    titles = [found[1] for entry in _ENTRY.finditer(source) for found in _TITLE.finditer(entry[0])] or [
        "A title"
    ]
    items = [
        {
            "id": str(number), "url": f"https://news.example/{number}", "title": html.unescape(title), "content_html": chance.choice(HTML),
            "summary": "In short.", "date_published": "2026-11-24T06:30:00Z", "authors": [{"name": "Jo"}], "tags": ["World"],
            "image": "https://cdn.example/a.jpg", "attachments": [{"url": "https://cdn.example/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 1000}],
        }
        for number, title in enumerate(titles[:4])
    ]  # fmt: skip
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Times",
        "home_page_url": "https://news.example/",
        "items": items,
    }


def damaged_json(feed: dict[str, Any], chance: Random, done: list[str]) -> str:
    """The feed as text, with wrong values in it, then wrong JSON around them."""
    done.append("json")
    for _ in range(chance.randint(0, 6)):
        holder = (
            chance.choice((feed, *feed["items"]))
            if isinstance(feed.get("items"), list) and feed["items"]
            else feed
        )
        if not isinstance(holder, dict) or not holder:
            continue
        holder[chance.choice(list(holder))] = chance.choice(_values(chance))
        feed.setdefault("items", [])
    text = json.dumps(feed, ensure_ascii=chance.random() < 0.5, indent=chance.choice((None, 1)))
    match chance.randrange(8):
        case 0:
            done.append("cut")
            return text[: chance.randrange(len(text))]
        case 1:
            done.append("noise")
            place = chance.randrange(len(text))
            return (
                text[:place]
                + chance.choice([*'{}[]",:\\\x00\ufeff', "\\ud800", "NaN", "1e999", "//"])
                + text[place:]
            )
        case 2:
            done.append("deep")
            depth = chance.choice((50, 2000, 100_000))
            return (
                text[:-1]
                + ',"x":'
                + chance.choice(("[", '{"a":')) * depth
                + ("]" * depth if chance.random() < 0.5 else "")
            )
        case 3:
            done.append("wrapped")
            return chance.choice(
                ("callback({});", "[{}]", "{}{}", "\n\n{}", '{{"items": {}}}', ")]}}',\n{}")
            ).format(text, text)
        case _:
            return text


def _values(chance: Random) -> list[Any]:
    many = [{"id": number} for number in range(1500)]
    return [
        None, True, 0, -1, 10**30, 1.5, 1e308, "", [], {}, [[]], [None] * 50, {"name": {"name": []}}, "\ud800", "\x00", many,
        chance.choice(TEXTS), chance.choice(HTML), chance.choice(LINKS), chance.choice(DATES), chance.choice(IDS),
        [{"url": chance.choice(LINKS), "mime_type": chance.choice(TEXTS), "size_in_bytes": 10**18}] * 30,
        [{"name": chance.choice(TEXTS)}] * 30, [chance.choice(TEXTS)] * 60,
    ]  # fmt: skip
