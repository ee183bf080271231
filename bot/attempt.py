"""One delivery attempt: what is certain about a request once it ended, whatever way it ended.

discord.py repeats a POST on 5xx by itself, which Discord's forum posts and webhooks, having no idempotency
key, answer with a second post. And a request may wait long in a rate-limit queue, so that "it was sent at T"
is not known from outside. Both are settled here, at the socket: an ``Attempt`` bounds when its requests may
leave, knows whether one may have taken effect, and (unless the request is idempotent) allows only one.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from types import SimpleNamespace

    from bot.clock import Clock


class TooLate(Exception):
    """The send deadline passed before the request left; nothing of this request was sent."""


class Ambiguous(Exception):
    """A request that must not be repeated was answered by a 5xx, or not at all: it may have taken effect."""


@dataclass(slots=True)
class Attempt:
    """``in_doubt`` is true while a request has left and Discord has not said that it did nothing."""

    clock: Clock
    deadline: datetime
    idempotent: bool
    in_doubt: bool = False


_current: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


@contextmanager
def attempting(attempt: Attempt) -> Iterator[Attempt]:
    """Requests made inside, in this task, belong to ``attempt``."""
    token = _current.set(attempt)
    try:
        yield attempt
    finally:
        _current.reset(token)


def attempt_trace() -> aiohttp.TraceConfig:
    """The hooks that hold every request of an attempt to its rules; requests outside of one pass freely."""
    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(_before)
    trace.on_request_headers_sent.append(_left)
    trace.on_request_end.append(_answered)
    return trace


async def _before(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, params: aiohttp.TraceRequestStartParams
) -> None:
    attempt = _current.get()
    if attempt is None or params.method == "GET":
        return
    if attempt.in_doubt and not attempt.idempotent:
        # On some systems discord.py repeats a request whose connection was reset.
        raise Ambiguous
    if attempt.clock.now() > attempt.deadline:
        raise TooLate


async def _left(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, params: aiohttp.TraceRequestHeadersSentParams
) -> None:
    attempt = _current.get()
    if attempt is not None and params.method != "GET":
        attempt.in_doubt = True


async def _answered(
    _session: aiohttp.ClientSession, _context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
) -> None:
    attempt = _current.get()
    if attempt is None or params.method == "GET":
        return
    if params.response.status < 500:
        # 4xx and 429: Discord did nothing. 2xx: it did, and discord.py is about to return what it made;
        # the doubt stays until the body has been read.
        attempt.in_doubt = params.response.ok
    elif not attempt.idempotent:
        params.response.close()
        raise Ambiguous
