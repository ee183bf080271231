"""What comes out when."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from localdiscord.newspaper.archive import reports
from localdiscord.newspaper.press import FAST_PERIOD, OUT_AT_FIRST, PERIOD, Press, programme
from localdiscord.newspaper.runs import Runs
from tests.newspaper.conftest import MakePaper, Paper
from tests.support import START, StillClock

pytestmark = pytest.mark.slow

ROUND = len(programme(reports()))


def press(clock: StillClock) -> Press:
    return Press(reports(), clock, fast=True, memory=None)


async def test_a_handful_is_out_at_the_start(paper: Paper) -> None:
    """Every desk has news at once, dated over the past hours."""
    dates = []
    for path in ("/world.json", "/science.json", "/culture.json", "/business.json"):
        entries = await paper.entries(path)
        assert entries
        dates += [entry["date_published"] for entry in entries]

    assert 5 <= len(dates) <= 12
    assert len(set(dates)) == len(dates)
    assert all("2026-11-24T06:00:00Z" < date < "2026-11-24T12:00:00Z" for date in dates)


@pytest.mark.parametrize(("fast", "seconds"), [(False, 20), (True, 2)])
async def test_it_publishes_while_one_watches(make_paper: MakePaper, fast: bool, seconds: float) -> None:
    """One more article every 20 s, or every 2 s when fast, and not before."""
    paper = await make_paper(fast=fast)
    before = await paper.ids()

    paper.clock.advance(seconds - 0.5)
    assert await paper.ids() == before

    paper.clock.advance(0.5)
    now = await paper.ids()
    assert len(now) == len(before) + 1
    assert set(before) < set(now)


async def test_a_correction_keeps_the_guid_and_changes_the_words(paper: Paper) -> None:
    """An article that is corrected is the same entry with another headline or text and a later date."""
    before = {entry["id"]: entry for entry in await paper.entries("/world.json")}
    corrected = {}
    for _ in range(60):
        paper.clock.advance(20)
        now = {entry["id"]: entry for entry in await paper.entries("/world.json")}
        corrected |= {
            key: (before[key], entry)
            for key, entry in now.items()
            if key in before and before[key]["content_html"] != entry["content_html"]
        }
        before = now

    assert len(corrected) >= 2
    assert any(old["title"] != new["title"] for old, new in corrected.values())
    for old, new in corrected.values():
        assert old["url"] == new["url"]
        assert old["date_published"] == new["date_published"]
        assert "date_modified" not in old
        assert new["date_modified"] > new["date_published"]


def test_every_fifth_step_is_a_correction_of_what_is_out() -> None:
    """Corrections come now and then, once for each article, always of one published shortly before."""
    steps = programme(reports())

    places = [place for place, step in enumerate(steps) if step.correct]
    assert places == list(range(4, len(steps), 5))
    for place in places:
        published = steps.index(type(steps[place])(steps[place].report))
        assert 0 < place - published <= 5
    assert max(Counter(step.report for step in steps if step.correct).values()) == 1


@pytest.mark.slow
def test_it_never_stops_and_never_repeats_a_name(clock: StillClock) -> None:
    """Over five rounds every step still brings something, and no two articles share a name or a headline."""
    courier = press(clock)
    seen: dict[str, str] = {item.slug: item.title for item in courier.issue().items}
    changes = courier.issue().changed
    for _ in range(5 * ROUND):
        clock.advance(FAST_PERIOD.total_seconds())
        issue = courier.issue()
        assert issue.changed > changes
        changes = issue.changed
        newest = issue.items[0]
        if newest.published == issue.changed:
            assert newest.slug not in seen
            assert newest.title not in seen.values()
            seen[newest.slug] = newest.title

    publications = 5 * len(reports())
    assert len(seen) == publications + sum(not step.correct for step in programme(reports())[:OUT_AT_FIRST])


def test_feeds_stay_short_and_in_order(clock: StillClock) -> None:
    """A desk's feed holds its newest twenty, newest first."""
    courier = press(clock)
    clock.advance(3 * ROUND * FAST_PERIOD.total_seconds())

    for desk in ("world", "science", "culture", "business"):
        items = courier.issue().desk(desk)
        assert len(items) == 20
        assert [item.published for item in items] == sorted((item.published for item in items), reverse=True)


def test_old_articles_can_still_be_read(clock: StillClock) -> None:
    """An article's page outlives its place on the feed; what is not out yet has none."""
    courier = press(clock)
    last = reports()[-1].slug
    assert courier.article(last) is None

    clock.advance(3 * ROUND * FAST_PERIOD.total_seconds())

    old = courier.article(last)
    assert old is not None
    assert old.title == (reports()[-1].correction or reports()[-1]).title
    assert last not in {item.slug for item in courier.issue().items}
    assert courier.article(f"{last}-edition-99") is None
    assert courier.article(f"{last}-edition-1") is None, "the first edition has one name only"


async def test_a_restart_goes_on_where_readers_were(make_paper: MakePaper, tmp_path: Path) -> None:
    """With a memory, a second start repeats nothing, skips nothing and keeps every date."""
    memory = tmp_path / "data" / "newspaper.json"
    first = await make_paper(fast=True, memory=memory)
    first.clock.advance(15)
    before = await moments(first)
    everything = set(await first.ids())

    first.clock.advance(3600)
    second = await make_paper(fast=True, memory=memory)
    assert await moments(second) == before
    assert len(await second.ids()) == len(everything)

    second.clock.advance(2)
    assert len(await second.ids()) == len(everything) + 1


async def moments(paper: Paper) -> dict[str, tuple[str, str | None]]:
    """When each article of the desk came out and was corrected."""
    entries = await paper.entries("/world.json")
    return {entry["id"]: (entry["date_published"], entry.get("date_modified")) for entry in entries}


def test_a_clock_set_back_takes_nothing_back() -> None:
    """What readers have seen stays out when the machine's time jumps back."""
    runs = Runs(START, PERIOD, 10, None)
    assert runs.steps(START + timedelta(seconds=60)) == 13

    assert runs.steps(START - timedelta(hours=2)) == 13
