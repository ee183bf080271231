"""What is wrong with the program as a whole, for as long as it is: told by whoever finds it out, shown by the status page.

What is wrong with a feed or a job stands with that feed or job, not here.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.clock import Clock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One sentence for the admin, and since when it is true."""

    sentence: str
    since: datetime


class Troubles:
    """The troubles there are, each under a key of its own; beginning and end are logged once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._standing: dict[str, Trouble] = {}

    def begin(self, key: str, sentence: str) -> None:
        """It is so from now on, or still, perhaps in other words."""
        former = self._standing.get(key)
        if former is None or former.sentence != sentence:
            since = self._clock.now() if former is None else former.since
            self._standing[key] = Trouble(sentence, since)
            log.warning("%s", sentence)

    def end(self, key: str) -> None:
        """It is so no more; ending what never began changes nothing."""
        former = self._standing.pop(key, None)
        if former is not None:
            log.info("over: %s", former.sentence)

    def all(self) -> tuple[Trouble, ...]:
        """Those that stand, oldest first."""
        return tuple(sorted(self._standing.values(), key=lambda trouble: trouble.since))
