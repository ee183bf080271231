"""The check against Discord's description can fail: what is wrong in an exchange is noticed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.localdiscord.conftest import HEADLINES, Local
from tests.openapi import Openapi


async def exchange(local: Local) -> dict[str, Any]:
    await local.rest("POST", f"/channels/{HEADLINES}/messages", {"content": "x"})
    entry = dict(local.server.ctx.log.since(0)[-1])
    entry["response_body"] = dict(entry["response_body"])
    return entry


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": {"content": "x" * 4001}},
        {"body": {"embeds": "none"}},
        {"status": 201},
        {"path": "/api/v10/channels/1/massages"},
        {"response_body": {}},
    ],
)
async def test_a_wrong_exchange_is_noticed(local: Local, openapi: Openapi, wrong: dict[str, Any]) -> None:
    """A request or an answer that differs from the description fails."""
    entry = await exchange(local)
    openapi.check_exchange(entry)
    with pytest.raises(AssertionError):
        openapi.check_exchange(entry | wrong)


async def test_a_missing_field_of_an_answer_is_noticed(local: Local, openapi: Openapi) -> None:
    """Every required field counts, also ids of the wrong type."""
    entry = await exchange(local)
    for key in ("id", "author", "components"):
        answer = dict(entry["response_body"])
        del answer[key]
        with pytest.raises(AssertionError):
            openapi.check_exchange(entry | {"response_body": answer})
    with pytest.raises(AssertionError):
        openapi.check_exchange(entry | {"response_body": entry["response_body"] | {"id": 5}})
