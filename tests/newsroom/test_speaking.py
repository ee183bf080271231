"""Posting for members: through our webhook, beside their reply, and in the bot's own name."""

from __future__ import annotations

import base64
from typing import Any

import discord
import pytest

from bot.errors import CannotCarry, Doubtful, Later, Refused, Vanished
from bot.newsroom import Floor, Found, NotThere
from bot.newsroom.carry import MAX_TOTAL, fetched
from bot.newsroom.webhooks import HAIR_SPACE, NEUTRAL, spoken_names, under_a_name
from localdiscord.acts import webhooks as acts
from tests.localdiscord.conftest import ADA, ALICE, BOB, BOT_ROLE, GUILD, MIA, NEWS
from tests.newsroom.conftest import Room

pytestmark = pytest.mark.slow

MODERATOR_ROLE = 1300000000000004001
EXECUTION = r"/webhooks/\d+/[^/]+$"
NONE: frozenset[int] = frozenset()


async def executions(room: Room) -> list[Any]:
    return [each for each in await room.requests("POST", "/webhooks/") if "/channels/" not in each["path"]]


async def webhooks(room: Room) -> list[Any]:
    return await (await room.desk.parent_of(room.thread)).webhooks()


# --- under a member's name ------------------------------------------------------------------------------


async def test_a_post_bears_the_members_name_and_picture(room: Room) -> None:
    """One message through the application's own webhook, made on the way; the receipt names both."""
    receipt = await room.speak("> quoted\nHello", name="Alice Ames")
    message = await room.message(receipt.message_id)
    assert (message["author"]["username"], message["content"]) == ("Alice Ames", "> quoted\nHello")
    assert message["author"]["avatar"]
    assert int(message["webhook_id"]) == receipt.webhook_id
    assert int(message["application_id"]) == room.client.application_id
    assert [each.name for each in await webhooks(room)] == ["Newsthread"]


async def test_one_webhook_serves_a_channel(room: Room) -> None:
    """Looked up once in a process, found again by the next one, and never another's."""
    stranger = acts.create(
        room.local.server.ctx, room.local.server.ctx.world.channel(NEWS), {"name": "Bridge"}, ADA
    )
    stranger.application_id = room.client.application_id  # Discord tells tokens of what people made, too
    first = await room.speak()
    second = await room.speak()
    room.floor = Floor(room.desk, room.clock)
    third = await room.speak()
    assert first.webhook_id == second.webhook_id == third.webhook_id != stranger.id
    assert len(await webhooks(room)) == 2
    assert len(await room.requests("GET", f"/channels/{NEWS}/webhooks")) == 3  # one of them is the test's own


async def test_a_webhook_deleted_by_hand_is_replaced(room: Room) -> None:
    """What is posted next goes through a new one, once."""
    first = await room.speak("one")
    await room.local.ask("DELETE", f"/local/webhooks/{first.webhook_id}?as=ada")
    second = await room.speak("two")
    assert second.webhook_id != first.webhook_id
    assert [each["content"] for each in await room.messages()] == ["What happened", "one", "two"]


async def test_a_webhook_moved_to_another_channel_is_replaced(room: Room) -> None:
    """Moved by an admin it does not know the thread any more."""
    first = await room.speak("one")
    hook = next(each for each in await webhooks(room) if each.id == first.webhook_id)
    await hook.edit(channel=room.desk.guild().get_channel(1300000000000002001))  # type: ignore[arg-type]
    second = await room.speak("two")
    assert second.webhook_id != first.webhook_id


@pytest.mark.parametrize(
    "name", ["Clyde", "xX Discord Mod Xx", "Everyone", "here", "system message", "x" * 90]
)
async def test_names_that_discord_refuses_read_the_same(room: Room, name: str) -> None:
    """They pass with a hair space in them, and within 80 characters."""
    receipt = await room.speak(name=name)
    shown = (await room.message(receipt.message_id))["author"]["username"]
    assert shown.replace(HAIR_SPACE, "") == name[:80]
    assert len(await executions(room)) == 1


