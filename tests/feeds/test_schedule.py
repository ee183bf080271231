"""When the next poll is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import Clock
from bot.feeds.schedule import after_failure, after_success
from bot.model import Failure, FailureKind, PollState
from tests.support import START, StillClock

FIVE = timedelta(minutes=5)


def _delay(
    kind: FailureKind, failures: int = 0, interval: timedelta = FIVE, retry_after: float | None = None
) -> timedelta:
    state = PollState("https://x.example/", failures=failures)
    return after_failure(state, Failure(kind, "x", retry_after), interval, START, StillClock()) - START


def test_success_means_one_interval() -> None:
    """A good poll is followed by the next one after the interval, whatever failed before."""
    assert after_success(PollState("x", failures=9), FIVE, START, StillClock()) == START + FIVE


def test_jitter_stays_within_a_tenth() -> None:
    """Real clocks move the poll by at most a tenth of the interval either way, and do move it."""
    moments = {after_success(PollState("x"), FIVE, START, Clock()) for _ in range(50)}

    assert len(moments) > 1
    assert all(abs(moment - START - FIVE) <= FIVE / 10 for moment in moments)


def test_failures_double_the_interval() -> None:
    """Each failure in a row doubles the wait."""
    assert [_delay(FailureKind.SERVER, n) for n in range(5)] == [FIVE * 2**n for n in range(5)]


@pytest.mark.parametrize("kind", FailureKind)
def test_each_class_has_its_cap(kind: FailureKind) -> None:
    """What heals by itself is asked at least every 12 hours, our own faults every hour, the rest every 24."""
    by_itself = {
        FailureKind.CONNECTION, FailureKind.TIMEOUT, FailureKind.SERVER, FailureKind.ENCODING,
        FailureKind.EMPTY, FailureKind.UNREADABLE,
    }  # fmt: skip
    hours = 12 if kind in by_itself else 1 if kind is FailureKind.INTERNAL else 24

    assert _delay(kind, 10_000) == timedelta(hours=hours)


def test_a_long_interval_is_kept() -> None:
    """Failures never make polls more frequent than the admin wants."""
    assert _delay(FailureKind.SERVER, 3, timedelta(days=7)) == timedelta(days=7)


@pytest.mark.parametrize("kind", [FailureKind.LIMITED, FailureKind.SERVER])
def test_retry_after_is_honoured(kind: FailureKind) -> None:
    """The server's wish counts when it is longer than our own wait."""
    assert _delay(kind, 0, FIVE, 3600) == timedelta(hours=1)
    assert _delay(kind, 3, FIVE, 60) == FIVE * 8


@given(
    kind=st.sampled_from(FailureKind),
    failures=st.integers(0, 1000),
    seconds=st.integers(1, 7 * 86400),
    retry_after=st.none() | st.floats(60, 86400),
)
def test_bounds(kind: FailureKind, failures: int, seconds: int, retry_after: float | None) -> None:
    """Never before Retry-After, never much before the interval, never beyond a day and the larger of both."""
    interval = timedelta(seconds=seconds)
    failure = Failure(kind, "x", retry_after)

    delay = after_failure(PollState("x", failures=failures), failure, interval, START, Clock()) - START

    assert delay >= timedelta(seconds=retry_after or 0)
    assert delay >= interval * 0.9 - timedelta(milliseconds=1)
    assert delay <= max(interval, timedelta(hours=24)) * 1.11
