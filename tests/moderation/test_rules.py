"""The house rules: found, offered while typing, and made a wish of."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Declined
from bot.model import Step
from bot.moderation.rules import HouseRules
from bot.settings.keys import RulesKeys
from bot.text.notices import MAX_NEXT_STEP, MAX_REASON


@pytest.fixture
def house(rules: RulesKeys) -> HouseRules:
    return HouseRules(rules.rules)


def test_rules_are_found_and_offered(house: HouseRules) -> None:
    """By id or title however it is spelled; offered by any word of theirs, all of them before anything is typed."""
    paid, topic = house.all
    assert house.find("PAID ") is house.find("no accusations without evidence") is paid
    assert house.find("nothing") is None
    assert house.matching("") == (paid, topic)
    assert house.matching("something else") == (topic,)


def test_what_is_left_out_is_the_rules(house: HouseRules) -> None:
    """A rule lends its reason and next step, its strike and what follows; words of one's own come first.

    Its reason alone, as it is offered while typing, names it.
    """
    wish = house.wish("paid", None, " ")
    assert (wish.reason, wish.next_step) == (
        "claimed a member was paid to post",
        "If you have evidence, forward it to support.",
    )
    assert wish.strike
    assert wish.steps == (Step(2, timedelta(days=7), timedelta(days=1)),)

    own = house.wish("off-topic", "  Removed a post that told\nof a cat. ", "Go on in #cats")
    assert (own.reason, own.next_step) == ("told of a cat", "Go on in #cats")
    assert not own.strike
    free = house.wish(None, "told of a cat", None)
    assert (free.rule, free.next_step, free.strike, free.steps) == (None, "", False, ())
    offered = house.wish(None, "claimed a member was paid to post.", None)
    assert offered == wish


@pytest.mark.parametrize(
    ("rule", "reason", "next_step", "sentence"),
    [
        (None, "", "", "Say what the post did"),
        (None, " that . ", None, "Say what the post did"),
        ("gone", "was rude", None, "There is no such rule"),
        (None, "x" * 4000, None, "The reason is longer than 400 characters"),
        (None, "was rude", "y" * 301, "What to do instead is longer than 300 characters"),
    ],
)
def test_bad_wishes(
    house: HouseRules, rule: str | None, reason: str, next_step: str | None, sentence: str
) -> None:
    """Each is declined with one sentence."""
    with pytest.raises(Declined, match=f"^{sentence}"):
        house.wish(rule, reason, next_step)


@given(reason=st.text(max_size=600), next_step=st.text(max_size=400))
def test_whatever_is_typed(reason: str, next_step: str) -> None:
    """It is a wish within the limits, in one line each, or it is declined."""
    try:
        wish = HouseRules(()).wish(None, reason, next_step)
    except Declined:
        return
    assert 0 < len(wish.reason) <= MAX_REASON
    assert len(wish.next_step) <= MAX_NEXT_STEP
    assert len(wish.reason.splitlines()) == 1
    assert len(wish.next_step.splitlines()) <= 1
