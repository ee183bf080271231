"""What a case and a list of cases have to fit into: a choice, and the buttons that turn pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Declined
from bot.model import Case, CaseKind, CaseMember, CaseState
from bot.moderation.cases import Wanted
from bot.moderation.rules import HouseRules
from bot.settings.keys import Rule
from cogs.moderation.cases import choice_of
from cogs.moderation.listing import LIST_PATTERN, MAX_SEARCHED, page_id, wanted_by

IDS = st.none() | st.integers(0, 2**63 - 1)
RULES = HouseRules([Rule(id=name * 32, title=name, reason=f"was {name}") for name in ("ab", "cd")])


@given(
    st.builds(
        Wanted,
        member_id=IDS,
        moderator_id=IDS,
        rule_id=st.none() | st.sampled_from([rule.id for rule in RULES.all]),
        thread_id=IDS,
        days=st.none() | st.integers(1, 3650),
    )
    | st.builds(Wanted, text=st.text(min_size=1, max_size=MAX_SEARCHED)),
    st.integers(1, 2**63 - 1),
    st.integers(0, 99999),
)
def test_a_button_holds_what_its_list_shows(wanted: Wanted, asker: int, page: int) -> None:
    """Whatever it is, in a hundred characters, and it is read back from them."""
    custom_id = page_id(asker, page, wanted)
    assert len(custom_id) <= 100
    match = re.fullmatch(LIST_PATTERN, custom_id)
    assert match is not None
    assert wanted_by(match, RULES) == wanted
    assert (int(match["asker"], 36), int(match["page"])) == (asker, page)


def test_a_list_by_a_rule_that_is_no_more_says_so() -> None:
    """Rather than to show the cases of all rules."""
    match = re.fullmatch(LIST_PATTERN, page_id(1, 0, Wanted(rule_id="gone")))
    assert match is not None
    with pytest.raises(Declined, match="out of date"):
        wanted_by(match, RULES)


@pytest.mark.parametrize(
    ("name", "reason", "age", "locale", "shown"),
    [
        ("Bob", "was paid", timedelta(hours=3), "en-US", "#12 Bob · was paid · 3 hours ago"),
        ("Bob", "was paid", timedelta(), "de", "#12 Bob · was paid · vor 1 Sekunde"),
        ("Bob", "", timedelta(days=2), "xx", "#12 Bob · 2 days ago"),
        ("", "was\n**paid**", timedelta(hours=3), "zh-CN", "#12 Bridge · was **paid** · 3小时前"),
        ("B" * 90, "was paid " * 40, timedelta(days=300), "es-419", None),
    ],
)
def test_a_case_is_offered_in_a_line(
    name: str, reason: str, age: timedelta, locale: str, shown: str | None
) -> None:
    """Whose, why and how long ago, in the language of who types, in a hundred characters."""
    at = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    case = Case(
        id=12,
        kind=CaseKind.REMOVAL,
        state=CaseState.STANDING,
        story_id=1,
        thread_id=2,
        channel_id=3,
        title="Bridge",
        moderator_id=4,
        rule_id=None,
        rule_title=None,
        reason=reason,
        next_step="",
        at=at,
        noticed=True,
        token="a",
        log_token="b",
        members=(CaseMember(5, name),),
    )
    offered = choice_of(case, age, locale)
    if shown is not None:
        assert offered == shown
    assert 1 <= len(offered) <= 100
    assert offered.count(" · ") == (2 if reason else 1)
