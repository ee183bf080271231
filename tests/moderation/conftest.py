"""A news thread with the bot at work in it, on a local Discord, under a few house rules."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.settings.keys import Repeated, Rule, RulesKeys
from tests.e2e.conftest import scene

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.scenario import Scenario

__all__ = ["rules", "scene", "thread"]

TITLE = "A bridge is opened"  # of the article


@pytest.fixture
def rules() -> RulesKeys:
    """One rule whose second strike suspends, and one that counts no strike."""
    week = timedelta(days=7)
    return RulesKeys(
        rule=(
            Rule(
                id="paid",
                title="No accusations without evidence",
                reason="claimed a member was paid to post",
                next_step="If you have evidence, forward it to support.",
                repeated=(Repeated(strikes=2, within=week, suspend=timedelta(days=1)),),
            ),
            Rule(id="off-topic", title="Stay on the topic", reason="was about something else", strike=False),
        )
    )


@pytest.fixture
async def thread(scene: Scenario, rules: RulesKeys) -> AsyncIterator[str]:
    """A news thread with the bot at work, whose moderators have a log: Mia moderates, Ada is the owner."""
    scene.rules = rules
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", TITLE)
    async with scene.bot():
        yield (await scene.until_names(TITLE))[0]["id"]
