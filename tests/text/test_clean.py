"""Cleaning: what can't be seen goes, what readers need stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from bot.text.clean import MAX_MARKS, clean, clean_block
from tests.text.strategies import any_texts


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("  Two \n words\u00a0here\u2003", "Two words here"),
        ("a\x00b\x1fc\x7fd\x9be", "abcde"),
        ("\u202eevil\u202c \u2066x\u2069\u200e\u200f\u061c", "evil x"),
        ("soft\u00adhyphen zero\u200bwidth\u2060\ufeff", "softhyphen zerowidth"),
        ("\u3164\uffa0\u115f\u2800", ""),
        ("tag\U000e0041\U000e007f", "tag"),
        ("lone\ud800 surrogate", "lone surrogate"),
        ("z" + "\u0301" * 20 + "algo", "z" + "\u0301" * MAX_MARKS + "algo"),
        ("\u0301orphan \u0302mark", "orphan mark"),
        ("a\u200db\u200cc", "abc"),
        ("\ufffe\uffff\ufdd0\U0001ffff", ""),
        ("", ""),
    ],
)
def test_the_unseen_is_removed(given_text: str, expected: str) -> None:
    """Controls, invisible characters and surplus marks go; white space is folded."""
    assert clean(given_text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian needs the non-joiner
        "\u0d9a\u0dca\u200d\u0dbb",  # Sinhala the joiner
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",  # a family
        "\U0001f3f3\ufe0f\u200d\U0001f308",  # a flag of flag and rainbow
        "\U0001f44d\U0001f3fd",
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # Scotland
        "1\ufe0f\u20e3",
        "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd",  # pointed Hebrew
        "\u845b\U000e0100",  # a variant of a Japanese name
        "na\u00efve cafe\u0301 \u65b0\u95fb \u0e02\u0e48\u0e32\u0e27",
    ],
)
def test_what_writing_needs_is_kept(text: str) -> None:
    """Joiners, marks, variation selectors and flags stay where they belong."""
    assert clean(text) == text


def test_a_block_keeps_its_lines() -> None:
    """Line breaks of all kinds stay, at most one empty line between two."""
    assert clean_block(" a \r\n\r\n\r\n\r\n b\u2028c\rd\t e \n") == "a\n\nb\nc\nd e"


@given(any_texts)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """clean and clean_block are idempotent."""
    assert clean(clean(text)) == clean(text)
    assert clean_block(clean_block(text)) == clean_block(text)


@given(any_texts)
def test_clean_text_is_one_line_and_encodable(text: str) -> None:
    """No line break, control, lone surrogate or fifth mark survives."""
    cleaned = clean(text)

    cleaned.encode()
    assert " ".join(cleaned.split()) == cleaned
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in cleaned)
    marks = 0
    for char in cleaned:
        if char not in "\u200c\u200d":
            marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        assert marks <= MAX_MARKS
