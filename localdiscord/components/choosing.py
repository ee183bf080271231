"""Components that offer a choice: selects, which messages and modals have, and the groups that only modals have."""

from __future__ import annotations

from localdiscord.components.common import (
    CHANNEL_SELECT,
    CHECKBOX_GROUP,
    MENTIONABLE_SELECT,
    ROLE_SELECT,
    STRING_SELECT,
    USER_SELECT,
    Seen,
    read_custom_id,
)
from localdiscord.forms import Form
from localdiscord.model import JSON

PLACEHOLDER, OPTIONS, OPTION_TEXT, GROUP_OPTIONS = 150, 25, 100, 10
_DEFAULTS = {
    USER_SELECT: ("user",),
    ROLE_SELECT: ("role",),
    MENTIONABLE_SELECT: ("user", "role"),
    CHANNEL_SELECT: ("channel",),
}


def read_emoji(form: Form) -> JSON | None:
    inner = form.sub("emoji")
    if inner is None:
        return None
    name, id_ = inner.text("name", 32) or "", inner.snowflake("id")
    if not name and not id_:
        inner.fault("name", "BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji")
    return {"name": name} | ({"id": str(id_), "animated": bool(inner.data.get("animated"))} if id_ else {})


def read_select(form: Form, seen: Seen) -> JSON:
    data: JSON = {"custom_id": read_custom_id(form, seen)}
    if placeholder := form.text("placeholder", PLACEHOLDER):
        data["placeholder"] = placeholder
    data |= read_bounds(form, OPTIONS)
    data["disabled"] = form.flag("disabled") or False
    if form.data["type"] == STRING_SELECT:
        data["options"] = read_options(form, 1, OPTIONS)
    elif defaults := _default_values(form):
        data["default_values"] = defaults
    if form.data["type"] == CHANNEL_SELECT and (kinds := form.data.get("channel_types")):
        data["channel_types"] = kinds
    return data


def read_bounds(form: Form, most_of_all: int, most_unsaid: int = 1) -> JSON:
    """``min_values`` and ``max_values`` with their defaults."""
    least = form.integer("min_values", low=0, high=most_of_all)
    most = form.integer("max_values", low=1, high=most_of_all)
    bounds = {
        "min_values": 1 if least is None else least,
        "max_values": most_unsaid if most is None else most,
    }
    if most is not None and least is not None and least > most:
        form.fault("min_values", "BASE_TYPE_BAD", "min_values must not be greater than max_values.")
    return bounds


def read_options(form: Form, low: int, high: int) -> list[JSON]:
    """The options of a string select (with emoji), a radio group or a checkbox group."""
    found: list[JSON] = []
    values: set[str] = set()
    for each in form.items("options", high, low=low) or ():
        option: JSON = {
            "label": each.text("label", OPTION_TEXT, low=1, required=True) or "",
            "value": each.text("value", OPTION_TEXT, low=1, required=True) or "",
        }
        if option["value"] in values:
            each.fault(
                "value",
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        values.add(option["value"])
        if description := each.text("description", OPTION_TEXT):
            option["description"] = description
        if form.data["type"] == STRING_SELECT and (emoji := read_emoji(each)):
            option["emoji"] = emoji
        if each.flag("default"):
            option["default"] = True
        found.append(option)
    return found


def read_radio_group(form: Form, seen: Seen) -> JSON:
    data: JSON = {"custom_id": read_custom_id(form, seen), "options": read_options(form, 2, GROUP_OPTIONS)}
    if sum(1 for each in data["options"] if each.get("default")) > 1:
        form.fault("options", "BASE_TYPE_BAD", "Only one option can be selected by default.")
    return data


def read_checkbox_group(form: Form, seen: Seen) -> JSON:
    assert form.data["type"] == CHECKBOX_GROUP
    options = read_options(form, 1, GROUP_OPTIONS)
    data: JSON = {"custom_id": read_custom_id(form, seen), "options": options}
    return data | read_bounds(form, GROUP_OPTIONS, max(1, len(options)))


def _default_values(form: Form) -> list[JSON]:
    kinds = _DEFAULTS[form.data["type"]]
    found = []
    for each in form.items("default_values", OPTIONS) or ():
        id_, kind = each.snowflake("id", required=True), each.data.get("type")
        if kind not in kinds:
            each.fault("type", "BASE_TYPE_CHOICES", f"Value must be one of {kinds}.")
        found.append({"id": str(id_), "type": kind})
    return found
