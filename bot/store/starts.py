"""When sessions with Discord were begun, for a day: what keeps a crash loop from costing the token."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, or_, select

from bot.store.schema import start

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

KEPT = timedelta(days=1)


def starts(connection: Connection, since: datetime) -> tuple[datetime, ...]:
    return tuple(connection.scalars(select(start.c.at).where(start.c.at > since).order_by(start.c.at)))


def note_start(connection: Connection, at: datetime) -> None:
    """Those that are older than a day go, and those of a clock that was ahead."""
    connection.execute(delete(start).where(or_(start.c.at <= at - KEPT, start.c.at > at)))
    connection.execute(insert(start).values(at=at))
