"""A news thread with a removed post, a report and everything else that members can press something of."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from bot.settings.keys import ModerationKeys, ReactionsKeys
from tests.e2e.conftest import scene
from tests.e2e.test_removal_faults import letters, until_done
from tests.moderation.acting import remove, submit
from tests.moderation.conftest import TITLE, rules
from tests.scenario import HEADLINES, MOD_LOG

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from bot.settings.keys import RulesKeys
    from tests.scenario import Scenario

__all__ = ["rules", "scene"]

MODERATORS = 1300000000000004001


@dataclass(frozen=True)
class Place:
    """Where members are, with the ids of what stands there."""

    thread: str
    post: str  # by Alice, reported by Bob
    headline: str  # by Bob, in a channel with no story
    letter: dict[str, Any]  # to Bob, whose post was removed
    custom_ids: tuple[str, ...]  # of all that is below the bot's messages


def ids_in(components: Any) -> list[str]:
    """Every custom_id in them."""
    if isinstance(components, list):
        return [each for one in components for each in ids_in(one)]
    if not isinstance(components, dict):
        return []
    own = [components["custom_id"]] if isinstance(components.get("custom_id"), str) else []
    return own + [each for value in components.values() for each in ids_in(value)]


@pytest.fixture
async def place(scene: Scenario, rules: RulesKeys) -> AsyncIterator[Place]:
    scene.rules = rules
    scene.reactions = ReactionsKeys(buttons=True)
    scene.moderation = ModerationKeys(log_channel_id=MOD_LOG, moderator_role_id=MODERATORS)
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", TITLE)
    async with scene.bot():
        thread = (await scene.until_names(TITLE))[0]["id"]
        gone = (await scene.post("bob", thread, "Bob was paid."))["id"]
        post = (await scene.post("alice", thread, "It is long."))["id"]
        await scene.until_seen(post)
        await remove(scene, thread, gone)
        (form,) = await scene.interact("bob", "message", thread, name="Report post…", target_id=post)
        await submit(scene, thread, form, "too long", who="bob")
        await until_done(scene)
        headline = (await scene.post("bob", HEADLINES, "By the way."))["id"]
        (letter,) = await letters(scene, "bob")
        below = [letter, *await scene.messages(thread), *await scene.messages(MOD_LOG)]
        custom_ids = dict.fromkeys(each for one in below for each in ids_in(one["components"]))
        yield Place(thread, post, headline, letter, tuple(custom_ids))


@pytest.fixture(autouse=True)
def no_fault_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever members do, nothing is logged as a fault of ours."""
    yield
    bad = [each for each in caplog.get_records("call") if each.levelno >= logging.ERROR or each.exc_info]
    assert [(each.getMessage(), each.exc_info) for each in bad] == []
