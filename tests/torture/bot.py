"""``newsthread run`` as a process of its own that starts in a tenth of the time: forked from one that has imported it all."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
from typing import TYPE_CHECKING

from bot.failpoints import VARIABLE

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

_FORKS = multiprocessing.get_context("forkserver")
_IMPORTED = [
    *("bot.cli", "bot.app", "cogs.news", "cogs.quotes", "cogs.posts", "cogs.reactions", "cogs.moderation"),
    *("aiosqlite", "alembic.config", "sqlalchemy.dialects.sqlite.aiosqlite", "tests.torture.bot"),
]
_LOOK = 0.02  # seconds between looks whether it still runs


class Bot:
    """One life: ``newsthread run`` with a folder of settings, what it says added to a file."""

    def __init__(self, config: Path, failpoint: Path, log: Path) -> None:
        _FORKS.set_forkserver_preload(_IMPORTED)
        self._process: ForkServerProcess = _FORKS.Process(
            target=_live, args=(config, failpoint, log), daemon=True
        )

    async def start(self) -> None:
        await asyncio.to_thread(self._process.start)

    @property
    def code(self) -> int | None:
        """What it ended with, negative for a signal; None while it runs."""
        return self._process.exitcode

    def signal(self, number: signal.Signals) -> None:
        """Nothing happens to one that has ended."""
        if self.code is None and self._process.pid is not None:
            os.kill(self._process.pid, number)

    async def ended(self, patience: float) -> bool:
        """Wait for its end, so long at most."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience
        while self.code is None:
            if loop.time() > deadline:
                return False
            await asyncio.sleep(_LOOK)
        return True


def _live(config: Path, failpoint: Path, log: Path) -> None:
    from bot.cli import main

    with log.open("ab") as said:
        os.dup2(said.fileno(), sys.stderr.fileno())
    os.environ |= {"DISCORD_TOKEN": "local-bot-token", VARIABLE: str(failpoint)}
    sys.exit(main(["run", "--config", str(config)]))
