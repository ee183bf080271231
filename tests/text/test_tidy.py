"""Members' Markdown: read as Discord reads it, and made fit to be quoted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.tidy import heard, settled, tidy, unpinged
from bot.text.typed import Kind, flat, read
from tests.text.discord_markdown import read as see
from tests.text.strategies import any_texts

TYPED = st.lists(
    st.sampled_from(
        [
            *"`|*_~\\ \n>@-#x",
            *("``", "```", "||", "\n> ", "> q\n", ">>> ", "py\n", "\n\n\n", "](", "word. ", "\t> "),
            *("https://a.example/(x)", "<https://a.example>", "[a](http://b.example)"),
            *("<@1>", "<@&1>", "<:n:1>", "@everyone", "\u200b", "\u3000", "\u2028", "\u202e"),
        ]
    ),
    max_size=16,
).map("".join)


@given(TYPED | any_texts)
def test_pieces_put_together_are_the_text(text: str) -> None:
    """Nothing is lost or invented by reading, with what is inside quotes and spoilers as well."""
    assert "".join(piece.text for piece in read(text)) == text
    assert "".join(piece.text for piece in flat(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n> b\nc", [(Kind.QUOTE, "> b\n")]),
        ("> a\n>\n> b", [(Kind.QUOTE, "> a\n>\n> b")]),
        ("x > b\n>c", []),
        ("x\n>>>", [(Kind.QUOTE, ">>>")]),
        ("x\n>>> b\nc", [(Kind.QUOTE, ">>> b\nc")]),
        ("```\n> a\n```", [(Kind.BLOCK, "```\n> a\n```")]),
        ("```\n> a", [(Kind.LOOSE, "```"), (Kind.QUOTE, "> a")]),
        ("`a\n> b` c", [(Kind.CODE, "`a\n> b`")]),
        (r"\`a` b", [(Kind.ESCAPE, r"\`"), (Kind.LOOSE, "`")]),
        ("`` a`b ``", [(Kind.CODE, "`` a`b ``")]),
        ("||a\n\n`b||", [(Kind.SPOILER, "||a\n\n`b||")]),
        ("|| ||", [(Kind.LOOSE, "||"), (Kind.LOOSE, "||")]),
        ("<@1> <b", [(Kind.ANGLE, "<@1>")]),
        (
            "[a](https://b.example/(c)) https://d.example/.",
            [(Kind.TARGET, "](https://b.example/(c)"), (Kind.LINK, "https://d.example/")],
        ),
    ],
)
def test_reads_as_the_client_does(text: str, expected: list[tuple[Kind, str]]) -> None:
    """Code hides quotes, quotes need a blank, spoilers span paragraphs, an address ends before its sentence's dot."""
    assert [(piece.kind, piece.text) for piece in read(text) if piece.kind is not Kind.TEXT] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n> quoted\nb", "a\nb"),
        ("> quoted\n>>> all\nof it", ""),
        ("see ```py\nx = 1\n``` there", "see\n```py\nx = 1\n```\n there"),
        ("```x```", "```\nx\n```"),
        ("a\n\n```x```\n\nb", "a\n\n```\nx\n```\n\nb"),
        ("``` ``` a", r"\`\`\` \`\`\` a"),
        ("||a\n\nb|| c", "||a||\n||b|| c"),
        ("||```py\na\n`b\n```||", "||`a`||\n||\\`b||"),
        ("||a\\||", "||a\\ ||"),
        ("a ||b", r"a \|\|b"),
        ("a\r\n\n\n\nb", "a\n\nb"),
        (
            "**bold** *it* ~~no~~ <:n:1> <@1> <#2>\n- one\n- two",
            "**bold** *it* ~~no~~ <:n:1> <@1> <#2>\n- one\n- two",
        ),
        ("https://a.example/x.", "<https://a.example/x>."),
        ('[a](https://b.example "t")', '[a](<https://b.example> "t")'),
        (
            "\\https://a.example ||\\https://a.example||",
            "\\\\<https://a.example> ||\\\\<https://a.example>||",
        ),
        ("[a](b", "[a]\u200b(b"),
        ("@everyone `@here` <@&1>", "@\u200beveryone `@\u200bhere` <@\u200b&1>"),
        ("\u202eabc\u200b\u200b", "abc\u200b"),
        ("\u200b \u200b", ""),
    ],
)
def test_tidy_text_reads_as_before(text: str, expected: str) -> None:
    """Quotes go; code, spoilers, lists, emoji and mentions of members stay; the rest loses its effect only."""
    assert tidy(heard(text)) == expected


