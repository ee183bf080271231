"""Lists of cases, private, with buttons that turn their pages: what a list shows is in the buttons themselves.

So they work as long as the message is there, also after a restart, and show what is true when they are pressed.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import discord

from bot.doorway import OUTDATED, Guarded
from bot.errors import Declined
from bot.moderation.cases import Sight, Wanted
from bot.text.cases import case_list
from bot.text.places import LARGEST_ID

if TYPE_CHECKING:
    import re

    from bot.client import NewsthreadBot
    from bot.languages import Say
    from bot.moderation.cases import Listed
    from bot.moderation.rules import HouseRules

    Interaction = discord.Interaction[NewsthreadBot]

MAX_SEARCHED = 60  # characters: as many as fit into a button with what else is in it

# Ids in base 36: five of them and a text would not fit into the hundred characters otherwise.
_ID = "[0-9a-z]{0,13}"
LIST_PATTERN = (
    rf"nl:(?P<asker>{_ID}):(?P<page>[0-9]{{1,6}}):(?P<member>{_ID}):(?P<moderator>{_ID}):(?P<thread>{_ID})"
    r":(?P<days>[0-9]{0,4}):(?P<rule>[0-9a-f]{0,8}):(?P<text>(?s:.*))"
)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def sight(interaction: Interaction) -> Sight:
    """Whose cases the one who asks may see: of the channels in which they may remove posts."""
    user, guild = interaction.user, interaction.guild
    if guild is None or not isinstance(user, discord.Member):
        return Sight(frozenset(), server=False)
    held = ((each.id, each.permissions_for(user)) for each in guild.channels)
    theirs = frozenset(id_ for id_, have in held if have.view_channel and have.manage_messages)
    server = user.guild_permissions.manage_messages
    return Sight(None if server and len(theirs) == len(guild.channels) else theirs, server)


async def show_list(interaction: Interaction, wanted: Wanted) -> None:
    """Answer, in private, with the first page.

    Raises:
        Declined: they moderate no channel.
    """
    services = interaction.client.services
    say = services.say(interaction)
    listed = await services.moderation.cases.page(wanted, sight(interaction))
    await interaction.followup.send(
        case_list(listed.cases, listed.offset, say),
        view=_view(listed, wanted, interaction, say),
        ephemeral=True,
        suppress_embeds=True,
    )


class PageButton(Guarded, discord.ui.DynamicItem[discord.ui.Button[Any]], template=LIST_PATTERN):
    """Leads to another page of a list, whoever asked for it; nobody else."""

    private = True

    def __init__(self, match: re.Match[str]) -> None:
        super().__init__(discord.ui.Button(label="-", custom_id=match[0]))
        self._match = match

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> PageButton:
        return cls(match)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        bot: NewsthreadBot = interaction.client
        say, moderation = bot.services.say(interaction), bot.services.moderation
        async with bot.answering(interaction):
            if _number(self._match["asker"]) != interaction.user.id:
                raise Declined("That list belongs to who asked for it: use /case list for one of your own.")
            wanted = wanted_by(self._match, moderation.rules)
            listed = await moderation.cases.page(wanted, sight(interaction), int(self._match["page"]))
            await interaction.response.edit_message(
                content=case_list(listed.cases, listed.offset, say),
                view=_view(listed, wanted, interaction, say),
                suppress_embeds=True,
            )


def _view(listed: Listed, wanted: Wanted, interaction: Interaction, say: Say) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    if listed.pages > 1:
        for label, page in ((say("Previous"), listed.number - 1), (say("Next"), listed.number + 1)):
            view.add_item(
                discord.ui.Button(
                    label=label,
                    custom_id=page_id(interaction.user.id, max(page, 0), wanted),
                    disabled=not 0 <= page < listed.pages,
                )
            )
    view.stop()  # clicks reach the buttons by their custom_id, whenever they come
    return view


def page_id(asker: int, page: int, wanted: Wanted) -> str:
    """The custom_id that leads to this page of what is wanted, at most 100 characters.

    A button at the edge, which is disabled, leads to its own page or beyond the last: custom_ids of a message differ.
    """
    ids = [_base36(one) for one in (wanted.member_id, wanted.moderator_id, wanted.thread_id)]
    days = str(wanted.days or "")
    rule = _digest(wanted.rule_id) if wanted.rule_id else ""
    return ":".join(["nl", _base36(asker), str(page), *ids, days, rule, wanted.text or ""])


def wanted_by(match: re.Match[str], rules: HouseRules) -> Wanted:
    """What the list of a button shows; the inverse of ``page_id``.

    Raises:
        Declined: a rule that rules.toml has no longer, or an id that is none.
    """
    rule_id = next((rule.id for rule in rules.all if _digest(rule.id) == match["rule"]), None)
    if match["rule"] and rule_id is None:
        raise Declined("That list is out of date, its rule is no more: use /case list again.")
    return Wanted(
        member_id=_number(match["member"]),
        moderator_id=_number(match["moderator"]),
        rule_id=rule_id,
        thread_id=_number(match["thread"]),
        days=int(match["days"]) if match["days"] else None,
        text=match["text"] or None,
    )


def _digest(rule_id: str) -> str:
    # Ids of rules are too long for a button; two of one server's that share this are as good as impossible.
    return f"{zlib.crc32(rule_id.encode()):x}"


def _base36(number: int | None) -> str:
    if number is None:
        return ""
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def _number(digits: str) -> int | None:
    number = int(digits, 36) if digits else None
    if number is not None and number > LARGEST_ID:
        raise Declined(OUTDATED)
    return number
