"""Webhooks, the audit log, commands, the application."""

from __future__ import annotations

from typing import Any

from localdiscord.model import JSON, AuditEntry, Command, Webhook
from localdiscord.wire.people import user
from localdiscord.world import World


def webhook(world: World, one: Webhook, *, with_token: bool, with_user: bool = True) -> JSON:
    data: JSON = {
        "id": str(one.id),
        "type": 1,
        "name": one.name,
        "avatar": one.avatar,
        "channel_id": str(one.channel_id),
        "guild_id": str(world.guild.id),
        "application_id": _id(one.application_id),
    }
    if with_user:
        data["user"] = user(world.users[one.user_id])
    if with_token:
        data["token"] = one.token
        data["url"] = f"{world.origin}/api/webhooks/{one.id}/{one.token}"
    return data


def audit_entry(one: AuditEntry) -> JSON:
    data: JSON = {
        "id": str(one.id),
        "action_type": one.action_type,
        "user_id": str(one.user_id),
        "target_id": _id(one.target_id),
    }
    if one.changes:
        data["changes"] = one.changes
    if one.options:
        data["options"] = one.options
    if one.reason:
        data["reason"] = one.reason
    return data


def command(one: Command, *, localizations: bool = True) -> JSON:
    """Lists leave localizations out unless asked for (docs §Get Global Application Commands)."""
    data: JSON = {
        "id": str(one.id),
        "application_id": str(one.application_id),
        "version": str(one.version),
        "default_member_permissions": None,
        "type": 1,
        "description": "",
        "nsfw": False,
        "integration_types": [0],
        "contexts": None,
        "name_localizations": None,
        "description_localizations": None,
    } | one.body
    if one.guild_id is not None:
        data["guild_id"] = str(one.guild_id)
    return data if localizations else _plain(data)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if not key.endswith("_localizations")}
    return value


def application(world: World) -> JSON:
    owner = world.users[world.guild.owner_id]
    bot = world.bot
    privileged = 1 << 13 | 1 << 15 | 1 << 19  # the LIMITED flags of presences, members and message content
    flags = privileged if world.privileged_intents else 0
    return {
        "id": str(bot.id),
        "name": bot.display_name,
        "icon": None,
        "description": "Mirrors news feeds as threads.",
        "type": None,
        "bot": user(bot),
        "summary": "",
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": flags,
        "flags_new": str(flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user(owner),
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
    }


def _id(value: int | None) -> str | None:
    return None if value is None else str(value)
