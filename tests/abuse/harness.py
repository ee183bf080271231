"""Thousands of broken feeds, served over HTTP and read as ``newsthread preview`` reads them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path

from bot.clock import Clock
from bot.commands.preview import Previewer
from bot.errors import SourceError
from bot.settings.keys import WatcherKeys
from tests.abuse.cases import Case, cases
from tests.abuse.rules import HOME, Rules
from tests.feeds.site import Site, response
from tests.openapi import Openapi

SHARED = Path(__file__).resolve().parents[3] / "shared"
SEED = 20261124
PARSE_TIMEOUT = 20.0  # seconds, as the bot grants
HOLD = 0.1  # seconds that one message may hold the loop which all of the bot shares
_JUDGED = 25  # articles of a feed whose messages are judged
_TOLD = 3  # broken rules of one case: others are likely the same


@dataclass(frozen=True, slots=True)
class Broken:
    """A case that broke a rule."""

    case: Case
    sentence: str

    def __str__(self) -> str:
        return f"{self.case.name}: {self.sentence}"


@dataclass(slots=True)
class Figures:
    """What came of so many cases. ``broken`` is empty when every promise was kept."""

    seed: int
    cases: int = 0
    feeds: int = 0  # of the cases, those that were read
    refused: Counter[str] = field(default_factory=Counter)  # the others, by the beginning of the sentence
    articles: int = 0
    children: int = 0  # processes that read; one leaves when it took much memory, and none may die
    slowest: float = 0.0  # seconds that the slowest case took, waiting for its turn included
    longest: float = 0.0  # processor seconds that making one message held the loop
    seconds: float = 0.0
    broken: list[Broken] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.cases} broken feeds (seed {self.seed}): {self.feeds} read with {self.articles} articles, "
            f"{self.refused.total()} refused in {len(self.refused)} ways, {len(self.broken)} broke a rule; "
            f"{self.children} processes read them, slowest {self.slowest:.1f} s, a message"
            f" {self.longest * 1000:.0f} ms, {self.seconds:.0f} s in all"
        )


async def run(
    count: int = 5000, seed: int = SEED, start: int = 0, workers: int = 2, feeds: Path | None = None
) -> Figures:
    """Put ``count`` cases through preview's path, ``workers`` at a time; raises nothing, see ``Figures.broken``."""
    made = cases(seed, count, saved(feeds or SHARED / "feeds"), start)
    return await judge(made, seed, workers)


async def judge(made: Iterable[Case], seed: int = 0, workers: int = 1) -> Figures:
    """As ``run``, for these cases."""
    figures = Figures(seed)
    description = SHARED / "discord" / "openapi.json"
    rules = Rules(Openapi(description) if description.is_file() else None)
    watcher = WatcherKeys(allow_private_addresses=True, parse_timeout=timedelta(seconds=PARSE_TIMEOUT))
    began = time.monotonic()
    iterator = iter(made)  # shared: each case is taken once
    async with Site() as site, Previewer(watcher, Clock(), workers) as previewer:
        slow: set[Case] = set()

        async def work() -> None:
            for case in iterator:
                if await _one(case, site, previewer, rules, figures) > HOLD:
                    slow.add(case)

        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(work())
        for case in slow:  # alone, since between two messages other cases may have had their turn
            held = await _one(case, site, previewer, rules, Figures(seed))
            figures.longest = max(figures.longest, held)
            if held > HOLD:
                figures.broken.append(Broken(case, f"a message took {held:.2f} s to make"))
        figures.children = previewer.children
    figures.seconds = time.monotonic() - began
    return figures


async def _one(case: Case, site: Site, previewer: Previewer, rules: Rules, figures: Figures) -> float:
    """The most processor seconds that went by from one of the case's messages to the next."""
    path = f"/{case.number}"
    headers = {"Content-Type": case.content_type} if case.content_type else {}
    headers |= {"Content-Encoding": case.content_encoding} if case.content_encoding else {}
    site.script(path, response(200, case.body, headers))
    source = site.url(path, HOME)
    figures.cases += 1
    began = time.monotonic()
    previews = []
    longest = 0.0
    try:
        since = time.thread_time()
        async for preview in previewer.previews(source):
            if previews:  # before the first one, other cases were waited for
                longest = max(longest, time.thread_time() - since)
            if len(previews) < _JUDGED:
                previews.append(preview)
            figures.articles += 1
            since = time.thread_time()
        figures.feeds += 1
    except SourceError as error:
        for sentence in _of_refusal(str(error).removeprefix(f"{source}: ")):
            figures.broken.append(Broken(case, sentence))
        figures.refused[" ".join(str(error).removeprefix(f"{source}: ").split()[:5])] += 1
    except Exception as error:
        figures.broken.append(Broken(case, f"raised {error!r:.500}"))
    figures.slowest = max(figures.slowest, time.monotonic() - began)
    figures.broken += [
        Broken(case, sentence) for sentence in islice(rules.broken(previews, case.said), _TOLD)
    ]
    site.forget(path)
    if longest <= HOLD:
        figures.longest = max(figures.longest, longest)
    return longest


def _of_refusal(sentence: str) -> Iterable[str]:
    """One sentence that people can read; and nothing that took too long or killed the process that read it."""
    if not sentence.endswith(".") or not sentence.isprintable() or len(sentence) > 1200:
        yield f"is refused with no sentence: {sentence!r:.500}"
    if "took longer than" in sentence or "process that reads" in sentence:
        yield sentence


def saved(folder: Path) -> Sequence[bytes]:
    """The feeds saved in ``folder``; none where it is absent."""
    return [
        path.read_bytes()
        for path in sorted(folder.glob("*.*"))
        if path.suffix in {".rss", ".atom", ".xml", ".json"}
    ]