async def test_the_last_name_is_neutral(room: Room) -> None:
    """A name refused for what we don't know makes nothing, and another is tried."""
    await room.speak()
    hook = next(iter(await webhooks(room)))

    async def send(webhook: discord.Webhook, name: str) -> str:
        message = await webhook.send("x", username=name, thread=discord.Object(room.thread), wait=True)
        return message.author.name

    assert await under_a_name(hook, ("Clyde", "discord", NEUTRAL), send) == NEUTRAL
    with pytest.raises(discord.HTTPException):
        await under_a_name(hook, ("Clyde", "discord"), send)
    assert spoken_names(" \n ") == (NEUTRAL,)
    assert spoken_names("Al  ice") == ("Al ice", HAIR_SPACE.join("Al ice"), NEUTRAL)


async def test_speaking_opens_an_archived_thread(room: Room) -> None:
    """As a native reply would."""
    await room.archive()
    await room.speak()
    assert not await room.archived()


# --- pings and previews ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("author", "roles"), [(ALICE, [MODERATOR_ROLE]), (ADA, [MODERATOR_ROLE, BOT_ROLE]), (404, [])]
)
async def test_mentions_ping_as_the_author_may(room: Room, author: int, roles: list[int]) -> None:
    """Users, mentionable roles, all roles with Mention Everyone; never everyone; nobody for one who left."""
    # What the bot itself may not ping, it can't for anybody.
    allowed = 326954773696 | discord.Permissions(mention_everyone=True).value
    await room.local.ask("PATCH", f"/local/roles/{BOT_ROLE}", {"permissions": str(allowed)})
    text = f"<@{BOB}> <@{MIA}> <@&{MODERATOR_ROLE}> <@&{BOT_ROLE}> @everyone"
    mentions = frozenset({BOB}), frozenset({MODERATOR_ROLE, BOT_ROLE, GUILD})
    for receipt in (
        await room.speak(text, author_id=author, mentions=mentions),
        await room.floor.say(room.thread, text, f"n{author}", mentions, author, room.deadline),
    ):
        message = await room.message(receipt.message_id)
        assert [int(each["id"]) for each in message["mentions"]] == ([BOB] if roles else [])
        assert sorted(map(int, message["mention_roles"])) == sorted(roles)
        assert not message["mention_everyone"]


async def test_links_show_no_preview_where_the_author_may_not(room: Room) -> None:
    """Suppressed for who lacks Embed Links, and for one who left."""
    await room.deny(NEWS, ALICE, discord.Permissions(embed_links=True))
    for author, suppressed in ((ALICE, True), (BOB, False), (404, True)):
        for receipt in (
            await room.speak("https://a.example", author_id=author),
            await room.floor.say(room.thread, "x", f"n{author}", (NONE, NONE), author, room.deadline),
        ):
            assert bool((await room.message(receipt.message_id))["flags"] & 4) is suppressed


# --- files ----------------------------------------------------------------------------------------------


async def test_files_of_the_reply_travel(room: Room) -> None:
    """Content, name and spoiler are kept, also when the first webhook was gone."""
    first = await room.speak()
    await room.local.ask("DELETE", f"/local/webhooks/{first.webhook_id}?as=ada")
    data = bytes(range(256))
    native = await room.says(
        "alice",
        "look",
        attachments=[
            {"filename": "chart.png", "content_base64": base64.b64encode(data).decode()},
            {"filename": "SPOILER_end.txt", "text": "They lived"},
        ],
    )
    receipt = await room.speak("look", native_id=native)
    files = (await room.message(receipt.message_id))["attachments"]
    assert [each["filename"] for each in files] == ["chart.png", "SPOILER_end.txt"]
    async with room.local.web.get(files[0]["url"]) as answer:
        assert await answer.read() == data


async def test_alt_text_travels(room: Room) -> None:
    """What a file shows is told as it was."""
    thread = await room.desk.thread(room.thread)
    described = discord.File(__file__, "a.txt", description="A test")
    native = await thread.send(file=described)
    receipt = await room.speak("look", native_id=native.id)
    (file,) = (await room.message(receipt.message_id))["attachments"]
    assert file["description"] == "A test"


def attachment(room: Room, size: int, url: str = "http://127.0.0.1:1/a") -> discord.Attachment:
    data = {"id": "1", "filename": "a", "size": size, "url": url, "proxy_url": ""}
    return discord.Attachment(data=data, state=room.client._connection)  # type: ignore[arg-type]


