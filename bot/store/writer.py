"""Transactions that can't be left half done, whatever becomes of the task that wanted them.

Knows nothing of our tables, nor of SQLite.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from bot.errors import StoreCorrupt, StoreError, StoreFailing

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncEngine

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class Writer:
    """Runs facts, one transaction each, one at a time, in the order they were asked for.

    ``told`` makes the context in which a transaction runs, where the database's errors become ours. ``failure`` is the
    last of them that was the disk's or the file's; it stands until ``healed``, since what succeeds meanwhile may only
    have read.
    """

    def __init__(self, engine: AsyncEngine, told: Callable[[], AbstractContextManager[None]]) -> None:
        self._engine = engine
        self._told = told
        self._turn = asyncio.Lock()
        self._running: set[asyncio.Task[object]] = set()
        self._closed = False
        self.failure: StoreFailing | StoreCorrupt | None = None
        self.failing = asyncio.Event()
        self.sound = asyncio.Event()
        self.sound.set()

    async def run(
        self, fact: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fact`` in a transaction of its own, committed before this returns.

        The transaction has a task to itself: when the caller is cancelled it goes on to its end, and is then
        committed whole or undone whole. A connection shared by cancellable tasks would mix their transactions.

        Raises:
            StoreError: what the admin can cure; also when the store is closed.
        """
        if self._closed:
            raise StoreError("the store is closed")
        task = asyncio.create_task(self._transaction(lambda connection: fact(connection, *args, **kwargs)))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(_tell_failure)
            raise

    def healed(self) -> None:
        """Writing is known to succeed again. What is damaged stays so."""
        if not isinstance(self.failure, StoreCorrupt):
            self.failure = None
            self.failing.clear()
            self.sound.set()

    async def close(self) -> None:
        """Take nothing more, wait for what was asked for, and close the connection. May be called again."""
        self._closed = True
        while self._running:
            await asyncio.wait(self._running)
        await self._engine.dispose()

    async def _transaction(self, fact: Callable[[Connection], T]) -> T:
        async with self._turn:
            try:
                with self._told():
                    async with self._engine.begin() as connection:
                        return await connection.run_sync(fact)
            except (StoreFailing, StoreCorrupt) as error:
                self.failure = error
                self.sound.clear()
                self.failing.set()
                raise


def _tell_failure(task: asyncio.Task[T]) -> None:
    """Nobody waits for this one any more: its failure must not go unseen."""
    if not task.cancelled() and (error := task.exception()) is not None:
        known = isinstance(error, StoreError)
        log.error(
            "a change to the store failed after its task was cancelled: %s",
            error,
            exc_info=None if known else error,
        )
