"""Cases, as the service has them: who may see, correct and decide them, and who may appeal."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import Declined
from bot.model import (
    Case,
    CaseKind,
    CasePost,
    CaseState,
    EventKind,
    JobKind,
    KeptFile,
    Made,
    NewCase,
    Receipt,
    Snapshot,
)
from bot.moderation.cases import MAX_WORDS, PAGE, Cases, Sight, Verdict, Wanted
from bot.moderation.rules import HouseRules
from bot.newsroom.authority import Authority
from bot.settings.keys import ModerationKeys, RulesKeys
from bot.store import Store
from tests.store.samples import CHANNEL, THREAD, claim, opened

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.support import StillClock

MIA, MAX, BOB = 401, 402, 302
ALL = Sight(None, server=True)
DENIED = "You lack the permission for that in this channel."


class Someone:
    """Who asks, with what Discord lets them do: an answer for each channel, given as often as it is asked for."""

    def __init__(self, id_: int, *channels: int | None, owner: bool = False, suspends: bool = False) -> None:
        self.id = id_
        self.channels = channels
        self.owner = owner
        self.suspends = suspends

    async def __call__(self, channel_id: int | None) -> Authority:
        return Authority(
            id=self.id,
            name=f"member {self.id}",
            removes=channel_id in self.channels,
            arranges=False,
            suspends=self.suspends,
            owner=self.owner,
            rank=1,
        )


mia, max_ = Someone(MIA, CHANNEL, None), Someone(MAX, CHANNEL, None)


@dataclass
class House:
    """The service and what it stands on."""

    cases: Cases
    store: Store
    clock: StillClock
    wakes: list[None]

    async def remove(self, post: int = 6001, *, done: bool = True, **changes: Any) -> Case:
        """A case of Mia's about a post of Bob's, taken down unless ``done`` is False."""
        now = self.clock.now()
        snapshot = Snapshot(content="He was paid.", words="He was paid.")
        there = CasePost(post, THREAD, BOB, "Bob", "", Made.NATIVE, now, snapshot)
        fields: dict[str, Any] = {
            "origin": post,
            "kind": CaseKind.REMOVAL,
            "moderator_id": MIA,
            "reason": "claimed a member was paid",
            "story_id": 1,
            "posts": (there,),
        }
        opened = await self.store.open_case(NewCase(**(fields | changes)), now)
        assert opened.case_id is not None
        if done:
            await self.perform(JobKind.TAKE_DOWN)
        return await self.case(opened.case_id)

    async def suspend(self, **changes: Any) -> Case:
        fields = {"kind": CaseKind.SUSPENSION, "story_id": None, "posts": (), "member": (BOB, "Bob")}
        return await self.remove(
            **({"done": False, "noticed": False, "suspend": timedelta(days=1)} | fields | changes)
        )

    async def perform(self, kind: JobKind) -> None:
        """Perform the jobs of a kind that are due, as far as the store is concerned."""
        for job in await self.store.next_jobs():
            if job.kind == kind:
                await self.store.settle((await claim(self.store, self.clock, job)).id, Receipt(), None)

    async def case(self, number: int) -> Case:
        case = await self.store.case(number)
        assert case is not None
        return case

    async def waiting(self) -> set[JobKind]:
        return {job.kind for job in await self.store.next_jobs()}


@pytest.fixture
async def store(store: Store, clock: StillClock) -> Store:
    """With a story in it."""
    await opened(store, clock)
    return store


@pytest.fixture
def open_house(store: Store, clock: StillClock, rules: RulesKeys) -> Callable[..., House]:
    def build(**keys: Any) -> House:
        wakes: list[None] = []
        service = Cases(
            store, HouseRules(rules.rules), ModerationKeys(**keys), clock, lambda: wakes.append(None)
        )
        return House(service, store, clock, wakes)

    return build


@pytest.fixture
def house(open_house: Callable[..., House]) -> House:
    return open_house()


async def declined(doing: Awaitable[Any]) -> str:
    """The sentence with which it is declined."""
    with pytest.raises(Declined) as raised:
        await doing
    return str(raised.value)


# --- who sees what -------------------------------------------------------------------------------------------


async def test_only_moderators_of_its_channel_use_a_case(house: House) -> None:
    """Everybody else is refused by every method, told nothing, and changes nothing."""
    case = await house.remove()
    assert await house.store.appeal(case.id, BOB, "why", house.clock.now())
    case = await house.case(case.id)
    cases = house.cases
    for stranger in (Someone(1), Someone(1, CHANNEL + 1, None), Someone(1, owner=True)):
        for doing in (
            cases.show(case.id, stranger),
            cases.edit(case.id, stranger, reason="said something else"),
            cases.note(case.id, stranger, "a note"),
            cases.reinstate(case.id, stranger),
            cases.undecided(case.log_token, Verdict.UPHOLD, stranger),
            cases.decide(case.log_token, Verdict.REINSTATE, stranger),
        ):
            assert await declined(doing) == DENIED
        assert await cases.about(case.token, stranger, {CHANNEL}) == (case, False)
        assert "kept no longer" in await declined(cases.about(case.token, stranger, {CHANNEL + 1}))
    assert await house.case(case.id) == case
    assert await cases.show(case.id, mia) == case
    assert await cases.about(case.log_token, mia, ()) == (case, True)
    assert await declined(cases.show(99, mia)) == "There is no case #99."
    assert "kept no longer" in await declined(cases.about("token99999999", mia, {CHANNEL}))


async def test_lists_show_what_one_may_see(house: House) -> None:
    """Cases of one's channels; those of no channel for who moderates the server; nothing to nobody."""
    removal, suspension = await house.remove(), await house.suspend(origin=7)
    for sight, seen in (
        (ALL, [suspension.id, removal.id]),
        (Sight(frozenset({CHANNEL}), server=True), [suspension.id, removal.id]),
        (Sight(frozenset({CHANNEL}), server=False), [removal.id]),
        (Sight(frozenset({CHANNEL + 1}), server=True), [suspension.id]),
        (Sight(frozenset({CHANNEL + 1}), server=False), []),
    ):
        listed = await house.cases.page(Wanted(), sight)
        assert [case.id for case in listed.cases.cases] == seen
        assert listed.cases.total == len(seen)
        assert [case.id for case in await house.cases.offered("", sight)] == seen
        numbered = await house.cases.offered(f"#{suspension.id}", sight)
        assert (suspension.id in [case.id for case in numbered]) == (suspension.id in seen)
    nobody = Sight(frozenset(), server=False)
    assert await declined(house.cases.page(Wanted(), nobody)) == DENIED
    assert await house.cases.offered(str(removal.id), nobody) == ()


