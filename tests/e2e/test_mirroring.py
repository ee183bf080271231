"""From a feed's article to a Discord thread, by the real bot over real sockets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from aiohttp import web

from tests.scenario import FORUM, GUILD, HEADLINES, MOD_LOG, Scenario, texts, until

pytestmark = pytest.mark.slow


async def test_articles_become_forum_posts_oldest_first(scene: Scenario) -> None:
    """New articles become threads with title, text and source line, oldest first."""
    scene.watch("/world.rss")
    for title in ("First things", "Second thoughts", "Third time"):
        scene.paper.publish("/world.rss", title)

    async with scene.bot():
        threads = await scene.until_names("First things", "Second thoughts", "Third time")
        scene.paper.publish("/world.rss", "Fourth estate")
        threads = await scene.until_names("First things", "Second thoughts", "Third time", "Fourth estate")

    opening = texts(threads[0]["starter"])
    assert "[First things](<https://news.example/world.rss/1>)" in opening
    assert "Based on a report from The Test Courier 2026-11-01" in opening
    assert "What is known about First things so far" in opening
    assert "<t:1793523600:F>" in opening


async def test_first_sight_posts_backfill_and_remembers_the_rest(scene: Scenario) -> None:
    """A feed seen first posts its newest `backfill` articles; older ones never come."""
    scene.watch("/world.rss", backfill=1)
    for title in ("Old", "Older than new", "Newest"):
        scene.paper.publish("/world.rss", title)

    async with scene.bot():
        await scene.until_names("Newest")
        scene.paper.publish("/world.rss", "Fresh")
        await scene.until_names("Newest", "Fresh")


async def test_restart_posts_nothing_twice_and_misses_nothing(scene: Scenario) -> None:
    """Stop and start again: what was posted is not repeated, what came meanwhile is posted."""
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "Before")
    async with scene.bot():
        await scene.until_names("Before")

    scene.paper.publish("/world.rss", "While away")
    async with scene.bot():
        await scene.until_names("Before", "While away")
        await scene.polls("/world.rss")
    assert await scene.names() == ["Before", "While away"]


async def test_text_channel_gets_message_and_thread(scene: Scenario) -> None:
    """In a text channel the opening post is a message, and the thread is started from it."""
    scene.watch("/business.rss", HEADLINES)
    scene.paper.publish("/business.rss", "Bank opens branch")

    async with scene.bot():
        (thread,) = await scene.until_names("Bank opens branch", channel=HEADLINES)

    messages = [message for message in await scene.messages(HEADLINES) if message["components"]]
    assert [message["id"] for message in messages] == [thread["id"]]
    assert "Bank opens branch" in texts(messages[0])


async def test_correction_revises_post_and_tells_the_headline(scene: Scenario) -> None:
    """An edited entry edits its post; a changed headline renames the thread and is told in it, once."""
    scene.watch("/world.rss")
    item = scene.paper.publish("/world.rss", "Mayor resigns")
    async with scene.bot():
        (thread,) = await scene.until_names("Mayor resigns")
        item["title"] = "Mayor denies resigning"
        (thread,) = await scene.until_names("Mayor denies resigning")

        async def told() -> list[str]:
            found = [texts(message) for message in await scene.messages(thread["id"])]
            return [text for text in found if "Headline changed" in text]

        assert await until(told) == ["Headline changed: Mayor resigns → Mayor denies resigning"]
        await scene.polls("/world.rss")
        assert len(await told()) == 1

    (thread,) = await scene.threads()
    assert "Mayor denies resigning" in texts(thread["starter"])


async def test_a_moderators_name_for_a_thread_stays(scene: Scenario) -> None:
    """A thread that a moderator renamed keeps that name when the article is corrected."""
    scene.watch("/world.rss")
    item = scene.paper.publish("/world.rss", "Mayor resigns")
    async with scene.bot():
        (thread,) = await scene.until_names("Mayor resigns")
        await scene.call("PATCH", f"/local/channels/{thread['id']}", {"name": "[Disputed] Mayor"})
        item["title"] = "Mayor denies resigning"

        async def told() -> bool:
            return any("Headline changed" in texts(message) for message in await scene.messages(thread["id"]))

        await until(told)
        await scene.polls("/world.rss")
    (thread,) = await scene.threads()
    assert thread["name"] == "[Disputed] Mayor"
    assert "Mayor denies resigning" in texts(thread["starter"])


async def test_tags_from_config_and_categories(scene: Scenario) -> None:
    """A post carries the feed's tags and those of the article's categories that the forum knows."""
    scene.watch("/world.rss", tags=("World",))
    scene.paper.publish("/world.rss", "Comet seen", category="science")
    async with scene.bot():
        (thread,) = await scene.until_names("Comet seen")

    channels = (await scene.call("GET", "/local/state"))["channels"]
    (forum,) = [channel for channel in channels if channel["id"] == str(FORUM)]
    tags = {tag["id"]: tag["name"] for tag in forum["available_tags"]}
    assert [tags[tag] for tag in thread["applied_tags"]] == ["World", "Science"]


async def test_thread_settings_and_role_mention(scene: Scenario) -> None:
    """Auto-archive, slow mode and the one role that may be mentioned are as configured; text pings nobody."""
    roles = (await scene.call("GET", "/local/state"))["roles"]
    (role,) = [int(role["id"]) for role in roles if role["name"] == "Moderator"]
    keys = {"auto_archive": "7d", "slow_mode": timedelta(seconds=30), "mention_role_id": role}
    scene.watch("/world.rss", **keys)
    scene.watch("/business.rss", HEADLINES, **keys)
    for path in ("/world.rss", "/business.rss"):
        scene.paper.publish(path, "Hello @everyone", description=f"<p>Ping <@&{role}> and @here, please.</p>")
    async with scene.bot():
        (post,) = await scene.until_names("Hello @everyone")
        (thread,) = await scene.until_names("Hello @everyone", channel=HEADLINES)

    for made in (post, thread):
        assert made["rate_limit_per_user"] == 30
        assert made["thread_metadata"]["auto_archive_duration"] == 10080
    (opening,) = [message for message in await scene.messages(HEADLINES) if message["components"]]
    for message in (post["starter"], opening):
        assert message["mention_everyone"] is False
        assert message["mention_roles"] == [str(role)]
        assert texts(message).count(f"<@&{role}>") == 1


async def test_required_tag_holds_until_there_is_one(scene: Scenario) -> None:
    """A forum that requires a tag holds an article that has none, and takes it once the feed names one."""
    await scene.call("PATCH", f"/local/channels/{FORUM}", {"flags": 1 << 4})
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "Untagged")
    async with scene.bot():
        await scene.polls("/world.rss")
        assert await scene.names() == []
    scene.feeds[0] = scene.feeds[0].model_copy(update={"tags": ("world",)})
    async with scene.bot(), scene.hurried():
        (thread,) = await scene.until_names("Untagged")
    assert len(thread["applied_tags"]) == 1


async def test_one_fetch_serves_all_feeds_of_an_address(scene: Scenario) -> None:
    """Two feeds of one address cost one request a poll, and conditional ones after the first."""
    scene.watch("/world.rss")
    scene.watch("/world.rss", HEADLINES, id="world-headlines")
    scene.paper.publish("/world.rss", "Shared")
    async with scene.bot():
        await scene.until_names("Shared")
        await scene.until_names("Shared", channel=HEADLINES)
        await scene.polls("/world.rss", more=1)

    statuses = [status for _, status in scene.paper.requests]
    assert statuses.count(200) == 1
    assert set(statuses[1:]) == {304}


async def test_broken_feeds_leave_the_others_alone(scene: Scenario) -> None:
    """HTML, emptiness, 404 and 500 are failures of that feed alone."""
    for path, answer in {
        "/html.rss": web.Response(body=b"<!doctype html><html><body>Hello</body></html>"),
        "/empty.rss": web.Response(body=b""),
        "/error.rss": web.Response(status=500),
    }.items():
        scene.paper.answers[path] = answer
        scene.watch(path)
    scene.watch("/missing.rss")
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "Fine")
    async with scene.bot():
        await scene.until_names("Fine")
        scene.paper.publish("/world.rss", "Still fine")
        await scene.until_names("Fine", "Still fine")


async def test_bare_entry_still_becomes_a_thread(scene: Scenario) -> None:
    """An entry without title, link, guid and date is posted under its first words."""
    scene.watch("/world.rss")
    scene.paper.publish(
        "/world.rss", "", guid="", link="", pubDate="", description="A dog crossed the river. It swam back."
    )
    async with scene.bot():
        (thread,) = await scene.until_names("A dog crossed the river.")
        await scene.polls("/world.rss")
    assert len(await scene.threads()) == 1
    assert "Based on a report from The Test Courier" in texts(thread["starter"])


async def test_closed_channel_keeps_the_article(scene: Scenario) -> None:
    """A channel that is missing or closed to the bot holds its articles, and nobody else's, until it is mended."""
    scene.watch("/world.rss", 1300000000000009999)
    scene.watch("/local.rss", MOD_LOG)
    scene.watch("/other.rss")
    for path, title in {
        "/world.rss": "Nowhere yet",
        "/local.rss": "Shut out",
        "/other.rss": "For all",
    }.items():
        scene.paper.publish(path, title)
    await close(scene, MOD_LOG, "3072")
    async with scene.bot():
        await scene.until_names("For all")
        assert await scene.names(MOD_LOG) == []
        await close(scene, MOD_LOG, "0")
        async with scene.hurried():
            await scene.until_names("Shut out", channel=MOD_LOG)

    scene.feeds[0] = scene.feeds[0].model_copy(update={"channel_id": FORUM})
    async with scene.bot():
        await scene.until_names("For all", "Nowhere yet")


