"""The menu My post…: for a post's author to change it, for moderators to see whose it is and recommend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.doorway import Form, Panel
from bot.errors import Declined
from bot.moderation.judging import require_removes
from bot.quotes import MAX_TYPED
from bot.text.choosing import words_back
from bot.text.removing import who_posted

if TYPE_CHECKING:
    from bot.client import NewsthreadBot, Services
    from bot.languages import Say
    from bot.model import Post

    Interaction = discord.Interaction[NewsthreadBot]


class Posts(commands.Cog):
    """One menu; what it offers is done by ``bot.quotes`` and ``bot.reactions``."""

    def __init__(self, services: Services, tree: app_commands.CommandTree[Any]) -> None:
        self._services = services
        self._tree = tree
        self._menu = app_commands.ContextMenu(name=locale_str("My post…"), callback=self._mine)
        self._menu.guild_only = True

    async def cog_load(self) -> None:
        self._tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        self._tree.remove_command(self._menu.name, type=self._menu.type)

    async def _mine(self, interaction: Interaction, message: discord.Message) -> None:
        say = self._services.say(interaction)
        post = await self._services.quotes.post(self._services.floor.said(message))
        panel: Panel
        if post.author_id != interaction.user.id and interaction.permissions.manage_messages:
            text = who_posted(post.author_id, message.author.display_name, post.made, post.created_at, say)
            panel = ModeratorPanel(self._services, message.id, post, say)
        else:
            post = await self._services.quotes.own_post(interaction.user.id, message.id)
            text = say("This is your post; the bot made it for you.")
            panel = OwnPanel(self._services, post, say)
        await interaction.response.send_message(text, view=panel, ephemeral=True)


class OwnPanel(Panel):
    """Edit or delete a post that the bot made for whoever sees this."""

    def __init__(self, services: Services, post: Post, say: Say) -> None:
        super().__init__()
        self._services = services
        self._post = post
        self._say = say
        if post.words is not None:
            self.add(say("Edit my post"), discord.ButtonStyle.primary, self._edit)
        self.add(say("Delete my post"), discord.ButtonStyle.danger, self._delete)

    async def _edit(self, interaction: Interaction) -> None:
        # As it reads now: it may have been changed by this very panel.
        post = await self._services.quotes.own_post(interaction.user.id, self._post.message_id or 0)
        await interaction.response.send_modal(EditForm(self._services, post, self._say))

    async def _delete(self, interaction: Interaction) -> None:
        await self._services.quotes.take_back(interaction.user.id, self._post.message_id or 0)
        await interaction.response.edit_message(content=self._say("Your post is deleted."), view=None)


class EditForm(Form):
    """The author's own words, to be changed."""

    def __init__(self, services: Services, post: Post, say: Say) -> None:
        super().__init__(say("Edit my post"))
        self._services = services
        self._post = post
        self._say = say
        self._words: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, default=post.words, max_length=MAX_TYPED
        )
        self.add_item(discord.ui.Label(text=say("Your words")[:45], component=self._words))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        bot: NewsthreadBot = interaction.client
        async with bot.answering(interaction):
            member = await self._services.member(interaction, self._post.thread_id)
            try:
                await self._services.quotes.rewrite(member, self._post.message_id or 0, self._words.value)
            except Declined as declined:
                kept = words_back(declined, self._words.value, self._say)
                await interaction.response.send_message(kept, ephemeral=True)
                return
            await interaction.response.edit_message(content=self._say("Your post is changed."))


class ModeratorPanel(Panel):
    """Who posted this; recommend it."""

    def __init__(self, services: Services, message_id: int, post: Post, say: Say) -> None:
        super().__init__()
        self._services = services
        self._message_id = message_id
        self._thread_id = post.thread_id
        self._say = say
        if post.recommended_by is None:
            self.add(say("Recommend"), discord.ButtonStyle.primary, self._recommend)
        else:
            self.add(say("Recommend no longer"), discord.ButtonStyle.secondary, self._unrecommend)

    async def _recommend(self, interaction: Interaction) -> None:
        await self._require_moderator(interaction)
        await self._services.reactions.recommend(self._message_id, interaction.user.id)
        text = self._say("The post is recommended: the thread's opening post lists it.")
        await interaction.response.edit_message(content=text, view=None)

    async def _unrecommend(self, interaction: Interaction) -> None:
        await self._require_moderator(interaction)
        await self._services.reactions.unrecommend(self._message_id)
        text = self._say("The post is no longer recommended.")
        await interaction.response.edit_message(content=text, view=None)

    async def _require_moderator(self, interaction: Interaction) -> None:
        # It may have been taken away since the panel was opened; what counts is the place of the post.
        require_removes(await self._services.authority(interaction, self._thread_id))


async def setup(bot: NewsthreadBot) -> None:
    await bot.add_cog(Posts(bot.services, bot.tree))
