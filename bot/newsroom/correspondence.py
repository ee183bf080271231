"""What moderation writes on Discord: notices in threads, letters to members, entries in the moderators' log."""

from __future__ import annotations

from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

import discord

from bot.errors import Later, Unreachable, Vanished
from bot.failpoints import reach
from bot.newsroom import search
from bot.newsroom.desk import awake
from bot.newsroom.outcomes import delivering, looking
from bot.newsroom.search import Deleted
from bot.newsroom.views import case_view, letter_view, notice_view, report_view
from bot.newsroom.waking import woken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.clock import Clock
    from bot.newsroom.desk import Desk
    from bot.newsroom.search import Finding
    from bot.text.notices import Entry, Letter

_NOBODY = discord.AllowedMentions.none()
_INVALID, _TOO_FAST = 50035, 40003  # a form that is; direct messages that are opened
_CALMED = 600.0  # seconds after which more may be opened; Discord gives no figure


class Correspondence:
    """The part of ``Office`` that writes; see there for what its methods raise.

    It pings nobody but a role that an entry is told to. Everything written bears its token as a nonce, within the
    minutes in which Discord knows these, and as a marker for good.
    """

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock

    @property
    def guild_id(self) -> int:
        return self._desk.guild_id

    @property
    def bot_id(self) -> int:
        """
        Raises:
            Later, Refused: see ``Desk.guild``.
        """
        return self._desk.guild().me.id

    def check(self) -> None:
        """Pass when there is a session to work through.

        Raises:
            Later, Refused: see ``Desk.guild``.
        """
        self._desk.guild()

    def check_log(self, channel_id: int) -> None:
        """Pass when the bot can write to the moderators' log.

        Raises:
            Later, Refused: see ``Desk.log``.
        """
        self._desk.log(channel_id)

    # --- notices in threads ----------------------------------------------------------------------------

    async def post_notice(self, thread_id: int, text: str, token: str, about: str, deadline: datetime) -> int:
        """Say in a thread what a case did; the message's id. The nonce is the token, which also marks it.

        ``about`` is the label of its button. An archived thread is archived again.
        """
        async with (
            woken(self._desk, self._clock, thread_id, deadline) as thread,
            delivering(self._clock, deadline, "nonce", f"thread {thread_id}", target=True),
        ):
            view = notice_view(text, token, about)
            return (await thread.send(view=view, nonce=token, allowed_mentions=_NOBODY)).id

    async def change_notice(
        self, thread_id: int, message_id: int, text: str, token: str, about: str, deadline: datetime
    ) -> None:
        """Bring a notice up to date; repeatable freely.

        Raises:
            Vanished: it was deleted, or its thread.
        """
        where = f"post {message_id} in thread {thread_id}"
        async with delivering(self._clock, deadline, "freely", where, target=True):
            thread = await self._desk.thread(thread_id)
            async with awake(thread):
                await thread.get_partial_message(message_id).edit(
                    view=notice_view(text, token, about), allowed_mentions=_NOBODY
                )

    async def find_notice(self, thread_id: int, token: str, since: datetime) -> Finding:
        """What became of a notice begun at ``since``; ``Deleted`` when the whole thread is gone.

        Raises:
            Later, Refused: the search could not be completed.
        """
        return await self._find(thread_id, token, since)

    async def _find(self, channel_id: int, token: str, since: datetime) -> Finding:
        try:
            async with looking(f"channel {channel_id}"):
                return await search.channel_post(self._desk.channel(channel_id), self.bot_id, token, since)
        except Vanished:
            return Deleted()

    # --- letters ---------------------------------------------------------------------------------------

    async def tell(
        self, member_id: int, letter: Letter, case: tuple[int, str], token: str, deadline: datetime
    ) -> int:
        """Send a member a direct message; the message's id. The nonce is the token, which also marks it.

        ``case`` is its number, and its name where the letter has no button that appeals.

        Raises:
            Unreachable: they take none from here, or have left.
        """
        where = f"direct messages of member {member_id}"
        async with delivering(self._clock, deadline, "freely", where):
            with _reaching(where):
                channel = await self._desk.client().create_dm(discord.Object(member_id))
        reach("tell:opened")
        async with delivering(self._clock, deadline, "nonce", where):
            with _reaching(where):
                message = await channel.send(
                    letter.text,
                    files=[discord.File(BytesIO(data), name) for name, data in letter.files],
                    view=letter_view(case[0], token, letter.button, case[1]),
                    nonce=token,
                    allowed_mentions=_NOBODY,
                    suppress_embeds=True,
                )
        return message.id

    async def find_told(self, member_id: int, token: str, since: datetime) -> Finding:
        """What became of a letter begun at ``since``; ``Deleted`` when its channel can't be opened.

        Raises:
            Later: the search could not be completed.
        """
        where = f"direct messages of member {member_id}"
        try:
            async with looking(where):
                with _reaching(where):
                    channel = await self._desk.client().create_dm(discord.Object(member_id))
                    return await search.channel_post(channel, self.bot_id, token, since)
        except (Unreachable, Vanished):
            return Deleted()

    # --- the moderators' log ---------------------------------------------------------------------------

    async def enter(self, channel_id: int, entry: Entry, token: str, about: str, deadline: datetime) -> int:
        """Write a case into the log; the message's id. The nonce is the token, which also marks it.

        ``about`` is the label of the button that every entry has.
        """
        return await self._enter(channel_id, case_view(entry, token, about), token, deadline)

    async def change_entry(
        self, channel_id: int, message_id: int, entry: Entry, token: str, about: str, deadline: datetime
    ) -> None:
        """Bring the entry of a case up to date; repeatable freely.

        Raises:
            Vanished: it was deleted, or its channel.
        """
        await self._change_entry(channel_id, message_id, case_view(entry, token, about), deadline)

    async def enter_report(self, channel_id: int, entry: Entry, token: str, deadline: datetime) -> int:
        """The same as ``enter`` for a report, whose buttons are those of ``entry``."""
        return await self._enter(channel_id, report_view(entry, token), token, deadline)

    async def change_report(
        self, channel_id: int, message_id: int, entry: Entry, token: str, deadline: datetime
    ) -> None:
        """The same as ``change_entry`` for a report."""
        await self._change_entry(channel_id, message_id, report_view(entry, token), deadline)

    async def _enter(
        self, channel_id: int, view: discord.ui.LayoutView, token: str, deadline: datetime
    ) -> int:
        channel = self._desk.log(channel_id)
        async with delivering(self._clock, deadline, "nonce", f"the log, channel {channel_id}", target=True):
            return (await channel.send(view=view, nonce=token, allowed_mentions=_NOBODY)).id

    async def _change_entry(
        self, channel_id: int, message_id: int, view: discord.ui.LayoutView, deadline: datetime
    ) -> None:
        self._desk.log(channel_id)
        where = f"entry {message_id} of the log, channel {channel_id}"
        async with delivering(self._clock, deadline, "freely", where, target=True):
            message = self._desk.channel(channel_id).get_partial_message(message_id)
            await message.edit(view=view, allowed_mentions=_NOBODY)

    async def find_entry(self, channel_id: int, token: str, since: datetime) -> Finding:
        """What became of an entry begun at ``since``; ``Deleted`` when the channel is gone.

        Raises:
            Later, Refused: the search could not be completed.
        """
        return await self._find(channel_id, token, since)


@contextmanager
def _reaching(where: str) -> Iterator[None]:
    """What Discord refuses in direct messages it refuses for whom they go to, unless it finds a fault in them.

    It has many codes for that.

    Raises:
        Unreachable: it did.
        Later: too many others were written to just now.
    """
    try:
        yield
    except discord.HTTPException as error:
        if error.code == _TOO_FAST:
            raise Later(
                f"{where}: {error.text} (Discord's code {error.code})", retry_after=_CALMED
            ) from error
        if error.code == _INVALID or error.status not in (400, 403, 404):
            raise
        raise Unreachable(f"{where}: {error.text} (Discord's code {error.code})") from error
