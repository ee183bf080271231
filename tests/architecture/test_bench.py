"""The benches' own arithmetic, with a clock that tells what it is told; no bench is run."""

from __future__ import annotations

from pathlib import Path

from bench.__main__ import as_json, table
from bench.corpus import corpus
from bench.harness import Bench, measure
from bot.feeds.parse import parse
from bot.model import ParsedFeed


class Stopwatch:
    """Time passes only by work."""

    def __init__(self) -> None:
        self.time = 0.0
        self.done: list[str] = []

    def work(self, name: str, *seconds: float) -> None:
        self.time += seconds[min(self.done.count(name), len(seconds) - 1)]
        self.done.append(name)

    def __call__(self) -> float:
        return self.time


def test_both_take_turns_and_the_median_counts() -> None:
    """The warm-up is not counted, each is first every other time, and one slow run decides nothing."""
    watch = Stopwatch()
    bench = Bench(
        "a bench",
        lambda: watch.work("ours", 50.0, 3.0, 90.0, 3.0),
        lambda: watch.work("floor", 70.0, 2.0),
        1.4,
        "a floor",
    )

    row = measure(bench, 3, watch)

    assert watch.done == ["floor", "ours", "ours", "floor", "floor", "ours", "ours", "floor"]
    assert (row.ratio, row.ours, row.floor) == (1.5, 3.0, 2.0)
    assert as_json(row) == {"name": "a bench", "ratio": 1.5, "target": 1.4, "holds": False}
    assert "| a bench | 3.00 s | 2.00 s: a floor | 1.50 | ≤ 1.4 | NO |" in table([row])


def test_there_is_something_to_read_without_saved_feeds(tmp_path: Path) -> None:
    """Where no real feeds are at hand, made ones take their place, and are read whole."""
    made = corpus(tmp_path)

    assert made.documents
    for document in made.documents:
        feed = parse(document, "", "https://news.example/feed")
        assert isinstance(feed, ParsedFeed)
        assert len(feed.articles) >= 40
