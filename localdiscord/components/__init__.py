"""Components of messages and modals: read from a body, checked, and brought into the form sent back."""

from localdiscord.components.common import (
    CHANNEL_SELECT,
    CHECKBOX,
    CHECKBOX_GROUP,
    FILE,
    FILE_UPLOAD,
    LABEL,
    MENTIONABLE_SELECT,
    RADIO_GROUP,
    ROLE_SELECT,
    ROW,
    SELECTS,
    STRING_SELECT,
    TEXT,
    TEXT_INPUT,
    USER_SELECT,
    walk,
)
from localdiscord.components.message import display_text, read_components
from localdiscord.components.modal import read_modal

__all__ = [
    "CHANNEL_SELECT",
    "CHECKBOX",
    "CHECKBOX_GROUP",
    "FILE",
    "FILE_UPLOAD",
    "LABEL",
    "MENTIONABLE_SELECT",
    "RADIO_GROUP",
    "ROLE_SELECT",
    "ROW",
    "SELECTS",
    "STRING_SELECT",
    "TEXT",
    "TEXT_INPUT",
    "USER_SELECT",
    "display_text",
    "read_components",
    "read_modal",
    "walk",
]
