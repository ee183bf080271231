"""``/delivery``: who manages the server looks at what can't be delivered, and has it tried again. Answers are private."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.deliveries import ALL
from bot.errors import Declined
from bot.text.waiting import choice_of, waiting_list

if TYPE_CHECKING:
    from bot.client import NewsthreadBot, Services

    Interaction = discord.Interaction[NewsthreadBot]

_MAX_CHOICES = 25  # that Discord offers while an option is typed
_MAX_CHOICE = 100  # characters


async def offer_parked(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Autocomplete of a delivery: what waits to be retried, and all of it at once."""
    services = interaction.client.services
    if not interaction.permissions.manage_guild:
        return []
    say = services.say(interaction)
    found = await services.deliveries.offered("" if typed.strip().casefold() == ALL else typed)
    choices = [
        app_commands.Choice(name=choice_of(job, say, _MAX_CHOICE), value=str(job.job_id)) for job in found
    ]
    every = (
        [app_commands.Choice(name=say("All that are parked")[:_MAX_CHOICE], value=ALL)]
        if len(found) > 1
        else []
    )
    return (every + choices)[:_MAX_CHOICES]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class DeliveryCommands(
    commands.GroupCog,
    group_name="delivery",
    group_description=locale_str("Admins: what can't be delivered, and why"),
):
    """Discord hides the commands from others by a default that admins can change; it is judged at every use, too."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(
        name="waiting", description=locale_str("Deliveries that something stands in the way of")
    )
    async def waiting(self, interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        _require_manager(interaction)
        jobs = await self._services.deliveries.waiting()
        await self._answer(interaction, waiting_list(jobs, self._services.say(interaction)))

    @app_commands.command(name="retry", description=locale_str("Try a parked delivery again"))
    @app_commands.describe(job=locale_str("Its number, or “all”"))
    @app_commands.autocomplete(job=offer_parked)
    async def retry(self, interaction: Interaction, job: str) -> None:
        await interaction.response.defer(ephemeral=True)
        _require_manager(interaction)
        count = await self._services.deliveries.retry(job, interaction.user.id)
        say = self._services.say(interaction)
        await self._answer(
            interaction, say.many("It is tried again now.", "{count} deliveries are tried again now.", count)
        )

    async def _answer(self, interaction: Interaction, text: str) -> None:
        await interaction.followup.send(text, ephemeral=True, suppress_embeds=True)


def _require_manager(interaction: Interaction) -> None:
    if not interaction.permissions.manage_guild:
        raise Declined("You need the permission Manage Server for that.")


async def setup(bot: NewsthreadBot) -> None:
    await bot.add_cog(DeliveryCommands(bot.services))
