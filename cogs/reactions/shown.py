"""How reactions are shown to a member, and what that member may see and do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.emoji import custom_id
from bot.errors import Declined
from bot.languages import gettext_noop
from bot.text.posting import jump_link
from bot.text.received import counts_line, reaction_shown

if TYPE_CHECKING:
    from bot.client import NewsthreadBot
    from bot.languages import Say
    from bot.model import Tally
    from bot.reactions import ReactedPost

    Interaction = discord.Interaction[NewsthreadBot]

# Also of what a member may not see: the answer tells nothing.
NOT_THERE = gettext_noop("That is no post in a news thread.")


def received(found: ReactedPost, interaction: Interaction, say: Say) -> str:
    story = found.story
    link = jump_link(interaction.guild_id or 0, story.thread_id or story.channel_id, found.message_id)
    lines = [
        say("How [this post]({link}) was received:", link=link)
        if found.tally.total
        else say("Nobody has reacted to [this post]({link}) yet.", link=link),
        counts_line(counts(found.tally, interaction, say)),
    ]
    if found.by is not None:
        lines.append(
            say("{member} recommends it.", member=f"<@{found.by}>")
            if found.by
            else say("The members recommend it by their reactions.")
        )
    return "\n".join(filter(None, lines))


def counts(tally: Tally, interaction: Interaction, say: Say) -> list[tuple[str, int]]:
    return [(shown(emoji, interaction, say), count) for emoji, count in tally.counts]


def shown(emoji: str, interaction: Interaction, say: Say) -> str:
    """Emoji and name; of a custom one that is not the server's (any more) the name alone."""
    name = interaction.client.services.reactions.name(emoji)
    own = custom_id(emoji)
    if own is None or interaction.guild is None:
        return reaction_shown(emoji, name)
    custom = discord.utils.get(interaction.guild.emojis, id=own)
    return reaction_shown(str(custom or ""), name) or say("another emoji")


def require_moderator(interaction: Interaction, found: ReactedPost) -> None:
    # Discord can't hide single subcommands; what counts is the permission where the post stands.
    channel = interaction.guild.get_channel(found.story.channel_id) if interaction.guild else None
    user = interaction.user
    if (
        channel is None
        or not isinstance(user, discord.Member)
        or not channel.permissions_for(user).manage_messages
    ):
        raise Declined("You lack the permission for that in this channel.")
