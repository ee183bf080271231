"""Users, members, roles."""

from __future__ import annotations

from localdiscord.model import JSON, Member, Role, User
from localdiscord.world import World


def user(person: User) -> JSON:
    data: JSON = {
        "id": str(person.id),
        "username": person.username,
        "global_name": None if person.bot else person.display_name,
        "discriminator": "0000" if person.bot else "0",
        "avatar": person.avatar,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
        "public_flags": 0,
        "flags": 0,
    }
    if person.bot:
        data["bot"] = True
    return data


def own_user(person: User) -> JSON:
    return user(person) | {
        "mfa_enabled": True,
        "locale": person.locale,
        "premium_type": 0,
        "email": None,
        "verified": True,
    }


def partial_member(world: World, one: Member) -> JSON:
    """A member without the user, as events on messages carry it."""
    return {
        "avatar": None,
        "banner": None,
        "communication_disabled_until": one.timeout_until,
        "flags": 0,
        "joined_at": one.joined_at,
        "nick": one.nick,
        "pending": False,
        "premium_since": None,
        "roles": [str(role_id) for role_id in one.roles if role_id in world.roles],
        "mute": False,
        "deaf": False,
    }


def member(world: World, one: Member) -> JSON:
    return partial_member(world, one) | {"user": user(world.users[one.id])}


def avatar_url(world: World, person: User, extension: str = "svg") -> str:
    return f"{world.origin}/cdn/avatars/{person.id}/{person.avatar}.{extension}"


def role(one: Role) -> JSON:
    data: JSON = {
        "id": str(one.id),
        "name": one.name,
        "permissions": str(one.permissions),
        "position": one.position,
        "color": one.color,
        "colors": {"primary_color": one.color, "secondary_color": None, "tertiary_color": None},
        "hoist": one.hoist,
        "managed": one.managed,
        "mentionable": one.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    if one.bot_id is not None:
        data["tags"] = {"bot_id": str(one.bot_id)}
    return data
