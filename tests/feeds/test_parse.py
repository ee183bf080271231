"""Every format to articles, and what bad documents come to."""

from __future__ import annotations

import gzip
import json
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds.parse import parse
from bot.model import Article, Enclosure, Failure, FailureKind, ParsedFeed

DATA = Path(__file__).parent / "data"
URL = "https://feeds.example/dir/feed.xml"


def _feed(body: bytes | str, content_type: str = "", url: str = URL, **limits: int) -> ParsedFeed:
    body = body.encode() if isinstance(body, str) else body
    parsed = parse(body, content_type, url, **limits)
    assert isinstance(parsed, ParsedFeed), parsed
    return parsed


def _fails(body: bytes | str, content_type: str = "") -> Failure:
    parsed = parse(body.encode() if isinstance(body, str) else body, content_type, URL)
    assert isinstance(parsed, Failure), parsed
    assert parsed.sentence.endswith(".")
    assert "\n" not in parsed.sentence
    return parsed


def _sample(name: str) -> tuple[Article, ...]:
    return _feed((DATA / name).read_bytes()).articles


def _rss(items: str, head: str = "") -> str:
    spaces = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f"<rss version='2.0' {spaces}><channel><title>News</title>{head}{items}</channel></rss>"


def _one(item: str, head: str = "") -> Article:
    (article,) = _feed(_rss(f"<item>{item}</item>", head)).articles
    return article


# --- the formats ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "form", "title", "site", "count"),
    [
        ("rss091.xml", "rss091n", "The Harbour Bell", "http://bell.example/", 2),
        ("rss092.xml", "rss092", "The Harbour Bell", "http://bell.example/", 2),
        ("rss10.rdf", "rss10", "Alpine Observer", "https://alpine.example/", 1),
        ("rss20.xml", "rss20", "Meridian Post", "https://meridian.example/", 3),
        ("atom03.xml", "atom03", "Old Quill", "http://quill.example/", 1),
        ("atom10.xml", "atom10", "Orchard & Field", "https://orchard.example/blog/", 2),
        ("feed10.json", "json10", "Night Train", "https://train.example/", 1),
        ("feed11.json", "json11", "Night Train", "https://train.example/", 1),
    ],
)
def test_every_format_is_read(name: str, form: str, title: str, site: str, count: int) -> None:
    """Format, title, site and number of articles of each kind of feed, without a warning."""
    parsed = _feed((DATA / name).read_bytes())

    assert (parsed.format, parsed.title, parsed.url, parsed.warnings) == (form, title, site, ())
    assert len(parsed.articles) == count


def test_rss_2_with_its_extensions() -> None:
    """FeedBurner's original link, guid, author without address, largest picture, labels, no caption as text."""
    first, second, third = _sample("rss20.xml")

    assert first.identity.guid == "meridian-7"
    assert first.url == "https://meridian.example/bridge?id=7"
    assert first.identity.link == "https://meridian.example/bridge?id=7"
    assert first.title == "Bridge opens early"
    assert first.author == "Noor Haddad"
    assert (first.published, first.updated) == (datetime(2026, 11, 24, 9, tzinfo=UTC), None)
    assert first.summary == first.body == "The bridge opened a month early."
    assert first.image == "https://meridian.example/i/bridge-700.jpg"
    assert first.categories == ("World", "Bridges, roads")
    assert first.source == "Meridian Post"
    assert second.url == second.identity.guid == "https://meridian.example/fish"
    assert second.title == "Fish & chips: a history"
    assert (second.summary, second.body) == (
        "It began.",
        "It began with [cod](<https://meridian.example/cod>).",
    )
    assert second.image == "https://meridian.example/i/fish.png"
    assert second.source == "Tides Weekly"
    assert third.published == datetime(2026, 11, 22, 11, tzinfo=UTC)
    assert third.image == "https://meridian.example/i/maps.jpg"
    assert third.enclosures == (Enclosure("https://meridian.example/a/12.mp3", "audio/mpeg", 9000000),)


