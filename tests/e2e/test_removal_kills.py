"""A removal survives a kill at any point between two of its effects: each of them is there, and there once."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.settings.keys import DeliveryKeys, Repeated, Rule, RulesKeys
from tests.e2e.test_quotes import REMOVED
from tests.process import bot_process
from tests.scenario import MOD_LOG, Scenario, texts, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

    KillAt = Callable[[str, Coroutine[Any, Any, None]], Awaitable[None]]

pytestmark = pytest.mark.slow

AROUND = ("claimed", "performed", "settled")
# What a removal does, in the order in which it is done; between two of them it is killed.
REMOVING = (
    *(f"take-down:{point}" for point in ("claimed", "kept", "performed", "settled")),
    *(f"{kind}:{point}" for kind in ("notice", "tell", "enter", "requote") for point in AROUND),
    "tell:opened",
)
SUSPENDING = tuple(f"rights:{point}" for point in AROUND)
REINSTATING = (
    *(f"quote:{point}" for point in AROUND),
    "notice:performed",
    "tell:performed",
    "enter:performed",
)

RULE = "It claimed that a member was paid"
SOON = timedelta(seconds=3)
FILE = {"filename": "receipt.txt", "text": "paid in full"}


@pytest.mark.parametrize("points", [REMOVING[::3], REMOVING[1::3], REMOVING[2::3]], ids=["a", "b", "c"])
async def test_a_removal_is_whole_wherever_it_is_killed(scene: Scenario, points: tuple[str, ...]) -> None:
    """One deletion, one notice, one direct message, one entry in the log, the quote redacted, after every kill."""
    async with killed_bots(scene) as (thread, kill_at):
        for case, point in enumerate(points, start=1):
            target = await quoted_post(scene, thread, f"Bob {case} was paid.")
            await kill_at(point, remove(scene, thread, target["id"], "paid"))
            await check(scene, thread, case, target)


async def test_a_suspension_is_whole_wherever_it_is_killed(scene: Scenario) -> None:
    """The strike counts once, and the member can't post, after every kill."""
    async with killed_bots(scene) as (thread, kill_at):
        for case, point in enumerate(SUSPENDING, start=1):
            who = f"carol{case}"
            member = await scene.call("POST", "/local/members", {"name": who})
            target = (await scene.post(who, thread, f"{who} was paid."))["id"]
            await scene.until_seen(target)
            await kill_at(point, remove(scene, thread, target, "again"))
            with pytest.raises(AssertionError, match="403"):
                await scene.post(who, thread, "And so was I.")
            suspended = "SELECT count(*) FROM suspension WHERE member_id = ?"
            assert scene.rows(suspended, int(member["user"]["id"])) == [(1,)]


async def test_a_reinstated_post_comes_back_once_wherever_it_is_killed(scene: Scenario) -> None:
    """The words stand again under their author's name, once, and the notice says so, after every kill."""
    async with killed_bots(scene) as (thread, kill_at):
        for case, point in enumerate(REINSTATING, start=1):
            words = f"Number {case} was paid."
            target = await scene.post("bob", thread, words, attachments=[FILE])
            await scene.until_seen(target["id"])
            await remove(scene, thread, target["id"], "paid")
            await until_done(scene)
            await kill_at(point, reinstate(scene, thread, case))
            again = [one for one in await scene.messages(thread) if one["content"].startswith(words)]
            assert [one["author"]["username"] for one in again] == ["Bob"]
            assert [one["filename"] for one in again[0]["attachments"]] == ["receipt.txt"]
            assert ["einstated" in texts(one) for one in await notices(scene, thread, case)] == [True]


# --- what happens ------------------------------------------------------------------------------------------


