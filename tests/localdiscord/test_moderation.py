"""What moderation needs of Discord: roles given, the audit log, AutoMod, members who leave, word by direct message."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import discord
import pytest
from discord import ui

from localdiscord.permissions import P
from localdiscord.seed import BOT_PERMISSIONS
from tests.localdiscord.conftest import (
    ALICE,
    BOB,
    BOT_ROLE,
    GUILD,
    HEADLINES,
    INTENTS,
    MIA,
    NEWS,
    Local,
    Login,
    Watcher,
)

pytestmark = pytest.mark.slow

Action = discord.AuditLogAction


async def entries(bot: Watcher, **which: Any) -> list[discord.AuditLogEntry]:
    """What discord.py reads of the audit log."""
    return [each async for each in bot.guilds[0].audit_logs(**which)]


async def test_roles_are_given_below_ones_own(local: Local, bot: Watcher) -> None:
    """With Manage Roles a role below the bot's is given and taken once, with a reason; one above it never."""
    made = await local.ask("POST", "/local/roles", {"name": "Suspended"}, status=201)
    high = await local.ask("POST", "/local/roles", {"name": "High", "position": 3}, status=201)
    await bot.seen("guild_role_update", lambda _, after: after.id == BOT_ROLE and after.position == 2)
    path = f"/guilds/{GUILD}/members/{ALICE}/roles"
    status, answer = await local.rest("PUT", f"{path}/{made['id']}")
    assert (status, answer["code"]) == (403, 50013)
    permissions = str(BOT_PERMISSIONS | P.MANAGE_ROLES)
    await local.ask("PATCH", f"/local/roles/{BOT_ROLE}", {"permissions": permissions})
    for role, code in ((high["id"], 50013), (BOT_ROLE, 50013), (GUILD, 50028), (7, 10011)):
        assert (await local.rest("PUT", f"{path}/{role}"))[1]["code"] == code
    muted = {"id": made["id"], "type": 0, "allow": "0", "deny": str(int(P.SEND_MESSAGES))}
    await local.ask("PATCH", f"/local/channels/{HEADLINES}", {"permission_overwrites": [muted]})
    alice, role = await bot.guilds[0].fetch_member(ALICE), discord.Object(int(made["id"]))
    for _ in range(2):
        await alice.add_roles(role, reason="Three strikes")
    write = ("POST", f"/local/as/alice/channels/{HEADLINES}/messages", {"content": "x"})
    await local.ask(*write, status=403)
    await alice.remove_roles(role, reason="It is over")
    await alice.edit(roles=[role], reason="And again")
    found = await entries(bot, action=Action.member_role_update, oldest_first=True)
    assert [(each.reason, [role.name for role in each.after.roles]) for each in found] == [
        ("Three strikes", ["Suspended"]),
        ("It is over", []),
        ("And again", ["Suspended"]),
    ]
    assert [role.name for role in found[1].before.roles] == ["Suspended"]


async def test_deletions_in_the_audit_log(local: Local, bot: Watcher) -> None:
    """A moderator's of one author in one channel share an entry for five minutes, told once; bots' and one's own none."""
    said = [await local.says(who, HEADLINES, who) for who in ("alice",) * 4 + ("bob", "mia")]
    ids = [each["id"] for each in said]
    for index in (0, 1, 4, 5):
        await local.ask("DELETE", f"/local/as/mia/channels/{HEADLINES}/messages/{ids[index]}")
    status, _ = await local.rest(
        "DELETE", f"/channels/{HEADLINES}/messages/{ids[2]}", **{"X-Audit-Log-Reason": "x"}
    )
    assert status == 204
    local.clock.advance(301)
    await local.ask("DELETE", f"/local/as/mia/channels/{HEADLINES}/messages/{ids[3]}")
    ours = [await bot.headlines.send(str(number)) for number in range(2)]
    await bot.headlines.delete_messages(ours, reason="Twice")
    await bot.seen("audit_log_entry_create", lambda entry: entry.action is Action.message_bulk_delete)
    found = await entries(bot)
    assert [(e.action, e.user_id, e.target.id, e.extra.count, e.reason) for e in found] == [
        (Action.message_bulk_delete, bot.user.id, HEADLINES, 2, "Twice"),  # type: ignore[union-attr]
        (Action.message_delete, MIA, ALICE, 1, None),
        (Action.message_delete, MIA, BOB, 1, None),
        (Action.message_delete, MIA, ALICE, 2, None),
    ]
    told = [args[0].id for name, args in bot.events if name == "audit_log_entry_create"]
    assert told == [each.id for each in reversed(found)]
    by_mia = await entries(bot, action=Action.message_delete, user=discord.Object(MIA), limit=2)
    assert [each.id for each in by_mia] == [found[1].id, found[2].id]
    later = await entries(bot, after=discord.Object(found[2].id), oldest_first=True)
    assert [each.id for each in later] == [found[1].id, found[0].id]