def test_old_rss() -> None:
    """RSS 0.9x: entries without guid, title, link or date, and without the feed's logo for a picture."""
    lighthouse, _ = _sample("rss091.xml")
    note, song = _sample("rss092.xml")

    assert lighthouse.title == "Lighthouse & keeper reunited"
    assert lighthouse.identity.key == "link:https://bell.example/lighthouse.html"
    assert lighthouse.image is None
    assert (note.title, note.url, note.published) == ("", None, None)
    assert note.body == "A note without title or link: **tide tables** are in."
    assert note.identity.key == f"hash:{note.identity.digest}"
    assert (song.url, song.source) == ("http://bell.example/gulls.mp3", "Gull Gazette")


def test_rss_1() -> None:
    """RDF: Dublin Core authors, subject and date, full text and its first picture."""
    (glacier,) = _sample("rss10.rdf")

    assert glacier.author == "Urs Amman, Lea Brun"
    assert glacier.categories == ("Science",)
    assert (glacier.published, glacier.updated) == (datetime(2026, 11, 20, 7, 30, tzinfo=UTC), None)
    assert glacier.summary == "Surveyors measured again."
    assert "*again*" in glacier.body
    assert glacier.image == "https://alpine.example/i/glacier.jpg"


def test_atom() -> None:
    """Atom: kinds of text, alternate links, xml:base, inherited authors, the entry's own source."""
    (ink,) = _sample("atom03.xml")
    one, two = _sample("atom10.xml")

    assert (ink.title, ink.author, ink.summary, ink.body) == (
        "Ink returns", "Quill", "Nibs sell again.", "Nibs sell **again**.",
    )  # fmt: skip
    assert one.title == "Why <b> is not bold"
    assert one.url == "https://orchard.example/blog/one"
    assert one.body == "Tags **in** titles, [see](<https://orchard.example/blog/two>)."
    assert (one.author, one.categories) == ("Ana Prado", ("Mark-up",))
    assert one.published == datetime(2026, 11, 22, 10, microsecond=500_000, tzinfo=UTC)
    assert one.updated == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert one.image == "https://orchard.example/blog/i/one.jpg"
    assert (two.title, two.author, two.source) == ("Apples & pears", "Ben Ito", "Pear Review")
    assert two.url == "https://orchard.example/blog/two"
    assert two.published == two.updated == datetime(2026, 11, 21, 8, tzinfo=UTC)


def test_json_feed() -> None:
    """JSON Feed 1.0 and 1.1: numeric id, plain text with its lines, authors, pictures, attachments."""
    (seventeen,) = _sample("feed10.json")
    (eighteen,) = _sample("feed11.json")

    assert (seventeen.identity.guid, seventeen.author, seventeen.title) == ("17", "Conductor", "")
    assert seventeen.body == "Sleeper to the coast.\nBring a book."
    assert seventeen.published == datetime(2026, 11, 24, 11, tzinfo=UTC)
    assert seventeen.categories == ("Rail", "Night")
    assert eighteen.title == "AT&T <3 trains"
    assert eighteen.url == "https://elsewhere.example/story"
    assert eighteen.author == "Ida Sol, Max Roy"
    assert (eighteen.summary, eighteen.body) == ("A love story.", "A **love** story.")
    assert eighteen.image == "https://train.example/i/18-large.jpg"
    assert eighteen.updated == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert eighteen.enclosures == (Enclosure("https://train.example/a/18.mp3", "audio/mpeg", 123456),)


def test_a_feed_without_entries_is_a_feed() -> None:
    """Well-formed and empty is no failure: nothing was published yet."""
    for body in (
        _rss(""),
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>',
        '{"items": []}',
    ):
        assert _feed(body).articles == ()


