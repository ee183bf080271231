"""Message components, legacy and v2: checked (docs components/reference) and brought into the form sent back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from localdiscord.forms import WEB_OR_FILE, Form
from localdiscord.model import JSON

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = range(
    1, 9
)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR = range(9, 15)
CONTAINER = 17
SELECTS = (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
LINK, PREMIUM = 5, 6  # button styles without a custom_id

COMPONENTS, DISPLAY_TEXT = 40, 4000  # of a whole message
ROWS, BUTTONS = 5, 5
LABEL, BUTTON_URL, CUSTOM_ID, PLACEHOLDER, OPTIONS, OPTION_TEXT = 80, 512, 100, 150, 25, 100
SECTION_TEXTS, GALLERY_ITEMS, ALT_TEXT, MEDIA_URL = 3, 10, 1024, 2048


@dataclass
class _Seen:
    count: int = 0
    text: int = 0
    custom_ids: set[str] = field(default_factory=set)
    ids: set[int] = field(default_factory=set)


def read_components(form: Form, v2: bool) -> list[JSON] | None:
    """The components of a body, or None when it has none. ``v2`` is whether the message has that flag."""
    if "components" not in form:
        return None
    seen = _Seen()
    top = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER) if v2 else (ROW,)
    found = [_one(each, top, seen) for each in form.items("components", COMPONENTS if v2 else ROWS) or ()]
    if seen.count > COMPONENTS:
        form.fault(
            "components",
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"Must be {COMPONENTS} or fewer in total.",
        )
    if v2 and seen.text > DISPLAY_TEXT:
        form.fault(
            "components",
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"Component displayable text size exceeds maximum size of {DISPLAY_TEXT}",
        )
    _number(found, seen.ids)
    return found


def walk(components: list[JSON]) -> Iterator[JSON]:
    """Every component, containers before what they hold."""
    for one in components:
        yield one
        yield from walk(one.get("components", []))
        if accessory := one.get("accessory"):
            yield accessory


def display_text(components: list[JSON]) -> str:
    """All text displays together: what mentions are read from."""
    return "\n".join(one["content"] for one in walk(components) if one["type"] == TEXT)


def _number(components: list[JSON], taken: set[int]) -> None:
    """Give an id to every component that came without one (docs components/reference §Anatomy)."""
    following = 1
    for one in walk(components):
        if not one["id"]:
            while following in taken:
                following += 1
            one["id"] = following
            taken.add(following)


def _one(form: Form, allowed: tuple[int, ...], seen: _Seen) -> JSON:
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
    return {"type": kind, "id": id_} | _READERS[kind](form, seen)


def _row(form: Form, seen: _Seen) -> JSON:
    children = form.items("components", BUTTONS, low=1) or []
    found = [_one(each, (BUTTON, *SELECTS), seen) for each in children]
    if len(found) > 1 and any(each["type"] in SELECTS for each in found):
        form.fault(
            "components",
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        )
    return {"components": found}


def _custom_id(form: Form, seen: _Seen) -> str:
    value = form.text("custom_id", CUSTOM_ID, low=1, required=True) or ""
    if value and value in seen.custom_ids:
        form.fault("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
    seen.custom_ids.add(value)
    return value


def _emoji(form: Form) -> JSON | None:
    inner = form.sub("emoji")
    if inner is None:
        return None
    name, id_ = inner.text("name", 32) or "", inner.snowflake("id")
    if not name and not id_:
        inner.fault("name", "BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji")
    return {"name": name} | ({"id": str(id_), "animated": bool(inner.data.get("animated"))} if id_ else {})


def _button(form: Form, seen: _Seen) -> JSON:
    style = form.choice("style", range(1, 7), required=True) or 1
    data: JSON = {"style": style}
    label, emoji = form.text("label", LABEL), _emoji(form)
    if label:
        data["label"] = label
    if emoji:
        data["emoji"] = emoji
    if style == LINK:
        data["url"] = form.url("url", BUTTON_URL, ("http", "https", "discord"), required=True)
        if form.data.get("custom_id"):
            form.fault("custom_id", "BASE_TYPE_BAD", "A custom id and url cannot both be specified")
    elif style == PREMIUM:
        form.fault("style", "BASE_TYPE_CHOICES", "Premium buttons are not offered by the local Discord.")
    else:
        data["custom_id"] = _custom_id(form, seen)
        if form.data.get("url"):
            form.fault("url", "BASE_TYPE_BAD", "A custom id and url cannot both be specified")
    if not label and not emoji and style != PREMIUM:
        form.fault("label", "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or an emoji is required")
    data["disabled"] = form.flag("disabled") or False
    return data


def _select(form: Form, seen: _Seen) -> JSON:
    data: JSON = {"custom_id": _custom_id(form, seen)}
    if placeholder := form.text("placeholder", PLACEHOLDER):
        data["placeholder"] = placeholder
    least = form.integer("min_values", low=0, high=OPTIONS)
    most = form.integer("max_values", low=1, high=OPTIONS)
    data["min_values"] = 1 if least is None else least
    data["max_values"] = 1 if most is None else most
    data["disabled"] = form.flag("disabled") or False
    if form.data["type"] == STRING_SELECT:
        data["options"] = _options(form)
    elif defaults := form.data.get("default_values"):
        data["default_values"] = defaults
    if form.data["type"] == CHANNEL_SELECT and (kinds := form.data.get("channel_types")):
        data["channel_types"] = kinds
    return data


def _options(form: Form) -> list[JSON]:
    found: list[JSON] = []
    values: set[str] = set()
    for each in form.items("options", OPTIONS, low=1) or ():
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
        if emoji := _emoji(each):
            option["emoji"] = emoji
        if each.flag("default"):
            option["default"] = True
        found.append(option)
    return found


def _section(form: Form, seen: _Seen) -> JSON:
    texts = [_one(each, (TEXT,), seen) for each in form.items("components", SECTION_TEXTS, low=1) or ()]
    accessory = form.sub("accessory", required=True)
    return {
        "components": texts,
        "accessory": _one(accessory, (BUTTON, THUMBNAIL), seen) if accessory else {"type": 0, "id": 0},
    }


def _text(form: Form, seen: _Seen) -> JSON:
    content = form.text("content", DISPLAY_TEXT, low=1, required=True) or ""
    seen.text += len(content)
    return {"content": content}


def _media(form: Form, key: str, schemes: tuple[str, ...] = WEB_OR_FILE) -> JSON:
    inner = form.sub(key, required=True)
    url = (inner.url("url", MEDIA_URL, schemes, required=True) if inner else None) or ""
    return {"id": "0", "url": url, "proxy_url": url}


def _described(form: Form) -> JSON:
    return {
        "description": form.text("description", ALT_TEXT) or None,
        "spoiler": form.flag("spoiler") or False,
    }


def _thumbnail(form: Form, seen: _Seen) -> JSON:
    return {"media": _media(form, "media")} | _described(form)


def _gallery(form: Form, seen: _Seen) -> JSON:
    items = form.items("items", GALLERY_ITEMS, low=1) or []
    return {"items": [{"media": _media(each, "media")} | _described(each) for each in items]}


def _file(form: Form, seen: _Seen) -> JSON:
    media = _media(form, "file", ("attachment",))
    name = media["url"].removeprefix("attachment://") or None
    return {"file": media, "name": name, "size": None, "spoiler": form.flag("spoiler") or False}


def _separator(form: Form, seen: _Seen) -> JSON:
    divider = form.flag("divider")
    return {"spacing": form.choice("spacing", (1, 2)) or 1, "divider": True if divider is None else divider}


def _container(form: Form, seen: _Seen) -> JSON:
    inside = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
    return {
        "accent_color": form.integer("accent_color", low=0, high=0xFFFFFF),
        "components": [
            _one(each, inside, seen) for each in form.items("components", COMPONENTS, low=1) or ()
        ],
        "spoiler": form.flag("spoiler") or False,
    }


_READERS: dict[int, Callable[[Form, _Seen], JSON]] = {
    ROW: _row,
    BUTTON: _button,
    STRING_SELECT: _select,
    USER_SELECT: _select,
    ROLE_SELECT: _select,
    MENTIONABLE_SELECT: _select,
    CHANNEL_SELECT: _select,
    SECTION: _section,
    TEXT: _text,
    THUMBNAIL: _thumbnail,
    GALLERY: _gallery,
    FILE: _file,
    SEPARATOR: _separator,
    CONTAINER: _container,
}
