"""What route families share: a request as handlers see it, and how a family lists its routes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from localdiscord import wire
from localdiscord.acts.access import require
from localdiscord.context import Context
from localdiscord.errors import form_error
from localdiscord.gateway.intents import readable
from localdiscord.model import JSON, Channel, Message


@dataclass(frozen=True, slots=True)
class Call:
    """A request with its body read. ``by`` is the bot, ``reason`` the X-Audit-Log-Reason, decoded."""

    ctx: Context
    request: web.Request
    body: Any
    files: tuple[Any, ...]
    by: int
    reason: str | None

    def id(self, name: str) -> int:
        text = self.request.match_info[name]
        if not (text.isascii() and text.isdigit()):
            raise form_error((f"{name}_id",), "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
        return int(text)

    def text(self, name: str) -> str:
        return self.request.match_info[name]

    def channel(self, needed: int = 0) -> Channel:
        """The channel of the address, which the bot must see."""
        channel = self.ctx.world.channel(self.id("channel"))
        require(self.ctx, self.by, channel, needed)
        return channel

    def message(self) -> Message:
        return self.ctx.world.message(self.id("channel"), self.id("message"))

    def query(self, name: str) -> int | None:
        """A number of the query string."""
        text = self.request.query.get(name)
        if text is None:
            return None
        if not (text.isascii() and text.isdigit()):
            raise form_error((name,), "NUMBER_TYPE_COERCE", f'Value "{text}" is not int.')
        return int(text)

    def limit(self, default: int, high: int, low: int = 1) -> int:
        value = self.query("limit")
        if value is None:
            return default
        if not low <= value <= high:
            code, word, bound = ("MAX", "less", high) if value > high else ("MIN", "greater", low)
            raise form_error(
                ("limit",), f"NUMBER_TYPE_{code}", f"int value should be {word} than or equal to {bound}."
            )
        return value

    def moment(self, name: str) -> datetime | None:
        text = self.request.query.get(name)
        if text is None:
            return None
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise form_error(
                (name,), "DATE_TIME_TYPE_PARSE", f"Could not parse {text}. Should be ISO8601."
            ) from None

    def truth(self, name: str) -> bool:
        return self.request.query.get(name, "").lower() in ("true", "1")

    def shown(self, message: Message) -> JSON:
        """A message as the bot may read it: without the portal's switch, others' words are left out."""
        world = self.ctx.world
        data = wire.message(world, message, self.by)
        if world.privileged_intents or world.channels[message.channel_id].guild_id is None:
            return data
        return readable(data, world.bot_id, 0)


Handler = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class Route:
    """``handler`` gives what is answered as JSON, or None for 204. ``open``: needs no token of the bot."""

    method: str
    path: str
    handler: Handler
    status: int = 200
    open: bool = False