# --- details ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("Plain", "Plain"),
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("a &lt; b", "a < b"),
        ("<![CDATA[Tom &#8217; &amp; <b>Jerry</b>]]>", "Tom ’ & Jerry"),
        ("  folded\n\t white  space ", "folded white space"),
        ("one&#8203;two&#x202E;three", "onetwothree"),
        ("", ""),
        ("<![CDATA[]]>", ""),
    ],
)
def test_titles_become_plain_text(raw: str, title: str) -> None:
    """Entities are decoded once, tags go, nothing invisible stays, nothing is escaped."""
    assert _one(f"<title>{raw}</title><link>https://x.example/1</link>").title == title


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link>https://x.example/a?utm_source=rss&amp;b=1</link>", "https://x.example/a?b=1"),
        ("<link>/a</link>", "https://feeds.example/a"),
        ("<link>a</link>", "https://feeds.example/dir/a"),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>data:text/html,x</link><guid>https://x.example/g</guid>", "https://x.example/g"),
        ("<guid>https://x.example/g</guid>", "https://x.example/g"),
        ('<guid isPermaLink="false">https://x.example/g</guid>', None),
        ("<guid>abc</guid>", None),
        ("<guid>urn:uuid:1</guid>", None),
        ('<enclosure url="https://x.example/e.mp3" type="audio/mpeg"/>', "https://x.example/e.mp3"),
        ("<link/><guid>https://x.example/g</guid>", "https://x.example/g"),
        ("<link>https://x.example/a</link><guid>https://x.example/g</guid>", "https://x.example/a"),
        ("<guid>https://x.example/g</guid><link>https://x.example/a</link>", "https://x.example/a"),
    ],
)
def test_links(item: str, url: str | None) -> None:
    """Link, else permanent guid, else enclosure; http(s) only; relative ones resolved."""
    assert _one(item).url == url


def test_relative_links_of_a_mirrored_feed() -> None:
    """A feed fetched from another host than its own keeps its links at home."""
    site = "<link>https://news.example/</link>"

    assert _one("<link>/a</link>", site).url == "https://news.example/a"
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="https://news.example/blog/atom.xml"/>
        <entry><link href="one"/></entry></feed>"""
    assert _feed(atom).articles[0].url == "https://news.example/blog/one"


def test_a_local_xml_base_does_not_leak() -> None:
    """The base of one entry's content is not that of the next entry's id."""
    atom = """<feed xmlns="http://www.w3.org/2005/Atom">
        <entry><content type="html" xml:base="/sub/">x</content><id>t3_a</id></entry>
        <entry><id>t3_b</id></entry></feed>"""

    assert [article.id for article in _feed(atom).articles] == ["t3_a", "t3_b"]


def test_ids_do_not_depend_on_where_the_feed_was_fetched() -> None:
    """The same document at another address has the same keys."""
    body = _rss("<item><guid>abc</guid></item><item><guid>/rel</guid></item>").encode()

    keys = [
        [a.identity.key for a in _feed(body, url=url).articles] for url in (URL, "http://other.example/x/y")
    ]

    assert keys[0] == keys[1] == ["guid:abc", "guid:/rel"]


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("desk@meridian.example (Noor Haddad)", "Noor Haddad"),
        ("Noor Haddad &lt;noor@meridian.technology&gt;", "Noor Haddad"),
        ("noor@meridian.example", None),
        ("Noor Haddad", "Noor Haddad"),
        ("Noor Haddad (Reuters)", "Noor Haddad (Reuters)"),
        ("<![CDATA[a@b.cc (N &amp; M)]]>", "N & M"),
        ("", None),
    ],
)
def test_authors_are_names(author: str, name: str | None) -> None:
    """Mail addresses are dropped, names and their brackets kept."""
    assert _one(f"<title>t</title><author>{author}</author>").author == name


@pytest.mark.parametrize(
    ("item", "image"),
    [
        ('<media:thumbnail url="https://x.example/t.jpg"/>', "https://x.example/t.jpg"),
        (
            '<media:thumbnail url="https://x.example/t.jpg" width="900" height="600"/>'
            '<media:content url="https://x.example/c.jpg" medium="image" width="100" height="66"/>',
            "https://x.example/t.jpg",
        ),
        (
            '<media:group><media:content url="https://x.example/v.mp4" type="video/mp4" width="1920"/>'
            '<media:content url="/c.webp" type="image/webp"/></media:group>',
            "https://feeds.example/c.webp",
        ),
        ('<media:thumbnail url="https://x.example/1.gif" width="1" height="1"/>', None),
        ('<media:thumbnail url="javascript:alert(1)"/>', None),
        (f'<media:thumbnail url="https://x.example/{"a" * 2048}"/>', None),
        ('<media:thumbnail url="https://x.example/a b.jpg"/>', "https://x.example/a%20b.jpg"),
        ('<enclosure url="https://x.example/e.JPG" length="1"/>', "https://x.example/e.JPG"),
        ("<description>&lt;img src='/d.jpg'&gt; words</description>", "https://feeds.example/d.jpg"),
        ("<image><url>https://x.example/i.png</url></image>", "https://x.example/i.png"),
        ("<description>&lt;img src='/p.gif' width='1' height='1'&gt;</description>", None),
    ],
)  # fmt: skip
def test_the_lead_image(item: str, image: str | None) -> None:
    """The largest picture that comes with the entry, else the first in its text, never a counter."""
    assert _one(f"<title>t</title>{item}").image == image


def test_captions_are_not_the_article() -> None:
    """media:description is a picture's caption, unless nothing else describes the entry."""
    caption = (
        "<media:content url='v'><media:description type='plain'>Caption</media:description></media:content>"
    )

    assert _one(f"{caption}<title>t</title><description>Words</description>").body == "Words"
    video = "<media:group><media:description>One\nTwo</media:description></media:group>"
    assert _one(f"<title>t</title>{video}").body == "One\nTwo"


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("Seg, 24 Set 2018 19:42:40 -0300", datetime(2018, 9, 24, 22, 42, 40, tzinfo=UTC)),
        ("1704103200", datetime(2024, 1, 1, 10, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Mon, 01 Jan 0001 00:00:00 GMT", None),
        ("soon", None),
    ],
)
def test_dates(date: str, published: datetime | None) -> None:
    """Strange dates are read or absent, and placeholders before 2000 are absent."""
    assert _one(f"<title>t</title><pubDate>{date}</pubDate>").published == published


