"""``/case`` and the buttons of cases, end to end: members at the local Discord, the real bot on real sockets."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.clock import Clock
from bot.model import CaseKind, CasePost, Made, NewCase
from bot.store import Store
from tests.moderation.conftest import TITLE
from tests.scenario import MOD_LOG, Scenario, texts, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings.keys import RulesKeys

pytestmark = pytest.mark.slow

DENIED = "You lack the permission for that in this channel."
REASON = "claimed a member was paid to post"
WORDS = "The mayor was paid for it."
FILE = {"filename": "receipt.txt", "text": "paid in full"}


def private(responses: list[dict[str, Any]]) -> dict[str, Any]:
    """The last answer, which is for the one who asked alone."""
    answer: dict[str, Any] = responses[-1]["message"]
    assert answer["flags"] & 64
    return answer


async def case(scene: Scenario, who: str, place: str, command: str, /, **options: Any) -> dict[str, Any]:
    """What ``/case`` answers. It is sent as by hand: Discord itself would hide it from members."""
    return private(
        await scene.interact(who, "slash", place, name=f"case {command}", options=options, force=True)
    )


async def press(
    scene: Scenario, who: str, place: int | str, message: dict[str, Any], label: str
) -> list[dict[str, Any]]:
    """Press the button of that label."""
    (button,) = [one for one in buttons(message) if one["label"] == label]
    return await scene.interact(
        who, "component", place, target_id=message["id"], custom_id=button["custom_id"]
    )


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    def walk(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            found
            for one in components
            for found in ([one] if one["type"] == 2 else walk(one.get("components", [])))
        ]

    return walk(message["components"])


async def fill_in(
    scene: Scenario, who: str, place: int | str, opened: list[dict[str, Any]], text: str
) -> Any:
    """Send the form that was opened, with ``text`` in its one field."""
    form = opened[-1]["data"]
    (label,) = form["components"]
    fields = {label["component"]["custom_id"]: text}
    return await scene.interact(who, "modal", place, custom_id=form["custom_id"], fields=fields)


async def removed(scene: Scenario, thread: str) -> dict[str, Any]:
    """The notice of case 1, about a post of Bob's with a file; he has been told."""
    post = await scene.post("bob", thread, WORDS, attachments=[FILE])
    await scene.until_seen(post["id"])
    await scene.interact(
        "mia", "slash", thread, name="remove", options={"post": post["id"], "reason": REASON, "rule": "paid"}
    )
    notice: dict[str, Any] = await scene.until_content(thread, said("Case #1"))
    await until(lambda: scene.call("GET", "/local/dms/bob"))
    return notice


def said(*words: str) -> Callable[[list[dict[str, Any]]], dict[str, Any] | None]:
    """The first of the messages that says all the words."""
    return lambda messages: next((one for one in messages if all(word in texts(one) for word in words)), None)


async def test_an_appeal_from_the_button_to_the_outcome(scene: Scenario, thread: str) -> None:
    """The author appeals once by direct message; of two moderators one decides; everybody learns what and by whom."""
    notice = await removed(scene, thread)

    public = private(await press(scene, "alice", thread, notice, "About this case"))
    assert REASON in texts(public)
    assert WORDS not in texts(public)
    whole = private(await press(scene, "mia", thread, notice, "About this case"))
    assert WORDS in texts(whole)
    assert buttons(whole) == []

    (letter,) = await scene.call("GET", "/local/dms/bob")
    place = letter["channel_id"]
    opened = await press(scene, "bob", place, letter, "Appeal")
    answer = private(await fill_in(scene, "bob", place, opened, "It was a *joke*."))
    assert answer["content"] == "The moderators have your appeal: you are told here what they decide."
    again = private(await press(scene, "bob", place, letter, "Appeal"))
    assert again["content"].startswith("You appealed <t:")

    entry = await scene.until_content(MOD_LOG, said("Case #1", "joke"))
    late = await press(scene, "ada", MOD_LOG, entry, "Reinstate")
    shown = await case(scene, "mia", thread, "show", case=1)
    assert [one["label"] for one in buttons(shown)] == ["Uphold", "Reinstate"]
    opened = await press(scene, "mia", thread, shown, "Uphold")
    decided = private(await fill_in(scene, "mia", thread, opened, "A joke about somebody."))
    assert decided["content"] == "Case #1 is upheld: it stands."
    refused = private(await fill_in(scene, "ada", MOD_LOG, late, ""))
    assert "is decided already: <@1300000000000003003> upheld it" in refused["content"]

    await scene.until_content(thread, said("Case #1", "Upheld after an appeal"))
    outcome = private(await press(scene, "bob", place, letter, "Appeal"))
    assert outcome["content"] == "The moderators have decided: case #1 stands."

    undone = await case(scene, "ada", thread, "reinstate", case=1, why="It was one.")
    assert undone["content"] == "Case #1 is reinstated. Its post is posted again."
    again = await scene.until_content(thread, said(WORDS))
    assert [one["filename"] for one in again["attachments"]] == ["receipt.txt"]
    await scene.until_content(thread, said("Case #1", "Reinstated"))


