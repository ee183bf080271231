"""Permissions: the table of who may do what, overwrites, time-outs, hidden channels."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import discord
import pytest

from localdiscord.clock import Clock, timestamp
from localdiscord.model import Channel, Member, Overwrite, Role
from localdiscord.permissions import ALL, P, permissions_in
from localdiscord.seed import BOT_PERMISSIONS, empty_world, seed
from localdiscord.world import World
from tests.localdiscord.conftest import ADA, ALICE, BOT_ROLE, HEADLINES, MIA, MOD_LOG, NEWS, Local, Watcher

pytestmark = pytest.mark.slow


def seeded_world() -> World:
    world = empty_world()
    seed(world)
    return world


@pytest.mark.parametrize(
    ("who", "channel", "granted", "denied"),
    [
        (ALICE, NEWS, P.VIEW_CHANNEL | P.SEND_MESSAGES | P.ADD_REACTIONS, P.MANAGE_MESSAGES | P.MANAGE_THREADS),
        (ALICE, MOD_LOG, 0, P.VIEW_CHANNEL | P.SEND_MESSAGES),
        (MIA, MOD_LOG, P.VIEW_CHANNEL | P.MANAGE_MESSAGES | P.MODERATE_MEMBERS, P.ADMINISTRATOR | P.MANAGE_WEBHOOKS),
        (ADA, MOD_LOG, ALL, 0),
        (1300000000000003000, MOD_LOG, BOT_PERMISSIONS, P.MENTION_EVERYONE | P.MANAGE_CHANNELS | P.MANAGE_ROLES),
    ],
)  # fmt: skip
def test_seeded_people_may_what_they_should(who: int, channel: int, granted: int, denied: int) -> None:
    """The seed gives everybody exactly their part."""
    world = seeded_world()
    found = permissions_in(world, who, world.channels[channel], Clock().now())
    assert found & granted == granted
    assert found & denied == 0


@pytest.mark.parametrize(
    ("overwrites", "expected"),
    [
        ([], True),
        ([Overwrite(1300000000000001000, 0, 0, int(P.SEND_MESSAGES))], False),
        ([Overwrite(1300000000000001000, 0, 0, int(P.SEND_MESSAGES)), Overwrite(77, 0, int(P.SEND_MESSAGES), 0)], True),
        ([Overwrite(77, 0, 0, int(P.SEND_MESSAGES)), Overwrite(78, 0, int(P.SEND_MESSAGES), 0)], True),
        ([Overwrite(78, 0, int(P.SEND_MESSAGES), 0), Overwrite(ALICE, 1, 0, int(P.SEND_MESSAGES))], False),
        ([Overwrite(1300000000000001000, 0, 0, int(P.VIEW_CHANNEL))], False),
    ],
)  # fmt: skip
def test_overwrites_apply_in_order(overwrites: list[Overwrite], expected: bool) -> None:
    """@everyone's, then all roles' with allow winning, then the member's own; without sight nothing is left."""
    world = seeded_world()
    world.put(Role(77, "a", 0, 4))
    world.put(Role(78, "b", 0, 5))
    world.put(Member(ALICE, "2020-01-01T00:00:00+00:00", [77, 78]))
    channel = world.channels[HEADLINES]
    channel.overwrites = overwrites
    assert bool(permissions_in(world, ALICE, channel, Clock().now()) & P.SEND_MESSAGES) is expected


def test_threads_inherit_from_their_parent() -> None:
    """Writing in a thread takes Send Messages in Threads; Send Messages alone has no effect there."""
    world, now = seeded_world(), Clock().now()
    world.channels[NEWS].overwrites = [Overwrite(1300000000000001000, 0, 0, int(P.SEND_MESSAGES_IN_THREADS))]
    thread = Channel.load(
        {
            "id": 9,
            "type": 11,
            "parent_id": NEWS,
            "guild_id": world.guild.id,
            "overwrites": [],
            "tags": [],
            "thread": {
                "owner_id": ALICE,
                "created_at": timestamp(now),
                "archive_timestamp": timestamp(now),
                "auto_archive_duration": 60,
                "active_at": timestamp(now),
                "members": {},
            },
        }
    )
    found = permissions_in(world, ALICE, thread, now)
    assert found & P.VIEW_CHANNEL
    assert not found & (P.SEND_MESSAGES_IN_THREADS | P.ATTACH_FILES | P.EMBED_LINKS)


def test_a_time_out_leaves_looking() -> None:
    """View and history remain, until the time is over; administrators are not touched."""
    world, now = seeded_world(), Clock().now()
    for who in (ALICE, ADA):
        world.members[who].timeout_until = timestamp(now + timedelta(minutes=5))
    channel = world.channels[HEADLINES]
    assert permissions_in(world, ALICE, channel, now) == P.VIEW_CHANNEL | P.READ_MESSAGE_HISTORY
    assert permissions_in(world, ALICE, channel, now + timedelta(minutes=6)) & P.SEND_MESSAGES
    assert permissions_in(world, ADA, channel, now) == ALL