def test_text_from_outside_can_not_act() -> None:
    """Scripts vanish; mentions and links that lie are made harmless."""
    html = "&lt;script&gt;x()&lt;/script&gt;@everyone &lt;a href='javascript:x'&gt;y&lt;/a&gt;"

    body = _one(f"<title>t</title><description>{html}</description>").body

    assert "x()" not in body
    assert "@everyone" not in body
    assert "javascript" not in body


# --- identity ---------------------------------------------------------------------------------------


def _keys(items: str, head: str = "") -> list[str]:
    return [article.identity.key.partition(":")[0] for article in _feed(_rss(items, head)).articles]


def test_repeated_entries_count_once() -> None:
    """Of entries with one identity the first is kept and the admin is told."""
    parsed = _feed(
        _rss(
            "<item><guid>a</guid><title>1</title></item><item><guid> a </guid><title>2</title></item><item><guid>b</guid></item>"
        )
    )

    assert [article.title for article in parsed.articles] == ["1", ""]
    assert len(parsed.warnings) == 1


def test_an_id_that_every_entry_has_names_none() -> None:
    """Feeds that put their own address into every guid or link still have different articles."""
    same = "".join(f"<item><guid>https://news.example</guid><title>{n}</title></item>" for n in range(3))
    home = "".join(f"<item><link>https://news.example/</link><title>{n}</title></item>" for n in range(3))
    site = "<link>https://news.example/</link>"

    assert _keys(same, site) == _keys(home, site) == _keys(same) == _keys(home) == ["hash"] * 3
    mixed = home + "<item><link>https://news.example/4</link></item>"
    assert _keys(mixed, site) == ["hash", "hash", "hash", "link"]


def test_one_entry_may_be_the_site() -> None:
    """A lone entry whose guid is its site keeps it."""
    assert _keys("<item><guid>https://news.example/</guid></item>", "<link>https://news.example/</link>") == [
        "guid"
    ]


def test_fragments_tell_entries_apart() -> None:
    """Change logs whose entries differ in the fragment alone are not collapsed."""
    items = "".join(f"<item><link>https://x.example/log#v{n}</link></item>" for n in range(3))

    assert _keys(items) == ["link"] * 3


def test_endless_guids_are_told_apart() -> None:
    """Ids beyond all measure are kept as hashes."""
    items = "".join(f"<item><guid>{'x' * 5000}{n}</guid></item>" for n in range(2))

    first, second = _feed(_rss(items)).articles
    assert first.identity.guid != second.identity.guid
    assert len(first.id) < 100