async def test_pages_and_filters(house: House) -> None:
    """Pages of ten, the last one where a later is asked for; what is wanted narrows them down."""
    numbers = [(await house.remove(6000 + n, done=False)).id for n in range(PAGE + 2)]
    house.clock.advance(timedelta(days=3).total_seconds())
    late = await house.remove(
        7001, moderator_id=MAX, rule_id="paid", rule_title="No accusations", reason="was sold"
    )
    await house.store.note_case(numbers[0], MIA, "Ask the Editor", house.clock.now())

    first, second = [await house.cases.page(Wanted(), ALL, number) for number in (0, 1)]
    shown = [case.id for page in (first, second) for case in page.cases.cases]
    assert shown == [late.id, *reversed(numbers)]
    assert (first.pages, first.offset, second.offset) == (2, 0, PAGE)
    assert await house.cases.page(Wanted(), ALL, 9) == second

    for wanted, found in (
        (Wanted(moderator_id=MAX), [late.id]),
        (Wanted(rule_id="paid"), [late.id]),
        (Wanted(days=2), [late.id]),
        (Wanted(member_id=BOB, thread_id=THREAD, moderator_id=MAX), [late.id]),
        (Wanted(text="the editor"), [numbers[0]]),
        (Wanted(member_id=BOB + 1), []),
        (Wanted(thread_id=THREAD + 1), []),
    ):
        assert [case.id for case in (await house.cases.page(wanted, ALL)).cases.cases] == found
    assert [case.id for case in await house.cases.offered(" SOLD ", ALL)] == [late.id]
    assert (await house.cases.offered(f"#{numbers[0]}", ALL))[0].id == numbers[0]


async def test_kept_files_are_sent_as_far_as_they_fit(house: House) -> None:
    """In their order; what was not kept, is gone, or is too large is left out."""
    case = await house.remove()
    paths = await house.store.kept.keep(case.id, 6001, [b"one", b"x" * (8 * 1024 * 1024), b"two", b"lost"])
    kept = tuple(
        KeptFile(name, size, path)
        for name, size, path in (
            ("one.txt", 3, paths[0]),
            ("large.bin", 8 * 1024 * 1024, paths[1]),
            ("never.txt", 5, None),
            ("lost.txt", 4, paths[3]),
            ("two.txt", 3, paths[2]),
        )
    )
    await house.store.kept.drop([paths[3]])
    await house.store.files_kept(case.id, 6001, kept)
    sent = await house.cases.files(await house.case(case.id))
    assert [(file.name, data) for file, data in sent] == [("one.txt", b"one"), ("two.txt", b"two")]


