"""The REST requests that were received, for tests and the curious. The bot's token never gets in."""

from __future__ import annotations

from collections import deque
from typing import Any

from localdiscord.model import JSON

KEPT = 20_000


class RequestLog:
    """Entries carry ``n``, which counts from 1; the oldest fall out beyond ``KEPT``."""

    def __init__(self) -> None:
        self._entries: deque[JSON] = deque(maxlen=KEPT)
        self._count = 0

    def add(
        self,
        *,
        method: str,
        path: str,
        query: str,
        headers: dict[str, str],
        body: Any,
        files: list[JSON],
        time: str,
    ) -> JSON:
        """Note a request as it arrives; the caller fills in what became of it."""
        self._count += 1
        hidden = {
            key: "Bot ***" if key.lower() == "authorization" else value for key, value in headers.items()
        }
        entry: JSON = {
            "n": self._count,
            "time": time,
            "method": method,
            "path": path,
            "query": query,
            "headers": hidden,
            "body": body,
            "files": files,
            "status": None,
            "response_body": None,
            "fault": None,
        }
        self._entries.append(entry)
        return entry

    def since(self, n: int) -> list[JSON]:
        return [entry for entry in self._entries if entry["n"] > n]
