"""Request bodies: JSON, or multipart with ``payload_json`` and ``files[n]`` (docs reference §Uploading Files)."""

from __future__ import annotations

import json
import re
from typing import Any

from localdiscord.errors import form_error, refusal
from localdiscord.uploads import safe_name
from localdiscord.validate import Upload

_DISPOSITION = re.compile(rb'(\w+\*?)="?((?:[^"\\;]|\\.)*)"?')
_FILE = re.compile(r"files?\[?(\d*)\]?")


def read_body(content_type: str, raw: bytes) -> tuple[Any, tuple[Upload, ...]]:
    """The JSON value and the files. {} for an empty body."""
    if content_type.startswith("multipart/form-data"):
        return _multipart(content_type, raw)
    if not raw:
        return {}, ()
    return _json(raw), ()


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise refusal(50109) from None


def _multipart(content_type: str, raw: bytes) -> tuple[Any, tuple[Upload, ...]]:
    found = re.search(r'boundary="?([^";]+)"?', content_type)
    if found is None:
        raise form_error((), "MULTIPART_BOUNDARY_MISSING", "The multipart body names no boundary")
    body: Any = {}
    files: list[Upload] = []
    for part in raw.split(b"--" + found[1].encode())[1:]:
        if part.startswith(b"--"):
            break
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        content = content.removesuffix(b"\r\n")
        headers = {
            line.partition(b":")[0].strip().lower(): line.partition(b":")[2].strip()
            for line in head.split(b"\r\n")
        }
        fields = {
            key: value.decode()
            for key, value in _DISPOSITION.findall(headers.get(b"content-disposition", b""))
        }
        name = fields.get(b"name", "")
        if name == "payload_json":
            body = _json(content)
        elif (match := _FILE.fullmatch(name)) and b"filename" in fields:
            kind = headers.get(b"content-type", b"application/octet-stream").decode()
            index = int(match[1]) if match[1] else len(files)
            files.append(Upload(index, safe_name(fields[b"filename"]), kind, content))
        elif isinstance(body, dict):
            body[name] = content.decode(errors="replace")
    return body, tuple(files)
