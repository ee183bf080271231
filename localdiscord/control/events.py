"""``GET /local/events?as=MEMBER``: what a member sees happening, as server-sent events.

Each event's data is ``{"t": NAME, "d": PAYLOAD}`` in the gateway's names and shapes, besides EPHEMERAL_MESSAGE (an
answer only this member sees, new or changed), BOT_STATE (whether the bot is connected; also sent at the start) and
COMMANDS_UPDATE (commands were registered, changed or removed: ask for them anew).
"""

from __future__ import annotations

import asyncio
import contextlib
import json

from aiohttp import web

from localdiscord.context import Context
from localdiscord.control.common import member
from localdiscord.model import JSON

KEEP_ALIVE = 15.0  # seconds between comments that keep the connection open
QUEUE = 1000  # events a page may lag behind before it is told to start over


class EventStreams:
    """The open streams; ``close`` ends them so that the server can stop."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._open: set[asyncio.Queue[str | None]] = set()

    def close(self) -> None:
        for queue in self._open:
            with contextlib.suppress(asyncio.QueueFull):
                queue.put_nowait(None)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        viewer = member(self._ctx, request.query.get("as"))
        queue: asyncio.Queue[str | None] = asyncio.Queue(QUEUE)

        def deliver(name: str, payload: JSON) -> None:
            text = json.dumps({"t": name, "d": payload}, ensure_ascii=False)
            try:
                queue.put_nowait(text)
            except asyncio.QueueFull:
                self._open.discard(queue)

        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        subscriber = self._ctx.hub.subscribe(viewer.id, deliver)
        self._open.add(queue)
        try:
            await response.prepare(request)
            await response.write(b"retry: 1000\n\n")
            deliver("BOT_STATE", {"connected": self._ctx.bot_connected()})
            while queue in self._open:
                try:
                    text = await asyncio.wait_for(queue.get(), KEEP_ALIVE)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if text is None:
                    break
                await response.write(f"data: {text}\n\n".encode())
        except ConnectionError:
            pass
        finally:
            self._open.discard(queue)
            self._ctx.hub.unsubscribe(subscriber)
        return response
