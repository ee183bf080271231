"""Measures two ways of doing the same work side by side. Knows no bench.

Seconds differ from machine to machine and from hour to hour; the ratio of two pieces of work that take turns does
so much less. Time is the processor's, since other programs may share it.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Bench:
    """``ours`` should take at most ``target`` times as long as ``floor``, which does the same or less."""

    name: str
    ours: Work
    floor: Work
    target: float
    against: str  # what the floor is, for people


@dataclass(frozen=True, slots=True)
class Row:
    """One result. ``ratio`` is the median over pairs of runs, the times are medians in seconds."""

    name: str
    ratio: float
    target: float
    ours: float
    floor: float
    against: str

    @property
    def holds(self) -> bool:
        return self.ratio <= self.target


def measure(bench: Bench, repeats: int, clock: Callable[[], float] = time.process_time) -> Row:
    """Run both ``repeats`` times, by turns and each first every other time, after one run to warm up."""
    bench.floor()
    bench.ours()
    pairs = []
    for number in range(repeats):
        if number % 2:
            floor = _seconds(bench.floor, clock)
            ours = _seconds(bench.ours, clock)
        else:
            ours = _seconds(bench.ours, clock)
            floor = _seconds(bench.floor, clock)
        pairs.append((ours, floor))
    return Row(
        name=bench.name,
        ratio=median(ours / floor for ours, floor in pairs),
        target=bench.target,
        ours=median(ours for ours, _ in pairs),
        floor=median(floor for _, floor in pairs),
        against=bench.against,
    )


def _seconds(work: Work, clock: Callable[[], float]) -> float:
    gc.collect()  # so that neither pays for what the other left
    start = clock()
    work()
    return clock() - start
