"""A real store with one mirrored story, and the service on it; the scenario fixture for what members see."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from bot.model import Made, Reacted, Story
from bot.newsroom import Desk, Floor
from bot.reactions import Pressed, Reactions
from bot.settings.keys import ReactionsKeys
from bot.store import Store
from tests.e2e.conftest import scene
from tests.store.samples import CHANNEL, GUILD, claim, opened
from tests.support import StillClock

__all__ = ["scene"]

THREAD = 5001
POST = 6001
ALICE, BOB, CAROL, DAVE = 11, 12, 13, 14


@dataclass
class House:
    """The service and what it stands on."""

    reactions: Reactions
    store: Store
    clock: StillClock
    story: Story
    wakes: list[None]

    async def react(
        self, member: int, emoji: str, message: int = POST, kind: int = 0, *, by_bot: bool = False
    ) -> None:
        reacted = Reacted(message, member, emoji, kind)
        await self.reactions.added(THREAD, CHANNEL, reacted, by_bot=by_bot)

    async def unreact(self, member: int, emoji: str, message: int = POST, kind: int = 0) -> None:
        await self.reactions.removed(THREAD, CHANNEL, Reacted(message, member, emoji, kind))

    async def press(self, token: str, emoji: str, member: int, click: int, channel: int = CHANNEL) -> Pressed:
        """A member who sees nothing but ``channel`` presses a button."""
        return await self.reactions.press(token, emoji, member, click, visible={channel})

    async def counts(self, message: int = POST) -> dict[str, int]:
        return dict((await self.reactions.post(message)).tally.counts)

    async def jobs(self, kind: str) -> list[dict[str, str]]:
        """The payloads of the jobs of a kind that wait at the head of their lanes."""
        return [job.payload for job in await self.store.next_jobs() if job.kind == kind]

    async def take(self, kind: str) -> None:
        """Perform the job of a kind that is next, as far as the store is concerned."""
        job = next(job for job in await self.store.next_jobs() if job.kind == kind)
        await claim(self.store, self.clock, job)


Open = Callable[..., Awaitable[House]]


@pytest.fixture
async def open_house(store: Store, clock: StillClock) -> Open:
    """Makes the service, with any key of reactions.toml, for a story in which Alice has posted."""
    await opened(store, clock, thread_id=THREAD)
    details = await store.story_by_thread(THREAD)
    assert details is not None
    await store.saw_post(details.story.id, THREAD, POST, ALICE, Made.NATIVE, clock.now())

    async def build(**keys: Any) -> House:
        wakes: list[None] = []
        floor = Floor(Desk(GUILD), clock)
        service = Reactions(store, floor, ReactionsKeys(**keys), {CHANNEL}, clock, lambda: wakes.append(None))
        return House(service, store, clock, details.story, wakes)

    return build


@pytest.fixture
async def house(open_house: Open) -> House:
    return await open_house()
