"""Who reacted to what, under the rules of the house; and what is to be taken off again for them.

A reaction that is to be taken off is not counted from the moment that is decided; its job stands until Discord has
done it. The job's token is made from the reaction, so that one reaction has one job however often it is told of.
"""

from __future__ import annotations

from hashlib import blake2s
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, exists, insert, or_, select

from bot.model import JobKind, JobState, Reacted
from bot.store import posts
from bot.store.jobs import OPEN_STATES, WAITING_STATES, add_job, revise_later
from bot.store.polls import chunks
from bot.store.schema import job, reaction

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime, timedelta

    from sqlalchemy import ColumnElement, Connection, Row

    from bot.clock import Clock

BUTTON = 2  # the kind of reaction that exists with us only: Discord knows nothing to take off


def react(
    connection: Connection,
    clock: Clock,
    story_id: int,
    reacted: Reacted,
    now: datetime,
    exclusive: frozenset[str],
    allowed: frozenset[str] | None,
    pause: timedelta,
) -> bool:
    # In one statement, for a thousand may come in a second.
    leaving = exists().where(job.c.token.in_(_tokens(reacted)), job.c.state.in_(WAITING_STATES))
    known = connection.execute(
        select(
            or_(exists().where(_is(reacted)), posts.is_gone(reacted.message_id)).label("settled"),
            leaving.label("leaving"),
        )
    ).one()
    # One that is being taken off is told a second time: a new one can only follow the removal, which withdraws
    # the job.
    if known.settled or (known.leaving and reacted.kind != BUTTON):
        return False
    if allowed is not None and reacted.emoji not in allowed:
        _take_off(connection, clock, story_id, reacted, now)
        return False
    if reacted.emoji in exclusive:
        others = [
            one
            for one in reactions_of(connection, reacted.message_id, member_id=reacted.member_id)
            if one.emoji in exclusive and one.emoji != reacted.emoji
        ]
        _delete(connection, others)
        for other in others:
            _take_off(connection, clock, story_id, other, now)
    _insert(connection, story_id, [reacted], now)
    revise_later(connection, clock, story_id, now, pause)
    return True


def unreact(connection: Connection, clock: Clock, reacted: Reacted, now: datetime, pause: timedelta) -> bool:
    if reacted.kind != BUTTON:
        _withdraw(connection, _leaving(connection, reacted))
    return _remove(connection, clock, _is(reacted), now, pause)


def clear_reactions(
    connection: Connection,
    clock: Clock,
    message_id: int,
    emoji: str | None,
    now: datetime,
    pause: timedelta,
) -> bool:
    for one, states in _all_leaving(connection, message_id).items():
        if emoji in {None, one.emoji}:
            _withdraw(connection, states)
    which = (reaction.c.message_id == message_id) & (reaction.c.kind != BUTTON)
    if emoji is not None:
        which &= reaction.c.emoji == emoji
    return _remove(connection, clock, which, now, pause)


def recount(
    connection: Connection,
    clock: Clock,
    story_id: int,
    message_id: int,
    found: Collection[Reacted],
    now: datetime,
    exclusive: frozenset[str],
    allowed: frozenset[str] | None,
    pause: timedelta,
) -> bool:
    if connection.execute(select(posts.is_gone(message_id))).scalar():
        return False
    stored = dict.fromkeys(reactions_of(connection, message_id))
    shown = [one for one in dict.fromkeys(found) if one.kind != BUTTON]
    leaving = _all_leaving(connection, message_id)
    for one in leaving.keys() - {_plain(one) for one in shown}:
        _withdraw(connection, leaving[one])
    # What is being taken off already is not wanted back because Discord still shows it.
    shown = [one for one in shown if not any(s in OPEN_STATES for s in leaving.get(_plain(one), {}).values())]
    fine = [one for one in shown if allowed is None or one.emoji in allowed]
    fine += [one for one in stored if one.kind == BUTTON]
    chosen: dict[int, str] = {}
    for one in sorted(fine, key=lambda one: one in stored):  # stable: the new ones first, buttons last
        if one.emoji in exclusive:
            chosen.setdefault(one.member_id, one.emoji)
    kept = [one for one in fine if one.emoji not in exclusive or chosen[one.member_id] == one.emoji]
    keeping = set(kept)
    for one in shown:
        if one not in keeping:
            _take_off(connection, clock, story_id, one, now)
    ended = [one for one in stored if one not in keeping]
    begun = [one for one in kept if one not in stored]
    _delete(connection, ended)
    _insert(connection, story_id, begun, now)
    if ended or begun:
        revise_later(connection, clock, story_id, now, pause)
    return bool(ended or begun)


