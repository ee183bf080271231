"""From whatever a request ended in to one of three outcomes: refused, later, doubtful."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Literal

import aiohttp
import discord

from bot.attempt import Ambiguous, Attempt, TooLate, attempting
from bot.errors import DeliveryError, Doubtful, Held, Later, Refused, TokenRefused, Vanished, WebhookGone

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from bot.clock import Clock

# How a deed may be repeated: "once" not at all (no idempotency key); "nonce" by discord.py within one attempt,
# Discord recognising the nonce; "freely" at any time, since it writes absolute values to a known id.
Repeatable = Literal["once", "nonce", "freely"]

# Seconds that an answer may take after the send deadline before we stop listening for it.
ANSWER_TIMEOUT = 60.0

# Codes that speak of the channel, not of what was sent (Discord's JSON error codes).
_CHANNEL_WIDE = {
    10003: "does not exist",
    50001: "is closed to the bot: it needs View Channel there",
    50013: "refuses the bot a permission: compare `newsthread check --online`",
    160006: "has as many active threads as the server may have: archive some",
    30007: "has as many webhooks as a channel may have: delete one of them in its Integrations",
    160002: "refuses answers by the bot: it needs Read Message History there",
    60003: "requires two-factor authentication of whoever owns the bot: turn it on for that account",
    40067: "requires a tag on every post: name one of its tags in the feed's `tags`",
}
# Codes that speak of one thread.
_CLOSED = {
    50083: "is archived, and the bot could not open it",
    160005: "is locked: only who may manage threads can write there",
}
TARGET_GONE = {10003, 10008}
# 50027 comes as a 401, but says that the webhook's token is wrong, not the bot's.
WEBHOOK_GONE = {10015, 50027}
_BUSY = {20016, 20022, 20028, 20029, 30046, 130000}


@asynccontextmanager
async def delivering(
    clock: Clock, deadline: datetime, repeatable: Repeatable, where: str, *, target: bool = False
) -> AsyncIterator[None]:
    """Hold the requests made inside to ``deadline`` and translate what they end in.

    ``where`` names the channel or thread in sentences. With ``target`` the requests change something that
    exists, whose absence is ``Vanished``.

    Raises:
        Refused, Later, Doubtful: see there.
        TokenRefused: 401.
    """
    attempt = Attempt(clock, deadline, idempotent=repeatable != "once")
    seconds = (deadline - clock.now()).total_seconds() + ANSWER_TIMEOUT
    try:
        with attempting(attempt):
            async with asyncio.timeout(max(seconds, 1.0)):
                yield
    except Held as error:
        if attempt.in_doubt and repeatable != "freely":
            raise Doubtful(f"{where}: held back after a lost answer") from error
        raise
    except DeliveryError:
        raise
    except Ambiguous as error:
        raise Doubtful(
            f"{where}: Discord answered with a server error, which may come after the deed"
        ) from error
    except TooLate as error:
        _lost(
            attempt, repeatable, f"{where}: the send deadline passed while waiting for Discord's pace", error
        )
    except discord.RateLimited as error:
        if attempt.in_doubt and repeatable != "freely":
            raise Doubtful(f"{where}: rate limited after a lost answer") from error
        raise Later(
            f"{where}: Discord asks to wait {error.retry_after:.0f} s", retry_after=error.retry_after
        ) from error
    except discord.HTTPException as error:
        if error.status >= 500:
            _lost(attempt, repeatable, f"{where}: Discord has trouble (HTTP {error.status})", error)
        raise _refusal(error, where, target=target) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        _lost(
            attempt, repeatable, f"{where}: the connection to Discord failed ({type(error).__name__})", error
        )


@asynccontextmanager
async def looking(where: str) -> AsyncIterator[None]:
    """Translate what reading ends in. Unlike ``delivering`` it may be held open while others work.

    Raises:
        Vanished: what was to be read is not there.
        Refused: it is closed to the bot (channel-wide).
        Later: it could not be read to the end, so that nothing is proved.
        TokenRefused: 401.
    """
    try:
        yield
    except discord.RateLimited as error:
        raise Later(f"{where}: Discord asks to wait", retry_after=error.retry_after) from error
    except discord.HTTPException as error:
        if error.status == 404:
            raise Vanished(f"{where} is not there") from error
        if error.status in {401, 429} or error.code in _CHANNEL_WIDE:
            raise _refusal(error, where, target=False) from error
        raise Later(f"{where} could not be read: {error}") from error
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise Later(f"{where} could not be read ({type(error).__name__})") from error


def _lost(attempt: Attempt, repeatable: Repeatable, sentence: str, error: Exception) -> None:
    if attempt.in_doubt and repeatable != "freely":
        raise Doubtful(sentence) from error
    raise Later(sentence) from error


def _refusal(error: discord.HTTPException, where: str, *, target: bool) -> Exception:
    if error.code in WEBHOOK_GONE:
        return WebhookGone(f"{where}: the webhook was deleted on Discord")
    if error.status == 401:
        return TokenRefused()
    if error.status == 429:
        # discord.py has waited five times already, or it is a ban of the address, which is for ``bot.pace``.
        return Later(f"{where}: Discord asks to go slower (HTTP 429)")
    if target and error.code in TARGET_GONE:
        return Vanished(f"{where}: it was deleted on Discord")
    if error.code in _CHANNEL_WIDE:
        return Refused(
            f"{where} {_CHANNEL_WIDE[error.code]} (Discord's code {error.code})", channel_wide=True
        )
    if error.code in _CLOSED:
        return Refused(f"{where} {_CLOSED[error.code]} (Discord's code {error.code})")
    if error.code in _BUSY:
        return Later(f"{where}: {error.text} (Discord's code {error.code})")
    return Refused(f"{where}: Discord refused the content: {error.text} (code {error.code})")
