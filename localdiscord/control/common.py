"""What the control routes share: who is meant, JSON in and out, refusals as one sentence."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from localdiscord.context import Context
from localdiscord.errors import ApiError, Mistake
from localdiscord.model import Channel, Member, Message

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ControlError(Exception):
    """A control request that can't be done, said in one sentence."""

    def __init__(self, status: int, sentence: str, code: int = 0) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.code = code


def answer(data: Any, status: int = 200) -> web.Response:
    body = json.dumps(data, ensure_ascii=False).encode()
    return web.Response(body=body, status=status, headers={"Content-Type": "application/json"})


def done() -> web.Response:
    return web.Response(status=204)


async def read_json(request: web.Request) -> dict[str, Any]:
    """The body as an object; {} when there is none."""
    raw = await request.read()
    if not raw:
        return {}
    if request.content_type != "application/json":
        raise ControlError(415, "Send the body as application/json.")
    try:
        data = json.loads(raw)
    except ValueError:
        raise ControlError(400, "The body is not valid JSON.") from None
    if not isinstance(data, dict):
        raise ControlError(400, "The body must be a JSON object.")
    return data


def member(ctx: Context, key: str | None) -> Member:
    found = ctx.world.named_member(key) if key else None
    if found is None:
        raise ControlError(404, f"There is no member {key!r}: use an id or a lower-case name such as alice.")
    return found


def number(text: str, what: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ControlError(400, f"{what} must be a number, not {text!r}.")
    return int(text)


def channel(ctx: Context, request: web.Request) -> Channel:
    return ctx.world.channel(number(request.match_info["channel"], "The channel"))


def message(ctx: Context, request: web.Request) -> Message:
    return ctx.world.message(channel(ctx, request).id, number(request.match_info["message"], "The message"))


@web.middleware
async def sentences(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refusals of acts and of this layer become ``{"error": sentence, "code": n}``."""
    try:
        return await handler(request)
    except ControlError as error:
        return answer({"error": error.sentence, "code": error.code}, error.status)
    except ApiError as error:
        data: dict[str, Any] = {"error": sentence(error), "code": error.code}
        if error.retry_after is not None:
            data["retry_after"] = round(error.retry_after, 3)
        return answer(data, error.status)
    except web.HTTPNotFound:
        return answer({"error": f"There is no {request.path}.", "code": 0}, 404)
    except web.HTTPMethodNotAllowed as refused:
        allowed = " or ".join(sorted(refused.allowed_methods))
        return answer({"error": f"{request.path} takes {allowed}, not {request.method}.", "code": 0}, 405)


_SENTENCES = {
    10003: "There is no such channel.",
    10008: "There is no such message; it may have been deleted.",
    10015: "There is no such webhook.",
    10014: "This is not an emoji that can be used here.",
    10087: "This tag does not belong to the forum.",
    30010: "A message can carry 20 different reactions at most.",
    40005: "The files are too large.",
    40067: "Choose at least one tag: this forum asks for it.",
    50001: "You can't see this channel.",
    50005: "Only its author can edit a message.",
    50006: "Write something first: a message can't be empty.",
    50008: "Messages can't be written straight into a forum: open a post.",
    50013: "You don't have the permission for this.",
    50081: "There is no such sticker.",
    50083: "This thread is archived: open it again first.",
    200000: "This server keeps such words out: your message was not posted.",
    200001: "This server keeps such words out: choose another title.",
    160005: "This thread is locked: only moderators can write here.",
    160006: "There are too many active threads: archive one first.",
}


def sentence(error: ApiError) -> str:
    """A refusal as people should read it."""
    if error.code == 20016:
        return f"Slow mode is on: wait {error.retry_after or 0:.0f} s before you write again."
    if isinstance(error, Mistake):
        return f"{error.message}."
    if error.errors and (first := _first(error.errors)):
        return f"{first[0]}: {first[1].rstrip('.')}."
    return _SENTENCES.get(error.code, error.message.rstrip(".") + ".")


def _first(tree: dict[str, Any], place: str = "") -> tuple[str, str] | None:
    for key, value in tree.items():
        if key == "_errors":
            return place or "body", value[0]["message"]
        if found := _first(value, f"{place}.{key}" if place else key):
            return found
    return None