def reactions_of(
    connection: Connection, message_id: int, *, member_id: int | None = None
) -> tuple[Reacted, ...]:
    """Those on a message, of one member or of all, in the order in which we learnt of them."""
    which = reaction.c.message_id == message_id
    if member_id is not None:
        which &= reaction.c.member_id == member_id
    rows = connection.execute(
        select(reaction)
        .where(which)
        .order_by(reaction.c.at, reaction.c.member_id, reaction.c.emoji, reaction.c.kind)
    )
    return tuple(Reacted(row.message_id, row.member_id, row.emoji, row.kind) for row in rows)


# --- rows ----------------------------------------------------------------------------------------------


def _is(one: Reacted) -> ColumnElement[bool]:
    return (
        (reaction.c.message_id == one.message_id)
        & (reaction.c.member_id == one.member_id)
        & (reaction.c.emoji == one.emoji)
        & (reaction.c.kind == one.kind)
    )


def _insert(connection: Connection, story_id: int, begun: Iterable[Reacted], now: datetime) -> None:
    rows = [
        {
            "message_id": one.message_id,
            "member_id": one.member_id,
            "emoji": one.emoji,
            "kind": one.kind,
            "story_id": story_id,
            "at": now,
        }
        for one in begun
    ]
    if rows:
        connection.execute(insert(reaction), rows)


def _delete(connection: Connection, ended: Iterable[Reacted]) -> None:
    names = ("message_id", "member_id", "emoji", "kind")
    rows = [{f"the_{name}": getattr(one, name) for name in names} for one in ended]
    if rows:
        exact = (reaction.c[name] == bindparam(f"the_{name}") for name in names)
        connection.execute(delete(reaction).where(*exact), rows)


def _remove(
    connection: Connection, clock: Clock, which: ColumnElement[bool], now: datetime, pause: timedelta
) -> bool:
    """Delete rows, and have the opening posts of their stories tell so. Whether there were any."""
    stories = connection.execute(select(reaction.c.story_id).where(which).distinct()).scalars().all()
    connection.execute(delete(reaction).where(which))
    for story_id in stories:
        revise_later(connection, clock, story_id, now, pause)
    return bool(stories)


# --- what is to be taken off ---------------------------------------------------------------------------


def _take_off(connection: Connection, clock: Clock, story_id: int, one: Reacted, now: datetime) -> None:
    if one.kind == BUTTON:
        return
    former = _leaving(connection, one)
    if any(state in WAITING_STATES for state in former.values()):
        return
    _withdraw(connection, former)  # what Discord refused once may be tried again
    # The first token is still in use while an attempt is under way, which may have come before this reaction.
    under_way = {token for token, state in former.items() if state == JobState.SENDING}
    payload = {"message": str(one.message_id), "member": str(one.member_id), "emoji": one.emoji}
    add_job(
        connection,
        clock,
        JobKind.UNREACT,
        story_id,
        now,
        token=next(token for token in _tokens(one) if token not in under_way),
        payload=payload,
    )


def _leaving(connection: Connection, one: Reacted) -> dict[str, str]:
    """The states of the jobs that take a reaction off, by token."""
    rows = connection.execute(select(job.c.token, job.c.state).where(job.c.token.in_(_tokens(one))))
    return {row.token: row.state for row in rows}


def _all_leaving(connection: Connection, message_id: int) -> dict[Reacted, dict[str, str]]:
    """The same for all reactions on a message, which are named without their kind."""
    rows: Iterable[Row[tuple[str, str, dict[str, str]]]] = connection.execute(
        select(job.c.token, job.c.state, job.c.payload).where(
            job.c.kind == JobKind.UNREACT, job.c.state.in_([*OPEN_STATES, JobState.PARKED])
        )
    )
    found: dict[Reacted, dict[str, str]] = {}
    for row in rows:
        if row.payload["message"] == str(message_id):
            one = Reacted(message_id, int(row.payload["member"]), row.payload["emoji"])
            found.setdefault(one, {})[row.token] = row.state
    return found


def _withdraw(connection: Connection, states: dict[str, str]) -> None:
    """Have nothing taken off any more, but for what is under way."""
    tokens = [token for token, state in states.items() if state != JobState.SENDING]
    for chunk in chunks(tokens):
        connection.execute(delete(job).where(job.c.token.in_(chunk)))


def _tokens(one: Reacted) -> tuple[str, ...]:
    named = f"{one.message_id}/{one.member_id}/{one.emoji}"
    return tuple(blake2s(f"{named}/{turn}".encode(), digest_size=16).hexdigest() for turn in (1, 2))


def _plain(one: Reacted) -> Reacted:
    return Reacted(one.message_id, one.member_id, one.emoji)
