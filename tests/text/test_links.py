"""Links: what is kept, what is stripped, what is refused, and what counts as the same."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.text.links import (
    canonical,
    claims_another_host,
    host,
    in_markdown,
    is_address,
    is_invite,
    looks_like_url,
    normalise,
    to_ascii,
)
from tests.text.strategies import any_texts

urls = st.lists(
    st.sampled_from(
        [*"/:@?#&=.[]\\% ", "http://", "https:", "//", "user:pw@", "a.example", "utm_source=x", "b=1", "::1"]
    )
    | st.text(max_size=3),
    max_size=9,
).map("".join)


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("https://a.example/B?c=1&d=&d=2#E", "https://a.example/B?c=1&d=&d=2#E"),
        (" \n https://a.example/x \t", "https://a.example/x"),
        ("https://a.example/a\n  b", "https://a.example/a%20%20b"),
        ("HTTPS://A.example", "https://A.example"),
        ("//a.example/x", "https://a.example/x"),
        ("https://user:pw@a.example:8080/x", "https://a.example:8080/x"),
        ("https://a.example/?utm_source=rss&id=7&UTM_Medium=x&fbclid=1", "https://a.example/?id=7"),
        ("https://a.example/x?utm_source=rss", "https://a.example/x"),
        ("https://a.example/x?id=7&amp;utm_source=rss", "https://a.example/x?id=7"),
        ("https://a.example/x#utm_medium=rss", "https://a.example/x"),
        ("https://a.example/x?utm=kept&mc_cid=1&_hsenc=2", "https://a.example/x?utm=kept"),
        ("https://b\u00fccher.example/\u00fc", "https://b\u00fccher.example/\u00fc"),
        ("https://a.example/<b>\u202e", "https://a.example/%3Cb%3E%E2%80%AE"),
        ("http://[2001:db8::1]:8080/", "http://[2001:db8::1]:8080/"),
        # Browsers take the backslash for a slash: the host is good.example in both readings.
        ("http://good.example\\@evil.example/", "http://good.example/@evil.example/"),
    ],
)
def test_a_link_is_kept_but_for_what_only_serves_others(given_url: str, expected: str) -> None:
    """Userinfo and tracking go, blanks are encoded, the rest stays as it was written."""
    assert canonical(given_url) == expected


@pytest.mark.parametrize(
    "given_url",
    [
        "",
        "abc",
        "news/1",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "urn:uuid:1",
        "tag:a.example,2026:1",
        "mailto:a@b.example",
        "ftp://a.example/",
        "file:///etc/passwd",
        "http:///x",
        "http://",
        "https:a.example",
        "http://a b.example/",
        "http://a..example/",
        "http://.example/",
        "http://%61.example/",
        "http://a.example:99999/",
        "http://a.example:x/",
        "http://[::1",
        "http://\u2100.example/",
        "http://a.example/\x00x",
        "http://a.example/\x9b",
        "http://a.example/\ud800",
        "http://" + "a" * 64 + ".example/",
        "http://a.example/" + "x" * 2048,
    ],
)
def test_what_is_no_web_link_is_refused(given_url: str) -> None:
    """Other schemes, missing or impossible hosts, control characters and excessive length give None."""
    assert canonical(given_url) is None


def test_relative_links_are_resolved_against_their_base() -> None:
    """With a base, relative references become absolute; a base that is no link is no help."""
    base = "https://a.example/news/feed.xml?utm_source=x"

    assert canonical("../img/a.png", base) == "https://a.example/img/a.png"
    assert canonical("?page=2", base) == "https://a.example/news/feed.xml?page=2"
    assert canonical("//b.example/x", base) == "https://b.example/x"
    assert canonical("javascript:alert(1)", base) is None
    assert canonical("x", "urn:nothing") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.example/x", "https://a.example/x/"),
        ("https://A.Example/x", "https://a.example:443/x#part"),
        ("http://a.example:80", "https://a.example/"),
        ("https://b\u00fccher.example/\u00fc", "https://xn--bcher-kva.example/%c3%bc"),
        ("https://a.example/x?utm_source=rss&id=1", "https://a.example/x?id=1"),
    ],
)
def test_spellings_of_one_link_compare_equal(one: str, other: str) -> None:
    """Scheme, host case, default port, trailing slash, encoding, fragment and tracking make no difference."""
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.a.example/x", "https://a.example/x"),
        ("https://a.example/x", "https://a.example/X"),
        ("https://a.example/x?id=1", "https://a.example/x?id=2"),
        ("https://a.example:8443/x", "https://a.example/x"),
    ],
)
def test_different_links_compare_different(one: str, other: str) -> None:
    """www., path case, query and other ports do make a difference."""
    assert normalise(one) != normalise(other)


def test_an_ascii_form_is_made_for_discord() -> None:
    """Buttons and pictures get punycode and percent-encoding; a link that thereby grows too long, none."""
    assert to_ascii("https://b\u00fccher.example/\u00fc?a=b") == "https://xn--bcher-kva.example/%C3%BC?a=b"
    assert to_ascii("https://a.example/" + "\u4e2d" * 500) is None


def test_the_host_is_told_as_people_know_it() -> None:
    """Lower case, without port; None where there is none."""
    assert host("https://WWW.a.example:8080/x") == "www.a.example"
    assert host("urn:x") is None


@pytest.mark.parametrize(
    "url",
    [
        "https://discord.gg/abc",
        "http://DISCORD.GG/abc",
        "https://discord\u3002gg/abc",
        "https://discord.com/invite/abc",
        "https://ptb.discord.com/invite/abc",
        "https://discordapp.com/Invite/abc",
        "https://discord.gift/abc",
        "https://discord.com/gifts/abc",
        "https://discord.new/abc",
    ],
)
def test_invitations_are_known(url: str) -> None:
    """Invitations, gifts and templates, whatever host spells them."""
    assert is_invite(url)


@pytest.mark.parametrize("url", ["https://discord.com/blog", "https://a.example/discord.gg/x", "x"])
def test_other_links_are_no_invitations(url: str) -> None:
    """Discord's own pages and mere mentions are ordinary links."""
    assert not is_invite(url)


