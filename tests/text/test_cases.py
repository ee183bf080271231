"""What moderators read of cases: the log's entries, records, lists; and what of a case is everybody's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import (
    Case,
    CaseEvent,
    CaseKind,
    CaseMember,
    CasePage,
    CaseState,
    EventKind,
    KeptFile,
    Quotation,
    Snapshot,
    Told,
)
from bot.text.cases import case_line, case_list, case_public, case_text, entry
from tests.text.cases import (
    AT,
    BOB,
    GUILD,
    MIA,
    NOTICE,
    PLACE,
    SAY,
    any_cases,
    case,
    check_harmless,
    post,
    sweep,
)

LATER = AT + timedelta(hours=1)
HEAD = (
    "**Case #12 \u00b7 Post removed{state}**\n"
    "Removed a post that claimed a member was paid to post. If you have evidence, forward it to support.\n"
    f"-# <t:1700000000:f> \u00b7 by <@{MIA}> \u00b7 No accusations without evidence"
    f" \u00b7 [Storm closes the harbour](<{PLACE}>) \u00b7 posted <t:1699989200:f>\n"
)
STANDING, APPEALED = HEAD.format(state=""), HEAD.format(state=" \u00b7 appealed")
POSTED = f"<@{BOB}> posted <t:1699989200:f>\n> They pay you for this."


def test_an_entry() -> None:
    """What, why, who, where, when; whether the author knows; what it said."""
    made = entry(case(notice_id=NOTICE), SAY, GUILD)

    assert made.text == f"{STANDING}<@{BOB}> (Bob): told by direct message\n{POSTED}"
    assert made.links == (("View notice", f"{PLACE}/{NOTICE}"),)
    assert made.buttons == ()


def test_an_entry_follows_the_case() -> None:
    """Strikes, suspensions, the appeal with its buttons, what others did, and then the outcome."""
    member = CaseMember(
        BOB,
        "Bob",
        Told.CLOSED,
        strike=True,
        suspended_until=LATER,
        appeal="I was *joking*",
        appealed_at=LATER,
    )
    events = (
        CaseEvent(AT, MIA, EventKind.NOTED, "second time"),
        CaseEvent(LATER, BOB, EventKind.APPEALED, "I was *joking*"),
        CaseEvent(LATER, MIA, EventKind.EDITED, "was rude"),
    )
    appealed = case(members=(member,), events=events)

    made = entry(appealed, SAY, GUILD)

    assert made.text == (
        f"{APPEALED}"
        f"<@{BOB}> (Bob): takes no direct messages, strike, suspended until <t:1700003600:f>\n"
        f"<@{BOB}> appealed <t:1700003600:f>:\n> I was *joking*\n"
        f"{POSTED}\n"
        f"- <@{MIA}> noted <t:1700000000:f>: second time\n"
        f"- <@{MIA}> edited it <t:1700003600:f>; the former reason: was rude"
    )
    assert made.buttons == (("uphold", "Uphold"), ("reinstate", "Reinstate"))
    done = CaseEvent(LATER, MIA, EventKind.REINSTATED, "a joke")
    decided = entry(replace(appealed, state=CaseState.REINSTATED, events=(*events, done)), SAY, GUILD)
    assert decided.buttons == ()
    assert decided.text.startswith(
        "**Case #12 \u00b7 Post removed \u00b7 reinstated**\n~~Removed a post that claimed"
    )
    assert "no direct messages, ~~strike~~, suspended" in decided.text
    assert decided.text.endswith(f"\n- <@{MIA}> reinstated it <t:1700003600:f>: a joke")


def test_an_entry_of_what_others_did() -> None:
    """It says whose doing it was."""
    hand = entry(case(kind=CaseKind.OUTSIDE, reason="", next_step="", rule_title=None), SAY, GUILD).text
    machine = entry(case(kind=CaseKind.OUTSIDE, moderator_id=0), SAY, GUILD).text

    assert hand.startswith("**Case #12 \u00b7 Deleted by hand**\nRemoved a post.\n")
    assert machine.startswith("**Case #12 \u00b7 Blocked by AutoMod**\n")
    assert " \u00b7 by AutoMod \u00b7 " in machine


def test_an_entry_of_many() -> None:
    """The first few, and how many more; what could not be removed has its problem and a link."""
    stuck = post(gone_at=None, problem="Discord refuses: no permission", author_id=None, name="# Eve")

    made = entry(replace(sweep(6), posts=(stuck, *sweep(5).posts)), SAY, GUILD).text

    assert "5 posts removed" in made
    assert f"\n\\# Eve posted <t:1699989200:f> [view post]({PLACE}/30)\nNot removed: Discord refuses" in made
    assert made.endswith("\nand 3 more")


def test_a_record_has_all() -> None:
    """Also what was around the post when it was removed."""
    quote = Quotation(21, 5, MIA, "Mia", AT, "x")
    snapshot = Snapshot(
        "> x\nno",
        "no",
        files=(KeptFile("a.png", 1, "12/30-0"), KeptFile("b.zip", 9)),
        reactions=(("\U0001f499", 3), ("party:130000000000000600", 1)),
        quotes=(quote,),
        quoted_by=(40, 41),
        edited_at=AT,
    )

    made = case_text(case(notice_id=NOTICE, posts=(post(snapshot=snapshot),)), SAY, GUILD)

    assert f"[View notice]({PLACE}/{NOTICE})\n" in made
    assert made.endswith(
        "\n> no\n> \U0001f4ce a.png  \U0001f4ce b.zip\n"
        "-# edited <t:1700000000:f> \u00b7 \U0001f499 3 <:party:130000000000000600> 1"
        f" \u00b7 quoted [view post](https://discord.com/channels/{GUILD}/5/21) \u00b7 2 posts quoted it"
        " \u00b7 one file is not kept: b.zip"
    )
    answered = case(posts=(post(snapshot=Snapshot("no", "no", reply_to=29)),))
    assert case_text(answered, SAY, GUILD).endswith(f"> no\n-# answered [view post]({PLACE}/29)")
    assert case_text(case(posts=(post(snapshot=None),)), SAY, GUILD).endswith("\n-# what it said is not kept")


def test_what_is_everybodys() -> None:
    """Why, by which rule, when, and what became of it; no name and nothing of the post."""
    why = (CaseEvent(LATER, MIA, EventKind.UPHELD, "it was no joke"),)

    made = case_public(case(state=CaseState.UPHELD, decided_at=LATER, events=why), SAY)

    assert made == (
        "**Case #12 \u00b7 Post removed \u00b7 upheld**\n"
        "Removed a post that claimed a member was paid to post. If you have evidence, forward it to support.\n"
        "-# <t:1700000000:f> \u00b7 No accusations without evidence \u00b7 posted <t:1699989200:f>\n"
        "Upheld after an appeal <t:1700003600:f>\n"
        "The moderators say: it was no joke"
    )


def test_a_list() -> None:
    """A line each, with where in the list they are."""
    withdrawn = case(id=11, kind=CaseKind.WITHDRAWAL, members=(), rule_title=None, reason="was made up")
    page = CasePage(
        (replace(sweep(3), members=(CaseMember(BOB, "Bob"), CaseMember(MIA, "Mia"))), withdrawn), 57
    )

    assert case_list(page, 10, SAY) == (
        "**Cases 11 to 12 of 57**\n"
        f"**#12** <t:1700000000:d> \u00b7 3 posts removed \u00b7 <@{BOB}> +1 \u00b7 No accusations without evidence\n"
        "**#11** <t:1700000000:d> \u00b7 Article withdrawn \u00b7 was made up"
    )
    assert case_list(CasePage((withdrawn,), 1), 0, SAY).startswith("**One case**\n**#11**")
    assert case_list(CasePage((), 0), 0, SAY) == "There are no such cases."


@settings(max_examples=40, deadline=None)
@given(st.lists(any_cases, min_size=1, max_size=2))
def test_a_page_of_ten_always_fits(some: list[Case]) -> None:
    """However the rules are called."""
    cases = tuple(some * 10)[:10]

    made = case_list(CasePage(cases, 10), 0, SAY)

    check_harmless(made, 1900)
    assert made.count("\n") == 10
    assert all(len(case_line(each, SAY)) <= 180 for each in some)


@settings(max_examples=60, deadline=None)
@given(any_cases)
def test_nothing_in_a_record_has_an_effect(any_case: Case) -> None:
    """What is quoted stays in its quote, all within the limits; what everybody may read names nobody."""
    made = entry(any_case, SAY, GUILD)

    check_harmless(made.text, 2000, ("https://discord.com/channels/",))
    check_harmless(case_text(any_case, SAY, GUILD), 3900, ("https://discord.com/channels/",))
    public = case_public(any_case, SAY)
    check_harmless(public, 2000)
    assert "<@" not in public
    assert "\n> " not in public
    assert f"Case #{any_case.id}" in made.text
