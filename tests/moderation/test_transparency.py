"""``/transparency``: what was removed and what became of it, as a table and a picture that say the same."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import aiohttp
import pytest
from PIL import Image

from bot.charts import MOST_STACKS, OUTCOME_COLOURS, bars, stacks
from bot.model import MonthCount
from bot.moderation.privacy import first_of
from cogs.moderation.transparency import by_month
from tests.reactions.test_charts import luminance, picture, widest
from tests.scenario import HEADLINES, Scenario, until

STANDING, UPHELD, REINSTATED = OUTCOME_COLOURS
KINDS = [("standing", STANDING), ("upheld", UPHELD), ("reinstated", REINSTATED)]


def test_a_stack_is_its_parts() -> None:
    """Each part is as long as its value, the whole as long as their sum, and what is nought is not there."""
    image = Image.open(BytesIO(stacks("", KINDS, [("2026-10", (6, 0, 2)), ("2026-11", (4, 0, 0))]))).convert(
        "RGBA"
    )

    assert widest(image, STANDING) == pytest.approx(3 * widest(image, REINSTATED), rel=0.03)
    half = Image.open(BytesIO(stacks("", KINDS, [("2026-10", (6, 0, 2))]))).convert("RGBA")
    assert widest(half, STANDING) == widest(image, STANDING)
    assert widest(image, UPHELD) < 40  # the swatch that names it


def test_a_stack_of_one_kind_is_a_bar() -> None:
    """Both are drawn alike."""
    rows = [("2026-10", 3), ("2026-11", 1)]

    stacked = Image.open(BytesIO(stacks("", [("all", STANDING)], [(name, (count,)) for name, count in rows])))
    single = Image.open(BytesIO(bars("", [(name, count, STANDING) for name, count in rows])))
    assert stacked.convert("RGBA").crop((0, stacked.height - 150, 1040, stacked.height)).tobytes() == (
        single.convert("RGBA").crop((0, single.height - 150, 1040, single.height)).tobytes()
    )


@pytest.mark.slow
def test_two_years_fit_and_no_more() -> None:
    """The months of the longest question are all drawn."""
    rows = [(f"month {n}", (n, 0, 0)) for n in range(MOST_STACKS + 1)]

    drawn, fewer = (stacks("", KINDS, rows[:count]) for count in (MOST_STACKS, MOST_STACKS - 1))
    assert stacks("", KINDS, rows) == drawn != fewer


@pytest.mark.parametrize("colour", OUTCOME_COLOURS)
def test_outcomes_have_contrast(colour: str) -> None:
    """Told from the card by brightness alone: WCAG's 4.5 and more."""
    image = picture("", ("x", 3, colour))
    card = "#{:02x}{:02x}{:02x}".format(*image.getpixel((image.width // 2, 4))[:3])  # type: ignore[index]

    assert (luminance(colour) + 0.05) / (luminance(card) + 0.05) >= 4.5


def test_months_without_removals_are_there() -> None:
    """Rules of a month add up; of what was removed, upheld and reinstated are parts."""
    counts = [
        MonthCount("2026-09", "Be kind", 5, 1, 2),
        MonthCount("2026-09", None, 1, 0, 0),
        MonthCount("2026-11", "Be kind", 2, 0, 2),
    ]

    assert by_month(["2026-08", "2026-09", "2026-10", "2026-11"], counts) == [
        ("2026-08", (0, 0, 0)),
        ("2026-09", (3, 1, 2)),
        ("2026-10", (0, 0, 0)),
        ("2026-11", (0, 0, 2)),
    ]


@pytest.mark.parametrize(
    ("months", "since"), [(1, (2026, 3)), (3, (2026, 1)), (4, (2025, 12)), (24, (2024, 4))]
)
def test_months_are_counted_with_this_one(months: int, since: tuple[int, int]) -> None:
    """One month is the present one, from its first moment in UTC."""
    assert first_of(datetime(2026, 3, 31, 23, 59, tzinfo=UTC), months) == datetime(*since, 1, tzinfo=UTC)


@pytest.mark.slow
async def test_everybody_may_ask(scene: Scenario) -> None:
    """A member sees how much was removed and for what, in words and as a picture, without names."""
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")
    async with scene.bot():
        thread = (await scene.until_names("A bridge is opened"))[0]["id"]

        async def asked() -> dict[str, object]:
            options = {"months": 2}
            answers = await scene.interact("alice", "slash", HEADLINES, name="transparency", options=options)
            message: dict[str, object] = answers[-1]["message"]
            return message

        assert (await asked())["content"] == "Nothing was removed in the last 2 months."
        order = {"name": "article withdraw", "options": {"reason": "confused two bridges"}}
        await scene.interact("mia", "slash", thread, **order)

        async def counted() -> dict[str, object] | None:
            message = await asked()
            return message if message["attachments"] else None

        message = await until(counted)
        assert message["flags"] & 64
        assert "1" in message["content"]
        assert "Mia" not in message["content"]
        (file,) = message["attachments"]
        assert file["description"].startswith("Removals of the last 2 months. 20")
        assert file["description"].endswith(": standing 1, upheld 0, reinstated 0")
        async with aiohttp.ClientSession() as session, session.get(file["url"]) as response:
            assert Image.open(BytesIO(await response.read())).width == 1040
