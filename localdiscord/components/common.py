"""What components of messages and modals share: their kinds and limits, reading one by its type, numbering, walking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from localdiscord.forms import Form
from localdiscord.model import JSON

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = range(
    1, 9
)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR = range(9, 15)
CONTAINER, LABEL, FILE_UPLOAD = range(17, 20)
RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = range(21, 24)
SELECTS = (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)

CUSTOM_ID, DISPLAY_TEXT = 100, 4000


@dataclass
class Seen:
    """What a whole message or modal has used so far: ids must be unique, and some things are counted."""

    count: int = 0
    text: int = 0
    custom_ids: set[str] = field(default_factory=set)
    ids: set[int] = field(default_factory=set)


Reader = Callable[[Form, Seen], JSON]


def read_one(form: Form, readers: Mapping[int, Reader], allowed: tuple[int, ...], seen: Seen) -> JSON:
    """One component of the ``allowed`` types, by the reader of its type; faults go into the form."""
    seen.count += 1
    kind = form.integer("type", required=True)
    if kind not in allowed:
        if kind is not None:
            listed = ", ".join(map(str, allowed))
            form.fault("type", "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({listed}).')
        return {"type": 0, "id": 0}
    id_ = form.integer("id", low=0, high=2**31 - 1) or 0
    if id_ and id_ in seen.ids:
        form.fault("id", "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
    if id_:
        seen.ids.add(id_)
    return {"type": kind, "id": id_} | readers[kind](form, seen)


def read_custom_id(form: Form, seen: Seen) -> str:
    value = form.text("custom_id", CUSTOM_ID, low=1, required=True) or ""
    if value and value in seen.custom_ids:
        form.fault("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
    seen.custom_ids.add(value)
    return value


def read_text(form: Form, seen: Seen) -> JSON:
    """A text display."""
    content = form.text("content", DISPLAY_TEXT, low=1, required=True) or ""
    seen.text += len(content)
    return {"content": content}


def walk(components: list[JSON]) -> Iterator[JSON]:
    """Every component, containers before what they hold."""
    for one in components:
        yield one
        yield from walk(one.get("components", []))
        for key in ("accessory", "component"):
            if inner := one.get(key):
                yield inner


def number(components: list[JSON], taken: set[int]) -> None:
    """Give an id to every component that came without one (docs components/reference §Anatomy)."""
    following = 1
    for one in walk(components):
        if not one["id"]:
            while following in taken:
                following += 1
            one["id"] = following
            taken.add(following)