def test_the_fingerprint_follows_the_words() -> None:
    """Title, text, link and picture change it; dates and categories do not."""
    base = "<guid>a</guid><title>t</title><description>d</description><link>https://x.example/</link>"
    same = base + "<pubDate>Tue, 24 Nov 2026 10:00:00 GMT</pubDate><category>c</category>"
    others = [
        base.replace("<title>t", "<title>T"),
        base.replace(">d<", ">D<"),
        base.replace("x.example", "y.example"),
        base + "<enclosure url='https://x.example/i.png' type='image/png'/>",
    ]

    prints = {_one(item).fingerprint for item in others}

    assert _one(base).fingerprint == _one(same).fingerprint
    assert len(prints | {_one(base).fingerprint}) == 5


def test_limits() -> None:
    """Every field is bounded, and of too many entries the newest are read, whichever end they are at."""
    big = "word " * 100_000
    article = _one(
        f"<title>{big}</title><description>{big}</description><author>{big}</author>"
        + "".join(f"<category>c{n}</category>" for n in range(100))
    )
    dated = [f"<item><guid>{day}</guid><pubDate>{day:02} Nov 2026</pubDate></item>" for day in range(1, 29)]

    assert (len(article.title) <= 300, len(article.summary) <= 6000, len(article.body) <= 6000) == (True,) * 3
    assert len(article.author or "") <= 200
    assert len(article.categories) == 20
    for items in (dated, dated[::-1]):
        parsed = _feed(_rss("".join(items)), limit=3)
        assert {article.id for article in parsed.articles} == {"26", "27", "28"}
        assert "28 entries" in parsed.warnings[0]


# --- bad documents ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ("", FailureKind.EMPTY, "empty"),
        (" \r\n\t\ufeff", FailureKind.EMPTY, "empty"),
        ("<!doctype html><html><body>Moved</body></html>", FailureKind.NOT_A_FEED, "web page"),
        ("<head><title>Document Moved</title></head>", FailureKind.NOT_A_FEED, "web page"),
        ("Service unavailable", FailureKind.NOT_A_FEED, "neither XML nor JSON"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", FailureKind.NOT_A_FEED, "<svg>"),
        (b"\x89PNG\r\n\x1a\n\0\0", FailureKind.NOT_A_FEED, "not a feed"),
        (gzip.compress(b"x", mtime=0), FailureKind.NOT_A_FEED, "not a feed"),
        ('{"message": "not found"}', FailureKind.NOT_A_FEED, "not a JSON Feed"),
        ("[1, 2]", FailureKind.NOT_A_FEED, "not a JSON Feed"),
        ('{"items": [', FailureKind.ENCODING, "cut short"),
        ('{"items": [,]}', FailureKind.UNREADABLE, "line 1"),
        ('{"items": [' + "9" * 9999 + "]}", FailureKind.UNREADABLE, "value"),
        ("[" * 200_000, FailureKind.UNREADABLE, "deeply"),
        ("<rss><channel><title>News", FailureKind.ENCODING, "cut short"),
        (_rss("<item><title>a</title></item><item><title>b</title>").partition("</channel>")[0], FailureKind.ENCODING, "cut short"),
        ("<rss version='2.0 ><channel></channel></rss>", FailureKind.UNREADABLE, "broken XML"),
        ("<rss version='2.0'><channel><title>a & b</wrong></channel></rss>", FailureKind.UNREADABLE, "broken XML"),
        ("<!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>" + _rss(""), FailureKind.UNREADABLE, "entities"),
    ],
)  # fmt: skip
def test_bad_documents_have_a_class_and_a_sentence(body: bytes | str, kind: FailureKind, words: str) -> None:
    """Each kind of not-a-feed is told apart in words."""
    failure = _fails(body)

    assert failure.kind is kind
    assert words in failure.sentence


def test_a_web_page_names_its_feeds() -> None:
    """An admin who gave the site's address learns that of its feed."""
    page = """<!DOCTYPE html><html><head>
        <link rel="alternate" type="application/rss+xml" href="/rss"><link rel=stylesheet href=/x.css>
        <link rel="ALTERNATE home" type="application/atom+xml; charset=utf-8" href="https://x.example/atom">
        <link rel="alternate" type="text/html" hreflang="de" href="/de">
        <link rel="alternate" type="application/rss+xml" href="javascript:x"></head></html>"""

    assert (
        "it names a feed at https://feeds.example/rss and at https://x.example/atom." in _fails(page).sentence
    )


