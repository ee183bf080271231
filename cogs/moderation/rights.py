"""``/strikes``, ``/suspend`` and ``/unsuspend``: what a member has on record, and their posting rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.text.record import strikes_text
from cogs.moderation.common import as_remover, as_suspender

if TYPE_CHECKING:
    from bot.client import NewsthreadBot, Services

    Interaction = discord.Interaction[NewsthreadBot]


class PostingRights(commands.Cog):
    """Three commands; what they do is done by ``bot.moderation.rights``."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._rights = services.moderation.rights

    @app_commands.command(
        name="strikes", description=locale_str("Moderators: a member's strikes and suspensions")
    )
    @app_commands.describe(member=locale_str("Whose"))
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    async def strikes(self, interaction: Interaction, member: discord.User) -> None:
        await interaction.response.defer(ephemeral=True)
        say = self._services.say(interaction)
        authority = await as_remover(interaction, interaction.channel_id or 0)
        record = await self._rights.record(authority, member.id)
        text = strikes_text(record.strikes, record.suspensions, say)
        await interaction.followup.send(f"{member.mention}\n{text}", ephemeral=True)

    @app_commands.command(
        name="suspend", description=locale_str("Moderators: take a member's posting rights for a while")
    )
    @app_commands.describe(
        member=locale_str("Who may not post"),
        duration=locale_str('For how long, such as "2h" or "7d"'),
        reason=locale_str("Why; the member reads it, too"),
        tell=locale_str("Whether the bot tells them by direct message"),
    )
    @app_commands.default_permissions(moderate_members=True)
    @app_commands.guild_only()
    async def suspend(
        self,
        interaction: Interaction,
        member: discord.User,
        duration: str,
        reason: str,
        tell: bool | None = None,
    ) -> None:
        await interaction.response.defer(ephemeral=True)
        say = self._services.say(interaction)
        authority = await as_suspender(interaction)
        suspended = await self._rights.suspend(
            interaction.id, authority, (member.id, member.display_name), duration, reason, tell=tell
        )
        done = say(
            "{member} may not post until {when}: case #{case}.",
            member=member.mention,
            when=f"<t:{int(suspended.until.timestamp())}:f>",
            case=suspended.case_id,
        )
        told = say("The bot tells them so.") if suspended.told else say("The bot does not tell them.")
        await interaction.followup.send(f"{done} {told}", ephemeral=True)

    @app_commands.command(
        name="unsuspend", description=locale_str("Moderators: give a member's posting rights back")
    )
    @app_commands.describe(
        member=locale_str("Who may post again"), reason=locale_str("Why; for the other moderators")
    )
    @app_commands.default_permissions(moderate_members=True)
    @app_commands.guild_only()
    async def unsuspend(self, interaction: Interaction, member: discord.User, reason: str = "") -> None:
        await interaction.response.defer(ephemeral=True)
        say = self._services.say(interaction)
        authority = await as_suspender(interaction)
        await self._rights.unsuspend(authority, member.id, reason)
        await interaction.followup.send(
            say("{member} may post again.", member=member.mention), ephemeral=True
        )


async def setup(bot: NewsthreadBot) -> None:
    await bot.add_cog(PostingRights(bot.services))
