"""The newspaper over HTTP: feeds, pages and pictures, with conditional requests and compression (RFC 9110)."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from typing import TYPE_CHECKING

from aiohttp import ETag, web

from localdiscord.clock import Clock
from localdiscord.newspaper import feeds, pages, pictures
from localdiscord.newspaper.addresses import Addresses
from localdiscord.newspaper.archive import DESKS, reports
from localdiscord.newspaper.press import Press

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from localdiscord.newspaper.press import Item, Watch

_PAINTERS = 2
_KEPT_PICTURES = 64  # about 120 KB each; painting one takes a few tenths of a second


def make_newspaper(
    fast: bool, clock: Watch | None = None, memory: Path | None = None, *, paint_ahead: bool = True
) -> web.Application:
    """The newspaper as an application, to be mounted anywhere.

    Args:
        fast: a step every 2 s instead of every 20 s.
        clock: anything whose ``now()`` is an aware time; the real clock by default.
        memory: a file in which it remembers, for its next start, how far readers have seen it; without one, every
            start is the first.
        paint_ahead: paint a feed's pictures as soon as the feed is asked for; otherwise each when it is.
    """
    server = _Server(Press(reports(), clock or Clock(), fast=fast, memory=memory), paint_ahead)
    app = web.Application()
    app.router.add_get("", server.to_front)
    app.router.add_get("/", server.front, name="front")
    app.router.add_get(f"/{{desk:{'|'.join(DESKS)}}}.{{kind:rss|atom|json}}", server.feed, name="feed")
    app.router.add_get("/articles/{slug}", server.article, name="article")
    app.router.add_get("/pictures/{slug}.png", server.picture, name="picture")
    app.on_cleanup.append(server.close)
    return app


class _Server:
    def __init__(self, press: Press, paint_ahead: bool) -> None:
        self._press = press
        self._paint_ahead = paint_ahead
        self._pictures: dict[str, asyncio.Future[bytes]] = {}  # those asked for last come last
        # Processes, since painting holds the interpreter's lock: threads would stall everyone who reads meanwhile.
        self._painters = ProcessPoolExecutor(_PAINTERS, mp_context=multiprocessing.get_context("spawn"))

    async def close(self, _app: web.Application) -> None:
        self._painters.shutdown(wait=False, cancel_futures=True)

    async def to_front(self, request: web.Request) -> web.Response:
        raise web.HTTPFound(Addresses(request).front)

    async def front(self, request: web.Request) -> web.Response:
        issue = self._press.issue()
        return _answer(request, pages.front(issue.items, Addresses(request)), "text/html", issue.changed)

    async def feed(self, request: web.Request) -> web.Response:
        desk, kind = request.match_info["desk"], request.match_info["kind"]
        issue = self._press.issue()
        items = issue.desk(desk)
        if self._paint_ahead:
            # Whoever reads the feed will soon ask for the pictures, the newest first.
            for item in reversed(items):
                self._painted(item)
        changed = max(item.changed for item in items)
        body = feeds.render(kind, desk, items, changed, Addresses(request))
        return _answer(request, body, feeds.CONTENT_TYPES[kind], changed)

    async def article(self, request: web.Request) -> web.Response:
        item = self._press.article(request.match_info["slug"])
        if item is None:
            raise web.HTTPNotFound(text="The Harbour Courier has printed no such article.")
        return _answer(request, pages.article(item, Addresses(request)), "text/html", item.changed)

    async def picture(self, request: web.Request) -> web.Response:
        item = self._press.article(request.match_info["slug"])
        if item is None:
            raise web.HTTPNotFound(text="The Harbour Courier has printed no such picture.")
        image = await asyncio.shield(self._painted(item))
        response = _answer(request, image, "image/png", item.published)
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response

    def _painted(self, item: Item) -> asyncio.Future[bytes]:
        """The picture, painted once however many ask for it."""
        image = self._pictures.pop(item.slug, None)
        if image is None or (image.done() and (image.cancelled() or image.exception())):
            loop = asyncio.get_running_loop()
            image = loop.run_in_executor(self._painters, pictures.paint, item.scene, item.slug)
        self._pictures[item.slug] = image
        if len(self._pictures) > _KEPT_PICTURES:
            self._pictures.pop(next(iter(self._pictures))).cancel()
        return image


def _answer(request: web.Request, body: bytes, content_type: str, changed: datetime) -> web.Response:
    """The body, or 304 where the reader has it: If-None-Match decides where it is sent (RFC 9110 §13.2.2)."""
    changed = changed.replace(microsecond=0)  # what an HTTP date can say
    etag = ETag(sha256(body).hexdigest()[:24], is_weak=True)  # weak: the same with and without gzip
    if request.if_none_match is not None:
        fresh = any(known.value in {"*", etag.value} for known in request.if_none_match)
    else:
        since = request.if_modified_since
        fresh = since is not None and changed <= since
    response = web.Response(status=304) if fresh else web.Response(body=body, content_type=content_type)
    response.etag = etag
    response.last_modified = changed
    response.headers["Cache-Control"] = "no-cache"
    if not content_type.startswith("image/"):
        response.headers["Vary"] = "Accept-Encoding"
        if not fresh:
            response.charset = "utf-8"
            if _takes_gzip(request.headers.get("Accept-Encoding", "")):
                response.enable_compression(web.ContentCoding.gzip)
    return response


def _takes_gzip(accepted: str) -> bool:
    for offer in accepted.lower().split(","):
        coding, _, weight = offer.partition(";")
        if coding.strip() in {"gzip", "x-gzip", "*"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
