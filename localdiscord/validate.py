"""What a message may consist of: limits in one table, embeds checked and brought into the form they are sent back.

Components are in components/; who may send what where is for acts/.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from localdiscord.components import read_components
from localdiscord.errors import refusal
from localdiscord.forms import WEB_OR_FILE, Form
from localdiscord.model import COMPONENTS_V2, JSON, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS

# Lengths in code points (docs resources/message, resources/channel, resources/webhook; API description).
CONTENT, PREMIUM_CONTENT = 2000, 4000
STICKERS = 3
NONCE = 25
NAME = 100  # of channels, threads and forum posts
TOPIC, GUIDELINES = 1024, 4096
EMBEDS, EMBED_TEXT = 10, 6000
EMBED_TITLE, EMBED_DESCRIPTION, EMBED_FOOTER, EMBED_AUTHOR = 256, 4096, 2048, 256
EMBED_FIELDS, FIELD_NAME, FIELD_VALUE = 25, 256, 1024
URL = 2048
FILES, FILE_SIZE, REQUEST_SIZE, ALT_TEXT = 10, 10 << 20, 25 << 20, 1024
APPLIED_TAGS, TAGS, TAG_NAME = 5, 20, 20
SLOW_MODE = 21600
WEBHOOK_NAME, WEBHOOKS = 80, 15
REACTIONS, PINS = 20, 250
BULK_DELETE = 100
ARCHIVE_AFTER = (60, 1440, 4320, 10080)
TIMEOUT_DAYS = 28
REASON = 512

SENDABLE_FLAGS = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
REFUSED_NAMES = ("clyde", "discord")  # as part of a webhook's name (docs resources/webhook §Create Webhook)
RESERVED_NAMES = ("everyone", "here", "system message")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart body; ``index`` is the n of ``files[n]``."""

    index: int
    filename: str
    content_type: str
    body: bytes


@dataclass(slots=True)
class Content:
    """A message body that passed: what was given is set, what was not is None."""

    content: str | None = None
    embeds: list[JSON] | None = None
    components: list[JSON] | None = None
    flags: int | None = None
    tts: bool = False
    attachments: list[JSON] | None = None  # {"id": str, "filename"?, "description"?} in the order given
    allowed_mentions: JSON | None = None
    stickers: list[int] | None = None
    files: tuple[Upload, ...] = ()

    @property
    def has_v2(self) -> bool:
        return bool((self.flags or 0) & COMPONENTS_V2)

    @property
    def empty(self) -> bool:
        given = (self.content, self.embeds, self.components, self.files, self.attachments, self.stickers)
        return not any(given)


def read_content(
    form: Form, files: tuple[Upload, ...] = (), *, v2: bool = False, high: int = CONTENT
) -> Content:
    """The parts that message creation, edits, webhooks and interaction answers share.

    ``v2``: the message already has components v2, which an edit can't undo. The caller raises the form's faults.
    """
    found = Content(files=files)
    found.content = form.text("content", high)
    if "content" in form and form.data["content"] is None:
        found.content = ""
    found.flags = form.integer("flags", low=0)
    found.tts = form.flag("tts") or False
    found.embeds = _embeds(form)
    is_v2 = v2 or found.has_v2
    found.components = read_components(form, is_v2)
    found.attachments = _attachments(form, files)
    found.allowed_mentions = _allowed_mentions(form)
    if form.data.get("poll"):
        form.fault("poll", "BASE_TYPE_CHOICES", "Polls are not offered by the local Discord.")
    found.stickers = form.snowflakes("sticker_ids", STICKERS)
    if is_v2:
        for key in ("content", "embeds"):
            if form.data.get(key):
                form.fault(
                    key,
                    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                    f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
                )
    for upload in files:
        if len(upload.body) > FILE_SIZE:
            raise refusal(40005)
    if sum(len(upload.body) for upload in files) > REQUEST_SIZE:
        raise refusal(40005)
    names = {each.filename for each in files} | {
        each["filename"] for each in found.attachments or () if "filename" in each
    }
    meant = set(_file_names([found.embeds, found.components]))
    for name in sorted(meant - names) if files or found.attachments is not None else ():
        form.fault(
            "components" if is_v2 else "embeds",
            "MEDIA_ATTACHMENT_NOT_FOUND",
            f'No attachment is named "{name}".',
        )
    return found


def _embeds(form: Form) -> list[JSON] | None:
    if "embeds" not in form:
        return None
    embeds = [_embed(each) for each in form.items("embeds", EMBEDS) or ()]
    if sum(map(_text_length, embeds)) > EMBED_TEXT:
        form.fault("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_TEXT}")
    return embeds


