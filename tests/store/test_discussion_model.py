"""Whatever happens to a conversation, and in whatever order we hear of it, its quotes end up true.

The model is Discord: which messages there are, what they quote, who reacted. The machines let members write, edit,
delete and react, deliver the events of that late, in any order and twice, and perform jobs as a publisher does, whose
answers may be lost. When all is told and done, what Discord shows must be what ought to be there.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from sqlite3 import connect
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.model import Job, JobKind, JobState, Made, QuoteMode, Reacted, Receipt
from bot.store import Store, check
from tests.store.samples import BOB, PAUSE, STORY, THREAD, claim, opened, quotation, wish
from tests.support import START, StillClock

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.model import Contribution

picks = st.integers(min_value=0, max_value=999)
SINCE = START - timedelta(days=1)
WEBHOOK = 77
HEART, THUMB, LAUGH = "❤️", "👍", "😂"
NAMED = frozenset({HEART, THUMB})
STEPS = settings(
    max_examples=25,
    stateful_step_count=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # as in test_outbox_model.py
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


class Machine(RuleBasedStateMachine):
    """A store with one open story."""

    def __init__(self, empty_store: Path) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory(dir=empty_store.parent)
        self.path = Path(self.folder.name) / "n.db"
        shutil.copy(empty_store, self.path)
        self.url = f"sqlite+aiosqlite:///{self.path}"
        self.clock = StillClock()

    @initialize()
    def start(self) -> None:
        self.store: Store = self.run(Store.open(self.url, self.clock))
        self.run(opened(self.store, self.clock))

    def teardown(self) -> None:
        try:
            self.end()
        finally:
            self.run(self.store.close())
            self.runner.close()
            problems = asyncio.run(check(self.url))
            self.folder.cleanup()
        assert problems == []

    def end(self) -> None:
        """Let everything come to rest, and look."""

    def run(self, step: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(step)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            return connection.execute(statement).fetchall()

    def jobs(self, *kinds: JobKind) -> list[Job]:
        return [job for job in self.run(self.store.next_jobs()) if job.kind in kinds]


# --- quotes ----------------------------------------------------------------------------------------------


@dataclass
class Message:
    text: str
    origin: int | None = None  # of the contribution, if it is ours
    webhook: bool = False
    shows: list[tuple[int, str]] = field(default_factory=list)  # sources and words, as last written


class Conversation(Machine):
    def __init__(self, empty_store: Path) -> None:
        super().__init__(empty_store)
        self.there: dict[int, Message] = {}
        self.events: list[tuple[str, int]] = []
        self.answers: list[tuple[int, Receipt]] = []  # of requests whose answers are on their way
        self.texts: dict[int, str] = {}  # the newest words of every native message
        self.wanted: set[int] = set()  # origins of what we were to post
        self.touched: dict[int, int] = {}  # origins by message: what a person deleted, or whose reply one did
        self.unwanted: set[int] = set()  # origins of what must not be there in the end
        self.last_id = 10_000

    def fresh(self) -> int:
        self.last_id += 1
        return self.last_id

    def pick(self, pick: int, fits: Callable[[Message], bool] = lambda _: True) -> int | None:
        found = [number for number, message in self.there.items() if fits(message)]
        return found[pick % len(found)] if found else None

    # --- members ---

    def write(self, text: str, replies_to: int | None = None) -> int:
        message_id = self.fresh()
        self.there[message_id] = Message(text)
        self.texts[message_id] = text
        self.events.append(("create" if replies_to is None else f"reply {replies_to}", message_id))
        return message_id

    @rule()
    def a_member_writes(self) -> None:
        self.write("words")

    @rule(pick=picks)
    def a_member_replies(self, pick: int) -> None:
        source = self.pick(pick)
        if source is not None:
            self.write("answer", source)

    @rule(some=st.lists(picks, min_size=1, max_size=3))
    def a_member_fills_in_the_form(self, some: list[int]) -> None:
        sources = [source for one in some if (source := self.pick(one)) is not None]
        quotations = [quotation(source, self.there[source].text) for source in sources]
        self.contribute(wish(None, *quotations, origin=self.fresh()))

    def contribute(self, wished: Contribution) -> None:
        if self.run(self.store.contribute(wished, START)) is not None:
            self.wanted.add(wished.origin)

    @rule(pick=picks, text=st.sampled_from(["a", "b", "c"]))
    def a_member_edits(self, pick: int, text: str) -> None:
        message_id = self.pick(pick, lambda message: message.text in {"words", "a", "b", "c"})
        if message_id is not None:
            self.there[message_id].text = self.texts[message_id] = text
            self.events.append(("edit", message_id))

    @rule(pick=picks)
    def a_person_deletes(self, pick: int) -> None:
        message_id = self.pick(pick)
        if message_id is not None:
            origin = self.there[message_id].origin
            self.touched[message_id] = message_id if origin is None else origin
            self.vanish(message_id)

    @rule(pick=picks)
    def an_author_takes_a_post_back(self, pick: int) -> None:
        found = self.rows("SELECT id, origin FROM post WHERE origin IS NOT NULL")
        if found:
            post_id, origin = found[pick % len(found)]
            self.run(self.store.take_back(post_id, START))
            self.unwanted.add(origin)

    def vanish(self, message_id: int) -> None:
        if self.there.pop(message_id, None) is not None:
            self.events.append(("delete", message_id))

    # --- what we hear ---

    @precondition(lambda self: self.events)
    @rule(pick=picks, again=st.booleans())
    def an_event_comes(self, pick: int, again: bool) -> None:
        event = self.events[pick % len(self.events)]
        if not again:
            self.events.remove(event)
        self.hear(*event)

    def hear(self, what: str, message_id: int) -> None:
        store = self.store
        what, _, source = what.partition(" ")
        if what == "delete":
            replaced = "SELECT id FROM post WHERE made = 'webhook' AND message_id IS NOT NULL AND native_id"
            if message_id in self.touched and not self.rows(f"{replaced} = {message_id}"):
                self.unwanted.add(self.touched[message_id])
            self.run(store.lost([message_id], START))
        elif what == "ours":
            self.run(store.saw_post(STORY, THREAD, message_id, None, Made.WEBHOOK, START, WEBHOOK))
        elif what == "edit":
            text = self.texts[message_id]
            self.run(store.requote({one.id: text for one in self.run(store.quotes_of(message_id))}, START))
        else:
            if source and int(source) in self.there:
                quoted = quotation(int(source), self.there[int(source)].text)
                mode = QuoteMode.COMPANION if message_id % 3 == 0 else QuoteMode.REPOST
                self.contribute(wish(message_id, quoted, mode=mode))
            self.run(store.saw_post(STORY, THREAD, message_id, BOB, Made.NATIVE, START))

    # --- what we do ---

    @rule(end=st.sampled_from(["done", "answer late", "answer lost", "never arrived", "refused", "too long"]))
    def we_post(self, end: str) -> None:
        for job in self.jobs(JobKind.QUOTE):
            if job.state is JobState.PENDING:
                self.attempt(job, end)
            elif job.state is JobState.UNKNOWN:
                self.look(job)

    def attempt(self, job: Job, end: str) -> None:
        assert job.post_id is not None
        self.run(claim(self.store, self.clock, job))
        wished = self.run(self.store.contribution(job.post_id))
        if end == "refused":
            self.run(self.store.postpone(job.id, START, "429"))
            return
        if wished.words is None and wished.native_id not in self.there:
            self.run(self.store.removed(job.id, "the reply is gone"))
            return
        if end != "never arrived":
            receipt = self.post(job.post_id, end == "too long")
            if end in {"done", "too long"}:
                self.settle(job.id, receipt)
            elif end == "answer late":
                self.answers.append((job.id, receipt))
                return
        if end in {"answer lost", "never arrived"}:
            self.run(self.store.doubt(job.id, "reset"))

    def post(self, post_id: int, too_long: bool) -> Receipt:
        """What Discord has after our request: the post, as the store has it at that moment."""
        wished = self.run(self.store.contribution(post_id))
        companion = wished.native_id is not None and wished.words is None
        companion &= too_long or wished.mode is QuoteMode.COMPANION
        message_id = self.fresh()
        words = wished.words or "answer"
        self.there[message_id] = Message(words, wished.origin, not companion, self.quotes(post_id))
        self.events.append(("ours", message_id))
        return Receipt(message_id, webhook_id=None if companion else WEBHOOK, words=words)

    def settle(self, job_id: int, receipt: Receipt) -> None:
        self.run(self.store.settle(job_id, receipt, None))

    def quotes(self, post_id: int) -> list[tuple[int, str]]:
        quotes = self.run(self.store.post_by_id(post_id)).quotes
        return [(one.quotation.source_id, one.quotation.text) for one in quotes]

    def look(self, job: Job) -> None:
        """By then all that Discord had to tell of our posts has come."""
        for event in [one for one in self.events if one[0] == "ours"]:
            self.events.remove(event)
            self.hear(*event)
        unclaimed = self.run(self.store.unclaimed(STORY, SINCE))
        claimed = self.run(self.store.claimed(STORY, SINCE))
        found = [
            number
            for number, message in self.there.items()
            if message.origin is not None and number not in claimed
        ]
        assert len(found) <= 1, "two posts in doubt"
        if any(post.deleted_at is not None for post in unclaimed):
            self.run(self.store.removed(job.id, "deleted"))
        elif found:
            message = self.there[found[0]]
            webhook_id = WEBHOOK if message.webhook else None
            self.settle(job.id, Receipt(found[0], webhook_id=webhook_id, words=message.text))
        elif any(what == "delete" and number not in self.there for what, number in self.events):
            return  # the search saw a gap that we may yet hear of
        else:
            self.run(self.store.clear(job.id, START))

    @precondition(lambda self: self.answers)
    @rule()
    def an_answer_comes(self) -> None:
        self.settle(*self.answers.pop())

    @rule(lost=st.booleans(), webhook_gone=st.booleans())
    def we_follow_up(self, lost: bool, webhook_gone: bool) -> None:
        for job in self.jobs(JobKind.REQUOTE, JobKind.REPLACE, JobKind.DELETE):
            self.follow_up(job, lost, webhook_gone)

    def follow_up(self, job: Job, lost: bool = False, webhook_gone: bool = False) -> None:
        if job.state is JobState.UNKNOWN:
            self.run(self.store.clear(job.id, START))
        self.run(claim(self.store, self.clock, job))
        if job.kind is JobKind.REPLACE:
            self.vanish(int(job.payload["message"]))
        else:
            assert job.post_id is not None
            details = self.run(self.store.post_by_id(job.post_id))
            message = self.there.get(details.post.message_id)
            if message is None:
                self.run(self.store.removed(job.id, "unknown message"))
                return
            if job.kind is JobKind.DELETE:
                self.vanish(details.post.message_id)
            elif webhook_gone and message.webhook and any(one.lost_at for one in details.quotes):
                self.run(self.store.revoice(job.post_id, START))
                self.run(self.store.removed(job.id, "posted anew"))
                return
            else:
                message.shows = self.quotes(job.post_id)
        if lost:
            self.run(self.store.doubt(job.id, "reset"))
        else:
            self.run(self.store.settle(job.id, Receipt(), None))

    @rule()
    def the_program_restarts(self) -> None:
        self.run(self.store.close())
        self.answers.clear()
        self.store = self.run(Store.open(self.url, self.clock))
        self.run(self.store.recover())

    # --- what must hold ---

    @invariant()
    def lost_quotes_have_no_words(self) -> None:
        assert self.rows("SELECT id FROM quote WHERE lost_at IS NOT NULL AND text != ''") == []
        still = "SELECT quote.id FROM quote JOIN post ON post.message_id = source_id"
        assert self.rows(f"{still} WHERE deleted_at IS NOT NULL AND lost_at IS NULL") == []

    @invariant()
    def what_is_out_of_date_will_be_edited(self) -> None:
        edited = {
            post_id
            for (post_id,) in self.rows(
                "SELECT post_id FROM job WHERE kind = 'requote' AND state IN ('pending', 'unknown')"
            )
        }
        posted = "SELECT id, message_id FROM post WHERE origin IS NOT NULL AND message_id IS NOT NULL"
        for post_id, message_id in self.rows(f"{posted} AND deleted_at IS NULL"):
            message = self.there.get(message_id)
            if message is not None and message.shows != self.quotes(post_id):
                assert post_id in edited

    def end(self) -> None:
        for answer in self.answers:
            self.settle(*answer)
        while True:
            for event in (*self.events, *self.events):
                self.hear(*event)
            self.events.clear()
            jobs = self.jobs(*JobKind)
            if not jobs and not self.events:
                break
            for job in jobs:
                if job.kind is JobKind.QUOTE:
                    if job.state is JobState.UNKNOWN:
                        self.look(job)
                    else:
                        self.attempt(job, "done")
                elif job.kind is JobKind.REVISE:
                    self.settle(job.id, Receipt())
                else:
                    self.follow_up(job)
        ours = {number: message for number, message in self.there.items() if message.origin is not None}
        origins = [message.origin for message in ours.values()]
        assert len(origins) == len(set(origins)), "posted twice"
        assert not self.unwanted & set(origins), "what somebody deleted is there"
        # Who deletes a reply just when its repost was posted may mean either.
        assert self.wanted - self.unwanted - set(self.touched.values()) <= set(origins) <= self.wanted
        for message in ours.values():
            for source, text in message.shows:
                assert text == (self.there[source].text if source in self.there else "")


# --- reactions -------------------------------------------------------------------------------------------


class Reactions(Machine):
    """One post, three members, one of the named reactions for each."""

    def __init__(self, empty_store: Path) -> None:
        super().__init__(empty_store)
        self.shown: dict[Reacted, None] = {}  # in the order in which they were given
        self.pressed: dict[int, str] = {}
        self.events: list[tuple[bool, Reacted]] = []

    def give(self, one: Reacted) -> None:
        if one not in self.shown:
            self.shown[one] = None
            self.events.append((True, one))

    def take(self, one: Reacted) -> None:
        if one in self.shown:
            del self.shown[one]
            self.events.append((False, one))

    def hear(self, given: bool, one: Reacted) -> None:
        if given:
            self.run(self.store.react(STORY, one, START, NAMED, NAMED, PAUSE))
        else:
            self.run(self.store.unreact(one, START, PAUSE))

    @rule(
        member=st.integers(1, 3),
        emoji=st.sampled_from([HEART, THUMB, LAUGH]),
        kind=st.integers(0, 1),
        given=st.booleans(),
    )
    def a_member_changes_a_reaction(self, member: int, emoji: str, kind: int, given: bool) -> None:
        one = Reacted(10, member, emoji, kind)
        (self.give if given else self.take)(one)

    @rule(member=st.integers(1, 3), emoji=st.sampled_from([HEART, THUMB]))
    def a_member_presses_a_button(self, member: int, emoji: str) -> None:
        self.hear(True, Reacted(10, member, emoji, 2))

    @precondition(lambda self: self.events)
    @rule(twice=st.booleans())
    def an_event_comes(self, twice: bool) -> None:
        event = self.events.pop(0)
        self.hear(*event)
        if twice:
            self.hear(*event)

    @precondition(lambda self: self.events)
    @rule()
    def the_events_are_lost(self) -> None:
        self.events.clear()
        self.recount()

    def recount(self) -> None:
        self.run(self.store.recount(STORY, 10, tuple(self.shown), START, NAMED, NAMED, PAUSE))

    @rule(lost=st.booleans())
    def we_take_one_off(self, lost: bool) -> None:
        for job in self.jobs(JobKind.UNREACT):
            self.take_off(job, lost)

    def take_off(self, job: Job, lost: bool) -> None:
        if job.state is JobState.UNKNOWN:
            self.run(self.store.clear(job.id, START))
        self.run(claim(self.store, self.clock, job))
        for kind in (0, 1):
            self.take(Reacted(10, int(job.payload["member"]), job.payload["emoji"], kind))
        if lost:
            self.run(self.store.doubt(job.id, "reset"))
        else:
            self.run(self.store.settle(job.id, Receipt(), None))

    @invariant()
    def one_named_emoji_a_member(self) -> None:
        chosen = {(one.member_id, one.emoji) for one in self.run(self.store.reactions_of(10))}
        assert len(chosen) == len({member for member, _ in chosen})
        assert {emoji for _, emoji in chosen} <= NAMED

    def end(self) -> None:
        while self.events or self.jobs(JobKind.UNREACT):
            for event in self.events:
                self.hear(*event)
            self.events.clear()
            self.recount()
            for job in self.jobs(JobKind.UNREACT):
                self.take_off(job, lost=False)
        counted = self.run(self.store.reactions_of(10))
        assert {one for one in counted if one.kind != 2} == set(self.shown)


@pytest.mark.slow
@pytest.mark.parametrize("machine", [Conversation, Reactions])
def test_it_ends_up_true(machine: type[Machine], empty_store: Path) -> None:
    """Either machine, whatever it does."""
    run_state_machine_as_test(lambda: machine(empty_store), settings=STEPS)
