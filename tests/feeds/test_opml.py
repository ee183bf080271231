"""OPML in and out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SourceError
from bot.feeds.opml import read, write

NESTED = b"""
<?xml version="1.0" encoding="UTF-8"?>
<!-- exported -->
<opml version="1.0">
  <head><title>My feeds</title></head>
  <body>
    <outline text="News">
      <outline type="rss" text="World" title="World  news" xmlUrl="https://x.example/rss?a=1&amp;b=2" htmlUrl="https://x.example/"/>
      <outline text="Deeper"><outline text="Sci" xmlurl=" https://y.example/atom "/></outline>
    </outline>
    <outline type="rss" xmlUrl="https://z.example/"/>
    <outline text="again" xmlUrl="https://z.example/"/>
    <outline text="only a folder"/>
  </body>
</opml>"""


def test_reads_nested_outlines() -> None:
    """Folders are flattened, each address comes once, in order, with its title or text."""
    assert read(NESTED) == [
        ("World news", "https://x.example/rss?a=1&b=2"),
        ("Sci", "https://y.example/atom"),
        ("", "https://z.example/"),
    ]


def test_reads_what_careless_programs_write() -> None:
    """A bare ampersand in an address and a missing end do not stop the import."""
    text = b'<opml><body><outline text="A" xmlUrl="https://x.example/?a=1&b=2"/><outline text="B" xmlUrl="https://y.example/"/>'

    assert [url for _, url in read(text)][-1] == "https://y.example/"
    assert read(text)[0][1].startswith("https://x.example/?a=1")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "not XML"),
        (b"words", "not OPML"),
        (b"\x00\xff", "not XML"),
        (b"<rss><channel/></rss>", "<opml>"),
        (b"<opml><body/></opml>", "names no feed"),
        (b"<opml><body><outline text='x' xmlUrl=' '/></body></opml>", "names no feed"),
    ],
)
def test_what_is_no_list_of_feeds(text: bytes, words: str) -> None:
    """Each mistake has its sentence."""
    with pytest.raises(SourceError, match=words):
        read(text)


def test_hostile_documents() -> None:
    """Entities are neither expanded nor loaded, and depth does not matter."""
    bomb = b"<!DOCTYPE o [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'><!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
    feed = b"<outline text='&b;&f;' xmlUrl='https://x.example/'/>"
    deep = b"<outline text='x'>" * 5000 + feed

    for text in (bomb + b"<opml><body>" + feed + b"</body></opml>", b"<opml><body>" + deep):
        try:
            names = read(text)
        except SourceError:
            continue
        assert "root:" not in repr(names)
        assert len(repr(names)) < 500


_line = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1, max_size=30
).filter(lambda text: not set(text) & {"\ufffe", "\uffff"})


@given(
    st.lists(
        st.tuples(_line, _line, st.none() | _line), min_size=1, max_size=5, unique_by=lambda feed: feed[1]
    )
)
def test_what_is_written_can_be_read(feeds: list[tuple[str, str, str | None]]) -> None:
    """Export and import are each other's inverse."""
    assert read(write(feeds).encode()) == [(title, url) for title, url, _ in feeds]


def test_writing_leaves_out_what_xml_can_not_hold() -> None:
    """Control characters in a title do not break the export."""
    document = write(
        [("a\x00b\ud800", "https://x.example/", "https://x.example/home"), ("", "https://y.example/", None)]
    )

    assert read(document.encode()) == [
        ("ab", "https://x.example/"),
        ("https://y.example/", "https://y.example/"),
    ]
    assert 'htmlUrl="https://x.example/home"' in document
    assert document.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">')
