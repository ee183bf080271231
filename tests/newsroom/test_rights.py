"""What the bot and what members may do, from what the cache holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from discord import Permissions

from bot.errors import Refused, Vanished
from bot.model import QuoteMode
from bot.newsroom import Rights
from tests.localdiscord.conftest import ADA, ALICE, BOT_ROLE, GUILD, HEADLINES, MIA, MOD_LOG, NEWS
from tests.newsroom.conftest import Room

pytestmark = pytest.mark.slow

MODERATOR_ROLE = 1300000000000004001
EMOJI = 1300000000000006001


async def rights(room: Room, member: int) -> Rights:
    return await room.floor.rights(room.thread, await room.desk.guild().fetch_member(member))


# --- the bot --------------------------------------------------------------------------------------------


async def test_nothing_lacks_with_the_invites_permissions(room: Room) -> None:
    """In a thread, in its channel, and for a channel of text."""
    for mode in QuoteMode:
        for channel in (room.thread, NEWS, HEADLINES):
            assert room.floor.lacking(mode, channel) == ()


@pytest.mark.parametrize(
    ("denied", "repost", "companion"),
    [
        (Permissions(manage_webhooks=True), ("Manage Webhooks",), ()),
        (Permissions(manage_messages=True), ("Manage Messages",), ()),
        (Permissions(attach_files=True), ("Attach Files",), ()),
        (Permissions(embed_links=True), (), ("Embed Links",)),
        (
            Permissions(send_messages_in_threads=True),
            ("Send Messages in Posts",),
            ("Send Messages in Posts",),
        ),
        (Permissions(read_message_history=True), ("Read Message History",), ("Read Message History",)),
        (Permissions(send_messages=True), (), ()),
    ],
)
async def test_what_lacks_is_named_as_on_the_settings_page(
    room: Room, denied: Permissions, repost: tuple[str, ...], companion: tuple[str, ...]
) -> None:
    """Each permission counts for the modes that need it; Send Messages for none in threads."""
    await room.deny(NEWS, BOT_ROLE, denied)
    for channel in (room.thread, NEWS):
        assert room.floor.lacking(QuoteMode.REPOST, channel) == repost
        assert room.floor.lacking(QuoteMode.COMPANION, channel) == companion
        assert room.floor.lacking(QuoteMode.OFF, channel) == ()


async def test_an_unknown_place(room: Room) -> None:
    """The sentence says what to give the bot."""
    with pytest.raises(Refused, match="View Channel") as refused:
        room.floor.lacking(QuoteMode.REPOST, 5)
    assert refused.value.channel_wide


# --- members --------------------------------------------------------------------------------------------


async def test_what_members_may(room: Room) -> None:
    """By role: mentions, links, emoji of other guilds."""
    alice = await rights(room, ALICE)
    assert (alice.may_post, alice.slow_mode, alice.may_mention_everyone) == (True, 0, False)
    assert alice.mentionable_roles == {MODERATOR_ROLE}
    assert (alice.may_link_embeds, alice.own_emoji) == (True, None)
    ada = await rights(room, ADA)
    assert ada.may_mention_everyone
    await room.deny(NEWS, GUILD, Permissions(embed_links=True, external_emojis=True))
    alice = await rights(room, ALICE)
    assert (alice.may_link_embeds, alice.own_emoji) == (False, {EMOJI})


async def test_who_may_post(room: Room) -> None:
    """Not the one denied, timed out, or locked out; moderators in locked threads, too."""
    await room.local.ask(
        "PATCH", f"/local/channels/{room.thread}", {"locked": True, "rate_limit_per_user": 30}
    )
    await room.until(lambda: (thread := room.desk.guild().get_thread(room.thread)) and thread.locked)
    alice = await rights(room, ALICE)
    mia = await rights(room, MIA)
    assert (alice.may_post, alice.slow_mode) == (False, 30)
    assert (mia.may_post, mia.slow_mode) == (True, 0)
    await room.local.ask("PATCH", f"/local/channels/{room.thread}", {"locked": False})
    await room.archive()  # asked of Discord then
    assert (await rights(room, ALICE)).may_post
    until = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    await room.local.ask("PATCH", "/local/members/alice", {"communication_disabled_until": until})
    assert not (await rights(room, ALICE)).may_post
    with pytest.raises(Vanished):
        await room.floor.rights(5, await room.desk.guild().fetch_member(ALICE))


# --- what readers see -----------------------------------------------------------------------------------


async def test_a_source_that_all_readers_see(room: Room) -> None:
    """The thread itself, its channel, another open one; not one of the moderators, nor an unknown one."""
    sees = room.floor.open_to_readers
    assert sees(room.thread, room.thread)
    assert sees(room.thread, NEWS)
    assert sees(room.thread, HEADLINES)
    assert not sees(room.thread, MOD_LOG)
    assert not sees(room.thread, 5)
    assert not sees(5, HEADLINES)


async def test_a_source_that_some_readers_do_not_see(room: Room) -> None:
    """One role or one member is shut out: no."""
    await room.deny(HEADLINES, ALICE, Permissions(view_channel=True))
    assert not room.floor.open_to_readers(room.thread, HEADLINES)


async def test_moderators_among_themselves(room: Room) -> None:
    """A thread that only some roles read may show what all of these roles see."""
    for channel in (NEWS, HEADLINES):
        await room.deny(channel, GUILD, Permissions(view_channel=True))
    sees = room.floor.open_to_readers
    assert sees(MOD_LOG, HEADLINES) is False  # moderators don't see it
    assert sees(HEADLINES, MOD_LOG)  # only administrators do, who see all
