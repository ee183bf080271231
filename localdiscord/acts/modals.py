"""Modals filled in and sent by members. What a field is not given stays as the modal offers it; null empties it."""

from __future__ import annotations

from localdiscord.acts.choosing import chosen, listed, option, require_number
from localdiscord.acts.interactions import MODAL_SUBMIT, begin, require_acting
from localdiscord.acts.resolving import Resolved
from localdiscord.components import (
    CHECKBOX,
    CHECKBOX_GROUP,
    FILE_UPLOAD,
    LABEL,
    RADIO_GROUP,
    ROW,
    SELECTS,
    TEXT_INPUT,
    walk,
)
from localdiscord.components.modal import INPUT
from localdiscord.context import Context
from localdiscord.errors import mistake
from localdiscord.interactions import Interaction
from localdiscord.model import JSON


def send(ctx: Context, member_id: int, body: JSON) -> Interaction:
    """A member sends the modal ``custom_id`` with ``fields``. It stays open until the application has answered."""
    custom_id, fields = str(body.get("custom_id", "")), body.get("fields")
    modal = ctx.interactions.modal(member_id, custom_id)
    if modal is None:
        raise mistake(f"You have no form {custom_id!r} open", 404, 10062)
    opener = modal.opener
    require_acting(ctx, member_id, opener.channel)
    if modal.sent and ctx.interactions.waiting(modal.sent):
        raise mistake("This form is being sent already")
    resolved = Resolved(ctx, member_id, opener.channel)
    parts = modal.form["components"]
    data: JSON = {"custom_id": custom_id, "components": _filled(parts, _checked(parts, fields), resolved)}
    if resolved.data:
        data["resolved"] = resolved.data
    trigger = {key: each for key, each in opener.metadata.items() if key != "name"}
    about: JSON = {"triggering_interaction_metadata": trigger}
    if "name" in opener.metadata:  # the answer is to the command that the form came from
        about["name"] = opener.metadata["name"]
    interaction = begin(ctx, MODAL_SUBMIT, member_id, opener.channel, data, about=about, source=opener.source)
    interaction.sending = modal
    modal.sent = interaction
    return interaction


def _checked(parts: list[JSON], fields: object) -> JSON:
    if fields is None:
        fields = {}
    if not isinstance(fields, dict):
        raise mistake("fields must be an object {custom_id: value}")
    known = [each["custom_id"] for each in walk(parts) if "custom_id" in each]
    for name in fields:
        if name not in known:
            raise mistake(f"The form has no field {name!r}: it has {', '.join(known)}")
    return fields


def _filled(parts: list[JSON], fields: JSON, resolved: Resolved) -> list[JSON]:
    found = []
    for part in parts:
        data: JSON = {"type": part["type"], "id": part["id"]}
        if part["type"] == ROW:
            one = part["components"][0]
            data["components"] = [_field(one, fields, resolved, one.get("label", ""))]
        elif part["type"] == LABEL:
            data["component"] = _field(part["component"], fields, resolved, part["label"])
        found.append(data)
    return found


def _field(part: JSON, fields: JSON, resolved: Resolved, label: str) -> JSON:
    """One field with what it holds."""
    name = part["custom_id"]
    value = fields[name] if name in fields else _beginning(part)
    what, kind = f'"{label}"', part["type"]
    data: JSON = {"type": kind, "id": part["id"], "custom_id": name}
    if kind == TEXT_INPUT:
        return data | {"value": _text(part, value, what)}
    if kind == CHECKBOX:
        return data | {"value": _tick(value, what)}
    if kind == RADIO_GROUP:
        return data | {"value": _radio(part, value, what)}
    if kind == FILE_UPLOAD:
        files = listed(value)
        require_number(part, len(files), what, "files")
        return data | {"values": resolved.attachments(files, what)}
    assert kind in (*SELECTS, CHECKBOX_GROUP)
    return data | {"values": chosen(part, listed(value), resolved, what)}


def _beginning(part: JSON) -> object:
    """What a field holds before anybody touched it."""
    if part["type"] == TEXT_INPUT:
        return part.get("value", "")
    if part["type"] == CHECKBOX:
        return part["default"]
    preset = [each["value"] for each in part.get("options", ()) if each.get("default")]
    if part["type"] == RADIO_GROUP:
        return preset[0] if preset else None
    return preset or [each["id"] for each in part.get("default_values", ())]


def _text(part: JSON, value: object, what: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float, type(None))):
        raise mistake(f"{what} takes text")
    text = "" if value is None else str(value)
    if not text.strip():
        if part["required"]:
            raise mistake(f"{what} must be filled in")
        return text
    low, high = part.get("min_length", 0), part.get("max_length", INPUT)
    if not low <= len(text) <= high:
        raise mistake(f"{what} must have {low} to {high} characters, not {len(text)}")
    return text


def _radio(part: JSON, value: object, what: str) -> str | None:
    given = listed(value)
    if not given and not part["required"]:
        return None
    if len(given) != 1:
        raise mistake(f"{what} takes one choice, not {len(given)}")
    found = option(part, given[0])
    if found is None:
        raise mistake(f"{what}: {given[0]!r} is not among what can be chosen")
    return found


def _tick(value: object, what: str) -> bool:
    found = {"true": True, "false": False, "none": False}.get(str(value).lower())
    if found is None:
        raise mistake(f"{what} is either true or false, not {value!r}")
    return found
