"""The menu My post…: for a post's author to change it, for moderators to see whose it is and recommend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.errors import Declined
from bot.quotes import MAX_TYPED
from bot.text.removing import who_posted

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.client import NewsthreadBot, Services
    from bot.languages import Say
    from bot.model import Post

    Interaction = discord.Interaction[NewsthreadBot]
    Act = Callable[[Interaction], Awaitable[None]]

PANEL_LIFE = 840.0  # seconds: an interaction's answers can be changed for fifteen minutes


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
        panel: _Panel
        if post.author_id != interaction.user.id and interaction.permissions.manage_messages:
            text = who_posted(post.author_id, message.author.display_name, post.made, post.created_at, say)
            panel = ModeratorPanel(self._services, message.id, post, say)
        else:
            post = await self._services.quotes.own_post(interaction.user.id, message.id)
            text = say("This is your post; the bot made it for you.")
            panel = OwnPanel(self._services, post, say)
        await interaction.response.send_message(text, view=panel, ephemeral=True)


class _Button(discord.ui.Button[Any]):
    def __init__(self, label: str, style: discord.ButtonStyle, act: Act) -> None:
        super().__init__(label=label, style=style)
        self._act = act

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await self._act(interaction)


class _Panel(discord.ui.View):
    def __init__(self, services: Services, say: Say) -> None:
        super().__init__(timeout=PANEL_LIFE)
        self._services = services
        self._say = say

    async def on_error(
        self, interaction: discord.Interaction[Any], error: Exception, _item: discord.ui.Item[Any], /
    ) -> None:
        await interaction.client.answer_error(interaction, error)

    def _add(self, label: str, style: discord.ButtonStyle, act: Act) -> None:
        self.add_item(_Button(label, style, act))


class OwnPanel(_Panel):
    """Edit or delete a post that the bot made for whoever sees this."""

    def __init__(self, services: Services, post: Post, say: Say) -> None:
        super().__init__(services, say)
        self._post = post
        if post.words is not None:
            self._add(say("Edit my post"), discord.ButtonStyle.primary, self._edit)
        self._add(say("Delete my post"), discord.ButtonStyle.danger, self._delete)

    async def _edit(self, interaction: Interaction) -> None:
        # As it reads now: it may have been changed by this very panel.
        post = await self._services.quotes.own_post(interaction.user.id, self._post.message_id or 0)
        await interaction.response.send_modal(EditForm(self._services, post, self._say))

    async def _delete(self, interaction: Interaction) -> None:
        await self._services.quotes.take_back(interaction.user.id, self._post.message_id or 0)
        await interaction.response.edit_message(content=self._say("Your post is deleted."), view=None)


class EditForm(discord.ui.Modal):
    """The author's own words, to be changed."""

    def __init__(self, services: Services, post: Post, say: Say) -> None:
        super().__init__(title=say("Edit my post")[:45])
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
                kept = self._services.with_words_back(self._say, declined, self._words.value)
                await interaction.response.send_message(kept, ephemeral=True)
                return
            await interaction.response.edit_message(content=self._say("Your post is changed."))


class ModeratorPanel(_Panel):
    """Who posted this; recommend it."""

    def __init__(self, services: Services, message_id: int, post: Post, say: Say) -> None:
        super().__init__(services, say)
        self._message_id = message_id
        if post.recommended_by is None:
            self._add(say("Recommend"), discord.ButtonStyle.primary, self._recommend)
        else:
            self._add(say("Recommend no longer"), discord.ButtonStyle.secondary, self._unrecommend)

    async def _recommend(self, interaction: Interaction) -> None:
        _require_moderator(interaction)
        await self._services.reactions.recommend(self._message_id, interaction.user.id)
        text = self._say("The post is recommended: the thread's opening post lists it.")
        await interaction.response.edit_message(content=text, view=None)

    async def _unrecommend(self, interaction: Interaction) -> None:
        _require_moderator(interaction)
        await self._services.reactions.unrecommend(self._message_id)
        text = self._say("The post is no longer recommended.")
        await interaction.response.edit_message(content=text, view=None)


def _require_moderator(interaction: Interaction) -> None:
    # It may have been taken away since the panel was opened.
    if not interaction.permissions.manage_messages:
        raise Declined("You lack the permission for that in this channel.")


async def setup(bot: NewsthreadBot) -> None:
    await bot.add_cog(Posts(bot.services, bot.tree))
