"""The REST application: reads a request, notes it, refuses or disturbs it as ordered, hands it to its family."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from localdiscord.context import Context
from localdiscord.errors import ApiError, form_error, refusal
from localdiscord.faults import Fault
from localdiscord.model import JSON
from localdiscord.ratelimits import Verdict
from localdiscord.rest import (
    channels,
    commands,
    guilds,
    interactions,
    messages,
    reactions,
    threads,
    users,
    webhooks,
)
from localdiscord.rest.bodies import read_body
from localdiscord.rest.common import Call, Route
from localdiscord.validate import REASON, Upload

log = logging.getLogger(__name__)

PREFIX = "/api/v10"
FAMILIES = (users, guilds, channels, threads, messages, reactions, webhooks, commands, interactions)
MAJOR = ("channel", "guild", "webhook", "token")
CLOUDFLARE = (
    b"<!doctype html><html><head><title>Access denied | discord.com used Cloudflare</title></head></html>"
)


@dataclass(slots=True)
class _Exchange:
    """What was read of a request, and the JSON that it was answered with."""

    body: Any
    files: tuple[Upload, ...]
    answer: Any = None


EXCHANGE = web.RequestKey("exchange", _Exchange)


def make_rest(ctx: Context) -> web.Application:
    """Every family's routes, to be mounted under PREFIX."""
    rest = _Rest(ctx)
    app = web.Application(middlewares=[rest.middleware])
    for family in FAMILIES:
        for route in family.ROUTES:
            app.router.add_route(route.method, route.path, rest.handler(route))
    app.on_shutdown.append(rest.end)
    return app


