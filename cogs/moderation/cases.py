"""``/case``: moderators look at cases, correct them, and undo them. All answers are for the one who asked alone."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import discord
from babel import UnknownLocaleError
from babel.dates import format_timedelta
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.errors import Declined
from bot.moderation.cases import MAX_WHY, MAX_WORDS, Wanted
from bot.text.clean import clean
from bot.text.cut import cut_words
from bot.text.phrases import MIDDLE_DOT
from cogs.moderation.common import MAX_CHOICE, offer_reasons, offer_rules
from cogs.moderation.decisions import (
    AppealButton,
    CaseButton,
    DecideButton,
    case_view,
    outcome,
    powers,
)
from cogs.moderation.listing import MAX_SEARCHED, PageButton, show_list, sight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.client import NewsthreadBot, Services
    from bot.model import Case, KeptFile

    Interaction = discord.Interaction[NewsthreadBot]

_MAX_NAME = 32
_SECOND = timedelta(seconds=1)


async def offer_cases(interaction: Interaction, typed: int | str) -> list[app_commands.Choice[int]]:
    """Autocomplete of a case's number: ``#12 Bob · claimed a member… · 3 hours ago``."""
    cases = interaction.client.services.moderation.cases
    found = await cases.offered(str(typed), sight(interaction))
    locale, now = str(interaction.locale), interaction.created_at
    return [app_commands.Choice(name=choice_of(case, now - case.at, locale), value=case.id) for case in found]