# --- correcting ------------------------------------------------------------------------------------------------


async def test_an_edit_changes_what_is_given(house: House) -> None:
    """The rest stays; the former reason is on record; notice and log follow; what changes nothing is declined."""
    case = await house.remove()
    edited = await house.cases.edit(case.id, max_, reason="Removed a post that named a source.")
    assert (edited.reason, edited.next_step, edited.rule_id) == ("named a source", "", None)
    (event,) = edited.events
    assert (event.by, event.kind, event.text) == (MAX, EventKind.EDITED, case.reason)
    assert {JobKind.NOTICE, JobKind.ENTER} <= await house.waiting()
    assert house.wakes

    ruled = await house.cases.edit(case.id, mia, rule="no accusations without evidence")
    assert (ruled.rule_id, ruled.reason) == ("paid", "named a source")
    assert ruled.next_step == "If you have evidence, forward it to support."
    asked = await house.cases.edit(case.id, mia, next_step="  Ask\nus. ")
    assert (asked.rule_id, asked.next_step) == ("paid", "Ask us.")
    assert (await house.cases.edit(case.id, mia, next_step="-")).next_step == ""

    before = await house.case(case.id)
    for wish, sentence in (
        ({}, "Say what is to be changed"),
        ({"reason": "named a source"}, "changes nothing"),
        ({"notice": True}, "changes nothing"),
        ({"reason": "x" * 401}, "longer than 400 characters"),
        ({"next_step": "x" * 301}, "longer than 300 characters"),
        ({"rule": "never heard of"}, "There is no such rule"),
    ):
        assert sentence in await declined(house.cases.edit(case.id, mia, **wish))
    assert await house.case(case.id) == before


async def test_a_deletion_by_hand_gets_a_notice_afterwards(house: House) -> None:
    """Once it has a reason, its own or a rule's; what is about no thread, or undone, can't."""
    outside = await house.remove(kind=CaseKind.OUTSIDE, reason="", noticed=False, tell=False, done=False)
    assert "has no reason yet" in await declined(house.cases.edit(outside.id, mia, notice=True))
    noticed = await house.cases.edit(outside.id, mia, notice=True, rule="off-topic")
    assert (noticed.noticed, noticed.reason) == (True, "was about something else")
    assert JobKind.NOTICE in await house.waiting()

    suspension = await house.suspend(origin=7)
    assert "about no thread" in await declined(house.cases.edit(suspension.id, mia, notice=True))
    undone = await house.remove(6002, kind=CaseKind.OUTSIDE, noticed=False, tell=False, done=False)
    await house.cases.reinstate(undone.id, mia)
    assert "is undone" in await declined(house.cases.edit(undone.id, mia, notice=True))


async def test_notes(house: House) -> None:
    """They are on record, within their limit however they were sent; empty ones are not."""
    case = await house.remove()
    noted = await house.cases.note(case.id, max_, f" Seen before. {'x' * 2000}")
    (event,) = noted.events
    assert (event.by, event.kind, len(event.text)) == (MAX, EventKind.NOTED, MAX_WORDS)
    assert "Write something" in await declined(house.cases.note(case.id, max_, " \n "))


# --- deciding --------------------------------------------------------------------------------------------------


async def test_an_appeal_is_decided_once(house: House) -> None:
    """Of two moderators at once the second is told who decided; the one who removed the post may decide."""
    case = await house.remove()
    nobody = await declined(house.cases.decide(case.log_token, Verdict.UPHOLD, mia))
    assert "Nobody appeals" in nobody
    await house.cases.appeal(case.id, BOB, "It was a joke.")
    assert (await house.cases.undecided(case.log_token, Verdict.UPHOLD, mia)).id == case.id

    results = await asyncio.gather(
        house.cases.decide(case.log_token, Verdict.UPHOLD, mia, " It was\u00a0not. "),
        house.cases.decide(case.log_token, Verdict.REINSTATE, max_),
        return_exceptions=True,
    )
    upheld, refused = results
    assert isinstance(upheld, Case)
    assert (upheld.state, upheld.decided_by, upheld.events[-1].text) == (
        CaseState.UPHELD,
        MIA,
        "It was\u00a0not.",
    )
    assert f"is decided already: <@{MIA}> upheld it" in str(refused)
    assert f"<@{MIA}> upheld it" in await declined(
        house.cases.undecided(case.log_token, Verdict.REINSTATE, max_)
    )


