"""reactions.toml: the set that ships, its order, and each way in which a set can be wrong."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from bot.model import Sentiment
from bot.settings import load
from bot.settings.keys import Reaction, ReactionsKeys
from bot.settings.schema import describe
from bot.settings.secret import hidden

if TYPE_CHECKING:
    from tests.settings.conftest import Folder

ROOT = Path(__file__).resolve().parents[2]
CUSTOM = 1300000000000006001


def one(name: str = "Like", emoji: str = "💙", sentiment: str = "positive", more: str = "") -> str:
    """Four lines, the first of which is the header, and those of ``more``."""
    return f'[[reaction]]\nname = "{name}"\nemoji = "{emoji}"\nsentiment = "{sentiment}"\n{more}'


def many(count: int) -> str:
    return "".join(one(f"R{n}", chr(0x1F400 + n)) for n in range(count))


def test_without_the_file(folder: Folder) -> None:
    """A folder of before there was a reactions.toml is as sound as it was, and gets the set that ships."""
    assert (folder.faults(), folder.warnings()) == ([], [])

    reactions = load(folder.path, {}).reactions

    assert reactions == ReactionsKeys()
    assert (reactions.policy, reactions.line, reactions.recommend_at) == ("any", "thread", 5)
    assert [(r.name, r.emoji, r.sentiment) for r in reactions.reactions] == [
        ("Like", "\U0001f499", Sentiment.POSITIVE),
        ("Thanks", "\U0001f64f", Sentiment.POSITIVE),
        ("Haha", "\U0001f602", Sentiment.POSITIVE),
        ("Confused", "\U0001f615", Sentiment.NEUTRAL),
        ("Sad", "\U0001f622", Sentiment.NEGATIVE),
        ("Love It", "\u2764\ufe0f", Sentiment.POSITIVE),
        ("Thumbs Up", "\U0001f44d", Sentiment.POSITIVE),
    ]


def test_the_shipped_file_says_what_holds_without_it() -> None:
    """config/reactions.toml lists the shipped set, and its commented keys show the defaults."""
    text = (ROOT / "config" / "reactions.toml").read_text("utf-8")
    head, _, reactions = text.partition("\n[[reaction]]")
    keys = tomllib.loads("\n".join(re.findall(r"^# ([a-z_]+ = .*)", head, re.MULTILINE)))

    assert keys.keys() | {"reaction"} == describe(ReactionsKeys)["properties"].keys()
    data = keys | tomllib.loads(f"[[reaction]]{reactions}")
    shipped = ReactionsKeys.model_validate(hidden(data))

    assert shipped == ReactionsKeys()


def test_only_a_policy(folder: Folder) -> None:
    """A file that names no reaction keeps the shipped ones; an empty list has none."""
    folder.write(reactions='policy = "one_each"\n')
    assert load(folder.path, {}).reactions == ReactionsKeys(policy="one_each")

    folder.write(reactions="reaction = []\n")
    assert load(folder.path, {}).reactions.reactions == ()


def test_order(folder: Folder) -> None:
    """Those with an order come first, by it, then the others as they stand in the file."""
    folder.write(
        reactions=one("A", "🅰️")
        + one("B", "🐝", more="order = 2\n")
        + one("C", "🐈")
        + one("D", "🐕", more="order = 0\n")
        + one("E", "🐘", more="order = 2\n")
    )

    assert [reaction.name for reaction in load(folder.path, {}).reactions.reactions] == list("DBEAC")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (f"<:factcheck:{CUSTOM}>", f"<:factcheck:{CUSTOM}>"),
        (f"<a:factcheck:{CUSTOM}>", f"<a:factcheck:{CUSTOM}>"),
        (f"factcheck:{CUSTOM}", f"<:factcheck:{CUSTOM}>"),
    ],
)
def test_custom_emoji(folder: Folder, written: str, shown: str) -> None:
    """A custom emoji may be written as Discord shows it or as its API names it; its name makes no difference."""
    folder.write(reactions=one(emoji=written))

    (reaction,) = load(folder.path, {}).reactions.reactions

    assert (reaction.shown, reaction.emoji) == (shown, f"emoji:{CUSTOM}")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (one() + one("Again"), 'reactions.toml:7: emoji: "💙" is already the emoji of the reaction on line 3; expected one'
            " that no other reaction has"),
        (one(emoji="❤️") + one("Again", "❤"), 'reactions.toml:7: emoji: "❤" is already the emoji of the reaction on line 3'),
        (one(emoji="❤") + one("Again", "❤️"), 'reactions.toml:7: emoji: "❤️" is already the emoji of the reaction on line 3'),
        (one(emoji=f"<:a_b:{CUSTOM}>") + one("Again", f"other:{CUSTOM}"), "is already the emoji of the reaction on line 3"),
        (one() + one(emoji="❤️"), 'reactions.toml:6: name: "Like" is already the name of the reaction on line 2; expected'),
        (one() + one(" LIKE", "❤️"), 'name: " LIKE" is already the name of the reaction on line 2; expected one that no'),
        (one(emoji="x"), 'reactions.toml:3: emoji: "x" is not one emoji; expected a single one such as "💙", or one of the'
            ' server\'s own as "<:name:id>"'),
        (one(emoji="❤️💙"), 'emoji: "❤️💙" is not one emoji; expected a single one'),
        (one(emoji=":heart:"), 'emoji: ":heart:" is not one emoji; expected a single one'),
        (one(emoji="<:factcheck:12>"), 'emoji: "<:factcheck:12>" is not one emoji'),
        (one(emoji=""), 'emoji: "" is not one emoji'),
        (one(emoji="7"), 'emoji: "7" is not one emoji'),
        (one(sentiment="good"), 'reactions.toml:4: sentiment: "good" is not one of the choices; expected "positive", "neutral" or'),
        (one("x" * 33), "reactions.toml:2: name: the text has 33 characters; expected at most 32"),
        (one(""), "reactions.toml:2: name: the text is empty; expected"),
        (one("\\n"), 'reactions.toml:2: name: "\\n" can\'t be shown; expected a name on one line'),
        (one(more="order = -1\n"), "reactions.toml:5: order: -1 is too small; expected a whole number from 0 to 1000"),
        ("[[reaction]]\nemoji = '💙'\nsentiment = 'neutral'\n", 'name: is required but missing; add a line such as name = "Like"'),
        ("[[reaction]]\nname = 'x'\nsentiment = 'neutral'\n", 'emoji: is required but missing; add a line such as emoji = "💙"'),
        ("[[reaction]]\nname = 'x'\nemoji = '💙'\n", 'reactions.toml:1: sentiment: is required but missing; add a line such as'),
        (many(21), "reactions.toml:1: reaction: the list has 21 entries; expected at most 20 [[reaction]] sections, which is"
            " what Discord takes on one message"),
        ("policy = 'named_only'\nreaction = []\n", 'reactions.toml:1: policy: "named_only" without a [[reaction]] would take'),
        ("policy = 'some'\n", 'reactions.toml:1: policy: "some" is not one of the choices; expected "any", "named_only" or'),
        ("[policy]\n", "reactions.toml:1: policy: a section is not one of the choices; expected"),
        ("[reaction]\nname = 'x'\n", "reactions.toml:1: reaction: is not a list of sections; expected the line [[reaction]]"),
        ("reaction = ['x']\n", 'reactions.toml:1: reaction: "x" is not a section; expected the line [[reaction]]'),
        ("line_interval = '1s'\n", 'line_interval: "1s" is too short; expected a duration from "5s" to "1d"'),
        ("recommend_at = -1\n", "recommend_at: -1 is too small; expected a whole number from 0 to 10000"),
    ],
)  # fmt: skip
def test_mistakes(folder: Folder, text: str, fault: str) -> None:
    """Each rule for reactions.toml is broken in one sentence that names line, key and expectation."""
    folder.write(reactions=text)

    (only,) = folder.faults()

    assert fault in only
    assert "reactions.toml:" in only


def test_twenty_are_taken(folder: Folder) -> None:
    """As many as Discord takes on one message."""
    folder.write(reactions=many(20))

    assert len(load(folder.path, {}).reactions.reactions) == 20


def test_a_key_below_the_reactions(folder: Folder) -> None:
    """A key of the file that got into a section, as TOML has it, is told where it belongs."""
    folder.write(reactions=one() + 'policy = "one_each"\n')

    assert folder.faults() == []
    assert folder.warnings() == [
        "reactions.toml:5: policy: has no effect here; expected it above the file's first [section]"
    ]


def test_a_misspelt_file(folder: Folder) -> None:
    """A file whose name is nearly right is not passed over in silence; a copy beside the right one is."""
    (folder.path / "reaction.toml").write_text(one(), encoding="utf-8")
    assert folder.warnings() == ["reaction.toml:0: file: unknown file, did you mean reactions.toml?"]

    folder.write(reactions=one())
    assert folder.warnings() == []


def test_frozen() -> None:
    """Settings don't change while the program runs."""
    with pytest.raises(ValidationError):
        Reaction(name="Like", emoji="💙", sentiment=Sentiment.POSITIVE).shown = "❤️"