async def test_cases_are_shown_found_and_corrected(scene: Scenario, thread: str) -> None:
    """All that was removed is there, kept files too; a corrected reason is in the notice and in the log."""
    await removed(scene, thread)

    assert WORDS in texts(await case(scene, "mia", thread, "show", case=1))

    async def files() -> dict[str, Any] | None:
        seen = await scene.call("GET", f"/local/channels/{thread}/messages?as=mia")
        return said("Files kept of case #1:")(seen)

    assert [one["filename"] for one in (await until(files))["attachments"]] == ["receipt.txt"]

    listed = await case(scene, "mia", thread, "list", member="bob", rule="paid", days=1)
    assert "#1" in listed["content"]
    for options in ({"member": "alice"}, {"moderator": "ada"}, {"rule": "off-topic"}):
        assert "no such cases" in (await case(scene, "mia", thread, "list", **options))["content"]
    assert "#1" in (await case(scene, "mia", thread, "search", text="the MAYOR"))["content"]

    asked = {"name": "case show", "options": {"case": ""}, "focused": "case"}
    offered = (await scene.interact("mia", "autocomplete", thread, **asked))[-1]["data"]["choices"]
    assert [(one["value"], one["name"][:36]) for one in offered] == [(1, f"#1 Bob · {REASON}"[:36])]
    assert offered[0]["name"].endswith("ago")

    await case(scene, "mia", thread, "note", case=1, text="Second time this week.")
    await case(scene, "ada", thread, "edit", case=1, reason="named a neighbour", next_step="-")
    await scene.until_content(thread, said("Removed a post that named a neighbour."))
    entry = await scene.until_content(MOD_LOG, said("Case #1", "named a neighbour", "Second time"))
    assert REASON in texts(entry)  # what it was before


async def test_members_get_nowhere(scene: Scenario, thread: str) -> None:
    """Every command is refused to them in private, made by hand or not; nothing is offered, nothing changes."""
    await removed(scene, thread)
    before = [texts(one) for one in await scene.messages(thread)]
    for command, options in (
        ("show", {"case": 1}),
        ("list", {}),
        ("search", {"text": "mayor"}),
        ("edit", {"case": 1, "reason": "named nobody"}),
        ("reinstate", {"case": 1}),
        ("note", {"case": 1, "text": "Let me in"}),
    ):
        for who in ("alice", "bob"):
            assert (await case(scene, who, thread, command, **options))["content"] == DENIED
    asked = {"name": "case show", "options": {"case": ""}, "focused": "case", "force": True}
    assert (await scene.interact("bob", "autocomplete", thread, **asked))[-1]["data"]["choices"] == []
    assert [texts(one) for one in await scene.messages(thread)] == before
    seen = await scene.call("GET", f"/local/commands?as=bob&channel={thread}")
    assert "case" not in [one["name"] for one in seen["commands"]]


async def test_pages_are_turned_also_after_a_restart(scene: Scenario, rules: RulesKeys) -> None:
    """Forth and back, and no further than there are pages."""
    scene.rules = rules
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", TITLE)
    async with scene.bot():
        thread: str = (await scene.until_names(TITLE))[0]["id"]
    await fill(scene, int(thread), 12)
    async with scene.bot():
        await until(lambda: connected(scene))
        first = await case(scene, "mia", thread, "list")
        assert [(one["label"], one.get("disabled", False)) for one in buttons(first)] == [
            ("Previous", True),
            ("Next", False),
        ]
    async with scene.bot():
        await until(lambda: connected(scene))
        second = private(await press(scene, "mia", thread, first, "Next"))
        assert second["id"] == first["id"]
        assert "Cases 11 to 12 of 12" in second["content"]
        assert [one.get("disabled", False) for one in buttons(second)] == [False, True]
        back = private(await press(scene, "mia", thread, second, "Previous"))
        assert back["content"] == first["content"]


async def connected(scene: Scenario) -> bool:
    is_connected: bool = (await scene.call("GET", "/local/state"))["bot"]["connected"]
    return is_connected


async def fill(scene: Scenario, thread: int, count: int) -> None:
    """So many cases of posts that were deleted by hand, while no bot runs."""
    clock = Clock()
    store = await Store.open(scene.settings().store.url, clock)
    story = await store.story_by_thread(thread)
    assert story is not None
    for number in range(count):
        at = clock.now() - timedelta(hours=1)
        post = CasePost(thread + 1 + number, thread, 302, "", "", Made.NATIVE, at, gone_at=at)
        new = NewCase(
            post.message_id,
            CaseKind.OUTSIDE,
            None,
            "",
            story_id=story.story.id,
            posts=(post,),
            noticed=False,
            tell=False,
        )
        await store.open_case(new, clock.now())
    await store.close()
