"""Posting in archived threads, which are archived again. Changing what stands in them is ``desk.awake``'s."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.errors import DeliveryError, Later, TokenRefused
from bot.newsroom.desk import ARCHIVED
from bot.newsroom.outcomes import delivering

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    import discord

    from bot.clock import Clock
    from bot.newsroom.desk import Desk

log = logging.getLogger(__name__)


@asynccontextmanager
async def woken(
    desk: Desk, clock: Clock, thread_id: int, deadline: datetime
) -> AsyncIterator[discord.Thread]:
    """Have a thread open to be posted in, locked ones too; archived again afterwards, whatever came of the post.

    Raises:
        Vanished: the thread is gone.
        Refused, Later: it can't be opened, or not now.
    """
    async with delivering(clock, deadline, "freely", f"thread {thread_id}", target=True):
        thread = await desk.thread(thread_id)
        if thread.archived:
            await thread.edit(archived=False, reason="Newsthread: for a post")
    try:
        yield thread
    except Exception as error:
        await _as_before(thread, clock, deadline)
        if getattr(error.__cause__, "code", None) == ARCHIVED:  # see ``awake``
            raise Later(f"thread {thread_id} was archived at this moment") from error
        raise
    await _as_before(thread, clock, deadline)


async def _as_before(thread: discord.Thread, clock: Clock, deadline: datetime) -> None:
    """What was posted is posted: that this fails must not have it posted once more."""
    if not thread.archived:
        return
    try:
        async with delivering(clock, deadline, "freely", f"thread {thread.id}"):
            await thread.edit(archived=True, reason="Newsthread: archived as before")
    except (DeliveryError, TokenRefused) as error:
        log.warning("a thread is not archived again, as it was before: %s", error)
