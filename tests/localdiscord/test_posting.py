"""discord.py posts: forum posts, text threads, edits, deletions, files, nonces."""

from __future__ import annotations

import io

import discord
import pytest
from discord import ui

from tests.localdiscord.conftest import ALICE, BOB, NEWS, Local, Watcher


def layout(text: str = "# A headline\nAnd what it is about.", marker: str = "nt:abc") -> ui.LayoutView:
    """An opening post much like the bot's own: text, picture, rule, buttons."""
    view = ui.LayoutView(timeout=None)
    gallery: ui.MediaGallery[ui.LayoutView] = ui.MediaGallery(
        discord.MediaGalleryItem("https://news.example/p.png", description="A harbour")
    )
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow(
        ui.Button(label="Read", url="https://news.example/a"), ui.Button(label="Reply", custom_id=marker)
    )
    view.add_item(ui.Container(ui.TextDisplay(text), gallery, ui.Separator(), row, accent_color=0x336699))
    return view


async def test_a_forum_post_of_components_comes_back_as_it_was_sent(local: Local, bot: Watcher) -> None:
    """Thread and opening message share an id, carry tags and components, and everybody is told."""
    world = bot.news.available_tags[0]
    thread, message = await bot.news.create_thread(
        name="Harbour reopens",
        view=layout(),
        applied_tags=[world],
        auto_archive_duration=1440,
        reason="token0001",
    )
    assert thread.id == message.id
    assert thread.parent_id == NEWS
    assert [tag.name for tag in thread.applied_tags] == ["World"]
    fetched = await thread.fetch_message(thread.id)
    container = fetched.components[0]
    assert isinstance(container, discord.Container)
    assert container.to_dict()["components"][0]["content"] == "# A headline\nAnd what it is about."
    assert fetched.flags.components_v2
    told = await bot.seen("thread_create")
    assert told.id == thread.id
    assert (await bot.seen("message", lambda m: m.id == message.id)).channel.id == thread.id
    assert bot.news.last_message_id == thread.id
    listed = await local.ask("GET", f"/local/channels/{NEWS}/threads?as=alice")
    assert [each["name"] for each in listed["threads"]] == ["Harbour reopens"]
    assert listed["threads"][0]["starter"]["id"] == str(thread.id)


async def test_thread_creation_is_in_the_audit_log_with_its_reason(bot: Watcher) -> None:
    """The bot finds its own post again by the reason it gave."""
    thread, _ = await bot.news.create_thread(name="One", content="text", reason="token 0002: ü")
    guild = bot.guilds[0]
    entries = [entry async for entry in guild.audit_logs(action=discord.AuditLogAction.thread_create)]
    assert [(entry.reason, entry.target.id) for entry in entries] == [("token 0002: ü", thread.id)]
    assert (await bot.seen("audit_log_entry_create")).reason == "token 0002: ü"


async def test_a_text_channel_takes_a_message_and_one_thread_from_it(local: Local, bot: Watcher) -> None:
    """The thread has its message's id; a second try is refused with 160004."""
    message = await bot.headlines.send("Headline", nonce="abc")
    thread = await message.create_thread(name="Headline", auto_archive_duration=1440)
    assert thread.id == message.id
    with pytest.raises(discord.HTTPException) as refused:
        await message.create_thread(name="Again")
    assert refused.value.code == 160004
    again = await bot.headlines.fetch_message(message.id)
    assert again.thread is not None
    assert again.flags.has_thread
    assert [each.type async for each in thread.history()] == [discord.MessageType.thread_starter_message]


async def test_a_nonce_sends_a_message_once(local: Local, bot: Watcher) -> None:
    """A repeat inside the window returns the first message; after it was deleted, 10008; after the window, a new one."""
    first = await bot.headlines.send("once", nonce="n1")
    assert (await bot.headlines.send("once", nonce="n1")).id == first.id
    assert len(await local.messages(bot.headlines.id)) == 1
    await first.delete()
    with pytest.raises(discord.NotFound) as refused:
        await bot.headlines.send("once", nonce="n1")
    assert refused.value.code == 10008
    local.clock.advance(600)
    assert (await bot.headlines.send("once", nonce="n1")).id != first.id


