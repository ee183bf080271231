"""``/delivery``: what can't be delivered is shown to who manages the server, and tried again when they say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.scenario import FORUM, HEADLINES, texts, until

if TYPE_CHECKING:
    from tests.scenario import Scenario

pytestmark = pytest.mark.slow

NOT_YOURS = "You need the permission Manage Server for that."
REFUSED = {"method": "POST", "path": rf"/channels/{FORUM}/threads$", "status": 400, "code": 50035}


async def slash(scene: Scenario, who: str, name: str, **options: Any) -> str:
    """What ``who``, and nobody else, is answered."""
    answers = await scene.interact(
        who, "slash", HEADLINES, name=f"delivery {name}", options=options, force=True
    )
    message = answers[-1]["message"]
    assert message["flags"] & 64

    async def answered() -> str:
        there = await scene.call("GET", f"/local/channels/{message['channel_id']}/messages?as={who}")
        return next((texts(one) for one in there if one["id"] == message["id"]), "")

    said: str = await until(answered)
    return said


async def until_told(scene: Scenario, words: str) -> str:
    async def told() -> str:
        said = await slash(scene, "ada", "waiting")
        return said if words in said else ""

    said: str = await until(told)
    return said


async def test_parked_deliveries_are_shown_and_retried(scene: Scenario) -> None:
    """One by its number, or all; each is posted then, and what was retried is no longer listed."""
    scene.watch("/world.rss")
    await scene.fault(**REFUSED, times=6)  # each is tried with another name, too
    for title in ("One", "*Two* @everyone https://evil.example", "Three"):
        scene.paper.publish("/world.rss", title)
    async with scene.bot():
        await until(lambda: parked(scene, 3))
        said = await until_told(scene, "3 deliveries are held up or parked.")
        first, *_ = [line for line in said.splitlines() if line.startswith("**1")]
        assert "thread of an article · [One](<https://news.example/world.rss/1>) · <t:" in first
        assert "Parked: " in said
        assert "What is parked waits for you" in said
        assert "[*Two*" not in said
        assert "@\u200beveryone" in said
        assert "@everyone" not in said

        choices = (await scene.interact("ada", "autocomplete", HEADLINES, **typing("th")))[0]["data"][
            "choices"
        ]
        assert [(one["name"], one["value"]) for one in choices] == [("3 · thread of an article · Three", "3")]
        every = (await scene.interact("ada", "autocomplete", HEADLINES, **typing("")))[0]["data"]["choices"]
        assert [one["value"] for one in every] == ["all", "1", "2", "3"]
        hidden = await scene.interact("bob", "autocomplete", HEADLINES, **typing(""))
        assert hidden[0]["data"]["choices"] == []

        for name, options in (("waiting", {}), ("retry", {"job": "all"})):
            for who in ("bob", "mia"):
                assert await slash(scene, who, name, **options) == NOT_YOURS
        for wrong in ("99", "9" * 40, "-1", "٣", "1; DROP TABLE job", "x" * 500):
            said = await slash(scene, "ada", "retry", job=wrong)
            assert "not wait to be retried" in said or "Choose one of the deliveries" in said, said
        assert await scene.names() == []

        assert await slash(scene, "ada", "retry", job="3") == "It is tried again now."
        await scene.until_names("Three")
        assert await slash(scene, "ada", "retry", job="ALL") == "2 deliveries are tried again now."
        async with scene.hurried():
            await until(lambda: opened(scene, 3))
        await until_told(scene, "Nothing stands in the way of any delivery.")
        assert "No delivery waits" in await slash(scene, "ada", "retry", job="all")


def typing(text: str) -> dict[str, Any]:
    return {"name": "delivery retry", "options": {"job": text}, "focused": "job", "force": True}


async def opened(scene: Scenario, count: int) -> bool:
    return len(await scene.names()) == count


async def parked(scene: Scenario, count: int) -> bool:
    return scene.rows("SELECT count(*) FROM job WHERE state = 'parked'") == [(count,)]