class _Rest:
    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._late: set[asyncio.Task[None]] = set()

    async def end(self, _: web.Application) -> None:
        for task in self._late:
            task.cancel()

    @web.middleware
    async def middleware(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Everything about a request except what it does."""
        ctx = self._ctx
        failure: ApiError | None = None
        body: Any = None
        files: tuple[Upload, ...] = ()
        try:
            raw = await request.read()
            body, files = read_body(request.headers.get("Content-Type", ""), raw)
        except web.HTTPRequestEntityTooLarge:
            failure = refusal(40005)
        except ApiError as error:
            failure = error
        request[EXCHANGE] = _Exchange(body, files)
        entry = ctx.log.add(
            method=request.method,
            path=request.path,
            query=request.query_string,
            headers=dict(request.headers),
            body=body,
            files=[{"name": f.filename, "size": len(f.body), "index": f.index} for f in files],
            time=ctx.now(),
        )
        fault = ctx.faults.next_for(request.method, request.path)
        if fault:
            entry["fault"] = _described(fault)
            if fault.late is not None:
                self._act_late(request, handler, failure, fault.late)
                return _cut(request)
            await ctx.clock.sleep(fault.delay)
            if fault.drop == "before":
                return _cut(request)
            if fault.status is not None and fault.drop is None:
                return _noted(entry, _faulty(fault))
        response, answered = await self._act(request, handler, failure)
        if fault and fault.drop == "after":
            if fault.status is None:
                return _cut(request)
            return _noted(entry, _faulty(fault))
        entry["status"], entry["response_body"] = response.status, answered
        return response

    async def _act(
        self, request: web.Request, handler: Any, failure: ApiError | None
    ) -> tuple[web.StreamResponse, Any]:
        """Perform the request; the response and its JSON."""
        verdict = Verdict({})
        if failure:
            return _refused(failure, verdict)
        try:
            verdict = self._count(request)
            if verdict.retry_after is not None:
                return _limited(verdict)
            response = await handler(request)
            response.headers.update(verdict.headers)
            return response, request[EXCHANGE].answer
        except ApiError as error:
            return _refused(error, verdict)
        except web.HTTPNotFound:
            return _refused(ApiError(404, 0, "404: Not Found"), verdict)
        except web.HTTPMethodNotAllowed:
            return _refused(ApiError(405, 0, "405: Method Not Allowed"), verdict)
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            return _refused(ApiError(500, 0, "500: Internal Server Error"), verdict)

    def _act_late(self, request: web.Request, handler: Any, failure: ApiError | None, seconds: float) -> None:
        async def act() -> None:
            await self._ctx.clock.sleep(seconds)
            await self._act(request, handler, failure)

        task = asyncio.create_task(act())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    def _count(self, request: web.Request) -> Verdict:
        resource = request.match_info.route.resource
        template = resource.canonical.removeprefix(PREFIX) if resource else "unknown"
        names = request.match_info
        bot = str(self._ctx.world.bot_id)
        # Interaction endpoints are outside the global limit (docs interactions/receiving-and-responding).
        of_interaction = "interaction" in names or (names.get("webhook") == bot and "token" in names)
        major = ":".join(names[name] for name in MAJOR if name in names)
        return self._ctx.limiter.take(
            f"{request.method} {template}", major, counts_globally=not of_interaction
        )

    def handler(self, route: Route) -> Any:
        async def handle(request: web.Request) -> web.Response:
            if not route.open and request.headers.get("Authorization") != f"Bot {self._ctx.world.token}":
                raise ApiError(401, 0, "401: Unauthorized")
            exchange, bot = request[EXCHANGE], self._ctx.world.bot_id
            call = Call(self._ctx, request, exchange.body, exchange.files, bot, _reason(request))
            data = route.handler(call)
            if data is None:
                return web.Response(status=204)
            exchange.answer = data
            return _json(data, route.status)

        return handle


def _reason(request: web.Request) -> str | None:
    header = request.headers.get("X-Audit-Log-Reason")
    if header is None:
        return None
    reason = unquote(header)
    if not 1 <= len(reason) <= REASON:
        raise form_error(("reason",), "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {REASON} in length.")
    return reason


def _json(data: Any, status: int, headers: dict[str, str] | None = None) -> web.Response:
    # discord.py compares the type as a string: no charset may follow.
    kind = {"Content-Type": "application/json"}
    return web.Response(
        body=json.dumps(data, ensure_ascii=False).encode(), status=status, headers=kind | (headers or {})
    )


def _refused(error: ApiError, verdict: Verdict) -> tuple[web.Response, JSON]:
    headers = dict(verdict.headers)
    if error.retry_after is not None:
        headers |= _limit_headers(error.retry_after, error.scope)
    return _json(error.body(), error.status, headers), error.body()


def _limited(verdict: Verdict) -> tuple[web.Response, JSON]:
    wait = verdict.retry_after or 0.0
    data = {
        "message": "You are being rate limited.",
        "retry_after": round(wait, 3),
        "global": verdict.is_global,
        "code": 0,
    }
    headers = verdict.headers | _limit_headers(wait, "global" if verdict.is_global else "user")
    return _json(data, 429, headers), data


def _limit_headers(wait: float, scope: str) -> dict[str, str]:
    # Without Via discord.py takes a 429 for Cloudflare's.
    return {"Retry-After": str(int(wait) + 1), "Via": "1.1 localdiscord", "X-RateLimit-Scope": scope}


def _faulty(fault: Fault) -> tuple[web.Response, Any]:
    status = fault.status or 500
    if fault.html:
        return web.Response(body=CLOUDFLARE, status=status, headers={"Content-Type": "text/html"}), None
    if status == 429:
        wait = 1.0 if fault.retry_after is None else fault.retry_after
        data: JSON = {
            "message": "You are being rate limited.",
            "retry_after": wait,
            "global": fault.scope == "global",
            "code": fault.code,
        }
        headers = _limit_headers(wait, fault.scope)
        if fault.scope == "global":
            headers["X-RateLimit-Global"] = "true"
        return _json(data, 429, headers), data
    if fault.code:
        data = ApiError(status, fault.code, refusal_words(fault.code)).body()
    elif status >= 500:
        # Discord's edge answers these in HTML or plain text, not in its API's form.
        return web.Response(text=f"error code: {status}", status=status), None
    else:
        data = {"message": f"{status}: ordered fault", "code": 0}
    return _json(data, status), data


def refusal_words(code: int) -> str:
    with contextlib.suppress(KeyError):
        return refusal(code).message
    return "An ordered fault"


def _noted(entry: JSON, faulty: tuple[web.Response, Any]) -> web.Response:
    entry["status"], entry["response_body"] = faulty[0].status, faulty[1]
    return faulty[0]


def _described(fault: Fault) -> JSON:
    return {
        "status": fault.status,
        "drop": fault.drop,
        "delay": fault.delay,
        "late": fault.late,
        "retry_after": fault.retry_after,
    }


def _cut(request: web.Request) -> web.Response:
    """End the connection without an answer. The response returned meets a closed transport."""
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)
