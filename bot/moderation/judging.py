"""Who may do what to whom: Discord's own permissions and the order of its roles. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import Declined
from bot.languages import gettext_noop

if TYPE_CHECKING:
    from bot.newsroom.authority import Authority, Standing

LACKING = gettext_noop("You lack the permission for that in this channel.")


def require_removes(authority: Authority) -> None:
    """
    Raises:
        Declined: they may not remove others' posts there.
    """
    _require(holds=authority.removes)


def require_arranges(authority: Authority) -> None:
    """
    Raises:
        Declined: they may not manage threads there.
    """
    _require(holds=authority.arranges)


def require_suspends(authority: Authority) -> None:
    """
    Raises:
        Declined: they may not take members' posting rights.
    """
    _require(holds=authority.suspends)


def require_removable(authority: Authority, member_id: int | None, standing: Standing | None) -> None:
    """Posts of equals may be removed, one's own too; of who stands above by the server's owner only.

    ``member_id`` None: nobody knows whose it is. ``standing`` None: no member (any more).

    Raises:
        Declined: the member stands above.
    """
    if member_id is None or standing is None or member_id == authority.id or authority.owner or standing.bot:
        return
    if standing.owner or standing.rank > authority.rank:
        raise Declined(
            "That post is by somebody who stands above you: only the server's owner can remove it with the bot."
        )


def require_suspendable(authority: Authority, member_id: int, standing: Standing | None) -> None:
    """Posting rights are taken only from who stands below, as Discord has it for its time-outs.

    ``standing`` None: no member (any more); a suspension then holds if they come back.

    Raises:
        Declined: they don't, or Discord can't do it to them.
    """
    if member_id == authority.id:
        raise Declined("You can't suspend yourself.")
    if standing is None:
        return
    if standing.bot:
        raise Declined("That is a bot: take its permissions away instead.")
    if standing.owner or standing.administrator:
        raise Declined("Owners and administrators of a server can't be suspended: Discord does not allow it.")
    if not authority.owner and standing.rank >= authority.rank:
        raise Declined(
            "That member stands as high as you or above you: only somebody above can suspend them."
        )


def _require(*, holds: bool) -> None:
    if not holds:
        raise Declined(LACKING)
