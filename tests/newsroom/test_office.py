"""What moderation does on Discord: posts taken down, notices, letters, entries of the log, rights, threads."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import discord
import pytest

from bot.clock import Clock
from bot.errors import Doubtful, Later, Refused, Unreachable, Vanished
from bot.newsroom import Deleted, Found, NotThere, Office
from bot.newsroom.carry import evidence
from bot.newsroom.suspending import LONGEST_TIMEOUT
from bot.text.notices import Entry, Letter
from tests.localdiscord.conftest import ADA, ALICE, BOB, BOT_ROLE, HEADLINES, MIA, MOD_LOG, NEWS
from tests.newsroom.conftest import Room
from tests.newsroom.test_speaking import attachment
from tests.scenario import until

pytestmark = pytest.mark.slow

MODERATOR_ROLE = 1300000000000004001
TOKEN, OTHER = "a" * 16, "b" * 16
HOUR = timedelta(hours=1)


def office_of(room: Room) -> Office:
    return Office(room.desk, room.clock)


async def reasons(room: Room, method: str, part: str) -> list[str]:
    """The audit-log reasons that went with such requests."""
    sent = await room.requests(method, part)
    return [
        unquote({k.lower(): v for k, v in each["headers"].items()}["x-audit-log-reason"]) for each in sent
    ]


def buttons(message: Any) -> list[tuple[str, str, bool]]:
    """Label, custom_id or address, and whether it can be pressed, of each button under a message."""
    found, left = [], list(message["components"])
    for each in left:
        left += each.get("components", [])
        if each["type"] == 2:
            found.append((each["label"], each.get("custom_id") or each["url"], not each.get("disabled")))
    return found


def text(message: Any) -> str:
    return str(message["components"][0]["content"])


# --- who may what ---------------------------------------------------------------------------------------


async def test_authority_is_what_discord_gives_in_the_channel(room: Room) -> None:
    """In the thread's channel or in the server, and nothing for who is timed out or can't see the channel."""
    office, guild = office_of(room), room.desk.guild()
    alice, mia, ada = [await guild.fetch_member(each) for each in (ALICE, MIA, ADA)]
    for place in (room.thread, NEWS, None):
        member = await office.authority(alice, place)
        assert (member.removes, member.arranges, member.suspends, member.owner) == (False,) * 4
        moderator = await office.authority(mia, place)
        assert (moderator.id, moderator.name) == (MIA, "Mia")
        assert (moderator.removes, moderator.arranges, moderator.suspends) == (True,) * 3
        owner = await office.authority(ada, place)
        assert owner.owner
        assert owner.rank > moderator.rank > member.rank
        assert not moderator.owner

    await room.deny(NEWS, MODERATOR_ROLE, discord.Permissions(manage_messages=True))
    here = await office.authority(mia, room.thread)
    assert (here.removes, here.arranges) == (False, True)
    assert (await office.authority(mia, HEADLINES)).removes
    await room.deny(HEADLINES, MODERATOR_ROLE, discord.Permissions(view_channel=True))
    hidden = await office.authority(mia, HEADLINES)
    assert (hidden.removes, hidden.arranges) == (False, False)

    until = datetime.now(UTC) + HOUR
    await room.local.ask("PATCH", "/local/members/mia", {"communication_disabled_until": until.isoformat()})
    silenced = await office.authority(await guild.fetch_member(MIA), None)
    assert (silenced.removes, silenced.arranges, silenced.suspends) == (False,) * 3
    with pytest.raises(Vanished):
        await office.authority(ada, 5)


async def test_where_a_member_stands(room: Room) -> None:
    """By their highest role; nowhere once they have left."""
    office = office_of(room)
    bob, mia, ada = [await office.standing(each) for each in (BOB, MIA, ADA)]
    assert bob is not None
    assert mia is not None
    assert ada is not None
    assert bob.rank < mia.rank < ada.rank
    assert [(each.owner, each.administrator, each.bot) for each in (bob, mia, ada)] == [
        (False, False, False),
        (False, False, False),
        (True, True, False),
    ]
    await room.local.ask("DELETE", "/local/members/bob")
    assert await office.standing(BOB) is None


# --- posts ----------------------------------------------------------------------------------------------


async def test_a_post_is_taken_down_with_a_reason(room: Room) -> None:
    """Also in an archived thread, which stays so; done when the post, or its thread, is gone already."""
    office = office_of(room)
    message = await room.says("bob", "Nonsense")
    await room.archive()
    why = f"Case #1: {'ü ' * 300}"
    for place in (room.thread, room.thread, 5):
        await office.take_down(place, message, why, room.deadline)
    assert await room.archived()
    assert [each["content"] for each in await room.messages()] == ["What happened"]
    sent = (await room.requests("DELETE", f"/messages/{message}"))[0]["headers"]
    assert len({k.lower(): v for k, v in sent.items()}["x-audit-log-reason"]) <= 512
    assert (await reasons(room, "DELETE", f"/messages/{message}"))[0].startswith("Case #1: ü ü")


async def test_a_post_that_the_bot_may_not_delete(room: Room) -> None:
    """That is a matter of the channel: it is kept until the permission is there."""
    office, message = office_of(room), await room.says("bob", "Nonsense")
    await room.deny(NEWS, BOT_ROLE, discord.Permissions(manage_messages=True))
    with pytest.raises(Refused) as refused:
        await office.take_down(room.thread, message, "x", room.deadline)
    assert refused.value.channel_wide


async def test_files_are_had_as_far_as_they_fit(room: Room) -> None:
    """In their order; of what is too large, or can't be fetched, the name; nothing of a post that is gone."""
    office = office_of(room)
    files = [
        {"filename": "SPOILER_one.txt", "text": "1" * 10},
        {"filename": "large.txt", "text": "2" * 50},
        {"filename": "two.txt", "text": "3" * 10},
    ]
    message = await room.says("bob", "Look", attachments=files)
    found = await office.evidence(room.thread, message, 25, patient=True)
    assert found is not None
    assert [(each.file.name, each.file.size, each.data) for each in found] == [
        ("SPOILER_one.txt", 10, b"1" * 10),
        ("large.txt", 50, None),
        ("two.txt", 10, b"3" * 10),
    ]
    assert [(each.file.path, each.file.spoiler) for each in found] == [
        (None, True),
        (None, False),
        (None, False),
    ]
    assert await office.evidence(room.thread, 5, 25, patient=True) is None

    room.local.server.ctx.world.message(room.thread, message).attachments[0]["id"] += 5
    found = await office.evidence(room.thread, message, 25, patient=True)
    assert found is not None
    assert [each.data for each in found] == [None, None, b"3" * 10]

    out_of_order: Any = SimpleNamespace(message_snapshots=[], attachments=[attachment(room, 1)])
    with pytest.raises(Later, match="fetched"):  # nobody listens at its address
        await evidence(out_of_order, 25, patient=True)
    assert [each.data for each in await evidence(out_of_order, 25, patient=False)] == [None]


