"""Modals as an application opens them: checked (docs interactions/receiving-and-responding §Modal) and completed.

What a member fills in is for acts/modals.py.
"""

from __future__ import annotations

from localdiscord.components.choosing import (
    read_bounds,
    read_checkbox_group,
    read_radio_group,
    read_select,
)
from localdiscord.components.common import (
    CHECKBOX,
    CHECKBOX_GROUP,
    CUSTOM_ID,
    FILE_UPLOAD,
    LABEL,
    RADIO_GROUP,
    ROW,
    SELECTS,
    STRING_SELECT,
    TEXT,
    TEXT_INPUT,
    Reader,
    Seen,
    number,
    read_custom_id,
    read_one,
    read_text,
)
from localdiscord.forms import Form
from localdiscord.model import JSON

TITLE, PARTS = 45, 5
LABEL_TEXT, LABEL_DESCRIPTION = 45, 100
INPUT, INPUT_PLACEHOLDER = 4000, 100
UPLOADS = 10


def read_modal(form: Form) -> JSON:
    """``{"custom_id", "title", "components"}`` with ids and defaults filled in. The caller raises the faults."""
    seen = Seen()
    data: JSON = {
        "custom_id": form.text("custom_id", CUSTOM_ID, low=1, required=True) or "",
        "title": form.text("title", TITLE, low=1, required=True) or "",
    }
    parts = form.items("components", PARTS, low=1) or ()
    data["components"] = [read_one(each, _READERS, (ROW, TEXT, LABEL), seen) for each in parts]
    number(data["components"], seen.ids)
    return data


def _row(form: Form, seen: Seen) -> JSON:
    """The older way: one text input, which carries its label itself."""
    inputs = form.items("components", 1, low=1) or []
    for each in inputs:
        each.text("label", LABEL_TEXT, low=1, required=True)
    return {"components": [read_one(each, _READERS, (TEXT_INPUT,), seen) for each in inputs]}


def _label(form: Form, seen: Seen) -> JSON:
    data: JSON = {"label": form.text("label", LABEL_TEXT, low=1, required=True) or ""}
    if form.data.get("description") is not None:
        data["description"] = form.text("description", LABEL_DESCRIPTION, low=1) or ""
    allowed = (TEXT_INPUT, *SELECTS, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX)
    inner = form.sub("component", required=True)
    data["component"] = read_one(inner, _READERS, allowed, seen) if inner else {"type": 0, "id": 0}
    return data


def _text_input(form: Form, seen: Seen) -> JSON:
    data: JSON = {
        "custom_id": read_custom_id(form, seen),
        "style": form.choice("style", (1, 2), required=True),
        "required": _required(form),
    }
    if label := form.text("label", LABEL_TEXT):
        data["label"] = label
    if placeholder := form.text("placeholder", INPUT_PLACEHOLDER):
        data["placeholder"] = placeholder
    least = form.integer("min_length", low=0, high=INPUT)
    most = form.integer("max_length", low=1, high=INPUT)
    if least is not None:
        data["min_length"] = least
    if most is not None:
        data["max_length"] = most
    if least is not None and most is not None and least > most:
        form.fault("min_length", "BASE_TYPE_BAD", "min_length must not be greater than max_length.")
    if value := form.text("value", INPUT if most is None else most, strip=False):
        data["value"] = value
    return data


def _select(form: Form, seen: Seen) -> JSON:
    data = read_select(form, seen) | {"required": _required(form)}
    if data.pop("disabled"):
        form.fault("disabled", "BASE_TYPE_BAD", "Modals cannot have disabled components.")
    _check_least(form, data)
    if form.data["type"] == STRING_SELECT:
        chosen = sum(1 for each in data["options"] if each.get("default"))
    else:
        chosen = len(data.get("default_values", ()))
    if chosen > data["max_values"]:
        form.fault("max_values", "BASE_TYPE_BAD", "More is selected by default than max_values allows.")
    return data


def _checkbox_group(form: Form, seen: Seen) -> JSON:
    data = read_checkbox_group(form, seen) | {"required": _required(form)}
    _check_least(form, data)
    return data


def _radio_group(form: Form, seen: Seen) -> JSON:
    return read_radio_group(form, seen) | {"required": _required(form)}


def _checkbox(form: Form, seen: Seen) -> JSON:
    return {"custom_id": read_custom_id(form, seen), "default": form.flag("default") or False}


def _file_upload(form: Form, seen: Seen) -> JSON:
    data: JSON = {"custom_id": read_custom_id(form, seen)} | read_bounds(form, UPLOADS)
    data["required"] = _required(form)
    _check_least(form, data)
    return data


def _required(form: Form) -> bool:
    return form.flag("required") is not False


def _check_least(form: Form, data: JSON) -> None:
    if data["required"] and not data["min_values"]:
        form.fault("min_values", "BASE_TYPE_BAD", "min_values must be at least 1 unless required is false.")


_READERS: dict[int, Reader] = {
    ROW: _row,
    TEXT: read_text,
    LABEL: _label,
    TEXT_INPUT: _text_input,
    **dict.fromkeys(SELECTS, _select),
    FILE_UPLOAD: _file_upload,
    RADIO_GROUP: _radio_group,
    CHECKBOX_GROUP: _checkbox_group,
    CHECKBOX: _checkbox,
}
