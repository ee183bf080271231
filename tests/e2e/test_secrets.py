"""What the real program leaves anywhere, at its most talkative and with much going wrong: none of it holds a secret."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sqlite3
import sys
from base64 import b64encode
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.settings.keys import LogKeys, StatusKeys
from tests.e2e.test_quotes import reposted
from tests.process import ROOT, bot_process, write_config
from tests.scenario import until

if TYPE_CHECKING:
    from tests.scenario import Scenario

pytestmark = pytest.mark.slow

TOKEN = "local-bot-token"
WRONG = "MTMwMDAwMDAwMDAwMDAwMzAwMA.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"
PASSWORD = "sesame-open"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in family(int(child)))]


async def run(scene: Scenario, *arguments: str, token: str = TOKEN) -> tuple[int, bytes]:
    """A command with the scene's configuration: exit code, and all that it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments, "--config", str(scene.folder / "config")),
        cwd=ROOT,
        env=os.environ | {"DISCORD_TOKEN": token},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said


async def upset(scene: Scenario) -> None:
    """Let something go wrong wherever a secret is used: token, webhook, interaction, a feed with a password."""
    thread = (await scene.until_names("One"))[0]["id"]
    scene.paper.publish("/world.rss", "Two")
    await scene.fault(method="POST", path="/webhooks/", status=500, times=1)
    await scene.fault(method="POST", path="/webhooks/", drop="after", times=1)
    await scene.fault(method="POST", path="/channels/[0-9]+/threads", status=429, retry_after=0.2, times=1)
    bob = await scene.post("bob", thread, "It is long.")
    await scene.until_seen(bob["id"])
    await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
    await scene.fault(method="POST", path="/interactions/", status=500, times=1)
    await scene.interact("alice", "message", thread, name="Quote…", target_id=bob["id"])
    await scene.interact("alice", "message", thread, name="Quote…", target_id=bob["id"])
    await reposted(scene, thread, "Alice", "Too long.")
    await scene.until_names("One", "Two")
    await scene.call("POST", "/local/gateway/invalidate")


async def tokens_given(scene: Scenario) -> set[str]:
    """Those of webhooks and interactions, as the local Discord has them."""
    hooks = [
        entry["response_body"]["token"] for entry in await scene.requests("POST", "/webhooks") if _made(entry)
    ]
    answers = [
        re.search(r"/interactions/\d+/([^/]+)/", entry["path"])
        for entry in await scene.requests("POST", "/interactions/")
    ]
    found = {*hooks, *(answer[1] for answer in answers if answer)}
    assert hooks
    assert len(found) >= 2 + len(hooks)
    return found


def _made(entry: dict[str, object]) -> bool:
    return (
        re.fullmatch(r".*/channels/\d+/webhooks", str(entry["path"])) is not None and entry["status"] == 200
    )


async def test_no_secret_is_left_anywhere(scene: Scenario) -> None:
    """Log, status page, metrics, health, store, backup, `check`, argv of all processes and environment of children."""
    scene.log = LogKeys(level="debug")
    page = f"127.0.0.1:{free_port()}"
    scene.status = StatusKeys(listen=page)
    scene.watch("/world.rss", url=scene.paper.url.replace("//", f"//ida:{PASSWORD}@") + "/world.rss")
    scene.watch("/none.rss", url=scene.paper.url.replace("//", f"//ida:{PASSWORD}@") + "/none.rss")
    scene.paper.publish("/world.rss", "One")
    left: dict[str, bytes] = {}

    async with bot_process(scene) as process, aiohttp.ClientSession() as session:
        await upset(scene)
        for path in ("/", "/metrics", "/healthz"):
            async with session.get(f"http://{page}{path}") as answer:
                left[path] = await answer.read() + repr(answer.headers).encode()
        everyone = family(process.pid)
        assert len(everyone) > 1  # readers of feeds
        for pid in everyone:
            left[f"argv of {pid}"] = Path(f"/proc/{pid}/cmdline").read_bytes()
        for pid in everyone[1:]:
            left[f"environment of {pid}"] = Path(f"/proc/{pid}/environ").read_bytes()
        code, left["db backup"] = await run(scene, "db", "backup", str(scene.folder / "backup.db"))
        assert code == 0
        store = {path.name: path.read_bytes() for path in scene.folder.glob("*.db*")}
        await until(lambda: _said(scene, "connected to Discord", 2))
    code, left["check"] = await run(scene, "check", "--online")
    assert code == 2  # of the feed that is not there
    left["log"] = (scene.folder / "bot.log").read_bytes()
    store |= {f"{path.name} at the end": path.read_bytes() for path in scene.folder.glob("*.db*")}

    tokens = {TOKEN, *await tokens_given(scene)}
    forms = {form for token in tokens for form in (token.encode(), b64encode(token.encode()))}
    for place, found in (left | store).items():
        assert not [form for form in forms if form in found], place
    for place, found in left.items():
        assert PASSWORD.encode() not in found, place
        assert b64encode(f"ida:{PASSWORD}".encode()) not in found, place
    assert b"world.rss" in left["/"]
    assert b"/none.rss" in left["/"]
    assert {"newsthread.db", "newsthread.db-wal", "backup.db"} <= store.keys()
    with closing(sqlite3.connect(scene.folder / "backup.db")) as rows:
        assert rows.execute("SELECT count(*) FROM story").fetchone()[0] >= 2


async def test_a_refused_token_is_not_repeated(scene: Scenario) -> None:
    """The program ends with 3 and one sentence; neither that nor what `check` says has any part of the token."""
    scene.log = LogKeys(level="debug", format="json")
    scene.watch("/world.rss")
    write_config(scene, scene.folder / "config")

    for arguments, expected in ((("run",), 3), (("check", "--online"), 2)):
        code, said = await run(scene, *arguments, token=WRONG)
        assert code == expected
        assert b"refused the token" in said
        assert b"Traceback" not in said
        assert not [part for part in WRONG.split(".")[1:] if part.encode() in said]
    assert b"client_id=1300000000000003000" in said


async def _said(scene: Scenario, words: str, times: int) -> bool:
    return (scene.folder / "bot.log").read_text(encoding="utf-8").count(words) >= times
