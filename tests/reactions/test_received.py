"""Counts and members in words, within what a message holds."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.languages import Languages
from bot.model import Ranked
from bot.text.received import (
    MAX_CONTENT,
    MAX_LINE,
    counts_line,
    counts_list,
    ranking,
    reaction_called,
    reaction_shown,
    who_pages,
)

SAY = Languages({}).of("en-US")
GUILD, THREAD = 1300000000000001000, 1300000000000009000


def test_a_line_of_counts() -> None:
    """Emoji, name and number with middle dots between; nothing for nothing."""
    assert counts_line([("❤️ Love It", 1), ("👍 Thumbs Up", 2)]) == "❤️ Love It 1 · 👍 Thumbs Up 2"
    assert counts_line([]) == ""


def test_a_name_is_shown_as_it_is() -> None:
    """Markdown in a name shows itself; where the emoji can't be shown, the name stands alone."""
    assert reaction_shown("💙", "*Like* @everyone") == "💙 \\*Like\\* @\u200beveryone"
    assert reaction_shown("", "Like") == "Like"
    assert reaction_shown("🎉", None) == "🎉"
    assert reaction_called("🎉") == "Party Popper"


@given(st.lists(st.tuples(st.text(max_size=80), st.integers(0, 10**6)), max_size=60))
def test_lines_and_lists_fit(counts: list[tuple[str, int]]) -> None:
    """However many there are."""
    assert len(counts_line(counts)) <= MAX_LINE + 4
    assert len(counts_list(counts, SAY)) <= MAX_CONTENT - 300


def test_a_long_list_says_how_many_more() -> None:
    """Fifteen are listed."""
    listed = counts_list([(f"e{number}", 1) for number in range(17)], SAY).splitlines()
    assert (len(listed), listed[0], listed[-1]) == (16, "1. e0: **1**", "and 2 more reactions")


def test_a_ranking_links_to_each() -> None:
    """Posts by their author, articles by their headline, of which nothing becomes Markdown."""
    posts = ranking([Ranked(THREAD, 5, 11, 3)], GUILD, SAY)
    assert posts == f"1. <@11>: **3** \u00b7 [view post](https://discord.com/channels/{GUILD}/{THREAD}/5)"
    articles = ranking(
        [Ranked(THREAD, THREAD, None, 2, "A [bridge](https://evil.example) *opens*")], GUILD, SAY
    )
    link = re.fullmatch(
        rf"1\. \[(.+)\]\(<?https://discord.com/channels/{GUILD}/{THREAD}/{THREAD}>?\): \*\*2\*\*", articles
    )
    assert link is not None
    assert "](" not in link[1]
    assert "\\*opens\\*" in link[1]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["💙 Like", "🎉"]),
            st.lists(st.integers(10**17, 10**19), min_size=1, max_size=150),
        ),
        max_size=5,
    )
)
def test_who_reacted_is_told_in_full(groups: list[tuple[str, list[int]]]) -> None:
    """Every member is on some page, in order, under the heading of their reaction; no page is too long."""
    pages = who_pages(groups)

    assert all(0 < len(page) <= MAX_CONTENT for page in pages)
    assert [int(each) for page in pages for each in re.findall(r"<@(\d+)>", page)] == [
        member for _, members in groups for member in members
    ]
    assert all(page.startswith("**") for page in pages)