async def deny(local: Local, channel: int, permission: int) -> None:
    """Take a permission from the bot in a channel."""
    overwrite = {"id": str(BOT_ROLE), "type": 0, "allow": "0", "deny": str(int(permission))}
    await local.ask("PATCH", f"/local/channels/{channel}", {"permission_overwrites": [overwrite]})


@pytest.mark.parametrize(
    ("permission", "method", "path", "body", "code"),
    [
        (P.VIEW_CHANNEL, "GET", f"/channels/{HEADLINES}", None, 50001),
        (P.VIEW_CHANNEL, "POST", f"/channels/{NEWS}/threads", {"name": "x", "message": {"content": "x"}}, 50001),
        (P.SEND_MESSAGES, "POST", f"/channels/{NEWS}/threads", {"name": "x", "message": {"content": "x"}}, 50013),
        (P.SEND_MESSAGES, "POST", f"/channels/{HEADLINES}/messages", {"content": "x"}, 50013),
        (P.CREATE_PUBLIC_THREADS, "POST", f"/channels/{HEADLINES}/threads", {"name": "x", "type": 11}, 50013),
        (P.MANAGE_WEBHOOKS, "POST", f"/channels/{HEADLINES}/webhooks", {"name": "x"}, 50013),
    ],
)  # fmt: skip
async def test_lacking_permissions_are_refused(
    local: Local, permission: P, method: str, path: str, body: Any, code: int
) -> None:
    """50001 for what can't be seen, 50013 for what can't be done; with the permission it works."""
    status, _ = await local.rest(method, path, body)
    assert status < 300
    await deny(local, NEWS if str(NEWS) in path else HEADLINES, permission)
    status, answer = await local.rest(method, path, body)
    assert (status, answer["code"]) == (403, code)


async def test_threads_on_messages_need_the_permission_and_replies_the_history(local: Local) -> None:
    """CREATE_PUBLIC_THREADS in text channels, READ_MESSAGE_HISTORY for replies (160002)."""
    said = await local.says("alice", HEADLINES, "x")
    await deny(local, HEADLINES, P.CREATE_PUBLIC_THREADS | P.READ_MESSAGE_HISTORY)
    status, answer = await local.rest(
        "POST", f"/channels/{HEADLINES}/messages/{said['id']}/threads", {"name": "x"}
    )
    assert (status, answer["code"]) == (403, 50013)
    reply = {"content": "x", "message_reference": {"message_id": said["id"]}}
    status, answer = await local.rest("POST", f"/channels/{HEADLINES}/messages", reply)
    assert (status, answer["code"]) == (400, 160002)


async def test_others_messages_need_manage_messages(local: Local) -> None:
    """The bot deletes with its role, not without; nobody edits another's words."""
    said = await local.says("alice", HEADLINES, "x")
    path = f"/channels/{HEADLINES}/messages/{said['id']}"
    status, answer = await local.rest("PATCH", path, {"content": "y"})
    assert (status, answer["code"]) == (403, 50005)
    await deny(local, HEADLINES, P.MANAGE_MESSAGES)
    status, answer = await local.rest("DELETE", path)
    assert (status, answer["code"]) == (403, 50013)


async def test_members_obey_the_same_rules(local: Local) -> None:
    """Alice can't delete Bob's post nor see the moderators' channel; Mia can do both."""
    said = await local.says("bob", HEADLINES, "x")
    path = f"channels/{HEADLINES}/messages/{said['id']}"
    refused = await local.ask("DELETE", f"/local/as/alice/{path}", status=403)
    assert refused["code"] == 50013
    assert refused["error"].endswith(".")
    await local.ask("GET", f"/local/channels/{MOD_LOG}/messages?as=alice", status=403)
    await local.ask("GET", f"/local/channels/{MOD_LOG}/messages?as=mia")
    await local.ask("DELETE", f"/local/as/mia/{path}", status=204)


async def test_time_outs_by_the_bot(local: Local, bot: Watcher) -> None:
    """With Moderate Members the bot silences a member, never an administrator or a higher role; without it nobody."""
    guild = bot.guilds[0]
    alice, mia = await guild.fetch_member(ALICE), await guild.fetch_member(MIA)
    role = f"/local/roles/{BOT_ROLE}"
    await local.ask("PATCH", role, {"permissions": str(BOT_PERMISSIONS & ~P.MODERATE_MEMBERS)})
    with pytest.raises(discord.Forbidden):
        await alice.timeout(timedelta(minutes=5))
    await local.ask("PATCH", role, {"permissions": str(BOT_PERMISSIONS)})
    await alice.timeout(timedelta(minutes=5), reason="spam")
    error = await local.ask(
        "POST", f"/local/as/alice/channels/{HEADLINES}/messages", {"content": "x"}, status=403
    )
    assert error["code"] == 50013
    with pytest.raises(discord.Forbidden):
        await mia.timeout(timedelta(minutes=5))
    await alice.timeout(None)
    await local.says("alice", HEADLINES, "back")
