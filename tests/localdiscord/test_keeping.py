"""State survives a restart and a kill; the command line says where it listens and stops when told."""

from __future__ import annotations

import asyncio
import io
import json
import signal
import sys
import time
from pathlib import Path

import aiohttp
import discord
import pytest

from localdiscord import Clock, LocalDiscord
from localdiscord.clock import Snowflakes, snowflake_time
from localdiscord.seed import TOKEN
from localdiscord.storage import FILE, StorageError
from tests.localdiscord.conftest import ALICE, HEADLINES, MOD_LOG, NEWS, WAIT, Start, Watcher, pointed_at


async def test_everything_is_there_after_a_restart(start: Start, tmp_path: Path) -> None:
    """Threads, messages, files, reactions, webhooks, roles, audit log and commands come back the same."""
    local = await start(data=tmp_path)
    with pointed_at(local.url):
        client = Watcher()
        await client.login(TOKEN)
        connected = asyncio.create_task(client.connect())
        await client.seen("ready")
        thread, message = await client.news.create_thread(
            name="Kept", content="body", file=discord.File(io.BytesIO(b"bytes"), "a.txt"), reason="why"
        )
        await message.add_reaction("👍")
        await client.headlines.create_webhook(name="Hook")
        gone = await client.headlines.send("gone")
        await gone.delete()
        await client.close()
        await connected
    await local.rest("POST", "/applications/1300000000000003000/commands", {"name": "x", "description": "y"})
    await local.ask("PATCH", "/local/roles/1300000000000004003", {"permissions": "2048"})
    await local.ask("PATCH", "/local/members/alice", {"locale": "de", "premium": True})
    await local.says("alice", HEADLINES, "x" * 3000, stickers=["1300000000000007001"])
    await local.ask("DELETE", f"/local/channels/{MOD_LOG}")
    before = await _seen(local)
    await local.server.close()
    again = local
    for _ in range(2):
        again = await start(data=tmp_path)
        assert _portless(await _seen(again), again.url) == _portless(before, local.url)
        await again.server.close()
    again = await start(data=tmp_path)
    url = (await again.messages(thread.id))[0]["attachments"][0]["url"]
    async with again.web.get(url) as response:
        assert await response.read() == b"bytes"
    assert int((await again.says("alice", HEADLINES, "next"))["id"]) > thread.id


async def _seen(local: object) -> list[object]:
    paths = (
        "/local/state",
        f"/local/channels/{NEWS}/threads?as=ada",
        f"/local/channels/{HEADLINES}/messages?as=ada",
    )
    found = [await local.ask("GET", path) for path in paths]  # type: ignore[attr-defined]
    found[0].pop("now")
    found.append(sorted(local.server.ctx.world.audit))  # type: ignore[attr-defined]
    found.append([each.name for each in local.server.ctx.world.webhooks.values()])  # type: ignore[attr-defined]
    found.append([each.body for each in local.server.ctx.world.commands.values()])  # type: ignore[attr-defined]
    return found


def _portless(found: list[object], url: str) -> str:
    return json.dumps(found).replace(url, "")


def test_ids_are_of_their_time_and_rise() -> None:
    """However many are asked for, and after a restart too."""
    clock = Clock()
    ids = Snowflakes(clock)
    made = [ids.next() for _ in range(5000)]
    assert made == sorted(set(made))
    assert abs((snowflake_time(made[0]) - clock.now()).total_seconds()) < 5
    assert Snowflakes(clock, made[-1] + (1 << 40)).next() == made[-1] + (1 << 40) + 1


async def test_a_taken_port_is_an_error(start: Start) -> None:
    """The second server says so and leaves nothing behind."""
    local = await start()
    second = LocalDiscord(int(local.url.rpartition(":")[2]))
    with pytest.raises(OSError, match="address already in use"):
        await second.start()
    await second.close()


async def test_a_data_folder_serves_one_server(start: Start, tmp_path: Path) -> None:
    """A second one is told why it can't start; so is one whose file is no database."""
    local = await start(data=tmp_path / "one")
    with pytest.raises(StorageError, match="is another local Discord using it"):
        await LocalDiscord(data=tmp_path / "one").start()
    await local.says("alice", HEADLINES, "undisturbed")
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(StorageError, match="is damaged"):
        await LocalDiscord(data=tmp_path / "two").start()


async def test_closing_ends_open_streams_at_once(start: Start) -> None:
    """A page that listens and a client that is connected don't hold the server up."""
    local = await start()
    async with local.web.get(f"{local.url}/local/events?as={ALICE}") as stream:
        await stream.content.readline()
        socket = await local.web.ws_connect(f"{local.url}/gateway?v=10")
        await socket.receive()
        began = time.monotonic()
        closing = asyncio.create_task(local.server.close())
        assert (await socket.receive(timeout=WAIT)).type is aiohttp.WSMsgType.CLOSE
        await stream.content.read()
        await asyncio.wait_for(closing, WAIT)
        assert time.monotonic() - began < 2


async def _run(*options: str) -> tuple[asyncio.subprocess.Process, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "localdiscord",
        "--port",
        "0",
        *options,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    line = json.loads(await asyncio.wait_for(process.stdout.readline(), 30))
    assert line["page"] == line["url"] + "/"
    return process, line["url"]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["SIGTERM", "SIGINT", "eof"])
async def test_the_command_line_starts_and_stops(how: str) -> None:
    """One JSON line when ready; exit 0 on a signal or the end of input."""
    process, url = await _run("--until-eof", "--newspaper", "--fast")
    async with aiohttp.ClientSession() as web, web.get(url + "/local/state") as response:
        assert response.status == 200
    if how == "eof":
        assert process.stdin
        process.stdin.close()
    else:
        process.send_signal(getattr(signal, how))
    assert await asyncio.wait_for(process.wait(), 10) == 0


@pytest.mark.slow
async def test_a_kill_loses_at_most_the_last_moment(tmp_path: Path) -> None:
    """What was said a moment before SIGKILL is there afterwards."""
    process, url = await _run("--data", str(tmp_path))
    async with aiohttp.ClientSession() as web:
        address = f"{url}/local/as/alice/channels/{HEADLINES}/messages"
        for n in range(20):
            async with web.post(address, json={"content": str(n)}) as response:
                assert response.status == 200
        await asyncio.sleep(1.0)
        process.kill()
        await process.wait()
        process, url = await _run("--data", str(tmp_path))
        async with web.get(f"{url}/local/channels/{HEADLINES}/messages?as=bob") as response:
            assert [each["content"] for each in await response.json()] == [str(n) for n in range(20)]
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 10) == 0
