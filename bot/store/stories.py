"""What moderators do with an article's own post: have it rendered anew, or mirrored anew when it is gone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from bot.model import JobKind, JobState
from bot.store import ledger, openings, questions
from bot.store.jobs import WAITING_STATES, add_job, revise
from bot.store.schema import article, job, own_thread, post, reaction, story

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.clock import Clock
    from bot.model import StoryDetails

AT_ONCE = timedelta(0)

_DELETED = select(own_thread.c.thread_id).where(own_thread.c.deleted_at.is_not(None))

# Its thread or its opening post was deleted, whether or not anything was to be changed there since.
IS_GONE = or_(
    story.c.removed_at.is_not(None), story.c.thread_id.in_(_DELETED), story.c.message_id.in_(_DELETED)
)


def repost(connection: Connection, clock: Clock, story_id: int, now: datetime) -> bool:
    gone = select(story.c.id).where(story.c.id == story_id, IS_GONE)
    if connection.execute(gone).first() is None:
        return False
    mine = story.c.id == story_id
    token = openings.next_token(connection, story_id)
    fresh = {
        "token": token,
        "thread_id": None,
        "message_id": None,
        "draft_digest": None,
        "removed_at": None,
    }
    connection.execute(update(story).where(mine).values(fresh))
    # The new post is rendered from the newest words, and has nothing of the former discussion to tell of.
    moot = (job.c.story_id == story_id) & job.c.kind.in_([JobKind.REVISE, JobKind.HEADLINE])
    connection.execute(delete(job).where(moot, job.c.state.in_([*WAITING_STATES, JobState.PARKED])))
    connection.execute(delete(reaction).where(reaction.c.story_id == story_id))
    recommended = (post.c.story_id == story_id) & post.c.recommended_at.is_not(None)
    connection.execute(update(post).where(recommended).values(recommended_at=None, recommended_by=None))
    add_job(connection, clock, JobKind.OPEN, story_id, now, token=token)
    ledger.doubt_known(connection, token)
    return True


def revise_now(connection: Connection, clock: Clock, story_id: int, now: datetime) -> bool:
    shown = (story.c.id == story_id) & story.c.message_id.is_not(None) & story.c.removed_at.is_(None)
    if not connection.execute(update(story).where(shown).values(draft_digest=None)).rowcount:
        return False
    revise(connection, clock, story_id, now, AT_ONCE, AT_ONCE)
    return True


def reposts(connection: Connection, text: str, limit: int) -> tuple[StoryDetails, ...]:
    found = (
        select(story.c.id)
        .join(article, article.c.id == story.c.article_id)
        .where(IS_GONE, article.c.title.icontains(text, autoescape=True))
        .order_by(story.c.id.desc())
        .limit(limit)
    )
    details = (
        questions.details(connection, story.c.id == one) for one in connection.execute(found).scalars().all()
    )
    return tuple(one for one in details if one is not None)
