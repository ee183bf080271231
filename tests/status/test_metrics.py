"""/metrics, read by Prometheus' own parsers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import prometheus_client
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from bot.model import FailureKind, JobState
from tests.status.conftest import FACTS, GOOD, QUIET

if TYPE_CHECKING:
    from collections.abc import Callable

    import aiohttp

    from tests.status.conftest import Program

Samples = dict[tuple[str, str], float]


async def scrape(client: aiohttp.ClientSession, accept: str, parse: Callable) -> Samples:  # type: ignore[type-arg]
    """Every sample by name and the value of its label."""
    async with client.get("/metrics", headers={"Accept": accept}) as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith(accept.split(";", maxsplit=1)[0])
        families = list(parse(await response.text()))
    assert all(family.documentation for family in families)
    samples = [sample for family in families for sample in family.samples]
    found = {(one.name, ",".join(one.labels.values())): one.value for one in samples}
    assert len(found) == len(samples)
    return found


@pytest.mark.parametrize(
    ("accept", "parse"),
    [
        ("text/plain;version=0.0.4", parse_text),
        ("text/plain;version=1.0.0", parse_text),
        ("application/openmetrics-text;version=1.0.0", parse_openmetrics),
    ],
)
async def test_values(client: aiohttp.ClientSession, accept: str, parse: Callable) -> None:  # type: ignore[type-arg]
    """Each fact is there under its name, in every format that Prometheus asks for."""
    found = await scrape(client, accept, parse)

    expected: Samples = {
        ("newsthread_build_info", "9.8.7"): 1,
        ("newsthread_start_time_seconds", ""): FACTS.started_at.timestamp(),
        ("newsthread_healthy", ""): 1,
        ("newsthread_gateway_connected", ""): 1,
        ("newsthread_gateway_latency_seconds", ""): 0.042,
        ("newsthread_store_writable", ""): 1,
        ("newsthread_troubles", ""): 1,
        ("newsthread_loop_restarts_total", "session with Discord"): 2,
        ("newsthread_loop_restarts_total", "watcher of world"): 1,
        ("newsthread_loop_heartbeat_age_seconds", "watcher"): 20,
        ("newsthread_loop_heartbeat_age_seconds", "publisher"): 150,
        ("newsthread_feeds", "good"): 1,
        ("newsthread_feeds", "failing"): 1,
        ("newsthread_feeds", "waiting"): 1,
        ("newsthread_feeds", "paused"): 1,
        ("newsthread_polls_total", "new"): 5,
        ("newsthread_polls_total", "unchanged"): 40,
        ("newsthread_polls_total", "not-found"): 3,
        ("newsthread_oldest_open_job_age_seconds", ""): 420,
        ("newsthread_articles_total", ""): 123,
        ("newsthread_threads_opened_total", ""): 37,
    }
    expected |= {("newsthread_feeds_failing", kind): kind is FailureKind.NOT_FOUND for kind in FailureKind}
    expected |= {("newsthread_jobs", state): FACTS.jobs.get(state, 0) for state in JobState}
    assert found == expected


async def test_gone_again(client: aiohttp.ClientSession, program: Program) -> None:
    """What heals is back at nought at the next scrape, not remembered; without a latency there is none."""
    await scrape(client, "text/plain", parse_text)

    program.facts = replace(QUIET, gateway_latency=None, gateway_connected=False)
    found = await scrape(client, "text/plain", parse_text)

    assert found["newsthread_feeds_failing", "not-found"] == 0
    assert found["newsthread_jobs", "parked"] == 0
    assert found["newsthread_oldest_open_job_age_seconds", ""] == 0
    assert found["newsthread_healthy", ""] == 0
    assert ("newsthread_gateway_latency_seconds", "") not in found


async def test_odd_label(client: aiohttp.ClientSession, program: Program) -> None:
    """A version or outcome with quotes, backslashes and line breaks can't break the format."""
    odd = 'a"b\\c\nd'
    program.change(version=odd, polls={odd: 1}, feeds=(replace(GOOD, id=odd, title=odd),))

    found = await scrape(client, "text/plain", parse_text)

    assert found["newsthread_build_info", odd] == 1
    assert found["newsthread_polls_total", odd] == 1


async def test_the_global_registry_is_left_alone(client: aiohttp.ClientSession) -> None:
    """Two scrapes of two servers register nothing with the process."""
    await scrape(client, "text/plain", parse_text)
    await scrape(client, "text/plain", parse_text)

    names = [family.name for family in prometheus_client.REGISTRY.collect()]
    assert not [name for name in names if name.startswith("newsthread")]