@asynccontextmanager
async def killed_bots(scene: Scenario) -> AsyncIterator[tuple[str, KillAt]]:
    """A news thread, and one bot after the other in it: each killed at a point, the next one done with what was left."""
    scene.delivery = DeliveryKeys(send_deadline=timedelta(seconds=1), settle=timedelta(seconds=1))
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")
    scene.rules = RulesKeys(
        rule=(
            Rule(id="paid", title=RULE, reason="claimed a member was paid to post", strike=False),
            Rule(
                id="again",
                title="The same again",
                reason="repeated what was removed",
                repeated=(Repeated(strikes=1, within=timedelta(days=1), suspend=timedelta(days=1)),),
            ),
        )
    )
    async with AsyncExitStack() as stack:
        process = await stack.enter_async_context(bot_process(scene))

        async def kill_at(point: str, act: Coroutine[Any, Any, None]) -> None:
            nonlocal process
            (scene.folder / "failpoint").write_text(point)
            acting = asyncio.ensure_future(act)
            await asyncio.wait_for(process.wait(), 20)
            with suppress(AssertionError):  # it may not have come to answering
                await acting
            await stack.aclose()
            process = await stack.enter_async_context(bot_process(scene))
            await until_done(scene)

        yield (await scene.until_names("A bridge is opened"))[0]["id"], kill_at


async def quoted_post(scene: Scenario, thread: str, words: str) -> dict[str, Any]:
    """A post of Bob's with a file and a reaction, which a post of Alice's quotes."""
    post = await scene.post("bob", thread, words, attachments=[FILE])
    await scene.until_seen(post["id"])
    await scene.react("alice", thread, post["id"], "💙")
    await scene.post("alice", thread, f"Is that so? {words}", reply_to=post["id"])

    async def quoted() -> bool:
        there = [one for one in await scene.messages(thread) if words in one["content"]]
        return any(one.get("webhook_id") for one in there)

    await until(quoted)
    await until_done(scene)
    return post


async def remove(scene: Scenario, thread: str, post: str, rule: str) -> None:
    options = {"post": post, "reason": "claimed a member was paid to post", "rule": rule}
    await scene.interact("mia", "slash", thread, name="remove", options=options)


async def reinstate(scene: Scenario, thread: str, case: int) -> None:
    await scene.interact("mia", "slash", thread, name="case reinstate", options={"case": case})


async def until_done(scene: Scenario) -> None:
    """Wait until nothing is left to do but what is for later: the end of a suspension, the counts' next edit."""

    async def done() -> bool:
        left = scene.rows("SELECT kind, not_before FROM job WHERE state IN ('pending', 'sending', 'unknown')")
        soon = datetime.now(UTC) + SOON
        return all(datetime.fromisoformat(due).replace(tzinfo=UTC) > soon for _, due in left)

    await until(done)


# --- what is there then --------------------------------------------------------------------------------------


async def check(scene: Scenario, thread: str, case: int, target: dict[str, Any]) -> None:
    deleted = await scene.requests("DELETE", f"/messages/{target['id']}")
    assert [one["status"] for one in deleted if one["status"] == 204] == [204]
    standing = await scene.messages(thread)
    assert all(target["id"] != one["id"] for one in standing)
    (notice,) = await notices(scene, thread, case)
    assert texts(notice).startswith("Removed a post that claimed a member was paid to post.")
    told = [one for one in await scene.call("GET", "/local/dms/bob") if f"#{case}" in texts(one)]
    assert [target["content"] in texts(one) for one in told] == [True]
    entries = [one for one in await scene.messages(MOD_LOG) if f"#{case}" in texts(one)]
    assert [RULE in texts(one) for one in entries] == [True]
    quoting = [one for one in standing if one["content"].endswith(f"Is that so? {target['content']}")]
    assert [REMOVED in one["content"] for one in quoting] == [True]
    assert scene.rows("SELECT count(*) FROM reaction WHERE message_id = ?", int(target["id"])) == [(0,)]
    ((snapshot,),) = scene.rows("SELECT snapshot FROM case_post WHERE message_id = ?", int(target["id"]))
    kept = json.loads(snapshot)["files"]
    assert [(scene.folder / "removed" / one["path"]).read_text() for one in kept] == [FILE["text"]]


async def notices(scene: Scenario, thread: str, case: int) -> list[dict[str, Any]]:
    return [one for one in await scene.messages(thread) if f"#{case} " in f"{texts(one)} "]
