"""Removing posts: the menu Remove post…, ``/remove``, and ``/remove-range`` with its preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.doorway import Panel
from bot.errors import Declined
from bot.text.removing import preview
from cogs.moderation.common import as_remover, offer_reasons, offer_rules, place_of
from cogs.moderation.following import follow
from cogs.moderation.form import offer_removal

if TYPE_CHECKING:
    from bot.client import NewsthreadBot, Services
    from bot.languages import Say
    from bot.moderation.removals import Sweep
    from bot.moderation.rules import Wish

    Interaction = discord.Interaction[NewsthreadBot]

_RULE = locale_str("The rule that was broken; you need not name it if you take its reason")
_REASON = locale_str("What the post did, going on from “Removed a post that”; rules' reasons are offered")
_NEXT_STEP = locale_str("What to do instead; the rule's if you leave it out")


class Removing(commands.Cog):
    """Translates moderators' wishes into calls of ``bot.moderation.removals``."""

    def __init__(self, services: Services, tree: app_commands.CommandTree[Any]) -> None:
        self._services = services
        self._tree = tree
        self._menu = app_commands.ContextMenu(name=locale_str("Remove post…"), callback=self._offer)
        self._menu.default_permissions = discord.Permissions(manage_messages=True)
        self._menu.guild_only = True

    async def cog_load(self) -> None:
        self._tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        self._tree.remove_command(self._menu.name, type=self._menu.type)

    async def _offer(self, interaction: Interaction, message: discord.Message) -> None:
        await offer_removal(interaction, self._services.floor.said(message))

    @app_commands.command(name="remove", description=locale_str("Remove a post and say in its thread why"))
    @app_commands.describe(
        post=locale_str("The post's link or id"),
        reason=_REASON,
        rule=_RULE,
        next_step=_NEXT_STEP,
        tell_author=locale_str(
            "Whether its author is told by direct message; as configured if you leave it out"
        ),
    )
    @app_commands.autocomplete(reason=offer_reasons, rule=offer_rules)
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    async def remove(
        self,
        interaction: Interaction,
        post: str,
        reason: str,
        rule: str | None = None,
        next_step: str | None = None,
        tell_author: bool | None = None,
    ) -> None:
        await interaction.response.defer(ephemeral=True)
        moderation = self._services.moderation
        spot = await moderation.removals.spot_at(place_of(interaction, post), interaction.channel_id or 0)
        authority = await as_remover(interaction, spot.channel_id)
        wish = moderation.rules.wish(rule, reason, next_step)
        aim = await moderation.removals.aim_at(spot)
        opened = await moderation.removals.remove(interaction.id, authority, [aim], wish, tell=tell_author)
        await follow(interaction, opened, self._services.say(interaction))

    @app_commands.command(
        name="remove-range",
        description=locale_str("Remove several posts of a thread at once; you see first which they are"),
    )
    @app_commands.rename(first="from", final="to")
    @app_commands.describe(
        reason=_REASON,
        first=locale_str("The first post's link or id"),
        final=locale_str("The last post's link or id"),
        member=locale_str("Instead of from and to: whose last posts in this thread"),
        last=locale_str("How many of them"),
        rule=_RULE,
        next_step=_NEXT_STEP,
        tell_authors=locale_str(
            "Whether the authors are told by direct message; as configured if you leave it out"
        ),
    )
    @app_commands.autocomplete(reason=offer_reasons, rule=offer_rules)
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    async def remove_range(
        self,
        interaction: Interaction,
        reason: str,
        first: str | None = None,
        final: str | None = None,
        member: discord.User | None = None,
        last: app_commands.Range[int, 1, 100] | None = None,
        rule: str | None = None,
        next_step: str | None = None,
        tell_authors: bool | None = None,
    ) -> None:
        await interaction.response.defer(ephemeral=True)
        moderation, say = self._services.moderation, self._services.say(interaction)
        sweep = await self._sweep(interaction, first, final, member, last)
        wish = moderation.rules.wish(rule, reason, next_step)
        view = Preview(interaction.id, sweep, wish, tell_authors, say)
        posts = [aim.post for aim in sweep.aims]
        await interaction.edit_original_response(
            content=preview(
                posts, wish.reason, wish.next_step, sweep.above, sweep.taken, interaction.guild_id or 0, say
            ),
            view=view,
        )

    async def _sweep(
        self,
        interaction: Interaction,
        first: str | None,
        final: str | None,
        member: discord.User | None,
        last: int | None,
    ) -> Sweep:
        removals = self._services.moderation.removals
        here = interaction.channel_id or 0
        if first and final and member is None and last is None:
            ends = [await removals.spot_at(place_of(interaction, each), here) for each in (first, final)]
            authority = await as_remover(interaction, ends[0].channel_id)
            return await removals.between(authority, *ends)
        if member is not None and last is not None and first is None and final is None:
            story = await removals.thread(here)
            authority = await as_remover(interaction, story.story.channel_id)
            return await removals.last_of(authority, story, member.id, last)
        raise Declined(
            "Name either two posts, with from and to, or a member and how many posts, with member and last."
        )


class Preview(Panel):
    """Below what is about to be removed: do it, or don't. ``origin`` makes it one case however often it is pressed."""

    def __init__(self, origin: int, sweep: Sweep, wish: Wish, tell: bool | None, say: Say) -> None:
        super().__init__()
        self._origin = origin
        self._sweep = sweep
        self._wish = wish
        self._tell = tell
        self._say = say
        count = len(sweep.aims)
        confirm = say.many("Remove one post", "Remove {count} posts", count)
        self.add(confirm, discord.ButtonStyle.danger, self._remove)
        self.add(say("Cancel"), discord.ButtonStyle.secondary, self._cancel)

    async def _remove(self, interaction: Interaction) -> None:
        await interaction.response.defer()
        aims = self._sweep.aims
        authority = await as_remover(interaction, aims[0].spot.channel_id)
        removals = interaction.client.services.moderation.removals
        opened = await removals.remove(self._origin, authority, aims, self._wish, tell=self._tell)
        self.stop()
        await follow(interaction, opened, self._say)

    async def _cancel(self, interaction: Interaction) -> None:
        self.stop()
        await interaction.response.edit_message(content=self._say("Nothing was removed."), view=None)


async def setup(bot: NewsthreadBot) -> None:
    await bot.add_cog(Removing(bot.services, bot.tree))
