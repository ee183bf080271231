"""The circuit breakers through the real bot: what it asks of Discord, and what not, once Discord has refused enough."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.app import App
from bot.errors import TokenRefused
from bot.pace import BAN, MOST_INVALID, PAUSE
from tests.scenario import Scenario, until

pytestmark = pytest.mark.slow

OPEN_FORUM = {"method": "POST", "path": r"/channels/\d+/threads$"}


async def asked(scene: Scenario) -> list[dict[str, Any]]:
    """Every request to Discord's API so far."""
    entries: list[dict[str, Any]] = await scene.call("GET", "/local/requests?since=0")
    return entries


async def details(scene: Scenario, thread: dict[str, Any]) -> list[dict[str, Any]]:
    """A member presses Details; what they are answered."""
    parts = thread["starter"]["components"][0]["components"][-1]["components"]
    button = next(part["custom_id"] for part in parts if part.get("custom_id"))
    return await scene.interact(
        "alice", "component", thread["id"], target_id=thread["starter"]["id"], custom_id=button
    )


async def nothing_is_asked(scene: Scenario) -> None:
    """However much there is to do, and however often the bot thinks of it."""
    before = len(await asked(scene))
    scene.paper.publish("/world.rss", "More")
    await scene.polls("/world.rss")
    for _ in range(5):
        scene.clock.advance(30)
        await asyncio.sleep(0.05)
    assert (await asked(scene))[before:] == []


async def test_ban_of_the_address(scene: Scenario, caplog: pytest.LogCaptureFixture) -> None:
    """Cloudflare's 429: nothing at all is asked for an hour, the gateway stays, and then everything follows in order."""
    caplog.set_level("INFO", "bot.troubles")
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "One")
    async with scene.bot():
        (thread,) = await scene.until_names("One")
        assert await details(scene, thread)
        await scene.fault(**OPEN_FORUM, status=429, html=True)
        scene.paper.publish("/world.rss", "Two")
        await until(lambda: said(caplog, "Discord has blocked this address"))
        await nothing_is_asked(scene)
        assert (await scene.call("GET", "/local/state"))["bot"]["connected"]
        async with scene.hurried():
            await scene.until_names("One", "Two", "More")
        await until(lambda: said(caplog, "over: Discord has blocked this address"))
    # Each lane thought of it a few times in that hour, and not once a second.
    assert len([message for message in caplog.messages if "blocked this address" in message]) < 10


async def test_too_many_invalid_requests(scene: Scenario, caplog: pytest.LogCaptureFixture) -> None:
    """More than 200 refusals: ten minutes of silence, in which only members are still answered."""
    names = [f"Article {number}" for number in range(10)]
    scene.watch("/world.rss")
    for name in names:
        scene.paper.publish("/world.rss", name)
    async with scene.bot():
        thread, *_ = await scene.until_names(*names)
        # Catching up asks for each thread, and discord.py asks five times before it gives up.
        read = {"method": "GET", "path": r"/channels/\d+/messages$"}
        await scene.fault(**read, status=429, retry_after=0.001, times=100_000)
        await scene.new_session()

        so_far = 0

        async def silent() -> bool:
            nonlocal so_far
            before, so_far = so_far, len(await asked(scene))
            if before == so_far:
                scene.clock.advance(10)  # to its next try
            return await said(caplog, "Discord refused more than 200 requests")

        await until(silent)
        assert len(refused(await asked(scene))) <= MOST_INVALID + 5
        # What could not be looked through is told once a round, not once a thread.
        assert 0 < len([one for one in caplog.messages if "looking for what was missed" in one]) < 10
        await nothing_is_asked(scene)
        assert await details(scene, thread)
        await scene.clear_faults()
        scene.clock.advance(PAUSE)
        async with scene.hurried():
            await scene.until_names(*names, "More")


@pytest.mark.parametrize("path", [r"/channels/\d+/threads$", r"/channels/\d+/messages$"])
async def test_a_refused_token_ends_the_program(scene: Scenario, path: str) -> None:
    """Whoever asked, the publisher or the catch-up: nothing is asked after that."""
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "One")
    app = App(scene.settings(), scene.clock)
    running = asyncio.create_task(app.run(asyncio.Event()))
    await scene.until_names("One")
    await scene.fault(method="*", path=path, status=401, times=1)
    scene.paper.publish("/world.rss", "Two")
    if "messages" in path:
        await scene.call("POST", "/local/gateway/invalidate")

    async def over() -> bool:
        scene.clock.advance(1)
        return running.done()

    await until(over)
    with pytest.raises(TokenRefused, match="DISCORD_TOKEN"):
        await running
    assert [entry["status"] for entry in await asked(scene)].index(401) == len(await asked(scene)) - 1


async def said(caplog: pytest.LogCaptureFixture, beginning: str) -> bool:
    return any(message.startswith(beginning) for message in caplog.messages)


def refused(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for entry in entries if entry["status"] in (401, 403, 429)]


async def test_banned_at_the_start(scene: Scenario, caplog: pytest.LogCaptureFixture) -> None:
    """A program that is started again and again does not press Discord: it logs in when the ban is over."""
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "One")
    await scene.fault(method="GET", path="/users/@me$", status=429, html=True)
    async with scene.bot():
        await until(lambda: said(caplog, "Discord has blocked this address"))
        for _ in range(5):
            scene.clock.advance(60)
            await asyncio.sleep(0.05)
        assert len(await asked(scene)) == 1
        scene.clock.advance(BAN)
        await scene.until_names("One")
