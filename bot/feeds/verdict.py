"""What a server's answer, or the lack of one, means for a feed: a class and a sentence for its admin. No I/O."""

from __future__ import annotations

import ssl
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

import aiohttp
from aiohttp.http_exceptions import LineTooLong

from bot.feeds.address import AddressRefused
from bot.feeds.decode import TooLarge, Undecodable
from bot.model import Failure, FailureKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from yarl import URL

RETRY_AFTER_MIN, RETRY_AFTER_MAX = 60.0, 24 * 3600.0  # seconds
_HEADER_TROUBLE = ("too large", "too many header", "got more than")
_CHALLENGE_TITLES = (b"<title>just a moment", b"<title>attention required! | cloudflare")


def of_status(status: int, headers: Mapping[str, str], start: bytes, now: datetime) -> Failure:
    """Why an answer that is neither a feed, a redirect nor a 304 brings no feed.

    ``start`` is the beginning of its body, which may be empty.
    """
    if is_challenge(status, headers, start):
        return Failure(
            FailureKind.BLOCKED,
            "The site answers with a challenge for browsers: it blocks programs; ask its owner to let feed readers in.",
            retry_after(headers, now),
        )
    answer = f"The server answered {status}{_phrase(status)}"
    match status:
        case 204 | 205:
            return Failure(FailureKind.EMPTY, f"{answer}: there is no feed in it.")
        case 206:
            return Failure(
                FailureKind.ENCODING, f"{answer}: it sent a part of the feed, though all was asked for."
            )
        case 401 | 407:
            return Failure(FailureKind.BLOCKED, f"{answer}: the feed wants a login.")
        case 403 | 451:
            return Failure(FailureKind.BLOCKED, f"{answer}: it does not let this program read the feed.")
        case 408 | 425:
            return Failure(FailureKind.TIMEOUT, f"{answer}: it gave up waiting.")
        case 410:
            return Failure(FailureKind.GONE, f"{answer}: the feed was taken down for good; remove it.")
        case 429:
            return Failure(
                FailureKind.LIMITED, f"{answer}: it is asked too often and is left alone for a while.",
                retry_after(headers, now),
            )  # fmt: skip
        case _ if status >= 500:
            return Failure(
                FailureKind.SERVER, f"{answer}: the trouble is on its side.", retry_after(headers, now)
            )
        case _ if status >= 400:
            return Failure(FailureKind.NOT_FOUND, f"{answer}: there is no feed at this address; check it.")
        case 304:
            return Failure(
                FailureKind.SERVER, f"{answer}, though nothing was asked that could be unmodified."
            )
        case _ if status >= 300:
            return Failure(FailureKind.REDIRECT, f"{answer}, which leads nowhere.")
        case _:
            return Failure(FailureKind.SERVER, f"{answer} instead of a feed.")


def of_hop(here: URL, there: URL, seen: Collection[URL], may_be_plain: bool, most: int) -> Failure | None:
    """Why a redirect from ``here`` to ``there`` is not followed, if it is not.

    ``seen`` holds all addresses up to ``here``, of which ``most`` may follow the first. ``may_be_plain`` tells that
    the configured address was http: only then does a hop to http lower no guard.
    """
    if there.scheme != "https" and not may_be_plain:
        sentence = f"{here.host} redirects from https to http, which is not followed for an https address."
    elif there in seen:
        sentence = f"{here.host} redirects in a circle."
    elif len(seen) > most:
        sentence = f"{here.host} redirects more than {most} times."
    else:
        return None
    return Failure(FailureKind.REDIRECT, sentence)


def may_be_challenge(status: int, headers: Mapping[str, str]) -> bool:
    """Whether the body must be looked at to know."""
    return status in {403, 503} and headers.get("server", "").lower().startswith("cloudflare")


def is_challenge(status: int, headers: Mapping[str, str], start: bytes) -> bool:
    """Whether the answer is a page that tells browsers from programs (Cloudflare, AWS WAF)."""
    if headers.get("cf-mitigated", "").lower() == "challenge" or headers.get("x-amzn-waf-action"):
        return True
    page = start.lower()
    return may_be_challenge(status, headers) and any(title in page for title in _CHALLENGE_TITLES)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds a server asks to be left alone (RFC 9110 §10.2.3), between a minute and a day."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        seconds = float(value[:9])
    else:
        try:
            seconds = (parsedate_to_datetime(value) - now).total_seconds()
        except (ValueError, TypeError, OverflowError):  # no date; a date without a zone; a year beyond ours
            return None
    return min(max(seconds, RETRY_AFTER_MIN), RETRY_AFTER_MAX)


def of_error(error: Exception, host: str, seconds: float, limit: int) -> Failure | None:
    """Why a request failed without an answer; None when the error is none that a network can cause.

    ``seconds`` and ``limit`` (bytes) are the bounds that were in force.
    """
    match error:
        case Undecodable():
            return Failure(FailureKind.ENCODING, str(error))
        case TooLarge():
            return too_large(limit)
        case TimeoutError():
            return Failure(
                FailureKind.TIMEOUT, f"{host} did not deliver the feed within {seconds:g} seconds."
            )
        case aiohttp.ClientConnectorDNSError():
            return Failure(FailureKind.ADDRESS, f"The name {host} can't be resolved to an address.")
        case aiohttp.ClientConnectorError(os_error=AddressRefused(address=address)):
            return Failure(
                FailureKind.ADDRESS,
                f"{host} is at {address}, which is not a public address; set watcher.allow_private_addresses to allow it.",
            )
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return Failure(
                FailureKind.CONNECTION, f"The secure connection to {host} failed: {_cause(error)}."
            )
        case aiohttp.ClientConnectorError():
            return Failure(FailureKind.CONNECTION, f"{host} can't be reached: {_cause(error.os_error)}.")
        case aiohttp.ClientPayloadError():
            return Failure(FailureKind.ENCODING, f"{host} broke off in the middle of the feed.")
        case aiohttp.ClientResponseError() if _is_header_trouble(error):
            return Failure(FailureKind.TOO_LARGE, f"{host} sends more header lines than are read.")
        case aiohttp.ClientResponseError():
            return Failure(FailureKind.CONNECTION, f"{host} does not answer in proper HTTP.")
        case (
            aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError() | UnicodeError()
        ):  # a label too long for DNS
            return Failure(FailureKind.ADDRESS, f"The address of {host} is not a valid http(s) address.")
        case aiohttp.ClientError() | OSError():
            return Failure(FailureKind.CONNECTION, f"The connection to {host} broke: {_cause(error)}.")
        case _:
            return None


def too_large(limit: int) -> Failure:
    """The body exceeds ``limit`` bytes."""
    size = f"{limit / 1024 / 1024:g} MiB" if limit >= 1024 * 1024 else f"{limit / 1024:g} KiB"
    return Failure(FailureKind.TOO_LARGE, f"The feed is larger than {size} (watcher.max_bytes).")


def _is_header_trouble(error: aiohttp.ClientResponseError) -> bool:
    message = error.message.lower()
    return isinstance(error.__cause__, LineTooLong) or any(words in message for words in _HEADER_TROUBLE)


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def _cause(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(text).split()).rstrip(".")[:200]
