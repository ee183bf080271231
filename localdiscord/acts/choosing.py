"""What a member chose in a select, radio group or checkbox group, checked against what was offered."""

from __future__ import annotations

from localdiscord.acts.resolving import Resolved
from localdiscord.components import CHANNEL_SELECT, MENTIONABLE_SELECT, ROLE_SELECT, USER_SELECT
from localdiscord.errors import mistake
from localdiscord.model import JSON


def listed(given: object) -> list[object]:
    """One value or several."""
    if given is None:
        return []
    return given if isinstance(given, list) else [given]


def chosen(part: JSON, values: list[object], resolved: Resolved, what: str) -> list[str]:
    """The values as the application gets them. ``what`` names the component in the sentence about a fault."""
    found: list[str] = []
    for value in values:
        one = _one(part, value, resolved)
        if one is None:
            raise mistake(f"{what}: {value!r} is not among what can be chosen")
        if one in found:
            raise mistake(f"{what}: {value!r} can be chosen only once")
        found.append(one)
    require_number(part, len(found), what, "choices")
    return found


def require_number(part: JSON, count: int, what: str, things: str) -> None:
    """Between ``min_values`` and ``max_values``; nothing at all where a modal's field need not be filled in."""
    least, most = part["min_values"], part["max_values"]
    if not count and part.get("required") is False:
        return
    if not least <= count <= most:
        wanted = f"{least}" if least == most else f"{least} to {most}"
        raise mistake(f"{what} takes {wanted} {things}, not {count}")


def option(part: JSON, value: object) -> str | None:
    """An option by its value or, failing that, its label."""
    text = str(value)
    for key in ("value", "label"):
        for each in part["options"]:
            if each[key] == text:
                return str(each["value"])
    return None


def _one(part: JSON, value: object, resolved: Resolved) -> str | None:
    kind = part["type"]
    if kind == USER_SELECT:
        return resolved.user(value)
    if kind == ROLE_SELECT:
        return resolved.role(value)
    if kind == MENTIONABLE_SELECT:
        return resolved.mentionable(value)
    if kind == CHANNEL_SELECT:
        return resolved.channel(value, part.get("channel_types", ()))
    return option(part, value)
