"""``make messages``: brings every catalogue up to date with the message ids in the code. Not used while running.

The ids are read from the syntax tree: Babel's own reader misses, before Python 3.12, what is said within an f-string.
"""

from __future__ import annotations

import ast
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = ROOT / "bot" / "languages"
_SOURCES = ("bot", "cogs")

# What is called with a message id first, and ``many`` with two of them.
_SAYING = ("say", "_say", "Declined", "locale_str", "gettext_noop")

# Without the dates and names that gettext's tools put there: they would change with every run.
_HEADER = """\
# Newsthread in {language}; docs/languages.md tells how this is kept up to date.
msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def template(root: Path = ROOT) -> Catalog:
    """Every message id of the code below ``root``, with the files that have it.

    Raises:
        SyntaxError: a message id is an f-string, which can't be translated; it names file and line.
    """
    catalogue = Catalog()
    for path in sorted(path for folder in _SOURCES for path in (root / folder).rglob("*.py")):
        name = path.relative_to(root).as_posix()
        for ids, line in _said(path.read_bytes(), name):
            catalogue.add(ids, locations=[(name, line)])
    return catalogue


def catalogue_of(language: str, written: bytes) -> Catalog:
    """What a catalogue holds, which may be an empty file.

    Raises:
        babel.UnknownLocaleError, ValueError: no language is called ``language``.
    """
    return read_po(BytesIO(written), locale=Locale.parse(language, sep="-"))


def renewed(language: str, written: bytes, ids: Catalog) -> bytes:
    """The catalogue ``written`` with exactly the ``ids`` and the translations that it had.

    What resembles a new id lends it its translation, marked as fuzzy, which nobody is told before a human has
    taken the mark away.
    """
    catalogue = catalogue_of(language, written)
    catalogue.update(ids)
    assert catalogue.locale is not None
    header = _HEADER.format(
        language=catalogue.locale.english_name, locale=catalogue.locale, plural_forms=catalogue.plural_forms
    )
    body = BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, ignore_obsolete=True, include_lineno=False)
    return header.encode() + body.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """The ids without a complete and certain translation."""
    missing = []
    for message in catalogue:
        forms = [message.string] if isinstance(message.string, str) else [*(message.string or ())]
        if message.id and (message.fuzzy or not forms or not all(forms)):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def main() -> None:
    """Renew the files, and say what is left to translate."""
    ids = template()
    for path in sorted(CATALOGUES.glob("*.po")):
        written = renewed(path.stem, path.read_bytes(), ids)
        path.write_bytes(written)
        missing = len(untranslated(catalogue_of(path.stem, written)))
        sys.stdout.write(f"{path.relative_to(ROOT)}: {missing} of {len(ids)} messages are to be translated\n")


def _said(code: bytes, name: str) -> Iterator[tuple[str | tuple[str, str], int]]:
    """The message ids of a file, singular and plural together, and the line of each."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda each: (each.lineno, each.col_offset)):
        called = getattr(call.func, "id", None) or getattr(call.func, "attr", None)
        if called != "many" and called not in _SAYING:
            continue
        match call.args:
            case [ast.Constant(value=str(one)), ast.Constant(value=str(more)), *_] if called == "many":
                yield (one, more), call.lineno
            case [ast.Constant(value=str(text)), *_]:
                yield text, call.lineno
            case [ast.JoinedStr(), *_]:
                raise SyntaxError(
                    "a message id can't be an f-string: name the values, as in say('{count} left', count=count)",
                    (name, call.lineno, call.col_offset + 1, None),
                )


if __name__ == "__main__":
    main()
