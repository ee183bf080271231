"""What a bot answers to commands: in time, once, shown to whom it concerns; then followed up, edited, deleted."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest

from tests.localdiscord.conftest import HEADLINES, NEWS, WAIT, Local, Watcher
from tests.localdiscord.using import Answering, register, use
from tests.scenario import until

pytestmark = pytest.mark.slow

COMMAND = {"name": "do", "description": "x"}
MENU = {"type": 3, "name": "Quote…"}
COMPLETED = {
    "name": "find",
    "description": "x",
    "options": [{"type": 3, "name": "post", "description": "x", "autocomplete": True}],
}


async def callback(local: Local, interaction: discord.Interaction, kind: int, **data: Any) -> tuple[int, Any]:
    path = f"/interactions/{interaction.id}/{interaction.token}/callback"
    return await local.rest("POST", path, {"type": kind, "data": data}, token=None)


async def used(local: Local, kind: str, **more: Any) -> Any:
    """A use of each kind of command."""
    await register(local, COMMAND, MENU, COMPLETED)
    if kind == "message":
        said = await local.says("bob", HEADLINES, "x")
        return await use(local, kind, name="Quote…", target_id=said["id"], **more)
    return await use(local, kind, name="do" if kind == "slash" else "find", **more)


GOOD = {8: {"choices": []}, 4: {"content": "x"}}


def number(interaction: discord.Interaction) -> int:
    """The kind of answer that an interaction takes."""
    return 8 if interaction.type is discord.InteractionType.autocomplete else 4


@pytest.mark.parametrize("kind", ["slash", "message", "autocomplete"])
async def test_a_second_answer_is_refused(local: Local, bot: Watcher, kind: str) -> None:
    """40060, in time and afterwards."""
    told: list[Any] = []
    done = asyncio.Event()

    async def answer(interaction: discord.Interaction) -> None:
        kind_of_answer = number(interaction)
        for wait in (0, 0, 4):
            local.clock.advance(wait)
            told.append(await callback(local, interaction, kind_of_answer, **GOOD[kind_of_answer]))
        done.set()

    bot.on_interaction = answer  # type: ignore[attr-defined]
    await used(local, kind)
    async with asyncio.timeout(WAIT):
        await done.wait()
    assert told[0] == (204, "")
    assert [each["code"] for _, each in told[1:]] == [40060, 40060]


@pytest.mark.slow
async def test_late_answers_are_refused(local: Local, bot: Watcher) -> None:
    """10062 after three seconds, and for a token that isn't one; the member is told of the silence."""
    codes: list[int] = []

    async def answer(interaction: discord.Interaction) -> None:
        kind = number(interaction)
        path = f"/interactions/{interaction.id}/wrong/callback"
        codes.append((await local.rest("POST", path, {"type": kind, "data": GOOD[kind]}))[1]["code"])
        local.clock.advance(3.1)
        codes.append((await callback(local, interaction, kind, **GOOD[kind]))[1]["code"])

    bot.on_interaction = answer  # type: ignore[attr-defined]
    await register(local, COMMAND, MENU, COMPLETED)
    said = await local.says("bob", HEADLINES, "x")
    told = await asyncio.gather(
        use(local, "slash", name="do", status=424),
        use(local, "message", name="Quote…", target_id=said["id"], status=424),
        use(local, "autocomplete", name="find", status=424),
    )
    assert [each["error"] for each in told] == ["The application did not respond"] * 3

    async def all_answered() -> bool:
        return len(codes) >= 6

    await until(all_answered)
    assert codes == [10062] * 6


@pytest.mark.parametrize("kind", [6, 7, 8])
async def test_commands_take_no_component_answers(local: Local, bot: Watcher, kind: int) -> None:
    """Updating a message or offering choices is for others: 50035, and a good answer may follow."""
    codes: list[int] = []

    async def answer(interaction: discord.Interaction) -> None:
        codes.append((await callback(local, interaction, kind, content="x"))[1]["code"])
        await interaction.response.send_message("x")

    bot.on_interaction = answer  # type: ignore[attr-defined]
    await used(local, "slash")
    assert codes == [50035]


