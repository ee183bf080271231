"""What members may put in a message: files, stickers, forwards, long texts, pings; and emoji that are gone."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import discord
import pytest

from tests.localdiscord.conftest import (
    ALICE,
    BOB,
    HEADLINES,
    INTENTS,
    MOD_LOG,
    NEWS,
    Local,
    Login,
    Watcher,
)
from tests.openapi import Openapi

EMOJI, STICKER = 1300000000000006001, 1300000000000007001
PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 8 + (3).to_bytes(4) + (2).to_bytes(4)).decode()


async def test_members_send_files(local: Local, login: Login) -> None:
    """As text or Base64, in channels and in new posts; who may attach none is refused."""
    bot = await login(INTENTS | discord.Intents(message_content=True))
    files = [{"filename": "n o t e.txt", "text": "ä"}, {"filename": "p.png", "content_base64": PIXEL}]
    said = await local.says("alice", HEADLINES, "", attachments=files)
    heard = await bot.seen("message")
    assert [each.filename for each in heard.attachments] == ["n_o_t_e.txt", "p.png"]
    assert (heard.attachments[1].width, heard.attachments[1].height) == (3, 2)
    assert await heard.attachments[0].read() == "ä".encode()
    kept = [{"id": said["attachments"][1]["id"]}]
    path = f"/local/as/alice/channels/{HEADLINES}/messages/{said['id']}"
    changed = await local.ask("PATCH", path, {"content": "one left", "attachments": kept})
    assert [each["filename"] for each in changed["attachments"]] == ["p.png"]
    body = {"name": "A", "content": "a", "attachments": [files[0]]}
    post = await local.ask("POST", f"/local/as/alice/channels/{NEWS}/threads", body)
    assert post["message"]["attachments"][0]["filename"] == "n_o_t_e.txt"
    for wrong in (
        [{"filename": "x"}] * 11,
        [{"text": "x"}],
        "x.txt",
        [{"filename": "x", "content_base64": "*"}],
    ):
        body = {"content": "", "attachments": wrong}
        await local.ask("POST", f"/local/as/alice/channels/{HEADLINES}/messages", body, status=400)
    deny = [{"id": str(ALICE), "type": 1, "allow": "0", "deny": str(1 << 15)}]
    await local.ask("PATCH", f"/local/channels/{HEADLINES}", {"permission_overwrites": deny})
    body = {"content": "x", "attachments": [files[0]]}
    await local.ask("POST", f"/local/as/alice/channels/{HEADLINES}/messages", body, status=403)


async def test_stickers_are_sent_and_looked_up(local: Local, login: Login) -> None:
    """A sticker alone is a message; the bot can send and fetch the guild's; others are refused."""
    bot = await login(INTENTS | discord.Intents(message_content=True, emojis_and_stickers=True))
    said = await local.says("alice", HEADLINES, "", stickers=[str(STICKER)])
    assert said["sticker_items"] == [{"id": str(STICKER), "name": "Well said", "format_type": 1}]
    heard = await bot.seen("message")
    assert [each.name for each in heard.stickers] == ["Well said"]
    sticker = await heard.stickers[0].fetch()
    assert isinstance(sticker, discord.GuildSticker)
    assert sticker.id in [each.id for each in await bot.guilds[0].fetch_stickers()]
    await bot.headlines.send("x", stickers=[sticker])
    assert [each.name for each in bot.guilds[0].stickers] == ["Well said", "Source please"]
    path = f"/local/as/alice/channels/{HEADLINES}/messages"
    told = await local.ask("POST", path, {"content": "x", "sticker_ids": ["5"]}, status=400)
    assert told["error"] == "There is no such sticker."
    await local.ask("POST", path, {"content": "x", "sticker_ids": [str(STICKER)] * 4}, status=400)
    assert (await local.rest("GET", "/stickers/5"))[1]["code"] == 10060
    async with local.web.get(f"{local.url}/cdn/stickers/{STICKER}.png") as picture:
        assert (picture.status, picture.content_type) == (200, "image/png")


async def test_forwards_carry_a_snapshot(local: Local, login: Login, openapi: Openapi) -> None:
    """Words, files and stickers without their author; a forward is passed on as what it shows; hidden ones aren't."""
    bot = await login(INTENTS | discord.Intents(message_content=True))
    origin = await local.says(
        "bob", HEADLINES, "mine", attachments=[{"filename": "a.txt", "text": "a"}], stickers=[STICKER]
    )
    post = await local.ask("POST", f"/local/as/alice/channels/{NEWS}/threads", {"name": "A", "content": "a"})
    where = {"channel_id": str(HEADLINES), "message_id": origin["id"]}
    forward = await local.says("alice", post["id"], "", forward=where)
    assert (forward["message_reference"]["type"], forward["flags"] & 1 << 14) == (1, 1 << 14)
    again = await local.says(
        "alice", HEADLINES, "", forward={"channel_id": post["id"], "message_id": forward["id"]}
    )
    assert again["message_snapshots"] == forward["message_snapshots"]
    openapi.check("MessageResponse", again)
    heard = await bot.seen("message", lambda each: each.id == int(again["id"]))
    [snapshot] = heard.message_snapshots
    assert (snapshot.content, snapshot.attachments[0].filename, heard.content) == ("mine", "a.txt", "")
    hidden = await local.says("mia", MOD_LOG, "secret")
    body = {"content": "", "forward": {"channel_id": str(MOD_LOG), "message_id": hidden["id"]}}
    await local.ask("POST", f"/local/as/alice/channels/{HEADLINES}/messages", body, status=403)
    await local.ask("POST", f"/local/as/alice/channels/{HEADLINES}/messages", {"forward": "x"}, status=400)


