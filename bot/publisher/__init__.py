"""The loop out: takes jobs from the outbox, does them on Discord, stores the receipt.

The journal follows one rule: what is about to be done is durable before any byte leaves, and what came of it
is durable before anything else is done. docs/delivery.md tells the protocol; ``bot/newsroom`` what is certain
about a request. Jobs of one lane (``model.lane_of``) are done in order, lanes side by side. How each kind is
done lies in ``news``, ``talk`` and ``moderation``.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import Doubtful, Later, Refused, StaleJob, StoreError, StoreFailing, TokenRefused, Vanished
from bot.failpoints import reach
from bot.model import JobKind, JobState, Receipt
from bot.newsroom import Deleted, NotThere
from bot.publisher.deeds import Again, Begun

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bot.clock import Clock
    from bot.disk import Disk
    from bot.model import Job
    from bot.newsroom import Desk
    from bot.publisher.deeds import Deed
    from bot.settings.keys import DeliveryKeys
    from bot.store import Store

log = logging.getLogger(__name__)

IDLE = 30.0  # seconds between looks at the outbox when nobody wakes the loop
# Of each sort of work. Each has its own, so that neither a thousand articles nor a thousand edits, which Discord slows
# down, keep a moderator's removal or a member's answer waiting.
LANES_AT_ONCE = 8
_OPENINGS, _EDITS, _TALK, _MODERATION = "openings", "edits", "talk", "moderation"
_SORTS = {
    JobKind.OPEN: _OPENINGS,
    JobKind.REVISE: _EDITS,
    JobKind.HEADLINE: _EDITS,
    JobKind.UNREACT: _EDITS,
    JobKind.QUOTE: _TALK,
    JobKind.REQUOTE: _TALK,
    JobKind.REPLACE: _TALK,
    JobKind.DELETE: _TALK,
}
CHANNEL_RETRY = timedelta(seconds=30)  # a closed channel is seen in the cache: asking costs nothing
UNEXPECTED_PAUSE = 30.0
# Seconds for a job, past every deadline inside of it: one that hangs must not keep its lane and its place for ever.
JOB_LIMIT = 1800.0
FIRST_RETRY = 2.0
LAST_RETRY = 600.0
SET_BACK = 60.0  # seconds by which a clock is set back, not merely kept true


class Publisher:
    """Performs the outbox. ``run`` is the loop; ``wake`` tells it of new jobs; ``drain`` stops it gently."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        disk: Disk,
        deeds: Mapping[JobKind, Deed],
        channels: Mapping[str, int],
        delivery: DeliveryKeys,
        clock: Clock,
        began: Callable[[], datetime],
        *,
        job_limit: float = JOB_LIMIT,
    ) -> None:
        self._store = store
        self._desk = desk
        self._disk = disk
        self._deeds = deeds
        self._channels = channels  # by feed id, as configured now
        self._delivery = delivery
        self._clock = clock
        self._began = began  # when what begins now did so at the earliest, on Discord's clock
        self._job_limit = job_limit
        self._news = asyncio.Event()
        self._stopping = asyncio.Event()
        self._at_work: dict[str, asyncio.Task[None]] = {}
        self._taken: Counter[str] = Counter()  # lanes at work, by sort
        self._fatal: TokenRefused | None = None
        self._said: dict[str, str] = {}  # by lane
        self._drift: float | None = None  # of the time of day before the clock that never jumps, seconds
        # Until then what a life sent that the store has forgotten, because it was restored, may be on its way.
        self._settled: datetime | None = None

    def wake(self) -> None:
        """There may be something to do: new jobs, or Discord is reachable again."""
        self._news.set()

    async def run(self, beat: Callable[[], None] = lambda: None) -> None:
        """Work until cancelled or drained; ``beat`` is called at every turn of the loop.

        Raises:
            TokenRefused: Discord no longer accepts the token.
        """
        in_doubt = await self._store.recover()
        if in_doubt:
            log.warning(
                "%d deliveries were cut off: each is looked for on Discord before anything is repeated",
                in_doubt,
            )
        restored_at = await self._store.restored_at()
        if restored_at is not None:
            self._settled = restored_at + self._delivery.settle
        await self._store.retarget(self._channels)
        try:
            while not self._stopping.is_set():
                if self._fatal is not None:
                    raise self._fatal
                beat()
                self._news.clear()
                wait = await self._start_due_lanes()
                await self._clock.wait(self._news, wait)
            await self._lanes_are_free()
        finally:
            await self._stop_lanes()

    async def drain(self) -> None:
        """Start nothing more and wait for the requests under way."""
        self._stopping.set()
        self._news.set()
        await self._lanes_are_free()

    # --- the loop --------------------------------------------------------------------------------------

    async def _start_due_lanes(self) -> float:
        """Give every free lane whose first job is due a task; seconds until the next one is."""
        if not (self._desk.connected and self._disk.ready):
            return IDLE
        now = self._clock.now()
        wait = IDLE
        try:
            await self._mind_clock(now)
            jobs = await self._store.next_jobs()
        except StoreFailing:
            return IDLE  # the disk's watch tells why, and wakes us when it is over
        for job in jobs:
            if job.lane in self._at_work:
                continue
            seconds = (self._due(job) - now).total_seconds()
            if seconds > 0:
                wait = min(wait, seconds)
            elif self._taken[sort := _SORTS.get(job.kind, _MODERATION)] < LANES_AT_ONCE:
                task = asyncio.create_task(self._work(job), name=f"job {job.id}")
                self._at_work[job.lane] = task
                self._taken[sort] += 1
                task.add_done_callback(functools.partial(self._free, job.lane, sort))
        return wait

    async def _mind_clock(self, now: datetime) -> None:
        """At the start, and when the clock was set back: what was put off by a clock that was ahead is not put off for
        all that time.
        """
        drift = now.timestamp() - self._clock.monotonic()
        if self._drift is None or drift < self._drift - SET_BACK:
            settled = now + self._delivery.send_deadline + self._delivery.settle
            hastened = await self._store.hasten(now + timedelta(seconds=LAST_RETRY), settled)
            if hastened:
                log.warning("%d deliveries were put off too far, as when the clock was set back", hastened)
        self._drift = drift

    def _due(self, job: Job) -> datetime:
        if job.state is not JobState.UNKNOWN:
            return job.not_before
        moments = (job.recover_after, self._settled, job.not_before)
        return max(moment for moment in moments if moment is not None)

    def _free(self, lane: str, sort: str, task: asyncio.Task[None]) -> None:
        del self._at_work[lane]
        self._taken[sort] -= 1
        error = None if task.cancelled() else task.exception()
        if isinstance(error, TokenRefused):
            self._fatal = error
        self._news.set()

    async def _lanes_are_free(self) -> None:
        if self._at_work:
            await asyncio.wait(self._at_work.values())

    async def _stop_lanes(self) -> None:
        tasks = list(self._at_work.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # --- one job ---------------------------------------------------------------------------------------

    async def _work(self, job: Job) -> None:
        try:
            async with asyncio.timeout(self._job_limit):
                await self._do(job)
        except TokenRefused:
            raise
        except StaleJob as error:
            # Withdrawn meanwhile, as when a second edit undid the first: nothing is left to do.
            log.debug("job %d: %s", job.id, error)
        except Exception as error:
            # A full disk, or a fault of ours: the lane rests, lest it tries again without end.
            match error:
                case StoreFailing():
                    log.debug("job %d: %s", job.id, error)  # the disk's watch tells it, once for all
                case StoreError():
                    self._say(job, str(error))
                case _:
                    log.exception(
                        "job %d failed unexpectedly; trying again in %.0f s", job.id, UNEXPECTED_PAUSE
                    )
            await self._clock.wait(self._stopping, UNEXPECTED_PAUSE)

    async def _do(self, job: Job) -> None:
        deed = self._deeds[job.kind]
        try:
            if job.state is JobState.SENDING:
                # No task of ours is at it: its outcome could not be stored, as when the disk was full.
                await self._store.doubt(job.id, "what came of the attempt could not be stored")
            elif job.state is JobState.UNKNOWN:
                await self._look(job, deed)
            else:
                deed.ready(job)
                await self._attempt(job, deed)
        except Refused as error:
            await self._refused(job, error)
        except Later as error:
            await self._store.hold(job.id, self._after(job, error), str(error))
            self._say(job, str(error))

    async def _attempt(self, job: Job, deed: Deed) -> None:
        now = self._clock.now()
        deadline = now + self._delivery.send_deadline
        job = await self._store.claim(job.id, deadline, deadline + self._delivery.settle, self._began())
        reach(f"{job.kind}:claimed")
        try:
            receipt, digest = await deed.perform(job, deadline)
            reach(f"{job.kind}:performed")
        except Vanished as error:
            await self._store.removed(job.id, str(error))
        except Refused as error:
            await self._store.postpone(job.id, now + CHANNEL_RETRY, str(error))
            raise
        except Later as error:
            await self._store.postpone(job.id, self._after(job, error), str(error))
            self._say(job, str(error))
        except TokenRefused as error:
            await self._store.postpone(job.id, now, str(error))
            raise
        except Doubtful as error:
            log.warning("job %d: %s; looking for it after %s", job.id, error, job.recover_after)
            await self._store.doubt(job.id, str(error))
        except BaseException:
            # Cancelled, or a fault of ours: whether the request took effect is not known.
            await self._store.doubt(job.id, "the attempt was cut off")
            raise
        else:
            await self._store.settle(job.id, receipt, digest)
            reach(f"{job.kind}:settled")
            self._said.pop(job.lane, None)
            log.info("%s: %s%s", _about(job), deed.done, _titled(job))

    async def _look(self, job: Job, deed: Deed) -> None:
        """Find out what became of an attempt whose answer was lost, and go on from there."""
        looked = await deed.look(job)
        match looked:
            case Receipt():
                log.info("job %d: found as message %s", job.id, looked.message_id)
                await self._store.settle(job.id, looked, None)
            case Begun():
                log.info("job %d: found as message %d", job.id, looked.message_id)
                await self._store.half_done(job.id, looked.message_id)
                await self._store.clear(job.id, self._clock.now())
            case Deleted():
                log.info("job %d: its post was deleted on Discord and stays so", job.id)
                await self._store.removed(
                    job.id, "it was posted, and deleted on Discord before we heard of it"
                )
            case Again() | NotThere():
                log.info("job %d: trying again", job.id)
                await self._store.clear(job.id, self._clock.now())

    # --- when it can't be done -----------------------------------------------------------------------------

    async def _refused(self, job: Job, error: Refused) -> None:
        if error.channel_wide:
            self._say(job, str(error))
            await self._store.hold(job.id, self._clock.now() + CHANNEL_RETRY, str(error))
        else:
            log.warning("%s: %s; it is parked until you use /delivery retry %d", _about(job), error, job.id)
            await self._store.park(job.id, str(error))

    def _after(self, job: Job, error: Later) -> datetime:
        seconds = error.retry_after
        if seconds is None:
            seconds = self._clock.jitter(min(FIRST_RETRY * 2 ** min(job.attempt, 16), LAST_RETRY))
        return self._clock.now() + timedelta(seconds=seconds)

    def _say(self, job: Job, sentence: str) -> None:
        """Log what holds a channel up: once, not at every try."""
        if self._said.get(job.lane) != sentence:
            self._said[job.lane] = sentence
            log.warning("%s: %s; it is kept until it can be done", _about(job), sentence)


def _about(job: Job) -> str:
    if job.case_id is not None:
        return f"case {job.case_id}"
    return "moderation" if job.mirrored is None else f"feed {job.story.feed_id}"


def _titled(job: Job) -> str:
    return "" if job.mirrored is None else f" {job.article.title!r}"
