"""The gateway: login, intents, message content, drops, resumes, members."""

from __future__ import annotations

import asyncio
import json
import zlib
from typing import Any

import aiohttp
import discord
import pytest

from localdiscord.seed import BOT, TOKEN
from tests.localdiscord.conftest import (
    ALICE,
    HEADLINES,
    INTENTS,
    NEWS,
    WAIT,
    Local,
    Login,
    Watcher,
    pointed_at,
)

pytestmark = pytest.mark.slow


class Raw:
    """A gateway connection without discord.py."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, *, zipped: bool) -> None:
        self.socket = socket
        self._inflate = zlib.decompressobj() if zipped else None

    async def get(self) -> dict[str, Any]:
        message = await self.socket.receive(timeout=WAIT)
        assert message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY), message
        data = message.data if self._inflate is None else self._inflate.decompress(message.data)
        found = json.loads(data)
        assert isinstance(found, dict)
        return found

    async def until(self, name: str) -> dict[str, Any]:
        while True:
            found = await self.get()
            if found["t"] == name:
                return found

    async def identify(self, intents: int, token: str = TOKEN) -> None:
        await self.socket.send_json({"op": 2, "d": {"token": token, "intents": intents, "properties": {}}})

    async def close_code(self) -> int | None:
        while not self.socket.closed:
            message = await self.socket.receive(timeout=WAIT)
            if message.type is aiohttp.WSMsgType.CLOSE:
                return int(message.data)
        return self.socket.close_code


async def raw(local: Local, *, zipped: bool = False, query: str = "v=10&encoding=json") -> Raw:
    compress = "&compress=zlib-stream" if zipped else ""
    return Raw(await local.web.ws_connect(f"{local.url}/gateway?{query}{compress}"), zipped=zipped)


@pytest.mark.parametrize("zipped", [False, True])
async def test_frames_come_plain_or_as_a_zlib_stream(local: Local, zipped: bool) -> None:
    """The same login works either way; a heartbeat is acknowledged."""
    connection = await raw(local, zipped=zipped)
    assert (await connection.get())["op"] == 10
    await connection.identify(INTENTS.value)
    ready, guild = await connection.get(), await connection.get()
    assert (ready["t"], ready["s"], guild["t"], guild["s"]) == ("READY", 1, "GUILD_CREATE", 2)
    assert ready["d"]["resume_gateway_url"].startswith("ws://127.0.0.1:")
    await connection.socket.send_json({"op": 1, "d": 2})
    assert (await connection.get())["op"] == 11


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ("{", 4002),
        ('{"op": 99, "d": null}', 4001),
        ('{"op": 3, "d": {}}', 4003),
        ('{"op": 2, "d": {"token": "wrong", "intents": 1}}', 4004),
        ('{"op": 6, "d": {"token": "wrong", "session_id": "x", "seq": 1}}', 4004),
        (f'{{"op": 2, "d": {{"token": "{TOKEN}", "intents": -1}}}}', 4013),
        (f'{{"op": 2, "d": {{"token": "{TOKEN}", "intents": 1, "shard": 1}}}}', 4010),
    ],
)
async def test_broken_protocol_is_closed_with_its_code(local: Local, payload: str, code: int) -> None:
    """Each mistake is named by Discord's close code."""
    connection = await raw(local)
    await connection.get()
    await connection.socket.send_str(payload)
    assert await connection.close_code() == code


async def test_a_wrong_token_is_refused(local: Local) -> None:
    """discord.py reports a login failure on REST."""
    with pointed_at(local.url):
        client = Watcher()
        with pytest.raises(discord.LoginFailure):
            await client.login("not-the-token")
        await client.close()


async def test_intents_that_are_switched_off_close_with_4014(local: Local) -> None:
    """discord.py says which switch is missing."""
    await local.ask("PATCH", "/local/application", {"privileged_intents": False})
    with pointed_at(local.url):
        client = Watcher(discord.Intents(guilds=True, message_content=True, guild_messages=True))
        await client.login(TOKEN)
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await client.connect()
        await client.close()


async def test_sessions_are_counted(local: Local, login: Login) -> None:
    """Each identify takes one of the day's sessions; with none left the token is refused, as if it were reset."""
    await local.ask("PATCH", "/local/application", {"session_starts": 1})
    client = await login()
    assert (await client.http.get_bot_gateway())[2]["remaining"] == 0
    with pointed_at(local.url):
        second = Watcher()
        await second.login(TOKEN)
        with pytest.raises(discord.ConnectionClosed) as closed:
            await second.connect()
        await second.close()
    assert closed.value.code == 4004
    await local.ask("PATCH", "/local/application", {"session_starts": -1}, status=400)


async def test_events_outside_the_intents_are_not_sent(local: Local, login: Login) -> None:
    """With guilds only, neither messages nor reactions nor the audit log arrive; threads do."""
    client = await login(discord.Intents(guilds=True))
    await local.says("alice", HEADLINES, "hello")
    thread, _ = await client.news.create_thread(name="T", content="x")
    await client.seen("thread_create", lambda each: each.id == thread.id)
    assert client.count("message") == 0
    assert client.count("audit_log_entry_create") == 0


async def test_content_is_empty_without_its_intent_save_for_the_exceptions(
    local: Local, bot: Watcher
) -> None:
    """Own messages, mentions, pinging replies and direct messages can be read; everything else is empty."""
    own = await bot.headlines.send("mine")
    direct = await (await bot.fetch_user(ALICE)).send("psst")
    plain = await local.says("alice", HEADLINES, "secret")
    named = await local.says("alice", HEADLINES, f"hey <@{BOT}>")
    reply = await local.says("alice", HEADLINES, "I disagree", reply_to=str(own.id))
    answer = await local.says("alice", direct.channel.id, "hi bot")

    async def content(id_: str | int) -> str:
        return str((await bot.seen("message", lambda each: each.id == int(id_))).content)

    assert await content(own.id) == "mine"
    assert await content(plain["id"]) == ""
    assert await content(named["id"]) == f"hey <@{BOT}>"
    assert await content(reply["id"]) == "I disagree"
    assert await content(answer["id"]) == "hi bot"


