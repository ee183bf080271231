"""Files of removed posts, kept in a folder beside the database. Knows nothing of the tables.

No name is anybody's choice: a file lies at "case/message-number" (while it is written, with ".partial"). No other path is ever touched.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

_PATH = re.compile(r"[0-9]+/[0-9]+-[0-9]+(\.partial)?")


class KeptFiles:
    """Keeps bytes under relative paths in ``folder``, readable by our user alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, case_id: int, message_id: int, data: Sequence[bytes]) -> tuple[str, ...]:
        """Keep the files of a post, in place of those kept before; their paths, in order. Durable when it returns.

        Raises:
            StoreError: the disk is full, or the folder can't be written.
        """
        try:
            return await asyncio.to_thread(self._keep, case_id, message_id, data)
        except OSError as error:
            raise StoreError(
                f"{self._folder} can't be written ({error.strerror}), so nothing is removed: free some space there, and"
                " see that it belongs to the user that Newsthread runs as"
            ) from error

    async def read(self, path: str) -> bytes | None:
        """What was kept there; None when it is not, or not any more."""
        return await asyncio.to_thread(self._read, path)

    async def drop(self, paths: Iterable[str]) -> None:
        """Delete the files; those that are gone already are no fault."""
        await asyncio.to_thread(self._drop, [path for path in paths if _PATH.fullmatch(path)])

    async def forget(self, case_id: int) -> None:
        """Delete all files of a case."""
        await asyncio.to_thread(shutil.rmtree, self._folder / str(case_id), ignore_errors=True)

    async def paths(self, before: datetime) -> frozenset[str]:
        """All that were kept before then."""
        return await asyncio.to_thread(self._paths, before.timestamp())

    def _keep(self, case_id: int, message_id: int, data: Sequence[bytes]) -> tuple[str, ...]:
        paths = tuple(f"{case_id}/{message_id}-{number}" for number in range(1, len(data) + 1))
        if not data:
            return paths
        case = self._folder / str(case_id)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        case.mkdir(mode=0o700, exist_ok=True)
        for path, content in zip(paths, data, strict=True):
            written = self._folder / f"{path}.partial"
            with os.fdopen(os.open(written, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            written.replace(self._folder / path)
        for folder in (case, self._folder, self._folder.parent):
            _sync(folder)
        return paths

    def _read(self, path: str) -> bytes | None:
        if not _PATH.fullmatch(path):
            return None
        try:
            return (self._folder / path).read_bytes()
        except FileNotFoundError:
            return None

    def _drop(self, paths: Sequence[str]) -> None:
        for path in paths:
            (self._folder / path).unlink(missing_ok=True)
        for case in {path.partition("/")[0] for path in paths}:
            with suppress(OSError):  # others are left in it, or it is gone
                (self._folder / case).rmdir()

    def _paths(self, before: float) -> frozenset[str]:
        found = set()
        for file in self._folder.glob("*/*"):
            path = f"{file.parent.name}/{file.name}"
            with suppress(FileNotFoundError):  # dropped at this moment
                if _PATH.fullmatch(path) and file.stat().st_mtime < before:
                    found.add(path)
        return frozenset(found)


def _sync(folder: Path) -> None:
    """See that what was renamed in a folder is so after a power cut, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
