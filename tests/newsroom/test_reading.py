"""Messages as records, and threads as they are on Discord."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import discord
import pytest

from bot.errors import Later, Refused, Vanished
from bot.model import Reacted
from bot.newsroom import Deleted, Found, NotThere
from bot.newsroom.said import contributed
from localdiscord.acts import reactions
from localdiscord.clock import timestamp
from localdiscord.model import Member, User
from tests.localdiscord.conftest import ALICE, BOB, HEADLINES, MOD_LOG
from tests.localdiscord.using import register, use
from tests.newsroom.conftest import Room

if TYPE_CHECKING:
    from bot.model import Said

pytestmark = pytest.mark.slow

NONE: frozenset[int] = frozenset()
EMOJI = "emoji:1300000000000006001"
BOT = 1300000000000003000


async def look(room: Room, message_id: int) -> Said:
    said = await room.floor.look_up(room.thread, message_id)
    assert said is not None
    return said


# --- one post -------------------------------------------------------------------------------------------


async def test_a_members_reply(room: Room) -> None:
    """Who, what, when, to what; pictures and names as shown."""
    first = await room.says("bob", "The sea is rising")
    reply = await room.says("alice", "So it is", reply_to=first)
    await room.local.ask(
        "PATCH", f"/local/as/alice/channels/{room.thread}/messages/{reply}", {"content": "So it is!"}
    )
    said = await look(room, reply)
    assert (said.message_id, said.thread_id, said.author_id) == (reply, room.thread, ALICE)
    assert (said.name, said.content, said.reply_to) == ("Alice", "So it is!", first)
    assert said.avatar.endswith(f"/avatars/{ALICE}/{ALICE:032x}.png")
    assert abs(said.at - discord.utils.snowflake_time(reply)) < timedelta(seconds=1)
    assert said.edited_at is not None
    assert not (said.bot or said.system or said.ours or said.empty)
    assert said.webhook_id is said.forwarded_from is said.poll is None
    assert (await look(room, first)).reply_to is None


async def test_files_stickers_and_forwards(room: Room) -> None:
    """What stands in a post beside its words; of a forward, what was forwarded and from where."""
    (sticker, *_) = room.desk.guild().stickers
    source = await room.local.says(
        "bob",
        HEADLINES,
        "Look",
        attachments=[{"filename": "a.txt", "text": "1234"}],
        stickers=[str(sticker.id)],
    )
    forward = await room.says("alice", forward={"channel_id": str(HEADLINES), "message_id": source["id"]})
    said = await look(room, forward)
    assert (said.content, said.stickers, said.forwarded_from) == ("Look", (sticker.name,), HEADLINES)
    assert [(file.name, file.size) for file in said.files] == [("a.txt", 4)]
    assert (said.author_id, said.reply_to) == (ALICE, None)
    empty = await room.says("bob", stickers=[str(sticker.id)])
    assert not (await look(room, empty)).empty


async def test_our_own_posts(room: Room) -> None:
    """Through the webhook, with an embed, as a note: all ours; other webhooks are not."""
    receipt = await room.speak("Hello", name="Alice Ames")
    spoken = await look(room, receipt.message_id)
    assert (spoken.name, spoken.author_id, spoken.webhook_id) == (
        "Alice Ames",
        receipt.webhook_id,
        receipt.webhook_id,
    )
    assert spoken.ours
    beside = await room.floor.companion(room.thread, room.thread, "> quoted\nmore", "n", room.deadline)
    said = await look(room, beside.message_id or 0)
    assert (said.ours, said.bot, said.webhook_id, said.embeds) == (True, True, None, ("> quoted",))
    note = await look(room, await room.floor.log(room.thread, "A note", "a" * 16, room.deadline))
    assert (note.ours, note.content) == (False, "A note")


async def test_embeds_of_others(room: Room) -> None:
    """The title, or else the beginning; members' embeds are previews of their links."""
    place = await room.desk.thread(room.thread)
    sent = await place.send(
        embeds=[
            discord.Embed(title="Weather", description="Rain"),
            discord.Embed(description="x" * 200),
            discord.Embed().set_footer(text="small print"),
            discord.Embed().set_image(url="https://a.example/a.png"),
        ]
    )
    assert (await look(room, sent.id)).embeds == ("Weather", "x" * 100, "small print")
    preview = await room.says("bob", "https://a.example", embeds=[{"title": "A page"}])
    assert (await look(room, preview)).embeds == ()


