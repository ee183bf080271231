"""One session with Discord: how it begins and that nothing of it stays."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import aiohttp
import pytest
from discord.gateway import KeepAliveHandler
from yarl import URL

from bot.client import GIVE_UP, NewsthreadBot, Services
from bot.governor import Governor
from bot.languages import Languages
from bot.moderation import Moderation
from bot.newsroom import Desk, Floor, Office
from bot.pace import Pace
from bot.stories import Stories
from bot.supervise import LAST_PAUSE
from bot.troubles import Troubles
from localdiscord import LocalDiscord
from tests.e2e.test_disk import Page
from tests.e2e.test_quotes import reposted
from tests.scenario import FORUM, GUILD, Scenario, newspaper, until

if TYPE_CHECKING:
    from pathlib import Path

    from bot.store import Store
    from tests.support import StillClock


class Hesitant(NewsthreadBot):
    """Stands still between the gateway's hello and its own identify."""

    def __init__(self, services: Services, governor: Governor, pace: Pace, clock: StillClock) -> None:
        super().__init__(services, GUILD, clock, governor, pace, message_content=True)
        self.greeted = asyncio.Event()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        self.greeted.set()
        await asyncio.Event().wait()


@pytest.mark.slow
async def test_a_server_that_comes_late(scene: Scenario, caplog: pytest.LogCaptureFixture) -> None:
    """What waits goes out, and what was missed is looked for, once we are told of the server after the session."""
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "One")
    async with scene.bot():
        thread = (await scene.until_names("One"))[0]["id"]
        bob = await scene.post("bob", thread, "It is long.")
        await scene.until_seen(bob["id"])
    await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
    scene.paper.publish("/world.rss", "Two")
    await scene.fault(event="GUILD_CREATE", mode="late")
    caplog.set_level("INFO", "bot.client")
    caplog.clear()

    async def ready() -> bool:
        return "connected to Discord" in caplog.text

    async with scene.bot():
        await until(ready)
        await scene.polls("/world.rss")
        assert await scene.names() == ["One"]
        await scene.call("PATCH", f"/local/channels/{FORUM}", {"topic": "What comes before it"})
        await scene.until_names("One", "Two", patience=4)  # sooner than anything is tried again
        assert "unavailable" not in caplog.text
        await reposted(scene, thread, "Alice", "> It is long.\nToo long.")


@pytest.mark.slow
async def test_a_session_cut_off_while_connecting_leaves_no_thread(
    scene: Scenario, store: Store, clock: StillClock
) -> None:
    """The heartbeat of a connection that was never finished ends with the session."""
    services = Services(
        stories=Stories(None, (), clock),  # type: ignore[arg-type]
        quotes=None,  # type: ignore[arg-type]
        reactions=None,  # type: ignore[arg-type]
        moderation=Moderation(*[None] * 8),  # type: ignore[arg-type]
        deliveries=None,  # type: ignore[arg-type]
        floor=Floor(Desk(GUILD), clock),
        office=Office(Desk(GUILD), clock),
        languages=Languages.load(),
        wake_publisher=lambda: None,
        catch_up=lambda: None,
    )
    troubles = Troubles(clock)
    bot = Hesitant(services, Governor(store, clock, troubles), Pace(clock, troubles), clock)

    async def session() -> None:
        async with bot:
            await bot.run_session("local-bot-token", f"{scene.discord}/api/v10")

    task = asyncio.create_task(session())
    await bot.greeted.wait()
    beats = [thread for thread in threading.enumerate() if isinstance(thread, KeepAliveHandler)]
    assert beats
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for thread in beats:
        await asyncio.to_thread(thread.join, 5)
        assert not thread.is_alive()


@pytest.mark.slow
async def test_discord_that_goes_away(
    tmp_path: Path, empty_store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The status says so while it is so, the log in a line for each try; after a minute another session is begun, so
    that the bot is back within a minute of Discord."""
    local = LocalDiscord(data=tmp_path / "discord")
    url = await local.start()
    async with newspaper() as paper, aiohttp.ClientSession() as http:
        scene = Scenario(tmp_path, url.rstrip("/"), paper, http)
        scene.empty_store = empty_store
        page = Page(scene, caplog)
        scene.watch("/world.rss")
        paper.publish("/world.rss", "One")
        async with scene.bot():
            await scene.until_names("One")
            await page.until_well()
            await local.close()

            async def away() -> bool:
                status, health = await page.health()
                return status == 503 and health["problems"] == ["There is no connection to Discord."]

            await until(away)

            async def given_up() -> bool:
                scene.clock.advance(GIVE_UP / 2)
                return "did not come back within a minute" in caplog.text

            await until(given_up)
            local = LocalDiscord(port=URL(url).port or 0, data=tmp_path / "discord")
            await local.start()

            async def back() -> bool:
                scene.clock.advance(LAST_PAUSE)
                return (await page.health())[0] == 200

            await until(back)
        await local.close()