def test_tidy_text_may_keep_its_quotes() -> None:
    """As they were typed, for where no quote of theirs can be read; all else is as tidy."""
    assert tidy("a\n> **quoted**\n>>> ||x", quotes=True) == "a\n> **quoted**\n>>> \\|\\|x"


@given(TYPED | any_texts)
def test_tidying_twice_changes_nothing(text: str) -> None:
    """Tidy text is tidy: it may be quoted again and again."""
    once = tidy(heard(text))

    assert tidy(heard(once)) == once


@given(TYPED | any_texts)
def test_tidy_text_quotes_nobody_and_pings_nobody(text: str) -> None:
    """No quote, no mass or role mention, no bare link, nothing that reaches over a line but code blocks."""
    tidied = tidy(heard(text))

    assert not {piece.kind for piece in read(tidied)} & {Kind.QUOTE, Kind.LINK, Kind.LOOSE}
    assert "@everyone" not in tidied.lower()
    assert "@here" not in tidied.lower()
    assert "<@&" not in tidied
    assert all("\n" not in piece.text for piece in read(tidied) if piece.kind in (Kind.SPOILER, Kind.CODE))
    shown = ("code" if piece.kind is Kind.BLOCK else piece.text for piece in read(tidied))
    assert "\n\n\n" not in "".join(shown)


@given(TYPED)
def test_spoilers_stay_hidden(text: str) -> None:
    """A word that only a spoiler holds is in a spoiler still."""
    secret = f"a {text} ||hid\nsecret|| end"
    if any("secret" in piece.inside for piece in read(heard(secret)) if piece.kind is Kind.SPOILER):
        hidden = [piece.inside for piece in read(tidy(heard(secret))) if piece.kind is Kind.SPOILER]
        assert any("secret" in each for each in hidden)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 * 3 = 15", r"5 \* 3 = 15"),
        ("snake_case **b", r"snake\_case \*\*b"),
        ("**b** *i* ***bi*** __u__ _i_ ~~s~~", "**b** *i* ***bi*** __u__ _i_ ~~s~~"),
        ("* item\n  * item *it*", "* item\n  * item *it*"),
        ("**a\n\nb**", r"\*\*a" + "\n\n" + r"b\*\*"),
        ("**a\nb**", "**a\nb**"),
        ("**a *b** c", r"**a \*b** c"),
        ("`5 * 3`", "`5 * 3`"),
    ],
)
def test_only_marks_that_style_something_are_marks(text: str, expected: str) -> None:
    """A cut behind them closes styles that are open, and no sum or name with underlines."""
    assert settled(text) == expected


# The client lets a style end inside code, spoilers and addresses; nobody means that, and nothing here does it.
STYLED = TYPED.filter(lambda text: not {*text} & {*"`|/"})


@given(STYLED)
def test_settled_text_shows_the_same_words(text: str) -> None:
    """Escaping loose marks adds nothing to be seen but the marks themselves."""
    tidied = tidy(heard(text))
    marks = str.maketrans("", "", "*_~\\")

    assert see(settled(tidied)).text.translate(marks) == see(tidied).text.translate(marks)


def test_pings_are_broken_once() -> None:
    """Breaking what is broken changes nothing."""
    broken = unpinged("@everyone \uff20here <@&1> <@1>")

    assert broken == "@\u200beveryone \uff20\u200bhere <@\u200b&1> <@1>"
    assert unpinged(broken) == broken
