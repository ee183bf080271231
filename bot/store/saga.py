"""What follows when a step of a case is done, refused or found undone, in the same transaction.

The steps of a removal: its posts go, one after the other; then the thread is given the notice, the authors are told,
and the moderators' log gets the entry. Each step is a job; what was done stays done, in whatever order and however
often Discord tells of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from bot.model import CaseKind, CaseState, Contribution, JobKind, JobState, QuoteMode, ReportState, Told
from bot.store import case_jobs, contributions, losses, posts, suspensions
from bot.store.case_records import snapshot_of
from bot.store.jobs import OPEN_STATES, set_job
from bot.store.schema import case_member, case_post, job, moderation_case, report

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from bot.clock import Clock
    from bot.model import Receipt

STEPS = (
    JobKind.TAKE_DOWN,
    JobKind.NOTICE,
    JobKind.TELL,
    JobKind.ENTER,
    JobKind.REPORT,
    JobKind.RIGHTS,
)


def settled(connection: Connection, clock: Clock, step: Row[Any], receipt: Receipt, now: datetime) -> None:
    """A step was done; ``step`` is its job as it was."""
    match step.kind:
        case JobKind.TAKE_DOWN:
            _gone(connection, clock, step, now)
        case JobKind.NOTICE if receipt.message_id is not None:
            # It may be deleted already: then that is how it stays.
            lost = bool(posts.deleted(connection, [receipt.message_id]))
            columns = {"notice_id": receipt.message_id} | ({"noticed": False} if lost else {})
            was = _case(connection, step)
            case = _set_case(connection, step.case_id, **columns)
            if was.notice_id is None:  # the entry links to it
                _enter_with_the_news(connection, clock, case, now)
        case JobKind.TELL:
            told = Told.CLOSED if receipt.message_id is None else Told.TOLD
            _told(connection, clock, step, told, now)
        case JobKind.ENTER if receipt.message_id is not None:
            _set_case(connection, step.case_id, log_id=receipt.message_id)
        case JobKind.REPORT if receipt.message_id is not None:
            entered = update(report).where(report.c.message_id == step.subject_id)
            connection.execute(entered.values(log_id=receipt.message_id))
        case JobKind.RIGHTS:
            suspensions.schedule(connection, clock, step.subject_id, now)


def refused(connection: Connection, clock: Clock, step: Row[Any], problem: str, now: datetime) -> None:
    """Discord will not do a step. A post that it won't delete does not hold up the rest of its case."""
    if step.kind == JobKind.TAKE_DOWN:
        connection.execute(update(case_post).where(_is(step)).values(problem=problem))
        case = _case(connection, step)
        if case.state != CaseState.REINSTATED:
            _go_on(connection, clock, case, now)


def retried(connection: Connection, step: Row[Any]) -> None:
    """A refused step is tried again."""
    if step.kind == JobKind.TAKE_DOWN:
        connection.execute(update(case_post).where(_is(step)).values(problem=None))


def removed(connection: Connection, clock: Clock, step: Row[Any], now: datetime) -> None:
    """What a step made or was to change is gone by a person's will."""
    match step.kind:
        case JobKind.TAKE_DOWN:
            _gone(connection, clock, step, now)
        case JobKind.NOTICE:
            _set_case(connection, step.case_id, noticed=False)
        case JobKind.TELL:
            # One that was looked for and found deleted had been read, or could have been.
            _told(connection, clock, step, Told.TOLD if step.in_doubt else Told.CLOSED, now)
        case JobKind.ENTER:
            _set_case(connection, step.case_id, log_id=None, log_token=clock.token())
            case = _case(connection, step)
            if not step.in_doubt and _awaits_decision(connection, case):
                case_jobs.show_entry(connection, clock, case, now)
        case JobKind.REPORT:
            mine = report.c.message_id == step.subject_id
            connection.execute(update(report).where(mine).values(log_id=None, token=clock.token()))
            row = connection.execute(select(report).where(mine)).one()
            if not step.in_doubt and row.state == ReportState.OPEN:
                case_jobs.show_report(connection, clock, row, now)
        case JobKind.RIGHTS:
            suspensions.schedule(connection, clock, step.subject_id, now)


# --- posts go, and come back ---------------------------------------------------------------------------


def is_outrun(connection: Connection, step: Row[Any], receipt: Receipt) -> bool:
    """Whether what was deleted had been replaced by a post of ours in that very moment: that is to go, too."""
    stands = _post(connection, step).stands_id
    return (
        stands is not None
        and receipt.message_id not in {None, stands}
        and not posts.deleted(connection, [stands])
    )


def is_undone(connection: Connection, step: Row[Any]) -> bool:
    """Whether a deletion is wanted no longer."""
    return bool(step.kind == JobKind.TAKE_DOWN and _case(connection, step).state == CaseState.REINSTATED)


