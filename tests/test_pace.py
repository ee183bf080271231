"""Circuit breakers, at a real session and a real server that refuses."""

from __future__ import annotations

import asyncio
from contextvars import Context
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web

from bot.attempt import attempt_trace
from bot.errors import Doubtful, Held, TokenRefused
from bot.newsroom.outcomes import delivering
from bot.pace import BAN, LONGEST_BAN, MOST_INVALID, PAUSE, PER_SECOND, WINDOW, Pace
from bot.troubles import Troubles
from tests.scenario import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from yarl import URL

    from bot.pace import Sort
    from tests.support import StillClock

# What Discord's own API says with a 429; Cloudflare's comes without Via, and as a page.
LIMITED = {"Via": "1.1 google", "Content-Type": "application/json"}
OURS = {"Authorization": "Bot secret"}


@dataclass
class Scene:
    """``ask`` sends a request that is answered with ``status`` and ``headers``, and tells the status."""

    clock: StillClock
    troubles: Troubles
    pace: Pace
    session: aiohttp.ClientSession
    url: str
    seen: list[str]
    headers: Mapping[str, str] = field(default_factory=dict)

    async def ask(self, status: int, path: str = "/api/x", **headers: str) -> int:
        asked = {"X-Status": str(status)} | {f"X-Say-{name}": each for name, each in self.headers.items()}
        async with self.session.post(self.url + path, headers=asked | headers) as response:
            return response.status

    async def refused(self, status: int, times: int) -> None:
        for _ in range(times):
            self.clock.advance(2 / PER_SECOND)
            assert await self.ask(status) == status

    def told(self) -> list[str]:
        return [trouble.sentence for trouble in self.troubles.all()]


def sort(url: URL) -> Sort | None:
    if not url.path.startswith("/api/"):
        return None
    return "answer" if url.path.startswith("/api/interactions/") else "request"


@pytest.fixture
async def scene(clock: StillClock) -> AsyncIterator[Scene]:
    seen: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.path)
        said = {key[6:]: value for key, value in request.headers.items() if key.startswith("X-Say-")}
        return web.Response(status=int(request.headers["X-Status"]), headers=said)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    troubles = Troubles(clock)
    pace = Pace(clock, troubles)
    trace = attempt_trace()
    pace.join(trace, sort)
    async with aiohttp.ClientSession(trace_configs=[trace]) as session:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield Scene(clock, troubles, pace, session, url, seen)
    await runner.cleanup()


@pytest.mark.parametrize("status", [401, 403, 429])
async def test_too_many_invalid_requests(scene: Scene, status: int) -> None:
    """After 200 in ten minutes one more holds every request back for ten minutes, but not what members wait for."""
    scene.headers = LIMITED
    await scene.refused(status, MOST_INVALID)
    assert await scene.ask(200) == 200
    await scene.refused(status, 1)
    before = len(scene.seen)
    with pytest.raises(Held) as held:
        await scene.ask(200)
    assert held.value.retry_after == pytest.approx(PAUSE)
    assert len(scene.seen) == before
    assert await scene.ask(200, "/api/interactions/1/t/callback") == 200
    assert await scene.ask(200, "/cdn/picture.png") == 200
    assert scene.told() == [
        "Discord refused more than 200 requests within ten minutes (the log says which): nothing is sent to it"
        " before 12:10:10 UTC"
    ]

    opened = asyncio.create_task(scene.pace.opened())
    running = asyncio.create_task(scene.pace.run())
    await asyncio.sleep(0.01)  # both wait
    scene.clock.advance(PAUSE - 1)
    await asyncio.sleep(0.01)
    assert not opened.done()
    with pytest.raises(Held):
        await scene.ask(200)
    scene.clock.advance(1)
    await opened
    await scene.refused(status, MOST_INVALID)
    assert scene.told() == []
    running.cancel()


