"""Interactions made by hand, as no client of Discord's sends them, and what is to come of every one: one private answer."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any

from tests.scenario import texts

if TYPE_CHECKING:
    from tests.scenario import Scenario

ELSEWHERE, SQUARE = 1300000000000001001, 1300000000000002101  # the second guild and its channel
COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
REPLY, THINKING, UPDATE, CHOICES, FORM = 4, 5, 7, 8, 9
EPHEMERAL = 1 << 6


async def forged(
    scene: Scenario, who: str, place: str | int, kind: int, data: dict[str, Any], target: str | None = None
) -> str:
    """What the member is told, in private and once; of a form its title, of choices their names."""
    more = {} if target is None else {"target_id": target}
    return one_answer(await scene.interact(who, "forged", place, type=kind, data=data, **more))


async def pressed(scene: Scenario, who: str, place: str | int, target: str, custom_id: str) -> str:
    """What comes of a button that the message ``target`` need not have."""
    data = {"custom_id": custom_id, "component_type": 2, "id": 2}
    return await forged(scene, who, place, COMPONENT, data, target)


def one_answer(responses: list[dict[str, Any]]) -> str:
    kinds = [each["type"] for each in responses]
    if kinds == [FORM]:
        return str(responses[0]["data"]["title"])
    if kinds == [CHOICES]:
        return "\n".join(each["name"] for each in responses[0]["data"]["choices"])
    assert kinds in ([REPLY], [UPDATE], [THINKING, "follow_up"], [THINKING, "edit"]), responses
    message = responses[-1]["message"]
    assert message["flags"] & EPHEMERAL, responses
    assert (message["mentions"], message["mention_roles"], message["mention_everyone"]) == ([], [], False)
    text = texts(message)
    assert 0 < len(message["content"]) <= 2000 or message["components"], responses
    return text


def kept(scene: Scenario, *but: str) -> dict[str, list[Any]]:
    """All that the store holds, but for what it notes of feeds, of time and of the tables named."""
    path = f"file:{scene.folder}/newsthread.db?mode=ro"
    with contextlib.closing(sqlite3.connect(path, uri=True)) as store:
        tables = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        left = [name for name in tables if name not in ("poll", "start", "audit_entry", *but)]
        return {name: store.execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchall() for name in left}


async def answered_once(scene: Scenario) -> None:
    """No interaction was answered twice, and no answer was refused."""
    calls = await scene.requests("POST", "/callback")
    tokens = [each["path"].split("/")[-2] for each in calls]
    assert len(tokens) == len(set(tokens))
    assert [each["response_body"] for each in calls if each["status"] >= 400] == []
