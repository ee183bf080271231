"""The disk under the store: notices that it is full or failing, says so, and goes on when there is room again.

What can't be journalled is not posted. Gateway events that could not be stored meanwhile are looked for afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import StoreCorrupt, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.clock import Clock
    from bot.store import Store
    from bot.troubles import Troubles

PROBE_EVERY = 60.0  # seconds
_MIB = 1024 * 1024
# With less, posting pauses before it fails in the middle of something; it goes on with twice as much, lest it flaps.
LOW = 16 * _MIB
TROUBLE = "disk"


class Disk:
    """``run`` is the loop; ``on_room`` is called when writing is possible again after it was not."""

    def __init__(self, store: Store, troubles: Troubles, clock: Clock, on_room: Callable[[], None]) -> None:
        self._store = store
        self._troubles = troubles
        self._clock = clock
        self._on_room = on_room
        self._paused = False

    @property
    def ready(self) -> bool:
        """Whether what is begun now can be journalled to its end."""
        return not self._paused and self._store.failure is None

    async def run(self, beat: Callable[[], None] = lambda: None) -> None:
        """Watch until cancelled; ``beat`` is called about once a minute.

        Raises:
            StoreCorrupt: a transaction, whoever wanted it, met damage.
        """
        while True:
            beat()
            hindrance = await self._hindrance()
            if hindrance is not None:
                self._paused = True
                self._troubles.begin(TROUBLE, f"Nothing is posted: {hindrance}.")
                await self._clock.sleep(PROBE_EVERY)
                continue
            if self._paused:
                self._paused = False
                self._troubles.end(TROUBLE)
                self._on_room()
            await self._clock.wait(self._store.failing, PROBE_EVERY)

    async def _hindrance(self) -> str | None:
        """Why nothing can be written, if so. After a failure only a write that succeeds tells that it is over."""
        failure = self._store.failure
        if isinstance(failure, StoreCorrupt):
            raise failure
        if failure is not None and not self._paused:
            return str(failure)
        try:
            free = await self._store.room()
            if free < (2 * LOW if self._paused else LOW):
                return (
                    f"the disk with {self._store.path} has {free // _MIB} MiB free: free some space, Newsthread then"
                    " goes on by itself"
                )
            if self._paused:
                await self._store.probe()
        except StoreCorrupt:
            raise
        except StoreError as error:
            return str(error)
        return None
