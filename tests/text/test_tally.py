"""Lines of counts and of recommended posts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Ranked, Tally
from bot.text.tally import MAX_LINE, MAX_RECOMMENDED, recommended_lines, tally_line
from tests.text.strategies import any_texts
from tests.text.test_quoting import SAY

NAMED = [
    ("\u2764\ufe0f", "Love It"),
    ("\U0001f44d", "Thumbs Up"),
    ("party:9", "Party"),
    ("\U0001f622", "Sad"),
]
FIRST = (1_700_000_000_000 - 1_420_070_400_000) << 22  # the first snowflake of that second


def test_counts_in_the_configured_order() -> None:
    """Emoji, name, count; what nobody gave and what has no name is not there."""
    tally = Tally(
        (("\U0001f44d", 2), ("party:9", 2), ("\u2764\ufe0f", 1), ("\U0001f622", 0), ("\U0001f602", 5))
    )

    assert tally_line(tally, NAMED) == (
        "\u2764\ufe0f Love It 1 \u00b7 \U0001f44d Thumbs Up 2 \u00b7 <:party:9> Party 2"
    )
    assert tally_line(Tally(), NAMED) == ""
    assert tally_line(tally, []) == ""


@given(st.lists(st.tuples(st.sampled_from(["\U0001f44d", "a:1"]), any_texts), max_size=60))
def test_a_line_stays_a_line(named: list[tuple[str, str]]) -> None:
    """Whatever the names are."""
    line = tally_line(Tally((("\U0001f44d", 1), ("a:1", 10**6))), named)

    assert len(line) <= MAX_LINE
    assert "\n" not in line
    assert "@everyone" not in line


def test_recommended_posts_are_listed_oldest_first() -> None:
    """Author, live time and link of each."""
    ranked = [Ranked(20, FIRST, 3, 5), Ranked(20, FIRST + (60_000 << 22), None, 7)]

    assert recommended_lines(ranked, 10, SAY, 1000) == (
        "**Recommended posts**\n"
        f"- <@3> <t:1700000000:R> [view post](https://discord.com/channels/10/20/{FIRST})\n"
        f"- <t:1700000060:R> [view post](https://discord.com/channels/10/20/{FIRST + (60_000 << 22)})"
    )
    assert recommended_lines([], 10, SAY, 1000) == ""
    assert recommended_lines(ranked, 10, SAY, 30) == ""


def test_the_newest_recommended_posts_are_kept() -> None:
    """At most ten, and of these as many as there is room for."""
    ranked = [Ranked(20, number << 22, 3, 5) for number in range(100, 130)]
    listed = recommended_lines(ranked, 10, SAY, 2000)
    fewer = recommended_lines(ranked, 10, SAY, 300)

    assert listed.count("\n") == MAX_RECOMMENDED
    assert f"/{120 << 22})" in listed.split("\n")[1]
    assert len(fewer) <= 300
    assert 1 <= fewer.count("\n") < MAX_RECOMMENDED
    assert fewer.endswith(f"/{129 << 22})")
