"""What the commands of moderation share: whom they obey, which post is meant, what is offered while typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.errors import Declined
from bot.moderation.judging import require_arranges, require_removes, require_suspends
from bot.text.places import post_of

if TYPE_CHECKING:
    from bot.client import NewsthreadBot
    from bot.newsroom.authority import Authority
    from bot.text.places import Place

    Interaction = discord.Interaction[NewsthreadBot]

MAX_CHOICES = 25  # that Discord offers while an option is typed
MAX_CHOICE = 100  # characters


async def as_remover(interaction: Interaction, channel_id: int) -> Authority:
    """The one who asks, who may remove posts in that channel or thread. Discord's own hiding of commands is no check.

    Raises:
        Declined: they may not.
        Later, Refused: Discord could not be asked.
    """
    authority = await interaction.client.services.authority(interaction, channel_id)
    require_removes(authority)
    return authority


async def as_arranger(interaction: Interaction, channel_id: int) -> Authority:
    """The one who asks, who may manage threads of that channel.

    Raises:
        Declined, Later, Refused: as for ``as_remover``.
    """
    authority = await interaction.client.services.authority(interaction, channel_id)
    require_arranges(authority)
    return authority


async def as_suspender(interaction: Interaction) -> Authority:
    """The one who asks, who may time members out in the server.

    Raises:
        Declined, Later, Refused: as for ``as_remover``.
    """
    authority = await interaction.client.services.authority(interaction, None)
    require_suspends(authority)
    return authority


def place_of(interaction: Interaction, post: str) -> Place:
    """The post that an option names, by link or id.

    Raises:
        Declined: it names none, or one of another server.
    """
    place = post_of(post, interaction.guild_id or 0)
    if place is None:
        raise Declined(
            "That is no post of this server: right-click it, choose Copy Message Link, and paste that."
        )
    return place


async def offer_rules(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Autocomplete of a rule: its title, for its id."""
    rules = interaction.client.services.moderation.rules
    return [
        app_commands.Choice(name=rule.title[:MAX_CHOICE], value=rule.id)
        for rule in rules.matching(current)[:MAX_CHOICES]
    ]


async def offer_reasons(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Autocomplete of a reason: those of the rules. Anything else may be typed."""
    rules = interaction.client.services.moderation.rules
    reasons = dict.fromkeys(rule.reason[:MAX_CHOICE] for rule in rules.matching(current))
    return [app_commands.Choice(name=reason, value=reason) for reason in list(reasons)[:MAX_CHOICES]]
