"""What moderators do at the local Discord, and what the bot answers them in private."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.scenario import texts, until

if TYPE_CHECKING:
    from tests.scenario import Scenario

REASON = "claimed a member was paid to post"
LACKING = "You lack the permission for that in this channel."


async def remove(scene: Scenario, thread: str, post: str, who: str = "mia", **options: Any) -> dict[str, Any]:
    """``/remove``, also by hand where Discord hides it; the private answer, as it was first."""
    return await slash(scene, thread, "remove", who, post=str(post), **({"reason": REASON} | options))


async def slash(scene: Scenario, place: str | int, name: str, who: str = "mia", **options: Any) -> Any:
    responses = await scene.interact(who, "slash", place, name=name, options=options, force=True)
    return responses[-1]["message"]


async def menu(scene: Scenario, place: str | int, post: str, who: str = "mia") -> dict[str, Any]:
    """**Remove post…**, also by hand; the form or the refusal."""
    (response,) = await scene.interact(
        who, "message", place, name="Remove post…", target_id=str(post), force=True
    )
    return response


async def submit(
    scene: Scenario, place: str | int, form: dict[str, Any], *values: Any, who: str = "mia"
) -> dict[str, Any]:
    """Send the form with its first fields filled in; the private answer, as it was first."""
    fields = dict(zip((one["custom_id"] for one in fields_of(form)), values, strict=False))
    responses = await scene.interact(who, "modal", place, custom_id=form["data"]["custom_id"], fields=fields)
    message: dict[str, Any] = responses[-1]["message"]
    return message


def fields_of(form: dict[str, Any]) -> list[dict[str, Any]]:
    return [label["component"] for label in form["data"]["components"] if "component" in label]


async def until_says(scene: Scenario, message: dict[str, Any], words: str, who: str = "mia") -> str:
    """Wait until a private answer says something, and return all that it says."""
    said = ""

    async def says() -> bool:
        nonlocal said
        there = await scene.call("GET", f"/local/channels/{message['channel_id']}/messages?as={who}")
        said = next((texts(one) for one in there if one["id"] == message["id"]), "")
        return words in said

    try:
        await until(says)
    except AssertionError:
        raise AssertionError(f"it says {said!r}") from None
    return said


async def notices(scene: Scenario, thread: str) -> list[str]:
    """What notices say in the thread, oldest first."""
    return [text for one in await scene.messages(thread) if (text := texts(one)).startswith("Removed ")]


def snapshot(scene: Scenario, post: str) -> dict[str, Any]:
    ((kept,),) = scene.rows("SELECT snapshot FROM case_post WHERE message_id = ?", int(post))
    found: dict[str, Any] = json.loads(kept)
    return found
