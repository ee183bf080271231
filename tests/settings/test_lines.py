"""Lines of keys: hand-made documents for each construct, generated ones for their combinations."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings.lines import KeyPath, Lines

if TYPE_CHECKING:
    from random import Random


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("\n\na = 1", ("a",), 3),
        ("[t] # [x]\n\n# b = 0\nb = 1", ("t", "b"), 4),
        ("[t]\n[t.u]\nb = 1\n", ("t", "u"), 2),
        ("[t.u]\nb = 1\n[t]\nc = 2", ("t",), 3),
        ("[[f]]\na = 1\n[[f]]\na = 2", ("f", 1, "a"), 4),
        ("[[f]]\na = 1\n[[f]]\na = 2", ("f",), 1),
        ("[[f]]\n[f.s]\nx = 1\n[[f]]\n[f.s]\nx = 2", ("f", 1, "s", "x"), 6),
        ("[[f]]\n[[f.g]]\n[[f.g]]\n[[f]]\n[[f.g]]\nx = 1", ("f", 1, "g", 0, "x"), 6),
        ("a.b . c = 1\na.d = 2", ("a", "d"), 2),
        ("a.b . c = 1\na.d = 2", ("a",), 1),
        ('"a.b" = 1\n\'c d\'."e" = 2', ("c d", "e"), 2),
        ('"q\\u0041\\"" = 1\n"" = 2', ('qA"',), 1),
        ('"q\\u0041\\"" = 1\n"" = 2', ("",), 2),
        ('[ "x]" . y ]\nz = 1', ("x]", "y", "z"), 2),
        ('a = """\n[t]\nb = 1\n"""\nb = 2', ("b",), 5),
        ("a = '''\n\"\"\"\n'''\nb = 2", ("b",), 4),
        ('a = """x\\"""y"""""\nb = 2', ("b",), 2),
        ("a = ''''''\nb = 2", ("b",), 2),
        ("a = '''x'''''\nb = 2", ("b",), 2),
        ('a = "]#\\\\"\nb = 2', ("b",), 2),
        ("a = [ # [\n 1,\n 'x]',\n {b = 2},\n]\nc = 1", ("a", 2, "b"), 4),
        ("a = [ # [\n 1,\n 'x]',\n {b = 2},\n]\nc = 1", ("c",), 6),
        ("a = [[1],\n[2, [\n3]]]", ("a", 1, 1, 0), 3),
        ("a = {b.c = 1, d = [\n1,\n2]}\ne = 1", ("a", "d", 1), 3),
        ("a = 1979-05-27 07:32:00Z # x\nb = 1", ("b",), 2),
        ("a = 1\r\n\r\nb = 2\r\n", ("b",), 3),
        ("[t]\na = 1", ("t", "missing", "deeper"), 1),
        ("\n\n[t]\na = 1", ("t", "missing"), 3),
        ("a = 1", ("nowhere",), 1),
        ("", ("nowhere",), 1),
    ],
)
def test_line_of(text: str, path: KeyPath, line: int) -> None:
    """Each construct of TOML yields the line its key stands on, a missing key that of what surrounds it."""
    lines = Lines(text)

    assert lines.of(path) == line
    assert lines.known() == paths(tomllib.loads(text))


def basic(text: str) -> str:
    """A basic string: quotes, backslashes and control characters escaped."""

    def escaped(char: str) -> str:
        if char in '"\\':
            return "\\" + char
        return f"\\u{ord(char):04x}" if ord(char) < 256 and not char.isprintable() else char

    return f'"{"".join(map(escaped, text))}"'


