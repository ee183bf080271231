"""The options of a slash command as a member gives them: coerced to the registered types, checked, resolved.

They may come as an object, {option: value}, or as Discord's own list, [{"name", "value" or "options"}].
"""

from __future__ import annotations

from localdiscord.acts.resolving import Resolved
from localdiscord.errors import mistake
from localdiscord.model import JSON
from localdiscord.registration import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    GROUP,
    INTEGER,
    LARGEST_NUMBER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    STRING_VALUE,
    USER_OPTION,
)

_WHAT = {
    USER_OPTION: "a member",
    CHANNEL: "a channel you can see",
    ROLE: "a role",
    MENTIONABLE: "a member or role",
    INTEGER: "a whole number",
    NUMBER: "a number",
    BOOLEAN: "true or false",
}


class Options:
    """Reads what is given for one use of a command. ``path`` is what was used, once read: "quotes of".

    ``completing``: the member is still typing; what is required may lack, and one option is in focus.
    """

    def __init__(self, resolved: Resolved, *, completing: bool = False, focus: str | None = None) -> None:
        self._resolved = resolved
        self._completing = completing
        self._focus = focus
        self.path = ""
        self.focused: JSON | None = None

    def read(self, command: JSON, words: list[str], given: object) -> list[JSON]:
        """The ``options`` of the interaction; ``words`` are the names of subcommands after the command's own."""
        self.path = command["name"]
        return self._level(command, words, _entries(given))

    def _level(self, definition: JSON, words: list[str], given: list[JSON]) -> list[JSON]:
        offered: list[JSON] = definition.get("options", [])
        inner = {each["name"]: each for each in offered if each["type"] <= GROUP}
        if not inner:
            if words:
                raise mistake(f"/{self.path} has no subcommand {words[0]!r}", 404, 10063)
            return self._values(offered, given)
        if words:
            name, words = words[0], words[1:]
            if len(given) == 1 and given[0]["name"] == name and _holds_options(given[0]):
                given = _entries(given[0].get("options", given[0].get("value")))
        elif len(given) == 1 and _holds_options(given[0]):
            name = given[0]["name"]
            given = _entries(given[0].get("options", given[0].get("value")))
        else:
            raise mistake(f"Say which subcommand of /{self.path} you mean: {', '.join(inner)}")
        if name not in inner:
            raise mistake(f"/{self.path} has no subcommand {name!r}: it has {', '.join(inner)}", 404, 10063)
        self.path += f" {name}"
        below = self._level(inner[name], words, given)
        return [{"name": name, "type": inner[name]["type"], "options": below}]

    def _values(self, offered: list[JSON], given: list[JSON]) -> list[JSON]:
        known = {each["name"]: each for each in offered}
        values = {each["name"]: each.get("value") for each in given if each.get("value") is not None}
        for name in values:
            if name not in known:
                has = f"it has {', '.join(known)}" if known else "it has none"
                raise mistake(f"/{self.path} has no option {name!r}: {has}")
        focus = self._focused(known, list(values)) if self._completing else None
        if focus is not None:
            values.setdefault(focus, "")
        elif missing := next(
            (n for n, each in known.items() if each.get("required") and n not in values), None
        ):
            raise mistake(f"/{self.path} needs the option {missing!r}")
        found = []
        for name, value in values.items():
            option: JSON = {"name": name, "type": known[name]["type"]}
            if name == focus:
                found.append(option | {"value": _typed(value), "focused": True})
            else:
                found.append(option | {"value": self._value(known[name], value)})
        return found

    def _focused(self, known: dict[str, JSON], given: list[str]) -> str:
        completable = [name for name, each in known.items() if each.get("autocomplete")]
        name = self._focus or (given[-1] if given else next(iter(completable), ""))
        if name not in completable:
            raise mistake(f"/{self.path} offers nothing for the option {name!r} while it is typed")
        self.focused = known[name]
        return name

    def _value(self, option: JSON, value: object) -> object:
        name, kind = option["name"], option["type"]
        found: object
        if kind == STRING:
            found = _string(option, value)
        elif kind == BOOLEAN:
            found = {"true": True, "false": False}.get(str(value).lower())
        elif kind in (INTEGER, NUMBER):
            found = _number(option, value)
        elif kind == ATTACHMENT:
            ids = self._resolved.attachments(value, f"The option {name!r}")
            found = ids[0] if len(ids) == 1 else None
        elif kind == CHANNEL:
            found = self._resolved.channel(value, option.get("channel_types", ()))
        elif kind == ROLE:
            found = self._resolved.role(value)
        else:
            found = self._resolved.user(value) if kind == USER_OPTION else self._resolved.mentionable(value)
        if found is None:
            what = _WHAT.get(kind, "one file" if kind == ATTACHMENT else "text")
            raise mistake(f"The option {name!r} must be {what}, not {_short(value)}")
        return found


def _entries(given: object) -> list[JSON]:
    """Options in either form as a list of {"name", "value" or "options"}."""
    if given is None:
        return []
    if isinstance(given, dict):
        return [{"name": str(name), "value": value} for name, value in given.items()]
    if not isinstance(given, list) or not all(
        isinstance(e, dict) and isinstance(e.get("name"), str) for e in given
    ):
        raise mistake('options must be an object {option: value} or a list of {"name", "value"}')
    return given


def _holds_options(entry: JSON) -> bool:
    return (
        entry.get("options") is not None
        or entry.get("value") is None
        or isinstance(entry["value"], (dict, list))
    )


def _typed(value: object) -> str:
    """What stands in a field so far goes to the application as text, whatever the option's type."""
    return value if isinstance(value, str) else str(value)


def _string(option: JSON, value: object) -> str | None:
    if isinstance(value, (dict, list)):
        return None
    text = str(value)
    if choices := option.get("choices"):
        return str(_choice(option, choices, text))
    low, high = option.get("min_length", 0), option.get("max_length", STRING_VALUE)
    if not low <= len(text) <= high:
        raise mistake(f"The option {option['name']!r} must have {low} to {high} characters, not {len(text)}")
    return text


def _number(option: JSON, value: object) -> float | None:
    whole = option["type"] == INTEGER
    if choices := option.get("choices"):
        found = _choice(option, choices, value)
        return found if isinstance(found, (int, float)) else None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        number = float(value)
        if whole:
            if not number.is_integer():
                return None
            number = int(value)
    except (ValueError, OverflowError):
        return None
    low, high = option.get("min_value", -LARGEST_NUMBER), option.get("max_value", LARGEST_NUMBER)
    if not low <= number <= high:
        bounds = " and ".join(
            f"{word} {option[key]}"
            for key, word in (("min_value", "at least"), ("max_value", "at most"))
            if key in option
        )
        raise mistake(f"The option {option['name']!r} must be {bounds or 'smaller'}, not {number}")
    return number


def _choice(option: JSON, choices: list[JSON], given: object) -> object:
    """A choice by its value or, failing that, by the name that members see."""
    for key in ("value", "name"):
        for each in choices:
            if str(each[key]) == str(given):
                return each["value"]
    offered = ", ".join(str(each["name"]) for each in choices)
    raise mistake(f"The option {option['name']!r} must be one of {offered}, not {_short(given)}")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
