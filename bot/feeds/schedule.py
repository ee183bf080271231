"""When a feed is polled next. Pure but for the clock's chance.

The admin's interval rules: hints of the feed (ttl, max-age) do not slow it down. Failures do, and a server's
Retry-After always.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.model import Failure, FailureKind, PollState

if TYPE_CHECKING:
    from bot.clock import Clock

_SLOW = timedelta(hours=24)  # it takes a person to mend these, there or here
_FAST = timedelta(hours=12)
_CAPS = {
    FailureKind.ADDRESS: _SLOW,
    FailureKind.BLOCKED: _SLOW,
    FailureKind.GONE: _SLOW,
    FailureKind.INTERNAL: timedelta(hours=1),  # nothing is wrong with the feed
    FailureKind.LIMITED: _SLOW,
    FailureKind.NOT_A_FEED: _SLOW,
    FailureKind.NOT_FOUND: _SLOW,
    FailureKind.REDIRECT: _SLOW,
    FailureKind.TOO_LARGE: _SLOW,
}
_DOUBLINGS = 20  # beyond that every cap is reached


def after_success(state: PollState, interval: timedelta, now: datetime, clock: Clock) -> datetime:
    """One interval from now, give or take a tenth, so that feeds do not fall into step."""
    return now + _jittered(interval, clock)


def after_failure(
    state: PollState, failure: Failure, interval: timedelta, now: datetime, clock: Clock
) -> datetime:
    """The interval, doubled for every failure in a row before this one, up to 1, 12 or 24 hours by its class.

    ``state`` is that before the poll. An interval beyond the cap stays; Retry-After is never undercut.
    """
    delay = interval * 2 ** min(state.failures, _DOUBLINGS)
    delay = max(interval, min(delay, _CAPS.get(failure.kind, _FAST)))
    delay = _jittered(delay, clock)
    if failure.retry_after is not None:
        asked = timedelta(seconds=failure.retry_after)
        delay = max(delay, asked + timedelta(seconds=clock.spread(asked.total_seconds() / 10)))
    return now + delay


def _jittered(delay: timedelta, clock: Clock) -> timedelta:
    return timedelta(seconds=clock.jitter(delay.total_seconds()))
