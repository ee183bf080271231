"""``/article``: the thread of an article locked, withdrawn, opened again, tagged, its opening post rendered anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.errors import Declined
from bot.moderation.judging import LACKING
from bot.text.clean import clean
from bot.text.cut import cut_words
from cogs.moderation.common import MAX_CHOICE, MAX_CHOICES, as_arranger, offer_reasons, offer_rules

if TYPE_CHECKING:
    from bot.client import NewsthreadBot, Services

    Interaction = discord.Interaction[NewsthreadBot]


@app_commands.guild_only()
@app_commands.default_permissions(manage_threads=True)
class ArticleCommands(
    commands.GroupCog,
    group_name="article",
    group_description=locale_str("Moderators: an article's own thread"),
):
    """Used in the thread that is meant; what each does is ``bot.moderation.articles``'s."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._articles = services.moderation.articles

    @app_commands.command(name="lock", description=locale_str("Nobody can post in this thread any more"))
    @app_commands.describe(reason=locale_str("Why, for the moderators' log"))
    async def lock(self, interaction: Interaction, reason: str | None = None) -> None:
        await interaction.response.defer(ephemeral=True)
        by = await as_arranger(interaction, _here(interaction))
        await self._articles.lock(by, _here(interaction), reason, locked=True)
        say = self._services.say(interaction)
        await _answer(interaction, say("The discussion is locked: only who manages threads can post here."))

    @app_commands.command(name="unlock", description=locale_str("Members can post in this thread again"))
    async def unlock(self, interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        by = await as_arranger(interaction, _here(interaction))
        await self._articles.lock(by, _here(interaction), None, locked=False)
        say = self._services.say(interaction)
        await _answer(interaction, say("The discussion is open again."))

    @app_commands.command(
        name="withdraw", description=locale_str("Strike the article, with a reason; the discussion stays")
    )
    @app_commands.describe(
        reason=locale_str("What was wrong, as it continues “The article was withdrawn: it …”"),
        rule=locale_str("The house rule that it broke"),
        next_step=locale_str("What readers should do or read instead"),
    )
    async def withdraw(
        self, interaction: Interaction, reason: str, rule: str | None = None, next_step: str | None = None
    ) -> None:
        await interaction.response.defer(ephemeral=True)
        by = await as_arranger(interaction, _here(interaction))
        wish = self._services.moderation.rules.wish(rule, reason, next_step)
        case_id = await self._articles.withdraw(interaction.id, by, _here(interaction), wish)
        say = self._services.say(interaction)
        await _answer(interaction, say("The article is withdrawn; this is case #{case}.", case=case_id))

    @app_commands.command(
        name="repost", description=locale_str("Open a new thread for an article whose thread was deleted")
    )
    @app_commands.describe(article=locale_str("Choose one, or type a part of its title"))
    async def repost(self, interaction: Interaction, article: str) -> None:
        await interaction.response.defer(ephemeral=True)
        channels = _arranged(interaction)
        if not channels:
            raise Declined(LACKING)
        story = await self._articles.chosen(article, channels)
        by = await as_arranger(interaction, story.story.channel_id)
        await self._articles.repost(by, story)
        say = self._services.say(interaction)
        await _answer(
            interaction,
            say("The article gets a new thread in {channel}.", channel=f"<#{story.story.channel_id}>"),
        )

    @app_commands.command(name="retag", description=locale_str("Give this thread other tags of its forum"))
    @app_commands.describe(tags=locale_str("All that it is to have, separated by commas; at most five"))
    async def retag(self, interaction: Interaction, tags: str) -> None:
        await interaction.response.defer(ephemeral=True)
        by = await as_arranger(interaction, _here(interaction))
        tagged = await self._articles.retag(by, _here(interaction), tags)
        say = self._services.say(interaction)
        shown = discord.utils.escape_markdown(", ".join(tagged))
        await _answer(interaction, say("The thread is tagged: {tags}.", tags=shown))

    @app_commands.command(name="refresh", description=locale_str("Render the article's opening post anew"))
    async def refresh(self, interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        by = await as_arranger(interaction, _here(interaction))
        await self._articles.refresh(by, _here(interaction))
        say = self._services.say(interaction)
        await _answer(interaction, say("The opening post is rendered anew; that takes a moment."))

    # --- while an option is typed --------------------------------------------------------------------------------

    @repost.autocomplete("article")
    async def _lost(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        lost = await self._articles.lost(current, _arranged(interaction))
        say = self._services.say(interaction)
        return [
            app_commands.Choice(
                name=cut_words(clean(one.article.title), MAX_CHOICE) or say("without a title"),
                value=one.story.token,
            )
            for one in lost[:MAX_CHOICES]
        ]

    @retag.autocomplete("tags")
    async def _tags(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        offered = await self._articles.offered_tags(_here(interaction), current)
        fitting = [each for each in offered if len(each) <= MAX_CHOICE]
        return [app_commands.Choice(name=each, value=each) for each in fitting[:MAX_CHOICES]]

    @withdraw.autocomplete("rule")
    async def _rules(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_rules(interaction, current)

    @withdraw.autocomplete("reason")
    async def _reasons(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await offer_reasons(interaction, current)


def _here(interaction: Interaction) -> int:
    assert interaction.channel_id is not None
    return interaction.channel_id


def _arranged(interaction: Interaction) -> frozenset[int]:
    """The channels whose threads the one who asks may manage: only of those is anything told."""
    user, guild = interaction.user, interaction.guild
    if guild is None or not isinstance(user, discord.Member):
        return frozenset()
    return frozenset(
        each.id
        for each in guild.channels
        if (have := each.permissions_for(user)).view_channel and have.manage_threads
    )


async def _answer(interaction: Interaction, text: str) -> None:
    await interaction.followup.send(text, ephemeral=True, suppress_embeds=True)


async def setup(bot: NewsthreadBot) -> None:
    await bot.add_cog(ArticleCommands(bot.services))
