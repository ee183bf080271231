"""What is written from the keys: schemas for editors, the reference for people."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.settings import write_reference, write_schemas
from bot.settings.files import FILES
from bot.settings.keys import DEFAULT_TEMPLATE, PLACEHOLDERS, DiscordKeys
from bot.settings.schema import describe, is_section
from bot.settings.values import check_template

ROOT = Path(__file__).resolve().parents[2]
CURE = "run `make docs`"


def test_schemas_are_current(tmp_path: Path) -> None:
    """config/schema/ holds exactly what the keys say today."""
    written = write_schemas(tmp_path)

    assert [path.relative_to(tmp_path).as_posix() for path in written] == [
        "schema/newsthread.schema.json",
        "schema/feeds.schema.json",
        "schema/reactions.schema.json",
        "schema/rules.schema.json",
    ]
    for path in written:
        shipped = ROOT / "config" / "schema" / path.name
        assert shipped.read_text("utf-8") == path.read_text("utf-8"), CURE


def test_reference_is_current() -> None:
    """docs/configuration.md is what the keys say today."""
    assert (ROOT / "docs" / "configuration.md").read_text("utf-8") == write_reference(), CURE


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_examples_follow_their_schema(file: Any) -> None:
    """Each shipped example names its schema in its first line and is valid by it."""
    path = ROOT / "config" / file.name
    text = path.read_text("utf-8")
    named = re.match(r"#:schema (\./\S+)\n", text)

    assert named is not None
    schema = json.loads((path.parent / named[1]).read_text("utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(tomllib.loads(text), schema, jsonschema.Draft7Validator)
    with pytest.raises(jsonschema.ValidationError, match="Additional properties"):
        jsonschema.validate({**tomllib.loads(text), "nonsense": 1}, schema, jsonschema.Draft7Validator)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_commented_keys_of_the_examples_are_right(file: Any) -> None:
    """Taking the # from any commented key of an example leaves a file that its schema and models accept."""
    lines = (ROOT / "config" / file.name).read_text("utf-8").split("\n")
    keys = [number for number, line in enumerate(lines) if re.match(r"# [a-z_]+ = (?!\"\"\")", line)]

    assert keys
    for number in keys:
        text = "\n".join([*lines[:number], lines[number].removeprefix("# "), *lines[number + 1 :]])
        jsonschema.validate(tomllib.loads(text), describe(file.model), jsonschema.Draft7Validator)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_key_is_documented(file: Any) -> None:
    """Each key has a title, a description, and a default or an example; the reference has a row for it."""
    reference = write_reference()

    def look_through(table: dict[str, Any], within: str) -> None:
        for key, one in table["properties"].items():
            assert one["description"].endswith(".")
            if is_section(one):
                name = f"{within}{key}"
                assert f"\n### `[{name}]`\n" in reference or f"\n### `[[{name}]]`\n" in reference
                look_through(one.get("items", one), f"{name}.")
            else:
                assert one["title"]
                assert "default" in one or one["examples"]
                assert f"| `{key}` |" in reference

    look_through(describe(file.model), "")


def test_languages_are_those_that_there_are() -> None:
    """`language` takes English and each language that has a catalogue."""
    catalogues = {path.stem for path in (ROOT / "bot" / "languages").glob("*.po")}

    assert set(describe(DiscordKeys)["properties"]["language"]["enum"]) == {"en"} | catalogues


def test_placeholders_are_documented() -> None:
    """The reference lists each placeholder, and the default template uses only these."""
    reference = write_reference()

    assert all(f"| `{{{name}}}` | {meaning} |" in reference for name, meaning in PLACEHOLDERS.items())
    assert check_template(DEFAULT_TEMPLATE, PLACEHOLDERS) == DEFAULT_TEMPLATE
    assert DEFAULT_TEMPLATE in reference
