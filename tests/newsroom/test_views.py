"""Opening posts with buttons to react by; what moderation posts."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.model import Draft, ImagePart, Story, TextPart
from bot.newsroom import Newsroom
from bot.newsroom.views import (
    APPEAL_PATTERN,
    CASE_PATTERN,
    DECIDE_PATTERN,
    MARKER_PATTERN,
    REACTION_PATTERN,
    REPORT_PATTERN,
    case_view,
    letter_view,
    marker_of,
    message_json,
    notice_view,
    opening_view,
    report_view,
)
from bot.settings.keys import Feed
from bot.text.notices import Entry
from bot.troubles import Troubles
from tests.localdiscord.conftest import HEADLINES, NEWS
from tests.newsroom.conftest import Room

if TYPE_CHECKING:
    from collections.abc import Iterator

FEED = Feed(id="world", url="https://news.example/world.rss", channel_id=NEWS)
TOKEN = "a" * 16
DRAFT = Draft("A post", (TextPart("What happened"),), "https://news.example/1", "")
OWN = "emoji:1300000000000006001"
GONE = "emoji:1300000000000006999"


def ids(view: discord.ui.LayoutView) -> list[str]:
    return list(_ids(view.to_components()))


def _ids(components: list[Any]) -> Iterator[str]:
    for each in components:
        if "custom_id" in each:
            yield each["custom_id"]
        yield from _ids(each.get("components", []))


def test_without_buttons_nothing_changes() -> None:
    """The marker is the only button that is ours."""
    assert ids(opening_view(DRAFT, FEED, TOKEN)) == [f"nt:{TOKEN}"]
    assert ids(opening_view(DRAFT, FEED, TOKEN, [])) == [f"nt:{TOKEN}"]
    assert "nr:" not in str(message_json(DRAFT, FEED, TOKEN))


def test_buttons_name_story_and_emoji() -> None:
    """In rows of five; with a label or without; a click leads back to both."""
    view = opening_view(
        DRAFT, FEED, TOKEN, [("❤️", "1"), ("<:factcheck:1300000000000006001>", ""), *[("👍", "2")] * 4]
    )
    found = [re.fullmatch(REACTION_PATTERN, each) for each in ids(view)[1:]]
    assert [(each["token"], each["emoji"]) for each in found if each] == [
        (TOKEN, emoji) for emoji in ("❤️", OWN, "👍", "👍", "👍", "👍")
    ]
    rows = [each["components"] for each in view.to_components()[0]["components"] if each["type"] == 1]
    assert [len(row) for row in rows] == [2, 5, 1]
    assert rows[1][0] == rows[1][0] | {"label": "1", "emoji": {"name": "❤️", "id": None}}
    assert "label" not in rows[1][1] or rows[1][1]["label"] is None


def test_no_more_buttons_than_a_message_holds() -> None:
    """Whatever the draft needs of Discord's 40 components."""
    for parts in (1, 10, 33, 35):
        draft = Draft("A post", tuple(TextPart("x") for _ in range(parts)), "https://news.example/1", "")
        view = opening_view(draft, FEED, TOKEN, [("👍", "")] * 20)
        assert view.total_children_count <= 40
        assert f"nt:{TOKEN}" in ids(view)


@pytest.mark.slow
async def test_an_emoji_that_is_no_more_costs_only_the_buttons(room: Room) -> None:
    """Refused with them, the post is taken without; picture and words stay."""
    forum = room.desk.guild().get_channel(NEWS)
    assert isinstance(forum, discord.ForumChannel)
    made: Any = await forum.create_thread(name="Ours", view=opening_view(DRAFT, FEED, TOKEN))
    newsroom = Newsroom(room.desk, room.clock, Troubles(room.clock))
    story = Story(1, 1, "world", NEWS, TOKEN, made.thread.id, made.message.id)
    pictured = Draft("A post", (*DRAFT.parts, ImagePart("https://news.example/a.png")), DRAFT.link, "")

    await newsroom.revise(story, pictured, FEED, room.deadline, [(OWN, "1")])
    message = await made.thread.fetch_message(made.message.id)
    assert f"nr:{TOKEN}:{OWN}" in str(message.components)
    assert marker_of(message) == TOKEN

    await room.local.fault(method="PATCH", path="/messages/", status=400, code=50035)
    await newsroom.revise(story, pictured, FEED, room.deadline, [(GONE, "1")])
    message = await made.thread.fetch_message(made.message.id)
    assert "nr:" not in str(message.components)
    assert "a.png" in str(message.components)


async def test_where_posts_of_a_story_stand(room: Room) -> None:
    """The opening post of a text channel is outside of its thread."""
    newsroom = Newsroom(room.desk, room.clock, Troubles(room.clock))
    forum = Story(1, 1, "world", NEWS, TOKEN, 7, 7)
    text = Story(1, 1, "world", HEADLINES, TOKEN, 7, 7)
    assert [newsroom.place_of(forum, 7), newsroom.place_of(forum, 8)] == [7, 7]
    assert [newsroom.place_of(text, 7), newsroom.place_of(text, 8)] == [HEADLINES, 7]
    assert newsroom.guild_id == room.desk.guild_id
    assert room.deadline - room.clock.now() == timedelta(seconds=30)


# --- moderation -----------------------------------------------------------------------------------------

ENTRY = Entry(
    "A case", (("Jump", "https://discord.com/x"),), (("uphold", "Uphold"), ("reinstate", "R" * 100))
)
REPORT = Entry("A report", (), (("remove", "Remove"), ("dismiss", "Dismiss"), ("show", "Show")))


@pytest.mark.parametrize(
    ("view", "patterns"),
    [
        (notice_view("Removed", TOKEN, "About"), [CASE_PATTERN]),
        (case_view(ENTRY, TOKEN, "About"), [CASE_PATTERN, DECIDE_PATTERN, DECIDE_PATTERN]),
        (report_view(REPORT, TOKEN), [REPORT_PATTERN] * 3),
        (letter_view(10**17, TOKEN, "Appeal", "Case"), [APPEAL_PATTERN]),
        (letter_view(7, TOKEN, "", "Case"), [APPEAL_PATTERN]),
    ],
    ids=["notice", "case", "report", "appeal", "decision"],
)
def test_every_post_of_moderation_is_marked(view: Any, patterns: list[str]) -> None:
    """By its buttons, which fit into Discord's limits and lead back to what they are about, each by one pattern."""
    found = ids(view)
    every = {MARKER_PATTERN, REACTION_PATTERN, CASE_PATTERN, DECIDE_PATTERN, REPORT_PATTERN, APPEAL_PATTERN}
    assert len(found) == len(patterns)
    for custom_id, pattern in zip(found, patterns, strict=True):
        assert [each for each in every if re.fullmatch(each, custom_id)] == [pattern]
        assert len(custom_id) <= 100
    assert marker_of(posted(view)) == TOKEN
    assert all(len(each["label"]) <= 80 for each in _buttons(view.to_components()))


def posted(view: Any) -> Any:
    """As Discord gives it back."""
    return SimpleNamespace(
        components=[discord.components._component_factory(each) for each in view.to_components()]
    )


def _buttons(components: list[Any]) -> Iterator[Any]:
    for each in components:
        if each["type"] == 2:
            yield each
        yield from _buttons(each.get("components", []))
