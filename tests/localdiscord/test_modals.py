"""Modals: opened by discord.py, filled in by members, with every component there is."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from tests.localdiscord.conftest import ALICE, BOB, GUILD, HEADLINES, NEWS, Local, Watcher
from tests.localdiscord.using import refused, register, use
from tests.scenario import until

pytestmark = pytest.mark.slow

OPEN = {"name": "open", "description": "x"}


class Survey(ui.Modal, title="Survey"):
    """One of each."""

    intro = ui.TextDisplay("Tell us.")
    name = ui.Label(text="Name", component=ui.TextInput(custom_id="name", min_length=2, max_length=5))
    letters = ui.Label(
        text="Letters",
        description="Two at most",
        component=ui.Select(
            custom_id="letters",
            max_values=2,
            options=[discord.SelectOption(label=n.upper(), value=n) for n in "abc"],
        ),
    )
    rating = ui.Label(
        text="Rating",
        component=ui.RadioGroup(
            custom_id="rating",
            options=[
                discord.RadioGroupOption(label="Good", value="1"),
                discord.RadioGroupOption(label="Bad", value="2"),
            ],
        ),
    )
    agree = ui.Label(text="Agree", component=ui.Checkbox(custom_id="agree"))


class More(ui.Modal, title="More"):
    people = ui.Label(text="People", component=ui.UserSelect(custom_id="people", max_values=3, required=True))
    roles = ui.Label(text="Roles", component=ui.RoleSelect(custom_id="roles", required=False, min_values=0))
    any = ui.Label(text="Anyone", component=ui.MentionableSelect(custom_id="any", max_values=2))
    place = ui.Label(
        text="Place", component=ui.ChannelSelect(custom_id="place", channel_types=[discord.ChannelType.forum])
    )
    days = ui.Label(
        text="Days",
        component=ui.CheckboxGroup(
            custom_id="days",
            min_values=1,
            max_values=2,
            options=[discord.CheckboxGroupOption(label=n, value=n.lower()) for n in ("Mon", "Tue", "Wed")],
        ),
    )


class Attached(ui.Modal, title="Files"):
    files = ui.Label(text="Files", component=ui.FileUpload(custom_id="files", max_values=2))
    note = ui.TextInput(label="Note", custom_id="note", required=False, default="as ever")


class Desk:
    """A bot whose /open opens a modal, and which keeps the modals that came back."""

    def __init__(self, bot: Watcher, make: Callable[[], ui.Modal]) -> None:
        self.sent: list[tuple[discord.Interaction, Any]] = []
        tree = app_commands.CommandTree(bot)
        desk = self

        @tree.command(name="open", description="x")
        async def open_(interaction: discord.Interaction) -> None:
            modal = make()

            async def on_submit(answer: discord.Interaction) -> None:
                desk.sent.append((answer, modal))
                await answer.response.send_message("thanks", ephemeral=True)

            modal.on_submit = on_submit  # type: ignore[method-assign]
            await interaction.response.send_modal(modal)

        self.tree = tree


async def opened(local: Local, desk: Desk) -> dict[str, Any]:
    """What the member gets to fill in."""
    await desk.tree.sync()
    told = await use(local, "slash", name="open")
    [response] = told["responses"]
    assert response["type"] == 9
    data: dict[str, Any] = response["data"]
    return data


async def test_a_modal_is_filled_in(local: Local, bot: Watcher) -> None:
    """Text, choice, radio and tick arrive where discord.py puts them; the form is there once."""
    desk = Desk(bot, Survey)
    form = await opened(local, desk)
    assert [each["type"] for each in form["components"]] == [10, 18, 18, 18, 18]
    assert form["components"][1]["component"]["required"] is True
    fields = {"name": "Ali", "letters": ["a", "c"], "rating": "2", "agree": True}
    told = await use(local, "modal", custom_id=form["custom_id"], fields=fields)
    assert told["responses"][0]["message"]["content"] == "thanks"
    [(answer, modal)] = desk.sent
    assert (modal.name.component.value, modal.letters.component.values) == ("Ali", ["a", "c"])
    assert (modal.rating.component.value, modal.agree.component.value) == ("2", True)
    assert (answer.user.id, answer.message) == (ALICE, None)
    metadata = told["responses"][0]["message"]["interaction_metadata"]
    assert metadata["triggering_interaction_metadata"]["type"] == 2
    assert metadata["triggering_interaction_metadata"]["user"]["id"] == str(ALICE)
    assert told["responses"][0]["message"]["interaction"] == {
        "id": told["interaction_id"],
        "type": 5,
        "user": metadata["user"],
        "name": "open",
    }
    again = await refused(local, "modal", custom_id=form["custom_id"], fields=fields, status=404)
    assert "no form" in again


async def test_selects_in_modals_come_resolved(local: Local, bot: Watcher) -> None:
    """Members by name or id, roles, both, channels of the wanted type, several ticks."""
    desk = Desk(bot, More)
    form = await opened(local, desk)
    fields = {
        "people": ["bob", str(ALICE)],
        "any": ["bob", "moderator"],
        "place": str(NEWS),
        "days": ["mon", "Wed"],
    }
    await use(local, "modal", custom_id=form["custom_id"], fields=fields)
    [(_, modal)] = desk.sent
    assert [each.id for each in modal.people.component.values] == [BOB, ALICE]
    assert isinstance(modal.people.component.values[0], discord.Member)
    assert [each.name for each in modal.any.component.values] == ["bob", "Moderator"]
    assert (modal.roles.component.values, modal.place.component.values[0].id) == ([], NEWS)
    assert modal.days.component.values == ["mon", "wed"]


async def test_files_in_modals_can_be_fetched(local: Local, bot: Watcher) -> None:
    """In either encoding; an untouched field keeps what the bot put in, null empties it."""
    desk = Desk(bot, Attached)
    form = await opened(local, desk)
    files = [
        {"filename": "a.txt", "text": "one"},
        {"filename": "b.txt", "content_base64": base64.b64encode(b"two").decode()},
    ]
    await use(local, "modal", custom_id=form["custom_id"], fields={"files": files})
    [(_, modal)] = desk.sent
    assert [await each.read() for each in modal.files.component.values] == [b"one", b"two"]
    assert modal.note.value == "as ever"
    form = await opened(local, desk)
    await use(local, "modal", custom_id=form["custom_id"], fields={"files": files[0], "note": None})
    assert desk.sent[1][1].note.value == ""


GOOD = {
    "survey": (Survey, {"name": "Ali", "letters": ["a"], "rating": "1"}),
    "more": (More, {"people": ["bob"], "any": ["bob"], "place": str(NEWS), "days": ["mon"]}),
    "files": (Attached, {"files": [{"filename": "a.txt", "text": "one"}]}),
}


@pytest.mark.parametrize(
    ("which", "wrong", "word"),
    [
        ("survey", {"name": ""}, '"Name" must be filled in'),
        ("survey", {"name": "   "}, '"Name" must be filled in'),
        ("survey", {"name": "A"}, "2 to 5 characters, not 1"),
        ("survey", {"name": "Aliceb"}, "2 to 5 characters, not 6"),
        ("survey", {"name": ["Ali"]}, '"Name" takes text'),
        ("survey", {"letters": []}, '"Letters" takes 1 to 2 choices'),
        ("survey", {"letters": ["a", "b", "c"]}, '"Letters" takes 1 to 2 choices'),
        ("survey", {"letters": ["a", "a"]}, "only once"),
        ("survey", {"letters": ["z"]}, "'z' is not among"),
        ("survey", {"rating": None}, '"Rating" takes one choice'),
        ("survey", {"rating": "3"}, "'3' is not among"),
        ("survey", {"agree": "perhaps"}, "true or false"),
        ("survey", {"other": "x"}, "no field 'other'"),
        ("more", {"people": ["nobody"]}, "'nobody' is not among"),
        ("more", {"people": []}, '"People" takes 1 to 3'),
        ("more", {"roles": ["bob"]}, "'bob' is not among"),
        ("more", {"place": str(HEADLINES)}, "is not among"),
        ("more", {"days": ["mon", "tue", "wed"]}, '"Days" takes 1 to 2'),
        ("more", {"days": []}, '"Days" takes 1 to 2'),
        ("files", {"files": []}, '"Files" takes 1 to 2 files'),
        ("files", {"files": [{"filename": "a", "text": "x"}] * 3}, '"Files" takes 1 to 2 files'),
        ("files", {"files": ["a.txt"]}, "filename"),
        ("files", {"note": "x" * 4001}, "0 to 4000 characters"),
    ],
)
async def test_a_wrong_form_stays_open(
    local: Local, bot: Watcher, which: str, wrong: dict[str, Any], word: str
) -> None:
    """One sentence that names the field; the bot is not told, and the form can be sent better."""
    make, good = GOOD[which]
    desk = Desk(bot, make)
    form = await opened(local, desk)
    assert word in await refused(local, "modal", custom_id=form["custom_id"], fields=good | wrong)
    assert desk.sent == []
    await use(local, "modal", custom_id=form["custom_id"], fields=good)
    assert len(desk.sent) == 1


async def test_a_modal_is_its_members_own(local: Local, bot: Watcher) -> None:
    """Nobody else can send it, and fields must be an object."""
    form = await opened(local, Desk(bot, Survey))
    await refused(local, "modal", "bob", custom_id=form["custom_id"], fields={}, status=404)
    await refused(local, "modal", custom_id=form["custom_id"], fields=["Ali"])
    await refused(local, "modal", status=404)


async def test_a_modal_from_a_button_knows_its_message(local: Local, bot: Watcher) -> None:
    """The message comes along, can be updated by the answer, and a modal is no answer to a modal."""
    codes: list[int] = []

    async def submit(interaction: discord.Interaction) -> None:
        path = f"/interactions/{interaction.id}/{interaction.token}/callback"
        _, answer = await local.rest("POST", path, {"type": 9, "data": Survey().to_dict()}, token=None)
        codes.append(answer["code"])
        await interaction.response.edit_message(content="thanks", view=None)

    async def press(interaction: discord.Interaction) -> None:
        modal = Survey(custom_id="survey")
        modal.on_submit = submit  # type: ignore[method-assign]
        await interaction.response.send_modal(modal)

    view = ui.View(timeout=None)
    button: ui.Button[ui.View] = ui.Button(label="Open", custom_id="open")
    button.callback = press  # type: ignore[method-assign]
    view.add_item(button)
    message = await bot.headlines.send("offer", view=view)
    await use(local, "component", target_id=str(message.id), custom_id="open")
    told = await use(local, "modal", custom_id="survey", fields=GOOD["survey"][1])
    assert (codes, told["responses"][0]["type"]) == ([50035], 7)
    assert (await message.fetch()).content == "thanks"


async def test_a_modal_comes_first_or_not_at_all(local: Local, bot: Watcher) -> None:
    """After a deferral it is refused as a second answer."""
    codes: list[int] = []

    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        path = f"/interactions/{interaction.id}/{interaction.token}/callback"
        _, told = await local.rest("POST", path, {"type": 9, "data": Survey().to_dict()}, token=None)
        codes.append(told["code"])
        await interaction.followup.send("x")

    bot.on_interaction = answer  # type: ignore[attr-defined]
    await register(local, OPEN, guild=GUILD)
    await use(local, "slash", name="open")
    assert codes == [40060]


@pytest.mark.slow
async def test_a_form_is_sent_once_at_a_time(local: Local, bot: Watcher) -> None:
    """While the bot has not answered the form can't be sent again; if it stays silent it can."""
    seen: list[discord.Interaction] = []

    async def answer(interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.application_command:
            await interaction.response.send_modal(Survey(custom_id="survey"))
            return
        seen.append(interaction)
        if len(seen) == 1:
            fields = GOOD["survey"][1]
            sentence = await refused(local, "modal", custom_id="survey", fields=fields)
            assert "being sent already" in sentence
            local.clock.advance(4)
            await use(local, "modal", custom_id="survey", fields=fields)
            seen.append(interaction)
        else:
            await interaction.response.send_message("x")

    bot.on_interaction = answer  # type: ignore[attr-defined]
    await register(local, OPEN)
    await use(local, "slash", name="open")
    first = local.ask(
        "POST",
        "/local/as/alice/interactions",
        {"kind": "modal", "custom_id": "survey", "fields": GOOD["survey"][1]},
        status=424,
    )
    assert (await first)["responses"] == []

    async def sent_again() -> bool:
        return len(seen) >= 3

    await until(sent_again)


TEXT = {"type": 4, "custom_id": "t", "style": 1}
LETTERS = [{"label": "A", "value": "a"}, {"label": "B", "value": "b"}]


def label(part: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": 18, "label": "L", "component": part} | more


def modal(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"custom_id": "m", "title": "T", "components": list(parts)} | more


BAD: dict[str, dict[str, Any]] = {
    "no title": modal(label(TEXT), title=""),
    "long title": modal(label(TEXT), title="x" * 46),
    "no custom_id": modal(label(TEXT), custom_id=""),
    "long custom_id": modal(label(TEXT), custom_id="x" * 101),
    "no components": modal(),
    "six components": modal(*({"type": 10, "content": str(n)} for n in range(6))),
    "bare text input": modal(TEXT),
    "button": modal({"type": 1, "components": [{"type": 2, "style": 1, "label": "x", "custom_id": "b"}]}),
    "two in a row": modal({"type": 1, "components": [TEXT | {"label": "a"}, TEXT | {"label": "b", "custom_id": "u"}]}),
    "select in a row": modal({"type": 1, "components": [{"type": 3, "custom_id": "s", "options": LETTERS}]}),
    "row without label": modal({"type": 1, "components": [TEXT]}),
    "empty label": modal(label(TEXT, label="")),
    "long label": modal(label(TEXT, label="x" * 46)),
    "empty description": modal(label(TEXT, description="")),
    "long description": modal(label(TEXT, description="x" * 101)),
    "label of nothing": modal({"type": 18, "label": "L"}),
    "label of a text": modal(label({"type": 10, "content": "x"})),
    "same custom_id": modal(label(TEXT), label(TEXT)),
    "same id": modal(label(TEXT, id=5), label(TEXT | {"custom_id": "u"}, id=5)),
    "style": modal(label(TEXT | {"style": 3})),
    "no style": modal(label({"type": 4, "custom_id": "t"})),
    "lengths": modal(label(TEXT | {"min_length": 5, "max_length": 4})),
    "too long": modal(label(TEXT | {"max_length": 4001})),
    "long value": modal(label(TEXT | {"value": "x" * 4001})),
    "value over its length": modal(label(TEXT | {"max_length": 3, "value": "abcd"})),
    "long placeholder": modal(label(TEXT | {"placeholder": "x" * 101})),
    "disabled select": modal(label({"type": 3, "custom_id": "s", "options": LETTERS, "disabled": True})),
    "required none": modal(label({"type": 3, "custom_id": "s", "options": LETTERS, "min_values": 0})),
    "26 options": modal(label({"type": 3, "custom_id": "s", "options": [
        {"label": str(n), "value": str(n)} for n in range(26)]})),
    "more defaults than allowed": modal(label({"type": 3, "custom_id": "s", "options": [
        each | {"default": True} for each in LETTERS]})),
    "default of another kind": modal(label({"type": 5, "custom_id": "s", "default_values": [
        {"id": "1", "type": "role"}]})),
    "one radio": modal(label({"type": 21, "custom_id": "r", "options": LETTERS[:1]})),
    "11 radios": modal(label({"type": 21, "custom_id": "r", "options": [
        {"label": str(n), "value": str(n)} for n in range(11)]})),
    "two radio defaults": modal(label({"type": 21, "custom_id": "r", "options": [
        each | {"default": True} for each in LETTERS]})),
    "no boxes": modal(label({"type": 22, "custom_id": "c", "options": []})),
    "11 boxes": modal(label({"type": 22, "custom_id": "c", "options": [
        {"label": str(n), "value": str(n)} for n in range(11)]})),
    "required no box": modal(label({"type": 22, "custom_id": "c", "options": LETTERS, "min_values": 0})),
    "11 files": modal(label({"type": 19, "custom_id": "f", "max_values": 11})),
    "required no file": modal(label({"type": 19, "custom_id": "f", "min_values": 0})),
    "checkbox as a word": modal(label({"type": 23, "custom_id": "b", "default": "yes"})),
}  # fmt: skip


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
async def test_bad_modals_are_refused(local: Local, bot: Watcher, data: dict[str, Any]) -> None:
    """50035 with the place of the fault; the bot may answer otherwise."""
    answers: list[Any] = []

    async def answer(interaction: discord.Interaction) -> None:
        path = f"/interactions/{interaction.id}/{interaction.token}/callback"
        answers.append(await local.rest("POST", path, {"type": 9, "data": data}, token=None))
        await interaction.response.send_message("x")

    bot.on_interaction = answer  # type: ignore[attr-defined]
    await register(local, OPEN)
    await use(local, "slash", name="open")
    [(status, told)] = answers
    assert (status, told["code"]) == (400, 50035)
    assert told["errors"]["data"]
