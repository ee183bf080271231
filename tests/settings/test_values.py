"""Single values: durations and loopback."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings.keys import parse_duration
from bot.settings.values import format_duration, is_loopback, parse_listen, show


@given(st.integers(0, 10**9 - 1), st.sampled_from("smhd"))
def test_durations_survive_being_written(number: int, unit: str) -> None:
    """What is written as a duration is read as the same, in its shortest form."""
    duration = parse_duration(f"{number}{unit}")

    written = format_duration(duration)
    assert parse_duration(written) == duration
    assert len(written) <= len(f"{number}{unit}")


@given(
    st.one_of(
        st.text(), st.from_regex(r"\A[+-]?\d*\.?\d+ ?[a-zA-Z]?\n?\Z"), st.integers(), st.none(), st.booleans()
    )
)
def test_anything_else_is_no_duration(value: object) -> None:
    """Only digits and one of s, m, h, d make a duration; everything else is refused in a sentence."""
    sound = isinstance(value, str) and value[:-1].isdigit() and value.isascii() and value[-1] in "smhd"
    if sound and len(str(value)) <= 10:
        assert isinstance(parse_duration(value), timedelta)
    else:
        with pytest.raises(ValueError, match="is not a duration; expected one such as"):
            parse_duration(value)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("127.0.0.1.evil.test", False),
        ("localhost.evil.test", False),
        ("2130706433", False),
        ("", False),
    ],
)
def test_loopback(host: str, loopback: bool) -> None:
    """Only what is certain to be this machine counts, not what merely looks like it."""
    assert is_loopback(host) is loopback


def test_listen() -> None:
    """Host and port, IPv6 in brackets."""
    assert parse_listen("127.0.0.1:8710") == ("127.0.0.1", 8710)
    assert parse_listen("[::1]:0") == ("::1", 0)


@given(st.one_of(st.text(), st.integers(), st.floats(), st.lists(st.integers()), st.dates(), st.booleans()))
def test_shown_values_stay_short(value: object) -> None:
    """However long a value is, its mention in a sentence is not, and takes one line."""
    assert len(show(value)) <= 90
    assert "\n" not in show(value)