async def test_content_comes_with_its_intent(local: Local, login: Login) -> None:
    """Messages can be read by who asked for it and may; over REST the portal's switch decides."""
    client = await login(discord.Intents(guilds=True, messages=True, message_content=True))
    said = await local.says("alice", HEADLINES, "secret")
    assert (await client.seen("message")).content == "secret"
    assert (await client.headlines.fetch_message(int(said["id"]))).content == "secret"
    await local.ask("PATCH", "/local/application", {"privileged_intents": False})
    assert (await client.headlines.fetch_message(int(said["id"]))).content == ""


async def test_missed_events_are_replayed_after_a_drop(local: Local, bot: Watcher) -> None:
    """What happened while the connection was down comes once, in order, after a resume."""
    await local.ask("POST", "/local/gateway/drop")
    said = [int((await local.says("alice", HEADLINES, str(n)))["id"]) for n in range(5)]
    await bot.seen("resumed")
    await bot.seen("message", lambda each: each.id == said[-1])
    assert [args[0].id for event, args in bot.events if event == "message"] == said
    assert bot.count("ready") == 1


async def test_a_requested_reconnect_resumes(local: Local, bot: Watcher) -> None:
    """Opcode 7 makes discord.py come back and resume."""
    await local.ask("POST", "/local/gateway/reconnect")
    await bot.seen("resumed")
    said = await local.says("alice", HEADLINES, "after")
    await bot.seen("message", lambda each: each.id == int(said["id"]))


@pytest.mark.slow
async def test_an_invalidated_session_begins_anew(local: Local, bot: Watcher) -> None:
    """After opcode 9 the client identifies again; what it missed is lost."""
    bot.events.clear()
    await local.ask("POST", "/local/gateway/invalidate")
    await local.says("alice", HEADLINES, "missed")
    await bot.seen("ready")
    said = await local.says("alice", HEADLINES, "seen")
    await bot.seen("message", lambda each: each.id == int(said["id"]))
    assert bot.count("message") == 1


async def test_a_resume_that_is_too_old_is_refused(local: Local) -> None:
    """When the buffer no longer holds all that was missed, opcode 9 says so."""
    connection = await raw(local)
    await connection.get()
    await connection.identify(INTENTS.value)
    ready = await connection.get()
    await connection.socket.close(code=4000)
    for n in range(2100):
        local.server.ctx.hub.emit("TYPING_START", {BOT}, {"n": n, "guild_id": "1"})
    again = await raw(local)
    await again.get()
    resume = {"token": TOKEN, "session_id": ready["d"]["session_id"], "seq": 2}
    await again.socket.send_json({"op": 6, "d": resume})
    assert await again.get() == {"t": None, "s": None, "op": 9, "d": False}


async def test_events_can_be_lost_doubled_and_delayed(local: Local, bot: Watcher) -> None:
    """Ordered event faults do to events what Discord sometimes does."""
    for mode in ("lose", "twice"):
        await local.fault(event="MESSAGE_CREATE", mode=mode)
    lost, doubled = await local.says("alice", HEADLINES, "1"), await local.says("alice", HEADLINES, "2")
    await local.fault(event="MESSAGE_CREATE", mode="late")
    late, last = await local.says("alice", HEADLINES, "3"), await local.says("alice", HEADLINES, "4")
    await bot.seen("message", lambda each: each.id == int(late["id"]))
    seen = [str(args[0].id) for event, args in bot.events if event == "message"]
    assert lost["id"] not in seen
    assert seen == [doubled["id"], doubled["id"], last["id"], late["id"]]


async def test_members_can_be_asked_for(local: Local, bot: Watcher) -> None:
    """Opcode 8 by id and by name gives members without the privileged intent."""
    guild = bot.guilds[0]
    found = await guild.query_members(user_ids=[ALICE, 5])
    assert [each.id for each in found] == [ALICE]
    assert [each.name for each in await guild.query_members("mi")] == ["mia"]


async def test_the_page_learns_that_the_bot_left(local: Local, login: Login) -> None:
    """State and an event tell whether the bot is connected."""
    assert (await local.ask("GET", "/local/state"))["bot"]["connected"] is False
    told: asyncio.Queue[bool] = asyncio.Queue()
    local.server.ctx.hub.subscribe(ALICE, lambda _, data: told.put_nowait(data["connected"]))
    client = await login()
    assert await asyncio.wait_for(told.get(), WAIT) is True
    assert (await local.ask("GET", "/local/state"))["bot"]["connected"] is True
    await client.close()
    assert await asyncio.wait_for(told.get(), WAIT) is False
    assert (await local.ask("GET", "/local/state"))["bot"]["connected"] is False


async def test_channels_that_hide_or_go_are_told(local: Local, bot: Watcher) -> None:
    """Changes of channels and roles reach discord.py's cache."""
    await local.ask("PATCH", f"/local/channels/{NEWS}", {"require_tag": True, "name": "wire"})
    await bot.seen("guild_channel_update")
    assert bot.news.flags.require_tag
    assert bot.news.name == "wire"
    await local.ask("DELETE", f"/local/channels/{HEADLINES}")
    assert (await bot.seen("guild_channel_delete")).id == HEADLINES
    await local.ask("PATCH", "/local/roles/1300000000000004003", {"permissions": "1024"})
    await bot.seen("guild_role_update")
    assert bot.guilds[0].me.guild_permissions.manage_threads is False