async def test_forum_posts_know_no_nonce(local: Local) -> None:
    """As on Discord, a nonce on a forum post is ignored: two posts appear."""
    body = {"name": "Twice", "message": {"content": "x", "nonce": "n", "enforce_nonce": True}}
    made = [await local.rest("POST", f"/channels/{NEWS}/threads?use_nested_fields=1", body) for _ in range(2)]
    assert [status for status, _ in made] == [201, 201]
    assert made[0][1]["id"] != made[1][1]["id"]


async def test_edits_and_deletions_are_told(bot: Watcher) -> None:
    """Edits mark the message and keep its place; a deletion tells only ids."""
    message = await bot.headlines.send("frist")
    edited = await message.edit(content="first")
    assert edited.content == "first"
    assert edited.edited_at is not None
    told = await bot.seen("raw_message_edit")
    assert told.message.content == "first"
    await message.delete()
    gone = await bot.seen("raw_message_delete")
    assert (gone.message_id, gone.channel_id) == (message.id, message.channel.id)
    with pytest.raises(discord.NotFound) as refused:
        await message.edit(content="too late")
    assert refused.value.code == 10008


async def test_components_v2_can_be_edited_but_not_undone(bot: Watcher) -> None:
    """A layout can be replaced; turning the message back into plain content is refused."""
    thread, message = await bot.news.create_thread(name="V2", view=layout())
    edited = await message.edit(view=layout("Corrected"))
    assert edited.components[0].to_dict()["components"][0]["content"] == "Corrected"
    with pytest.raises(discord.HTTPException) as refused:
        await message.edit(content="plain", view=None)
    assert refused.value.code == 50035
    assert thread.id == message.id


async def test_files_are_kept_and_served(local: Local, bot: Watcher) -> None:
    """An upload comes back byte for byte from the CDN's address, also where an embed refers to it."""
    data = bytes(range(256)) * 300 + b"\r\n--x\r\n\r\n"
    embed = discord.Embed(title="Chart").set_image(url="attachment://chart.png")
    file = discord.File(io.BytesIO(data), filename="chart.png", description="A chart")
    message = await bot.headlines.send(file=file, embed=embed)
    attachment = message.attachments[0]
    assert (attachment.size, attachment.description) == (len(data), "A chart")
    assert await attachment.read() == data
    assert message.embeds[0].image.url == attachment.url
    async with local.web.get(
        str(bot.user.display_avatar.url).replace("https://cdn.discordapp.com", local.url + "/cdn")
    ) as got:
        assert got.content_type == "image/png"


async def test_replies_name_their_target(local: Local, bot: Watcher) -> None:
    """A reply refers to its message and may ping its author; to a lost one only when that is allowed."""
    said = await local.says("alice", bot.headlines.id, "What happened?")
    target = await bot.headlines.fetch_message(int(said["id"]))
    reply = await target.reply("This.", mention_author=True)
    assert reply.reference is not None
    assert reply.reference.message_id == target.id
    assert [user.id for user in reply.mentions] == [ALICE]
    lost = discord.MessageReference(
        message_id=target.id - 1, channel_id=target.channel.id, fail_if_not_exists=True
    )
    with pytest.raises(discord.HTTPException) as refused:
        await bot.headlines.send("?", reference=lost)
    assert refused.value.code == 50035
    lost.fail_if_not_exists = False
    assert (await bot.headlines.send("!", reference=lost)).reference is None


async def test_mentions_ping_only_whom_they_may(bot: Watcher) -> None:
    """Without allowed mentions nobody is pinged; with them, those named."""
    text = f"<@{ALICE}> <@{BOB}> @everyone"
    assert (await bot.headlines.send(text)).mentions == []
    allowed = discord.AllowedMentions(users=[discord.Object(BOB)], everyone=True)
    message = await bot.headlines.send(text, allowed_mentions=allowed)
    assert [user.id for user in message.mentions] == [BOB]
    assert message.mention_everyone is False


