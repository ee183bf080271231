"""What we post for members, from the wish to the message: asked for, posted, rewritten, or come to nothing.

Gateway events and receipts tell of the same things in any order. Where they contradict, Discord's last state counts:
a message that was deleted stays so, whoever it turns out to be of.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from bot.model import Contribution, JobKind, JobState, Made, QuoteMode
from bot.store import followed, losses, posts, quotes
from bot.store.jobs import add_job, revise_later
from bot.store.records import quotation_columns, quotation_of
from bot.store.schema import job, post, quote, reaction

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from bot.clock import Clock
    from bot.model import Receipt

# What a row tells of its message, whatever the post becomes.
_OF_MESSAGE = (
    "story_id",
    "thread_id",
    "message_id",
    "author_id",
    "made",
    "webhook_id",
    "native_id",
    "created_at",
    "recommended_at",
    "recommended_by",
)


def contribute(connection: Connection, clock: Clock, wish: Contribution, now: datetime) -> int | None:
    # What restores is one by its case, for the message may have been the origin of another before.
    origin = None if wish.restores else wish.origin
    known = select(post.c.id).where(post.c.origin == origin)
    if origin is not None and connection.execute(known).first() is not None:
        return None
    if wish.native_id is not None:
        if posts.deleted(connection, [wish.native_id]) or followed.taken(connection, [wish.native_id]):
            return None
        posts.saw_post(
            connection,
            wish.story_id,
            wish.thread_id,
            wish.native_id,
            wish.author_id,
            Made.NATIVE,
            wish.at,
            None,
        )
    key = connection.execute(
        insert(post).values(
            story_id=wish.story_id,
            thread_id=wish.thread_id,
            author_id=wish.author_id,
            made=Made.WEBHOOK if wish.mode is QuoteMode.REPOST else Made.BOT,
            words=wish.words,
            native_id=wish.native_id,
            origin=origin,
            contribution={
                "name": wish.name,
                "avatar": wish.avatar,
                "mode": wish.mode.value,
                "at": wish.at.isoformat(),
                "restores": wish.restores,
            },
            created_at=now,
        )
    ).inserted_primary_key
    assert key is not None
    post_id = int(key[0])
    rows = [
        {
            "post_id": post_id,
            "position": position,
            "source_id": one.source_id,
            "thread_id": one.thread_id,
            "lost_at": now if gone else None,
            **quotation_columns(one),
        }
        for position, (one, gone) in enumerate(quotes.resolve(connection, wish.quotations))
    ]
    if rows:
        connection.execute(insert(quote), rows)
    add_job(connection, clock, JobKind.QUOTE, wish.story_id, now, post_id=post_id)
    return post_id


def contribution(connection: Connection, post_id: int) -> Contribution | None:
    row = connection.execute(select(post).where(post.c.id == post_id)).first()
    if row is None or row.contribution is None:
        return None
    quoted = connection.execute(
        select(quote).where(quote.c.post_id == post_id).order_by(quote.c.position, quote.c.id)
    )
    restores = row.contribution.get("restores")
    return Contribution(
        origin=row.origin if restores is None else restores[1],
        story_id=row.story_id,
        thread_id=row.thread_id,
        author_id=row.author_id,
        name=row.contribution["name"],
        avatar=row.contribution["avatar"],
        mode=QuoteMode(row.contribution["mode"]),
        quotations=tuple(quotation_of(one, one.thread_id) for one in quoted),
        at=datetime.fromisoformat(row.contribution["at"]),
        words=row.words,
        native_id=row.native_id,
        restores=restores and (restores[0], restores[1]),
    )


def rewrite(connection: Connection, clock: Clock, post_id: int, words: str, now: datetime) -> None:
    mine = (post.c.id == post_id) & post.c.deleted_at.is_(None)
    connection.execute(update(post).where(mine).values(words=words, edited_at=now))
    quotes.refresh(connection, clock, [post_id], now)


def revoice(connection: Connection, clock: Clock, post_id: int, now: datetime) -> None:
    mine = post.c.id == post_id
    row = connection.execute(
        select(post).where(mine, post.c.message_id.is_not(None), post.c.contribution.is_not(None))
    ).first()
    if row is None:
        return
    as_was = {name: row._mapping[name] for name in _OF_MESSAGE}
    anew = {"native_id": row.message_id, "message_id": None, "recommended_at": None, "recommended_by": None}
    connection.execute(update(post).where(mine).values(anew))
    connection.execute(insert(post).values(as_was))
    edits = (job.c.post_id == post_id) & (job.c.kind == JobKind.REQUOTE) & (job.c.state == JobState.PENDING)
    connection.execute(delete(job).where(edits))
    add_job(connection, clock, JobKind.QUOTE, row.story_id, now, post_id=post_id)


# --- what becomes of the QUOTE job ---------------------------------------------------------------------


def posted(
    connection: Connection, clock: Clock, post_id: int, message_id: int, receipt: Receipt, now: datetime
) -> None:
    """The post is on Discord as this message, or was. What it takes the place of is to be deleted."""
    row = connection.execute(select(post).where(post.c.id == post_id)).one()
    made = Made.BOT if receipt.webhook_id is None else Made.WEBHOOK
    # A native reply stays beside its companion; our own former post never does.
    anew = post.c.made != Made.NATIVE
    former_ours = select(post.c.id).where(post.c.message_id == row.native_id, post.c.id != post_id, anew)
    replaces = row.native_id is not None and (
        made is Made.WEBHOOK or connection.execute(former_ours).first() is not None
    )
    gone = replaces and bool(posts.deleted(connection, [row.native_id]))
    seen = _absorb(connection, message_id, post_id)
    former = _absorb(connection, row.native_id, post_id) if replaces else None
    recommended = next((one for one in (seen, former) if one and one.recommended_at), row)
    connection.execute(
        update(post)
        .where(post.c.id == post_id)
        .values(
            message_id=message_id,
            made=made,
            webhook_id=receipt.webhook_id,
            # What the author wrote anew while it was on its way comes after what was sent.
            words=row.words if row.edited_at or receipt.words is None else receipt.words,
            # Not before the message was made, lest a search since an earlier moment takes it for nobody's.
            created_at=seen.created_at if seen else now,
            recommended_at=recommended.recommended_at,
            recommended_by=recommended.recommended_by,
        )
    )
    if replaces:
        followed.follow(connection, row.native_id, message_id)
        quotes.move(connection, clock, row.native_id, message_id, now)
        told = connection.execute(delete(reaction).where(reaction.c.message_id == row.native_id)).rowcount
        if told or recommended is former:
            revise_later(connection, clock, row.story_id, now)
        if not gone:
            payload = {"message": str(row.native_id)}
            add_job(connection, clock, JobKind.REPLACE, row.story_id, now, payload=payload, post_id=post_id)
    if seen is not None and seen.deleted_at is not None:
        losses.lost(connection, clock, [message_id], seen.deleted_at)


def _absorb(connection: Connection, message_id: int, post_id: int) -> Row[Any] | None:
    """The row of a message that is this post's now: as it was, for it is gone, its jobs now the post's."""
    row = connection.execute(
        select(post).where(post.c.message_id == message_id, post.c.id != post_id)
    ).first()
    if row is not None:
        connection.execute(update(job).where(job.c.post_id == row.id).values(post_id=post_id))
        connection.execute(delete(post).where(post.c.id == row.id))
    return row


def not_posted(connection: Connection, post_id: int, now: datetime) -> None:
    """Its attempt certainly did nothing: it is sent with what is known then, or, when it was taken back, never."""
    waiting = (job.c.post_id == post_id) & (job.c.state == JobState.PENDING)
    taken_back = select(job.c.id).where(waiting, job.c.kind == JobKind.DELETE)
    if connection.execute(taken_back).first() is not None:
        losses.withdraw(connection, post_id, now)
    else:
        connection.execute(delete(job).where(waiting, job.c.kind == JobKind.REQUOTE))


def never_posted(connection: Connection, post_id: int, now: datetime) -> None:
    """It was posted and deleted before anyone knew it, or can't be posted any more."""
    row = connection.execute(select(post).where(post.c.id == post_id)).one()
    # One post of a story is in doubt at a time: what nobody has claimed of the deleted ones was this one.
    connection.execute(
        update(post)
        .where(
            post.c.story_id == row.story_id,
            post.c.message_id.is_not(None),
            post.c.author_id.is_(None),
            post.c.deleted_at.is_not(None),
        )
        .values(author_id=row.author_id)
    )
    losses.withdraw(connection, post_id, now)
