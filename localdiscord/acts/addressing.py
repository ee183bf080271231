"""Whom a message is from, whom it pings, and what it answers or passes on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from localdiscord import wire
from localdiscord.acts.access import may, require
from localdiscord.components import display_text
from localdiscord.context import Context
from localdiscord.errors import form_error, refusal
from localdiscord.forms import Form
from localdiscord.model import JSON, REPLY, THREAD_CREATED, THREAD_STARTER, Channel, Message, Webhook
from localdiscord.permissions import P

SYSTEM = (THREAD_CREATED, THREAD_STARTER)  # kinds of message that Discord writes itself
_USER, _ROLE = re.compile(r"<@!?(\d{1,20})>"), re.compile(r"<@&(\d{1,20})>")
_SNAPSHOT = (
    "type",
    "content",
    "mentions",
    "mention_roles",
    "attachments",
    "embeds",
    "timestamp",
    "edited_timestamp",
    "flags",
    "components",
    "sticker_items",
)


@dataclass(frozen=True, slots=True)
class Author:
    """Who a message is from: a member or the bot, or a webhook under a name of its own."""

    user_id: int
    webhook: Webhook | None = None
    name: str | None = None
    avatar: str | None = None

    @property
    def permitted(self) -> bool:
        """Webhooks hold no permissions: knowing their token is enough."""
        return self.webhook is not None


def mention(ctx: Context, author: Author, channel: Channel, message: Message, allowed: JSON | None) -> None:
    """Who a message pings (docs resources/message §Allowed Mentions Object). Defaults: all; webhooks and answers: users."""
    text = message.content
    if message.components:
        text += "\n" + display_text(message.components)
    if allowed is None:
        parse = {"users"} if author.webhook or message.interaction else {"users", "roles", "everyone"}
        allowed = {"parse": parse, "users": [], "roles": [], "replied_user": True}
    world, parse = ctx.world, allowed["parse"]
    mentions = list(dict.fromkeys(int(each) for each in _USER.findall(text)))
    message.mentions = [
        each for each in mentions if each in world.users and ("users" in parse or each in allowed["users"])
    ]
    everyone_allowed = author.permitted or may(ctx, author.user_id, channel, P.MENTION_EVERYONE)
    message.mention_roles = [
        each
        for each in dict.fromkeys(int(found) for found in _ROLE.findall(text))
        if each in world.roles
        and ("roles" in parse or each in allowed["roles"])
        and (everyone_allowed or world.roles[each].mentionable)
    ]
    message.mention_everyone = (
        "everyone" in parse and everyone_allowed and ("@everyone" in text or "@here" in text)
    )
    if message.type == REPLY and message.reference and allowed["replied_user"]:
        target = world.messages.get(channel.id, {}).get(int(message.reference["message_id"]))
        if target and not target.webhook_id and target.author_id not in (*message.mentions, author.user_id):
            message.mentions.append(target.author_id)


def read_reference(
    ctx: Context, author: Author, channel: Channel, form: Form
) -> tuple[JSON | None, JSON | None]:
    """A reply's or a forward's reference as stored, and a forward's snapshot."""
    inner = form.sub("message_reference")
    if inner is None or author.webhook:
        return None, None
    target_id = inner.snowflake("message_id", required=True) or 0
    channel_id = inner.snowflake("channel_id") or channel.id
    kind = inner.choice("type", (0, 1)) or 0
    form.raise_any()
    reference: JSON = {"type": kind, "channel_id": str(channel_id), "message_id": str(target_id)}
    place = ctx.world.channels.get(channel_id)
    if place is not None and place.guild_id is not None:
        reference["guild_id"] = str(place.guild_id)
    if kind == 1:
        origin = ctx.world.channel(channel_id)
        require(ctx, author.user_id, origin, P.READ_MESSAGE_HISTORY)
        target = ctx.world.message(channel_id, target_id)
        if target.type in SYSTEM:
            raise refusal(50068)
        if target.snapshot is not None:  # what a forward shows is passed on, not the forward
            return reference, target.snapshot
        whole = wire.message(ctx.world, target)
        return reference, {"message": {key: whole[key] for key in _SNAPSHOT if key in whole}}
    if channel_id != channel.id:
        raise form_error(
            ("message_reference",),
            "MESSAGE_REFERENCE_CANNOT_BE_OTHER_CHANNEL",
            "Cannot reply to a message elsewhere",
        )
    if not may(ctx, author.user_id, channel, P.READ_MESSAGE_HISTORY):
        raise refusal(160002)
    target_or_none = ctx.world.messages.get(channel.id, {}).get(target_id)
    if target_or_none is None or target_or_none.ephemeral_for is not None:
        if inner.data.get("fail_if_not_exists") is False:
            return None, None
        raise form_error(("message_reference",), "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
    if target_or_none.type in SYSTEM:
        raise form_error(
            ("message_reference",),
            "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE",
            "Cannot reply to a system message",
        )
    return reference, None
