"""Who may do what in a thread: permissions as Discord computes them, from what the cache holds.

Threads have no permissions of their own: their channel's hold, with the ones made for threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord
from discord.abc import GuildChannel

from bot import permissions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import QuoteMode
    from bot.newsroom.desk import Parent
    from bot.permissions import Permission

# The user ids and the role ids that an answer mentions.
Mentions = tuple[frozenset[int], frozenset[int]]
_MOST_MENTIONS = 100  # of each kind (docs resources/message §Allowed Mentions Object)


@dataclass(frozen=True, slots=True)
class Rights:
    """What a member could do by hand in a thread."""

    may_post: bool
    slow_mode: int  # seconds between two posts; 0: none for them
    may_mention_everyone: bool  # and every role
    mentionable_roles: frozenset[int]  # by anybody
    may_link_embeds: bool
    own_emoji: frozenset[int] | None  # ids of the guild's emoji; None: those of other guilds may be used, too


def rights_of(member: discord.Member, thread: discord.Thread, parent: Parent) -> Rights:
    """What ``member`` may do in ``thread``."""
    have = GuildChannel.permissions_for(parent, member)
    writes = have.view_channel and have.send_messages_in_threads
    # Docs resources/channel §Channel Object, rate_limit_per_user.
    unhurried = have.manage_messages or have.manage_channels or have.bypass_slowmode
    guild = parent.guild
    return Rights(
        may_post=writes and (have.manage_threads or not thread.locked),
        slow_mode=0 if unhurried else thread.slowmode_delay,
        may_mention_everyone=have.mention_everyone,
        mentionable_roles=frozenset(
            role.id for role in guild.roles if role.mentionable and not role.is_default()
        ),
        may_link_embeds=have.embed_links,
        own_emoji=None if have.external_emojis else frozenset(emoji.id for emoji in guild.emojis),
    )


def lacking(mode: QuoteMode, me: discord.Member, parent: Parent) -> tuple[str, ...]:
    """What the bot lacks for ``mode`` in threads of ``parent``, in the words of Discord's own settings page."""
    return _not_held(me, parent, permissions.QUOTING[mode])


def lacking_to_remove(me: discord.Member, parent: Parent) -> tuple[str, ...]:
    """What the bot lacks for removing posts in ``parent`` and its threads; named as in ``lacking``."""
    return _not_held(me, parent, permissions.REMOVING)


def _not_held(me: discord.Member, parent: Parent, needed: Iterable[Permission]) -> tuple[str, ...]:
    have = GuildChannel.permissions_for(parent, me)
    return permissions.missing(needed, have, forum=isinstance(parent, discord.ForumChannel))


def pings(mentions: Mentions, author: discord.Member | None, parent: Parent) -> discord.AllowedMentions:
    """Those of ``mentions`` that ``author`` could ping there by hand; nobody for one who left. Never @everyone."""
    if author is None:
        return discord.AllowedMentions.none()
    users, wanted = mentions
    every = GuildChannel.permissions_for(parent, author).mention_everyone
    roles = [
        role
        for role in parent.guild.roles
        if role.id in wanted and not role.is_default() and (every or role.mentionable)
    ]
    return discord.AllowedMentions(
        everyone=False,
        users=[discord.Object(each) for each in sorted(users)[:_MOST_MENTIONS]],
        roles=roles[:_MOST_MENTIONS],
        replied_user=False,
    )


def may_show_links(author: discord.Member | None, parent: Parent) -> bool:
    """Whether links in what ``author`` says there get previews."""
    return author is not None and GuildChannel.permissions_for(parent, author).embed_links


def open_to_readers(guild: discord.Guild, thread_id: int, channel_id: int) -> bool:
    """Whether everybody who can read that thread can also see that channel or thread; False when in doubt."""
    here, there = _place(guild, thread_id), _place(guild, channel_id)
    if here is None or there is None:
        return False
    if here.id == there.id:
        return True
    # Roles add up: what one of a member's roles is denied there, no other role's view of it tells of.
    if any(
        denied.view_channel is False for target, denied in there.overwrites.items() if target.id != guild.id
    ):
        return False
    if GuildChannel.permissions_for(there, guild.default_role).view_channel:
        return True
    if any(
        allowed.view_channel and guild.get_role(target.id) is None
        for target, allowed in here.overwrites.items()
    ):
        return False  # members let in by name
    return all(
        GuildChannel.permissions_for(there, role).view_channel
        for role in guild.roles
        if GuildChannel.permissions_for(here, role).view_channel
    )


def _place(guild: discord.Guild, channel_id: int) -> GuildChannel | None:
    """Whose permissions hold in a channel or public thread; None where they can't be told."""
    place = guild.get_channel_or_thread(channel_id)
    if not isinstance(place, discord.Thread):
        return place
    return None if place.is_private() else place.parent
