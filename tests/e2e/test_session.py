"""One session with Discord: how it begins and that nothing of it stays."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest
from discord.gateway import KeepAliveHandler

from bot.client import NewsthreadBot, Services
from bot.languages import Languages
from bot.moderation import Moderation
from bot.newsroom import Desk, Floor, Office
from bot.stories import Stories
from tests.scenario import GUILD

if TYPE_CHECKING:
    from tests.scenario import Scenario
    from tests.support import StillClock


class Hesitant(NewsthreadBot):
    """Stands still between the gateway's hello and its own identify."""

    def __init__(self, services: Services, clock: StillClock) -> None:
        super().__init__(services, GUILD, clock, message_content=True)
        self.greeted = asyncio.Event()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        self.greeted.set()
        await asyncio.Event().wait()


@pytest.mark.slow
async def test_a_session_cut_off_while_connecting_leaves_no_thread(
    scene: Scenario, clock: StillClock
) -> None:
    """The heartbeat of a connection that was never finished ends with the session."""
    services = Services(
        stories=Stories(None, (), clock),  # type: ignore[arg-type]
        quotes=None,  # type: ignore[arg-type]
        reactions=None,  # type: ignore[arg-type]
        moderation=Moderation(*[None] * 8),  # type: ignore[arg-type]
        floor=Floor(Desk(GUILD), clock),
        office=Office(Desk(GUILD), clock),
        languages=Languages.load(),
        wake_publisher=lambda: None,
        catch_up=lambda: None,
    )
    bot = Hesitant(services, clock)

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
