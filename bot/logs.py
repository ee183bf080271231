"""Log records as text or JSON lines, without secrets. Whatever else would go to standard error goes the same way.

A token, a webhook's or interaction's address and a password in an address are recognised in the finished line, so that
it does not matter by which way they got there: message, arguments, exception, its cause, or stack.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.settings.secret import HIDDEN, hide, hide_passwords

if TYPE_CHECKING:
    from types import TracebackType

    from bot.settings.keys import LogKeys

# Each with what is kept of it.
_SECRETS = (
    # The token part of webhook and interaction addresses; interaction tokens also alone: Base64 of "interaction:…".
    (re.compile(r"(/(?:webhooks|interactions)/\d+/)[\w-]{20,}", re.ASCII), r"\1"),
    (re.compile(r"()\baW50ZXJhY3Rpb246[\w-]{20,}", re.ASCII), r"\1"),
    # Headers and keys as they are written in requests.
    (re.compile(r"(?i)(\bauthorization\W{1,5}(?:bot|bearer|basic) +)[^\s'\",]+"), r"\1"),
    (re.compile(r"""(?i)(\\?["']token\\?["']: *\\?["'])[^"'\\]+"""), r"\1"),
)
_LEAST = 20  # characters of a part of a token that is searched for by itself

# These repeat in other words what we log ourselves, and at debug level hold whole request bodies and table rows.
_TALKATIVE = ("discord", "aiohttp", "aiosqlite", "sqlalchemy", "alembic", "asyncio")


def configure(keys: LogKeys, token: str | None) -> None:
    """Send every record to standard error in the form that ``keys`` ask for, once and for all loggers.

    Exceptions that nobody catches and Python's warnings become records, too.
    """
    handler = _Quiet(sys.stderr)
    handler.setFormatter((_JsonLines if keys.format == "json" else _Text)(Redactor(token)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(keys.level.upper())
    client = logging.getLogger("discord.client")
    client.setLevel(logging.ERROR)  # at every start it misses its voice libraries
    client.addFilter(_in_a_line)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    sys.unraisablehook = _unraisable
    threading.excepthook = _uncaught_in_thread


class Redactor:
    """Takes secrets out of text: the ``token`` however it is written, and whatever has the shape of one."""

    def __init__(self, token: str | None) -> None:
        parts = [token, token.rpartition(".")[2]] if token else []  # the last is the signature
        self._known = tuple(
            dict.fromkeys(
                form
                for part in parts
                if part == token or len(part) >= _LEAST
                for form in (part, quote(part, safe=""))
            )
        )

    def clean(self, text: str) -> str:
        """The text with "(hidden)" for every secret; cleaning twice changes nothing more."""
        for known in self._known:
            text = text.replace(known, HIDDEN)
        text = hide_passwords(hide(text))
        for shape, kept in _SECRETS:
            text = shape.sub(kept + HIDDEN, text)
        return text


class _Text(logging.Formatter):
    def __init__(self, redactor: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor.clean(super().format(record))


class _JsonLines(logging.Formatter):
    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        clean = self._redactor.clean
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": clean(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = clean(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = clean(record.stack_info)
        return json.dumps(line, ensure_ascii=False)


class _Quiet(logging.StreamHandler):  # type: ignore[type-arg]
    """A record that can't be written is told of by its place alone: Python would print its arguments as they are."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        kind = getattr(sys.exc_info()[0], "__name__", "an error")
        with suppress(OSError, ValueError):  # standard error is gone: there is nobody left to tell
            self.stream.write(
                f"a record of {record.name}, line {record.lineno}, could not be written: {kind}\n"
            )


def _in_a_line(record: logging.LogRecord) -> bool:
    """Discord away for a while is no fault of ours, but discord.py logs a trace at every try: a sentence says it all."""
    if record.exc_info and str(record.msg).startswith("Attempting a reconnect in"):
        error = record.exc_info[1]
        what = f"{type(error).__name__}: {error}".removesuffix(": ")
        record.msg, record.args = "no connection to Discord (%s): %s", (what, record.getMessage().lower())
        record.exc_info = record.exc_text = None
    return True


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger(__name__).critical("ended by what nobody caught", exc_info=(kind, error, trace))


def _uncaught_in_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None:
        _uncaught(told.exc_type, told.exc_value, told.exc_traceback)


def _unraisable(told: sys.UnraisableHookArgs) -> None:
    logging.getLogger(__name__).error(
        "%s: %r", told.err_msg or "nobody could be told of", told.object, exc_info=told.exc_value
    )
