"""Members who do one thing without end: everybody is answered in time, what is left to do stays bounded, others go on.

The local Discord holds the bot to three seconds for an answer: one that is late fails the call here.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import inspect
import pkgutil
from datetime import timedelta
from typing import TYPE_CHECKING

import discord
import pytest

import cogs
from bot.doorway import FORM_LIFE, PANEL_LIFE, Form, Guarded, Panel
from bot.errors import Declined
from bot.languages import Languages
from bot.model import Said
from bot.moderation.reports import MOST, Reports
from bot.newsroom import Desk, Floor
from bot.settings.keys import ModerationKeys
from tests.members.conftest import Place
from tests.members.forging import FORM, REPLY, THINKING, answered_once, one_answer
from tests.moderation.acting import slash
from tests.scenario import MOD_LOG, Scenario, texts, until
from tests.store.samples import GUILD, opened
from tests.support import StillClock

if TYPE_CHECKING:
    from bot.store import Store

PRESSES = 100
ALICE = 1300000000000003001
BUSY = "The answer before is still being worked on: wait for it, then ask again."
REPLIES = 30
THREAD = 5001


@pytest.mark.slow
async def test_a_member_without_end(scene: Scenario, place: Place) -> None:
    """A hundred presses, forms and commands at once; replies and edits as fast as they can be sent."""
    thread = place.thread
    (like, *_) = [each for each in place.custom_ids if each.startswith("nr:")]
    bob = (await scene.post("bob", thread, "It is high."))["id"]

    async def use(who: str, kind: str, **what: str | dict[str, int]) -> str:
        """What is answered within three seconds: all of it, or that the bot is thinking."""
        responses = await scene.interact(who, kind, thread, **what)
        assert responses[0]["type"] in (REPLY, THINKING, FORM)
        return one_answer(responses) if responses[-1]["type"] != THINKING else ""

    async def moderate() -> str:
        return await use("mia", "slash", name="case show", options={"case": 1})

    async def flood(kind: str, **what: str) -> list[str]:
        *answers, _ = await asyncio.gather(*(use("alice", kind, **what) for _ in range(PRESSES)), moderate())
        return answers

    await flood("component", target_id=thread, custom_id=like)
    await flood("message", name="Quote…", target_id=bob)
    await flood("slash", name="reactions top")
    await scene.react("bob", thread, thread, "💙")
    assert (await flood("slash", name="reactions thread")).count(BUSY) > 0

    async def settled() -> bool:
        own = scene.rows("SELECT count(*) FROM reaction WHERE member_id = ?", ALICE)
        return own == [(0,)] and await use("alice", "slash", name="reactions thread") not in ("", BUSY)

    await until(settled)
    assert await undone(scene, "revise") <= 1
    asked = await scene.call("GET", "/local/requests?since=0")
    assert [each["path"] for each in asked if each["status"] == 429] == []

    for number in range(REPLIES):
        await scene.post("alice", thread, f"Why {number}?", reply_to=bob)
    for number in range(REPLIES):
        path = f"/local/as/bob/channels/{thread}/messages/{bob}"
        await scene.call("PATCH", path, {"content": f"It is high: {number}."})
    scene.paper.publish("/scene.rss", "A second bridge")
    await scene.until_names("A bridge is opened", "A second bridge")
    assert await undone(scene, "quote") > 0  # they go on at the pace of Discord, and nobody waits for them
    answer = await slash(scene, thread, "case note", case=1, text="Alice floods the thread.")
    assert "note is added" in texts(answer)
    assert await undone(scene, "requote") <= REPLIES
    await answered_once(scene)


async def undone(scene: Scenario, kind: str) -> int:
    ((count,),) = scene.rows(
        "SELECT count(*) FROM job WHERE kind = ? AND state NOT IN ('done', 'dropped')", kind
    )
    return int(count)


@pytest.mark.slow
async def test_forms_that_are_never_sent(scene: Scenario, place: Place) -> None:
    """Opened over and over they do not stay for ever: each ends by itself, as every panel does."""
    for _ in range(3):
        await scene.interact("bob", "message", place.thread, name="Report post…", target_id=place.thread)
        await scene.interact("alice", "message", place.thread, name="Quote…", target_id=place.thread)
        await scene.interact("alice", "slash", place.thread, name="privacy erase")
    kept = [each for each in gc.get_objects() if isinstance(each, (discord.ui.Modal, discord.ui.View))]
    waiting = [each for each in kept if not each.is_finished()]
    assert len(waiting) >= 9
    assert {each.timeout for each in waiting} == {FORM_LIFE, PANEL_LIFE}


def test_whatever_members_use_is_guarded() -> None:
    """Every button, panel and form in the cogs has the bases that ask first from where it is used, and that end."""
    found: set[type] = set()
    for module in pkgutil.walk_packages(cogs.__path__, "cogs."):
        found |= {
            each for _, each in inspect.getmembers(importlib.import_module(module.name), inspect.isclass)
        }
    own = {each for each in found if each.__module__.startswith("cogs.")}
    buttons = {each for each in own if issubclass(each, discord.ui.DynamicItem)}
    forms = {each for each in own if issubclass(each, discord.ui.Modal)}
    panels = {each for each in own if issubclass(each, discord.ui.View)}
    assert len(buttons) >= 9 and len(forms) >= 8 and len(panels) >= 4
    assert all(issubclass(each, Guarded) for each in buttons)
    assert all(issubclass(each, Form) for each in forms)
    assert all(issubclass(each, Panel) for each in panels)


class Faces(Floor):
    """Discord shows every post that is asked for."""

    async def look_up(self, place_id: int, message_id: int) -> Said | None:
        return post(message_id)

    async def as_member(self, said: Said) -> Said:
        return said

    def is_me(self, user_id: int) -> bool:
        return False


def post(number: int) -> Said:
    return Said(number, THREAD, 7, "Bob", "", StillClock().now(), "Words.")


async def test_a_member_who_reports_everything(store: Store, clock: StillClock) -> None:
    """Twenty posts within an hour are taken from one, however many come at once; from others, and later, more."""
    await opened(store, clock, thread_id=THREAD)
    say = Languages({}).of("en-GB")
    keys = ModerationKeys(log_channel_id=MOD_LOG)
    reports = Reports(store, Faces(Desk(GUILD), clock), keys, say, clock, lambda: None)
    sent = [reports.report(1, post(10**17 + number), "x") for number in range(MOST + 10)]
    answers = await asyncio.gather(*sent, return_exceptions=True)
    assert [type(each) for each in answers].count(Declined) == 10
    with pytest.raises(Declined, match="as many as are taken"):
        await reports.require_reportable(1, post(5 * 10**17))
    await reports.report(2, post(5 * 10**17), "x")
    clock.advance(timedelta(hours=1).total_seconds() + 1)
    await reports.report(1, post(5 * 10**17), "x")
