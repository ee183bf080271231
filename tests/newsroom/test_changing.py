"""Changing and taking back what was posted, reactions taken off, and the moderators' log."""

from __future__ import annotations

import discord
import pytest

from bot.errors import Doubtful, Later, Refused, Vanished, WebhookGone
from bot.newsroom import Deleted, Found, NotThere
from tests.localdiscord.conftest import ALICE, BOB, BOT_ROLE, HEADLINES, MOD_LOG, NEWS
from tests.newsroom.conftest import Room

pytestmark = pytest.mark.slow

NONE: frozenset[int] = frozenset()
TOKEN = "a" * 16


# --- change ---------------------------------------------------------------------------------------------


async def test_a_webhooks_post_changes_and_pings_nobody(room: Room) -> None:
    """Whatever it mentions: an edit must not ping."""
    receipt = await room.speak("Hello", mentions=(frozenset({BOB}), NONE))
    await room.floor.change(
        room.thread, receipt.message_id, receipt.webhook_id, f"<@{BOB}> @everyone", None, room.deadline
    )
    message = await room.message(receipt.message_id)
    assert message["content"] == f"<@{BOB}> @everyone"
    assert (message["mentions"], message["mention_everyone"]) == ([], False)
    assert message["edited_timestamp"]


async def test_the_bots_own_posts_change(room: Room) -> None:
    """The words of one, the embed of another."""
    said = await room.floor.say(room.thread, "**Alice**: x", "one", (NONE, NONE), ALICE, room.deadline)
    beside = await room.floor.companion(room.thread, room.thread, "> x", "two", room.deadline)
    await room.floor.change(room.thread, said.message_id or 0, None, f"y <@{BOB}>", None, room.deadline)
    await room.floor.change(room.thread, beside.message_id or 0, None, None, "> y", room.deadline)
    message = await room.message(said.message_id or 0)
    assert (message["content"], message["mentions"]) == (f"y <@{BOB}>", [])
    assert (await room.message(beside.message_id or 0))["embeds"][0]["description"] == "> y"


async def test_a_change_in_an_archived_thread(room: Room) -> None:
    """The thread is opened for it and archived again, also when the change is refused."""
    receipt = await room.speak()
    own = await room.floor.say(room.thread, "x", "n", (NONE, NONE), ALICE, room.deadline)
    await room.archive()
    await room.floor.change(room.thread, receipt.message_id, receipt.webhook_id, "new", None, room.deadline)
    assert await room.archived()
    await room.floor.change(room.thread, own.message_id or 0, None, "new", None, room.deadline)
    assert await room.archived()
    with pytest.raises(Vanished):
        await room.floor.change(room.thread, 5, None, "new", None, room.deadline)
    assert await room.archived()
    assert [each["content"] for each in await room.messages()] == ["What happened", "new", "new"]


async def test_a_post_that_is_gone(room: Room) -> None:
    """Not the webhook: the message."""
    receipt = await room.speak()
    await room.floor.delete(room.thread, receipt.message_id, room.deadline)
    with pytest.raises(Vanished):
        await room.floor.change(room.thread, receipt.message_id, receipt.webhook_id, "x", None, room.deadline)


@pytest.mark.parametrize("known", [True, False], ids=["known", "forgotten"])
async def test_a_webhook_that_is_gone(room: Room, known: bool) -> None:
    """Told apart from a post that is gone, whether or not it was used before; the next post gets a new one."""
    receipt = await room.speak()
    await room.local.ask("DELETE", f"/local/webhooks/{receipt.webhook_id}?as=ada")
    if not known:
        room.floor = type(room.floor)(room.desk, room.clock)
    with pytest.raises(WebhookGone):
        await room.floor.change(room.thread, receipt.message_id, receipt.webhook_id, "x", None, room.deadline)
    newer = await room.speak("newer")
    with pytest.raises(WebhookGone):
        await room.floor.change(room.thread, receipt.message_id, receipt.webhook_id, "x", None, room.deadline)
    await room.floor.change(room.thread, newer.message_id, newer.webhook_id, "x", None, room.deadline)


async def test_a_webhook_that_was_moved(room: Room) -> None:
    """In another channel it can't change what it posted here."""
    receipt = await room.speak()
    (hook,) = await (await room.desk.parent_of(room.thread)).webhooks()
    await hook.edit(channel=room.desk.guild().get_channel(HEADLINES))  # type: ignore[arg-type]
    with pytest.raises(WebhookGone):
        await room.floor.change(room.thread, receipt.message_id, receipt.webhook_id, "x", None, room.deadline)


async def test_a_change_whose_answer_is_lost_is_done_again(room: Room) -> None:
    """Absolute values: nothing is in doubt."""
    receipt = await room.speak()
    for drop in ("before", "after"):
        await room.local.fault(method="PATCH", path="/webhooks/", drop=drop)
        with pytest.raises(Later):
            await room.floor.change(
                room.thread, receipt.message_id, receipt.webhook_id, "new", None, room.deadline
            )
    await room.floor.change(room.thread, receipt.message_id, receipt.webhook_id, "new", None, room.deadline)
    assert (await room.message(receipt.message_id))["content"] == "new"


