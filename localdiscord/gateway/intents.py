"""Which events a session asked for, and what it may read of other people's messages."""

from __future__ import annotations

from typing import Any

from localdiscord.model import JSON

GUILDS, GUILD_MEMBERS, MODERATION, EXPRESSIONS, WEBHOOKS = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 5
PRESENCES = 1 << 8
GUILD_MESSAGES, GUILD_REACTIONS, GUILD_TYPING = 1 << 9, 1 << 10, 1 << 11
DIRECT_MESSAGES, DIRECT_REACTIONS, DIRECT_TYPING = 1 << 12, 1 << 13, 1 << 14
MESSAGE_CONTENT = 1 << 15
PRIVILEGED = GUILD_MEMBERS | PRESENCES | MESSAGE_CONTENT
KNOWN = (1 << 26) - 1

_ALWAYS = -1
_OF: dict[str, tuple[int, int]] = {  # event -> intent in a guild, intent in direct messages
    "READY": (_ALWAYS, _ALWAYS),
    "RESUMED": (_ALWAYS, _ALWAYS),
    "INTERACTION_CREATE": (_ALWAYS, _ALWAYS),
    "GUILD_MEMBERS_CHUNK": (_ALWAYS, _ALWAYS),
    "USER_UPDATE": (_ALWAYS, _ALWAYS),
    "GUILD_MEMBER_ADD": (GUILD_MEMBERS, 0),
    "GUILD_MEMBER_UPDATE": (GUILD_MEMBERS, 0),
    "GUILD_AUDIT_LOG_ENTRY_CREATE": (MODERATION, 0),
    "WEBHOOKS_UPDATE": (WEBHOOKS, 0),
    "GUILD_EMOJIS_UPDATE": (EXPRESSIONS, 0),
    "TYPING_START": (GUILD_TYPING, DIRECT_TYPING),
    "CHANNEL_PINS_UPDATE": (GUILDS, DIRECT_MESSAGES),
    "CHANNEL_CREATE": (GUILDS, DIRECT_MESSAGES),
} | {
    f"MESSAGE_{what}": (GUILD_MESSAGES, DIRECT_MESSAGES)
    for what in ("CREATE", "UPDATE", "DELETE", "DELETE_BULK")
}


def wanted(name: str, payload: JSON, intents: int) -> bool:
    """Whether a session with ``intents`` is sent this event. The page's own events are never wanted."""
    if name in ("EPHEMERAL_MESSAGE", "BOT_STATE", "COMMANDS_UPDATE"):
        return False
    if name.startswith("MESSAGE_REACTION_"):
        in_guild, direct = GUILD_REACTIONS, DIRECT_REACTIONS
    else:
        in_guild, direct = _OF.get(name, (GUILDS, 0))
    if in_guild == _ALWAYS:
        return True
    about_guild = "guild_id" in payload or name.startswith("GUILD_")
    return bool(intents & (in_guild if about_guild else direct))


def readable(message: JSON, bot_id: int, intents: int) -> JSON:
    """The message as an application may read it: without the intent, mostly empty (docs §Message Content Intent)."""
    if intents & MESSAGE_CONTENT:
        return message
    shown = dict(message)
    if isinstance(origin := shown.get("referenced_message"), dict):
        shown["referenced_message"] = readable(origin, bot_id, intents)
    if _exempt(message, str(bot_id)):
        return shown
    shown |= {"content": "", "embeds": [], "attachments": [], "components": []}
    for key in ("poll", "message_snapshots"):
        shown.pop(key, None)
    return shown


def _exempt(message: JSON, bot: str) -> bool:
    if message["author"]["id"] == bot:
        return True
    if "guild_id" not in message and message.get("channel_type") == 1:
        return True
    if not any(each["id"] == bot for each in message["mentions"]):
        return False
    content: Any = message["content"]
    if f"<@{bot}>" in content or f"<@!{bot}>" in content:
        return True
    origin = message.get("referenced_message")
    return isinstance(origin, dict) and origin["author"]["id"] == bot and "interaction_metadata" not in origin