async def test_nitro_makes_messages_longer(local: Local, bot: Watcher) -> None:
    """4000 characters instead of 2000, also in an edit; the bot keeps to 2000."""
    path = f"/local/as/alice/channels/{HEADLINES}/messages"
    await local.says("alice", HEADLINES, "x" * 2000)
    await local.ask("POST", path, {"content": "x" * 2001}, status=400)
    await local.ask("PATCH", "/local/members/alice", {"premium": True})
    said = await local.says("alice", HEADLINES, "x" * 4000)
    assert len((await bot.seen("message", lambda each: each.id == int(said["id"]))).content) == 0  # no intent
    await local.ask("PATCH", f"{path}/{said['id']}", {"content": "y" * 4000})
    await local.ask("POST", path, {"content": "x" * 4001}, status=400)
    people = (await local.ask("GET", "/local/state"))["members"]
    assert [each["name"] for each in people if each["premium"]] == ["alice"]
    with pytest.raises(discord.HTTPException):
        await bot.headlines.send("x" * 2001)


@pytest.mark.parametrize(
    ("more", "pinged", "flags"),
    [
        ({}, [str(BOB)], 0),
        ({"ping": True}, [str(BOB)], 0),
        ({"ping": False}, [], 0),
        ({"allowed_mentions": {"parse": []}}, [], 0),
        ({"silent": True}, [str(BOB)], 1 << 12),
    ],
)
async def test_replies_ping_unless_told_otherwise(
    local: Local, more: dict[str, Any], pinged: list[str], flags: int
) -> None:
    """As in Discord's client, the author replied to is pinged by default."""
    said = await local.says("bob", HEADLINES, "x")
    reply = await local.says("alice", HEADLINES, "y", reply_to=said["id"], **more)
    assert [each["id"] for each in reply["mentions"]] == pinged
    assert (reply["flags"], reply["type"]) == (flags, 19)


async def test_a_deleted_emoji_stays_where_it_was(local: Local, login: Login) -> None:
    """The guild and the bot forget it, nobody can use it anew, old reactions can be looked at and removed."""
    bot = await login(INTENTS | discord.Intents(emojis_and_stickers=True))
    said = await local.says("bob", HEADLINES, "x")
    path = f"/local/as/alice/channels/{HEADLINES}/messages/{said['id']}/reactions/factcheck:{EMOJI}"
    await local.ask("PUT", path)
    assert (await bot.guilds[0].fetch_emoji(EMOJI)).name == "factcheck"
    await local.ask("DELETE", f"/local/emojis/{EMOJI}")
    assert await bot.seen("guild_emojis_update") == bot.guilds[0]
    assert bot.guilds[0].emojis == ()
    other = await local.says("bob", HEADLINES, "y")
    for method, target in (
        ("PUT", path.replace(said["id"], other["id"])),
        ("DELETE", f"/local/emojis/{EMOJI}"),
    ):
        await local.ask(method, target, status=400)
    message = await bot.headlines.fetch_message(int(said["id"]))
    assert [each.id async for each in message.reactions[0].users()] == [ALICE]
    with pytest.raises(discord.HTTPException) as refused:
        await bot.guilds[0].fetch_emoji(EMOJI)
    assert refused.value.code == 10014
    await local.ask("DELETE", path)
    assert (await message.fetch()).reactions == []


async def test_a_timed_out_member_only_reads(local: Local, bot: Watcher) -> None:
    """No message, reaction or use of anything, until it is over."""
    said = await local.says("alice", HEADLINES, "x")
    ours = await bot.headlines.send("y", view=button())
    emoji = f"/local/as/alice/channels/{HEADLINES}/messages/{said['id']}/reactions/👍"
    await local.ask("PUT", emoji.replace("alice", "bob"))
    alice = await bot.guilds[0].fetch_member(ALICE)
    await alice.timeout(timedelta(minutes=10), reason="Spam")
    write = ("POST", f"/local/as/alice/channels/{HEADLINES}/messages", {"content": "z"})
    press = {"kind": "component", "channel_id": str(HEADLINES), "target_id": str(ours.id), "custom_id": "b"}
    for method, path, body in (
        write,
        ("PUT", emoji, None),
        ("PUT", emoji.replace("👍", "💙"), None),
        ("POST", "/local/as/alice/interactions", press),
        ("POST", "/local/as/alice/interactions", press | {"kind": "slash", "name": "x"}),
    ):
        await local.ask(method, path, body, status=403)
    assert await local.ask("GET", f"/local/commands?as=alice&channel={HEADLINES}") == {"commands": []}
    assert len(await local.messages(HEADLINES, "alice")) == 2
    [entry] = [e async for e in bot.guilds[0].audit_logs(action=discord.AuditLogAction.member_update)]
    assert (entry.reason, entry.target.id) == ("Spam", ALICE)
    local.clock.advance(601)
    await local.ask(*write)


def button() -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="b", custom_id="b"))
    return view
