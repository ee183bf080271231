"""``/privacy``: a member's own data, to have and to erase. Answers are for the one who asks alone."""

from __future__ import annotations

import asyncio
import gzip
from io import BytesIO
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.doorway import Panel

if TYPE_CHECKING:
    from bot.client import NewsthreadBot, Services
    from bot.languages import Say

    Interaction = discord.Interaction[NewsthreadBot]


@app_commands.guild_only()
class PrivacyCommands(
    commands.GroupCog, group_name="privacy", group_description=locale_str("What is stored about you")
):
    """Nobody can ask about anybody else."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(
        name="export", description=locale_str("Everything that is stored about you, as a file")
    )
    async def export(self, interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        say = self._services.say(interaction)
        async with self._services.turns.of(interaction.user.id):
            document = await self._services.moderation.privacy.export(interaction.user.id)
            name = "newsthread.json"
            if interaction.guild is not None and len(document) > interaction.guild.filesize_limit:
                document, name = await asyncio.to_thread(gzip.compress, document), f"{name}.gz"
        await interaction.followup.send(
            say("This is all that is stored about you. Only you see it."),
            file=discord.File(BytesIO(document), name),
            ephemeral=True,
        )

    @app_commands.command(name="erase", description=locale_str("Erase what is stored about you"))
    @app_commands.describe(posts=locale_str("Whether the posts that the bot made for you are deleted, too"))
    async def erase(self, interaction: Interaction, posts: bool = False) -> None:
        say = self._services.say(interaction)
        await interaction.response.send_message(
            what_goes(say, posts=posts), view=Confirmation(self._services, say, posts=posts), ephemeral=True
        )


class Confirmation(Panel):
    """Erase, or leave it; seen by the one who asked alone."""

    def __init__(self, services: Services, say: Say, *, posts: bool) -> None:
        super().__init__()
        self._services = services
        self._say = say
        self._posts = posts
        self.add(say("Erase my data"), discord.ButtonStyle.danger, self._erase)
        self.add(say("Cancel"), discord.ButtonStyle.secondary, self._cancel)

    async def _erase(self, interaction: Interaction) -> None:
        self.stop()
        # At once, whatever there is to erase: three seconds are all that Discord gives.
        await interaction.response.edit_message(content=self._say("Your data are being erased…"), view=None)
        await self._services.moderation.privacy.erase(interaction.user.id, posts=self._posts)
        await interaction.edit_original_response(content=self._say("What was stored about you is erased."))

    async def _cancel(self, interaction: Interaction) -> None:
        self.stop()
        await interaction.response.edit_message(content=self._say("Nothing was erased."), view=None)


def what_goes(say: Say, *, posts: bool) -> str:
    """What erasing takes away and what it leaves, before it is confirmed."""
    goes = [
        say("in cases: your name and id, your words and files, your strikes and appeals"),
        say("in reports: who you are, and what you said in posts that were reported"),
        say("how you want your replies to be quoted, and posts that you chose to quote"),
    ]
    stays = [
        say("that there was a case: its number, rule, reason and times"),
        say("a suspension of your posting rights, until it ends"),
        say(
            "what stands in the threads: your messages, your reactions, and quotes of your posts, until you delete them"
        ),
    ]
    (goes if posts else stays).append(
        say("the posts that the bot made for you in the threads, with your words")
    )
    return "\n".join(
        [
            f"**{say('This will be erased for good:')}**",
            *(f"- {each}" for each in goes),
            f"**{say('This stays:')}**",
            *(f"- {each}" for each in stays),
        ]
    )


async def setup(bot: NewsthreadBot) -> None:
    await bot.add_cog(PrivacyCommands(bot.services))
