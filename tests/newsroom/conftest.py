"""The newsroom at a real session: real discord.py, with our hooks, at a local Discord."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.attempt import attempt_trace
from bot.newsroom import Desk, Floor
from localdiscord.seed import TOKEN
from tests.localdiscord.conftest import (  # noqa: F401 - fixtures
    GUILD,
    NEWS,
    WAIT,
    Local,
    local,
    openapi,
    pointed_at,
    start,
)
from tests.scenario import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.support import StillClock

INTENTS = discord.Intents(
    guilds=True,
    guild_messages=True,
    guild_reactions=True,
    message_content=True,
    moderation=True,
    emojis_and_stickers=True,
)


@dataclass
class Room:
    """A thread opened by Alice, and the bot's floor; ``clock`` is the bot's, and stands still."""

    local: Local
    client: discord.Client
    desk: Desk
    floor: Floor
    clock: StillClock
    thread: int

    @property
    def deadline(self) -> datetime:
        return self.clock.now() + timedelta(seconds=30)

    @property
    def started(self) -> datetime:
        """A moment before everything that the test did."""
        return datetime.now(UTC) - timedelta(seconds=20)

    async def says(self, member: str, content: str = "", **more: Any) -> int:
        return int((await self.local.says(member, self.thread, content, **more))["id"])

    async def speak(self, content: str = "Hello", **more: Any) -> Any:
        arguments: dict[str, Any] = {
            "name": "Alice",
            "avatar": "https://cdn.example/alice.png",
            "author_id": 1300000000000003001,
            "native_id": None,
            "mentions": (frozenset(), frozenset()),
            "deadline": self.deadline,
        }
        return await self.floor.speak(self.thread, content=content, **arguments | more)

    async def messages(self, channel: int | None = None) -> list[Any]:
        return await self.local.messages(channel or self.thread)

    async def message(self, message_id: int) -> Any:
        return next(each for each in await self.messages() if int(each["id"]) == message_id)

    async def requests(self, method: str, part: str) -> list[Any]:
        entries = await self.local.ask("GET", "/local/requests?since=0")
        return [entry for entry in entries if entry["method"] == method and part in entry["path"]]

    async def archive(self) -> None:
        await self.local.ask("PATCH", f"/local/channels/{self.thread}", {"archived": True})
        await self.until(lambda: self.desk.guild().get_thread(self.thread) is None)

    async def archived(self) -> bool:
        threads = await self.local.ask("GET", f"/local/channels/{NEWS}/threads?as=ada")
        return next(
            bool(each["thread_metadata"]["archived"])
            for each in threads["threads"]
            if int(each["id"]) == self.thread
        )

    async def deny(self, channel: int, target: int, permission: discord.Permissions) -> None:
        """Deny a role or member something in a channel, and wait until the bot has heard of it."""
        now = self.overwrites(channel)
        member = self.desk.guild().get_role(target) is None
        allow = now[target]["allow"] if target in now else "0"
        now[target] = {
            "id": str(target),
            "type": int(member),
            "allow": allow,
            "deny": str(permission.value),
        }
        body = {"permission_overwrites": list(now.values())}
        await self.local.ask("PATCH", f"/local/channels/{channel}", body)
        await self.until(lambda: self.overwrites(channel).get(target) == now[target])

    def overwrites(self, channel: int) -> dict[int, Any]:
        """As the bot's cache has them, by target."""
        place = self.desk.guild().get_channel(channel)
        assert place is not None
        return {
            each.id: {
                "id": str(each.id),
                "type": each.type,
                "allow": str(each.allow),
                "deny": str(each.deny),
            }
            for each in place._overwrites
        }

    async def until(self, question: Callable[[], object]) -> None:
        async def answer() -> object:
            return question()

        await until(answer, WAIT)


@pytest.fixture
async def room(local: Local, clock: StillClock) -> AsyncIterator[Room]:  # noqa: F811 - a fixture
    opened = await local.ask(
        "POST", f"/local/as/alice/channels/{NEWS}/threads", {"name": "News", "content": "What happened"}
    )
    with pointed_at(local.url):
        client = discord.Client(
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=30.0,
            http_trace=attempt_trace(),
            guild_ready_timeout=0.05,
        )
        await client.login(TOKEN)
        session = asyncio.create_task(client.connect())
        desk = Desk(GUILD)
        desk.attach(client)
        async with asyncio.timeout(WAIT):
            await client.wait_until_ready()
        yield Room(local, client, desk, Floor(desk, clock), clock, int(opened["id"]))
        await client.close()
        await asyncio.wait([session], timeout=WAIT)
