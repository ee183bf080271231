"""A bot that somebody invited to a second server: nothing of the one can be reached, seen or changed from the other."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from tests.members.conftest import Place
from tests.members.forging import (
    AUTOCOMPLETE,
    COMMAND,
    ELSEWHERE,
    SQUARE,
    SUBMIT,
    answered_once,
    forged,
    kept,
    pressed,
)
from tests.scenario import GUILD, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

DECLINED = "The bot works in another server; here it does nothing."
SAMPLES = {3: "1", 4: 1, 5: True, 6: "1300000000000003002", 7: str(SQUARE)}  # by the option's type


def uses(commands: list[dict[str, Any]], post: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The data of an interaction with each command and subcommand, as if it were registered here."""
    for command in commands:
        data = {"id": command["id"], "name": command["name"], "type": command["type"], "guild_id": str(GUILD)}
        if command["type"] != 1:
            yield data | {"target_id": post["id"], "resolved": {"messages": {post["id"]: post}}}
            continue
        inner = [each for each in command["options"] if each["type"] == 1]
        for each in inner:
            yield data | {"options": [{"name": each["name"], "type": 1, "options": values(each)}]}
        if not inner:
            yield data | {"options": values(command)}


def values(command: dict[str, Any]) -> list[dict[str, Any]]:
    required = [each for each in command.get("options") or () if each.get("required")]
    return [
        {
            "name": each["name"],
            "type": each["type"],
            "value": SAMPLES[each["type"]],
            "focused": each is required[0],
        }
        for each in required
    ]


async def test_a_second_server(scene: Scenario, place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """Its owner may do everything there, and gets nothing: no command, no button, no form, no event that is heeded."""
    post = next(one for one in await scene.messages(place.thread) if one["id"] == place.post)
    listed = (await scene.call("GET", f"/local/commands?as=ada&channel={place.thread}"))["commands"]
    (form,) = await scene.interact("alice", "message", place.thread, name="Quote…", target_id=place.thread)
    before = kept(scene)
    seen = (await scene.call("GET", "/local/requests?since=0"))[-1]["n"]
    await scene.call("POST", "/local/elsewhere")
    assert (await scene.call("GET", f"/local/commands?as=alice&channel={SQUARE}"))["commands"] == []

    first = await scene.post("alice", SQUARE, f"Look: https://discord.com/channels/{GUILD}/{place.thread}")
    await scene.post("bob", SQUARE, "At what?", reply_to=first["id"])
    path = f"/local/as/alice/channels/{SQUARE}"
    talk = await scene.call(
        "POST", f"{path}/threads", {"name": "A bridge is opened", "message_id": first["id"]}
    )
    reply = await scene.post(
        "bob", talk["id"], "At this.", reply_to=(await scene.post("alice", talk["id"], "?"))["id"]
    )
    await scene.react("alice", talk["id"], reply["id"], "💙")
    await scene.react("alice", SQUARE, first["id"], "💙")
    await scene.call(
        "PATCH", f"/local/as/bob/channels/{talk['id']}/messages/{reply['id']}", {"content": "At that."}
    )
    await scene.call("DELETE", f"/local/as/bob/channels/{talk['id']}/messages/{reply['id']}")

    for where in (SQUARE, talk["id"], place.letter["channel_id"]):
        who = "bob" if where == place.letter["channel_id"] else "alice"
        target = place.letter["id"] if who == "bob" else (await scene.post(who, where, "Here."))["id"]
        for data in uses(listed, post):
            assert await forged(scene, who, where, COMMAND, data) == DECLINED, data
            if data["type"] == 1 and "focused" in str(data):
                assert await forged(scene, who, where, AUTOCOMPLETE, data) == "", data
        for custom_id in (*place.custom_ids, f"nw:{place.post}:0", f"nb:reply:{place.thread}", "f" * 32):
            if who == "bob" and custom_id.startswith(("na:", "ff")):
                continue
            assert await pressed(scene, who, where, target, custom_id) == DECLINED, custom_id
    sent = {"custom_id": form["data"]["custom_id"], "components": []}
    assert await forged(scene, "alice", SQUARE, SUBMIT, sent) == DECLINED

    assert kept(scene) == before
    await answered_once(scene)
    asked = await scene.call("GET", f"/local/requests?since={seen}")
    there = [str(ELSEWHERE), str(SQUARE), talk["id"], reply["id"]]
    assert [each["path"] for each in asked if any(id_ in each["path"] for id_ in there)] == []
    told = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert [str(ELSEWHERE) in each for each in told].count(True) == 1

    # The next session begins with both servers, and goes on in the one.
    await scene.new_session()
    scene.paper.publish("/scene.rss", "A second bridge")
    await scene.until_names("A bridge is opened", "A second bridge")
