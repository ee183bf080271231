"""What is kept of members and for how long, what they may have of it, and what everybody may know without names."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.clock import Clock
    from bot.model import MonthCount
    from bot.settings.keys import ModerationKeys
    from bot.store import Store

log = logging.getLogger(__name__)

SWEEP_EVERY = timedelta(hours=1)  # the shortest time that may be configured for keeping anything
# A file so old was kept for a case that has long been told of it, if there is one.
LEFT_OVER_AFTER = timedelta(days=1)


class Privacy:
    """The service behind ``cogs/moderation/privacy.py`` and ``transparency.py``. ``run`` forgets in time."""

    def __init__(self, store: Store, keys: ModerationKeys, clock: Clock, wake: Callable[[], None]) -> None:
        self._store = store
        self._keys = keys
        self._clock = clock
        self._wake = wake

    async def run(self, beat: Callable[[], None] = lambda: None) -> None:
        while True:
            beat()
            await self._sweep()
            await self._clock.sleep(SWEEP_EVERY.total_seconds())

    async def export(self, member_id: int) -> bytes:
        """All that is stored about a member, as a JSON document."""
        stored = await self._store.export(member_id)
        return json.dumps(stored, ensure_ascii=False, indent=2).encode()

    async def erase(self, member_id: int, *, posts: bool) -> None:
        """Erase what is stored about a member; with ``posts`` also what the bot posted for them.

        Of cases number, rule and times stay, and a running suspension until it ends.
        """
        now = self._clock.now()
        if posts:
            for post_id in await self._store.made_for(member_id):
                await self._store.take_back(post_id, now)
        await self._store.kept.drop(await self._store.erase(member_id, now))
        self._wake()

    async def transparency(self, months: int) -> tuple[tuple[str, ...], tuple[MonthCount, ...]]:
        """Removals by month and rule, of this month and those before it, so many in all; and the months, oldest first."""
        now = self._clock.now()
        starts = [first_of(now, count) for count in range(months, 0, -1)]
        counts = await self._store.counts_by_month(starts[0])
        return tuple(f"{start:%Y-%m}" for start in starts), counts

    async def _sweep(self) -> None:
        """Forget what was kept long enough, and files that no case has any more: an end came between the two."""
        now = self._clock.now()
        expired = await self._store.expire(now - self._keys.keep, now)
        await self._store.kept.drop(expired)
        left = await self._store.kept.paths(now - LEFT_OVER_AFTER) - await self._store.kept_paths()
        await self._store.kept.drop(left)
        if expired or left:
            log.info("erased %d files of removed posts that were kept long enough", len(expired) + len(left))


def first_of(now: datetime, months: int) -> datetime:
    """When the first of so many calendar months, this one the last, began, in UTC."""
    year, month = divmod(now.year * 12 + now.month - months, 12)
    return now.replace(year=year, month=month + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
