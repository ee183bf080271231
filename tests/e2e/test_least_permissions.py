"""With exactly the permissions that `newsthread check` names, and none by @everyone's, each deed is done."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from bot.model import QuoteMode
from bot.permissions import needed
from bot.settings.keys import DeliveryKeys, ModerationKeys, ReactionsKeys
from tests.e2e.test_quotes import reposted
from tests.moderation.acting import notices, remove, slash, until_says
from tests.scenario import FORUM, GUILD, HEADLINES, MOD_LOG, texts, until

if TYPE_CHECKING:
    from tests.scenario import Scenario

pytestmark = pytest.mark.slow

BOT_ROLE, MODERATORS = 1300000000000004003, 1300000000000004001
ALICE, BOB, MIA = (f"130000000000000300{number}" for number in (1, 2, 3))


async def rearrange(scene: Scenario) -> None:
    """What @everyone may goes to the members by a role of their own; the bot's role has what it needs."""
    state = await scene.call("GET", "/local/state")
    (everyone,) = [role for role in state["roles"] if role["id"] == str(GUILD)]
    members = await scene.call(
        "POST", "/local/roles", {"name": "Readers", "permissions": everyone["permissions"]}
    )
    for member, *others in ((ALICE,), (BOB,), (MIA, str(MODERATORS))):
        await scene.call("PATCH", f"/local/members/{member}", {"roles": [members["id"], *others]})
    await scene.call("PATCH", f"/local/roles/{GUILD}", {"permissions": "0"})
    bits = sum(1 << permission.bit for permission in needed(scene.settings()))
    await scene.call("PATCH", f"/local/roles/{BOT_ROLE}", {"permissions": str(bits)})


async def test_mirroring_alone(scene: Scenario) -> None:
    """Threads in a forum and a text channel, a corrected article and its changed headline."""
    scene.moderation = ModerationKeys()
    for path, channel in (("/forum.rss", FORUM), ("/text.rss", HEADLINES)):
        scene.watch(path, channel, quotes=QuoteMode.OFF)
        scene.paper.publish(path, "One")
    await rearrange(scene)

    async with scene.bot():
        for channel, path in ((FORUM, "/forum.rss"), (HEADLINES, "/text.rss")):
            await scene.until_names("One", channel=channel)
            scene.paper.items[path][0]["title"] = "Two"
        async with scene.hurried():
            for channel in (FORUM, HEADLINES):
                thread = (await scene.until_names("Two", channel=channel))[0]["id"]
                await scene.until_content(thread, partial(_told, words="Headline changed"))
    assert await refused(scene) == []


async def test_everything(scene: Scenario) -> None:
    """Quotes under members' names, policies of reactions, removals with notice and log, locked threads, time-outs."""
    scene.delivery = DeliveryKeys(send_deadline=timedelta(seconds=2), settle=timedelta(seconds=1))
    scene.reactions = ReactionsKeys(policy="named_only")
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "One")
    await rearrange(scene)

    async with scene.bot():
        thread = (await scene.until_names("One"))[0]["id"]
        bob = await scene.post("bob", thread, "It is long.")
        await scene.until_seen(bob["id"])
        await scene.post("alice", thread, "Too long.", reply_to=bob["id"])
        quote = await reposted(scene, thread, "Alice", "Too long.")
        await scene.react("alice", thread, bob["id"], "🥔")

        async def unreacted() -> bool:
            (post,) = [one for one in await scene.messages(thread) if one["id"] == bob["id"]]
            return not post.get("reactions")

        await until(unreacted)
        await until_says(scene, await remove(scene, thread, quote["id"]), "removed")
        await scene.until_content(MOD_LOG, partial(_told, words="removed"))
        assert await notices(scene, thread)
        await slash(scene, thread, "article lock", reason="was done")

        async def locked() -> bool:
            return bool((await scene.threads())[0]["thread_metadata"]["locked"])

        await until(locked)
        await slash(scene, thread, "suspend", member=BOB, duration="1h", reason="was loud")

        async def timed_out() -> bool:
            state = await scene.call("GET", "/local/state")
            return any(one["communication_disabled_until"] for one in state["members"] if one["id"] == BOB)

        await until(timed_out)
    assert await refused(scene) == []


async def refused(scene: Scenario) -> list[tuple[str, str]]:
    """What the bot asked Discord for and was not allowed."""
    entries = await scene.call("GET", "/local/requests?since=0")
    assert entries
    return [(entry["method"], entry["path"]) for entry in entries if entry["status"] == 403]


def _told(messages: list[dict[str, Any]], words: str) -> bool:
    return any(words in texts(one) for one in messages)