async def test_posts_of_a_thread_are_read_from_either_end(room: Room) -> None:
    """Between two of them, both included, oldest first and no more than wanted; or all, newest first."""
    office = office_of(room)
    said = [await room.says("bob" if n % 2 else "alice", f"No. {n}") for n in range(5)]
    between = await office.between(room.thread, said[1], said[3], 9)
    assert [(each.message_id, each.content) for each in between] == [(said[n], f"No. {n}") for n in (1, 2, 3)]
    assert [each.message_id for each in await office.between(room.thread, said[0], said[4], 2)] == said[:2]
    latest = [each.content async for each in office.latest(room.thread)]
    assert latest == ["No. 4", "No. 3", "No. 2", "No. 1", "No. 0", "What happened"]
    with pytest.raises(Vanished):
        await office.between(5, 1, 2, 9)


# --- notices --------------------------------------------------------------------------------------------


async def test_a_notice_is_posted_once_and_changes(room: Room) -> None:
    """Marked, pinging nobody, in an archived thread too, which stays archived; and is found when its answer is lost."""
    office = office_of(room)
    first = await office.post_notice(room.thread, f"Removed <@{BOB}>", TOKEN, "About", room.deadline)
    assert await office.post_notice(room.thread, "x", TOKEN, "About", room.deadline) == first
    await room.archive()
    await office.change_notice(room.thread, first, f"Reinstated <@{BOB}>", TOKEN, "About", room.deadline)
    assert await room.archived()
    message = await room.message(first)
    assert (text(message), message["mentions"]) == (f"Reinstated <@{BOB}>", [])
    assert buttons(message) == [("About", f"nc:{TOKEN}", True)]
    assert await office.find_notice(room.thread, TOKEN, room.started) == Found(first, None)

    second = await office.post_notice(room.thread, "Two", OTHER, "About", room.deadline)
    assert await room.archived()
    await room.local.ask("DELETE", f"/local/as/mia/channels/{room.thread}/messages/{second}")
    with pytest.raises(Vanished):
        await office.change_notice(room.thread, second, "x", OTHER, "About", room.deadline)
    assert await room.archived()

    await room.local.fault(method="POST", path=f"/channels/{room.thread}/messages", drop="after")
    with pytest.raises(Doubtful):
        await office.post_notice(room.thread, "Three", "c" * 16, "About", room.deadline)
    assert isinstance(await office.find_notice(room.thread, "c" * 16, room.started), Found)
    assert await office.find_notice(room.thread, "d" * 16, room.started) == NotThere()
    assert await office.find_notice(5, TOKEN, room.started) == Deleted()