async def test_answers_to_interactions_are_not_posts_for_members(room: Room) -> None:
    """They are ours, but are never taken for a lost post; nor are opening posts, notes and others' posts."""
    tree = discord.app_commands.CommandTree(room.client)

    @tree.command(name="hello", description="x")
    async def hello(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Hello")
        await interaction.followup.send("And again")

    await register(room.local, {"name": "hello", "description": "x"})
    await use(room.local, "slash", name="hello", channel_id=str(room.thread))
    await room.floor.log(room.thread, "A note", "a" * 16, room.deadline)
    await room.says("alice", "x")
    place = await room.desk.thread(room.thread)
    found = [message async for message in place.history(oldest_first=True)]
    assert len(found) == 5
    assert [room.floor.said(message).ours for message in found] == [False, False, False, False, False]
    assert not any(contributed(message, room.client.application_id, BOT) for message in found)
    assert await room.floor.find_unclaimed(room.thread, room.started, NONE) == NotThere()
    await room.speak()
    assert isinstance(await room.floor.find_unclaimed(room.thread, room.started, NONE), Found)


async def test_a_system_message(room: Room) -> None:
    """Discord's own words are told from members'."""
    await room.local.ask("POST", f"/local/as/alice/channels/{HEADLINES}/threads", {"name": "Off topic"})
    (told,) = await room.messages(HEADLINES)
    said = await room.floor.look_up(HEADLINES, int(told["id"]))
    assert said is not None
    assert (said.system, said.reply_to) == (True, None)


async def test_a_post_that_is_gone(room: Room) -> None:
    """None: the message or its thread; later when Discord can't tell."""
    assert await room.floor.look_up(room.thread, 5) is None
    assert await room.floor.look_up(5, 5) is None
    await room.local.fault(method="GET", path=f"/messages/{room.thread}$", drop="before", times=2)
    with pytest.raises(Later):
        await room.floor.look_up(room.thread, room.thread)
    await room.local.fault(method="GET", path=f"/messages/{room.thread}$", status=403, code=50001)
    with pytest.raises(Refused):
        await room.floor.look_up(room.thread, room.thread)


async def test_as_members_are_known_in_the_guild(room: Room) -> None:
    """REST leaves nicknames out; one who left keeps the name that the post tells."""
    await room.local.ask("PATCH", "/local/members/alice", {"nick": "Captain"})
    said = await look(room, await room.says("alice", "x"))
    assert said.name == "Alice"
    assert (await room.floor.as_member(said)).name == "Captain"
    gone = dataclasses.replace(said, author_id=404)
    assert await room.floor.as_member(gone) == gone
    ours = await look(room, (await room.speak()).message_id)
    assert await room.floor.as_member(ours) == ours


# --- what is unclaimed ----------------------------------------------------------------------------------


async def test_the_unclaimed_post(room: Room) -> None:
    """Older ones, claimed ones and members' own are none; further ones are told."""
    first, second = await room.speak("one"), await room.speak("two")
    await room.says("alice", "x")
    find = room.floor.find_unclaimed
    assert await find(room.thread, room.started, NONE) == Found(
        first.message_id, room.thread, (second.message_id,)
    )
    assert await find(room.thread, room.started, frozenset({first.message_id})) == Found(
        second.message_id, room.thread
    )
    claimed = frozenset({first.message_id, second.message_id})
    assert await find(room.thread, room.started, claimed) == NotThere()
    assert await find(room.thread, room.started + timedelta(minutes=2), NONE) == NotThere()


async def test_an_incomplete_search_proves_nothing(room: Room) -> None:
    """Later; and a thread that is gone took its posts along."""
    await room.speak("one")
    await room.local.fault(method="GET", path=f"/channels/{room.thread}/messages$", drop="before", times=2)
    with pytest.raises(Later):
        await room.floor.find_unclaimed(room.thread, room.started, NONE)
    await room.local.ask("DELETE", f"/local/as/mia/channels/{room.thread}")
    assert await room.floor.find_unclaimed(room.thread, room.started, NONE) == Deleted()


# --- a survey -------------------------------------------------------------------------------------------


async def react(room: Room, member: str, message: int, emoji: str, channel: int | None = None) -> None:
    await room.local.ask(
        "PUT",
        f"/local/as/{member}/channels/{channel or room.thread}/messages/{message}/reactions/{emoji}",
    )


async def test_a_survey_shows_posts_and_reactions(room: Room) -> None:
    """More than a page of them, oldest first, each once, with the keys of the emoji."""
    posts = [await room.says("bob", f"No. {number}") for number in range(120)]
    await react(room, "alice", posts[3], "❤️")
    await react(room, "alice", posts[3], "factcheck:1300000000000006001")
    found = [each async for each in room.floor.survey(room.thread, room.started)]
    assert [said.message_id for said, _ in found] == [room.thread, *posts]
    assert {said.message_id: emoji for said, emoji in found if emoji} == {posts[3]: ("❤️", EMOJI)}
    middle = found[60][0].at
    later = [each async for each in room.floor.survey(room.thread, middle)]
    assert later == [(said, emoji) for said, emoji in found if said.at > middle]
    assert await room.floor.reacted_with(room.thread, posts[3]) == ("❤️", EMOJI)
    assert await room.floor.reacted_with(room.thread, 5) == ()


async def test_a_survey_of_a_text_channels_thread(room: Room) -> None:
    """What stands for the opening post in it is not that post, and is left out."""
    opening = await room.local.says("bob", HEADLINES, "News")
    await room.local.ask(
        "POST", f"/local/as/bob/channels/{HEADLINES}/threads", {"name": "News", "message_id": opening["id"]}
    )
    room.thread = int(opening["id"])
    answer = await room.says("alice", "x")
    found = [said.message_id async for said, _ in room.floor.survey(room.thread, room.started)]
    assert found == [answer]


async def test_a_survey_that_breaks_off(room: Room) -> None:
    """Later; vanished when there is no thread."""
    await room.local.fault(method="GET", path=f"/channels/{room.thread}/messages$", drop="before", times=2)
    with pytest.raises(Later):
        [each async for each in room.floor.survey(room.thread, room.started)]
    with pytest.raises(Vanished):
        [each async for each in room.floor.survey(5, room.started)]


async def test_everybody_who_reacted(room: Room) -> None:
    """150 of them over two pages, super reactions apart, bots left out."""
    ctx = room.local.server.ctx
    thread = ctx.world.channel(room.thread)
    message = ctx.world.message(room.thread, room.thread)
    people = [5000 + number for number in range(150)]
    for person in people:
        ctx.world.put(User(person, f"u{person}", f"U{person}"))
        ctx.world.put(Member(person, timestamp(ctx.clock.now()), []))
        reactions.add(ctx, thread, message, "👍", person)
    reactions.add(ctx, thread, message, "👍", ALICE, burst=True)
    reactions.add(ctx, thread, message, "👍", BOT)
    found = await room.floor.who_reacted(room.thread, room.thread, "👍")
    assert found == (
        *(Reacted(room.thread, person, "👍") for person in people),
        Reacted(room.thread, ALICE, "👍", 1),
    )
    requests = await room.requests("GET", "/reactions/")
    queries = [dict(parse_qsl(each["query"])) for each in requests]
    assert [(each.get("after"), each["type"]) for each in queries] == [
        (None, "0"),
        (str(people[99]), "0"),
        (None, "1"),
    ]


async def test_reactions_of_what_is_gone(room: Room) -> None:
    """Nobody: no message, no such emoji. Later: could not be read to the end."""
    await react(room, "bob", room.thread, "👍")
    for message, emoji in ((5, "👍"), (room.thread, "emoji:1300000000000006999")):
        assert await room.floor.who_reacted(room.thread, message, emoji) == ()
    await room.local.fault(method="GET", path="/reactions/", drop="before", times=2)
    with pytest.raises(Later):
        await room.floor.who_reacted(room.thread, room.thread, "👍")
    assert await room.floor.who_reacted(room.thread, room.thread, "👍") == (Reacted(room.thread, BOB, "👍"),)


async def test_an_overlooked_place(room: Room) -> None:
    """A channel of the moderators is read like any other."""
    sent = await room.floor.log(MOD_LOG, "x", "a" * 16, room.deadline)
    assert (await room.floor.look_up(MOD_LOG, sent)) is not None
