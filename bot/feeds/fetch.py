"""One feed's document over HTTP: bounded in time, size and hops, guarded where the socket is made.

It says what an answer means and leaves what is in the body to the parser. It keeps nothing between two fetches
but connections: validators are the caller's, cookies nobody's.
"""

from __future__ import annotations

import asyncio
import logging
from base64 import b64encode
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

import aiohttp
from yarl import URL

import bot
from bot.feeds import verdict
from bot.feeds.address import Guard
from bot.feeds.decode import Decoder, TooLarge, Undecodable
from bot.model import Failure, FailureKind, Fetched, FetchOutcome, NotModified, Validators

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp.abc import AbstractResolver

    from bot.clock import Clock
    from bot.settings.keys import WatcherKeys

log = logging.getLogger(__name__)

MAX_HOPS = 5
REQUESTS_PER_HOST = 4
MAX_HEADER = 32 * 1024  # bytes of one header line
MAX_VALIDATOR = 1024  # characters; a longer one is not worth keeping
_START = 32 * 1024  # bytes of an error page that are looked at
_PERMANENT = {301, 308}
_REDIRECTS = {*_PERMANENT, 302, 303, 307}
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)


class _Redirect(NamedTuple):
    url: URL
    permanent: bool


class _Refused(Exception):
    """Ends a fetch with a failure."""

    def __init__(self, kind: FailureKind, sentence: str) -> None:
        super().__init__(sentence)
        self.failure = Failure(kind, sentence)