@pytest.mark.parametrize("sizes", [[101], [50, 50, 101], [MAX_TOTAL // 3] * 4])
async def test_files_too_large_are_not_even_fetched(room: Room, sizes: list[int]) -> None:
    """One over the guild's limit, or all together over a request's."""
    most = 100 if sizes[-1] == 101 else MAX_TOTAL
    with pytest.raises(CannotCarry, match="too large"):
        await fetched([attachment(room, size) for size in sizes], most)


async def test_a_file_that_can_not_be_fetched_stays(room: Room) -> None:
    """Nothing is posted; the caller may leave the reply as it is."""
    native = await room.says("alice", "look", attachments=[{"filename": "a.txt", "text": "a"}])
    room.local.server.ctx.world.message(room.thread, native).attachments[0]["id"] += 1
    with pytest.raises(CannotCarry, match="fetched"):
        await room.speak("look", native_id=native)
    assert await executions(room) == []
    with pytest.raises(CannotCarry, match="fetched"):  # nobody listens at this address
        await fetched([attachment(room, 1)], 100)


async def test_files_that_discord_refuses_stay(room: Room) -> None:
    """413 is about the files."""
    native = await room.says("alice", "look", attachments=[{"filename": "a.txt", "text": "a"}])
    await room.local.fault(method="POST", path=EXECUTION, status=413, code=40005)
    with pytest.raises(CannotCarry):
        await room.speak("look", native_id=native)


async def test_a_reply_that_is_gone(room: Room) -> None:
    """Its author took it back: there is nothing to post."""
    with pytest.raises(Vanished):
        await room.speak(native_id=room.thread + 5)
    assert await executions(room) == []


# --- when answers are lost ------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_server_error_is_not_repeated(room: Room, status: int) -> None:
    """discord.py would send a webhook's post five times; one request leaves, and is in doubt."""
    await room.speak("before")
    await room.local.fault(method="POST", path=EXECUTION, status=status, times=9)
    with pytest.raises(Doubtful):
        await room.speak("lost")
    assert len(await executions(room)) == 2
    assert await room.floor.find_unclaimed(room.thread, room.started, frozenset()) != NotThere()


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"drop": "after", "status": 502}])
async def test_a_lost_answer_is_found_again(room: Room, fault: dict[str, Any]) -> None:
    """The one post of ours that no row claims is it."""
    before = await room.speak("before")
    await room.local.fault(method="POST", path=EXECUTION, **fault)
    with pytest.raises(Doubtful):
        await room.speak("lost")
    claimed = frozenset({before.message_id})
    finding = await room.floor.find_unclaimed(room.thread, room.started, claimed)
    lost = (await room.messages())[-1]
    assert (lost["content"], finding) == ("lost", Found(int(lost["id"]), room.thread))


async def test_a_request_that_never_arrived_is_not_there(room: Room) -> None:
    """In doubt as well, and a complete search finds nothing."""
    before = await room.speak("before")
    await room.local.fault(method="POST", path=EXECUTION, drop="before")
    with pytest.raises(Doubtful):
        await room.speak("lost")
    assert (
        await room.floor.find_unclaimed(room.thread, room.started, frozenset({before.message_id}))
        == NotThere()
    )


async def test_nothing_leaves_after_the_deadline(room: Room) -> None:
    """Waiting took too long: certainly not done."""
    await room.speak("before")
    deadline = room.deadline
    room.clock.advance(31)
    with pytest.raises(Later):
        await room.speak(deadline=deadline)
    assert len(await executions(room)) == 1


async def test_a_webhook_that_may_have_been_made_is_looked_for(room: Room) -> None:
    """The post is not in doubt, so that it is simply tried again; no second webhook comes of it."""
    await room.local.fault(method="POST", path=f"/channels/{NEWS}/webhooks", status=502, drop="after")
    with pytest.raises(Later):
        await room.speak()
    assert len(await room.requests("POST", f"/channels/{NEWS}/webhooks")) == 1
    await room.speak()
    assert len(await webhooks(room)) == 1


# --- what is refused ------------------------------------------------------------------------------------


async def test_without_the_permission_nothing_is_posted(room: Room) -> None:
    """Manage Webhooks missing concerns the whole channel."""
    await room.deny(NEWS, BOT_ROLE, discord.Permissions(manage_webhooks=True))
    with pytest.raises(Refused) as refused:
        await room.speak()
    assert refused.value.channel_wide
    assert "channel #news" in str(refused.value) or "thread" in str(refused.value)


