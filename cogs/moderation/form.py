"""The form that asks why a post is to be removed. Opened by the menu, and wherever a moderator decides on a post."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.doorway import MAX_TITLE, Form
from bot.errors import Declined
from bot.text.choosing import words_back
from bot.text.notices import MAX_NEXT_STEP, MAX_REASON
from bot.text.places import Place
from bot.text.removing import which_post
from cogs.moderation.common import as_remover
from cogs.moderation.following import follow

if TYPE_CHECKING:
    from bot.client import NewsthreadBot, Services
    from bot.languages import Say
    from bot.model import Opened, Said
    from bot.moderation.removals import Aim
    from bot.newsroom.authority import Authority

    Interaction = discord.Interaction[NewsthreadBot]

MAX_DESCRIPTION = 100


async def offer_removal(interaction: Interaction, said: Said) -> None:
    """Open the form for a post that a moderator sees; the interaction must not be answered yet.

    Raises:
        Declined: they may not remove it, or it can't be.
        Later, Refused: Discord had to be asked about it, and could not be.
    """
    removals = interaction.client.services.moderation.removals
    spot = await removals.spot_of(said)
    authority = await as_remover(interaction, spot.channel_id)
    await _open(interaction, authority, await removals.aim(spot, said))


async def open_form(interaction: Interaction, thread_id: int, message_id: int) -> None:
    """Open the form for a post that is only named; the interaction must not be answered yet.

    Raises:
        Declined, Later, Refused: as for ``offer_removal``.
    """
    removals = interaction.client.services.moderation.removals
    spot = await removals.spot_at(Place(message_id, thread_id), thread_id)
    authority = await as_remover(interaction, spot.channel_id)
    await _open(interaction, authority, await removals.aim_at(spot))


async def _open(interaction: Interaction, authority: Authority, aim: Aim) -> None:
    services = interaction.client.services
    await services.moderation.removals.require_removable(authority, [aim])
    form = RemovalForm(services, interaction.id, aim, services.say(interaction))
    await interaction.response.send_modal(form)


class RemovalForm(Form):
    """Rule, what the post did, what to do instead, and whether its author is told.

    ``origin`` is the interaction that opened it: sent twice, a form is still one case.
    """

    def __init__(self, services: Services, origin: int, aim: Aim, say: Say) -> None:
        super().__init__(say("Withdraw the article") if aim.opening else say("Remove a post"))
        self._services = services
        self._origin = origin
        self._aim = aim
        self._say = say
        rules = services.moderation.rules.all
        post = aim.post
        self.add_item(
            discord.ui.TextDisplay(
                say("Its title is struck through, and your reason takes the place of its text.")
                if aim.opening
                else which_post(post, say)
            )
        )
        self._rule: discord.ui.Select[Any] = discord.ui.Select(
            options=[discord.SelectOption(label=rule.title, value=rule.id) for rule in rules], required=False
        )
        if rules:
            self.add_item(discord.ui.Label(text=say("Rule")[:MAX_TITLE], component=self._rule))
        self._reason: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, required=not rules, max_length=MAX_REASON
        )
        hint = _hint(say, opening=aim.opening, rules=bool(rules))
        self.add_item(
            discord.ui.Label(
                text=(say("What the article did") if aim.opening else say("What the post did"))[:MAX_TITLE],
                description=hint[:MAX_DESCRIPTION],
                component=self._reason,
            )
        )
        self._next_step: discord.ui.TextInput[Any] = discord.ui.TextInput(
            required=False, max_length=MAX_NEXT_STEP
        )
        self.add_item(
            discord.ui.Label(
                text=say("What to do instead")[:MAX_TITLE],
                description=say("Left empty, it is the rule's.")[:MAX_DESCRIPTION] if rules else None,
                component=self._next_step,
            )
        )
        self._tell: discord.ui.Checkbox[Any] | None = None
        if post.author_id is not None:
            self._tell = discord.ui.Checkbox(default=services.moderation.removals.tells_authors)
            self.add_item(
                discord.ui.Label(
                    text=say("Tell the author")[:MAX_TITLE],
                    description=say("By direct message, with their own text.")[:MAX_DESCRIPTION],
                    component=self._tell,
                )
            )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        bot: NewsthreadBot = interaction.client
        async with bot.answering(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            try:
                opened = await self._remove(interaction)
            except Declined as declined:
                kept = words_back(declined, self._reason.value, self._say)
                await interaction.edit_original_response(content=kept)
                return
            await follow(interaction, opened, self._say)

    async def _remove(self, interaction: Interaction) -> Opened:
        moderation = self._services.moderation
        authority = await as_remover(interaction, self._aim.spot.channel_id)
        rule = next(iter(self._rule.values), None)
        wish = moderation.rules.wish(rule, self._reason.value, self._next_step.value)
        await moderation.removals.require_there(self._aim)
        tell = self._tell.value if self._tell is not None else None
        return await moderation.removals.remove(self._origin, authority, [self._aim], wish, tell=tell)


def _hint(say: Say, *, opening: bool, rules: bool) -> str:
    """How the reason is read, and what counts without one."""
    if opening:
        return (
            say("Goes on from “The article was withdrawn: it”; left empty, it is the rule's reason.")
            if rules
            else say("Goes on from “The article was withdrawn: it”.")
        )
    return (
        say("Goes on from “Removed a post that”; left empty, it is the rule's reason.")
        if rules
        else say("Goes on from “Removed a post that”.")
    )
