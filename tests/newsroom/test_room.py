"""Room for new threads: what is archived when a server is nearly full, and what never is."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.newsroom import room as rooms
from bot.newsroom.room import AT_ONCE, EASED, FULL, longest_idle
from bot.troubles import Troubles
from localdiscord.acts.threads import make_thread
from tests.localdiscord.conftest import ALICE, HEADLINES, NEWS
from tests.support import AheadClock

if TYPE_CHECKING:
    from tests.newsroom.conftest import Room

pytestmark = pytest.mark.slow

DAY = 86400.0


@pytest.fixture
def ahead() -> AheadClock:
    """The bot's clock, as far ahead as the local Discord's."""
    return AheadClock()


@pytest.fixture
def troubles(ahead: AheadClock) -> Troubles:
    return Troubles(ahead)


@pytest.fixture
def making(room: Room, ahead: AheadClock, troubles: Troubles) -> rooms.Room:
    return rooms.Room(room.desk, ahead, troubles)


async def later(room: Room, ahead: AheadClock, seconds: float) -> None:
    await room.local.ask("POST", "/local/clock", {"advance": seconds})
    ahead.advance(seconds)


async def opened(room: Room, name: str, channel: int = NEWS) -> int:
    """A thread opened by the bot, as the cache has it."""
    place = room.desk.guild().get_channel(channel)
    if isinstance(place, discord.ForumChannel):
        made = (await place.create_thread(name=name, content=name, auto_archive_duration=10080)).thread
    else:
        assert isinstance(place, discord.TextChannel)
        made = await (await place.send(name)).create_thread(name=name, auto_archive_duration=10080)
    await room.until(lambda: room.desk.guild().get_thread(made.id))
    return made.id


def many(room: Room, owner: int, count: int) -> None:
    ctx = room.local.server.ctx
    for number in range(count):
        make_thread(ctx, ctx.world.channel(NEWS), owner, f"{owner} {number}")


async def archived(room: Room) -> list[Any]:
    """What the bot asked to archive, in order."""
    entries = await room.requests("PATCH", "/channels/")
    return [
        int(each["path"].rsplit("/")[-1]) for each in entries if (each["body"] or {}).get("archived") is True
    ]


async def test_whose_turn_it_is(room: Room, ahead: AheadClock) -> None:
    """Ours alone, the longest idle first; never what is pinned, was written in within a day, or is open again."""
    guild, me = room.desk.guild(), room.desk.guild().me
    names = ("answered long ago", "pinned", "idle", "kept open", "put aside by us", "answered")
    by_name = {name: await opened(room, name) for name in names}
    by_name["idle below"] = await opened(room, "idle below", HEADLINES)
    await later(room, ahead, 0.75 * DAY)
    await room.local.says("bob", by_name["answered long ago"], "Well done")
    await (await room.desk.thread(by_name["pinned"])).edit(pinned=True)
    for name in ("kept open", "put aside by us"):
        thread = await room.desk.thread(by_name[name])
        await thread.edit(archived=True)
    await later(room, ahead, 0.75 * DAY)
    await room.local.ask("PATCH", f"/local/channels/{by_name['kept open']}", {"archived": False})
    await room.local.says("bob", by_name["answered"], "Well done, too")
    young = await opened(room, "just opened")

    def seen() -> bool:
        """Whether the gateway has told all of it."""
        last = guild.get_thread(by_name["answered"])
        return (
            guild.get_thread(by_name["kept open"]) is not None
            and guild.get_thread(by_name["put aside by us"]) is None
            and last is not None
            and last.last_message_id != last.id
        )

    await room.until(seen)
    found = [thread.name for thread in longest_idle(guild.threads, me, ahead.now())]
    assert found == ["idle", "idle below", "just opened"]
    await later(room, ahead, 0.5 * DAY)
    found = [thread.name for thread in longest_idle(guild.threads, me, ahead.now())]
    assert found == ["idle", "idle below", "answered long ago", "just opened"]
    assert young in {thread.id for thread in guild.threads}


async def test_room_is_made_before_the_server_is_full(
    room: Room, making: rooms.Room, ahead: AheadClock
) -> None:
    """From 900 active threads on the oldest are archived, a few at a time, down to 850, each of them once."""
    guild = room.desk.guild()
    many(room, room.desk.guild().me.id, 100)
    many(room, ALICE, FULL - 102)
    await room.until(lambda: len(guild.threads) == FULL - 1)
    deadline = ahead.now() + timedelta(minutes=5)
    await making.make(deadline)
    assert await archived(room) == []

    many(room, ALICE, 1)
    await room.until(lambda: len(guild.threads) == FULL)
    ours = sorted(thread.id for thread in guild.threads if thread.owner_id == guild.me.id)
    # Two channels' threads are opened side by side, and the gateway is slow to tell what became of them.
    await room.local.fault(event="THREAD_UPDATE", mode="lose", times=2 * AT_ONCE)
    await asyncio.gather(making.make(deadline), making.make(deadline))
    assert await archived(room) == ours[: 2 * AT_ONCE]
    for _ in range(5):
        await making.make(deadline)
    assert await archived(room) == ours[: FULL - EASED]


async def test_discord_is_full(room: Room, making: rooms.Room, ahead: AheadClock, troubles: Troubles) -> None:
    """When Discord counts more than we see, room is made all the same; when none can be, it is told until it is."""
    limiter = room.local.server.ctx.limiter
    limiter.limits = replace(limiter.limits, active_threads=2)  # one of Alice's is open already
    deadline = ahead.now() + timedelta(minutes=5)
    forum = room.desk.guild().get_channel(NEWS)
    assert isinstance(forum, discord.ForumChannel)

    async def publish(name: str) -> int:
        await making.make(deadline)
        async with making.taken():
            made = await forum.create_thread(name=name, content=name)
        await room.until(lambda: room.desk.guild().get_thread(made.thread.id))
        return made.thread.id

    first = await publish("One")
    with pytest.raises(discord.HTTPException, match="160006"):
        await publish("Two")
    second = await publish("Two")
    assert await archived(room) == [first]
    assert troubles.all() == ()

    await room.local.says("bob", second, "Well done")
    await later(room, ahead, 2)
    await room.local.says("bob", second, "Very well")
    await room.until(lambda: longest_idle(room.desk.guild().threads, forum.guild.me, ahead.now()) == [])
    for _ in range(2):
        with pytest.raises(discord.HTTPException, match="160006"):
            await publish("Three")
    (trouble,) = troubles.all()
    assert trouble.sentence.startswith("The server has as many active threads as it may have")
    await room.archive()
    await publish("Three")
    assert troubles.all() == ()


async def test_not_allowed(room: Room, making: rooms.Room, ahead: AheadClock) -> None:
    """What Discord refuses us is not asked again for a while, and does not keep a thread from being opened."""
    many(room, room.desk.guild().me.id, FULL)
    await room.until(lambda: len(room.desk.guild().threads) > FULL)
    await room.local.fault(method="PATCH", path="/channels/", status=403, code=50013, times=1)
    deadline = ahead.now() + timedelta(minutes=30)
    await making.make(deadline)
    await making.make(deadline)
    assert len(await archived(room)) == 1
    ahead.advance(600)
    await making.make(deadline)
    assert len(await archived(room)) == 1 + AT_ONCE
