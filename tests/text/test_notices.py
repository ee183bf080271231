"""What people are told of a case: notices, letters, withdrawn articles."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import (
    Case,
    CaseEvent,
    CaseKind,
    CaseMember,
    CaseState,
    EventKind,
    KeptFile,
    Snapshot,
    TextPart,
    Told,
)
from bot.text.notices import letter, notice, restored_line, tidy_reason, withdrawn_post
from bot.text.phrases import in_quote, words_of
from tests.text.cases import (
    AT,
    BOB,
    GUILD,
    MIA,
    PLACE,
    SAY,
    any_cases,
    case,
    check_harmless,
    post,
    sweep,
    texts,
)
from tests.text.discord_markdown import read as see
from tests.text.strategies import any_texts, article, feeds

DONE = "Removed a post that claimed a member was paid to post. If you have evidence, forward it to support."
SMALL = "No accusations without evidence \u00b7 Case #12 \u00b7 posted <t:1699989200:f>"
MEMBER = CaseMember(BOB, "Bob", Told.WAITING)


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("claimed a member was paid to post", "claimed a member was paid to post"),
        ("  Removed a post that\tclaimed\na member\u200b was paid. ", "claimed a member was paid"),
        ("that was rude...", "was rude"),
        ("removed 3 posts that that were rude", "were rude"),
        ("That", ""),
        (" .\u202e. ", ""),
        ("that's what he said", "that's what he said"),
        ("thatched the roof", "thatched the roof"),
    ],
)
def test_reasons_are_tidied(typed: str, tidied: str) -> None:
    """One line that continues "Removed a post that" and has no full stop of its own."""
    assert tidy_reason(typed) == tidied


@given(texts | st.text("that. rmoved 1", max_size=30))
def test_a_tidy_reason_is_tidy(text: str) -> None:
    """Tidied once or twice is the same, on one line."""
    once = tidy_reason(text)

    assert tidy_reason(once) == once
    assert "\n" not in once
    assert not once.endswith(".")


def test_a_notice() -> None:
    """What was removed and why, in the words that were promised, then a small line."""
    assert notice(case(), SAY, named=False) == f"{DONE}\n-# {SMALL}"
    assert notice(case(), SAY, named=True) == f"{DONE}\n-# {SMALL} \u00b7 by <@{MIA}>"
    assert notice(case(moderator_id=0), SAY, named=True).endswith(" \u00b7 by AutoMod")


def test_a_notice_without_a_rule() -> None:
    """Nothing stands for what is not there."""
    made = notice(case(rule_title=None, next_step="", reason="was rude", posts=()), SAY, named=False)

    assert made == "Removed a post that was rude.\n-# Case #12"
    assert notice(case(reason="\u200b", next_step=""), SAY, named=False).startswith("Removed a post.\n")


def test_one_notice_for_several() -> None:
    """How many are gone, those that could not be removed left out, and from when to when they were posted."""
    several = sweep(4)
    stuck = replace(several.posts[3], gone_at=None, problem="Discord refuses")

    made = notice(replace(several, posts=(*several.posts[:3], stuck)), SAY, named=False)

    assert made.startswith("Removed 3 posts that claimed a member was paid to post. If you have")
    assert made.endswith("Case #12 \u00b7 posted from <t:1700000000:f> to <t:1700000120:f>")


def test_a_notice_shows_the_outcome() -> None:
    """Upheld or reinstated; what is reinstated is struck through, whatever it ends with."""
    upheld, back = case(state=CaseState.UPHELD), case(state=CaseState.REINSTATED)

    assert notice(upheld, SAY, named=False) == f"{DONE}\n-# Upheld after an appeal \u00b7 {SMALL}"
    assert notice(back, SAY, named=False) == f"~~{DONE}~~\n-# Reinstated \u00b7 {SMALL}"
    assert see(notice(replace(back, next_step="a~~ b~"), SAY, named=False)).markup[0] == (
        "struck",
        "Removed a post that claimed a member was paid to post. a\\~\\~ b\\~\u200b",
    )


def test_a_notice_of_a_withdrawn_article() -> None:
    """The reason continues in the same way."""
    made = notice(case(kind=CaseKind.WITHDRAWAL, reason="was made up", next_step=""), SAY, named=False)

    assert made.startswith("The article was withdrawn: it was made up.\n-# ")


@given(any_cases, st.booleans())
def test_nothing_in_a_notice_has_an_effect(any_case: Case, named: bool) -> None:
    """Two lines within the limit, whatever rules, reasons and articles are called."""
    made = notice(any_case, SAY, named=named)

    check_harmless(made, 2000)
    assert made.count("\n") == 1
    assert made.split("\n")[1].startswith("-# ")


def test_a_letter() -> None:
    """Why, one's own text, what follows from it, how to appeal, and where it was."""
    member = replace(MEMBER, strike=True, suspended_until=AT + timedelta(days=1))

    made = letter(case(), member, "case", SAY, GUILD, appeals=True)

    assert made.text == (
        "Removed a post of yours that claimed a member was paid to post. If you have evidence, forward it to support.\n"
        "Posted <t:1699989200:f>:\n"
        "> They pay you for this.\n"
        "It counts as a strike.\n"
        "You can't post until <t:1700086400:f>, <t:1700086400:R>.\n"
        "If you find that wrong, appeal with the button below: the moderators will look at it again.\n"
        f"-# No accusations without evidence \u00b7 Case #12 \u00b7 [Storm closes the harbour](<{PLACE}>)"
    )
    assert (made.button, made.files) == ("Appeal", ())
    plain = letter(case(), MEMBER, "case", SAY, GUILD, appeals=False)
    assert plain.button == ""
    assert "appeal" not in plain.text
    assert "strike" not in plain.text