def _embed(form: Form) -> JSON:
    data: JSON = {"type": "rich"}
    for key, high in (("title", EMBED_TITLE), ("description", EMBED_DESCRIPTION)):
        if value := form.text(key, high):
            data[key] = value
    if url := form.url("url", URL):
        data["url"] = url
    if (color := form.integer("color", low=0, high=0xFFFFFF)) is not None:
        data["color"] = color
    if (moment := form.data.get("timestamp")) is not None:
        try:
            data["timestamp"] = datetime.fromisoformat(str(moment)).isoformat()
        except ValueError:
            form.fault("timestamp", "DATE_TIME_TYPE_PARSE", f"Could not parse {moment}. Should be ISO8601.")
    if fields := form.items("fields", EMBED_FIELDS):
        data["fields"] = [
            {
                "name": each.text("name", FIELD_NAME, low=1, required=True) or "",
                "value": each.text("value", FIELD_VALUE, low=1, required=True) or "",
                "inline": each.flag("inline") or False,
            }
            for each in fields
        ]
    if author := form.sub("author"):
        data["author"] = {"name": author.text("name", EMBED_AUTHOR, low=1, required=True) or ""}
        if url := author.url("url", URL):
            data["author"]["url"] = url
        if url := author.url("icon_url", URL, WEB_OR_FILE):
            data["author"] |= {"icon_url": url}
    if (footer := form.sub("footer")) and (text := footer.text("text", EMBED_FOOTER, low=1, required=True)):
        data["footer"] = {"text": text}
        if url := footer.url("icon_url", URL, WEB_OR_FILE):
            data["footer"]["icon_url"] = url
    for key in ("image", "thumbnail"):
        if (picture := form.sub(key)) and (url := picture.url("url", URL, WEB_OR_FILE)):
            data[key] = {"url": url} if url.startswith("attachment:") else {"url": url, "proxy_url": url}
    if len(data) == 1 and not form.data.get("provider"):
        form.fault("description", "BASE_TYPE_REQUIRED", "This field is required")
    return data


def _text_length(embed: JSON) -> int:
    texts = [embed.get("title", ""), embed.get("description", "")]
    texts += [embed.get("footer", {}).get("text", ""), embed.get("author", {}).get("name", "")]
    texts += [text for each in embed.get("fields", ()) for text in (each["name"], each["value"])]
    return sum(len(text) for text in texts)


def _attachments(form: Form, files: tuple[Upload, ...]) -> list[JSON] | None:
    if len(files) > FILES:
        form.fault("attachments", "BASE_TYPE_MAX_LENGTH", f"Must be {FILES} or fewer in length.")
    if (given := form.items("attachments", FILES)) is None:
        return None
    found = []
    for each in given:
        data: JSON = {"id": str(each.snowflake("id", required=True) or 0)}
        for key, high in (("filename", 1024), ("description", ALT_TEXT), ("title", 1024)):
            if value := each.text(key, high):
                data[key] = value
        found.append(data)
    return found


def _allowed_mentions(form: Form) -> JSON | None:
    inner = form.sub("allowed_mentions")
    if inner is None:
        return None
    parse = inner.data.get("parse")
    if parse is not None and not (isinstance(parse, list) and set(parse) <= {"users", "roles", "everyone"}):
        inner.fault("parse", "BASE_TYPE_CHOICES", "Value must be one of ('users', 'roles', 'everyone').")
        parse = None
    users, roles = inner.snowflakes("users", 100), inner.snowflakes("roles", 100)
    for key, ids in (("users", users), ("roles", roles)):
        if ids and parse and key in parse:
            inner.fault(
                "parse",
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{key}"] and {key}: [ids...] are mutually exclusive.',
            )
    return {
        "parse": parse or [],
        "users": users or [],
        "roles": roles or [],
        "replied_user": bool(inner.flag("replied_user")),
    }


def _file_names(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for each in value for name in _file_names(each)]
    if isinstance(value, dict):
        return [name for each in value.values() for name in _file_names(each)]
    if isinstance(value, str) and value.startswith("attachment://"):
        return [value[13:]]
    return []


def thread_form(form: Form) -> tuple[str, int | None, int | None]:
    """Name, auto-archive minutes and slow mode of a thread to be made."""
    name = form.text("name", NAME, low=1, required=True) or ""
    return (
        name,
        form.choice("auto_archive_duration", ARCHIVE_AFTER),
        form.integer("rate_limit_per_user", low=0, high=SLOW_MODE),
    )


def webhook_name(form: Form, key: str, *, required: bool = False) -> str | None:
    """Names and user names that Discord lets a webhook carry."""
    name = form.text(key, WEBHOOK_NAME, low=1, required=required)
    if name is None:
        return None
    for word in REFUSED_NAMES:
        if word in name.lower():
            form.fault(key, "USERNAME_INVALID_CONTAINS", f'Username cannot contain "{word}"')
            return None
    if name.lower() in RESERVED_NAMES:
        form.fault(key, "USERNAME_INVALID", f'Username cannot be "{name}"')
        return None
    return name
