"""One instance to a store: an advisory lock that the kernel frees when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from bot.errors import StoreError, StoreLocked

if TYPE_CHECKING:
    from pathlib import Path


class InstanceLock:
    """Holds ``<store>.lock`` from construction to ``release``.

    The file stays when the lock is gone: unlinking it would let a second instance lock a new file of that name
    while the first still holds the old one. It holds the process id as text, for people.

    Raises:
        StoreLocked: another instance holds it.
        StoreError: the file can't be made or opened.
    """

    def __init__(self, store: Path) -> None:
        path = store.with_name(store.name + ".lock")
        try:
            # Not inherited by the processes we start (PEP 446): one that outlives us must not keep the lock.
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreError(
                f"{path} can't be opened ({error.strerror}): the user that Newsthread runs as must be able to"
                " write there"
            ) from error
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(self._fd, 32).decode(errors="replace").strip() or "unknown"
            os.close(self._fd)
            if not isinstance(error, BlockingIOError):
                raise StoreError(
                    f"{path} can't be locked ({error.strerror}): keep the store on a local disk, not on a network"
                    " share"
                ) from error
            raise StoreLocked(
                f"{path} is held by a running Newsthread (process {holder}): stop that one first, or give this one"
                " a store of its own ([store] url in newsthread.toml)"
            ) from error
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let the next instance in. Further calls do nothing."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
