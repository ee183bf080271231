"""Cases: who may see them, how they are corrected, undone and appealed against.

Whoever asks is judged anew each time, by what they may do in the case's channel at that moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Container
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.errors import Declined
from bot.languages import gettext_noop
from bot.model import CaseFilter, CaseKind, CaseState, Told
from bot.moderation.judging import require_removes, require_suspends
from bot.text.places import LARGEST_ID

if TYPE_CHECKING:
    from datetime import datetime

    from bot.clock import Clock
    from bot.model import Case, CasePage, KeptFile
    from bot.moderation.rules import HouseRules
    from bot.newsroom.authority import Authority
    from bot.settings.keys import ModerationKeys
    from bot.store import Store

PAGE = 10  # cases on a page of a list
OFFERED = 25  # while a number is typed
MAX_WORDS = 1000  # code points of a note or an appeal, as typed
MAX_WHY = 400  # of why a case was decided so
SENT_FILES = 10  # with a case that is shown, and how large they may be together
SENT_BYTES = 8 * 1024 * 1024
NOTHING = "-"  # typed as what to do instead, it takes that away

Powers = Callable[
    [int | None], Awaitable["Authority"]
]  # what whoever asks may do in a channel; None: the server

_GONE = gettext_noop("That case is kept no longer.")


class Verdict(StrEnum):
    UPHOLD = "uphold"
    REINSTATE = "reinstate"


@dataclass(frozen=True, slots=True)
class Sight:
    """The channels whose cases somebody may see, as Discord has it at this moment."""

    channels: frozenset[int] | None  # None: every one, those that are gone too
    server: bool  # also the cases of no channel

    @property
    def blind(self) -> bool:
        """Whether there is no case that they may see, whichever there are."""
        return self.channels is not None and not self.channels and not self.server

    def sees(self, case: Case) -> bool:
        """Whether it is a case of theirs."""
        if case.channel_id is None:
            return self.server
        return self.channels is None or case.channel_id in self.channels


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows; what is None does not matter."""

    member_id: int | None = None
    moderator_id: int | None = None
    rule_id: str | None = None
    thread_id: int | None = None
    days: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list; pages count from 0."""

    cases: CasePage
    number: int
    pages: int  # at least 1

    @property
    def offset(self) -> int:
        return self.number * PAGE


class Cases:
    """The service behind ``/case`` and the buttons on notices, in the moderators' log and in direct messages."""

    def __init__(
        self,
        store: Store,
        rules: HouseRules,
        keys: ModerationKeys,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._rules = rules
        self._keys = keys
        self._clock = clock
        self._wake = wake
        self._deciding = asyncio.Lock()  # of two who decide at once, the second learns of the first

    # --- looking -------------------------------------------------------------------------------------------

    async def show(self, number: int, powers: Powers) -> Case:
        """A case, for a moderator of its channel.

        Raises:
            Declined: there is none, or whoever asks is no such moderator.
            Later, Refused: Discord could not be asked who they are; so everywhere below.
        """
        return (await self._open_to(await self._numbered(number), powers))[0]

    async def about(self, token: str, powers: Powers, visible: Container[int]) -> tuple[Case, bool]:
        """The case that a notice or an entry of the log is about, and whether whoever asks may read all of it.

        ``visible`` are the channels that they see: of a case in another they may know nothing.

        Raises:
            Declined: there is none.
        """
        case = await self._tokened(token)
        whole = (await powers(case.channel_id)).removes
        if not whole and case.channel_id not in visible:
            raise Declined(_GONE)
        return case, whole

    async def page(self, wanted: Wanted, sight: Sight, number: int = 0) -> Listed:
        """One page of the cases that are wanted, newest first; the last one where there are not so many.

        Raises:
            Declined: they moderate no channel.
        """
        if sight.blind:
            raise Declined("You lack the permission for that in this channel.")
        which = self._filter(wanted, sight)
        page = await self._store.cases(which, number * PAGE, PAGE)
        pages = max(1, -(-page.total // PAGE))
        if number >= pages:  # fewer than when the list was opened
            number = pages - 1
            page = await self._store.cases(which, number * PAGE, PAGE)
        return Listed(page, number, pages)

    async def offered(self, typed: str, sight: Sight) -> tuple[Case, ...]:
        """Cases that somebody may mean who has typed so much: a number's own first, then what it is found in."""
        if sight.blind:
            return ()
        typed = typed.strip().removeprefix("#")
        found: list[Case] = []
        if typed.isdecimal() and len(typed) <= 15:
            case = await self._store.case(int(typed))
            found = [case] if case is not None and sight.sees(case) else []
        which = self._filter(Wanted(text=typed or None), sight)
        page = await self._store.cases(which, 0, OFFERED)
        return (*found, *(case for case in page.cases if case.id not in {one.id for one in found}))[:OFFERED]

    async def files(self, case: Case) -> tuple[tuple[KeptFile, bytes], ...]:
        """What was kept of the posts' files, in their order, as far as it can be sent in one message."""
        sent: list[tuple[KeptFile, bytes]] = []
        room = SENT_BYTES
        for post in case.posts:
            for file in post.snapshot.files if post.snapshot else ():
                if file.path is None or file.size > room or len(sent) == SENT_FILES:
                    continue
                data = await self._store.kept.read(file.path)
                if data is not None:
                    sent.append((file, data))
                    room -= len(data)
        return tuple(sent)

    # --- correcting ----------------------------------------------------------------------------------------

    async def edit(
        self,
        number: int,
        powers: Powers,
        *,
        reason: str | None = None,
        next_step: str | None = None,
        rule: str | None = None,
        notice: bool = False,
    ) -> Case:
        """Correct a case; its notice and its entry in the log follow. What is left out stays as it is.

        ``next_step`` "-" takes it away. ``notice`` gives notice in the thread where none is given, or
        somebody deleted it.

        Raises:
            Declined: see the sentences; nothing was changed.
        """
        case, authority = await self._open_to(await self._numbered(number), powers)
        if not (reason or next_step or rule or notice):
            raise Declined("Say what is to be changed: the reason, what to do instead, or the rule.")
        if notice and not case.noticed:
            _require_announceable(case)
        if not (reason or case.reason or rule):
            raise Declined("Case #{number} has no reason yet: say what the post did.", number=case.id)
        wish = self._rules.wish(rule, reason or case.reason, next_step or case.next_step)
        step = "" if (next_step or "").strip() == NOTHING else wish.next_step
        named = (wish.rule.id, wish.rule.title) if wish.rule else None
        changed = await self._store.edit_case(
            case.id,
            authority.id,
            self._clock.now(),
            reason=wish.reason if wish.reason != case.reason else None,
            next_step=step if step != case.next_step else None,
            rule=named if named != (case.rule_id, case.rule_title) else None,
            noticed=True if notice and not case.noticed else None,
        )
        if not changed:
            raise Declined("That changes nothing: case #{number} says so already.", number=case.id)
        self._wake()
        return await self._numbered(number)

    async def note(self, number: int, powers: Powers, text: str) -> Case:
        """Add what moderators alone are to know.

        Raises:
            Declined: see the sentences; nothing was added.
        """
        case, authority = await self._open_to(await self._numbered(number), powers)
        words = _words(text, MAX_WORDS)
        if not words:
            raise Declined("Write something into the note.")
        if not await self._store.note_case(case.id, authority.id, words, self._clock.now()):
            raise Declined(_GONE)
        self._wake()
        return await self._numbered(number)

    # --- deciding ------------------------------------------------------------------------------------------

    async def reinstate(self, number: int, powers: Powers, why: str = "") -> Case:
        """Undo a case, be it upheld before or not: its posts are posted again, its strikes and suspensions end.

        Raises:
            Declined: it is undone already, or whoever asks may not decide about it.
        """
        async with self._deciding:
            case, authority = await self._judge(await self._numbered(number), powers)
            if case.state is CaseState.REINSTATED:
                raise _decided(case)
            await self._decide(case, Verdict.REINSTATE, authority, why)
        return await self._numbered(number)

    async def undecided(self, token: str, verdict: Verdict, powers: Powers) -> Case:
        """The case of an entry in the log whose appeal waits for this moderator's decision.

        Raises:
            Declined: somebody has decided, or they may not.
        """
        return (await self._undecided(token, verdict, powers))[0]

    async def decide(self, token: str, verdict: Verdict, powers: Powers, why: str = "") -> Case:
        """Decide about an appeal, once.

        Raises:
            Declined: as for ``undecided``.
        """
        async with self._deciding:
            case, authority = await self._undecided(token, verdict, powers)
            await self._decide(case, verdict, authority, why)
        return await self._numbered(case.id)

    async def _undecided(self, token: str, verdict: Verdict, powers: Powers) -> tuple[Case, Authority]:
        case, authority = await self._judge(await self._tokened(token), powers)
        if case.state in (CaseState.UPHELD, CaseState.REINSTATED):
            raise _decided(case)
        if verdict is Verdict.UPHOLD and all(one.appealed_at is None for one in case.members):
            raise Declined("Nobody appeals against case #{number} any more.", number=case.id)
        return case, authority

    async def _judge(self, case: Case, powers: Powers) -> tuple[Case, Authority]:
        case, authority = await self._open_to(case, powers)
        if case.kind is CaseKind.SUSPENSION:
            require_suspends(authority)
        concerned = case.member(authority.id) is not None and authority.id != case.moderator_id
        if concerned and not authority.owner:
            raise Declined("Nobody decides about a case of their own: another moderator has to.")
        return case, authority

    async def _decide(self, case: Case, verdict: Verdict, authority: Authority, why: str) -> None:
        words, now = _words(why, MAX_WHY), self._clock.now()
        decide = self._store.uphold if verdict is Verdict.UPHOLD else self._store.reinstate
        if not await decide(case.id, authority.id, words, now):
            raise _decided(await self._numbered(case.id))
        self._wake()

    # --- appealing -----------------------------------------------------------------------------------------

    async def appealable(self, case_id: int, member_id: int) -> Case:
        """The case, if this member may appeal against it now.

        Raises:
            Declined: it is not about them, decided, appealed against already, or too old.
        """
        case = await self._store.case(case_id)
        member = case.member(member_id) if case is not None else None
        if case is None or member is None or member.told is Told.NO:
            raise Declined("That case is not about you, or its data about you were erased.")
        match case.state:
            case CaseState.REINSTATED:
                raise Declined("The moderators have decided: case #{number} is undone.", number=case.id)
            case CaseState.UPHELD:
                raise Declined("The moderators have decided: case #{number} stands.", number=case.id)
        if member.appealed_at is not None:
            raise Declined(
                "You appealed {when}; the moderators have not decided yet.", when=_when(member.appealed_at)
            )
        if not self._keys.appeals:
            raise Declined("Appeals are not taken here.")
        if self._clock.now() > case.at + self._keys.appeals:
            raise Declined(
                "The time to appeal against case #{number} ended {when}.",
                number=case.id,
                when=_when(case.at + self._keys.appeals),
            )
        return case

    async def appeal(self, case_id: int, member_id: int, text: str) -> None:
        """Ask the moderators to look at a case again.

        Raises:
            Declined: as for ``appealable``, or it says nothing.
        """
        await self.appealable(case_id, member_id)
        words = _words(text, MAX_WORDS)
        if not words:
            raise Declined("Say why the moderators should look at it again.")
        if not await self._store.appeal(case_id, member_id, words, self._clock.now()):
            await self.appealable(case_id, member_id)  # tells what came between
            raise Declined(_GONE)
        self._wake()

    # --- parts ---------------------------------------------------------------------------------------------

    async def _numbered(self, number: int) -> Case:
        case = await self._store.case(number) if 0 < number <= LARGEST_ID else None
        if case is None:
            raise Declined("There is no case #{number}.", number=number)
        return case

    async def _tokened(self, token: str) -> Case:
        case = await self._store.case_by_token(token)
        if case is None:
            raise Declined(_GONE)
        return case

    async def _open_to(self, case: Case, powers: Powers) -> tuple[Case, Authority]:
        authority = await powers(case.channel_id)
        require_removes(authority)
        return case, authority

    def _filter(self, wanted: Wanted, sight: Sight) -> CaseFilter:
        return CaseFilter(
            channels=sight.channels,
            unplaced=sight.server,
            member_id=wanted.member_id,
            moderator_id=wanted.moderator_id,
            rule_id=wanted.rule_id,
            thread_id=wanted.thread_id,
            since=self._clock.now() - timedelta(days=wanted.days) if wanted.days else None,
            text=wanted.text,
        )


def _require_announceable(case: Case) -> None:
    if case.kind is CaseKind.SUSPENSION or case.thread_id is None:
        raise Declined("Case #{number} is about no thread in which notice could be given.", number=case.id)
    if case.state is CaseState.REINSTATED:
        raise Declined("Case #{number} is undone: there is nothing to give notice of.", number=case.id)


def _decided(case: Case) -> Declined:
    if not case.decided_by or case.decided_at is None:
        return Declined("Case #{number} is decided already.", number=case.id)
    who, when = f"<@{case.decided_by}>", _when(case.decided_at)
    if case.state is CaseState.UPHELD:
        return Declined(
            "Case #{number} is decided already: {member} upheld it {when}.",
            number=case.id,
            member=who,
            when=when,
        )
    return Declined(
        "Case #{number} is decided already: {member} reinstated it {when}.",
        number=case.id,
        member=who,
        when=when,
    )


def _words(text: str, most: int) -> str:
    """What was typed, within the limit that forms and options have too, which a hand-made interaction may lack."""
    return text.strip()[:most].rstrip()


def _when(moment: datetime) -> str:
    return f"<t:{int(moment.timestamp())}:R>"
