"""Whether moderators can do in the server what the configuration promises them. Judges answers, asks nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.commands.server import lacking_there, missing_there, unseen
from bot.permissions import LOGGING, MANAGE_MESSAGES, MANAGE_THREADS, moderates

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.commands.server import Server
    from bot.settings.keys import ModerationKeys, Rule, Settings
    from bot.settings.lines import KeyPath

# In the channels of feeds: what is not possible without.
_REMOVING = {
    MANAGE_MESSAGES: "no post can be removed there",
    MANAGE_THREADS: "no thread can be locked there, and nothing be removed from locked ones",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """What there is to say of one key. A ``fault`` keeps it from working; otherwise something works less well."""

    sentence: str
    path: KeyPath
    file: str = "newsthread.toml"
    fault: bool = True


def moderating(
    settings: Settings, server: Server, channels: Collection[discord.ForumChannel | discord.TextChannel]
) -> Iterator[Remark]:
    """All remarks; ``channels`` are those of the feeds. Permissions matter only where moderation is set up."""
    keys, rules = settings.moderation, settings.rules.rules
    yield from _log_channel(keys, server)
    yield from _moderator_role(keys, server)
    if keys.suspended_role_id is not None:
        yield from _suspended_role(keys.suspended_role_id, server)
    if not moderates(settings):
        return
    if keys.suspended_role_id is None and not server.me.guild_permissions.moderate_members:
        yield _no_time_outs(rules)
    for permission, consequence in _REMOVING.items():
        closed = [f"#{each.name}" for each in channels if missing_there((permission,), each, server.me)]
        if closed:
            yield _less(
                f"in {', '.join(closed)} the bot lacks {permission.name}, so that {consequence}; expected its role to have that there"
            )
    if not server.me.guild_permissions.view_audit_log:
        yield _less(
            "the bot lacks View Audit Log, so that posts deleted by hand become no cases; expected its role to have that"
        )


def _log_channel(keys: ModerationKeys, server: Server) -> Iterator[Remark]:
    if keys.log_channel_id is None:
        return
    path: KeyPath = ("moderation", "log_channel_id")
    channel = server.channels.get(keys.log_channel_id)
    if channel is None:
        yield Remark(unseen(keys.log_channel_id), path)
    elif not isinstance(channel, discord.TextChannel):
        yield Remark(f"#{channel.name} is a {channel.type} channel; expected a text channel", path)
    elif missing := missing_there(LOGGING, channel, server.me):
        yield Remark(lacking_there(channel, missing), path)
    elif channel.permissions_for(channel.guild.default_role).view_channel:
        sentence = (
            f"everybody can see #{channel.name}, which quotes removed posts; expected only moderators to"
        )
        yield Remark(sentence, path, fault=False)


def _moderator_role(keys: ModerationKeys, server: Server) -> Iterator[Remark]:
    if keys.moderator_role_id is None:
        return
    path: KeyPath = ("moderation", "moderator_role_id")
    role = server.roles.get(keys.moderator_role_id)
    if role is None:
        yield Remark(_no_role(keys.moderator_role_id), path)
    elif not (role.mentionable or server.me.guild_permissions.mention_everyone):
        sentence = (
            f'the bot may not mention the role "{role.name}"; expected that role to let anyone mention it'
        )
        yield Remark(sentence, path, fault=False)


def _suspended_role(role_id: int, server: Server) -> Iterator[Remark]:
    path: KeyPath = ("moderation", "suspended_role_id")
    role = server.roles.get(role_id)
    if role is None:
        yield Remark(_no_role(role_id), path)
    elif role.managed:
        sentence = f'the role "{role.name}" belongs to an app and can\'t be given; expected one of your own'
        yield Remark(sentence, path)
    elif role >= server.me.top_role:
        sentence = f"the bot can't give the role \"{role.name}\"; expected it below the bot's own in the list of roles"
        yield Remark(sentence, path)
    elif not server.me.guild_permissions.manage_roles:
        yield Remark("the bot lacks Manage Roles; expected its role to have that", path)


def _no_time_outs(rules: tuple[Rule, ...]) -> Remark:
    sentence = (
        "the bot lacks Moderate Members, so that nobody can be suspended; expected its role to have that"
    )
    suspends = next((index for index, rule in enumerate(rules) if rule.repeated), None)
    return (
        _less(sentence)
        if suspends is None
        else Remark(sentence, ("rule", suspends, "repeated"), "rules.toml")
    )


def _less(sentence: str) -> Remark:
    return Remark(sentence, ("moderation",), fault=False)


def _no_role(role_id: int) -> str:
    return f"the server has no role {role_id}; expected the id of one of its roles"
