"""The part of ``Store`` for its upkeep while the program runs: whether it can be written, and jobs that wait.

``bot/store/facade.py`` makes one class of it and of the rest; callers see ``Store``.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert

from bot.store import sqlite, waiting
from bot.store.schema import said_once

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from bot.clock import Clock
    from bot.errors import StoreCorrupt, StoreFailing
    from bot.model import WaitingJob
    from bot.store.writer import Writer

_TRIAL = "trial"
_TRIAL_SIZE = 64 * 1024  # characters


class UpkeepFacts:
    """Methods of ``Store``, which see for what holds of them all."""

    path: Path  # of the database file
    _writer: Writer
    _clock: Clock

    # --- whether it can be written (bot/store/writer.py) ---------------------------------------------------

    @property
    def failure(self) -> StoreFailing | StoreCorrupt | None:
        """What the disk or the file did to a transaction; None from the start, and from a ``probe`` that succeeded."""
        return self._writer.failure

    @property
    def failing(self) -> asyncio.Event:
        """Set as long as there is a ``failure``."""
        return self._writer.failing

    async def sound(self) -> None:
        """Wait until there is no ``failure``."""
        await self._writer.sound.wait()

    async def probe(self) -> None:
        """Write as much as a large transaction does, and take it away again.

        Raises:
            StoreFailing: it can't be written.
        """
        await self._writer.run(probe, self._clock.now())
        self._writer.healed()

    async def room(self) -> int:
        """Bytes that are free on its disk.

        Raises:
            StoreFailing: that can't be found out.
        """
        return await asyncio.to_thread(sqlite.room, self.path)

    # --- jobs that wait (bot/store/waiting.py) -------------------------------------------------------------

    async def waiting(self, most: int, *, parked_first: bool = False) -> tuple[WaitingJob, ...]:
        """Jobs that something stands in the way of, oldest first; optionally those that wait for a person before."""
        return await self._writer.run(waiting.waiting, most, parked_first=parked_first)

    async def parked(self, job_id: int) -> WaitingJob | None:
        """That job, if it is parked."""
        return await self._writer.run(waiting.parked, job_id)

    async def unpark_all(self) -> int:
        """``unpark`` every parked job; how many there were."""
        return await self._writer.run(waiting.unpark_all, self._clock)


def probe(connection: Connection, now: datetime) -> None:
    # Pages that were never written are what a full disk refuses: this takes some, and deleting writes them, too.
    connection.execute(delete(said_once).where(said_once.c.key.startswith(_TRIAL)))
    connection.execute(insert(said_once).values(key=_TRIAL.ljust(_TRIAL_SIZE, "."), at=now))
    connection.execute(delete(said_once).where(said_once.c.key.startswith(_TRIAL)))