class Writer:
    """Writes data as TOML in an arbitrary style and notes on which line each path begins."""

    def __init__(self, random: Random) -> None:
        self.text = ""
        self.lines: dict[KeyPath, int] = {}
        self._random = random

    def note(self, path: KeyPath) -> None:
        self.lines.setdefault(path, self.text.count("\n") + 1)

    def maybe(self, *choices: str) -> str:
        return self._random.choice(choices)

    def key(self, key: str) -> None:
        quoted = [basic(key)]
        if key.isascii() and key.replace("-", "").replace("_", "").isalnum():
            quoted.append(key)
        if key.isprintable() and "'" not in key:
            quoted.append(f"'{key}'")
        self.text += self.maybe("", " ") + self.maybe(*quoted) + self.maybe("", " \t")

    def gap(self) -> None:
        """Where line breaks are allowed."""
        self.text += self.maybe("", " ", "\n", "\r\n  ", ' # [x] = """ \n', "\n\n\t")

    def string(self, value: str) -> None:
        forms = [basic(value), f'"""\n{basic(value)[1:-1]}"""']
        if value.isprintable() and "'" not in value:
            forms += [f"'{value}'", f"'''\n{value}'''", f"'''{value}'''"]
        if value.isprintable() and "\\" not in value and '"""' not in value:
            forms += [f'"""{value}"""', f'"""\n{value}"""']
        if value and all(char.isprintable() or char == "\n" for char in value) and "\\" not in value:
            forms.append(f'"""\\\n  \n  .{value.replace(chr(34), chr(92) + chr(34))}"""')
        self.text += self.maybe(*forms)

    def value(self, value: Any, path: KeyPath) -> None:
        match value:
            case dict():
                self.text += "{"
                for number, (key, inner) in enumerate(value.items()):
                    self.text += ", " if number else ""
                    self.note((*path, key))
                    self.key(key)
                    self.text += "="
                    self.value(inner, (*path, key))
                self.text += self.maybe("", " ") + "}"
            case list():
                self.text += "["
                for index, inner in enumerate(value):
                    self.gap()
                    self.note((*path, index))
                    self.value(inner, (*path, index))
                    self.gap()
                    self.text += "," if index < len(value) - 1 else self.maybe("", ",")
                self.gap()
                self.text += "]"
            case str():
                self.string(value)
            case bool():
                self.text += str(value).lower()
            case _:
                self.text += str(value)

    def pair(self, prefix: list[str], key: str, value: Any, path: KeyPath) -> None:
        """One key; a table may be written as dotted keys."""
        if isinstance(value, dict) and value and self._random.random() < 0.5:
            for inner, deeper in value.items():
                self.pair([*prefix, key], inner, deeper, (*path, key))
            return
        for depth in range(len(prefix)):
            self.note((*path[: len(path) - len(prefix)], *prefix[: depth + 1]))
        self.note((*path, key))
        for number, part in enumerate([*prefix, key]):
            self.text += "." if number else ""
            self.key(part)
        self.text += "=" + self.maybe("", " ")
        self.value(value, (*path, key))
        self.text += self.maybe("\n", "\r\n", ' # it\'s "here"\n', "\n\n")

    def header(self, names: list[str], path: KeyPath, brackets: int) -> None:
        self.text += self.maybe("", "\n", "# [no]\n") + "[" * brackets
        for number, name in enumerate(names):
            self.text += "." if number else ""
            self.key(name)
        self.lines[path] = self.text.count("\n") + 1
        self.text += "]" * brackets + self.maybe("\n", " # x\n")

    def section(self, names: list[str], path: KeyPath, table: dict[str, Any]) -> None:
        later = {}
        for key, value in table.items():
            tables = isinstance(value, dict) or (
                isinstance(value, list) and value and all(isinstance(item, dict) for item in value)
            )
            if tables and self._random.random() < 0.7:
                later[key] = value
            else:
                self.pair([], key, value, path)
        for key, value in later.items():
            inner: KeyPath = (*path, key)
            if isinstance(value, dict):
                self.header([*names, key], inner, 1)
                self.section([*names, key], inner, value)
                continue
            for index, item in enumerate(value):
                self.header([*names, key], (*inner, index), 2)
                self.lines.setdefault(inner, self.lines[*inner, index])
                self.section([*names, key], (*inner, index), item)


def paths(value: Any, path: KeyPath = ()) -> set[KeyPath]:
    found = {path} if path else set()
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            found |= paths(inner, (*path, step))
    return found


CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\r\x7f")
KEYS = st.one_of(st.sampled_from(["a", "b", "feed", "id", "x-y", "1"]), st.text(CHARACTERS, max_size=4))
VALUES = st.recursive(
    st.one_of(
        st.integers(-(2**63), 2**63 - 1),
        st.booleans(),
        st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: "e" not in repr(number)),
        st.datetimes(),
        st.text(CHARACTERS, max_size=8),
        st.text("\"'\\\n#[]{}=,.", max_size=6),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@given(data=st.dictionaries(KEYS, VALUES, max_size=5), random=st.randoms(use_true_random=False))
def test_generated_documents(data: dict[str, Any], random: Random) -> None:
    """However a document is written, every path that tomllib finds has the line it was written on."""
    writer = Writer(random)
    writer.section([], (), data)

    assert paths(tomllib.loads(writer.text)) == set(writer.lines)  # the writer itself tells the truth
    lines = Lines(writer.text)
    assert {path: lines.of(path) for path in lines.known()} == writer.lines


PIECES = [*"\"'[]{}=,.#\\\n \rab1", '"' * 3, "'" * 3, "[[", "]]", "a = ", "\\u00", "# x"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_documents_that_are_none(text: str) -> None:
    """On text that is no TOML the walk ends all the same, without an error and with lines that exist."""
    lines = Lines(text)

    assert all(1 <= lines.of(path) <= text.count("\n") + 1 for path in lines.known())
