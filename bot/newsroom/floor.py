"""Discussion on Discord: post for members, change and take back what was posted, and read what they said.

Every method that changes something raises the outcomes of ``bot.errors``: ``Refused`` and ``Later`` mean that
nothing was done, ``Doubtful`` that it may have been. Nothing here stores, or decides about trying again.
"""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.errors import CannotCarry, Later, Refused, Vanished, WebhookGone
from bot.model import Receipt
from bot.newsroom import rights, search, survey
from bot.newsroom.asking import Asking
from bot.newsroom.carry import fetched
from bot.newsroom.desk import Parent, awake
from bot.newsroom.outcomes import WEBHOOK_GONE, delivering, looking
from bot.newsroom.removing import delete_post, take_away
from bot.newsroom.said import avatar_of, said_of
from bot.newsroom.search import Deleted
from bot.newsroom.views import note_view
from bot.newsroom.waking import woken
from bot.newsroom.webhooks import Webhooks, spoken_names, under_a_name

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from bot.clock import Clock
    from bot.model import QuoteMode, Reacted, Said
    from bot.newsroom.carry import Carried
    from bot.newsroom.desk import Desk
    from bot.newsroom.rights import Mentions, Rights
    from bot.newsroom.search import Finding

_NOBODY = discord.AllowedMentions.none()
_CARRIED_AT_ONCE = 2  # replies whose files are in memory, up to 25 MiB each


