"""How what members use comes in: the bases of buttons, panels and forms, and what raw events and forms tell.

Of everything used the client is asked first whether it may do its work (``NewsthreadBot.meets``); what is not made of
these bases is taken for outdated and answered so. Whatever goes wrong, the one who asked is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, ClassVar

import discord

from bot.errors import Declined
from bot.languages import gettext_noop

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Act = Callable[[discord.Interaction[Any]], Awaitable[None]]

PANEL_LIFE = 840.0  # seconds: an interaction's answers can be changed for fifteen minutes
# Seconds in which a form can be sent. discord.py keeps every form that was opened until then, sent or not: without an end
# whoever opens one after the other and closes them again would fill the memory.
FORM_LIFE = 3600.0
MAX_TITLE = 45

# Handed on wherever they are from: interactions are answered everywhere, and of other servers the admin is told.
FROM_ANYWHERE = frozenset(("interaction", "app_command_completion", "guild_join"))

# An id in a custom_id: as Discord gives them, and within what SQLite can hold.
SNOWFLAKE = "(?:[1-8][0-9]{18}|[1-9][0-9]{14,17})"

OUTDATED = gettext_noop("That is out of date: open it anew.")

_TEXT_INPUT = 4


class Guarded:
    """Mixed into buttons that outlive the program, into panels and forms: whoever uses them is met first."""

    direct: ClassVar[bool] = False  # whether it is used in direct messages, too
    private: ClassVar[bool] = False  # whether it stands below private answers alone, which it changes

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        met: bool = await interaction.client.meets(interaction, direct=self.direct)
        message = interaction.message
        if met and self.private and (message is None or not message.flags.ephemeral):
            await interaction.client.answer_error(interaction, Declined(OUTDATED))
            return False
        return met


class ActButton(discord.ui.Button[Any]):
    """A button of a panel; ``act`` is what it does."""

    def __init__(self, label: str, style: discord.ButtonStyle, act: Act) -> None:
        super().__init__(label=label, style=style)
        self._act = act

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await self._act(interaction)


class Panel(Guarded, discord.ui.View):
    """Buttons that only who asked for them sees."""

    def __init__(self) -> None:
        super().__init__(timeout=PANEL_LIFE)

    def add(self, label: str, style: discord.ButtonStyle, act: Act) -> None:
        self.add_item(ActButton(label, style, act))

    async def on_error(
        self, interaction: discord.Interaction[Any], error: Exception, _item: discord.ui.Item[Any], /
    ) -> None:
        await interaction.client.answer_error(interaction, error)


class Form(Guarded, discord.ui.Modal):
    """What a member fills in. Subclasses answer within ``answering``, which tells of what goes wrong."""

    def __init__(self, title: str) -> None:
        super().__init__(title=title[:MAX_TITLE], timeout=FORM_LIFE)


class Turns:
    """What takes long to answer, such as pictures: one at a time altogether, and for each member but one that waits."""

    def __init__(self) -> None:
        self._served: set[int] = set()
        self._working = asyncio.Lock()

    @asynccontextmanager
    async def of(self, member_id: int) -> AsyncIterator[None]:
        """The turn of a member.

        Raises:
            Declined: they wait for one already.
        """
        if member_id in self._served:
            raise Declined("The answer before is still being worked on: wait for it, then ask again.")
        self._served.add(member_id)
        try:
            async with self._working:
                yield
        finally:
            self._served.discard(member_id)


def guild_of(event: object) -> int | None:
    """The id of the server that an event's object is of; None for those of none, such as direct messages."""
    if isinstance(event, discord.Guild):
        return event.id
    guild_id = getattr(event, "guild_id", None)
    guild = getattr(event, "guild", None)
    return guild_id if isinstance(guild_id, int) else getattr(guild, "id", None)


def typed_into(form: Mapping[str, Any]) -> str:
    """The texts of a form as it was sent, one below the other."""
    return "\n".join(filter(None, _texts(form.get("components"))))


def _texts(components: object) -> Iterator[str]:
    for each in components if isinstance(components, list) else [components]:
        if not isinstance(each, dict):
            continue
        if each.get("type") == _TEXT_INPUT:
            yield str(each.get("value") or "")
        yield from _texts(each.get("components"))
        yield from _texts(each.get("component"))