async def test_a_case_is_reinstated_once_also_when_it_was_upheld(house: House) -> None:
    """By whom, and that it is undone, is told to the next who tries."""
    case = await house.remove()
    await house.cases.appeal(case.id, BOB, "It was a joke.")
    await house.cases.decide(case.log_token, Verdict.UPHOLD, mia)
    reinstated = await house.cases.reinstate(case.id, max_, "It was a joke indeed.")
    assert (reinstated.state, reinstated.decided_by) == (CaseState.REINSTATED, MAX)
    assert [post.restored_id is not None for post in reinstated.posts] == [True]
    assert {JobKind.QUOTE, JobKind.NOTICE} <= await house.waiting()
    for doing in (
        house.cases.reinstate(case.id, mia),
        house.cases.decide(case.log_token, Verdict.UPHOLD, mia),
    ):
        assert f"<@{MAX}> reinstated it" in await declined(doing)


async def test_nobody_decides_about_a_case_of_their_own(house: House) -> None:
    """But the server's owner, and who removed their own post."""
    mine = replace(Snapshot("Mine.", "Mine."))
    posts = tuple(
        CasePost(6001 + n, THREAD, who, "x", "", Made.NATIVE, house.clock.now(), mine)
        for n, who in enumerate((MAX, MIA, MAX))
    )
    others, own, owners = [await house.remove(post.message_id, posts=(post,)) for post in posts]
    sentence = await declined(house.cases.reinstate(others.id, max_))
    assert "case of their own" in sentence
    assert (await house.cases.reinstate(own.id, mia)).state is CaseState.REINSTATED
    owner = Someone(MAX, CHANNEL, owner=True)
    assert (await house.cases.reinstate(owners.id, owner)).state is CaseState.REINSTATED


async def test_a_suspension_is_undone_by_who_may_suspend(house: House) -> None:
    """Removing posts is not enough."""
    case = await house.suspend()
    assert await declined(house.cases.reinstate(case.id, mia)) == DENIED
    undone = await house.cases.reinstate(case.id, Someone(MAX, None, suspends=True))
    assert undone.state is CaseState.REINSTATED
    assert await house.store.suspended_until(BOB, house.clock.now()) is None


# --- appealing -------------------------------------------------------------------------------------------------


async def test_an_appeal_is_made_once_in_time_by_whom_it_is_about(house: House) -> None:
    """Everybody else, and every second one, is declined; after the decision its outcome is told."""
    case = await house.remove()
    for stranger in (MIA, 1, 0):
        assert "not about you" in await declined(house.cases.appealable(case.id, stranger))
    assert "not about you" in await declined(house.cases.appeal(case.id + 1, BOB, "why"))
    assert "Say why" in await declined(house.cases.appeal(case.id, BOB, " \n "))

    await house.cases.appealable(case.id, BOB)
    await house.cases.appeal(case.id, BOB, f" It was a joke. {'x' * 2000}")
    member = (await house.case(case.id)).member(BOB)
    assert member is not None
    assert member.appeal is not None
    assert (member.appeal[:15], len(member.appeal)) == ("It was a joke. ", MAX_WORDS)
    assert JobKind.ENTER in await house.waiting()
    assert "You appealed" in await declined(house.cases.appeal(case.id, BOB, "again"))

    await house.cases.decide(case.log_token, Verdict.UPHOLD, mia)
    assert "stands" in await declined(house.cases.appealable(case.id, BOB))
    await house.cases.reinstate(case.id, mia)
    assert "is undone" in await declined(house.cases.appeal(case.id, BOB, "again"))


async def test_appeals_have_their_time(open_house: Callable[..., House]) -> None:
    """As long as configured, from when the case was opened; none where they are turned off."""
    house = open_house(appeals="1d")
    case = await house.remove()
    house.clock.advance(timedelta(days=1).total_seconds())
    await house.cases.appealable(case.id, BOB)
    house.clock.advance(1)
    assert "The time to appeal" in await declined(house.cases.appeal(case.id, BOB, "why"))

    without = open_house(appeals="0s")
    assert "not taken" in await declined(without.cases.appealable(case.id, BOB))


async def test_who_was_not_told_has_no_button_to_appeal_with(house: House) -> None:
    """A made-up one is no use to them."""
    case = await house.remove(tell=False)
    assert "not about you" in await declined(house.cases.appeal(case.id, BOB, "why"))