@app_commands.guild_only()
@app_commands.default_permissions(manage_messages=True)
class CaseCommands(
    commands.GroupCog,
    group_name="case",
    group_description=locale_str("Moderators: what was removed, and why"),
):
    """Discord hides the commands from others by a default that admins can change; the service judges at every use."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._cases = services.moderation.cases

    @app_commands.command(name="show", description=locale_str("All about a case, with what was removed"))
    @app_commands.describe(case=locale_str("Its number"))
    @app_commands.autocomplete(case=offer_cases)
    async def show(self, interaction: Interaction, case: app_commands.Range[int, 1]) -> None:
        await interaction.response.defer(ephemeral=True)
        say = self._services.say(interaction)
        found = await self._cases.show(case, powers(interaction))
        await interaction.followup.send(view=case_view(found, interaction, say), ephemeral=True)
        if files := await self._cases.files(found):
            head = say("Files kept of case #{number}:", number=found.id)
            await interaction.followup.send(head, files=_uploads(files), ephemeral=True)

    @app_commands.command(name="list", description=locale_str("Cases, the newest first"))
    @app_commands.describe(
        member=locale_str("Whose posts were removed, or whose posting rights taken"),
        moderator=locale_str("Who did it"),
        rule=locale_str("The rule it was done by"),
        thread=locale_str("The thread it was done in"),
        days=locale_str("How many days to look back"),
    )
    @app_commands.autocomplete(rule=offer_rules)
    async def list_(
        self,
        interaction: Interaction,
        member: discord.User | None = None,
        moderator: discord.User | None = None,
        rule: str | None = None,
        thread: app_commands.AppCommandThread | None = None,
        days: app_commands.Range[int, 1, 3650] | None = None,
    ) -> None:
        await interaction.response.defer(ephemeral=True)
        chosen = self._services.moderation.rules.find(rule) if rule else None
        if rule and chosen is None:
            raise Declined("There is no such rule: choose one of those that are offered, or leave it out.")
        wanted = Wanted(
            member_id=member.id if member else None,
            moderator_id=moderator.id if moderator else None,
            rule_id=chosen.id if chosen else None,
            thread_id=thread.id if thread else None,
            days=days,
        )
        await show_list(interaction, wanted)

    @app_commands.command(
        name="search", description=locale_str("Cases whose reason, notes or removed words contain a text")
    )
    @app_commands.describe(text=locale_str("What to look for"))
    async def search(self, interaction: Interaction, text: app_commands.Range[str, 1, MAX_SEARCHED]) -> None:
        await interaction.response.defer(ephemeral=True)
        wanted = " ".join(text.split())[:MAX_SEARCHED]
        if not wanted:
            raise Declined("Type a word to look for.")
        await show_list(interaction, Wanted(text=wanted))

    @app_commands.command(
        name="edit", description=locale_str("Correct a case; its notice and its entry in the log follow")
    )
    @app_commands.describe(
        case=locale_str("Its number"),
        reason=locale_str("What the post did, as it continues “Removed a post that”"),
        next_step=locale_str("What to do instead; - takes it away"),
        rule=locale_str("The rule it breaks"),
        notice=locale_str("Give notice in the thread, where there is none"),
    )
    @app_commands.autocomplete(case=offer_cases)
    @app_commands.autocomplete(reason=offer_reasons, rule=offer_rules)
    async def edit(
        self,
        interaction: Interaction,
        case: app_commands.Range[int, 1],
        reason: str | None = None,
        next_step: str | None = None,
        rule: str | None = None,
        notice: bool = False,
    ) -> None:
        await interaction.response.defer(ephemeral=True)
        say = self._services.say(interaction)
        found = await self._cases.edit(
            case, powers(interaction), reason=reason, next_step=next_step, rule=rule, notice=notice
        )
        text = say("Case #{number} is corrected; what the bot wrote about it follows.", number=found.id)
        await interaction.followup.send(text, ephemeral=True)

    @app_commands.command(
        name="reinstate", description=locale_str("Undo a case: what it removed is posted again")
    )
    @app_commands.describe(
        case=locale_str("Its number"), why=locale_str("A sentence that everybody can read")
    )
    @app_commands.autocomplete(case=offer_cases)
    async def reinstate(
        self,
        interaction: Interaction,
        case: app_commands.Range[int, 1],
        why: app_commands.Range[str, 1, MAX_WHY] | None = None,
    ) -> None:
        await interaction.response.defer(ephemeral=True)
        say = self._services.say(interaction)
        found = await self._cases.reinstate(case, powers(interaction), why or "")
        await interaction.followup.send(outcome(found, say), ephemeral=True)

    @app_commands.command(name="note", description=locale_str("Add a note that moderators alone read"))
    @app_commands.describe(case=locale_str("Its number"), text=locale_str("What they are to know"))
    @app_commands.autocomplete(case=offer_cases)
    async def note(
        self,
        interaction: Interaction,
        case: app_commands.Range[int, 1],
        text: app_commands.Range[str, 1, MAX_WORDS],
    ) -> None:
        await interaction.response.defer(ephemeral=True)
        say = self._services.say(interaction)
        found = await self._cases.note(case, powers(interaction), text)
        await interaction.followup.send(
            say("The note is added to case #{number}.", number=found.id), ephemeral=True
        )


def choice_of(case: Case, age: timedelta, locale: str) -> str:
    """A case in one line of plain text, since choices show no live times."""
    names = (*(one.name for one in case.members), *(one.name for one in case.posts), case.title or "")
    name = cut_words(clean(next(filter(None, names), "")), _MAX_NAME)
    head, tail = f"#{case.id} {name}".strip(), _ago(max(age, _SECOND), locale)
    room = MAX_CHOICE - len(head) - len(tail) - 2 * len(MIDDLE_DOT)
    return MIDDLE_DOT.join(filter(None, (head, cut_words(clean(case.reason), room), tail)))[:MAX_CHOICE]


def _ago(age: timedelta, locale: str) -> str:
    try:
        return format_timedelta(-age, add_direction=True, locale=locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return format_timedelta(-age, add_direction=True, locale="en")


def _uploads(files: Sequence[tuple[KeptFile, bytes]]) -> list[discord.File]:
    return [
        discord.File(BytesIO(data), file.name, spoiler=file.spoiler, description=file.description)
        for file, data in files
    ]


async def setup(bot: NewsthreadBot) -> None:
    await bot.add_cog(CaseCommands(bot.services))
    bot.add_dynamic_items(CaseButton, DecideButton, AppealButton, PageButton)
