"""Cutting and reading Markdown without breaking it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.html import to_markdown
from bot.text.markdown import cut_markdown, one_line, plain
from tests.text.discord_markdown import read
from tests.text.strategies import HREFS, any_texts, html_texts

POST = to_markdown(
    """<h2>Harbour closed</h2><p>The <b>storm of <i>the</i> century</b> has closed the harbour, says
    <a href="https://a.example/x">the [harbour] office</a>. Ships wait outside. Nobody is hurt &amp; all * are well.</p>
    <ul><li>First item<li>Second item<ul><li>Nested item</ul></ul>
    <pre><code class="language-py">print(1)\nprint(2)\nprint("```")</code></pre>
    <blockquote><p>We have never seen this. Never.</p></blockquote>
    <p>Call <code>harbour.open()</code> or see https://a.example/y for <s>nothing</s> more.</p>"""
)


@pytest.mark.parametrize(
    ("markdown", "limit", "expected"),
    [
        ("One. Two.\n\nThree is long", 14, "One. Two."),
        ("It rained. It poured. Nobody", 24, "It rained. It poured."),
        ("**bold words here** and more", 14, "**bold\u2026**"),
        ("some **bold words**", 9, "some\u2026"),
        ("***both of them***", 13, "***both\u2026***"),
        ("***a*** and more words", 16, "***a*** and\u2026"),
        ("**a *b*** and more words", 18, "**a *b*** and\u2026"),
        ("read [the news](<https://a.example/x>) now", 30, "read\u2026"),
        ("read [the news](<https://a.example/x>) now", 39, "read [the news](<https://a.example/x>)\u2026"),
        ("read <https://a.example/x> now", 20, "read\u2026"),
        (r"abcdefgh\*", 9, "abcdefgh\u2026"),
        ("```py\none\ntwo\nthree\n```", 17, "```py\none\ntwo\n```"),
        ("> ```\n> one\n> two\n> ```", 18, "> ```\n> one\n> ```"),
        ("- one\n- two\n- three", 9, "- one\u2026"),
        ("```\n" + "x" * 40 + "\n```", 20, "```\n" + "x" * 12 + "\n```"),
        ("\u7b2c\u4e00\u53e5\u3002\u7b2c\u4e8c\u53e5\u5f88\u957f\u5f88\u957f", 7, "\u7b2c\u4e00\u53e5\u3002"),
        ("anything", 0, ""),
        ("[a](<https://a.example/x>)", 10, "\u2026"),
    ],
)
def test_constructs_stay_whole(markdown: str, limit: int, expected: str) -> None:
    """Blocks, sentences, words in this order; open styles and fences are closed, links and escapes kept or left."""
    assert cut_markdown(markdown, limit) == expected


@pytest.mark.parametrize("limit", range(12, len(POST)))
def test_every_cut_of_a_post_reads_as_its_beginning(limit: int) -> None:
    """Whatever the limit, the words are the post's first ones, linked as before, and no markup shows."""
    cut = cut_markdown(POST, limit)
    shown, whole = read(cut), read(POST)

    assert len(cut) <= limit
    words = shown.text.replace("\u2026", "").replace(",", "").split()
    assert words == whole.text.replace(",", "").split()[: len(words)]
    assert shown.links == whole.links[: len(shown.links)]
    assert {kind for kind, _ in shown.markup} <= {kind for kind, _ in whole.markup}
    assert not shown.mentions


@given(html_texts, st.integers(min_value=0, max_value=120))
def test_cut_posts_show_nothing_new(html: str, limit: int) -> None:
    """A cut makes no link, mention or style that the whole did not have."""
    markdown = to_markdown(html, "https://site.example/")
    whole, shown = read(markdown), read(cut_markdown(markdown, limit))

    assert set(shown.links) <= set(whole.links)
    assert not shown.mentions
    assert {kind for kind, _ in shown.markup} <= {kind for kind, _ in whole.markup}


@given(any_texts, st.integers(min_value=0, max_value=80))
def test_any_markdown_is_cut_within_its_limit(markdown: str, limit: int) -> None:
    """Foreign Markdown as well; what fits is not touched."""
    assert len(cut_markdown(markdown, limit)) <= limit
    assert cut_markdown(markdown, len(markdown)) == markdown


def test_markdown_is_read_back_as_its_words() -> None:
    """Markers, escapes, styles and link targets are no words."""
    assert plain(POST).splitlines()[:3] == [
        "Harbour closed",
        "The storm of the century has closed the harbour, says the (harbour) office. Ships wait outside."
        " Nobody is hurt & all * are well.",
        "First item",
    ]
    assert plain("- one\n> 1. two\n```py\na*b*\n```\n`c`") == "one\ntwo\na*b*\nc"
    assert plain(f"[**a** \\* b](<{HREFS[0]}>) <{HREFS[0]}>") == f"a * b {HREFS[0]}"


def test_a_table_in_one_line_has_no_rules() -> None:
    """The words of a table remain, without what its headings are underlined with."""
    table = to_markdown("<table><tr><th>From<th>Evening</tr><tr><td>Osmer<td>18:45</tr></table>")
    assert one_line(table, 100) == "From Evening Osmer 18:45"
