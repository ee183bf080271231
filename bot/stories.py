"""What is known of the mirrored stories: questions from members, and what the gateway tells of our threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.clock import Clock
    from bot.model import StoryDetails
    from bot.store import Store


class Stories:
    """The service behind ``cogs/news.py``."""

    def __init__(self, store: Store, channels: Iterable[int], clock: Clock) -> None:
        self._store = store
        self._channels = frozenset(channels)  # those that feeds are mirrored to
        self._clock = clock

    async def details(self, token: str) -> StoryDetails | None:
        """The story whose post carries ``token``; None when the store does not know it."""
        return await self._store.story_by_token(token)

    async def appeared(
        self, thread_id: int, guild_id: int, parent_id: int, token: str | None, created_at: datetime
    ) -> None:
        """A thread or marked post of ours exists on Discord: kept, so that a lost answer is no lost post.

        For a post in a text channel ``thread_id`` is the message's id, which is what its thread will be called.
        """
        if parent_id in self._channels:
            await self._store.saw_thread(thread_id, guild_id, parent_id, token, created_at)

    async def vanished(self, thread_id: int, parent_id: int, by: int | None = None) -> None:
        """A thread or post in one of the channels was deleted: what a moderator took away never comes back.

        Whether it was ours may not be known yet, since events come in any order.
        """
        if parent_id in self._channels:
            await self._store.lost_thread(thread_id, self._clock.now(), by)
