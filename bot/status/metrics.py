"""The facts as Prometheus metrics. Every scrape gets a registry of its own; the global one stays untouched."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from bot.model import FailureKind, JobState
from bot.status.facts import FeedState
from bot.status.health import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from prometheus_client import Metric

    from bot.status.facts import StatusFacts


def expose(facts: StatusFacts, now: datetime, accept: str) -> tuple[bytes, str]:
    """The metrics and their Content-Type, in the format that the ``Accept`` header asks for."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Facts(facts, now))
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


@dataclass(frozen=True, eq=False)  # the registry keeps its collectors by identity
class _Facts(Collector):
    facts: StatusFacts
    now: datetime

    def describe(self) -> Iterable[Metric]:
        """Nothing: a registry that holds one collector has no clashes to look for."""
        return ()

    def collect(self) -> Iterator[Metric]:
        facts, now = self.facts, self.now
        health = judge(facts, now)
        states = Counter(feed.state for feed in facts.feeds)
        kinds = Counter(feed.failure.kind for feed in facts.feeds if feed.failure and feed.failures)
        oldest = (now - facts.oldest_open).total_seconds() if facts.oldest_open else 0.0

        build = GaugeMetricFamily("newsthread_build_info", "1, with the version.", labels=["version"])
        build.add_metric([facts.version], 1)
        yield build
        yield _gauge("start_time_seconds", "When it started, as Unix time.", facts.started_at.timestamp())
        yield _gauge("healthy", "1 when /healthz answers 200.", health.ok)
        yield _gauge("gateway_connected", "1 while there is a session with Discord.", facts.gateway_connected)
        if facts.gateway_latency is not None:
            yield _gauge("gateway_latency_seconds", "From a heartbeat to its answer.", facts.gateway_latency)
        yield _gauge(
            "troubles", "What is wrong with the whole program, as the page tells it.", len(facts.troubles)
        )
        yield _gauge("store_writable", "1 while the store can be written.", facts.store_writable)
        yield _gauges(
            "loop_heartbeat_age_seconds",
            "Since a loop last reported.",
            "loop",
            {loop: age for loop, age in health.ages.items() if age is not None},
        )
        restarts = CounterMetricFamily(
            "newsthread_loop_restarts", "How often a loop that failed was begun anew.", labels=["loop"]
        )
        for loop, count in sorted(facts.restarts.items()):
            restarts.add_metric([loop], count)
        yield restarts
        yield _gauges(
            "feeds",
            "Configured feeds, by state.",
            "state",
            {state: states[state] for state in FeedState},
        )
        yield _gauges(
            "feeds_failing",
            "Feeds whose last poll failed, by kind of failure.",
            "kind",
            {kind: kinds[kind] for kind in FailureKind},
        )
        polls = CounterMetricFamily(
            "newsthread_polls", "Polls since the start, by outcome.", labels=["outcome"]
        )
        for outcome, count in sorted(facts.polls.items()):
            polls.add_metric([outcome], count)
        yield polls
        yield _gauges(
            "jobs",
            "Jobs in the outbox, by state.",
            "state",
            {state: facts.jobs.get(state, 0) for state in JobState},
        )
        yield _gauge(
            "oldest_open_job_age_seconds",
            "Since the oldest job was written that is not finished; 0 without one.",
            max(0.0, oldest),
        )
        yield CounterMetricFamily(
            "newsthread_articles",
            "Articles known of the configured feeds.",
            value=sum(feed.articles for feed in facts.feeds),
        )
        yield CounterMetricFamily(
            "newsthread_threads_opened",
            "Threads opened for the configured feeds.",
            value=sum(feed.threads for feed in facts.feeds),
        )


def _gauge(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"newsthread_{name}", help_text, value=value)


def _gauges(name: str, help_text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"newsthread_{name}", help_text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
