"""The buttons of cases: About this case on notices, the decision in the moderators' log, the appeal by direct message.

A button is no proof of anything: who presses it is judged at every use, and so is what is left to decide.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import discord

from bot.doorway import Form, Guarded
from bot.errors import Declined
from bot.languages import gettext_noop
from bot.model import CaseKind, CaseState
from bot.moderation.cases import MAX_WHY, MAX_WORDS, Verdict
from bot.newsroom.views import APPEAL_PATTERN, CASE_PATTERN, DECIDE_PATTERN
from bot.text.cases import case_public, case_text
from bot.text.choosing import words_back

if TYPE_CHECKING:
    import re

    from bot.client import NewsthreadBot, Services
    from bot.languages import Say
    from bot.model import Case
    from bot.moderation.cases import Powers

    Interaction = discord.Interaction[NewsthreadBot]

_VERDICTS = {Verdict.UPHOLD: gettext_noop("Uphold"), Verdict.REINSTATE: gettext_noop("Reinstate")}
_TITLES = {
    Verdict.UPHOLD: gettext_noop("Uphold case #{number}"),
    Verdict.REINSTATE: gettext_noop("Reinstate case #{number}"),
}
_STYLES = {Verdict.UPHOLD: discord.ButtonStyle.secondary, Verdict.REINSTATE: discord.ButtonStyle.primary}


def powers(interaction: Interaction) -> Powers:
    """What the one who asks may do, asked where it matters."""
    return partial(interaction.client.services.authority, interaction)


def case_view(case: Case, interaction: Interaction, say: Say) -> discord.ui.LayoutView:
    """A case in full, with the decision about its appeal where that waits: not every server keeps a log."""
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay(case_text(case, say, interaction.guild_id or 0)))
    if case.state is CaseState.STANDING and any(one.appealed_at for one in case.members):
        row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
        for verdict, label in _VERDICTS.items():
            row.add_item(
                discord.ui.Button(
                    label=say(label), custom_id=f"nd:{case.log_token}:{verdict}", style=_STYLES[verdict]
                )
            )
        view.add_item(row)
    view.stop()
    return view


def outcome(case: Case, say: Say) -> str:
    """What has been decided, to who did."""
    if case.state is CaseState.UPHELD:
        return say("Case #{number} is upheld: it stands.", number=case.id)
    told = [say("Case #{number} is reinstated.", number=case.id)]
    again = sum(post.restored_id is not None for post in case.posts)
    if again:
        told.append(say.many("Its post is posted again.", "{count} posts are posted again.", again))
    elif case.kind in (CaseKind.REMOVAL, CaseKind.OUTSIDE) and any(post.gone_at for post in case.posts):
        told.append(say("Nothing is kept of it that could be posted again."))
    return " ".join(told)


class CaseButton(Guarded, discord.ui.DynamicItem[discord.ui.Button[Any]], template=CASE_PATTERN):
    """About this case: what everybody may know of it, and all of it to moderators of its channel."""

    def __init__(self, token: str) -> None:
        super().__init__(discord.ui.Button(label="-", custom_id=f"nc:{token}"))
        self._token = token

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> CaseButton:
        return cls(match["token"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        bot: NewsthreadBot = interaction.client
        say, cases = bot.services.say(interaction), bot.services.moderation.cases
        async with bot.answering(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            case, whole = await cases.about(
                self._token, powers(interaction), bot.services.visible(interaction)
            )
            if whole:
                await interaction.followup.send(view=case_view(case, interaction, say), ephemeral=True)
            else:
                await interaction.followup.send(case_public(case, say), ephemeral=True, suppress_embeds=True)


class DecideButton(Guarded, discord.ui.DynamicItem[discord.ui.Button[Any]], template=DECIDE_PATTERN):
    """Uphold or reinstate a case that somebody appeals against; a form asks why."""

    def __init__(self, token: str, verdict: Verdict) -> None:
        super().__init__(discord.ui.Button(label="-", custom_id=f"nd:{token}:{verdict}"))
        self._token = token
        self._verdict = verdict

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> DecideButton:
        return cls(match["token"], Verdict(match["act"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        bot: NewsthreadBot = interaction.client
        say, cases = bot.services.say(interaction), bot.services.moderation.cases
        async with bot.answering(interaction):
            case = await cases.undecided(self._token, self._verdict, powers(interaction))
            await interaction.response.send_modal(DecisionForm(case, self._token, self._verdict, say))


class DecisionForm(Form):
    """Why a moderator decides so, which they may leave open."""

    def __init__(self, case: Case, token: str, verdict: Verdict, say: Say) -> None:
        super().__init__(say(_TITLES[verdict], number=case.id))
        self._token = token
        self._verdict = verdict
        self._say = say
        self._why: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=MAX_WHY, required=False
        )
        self.add_item(
            discord.ui.Label(
                text=say("Why?")[:45],
                description=say("A sentence, if you like: everybody can read it.")[:100],
                component=self._why,
            )
        )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        bot: NewsthreadBot = interaction.client
        async with bot.answering(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            cases = bot.services.moderation.cases
            case = await cases.decide(self._token, self._verdict, powers(interaction), self._why.value)
            await interaction.followup.send(outcome(case, self._say), ephemeral=True)


class AppealButton(Guarded, discord.ui.DynamicItem[discord.ui.Button[Any]], template=APPEAL_PATTERN):
    """Below a direct message about a case: asks the moderators to look again, or tells what they decided."""

    direct = True

    def __init__(self, case_id: int, token: str) -> None:
        super().__init__(discord.ui.Button(label="-", custom_id=f"na:{case_id}:{token}"))
        self._case_id = case_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> AppealButton:
        return cls(int(match["case"]), match["token"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        bot: NewsthreadBot = interaction.client
        async with bot.answering(interaction):
            await bot.services.moderation.cases.appealable(self._case_id, interaction.user.id)
            say = bot.services.say(interaction)
            await interaction.response.send_modal(AppealForm(bot.services, self._case_id, say))


class AppealForm(Form):
    """Why the moderators should look at a case again."""

    direct = True

    def __init__(self, services: Services, case_id: int, say: Say) -> None:
        super().__init__(say("Appeal against case #{number}", number=case_id))
        self._services = services
        self._case_id = case_id
        self._say = say
        self._words: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=MAX_WORDS
        )
        self.add_item(
            discord.ui.Label(
                text=say("Why should it be looked at again?")[:45],
                description=say("The moderators read it. You can appeal against a case once.")[:100],
                component=self._words,
            )
        )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        bot: NewsthreadBot = interaction.client
        async with bot.answering(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            try:
                await self._services.moderation.cases.appeal(
                    self._case_id, interaction.user.id, self._words.value
                )
            except Declined as declined:
                kept = words_back(declined, self._words.value, self._say)
                await interaction.followup.send(kept, ephemeral=True)
                return
            await interaction.followup.send(
                self._say("The moderators have your appeal: you are told here what they decide."),
                ephemeral=True,
            )