class Fetcher:
    """Fetches feeds; safe to use from many tasks, of which at most four talk to one host at a time."""

    def __init__(self, watcher: WatcherKeys, clock: Clock, resolver: AbstractResolver | None = None) -> None:
        self._seconds = watcher.timeout.total_seconds()
        self._limit = watcher.max_bytes
        self._guard = Guard(watcher.allow_private_addresses)
        self._agent = _user_agent(watcher.contact)
        self._clock = clock
        self._resolver = resolver
        self._turns = _Turns(REQUESTS_PER_HOST)
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, url: str, validators: Validators) -> FetchOutcome:
        """The document at ``url``, unless it is the one that ``validators`` stand for. Raises nothing.

        The deadline (``watcher.timeout``) spans all redirects; waiting for a busy host's turn is not counted.
        """
        host = "The server"
        try:
            here = _address(url)
            host = here.host or host
            return await self._follow(here, validators)
        except _Refused as refused:
            return refused.failure
        except Exception as error:
            failure = verdict.of_error(error, host, self._seconds, self._limit)
            if failure is not None:
                return failure
            log.exception("Unexpected error while fetching a feed from %s", host)
            return Failure(FailureKind.INTERNAL, f"The feed can't be fetched from {host}: {error!r:.200}.")

    async def close(self) -> None:
        """Close every connection. A later fetch opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _follow(self, here: URL, validators: Validators) -> FetchOutcome:
        home = here.origin()
        login = _login(here)
        here = here.with_user(None)
        may_be_plain = here.scheme == "http"
        permanent = True
        seen = {here}
        left = self._seconds
        while True:
            async with self._turns.of(here.host or ""):
                began = self._clock.monotonic()
                async with asyncio.timeout(left):
                    # A password belongs to the admin's own address: no other host and no other port gets it.
                    answer = await self._ask(here, validators, login if here.origin() == home else None)
                left = max(0.0, left - (self._clock.monotonic() - began))
            match answer:
                case _Redirect(url=there):
                    pass
                case Fetched() if permanent and len(seen) > 1 and login is None:
                    return replace(answer, moved_to=str(here))
                case _:
                    return answer
            failure = verdict.of_hop(here, there, seen, may_be_plain, MAX_HOPS)
            if failure is not None:
                return failure
            seen.add(there)
            permanent = permanent and answer.permanent
            here = there

    async def _ask(self, url: URL, validators: Validators, login: str | None) -> FetchOutcome | _Redirect:
        headers = {}
        if validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        conditional = bool(headers)
        if login:
            headers["Authorization"] = login
        session = self._open_session()
        async with session.get(url, headers=headers, allow_redirects=False) as answer:
            outcome = await self._read(answer, url, conditional)
            if not answer.content.at_eof():
                answer.close()  # the rest is not wanted; reusing the connection would mean to read it
            return outcome

    async def _read(
        self, answer: aiohttp.ClientResponse, url: URL, conditional: bool
    ) -> FetchOutcome | _Redirect:
        headers = answer.headers
        if answer.status in _REDIRECTS:
            return _Redirect(_next(url, headers.get("Location", "")), answer.status in _PERMANENT)
        if answer.status == 304 and conditional:
            return NotModified()
        if answer.status not in {200, 203}:
            start = await _beginning(answer) if verdict.may_be_challenge(answer.status, headers) else b""
            return verdict.of_status(answer.status, headers, start, self._clock.now())
        if verdict.is_challenge(answer.status, headers, b""):
            return verdict.of_status(answer.status, headers, b"", self._clock.now())
        if answer.content_length is not None and answer.content_length > self._limit:
            return verdict.too_large(self._limit)
        body = await self._body(answer)
        return Fetched(str(url), body, headers.get("Content-Type", ""), _validators(answer))

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes:
        decoder = Decoder(", ".join(answer.headers.getall("Content-Encoding", [])), self._limit)
        try:
            async for piece in answer.content.iter_any():
                decoder.feed(piece)
            return decoder.finish()
        except BaseException:
            answer.close()
            raise

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    socket_factory=self._guard,
                    use_dns_cache=False,
                    resolver=self._resolver,
                    limit=0,  # how many polls run at once is the collector's to say
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={
                    "User-Agent": self._agent,
                    "Accept": _ACCEPT,
                    "Accept-Encoding": "gzip, deflate",
                },
                timeout=aiohttp.ClientTimeout(),
                trust_env=False,
                auto_decompress=False,
                max_line_size=MAX_HEADER,
                max_field_size=MAX_HEADER,
            )
        return self._session


class _Turns:
    """Lets so many tasks at a time talk to a host, and forgets hosts that nobody talks to."""

    def __init__(self, each: int) -> None:
        self._each = each
        self._hosts: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @asynccontextmanager
    async def of(self, host: str) -> AsyncIterator[None]:
        turn, users = self._hosts.get(host, (None, 0))
        turn = turn or asyncio.Semaphore(self._each)
        self._hosts[host] = (turn, users + 1)
        try:
            async with turn:
                yield
        finally:
            turn, users = self._hosts.pop(host)
            if users > 1:
                self._hosts[host] = (turn, users - 1)


def _address(url: str) -> URL:
    try:
        address = URL(url.strip())
        port = address.port
    except ValueError:
        raise _Refused(FailureKind.ADDRESS, f"{url[:200]!r} is not a valid address.") from None
    if address.scheme not in {"http", "https"} or not address.host or not port:
        raise _Refused(FailureKind.ADDRESS, f"{url[:200]!r} is not an http or https address.")
    return address.with_fragment(None)


def _next(here: URL, location: str) -> URL:
    """Where a redirect leads, without any name and password that it carries."""
    location = location.strip()
    if not location:
        raise _Refused(
            FailureKind.REDIRECT, f"{here.host} redirects to nowhere: its answer names no address."
        )
    try:
        return _address(urljoin(str(here), location)).with_user(None)
    except (_Refused, ValueError):
        raise _Refused(
            FailureKind.REDIRECT,
            f"{here.host} redirects to {location[:200]!r}, which is not an http address.",
        ) from None


def _validators(answer: aiohttp.ClientResponse) -> Validators:
    """ETag and Last-Modified exactly as sent.

    None when the server says that its answer was old on arrival: publishers who send ``Expires: 0`` have been
    seen to answer 304 for ever. Nor is anything kept that could not be stored or sent again.
    """
    if answer.headers.get("Expires", "").strip() == "0":
        return Validators()
    etag, modified = (answer.headers.get(name) for name in ("ETag", "Last-Modified"))
    return Validators(*(value if value and _storable(value) else None for value in (etag, modified)))


def _storable(value: str) -> bool:
    return len(value) <= MAX_VALIDATOR and value.isprintable()


async def _beginning(answer: aiohttp.ClientResponse) -> bytes:
    """The first bytes of an error page, as far as they can be had."""
    wire = b""
    try:
        async for piece in answer.content.iter_any():
            wire += piece
            if len(wire) >= _START:
                break
        decoder = Decoder(answer.headers.get("Content-Encoding", ""), 16 * _START)
        decoder.feed(wire[:_START])
        return decoder.finish() if len(wire) < _START else decoder.so_far()
    except (aiohttp.ClientError, TooLarge, Undecodable):
        return b""  # the status alone has to do


def _login(url: URL) -> str | None:
    """The value of Authorization (RFC 7617) for an address that holds a name or a password."""
    if url.user is None and url.password is None:
        return None
    return "Basic " + b64encode(f"{url.user or ''}:{url.password or ''}".encode()).decode()


def _user_agent(contact: str) -> str:
    """``Newsthread/1.2.3 (+https://admin.example)``: who is asking, and how to reach them."""
    product = f"Newsthread/{bot.__version__}"
    return f"{product} (+{contact})" if contact else product