async def close(scene: Scenario, channel: int, deny: str) -> None:
    """Deny the bot's role these permissions in a channel."""
    roles = (await scene.call("GET", "/local/state"))["roles"]
    (role,) = [role for role in roles if role["name"] == "Newsthread"]
    allow = "0" if deny != "0" else "3072"
    overwrites = [
        {"id": str(GUILD), "type": 0, "allow": "0", "deny": "1024"},
        {"id": role["id"], "type": 0, "allow": allow, "deny": deny},
    ]
    await scene.call("PATCH", f"/local/channels/{channel}", {"permission_overwrites": overwrites})


async def test_feed_taken_out_does_not_hold_up_its_channel(scene: Scenario) -> None:
    """Articles of a feed that is no longer configured are set aside; the channel's other feeds go on."""
    scene.watch("/gone.rss", 1300000000000009999)
    scene.paper.publish("/gone.rss", "Never mind")
    async with scene.bot():
        await scene.polls("/gone.rss")
    scene.feeds.clear()
    scene.watch("/world.rss", 1300000000000009999)
    scene.paper.publish("/world.rss", "Mind this")
    async with scene.bot():
        await scene.polls("/world.rss")
    scene.feeds[0] = scene.feeds[0].model_copy(update={"channel_id": FORUM})
    async with scene.bot():
        await scene.until_names("Mind this")