async def test_automod_keeps_words_out(local: Local, bot: Watcher) -> None:
    """A member's message, edit or title with a blocked word is refused and logged; not the staff's, bots' or webhooks'."""
    order = {"blocked_words": ["casino", "free money*"], "automod_rule": "Spam words"}
    await local.ask("PATCH", "/local/guild", order)
    said = await local.says("alice", HEADLINES, "no casinos here")
    write = f"/local/as/alice/channels/{HEADLINES}/messages"
    post = {"name": "A casino", "content": "x"}
    for method, path, body, code in (
        ("POST", write, {"content": "My CASINO!"}, 200000),
        ("PATCH", f"{write}/{said['id']}", {"content": "free moneys"}, 200000),
        ("POST", f"/local/as/alice/channels/{NEWS}/threads", post, 200001),
    ):
        assert (await local.ask(method, path, body, status=400))["code"] == code
    webhook = await bot.headlines.create_webhook(name="Readers")
    await webhook.send("casino")
    await bot.headlines.send("casino")
    await local.says("ada", HEADLINES, "casino")
    assert [each["author"]["id"] for each in await local.messages(HEADLINES) if "casino" in each["content"]] == [
        str(ALICE), str(webhook.id), str(bot.user.id), "1300000000000003004"  # type: ignore[union-attr]
    ]  # fmt: skip
    told = await bot.seen(
        "audit_log_entry_create", lambda entry: entry.action is Action.automod_block_message
    )
    found = await entries(bot, action=Action.automod_block_message, oldest_first=True)
    assert [each.extra.channel.id for each in found] == [HEADLINES, HEADLINES, NEWS]
    assert (told.id, found[0].target.id) == (found[0].id, ALICE)
    assert found[0].extra.automod_rule_name == "Spam words"
    assert found[0].extra.automod_rule_trigger_type is discord.AutoModRuleTriggerType.keyword


async def test_a_member_leaves_and_comes_back(local: Local, login: Login) -> None:
    """Their messages stay, they are no member (10007) and not to be written to (50278) until they are again."""
    bot = await login(INTENTS | discord.Intents(members=True))
    said = await local.says("alice", HEADLINES, "x")
    thread = await bot.headlines.get_partial_message(int(said["id"])).create_thread(name="Talk")
    await local.says("alice", thread.id, "y")
    alice = await bot.fetch_user(ALICE)
    await alice.send("before")
    await local.ask("DELETE", "/local/members/alice", status=204)
    assert (await bot.seen("raw_member_remove")).user.id == ALICE
    guild = bot.guilds[0]
    with pytest.raises(discord.NotFound) as unknown:
        await guild.fetch_member(ALICE)
    with pytest.raises(discord.Forbidden) as closed:
        await alice.send("after")
    assert (unknown.value.code, closed.value.code) == (10007, 50278)
    fetched = await bot.headlines.fetch_message(int(said["id"]))
    assert (fetched.author.id, fetched.content) == (ALICE, "x")
    assert [each["content"] for each in await local.ask("GET", "/local/dms/alice")] == ["before"]
    await local.ask("GET", "/local/state?as=alice", status=404)
    for who in ("ada", "newsthread"):
        await local.ask("DELETE", f"/local/members/{who}", status=400)
    await local.ask("POST", "/local/members", {"name": "Alice"}, status=201)
    assert (await guild.fetch_member(ALICE)).roles == [guild.default_role]
    await alice.send("after")


class Letter(ui.LayoutView):
    """A direct message as moderation writes one: a quote, a file and a button."""

    def __init__(self, text: str) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.TextDisplay(text))
        self.add_item(ui.File("attachment://post.txt"))
        row: ui.ActionRow[Letter] = ui.ActionRow()
        row.add_item(ui.Button(label="Appeal", custom_id="na:1:t"))
        self.add_item(row)


async def test_a_letter_by_direct_message(local: Local, bot: Watcher) -> None:
    """Components and a file go with a nonce once, are found in the history, and can be edited."""
    alice = await bot.fetch_user(ALICE)
    file = discord.File(io.BytesIO("Größe".encode()), "post.txt")
    sent = await alice.send(view=Letter("> My words\n-# Case #12"), file=file, nonce="letter-1")
    body = {"content": "again", "nonce": "letter-1", "enforce_nonce": True}
    status, again = await local.rest("POST", f"/channels/{sent.channel.id}/messages", body)
    assert (status, again["id"]) == (200, str(sent.id))
    channel = await bot.create_dm(discord.Object(ALICE))
    [found] = [each async for each in channel.history(limit=10, after=sent.created_at - timedelta(seconds=1))]
    assert (found.id, found.flags.components_v2) == (sent.id, True)
    shown = found.components[1]
    assert isinstance(shown, discord.FileComponent)
    assert (await local.web.get(shown.media.url)).status == 200
    await found.edit(view=Letter("> My words\n-# Case #12 · reinstated"))
    [letter] = await local.ask("GET", "/local/dms/alice")
    assert letter["components"][0]["content"].endswith("reinstated")
    assert letter["attachments"][0]["size"] == len("Größe".encode())


async def test_threads_are_locked_and_retagged_with_a_reason(local: Local, bot: Watcher) -> None:
    """Members can't write there any more, moderators can; in archived ones deleting alone works (50083)."""
    thread, opening = await bot.news.create_thread(name="Ferries", content="x")
    said = [await local.says("alice", thread.id, str(number)) for number in range(2)]
    await thread.edit(locked=True, applied_tags=bot.news.available_tags[:1], reason="Heated")
    refused = await local.ask(
        "POST", f"/local/as/alice/channels/{thread.id}/messages", {"content": "y"}, status=403
    )
    assert refused["code"] == 160005
    await local.says("mia", thread.id, "z")
    [entry] = await entries(bot, action=Action.thread_update)
    assert (entry.reason, entry.after.locked) == ("Heated", True)
    assert [tag.name for tag in entry.after.applied_tags] == ["World"]
    await thread.edit(archived=True)
    path = f"/channels/{thread.id}/messages"
    status, answer = await local.rest("PATCH", f"{path}/{opening.id}", {"content": "y"})
    assert (status, answer["code"]) == (400, 50083)
    await local.ask("DELETE", f"/local/as/mia{path}/{said[0]['id']}")
    assert (await local.rest("DELETE", f"{path}/{said[1]['id']}"))[0] == 204
    assert thread.id not in {each.id for each in await bot.guilds[0].active_threads()}
