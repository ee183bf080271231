"""Rate limits as Discord has them: buckets per route and major parameter, a global one, and some it does not show.

Figures are this server's choice, near those seen in practice (Discord publishes none and may change them any time).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from localdiscord.errors import ApiError, refusal

if TYPE_CHECKING:
    from localdiscord.clock import Clock

Rate = tuple[int, float]  # so many requests in so many seconds

_BUCKETS: dict[str, Rate] = {
    "POST /channels/{channel}/messages": (10, 2.0),
    "PATCH /channels/{channel}/messages/{message}": (10, 2.0),
    "DELETE /channels/{channel}/messages/{message}": (10, 2.0),
    "POST /channels/{channel}/messages/bulk-delete": (5, 5.0),
    "POST /channels/{channel}/threads": (10, 1.0),
    "POST /channels/{channel}/messages/{message}/threads": (10, 1.0),
    "PUT /channels/{channel}/messages/{message}/reactions/{emoji}/@me": (4, 1.0),
    "PATCH /channels/{channel}": (10, 5.0),
    "POST /webhooks/{webhook}/{token}": (5, 2.0),
    "POST /users/@me/channels": (10, 10.0),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """``buckets`` is keyed by "METHOD /route/{template}"; every other route has ``default``."""

    buckets: dict[str, Rate] = field(default_factory=lambda: dict(_BUCKETS))
    default: Rate = (20, 1.0)
    overall: Rate = (50, 1.0)
    renames: Rate = (2, 600.0)  # of one thread; not shown in headers
    old_edits: Rate = (20, 60.0)  # of messages older than an hour, in one channel: 30046
    webhook_channel: Rate = (30, 60.0)  # webhook messages into one channel; not shown in headers
    # Threads in one channel; not shown in headers, and shared with others. Discord's is near (50, 300.0): so slow that
    # it is left out unless asked for.
    openings: Rate = (1_000_000, 1.0)
    active_threads: int = 1000
    nonce_window: float = 180.0  # seconds

    @classmethod
    def none(cls) -> Limits:
        """So high that no test meets them."""
        much = (1_000_000, 1.0)
        return cls({}, much, much, much, much, much)


@dataclass(slots=True)
class _Window:
    """Counts within a fixed window that begins with the first request, as Discord's do."""

    limit: int
    per: float
    used: int = 0
    until: float = 0.0

    def take(self, now: float) -> bool:
        if now >= self.until:
            self.used, self.until = 0, now + self.per
        if self.used >= self.limit:
            return False
        self.used += 1
        return True

    def wait(self, now: float) -> float:
        return max(0.001, self.until - now)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The headers of the answer, and the seconds to wait when the request is one too many."""

    headers: dict[str, str]
    retry_after: float | None = None
    is_global: bool = False


class RateLimiter:
    def __init__(self, limits: Limits, clock: Clock) -> None:
        self.limits = limits
        self._clock = clock
        self._windows: dict[str, _Window] = {}

    def take(self, route: str, major: str, *, counts_globally: bool) -> Verdict:
        """Count a request. ``route``: "METHOD /template"; ``major``: ids that have a bucket of their own."""
        now = self._clock.monotonic()
        if counts_globally:
            overall = self._window("global", self.limits.overall)
            if not overall.take(now):
                return Verdict({"X-RateLimit-Global": "true"}, overall.wait(now), is_global=True)
        rate = self.limits.buckets.get(route, self.limits.default)
        window = self._window(f"{route} {major}", rate)
        allowed = window.take(now)
        wait = window.wait(now)
        headers = {
            "X-RateLimit-Bucket": hashlib.md5(route.encode(), usedforsecurity=False).hexdigest(),
            "X-RateLimit-Limit": str(window.limit),
            "X-RateLimit-Remaining": str(window.limit - window.used),
            "X-RateLimit-Reset": f"{self._clock.now().timestamp() + wait:.3f}",
            "X-RateLimit-Reset-After": f"{wait:.3f}",
        }
        return Verdict(headers, None if allowed else wait)

    def check_rename(self, thread_id: int) -> None:
        self._hidden_limit(f"rename {thread_id}", self.limits.renames, _limited)

    def check_webhook(self, channel_id: int) -> None:
        self._hidden_limit(f"webhook {channel_id}", self.limits.webhook_channel, _limited)

    def check_opening(self, channel_id: int) -> None:
        self._hidden_limit(f"opening {channel_id}", self.limits.openings, _shared_limit)

    def check_old_edit(self, channel_id: int, age: timedelta) -> None:
        """Edits of messages older than an hour have a limit of their own, answered with 30046."""
        if age > timedelta(hours=1):
            self._hidden_limit(
                f"old edit {channel_id}", self.limits.old_edits, lambda wait: refusal(30046, wait)
            )

    def _hidden_limit(self, key: str, rate: Rate, error: object) -> None:
        now = self._clock.monotonic()
        window = self._window(key, rate)
        if not window.take(now):
            assert callable(error)
            raise error(window.wait(now))

    def _window(self, key: str, rate: Rate) -> _Window:
        window = self._windows.get(key)
        if window is None:
            if len(self._windows) > 10_000:
                now = self._clock.monotonic()
                self._windows = {k: w for k, w in self._windows.items() if w.until > now}
            window = self._windows[key] = _Window(*rate)
        return window


def _limited(wait: float) -> ApiError:
    return ApiError(429, 0, "You are being rate limited.", retry_after=wait)


def _shared_limit(wait: float) -> ApiError:
    return ApiError(429, 0, "The resource is being rate limited.", retry_after=wait, scope="shared")
