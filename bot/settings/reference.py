"""docs/configuration.md, written from the keys themselves so that the two can't differ."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.settings.files import FILES
from bot.settings.keys import DEFAULT_TEMPLATE, PLACEHOLDERS
from bot.settings.schema import Schema, describe, expects, is_section

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HEAD = """\
<!-- Written by `newsthread check --write-schema` from bot/settings/keys.py: edit the keys, not this page. -->

# Configuration

Newsthread reads TOML files from one folder, `config/` unless `--config` names another. Run `newsthread check` after
every change: it names file, line, key, what is wrong and what is expected, for every mistake at once. Editors that
know TOML schemas check while you type, through the `#:schema` line at the top of each file.

Durations are a whole number and a unit in quotes: `"30s"`, `"5m"`, `"2h"`, `"7d"`. Ids of servers, channels and
roles are numbers without quotes.

## The bot's token

The token is never read from these files, and a file with a token in it is refused. It comes from the environment:

| variable | meaning |
| --- | --- |
| `DISCORD_TOKEN` | the token itself; it goes first where both are set |
| `DISCORD_TOKEN_FILE` | the path of a file that holds the token and that only its owner can read (`chmod 600`) |
"""

_TEMPLATE = """
## Placeholders of a template

A feed's `template` lays out the opening post in Discord Markdown. `{name}` is replaced by what the table says, `{{`
and `}}` stand for braces, a line of `---` draws a rule, and a line whose placeholders are all empty is left out.
"""


def write_reference() -> str:
    """The reference as Markdown: every key with what it takes, its default and its meaning."""
    parts = [_HEAD]
    for file in FILES:
        schema = describe(file.model)
        about = schema["description"].removeprefix(f"{file.name}: ")
        parts.append(f"\n## `{file.name}`\n\n{about[0].upper()}{about[1:]}\n")
        parts += _described(schema, schema)
    parts.append(_TEMPLATE)
    parts += _table(
        ("placeholder", "becomes"), ((f"`{{{name}}}`", meaning) for name, meaning in PLACEHOLDERS.items())
    )
    parts.append(f"\nThe default template:\n\n```text\n{DEFAULT_TEMPLATE}```\n")
    return "".join(parts)


def _section(name: str, section: Schema, file: Schema) -> Iterator[str]:
    keys = section.get("items", section)
    yield f"\n### `[[{name}]]`\n" if "items" in section else f"\n### `[{name}]`\n"
    yield f"\n{keys['description']}\n"
    lists = (other["items"] for other in file["properties"].values() if "items" in other)
    if "items" not in section and any(set(other["properties"]) == set(keys["properties"]) for other in lists):
        return  # the same keys are listed with the section that they are defaults of
    yield from _described(keys, file, f"{name}.")


def _described(keys: Schema, file: Schema, within: str = "") -> Iterator[str]:
    """The keys of a table that are values, then those that are sections."""
    sections = {name: one for name, one in keys["properties"].items() if is_section(one)}
    plain = {name: one for name, one in keys["properties"].items() if name not in sections}
    if plain:
        yield from _keys({**keys, "properties": plain})
    for name, section in sections.items():
        yield from _section(f"{within}{name}", section, file)


def _keys(keys: Schema) -> Iterator[str]:
    required = keys.get("required", ())
    yield from _table(
        ("key", "takes", "default", "meaning"),
        (
            (f"`{key}`", expects(one), "*required*" if key in required else _default(one), one["description"])
            for key, one in keys["properties"].items()
        ),
    )


def _default(schema: Schema) -> str:
    if "default" not in schema:
        return "none"
    if schema["default"] == DEFAULT_TEMPLATE:
        return "[below](#placeholders-of-a-template)"
    return f"`{json.dumps(schema['default'], ensure_ascii=False)}`"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "\n"
    for row in (heads, ("---",) * len(heads), *rows):
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n"
