"""Reactions: what the gateway tells of them, and what members ask with ``/reactions``.

All answers are for the one who asked alone.
"""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import TYPE_CHECKING, Literal

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.charts import MOST_ROWS, SENTIMENT_COLOURS, bars
from bot.emoji import custom_id, emoji_key
from bot.errors import Declined
from bot.languages import gettext_noop
from bot.model import Reacted
from bot.reactions import Period
from bot.text.places import post_of
from bot.text.received import counts_line, counts_list, ranking, reaction_called
from cogs.reactions.buttons import ReactionButton, WhoButton
from cogs.reactions.shown import NOT_THERE, counts, received, require_moderator

if TYPE_CHECKING:
    from bot.client import NewsthreadBot, Services
    from bot.reactions import ReactedPost

    Interaction = discord.Interaction[NewsthreadBot]

MAX_ALT_TEXT = 1024

_PERIODS = {
    Period.DAY: gettext_noop("the last day"),
    Period.WEEK: gettext_noop("the last week"),
    Period.MONTH: gettext_noop("the last month"),
    Period.YEAR: gettext_noop("the last year"),
    Period.ALL: gettext_noop("ever since"),
}


@app_commands.guild_only()
class Reacting(
    commands.GroupCog, group_name="reactions", group_description=locale_str("How posts were received")
):
    """Translates the gateway's events into calls of ``bot.reactions``, and its answers into messages."""

    def __init__(self, services: Services, client: discord.Client) -> None:
        self._services = services
        self._reactions = services.reactions
        self._client = client

    # --- what the gateway tells ------------------------------------------------------------------------------

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        by_bot = event.member is not None and event.member.bot
        await self._reactions.added(event.channel_id, self._parent(event), _reacted(event), by_bot=by_bot)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        await self._reactions.removed(event.channel_id, self._parent(event), _reacted(event))

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        await self._reactions.cleared(event.channel_id, self._parent(event), event.message_id)

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(self, event: discord.RawReactionClearEmojiEvent) -> None:
        await self._reactions.cleared(
            event.channel_id, self._parent(event), event.message_id, emoji_key(str(event.emoji))
        )

    def _parent(
        self,
        event: discord.RawReactionActionEvent
        | discord.RawReactionClearEvent
        | discord.RawReactionClearEmojiEvent,
    ) -> int | None:
        """The channel that a thread belongs to, and a channel itself; None for a thread that is not in the cache."""
        guild = self._client.get_guild(event.guild_id or 0)
        channel = guild.get_channel_or_thread(event.channel_id) if guild else None
        return channel.parent_id if isinstance(channel, discord.Thread) else getattr(channel, "id", None)

    # --- /reactions ------------------------------------------------------------------------------------------

    @app_commands.command(name="post", description=locale_str("How a post was received"))
    @app_commands.describe(post=locale_str("The post's link or id"))
    async def post(self, interaction: Interaction, post: str) -> None:
        await interaction.response.defer(ephemeral=True)
        say = self._services.say(interaction)
        found = await self._find(interaction, post)
        view = discord.ui.View(timeout=None)
        if found.tally.total:
            view.add_item(WhoButton(found.message_id, 0, say("Who reacted")))
        view.stop()  # clicks reach the button by its custom_id, whenever they come
        await interaction.followup.send(
            received(found, interaction, say), view=view, ephemeral=True, suppress_embeds=True
        )

    @app_commands.command(name="thread", description=locale_str("How the posts of a thread were received"))
    @app_commands.describe(thread=locale_str("A news thread; this one if you leave it out"))
    async def thread(
        self, interaction: Interaction, thread: app_commands.AppCommandThread | None = None
    ) -> None:
        await interaction.response.defer(ephemeral=True)
        say = self._services.say(interaction)
        details, tally = await self._reactions.thread(thread.id if thread else interaction.channel_id or 0)
        if details.story.channel_id not in self._services.visible(interaction):
            raise Declined("That is no news thread: use this in one, or choose one.")
        if not tally.total:
            await interaction.followup.send(say("Nobody has reacted in this thread yet."), ephemeral=True)
            return
        rows = [
            (self._called(emoji), count, SENTIMENT_COLOURS[self._reactions.sentiment(emoji)])
            for emoji, count in tally.counts[:MOST_ROWS]
        ]
        async with self._services.turns.of(interaction.user.id):
            picture = await asyncio.to_thread(bars, details.article.title, rows)
        told = ", ".join(f"{called} {count}" for called, count, _ in rows)
        head = say.many("One reaction in this thread:", "{count} reactions in this thread:", tally.total)
        await interaction.followup.send(
            f"**{head}**\n{counts_list(counts(tally, interaction, say), say)}",
            file=discord.File(BytesIO(picture), "reactions.png", description=told[:MAX_ALT_TEXT]),
            ephemeral=True,
        )

    @app_commands.command(name="member", description=locale_str("Which reactions a member gave and received"))
    @app_commands.describe(member=locale_str("Whom you want to know of; yourself if you leave it out"))
    async def member(self, interaction: Interaction, member: discord.User | None = None) -> None:
        await interaction.response.defer(ephemeral=True)
        say = self._services.say(interaction)
        who = (member or interaction.user).mention
        given, received = (
            counts_line(counts(tally, interaction, say)) or say("none yet")
            for tally in await self._reactions.member((member or interaction.user).id)
        )
        await interaction.followup.send(
            f"{say('Reactions that {member} gave: {counts}', member=who, counts=given)}\n"
            f"{say('Reactions to posts of {member}: {counts}', member=who, counts=received)}",
            ephemeral=True,
        )

    @app_commands.command(name="top", description=locale_str("The posts or articles that are loved most"))
    @app_commands.describe(
        period=locale_str("How far to look back; a week if you leave it out"),
        of=locale_str("Posts if you leave it out"),
    )
    @app_commands.choices(
        period=[
            app_commands.Choice(name=locale_str(each), value=one.value) for one, each in _PERIODS.items()
        ],
        of=[
            app_commands.Choice(name=locale_str("posts"), value="posts"),
            app_commands.Choice(name=locale_str("articles"), value="articles"),
        ],
    )
    async def top(self, interaction: Interaction, period: str = Period.WEEK.value, of: str = "posts") -> None:
        await interaction.response.defer(ephemeral=True)
        say = self._services.say(interaction)
        since = Period(period)
        kind: Literal["posts", "articles"] = "articles" if of == "articles" else "posts"
        ranked = await self._reactions.top(since, kind, self._services.visible(interaction))
        head = say("Most loved articles") if kind == "articles" else say("Most loved posts")
        listed = ranking(ranked, interaction.guild_id or 0, say) or say("Nothing was loved in that time.")
        await interaction.followup.send(
            f"**{head}** ({say(_PERIODS[since])})\n{listed}", ephemeral=True, suppress_embeds=True
        )

    @app_commands.command(
        name="recommend", description=locale_str("Moderators: have the opening post link to a post")
    )
    @app_commands.describe(post=locale_str("The post's link or id"))
    async def recommend(self, interaction: Interaction, post: str) -> None:
        await interaction.response.defer(ephemeral=True)
        say = self._services.say(interaction)
        found = await self._find(interaction, post)
        require_moderator(interaction, found)
        new = await self._reactions.recommend(found.message_id, interaction.user.id)
        await interaction.followup.send(
            say("The post is recommended: the thread's opening post lists it.")
            if new
            else say("That post was recommended already."),
            ephemeral=True,
        )

    @app_commands.command(
        name="unrecommend", description=locale_str("Moderators: recommend a post no longer")
    )
    @app_commands.describe(post=locale_str("The post's link or id"))
    async def unrecommend(self, interaction: Interaction, post: str) -> None:
        await interaction.response.defer(ephemeral=True)
        say = self._services.say(interaction)
        found = await self._find(interaction, post)
        require_moderator(interaction, found)
        was = await self._reactions.unrecommend(found.message_id)
        await interaction.followup.send(
            say("The post is no longer recommended.") if was else say("That post was not recommended."),
            ephemeral=True,
        )

    async def _find(self, interaction: Interaction, text: str) -> ReactedPost:
        """The post that a member named, which is one that they may see."""
        place = post_of(text, interaction.guild_id or 0)
        if place is None:
            raise Declined(
                "That is no post of this server: right-click it, choose Copy Message Link, and paste that."
            )
        found = await self._reactions.post(place.message_id, place.channel_id)
        if found.story.channel_id not in self._services.visible(interaction):
            raise Declined(NOT_THERE)
        return found

    def _called(self, emoji: str) -> str:
        """A reaction in a picture, which can show no emoji."""
        return self._reactions.name(emoji) or ("" if custom_id(emoji) else reaction_called(emoji))


def _reacted(event: discord.RawReactionActionEvent) -> Reacted:
    return Reacted(event.message_id, event.user_id, emoji_key(str(event.emoji)), int(event.burst))


async def setup(bot: NewsthreadBot) -> None:
    await bot.add_cog(Reacting(bot.services, bot))
    bot.add_dynamic_items(ReactionButton, WhoButton)