def test_a_letter_quotes_only_its_readers_posts() -> None:
    """Whole, with its own quotes, code and the names of its files; what others wrote is none of their business."""
    mine = post("> you said\nno\n```py\n# x\n```", snapshot=None)
    words = "> you said\nno\n```py\n# x\n```"
    mine = replace(mine, snapshot=Snapshot(words, words, files=(KeptFile("a_b.png", 9),)))
    both = case(posts=(mine, post("secret", author_id=MIA)))

    made = letter(both, MEMBER, "case", SAY, GUILD, appeals=False)

    assert "\n> > you said\n> no\n> ```py\n> # x\n> ```\n> \U0001f4ce a\\_b.png\n-# " in made.text
    assert "secret" not in made.text
    assert made.text.startswith("Removed a post of yours that")


def test_long_texts_come_as_a_file() -> None:
    """To the letter, as soon as they don't fit; several in one file, each with its time."""
    long = "**x** \u4e2d " * 400

    made = letter(case(posts=(post(long),)), MEMBER, "case", SAY, GUILD, appeals=True)
    many = letter(sweep(30, "y" * 90), MEMBER, "case", SAY, GUILD, appeals=True)

    assert made.files == (("post.txt", long.encode()),)
    assert "\nThe text of your post is in the file below.\n" in made.text
    ((name, content),) = many.files
    assert name == "posts.txt"
    assert content.startswith(b"[2023-11-14 22:13 UTC]\n" + b"y" * 90 + b"\n\n[2023-11-14 22:14 UTC]\n")
    assert content.count(b"y" * 90) == 30
    assert many.text.startswith("Removed 30 posts of yours that")


def test_a_letter_about_a_suspension() -> None:
    """Until when, and why."""
    suspended = case(
        kind=CaseKind.SUSPENSION,
        reason="shouting",
        next_step="",
        rule_title=None,
        posts=(),
        title=None,
        thread_id=None,
    )
    member = replace(MEMBER, suspended_until=AT)

    assert letter(suspended, member, "case", SAY, GUILD, appeals=False).text == (
        "Your posting rights were suspended: shouting.\nYou can't post until <t:1700000000:f>, <t:1700000000:R>.\n-# Case #12"
    )


