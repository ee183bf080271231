"""Any sequence of steps, restarts and edits leaves the outbox as a small model of it says.

The model keeps one more truth than the store: whether a request may have taken effect that nobody has looked
for yet. A job of which that is true is never offered as pending, which is what keeps a post from being doubled.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import connect
from typing import TYPE_CHECKING

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

from bot.model import JobKind, JobState, Receipt
from bot.store import Store, backup, check
from tests.store.samples import CHANNEL, FEED, GUILD, OTHER_CHANNEL, editing, posting
from tests.support import StillClock

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

PENDING, SENDING, UNKNOWN, DONE, REMOVED, PARKED = (
    JobState.PENDING,
    JobState.SENDING,
    JobState.UNKNOWN,
    JobState.DONE,
    JobState.REMOVED,
    JobState.PARKED,
)
OPEN, REVISE, HEADLINE = JobKind.OPEN, JobKind.REVISE, JobKind.HEADLINE
picks = st.integers(min_value=0, max_value=999)
channels = st.sampled_from([CHANNEL, OTHER_CHANNEL])


@dataclass
class ModelStory:
    title: str
    channel: int
    posted: bool = False
    removed: bool = False


@dataclass
class ModelJob:
    id: int
    kind: JobKind
    story: int
    state: JobState = PENDING
    attempt: int = 0
    in_doubt: bool = False  # a request nobody has looked for may have taken effect
    half: bool = False
    payload: dict[str, str] = field(default_factory=dict)

    @property
    def certainly_unposted(self) -> bool:
        return self.state in {PENDING, PARKED} and not self.in_doubt and not self.half


class Outbox(RuleBasedStateMachine):
    def __init__(self, empty_store: Path) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory(dir=empty_store.parent)
        self.path = f"{self.folder.name}/n.db"
        shutil.copy(empty_store, self.path)
        self.url = f"sqlite+aiosqlite:///{self.path}"
        self.clock = StillClock()
        self.stories: dict[int, ModelStory] = {}
        self.jobs: dict[int, ModelJob] = {}
        self.last_id = 0

    @initialize()
    def start(self) -> None:
        self.store = self.run(Store.open(self.url, self.clock))

    def teardown(self) -> None:
        assert self.run(self.store.overview()).jobs == self.counts()
        self.run(self.store.close())
        assert self.run(check(self.url)) == []
        self.runner.close()
        self.folder.cleanup()

    def run(self, step: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(step)

    # --- the model ---

    def add(self, kind: JobKind, story: int, **payload: str) -> None:
        self.last_id += 1
        self.jobs[self.last_id] = ModelJob(self.last_id, kind, story, payload=payload)

    def of(self, story: int, kind: JobKind, *states: JobState) -> list[ModelJob]:
        return [
            job
            for job in self.jobs.values()
            if (job.story, job.kind) == (story, kind) and job.state in states
        ]

    def choose(self, pick: int, *states: JobState, kind: JobKind | None = None) -> ModelJob:
        found = self.eligible(*states, kind=kind)
        return found[pick % len(found)]

    def eligible(self, *states: JobState, kind: JobKind | None = None) -> list[ModelJob]:
        return [job for job in self.jobs.values() if job.state in states and kind in {None, job.kind}]

    def lane(self, job: ModelJob) -> str:
        if job.kind is OPEN:
            return f"channel:{self.stories[job.story].channel}"
        return f"story:{job.story}"

    def offered(self) -> dict[str, ModelJob]:
        heads: dict[str, ModelJob] = {}
        for job in sorted(self.eligible(PENDING, SENDING, UNKNOWN), key=lambda job: job.id):
            if job.kind is OPEN or self.stories[job.story].posted:
                heads.setdefault(self.lane(job), job)
        return heads

    def back(self, job: ModelJob) -> None:
        job.state = UNKNOWN if job.in_doubt else PENDING
        if job.state is PENDING and job.kind is OPEN and not job.half:
            for moot in (*self.of(job.story, REVISE, PENDING), *self.of(job.story, HEADLINE, PENDING)):
                del self.jobs[moot.id]

    def edited(self, number: int, new: str) -> None:
        story = self.stories[number]
        old, story.title = story.title, new
        opening = next(job for job in self.jobs.values() if job.story == number and job.kind is OPEN)
        if old == new or story.removed or opening.certainly_unposted:
            return
        if not self.of(number, REVISE, PENDING, UNKNOWN):
            for refused in self.of(number, REVISE, PARKED):
                del self.jobs[refused.id]
            self.add(REVISE, number)
        waiting = self.of(number, HEADLINE, PENDING)
        if not waiting:
            self.add(HEADLINE, number, old=old, new=new)
        elif waiting[-1].payload["old"] == new:
            del self.jobs[waiting[-1].id]
        else:
            waiting[-1].payload["new"] = new

    # --- what happens ---

    @rule(channel=channels)
    def an_article_appears(self, channel: int) -> None:
        number = len(self.stories) + 1
        self.run(self.store.apply(posting(f"s{number}", channel_id=channel)))
        self.stories[number] = ModelStory(f"s{number}", channel)
        self.add(OPEN, number)

    @precondition(lambda self: self.stories)
    @rule(pick=picks, title=st.sampled_from(["A", "B", "C"]))
    def an_article_is_edited(self, pick: int, title: str) -> None:
        number = 1 + pick % len(self.stories)
        self.run(self.store.apply(editing(number, f"s{number}", title=title)))
        self.edited(number, title)

    @precondition(lambda self: self.offered())
    @rule(pick=picks)
    def an_attempt_begins(self, pick: int) -> None:
        ready = [job for job in self.offered().values() if job.state in {PENDING, UNKNOWN}]
        if not ready:
            return
        job = ready[pick % len(ready)]
        now = self.clock.now()
        claimed = self.run(self.store.claim(job.id, now, now))
        job.state, job.attempt = SENDING, job.attempt + 1
        assert (claimed.state, claimed.attempt, claimed.payload) == (SENDING, job.attempt, job.payload)
        assert claimed.article.title == self.stories[job.story].title

    @precondition(lambda self: self.eligible(SENDING))
    @rule(pick=picks)
    def it_certainly_failed(self, pick: int) -> None:
        job = self.choose(pick, SENDING)
        self.run(self.store.postpone(job.id, self.clock.now(), "429"))
        self.back(job)

    @precondition(lambda self: self.eligible(SENDING))
    @rule(pick=picks)
    def its_answer_was_lost(self, pick: int) -> None:
        job = self.choose(pick, SENDING)
        self.run(self.store.doubt(job.id, "reset"))
        job.state, job.in_doubt = UNKNOWN, True

    @precondition(lambda self: self.eligible(SENDING, UNKNOWN, kind=OPEN))
    @rule(pick=picks)
    def its_first_half_exists(self, pick: int) -> None:
        job = self.choose(pick, SENDING, UNKNOWN, kind=OPEN)
        self.run(self.store.half_done(job.id, 1000 + job.id))
        job.half, job.in_doubt = True, False

    @precondition(lambda self: self.eligible(SENDING, UNKNOWN, PARKED))
    @rule(pick=picks)
    def it_exists(self, pick: int) -> None:
        job = self.choose(pick, SENDING, UNKNOWN, PARKED)
        if job.kind is not OPEN and not self.stories[job.story].posted:
            return
        self.run(self.store.settle(job.id, Receipt(1000 + job.id, 1000 + job.id), "digest"))
        job.state, job.in_doubt = DONE, False
        self.stories[job.story].posted = True

    @precondition(lambda self: self.eligible(UNKNOWN))
    @rule(pick=picks)
    def a_search_finds_nothing(self, pick: int) -> None:
        job = self.choose(pick, UNKNOWN)
        self.run(self.store.clear(job.id, self.clock.now()))
        job.in_doubt = False
        self.back(job)

    @precondition(lambda self: self.eligible(SENDING, UNKNOWN))
    @rule(pick=picks)
    def a_moderator_deleted_it(self, pick: int) -> None:
        job = self.choose(pick, SENDING, UNKNOWN)
        self.run(self.store.removed(job.id, "deleted"))
        self.stories[job.story].removed = True
        for other in self.eligible(PENDING, SENDING, UNKNOWN, PARKED):
            if other.story == job.story:
                other.state = REMOVED

    @precondition(lambda self: self.eligible(PENDING, SENDING, UNKNOWN))
    @rule(pick=picks)
    def it_is_refused(self, pick: int) -> None:
        job = self.choose(pick, PENDING, SENDING, UNKNOWN)
        self.run(self.store.park(job.id, "50035"))
        job.state = PARKED

    @precondition(lambda self: self.eligible(PARKED))
    @rule(pick=picks)
    def somebody_unparks_it(self, pick: int) -> None:
        job = self.choose(pick, PARKED)
        self.run(self.store.unpark(job.id))
        self.back(job)

    @precondition(lambda self: self.eligible(PENDING, SENDING, PARKED, kind=OPEN))
    @rule(pick=picks)
    def its_post_is_seen(self, pick: int) -> None:
        job = self.choose(pick, PENDING, SENDING, PARKED, kind=OPEN)
        with closing(connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            ((token,),) = connection.execute("SELECT token FROM job WHERE id = ?", (job.id,)).fetchall()
        channel = self.stories[job.story].channel
        self.run(self.store.saw_thread(1000 + job.id, GUILD, channel, token, self.clock.now()))
        if job.certainly_unposted:
            job.state, job.in_doubt = UNKNOWN, True

    @rule()
    def it_is_restored_from_a_backup(self) -> None:
        copy = Path(self.folder.name) / "copy.db"
        self.run(backup(self.url, copy))
        self.run(self.store.close())
        copy.replace(self.path)
        self.store = self.run(Store.open(self.url, self.clock))
        for job in self.eligible(PENDING, PARKED):
            if job.certainly_unposted and job.kind in {OPEN, HEADLINE}:
                job.in_doubt = True
                job.state = UNKNOWN if job.state is PENDING else PARKED

    @rule()
    def the_program_restarts(self) -> None:
        self.run(self.store.close())
        self.store = self.run(Store.open(self.url, self.clock))
        cut_off = self.eligible(SENDING)
        assert self.run(self.store.recover()) == len(cut_off)
        for job in cut_off:
            job.state, job.in_doubt = UNKNOWN, True

    @rule(channel=channels)
    def the_feed_moves(self, channel: int) -> None:
        moving = [
            job
            for job in self.eligible(PENDING, PARKED, kind=OPEN)
            if job.certainly_unposted and self.stories[job.story].channel != channel
        ]
        assert self.run(self.store.retarget({FEED: channel})) == len(moving)
        for job in moving:
            self.stories[job.story].channel = channel

    # --- what must hold ---

    @invariant()
    def the_store_offers_what_the_model_does(self) -> None:
        def summary(jobs: list[Any], title: Callable[[Any], str]) -> list[Any]:
            return [(job.id, job.kind, job.state, job.attempt, job.payload, title(job)) for job in jobs]

        offered = self.run(self.store.next_jobs())
        assert [job.lane for job in offered] == [
            self.lane(job) for job in sorted(self.offered().values(), key=lambda job: job.id)
        ]
        assert summary(list(offered), lambda job: job.article.title) == summary(
            sorted(self.offered().values(), key=lambda job: job.id), lambda job: self.stories[job.story].title
        )
        assert not any(self.jobs[job.id].in_doubt for job in offered if job.state is PENDING)

    @invariant()
    def every_job_is_as_the_model_says(self) -> None:
        with closing(connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            found = dict(connection.execute("SELECT state, count(*) FROM job GROUP BY state"))
        assert found == {state: number for state, number in self.counts().items() if number}

    def counts(self) -> dict[JobState, int]:
        return {state: len(self.eligible(state)) for state in JobState}


STEPS = settings(
    max_examples=20,
    stateful_step_count=30,
    deadline=None,
    phases=[
        Phase.explicit,
        Phase.reuse,
        Phase.generate,
    ],  # shrinking, with a real file a step, takes many minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.mark.slow
def test_the_store_is_as_the_model_says(empty_store: Path) -> None:
    """The machine above, whatever it does."""
    run_state_machine_as_test(lambda: Outbox(empty_store), settings=STEPS)