@pytest.mark.parametrize(
    ("text", "url", "claims"),
    [
        ("paypal.com", "https://evil.example/", True),
        ("https://bank.com/login", "https://evil.example/", True),
        ("Log in at paypal.com now", "https://evil.example/", True),
        ("Log in at PAYPAL.COM now", "https://evil.example/", True),
        ("Log in at paypal\u3002com now", "https://evil.example/", True),
        ("\uff50\uff41\uff59\uff50\uff41\uff4c\uff0e\uff43\uff4f\uff4d", "https://evil.example/", True),
        ("paypal\u2024com", "https://evil.example/", True),
        ("AMAZON.DE", "https://evil.example/", True),
        ("p\u0430ypal.com", "https://paypal.com/", True),
        ("bbc.co.uk", "https://www.bbc.co.uk/news", False),
        ("www.a.example", "https://a.example/", False),
        ("news.a.com", "https://a.com/", False),
        ("Read the U.S. report, e.g. page 3.Then go", "https://a.example/", False),
        ("me@paypal.com", "https://a.example/", False),
    ],
)
def test_link_text_that_names_another_host_is_found(text: str, url: str, claims: bool) -> None:
    """A text claims a host when it names one that the link does not lead to."""
    assert claims_another_host(text, url) is claims


def test_addresses_are_told_from_words() -> None:
    """Only a text that is an address as a whole looks like one."""
    assert all(map(looks_like_url, ["https://a.example/x", "www.a.example", "a.example/x?y", " a.example "]))
    assert not any(map(looks_like_url, ["Storm closes the harbour", "visit a.example", "", "v1.2"]))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("https://bank.com/ log in", True),
        ("www.bank.com log in", True),
        ("bank.com/login now", True),
        ("bank\u3002com", True),
        ("<i>bank.com", True),
        ("Amazon.com buys a newspaper", False),
        ("A newspaper buys amazon.com", False),
        ("Storm closes the harbour", False),
        ("3/4 of all", False),
        ("", False),
    ],
)
def test_titles_that_are_addresses(title: str, expected: bool) -> None:
    """All of it or its beginning; a headline may name a company's site."""
    assert is_address(title) is expected


def test_marks_do_not_bury_a_link() -> None:
    """Combining characters beyond what a letter bears are percent-encoded."""
    assert canonical("https://a.example/e\u0301") == "https://a.example/e\u0301"
    assert canonical("https://a.example/" + "\u0e49" * 5) == "https://a.example/" + "%E0%B9%89" * 5


@given(urls | any_texts, urls | any_texts | st.none())
@example("http://[", "http://[")
@example("//\\", "http://a.example")
@example("/", "http://\ud7fc")
@example("https://a.example/\u0378", None)
def test_any_string_is_answered(url: str, base: str | None) -> None:
    """No string makes these raise, and what comes back is a link that is its own canonical form."""
    link = canonical(url, base)
    normalise(url)
    host(url)
    is_invite(url)
    claims_another_host(url, url)

    if link is not None:
        assert link.startswith(("http://", "https://"))
        assert len(link) <= 2048
        assert link.isprintable()
        assert not set(link) & set(' <>"\\')
        assert "@" not in link.split("/")[2]
        assert canonical(link) == link
        assert normalise(normalise(link)) == normalise(link)
        assert not set(in_markdown(link)) & set("*`()\\|<> ")
        assert (to_ascii(link) or "").isascii()