@pytest.mark.parametrize(
    "content_type", ["text/html", "application/json", "image/png", "nonsense", "text/plain; charset=x"]
)
def test_a_wrong_content_type_does_no_harm(content_type: str) -> None:
    """What a document is, its bytes say."""
    assert _feed(_rss("<item><title>Zürich</title></item>"), content_type).articles[0].title == "Zürich"
    assert len(_feed((DATA / "feed11.json").read_bytes(), content_type).articles) == 1


@pytest.mark.parametrize(
    "fault",
    [
        "<title>R&D & more</title>",
        "<title>a</title><description><p>loose<br>html</description>",
        "<title>a</title><bad attribute=x>",
        "<title>&undeclared;</title>",
    ],
)
def test_broken_xml_is_read_with_a_warning(fault: str) -> None:
    """Entries of a feed that is not well-formed are read as far as it makes sense."""
    parsed = _feed(_rss(f"<item><guid>a</guid>{fault}</item><item><guid>b</guid><title>Good</title></item>"))

    assert parsed.articles[-1].title == "Good"
    assert "not well-formed" in parsed.warnings[0]


def test_missing_end_tags_are_forgiven() -> None:
    """A feed that only lacks its last end tags lost nothing."""
    parsed = _feed(_rss("<item><guid>a</guid></item>").partition("</channel>")[0])

    assert [article.id for article in parsed.articles] == ["a"]
    assert parsed.warnings


def test_odd_json_feeds_are_read_as_far_as_they_go() -> None:
    """Wrong types count as absent, items that are none are passed over, and both with a warning at most."""
    items = [
        7, None, {"id": True, "title": ["x"], "tags": "x", "attachments": [None, {"url": 5}], "authors": [3]},
        {"id": 1.5, "title": "t", "url": 3, "author": {"name": "A"}, "date_published": 5},
    ]  # fmt: skip
    parsed = _feed(json.dumps({"items": items, "title": 3, "home_page_url": None}))

    assert [(article.title, article.author) for article in parsed.articles] == [("", None), ("t", "A")]
    assert len(parsed.warnings) == 2


# --- hostile documents ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"/etc/passwd",
        b"file:///etc/passwd",
        b"http://127.0.0.1:1/",
        b"feed:http://127.0.0.1:1/",
        __file__.encode(),
    ],
)
def test_a_body_is_never_taken_for_a_name(body: bytes) -> None:
    """A body that reads like a path or an address opens nothing."""
    assert _fails(body).kind is FailureKind.NOT_A_FEED


@pytest.mark.parametrize(
    "reference",
    ["<!DOCTYPE r SYSTEM 'file:///etc/passwd'>", "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"],
)
def test_external_entities_are_not_read(reference: str) -> None:
    """No file's contents ever appear in an article."""
    parsed = parse(f"{reference}{_rss('<item><title>&x;</title></item>')}".encode(), "", URL)

    assert "root:" not in repr(parsed)


