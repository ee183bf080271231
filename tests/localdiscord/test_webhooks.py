"""Webhooks: any name, only their own messages, the rules of forums."""

from __future__ import annotations

import discord
import pytest

from tests.localdiscord.conftest import ADA, ALICE, HEADLINES, NEWS, Local, Watcher
from tests.localdiscord.using import Answering, use

pytestmark = pytest.mark.slow


async def test_a_webhook_speaks_under_a_members_name(local: Local, bot: Watcher) -> None:
    """Name and picture are the member's, the author is the webhook, and only it can edit."""
    webhook = await bot.headlines.create_webhook(name="Quotes")
    alice = await bot.guilds[0].fetch_member(1300000000000003001)
    avatar = f"{local.url}/cdn/avatars/{alice.id}/{alice.avatar.key if alice.avatar else ''}.png"
    sent = await webhook.send("As Alice said", username="Alice", avatar_url=avatar, wait=True)
    assert (sent.author.name, sent.author.id, sent.webhook_id) == ("Alice", webhook.id, webhook.id)
    assert sent.author.display_avatar.key == alice.display_avatar.key
    told = await bot.seen("message")
    assert told.webhook_id == webhook.id
    await sent.edit(content="As Alice put it")
    assert (await webhook.fetch_message(sent.id)).content == "As Alice put it"
    with pytest.raises(discord.Forbidden) as refused:
        await bot.headlines.get_partial_message(sent.id).edit(content="x")
    assert refused.value.code == 50005
    await sent.delete()
    assert await local.messages(HEADLINES) == []


async def test_a_webhook_posts_into_threads_and_forums(local: Local, bot: Watcher) -> None:
    """thread_id or thread_name, one of them; a new post's message is in its own thread."""
    webhook = await bot.news.create_webhook(name="News")
    made = await webhook.send("text", thread=discord.utils.MISSING, thread_name="A post", wait=True)
    thread = await bot.fetch_channel(made.id)
    assert (thread.name, thread.owner_id) == ("A post", webhook.id)
    await webhook.send("more", thread=thread)
    assert [each["content"] for each in await local.messages(thread.id)] == ["text", "more"]
    path = f"/webhooks/{webhook.id}/{webhook.token}"
    for query, body, code in (
        ("", {"content": "x"}, 220001),
        (f"?thread_id={thread.id}", {"content": "x", "thread_name": "y"}, 220002),
        ("?thread_id=5", {"content": "x"}, 10003),
    ):
        assert (await local.rest("POST", path + query, body))[1]["code"] == code
    other = await bot.headlines.create_webhook(name="Text")
    status, answer = await local.rest(
        "POST", f"/webhooks/{other.id}/{other.token}", {"content": "x", "thread_name": "y"}
    )
    assert (status, answer["code"]) == (400, 220003)


@pytest.mark.parametrize("name", ["Clyde", "my discord", "everyone", "here", "x" * 81, "  "])
async def test_names_that_discord_refuses(local: Local, name: str) -> None:
    """Both as a webhook's name and as a message's user name: 50035."""
    status, answer = await local.rest("POST", f"/channels/{HEADLINES}/webhooks", {"name": name})
    assert (status, answer["code"]) == (400, 50035)
    _, webhook = await local.rest("POST", f"/channels/{HEADLINES}/webhooks", {"name": "fine"})
    path = f"/webhooks/{webhook['id']}/{webhook['token']}"
    status, answer = await local.rest("POST", path, {"content": "x", "username": name}, token=None)
    assert (status, answer["code"]) == (400, 50035)
    assert answer["errors"]["username"]["_errors"]


async def test_webhooks_come_and_go(local: Local, bot: Watcher) -> None:
    """Listed, changed, deleted; then unknown. A wrong token is told apart."""
    webhook = await bot.headlines.create_webhook(name="One", reason="because")
    assert (await bot.seen("webhooks_update")).id == HEADLINES
    await webhook.edit(name="Two")
    assert [each.name for each in await bot.guilds[0].webhooks()] == ["Two"]
    assert [each.name for each in await bot.headlines.webhooks()] == ["Two"]
    status, answer = await local.rest("POST", f"/webhooks/{webhook.id}/wrong", {"content": "x"}, token=None)
    assert (status, answer["code"]) == (401, 50027)
    await webhook.delete()
    with pytest.raises(discord.NotFound) as refused:
        await webhook.send("x")
    assert refused.value.code == 10015
    for n in range(15):
        await local.rest("POST", f"/channels/{NEWS}/webhooks", {"name": f"w{n}"})
    status, answer = await local.rest("POST", f"/channels/{NEWS}/webhooks", {"name": "one more"})
    assert (status, answer["code"]) == (400, 30007)


async def test_a_webhook_carries_everything_into_a_thread(local: Local, bot: Watcher) -> None:
    """Name, picture, files and buttons; edited and deleted with the thread's id only; a moderator may delete too."""
    webhook = await bot.news.create_webhook(name="Quotes")
    path = f"/local/as/alice/channels/{NEWS}/threads"
    thread = discord.Object((await local.ask("POST", path, {"name": "A", "content": "a"}))["id"])
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Who posted this", custom_id="who"))
    sent = await webhook.send(
        "> quoted",
        username="Alice",
        avatar_url=f"{local.url}/cdn/avatars/{ALICE}/{ALICE:032x}.png",
        file=discord.File(__file__, "test.py"),
        view=view,
        thread=thread,
        wait=True,
    )
    [_, shown] = await local.messages(thread.id)
    assert (shown["author"]["username"], shown["attachments"][0]["filename"]) == ("Alice", "test.py")
    Answering(bot)
    await use(local, "component", "bob", channel_id=str(thread.id), target_id=str(sent.id), custom_id="who")
    await sent.edit(content="> changed")
    with pytest.raises(discord.NotFound) as refused:
        await webhook.edit_message(sent.id, content="x")
    assert refused.value.code == 10008
    await webhook.delete_message(sent.id, thread=thread)
    other = await webhook.send("y", thread=thread, wait=True)
    await local.ask("DELETE", f"/local/as/bob/channels/{thread.id}/messages/{other.id}", status=403)
    channel = await bot.fetch_channel(thread.id)
    assert isinstance(channel, discord.Thread)
    await channel.get_partial_message(other.id).delete()
    assert [each["content"] for each in await local.messages(thread.id)] == ["a"]


async def test_webhooks_are_deleted_by_hand(local: Local, bot: Watcher) -> None:
    """By order, or by a member with the permission, which the audit log keeps; then its owner meets 10015."""
    hooks = [await bot.headlines.create_webhook(name=name) for name in ("One", "Two")]
    listed = (await local.ask("GET", "/local/webhooks"))["webhooks"]
    assert [each["name"] for each in listed] == ["One", "Two"]
    assert "token" not in listed[0]
    await local.ask("DELETE", f"/local/webhooks/{hooks[0].id}?as=alice", status=403)
    await local.ask("DELETE", f"/local/webhooks/{hooks[0].id}?as=ada")
    await local.ask("DELETE", f"/local/webhooks/{hooks[1].id}")
    await local.ask("DELETE", f"/local/webhooks/{hooks[1].id}", status=404)
    deletions = [
        each async for each in bot.guilds[0].audit_logs(action=discord.AuditLogAction.webhook_delete)
    ]
    assert [each.user_id for each in deletions] == [ADA]
    for webhook in hooks:
        with pytest.raises(discord.NotFound) as refused:
            await webhook.send("x")
        assert refused.value.code == 10015
    assert bot.count("webhooks_update") == 4
