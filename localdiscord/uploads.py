"""Files that members give to the control routes as JSON, and the names that files may have."""

from __future__ import annotations

import base64
import binascii
import mimetypes
import re
from typing import Any

from localdiscord.errors import mistake
from localdiscord.validate import Upload


def read_uploads(given: Any, what: str) -> tuple[Upload, ...]:
    """``[{"filename", "content_base64" or "text"}]``; ``what`` names the field in the sentence about a fault."""
    items = given if isinstance(given, list) else [given]
    return tuple(_upload(each, index, what) for index, each in enumerate(items))


def _upload(given: Any, index: int, what: str) -> Upload:
    if not isinstance(given, dict) or not isinstance(given.get("filename"), str):
        raise mistake(f"{what}: give each file as an object with filename and content_base64 or text")
    text, encoded = given.get("text"), given.get("content_base64")
    if isinstance(text, str):
        body = text.encode()
    elif isinstance(encoded, str):
        try:
            body = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise mistake(f"{what}: content_base64 of {given['filename']} is not valid Base64") from None
    elif text is None and encoded is None:
        body = b""
    else:
        raise mistake(f"{what}: content_base64 or text of {given['filename']} must be a string")
    kind = given.get("content_type") or mimetypes.guess_type(given["filename"])[0]
    return Upload(index, safe_name(given["filename"]), str(kind or "application/octet-stream"), body)


def safe_name(filename: str) -> str:
    """Discord keeps letters, digits, dot, dash and underscore of a file's name."""
    name = re.sub(r"[^\w.\-]+", "_", filename.rpartition("/")[2]).strip(".")
    return name[:200] or "unknown"