async def test_follow_ups_last_fifteen_minutes(local: Local, bot: Watcher) -> None:
    """Public or private, edited and deleted by id; then 50027. They say what they follow."""
    answering = Answering(bot)
    await used(local, "slash")
    [interaction] = answering.got
    local.clock.advance(890)
    original = await interaction.original_response()
    public = await interaction.followup.send("public", wait=True)
    private = await interaction.followup.send("private", ephemeral=True, wait=True)
    shown = (await local.messages(HEADLINES, "alice"))[1:]
    assert [(each["content"], each["flags"]) for each in shown] == [("public", 0), ("private", 64)]
    assert shown[0]["interaction_metadata"]["original_response_message_id"] == str(original.id)
    assert [each["content"] for each in await local.messages(HEADLINES, "bob")] == ["public"]
    await private.edit(content="changed")
    await public.delete()
    await interaction.delete_original_response()
    assert [each["content"] for each in await local.messages(HEADLINES, "alice")] == ["changed"]
    path = f"/webhooks/{interaction.application_id}/{interaction.token}/messages/@original"
    assert (await local.rest("GET", path, token=None))[1]["code"] == 10008
    local.clock.advance(20)
    for late in (interaction.followup.send("late"), private.edit(content="late"), private.delete()):
        with pytest.raises(discord.HTTPException) as refused:
            await late
        assert refused.value.code == 50027


async def test_responses_tell_what_became_of_a_deferral(local: Local, bot: Watcher) -> None:
    """Deferred for one member, deleted again: nothing is left, and the member who ordered it is told."""

    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.delete_original_response()

    bot.on_interaction = answer  # type: ignore[attr-defined]
    told = await used(local, "slash")
    assert told["responses"][0] == {"type": 5, "ephemeral": True}
    assert told["responses"][1]["type"] == "delete"
    assert await local.messages(HEADLINES, "alice") == []


async def test_a_deferral_decides_who_sees_what_follows(local: Local, bot: Watcher) -> None:
    """Deferred privately, the first follow-up is private whatever it says; the next is as it says."""

    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send("first")
        await interaction.followup.send("second")

    bot.on_interaction = answer  # type: ignore[attr-defined]
    told = await used(local, "slash")
    assert [each["type"] for each in told["responses"]][:2] == [5, "edit"]
    await bot.seen("message", lambda each: each.content == "second")
    assert [each["content"] for each in await local.messages(HEADLINES, "bob")] == ["second"]
    first = (await local.messages(HEADLINES, "alice"))[0]
    assert (first["content"], first["flags"], first["type"]) == ("first", 64, 20)


async def test_after_a_deferral_was_deleted_a_follow_up_is_new(local: Local, bot: Watcher) -> None:
    """It does not bring back the message that was announced."""
    got: list[discord.Interaction] = []

    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.delete_original_response()
        await interaction.followup.send("new")
        got.append(interaction)

    bot.on_interaction = answer  # type: ignore[attr-defined]
    await used(local, "slash")
    made = await bot.seen("message", lambda each: each.content == "new")
    assert [int(each["id"]) for each in await local.messages(HEADLINES, "bob")] == [made.id]


async def test_the_callback_tells_the_message(local: Local, bot: Watcher) -> None:
    """with_response gives ids and the message; discord.py knows it without asking."""
    got: list[Any] = []

    async def answer(interaction: discord.Interaction) -> None:
        got.append(await interaction.response.send_message("x", ephemeral=True))

    bot.on_interaction = answer  # type: ignore[attr-defined]
    told = await used(local, "slash")
    [response] = got
    assert str(response.message_id) == told["responses"][0]["message"]["id"]
    assert (response.is_ephemeral(), response.is_thinking(), response.resource.content) == (True, False, "x")


async def test_answers_ping_members_only(local: Local, bot: Watcher) -> None:
    """Without allowed_mentions roles and everyone are not pinged, unlike in the bot's own messages."""

    async def answer(interaction: discord.Interaction) -> None:
        text = "<@1300000000000003002> <@&1300000000000004001> @everyone"
        await callback(local, interaction, 4, content=text)

    bot.on_interaction = answer  # type: ignore[attr-defined]
    message = (await used(local, "slash"))["responses"][0]["message"]
    assert [each["username"] for each in message["mentions"]] == ["bob"]
    assert (message["mention_roles"], message["mention_everyone"]) == ([], False)


async def test_answers_in_posts_open_them(local: Local, bot: Watcher) -> None:
    """A public answer wakes an archived post, as any message does; a private one leaves it."""
    post = await local.ask("POST", f"/local/as/alice/channels/{NEWS}/threads", {"name": "A", "content": "a"})
    await register(local, COMMAND)
    private = [True, False]

    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("x", ephemeral=private.pop(0))

    bot.on_interaction = answer  # type: ignore[attr-defined]
    await local.ask("PATCH", f"/local/channels/{post['id']}", {"archived": True})
    states = []
    for _ in range(2):
        await use(local, "slash", name="do", channel_id=post["id"])
        [card] = (await local.ask("GET", f"/local/channels/{NEWS}/threads?as=alice"))["threads"]
        states.append(card["thread_metadata"]["archived"])
    assert states == [True, False]
