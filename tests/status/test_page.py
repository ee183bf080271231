"""The page at /: what it shows, and that it shows nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from bot.model import Failure, FailureKind, JobKind
from bot.status.page import render
from tests.status.conftest import FACTS, FAILING, GOOD, HELD, PARKED, QUIET
from tests.support import START

if TYPE_CHECKING:
    import aiohttp


class Reader(HTMLParser):
    """The page as text, and every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.style = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.style += data
        else:
            self.text += data + " "


def read(html: str) -> str:
    return " ".join(Reader(html).text.split())


async def test_everything_is_shown(client: aiohttp.ClientSession) -> None:
    """Feeds with their last and next poll and failure, jobs that wait with why, and the state of the program."""
    async with client.get("/") as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        text = read(await response.text())

    assert "1 of 4 feeds can't be read at the moment. 1 job can't be done until you change something." in text
    assert "Discord connected 42 ms Watcher at work Publisher at work Store writable" in text
    assert "Outbox 2 jobs oldest from 7 minutes ago" in text
    assert (
        "A headline job 7 · open · feed world · channel 1300000000000002000 held up tried again in 30 seconds"
        " Newsthread may not post in #news: it lacks Send Messages. 2 hours ago" in text
    )
    assert "parked to retry: /delivery retry 8 Discord refuses this title. 2 hours ago" in text
    assert "1 trouble with the program as a whole: see below." in text
    assert "Troubles What is wrong Since The disk <is> full: free some space. 4 minutes ago" in text
    assert (
        "Begun anew after a failure, since the start: session with Discord 2 times, watcher of world 1 time."
        in text
    )
    assert (
        "broken broken · https://broken.example/feed?a=1&b=2 · channel 1300000000000002001 failing"
        " The address answers 404 Not Found. not-found, 3 times in a row; last read 2 days ago"
        " 5 seconds ago now 3 1" in text
    )
    assert (
        "World News world · https://news.example/world.rss · channel 1300000000000002000 good 3 minutes ago"
        " in 2 minutes 40 12" in text
    )
    assert "As of 2026-11-24 12:00:00 UTC · started 1 day ago · version 9.8.7" in text


def test_order_of_feeds() -> None:
    """What needs a look comes first: failing, not polled yet, good, paused."""
    text = read(render(FACTS, START))

    assert re.findall(r"(failing|waiting|good|paused)(?= (?:The address|never|3 minutes))", text) == [
        "failing",
        "waiting",
        "good",
        "paused",
    ]


def test_all_is_well() -> None:
    """Without anything to complain of it says just that, and lists no jobs."""
    text = read(render(QUIET, START))

    assert "All is well." in text
    assert "Outbox no jobs Parked no jobs" in text
    assert "stands in the way" not in text
    assert "rouble" not in text


def test_problems_come_first() -> None:
    """Each problem of health is a sentence at the top."""
    facts = replace(QUIET, gateway_connected=False, loops={"watcher": START})

    text = read(render(facts, START))

    assert "Newsthread There is no connection to Discord. The publisher has not started yet. Discord" in text
    assert "All is well." not in text


def test_no_feeds() -> None:
    """A newcomer without feeds is told where to add one."""
    assert "No feed is configured: add one to feeds.toml." in read(render(replace(QUIET, feeds=()), START))


async def test_self_contained(client: aiohttp.ClientSession) -> None:
    """The page loads nothing and runs nothing, and its one style is the one that its policy lets through."""
    async with client.get("/?refresh") as response:
        policy = response.headers["Content-Security-Policy"]
        page = Reader(await response.text())

    assert {tag for tag, _ in page.tags}.isdisjoint(
        {"script", "link", "img", "iframe", "form", "input", "button", "svg", "object", "base"}
    )
    assert not [
        attrs for _, attrs in page.tags if any(name == "style" or name.startswith("on") for name in attrs)
    ]
    assert "url(" not in page.style
    assert "@import" not in page.style
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy


async def test_refreshing_is_a_choice(client: aiohttp.ClientSession) -> None:
    """The page loads itself again only for who asks for it."""
    async with client.get("/") as response:
        once = Reader(await response.text())
    async with client.get("/?refresh") as response:
        again = Reader(await response.text())

    refresh = ("meta", {"http-equiv": "refresh", "content": "15"})
    assert (refresh in once.tags, refresh in again.tags) == (False, True)
    assert ("a", {"href": "/?refresh"}) in once.tags
    assert ("a", {"href": "/"}) in again.tags


EVIL = "\"><script>alert(1)</script>' onload=x <img src=x> &amp; \u202e"


def test_words_from_outside_stay_words() -> None:
    """Markup in titles, addresses, sentences, ids or the version shows as the characters it is made of."""
    feed = replace(
        FAILING,
        id=EVIL,
        title=EVIL,
        url="javascript:" + EVIL,
        failure=Failure(FailureKind.SERVER, EVIL),
        warnings=(EVIL,),
    )
    job = replace(HELD, title=EVIL, problem=EVIL, feed_id=EVIL)
    page = Reader(render(replace(FACTS, version=EVIL, feeds=(feed,), waiting=(job,)), START))

    assert not {tag for tag, _ in page.tags} & {"script", "img"}
    assert page.text.count("\"><script>alert(1)</script>' onload=x <img src=x> &amp;") == 9
    assert not [attrs for tag, attrs in page.tags if tag == "a" and "javascript" in (attrs["href"] or "")]


def test_passwords_in_addresses_are_not_shown() -> None:
    """A name and password in a feed's address are left out of text and link."""
    html = render(replace(FACTS, feeds=(FAILING,)), START)

    assert "secret" not in html
    assert ("a", {"href": "https://broken.example/feed?a=1&b=2", "rel": "noreferrer"}) in Reader(html).tags


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(0), "now"),
        (timedelta(seconds=1), "1 second ago"),
        (timedelta(seconds=59.9), "59 seconds ago"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=400), "400 days ago"),
    ],
)
def test_distances(distance: timedelta, words: str) -> None:
    """Times are told as a distance in one unit, with the moment itself beside it for machines and on hover."""
    feed = replace(GOOD, polled_at=START - distance, next_at=START - timedelta(days=1))
    html = render(replace(QUIET, feeds=(feed,)), START)

    assert f"good {words} now 40 12" in read(html)
    moment = START - distance
    assert f'datetime="{moment.isoformat()}" title="{moment:%Y-%m-%d %H:%M:%S} UTC"' in html


def test_parked_jobs_are_not_tried_again() -> None:
    """A parked job names no time of a next attempt."""
    assert "tried again" not in read(render(replace(FACTS, waiting=(PARKED,)), START))


def test_a_job_about_no_story() -> None:
    """As on a member's posting rights: it has no article, feed or channel to be named by."""
    job = replace(PARKED, kind=JobKind.RIGHTS, title=None, feed_id=None, channel_id=None)

    text = read(render(replace(FACTS, waiting=(job,)), START))

    assert "Moderation" in text
    assert "job 8 · rights" in text
    assert "None" not in text
