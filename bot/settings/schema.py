"""The configuration files as JSON Schemas, for editors and for our own sentences and reference.

``describe`` is the one description of a file that everything else reads: which keys there are and, as
``x-expects``, in words, what each of them takes.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema

from bot.settings.values import format_duration

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.settings.files import SettingsFile
    from bot.settings.keys import Keys

Schema = dict[str, Any]

_OWN = "x-expects"


class _Generator(GenerateJsonSchema):
    """Durations are given as they are written in the files, not as ISO 8601."""

    def encode_default(self, dft: Any) -> Any:
        return format_duration(dft) if isinstance(dft, timedelta) else super().encode_default(dft)


def describe(model: type[Keys]) -> Schema:
    """The schema of one file: nothing by reference, no nulls (TOML has none), no keys but those it names."""
    generated = model.model_json_schema(schema_generator=_Generator)
    described: Schema = _settle(generated, generated.get("$defs", {}))
    return described


def _settle(node: Any, definitions: Schema) -> Any:
    if isinstance(node, list):
        return [_settle(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        node = {**definitions[node["$ref"].rsplit("/", 1)[-1]], **node}
    if "anyOf" in node:
        (only,) = (choice for choice in node["anyOf"] if choice.get("type") != "null")
        node = {**only, **node}
    settled = {
        key: _settle(value, definitions)
        for key, value in node.items()
        if key not in {"$ref", "$defs", "anyOf"} and not (key == "default" and value is None)
    }
    if isinstance(settled.get("properties"), dict) and settled.get("type") == "object":
        settled["additionalProperties"] = False
    if is_section(settled):
        settled.pop("default", None)  # each key shows its own
    return settled


def write_schemas(folder: Path, files: Sequence[SettingsFile]) -> list[Path]:
    """Write ``<folder>/schema/<name>.schema.json`` for each file; the paths, in the files' order.

    Draft 7, which every TOML editor extension reads.
    """
    target = folder / "schema"
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for file in files:
        schema = {
            "$schema": "http://json-schema.org/draft-07/schema#",
            **_public(describe(file.model)),
            "title": file.name,
        }
        path = target / f"{file.name.removesuffix('.toml')}.schema.json"
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        written.append(path)
    return written


def _public(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _public(value) for key, value in node.items() if key != _OWN}
    if isinstance(node, list):
        return [_public(item) for item in node]
    return node


def is_section(schema: Schema) -> bool:
    """Whether a key of a file is a section or a list of them, not a value."""
    return "properties" in schema.get("items", schema)


def expects(schema: Schema) -> str:
    """What a key takes, in words, ready to follow "expected"."""
    if _OWN in schema:
        return str(schema[_OWN])
    if "enum" in schema:
        *most, last = (f'"{value}"' for value in schema["enum"])
        return f"{', '.join(most)} or {last}"
    match schema.get("type"):
        case "boolean":
            return "true or false"
        case "integer":
            return f"a whole number from {schema['minimum']} to {schema['maximum']}"
        case "array":
            limit = f"at most {schema['maxItems']} " if "maxItems" in schema else ""
            return f"a list of {limit}texts in quotes"
        case "object":
            return "a section"
    limit = f", at most {schema['maxLength']} characters" if "maxLength" in schema else ""
    return f"text in quotes{limit}"
