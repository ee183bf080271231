"""The program ends when it is told to, within 10 s whatever hangs; and with a sentence when its store is damaged."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp import web

from bot.clock import Clock
from bot.commands.demo import local_discord
from bot.stopping import SECONDS
from bot.store import Store, check
from tests.process import ROOT, bot_process, is_connected, write_config
from tests.scenario import FORUM, HEADLINES, Scenario, newspaper, until
from tests.store.samples import posting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.slow

Process = asyncio.subprocess.Process


@asynccontextmanager
async def running(scene: Scenario) -> AsyncIterator[Process]:
    """``newsthread run``, from its first moment; killed at the end if the test did not end it."""
    write_config(scene, scene.folder / "config")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", "--config", str(scene.folder / "config")),
        cwd=ROOT,
        env=os.environ | {"DISCORD_TOKEN": "local-bot-token"},
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ended(process: Process, number: int = signal.SIGTERM) -> tuple[int, float]:
    """Signal it; its exit code, and after how many seconds."""
    began = time.monotonic()
    process.send_signal(number)
    code = await asyncio.wait_for(process.wait(), 15)
    return code, time.monotonic() - began


async def test_while_everything_hangs(scene: Scenario) -> None:
    """One feed drips, another never begins, a third is being parsed: it ends in time, and leaves a whole store."""
    hanging = asyncio.Event()

    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
        await response.prepare(request)
        while not hanging.is_set():
            await response.write(b" ")
            await asyncio.sleep(0.1)
        return response

    async def silent(_request: web.Request) -> web.StreamResponse:
        await hanging.wait()
        return web.Response()

    slow = web.Application()
    slow.router.add_get("/drip.rss", drip)
    slow.router.add_get("/silent.rss", silent)
    runner = web.AppRunner(slow, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    scene.watch("/drip.rss", url=f"{url}/drip.rss")
    scene.watch("/silent.rss", url=f"{url}/silent.rss")
    scene.watch("/large.rss")
    items = "".join(f"<item><guid>{n}</guid><title>Number {n}</title></item>" for n in range(60_000))
    large = web.Response(
        body=f"<rss version='2.0'><channel><title>Large</title>{items}</channel></rss>".encode()
    )
    scene.paper.answers["/large.rss"] = large
    try:
        async with bot_process(scene) as process:
            await until(lambda: asked(scene, "/large.rss"))
            code, seconds = await ended(process)
    finally:
        hanging.set()
        await runner.cleanup()
    assert (code, seconds < SECONDS) == (0, True), seconds
    assert await check(scene.settings().store.url) == []
    said = (scene.folder / "bot.log").read_text()
    assert "Traceback" not in said
    assert "cut short" not in said


async def asked(scene: Scenario, path: str) -> bool:
    return any(path == polled for polled, _ in scene.paper.requests)


async def test_while_discord_is_frozen(tmp_path: Path) -> None:
    """Neither a post under way nor the gateway's farewell is answered: it ends in time; told twice it ends at once."""
    async with (
        local_discord(0, "--data", str(tmp_path / "local")) as local,
        newspaper() as paper,
        aiohttp.ClientSession() as session,
    ):
        scene = Scenario(tmp_path, local["url"].rstrip("/"), paper, session)
        frozen = pid_of(str(tmp_path / "local"))
        await scene.fault(method="POST", path="/(threads|messages)$", delay=60, times=9)
        for channel, signals, expected, limit in (
            (FORUM, (signal.SIGTERM,), 0, SECONDS),
            (HEADLINES, (signal.SIGINT, signal.SIGTERM), 128 + signal.SIGTERM, 3.0),
        ):
            scene.watch(f"/{channel}.rss", channel)
            scene.paper.publish(f"/{channel}.rss", "One")
            async with running(scene) as process:
                await until(lambda: connected(scene, process))
                await scene.until_sending()
                os.kill(frozen, signal.SIGSTOP)
                try:
                    for number in signals[:-1]:
                        process.send_signal(number)
                        await asyncio.sleep(0.5)
                    code, seconds = await ended(process, signals[-1])
                finally:
                    os.kill(frozen, signal.SIGCONT)
                assert process.stderr is not None
                said = (await process.stderr.read()).decode()
            assert (code, seconds < limit) == (expected, True), (seconds, said)
            assert "Traceback" not in said
    assert await check(scene.settings().store.url) == []


