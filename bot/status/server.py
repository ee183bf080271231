"""The HTTP server of the status page: where it listens, whom it answers, which headers go with it.

Read-only: it answers GET and HEAD, takes no input but the address asked for, and changes nothing.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import re
from typing import TYPE_CHECKING

from aiohttp import web

from bot.errors import NewsthreadError, StatusError
from bot.settings.values import is_loopback, parse_listen
from bot.status.health import judge
from bot.status.metrics import expose
from bot.status.page import CONTENT_SECURITY_POLICY, render, render_failure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp.typedefs import Handler

    from bot.clock import Clock
    from bot.status.facts import StatusFacts

log = logging.getLogger(__name__)

FACTS_TIMEOUT = 5.0  # seconds until a store that does not answer counts as one that can't be read
CLOSE_TIMEOUT = 1.0  # seconds that requests under way get; the whole program has ten to close

_HOST = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::\d*)?")
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Server": "Newsthread",
}
_CAUSES = {
    errno.EADDRINUSE: "something else listens there already",
    errno.EADDRNOTAVAIL: "this machine has no such address",
    errno.EACCES: "this user may not listen there (ports below 1024 are reserved)",
}


class StatusServer:
    """Serves /, /healthz and /metrics on ``listen``; ``facts`` is asked anew for each request."""

    def __init__(
        self,
        listen: str,
        facts: Callable[[], Awaitable[StatusFacts]],
        clock: Clock,
        *,
        facts_timeout: float = FACTS_TIMEOUT,
    ) -> None:
        self._listen = listen
        self._facts_timeout = facts_timeout
        self._facts = facts
        self._clock = clock
        self._runner: web.AppRunner | None = None
        self._names: frozenset[str] | None = None  # hosts that may be asked for; None: any

    async def start(self) -> str:
        """Listen, and say at which address; "" when ``listen`` is "" and so nothing is served.

        Raises:
            StatusError: it can't be listened there.
        """
        if not self._listen:
            return ""
        host, port = parse_listen(self._listen)
        app = web.Application(middlewares=[self._guard])
        app.on_response_prepare.append(_protect)
        app.router.add_get("/", self._page)
        app.router.add_get("/healthz", self._health)
        app.router.add_get("/metrics", self._metrics)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_TIMEOUT)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            await runner.cleanup()
            cause = _CAUSES.get(error.errno or 0, error.strerror or str(error))
            raise StatusError(
                f"the status page can't listen on {self._listen}: {cause}; change listen under [status] in"
                ' newsthread.toml, or set it to "" for no page'
            ) from error
        self._runner = runner
        bound = [str(address[0]) for address in runner.addresses]
        # A page elsewhere on the web can make a browser look up any name as 127.0.0.1 (DNS rebinding) and read
        # the answer as its own: behind a loopback address, only this machine's own names are answered.
        self._names = frozenset({host.lower()}) if all(map(is_loopback, bound)) else None
        name = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
        return f"http://{name}:{runner.addresses[0][1]}"

    async def close(self) -> None:
        """Stop listening. Closing twice, or what never started, is fine."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self._names is not None:
            match = _HOST.fullmatch(request.headers.get("Host", ""))
            host = match[1].strip("[]").lower() if match else ""
            if not is_loopback(host) and host not in self._names:
                raise web.HTTPForbidden(text="This page answers only to this machine's own names.\n")
        return await handler(request)

    async def _page(self, request: web.Request) -> web.Response:
        facts = await self._ask()
        if isinstance(facts, str):
            return web.Response(text=render_failure(facts), content_type="text/html", status=503)
        text = render(facts, self._clock.now(), refreshing="refresh" in request.query)
        return web.Response(text=text, content_type="text/html")

    async def _health(self, request: web.Request) -> web.Response:
        facts = await self._ask()
        if isinstance(facts, str):
            return web.json_response(
                {"ok": False, "store": {"writable": False}, "problems": [facts]}, status=503
            )
        health = judge(facts, self._clock.now())
        return web.json_response(health.as_json(), status=200 if health.ok else 503)

    async def _metrics(self, request: web.Request) -> web.Response:
        facts = await self._ask()
        if isinstance(facts, str):
            return web.Response(text=f"{facts}\n", status=503)
        body, content_type = expose(facts, self._clock.now(), request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": content_type})

    async def _ask(self) -> StatusFacts | str:
        """The facts, or the sentence that says why there are none."""
        try:
            async with asyncio.timeout(self._facts_timeout):
                return await self._facts()
        except NewsthreadError as error:
            return str(error)
        except TimeoutError:
            return f"The store has not answered for {self._facts_timeout:g} seconds."
        except Exception:
            # The page is what an admin looks at when something is broken, so it has to survive whatever is.
            log.exception("the facts for the status page could not be gathered")
            return "The state of the program can't be read; its log says why."


async def _protect(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)
