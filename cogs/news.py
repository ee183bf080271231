"""Mirrored news: the "Details" button of our posts, and what the gateway tells of our own threads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands

from bot.doorway import Guarded
from bot.newsroom.views import MARKER_PATTERN, marker_of
from bot.text.details import story_details

if TYPE_CHECKING:
    from bot.client import NewsthreadBot
    from bot.stories import Stories


class News(commands.Cog):
    """Keeps the ledger of our own threads from gateway events, which may come never, once or twice."""

    def __init__(self, stories: Stories) -> None:
        self._stories = stories

    @commands.Cog.listener()
    async def on_thread_create(self, thread: discord.Thread) -> None:
        if thread.owner_id == thread.guild.me.id and thread.parent_id is not None:
            await self._stories.appeared(thread.id, thread.guild.id, thread.parent_id, None, _made(thread))

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if message.guild is None or message.author.id != message.guild.me.id:
            return
        token = marker_of(message)
        if token is None:
            return
        channel = message.channel
        if isinstance(channel, discord.Thread):
            if message.id == channel.id and channel.parent_id is not None:
                await self._stories.appeared(
                    message.id, message.guild.id, channel.parent_id, token, message.created_at
                )
        else:
            await self._stories.appeared(message.id, message.guild.id, channel.id, token, message.created_at)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        await self._stories.vanished(event.thread_id, event.parent_id)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        await self._stories.vanished(event.message_id, event.channel_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        for message_id in event.message_ids:
            await self._stories.vanished(message_id, event.channel_id)


class DetailsButton(Guarded, discord.ui.DynamicItem[discord.ui.Button[Any]], template=MARKER_PATTERN):
    """The marked button under each of our posts: where it came from and how it changed, to whoever asks."""

    def __init__(self, token: str) -> None:
        super().__init__(discord.ui.Button(label="Details", custom_id=f"nt:{token}"))
        self._token = token

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> DetailsButton:
        return cls(match["token"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        bot: NewsthreadBot = interaction.client
        async with bot.answering(interaction):
            say = bot.services.say(interaction)
            details = await bot.services.stories.details(self._token)
            if details is not None and details.story.channel_id not in bot.services.visible(interaction):
                details = None
            text = (
                story_details(details, say) if details else say("Nothing is stored about this post any more.")
            )
            await interaction.response.send_message(text, ephemeral=True, suppress_embeds=True)


def _made(thread: discord.Thread) -> Any:
    return thread.created_at or discord.utils.snowflake_time(thread.id)


async def setup(bot: NewsthreadBot) -> None:
    await bot.add_cog(News(bot.services.stories))
    bot.add_dynamic_items(DetailsButton)
