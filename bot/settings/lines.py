"""Where each key of a TOML document stands, which tomllib does not tell.

Reads documents that tomllib has accepted: it walks over headers, keys and values and keeps the line of each.
Should it meet syntax that it does not know (tomllib grows with Python), it keeps what it has found until there.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from contextlib import suppress

KeyPath = tuple[str | int, ...]
"""Keys and list indexes from the document's root: ``("feed", 2, "tags", 0)``."""

_BLANKS = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACES = re.compile(r"[ \t]*")
_KEY_PART = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'|[^\s.=\]"'#]+""")
# Up to two more quotes may stand directly before the closing three (TOML 1.0, "String").
_STRING = re.compile(
    r'''"""(?:[^\\]|\\.)*?""""{0,2}|\'\'\'.*?\'\'\'\'{0,2}|"(?:[^"\\]|\\.)*"|'[^']*\'''', re.DOTALL
)
_BARE = re.compile(r"[^,\]}#\n]*")


class _OutOfStep(Exception):
    """The text is not what the walk takes it for."""


class Lines:
    """The lines of one document, counted from 1."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._breaks = [match.start() for match in re.finditer("\n", text)]
        self._arrays: dict[KeyPath, int] = {}  # arrays of tables -> index of their newest table
        self._lines: dict[KeyPath, int] = {}
        with suppress(_OutOfStep, RecursionError):
            self._document()

    def of(self, path: KeyPath) -> int:
        """The line where ``path``, or the nearest thing around it that the document has, begins."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def known(self) -> frozenset[KeyPath]:
        """Every path that the document has."""
        return frozenset(self._lines)

    def line_at(self, offset: int) -> int:
        """The line of a character, by its index in the text."""
        return bisect_right(self._breaks, offset - 1) + 1

    def _document(self) -> None:
        table: KeyPath = ()
        while self._skip(_BLANKS) < len(self._text):
            line = self.line_at(self._at)
            if self._take("[["):
                *around, name = self._key()
                path = (*self._enter((), around, line), name)
                index = self._arrays[path] = self._arrays.get(path, -1) + 1
                self._lines.setdefault(path, line)
                table = (*path, index)
                self._lines[table] = line
                self._expect("]]")
            elif self._take("["):
                table = self._enter((), self._key(), line)
                self._lines[table] = line  # its own header counts, not the first mention of a table within it
                self._expect("]")
            else:
                self._pair(table)

    def _pair(self, table: KeyPath) -> None:
        line = self.line_at(self._at)
        path = self._enter(table, self._key(), line)
        self._expect("=")
        self._skip(_SPACES)
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        if self._take("["):
            index = 0
            while self._skip(_BLANKS) < len(self._text) and not self._take("]"):
                self._lines[*path, index] = self.line_at(self._at)
                self._value((*path, index))
                self._skip(_BLANKS)
                self._take(",")
                index += 1
        elif self._take("{"):
            while self._skip(_BLANKS) < len(self._text) and not self._take("}"):
                self._pair(path)
                self._skip(_BLANKS)
                self._take(",")
        else:
            begin = self._at
            quoted = self._text.startswith(('"', "'"), begin)
            if self._skip(_STRING if quoted else _BARE) == begin:
                raise _OutOfStep

    def _key(self) -> list[str]:
        """The parts of a dotted key, and the spaces around them."""
        parts = []
        while True:
            self._skip(_SPACES)
            begin = self._at
            raw = self._text[begin : self._skip(_KEY_PART)]
            parts.append(_unquote(raw))
            self._skip(_SPACES)
            if not self._take("."):
                return parts

    def _enter(self, table: KeyPath, parts: list[str], line: int) -> KeyPath:
        """The path of a dotted key within a table; an array of tables on the way stands for its newest table."""
        path = table
        for part in parts:
            path = (*path, part)
            self._lines.setdefault(path, line)
            if path in self._arrays:
                path = (*path, self._arrays[path])
        return path

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
        return self._at

    def _take(self, literal: str) -> bool:
        found = self._text.startswith(literal, self._at)
        if found:
            self._at += len(literal)
        return found

    def _expect(self, literal: str) -> None:
        if not self._take(literal):
            raise _OutOfStep


def _unquote(raw: str) -> str:
    if raw.startswith('"') and "\\" in raw:
        try:
            return str(tomllib.loads(f"key = {raw}")["key"])
        except ValueError as error:
            raise _OutOfStep from error
    return raw[1:-1] if raw.startswith(('"', "'")) else raw
