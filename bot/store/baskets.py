"""What members keep with us: quotations gathered for a post to come, and what they like best."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from bot.model import QuoteMode
from bot.store.quotes import resolve
from bot.store.records import quotation_columns, quotation_of
from bot.store.schema import basket, preference

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from bot.model import Quotation


def collect(
    connection: Connection,
    member_id: int,
    thread_id: int,
    quotation: Quotation,
    now: datetime,
    since: datetime,
    most: int,
) -> tuple[Quotation, ...]:
    mine = _of(member_id, thread_id)
    connection.execute(delete(basket).where(mine, basket.c.added_at < since))
    ((one, gone),) = resolve(connection, [quotation])
    columns = {"source_thread_id": one.thread_id, "added_at": now, **quotation_columns(one)}
    if not gone:
        same = update(basket).where(mine, basket.c.source_id == one.source_id)
        if not connection.execute(same.values(columns)).rowcount:
            held, last = connection.execute(
                select(func.count(), func.coalesce(func.max(basket.c.position), -1)).where(mine)
            ).one()
            if held < most:
                key = {"member_id": member_id, "thread_id": thread_id, "source_id": one.source_id}
                connection.execute(insert(basket).values(position=last + 1, **key, **columns))
    return contents(connection, member_id, thread_id, since)


def contents(
    connection: Connection, member_id: int, thread_id: int, since: datetime
) -> tuple[Quotation, ...]:
    rows = connection.execute(
        select(basket)
        .where(_of(member_id, thread_id), basket.c.added_at >= since)
        .order_by(basket.c.position)
    )
    return tuple(quotation_of(row, row.source_thread_id) for row in rows)


def empty(connection: Connection, member_id: int, thread_id: int) -> None:
    connection.execute(delete(basket).where(_of(member_id, thread_id)))


def rebasket(connection: Connection, source_id: int, text: str) -> int:
    stale = (basket.c.source_id == source_id) & basket.c.picked.is_(False) & (basket.c.text != text)
    return connection.execute(update(basket).where(stale).values(text=text)).rowcount


def _of(member_id: int, thread_id: int) -> ColumnElement[bool]:
    return (basket.c.member_id == member_id) & (basket.c.thread_id == thread_id)


# --- preferences ---------------------------------------------------------------------------------------


def quote_mode(connection: Connection, member_id: int) -> QuoteMode | None:
    chosen = connection.execute(
        select(preference.c.quotes).where(preference.c.member_id == member_id)
    ).scalar()
    return None if chosen is None else QuoteMode(chosen)


def prefer(connection: Connection, member_id: int, mode: QuoteMode | None) -> None:
    connection.execute(delete(preference).where(preference.c.member_id == member_id))
    if mode is not None:
        connection.execute(insert(preference).values(member_id=member_id, quotes=mode))
