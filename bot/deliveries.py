"""What is on its way to Discord and can't be delivered: admins look at it, and have it tried again."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from bot.errors import Declined, StaleJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.model import WaitingJob
    from bot.store import Store

log = logging.getLogger(__name__)

ALL = "all"
SHOWN = 100  # jobs that are looked at to tell what waits
_NUMBER = re.compile(r"#?([0-9]{1,18})")  # no more than the store's numbers have


class Deliveries:
    """The service behind ``cogs/deliveries.py``, whose callers have seen that the one who asks may."""

    def __init__(self, store: Store, wake: Callable[[], None]) -> None:
        self._store = store
        self._wake = wake  # the publisher

    async def waiting(self) -> tuple[WaitingJob, ...]:
        """The jobs that something stands in the way of, at most a hundred: first those that wait for a person."""
        return await self._store.waiting(SHOWN, parked_first=True)

    async def offered(self, typed: str) -> tuple[WaitingJob, ...]:
        """Parked jobs whose number begins with, or whose title contains, what was typed; oldest first."""
        wanted = typed.strip().lstrip("#").casefold()
        return tuple(
            job
            for job in await self._store.waiting(SHOWN, parked_first=True)
            if job.parked and (str(job.job_id).startswith(wanted) or wanted in (job.title or "").casefold())
        )

    async def retry(self, which: str, by: int) -> int:
        """Have a parked job tried again at once, or all of them; how many that were. ``by`` is who wanted it.

        Raises:
            Declined: none is parked, or not that one.
        """
        count = await self._retry(which.strip().casefold())
        log.info("parked deliveries that are tried again, as member %d wished: %d", by, count)
        self._wake()
        return count

    async def _retry(self, which: str) -> int:
        if which == ALL:
            count = await self._store.unpark_all()
            if not count:
                raise Declined("No delivery waits to be retried by hand.")
            return count
        number = _NUMBER.fullmatch(which)
        if number is None:
            raise Declined("Choose one of the deliveries that are offered, or type its number or “all”.")
        job_id = int(number[1])
        try:
            if await self._store.parked(job_id) is not None:
                await self._store.unpark(job_id)
                return 1
        except StaleJob:
            pass  # done or withdrawn at this moment
        raise Declined(
            "Delivery {number} does not wait to be retried by hand: /delivery waiting lists those that do. What is held"
            " up is tried again by itself.",
            number=job_id,
        )
