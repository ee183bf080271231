"""What stands in a custom_id is checked, not trusted: whoever presses what nobody offered them changes nothing."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.members.conftest import Place
from tests.members.forging import COMMAND, SUBMIT, answered_once, forged, kept, pressed
from tests.scenario import GUILD, HEADLINES, MOD_LOG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.scenario import Scenario

pytestmark = pytest.mark.slow

SEED = 20261124
ALICE, BOB, MIA = 1300000000000003001, 1300000000000003002, 1300000000000003003
HUGE = str(2**63)
MADE_UP = "abcdefghijklmnop"
OUTDATED = "That is out of date: open it anew."
HAND_MADE = [
    "",
    "x",
    "n",
    "nt:",
    "nq:1",
    f"nt:{MADE_UP}",
    f"nc:{MADE_UP}",
    f"nd:{MADE_UP}:uphold",
    f"nd:{MADE_UP}:",
    f"na:0:{MADE_UP}",
    f"na:-1:{MADE_UP}",
    f"na:{'9' * 18}:{MADE_UP}",
    f"na:{HUGE}:{MADE_UP}",
    f"na:\u0661:{MADE_UP}",
    f"nx:{MADE_UP}:show",
    f"nx:{MADE_UP}:erase",
    f"nr:{MADE_UP}:\u2764",
    "nb:reply:0",
    f"nb:reply:{HUGE}",
    "nb:reply:" + "9" * 20,
    "nb:clear:" + "0" * 20,
    "nb:reply:" + "\u0661" * 19,
    "nw:" + "0" * 15 + ":0",
    "nw:" + "9" * 20 + ":999",
    "nw:" + "\u0661" * 16 + ":\u0661",
    f"nl:{'z' * 13}:0:::::::",
    f"nl:1:{'9' * 6}:{'z' * 13}:{'z' * 13}:{'z' * 13}:9999:ffffffff:\x00%_\\",
    "a" * 32,
    "0123456789abcdef" * 2,
    "\u202e" * 100,
    "\x00" * 100,
    "nt:" + "a" * 97,
]


def mutated(custom_ids: tuple[str, ...], count: int) -> Iterator[str]:
    """Ids near to those that there are."""
    chance = random.Random(SEED)
    pieces = [":", "0", "\u0661", "-", HUGE, " ", "\n", "\x00", "\u202e", "z", "n", "\U0001f44d", "%"]
    for _ in range(count):
        text = chance.choice(custom_ids)
        other = chance.choice(custom_ids)
        at, to = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
        made = [
            text[:at] + text[to:],
            text[:at] + chance.choice(pieces) + text[at:],
            text[:at] + chance.choice(pieces) + text[to:],
            text[:3] + other[3:],
            text + ":" + other,
        ]
        yield chance.choice(made)[:100]


async def test_whatever_is_pressed(scene: Scenario, place: Place) -> None:
    """By whom and where ever: one private answer, no effect that they may not have, nothing logged."""
    mine, days = f"{ALICE:d}", ":"
    own_lists = [f"nl:{base36(each)}:0::::{days}:" for each in (ALICE, BOB)] + [f"nw:{place.post}:0", mine]
    granted = [each for each in place.custom_ids if each.startswith("nr:")]  # everybody here may react
    ids = [*HAND_MADE, *own_lists, *place.custom_ids, *mutated(place.custom_ids, 60)]
    ids = [each for each in ids if each not in granted]
    dm = place.letter["channel_id"]
    members = [("alice", place.thread, place.post), ("bob", place.thread, place.thread)]
    members += [("alice", HEADLINES, place.headline), ("bob", dm, place.letter["id"])]
    entry = (await scene.messages(MOD_LOG))[0]["id"]
    before, public = kept(scene), await everything_public(scene, place)
    for number, custom_id in enumerate(ids):
        for who, where, target in (members[number % 4], members[(number + 1) % 4]):
            told = await pressed(scene, who, where, target, custom_id)
            assert told, (who, where, custom_id)
            if custom_id.startswith(("nl:", "nw:", "nb:")):
                assert told == OUTDATED or where == dm, (custom_id, told)
    for custom_id in {*ids} - {*place.custom_ids}:
        assert await pressed(scene, "mia", MOD_LOG, entry, custom_id)
    assert kept(scene) == before
    assert await everything_public(scene, place) == public
    await answered_once(scene)


async def test_buttons_of_private_answers(scene: Scenario, place: Place) -> None:
    """Ids too large, of nothing, or in other scripts' digits; another's list; none of them is taken at its word."""
    thread = place.thread
    (*_, shown) = await scene.interact("mia", "slash", thread, name="case list")
    (*_, basket) = await scene.interact(
        "alice", "message", thread, name="Add to multi-quote", target_id=place.post
    )
    ids = [each for each in HAND_MADE if each[:2] in ("nb", "nw", "nl")]
    ids += [
        f"nl:{base36(MIA)}:0:{'z' * 13}:::::",
        f"nl:{base36(MIA)}:999999:::::ffffffff:",
        f"nl:{base36(MIA)}:0::::9999::\x00%_\\",
        f"nl:{base36(MIA)}:000001::::0::" + "\u202e" * 40,
        f"nl:{'0' * 4}{base36(MIA)}:0::::::",
        "nb:reply:" + "8" * 19,
        f"nb:reply:{place.headline}",
        "nw:" + "8" * 19 + ":0",
        f"nw:{place.post}:999",
    ]
    before = kept(scene)
    for who, message in (("mia", shown["message"]["id"]), ("alice", basket["message"]["id"])):
        for custom_id in ids:
            told = await pressed(scene, who, thread, message, custom_id)
            assert told, (who, custom_id)
            if who == "alice":
                assert "Case #" not in told and "**#1**" not in told, (custom_id, told)
    assert kept(scene) == before
    await answered_once(scene)


async def everything_public(scene: Scenario, place: Place) -> list[str]:
    there = [*await scene.messages(place.thread), *await scene.messages(HEADLINES)]
    return [str(one) for one in there if not one["flags"] & 64]


def base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


async def test_forms_that_nobody_opened(scene: Scenario, place: Place) -> None:
    """A form made up, or of before a restart, is answered with what was typed into it; another member's is not theirs."""
    field = {
        "type": 18,
        "id": 1,
        "component": {"type": 4, "id": 2, "custom_id": "x", "value": "My ``` words."},
    }
    for custom_id in ("f" * 32, "", f"nt:{MADE_UP}", "\x00"):
        data = {"custom_id": custom_id, "components": [field]}
        told = await forged(scene, "alice", place.thread, SUBMIT, data)
        assert told == f"{OUTDATED}\nYour answer was:\n```\nMy ''' words.\n```"

    (form,) = await scene.interact("bob", "component", place.letter["channel_id"], **appeal(place))
    before = kept(scene)
    field["component"] = field["component"] | {
        "custom_id": form["data"]["components"][0]["component"]["custom_id"]
    }
    data = {"custom_id": form["data"]["custom_id"], "components": [field]}
    told = await forged(scene, "alice", place.thread, SUBMIT, data)
    assert told.startswith("That case is not about you, or its data about you were erased.")
    assert kept(scene) == before


async def test_a_command_that_is_no_more(scene: Scenario, place: Place) -> None:
    """What Discord's client still offers after an update is answered with what to do."""
    gone = {"id": "1", "name": "gone", "type": 1, "guild_id": str(GUILD)}
    told = await forged(scene, "alice", place.thread, COMMAND, gone)
    assert told == "Discord still shows an older version of that command: reload Discord and try again."


def appeal(place: Place) -> dict[str, str]:
    (button,) = place.letter["components"][0]["components"]
    return {"target_id": place.letter["id"], "custom_id": button["custom_id"]}