async def test_a_channel_full_of_webhooks(room: Room) -> None:
    """Fifteen are the most: the sentence tells what to do."""
    ctx = room.local.server.ctx
    for number in range(15):
        acts.create(ctx, ctx.world.channel(NEWS), {"name": f"No. {number}"}, ADA)
    with pytest.raises(Refused, match="delete one of them") as refused:
        await room.speak()
    assert refused.value.channel_wide


async def test_a_wrong_webhook_token_is_not_the_bots(room: Room) -> None:
    """Discord answers 401: it speaks of the webhook, and must not stop the bot."""
    await room.speak()
    await room.local.fault(method="POST", path=EXECUTION, status=401, code=50027, times=2)
    with pytest.raises(Later):
        await room.speak()
    await room.local.fault(method="POST", path=EXECUTION, status=401, code=50027)
    await room.speak()


async def test_a_thread_that_is_gone(room: Room) -> None:
    """Deleted by a moderator: nothing is to be said there."""
    await room.speak()
    await room.local.ask("DELETE", f"/local/as/mia/channels/{room.thread}")
    for deed in (
        room.speak(),
        room.floor.companion(room.thread, 1, "x", "nonce", room.deadline),
        room.floor.say(room.thread, "x", "nonce", (NONE, NONE), ALICE, room.deadline),
        room.floor.change(room.thread, 1, None, "x", None, room.deadline),
    ):
        with pytest.raises(Vanished):
            await deed


async def test_not_connected(room: Room) -> None:
    """Everything waits while there is no session."""
    room.desk.attach(None)
    with pytest.raises(Later):
        room.floor.check()
    with pytest.raises(Later):
        await room.speak()


# --- beside a reply -------------------------------------------------------------------------------------


async def test_a_companion_answers_the_reply_with_an_embed(room: Room) -> None:
    """A reply that pings nobody; a repeated nonce makes no second one."""
    native = await room.says("alice", "I agree")
    first = await room.floor.companion(room.thread, native, "> quoted", "nonce", room.deadline)
    again = await room.floor.companion(room.thread, native, "> quoted", "nonce", room.deadline)
    assert first == again
    message = await room.message(first.message_id or 0)
    assert [each["description"] for each in message["embeds"]] == ["> quoted"]
    assert int(message["message_reference"]["message_id"]) == native
    assert message["mentions"] == []
    assert first.webhook_id is None


async def test_a_companion_of_a_reply_that_is_gone(room: Room) -> None:
    """Posted all the same: the quote is lost only when its own reply was looked for."""
    native = await room.says("alice", "I agree")
    await room.local.ask("DELETE", f"/local/as/alice/channels/{room.thread}/messages/{native}")
    receipt = await room.floor.companion(room.thread, native, "> quoted", "nonce", room.deadline)
    assert (await room.message(receipt.message_id or 0))["embeds"]


@pytest.mark.parametrize("drop", ["before", "after"])
async def test_a_lost_companion_or_word_is_found_again(room: Room, drop: str) -> None:
    """Of the bot's own messages the unclaimed one is it."""
    await room.floor.log(room.thread, "a marked one", "a" * 16, room.deadline)
    for deed in (
        room.floor.companion(room.thread, room.thread, "x", "one", room.deadline),
        room.floor.say(room.thread, "x", "two", (NONE, NONE), ALICE, room.deadline),
    ):
        await room.local.fault(method="POST", path=f"/channels/{room.thread}/messages$", drop=drop)
        with pytest.raises(Doubtful):
            await deed
        finding = await room.floor.find_unclaimed(room.thread, room.started, frozenset())
        last = (await room.messages())[-1]
        assert finding == (NotThere() if drop == "before" else Found(int(last["id"]), room.thread))
        if drop == "after":
            await room.floor.delete(room.thread, int(last["id"]), room.deadline)


async def test_a_locked_thread_holds_up_only_itself(room: Room) -> None:
    """Refused, but not for the whole channel."""
    await room.deny(NEWS, BOT_ROLE, discord.Permissions(manage_threads=True))
    await room.local.ask("PATCH", f"/local/channels/{room.thread}", {"locked": True})
    with pytest.raises(Refused, match="locked") as refused:
        await room.floor.say(room.thread, "x", "n", (NONE, NONE), ALICE, room.deadline)
    assert not refused.value.channel_wide
