"""Records as Discord writes them: ids as strings, every required field of the API description present.

What is answered depends on who asks (their own reactions, ephemeral flags), never on anything but the world.
"""

from localdiscord.wire.messages import attachment, event_message, lent_attachment, message, reaction
from localdiscord.wire.people import avatar_url, member, own_user, partial_member, role, user
from localdiscord.wire.places import (
    channel,
    emoji,
    guild,
    guild_emoji,
    guild_sticker,
    overwrite,
    sticker_item,
    tag,
    thread_member,
    where,
)
from localdiscord.wire.rest import application, audit_entry, command, webhook

__all__ = [
    "application",
    "attachment",
    "audit_entry",
    "avatar_url",
    "channel",
    "command",
    "emoji",
    "event_message",
    "guild",
    "guild_emoji",
    "guild_sticker",
    "lent_attachment",
    "member",
    "message",
    "overwrite",
    "own_user",
    "partial_member",
    "reaction",
    "role",
    "sticker_item",
    "tag",
    "thread_member",
    "user",
    "webhook",
    "where",
]
