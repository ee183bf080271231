"""Cutting plain text where a reader would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.cut import cut_sentence, cut_words, first_sentence, grapheme_floor
from tests.text.strategies import any_texts

LIMITS = st.integers(min_value=0, max_value=60)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 5, "short"),
        ("Storm closes the harbour", 15, "Storm closes\u2026"),
        ("Storm closes the harbour", 13, "Storm closes\u2026"),
        ("Storm, closes the harbour", 9, "Storm\u2026"),
        ("Donaudampfschifffahrt", 10, "Donaudamp\u2026"),
        ("\u65b0\u95fb\u6807\u9898\u5f88\u957f", 4, "\u65b0\u95fb\u6807\u2026"),
        ("anything", 1, "\u2026"),
        ("anything", 0, ""),
    ],
)
def test_words_stay_whole(text: str, limit: int, expected: str) -> None:
    """The cut falls between words and is marked; only what has no spaces is cut inside."""
    assert cut_words(text, limit) == expected


@pytest.mark.parametrize(
    "cluster",
    [
        "e\u0301\u0302",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\U0001f44d\U0001f3fd",
        "\U0001f1e9\U0001f1ea",
        "\u0915\u094d\u0937\u093f",
        "\u1112\u1161\u11ab",
        "\u2764\ufe0f",
    ],
)
def test_what_readers_take_for_one_character_is_not_parted(cluster: str) -> None:
    """Accents, families, skin tones, flags, conjuncts and syllables go or stay as a whole."""
    for limit in range(1, 2 * len(cluster) + 2):
        kept = cut_words(cluster * 3, limit).removesuffix("\u2026")
        assert kept == cluster * (len(kept) // len(cluster))


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("It rained. It poured. Nobody went out at all.", 30, "It rained. It poured."),
        ("\u201cIt rained.\u201d He left. Then it went on and on.", 26, "\u201cIt rained.\u201d He left."),
        ("Dr. Who met Mr. Smith in the U.S. Senate on Monday", 40, "Dr. Who met Mr. Smith in the U.S.\u2026"),
        ("It cost 3.5 million. J. K. Rowling paid for it", 30, "It cost 3.5 million."),
        ("Er kommt am 3. Januar z.B. nach Berlin und bleibt", 32, "Er kommt am 3. Januar z.B. nach\u2026"),
        ("Is it? Yes! And it goes on for long", 15, "Is it? Yes!"),
        (
            "\u7b2c\u4e00\u53e5\u3002\u7b2c\u4e8c\u53e5\u5f88\u957f\u5f88\u957f",
            6,
            "\u7b2c\u4e00\u53e5\u3002",
        ),
        (
            "\u0647\u0644 \u0647\u0648\u061f \u0646\u0639\u0645 \u0647\u0648 \u0647\u0646\u0627",
            9,
            "\u0647\u0644 \u0647\u0648\u061f",
        ),
        (
            "\u092f\u0939 \u0939\u0948\u0964 \u0914\u0930 \u092c\u093e\u0924",
            10,
            "\u092f\u0939 \u0939\u0948\u0964",
        ),
        ("Short. Then one very long sentence without an end", 30, "Short. Then one very long\u2026"),
    ],
)
def test_sentences_stay_whole_where_one_ends_in_time(text: str, limit: int, expected: str) -> None:
    """The last sentence that ends in the later half is kept; abbreviations and numbers end none."""
    assert cut_sentence(text, limit) == expected


def test_the_first_sentence_is_found() -> None:
    """As titles for articles that have none."""
    assert first_sentence("Mr. Smith left. He ran.", 100) == "Mr. Smith left."
    assert first_sentence("no end to this at all", 12) == "no end to\u2026"
    assert first_sentence("whole", 12) == "whole"


@given(any_texts, LIMITS)
def test_no_cut_is_over_its_limit(text: str, limit: int) -> None:
    """Limits are code points, and a text within its limit comes back untouched."""
    for cut in (cut_words, cut_sentence):
        assert len(cut(text, limit)) <= limit
        assert cut(text, len(text)) == text
    assert len(first_sentence(text, limit)) <= limit
    assert 0 <= grapheme_floor(text, limit) <= len(text)
