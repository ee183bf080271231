"""No key can be wrong in a way that we have no words for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from pydantic import ValidationError

from bot.settings.files import FILES, validate
from bot.settings.schema import describe, is_section
from bot.settings.secret import hidden
from bot.settings.sentences import SENTENCES, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings.keys import Keys

# One of each thing that TOML can hold, at its extremes.
BATTERY: tuple[Any, ...] = (
    True,
    0,
    -1,
    5,
    10**30,
    1.5,
    float("inf"),
    "",
    "5",
    "true",
    "x" * 5000,
    "{",
    "\n",
    "é\u202e",
    [],
    ["x"] * 9,
    [""],
    [1],
    [[]],
    {},
    {"a": 1},
    datetime(2026, 1, 1, tzinfo=UTC),
    date(2026, 1, 1),
    time(1, 2),
)

SOUND: dict[str, dict[str, Any]] = {
    "newsthread.toml": {
        "discord": {"guild_id": 1300000000000001000},
        "store": {},
        "watcher": {},
        "delivery": {},
        "status": {},
        "log": {},
        "quotes": {},
        "moderation": {},
    },
    "feeds.toml": {
        "defaults": {},
        "feed": [{"id": "a", "url": "https://a.example/", "channel_id": 1300000000000002000}],
    },
    "reactions.toml": {
        "policy": "any",
        "self_reactions": True,
        "line": "thread",
        "line_interval": "1m",
        "buttons": False,
        "recommend_at": 5,
        "recount": "7d",
        "reaction": [{"name": "Like", "emoji": "💙", "sentiment": "positive"}],
    },
    "rules.toml": {
        "rule": [
            {
                "id": "paid",
                "title": "No accusations",
                "reason": "accused a member",
                "repeated": [{"strikes": 3, "within": "30d", "suspend": "1d"}],
            }
        ],
    },
}


def spoiled(name: str, model: type[Keys]) -> Iterator[dict[str, Any]]:
    """The sound file with each key and section in turn replaced by each thing of the battery, or left out."""
    return _spoiled(SOUND[name], describe(model))


def _spoiled(sound: dict[str, Any], schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for key, described in schema["properties"].items():
        for wrong in BATTERY:
            yield {**sound, key: wrong}
        yield {other: value for other, value in sound.items() if other != key}
        if is_section(described):
            table = sound[key][0] if isinstance(sound[key], list) else sound[key]
            for one in _spoiled(table, described.get("items", described)):
                yield {**sound, key: [one] if isinstance(sound[key], list) else one}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_type_of_error_has_words(file: Any) -> None:
    """Whatever TOML a key is given, the complaint is ours, says what is expected, and is one line."""
    validate(file.model, hidden(SOUND[file.name]))
    schema = describe(file.model)
    seen = set()
    for data in spoiled(file.name, file.model):
        try:
            file.model.model_validate(hidden(data))
        except ValidationError as error:
            for one in error.errors():
                seen.add(one["type"])
                said = sentence(one, schema)
                assert "expected" in said or "did you mean" in said or "add a" in said, said
                assert one["type"] == "value_error" or one["msg"] not in said
                assert not any(word in said for word in ("Input should", "pydantic", "tuple", "dict", "None"))
                assert said.isprintable()
                assert len(said) < 400

    assert seen <= SENTENCES.keys()


def test_no_words_without_an_error() -> None:
    """The table of sentences holds none that no key can cause."""
    seen = set()
    for file in FILES:
        for data in spoiled(file.name, file.model):
            try:
                file.model.model_validate(hidden(data))
            except ValidationError as error:
                seen |= {one["type"] for one in error.errors()}

    assert seen == SENTENCES.keys()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_editors_never_refuse_what_the_program_takes(file: Any) -> None:
    """The JSON Schema is at most as strict as the models: an editor marks no sound file as wrong."""
    validator = jsonschema.Draft7Validator(describe(file.model))
    validator.check_schema(validator.schema)
    accepted = refused = 0
    for data in [SOUND[file.name], *spoiled(file.name, file.model)]:
        try:
            file.model.model_validate(hidden(data))
        except ValidationError:
            refused += not validator.is_valid(data)
            continue
        problems = [
            error for error in validator.iter_errors(data) if error.validator != "additionalProperties"
        ]
        assert problems == []
        accepted += 1

    assert accepted > 10
    assert refused > 200