def test_a_letter_about_a_decision() -> None:
    """What was decided, why, and what that changes; there is nothing more to appeal against."""
    why = (CaseEvent(AT, MIA, EventKind.UPHELD, "we *looked*"),)
    upheld = case(state=CaseState.UPHELD, events=why)
    punished = replace(MEMBER, strike=True, suspended_until=AT, lifted_at=AT)
    small = f"-# No accusations without evidence \u00b7 Case #12 \u00b7 [Storm closes the harbour](<{PLACE}>)"

    made = letter(upheld, MEMBER, "decision", SAY, GUILD, appeals=False)
    back = letter(case(state=CaseState.REINSTATED), punished, "decision", SAY, GUILD, appeals=False)
    free = case(state=CaseState.REINSTATED, kind=CaseKind.SUSPENSION, posts=())

    assert made.text == (
        f"The moderators looked at it again: their decision stands.\nThe moderators say: we \\*looked\\*\n{small}"
    )
    assert (made.button, made.files) == ("", ())
    assert back.text == (
        "The moderators looked at it again: your post is reinstated.\nIts strike counts no longer.\n"
        f"The suspension that it led to is over.\n{small}"
    )
    assert letter(free, punished, "decision", SAY, GUILD, appeals=False).text.startswith(
        "The moderators looked at it again: your suspension is over.\n"
    )


@given(any_cases, st.sampled_from(["case", "decision"]), st.booleans())
def test_nothing_in_a_letter_has_an_effect(
    any_case: Case, about: Literal["case", "decision"], appeals: bool
) -> None:
    """Whatever it quotes stays in its quote; the case's number is there, and nothing of their text is lost."""
    for member in any_case.members:
        made = letter(any_case, member, about, SAY, GUILD, appeals=appeals)

        check_harmless(made.text, 2000, (PLACE,))
        assert f"Case #{any_case.id}" in made.text
        if about == "case" and not made.files:
            mine = (each for each in any_case.posts if each.author_id == member.member_id)
            assert all(in_quote(words_of(each, SAY)) in made.text for each in mine)
        assert made.button == ("Appeal" if appeals and about == "case" else "")


def test_a_withdrawn_article() -> None:
    """Title struck, the reason in place of text and picture, no way to the article but its source's name."""
    story = article(body="Long and **wrong**.", image="https://site.example/a.jpg")
    withdrawn = case(kind=CaseKind.WITHDRAWAL, reason="was made up", next_step="")

    made = withdrawn_post(story, feeds(), withdrawn, AT, SAY)

    assert made.parts == (
        TextPart(
            "## ~~Storm closes the harbour~~\nThe article was withdrawn: it was made up.\n"
            "-# No accusations without evidence \u00b7 Case #12 \u00b7 withdrawn <t:1700000000:f>\n"
            "Based on a report from The Example Times 2026-11-24"
        ),
    )
    assert made.link is None
    assert made.thread_name == "Storm closes the harbour"


@given(any_texts, any_cases)
def test_nothing_in_a_withdrawn_article_has_an_effect(title: str, any_case: Case) -> None:
    """One text within the limit, of four lines, without any link."""
    made = withdrawn_post(article(title=title), feeds(), replace(any_case, kind=CaseKind.WITHDRAWAL), AT, SAY)

    (part,) = made.parts
    assert isinstance(part, TextPart)
    assert part.markdown.count("\n") == 3
    assert part.markdown.startswith("## ~~")
    check_harmless(part.markdown.removeprefix("## "), 4000)


def test_a_restored_post_says_so() -> None:
    """In a small line of its own."""
    assert restored_line(AT, SAY) == "-# Posted <t:1700000000:f>; reinstated"