def test_entities_are_found_behind_whatever_hides_them() -> None:
    """A forbidden character that mending takes away, or junk in front, does not let a declaration through."""
    for start in (
        "<!DOCTYPE r [<!EN\0TITY a 'ha'><!EN\0TITY b '&a;&a;'>]>",
        "' <?xml version='1.0'?><!DOCTYPE r [<!ENTITY b '&a;'>]>",
    ):
        parsed = parse(f"{start}{_rss('<item><title>&b;</title></item>')}".encode(), "", URL)

        assert isinstance(parsed, Failure)
        assert "entities" in parsed.sentence


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("style", lambda n: _rss(f"<item><description>&lt;p style=\"{'a:url(' * n}\"&gt;</description></item>")),
        ("comments", lambda n: _rss(f"<item><description>{'&lt;!--' * n}</description></item>")),
        ("tags", lambda n: _rss("<item><title>" + "&lt;b&gt;" * n + "</title></item>")),
        ("links", lambda n: _rss("<item><description>" + "[](" * n + "</description></item>")),
        ("captions", lambda n: _rss("<item>" + "<media:description " * n + "</item>")),
        ("authors", lambda n: _rss("<item>" + "<author>@" * n + "</item>")),
        ("entities", lambda n: _rss("<item><title>" + "&nope;" * n + "</title></item>")),
        ("references", lambda n: _rss("<item><title>" + "&#xD83D;" * n + "</title></item>")),
        ("doctype", lambda n: "<!DOCTYPE r " + "<![" * n + _rss("")),
        ("dates", lambda n: _rss(f"<item><pubDate>{'1 Nov ' * n}</pubDate></item>")),
        ("categories", lambda n: _rss(f"<item><category>{'a,' * n}</category></item>")),
        ("addresses", lambda n: _rss(f"<item><author>{'a@' * n}</author></item>")),
        ("enclosures", lambda n: _rss("<item>" + "<enclosure url='https://x.example/a'/>" * n + "</item>")),
        ("depth", lambda n: _rss("<item>" + "<a>" * n + "</item>")),
        ("ids", lambda n: _rss("".join(f"<item><guid>{'x' * 200}{i // 2}</guid><title>{i}</title></item>" for i in range(n // 4)))),
        ("json", lambda n: '{"items":[' + '{"a":' * n),
        ("quadratic", lambda n: "<!DOCTYPE r [<!ENTITY a '" + "A" * 250 + "'>]>" + _rss("<item><title>" + "&a;" * n + "</title></item>")),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_floods_stay_linear(name: str, make: Callable[[int], str]) -> None:
    """Twenty thousand repetitions of anything end soon, whatever they end in."""
    body = make(20_000).encode()

    began = time.process_time()
    parse(body, "", URL)

    assert time.process_time() - began < 5, name


def _mutants(seed: bytes, count: int) -> list[bytes]:
    chance = random.Random(20261124)
    scraps = [b"&#xD800;", b"&#x110000;", b"<![CDATA[", b"]]>", b"<!--", b"\x00", b"\xff\xfe", b"<item>", b"</channel>",
              b"&", b'"', b"xml:base='http://['", b"<link href='http://['/>", b"type='xhtml'", b"encoding='utf-7'"]  # fmt: skip
    found = []
    for _ in range(count):
        body = bytearray(seed if len(seed) < 8000 else seed[:6000] + seed[-1500:])
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(body))
            match chance.randrange(4):
                case 0:
                    body[place] = chance.randrange(256)
                case 1:
                    body[place:place] = chance.choice(scraps)
                case 2:
                    del body[place : place + chance.randint(1, 40)]
                case _:
                    body[place:place] = body[max(0, place - 60) : place]
        found.append(bytes(body))
    return found


def test_no_mutation_of_the_samples_raises() -> None:
    """Damaged samples are feeds or failures; nothing else comes out."""
    for path in sorted(DATA.iterdir()):
        for body in _mutants(path.read_bytes(), 40):
            _check(parse(body, "", URL))


@pytest.mark.slow
def test_no_mutation_of_the_saved_feeds_raises(saved_feeds: list[Path]) -> None:
    """Damaged real feeds are feeds or failures; nothing else comes out."""
    for path in saved_feeds:
        for body in _mutants(path.read_bytes(), 12):
            _check(parse(body, "text/xml", URL))


@given(
    st.binary(max_size=200)
    | st.text(alphabet="<>/!?[]{}:\"'&;#x=rsitemlnkgud ", max_size=200).map(str.encode)
)
@settings(max_examples=150)
def test_any_bytes_are_a_feed_or_a_failure(body: bytes) -> None:
    """The parser raises on nothing."""
    _check(parse(body, "", URL))


def _check(parsed: ParsedFeed | Failure) -> None:
    if isinstance(parsed, Failure):
        assert parsed.sentence.endswith(".")
        return
    keys = [article.identity.key for article in parsed.articles]
    assert len(keys) == len(set(keys))
    for article in parsed.articles:
        json.dumps([article.title, article.url, article.id, article.body], ensure_ascii=False).encode()
        assert article.url is None or article.url.startswith(("http://", "https://"))
        assert article.image is None or article.image.startswith(("http://", "https://"))
        assert "\n" not in article.title
