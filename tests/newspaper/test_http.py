"""Feeds, pages and pictures as they travel."""

from __future__ import annotations

import gzip
import json
import re
import struct
import zlib
from email.utils import parsedate_to_datetime

import pytest

from tests.newspaper.conftest import DESKS, MakePaper, Paper

TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


@pytest.mark.parametrize("desk", DESKS)
@pytest.mark.parametrize("kind", ["rss", "atom"])
async def test_xml_feeds_are_sound_and_complete(paper: Paper, desk: str, kind: str) -> None:
    """RSS and Atom parse without a complaint and carry everything an article has."""
    response, _ = await paper.get(f"/{desk}.{kind}")
    assert response.headers["Content-Type"] == f"{TYPES[kind]}; charset=utf-8"

    for entry in await paper.entries(f"/{desk}.{kind}"):
        assert entry.title
        assert entry.link.startswith(paper.at("/articles/"))
        assert entry.id
        assert entry.author
        assert entry.published_parsed
        assert entry.summary
        assert "<p>" in entry.content[0].value
        assert entry.tags[0].term.lower() == desk
        if kind == "rss":
            assert entry.id == entry.link
            media = entry.media_content[0]
            assert (media["url"], media["type"]) == (picture_of(entry.link), "image/png")
            assert (media["width"], media["height"]) == ("1200", "630")
        else:
            assert f'src="{picture_of(entry.link)}"' in entry.content[0].value


def picture_of(link: str) -> str:
    return f"{link.replace('/articles/', '/pictures/')}.png"


async def test_json_feed_follows_its_specification(paper: Paper) -> None:
    """JSON Feed 1.1: the required members, and full addresses throughout."""
    response, body = await paper.get("/culture.json")
    feed = json.loads(body)

    assert response.headers["Content-Type"].startswith(TYPES["json"])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["feed_url"] == paper.at("/culture.json")
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["url"].startswith(paper.at("/articles/"))
        assert item["image"] == picture_of(item["url"])
        assert item["content_html"].startswith("<p>")
        assert item["authors"][0]["name"]
        assert "Culture" in item["tags"]


@pytest.mark.parametrize("path", ["/world.rss", "/science.atom", "/culture.json", "/"])
async def test_conditional_requests(paper: Paper, path: str) -> None:
    """An unchanged feed is a 304 by either validator, and a 200 again once something was published."""
    response, body = await paper.get(path)
    etag, modified = response.headers["ETag"], response.headers["Last-Modified"]
    assert body

    for headers in (
        {"If_None_Match": etag},
        {"If_Modified_Since": modified},
        {"If_None_Match": f'"other", {etag}'},
    ):
        response, body = await paper.get(path, **headers)
        assert (response.status, body) == (304, b"")
        assert response.headers["ETag"] == etag

    response, _ = await paper.get(path, If_None_Match='"other"', If_Modified_Since=modified)
    assert response.status == 200, "where both are sent, the ETag decides"

    paper.clock.advance(600)
    for headers in ({"If_None_Match": etag}, {"If_Modified_Since": modified}):
        response, _ = await paper.get(path, **headers)
        assert response.status == 200
        assert response.headers["ETag"] != etag
        assert parsedate_to_datetime(response.headers["Last-Modified"]) > parsedate_to_datetime(modified)


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [("gzip, deflate", True), ("br;q=1.0, gzip;q=0.5", True), ("identity", False), ("gzip;q=0", False)],
)
async def test_gzip_where_it_is_accepted(paper: Paper, accepted: str, compressed: bool) -> None:
    """The same feed, packed for those who can unpack it."""
    response, body = await paper.get("/world.rss", Accept_Encoding=accepted)
    _, plain = await paper.get("/world.rss", Accept_Encoding="identity")

    assert (response.headers.get("Content-Encoding") == "gzip") is compressed
    assert (gzip.decompress(body) if compressed else body) == plain
    assert response.headers["Vary"] == "Accept-Encoding"


@pytest.mark.slow
async def test_pictures_are_png_of_the_said_size_and_all_different(make_paper: MakePaper) -> None:
    """Every article of a desk has its own picture, painted ahead: a whole PNG of 1200 by 630."""
    paper = await make_paper(paint_ahead=True)
    pictures = []
    for entry in await paper.entries("/science.json"):
        response, body = await paper.get(entry["image"].removeprefix(paper.at("")))
        assert response.headers["Content-Type"] == "image/png"
        assert "max-age" in response.headers["Cache-Control"]
        pictures.append(pixels_of(body))

    assert len(pictures) >= 2
    assert len(set(pictures)) == len(pictures)


def pixels_of(png: bytes) -> bytes:
    """The pixels of a PNG; any damage fails."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", png, at + 8 + length) == (zlib.crc32(kind + data),)
        chunks[kind] = data
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    assert struct.unpack(">IIBBBBB", chunks[b"IHDR"]) == (1200, 630, 8, 2, 0, 0, 0)
    pixels = zlib.decompress(chunks[b"IDAT"])
    assert len(pixels) == 630 * (1 + 3 * 1200)
    return pixels


@pytest.mark.slow
async def test_a_picture_is_the_same_each_time(paper: Paper) -> None:
    """A reader who has the picture is told so."""
    (entry, *_) = await paper.entries("/world.json")
    path = entry["image"].removeprefix(paper.at(""))
    response, first = await paper.get(path)
    _, second = await paper.get(path)
    assert first == second

    response, body = await paper.get(path, If_None_Match=response.headers["ETag"])
    assert (response.status, body) == (304, b"")


async def test_links_lead_somewhere(paper: Paper) -> None:
    """The front page, each article on it and each link within an article answer."""
    _, body = await paper.get("/")
    links = set(re.findall(rf'href="{re.escape(paper.at(""))}(/[^"]+)"', body.decode()))
    assert len([link for link in links if link.startswith("/articles/")]) >= 5
    for link in links:
        response, page = await paper.get(link)
        assert response.status == 200, link
        if link.startswith("/articles/"):
            assert b"<h1>" in page
            assert b"article:" not in page


async def test_the_bare_mount_point_leads_to_the_front_page(paper: Paper) -> None:
    """/newspaper without a slash is not a dead end."""
    response, _ = await paper.get("")

    assert response.status == 302
    assert response.headers["Location"] == paper.at("/")


@pytest.mark.parametrize(
    "path", ["/articles/nothing-of-the-kind", "/pictures/nothing.png", "/sports.rss", "/world.csv"]
)
async def test_what_was_never_printed_is_404(paper: Paper, path: str) -> None:
    """Unknown articles, pictures and feeds are absent, not empty."""
    response, _ = await paper.get(path)

    assert response.status == 404


async def test_not_yet_printed_pictures_are_absent(paper: Paper) -> None:
    """Nobody sees tomorrow's picture today."""
    response, _ = await paper.get("/pictures/festival-of-slow-cooking.png")

    assert response.status == 404
