"""Reports: the menu Report post… for members, and the buttons of a report in the moderators' log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.doorway import Form, Guarded
from bot.moderation.reports import MAX_REPORT
from bot.newsroom.views import REPORT_PATTERN
from bot.text.reports import report_text
from cogs.moderation.common import as_remover
from cogs.moderation.form import open_form

if TYPE_CHECKING:
    import re

    from bot.client import NewsthreadBot, Services
    from bot.languages import Say
    from bot.model import Said

    Interaction = discord.Interaction[NewsthreadBot]


class Reporting(commands.Cog):
    """One menu; what it leads to is done by ``bot.moderation.reports``."""

    def __init__(self, services: Services, tree: app_commands.CommandTree[Any]) -> None:
        self._services = services
        self._tree = tree
        self._menu = app_commands.ContextMenu(name=locale_str("Report post…"), callback=self._report)
        self._menu.guild_only = True

    async def cog_load(self) -> None:
        self._tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        self._tree.remove_command(self._menu.name, type=self._menu.type)

    async def _report(self, interaction: Interaction, message: discord.Message) -> None:
        said = self._services.floor.said(message)
        await self._services.moderation.reports.require_reportable(interaction.user.id, said)
        await interaction.response.send_modal(
            ReportForm(self._services, said, self._services.say(interaction))
        )


class ReportForm(Form):
    """Why a post is reported, which its reporter may leave open."""

    def __init__(self, services: Services, said: Said, say: Say) -> None:
        super().__init__(say("Report post"))
        self._services = services
        self._said = said
        self._say = say
        self._reason: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=MAX_REPORT, required=False
        )
        self.add_item(
            discord.ui.Label(
                text=say("What is wrong with it?")[:45],
                description=say("You may leave this empty. Only moderators read it, and see who reported.")[
                    :100
                ],
                component=self._reason,
            )
        )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        bot: NewsthreadBot = interaction.client
        async with bot.answering(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            reports = self._services.moderation.reports
            await reports.report(interaction.user.id, self._said, self._reason.value)
            await interaction.followup.send(
                self._say("Thank you: the moderators see your report."), ephemeral=True
            )


class ReportButton(Guarded, discord.ui.DynamicItem[discord.ui.Button[Any]], template=REPORT_PATTERN):
    """Below a report in the log: remove the post, find nothing wrong with it, or read the report in full."""

    def __init__(self, token: str, act: str) -> None:
        super().__init__(discord.ui.Button(label="-", custom_id=f"nx:{token}:{act}"))
        self._token = token
        self._act = act

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> ReportButton:
        return cls(match["token"], match["act"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        bot: NewsthreadBot = interaction.client
        async with bot.answering(interaction):
            say, reports = bot.services.say(interaction), bot.services.moderation.reports
            found = await reports.find(self._token)
            authority = await as_remover(interaction, found.channel_id)
            match self._act:
                case "remove":
                    report = await reports.to_remove(authority, self._token)
                    await open_form(interaction, report.thread_id, report.message_id)
                case "dismiss":
                    await interaction.response.defer(ephemeral=True, thinking=True)
                    await reports.dismiss(authority, self._token)
                    await interaction.followup.send(say("The report is dismissed."), ephemeral=True)
                case _:
                    text = report_text(found.report, say, interaction.guild_id or 0)
                    await interaction.response.send_message(text, ephemeral=True, suppress_embeds=True)


async def setup(bot: NewsthreadBot) -> None:
    await bot.add_cog(Reporting(bot.services, bot.tree))
    bot.add_dynamic_items(ReportButton)
