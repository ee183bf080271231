"""What the gateway tells of deletions that are not the bot's doing, passed on to ``bot.moderation.outside``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

if TYPE_CHECKING:
    from bot.client import NewsthreadBot
    from bot.moderation.outside import Outside


class OutsideEvents(commands.Cog):
    """Rings; what happened is found in the store and in the audit log, since events name nobody."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    @commands.Cog.listener()
    async def on_raw_message_delete(self, _event: discord.RawMessageDeleteEvent) -> None:
        self._outside.wake()

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, _event: discord.RawBulkMessageDeleteEvent) -> None:
        self._outside.wake()

    @commands.Cog.listener()
    async def on_audit_log_entry_create(self, entry: discord.AuditLogEntry) -> None:
        if entry.action is discord.AuditLogAction.automod_block_message:
            self._outside.blocked()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        self._outside.missed()


async def setup(bot: NewsthreadBot) -> None:
    await bot.add_cog(OutsideEvents(bot.services.moderation.outside))
