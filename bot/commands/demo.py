"""``newsthread demo`` and ``newsthread local``: the local Discord as a process of its own.

It is started, never imported: the bot talks to it over the same sockets as to Discord.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import socket
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import NewsthreadError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CONFIG = Path(__file__).resolve().parents[2] / "config" / "demo"
TOKEN = "local-bot-token"  # noqa: S105 - of the local Discord, which tells it to everyone
PORT, STATUS_PORT = 8700, 8710  # as config/demo names them


class DemoError(NewsthreadError):
    """The demo can't be started here."""


def local_command(port: int, *options: str) -> list[str]:
    """The command line that starts the local Discord.

    Raises:
        DemoError: this installation does not carry it.
    """
    if importlib.util.find_spec("localdiscord") is None:
        raise DemoError(
            "this installation does not carry the local Discord (the Docker image leaves it out):"
            " run `make demo` in a clone of the repository"
        )
    return [sys.executable, "-m", "localdiscord", "--port", str(port), *options]


def write_config(folder: Path, port: int, *, fast: bool) -> Path:
    """Write config/demo, pointed at ``port``, into ``folder``/config; its store lies in ``folder``."""
    if not CONFIG.is_dir():
        raise DemoError(f"{CONFIG} is absent: run `make demo` in a clone of the repository")
    target = folder / "config"
    target.mkdir(parents=True, exist_ok=True)
    for source in sorted(CONFIG.glob("*.toml")):
        text = source.read_text(encoding="utf-8")
        text = text.replace(f"127.0.0.1:{PORT}", f"127.0.0.1:{port}")
        text = text.replace(f"127.0.0.1:{STATUS_PORT}", f"127.0.0.1:{_free_port(STATUS_PORT)}")
        text = text.replace("sqlite+aiosqlite:///data/", f"sqlite+aiosqlite:///{folder}/")
        if fast:
            text = text.replace('interval = "5s"', 'interval = "1s"')
        (target / source.name).write_text(text, encoding="utf-8")
    return target


@asynccontextmanager
async def local_discord(port: int, *options: str) -> AsyncIterator[dict[str, Any]]:
    """The local Discord while the context lasts; gives what it says of itself: ``url`` and ``page``.

    Raises:
        DemoError: it did not start.
    """
    process = await asyncio.create_subprocess_exec(
        *local_command(port, "--until-eof", *options),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the bot; the local Discord goes after it
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = await process.stdout.readline()
        if not line:
            raise DemoError(
                f"the local Discord did not start on port {port}: see above; another --port may help"
            )
        yield json.loads(line)
    finally:
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()


def _free_port(preferred: int) -> int:
    """``preferred`` where it is free on loopback, else any free port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", preferred))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
