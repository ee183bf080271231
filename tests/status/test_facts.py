"""From the store's overview to the page's facts."""

from __future__ import annotations

from datetime import timedelta

from bot.model import Failure, FailureKind, FeedOverview, JobState, Overview, PollState
from bot.settings.keys import Feed
from bot.status import FeedFacts, FeedState, gather_facts
from tests.support import START


def feed(name: str, url: str, *, enabled: bool = True) -> Feed:
    return Feed(id=name, url=url, channel_id=1300000000000002000, enabled=enabled)


def test_feeds_meet_what_the_store_knows() -> None:
    """Each configured feed gets the polls of its address and its own counts; what the store lacks stays empty."""
    failure = Failure(FailureKind.TIMEOUT, "It took too long.")
    overview = Overview(
        polls={
            "https://a.example/": PollState(
                url="https://a.example/",
                next_at=START + timedelta(minutes=1),
                polled_at=START,
                succeeded_at=None,
                failures=2,
                failure=failure,
            )
        },
        feeds={"one": FeedOverview("one", "The One", articles=4, threads=3, warnings=("a warning",))},
        jobs={JobState.DONE: 3},
        oldest_open=START,
        waiting=(),
    )

    facts = gather_facts(
        overview,
        [
            feed("one", "https://a.example/"),
            feed("two", "https://a.example/", enabled=False),
            feed("three", "https://c.example/"),
        ],
        started_at=START,
        version="1",
        loops={"watcher": START},
        gateway_connected=True,
        gateway_latency=float("nan"),
    )

    one, two, three = facts.feeds
    assert one == FeedFacts(
        id="one",
        title="The One",
        url="https://a.example/",
        channel_id=1300000000000002000,
        polled_at=START,
        next_at=START + timedelta(minutes=1),
        failures=2,
        failure=failure,
        articles=4,
        threads=3,
        warnings=("a warning",),
    )
    assert (two.title, two.failure, two.articles) == ("", failure, 0)
    assert (three.polled_at, three.next_at) == (None, None)
    assert [each.state for each in facts.feeds] == [FeedState.FAILING, FeedState.PAUSED, FeedState.WAITING]
    assert (facts.jobs, facts.oldest_open, facts.gateway_latency) == ({JobState.DONE: 3}, START, None)