async def connected(scene: Scenario, process: Process) -> bool:
    assert process.returncode is None, (await process.stderr.read()).decode() if process.stderr else ""
    return await is_connected(scene)


def pid_of(argument: str) -> int:
    """The process that was started with that argument."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if argument.encode() in (process / "cmdline").read_bytes().split(b"\0"):
                return int(process.name)
    raise AssertionError(f"nothing was started with {argument}")


async def test_while_logging_in(scene: Scenario) -> None:
    """A Discord that takes the connection and never says a word."""
    reached = asyncio.Event()

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.set()
        while await reader.read(1000):
            pass
        writer.close()

    server = await asyncio.start_server(mute, "127.0.0.1", 0)
    scene.discord = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with running(scene) as process:
        await asyncio.wait_for(reached.wait(), 20)
        code, seconds = await ended(process)
        assert (code, seconds < SECONDS) == (0, True), seconds
    server.close()


async def test_threads_that_hang_are_cut_short() -> None:
    """What Python itself would wait for at its end, such as a look-up of a name, keeps no process alive."""
    script = (
        "import asyncio, os, signal, time\n"
        "from bot.stopping import stop_on_signals\n"
        "async def main():\n"
        "    stop = stop_on_signals(0.5)\n"
        "    asyncio.get_running_loop().run_in_executor(None, time.sleep, 60)\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    await stop.wait()\n"
        "asyncio.run(main())\n"
    )
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, cwd=ROOT)
    assert await asyncio.wait_for(process.wait(), 20) == 0
    assert time.monotonic() - began < SECONDS


async def test_a_damaged_store_is_one_sentence(tmp_path: Path, empty_store: Path) -> None:
    """Whatever is wrong with the file, the program says so in a sentence that names it, and ends with code 1."""
    path = tmp_path / "whole.db"
    path.write_bytes(empty_store.read_bytes())
    store = await Store.open(f"sqlite+aiosqlite:///{path}", Clock())
    await store.apply(posting(*(f"n{number}" for number in range(40))))
    await store.close()
    whole = path.read_bytes()
    half = len(whole) // 2
    wrong: dict[str, tuple[bytes | None, str]] = {
        "middle": (whole[:8192] + b"\xff" * (len(whole) - 12288) + whole[-4096:], "is damaged"),
        "cut": (whole[:half], "is damaged"),
        "no-database": (b"This is a letter, not a database. " * 200, "is not a SQLite database"),
        "folder": (None, "newsthread.db"),
    }

    async def start(name: str, content: bytes | None) -> tuple[int | None, str, Path]:
        folder = tmp_path / name
        folder.mkdir()
        file = folder / "newsthread.db"
        file.mkdir() if content is None else file.write_bytes(content)
        async with aiohttp.ClientSession() as session:
            scene = Scenario(folder, "http://127.0.0.1:9", Any, session)  # type: ignore[arg-type]
            async with running(scene) as process:
                _, said = await asyncio.wait_for(process.communicate(), 60)
        return process.returncode, said.decode(), file

    found = await asyncio.gather(*(start(name, content) for name, (content, _) in wrong.items()))
    for (code, said, file), (name, (_, words)) in zip(found, wrong.items(), strict=True):
        lines = [line for line in said.splitlines() if str(file) in line]
        assert code == 1, (name, said)
        assert len(lines) == 1, (name, said)
        assert words in lines[0], (name, said)
        assert "Traceback" not in said, name
