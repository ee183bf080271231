"""When each step of the paper happened, across restarts: while nobody runs the press, it stands still."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_BEFORE = timedelta(minutes=25)  # between what had come out before the first start


@dataclass(frozen=True, slots=True)
class Run:
    """From one start to the next: ``first`` steps had been done, then one more every ``period``."""

    start: datetime
    first: int
    period: timedelta

    def steps(self, now: datetime) -> int:
        """How many steps have been done by ``now``, those of earlier runs included."""
        return self.first + max(0, (now - self.start) // self.period)


class Runs:
    """The history of starts. With ``memory``, a JSON file, it goes on where readers last saw it."""

    def __init__(self, now: datetime, period: timedelta, done_before: int, memory: Path | None) -> None:
        self._memory = memory
        self._runs: list[Run] = []
        self._seen = done_before
        if memory is not None and memory.exists():
            self._recall(json.loads(memory.read_text(encoding="utf-8")))
        self._runs.append(Run(now, self._seen, period))

    def steps(self, now: datetime) -> int:
        """How many steps have been done by ``now``; what was once told is remembered."""
        # A wall clock that is set back takes nothing back that readers have seen.
        steps = max(self._seen, self._runs[-1].steps(now))
        if steps != self._seen or (self._memory is not None and not self._memory.exists()):
            self._seen = steps
            self._remember()
        return steps

    def moment(self, step: int) -> datetime:
        """When a step was done; steps count from 0."""
        run = next((run for run in reversed(self._runs) if run.first <= step), None)
        if run is None:
            return self._runs[0].start - (self._runs[0].first - step) * _BEFORE
        return run.start + (step - run.first + 1) * run.period

    def _recall(self, memory: dict[str, object]) -> None:
        self._seen = int(str(memory["seen"]))
        runs = memory["runs"]
        assert isinstance(runs, list)
        self._runs = [
            Run(datetime.fromisoformat(start), first, timedelta(seconds=period))
            for start, first, period in runs
        ]

    def _remember(self) -> None:
        if self._memory is None:
            return
        runs = [[run.start.isoformat(), run.first, run.period.total_seconds()] for run in self._runs]
        self._memory.parent.mkdir(parents=True, exist_ok=True)
        draft = self._memory.with_name(f"{self._memory.name}.new")
        draft.write_text(json.dumps({"seen": self._seen, "runs": runs}), encoding="utf-8")
        draft.replace(self._memory)
