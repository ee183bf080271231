"""Drafts as discord.py views, and the marker by which a post of ours is known again.

Opening posts use components v2: see docs/text.md for why.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord.http import handle_message_parameters

from bot.emoji import emoji_key
from bot.model import ImagePart, TextPart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.model import Draft
    from bot.settings.keys import Feed
    from bot.text.notices import Entry

_DELIVERY = "(?P<token>[a-z0-9]{13,24})"

# The custom_id of the "Details" button; its token names the delivery. Readable on our own messages without
# any privileged intent, and unlike a title or a nonce it stays with the message for good.
MARKER = "nt:"
MARKER_PATTERN = rf"nt:{_DELIVERY}"

# The buttons of moderation mark what they stand under just so.
CASE_PATTERN = rf"nc:{_DELIVERY}"  # about this case: under notices and entries of the log
DECIDE_PATTERN = rf"nd:{_DELIVERY}:(?P<act>uphold|reinstate)"  # under the entry of a case that was appealed
APPEAL_PATTERN = rf"na:(?P<case>[1-9][0-9]{{0,17}}):{_DELIVERY}"  # in the direct message about a case
REPORT_PATTERN = rf"nx:{_DELIVERY}:(?P<act>remove|dismiss|show)"  # under the entry of a report

_MARKERS = [
    re.compile(pattern)
    for pattern in (MARKER_PATTERN, CASE_PATTERN, DECIDE_PATTERN, APPEAL_PATTERN, REPORT_PATTERN)
]

# Below an opening post members may react by a click: the emoji, and what stands beside it, such as a count.
Buttons = Sequence[tuple[str, str]]
REACTION_PATTERN = r"nr:(?P<token>[a-z0-9]{13,24}):(?P<emoji>.{1,72})"
_PER_ROW = 5
_COMPONENTS = 40  # in a message, nested ones included
_LABEL = 80  # characters on a button
_STYLES = {"remove": discord.ButtonStyle.danger, "reinstate": discord.ButtonStyle.primary}


def opening_view(draft: Draft, feed: Feed, token: str, buttons: Buttons = ()) -> discord.ui.LayoutView:
    """The opening post: the layout in a container, a link to the article and the marked button below it.

    Under them a button for each of ``buttons``, as many as a message can hold.
    """
    container: discord.ui.Container[Any] = discord.ui.Container(
        accent_colour=int(feed.accent_color[1:], 16) if feed.accent_color else None
    )
    for part in draft.parts:
        match part:
            case TextPart():
                container.add_item(discord.ui.TextDisplay(part.markdown))
            case ImagePart():
                container.add_item(
                    discord.ui.MediaGallery(
                        discord.MediaGalleryItem(part.url, description=part.description or None)
                    )
                )
            case _:
                container.add_item(discord.ui.Separator())
    container.add_item(_buttons(token, draft.link))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    if feed.mention_role_id:
        view.add_item(discord.ui.TextDisplay(f"<@&{feed.mention_role_id}>"))
    for start in range(0, len(buttons), _PER_ROW):
        room = _COMPONENTS - view.total_children_count - 1
        if row := [_reaction(token, *button) for button in buttons[start : start + _PER_ROW][: max(room, 0)]]:
            container.add_item(discord.ui.ActionRow(*row))
    return _sealed(view)


def note_view(markdown: str, token: str) -> discord.ui.LayoutView:
    """A short post of ours in a thread, with the marked button."""
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay(markdown))
    view.add_item(_buttons(token, None))
    return _sealed(view)


def notice_view(markdown: str, token: str, about: str) -> discord.ui.LayoutView:
    """What a case says in its thread; ``about`` is the label of the marked button."""
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay(markdown))
    view.add_item(discord.ui.ActionRow(_button(about, f"nc:{token}")))
    return _sealed(view)


def case_view(entry: Entry, token: str, about: str) -> discord.ui.LayoutView:
    """A case in the moderators' log; ``about`` is the label of the button that every one of them has."""
    decide = [_button(label, f"nd:{token}:{act}", _STYLES.get(act)) for act, label in entry.buttons]
    return _entry_view(entry, [_button(about, f"nc:{token}"), *decide])


def report_view(entry: Entry, token: str) -> discord.ui.LayoutView:
    """A report in the moderators' log."""
    return _entry_view(
        entry, [_button(label, f"nx:{token}:{act}", _STYLES.get(act)) for act, label in entry.buttons]
    )


def letter_view(case_id: int, token: str, button: str, name: str) -> discord.ui.View:
    """What stands under a direct message: the button that appeals or, where nothing can be appealed, the case's name.

    Either way it is the marked one.
    """
    view = discord.ui.View(timeout=None)
    view.add_item(_button(button or name, f"na:{case_id}:{token}", disabled=not button))
    view.stop()  # see ``_sealed``
    return view


def mentions(feed: Feed) -> discord.AllowedMentions:
    """Nobody, except the role that the admin named for this feed."""
    roles = [discord.Object(feed.mention_role_id)] if feed.mention_role_id else False
    return discord.AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False)


def message_json(draft: Draft, feed: Feed, token: str) -> dict[str, Any]:
    """The JSON body that sending this opening post puts on the wire, made by discord.py itself."""
    with handle_message_parameters(
        view=opening_view(draft, feed, token), allowed_mentions=mentions(feed)
    ) as params:
        return dict(params.payload or {})


def marker_of(message: discord.Message) -> str | None:
    """The token that a post of ours carries, None when it carries none."""
    return next(_tokens(message.components), None)


def _tokens(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        custom_id = getattr(component, "custom_id", None) or ""
        yield from (match["token"] for marker in _MARKERS if (match := marker.fullmatch(custom_id)))
        yield from _tokens(getattr(component, "children", ()))


def _buttons(token: str, link: str | None) -> discord.ui.ActionRow[Any]:
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    if link:
        row.add_item(discord.ui.Button(label="Read the article", url=link))
    row.add_item(
        discord.ui.Button(label="Details", custom_id=f"{MARKER}{token}", style=discord.ButtonStyle.secondary)
    )
    return row


def _button(
    label: str, custom_id: str, style: discord.ButtonStyle | None = None, *, disabled: bool = False
) -> discord.ui.Button[Any]:
    return discord.ui.Button(
        label=label[:_LABEL],
        custom_id=custom_id,
        style=style or discord.ButtonStyle.secondary,
        disabled=disabled,
    )


def _entry_view(entry: Entry, buttons: list[discord.ui.Button[Any]]) -> discord.ui.LayoutView:
    links = [discord.ui.Button[Any](label=label[:_LABEL], url=url) for label, url in entry.links]
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay(entry.text))
    row = [*buttons, *links]
    for start in range(0, len(row), _PER_ROW):
        view.add_item(discord.ui.ActionRow(*row[start : start + _PER_ROW]))
    return _sealed(view)


def _reaction(token: str, emoji: str, label: str) -> discord.ui.Button[Any]:
    return discord.ui.Button(
        label=label or None,
        emoji=emoji,
        custom_id=f"nr:{token}:{emoji_key(emoji)}",
        style=discord.ButtonStyle.secondary,
    )


def _sealed(view: discord.ui.LayoutView) -> discord.ui.LayoutView:
    # A running view would be kept in memory for every post ever sent; clicks reach the cog by the marker.
    view.stop()
    return view
