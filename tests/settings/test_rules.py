"""rules.toml and [moderation]: what holds without them, what ships, and each way in which rules can be wrong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.model import Step
from bot.settings import load
from bot.settings.keys import ModerationKeys, RulesKeys
from tests.settings.conftest import FEED, NEWSTHREAD

if TYPE_CHECKING:
    from tests.settings.conftest import Folder

ROOT = Path(__file__).resolve().parents[2]
REPEATED = '[[rule.repeated]]\nstrikes = 2\nwithin = "30d"\nsuspend = "1d"\n'


def one(
    id_: str = "paid", title: str = "No accusations", reason: str = "accused a member", more: str = ""
) -> str:
    """Four lines, the first of which is the header, and those of ``more``."""
    return f'[[rule]]\nid = "{id_}"\ntitle = "{title}"\nreason = "{reason}"\n{more}'


def test_without_the_file(folder: Folder) -> None:
    """A folder of before there was a rules.toml is as sound as it was, and has no rules: nobody is suspended by one."""
    assert (folder.faults(), folder.warnings()) == ([], [])

    settings = load(folder.path, {})

    assert settings.rules == RulesKeys()
    assert settings.rules.rules == ()
    moderation = settings.moderation
    assert moderation == ModerationKeys()
    assert (moderation.appeals, moderation.keep) == (timedelta(days=30), timedelta(days=180))
    assert (moderation.tell_authors, moderation.name_moderators, moderation.ping_at) == (True, False, 0)
    assert moderation.keep_files == 25 * 1024 * 1024


@pytest.mark.parametrize("name", ["config", "config/demo"])
def test_the_shipped_rules(folder: Folder, name: str) -> None:
    """Five rules, sound, in the words that were promised, and each reads well between "Removed a post that" and a dot."""
    folder.write(rules=(ROOT / name / "rules.toml").read_text("utf-8"))
    assert (folder.faults(), folder.warnings()) == ([], [])

    rules = load(folder.path, {}).rules.rules

    assert [rule.id for rule in rules] == ["paid", "attack", "private", "advertising", "topic"]
    assert rules[0].reason == "claimed a member was paid to post"
    assert rules[0].next_step == "If you have evidence, forward it to support."
    assert all(rule.next_step.endswith(".") for rule in rules)
    assert [rule.strike for rule in rules] == [True, True, True, True, False]


def test_steps(folder: Folder) -> None:
    """What repeated strikes lead to, in the order of the file."""
    folder.write(rules=one(more=REPEATED + REPEATED.replace("2", "5").replace("1d", "7d")) + one("b", "B"))

    paid, other = load(folder.path, {}).rules.rules

    day = timedelta(days=1)
    assert paid.steps == (Step(2, 30 * day, day), Step(5, 30 * day, 7 * day))
    assert (other.steps, other.strike, other.next_step) == ((), True, "")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (one() + one(title="B"), 'rules.toml:6: id: "paid" is already the id of the rule on line 2; expected one that no other'),
        (one() + one("b", "no  Accusations"), 'rules.toml:7: title: "no  Accusations" is already the title of the rule on line 3'),
        (one("Paid"), 'rules.toml:2: id: "Paid" can\'t be a rule\'s id; expected 1 to 64 of the characters a-z, 0-9, - and _'),
        (one(title=""), "rules.toml:3: title: the text is empty; expected"),
        (one(title="x" * 101), "rules.toml:3: title: the text has 101 characters; expected at most 100"),
        (one(title="a\\nb"), 'rules.toml:3: title: "a\\nb" can\'t be shown; expected a name on one line'),
        (one(reason=""), "rules.toml:4: reason: the text is empty; expected"),
        (one(reason="x" * 101), "rules.toml:4: reason: the text has 101 characters; expected at most 100"),
        (one(reason="a\\nb"), 'reason: "a\\nb" can\'t be shown on one line; expected what follows "Removed a post that", such as'),
        (one(reason="That was rude"), 'rules.toml:4: reason: "That was rude" begins with words that are put before it; expected'),
        (one(reason="removed a post that was"), 'reason: "removed a post that was" begins with words that are put before it'),
        (one(reason="was rude. "), 'rules.toml:4: reason: "was rude. " ends with a full stop, which is put behind it; expected'),
        (one(more=f'next_step = "{"x" * 301}"\n'), "rules.toml:5: next_step: the text has 301 characters; expected at most 300"),
        (one(more=f"strike = false\n{REPEATED}"), "rules.toml:5: strike: false, so that [[rule.repeated]] of this rule never"
            " applies; expected true, or none of those"),
        (one(more=REPEATED.replace("2", "0")), "rules.toml:6: strikes: 0 is too small; expected a whole number from 1 to 100"),
        (one(more=REPEATED.replace("1d", "0s")), 'rules.toml:8: suspend: "0s" is too short; expected a duration from "1s" to "365d"'),
        (one(more=REPEATED.replace("1d", "366d")), 'rules.toml:8: suspend: "366d" is too long; expected a duration from'),
        (one(more=REPEATED.replace("30d", "366d")), 'rules.toml:7: within: "366d" is too long; expected a duration from'),
        (one(more="[[rule.repeated]]\nstrikes = 1\nwithin = '1d'\n"), "suspend: is required but missing; add a line such as"),
        (one(more="[rule.repeated]\nstrikes = 1\n"), "rules.toml:5: repeated: is not a list of sections; expected the line"
            " [[rule.repeated]], in double brackets"),
        (one(more="repeated = [5]\n"), "rules.toml:5: repeated[0]: 5 is not a section; expected the line [[rule.repeated]]"),
        (one(more=REPEATED * 11), "repeated: the list has 11 entries; expected at most 10 [[rule.repeated]] sections"),
        ("".join(one(f"r{n}", f"R{n}") for n in range(26)), "rules.toml:1: rule: the list has 26 entries; expected at most 25"
            " [[rule]] sections, which is what Discord offers in one list"),
    ],
)  # fmt: skip
def test_mistakes(folder: Folder, text: str, fault: str) -> None:
    """Each rule for rules.toml is broken in one sentence that names line, key and expectation."""
    folder.write(rules=text)

    (only,) = folder.faults()

    assert fault in only
    assert "rules.toml:" in only


def test_that_may_be_part_of_a_word(folder: Folder) -> None:
    """A reason may begin with what only looks like the words before it."""
    folder.write(rules=one(reason="thatched the roof"))

    assert folder.faults() == []


def test_an_unknown_key_of_a_step(folder: Folder) -> None:
    """It is told with its own line, as everywhere."""
    folder.write(rules=one(more=f"{REPEATED}suspended = 1\n"))

    assert folder.warnings() == ["rules.toml:9: suspended: unknown key, did you mean suspend?"]


@pytest.mark.parametrize(
    ("keys", "missing"),
    [
        ("ping_at = 3\n", "moderator_role_id"),
        ("ping_at = 3\nmoderator_role_id = 1300000000000004001\n", "log_channel_id"),
        (
            "ping_at = 3\nmoderator_role_id = 1300000000000004001\nlog_channel_id = 1300000000000002002\n",
            None,
        ),
        ("moderator_role_id = 1300000000000004001\n", None),
    ],
)
def test_a_ping_needs_a_role_and_a_place(folder: Folder, keys: str, missing: str | None) -> None:
    """Otherwise nobody is mentioned, which is told."""
    folder.write(newsthread=f"{NEWSTHREAD}[moderation]\n{keys}", feeds=FEED)

    assert folder.warnings() == (
        [
            f"newsthread.toml:4: moderation.ping_at: 3 mentions nobody without {missing}; expected that key to be there,"
            " too"
        ]
        if missing
        else []
    )
