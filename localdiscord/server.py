"""The local Discord as one thing to start and close: builds its parts and puts everything on one port."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from localdiscord import cdn
from localdiscord.clock import Clock, Snowflakes
from localdiscord.context import Context
from localdiscord.control import acting, interacting, looking, orders
from localdiscord.control.common import Handler, answer, sentences
from localdiscord.control.events import EventStreams
from localdiscord.faults import Faults
from localdiscord.gateway.server import Gateway
from localdiscord.hub import Hub
from localdiscord.interactions import Interactions
from localdiscord.media import Media
from localdiscord.nonces import Nonces
from localdiscord.ratelimits import Limits, RateLimiter
from localdiscord.requestlog import RequestLog
from localdiscord.rest.app import PREFIX, make_rest
from localdiscord.seed import empty_world, seed
from localdiscord.storage import Storage
from localdiscord.validate import REQUEST_SIZE

PAGE = Path(__file__).parent / "page"
CLOSE_WITHIN = 2.0  # seconds that open requests get when the server stops


class LocalDiscord:
    """A Discord of its own on loopback.

    ``port`` 0 takes a free one. ``data`` is a folder that keeps the state between runs; without it nothing is kept.
    ``newspaper`` is an application served under /newspaper.
    """

    def __init__(
        self,
        port: int = 0,
        data: Path | None = None,
        clock: Clock | None = None,
        newspaper: web.Application | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._port = port
        self._data = data
        self._clock = clock or Clock()
        self._newspaper = newspaper
        self._limits = limits or Limits()
        self._runner: web.AppRunner | None = None
        self._storage: Storage | None = None
        self._keeping: asyncio.Task[None] | None = None
        self.ctx: Context

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT`` once started."""
        return self.ctx.world.origin

    async def start(self) -> str:
        """Listen; the base address.

        Raises:
            OSError: the port is taken.
            StorageError: the data folder is in use, damaged or not writable.
        """
        world = empty_world()
        if self._data is not None:
            self._storage = Storage(self._data)
        if self._storage is None or not self._storage.restore(world):
            seed(world)
        clock, faults = self._clock, Faults(self._clock)
        ctx = self.ctx = Context(
            world=world,
            clock=clock,
            ids=Snowflakes(clock, world.last_id),
            hub=Hub(world, clock),
            media=Media(self._storage.file) if self._storage else Media(),
            nonces=Nonces(clock, self._limits.nonce_window),
            limiter=RateLimiter(self._limits, clock),
            faults=faults,
            log=RequestLog(),
            interactions=Interactions(clock),
        )
        gateway = Gateway(ctx)
        ctx.bot_connected = lambda: gateway.connected
        app = self._application(ctx, gateway)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_WITHIN)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        try:
            await site.start()
        except OSError:
            await self.close()
            raise
        port = self._runner.addresses[0][1]
        world.origin = f"http://127.0.0.1:{port}"
        if self._storage:
            self._storage.write(world, ctx.media)
            self._keeping = asyncio.create_task(self._storage.keep(world, ctx.media))
        return world.origin

    async def close(self) -> None:
        """Stop listening, end every connection, store the last changes. Safe to call twice."""
        if self._keeping:
            self._keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeping
            self._keeping = None
        if self._runner:
            await self._runner.cleanup()
            self._runner = None
        if self._storage:
            self._storage.close(self.ctx.world, self.ctx.media)
            self._storage = None

    def _application(self, ctx: Context, gateway: Gateway) -> web.Application:
        streams = EventStreams(ctx)
        app = web.Application(
            middlewares=[own_address_only, sentences], client_max_size=REQUEST_SIZE + (1 << 20)
        )
        app.add_routes(looking.routes(ctx))
        app.add_routes(acting.routes(ctx))
        app.add_routes(interacting.routes(ctx))
        app.add_routes(orders.routes(ctx, gateway))
        app.router.add_get("/local/events", streams.serve)
        app.add_routes(cdn.routes(ctx))
        app.router.add_get("/gateway", gateway.serve)
        app.router.add_get("/gateway/", gateway.serve)
        app.add_subapp(PREFIX, make_rest(ctx))
        if self._newspaper is not None:
            app.add_subapp("/newspaper", self._newspaper)
        app.router.add_get("/local/{rest:.*}", _nowhere)
        app.router.add_get("/", _index)
        app.router.add_static("/", PAGE)

        async def end(_: web.Application) -> None:
            streams.close()
            await gateway.close()

        app.on_shutdown.append(end)
        return app


async def _nowhere(_: web.Request) -> web.StreamResponse:
    """Keeps unknown control routes from being looked for among the page's files."""
    raise web.HTTPNotFound


async def _index(_: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})


@web.middleware
async def own_address_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only loopback names in Host (no DNS rebinding); nothing is changed at the wish of another site's page."""
    if not _is_loopback(f"//{request.host}"):
        return answer(
            {"error": "The local Discord answers only under 127.0.0.1 or localhost.", "code": 0}, 403
        )
    origin = request.headers.get("Origin")
    foreign = origin is not None and not (_is_loopback(origin) and urlsplit(origin).netloc == request.host)
    if foreign and (request.method not in ("GET", "HEAD") or "Upgrade" in request.headers):
        return answer({"error": "Pages of other sites can't act on the local Discord.", "code": 0}, 403)
    return await handler(request)


def _is_loopback(address: str) -> bool:
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
