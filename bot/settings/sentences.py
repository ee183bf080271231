"""Pydantic's errors in words that an admin understands: one sentence for each type of error that our keys can cause.

Contains no rules of its own; the rules are in keys.py and values.py.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from bot.settings.schema import Schema, expects
from bot.settings.values import show

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import ErrorDetails

    from bot.settings.lines import KeyPath


def _missing(error: ErrorDetails, schema: Schema) -> str:
    name = error["loc"][-1]
    if schema.get("type") == "object":
        return f"is required but missing; add a section that begins with the line [{name}]"
    example = json.dumps(schema["examples"][0], ensure_ascii=False)
    return f"is required but missing; add a line such as {name} = {example}"


def _no_whole_number(error: ErrorDetails, schema: Schema) -> str:
    value = error["input"]
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?[\d_]+\s*", value):
        return f"{show(value)} is in quotes; expected {expects(schema)}: drop the quotes"
    return f"{show(value)} is not a whole number; expected {expects(schema)}"


def _no_bool(error: ErrorDetails, schema: Schema) -> str:
    value = error["input"]
    if isinstance(value, str) and value.strip().lower() in {"true", "false"}:
        return f"{show(value)} is in quotes; expected {expects(schema)}: drop the quotes"
    return f"{show(value)} is not true or false; expected one of the two, in small letters and without quotes"


def _no_text(error: ErrorDetails, schema: Schema) -> str:
    value = error["input"]
    cure = ": put it in quotes" if isinstance(value, int | float) else ""
    return f"{show(value)} is not text; expected {expects(schema)}{cure}"


def _no_choice(error: ErrorDetails, schema: Schema) -> str:
    return f"{show(error['input'])} is not one of the choices; expected {expects(schema)}"


def _no_list(error: ErrorDetails, schema: Schema) -> str:
    if schema["items"].get("type") == "object":
        name = _header(error["loc"])
        return (
            f"is not a list of sections; expected the line [[{name}]], in double brackets, above each of them"
        )
    example = json.dumps(schema["examples"][0], ensure_ascii=False)
    return (
        f"{show(error['input'])} is not a list; expected {expects(schema)} within [ and ], such as {example}"
    )


def _no_section(error: ErrorDetails, schema: Schema) -> str:
    name = _header(error["loc"])
    header = f"[[{name}]]" if isinstance(error["loc"][-1], int) else f"[{name}]"
    return f"{show(error['input'])} is not a section; expected the line {header} with the section's keys below it"


def _header(path: KeyPath) -> str:
    """A section's name as its line has it: ``rule.repeated``."""
    return ".".join(step for step in path if isinstance(step, str))


def _out_of_range(error: ErrorDetails, schema: Schema) -> str:
    too = "small" if error["type"].startswith("greater") else "large"
    return f"{show(error['input'])} is too {too}; expected {expects(schema)}"


def _wrong_length(error: ErrorDetails, schema: Schema) -> str:
    match error["type"]:
        case "string_too_short":
            return f"the text is empty; expected {expects(schema)}"
        case "string_too_long":
            return f"the text has {len(error['input'])} characters; expected at most {error['ctx']['max_length']}"
    return f"the list has {len(error['input'])} entries; expected {expects(schema)}"


def _own_words(error: ErrorDetails, schema: Schema) -> str:
    return str(error["ctx"]["error"])


SENTENCES: dict[str, Callable[[ErrorDetails, Schema], str]] = {
    "missing": _missing,
    "int_type": _no_whole_number,
    "bool_type": _no_bool,
    "string_type": _no_text,
    "literal_error": _no_choice,
    "enum": _no_choice,
    "tuple_type": _no_list,
    "model_type": _no_section,
    "greater_than_equal": _out_of_range,
    "less_than_equal": _out_of_range,
    "string_too_short": _wrong_length,
    "string_too_long": _wrong_length,
    "too_long": _wrong_length,
    "value_error": _own_words,
}


def sentence(error: ErrorDetails, schema: Schema) -> str:
    """What is wrong and what is expected; ``schema`` describes the model that ``error`` comes from."""
    node: Any = schema
    for step in error["loc"]:
        node = node["items"] if isinstance(step, int) else node["properties"][step]
    return SENTENCES[error["type"]](error, node)
