"""Application commands as an application registers them: checked and brought into the form that is stored.

Rules: docs interactions/application-commands §Application Command Object. Using commands is for acts/commands.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from localdiscord.forms import Form
from localdiscord.model import JSON, THREADS

CHAT, USER, MESSAGE = 1, 2, 3  # types of command
SUBCOMMAND, GROUP = 1, 2  # types of option
STRING, INTEGER, BOOLEAN, USER_OPTION, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)

MOST = {CHAT: 100, USER: 15, MESSAGE: 15}
NAME, DESCRIPTION, OPTIONS, CHOICES, CHOICE_NAME, STRING_VALUE = 32, 100, 25, 25, 100, 6000
CHARACTERS = (
    8000  # of names, descriptions and values of one command, counting the longest localization of each
)
LARGEST_NUMBER = 1 << 53
PERMISSIONS = (1 << 54) - 1
CHANNEL_TYPES = frozenset({0, 1, 2, 3, 4, 5, 13, 14, 15, 16}) | THREADS
LOCALES = frozenset(
    {
        "ar",
        "bg",
        "cs",
        "da",
        "de",
        "el",
        "en-GB",
        "en-US",
        "es-419",
        "es-ES",
        "fi",
        "fr",
        "he",
        "hi",
        "hr",
        "hu",
        "id",
    }
    | {
        "it",
        "ja",
        "ko",
        "lt",
        "nl",
        "no",
        "pl",
        "pt-BR",
        "ro",
        "ru",
        "sv-SE",
        "th",
        "tr",
        "uk",
        "vi",
        "zh-CN",
        "zh-TW",
    }
)
# Letters, digits, dash, underscore and apostrophe; Devanagari and Thai with the marks that \w leaves out.
_CHAT_NAME = re.compile(r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}")


def read_command(form: Form) -> JSON:
    """The command as stored: what was given, checked. The caller raises the faults."""
    kind = form.choice("type", tuple(MOST)) or CHAT
    data: JSON = {"type": kind} | _named(form, chat=kind == CHAT)
    if kind == CHAT:
        data |= _described(form)
        if options := _options(form, (SUBCOMMAND, GROUP)):
            data["options"] = options
    elif form.data.get("description"):
        form.fault(
            "description",
            "APPLICATION_COMMAND_DESCRIPTION_INVALID",
            "Context menu commands have no description",
        )
    elif form.data.get("options"):
        form.fault("options", "APPLICATION_COMMAND_OPTIONS_INVALID", "Context menu commands have no options")
    needed = form.integer("default_member_permissions", low=0, high=PERMISSIONS)
    data["default_member_permissions"] = None if needed is None else str(needed)
    data["nsfw"] = form.flag("nsfw") or False
    for key, allowed in (("contexts", (0, 1, 2)), ("integration_types", (0, 1))):
        if (given := _numbers(form, key, allowed)) is not None:
            data[key] = given
    if (direct := form.flag("dm_permission")) is not None:
        data["dm_permission"] = direct
    if (handler := form.choice("handler", (1, 2))) is not None:
        data["handler"] = handler
    if (size := _characters(data)) > CHARACTERS:
        form.fault(
            None,
            "APPLICATION_COMMAND_TOO_LARGE",
            f"Command exceeds maximum size ({CHARACTERS}): it has {size} characters.",
        )
    return data


def _named(form: Form, *, chat: bool) -> JSON:
    def check(name: str) -> bool:
        return not chat or (_CHAT_NAME.fullmatch(name) is not None and name == name.lower())

    name = form.text("name", NAME, low=1, required=True) or ""
    if name and not check(name):
        form.fault("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    return {"name": name} | _localized(form, "name_localizations", NAME, check)


def _described(form: Form) -> JSON:
    description = form.text("description", DESCRIPTION, low=1, required=True) or ""
    return {"description": description} | _localized(form, "description_localizations", DESCRIPTION)


def _localized(form: Form, key: str, high: int, check: Callable[[str], bool] = lambda _: True) -> JSON:
    inner = form.sub(key)
    if inner is None:
        return {}
    found = {}
    for locale in inner.data:
        if locale not in LOCALES:
            inner.fault(locale, "BASE_TYPE_CHOICES", "This is not one of Discord's locales.")
            continue
        word = inner.text(locale, high, low=1, required=True) or ""
        if word and not check(word):
            inner.fault(locale, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
        found[locale] = word
    return {key: found} if found else {}


def _options(form: Form, nested: tuple[int, ...]) -> list[JSON]:
    """``nested``: the types of option that may hold options here."""
    found: list[JSON] = []
    names: set[str] = set()
    forms = form.items("options", OPTIONS) or ()
    for each in forms:
        option = _option(each, nested)
        if option["name"] in names:
            each.fault("name", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option names must be unique")
        names.add(option["name"])
        late = any(other["type"] > GROUP and not other.get("required") for other in found)
        if option.get("required") and late:
            each.fault(
                "required",
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        found.append(option)
    if len({option["type"] <= GROUP for option in found}) > 1:
        form.fault(
            "options",
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-command and sub-command group option types are mutually exclusive to all other types",
        )
    return found


def _option(form: Form, nested: tuple[int, ...]) -> JSON:
    kind = form.choice("type", (*nested, *range(STRING, ATTACHMENT + 1)), required=True) or STRING
    data: JSON = {"type": kind} | _named(form, chat=True) | _described(form)
    if kind in (SUBCOMMAND, GROUP):
        inner = _options(form, (SUBCOMMAND,) if kind == GROUP else ())
        if kind == GROUP and any(each["type"] != SUBCOMMAND for each in inner):
            form.fault(
                "options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "A group holds sub-commands only"
            )
        return data | ({"options": inner} if inner else {})
    data["required"] = form.flag("required") or False
    if kind == CHANNEL and (kinds := _numbers(form, "channel_types", CHANNEL_TYPES)):
        data["channel_types"] = kinds
    if kind == STRING:
        data |= _bounds(form, ("min_length", "max_length"), lambda key: form.integer(
            key, low=0 if key == "min_length" else 1, high=STRING_VALUE
        ))  # fmt: skip
    if kind in (INTEGER, NUMBER):
        data |= _bounds(form, ("min_value", "max_value"), lambda key: _number(form, key, kind))
    if kind in (STRING, INTEGER, NUMBER):
        data |= _offers(form, kind)
    elif form.data.get("choices") or form.data.get("autocomplete"):
        form.fault(
            "type", "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "This type of option offers no choices"
        )
    return data


def _bounds(form: Form, keys: tuple[str, str], read: Callable[[str], float | None]) -> JSON:
    found = {key: value for key in keys if (value := read(key)) is not None}
    if len(found) == 2 and found[keys[0]] > found[keys[1]]:
        form.fault(keys[0], "BASE_TYPE_BAD", f"{keys[0]} must not be greater than {keys[1]}.")
    return dict(found)


def _offers(form: Form, kind: int) -> JSON:
    """Fixed choices or autocomplete, never both."""
    choices: list[JSON] = []
    for each in form.items("choices", CHOICES) or ():
        name = each.text("name", CHOICE_NAME, low=1, required=True) or ""
        localized = _localized(each, "name_localizations", CHOICE_NAME)
        if kind == STRING:
            value: Any = each.text("value", STRING_VALUE, required=True, strip=False)
        else:
            value = _number(each, "value", kind, required=True)
        if any(other["name"] == name for other in choices):
            each.fault(
                "name", "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_EXISTS", "Choice names must be unique"
            )
        choices.append({"name": name} | localized | {"value": value})
    completes = form.flag("autocomplete") or False
    if completes and choices:
        form.fault("autocomplete", "BASE_TYPE_BAD", "autocomplete and choices exclude one another.")
    return ({"choices": choices} if choices else {}) | ({"autocomplete": True} if completes else {})


def _number(form: Form, key: str, kind: int, *, required: bool = False) -> float | None:
    value = form.data.get(key)
    if value is None:
        return form.integer(key, required=required)  # notes that it lacks
    good = isinstance(value, int if kind == INTEGER else (int, float)) and not isinstance(value, bool)
    if not good or abs(value) > LARGEST_NUMBER:
        form.fault(
            key, "NUMBER_TYPE_COERCE", f'Value "{value}" is not {"int" if kind == INTEGER else "a number"}.'
        )
        return None
    return float(value) if kind == NUMBER and isinstance(value, float) else value


def _numbers(form: Form, key: str, allowed: frozenset[int] | tuple[int, ...]) -> list[int] | None:
    given = form.data.get(key)
    if given is None:
        return None
    good = isinstance(given, list) and all(type(each) is int and each in allowed for each in given)
    if not good or (not given and key != "channel_types") or len(set(given)) != len(given):
        form.fault(key, "BASE_TYPE_CHOICES", f"Must be a list of different values out of {sorted(allowed)}.")
        return None
    return list(given)


def _characters(one: JSON) -> int:
    total = len(one["value"]) if isinstance(one.get("value"), str) else 0
    for key in ("name", "description"):
        words = [one.get(key, ""), *one.get(f"{key}_localizations", {}).values()]
        total += max(map(len, words))
    return total + sum(_characters(each) for key in ("options", "choices") for each in one.get(key, ()))