async def test_threads_archive_lock_and_reopen(local: Local, bot: Watcher) -> None:
    """Archived threads leave the active list, refuse edits and reactions, and open again by writing."""
    thread, message = await bot.news.create_thread(name="Old", content="news")
    await thread.edit(archived=True)
    assert await bot.guilds[0].active_threads() == []
    assert [each.id async for each in bot.news.archived_threads()] == [thread.id]
    for act in (message.edit(content="x"), message.add_reaction("👍")):
        with pytest.raises(discord.HTTPException) as refused:
            await act
        assert refused.value.code == 50083
    await local.says("alice", thread.id, "still here?")
    assert [each.id for each in await bot.guilds[0].active_threads()] == [thread.id]
    await thread.edit(locked=True)
    error = await local.ask(
        "POST", f"/local/as/alice/channels/{thread.id}/messages", {"content": "?"}, status=403
    )
    assert error["code"] == 160005
    assert (await local.says("mia", thread.id, "closed"))["content"] == "closed"


async def test_threads_grow_old(local: Local, bot: Watcher) -> None:
    """After its auto-archive time without activity a thread is archived; a pinned post stays."""
    young, _ = await bot.news.create_thread(name="Pinned", content="x", auto_archive_duration=60)
    old, _ = await bot.news.create_thread(name="Silent", content="x", auto_archive_duration=60)
    await young.edit(pinned=True)
    local.clock.advance(3700)
    assert [each.id for each in await bot.guilds[0].active_threads()] == [young.id]
    await bot.seen("thread_update", lambda before, after: after.id == old.id and after.archived)


async def test_the_archive_is_paged_by_time(local: Local, bot: Watcher) -> None:
    """Walking the archived listing finds every thread once, the latest archived first."""
    made = []
    for number in range(7):
        thread, _ = await bot.news.create_thread(name=f"Post {number}", content="x")
        await thread.edit(archived=True)
        made.append(thread.id)
    pages, before = [], ""
    while True:
        status, page = await local.rest("GET", f"/channels/{NEWS}/threads/archived/public?limit=3{before}")
        assert status == 200
        pages.append([int(each["id"]) for each in page["threads"]])
        if not page["has_more"]:
            break
        before = "&before=" + page["threads"][-1]["thread_metadata"]["archive_timestamp"].replace("+", "%2B")
    assert [each for page in pages for each in page] == made[::-1]


async def test_history_is_paged_in_every_direction(bot: Watcher) -> None:
    """before, after and around give the messages that they promise."""
    ids = [(await bot.headlines.send(str(number))).id for number in range(9)]
    before = [each.id async for each in bot.headlines.history(before=discord.Object(ids[5]), limit=3)]
    after = [each.id async for each in bot.headlines.history(after=discord.Object(ids[5]), limit=3)]
    around = [each.id async for each in bot.headlines.history(around=discord.Object(ids[4]), limit=4)]
    assert before == [ids[4], ids[3], ids[2]]
    assert after == ids[6:9]
    assert sorted(around) == ids[2:6]


async def test_pins_bulk_deletion_and_deleted_threads(local: Local, bot: Watcher) -> None:
    """The rarer acts of moderation work as discord.py does them."""
    thread, _ = await bot.news.create_thread(name="Gone soon", content="x")
    await thread.delete()
    assert (await bot.seen("raw_thread_delete")).thread_id == thread.id
    with pytest.raises(discord.NotFound) as refused:
        await bot.fetch_channel(thread.id)
    assert refused.value.code == 10003
    messages = [await bot.headlines.send(str(number)) for number in range(3)]
    await bot.headlines.delete_messages(messages[:2])
    assert (await bot.seen("raw_bulk_message_delete")).message_ids == {each.id for each in messages[:2]}
    await local.ask(
        "PATCH", "/local/roles/1300000000000004003", {"permissions": str(1426466401408 | 1 << 51)}
    )
    await messages[2].pin()
    assert [each.id async for each in bot.headlines.pins()] == [messages[2].id]
