"""/healthz: what counts as well."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import START

if TYPE_CHECKING:
    import aiohttp

    from tests.status.conftest import Program


async def test_well(client: aiohttp.ClientSession) -> None:
    """Connected, writable and with both loops reporting, it is 200 and says how old each report is, and what troubles there are."""
    async with client.get("/healthz") as response:
        assert response.status == 200
        assert response.content_type == "application/json"
        assert await response.json() == {
            "ok": True,
            "gateway": {"connected": True},
            "store": {"writable": True},
            "watcher": {"alive": True, "heartbeat_age": 20.0},
            "publisher": {"alive": True, "heartbeat_age": 150.0},
            "problems": [],
            "troubles": ["the disk <is> full: free some space"],
        }


@pytest.mark.parametrize(
    ("change", "part", "problem"),
    [
        ({"gateway_connected": False}, {"gateway": {"connected": False}}, "There is no connection to Discord."),
        ({"store_writable": False}, {"store": {"writable": False}}, "The store can't be written, so nothing is posted."),
        (
            {"loops": {"watcher": START - timedelta(seconds=151), "publisher": START}},
            {"watcher": {"alive": False, "heartbeat_age": 151.0}, "publisher": {"alive": True, "heartbeat_age": 0.0}},
            "The watcher has not reported for 151 seconds.",
        ),
        (
            {"loops": {"watcher": START + timedelta(seconds=1), "other": START}},
            {"watcher": {"alive": True, "heartbeat_age": 0.0}, "publisher": {"alive": False, "heartbeat_age": None}},
            "The publisher has not started yet.",
        ),
    ],
)  # fmt: skip
async def test_unwell(
    program: Program,
    client: aiohttp.ClientSession,
    change: dict[str, Any],
    part: dict[str, Any],
    problem: str,
) -> None:
    """Each thing that is not well makes it 503, with the sentence for it; so does a clock that was set back not."""
    program.change(**change)

    async with client.get("/healthz") as response:
        answer = await response.json()

    assert response.status == 503
    assert answer["ok"] is False
    assert answer["problems"] == [problem]
    assert {key: answer[key] for key in part} == part


async def test_failing_feeds_are_no_illness(client: aiohttp.ClientSession, program: Program) -> None:
    """A feed that fails and a job that is parked are the admin's business, no reason to restart the program."""
    assert any(feed.failures for feed in program.facts.feeds)  # type: ignore[union-attr]

    async with client.get("/healthz") as response:
        assert response.status == 200
