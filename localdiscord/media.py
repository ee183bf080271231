"""Uploaded files: their bytes, and the facts about them that messages carry."""

from __future__ import annotations

import struct
from collections.abc import Callable

from localdiscord.model import JSON
from localdiscord.validate import Upload

LENT = 64 << 20  # bytes of files lent to interactions that are kept
_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
}


class Media:
    """Files by id. ``read`` finds those that an earlier run stored."""

    def __init__(self, read: Callable[[int], bytes | None] = lambda _: None) -> None:
        self._read = read
        self._bodies: dict[int, bytes] = {}
        self._fresh: list[int] = []
        self._lent: dict[int, tuple[JSON, bytes]] = {}

    def add(self, id_: int, upload: Upload, description: str | None) -> JSON:
        """Keep a file; gives the attachment as a message holds it (see wire.attachment)."""
        self._bodies[id_] = upload.body
        self._fresh.append(id_)
        return _facts(id_, upload, description)

    def lend(self, id_: int, upload: Upload) -> JSON:
        """Keep a file that goes along with an interaction: in memory only, as long as there is room."""
        data = _facts(id_, upload, None) | {"ephemeral": True}
        self._lent[id_] = (data, upload.body)
        while sum(len(body) for _, body in self._lent.values()) > LENT and len(self._lent) > 1:
            del self._lent[next(iter(self._lent))]
        return data

    def lent(self, id_: int) -> tuple[JSON, bytes] | None:
        return self._lent.get(id_)

    def body(self, id_: int) -> bytes | None:
        body = self._bodies.get(id_)
        return self._read(id_) if body is None else body

    def take_fresh(self) -> list[tuple[int, bytes]]:
        """Files that are not stored yet."""
        fresh, self._fresh = self._fresh, []
        return [(id_, self._bodies[id_]) for id_ in fresh]


def _facts(id_: int, upload: Upload, description: str | None) -> JSON:
    data: JSON = {
        "id": id_,
        "filename": upload.filename,
        "size": len(upload.body),
        "content_type": _TYPES.get(upload.filename.rpartition(".")[2].lower()) or upload.content_type,
    }
    if description:
        data["description"] = description
    if size := picture_size(upload.body):
        data["width"], data["height"] = size
    return data


def picture_size(body: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF or JPEG in pixels; None for anything else."""
    if body.startswith(b"\x89PNG\r\n\x1a\n") and len(body) >= 24:
        width, height = struct.unpack(">II", body[16:24])
        return width, height
    if body[:6] in (b"GIF87a", b"GIF89a") and len(body) >= 10:
        width, height = struct.unpack("<HH", body[6:10])
        return width, height
    if body.startswith(b"\xff\xd8"):
        at = 2
        while at + 9 <= len(body) and body[at] == 0xFF:
            marker = body[at + 1]
            if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
                height, width = struct.unpack(">HH", body[at + 5 : at + 9])
                return width, height
            at += 2 + int.from_bytes(body[at + 2 : at + 4], "big")
    return None