class Floor:
    """The place where members speak, and the bot for them."""

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock
        self._webhooks = Webhooks(desk, clock)
        self._carrying = asyncio.Semaphore(_CARRIED_AT_ONCE)
        self._asking = Asking()

    @property
    def guild_id(self) -> int:
        return self._desk.guild_id

    @property
    def connected(self) -> bool:
        """Whether there is a session with Discord to look and post through."""
        return self._desk.connected

    def check(self) -> None:
        """Pass when there is a session to work through.

        Raises:
            Later, Refused: see ``Desk.guild``.
        """
        self._desk.guild()

    # --- who may what ----------------------------------------------------------------------------------

    def lacking(self, mode: QuoteMode, channel_id: int) -> tuple[str, ...]:
        """Permissions that the bot lacks for ``mode`` in that thread or channel's threads; from the cache.

        They are named as on Discord's settings page.

        Raises:
            Later: not connected yet.
            Refused: the channel is missing or hidden from the bot (channel-wide).
        """
        guild = self._desk.guild()
        channel = guild.get_channel_or_thread(channel_id)
        parent = channel.parent if isinstance(channel, discord.Thread) else channel
        if not isinstance(parent, Parent):
            raise Refused(
                f"channel {channel_id} does not exist in {guild.name}, or the bot can't see it: give it View Channel",
                channel_wide=True,
            )
        return rights.lacking(mode, guild.me, parent)

    async def rights(self, thread_id: int, member: discord.Member) -> Rights:
        """What ``member`` could do in the thread by hand.

        Raises:
            Later, Refused: the thread could not be asked for; ``Vanished`` when it is gone.
        """
        async with looking(f"thread {thread_id}"):
            thread = self._desk.guild().get_thread(thread_id) or await self._desk.thread(thread_id)
            return rights.rights_of(member, thread, await self._desk.parent_of(thread_id))

    def open_to_readers(self, thread_id: int, channel_id: int) -> bool:
        """Whether everybody who can read the thread can also see that channel or thread; False when in doubt.

        Raises:
            Later, Refused: see ``Desk.guild``.
        """
        return thread_id == channel_id or rights.open_to_readers(self._desk.guild(), thread_id, channel_id)

    # --- posting for members ---------------------------------------------------------------------------

    @property
    def file_limit(self) -> int:
        """How large a file may be that the bot posts, in bytes.

        Raises:
            Later, Refused: see ``Desk.guild``.
        """
        return self._desk.guild().filesize_limit

    def woken(self, thread_id: int, deadline: datetime) -> AbstractAsyncContextManager[object]:
        """Have an archived thread open for ``speak`` or ``say``, which open those by themselves that are not locked,
        and archive it again afterwards.

        Raises:
            Vanished, Refused, Later: on entering; the thread is gone, or can't be opened.
        """
        return woken(self._desk, self._clock, thread_id, deadline)

    async def speak(
        self,
        thread_id: int,
        name: str,
        avatar: str,
        content: str,
        author_id: int,
        native_id: int | None,
        mentions: Mentions,
        deadline: datetime,
        files: Sequence[Carried] = (),
    ) -> Receipt:
        """Post ``content`` under a member's name and picture, through our webhook. Sent once: it takes no nonce.

        ``native_id`` is a reply whose files come along, before ``files``. Of ``mentions`` those ping that the author
        may ping.

        Raises:
            CannotCarry: the files are too large, or could not be fetched.
            Vanished: the thread or the native reply is gone.
        """
        where = f"thread {thread_id}"
        async with (
            delivering(self._clock, deadline, "once", where, target=True),
            self._carrying if native_id is not None else nullcontext(),
        ):
            parent = await self._desk.parent_of(thread_id)
            author = await self._member(author_id)
            carried = await self._files(thread_id, native_id) if native_id is not None else ()
            attached = (*carried, *files)

            async def send(webhook: discord.Webhook, username: str) -> Receipt:
                message = await webhook.send(
                    content,
                    username=username,
                    avatar_url=avatar or discord.utils.MISSING,
                    files=[each.file() for each in attached],
                    thread=discord.Object(thread_id),
                    allowed_mentions=rights.pings(mentions, author, parent),
                    suppress_embeds=not rights.may_show_links(author, parent),
                    wait=True,
                )
                return Receipt(message_id=message.id, webhook_id=webhook.id)

            try:
                return await self._through_webhook(parent, spoken_names(name), send, deadline)
            except discord.HTTPException as error:
                if attached and error.status == 413:
                    raise CannotCarry("Discord finds the post's files too large") from error
                raise

    async def _through_webhook(
        self,
        parent: Parent,
        names: Iterable[str],
        send: Callable[[discord.Webhook, str], Awaitable[Receipt]],
        deadline: datetime,
    ) -> Receipt:
        """A webhook that turns out to be gone, or moved to another channel, did nothing: once more by a fresh one."""
        gone: discord.HTTPException | None = None
        for _ in range(2):
            webhook = await self._webhooks.of(parent, deadline)
            try:
                return await under_a_name(webhook, names, send)
            except discord.HTTPException as error:
                if error.status != 404 and error.code not in WEBHOOK_GONE:
                    raise
                self._webhooks.forget(parent.id)
                gone = error
        assert gone is not None
        if gone.code in WEBHOOK_GONE:
            raise Later(f"channel #{parent.name}: the bot's webhook was deleted while it was used") from gone
        raise gone

    async def companion(
        self, thread_id: int, native_id: int, text: str, nonce: str, deadline: datetime
    ) -> Receipt:
        """Answer a native reply, without a ping, with the quotes in an embed."""
        async with delivering(self._clock, deadline, "nonce", f"thread {thread_id}", target=True):
            message = await self._desk.channel(thread_id).send(
                embed=discord.Embed(description=text),
                reference=discord.MessageReference(
                    message_id=native_id, channel_id=thread_id, fail_if_not_exists=False
                ),
                nonce=nonce,
                allowed_mentions=_NOBODY,
            )
            return Receipt(message_id=message.id)

    async def say(
        self,
        thread_id: int,
        content: str,
        nonce: str,
        mentions: Mentions,
        author_id: int,
        deadline: datetime,
        files: Sequence[Carried] = (),
    ) -> Receipt:
        """Post ``content`` for a member under the bot's own name; pings as ``speak`` does.

        Raises:
            CannotCarry: the files are too large.
        """
        async with delivering(self._clock, deadline, "nonce", f"thread {thread_id}", target=True):
            parent = await self._desk.parent_of(thread_id)
            author = await self._member(author_id)
            try:
                message = await self._desk.channel(thread_id).send(
                    content,
                    files=[each.file() for each in files],
                    nonce=nonce,
                    allowed_mentions=rights.pings(mentions, author, parent),
                    suppress_embeds=not rights.may_show_links(author, parent),
                )
            except discord.HTTPException as error:
                if files and error.status == 413:
                    raise CannotCarry("Discord finds the post's files too large") from error
                raise
            return Receipt(message_id=message.id)

    # --- changing what was posted ------------------------------------------------------------------------

    async def change(
        self,
        thread_id: int,
        message_id: int,
        webhook_id: int | None,
        content: str | None,
        embed: str | None,
        deadline: datetime,
    ) -> None:
        """Give a post of ours other words, or its embed another description; pings nobody. Repeatable freely.

        What is None stays.

        Raises:
            Vanished: the post or the thread is gone.
            WebhookGone: the webhook ``webhook_id`` is, through which alone it could be changed.
        """
        where = f"post {message_id} in thread {thread_id}"
        words = discord.utils.MISSING if content is None else content
        card = discord.utils.MISSING if embed is None else discord.Embed(description=embed)
        async with delivering(self._clock, deadline, "freely", where, target=True):
            thread = await self._desk.thread(thread_id)
            if webhook_id is None:
                message = thread.get_partial_message(message_id)
                async with awake(thread):
                    await message.edit(content=words, embed=card, allowed_mentions=_NOBODY)
                return
            parent = await self._desk.parent_of(thread_id)
            webhook = await self._webhooks.by_id(parent, webhook_id)
            if webhook is None:
                raise WebhookGone(f"{where}: the webhook that posted it was deleted on Discord")
            async with awake(thread):
                try:
                    await webhook.edit_message(
                        message_id, content=words, embed=card, thread=thread, allowed_mentions=_NOBODY
                    )
                except discord.HTTPException as error:
                    # The thread is there: to a webhook that does not know it another channel was given.
                    if error.code != 10003 and error.code not in WEBHOOK_GONE:
                        raise
                    self._webhooks.forget(parent.id)
                    raise WebhookGone(
                        f"{where}: the webhook that posted it is gone from the channel"
                    ) from error

    async def delete(self, thread_id: int, message_id: int, deadline: datetime) -> None:
        """Delete a post; done when it is gone already."""
        reason = "Newsthread: replaced, or taken back by its author"
        await delete_post(self._desk, self._clock, thread_id, message_id, reason, deadline)

    async def unreact(
        self, channel_id: int, message_id: int, member_id: int, emoji: str, deadline: datetime
    ) -> None:
        """Take a member's reaction off a post; done when it, or the emoji, is gone already."""
        message = self._desk.channel(channel_id).get_partial_message(message_id)

        async def remove() -> None:
            await message.remove_reaction(emoji, discord.Object(member_id))

        where = f"post {message_id} in {channel_id}"
        await take_away(self._desk, self._clock, channel_id, remove, where, deadline)

    # --- the moderators' log -----------------------------------------------------------------------------

    async def log(
        self, channel_id: int, text: str, token: str, deadline: datetime, ping_role: int | None = None
    ) -> int:
        """Tell the moderators; the message's id. The nonce is the token, which also marks it.

        Whatever ``text`` mentions, it pings ``ping_role`` alone.
        """
        channel = self._desk.log(channel_id)
        async with delivering(self._clock, deadline, "nonce", f"the log, channel {channel_id}", target=True):
            pinged = discord.AllowedMentions(
                everyone=False, users=False, roles=[discord.Object(ping_role)] if ping_role else False
            )
            message = await channel.send(view=note_view(text, token), nonce=token, allowed_mentions=pinged)
            return message.id

    async def find_log(self, channel_id: int, token: str, since: datetime) -> Finding:
        """What became of a line of the log begun at ``since``; ``Deleted`` when the channel is gone.

        Raises:
            Later, Refused: the search could not be completed.
        """
        try:
            async with looking(f"the log, channel {channel_id}"):
                me = self._desk.guild().me.id
                return await search.channel_post(self._desk.channel(channel_id), me, token, since)
        except Vanished:
            return Deleted()

    # --- reading -------------------------------------------------------------------------------------------

    def is_me(self, author_id: int) -> bool:
        """Whether that is the bot itself.

        Raises:
            Later, Refused: see ``Desk.guild``.
        """
        return self._desk.guild().me.id == author_id

    def said(self, message: discord.Message) -> Said:
        """The record of a message.

        Raises:
            Later, Refused: see ``Desk.guild``.
        """
        return said_of(message, self._application_id, self._desk.guild().me.id)

    async def look_up(self, thread_id: int, message_id: int) -> Said | None:
        """A post as it is now; None when it or its thread is gone.

        Raises:
            Later, Refused: it could not be read.
        """
        try:
            async with looking(f"post {message_id} in thread {thread_id}"):
                return self.said(await self._asking.message(self._desk.channel(thread_id), message_id))
        except Vanished:
            return None

    async def as_member(self, said: Said) -> Said:
        """``said`` with the name and picture that its author has in the guild, which REST leaves out.

        Raises:
            Later, Refused: the member could not be asked for.
        """
        if said.bot or said.webhook_id is not None:
            return said
        async with looking(f"member {said.author_id}"):
            member = await self._asking.member(said.author_id, self._member)
        return said if member is None else replace(said, name=member.display_name, avatar=avatar_of(member))

    async def find_unclaimed(self, thread_id: int, since: datetime, claimed: frozenset[int]) -> Finding:
        """What became of a post for a member begun at ``since``, when ``claimed`` are those that are accounted for.

        ``Deleted`` when the whole thread is gone.

        Raises:
            Later, Refused: the search could not be completed.
        """
        try:
            async with looking(f"thread {thread_id}"):
                thread = await self._desk.thread(thread_id)
                return await survey.find_unclaimed(thread, self._application_id, since, claimed)
        except Vanished:
            return Deleted()

    async def survey(self, thread_id: int, since: datetime) -> AsyncIterator[tuple[Said, tuple[str, ...]]]:
        """The posts since, oldest first, each with the keys of the emoji it has reactions with.

        The opening post of a text channel stands outside of its thread: see ``reacted_with``.

        Raises:
            Later, Refused: the thread could not be read to the end; ``Vanished`` when it is gone.
        """
        async with looking(f"thread {thread_id}"):
            thread = await self._desk.thread(thread_id)
            async for message, emoji in survey.messages(thread, since):
                yield self.said(message), emoji

    async def reacted_with(self, channel_id: int, message_id: int) -> tuple[str, ...]:
        """The keys of the emoji that a post has reactions with; none when it is gone.

        Raises:
            Later, Refused: it could not be read.
        """
        try:
            async with looking(f"post {message_id} in {channel_id}"):
                return survey.emoji_of(await self._desk.channel(channel_id).fetch_message(message_id))
        except Vanished:
            return ()

    async def who_reacted(self, channel_id: int, message_id: int, emoji: str) -> tuple[Reacted, ...]:
        """All members, no bots, who reacted with ``emoji``; nobody when the post or the emoji is gone.

        Raises:
            Later, Refused: not all could be read.
        """
        try:
            async with looking(f"post {message_id} in {channel_id}"):
                try:
                    return await survey.reactors(self._desk.client(), channel_id, message_id, emoji)
                except discord.HTTPException as error:
                    if error.code == 10014:  # unknown emoji
                        return ()
                    raise
        except Vanished:
            return ()

    # --- parts ---------------------------------------------------------------------------------------------

    @property
    def _application_id(self) -> int | None:
        return self._desk.client().application_id

    async def _member(self, member_id: int) -> discord.Member | None:
        """None for somebody who left."""
        try:
            return await self._desk.guild().fetch_member(member_id)
        except discord.NotFound:
            return None

    async def _files(self, thread_id: int, native_id: int) -> tuple[Carried, ...]:
        native = await self._desk.channel(thread_id).fetch_message(native_id)
        return await fetched(native.attachments, self.file_limit)
