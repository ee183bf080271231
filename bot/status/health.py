"""Whether all is well, as a pure judgement over the facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.status.facts import StatusFacts

# Each loop reports at least once a minute; this leaves room for two reports that come late.
HEARTBEAT_LIMIT = timedelta(seconds=150)
LOOPS = ("watcher", "publisher")


@dataclass(frozen=True, slots=True)
class Health:
    """The judgement; ``problems`` holds one sentence for each thing that is not well, and none when all is.

    ``troubles`` are told beside it and don't count: most of them a restart would only make worse.
    """

    gateway_connected: bool
    store_writable: bool
    ages: dict[str, float | None]  # seconds since each loop's last report; None: it never came
    problems: tuple[str, ...]
    troubles: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.problems

    def alive(self, loop: str) -> bool:
        age = self.ages[loop]
        return age is not None and age <= HEARTBEAT_LIMIT.total_seconds()

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "gateway": {"connected": self.gateway_connected},
            "store": {"writable": self.store_writable},
            **{loop: {"alive": self.alive(loop), "heartbeat_age": self.ages[loop]} for loop in self.ages},
            "problems": list(self.problems),
            "troubles": list(self.troubles),
        }


def judge(facts: StatusFacts, now: datetime) -> Health:
    """The health of the program as of ``now``."""
    ages = {loop: _age(facts.loops.get(loop), now) for loop in LOOPS}
    problems = []
    if not facts.gateway_connected:
        problems.append("There is no connection to Discord.")
    if not facts.store_writable:
        problems.append("The store can't be written, so nothing is posted.")
    for loop, age in ages.items():
        if age is None:
            problems.append(f"The {loop} has not started yet.")
        elif age > HEARTBEAT_LIMIT.total_seconds():
            problems.append(f"The {loop} has not reported for {age:.0f} seconds.")
    troubles = tuple(trouble.sentence for trouble in facts.troubles)
    return Health(facts.gateway_connected, facts.store_writable, ages, tuple(problems), troubles)


def _age(beat: datetime | None, now: datetime) -> float | None:
    return None if beat is None else max(0.0, round((now - beat).total_seconds(), 3))
