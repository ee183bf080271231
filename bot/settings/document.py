"""One TOML file, read: its text, its data and the line of each key. Knows no key by name."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.errors import Fault
from bot.settings.lines import KeyPath, Lines

if TYPE_CHECKING:
    from pathlib import Path

_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_KEY_OF_LINE = re.compile(r"\s*([\w.-]+)\s*=")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong at a path of a document, before its line is looked up."""

    path: KeyPath
    problem: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read. With a ``fault`` it could not be, and ``data`` is empty; ``text`` is what was legible."""

    path: Path
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    lines: Lines = field(default_factory=lambda: Lines(""))
    fault: Fault | None = None

    def locate(self, mistake: Mistake) -> Fault:
        """The mistake with its file, its line and its key as people write it."""
        return Fault(self.path, self.lines.of(mistake.path), key_name(mistake.path), mistake.problem)


def key_name(path: KeyPath) -> str:
    """``discord.guild_id``, ``tags[1]``: a list of tables is left out, the line tells which of them is meant."""
    if len(path) == 2 and isinstance(path[1], int):
        path = path[:1]
    while len(path) > 2 and isinstance(path[1], int):
        path = path[2:]
    name = ""
    for step in path:
        name += f"[{step}]" if isinstance(step, int) else f".{step}" if name else step
    return name


def read_document(path: Path, *, optional: bool = False) -> Document:
    """Read one file. Never raises for what is in it: whatever is wrong becomes the document's ``fault``.

    An ``optional`` file that is not there is an empty document.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        if optional:
            return Document(path)
        return _unreadable(
            path, f"the file is missing; copy {path.name} from the config folder that comes with Newsthread"
        )
    except OSError as error:
        return _unreadable(
            path, f"the file can't be read ({error.strerror}); expected a file this user may read"
        )
    try:
        text = raw.decode("utf-8-sig")  # Windows editors put a mark in front that TOML does not know
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _unreadable(path, "the file is not UTF-8 text; save it again with the encoding UTF-8", line)
    try:
        data = tomllib.loads(text)
    except RecursionError:
        return _unreadable(path, "lists or sections are nested too deeply; expected a few levels", text=text)
    except ValueError as error:
        return _invalid(path, text, str(error))
    return Document(path, text, data, Lines(text))


def _unreadable(path: Path, problem: str, line: int = 0, text: str = "") -> Document:
    return Document(path, text, fault=Fault(path, line, "file", problem))


def _invalid(path: Path, text: str, message: str) -> Document:
    place = _PLACE.search(message)
    rows = text.split("\n")
    line = int(place[1]) if place and place[1] else max(1, len(text.rstrip().split("\n")))
    column = f" at column {place[2]}" if place and place[2] else ""
    complaint = _PLACE.sub("", message)
    key = _KEY_OF_LINE.match(rows[line - 1]) if line <= len(rows) else None
    problem = (
        f"not valid TOML{column}: {complaint[:1].lower()}{complaint[1:]}; expected key = value or [section]"
    )
    return Document(path, text, fault=Fault(path, line, key[1] if key else "syntax", problem))
