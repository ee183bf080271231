"""Moderation on Discord: take posts down, tell of it in thread, letter and log, take posting rights, arrange threads.

Every method that changes something raises the outcomes of ``bot.errors``: ``Refused`` and ``Later`` mean that
nothing was done, ``Doubtful`` that it may have been. Whatever Discord's audit log takes a reason for gets one.
Nothing here stores, or decides about trying again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.abc import GuildChannel

from bot.errors import Refused, Vanished
from bot.newsroom import audit
from bot.newsroom.audit import audit_reason
from bot.newsroom.authority import authority_of, standing_of
from bot.newsroom.carry import evidence
from bot.newsroom.correspondence import Correspondence
from bot.newsroom.desk import Parent, awake
from bot.newsroom.outcomes import delivering, looking
from bot.newsroom.removing import delete_post
from bot.newsroom.rights import lacking_to_remove
from bot.newsroom.said import said_of
from bot.newsroom.suspending import require_able, set_role, set_timeout

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from bot.model import Said
    from bot.newsroom.audit import AuditedDeletion
    from bot.newsroom.authority import Authority, Standing
    from bot.newsroom.carry import Evidence

_UNKNOWN_MEMBER, _UNKNOWN_USER, _MISSING_PERMISSIONS = 10007, 10013, 50013


class Office(Correspondence):
    """Where moderators work."""

    # --- who may what ----------------------------------------------------------------------------------

    async def authority(self, member: discord.Member, channel_id: int | None) -> Authority:
        """What ``member`` may do as a moderator in that channel or that thread's; None: in the server.

        Raises:
            Vanished: there is no such place (any more).
            Later, Refused: it could not be asked for.
        """
        if channel_id is None:
            return authority_of(member, None)
        async with looking(f"channel or thread {channel_id}"):
            return authority_of(member, await self._channel_of(channel_id))

    async def standing(self, member_id: int) -> Standing | None:
        """Where a member stands; None for who is not in the server.

        Raises:
            Later, Refused: the member could not be asked for.
        """
        try:
            async with looking(f"member {member_id}"):
                return standing_of(await self._desk.guild().fetch_member(member_id))
        except Vanished:
            return None

    async def _channel_of(self, channel_id: int) -> GuildChannel:
        channel = self._desk.guild().get_channel(channel_id)
        return channel if channel is not None else await self._desk.parent_of(channel_id)

    # --- posts -----------------------------------------------------------------------------------------

    async def evidence(
        self, place_id: int, message_id: int, most: int, *, patient: bool
    ) -> tuple[Evidence, ...] | None:
        """The files of a post, those with their content that fit into ``most`` bytes together, in their order.

        None when the post is gone. Of a file that can't be fetched just now ``patient`` makes a ``Later``; without
        it, and of one that is gone, only its name is told.

        Raises:
            Later, Refused: the post could not be read.
        """
        try:
            async with looking(f"post {message_id} in {place_id}"):
                message = await self._desk.channel(place_id).fetch_message(message_id)
                return await evidence(message, most, patient=patient)
        except Vanished:
            return None

    async def stands(self, place_id: int, message_id: int) -> bool:
        """Whether a post is there.

        Raises:
            Later, Refused: that could not be told.
        """
        try:
            async with looking(f"post {message_id} in {place_id}"):
                await self._desk.channel(place_id).fetch_message(message_id)
        except Vanished:
            return False
        return True

    async def take_down(self, place_id: int, message_id: int, reason: str, deadline: datetime) -> None:
        """Delete a post, in an archived thread too; done when it is gone already.

        Raises:
            Refused: it can't be; a permission that is missing is named (then channel-wide).
        """
        try:
            await delete_post(self._desk, self._clock, place_id, message_id, reason, deadline)
        except Refused as error:
            channel = self._desk.guild().get_channel_or_thread(place_id)
            parent = channel.parent if isinstance(channel, discord.Thread) else channel
            if not error.channel_wide or not isinstance(parent, Parent):
                raise
            lacking = ", ".join(lacking_to_remove(parent.guild.me, parent))
            if not lacking:
                raise
            raise Refused(
                f"the bot lacks {lacking} in #{parent.name}: give its role that permission there",
                channel_wide=True,
            ) from error

    async def between(self, thread_id: int, first: int, last: int, most: int) -> tuple[Said, ...]:
        """The posts of a thread from one to another, both included, oldest first; at most the first ``most``.

        Raises:
            Later, Refused: they could not be read; ``Vanished`` when the thread is gone.
        """
        async with looking(f"thread {thread_id}"):
            history = self._desk.channel(thread_id).history(
                after=discord.Object(first - 1),
                before=discord.Object(last + 1),
                oldest_first=True,
                limit=None,
            )
            found: list[Said] = []
            async for message in history:
                if len(found) == most:
                    break
                if message.type is not discord.MessageType.thread_starter_message:
                    found.append(self._said(message))
            return tuple(found)

    async def latest(self, thread_id: int) -> AsyncIterator[Said]:
        """The posts of a thread, newest first, read as they are asked for.

        Raises:
            Later, Refused: the thread could not be read further; ``Vanished`` when it is gone.
        """
        async with looking(f"thread {thread_id}"):
            async for message in self._desk.channel(thread_id).history(limit=None):
                if message.type is not discord.MessageType.thread_starter_message:
                    yield self._said(message)

    def _said(self, message: discord.Message) -> Said:
        return said_of(message, self._desk.client().application_id, self.bot_id)

    # --- posting rights --------------------------------------------------------------------------------

    async def set_rights(
        self,
        member_id: int,
        until: datetime | None,
        ours: datetime | None,
        role_id: int | None,
        reason: str,
        deadline: datetime,
    ) -> None:
        """Have a member not post until then, or post again; repeatable freely. Nothing to do for who has left.

        ``role_id`` is the role that takes the right; without one it is a time-out, for which see
        ``suspending.set_timeout``.

        Raises:
            Refused: the member stands above the bot, or it lacks the permission (then channel-wide).
        """
        guild = self._desk.guild()
        require_able(guild, role_id)
        why = audit_reason(reason)
        async with delivering(self._clock, deadline, "freely", f"member {member_id}"):
            try:
                member = await guild.fetch_member(member_id)
                if role_id is not None:
                    await set_role(member, role_id, why, held=until is not None)
                else:
                    await set_timeout(member, until, ours, self._clock.now(), why)
            except discord.HTTPException as error:
                if error.code in (_UNKNOWN_MEMBER, _UNKNOWN_USER):
                    return
                if error.code != _MISSING_PERMISSIONS:
                    raise
                raise Refused(
                    f"member {member_id} is an administrator or stands above the bot, so that it can't suspend them:"
                    " move the bot's role up, or suspend them by hand"
                ) from error

    # --- threads ---------------------------------------------------------------------------------------

    async def lock(self, thread_id: int, locked: bool, reason: str, deadline: datetime) -> None:
        """Let nobody write in a thread but who may manage threads, or everybody again; repeatable freely.

        Raises:
            Vanished: the thread is gone.
        """
        async with delivering(self._clock, deadline, "freely", f"thread {thread_id}", target=True):
            thread = await self._desk.thread(thread_id)
            async with awake(thread):
                await thread.edit(locked=locked, reason=audit_reason(reason))

    async def retag(self, thread_id: int, tags: Sequence[str], reason: str, deadline: datetime) -> None:
        """Give a forum post exactly these tags, by name; repeatable freely. What the forum lacks is left out.

        Raises:
            Vanished: the thread is gone.
        """
        async with delivering(self._clock, deadline, "freely", f"thread {thread_id}", target=True):
            thread = await self._desk.thread(thread_id)
            there = thread.parent.available_tags if isinstance(thread.parent, discord.ForumChannel) else ()
            by_name = {tag.name: tag for tag in there}
            applied = [by_name[name] for name in tags if name in by_name]
            async with awake(thread):
                await thread.edit(applied_tags=applied, reason=audit_reason(reason))

    def tags(self, channel_id: int) -> tuple[str, ...]:
        """The names of a forum's tags, in its order; none for other channels.

        Raises:
            Later, Refused: see ``Desk.guild``.
        """
        channel = self._desk.guild().get_channel(channel_id)
        return (
            tuple(tag.name for tag in channel.available_tags)
            if isinstance(channel, discord.ForumChannel)
            else ()
        )

    # --- the audit log ---------------------------------------------------------------------------------

    async def audit(self, after: datetime) -> tuple[AuditedDeletion, ...]:
        """What the server's audit log tells of posts deleted, and kept from being posted, since; oldest first.

        Nothing when the bot may not read it.

        Raises:
            Later, Refused: it could not be read to the end.
        """
        guild = self._desk.guild()
        if not guild.me.guild_permissions.view_audit_log:
            return ()
        async with looking("the audit log"):
            return await audit.deletions(guild, after)
