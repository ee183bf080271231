"""What the paper prints when: everything follows from how many steps have been done since it was founded.

A step publishes the next article or corrects one of the last few. After the last article it goes round again with
follow-ups under new names, so that it never stops and never says the same thing under the same name twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from localdiscord.newspaper.editions import slug_of, split_slug, text_of
from localdiscord.newspaper.runs import Runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from localdiscord.newspaper.archive import Report

PERIOD, FAST_PERIOD = timedelta(seconds=20), timedelta(seconds=2)
CORRECT_AFTER = 4  # articles: then comes a correction, where one is due
OUT_AT_FIRST = 10  # steps that had been done before the first start: eight articles, two of them corrected
ON_A_FEED = 20  # articles of one desk


class Watch(Protocol):
    """Anything that knows the time, in UTC."""

    def now(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Step:
    """What a step of the programme does: publish or correct the report with this number."""

    report: int
    correct: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """An article as it reads now. ``body`` is HTML with links to others as ``article:SLUG``."""

    slug: str
    desk: str
    title: str
    author: str
    categories: tuple[str, ...]
    scene: str
    summary: str
    body: str
    published: datetime
    updated: datetime | None  # when it was corrected

    @property
    def changed(self) -> datetime:
        return self.updated or self.published


@dataclass(frozen=True, slots=True)
class Issue:
    """All that is on the feeds now, newest first; ``changed`` is when the last step was done."""

    changed: datetime
    items: tuple[Item, ...]

    def desk(self, name: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.desk == name)[:ON_A_FEED]


def programme(reports: Sequence[Report]) -> tuple[Step, ...]:
    """The steps of one edition. What is corrected was published before, in the same edition."""
    steps: list[Step] = []
    due: list[int] = []
    for number, report in enumerate(reports):
        steps.append(Step(number))
        if report.correction:
            due.append(number)
        if (number + 1) % CORRECT_AFTER == 0 and due:
            steps.append(Step(due.pop(), correct=True))
    return tuple(steps)


class Press:
    """Prints the paper. Nothing runs in the background: what is asked for is worked out from the time."""

    def __init__(self, reports: Sequence[Report], clock: Watch, *, fast: bool, memory: Path | None) -> None:
        self._reports = reports
        self._programme = programme(reports)
        self._places = {step.report: place for place, step in enumerate(self._programme) if not step.correct}
        self._corrections = {step.report: place for place, step in enumerate(self._programme) if step.correct}
        self._numbers = {report.slug: number for number, report in enumerate(reports)}
        self._clock = clock
        self._runs = Runs(clock.now(), FAST_PERIOD if fast else PERIOD, OUT_AT_FIRST, memory)

    def issue(self) -> Issue:
        """The paper as it is now."""
        steps = self._runs.steps(self._clock.now())
        return Issue(self._runs.moment(steps - 1), tuple(self._latest(steps)))

    def article(self, slug: str) -> Item | None:
        """An article that has come out, however long ago."""
        name, edition = split_slug(slug)
        number = self._numbers.get(name)
        if number is None or slug != slug_of(self._reports[number], edition):
            return None
        return self._item(number, edition, self._runs.steps(self._clock.now()))

    def _latest(self, steps: int) -> Iterator[Item]:
        """Enough of the latest articles to fill every desk's feed, newest first."""
        wanted = ON_A_FEED * len({report.desk for report in self._reports})
        for done in range(steps - 1, -1, -1):
            edition, place = divmod(done, len(self._programme))
            step = self._programme[place]
            if step.correct:
                continue
            item = self._item(step.report, edition, steps)
            assert item is not None
            yield item
            wanted -= 1
            if wanted == 0:
                return

    def _item(self, number: int, edition: int, steps: int) -> Item | None:
        report = self._reports[number]
        published = edition * len(self._programme) + self._places[number]
        if published >= steps:
            return None
        corrected = None
        if number in self._corrections:
            corrected = edition * len(self._programme) + self._corrections[number]
            if corrected >= steps:
                corrected = None
        text = text_of(report, edition, corrected=corrected is not None)
        return Item(
            slug=slug_of(report, edition),
            desk=report.desk,
            title=text.title,
            author=report.author,
            categories=report.categories,
            scene=report.scene,
            summary=text.summary,
            body=text.body,
            published=self._runs.moment(published),
            updated=None if corrected is None else self._runs.moment(corrected),
        )
