"""Log records as text or JSON lines, without secrets."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings.keys import LogKeys

# The shape of a bot token, and the token part of webhook and interaction addresses.
_SECRETS = re.compile(
    r"[A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,}"
    r"|(?<=/webhooks/)(\d+)/[A-Za-z0-9_-]{20,}"
    r"|(?<=/interactions/)(\d+)/[A-Za-z0-9_-]{20,}"
)


def configure(keys: LogKeys, token: str | None) -> None:
    """Send every record to standard error in the form that ``keys`` ask for, once and for all loggers."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines(token) if keys.format == "json" else _Text(token))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(keys.level.upper())
    logging.getLogger("discord.client").setLevel(
        logging.ERROR
    )  # at every start it misses its voice libraries
    # These repeat in other words what we log ourselves, and at debug level hold whole request bodies.
    for name in ("discord", "aiohttp.access", "alembic", "asyncio"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


class _Clean(logging.Formatter):
    def __init__(self, token: str | None) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._token = token

    def clean(self, text: str) -> str:
        if self._token:
            text = text.replace(self._token, "[token]")
        return _SECRETS.sub(lambda match: f"{match[1] or match[2] or ''}[secret]", text)


class _Text(_Clean):
    def format(self, record: logging.LogRecord) -> str:
        return self.clean(super().format(record))


class _JsonLines(_Clean):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self.clean(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = self.clean(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
