"""What is certain about a request once it ended, against a real server that misbehaves."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web

from bot.attempt import Ambiguous, Attempt, TooLate, attempt_trace, attempting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support import StillClock


class Server:
    def __init__(self) -> None:
        self.seen = 0
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.seen += 1
        status = int(request.match_info["status"])
        if status == 0:  # take the request, then vanish
            assert request.transport is not None
            request.transport.abort()
        return web.Response(status=status or 200)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    app = web.Application()
    app.router.add_route("*", "/{status:\\d+}", server.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(trace_configs=[attempt_trace()]) as session:
        yield session


def attempt(clock: StillClock, *, idempotent: bool = False) -> Attempt:
    return Attempt(clock, clock.now() + timedelta(seconds=5), idempotent)


async def test_not_sent_after_the_deadline(
    server: Server, session: aiohttp.ClientSession, clock: StillClock
) -> None:
    """A request that waited past its deadline does not leave, and leaves no doubt."""
    with attempting(attempt(clock)) as one:
        clock.advance(6)
        with pytest.raises(TooLate):
            await session.post(f"{server.url}/200")
    assert (server.seen, one.in_doubt) == (0, False)


async def test_server_error_is_ambiguous(
    server: Server, session: aiohttp.ClientSession, clock: StillClock
) -> None:
    """A 5xx to a request that can't be repeated raises at once and leaves doubt."""
    with attempting(attempt(clock)) as one, pytest.raises(Ambiguous):
        await session.post(f"{server.url}/502")
    assert one.in_doubt


async def test_server_error_of_an_idempotent_request_is_handed_on(
    server: Server, session: aiohttp.ClientSession, clock: StillClock
) -> None:
    """discord.py may repeat what Discord recognises; the doubt stays until it is answered."""
    with attempting(attempt(clock, idempotent=True)) as one:
        assert (await session.post(f"{server.url}/502")).status == 502
        assert one.in_doubt
        assert (await session.post(f"{server.url}/404")).status == 404
        assert not one.in_doubt


async def test_refusal_leaves_no_doubt(
    server: Server, session: aiohttp.ClientSession, clock: StillClock
) -> None:
    """A 4xx says that nothing was done."""
    with attempting(attempt(clock)) as one:
        assert (await session.post(f"{server.url}/429")).status == 429
    assert not one.in_doubt


async def test_lost_connection_leaves_doubt(
    server: Server, session: aiohttp.ClientSession, clock: StillClock
) -> None:
    """A connection that breaks after the request left may have taken effect; one refused has not."""
    with attempting(attempt(clock)) as one, pytest.raises(aiohttp.ClientError):
        await session.post(f"{server.url}/0")
    assert (server.seen, one.in_doubt) == (1, True)
    with attempting(attempt(clock)) as two, pytest.raises(aiohttp.ClientError):
        await session.post("http://127.0.0.1:1/200")
    assert not two.in_doubt


async def test_in_doubt_nothing_more_leaves(
    server: Server, session: aiohttp.ClientSession, clock: StillClock
) -> None:
    """What can't be repeated is not, should discord.py try after a lost connection; what can be, is."""
    with attempting(attempt(clock)), pytest.raises(Ambiguous):
        with pytest.raises(aiohttp.ClientError):
            await session.post(f"{server.url}/0")
        await session.get(f"{server.url}/200")
        await session.post(f"{server.url}/200")
    assert server.seen == 2
    with attempting(attempt(clock, idempotent=True)):
        with pytest.raises(aiohttp.ClientError):
            await session.post(f"{server.url}/0")
        await session.post(f"{server.url}/200")
    assert server.seen == 4


async def test_other_requests_are_left_alone(
    server: Server, session: aiohttp.ClientSession, clock: StillClock
) -> None:
    """Outside of an attempt, in other tasks, and for GET, nothing changes."""
    assert (await session.post(f"{server.url}/500")).status == 500
    with attempting(attempt(clock)) as one:
        clock.advance(6)
        assert (await session.get(f"{server.url}/500")).status == 500
    assert not one.in_doubt
    assert (await asyncio.create_task(session.post(f"{server.url}/500"))).status == 500