async def test_invalid_requests_are_forgotten(scene: Scene) -> None:
    """What is older than ten minutes does not count, nor do others' limits, nor other refusals."""
    await scene.refused(403, MOST_INVALID)
    scene.clock.advance(WINDOW)
    await scene.refused(403, MOST_INVALID)
    scene.headers = LIMITED | {"X-RateLimit-Scope": "shared"}
    await scene.refused(429, 50)
    await scene.refused(404, 50)
    assert await scene.ask(200) == 200
    assert scene.told() == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Content-Type": "text/html"}, BAN),
        ({"Content-Type": "text/html", "Retry-After": "60"}, BAN),
        ({"Content-Type": "application/json", "Retry-After": "7200"}, 7200),
        (LIMITED | {"Content-Type": "text/html", "Retry-After": "Wed, 25 Nov 2026 12:00:00 GMT"}, BAN),
        ({"Retry-After": "1e99"}, LONGEST_BAN),
    ],
)
async def test_ban_of_the_address(scene: Scene, headers: dict[str, str], seconds: float) -> None:
    """A 429 that does not come from Discord's API stops all requests for an hour, or as long as it says."""
    scene.headers = headers
    assert await scene.ask(429) == 429
    for path in ("/api/x", "/api/interactions/1/t/callback"):
        with pytest.raises(Held) as held:
            await scene.ask(200, path)
        assert held.value.retry_after == pytest.approx(seconds)
    assert len(scene.seen) == 1
    assert scene.told()[0].startswith("Discord has blocked this address")
    scene.clock.advance(seconds)
    assert await scene.ask(200) == 200


async def test_ordinary_limits_hold_nothing(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """Discord's own 429s are discord.py's to wait for; how many there were is logged now and then."""
    caplog.set_level("INFO", "bot")
    scene.headers = LIMITED
    for _ in range(12):
        assert await scene.ask(429) == 429
    assert await scene.ask(200) == 200
    assert [message.split(": ")[1] for message in caplog.messages if "429" in message] == ["1", "10"]


async def test_refused_token(scene: Scene) -> None:
    """A 401 to a request with our token ends the program, and nothing follows it; one with another token does not."""
    assert await scene.ask(401) == 401
    assert await scene.ask(200) == 200
    running = asyncio.create_task(scene.pace.run())
    assert await scene.ask(401, **OURS) == 401
    with pytest.raises(TokenRefused):
        await asyncio.wait_for(running, 5)
    for path in ("/api/x", "/api/interactions/1/t/callback"):
        with pytest.raises(TokenRefused):
            await scene.ask(200, path)
    assert len(scene.seen) == 3


async def test_so_many_in_a_second(scene: Scene) -> None:
    """Discord's global limit is not reached; answers to interactions do not wait."""
    asking = [asyncio.create_task(scene.ask(200)) for _ in range(100)]
    for expected in (PER_SECOND, 2 * PER_SECOND, 100):

        async def so_many(expected: int = expected) -> bool:
            return len(scene.seen) >= expected

        await until(so_many)
        assert await scene.ask(200, "/api/interactions/1/t/callback") == 200
        assert scene.seen.pop().endswith("callback")
        assert len(scene.seen) == expected
        scene.clock.advance(1)
    assert await asyncio.gather(*asking) == [200] * 100


@pytest.mark.parametrize(("first", "outcome"), [(502, Doubtful), (400, Held)])
async def test_held_back_within_a_delivery(scene: Scene, first: int, outcome: type[Exception]) -> None:
    """Nothing was done; unless an earlier request of the same delivery may have been, as discord.py repeats on a 5xx."""
    deadline = scene.clock.now() + timedelta(seconds=30)
    with pytest.raises(outcome) as raised:
        async with delivering(scene.clock, deadline, "nonce", "here"):
            await scene.ask(first)
            scene.headers = {"Content-Type": "text/html"}
            await asyncio.create_task(scene.ask(429), context=Context())
            await scene.ask(200)
    assert type(raised.value) is outcome
