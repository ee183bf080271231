"""Posting rights: taken by hand for a while, given back, and what a member has on record.

That a suspension begins and ends on Discord, as a time-out or by a role, is the publisher's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import Declined
from bot.model import CaseKind, NewCase
from bot.moderation.judging import require_removes, require_suspendable, require_suspends
from bot.settings.values import parse_duration
from bot.text.notices import MAX_REASON, tidy_reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.clock import Clock
    from bot.model import Strike, Suspension
    from bot.newsroom import Office
    from bot.newsroom.authority import Authority
    from bot.settings.keys import ModerationKeys
    from bot.store import Store

SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Record:
    """What a member has on record, newest first."""

    strikes: tuple[Strike, ...]
    suspensions: tuple[Suspension, ...]


@dataclass(frozen=True, slots=True)
class Suspended:
    """A suspension by hand. ``until`` is when the member may post again by all that they have."""

    case_id: int
    until: datetime
    told: bool  # by direct message, as soon as that is sent


class PostingRights:
    """The service behind ``/strikes``, ``/suspend`` and ``/unsuspend``."""

    def __init__(
        self, store: Store, office: Office, keys: ModerationKeys, clock: Clock, wake: Callable[[], None]
    ) -> None:
        self._store = store
        self._office = office
        self._keys = keys
        self._clock = clock
        self._wake = wake

    async def record(self, authority: Authority, member_id: int) -> Record:
        """Strikes and suspensions, those that do not count (any more) too.

        Raises:
            Declined: who asks is no moderator.
        """
        require_removes(authority)
        return Record(await self._store.strikes(member_id), await self._store.suspensions(member_id))

    async def suspend(
        self,
        origin: int,
        authority: Authority,
        member: tuple[int, str],
        duration: str,
        reason: str,
        *,
        tell: bool | None = None,
    ) -> Suspended:
        """Take a member's posting rights for ``duration``, such as "2h" or "7d", from now on.

        ``origin`` makes it one suspension, however often it is asked for; ``tell`` None is as configured.

        Raises:
            Declined: see the sentences; nothing was done.
            Later, Refused: Discord could not be asked who the member is; nothing was done.
        """
        require_suspends(authority)
        length, said = _length(duration), _reason(reason)
        member_id, name = member
        standing = await self._office.standing(member_id)
        require_suspendable(authority, member_id, standing)
        if standing is None:
            raise Declined("{member} is not in this server: a ban keeps them out.", member=f"<@{member_id}>")
        told = self._keys.tell_authors if tell is None else tell
        now = self._clock.now()
        opened = await self._store.open_case(
            NewCase(
                origin=origin,
                kind=CaseKind.SUSPENSION,
                moderator_id=authority.id,
                reason=said,
                member=(member_id, name),
                noticed=False,
                tell=told,
                suspend=length,
            ),
            now,
        )
        self._wake()
        assert opened.case_id is not None  # only posts can be another case's
        until = await self._store.suspended_until(member_id, now)
        return Suspended(opened.case_id, until or now + length, told)

    async def unsuspend(self, authority: Authority, member_id: int, reason: str = "") -> int:
        """Give a member's posting rights back: all suspensions that run end now. How many they were.

        Raises:
            Declined: see the sentences; nothing was done.
            Later, Refused: Discord could not be asked who the member is; nothing was done.
        """
        require_suspends(authority)
        why = _short(" ".join(reason.split()))
        if member_id == authority.id:
            raise Declined("You can't end your own suspension.")
        standing = await self._office.standing(member_id)
        if standing is not None and not authority.owner and standing.rank >= authority.rank:
            raise Declined(
                "That member stands as high as you or above you: only somebody above can end their suspension."
            )
        ended = await self._store.lift(member_id, authority.id, why, self._clock.now())
        if not ended:
            raise Declined(
                "{member} is not suspended by the bot: what a moderator did by hand is undone by hand, in Discord.",
                member=f"<@{member_id}>",
            )
        self._wake()
        return ended


def _length(duration: str) -> timedelta:
    try:
        length = parse_duration("".join(duration.split()).lower())
    except ValueError:
        raise Declined(
            'Write the duration as a number and "m", "h" or "d", such as "2h" for two hours or "7d" for a week.'
        ) from None
    if not SHORTEST <= length <= LONGEST:
        raise Declined("A suspension lasts at least a minute and at most 365 days.")
    return length


def _reason(reason: str) -> str:
    said = tidy_reason(reason)
    if not said:
        raise Declined("Say why: the member and the other moderators will want to know.")
    return _short(said)


def _short(text: str) -> str:
    if len(text) > MAX_REASON:
        raise Declined("The reason is longer than {most} characters: shorten it.", most=MAX_REASON)
    return text