async def test_a_thread_that_is_not_archived_again_costs_no_second_notice(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    """What was posted is posted, whatever Discord makes of the rest."""
    office = office_of(room)
    await room.archive()
    await room.local.fault(method="POST", path="/messages", delay=0.2)
    posting = asyncio.create_task(office.post_notice(room.thread, "One", TOKEN, "About", room.deadline))

    async def opened() -> bool:
        return not await room.archived()

    await until(opened, 5)
    await room.local.fault(method="PATCH", path=f"/channels/{room.thread}$", status=403, code=50013)
    posted = await posting
    assert "not archived again" in caplog.text
    assert [each["id"] for each in await room.messages()][1:] == [str(posted)]


# --- letters --------------------------------------------------------------------------------------------


async def test_a_letter_arrives_once(room: Room) -> None:
    """With its files and the marked button, which without an appeal only names the case; found when it was lost."""
    office = office_of(room)
    letter = Letter("Removed https://news.example/", (("post.txt", b"All of it"),), "Appeal")
    first = await office.tell(BOB, letter, (7, "Case #7"), TOKEN, room.deadline)
    assert await office.tell(BOB, letter, (7, "Case #7"), TOKEN, room.deadline) == first
    (told,) = await room.local.ask("GET", "/local/dms/bob")
    assert (int(told["id"]), told["content"]) == (first, letter.text)
    assert [each["filename"] for each in told["attachments"]] == ["post.txt"]
    assert told["flags"] & 4  # no previews
    assert buttons(told) == [("Appeal", f"na:7:{TOKEN}", True)]
    assert await office.find_told(BOB, TOKEN, room.started) == Found(first, None)

    await room.local.fault(method="POST", path="/messages", drop="after")
    with pytest.raises(Doubtful):
        await office.tell(BOB, Letter("Upheld"), (7, "Case #7"), OTHER, room.deadline)
    assert isinstance(await office.find_told(BOB, OTHER, room.started), Found)
    assert await office.find_told(BOB, "c" * 16, room.started) == NotThere()
    decided = (await room.local.ask("GET", "/local/dms/bob"))[-1]
    assert buttons(decided) == [("Case #7", f"na:7:{OTHER}", False)]


@pytest.mark.parametrize("how", ["closed", "left", "nobody"])
async def test_who_takes_no_letters(room: Room, how: str) -> None:
    """Closed to the bot, gone from the server, or nobody at all: told apart from what could be tried again."""
    office, member = office_of(room), 5 if how == "nobody" else BOB
    if how == "closed":
        await room.local.ask("PATCH", "/local/members/bob", {"accepts_dms": False})
    elif how == "left":
        await room.local.ask("DELETE", "/local/members/bob")
    with pytest.raises(Unreachable, match="direct messages"):
        await office.tell(member, Letter("x"), (7, "Case #7"), TOKEN, room.deadline)
    assert not isinstance(await office.find_told(member, TOKEN, room.started), Found)


async def test_a_letter_that_can_be_tried_again(room: Room) -> None:
    """While Discord is out of order, or had enough letters for now, nobody is taken for unreachable."""
    office = office_of(room)
    await room.local.fault(method="POST", path="/users/@me/channels", status=503)
    with pytest.raises(Later):
        await office.tell(BOB, Letter("x"), (7, "Case #7"), TOKEN, room.deadline)
    await room.local.fault(method="POST", path="/users/@me/channels", status=403, code=40003, times=2)
    with pytest.raises(Later) as later:
        await office.tell(BOB, Letter("x"), (7, "Case #7"), TOKEN, room.deadline)
    assert later.value.retry_after == 600
    with pytest.raises(Later):
        await office.find_told(BOB, TOKEN, room.started)


# --- the log --------------------------------------------------------------------------------------------


async def test_entries_of_cases_and_reports(room: Room) -> None:
    """With their buttons, each marked; whatever they mention, they ping nobody."""
    office = office_of(room)
    entry = Entry(f"<@{BOB}> <@&{MODERATOR_ROLE}>", (("Jump", "https://discord.com/x"),))
    case = await office.enter(MOD_LOG, entry, TOKEN, "About", room.deadline)
    assert await office.enter(MOD_LOG, entry, TOKEN, "About", room.deadline) == case
    (message,) = await room.messages(MOD_LOG)
    assert buttons(message) == [("About", f"nc:{TOKEN}", True), ("Jump", "https://discord.com/x", True)]
    assert (message["mentions"], message["mention_roles"]) == ([], [])
    appealed = Entry(entry.text, (), (("uphold", "Uphold"), ("reinstate", "Reinstate")))
    await office.change_entry(MOD_LOG, case, appealed, TOKEN, "About", room.deadline)
    (message,) = await room.messages(MOD_LOG)
    assert [each[1] for each in buttons(message)] == [
        f"nc:{TOKEN}",
        f"nd:{TOKEN}:uphold",
        f"nd:{TOKEN}:reinstate",
    ]

    shown = Entry(entry.text, (), (("remove", "Remove…"), ("show", "Show")))
    report = await office.enter_report(MOD_LOG, shown, OTHER, room.deadline)
    message = (await room.messages(MOD_LOG))[-1]
    assert (message["mentions"], message["mention_roles"]) == ([], [])
    assert [each[1] for each in buttons(message)] == [f"nx:{OTHER}:remove", f"nx:{OTHER}:show"]
    await office.change_report(MOD_LOG, report, shown, OTHER, room.deadline)
    for token, there in ((TOKEN, Found(case, None)), (OTHER, Found(report, None)), ("c" * 16, NotThere())):
        assert await office.find_entry(MOD_LOG, token, room.started) == there
    await room.local.ask("DELETE", f"/local/as/mia/channels/{MOD_LOG}/messages/{report}")
    with pytest.raises(Vanished):
        await office.change_report(MOD_LOG, report, shown, OTHER, room.deadline)
    for channel in (5, NEWS):  # a mistake of the configuration, not an entry that is gone
        with pytest.raises(Refused, match="log_channel_id") as refused:
            await office.enter(channel, entry, TOKEN, "About", room.deadline)
        assert refused.value.channel_wide


# --- posting rights -------------------------------------------------------------------------------------


async def timeout_of(room: Room, member: int) -> datetime | None:
    return (await room.desk.guild().fetch_member(member)).timed_out_until


async def test_a_time_out_is_what_the_suspensions_say(room: Room) -> None:
    """Set, shortened and taken off; at most as long as Discord has it; the same again asks for nothing."""
    office = Office(room.desk, clock := Clock())
    soon, late, now = clock.now() + HOUR, clock.now() + timedelta(days=100), clock.now()
    deadline = now + timedelta(seconds=30)

    async def rights(until: datetime | None, ours: datetime | None = late) -> datetime | None:
        await office.set_rights(BOB, until, ours, None, "Newsthread: x", deadline)
        return await timeout_of(room, BOB)

    until = await rights(late)
    assert until is not None
    assert abs(until - now - LONGEST_TIMEOUT) < timedelta(minutes=1)
    until = await rights(soon)
    assert until is not None
    assert abs(until - soon) < timedelta(seconds=1)
    asked = len(await room.requests("PATCH", "/members/"))
    await rights(soon)
    assert len(await room.requests("PATCH", "/members/")) == asked
    assert await rights(None) is None
    await rights(None)
    assert set(await reasons(room, "PATCH", "/members/")) == {"Newsthread: x"}
    await office.set_rights(5, soon, late, None, "x", deadline)  # who has left


async def test_a_time_out_by_somebody_else_stays(room: Room) -> None:
    """It lasts longer than any of ours ever did: neither shortened nor taken off."""
    office, now = Office(room.desk, Clock()), datetime.now(UTC)
    theirs, deadline = now + timedelta(days=7), now + timedelta(seconds=30)
    await room.local.ask("PATCH", "/local/members/bob", {"communication_disabled_until": theirs.isoformat()})
    for end, ours in ((now + HOUR, now + HOUR), (None, now + HOUR), (None, None)):
        await office.set_rights(BOB, end, ours, None, "x", deadline)
        present = await timeout_of(room, BOB)
        assert present is not None
        assert abs(present - theirs) < timedelta(seconds=1)
    await office.set_rights(BOB, None, now + timedelta(days=8), None, "x", deadline)
    assert await timeout_of(room, BOB) is None


async def test_a_role_instead_of_a_time_out(room: Room) -> None:
    """Given and taken, once each; where the bot can't give it, the sentence says what is missing."""
    office = office_of(room)
    role = int((await room.local.ask("POST", "/local/roles", {"name": "Suspended"}))["id"])
    await room.until(lambda: room.desk.guild().get_role(role))
    until = room.clock.now() + HOUR
    with pytest.raises(Refused, match="Manage Roles") as refused:
        await office.set_rights(BOB, until, until, role, "x", room.deadline)
    assert refused.value.channel_wide
    allowed = room.desk.guild().me.guild_permissions.value | discord.Permissions(manage_roles=True).value
    await room.local.ask("PATCH", f"/local/roles/{BOT_ROLE}", {"permissions": str(allowed)})
    await room.until(lambda: room.desk.guild().me.guild_permissions.manage_roles)
    for end, held in ((until, True), (until, True), (None, False), (None, False)):
        await office.set_rights(BOB, end, until, role, "Newsthread: x", room.deadline)
        member = await room.desk.guild().fetch_member(BOB)
        assert (member.get_role(role) is not None) == held
        assert member.timed_out_until is None
    assert (
        await reasons(room, "PUT", "/roles/") == await reasons(room, "DELETE", "/roles/") == ["Newsthread: x"]
    )
    for wrong in (MODERATOR_ROLE, 5):
        with pytest.raises(Refused, match=r"above that one|suspended_role_id") as refused:
            await office.set_rights(BOB, until, until, wrong, "x", room.deadline)
        assert refused.value.channel_wide


async def test_whom_the_bot_can_not_suspend(room: Room) -> None:
    """A member above it is that member's matter; a permission that it lacks holds up all, until it is there."""
    office, until = Office(room.desk, Clock()), datetime.now(UTC) + HOUR
    deadline = datetime.now(UTC) + timedelta(seconds=30)
    for above in (MIA, ADA):
        with pytest.raises(Refused, match="stands above the bot") as refused:
            await office.set_rights(above, until, until, None, "x", deadline)
        assert not refused.value.channel_wide
    await room.local.ask("PATCH", f"/local/roles/{BOT_ROLE}", {"permissions": "1024"})
    await room.until(lambda: not room.desk.guild().me.guild_permissions.moderate_members)
    with pytest.raises(Refused, match="Moderate Members") as refused:
        await office.set_rights(BOB, until, until, None, "x", deadline)
    assert refused.value.channel_wide


# --- threads --------------------------------------------------------------------------------------------


async def test_threads_are_locked_and_tagged(room: Room) -> None:
    """Also archived ones, which stay so; tags that the forum lacks are left out."""
    office = office_of(room)
    assert office.tags(NEWS) == ("World", "Business", "Science", "Culture")
    assert office.tags(HEADLINES) == office.tags(5) == ()
    await room.archive()
    await office.lock(room.thread, True, "Mia: calm down", room.deadline)
    await office.retag(room.thread, ["Science", "Nonsense", "World"], "Mia", room.deadline)
    assert await room.archived()
    thread = await room.desk.thread(room.thread)
    assert thread.locked
    assert {each.name for each in thread.applied_tags} == {"Science", "World"}
    await office.lock(room.thread, False, "Mia", room.deadline)
    assert not (await room.desk.thread(room.thread)).locked
    assert "Mia: calm down" in await reasons(room, "PATCH", f"/channels/{room.thread}")
    with pytest.raises(Vanished):
        await office.lock(5, True, "Mia", room.deadline)


# --- the audit log --------------------------------------------------------------------------------------


async def test_the_audit_log_tells_who_deleted_what(room: Room) -> None:
    """A moderator's deletions grow one entry, AutoMod's tell their rule, the bot's and the author's none."""
    office = office_of(room)
    said = [await room.says("bob", f"No. {n}") for n in range(4)]
    for member, message in (("mia", said[0]), ("mia", said[1]), ("bob", said[2])):
        await room.local.ask("DELETE", f"/local/as/{member}/channels/{room.thread}/messages/{message}")
    await office.take_down(room.thread, said[3], "x", room.deadline)
    await room.local.ask("PATCH", "/local/guild", {"blocked_words": ["scam"], "automod_rule": "No scams"})
    blocked = {"content": "A scam"}
    await room.local.ask("POST", f"/local/as/bob/channels/{room.thread}/messages", blocked, status=400)

    deleted, kept_out = await office.audit(room.started)
    assert (deleted.by, deleted.target_id, deleted.channel_id, deleted.count) == (MIA, BOB, room.thread, 2)
    assert (deleted.rule, deleted.bulk) == (None, False)
    assert (kept_out.target_id, kept_out.channel_id, kept_out.rule) == (BOB, room.thread, "No scams")
    assert kept_out.count == 1
    assert deleted.at > room.started
    assert await office.audit(datetime.now(UTC) + HOUR) == ()
    await room.local.fault(method="GET", path="/audit-logs", status=503)
    with pytest.raises(Later):
        await office.audit(room.started)
    await room.local.ask("PATCH", f"/local/roles/{BOT_ROLE}", {"permissions": "1024"})
    await room.until(lambda: not room.desk.guild().me.guild_permissions.view_audit_log)
    assert await office.audit(room.started) == ()
