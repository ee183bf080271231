"""The stand-in for Discord's CDN: drawn avatars, emoji and stickers, uploaded files."""

from __future__ import annotations

import struct
import zlib
from hashlib import sha256
from html import escape

from aiohttp import web

from localdiscord.context import Context

_COLORS = ("#5865f2", "#2a9d8f", "#e76f51", "#8e5572", "#3a86c8", "#bc6c25", "#6a994e")
_SIZE, _CELLS = 128, 5
_INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/mpeg", "video/mp4")


def routes(ctx: Context) -> list[web.RouteDef]:
    async def avatar(request: web.Request) -> web.Response:
        # Drawn from the hash alone, so that a webhook shows a member's picture under the same hash.
        hash_ = request.match_info["hash"]
        person = next((each for each in ctx.world.users.values() if each.avatar == hash_), None)
        return _picture(person.display_name if person else "W", hash_, request.match_info["extension"])

    async def webhook_avatar(request: web.Request) -> web.Response:
        return _picture("?", request.match_info["index"], request.match_info["extension"])

    async def emoji(request: web.Request) -> web.Response:
        id_ = int(request.match_info["emoji"])
        known = next((each for each in ctx.world.guild.emojis if each["id"] == id_), None)
        if known is None:
            raise web.HTTPNotFound
        return _picture("✓", str(id_), request.match_info["extension"])

    async def sticker(request: web.Request) -> web.Response:
        id_ = int(request.match_info["sticker"])
        known = next((each for each in ctx.world.guild.stickers if each["id"] == id_), None)
        if known is None:
            raise web.HTTPNotFound
        return _picture(known["name"], str(id_), request.match_info["extension"])

    async def attachment(request: web.Request) -> web.Response:
        fault = ctx.faults.next_for(request.method, request.path)
        if fault is not None:
            await ctx.clock.sleep(fault.delay)
            if fault.status is not None:
                return web.Response(status=fault.status)
        id_, channel_id = int(request.match_info["id"]), int(request.match_info["channel"])
        found = next(
            (
                each
                for message in ctx.world.messages.get(channel_id, {}).values()
                for each in message.attachments
                if each["id"] == id_ and each["filename"] == request.match_info["name"]
            ),
            None,
        )
        body = ctx.media.body(id_) if found else None
        if found is None or body is None:
            raise web.HTTPNotFound
        return _file(found["content_type"], body)

    async def lent(request: web.Request) -> web.Response:
        found = ctx.media.lent(int(request.match_info["id"]))
        if found is None or found[0]["filename"] != request.match_info["name"]:
            raise web.HTTPNotFound
        return _file(found[0]["content_type"], found[1])

    return [
        web.get(r"/cdn/avatars/{user:\d+}/{hash}.{extension:\w+}", avatar),
        web.get(r"/cdn/embed/avatars/{index:\d+}.{extension:\w+}", webhook_avatar),
        web.get(r"/cdn/emojis/{emoji:\d+}.{extension:\w+}", emoji),
        web.get(r"/cdn/stickers/{sticker:\d+}.{extension:\w+}", sticker),
        web.get(r"/cdn/attachments/{channel:\d+}/{id:\d+}/{name}", attachment),
        web.get(r"/cdn/ephemeral-attachments/{application:\d+}/{id:\d+}/{name}", lent),
    ]


def _file(kind: str, body: bytes) -> web.Response:
    headers = {"Content-Type": kind, "X-Content-Type-Options": "nosniff"}
    if kind not in _INLINE:  # what a page could run must not open as one of ours
        headers["Content-Disposition"] = "attachment"
    return web.Response(body=body, headers=headers)


def _picture(name: str, seed: str, extension: str) -> web.Response:
    digest = sha256(seed.encode()).digest()
    color = _COLORS[digest[0] % len(_COLORS)]
    headers = {"Cache-Control": "public, max-age=86400"}
    if extension == "svg":
        body = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE} {_SIZE}" width="{_SIZE}" height="{_SIZE}">'
            f'<rect width="{_SIZE}" height="{_SIZE}" fill="{color}"/><text x="50%" y="50%" dy=".35em" fill="#fff"'
            f' text-anchor="middle" font-family="system-ui, sans-serif" font-size="64">{escape(name[:1])}</text></svg>'
        ).encode()
        return web.Response(body=body, content_type="image/svg+xml", headers=headers)
    return web.Response(body=_png(digest, color), content_type="image/png", headers=headers)


def _png(digest: bytes, color: str) -> bytes:
    """A five by five pattern, the same left and right, that tells people apart at a glance."""
    ink, paper = bytes.fromhex(color[1:]), b"\xf2\xf3\xf5"
    rows = bytearray()
    for y in range(_SIZE):
        rows.append(0)  # PNG filter: none
        cell_y = y * _CELLS // _SIZE
        for x in range(_SIZE):
            cell_x = x * _CELLS // _SIZE
            rows += ink if digest[1 + cell_y * 3 + min(cell_x, _CELLS - 1 - cell_x)] & 1 else paper
    header = struct.pack(">IIBBBBB", _SIZE, _SIZE, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(bytes(rows)))
        + _chunk(b"IEND")
    )


def _chunk(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