def spare(connection: Connection, clock: Clock, step: Row[Any], now: datetime) -> None:
    """A deletion that is wanted no longer was certainly not done by us."""
    one = _post(connection, step)
    if posts.deleted(connection, [one.stands_id or one.message_id]):
        set_job(connection, step.id, state=JobState.DONE, done_at=now, in_doubt=False, problem=None)
        _gone(connection, clock, step, now)
    else:
        connection.execute(delete(job).where(job.c.id == step.id))


def restore(
    connection: Connection, clock: Clock, case: Row[Any], gone: Iterable[Row[Any]], now: datetime
) -> None:
    """Have posts of a case posted again, each once, under their authors' names."""
    for one in gone:
        snapshot = snapshot_of(one.snapshot)
        if snapshot is None or None in {case.story_id, one.author_id} or one.restored_id is not None:
            continue
        if not snapshot.words.strip() and not any(file.path for file in snapshot.files):
            continue
        wish = Contribution(
            origin=one.message_id,
            story_id=case.story_id,
            thread_id=one.thread_id,
            author_id=one.author_id,
            name=one.name,
            avatar=one.avatar,
            mode=QuoteMode.REPOST,
            quotations=snapshot.quotes,
            at=one.at,
            words=snapshot.words,
            restores=(case.id, one.message_id),
        )
        post_id = contributions.contribute(connection, clock, wish, now)
        mine = case_post.c.id == one.id
        connection.execute(update(case_post).where(mine).values(restored_id=post_id))


def _gone(connection: Connection, clock: Clock, step: Row[Any], now: datetime) -> None:
    one = _post(connection, step)
    connection.execute(update(case_post).where(case_post.c.id == one.id).values(gone_at=now, problem=None))
    losses.lost(connection, clock, [i for i in (one.message_id, one.stands_id) if i is not None], now)
    case = _case(connection, step)
    if case.state == CaseState.REINSTATED:  # while it was being deleted
        restore(connection, clock, case, [one], now)
        case_jobs.show(connection, clock, case, now)
    else:
        _go_on(connection, clock, case, now)


def _go_on(connection: Connection, clock: Clock, case: Row[Any], now: datetime) -> None:
    """What follows the deletions, once the last of them is done or refused."""
    left = select(job.c.id).where(
        job.c.case_id == case.id, job.c.kind == JobKind.TAKE_DOWN, job.c.state.in_(OPEN_STATES)
    )
    if connection.execute(left).first() is not None:
        return
    if case.state == CaseState.OPEN:
        case = _set_case(connection, case.id, state=CaseState.STANDING)
    case_jobs.show_notice(connection, clock, case, now)
    tell_members(connection, clock, case, now)


def tell_members(connection: Connection, clock: Clock, case: Row[Any], now: datetime) -> None:
    """The members who wait to be told are, of posts only once they are gone; then the log gets its entry."""
    told = (
        select(case_member.c.member_id)
        .where(case_member.c.case_id == case.id, case_member.c.told == Told.WAITING)
        .order_by(case_member.c.position)
    )
    if case.kind == CaseKind.REMOVAL:
        gone = select(case_post.c.author_id).where(
            case_post.c.case_id == case.id, case_post.c.gone_at.is_not(None)
        )
        told = told.where(case_member.c.member_id.in_(gone))
    for member_id in connection.execute(told).scalars().all():
        case_jobs.tell(connection, clock, case, member_id, "case", now)
    _enter_with_the_news(connection, clock, case, now)


def _told(connection: Connection, clock: Clock, step: Row[Any], told: Told, now: datetime) -> None:
    if step.payload["about"] != "case":
        return
    mine = (case_member.c.case_id == step.case_id) & (case_member.c.member_id == step.subject_id)
    connection.execute(update(case_member).where(mine).values(told=told))
    _enter_with_the_news(connection, clock, _case(connection, step), now)


def _enter_with_the_news(connection: Connection, clock: Clock, case: Row[Any], now: datetime) -> None:
    if case_jobs.is_being_told(connection, case.id):
        case_jobs.show_entry(connection, clock, case, now, case_jobs.WITH_THE_NEWS)
    else:
        case_jobs.show_entry(connection, clock, case, now)


def _awaits_decision(connection: Connection, case: Row[Any]) -> bool:
    appealed = select(case_member.c.member_id).where(
        case_member.c.case_id == case.id, case_member.c.appealed_at.is_not(None)
    )
    return case.state == CaseState.STANDING and connection.execute(appealed).first() is not None


def _post(connection: Connection, step: Row[Any]) -> Row[Any]:
    return connection.execute(select(case_post).where(_is(step))).one()


def _is(step: Row[Any]) -> Any:
    return (case_post.c.case_id == step.case_id) & (case_post.c.message_id == step.subject_id)


def _case(connection: Connection, step: Row[Any]) -> Row[Any]:
    return connection.execute(select(moderation_case).where(moderation_case.c.id == step.case_id)).one()


def _set_case(connection: Connection, case_id: int, **columns: object) -> Row[Any]:
    mine = moderation_case.c.id == case_id
    connection.execute(update(moderation_case).where(mine).values(columns))
    return connection.execute(select(moderation_case).where(mine)).one()
