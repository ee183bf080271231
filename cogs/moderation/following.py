"""A removal's private answer, which is edited until all is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.text.removing import progress

if TYPE_CHECKING:
    from bot.client import NewsthreadBot
    from bot.languages import Say
    from bot.model import Opened

    Interaction = discord.Interaction[NewsthreadBot]


async def follow(interaction: Interaction, opened: Opened, say: Say) -> None:
    """Tell in the interaction's answer how the case gets on. Over when all is done, or nobody looks any more."""
    removals = interaction.client.services.moderation.removals
    assert opened.case_id is not None
    async for case in removals.watch(opened.case_id):
        if interaction.client.is_closed():
            return  # the program is being stopped
        text = progress(case, len(opened.taken), interaction.guild_id or 0, say)
        try:
            await interaction.edit_original_response(content=text, view=None)
        except discord.NotFound:
            return  # dismissed; the case gets on all the same
        except (discord.HTTPException, aiohttp.ClientError, OSError):
            continue  # what comes next tells of this, too
