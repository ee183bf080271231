"""Reactions, normal and super ("burst"), which Discord counts apart."""

from __future__ import annotations

import re

from localdiscord import wire
from localdiscord.acts.access import may, require, require_active
from localdiscord.acts.threads import touch
from localdiscord.context import Context
from localdiscord.errors import refusal
from localdiscord.model import JSON, Channel, Message, Reaction
from localdiscord.permissions import P
from localdiscord.validate import REACTIONS

_CUSTOM = re.compile(r"(\w{2,32}):(\d{15,20})")
# One pictograph with its modifiers and joined parts, a flag, or a key cap (UTS #51, without its full tables).
_PICTOGRAPH = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf"
    "\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001faff]"
)
_MODIFIED = f"{_PICTOGRAPH}\ufe0f?[\U0001f3fb-\U0001f3ff]?(?:[\U000e0020-\U000e007e]+\U000e007f)?"
_UNICODE = re.compile(
    f"(?:{_MODIFIED}(?:\u200d{_MODIFIED})*|[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3)"
)


def parse_emoji(ctx: Context, text: str) -> tuple[str, int | None]:
    """``name:id`` of one of the guild's emoji or a Unicode emoji; else 10014."""
    if (custom := _custom(text)) is not None:
        known = next((each for each in ctx.world.guild.emojis if each["id"] == custom), None)
        if known is None:
            raise refusal(10014)
        return known["name"], known["id"]
    if not _UNICODE.fullmatch(text):
        raise refusal(10014)
    return text, None


def add(
    ctx: Context, channel: Channel, message: Message, emoji: str, by: int, *, burst: bool = False
) -> None:
    """React. The first to use an emoji needs Add Reactions; joining in does not (docs §Create Reaction)."""
    require(ctx, by, channel, P.READ_MESSAGE_HISTORY)
    require_active(channel)
    name, id_ = parse_emoji(ctx, emoji)
    reaction = message.reaction(name if id_ is None else f"{name}:{id_}")
    if reaction is None:
        if not may(ctx, by, channel, P.ADD_REACTIONS):
            raise refusal(50013)
        if len(message.reactions) >= REACTIONS:
            raise refusal(30010)
        reaction = Reaction(name, id_)
        message.reactions.append(reaction)
    elif ctx.world.members[by].timed_out(ctx.clock.now()) if by in ctx.world.members else False:
        raise refusal(50013)
    people = reaction.burst if burst else reaction.normal
    if by in people:
        return
    people.append(by)
    touch(ctx, channel)
    ctx.world.put(message)
    data = _event(channel, message, reaction, by, burst) | {"message_author_id": str(message.author_id)}
    if channel.guild_id is not None:
        data["member"] = wire.member(ctx.world, ctx.world.members[by])
    ctx.hub.emit("MESSAGE_REACTION_ADD", ctx.hub.audience(channel), data)


def remove(
    ctx: Context, channel: Channel, message: Message, emoji: str, whose: int, by: int, *, burst: bool = False
) -> None:
    """Take one reaction back; another's needs Manage Messages. Absent ones are no error."""
    require(ctx, by, channel, P.MANAGE_MESSAGES if whose != by else 0)
    require_active(channel)
    reaction = _find(ctx, message, emoji)
    people = None if reaction is None else (reaction.burst if burst else reaction.normal)
    if reaction is None or people is None or whose not in people:
        return
    people.remove(whose)
    if not reaction.normal and not reaction.burst:
        message.reactions.remove(reaction)
    ctx.world.put(message)
    data = _event(channel, message, reaction, whose, burst)
    ctx.hub.emit("MESSAGE_REACTION_REMOVE", ctx.hub.audience(channel), data)


def clear(ctx: Context, channel: Channel, message: Message, by: int, emoji: str | None = None) -> None:
    """Remove all reactions, or all with one emoji. The events name no users (docs events/gateway-events)."""
    require(ctx, by, channel, P.MANAGE_MESSAGES)
    require_active(channel)
    audience, where = ctx.hub.audience(channel), _where(channel, message)
    if emoji is None:
        message.reactions.clear()
        ctx.hub.emit("MESSAGE_REACTION_REMOVE_ALL", audience, where)
    elif reaction := _find(ctx, message, emoji):
        message.reactions.remove(reaction)
        data = where | {"emoji": wire.emoji(reaction.name, reaction.id)}
        ctx.hub.emit("MESSAGE_REACTION_REMOVE_EMOJI", audience, data)
    ctx.world.put(message)


def people(
    ctx: Context,
    channel: Channel,
    message: Message,
    emoji: str,
    by: int,
    *,
    burst: bool,
    after: int,
    limit: int,
) -> list[int]:
    """A page of who reacted, by ascending id."""
    require(ctx, by, channel, P.READ_MESSAGE_HISTORY)
    reaction = _find(ctx, message, emoji)
    if reaction is None:
        return []
    found = reaction.burst if burst else reaction.normal
    return sorted(each for each in found if each > after)[:limit]


def _find(ctx: Context, message: Message, emoji: str) -> Reaction | None:
    if (custom := _custom(emoji)) and (gone := next((r for r in message.reactions if r.id == custom), None)):
        return gone  # the guild may have deleted the emoji since
    name, id_ = parse_emoji(ctx, emoji)
    return message.reaction(name if id_ is None else f"{name}:{id_}")


def _custom(text: str) -> int | None:
    found = _CUSTOM.fullmatch(text.strip("<>").removeprefix(":").removeprefix("a:"))
    return int(found[2]) if found else None


def _where(channel: Channel, message: Message) -> JSON:
    return wire.where(channel) | {"message_id": str(message.id)}


def _event(channel: Channel, message: Message, reaction: Reaction, who: int, burst: bool) -> JSON:
    return _where(channel, message) | {
        "user_id": str(who),
        "emoji": wire.emoji(reaction.name, reaction.id),
        "burst": burst,
        "type": 1 if burst else 0,
    }
