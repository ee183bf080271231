"""Components of messages, legacy and v2: checked (docs components/reference) and brought into the form sent back."""

from __future__ import annotations

from localdiscord.components.choosing import read_emoji, read_select
from localdiscord.components.common import (
    BUTTON,
    CONTAINER,
    DISPLAY_TEXT,
    FILE,
    GALLERY,
    ROW,
    SECTION,
    SELECTS,
    SEPARATOR,
    TEXT,
    THUMBNAIL,
    Reader,
    Seen,
    number,
    read_custom_id,
    read_one,
    read_text,
    walk,
)
from localdiscord.forms import WEB_OR_FILE, Form
from localdiscord.model import JSON

LINK, PREMIUM = 5, 6  # button styles without a custom_id

COMPONENTS = 40  # of a whole message
ROWS, BUTTONS = 5, 5
LABEL, BUTTON_URL = 80, 512
SECTION_TEXTS, GALLERY_ITEMS, ALT_TEXT, MEDIA_URL = 3, 10, 1024, 2048


def read_components(form: Form, v2: bool) -> list[JSON] | None:
    """The components of a body, or None when it has none. ``v2`` is whether the message has that flag."""
    if "components" not in form:
        return None
    seen = Seen()
    top = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER) if v2 else (ROW,)
    found = [
        read_one(each, _READERS, top, seen)
        for each in form.items("components", COMPONENTS if v2 else ROWS) or ()
    ]
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
    number(found, seen.ids)
    return found


def display_text(components: list[JSON]) -> str:
    """All text displays together: what mentions are read from."""
    return "\n".join(one["content"] for one in walk(components) if one["type"] == TEXT)


def _row(form: Form, seen: Seen) -> JSON:
    children = form.items("components", BUTTONS, low=1) or []
    found = [read_one(each, _READERS, (BUTTON, *SELECTS), seen) for each in children]
    if len(found) > 1 and any(each["type"] in SELECTS for each in found):
        form.fault(
            "components",
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        )
    return {"components": found}


def _button(form: Form, seen: Seen) -> JSON:
    style = form.choice("style", range(1, 7), required=True) or 1
    data: JSON = {"style": style}
    label, emoji = form.text("label", LABEL), read_emoji(form)
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
        data["custom_id"] = read_custom_id(form, seen)
        if form.data.get("url"):
            form.fault("url", "BASE_TYPE_BAD", "A custom id and url cannot both be specified")
    if not label and not emoji and style != PREMIUM:
        form.fault("label", "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or an emoji is required")
    data["disabled"] = form.flag("disabled") or False
    return data


def _section(form: Form, seen: Seen) -> JSON:
    texts = [
        read_one(each, _READERS, (TEXT,), seen)
        for each in form.items("components", SECTION_TEXTS, low=1) or ()
    ]
    accessory = form.sub("accessory", required=True)
    return {
        "components": texts,
        "accessory": read_one(accessory, _READERS, (BUTTON, THUMBNAIL), seen)
        if accessory
        else {"type": 0, "id": 0},
    }


def _media(form: Form, key: str, schemes: tuple[str, ...] = WEB_OR_FILE) -> JSON:
    inner = form.sub(key, required=True)
    url = (inner.url("url", MEDIA_URL, schemes, required=True) if inner else None) or ""
    return {"id": "0", "url": url, "proxy_url": url}


def _described(form: Form) -> JSON:
    return {
        "description": form.text("description", ALT_TEXT) or None,
        "spoiler": form.flag("spoiler") or False,
    }


def _thumbnail(form: Form, seen: Seen) -> JSON:
    return {"media": _media(form, "media")} | _described(form)


def _gallery(form: Form, seen: Seen) -> JSON:
    items = form.items("items", GALLERY_ITEMS, low=1) or []
    return {"items": [{"media": _media(each, "media")} | _described(each) for each in items]}


def _file(form: Form, seen: Seen) -> JSON:
    media = _media(form, "file", ("attachment",))
    name = media["url"].removeprefix("attachment://") or None
    return {"file": media, "name": name, "size": None, "spoiler": form.flag("spoiler") or False}


def _separator(form: Form, seen: Seen) -> JSON:
    divider = form.flag("divider")
    return {"spacing": form.choice("spacing", (1, 2)) or 1, "divider": True if divider is None else divider}


def _container(form: Form, seen: Seen) -> JSON:
    inside = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
    return {
        "accent_color": form.integer("accent_color", low=0, high=0xFFFFFF),
        "components": [
            read_one(each, _READERS, inside, seen)
            for each in form.items("components", COMPONENTS, low=1) or ()
        ],
        "spoiler": form.flag("spoiler") or False,
    }


_READERS: dict[int, Reader] = {
    ROW: _row,
    BUTTON: _button,
    **dict.fromkeys(SELECTS, read_select),
    SECTION: _section,
    TEXT: read_text,
    THUMBNAIL: _thumbnail,
    GALLERY: _gallery,
    FILE: _file,
    SEPARATOR: _separator,
    CONTAINER: _container,
}
