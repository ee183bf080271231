"""Taking something away from a channel or thread: done when it is gone already, and in archived threads too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.newsroom.audit import audit_reason
from bot.newsroom.desk import ARCHIVED, awake
from bot.newsroom.outcomes import TARGET_GONE, delivering

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.clock import Clock
    from bot.newsroom.desk import Desk

_GONE = TARGET_GONE | {10014}  # unknown emoji


async def take_away(
    desk: Desk,
    clock: Clock,
    channel_id: int,
    act: Callable[[], Awaitable[None]],
    where: str,
    deadline: datetime,
) -> None:
    """Do what takes something away; repeatable freely. An archived thread is archived again.

    Raises:
        Refused, Later: it can't be done, or not now.
    """
    async with delivering(clock, deadline, "freely", where):
        try:
            try:
                await act()
            except discord.HTTPException as error:
                if error.code != ARCHIVED:
                    raise
                async with awake(await desk.thread(channel_id)):
                    await act()
        except discord.HTTPException as error:
            if error.code not in _GONE:
                raise


async def delete_post(
    desk: Desk, clock: Clock, place_id: int, message_id: int, reason: str, deadline: datetime
) -> None:
    """Delete a post of a channel or thread; see ``take_away``. ``reason`` is for the audit log."""
    http = desk.client().http

    async def delete() -> None:
        await http.delete_message(place_id, message_id, reason=audit_reason(reason))

    await take_away(desk, clock, place_id, delete, f"post {message_id} in {place_id}", deadline)
