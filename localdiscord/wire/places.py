"""The guild, its channels and threads."""

from __future__ import annotations

from localdiscord.model import DM, FORUM, JSON, MEDIA, Channel, Guild, Overwrite, Tag, ThreadState
from localdiscord.wire.people import role, user
from localdiscord.world import World


def emoji(name: str, id_: int | None = None) -> JSON:
    data: JSON = {"id": None if id_ is None else str(id_), "name": name}
    if id_ is not None:
        data["animated"] = False
    return data


def guild_emoji(one: JSON) -> JSON:
    return emoji(one["name"], one["id"]) | {
        "roles": [],
        "require_colons": True,
        "managed": False,
        "available": True,
    }


def sticker_item(one: JSON) -> JSON:
    """A sticker as messages carry it."""
    return {"id": str(one["id"]), "name": one["name"], "format_type": 1}


def guild_sticker(world: World, one: JSON) -> JSON:
    return sticker_item(one) | {
        "type": 2,
        "description": one["description"],
        "tags": one["tags"],
        "available": True,
        "guild_id": str(world.guild.id),
    }


def guild(world: World) -> JSON:
    one: Guild = world.guild
    people = len(world.members)
    return {
        "id": str(one.id),
        "name": one.name,
        "icon": None,
        "description": one.description,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "features": ["COMMUNITY"],
        "banner": None,
        "owner_id": str(one.owner_id),
        "application_id": None,
        "region": "us-west",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 0,
        "roles": [role(each) for each in world.roles.values()],
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": one.preferred_locale,
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "premium_progress_bar_enabled_user_updated_at": None,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [guild_emoji(each) for each in one.emojis],
        "stickers": [guild_sticker(world, each) for each in one.stickers],
        "incidents_data": None,
        "approximate_member_count": people,
        "approximate_presence_count": people,
    }


def overwrite(one: Overwrite) -> JSON:
    return {"id": str(one.id), "type": one.type, "allow": str(one.allow), "deny": str(one.deny)}


def tag(one: Tag) -> JSON:
    return {
        "id": str(one.id),
        "name": one.name,
        "moderated": one.moderated,
        "emoji_id": None,
        "emoji_name": one.emoji,
    }


def where(channel: Channel) -> JSON:
    """The place that an event is about."""
    data: JSON = {"channel_id": str(channel.id)}
    if channel.guild_id is not None:
        data["guild_id"] = str(channel.guild_id)
    return data


def channel(world: World, one: Channel, viewer: int | None = None) -> JSON:
    if one.thread:
        return _thread(one, one.thread, viewer)
    if one.type == DM:
        recipient = world.users[one.recipient_id or 0]
        return {
            "id": str(one.id),
            "type": DM,
            "flags": 0,
            "last_message_id": _id(one.last_message_id),
            "recipients": [user(recipient)],
        }
    data: JSON = {
        "id": str(one.id),
        "type": one.type,
        "guild_id": str(one.guild_id),
        "name": one.name,
        "position": one.position,
        "parent_id": _id(one.parent_id),
        "topic": one.topic,
        "nsfw": one.nsfw,
        "flags": one.flags,
        "rate_limit_per_user": one.rate_limit_per_user,
        "last_message_id": _id(one.last_message_id),
        "permission_overwrites": [overwrite(each) for each in one.overwrites],
        "default_thread_rate_limit_per_user": one.default_thread_rate_limit_per_user,
    }
    if one.last_pin_timestamp:
        data["last_pin_timestamp"] = one.last_pin_timestamp
    if one.default_auto_archive_duration:
        data["default_auto_archive_duration"] = one.default_auto_archive_duration
    if one.type in (FORUM, MEDIA):
        reaction = one.default_reaction
        data |= {
            "available_tags": [tag(each) for each in one.tags],
            "default_reaction_emoji": {"emoji_id": None, "emoji_name": reaction} if reaction else None,
            "default_sort_order": None,
            "default_forum_layout": 0,
        }
    return data


def _thread(one: Channel, state: ThreadState, viewer: int | None) -> JSON:
    data: JSON = {
        "id": str(one.id),
        "type": one.type,
        "guild_id": str(one.guild_id),
        "parent_id": _id(one.parent_id),
        "owner_id": str(state.owner_id),
        "name": one.name,
        "flags": one.flags,
        "rate_limit_per_user": one.rate_limit_per_user,
        "last_message_id": _id(one.last_message_id),
        "message_count": state.message_count,
        "member_count": min(50, len(state.members)),
        "total_message_sent": state.total_message_sent,
        "thread_metadata": {
            "archived": state.archived,
            "archive_timestamp": state.archive_timestamp,
            "auto_archive_duration": state.auto_archive_duration,
            "locked": state.locked,
            "create_timestamp": state.created_at,
        },
    }
    if one.type == 12:
        data["thread_metadata"]["invitable"] = state.invitable
    if one.last_pin_timestamp:
        data["last_pin_timestamp"] = one.last_pin_timestamp
    if state.applied_tags:
        data["applied_tags"] = [str(each) for each in state.applied_tags]
    if viewer is not None and viewer in state.members:
        data["member"] = thread_member(one.id, viewer, state.members[viewer])
    return data


def thread_member(thread_id: int, user_id: int, since: str) -> JSON:
    return {"id": str(thread_id), "user_id": str(user_id), "join_timestamp": since, "flags": 1}


def _id(value: int | None) -> str | None:
    return None if value is None else str(value)