async def test_edits_of_old_posts_are_limited(room: Room) -> None:
    """30046 comes as a rate limit: later."""
    receipt = await room.speak()
    await room.local.fault(method="PATCH", path="/webhooks/", status=400, code=30046)
    with pytest.raises(Later):
        await room.floor.change(room.thread, receipt.message_id, receipt.webhook_id, "x", None, room.deadline)


# --- delete ---------------------------------------------------------------------------------------------


async def test_deleting_is_done_when_it_is_gone(room: Room) -> None:
    """A member's reply, our own post; a second time; in an archived thread; in one that is gone."""
    native = await room.says("alice", "I agree")
    receipt = await room.speak()
    await room.floor.delete(room.thread, native, room.deadline)
    await room.archive()
    await room.floor.delete(room.thread, receipt.message_id, room.deadline)
    await room.floor.delete(room.thread, receipt.message_id, room.deadline)
    assert [each["content"] for each in await room.messages()] == ["What happened"]
    assert await room.archived()
    await room.local.ask("DELETE", f"/local/as/mia/channels/{room.thread}")
    await room.floor.delete(room.thread, receipt.message_id, room.deadline)


async def test_deleting_without_the_permission(room: Room) -> None:
    """Manage Messages missing concerns the whole channel."""
    native = await room.says("alice", "I agree")
    await room.deny(NEWS, BOT_ROLE, discord.Permissions(manage_messages=True))
    with pytest.raises(Refused) as refused:
        await room.floor.delete(room.thread, native, room.deadline)
    assert refused.value.channel_wide


async def test_a_lost_deletion_is_done_again(room: Room) -> None:
    """Nothing is in doubt about it; the HTTP client itself tries it twice."""
    native = await room.says("alice", "I agree")
    await room.local.fault(method="DELETE", path=str(native), drop="before", times=2)
    with pytest.raises(Later):
        await room.floor.delete(room.thread, native, room.deadline)
    await room.floor.delete(room.thread, native, room.deadline)


# --- reactions ------------------------------------------------------------------------------------------


async def react(room: Room, member: str, message: int, emoji: str) -> None:
    await room.local.ask(
        "PUT", f"/local/as/{member}/channels/{room.thread}/messages/{message}/reactions/{emoji}"
    )


async def test_a_reaction_is_taken_off(room: Room) -> None:
    """That member's one only, by character or by the guild's own emoji; also in an archived thread."""
    message = await room.says("bob", "So?")
    for member in ("alice", "bob"):
        await react(room, member, message, "👍")
    await react(room, "alice", message, "factcheck:1300000000000006001")
    await room.floor.unreact(room.thread, message, ALICE, "emoji:1300000000000006001", room.deadline)
    await room.archive()
    await room.floor.unreact(room.thread, message, ALICE, "👍", room.deadline)
    assert await room.archived()
    reactions = (await room.message(message))["reactions"]
    assert [(each["emoji"]["name"], each["count"]) for each in reactions] == [("👍", 1)]


async def test_taking_off_what_is_gone_is_done(room: Room) -> None:
    """No such reaction, emoji, message or channel."""
    message = await room.says("bob", "So?")
    for channel, post, emoji in (
        (room.thread, message, "👍"),
        (room.thread, message, "emoji:1300000000000006999"),
        (room.thread, 5, "👍"),
        (5, 5, "👍"),
    ):
        await room.floor.unreact(channel, post, ALICE, emoji, room.deadline)


# --- the log --------------------------------------------------------------------------------------------


async def test_a_line_of_the_log_is_marked_and_found(room: Room) -> None:
    """A repeated token makes no second one; a lost one is found; one never sent is not there."""
    first = await room.floor.log(MOD_LOG, "Something happened", TOKEN, room.deadline)
    assert await room.floor.log(MOD_LOG, "Something happened", TOKEN, room.deadline) == first
    assert len(await room.messages(MOD_LOG)) == 1
    assert await room.floor.find_log(MOD_LOG, TOKEN, room.started) == Found(first, None)

    await room.local.fault(method="POST", path=f"/channels/{MOD_LOG}/messages", drop="after")
    with pytest.raises(Doubtful):
        await room.floor.log(MOD_LOG, "Another thing", "b" * 16, room.deadline)
    assert isinstance(await room.floor.find_log(MOD_LOG, "b" * 16, room.started), Found)
    assert await room.floor.find_log(MOD_LOG, "c" * 16, room.started) == NotThere()


async def test_a_log_that_can_not_be_written(room: Room) -> None:
    """Missing, of the wrong kind, or closed: the sentence names the key to correct."""
    for channel in (5, NEWS):
        with pytest.raises(Refused, match="log_channel_id") as refused:
            await room.floor.log(channel, "x", TOKEN, room.deadline)
        assert refused.value.channel_wide
    await room.deny(MOD_LOG, BOT_ROLE, discord.Permissions(send_messages=True))
    with pytest.raises(Refused, match="Send Messages"):
        await room.floor.log(MOD_LOG, "x", TOKEN, room.deadline)
    assert await room.floor.find_log(5, TOKEN, room.started) == Deleted()
