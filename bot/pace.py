"""Circuit breakers: what Discord's answers, taken together, say about whether anything more may be asked of it.

What became of one request is told by ``bot.attempt`` and ``bot.newsroom``, and discord.py keeps to the pace of each
route. Here is what Discord counts over all of them: requests in a second; invalid ones, of which too many get the
address banned; the ban itself; and the one answer that no request may follow, that the token is wrong.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Literal

from bot.errors import Held, TokenRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from types import SimpleNamespace

    import aiohttp
    from yarl import URL

    from bot.clock import Clock
    from bot.troubles import Troubles

log = logging.getLogger(__name__)

# What a request is: one to Discord's API; the answer to an interaction, which a member waits for; or neither (None),
# as pictures and the gateway's connection are.
Sort = Literal["request", "answer"]

# Discord takes 50 in a second, and says so in no header (docs topics/rate-limits §Global Rate Limit).
PER_SECOND = 40

# Discord bans an address after 10,000 invalid requests in ten minutes (docs topics/rate-limits §Invalid Request Limit).
WINDOW = 600.0  # seconds
MOST_INVALID = 200  # in a window: far from the ban, and far more than a bot in order ever makes
PAUSE = 600.0  # seconds without requests after more than that
BAN = 3600.0  # seconds that a ban of the address lasts at least
LONGEST_BAN = 86400.0  # seconds for which a Retry-After is believed
MOST_AHEAD = timedelta(days=2)  # that our clock is believed to be: lost answers are looked for that far back
_INVALID = {401, 403, 429}
_TOLD = {1, 10, 100, 1000, 10_000}

_BUDGET, _BANNED = "invalid requests", "address ban"  # keys of troubles
_HOLDS: dict[str, frozenset[Sort]] = {
    _BUDGET: frozenset({"request"}),
    _BANNED: frozenset({"request", "answer"}),
}
_WHY = {
    _BUDGET: f"Discord refused more than {MOST_INVALID} requests within ten minutes (the log says which)",
    _BANNED: "Discord has blocked this address for too many requests",
}


class Pace:
    """The breakers of one program, over all of its sessions; ``run`` is the loop that tells what they found."""

    def __init__(self, clock: Clock, troubles: Troubles) -> None:
        self._clock = clock
        self._troubles = troubles
        self._sent: deque[float] = deque()  # when, on the clock that never jumps: requests of the last second
        self._invalid: deque[float] = deque()  # likewise
        self._until: dict[str, float] = {}  # by key of the trouble
        self._ahead = timedelta(0)  # of our clock before Discord's, when it answered last
        self._limited = 0
        self._refused = False
        self._changed = asyncio.Event()

    def join(self, trace: aiohttp.TraceConfig, sort: Callable[[URL], Sort | None]) -> None:
        """Add to ``trace`` the hooks that watch a session's requests and hold them back before they leave.

        What is held back raises ``Held`` out of the call that wanted to ask, or ``TokenRefused``.
        """

        async def before(
            _session: aiohttp.ClientSession,
            _context: SimpleNamespace,
            params: aiohttp.TraceRequestStartParams,
        ) -> None:
            kind = sort(params.url)
            while kind is not None and (wait := self._wait(kind)) > 0:
                await self._clock.sleep(wait)

        async def answered(
            _session: aiohttp.ClientSession, _context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
        ) -> None:
            if sort(params.url) is not None:
                # Webhooks and interactions have tokens of their own: only a request that bore ours tells of it.
                self._note(params.response, ours="Authorization" in params.headers)

        # Before those of an attempt, which may find after the wait that it is too late.
        trace.on_request_start.insert(0, before)
        trace.on_request_end.append(answered)

    def began(self) -> datetime:
        """A moment, not later than now, before which Discord can't date what is begun now: by its clock, or by ours if
        that is behind.
        """
        return self._clock.now() - self._ahead

    async def opened(self) -> None:
        """Wait until nothing is held back."""
        while (left := max(map(self._left, self._until), default=0.0)) > 0:
            await self._clock.sleep(left)

    async def run(self) -> None:
        """Tell when what was held back may go again.

        Raises:
            TokenRefused: Discord answered 401 to a request of whatever part of the program.
        """
        while not self._refused:
            self._changed.clear()
            for key in [key for key in self._until if self._left(key) <= 0]:
                del self._until[key]
                self._troubles.end(key)
            await self._clock.wait(self._changed, min(map(self._left, self._until), default=None))
        raise TokenRefused

    # --- what is asked and answered ----------------------------------------------------------------------

    def _wait(self, kind: Sort) -> float:
        """Seconds until there is a place for a request in the second; 0 when it has taken it."""
        if self._refused:
            raise TokenRefused
        for key in self._until:
            left = self._left(key)
            if left > 0 and kind in _HOLDS[key]:
                raise Held(f"{_WHY[key]}, and is asked nothing for a while", retry_after=left)
        if kind == "answer":  # outside of that limit, and in haste
            return 0.0
        now = self._clock.monotonic()
        while self._sent and self._sent[0] <= now - 1.0:
            self._sent.popleft()
        if len(self._sent) >= PER_SECOND:
            return self._sent[0] + 1.0 - now
        self._sent.append(now)
        return 0.0

    def _note(self, response: aiohttp.ClientResponse, *, ours: bool) -> None:
        with suppress(KeyError, ValueError, TypeError):  # no date, or none that is comparable
            ahead = self._clock.now() - parsedate_to_datetime(response.headers["Date"])
            self._ahead = min(max(ahead, timedelta(0)), MOST_AHEAD)
        if response.status == 401 and ours:
            self._refused = True
            self._changed.set()
        if response.status == 429:
            self._limited += 1
            if self._limited in _TOLD:
                log.info(
                    "answers of Discord that asked to go slower (HTTP 429) since the start: %d", self._limited
                )
            if "Via" not in response.headers or response.content_type != "application/json":
                self._hold(_BANNED, min(max(BAN, _seconds(response.headers.get("Retry-After"))), LONGEST_BAN))
        # What others use up with us is not counted against us.
        if response.status in _INVALID and response.headers.get("X-RateLimit-Scope") != "shared":
            now = self._clock.monotonic()
            self._invalid.append(now)
            while self._invalid[0] <= now - WINDOW:
                self._invalid.popleft()
            if len(self._invalid) > MOST_INVALID:
                self._hold(_BUDGET, PAUSE)

    def _hold(self, key: str, seconds: float) -> None:
        self._until[key] = self._clock.monotonic() + seconds
        moment = self._clock.now() + timedelta(seconds=seconds)
        self._troubles.begin(key, f"{_WHY[key]}: nothing is sent to it before {moment:%H:%M:%S} UTC")
        self._changed.set()

    def _left(self, key: str) -> float:
        return self._until.get(key, 0.0) - self._clock.monotonic()


def _seconds(header: str | None) -> float:
    """A Retry-After in seconds; 0 for none, and for a date, which Discord does not send."""
    try:
        return float(header or 0)
    except ValueError:
        return 0.0
