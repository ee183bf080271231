"""Reports as moderators read them, and what is on record: strikes, suspensions, counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.model import MonthCount, Report, ReportState, Strike, Suspension
from bot.text.record import strikes_text, transparency
from bot.text.reports import report_entry, report_text
from tests.text.cases import AT, BOB, GUILD, MIA, PLACE, SAY, check_harmless, texts
from tests.text.discord_markdown import read as see
from tests.text.strategies import any_texts

ALICE = 1300000000000003001
POST = (1_700_000_000_000 - 1_420_070_400_000) << 22
REPORT = Report(
    message_id=POST,
    thread_id=1300000000000002500,
    story_id=1,
    author_id=BOB,
    name="Bob",
    excerpt="They pay you.",
    state=ReportState.OPEN,
    token="r",
    by=((ALICE, "an *accusation*", AT), (None, "", AT)),
)
HEAD = f"**Reported post \u00b7 2 reports**\n<@{BOB}> (Bob) posted <t:1700000000:f>\n> They pay you.\n"
BY = f"- <@{ALICE}> reported it <t:1700000000:f>: an \\*accusation\\*\n- somebody unknown reported it <t:1700000000:f>"


def test_a_report() -> None:
    """The post, who reported it and why; buttons to decide, and a link to it."""
    made = report_entry(REPORT, SAY, GUILD)

    assert made.text == f"{HEAD}{BY}"
    assert made.links == (("View post", f"{PLACE}/{POST}"),)
    assert made.buttons == (("remove", "Remove\u2026"), ("dismiss", "Dismiss"), ("show", "Show in full"))
    assert report_text(REPORT, SAY, GUILD) == f"{HEAD}[view post]({PLACE}/{POST})\n{BY}"


def test_a_decided_report() -> None:
    """Who decided, what and when; nothing is left to press but to read it."""
    dismissed = replace(REPORT, state=ReportState.DISMISSED, decided_by=MIA, decided_at=AT)
    removed = replace(dismissed, state=ReportState.REMOVED, case_id=12)

    assert report_entry(dismissed, SAY, GUILD).text.endswith(f"\n<@{MIA}> dismissed it <t:1700000000:f>")
    made = report_entry(removed, SAY, GUILD)
    assert made.text.endswith(f"\n<@{MIA}> removed it <t:1700000000:f>: case #12")
    assert made.buttons == (("show", "Show in full"),)
    assert made.links == ()


def test_a_report_of_nobodys_post() -> None:
    """An article has no author to name."""
    article = replace(REPORT, author_id=None, name="")

    made = report_entry(article, SAY, GUILD).text
    assert made.startswith("**Reported post \u00b7 2 reports**\nPosted <t:1700000000:f>:\n> They")


def test_many_reporters() -> None:
    """Five in the log, with how many more; as many as fit in full."""
    crowd = replace(REPORT, by=((ALICE, "x" * 150, AT),) * 20)

    assert report_entry(crowd, SAY, GUILD).text.endswith("\nand 15 more")
    full = report_text(crowd, SAY, GUILD)
    assert full.count(f"- <@{ALICE}>") > 7
    assert full.endswith("\n\u2026")


@given(texts, texts, texts, st.sampled_from(ReportState))
def test_nothing_in_a_report_has_an_effect(excerpt: str, name: str, reason: str, state: ReportState) -> None:
    """Whatever is reported and said of it."""
    report = replace(
        REPORT, excerpt=excerpt * 50, name=name, by=((BOB, reason * 9, AT),) * 30, state=state, decided_by=MIA
    )

    check_harmless(report_entry(report, SAY, GUILD).text, 2000)
    check_harmless(report_text(report, SAY, GUILD), 2000, (PLACE,))


def test_strikes_and_suspensions() -> None:
    """Those that count are counted; what ended early says so."""
    day = timedelta(days=1)
    strikes = (Strike(12, AT, "No attacks", counts=True), Strike(9, AT - day, None, counts=False))
    suspensions = (Suspension(BOB, 12, AT, AT + day, AT, MIA), Suspension(BOB, 3, AT - day, AT))

    assert strikes_text(strikes, suspensions, SAY) == (
        "**One strike**\n"
        "- <t:1700000000:f> \u00b7 Case #12 \u00b7 No attacks\n"
        "- ~~<t:1699913600:f> \u00b7 Case #9~~ reinstated\n"
        "**Suspensions**\n"
        f"- from <t:1700000000:f> to <t:1700086400:f> \u00b7 Case #12 \u00b7 ended <t:1700000000:f> by <@{MIA}>\n"
        "- from <t:1699913600:f> to <t:1700000000:f> \u00b7 Case #3"
    )
    assert strikes_text((), (), SAY) == "**No strikes**"
    assert "\nand 2 more" in strikes_text(strikes * 6, (), SAY)


@given(any_texts)
def test_nothing_in_strikes_has_an_effect(title: str) -> None:
    """However the rules are called, and however many strikes there are."""
    strikes = (Strike(12, AT, title, counts=False),) * 99

    check_harmless(strikes_text(strikes, (Suspension(BOB, 12, AT, AT, AT, MIA),) * 99, SAY), 1900)


def test_transparency() -> None:
    """The newest month first, each rule's numbers below its title, aligned, no wider than a phone."""
    counts = [
        MonthCount("2026-10", "```No attacks", 1, 0, 0),
        MonthCount("2026-11", "No accusations without evidence", 12, 1, 2),
        MonthCount("2026-11", None, 3, 0, 0),
    ]

    made = transparency(counts, SAY)

    assert made == (
        "```\n"
        "2026-11  removed  upheld  reinstated\n"
        "No accusations without evidence\n"
        "              12       1           2\n"
        "no rule\n"
        "               3       0           0\n"
        "2026-10  removed  upheld  reinstated\n"
        "'''No attacks\n"
        "               1       0           0\n"
        "```"
    )
    assert max(map(len, made.split("\n"))) <= 42


@given(st.lists(st.tuples(st.sampled_from(["2026-11", "2026-10"]), any_texts), max_size=60))
def test_nothing_leaves_the_table(rows: list[tuple[str, str]]) -> None:
    """One code block within the limit, whatever the rules are called."""
    counts = [MonthCount(month, title, 9, 9, 9) for month, title in sorted(rows)]

    made = transparency(counts, SAY)

    assert len(made) <= 2000
    assert [kind for kind, _ in see(made).markup] == ["fence"]
    assert "@everyone" not in made.lower()
