"""A case is opened: what it takes, whom it concerns, and what it leads to at once. The rest follows in ``saga``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from bot.model import CaseKind, CaseState, JobKind, JobState, Opened, Told
from bot.store import case_jobs, disappeared, followed, losses, posts, reports, saga, stories, suspensions
from bot.store.case_jobs import case_row
from bot.store.case_records import case_post_columns, folded
from bot.store.jobs import add_job, set_job
from bot.store.polls import chunks
from bot.store.quotes import IS_UNSENT
from bot.store.schema import article, case_member, case_post, job, moderation_case, post, story

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from bot.clock import Clock
    from bot.model import CasePost, NewCase


def open_case(connection: Connection, clock: Clock, new: NewCase, now: datetime) -> Opened:
    mine = select(moderation_case.c.id).where(moderation_case.c.origin == new.origin)
    former = connection.execute(mine).scalar()
    if former is not None:
        return Opened(former)
    taken = followed.taken(connection, [one.message_id for one in new.posts])
    _try_again(connection, taken, now)
    mine_now = [one for one in new.posts if one.message_id not in taken]
    if not mine_now and new.kind is not CaseKind.SUSPENSION:
        return Opened(None, tuple(taken.items()))
    case_id = _insert(connection, clock, new, now)
    _take(connection, case_id, mine_now, now)
    if new.kind is CaseKind.OUTSIDE:  # whatever else goes by another hand, the audit log counts it
        disappeared.settle(connection, [one.message_id for one in mine_now])
    _enrol(connection, clock, case_id, new, mine_now, now)
    case = case_row(connection, case_id)
    assert case is not None
    if new.kind is CaseKind.REMOVAL:
        for one in mine_now:
            _take_down(connection, clock, case, one.message_id, now)
    else:
        if new.kind is CaseKind.WITHDRAWAL and case.story_id is not None:
            stories.revise_now(connection, clock, case.story_id, now)
        case_jobs.show_notice(connection, clock, case, now)
        saga.tell_members(connection, clock, case, now)
    _close_reports(connection, clock, case_id, new, now)
    return Opened(case_id, tuple(taken.items()))


# --- parts ---------------------------------------------------------------------------------------------


def _insert(connection: Connection, clock: Clock, new: NewCase, now: datetime) -> int:
    """The case itself; its number."""
    place = connection.execute(
        select(story.c.thread_id, story.c.channel_id, article.c.title)
        .join(article, article.c.id == story.c.article_id)
        .where(story.c.id == new.story_id)
    ).first()
    thread_id, channel_id, title = place or (None, None, None)
    if thread_id is None and new.posts:
        thread_id = new.posts[0].thread_id
    waits = new.kind is CaseKind.REMOVAL
    key = connection.execute(
        insert(moderation_case).values(
            origin=new.origin,
            kind=new.kind,
            state=CaseState.OPEN if waits else CaseState.STANDING,
            story_id=new.story_id,
            thread_id=thread_id,
            channel_id=channel_id,
            title=title,
            moderator_id=new.moderator_id,
            rule_id=new.rule_id,
            rule_title=new.rule_title,
            reason=new.reason,
            next_step=new.next_step,
            searchable=folded(new.reason),
            at=now,
            noticed=new.noticed and new.kind is not CaseKind.SUSPENSION,
            token=clock.token(),
            log_token=clock.token(),
        )
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


def _take(connection: Connection, case_id: int, taken: Sequence[CasePost], now: datetime) -> None:
    """The posts are the case's. What was to be made of them, and is not sent yet, never is."""
    ids = [one.message_id for one in taken]
    instead = posts.replaced(connection, ids)
    rows = [
        {"case_id": case_id, "position": position, "stands_id": instead.get(one.message_id)}
        | case_post_columns(one)
        for position, one in enumerate(taken)
    ]
    if rows:
        connection.execute(insert(case_post), rows)
    for chunk in chunks(ids):
        unsent = select(post.c.id).where(
            post.c.native_id.in_(chunk), post.c.message_id.is_(None), post.c.deleted_at.is_(None), IS_UNSENT
        )
        for post_id in connection.execute(unsent).scalars().all():
            losses.withdraw(connection, post_id, now)


def _enrol(
    connection: Connection,
    clock: Clock,
    case_id: int,
    new: NewCase,
    taken: Sequence[CasePost],
    now: datetime,
) -> None:
    """The members of the case, with strikes and with what these lead to."""
    members = dict([new.member] if new.member else [])
    for one in taken:
        if one.author_id is not None:
            members.setdefault(one.author_id, one.name)
    told = Told.WAITING if new.tell and new.kind is not CaseKind.OUTSIDE else Told.NO
    for position, (member_id, name) in enumerate(members.items()):
        connection.execute(
            insert(case_member).values(
                case_id=case_id,
                member_id=member_id,
                position=position,
                name=name,
                told=told,
                strike=new.strike,
            )
        )
        steps = new.steps if new.strike else ()
        suspensions.suspend(connection, clock, case_id, member_id, new.suspend, steps, now)


def _take_down(connection: Connection, clock: Clock, case: Row[Any], message_id: int, now: datetime) -> None:
    add_job(
        connection,
        clock,
        JobKind.TAKE_DOWN,
        case.story_id,
        now,
        case_id=case.id,
        subject_id=message_id,
    )


def _try_again(connection: Connection, taken: dict[int, int], now: datetime) -> None:
    """What Discord refused to delete for a former case is tried again, since it is wanted still."""
    for message_id, case_id in taken.items():
        rows = connection.execute(
            select(job)
            .join(
                case_post,
                (case_post.c.case_id == job.c.case_id) & (case_post.c.message_id == job.c.subject_id),
            )
            .where(
                job.c.case_id == case_id,
                job.c.kind == JobKind.TAKE_DOWN,
                job.c.state == JobState.PARKED,
                followed.is_one_of([message_id]),
            )
        ).all()
        for row in rows:
            saga.retried(connection, row)
            state = JobState.UNKNOWN if row.in_doubt else JobState.PENDING
            set_job(connection, row.id, state=state, not_before=now, problem=None)


def _close_reports(connection: Connection, clock: Clock, case_id: int, new: NewCase, now: datetime) -> None:
    rows = connection.execute(
        select(case_post.c.message_id, case_post.c.stands_id).where(case_post.c.case_id == case_id)
    ).all()
    for chunk in chunks([one for row in rows for one in row if one is not None]):
        reports.close(connection, clock, chunk, case_id, new.moderator_id, now)
