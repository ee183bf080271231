"""The delivery protocol as a model of one post, searched through to the last state: the oracle of the fault scripts.

Time goes in ticks. A request takes effect within ``effect`` ticks or never, and what it made is found by a search within
``visible`` ticks more: together that is what the settings call ``settle``. Processes may die at any moment, answers may
get lost, a moderator may delete, the store may be set back to an earlier copy of itself.

``check`` tells of a protocol whether it is *safe* (no run makes a second post) and *live* (whatever happened, a run to
the end exists, as long as there is time for it). What it leaves out: the ways in which texts and threads are made, which
change nothing about how often.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Protocol:
    """What is done to post once, and what of the world it is up against."""

    journal: bool = True  # the claim is stored before the request may leave
    search: bool = True  # after a lost answer Discord is searched before anything is repeated
    ledger: bool = False  # the gateway tells of every post of ours, which is remembered even if it is deleted
    lock: bool = True  # a process that finds another at work leaves its attempts alone
    library_repeats: bool = False  # a 5xx makes the library send again
    nonce: int | None = None  # so many ticks Discord answers a second post with the first
    resends: bool = False  # within that time a lost attempt is sent again instead of waited for
    parked: str = ""  # a lost attempt may be set aside; tried again it is "looked for", or "sent" at once
    restored: str = (
        ""  # the store may be set back; what waits in it then is "sent", or looked for "at once" or "later"
    )
    deadline: int = 99  # a request leaves within so many ticks of its claim, or not at all
    wait: int = 0  # ticks from the claim until what became of it is looked for

    processes: int = 1
    moderator: bool = False
    effect: int = 2
    visible: int = 1
    crashes: int = 2
    losses: int = 2
    ticks: int = 24


@dataclass(frozen=True, slots=True)
class Verdict:
    """``run`` leads to a second post, one step a line; empty when the protocol is safe."""

    safe: bool
    live: bool
    states: int
    run: tuple[str, ...] = ()


class Row(IntEnum):
    """What the store says of the delivery."""

    PENDING = 0
    SENDING = 1
    PARKED = 2
    DONE = 3


class Phase(IntEnum):
    """What a process is at."""

    IDLE = 0
    CLAIMED = 1
    RESENDING = 2
    WAITING = 3


class Post(NamedTuple):
    made: int
    found_from: int
    deleted: bool


class State(NamedTuple):
    now: int
    row: Row
    claimed: int  # when last
    first: int  # when first of those in doubt
    processes: tuple[tuple[Phase, int], ...]  # each with when it began that
    under_way: tuple[int, ...]  # when each request left
    posts: tuple[Post, ...]
    remembered: bool  # the ledger has seen a post
    crashes: int
    losses: int
    restorable: int  # 1: a copy of the store from before the first claim exists


Step = tuple[str, State]


def check(protocol: Protocol) -> Verdict:
    """Search every run of ``protocol``; breadth first, so that a failing run is a shortest one."""
    idle = ((Phase.IDLE, -1),) * protocol.processes
    start = State(
        0,
        Row.PENDING,
        -1,
        -1,
        idle,
        (),
        (),
        False,
        protocol.crashes,
        protocol.losses,
        int(bool(protocol.restored)),
    )
    came_from: dict[State, tuple[str, State] | None] = {start: None}
    leads_to_from: dict[State, list[State]] = defaultdict(list)
    waiting = deque([start])
    while waiting:
        state = waiting.popleft()
        if len(state.posts) > 1:
            return Verdict(False, False, len(came_from), _run(came_from, state))
        if state.now >= protocol.ticks:
            continue
        for what, following in _steps(protocol, state):
            leads_to_from[following].append(state)
            if following not in came_from:
                came_from[following] = what, state
                waiting.append(following)
    return Verdict(True, _is_live(protocol, came_from, leads_to_from), len(came_from))


def _is_live(protocol: Protocol, states: Iterable[State], before: dict[State, list[State]]) -> bool:
    ends = {state for state in states if state.row is Row.DONE}
    waiting = deque(ends)
    while waiting:
        for state in before[waiting.popleft()]:
            if state not in ends:
                ends.add(state)
                waiting.append(state)
    needed = protocol.deadline + protocol.wait + 3 * protocol.effect + 4  # to the end from the worst state
    return all(state in ends for state in states if state.now <= protocol.ticks - needed)


def _run(came_from: dict[State, tuple[str, State] | None], state: State) -> tuple[str, ...]:
    steps: list[str] = []
    while (last := came_from[state]) is not None:
        what, state = last
        if what:
            steps.append(f"{state.now}: {what}")
    return tuple(reversed(steps))


def _steps(protocol: Protocol, state: State) -> Iterator[Step]:
    if all(state.now < left + protocol.effect for left in state.under_way):
        yield "", state._replace(now=state.now + 1)  # nothing is under way for longer than it can be
    yield from _discord(protocol, state)
    if protocol.moderator:
        for index, post in enumerate(state.posts):
            if not post.deleted:
                gone = (*state.posts[:index], post._replace(deleted=True), *state.posts[index + 1 :])
                yield "a moderator deletes the post", state._replace(posts=gone)
    yield from _people(protocol, state)
    for index in range(protocol.processes):
        yield from _process(protocol, state, index)


def _discord(protocol: Protocol, state: State) -> Iterator[Step]:
    for index in range(len(state.under_way)):
        rest = state._replace(under_way=state.under_way[:index] + state.under_way[index + 1 :])
        if protocol.nonce is not None and any(
            state.now - post.made <= protocol.nonce for post in state.posts
        ):
            yield "Discord knows the nonce and answers with the first post", rest
        else:
            for lag in range(protocol.visible + 1):
                made = Post(state.now, state.now + lag, deleted=False)
                posts = tuple(sorted((*state.posts, made)))
                yield (
                    f"Discord makes the post, found from {state.now + lag}",
                    rest._replace(posts=posts, remembered=state.remembered or protocol.ledger),
                )
        if state.losses:
            yield "the request is lost", rest._replace(losses=state.losses - 1)


def _people(protocol: Protocol, state: State) -> Iterator[Step]:
    resting = all(phase is Phase.IDLE for phase, _ in state.processes)
    if state.restorable and resting:
        back = state._replace(restorable=0, remembered=False)  # the ledger is part of it
        match protocol.restored:
            case "sent":
                yield "the store is set back", back._replace(row=Row.PENDING, claimed=-1, first=-1)
            case "at once":
                yield (
                    "the store is set back",
                    back._replace(row=Row.SENDING, claimed=state.now - protocol.wait),
                )
            case "later":
                yield "the store is set back", back._replace(row=Row.SENDING, claimed=state.now)
    if protocol.parked and resting:
        if state.row is Row.SENDING:
            yield "looking is refused, the delivery parked", state._replace(row=Row.PARKED)
        elif state.row is Row.PARKED:
            again = Row.PENDING if protocol.parked == "sent" else Row.SENDING
            yield "an admin has it tried again", state._replace(row=again)


def _process(protocol: Protocol, state: State, index: int) -> Iterator[Step]:
    phase, since = state.processes[index]
    now = state.now

    def then(at: Phase, **changes: Any) -> State:
        mine = (at, -1 if at is Phase.IDLE else now)
        processes = (*state.processes[:index], mine, *state.processes[index + 1 :])
        return state._replace(processes=processes, **changes)

    unsent = (
        Row.SENDING if protocol.journal else Row.PENDING
    )  # what the store says while the outcome is unknown
    if phase is not Phase.IDLE and state.crashes:
        yield f"process {index} is killed", then(Phase.IDLE, crashes=state.crashes - 1)
    match phase:
        case Phase.IDLE if state.row is Row.PENDING:
            first = state.first if state.first >= 0 else now
            stored = {"row": Row.SENDING, "claimed": now, "first": first} if protocol.journal else {}
            yield f"process {index} claims it", then(Phase.CLAIMED, **stored)
        case Phase.IDLE if state.row is Row.SENDING:
            yield from _look(protocol, state, index, then(Phase.RESENDING, claimed=now))
        case Phase.CLAIMED | Phase.RESENDING:
            if now <= since + protocol.deadline:
                left = tuple(sorted((*state.under_way, now)))
                yield f"process {index} sends it", then(Phase.WAITING, under_way=left)
            elif phase is Phase.CLAIMED:
                yield "too late to send", then(Phase.IDLE, row=Row.PENDING, claimed=-1, first=-1)
            else:
                yield "too late to send", then(Phase.IDLE)
        case Phase.WAITING:
            if state.posts and not state.under_way:
                yield f"process {index} is answered", then(Phase.IDLE, row=Row.DONE, claimed=-1, first=-1)
            if protocol.library_repeats and state.losses:
                yield (
                    "502; the library sends again",
                    then(Phase.CLAIMED, row=state.row, losses=state.losses - 1),
                )
            if state.losses or not state.posts or now - since > protocol.effect:
                losses = max(0, state.losses - 1)
                yield f"process {index} hears nothing", then(Phase.IDLE, row=unsent, losses=losses)


def _look(protocol: Protocol, state: State, index: int, resent: State) -> Iterator[Step]:
    """What became of an attempt that nobody heard the end of."""
    if protocol.lock and any(phase is not Phase.IDLE for phase, _ in state.processes):
        return
    now = state.now
    if (
        protocol.resends
        and protocol.nonce is not None
        and len(state.under_way) < 2
        and now + protocol.deadline + protocol.effect <= state.first + protocol.nonce
    ):
        yield f"process {index} repeats it with its nonce", resent
    if now < state.claimed + protocol.wait:
        return
    found = any(post.found_from <= now and not post.deleted for post in state.posts)
    if protocol.search and (found or state.remembered):
        yield "found", state._replace(row=Row.DONE, claimed=-1, first=-1)
    else:
        first = -1 if protocol.search else state.first
        yield "not found, to be sent again", state._replace(row=Row.PENDING, claimed=-1, first=first)
