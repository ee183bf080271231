"""Escaping: Discord shows exactly what was said, and does nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given

from bot.text.clean import clean, clean_block
from bot.text.escape import code_safe, escape, link_label, masked_link
from tests.text.discord_markdown import read
from tests.text.strategies import any_texts, plain_texts

PINGS = re.compile(r"@(?:everyone|here)|<@[!&]?\d|<#\d|</\w+:\d|<t:-?\d|<a?:\w+:\d|<id:", re.IGNORECASE)
INVITES = re.compile(r"discord(?:app)?[.\u3002\uff0e\uff61](?:gg|com/invite|new|gift)/", re.IGNORECASE)


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("5 * 3 = 15_000", r"5 \* 3 = 15\_000"),
        ("# Heading\n## two\n-# small\n#1 hit #tag", "\\# Heading\n\\## two\n\\-# small\n#1 hit #tag"),
        ("- a\n+ b\n1. c\n2026. d", "\\- a\n\\+ b\n1\\. c\n2026\\. d"),
        ("> q\n>>> z\na > b", "\\> q\n\\>>> z\na > b"),
        ("~~x~~ ||y|| ~5 | z", r"\~\~x\~\~ \|\|y\|\| ~5 | z"),
        ("[a](b) (c)", r"\[a\]\(b) (c)"),
        ("x < y <3 <b>", r"x < y <3 \<b>"),
        ("12:30:45 :smile: Note: this", r"12:30:45 \:smile: Note: this"),
        ("steam://run", r"steam\://run"),
        ("discord.gg/abc", r"discord\.gg/abc"),
        ("@everyone", "@\u200beveryone"),
        ("<@1> <@&2> <#3> </cmd:4>", r"\<\@1> \<\@&2> \<\#3> \<\/cmd:4>"),
        ("<t:1:R> <a:b:1> <:b:1> <id:x>", r"\<t\:1:R> \<a\:b:1> \<\:b:1> \<id\:x>"),
        (
            "AT&T, O'Neill (UK): 50% off! World - News | The Site",
            "AT&T, O'Neill (UK): 50% off! World - News | The Site",
        ),
    ],
)
def test_only_what_binds_is_escaped(given_text: str, expected: str) -> None:
    """Markup characters are escaped where they bind; ordinary prose and names stay as they are."""
    assert escape(given_text) == expected
    assert read(expected).text == given_text


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("See https://a.example/x.", "See <https://a.example/x>."),
        ("(https://a.example/x_(y))", "(<https://a.example/x_%28y%29>)"),
        ("https://u:p@a.example/?utm_source=x&b=1!", "<https://a.example/?b=1>!"),
        (
            "\u8bf7\u770bhttps://a.example/x\u3002\u8c22\u8c22",
            "\u8bf7\u770b<https://a.example/x>\u3002\u8c22\u8c22",
        ),
        ("https://discord.gg/abc", r"https\://discord\.gg/abc"),
        ("http://a b", r"<http://a> b"),
        ("http://", r"http\://"),
    ],
)
def test_an_address_stays_a_link_without_preview(given_text: str, expected: str) -> None:
    """A safe http(s) URL in running text is wrapped in <…>; an unsafe one is only shown."""
    assert escape(given_text) == expected


def test_links_can_be_broken_altogether() -> None:
    """Titles, names and categories link nowhere on their own."""
    shown = read(escape("Visit https://a.example/x today", links=False))

    assert shown.text == "Visit https://a.example/x today"
    assert shown.links == []


def test_what_binds_at_a_line_s_beginning_is_left_alone_inside_a_line() -> None:
    """Text put behind other text needs no escape that only a line's beginning calls for."""
    assert escape("1. FC K\u00f6ln", inline=True) == "1. FC K\u00f6ln"
    assert escape("1. FC K\u00f6ln") == "1\\. FC K\u00f6ln"


@given(plain_texts)
@example("~")
@example(":a:b:")
@example("<<@1>")
@example("\\`")
def test_discord_shows_exactly_the_text(text: str) -> None:
    """Whatever is escaped reads as it was written and is marked up by nothing."""
    text = clean_block(text)
    shown = read(escape(text, links=False))

    assert shown.text == text
    assert (shown.links, shown.mentions, shown.markup) == ([], [], [])


@given(plain_texts, plain_texts)
def test_escaped_text_stays_so_beside_markup(one: str, other: str) -> None:
    """Pieces escaped apart and put between style marks don't bind to them."""
    one, other = clean(one), clean(other)
    shown = read(f"{escape(one, links=False)}**b**~~{escape(other, links=False, inline=True)}x~~")

    assert one in shown.text
    assert not shown.mentions


@given(any_texts)
@example("<@everyone")
@example("https://discord.gg/abcdiscord\u3002gg/abc")
def test_nothing_pings_or_invites(text: str) -> None:
    """Not even in the text as typed, where the server's own scanners look."""
    for escaped in (escape(text), escape(text, links=False), escape(text, inline=True)):
        assert not PINGS.search(escaped)
        assert not INVITES.search(escaped)
    assert not re.search(r"@(?:everyone|here)|<@", code_safe(text), re.IGNORECASE)


@given(any_texts)
def test_escaping_at_most_doubles_the_length(text: str) -> None:
    """So that a cut before escaping bounds what comes out."""
    assert len(escape(text, links=False)) <= 2 * len(text)


@given(plain_texts)
def test_any_title_can_be_a_link(text: str) -> None:
    """A masked link leads where it should and reads as the title does, brackets made round where they must."""
    title = clean(text).replace("://", "") or "x"
    shown = read(masked_link(title, "https://a.example/(x)"))

    assert shown.links == ["https://a.example/%28x%29"]
    assert shown.text == link_label(title)
    assert [kind for kind, _ in shown.markup] == ["masked"]
