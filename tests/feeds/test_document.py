"""Bytes to text, and the mistakes that are mended before parsing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.document import dangerous_entities, decoded, ends_early, mended, root_name

TEXT = "<rss><title>Zürich – 東京</title></rss>"
LATIN = "<rss><title>Zürich à la carte</title></rss>"


def _declared(encoding: str, text: str = TEXT) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>{text}'


@pytest.mark.parametrize(
    ("body", "content_type", "expected", "warned"),
    [
        (TEXT.encode(), "", TEXT, False),
        (TEXT.encode("utf-8-sig"), "text/xml; charset=iso-8859-1", TEXT, False),
        (TEXT.encode("utf-16"), "", TEXT, False),
        (TEXT.encode("utf-16-be"), "text/xml; charset=utf-8", TEXT, False),
        (TEXT.encode("utf-16-le"), "", TEXT, False),
        (TEXT.encode("utf-32"), "", TEXT, False),
        (TEXT.encode(), "text/xml; charset=iso-8859-1", TEXT, True),
        (TEXT.encode(), "text/xml", TEXT, False),
        (TEXT.encode(), "text/xml; charset=nonsense", TEXT, False),
        (LATIN.encode("latin-1"), "application/xml; charset=ISO-8859-1", LATIN, False),
        (LATIN.encode("latin-1"), "text/xml; charset=utf-8", LATIN, True),
        (LATIN.encode("latin-1"), "", LATIN, True),
        ("<t>“quoted”</t>".encode("cp1252"), 'text/xml; charset="iso-8859-1"', "<t>“quoted”</t>", False),
        ("<t>Привет</t>".encode("koi8-r"), "text/xml;charset=koi8-r", "<t>Привет</t>", False),
        ("<t>東京</t>".encode("shift_jis"), "text/xml; charset=Shift_JIS", "<t>東京</t>", False),
        ("<t>東京</t>".encode("iso-2022-jp"), "text/xml; charset=iso-2022-jp", "<t>東京</t>", False),
        ("<t>东京</t>".encode("gb18030"), "text/xml; charset=gb2312", "<t>东京</t>", False),
        (_declared("iso-8859-15", "<t>€ é</t>").encode("iso-8859-15"), "", _declared("iso-8859-15", "<t>€ é</t>"), False),
        (_declared("iso-8859-1").encode(), "", _declared("iso-8859-1"), True),
        (_declared("utf-16").encode(), "", _declared("utf-16"), False),
        (b"<t>abc</t>", "text/xml; charset=hex", "<t>abc</t>", False),
        (b"<t>a\xffb</t>" + "é".encode() * 9, "", "<t>a\ufffdb</t>" + "é" * 9, True),
        (b"", "", "", False),
    ],
)  # fmt: skip
def test_decoding(body: bytes, content_type: str, expected: str, warned: bool) -> None:
    """Byte order mark, header and declaration in the order of RFC 7303; UTF-8 is known by itself."""
    text, warning = decoded(body, content_type)

    assert text == expected
    assert bool(warning) is warned


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "text/xml", "x; charset=utf-16", "x; charset=idna", "x; charset=\0"]),
)
def test_decoding_never_raises(body: bytes, content_type: str) -> None:
    """Any bytes under any label become text."""
    decoded(body, content_type)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<rss/>", "rss"),
        ("\ufeff\n <rdf:RDF a='b'>", "rdf"),
        ("<?xml version='1.0'?><?xml-stylesheet a>b?>\n<!-- <html> --><FEED>", "feed"),
        ("<!DOCTYPE rss [<!ENTITY a '<html>'><!ENTITY b \"]\">]><rss>", "rss"),
        ("<!DOCTYPE html>\n<html lang='en'>", "html"),
        ("plain words", ""),
        ("<!-- never ends", ""),
        ("<?never ends", ""),
        ("<!never ends", ""),
        ("<!DOCTYPE x [ never ends >", ""),
        ("< rss>", ""),
        ("", ""),
    ],
)
def test_root_name(text: str, name: str) -> None:
    """The first element is found behind declarations, comments and doctypes."""
    found = root_name(text)

    assert found == name or ("ENTITY b" in text and found in {"rss", ""})


@given(st.text(alphabet="<!-?>[]'\"ax ", max_size=60))
def test_root_name_ends(text: str) -> None:
    """No markup makes the search loop or raise."""
    root_name(text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n\n<?xml version='1.0'?><rss/>", "<rss/>"),
        ("<?xml version='1.0' encoding='latin-1'?>\n<rss/>", "\n<rss/>"),
        ("<br />\n<b>Warning</b>: x in /y.php\n<?xml version='1.0'?><rss/>", "<rss/>"),
        ("<t>a\x00b\x0bc\x1f\ufffe</t>", "<t>abc</t>"),
        ("<t>&#x1F600;&#xD83D;&#xDE00;&#55357;&#56832;</t>", "<t>&#x1F600;😀😀</t>"),
        ("<t>&#xD800;&#x110000;&#0;&#x1F;&#9;&#99999999;</t>", "<t>&#9;</t>"),
        ("<t>&nbsp;&eacute;&amp;&lt;&bogus;&AMP</t>", "<t>&#160;&#233;&amp;&lt;&bogus;&AMP</t>"),
        ("<!DOCTYPE r [<!ENTITY eacute 'E'>]><r>&eacute;</r>", "<!DOCTYPE r [<!ENTITY eacute 'E'>]><r>&eacute;</r>"),
        ("<rss/>", "<rss/>"),
    ],
)  # fmt: skip
def test_mending(before: str, after: str) -> None:
    """What stops strict parsers is removed, what is fine is left alone."""
    assert mended(before) == after


@pytest.mark.parametrize(
    ("head", "dangerous"),
    [
        ("", False),
        (
            "<!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91//EN' 'http://my.netscape.com/rss-0.91.dtd'>",
            False,
        ),
        ("<!DOCTYPE rss [<!ENTITY nbsp '&#160;'><!ENTITY company \"Bell &amp; Sons\">]>", False),
        ("<!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>", True),
        ("<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", True),
        ("<!DOCTYPE r [<!ENTITY % p 'x'>]>", True),
        ("<!DOCTYPE r [<!ENTITY a '" + "A" * 5000 + "'>]>", True),
        ("<!DOCTYPE r [" + "".join(f"<!ENTITY a{n} 'x'>" for n in range(301)) + "]>", True),
        ("<!DOCTYPE r [<!ENTITY a x>]>", True),
        # What looks like the first element, and is none: feedparser's own guard stops there.
        ("<!DOCTYPE r [<!-- <a --><!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>", True),
        ("<?x <a ?><!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", True),
        ("<!DOCTYPE r [<!ATTLIST r y CDATA '<a>'><!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>", True),
        ("<!DOCTYPE r [<!-- <!ENTITY x SYSTEM 'a'> -->]>", False),
    ],
)
def test_entities(head: str, dangerous: bool) -> None:
    """Letters may be declared; what nests, is long, many or elsewhere may not."""
    assert dangerous_entities(f"{head}<rss>&a;<!ENTITY in a text></rss>") is dangerous


@pytest.mark.parametrize(
    ("text", "early"),
    [
        ("<rss><channel><item><title>a</title></item></channel></rss>", False),
        ("<rss><channel><item><title>a</title></item>", False),
        ("<rss><channel><item></item><item><title>a", True),
        ("<feed><entry></entry><entry", True),
        ("<rss><channel><title>a", True),
        ("<rss><channel></channel>", False),
    ],
)
def test_ends_early(text: str, early: bool) -> None:
    """Cut inside an entry is cut; missing end tags alone are not."""
    assert ends_early(text) is early
