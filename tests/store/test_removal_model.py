"""Whatever happens while posts are removed, and in whatever order we hear of it, each step has been done once.

The model is Discord: its messages, notices, entries and direct messages. Members write and reply, moderators remove,
edit and reinstate, people delete what they like; events come late, in any order and twice; answers are late or lost.
When all is told and done, what Discord shows must be what the cases say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from bot.errors import StaleJob
from bot.model import CaseState, Job, JobKind, JobState, Made, Receipt, Step, Told
from tests.store.samples import BOB, CAROL, MIA, STORY, THREAD, claim, quotation, removed_post, removing, wish
from tests.store.test_discussion_model import STEPS, WEBHOOK, Machine, picks
from tests.support import START

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    from bot.model import Case

SUSPENDING = (Step(2, timedelta(days=30), timedelta(days=40)),)
ends = st.sampled_from(["done", "done", "answer late", "answer lost", "never arrived", "refused", "parked"])


@dataclass
class Ours:
    """A message that we made."""

    what: tuple[Hashable, ...]  # names what there must be one of
    shows: object = None


class Removals(Machine):
    def __init__(self, empty_store: Path) -> None:
        super().__init__(empty_store)
        self.there: dict[int, Ours | None] = {}  # None: a member's own
        self.ever: list[tuple[Hashable, ...]] = []  # what was made, gone or not
        self.made: dict[str, int] = {}  # the message by the mark under which it is looked for
        self.events: list[tuple[str, int]] = []
        self.answers: list[tuple[int, Receipt]] = []
        self.by_people: set[int] = set()
        self.by_us: set[tuple[int | None, int]] = set()  # case and message
        self.rights: object = None  # Bob's
        self.last_id = 10_000

    @initialize()
    def start(self) -> None:
        super().start()
        for _ in range(6):
            self.write()

    def fresh(self) -> int:
        self.last_id += 1
        return self.last_id

    def pick(self, pick: int) -> int | None:
        """A post in the thread."""
        posts = [
            number for number, one in self.there.items() if one is None or one.what[0] in {"post", "again"}
        ]
        return posts[pick % len(posts)] if posts else None

    # --- people ---

    def write(self) -> None:
        message_id = self.fresh()
        self.there[message_id] = None
        self.run(self.store.saw_post(STORY, THREAD, message_id, BOB, Made.NATIVE, START))

    @rule(pick=picks)
    def a_member_replies(self, pick: int) -> None:
        source = self.pick(pick)
        if source is not None:
            message_id = self.fresh()
            self.there[message_id] = None
            wished = wish(message_id, quotation(source), author_id=BOB)
            if self.run(self.store.contribute(wished, START)) is None:
                self.run(self.store.saw_post(STORY, THREAD, message_id, BOB, Made.NATIVE, START))

    @rule(some=st.lists(picks, min_size=1, max_size=2, unique=True))
    def a_moderator_removes(self, some: list[int]) -> None:
        self.remove(some)

    @rule(one=picks, tries=st.lists(st.tuples(ends, picks), min_size=1, max_size=4))
    def a_moderator_removes_and_we_work(self, one: int, tries: list[tuple[str, int]]) -> None:
        self.remove([one])
        self.we_work(tries)

    def remove(self, some: list[int]) -> None:
        targets = {found for one in some if (found := self.pick(one)) is not None}
        if targets:
            posts = [removed_post(one, (BOB, CAROL)[one % 2], f"words {one}") for one in sorted(targets)]
            new = removing(*posts, origin=self.fresh(), steps=SUSPENDING)
            opened = self.run(self.store.open_case(new, START))
            if opened.case_id is not None:
                assert self.run(self.store.open_case(new, START)).case_id == opened.case_id

    def case(self, pick: int) -> Case | None:
        cases = self.cases()
        return cases[pick % len(cases)] if cases else None

    def cases(self) -> list[Case]:
        ids = [number for (number,) in self.rows("SELECT id FROM moderation_case ORDER BY id")]
        return [self.run(self.store.case(number)) for number in ids]

    @rule(pick=picks)
    def a_moderator_reinstates(self, pick: int) -> None:
        case = self.case(pick)
        if case is not None:
            self.run(self.store.reinstate(case.id, MIA, "no", START))

    @rule(pick=picks, what=st.sampled_from(["edit", "note", "appeal", "uphold"]))
    def a_case_changes(self, pick: int, what: str) -> None:
        case = self.case(pick)
        if case is None:
            return
        match what:
            case "edit":
                self.run(self.store.edit_case(case.id, MIA, START, reason=f"reason {pick % 3}"))
            case "note":
                self.run(self.store.note_case(case.id, MIA, "a note", START))
            case "appeal":
                self.run(self.store.appeal(case.id, (BOB, CAROL)[pick % 2], "no", START))
            case _:
                self.run(self.store.uphold(case.id, MIA, "yes", START))

    @rule(pick=picks)
    def a_person_deletes(self, pick: int) -> None:
        if self.there:
            message_id = list(self.there)[pick % len(self.there)]
            self.by_people.add(message_id)
            self.vanish(message_id)

    def vanish(self, message_id: int) -> None:
        if message_id in self.there:
            del self.there[message_id]
            self.events.append(("deleted", message_id))

    # --- what we hear ---

    @precondition(lambda self: self.events)
    @rule(pick=picks, again=st.booleans())
    def an_event_comes(self, pick: int, again: bool) -> None:
        event = self.events[pick % len(self.events)]
        if not again:
            self.events.remove(event)
        self.hear(*event)

    def hear(self, what: str, message_id: int) -> None:
        if what == "deleted":
            self.run(self.store.lost([message_id], START))
        else:
            self.run(self.store.saw_post(STORY, THREAD, message_id, None, Made.WEBHOOK, START, WEBHOOK))

    @precondition(lambda self: self.answers)
    @rule(pick=picks)
    def an_answer_comes(self, pick: int) -> None:
        self.run(self.store.settle(*self.answers.pop(pick % len(self.answers)), None))

    @rule()
    def the_program_restarts(self) -> None:
        self.answers.clear()
        self.run(self.store.recover())

    # --- what we do ---

    @rule(tries=st.lists(st.tuples(ends, picks), min_size=1, max_size=4))
    def we_work(self, tries: list[tuple[str, int]]) -> None:
        for end, pick in tries:
            jobs = [job for job in self.due() if job.state is not JobState.SENDING]
            if jobs:
                self.work(jobs[pick % len(jobs)], end)

    def due(self) -> list[Job]:
        return [
            job for job in self.run(self.store.next_jobs()) if job.not_before < START + timedelta(hours=1)
        ]

    def work(self, job: Job, end: str) -> None:
        if job.state is JobState.UNKNOWN:
            self.look(job)
            return
        self.run(claim(self.store, self.clock, job))
        if end == "refused":
            self.run(self.store.postpone(job.id, START, "429"))
        elif end == "parked" and job.kind is JobKind.TAKE_DOWN:
            self.run(self.store.park(job.id, "forbidden"))
        elif end == "never arrived":
            self.run(self.store.doubt(job.id, "reset"))
        elif (receipt := self.perform(job)) is None:
            self.run(self.store.removed(job.id, "unknown message"))
        elif end == "answer late":
            self.answers.append((job.id, receipt))
        elif end == "answer lost":
            self.run(self.store.doubt(job.id, "reset"))
        else:
            self.run(self.store.settle(job.id, receipt, None))

    def perform(self, job: Job) -> Receipt | None:
        """Discord's answer; None: what was to be changed is gone."""
        match job.kind:
            case JobKind.TAKE_DOWN:
                stands, message_id = self.targets(job)
                for one in {stands, message_id} & self.there.keys():
                    self.by_us.add((job.case_id, one))
                    self.vanish(one)
                return Receipt(stands)
            case JobKind.NOTICE | JobKind.ENTER:
                case, known, token = self.shown(job)
                if job.kind is JobKind.NOTICE and not case.noticed:
                    return Receipt()  # a person deleted it before we learnt which message it was
                return self.show(known, token, (job.kind, case.id), shows(case))
            case JobKind.TELL:
                return self.show(
                    None, job.token, (job.kind, job.case_id, job.subject_id, job.payload["about"]), None
                )
            case JobKind.QUOTE:
                assert job.post_id is not None
                wished = self.run(self.store.contribution(job.post_id))
                if wished is None or (wished.native_id is not None and wished.native_id not in self.there):
                    return None
                what = ("again", *wished.restores) if wished.restores else ("post", wished.origin)
                receipt = self.show(None, job.token, what, None)
                assert receipt is not None
                self.events.append(("ours", receipt.message_id or 0))
                return Receipt(receipt.message_id, webhook_id=WEBHOOK, words=wished.words or "answer")
            case JobKind.REPLACE:
                self.vanish(int(job.payload["message"]))
            case JobKind.DELETE:
                assert job.post_id is not None
                details = self.run(self.store.post_by_id(job.post_id))
                self.vanish(details.post.message_id)
            case JobKind.RIGHTS if job.subject_id == BOB:
                self.rights = self.run(self.store.suspended_until(BOB, self.clock.now()))
        return Receipt()

    def targets(self, job: Job) -> tuple[int, int]:
        assert job.subject_id is not None
        return self.run(self.store.stands_for(job.subject_id)), job.subject_id

    def shown(self, job: Job) -> tuple[Case, int | None, str]:
        assert job.case_id is not None
        case = self.run(self.store.case(job.case_id))
        if job.kind is JobKind.NOTICE:
            return case, case.notice_id, case.token
        return case, case.log_id, case.log_token

    def show(
        self, message_id: int | None, token: str, what: tuple[Hashable, ...], content: object
    ) -> Receipt | None:
        if message_id is None:
            message_id = self.fresh()
            self.there[message_id] = Ours(what)
            self.ever.append(what)
            self.made[token] = message_id
        one = self.there.get(message_id)
        if one is None:
            return None
        one.shows = content
        return Receipt(message_id)

    def look(self, job: Job) -> None:
        """Find out what became of an attempt, as the deeds do."""
        found: Receipt | None = None
        if job.kind is JobKind.TAKE_DOWN:
            stands, message_id = self.targets(job)
            found = None if self.there.keys() & {stands, message_id} else Receipt(stands)
        elif job.kind in {JobKind.NOTICE, JobKind.ENTER}:
            _, known, token = self.shown(job)
            found = self.find(job, token) if known is None else None
        elif job.kind in {JobKind.TELL, JobKind.QUOTE}:
            found = self.find(job, job.token)
        if found is None:
            self.run(self.store.clear(job.id, START))
        elif found.message_id not in self.there and job.kind is not JobKind.TAKE_DOWN:
            self.run(self.store.removed(job.id, "it was posted, and deleted"))
        else:
            self.run(self.store.settle(job.id, found, None))

    def find(self, job: Job, token: str) -> Receipt | None:
        message_id = self.made.get(token)
        if message_id is not None and job.kind is JobKind.QUOTE:
            return Receipt(message_id, webhook_id=WEBHOOK, words="answer")
        return None if message_id is None else Receipt(message_id)

    # --- in the end ---

    def end(self) -> None:
        for job_id, receipt in self.answers:
            self.run(self.store.settle(job_id, receipt, None))
        for (job_id,) in self.rows("SELECT id FROM job WHERE state = 'parked'"):
            self.run(self.store.unpark(job_id))
        while (jobs := self.due()) or self.events:
            for event in self.events:
                self.hear(*event)
            self.events.clear()
            for job in jobs:
                try:
                    self.work(job, "done")
                except StaleJob:
                    continue
        for case in self.cases():
            self.check(case)
        gone = {one.message_id for one in self.run(self.store.disappeared(START + timedelta(days=1)))}
        assert gone <= self.by_people - {message_id for _, message_id in self.by_us}
        assert self.rights == self.run(self.store.suspended_until(BOB, START))

    def check(self, case: Case) -> None:
        assert case.state is not CaseState.OPEN
        undone = case.state is CaseState.REINSTATED
        for post in case.posts:
            either = {post.message_id, self.run(self.store.stands_for(post.message_id))}
            if not undone:
                assert not self.there.keys() & either
            if not undone or any((case.id, one) in self.by_us for one in either):
                assert post.gone_at is not None
            again = self.ever.count(("again", case.id, post.message_id))
            assert again == (undone and post.gone_at is not None)
        gone = any(post.gone_at for post in case.posts)
        self.check_shown(case, JobKind.NOTICE, case.notice_id, gone and case.noticed)
        self.check_shown(case, JobKind.ENTER, case.log_id, wanted=True)
        for member in case.members:
            told = self.ever.count((JobKind.TELL, case.id, member.member_id, "case"))
            assert told == (member.told is Told.TOLD)
            assert self.ever.count((JobKind.TELL, case.id, member.member_id, "decision")) <= 2

    def check_shown(self, case: Case, kind: JobKind, message_id: int | None, wanted: bool) -> None:
        number = self.ever.count((kind, case.id))
        if kind is JobKind.NOTICE or not self.by_people:
            assert number <= 1
        one = self.there.get(message_id or 0)
        if one is not None:
            assert one.shows == shows(case)
        elif wanted:
            assert number
            assert self.by_people, "nobody deleted it"


def shows(case: Case) -> tuple[object, ...]:
    """What notice and entry tell of a case."""
    return case.state, case.reason, tuple(bool(post.gone_at) for post in case.posts)


@pytest.mark.slow
def test_each_step_is_done_once(empty_store: Path) -> None:
    """The machine, whatever it does."""
    steps = settings(STEPS, max_examples=10, stateful_step_count=60)
    run_state_machine_as_test(lambda: Removals(empty_store), settings=steps)
