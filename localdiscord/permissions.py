"""Who may do what where (docs topics/permissions). Pure: reads the world, changes nothing."""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING

from localdiscord.model import DM, PRIVATE_THREAD, Channel, Member

if TYPE_CHECKING:
    from datetime import datetime

    from localdiscord.world import World


class P(IntFlag):
    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    PIN_MESSAGES = 1 << 51
    BYPASS_SLOWMODE = 1 << 52


ALL = (1 << 53) - 1
WHEN_TIMED_OUT = P.VIEW_CHANNEL | P.READ_MESSAGE_HISTORY
IN_DM = (
    P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.ADD_REACTIONS
    | P.USE_EXTERNAL_EMOJIS
    | P.PIN_MESSAGES
)
NEEDS_SENDING = P.SEND_TTS_MESSAGES | P.EMBED_LINKS | P.ATTACH_FILES | P.MENTION_EVERYONE


def guild_permissions(world: World, member: Member) -> int:
    """What a member's roles grant in the guild as a whole."""
    if member.id == world.guild.owner_id:
        return ALL
    granted = world.roles[world.guild.id].permissions
    for role_id in member.roles:
        if role := world.roles.get(role_id):
            granted |= role.permissions
    return ALL if granted & P.ADMINISTRATOR else granted


def permissions_in(world: World, user_id: int, channel: Channel, now: datetime) -> int:
    """What a user may do in a channel; a thread inherits from its parent. 0 for strangers."""
    if channel.type == DM:
        return int(IN_DM) if user_id in (world.bot_id, channel.recipient_id) else 0
    member = world.members.get(user_id)
    if member is None:
        return 0
    if channel.guild_id != world.guild.id:
        return ALL  # acts/elsewhere.py
    granted = guild_permissions(world, member)
    if granted & P.ADMINISTRATOR:
        return ALL
    place = world.channels.get(channel.parent_id or 0, channel) if channel.thread else channel
    granted = _with_overwrites(world, granted, member, place)
    if member.timed_out(now):
        granted &= WHEN_TIMED_OUT
    if not granted & P.VIEW_CHANNEL:
        return 0
    if (
        channel.type == PRIVATE_THREAD
        and channel.thread
        and not granted & P.MANAGE_THREADS
        and user_id not in channel.thread.members
    ):
        return 0
    sending = P.SEND_MESSAGES_IN_THREADS if channel.thread else P.SEND_MESSAGES
    return granted if granted & sending else granted & ~NEEDS_SENDING


def _with_overwrites(world: World, granted: int, member: Member, channel: Channel) -> int:
    """@everyone's overwrite, then all roles' together, then the member's own (docs §Permission Overwrites)."""
    everyone = next((o for o in channel.overwrites if o.id == world.guild.id), None)
    if everyone:
        granted = (granted & ~everyone.deny) | everyone.allow
    allow = deny = 0
    for overwrite in channel.overwrites:
        if overwrite.type == 0 and overwrite.id in member.roles:
            allow |= overwrite.allow
            deny |= overwrite.deny
    granted = (granted & ~deny) | allow
    own = next((o for o in channel.overwrites if o.type == 1 and o.id == member.id), None)
    if own:
        granted = (granted & ~own.deny) | own.allow
    return granted
