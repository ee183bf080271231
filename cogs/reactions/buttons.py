"""The buttons of reactions: those that opening posts offer, and the private list of who reacted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.doorway import SNOWFLAKE, Guarded
from bot.errors import Declined
from bot.newsroom.views import REACTION_PATTERN
from bot.text.received import who_pages
from cogs.reactions.shown import NOT_THERE, shown

if TYPE_CHECKING:
    import re

    from bot.client import NewsthreadBot


class ReactionButton(Guarded, discord.ui.DynamicItem[discord.ui.Button[Any]], template=REACTION_PATTERN):
    """A reaction offered below an opening post: gives it, or takes it back."""

    def __init__(self, token: str, emoji: str) -> None:
        super().__init__(discord.ui.Button(label="-", custom_id=f"nr:{token}:{emoji}"))
        self._token = token
        self._emoji = emoji

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> ReactionButton:
        return cls(match["token"], match["emoji"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        bot: NewsthreadBot = interaction.client
        say, reactions = bot.services.say(interaction), bot.services.reactions
        async with bot.answering(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            pressed = await reactions.press(
                self._token,
                self._emoji,
                interaction.user.id,
                interaction.id,
                visible=bot.services.visible(interaction),
            )
            reaction = shown(pressed.emoji, interaction, say)
            await interaction.followup.send(
                say("You gave {reaction}.", reaction=reaction)
                if pressed.given
                else say("You took {reaction} back.", reaction=reaction),
                ephemeral=True,
            )


class WhoButton(
    Guarded,
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=rf"nw:(?P<message>{SNOWFLAKE}):(?P<page>[0-9]{{1,3}})",
):
    """Opens, and turns the pages of, the private list of who reacted to a post."""

    private = True

    def __init__(self, message_id: int, page: int, label: str = "-") -> None:
        super().__init__(discord.ui.Button(label=label, custom_id=f"nw:{message_id}:{page}"))
        self._message_id = message_id
        self._page = page

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> WhoButton:
        return cls(int(match["message"]), int(match["page"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        bot: NewsthreadBot = interaction.client
        say, reactions = bot.services.say(interaction), bot.services.reactions
        async with bot.answering(interaction):
            found = await reactions.post(self._message_id)
            if found.story.channel_id not in bot.services.visible(interaction):
                raise Declined(NOT_THERE)
            groups = await reactions.who(self._message_id)
            pages = who_pages([(shown(emoji, interaction, say), members) for emoji, members in groups])
            page = min(self._page, len(pages) - 1)
            text = pages[page] if pages else say("Nobody reacts to this post any more.")
            view = discord.ui.View(timeout=None)
            if page > 0:
                view.add_item(WhoButton(self._message_id, page - 1, say("Back")))
            if 0 <= page < len(pages) - 1:
                view.add_item(WhoButton(self._message_id, page + 1, say("More")))
            view.stop()
            await interaction.response.edit_message(content=text, view=view)
