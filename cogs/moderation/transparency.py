"""``/transparency``: how much was removed, by rule and month, and what became of it; for everybody, without names."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.charts import OUTCOME_COLOURS, stacks
from bot.text.record import transparency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.client import NewsthreadBot, Services
    from bot.model import MonthCount

    Interaction = discord.Interaction[NewsthreadBot]

MAX_ALT_TEXT = 1024


class TransparencyCommand(commands.Cog):
    """The table says what the picture shows."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(
        name="transparency", description=locale_str("What was removed in the news threads, by rule and month")
    )
    @app_commands.describe(months=locale_str("How many months to look back; six if you leave it out"))
    @app_commands.guild_only()
    async def transparency(
        self, interaction: Interaction, months: app_commands.Range[int, 1, 24] = 6
    ) -> None:
        await interaction.response.defer(ephemeral=True)
        say = self._services.say(interaction)
        names, counts = await self._services.moderation.privacy.transparency(months)
        if not counts:
            await interaction.followup.send(
                say.many(
                    "Nothing was removed this month.",
                    "Nothing was removed in the last {count} months.",
                    months,
                ),
                ephemeral=True,
            )
            return
        title = say.many("Removals of this month", "Removals of the last {count} months", months)
        kinds = list(zip((say("standing"), say("upheld"), say("reinstated")), OUTCOME_COLOURS, strict=True))
        rows = by_month(names, counts)
        async with self._services.turns.of(interaction.user.id):
            picture = await asyncio.to_thread(stacks, title, kinds, rows)
        await interaction.followup.send(
            transparency(counts, say),
            file=discord.File(BytesIO(picture), "transparency.png", description=_told(title, kinds, rows)),
            ephemeral=True,
        )


def by_month(names: Sequence[str], counts: Sequence[MonthCount]) -> list[tuple[str, tuple[int, int, int]]]:
    """For each of the months, those without removals too: how many cases stand unchallenged, upheld, reinstated."""
    rows = []
    for name in names:
        mine = [one for one in counts if one.month == name]
        upheld, reinstated = sum(one.upheld for one in mine), sum(one.reinstated for one in mine)
        rows.append((name, (sum(one.removed for one in mine) - upheld - reinstated, upheld, reinstated)))
    return rows


def _told(title: str, kinds: Sequence[tuple[str, str]], rows: Sequence[tuple[str, Sequence[int]]]) -> str:
    """The picture in words, for who can't see it."""
    told = [
        f"{month}: " + ", ".join(f"{name} {count}" for (name, _), count in zip(kinds, values, strict=True))
        for month, values in rows
        if sum(values)
    ]
    return f"{title}. {'; '.join(told)}"[:MAX_ALT_TEXT]


async def setup(bot: NewsthreadBot) -> None:
    await bot.add_cog(TransparencyCommand(bot.services))
