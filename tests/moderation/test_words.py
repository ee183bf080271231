"""What moderators read in private while they remove posts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.languages import Languages
from bot.model import Case, CaseKind, CaseMember, CasePost, CaseState, Made, Snapshot, Told
from bot.text.removing import MAX_MESSAGE, preview, progress, which_post, who_posted

SAY = Languages({}).of("en-GB")
AT = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
GUILD = 1
MOMENT = f"<t:{int(AT.timestamp())}:f>"


def post(number: int = 1, author: int | None = 7, gone: bool = True, problem: str | None = None) -> CasePost:
    snapshot = Snapshot(content=f"Words of {number}.", words=f"Words of {number}.")
    gone_at = AT if gone else None
    return CasePost(number, 5, author, "Bob", "", Made.NATIVE, AT, snapshot, gone_at=gone_at, problem=problem)


def case(*posts: CasePost, told: tuple[Told, ...] = (), state: CaseState = CaseState.STANDING) -> Case:
    return Case(
        id=12,
        kind=CaseKind.REMOVAL,
        state=state,
        story_id=1,
        thread_id=5,
        channel_id=4,
        title="A bridge is opened",
        moderator_id=9,
        rule_id=None,
        rule_title=None,
        reason="was rude",
        next_step="",
        at=AT,
        noticed=True,
        token="t",
        log_token="l",
        posts=posts,
        members=tuple(CaseMember(number, "Bob", one) for number, one in enumerate(told, 7)),
    )


@pytest.mark.parametrize(
    ("shown", "lines"),
    [
        (case(post(gone=False), state=CaseState.OPEN), ["**Case #12**: the post is being removed…"]),
        (
            case(post(gone=False, problem="no permission"), state=CaseState.OPEN),
            ["**Case #12**: the post is being removed…", "What stands in the way: no permission"],
        ),
        (
            case(post(), told=(Told.TOLD,)),
            ["**Case #12**: the post is removed.", "The author was told."],
        ),
        (
            case(post(), told=(Told.CLOSED,)),
            ["**Case #12**: the post is removed.", "The author takes no direct messages."],
        ),
        (case(post(), told=(Told.NO,)), ["**Case #12**: the post is removed."]),
        (
            case(*map(post, range(7)), *(post(n, gone=False) for n in range(13)), state=CaseState.OPEN),
            ["**Case #12**: removed 7 of 20…"],
        ),
        (
            case(
                *(post(author, author) for author in range(7, 11)),
                post(11, 11, gone=False),
                told=(Told.TOLD, Told.TOLD, Told.CLOSED, Told.WAITING, Told.WAITING),
            ),
            [
                "**Case #12**: 4 posts are removed.",
                "2 authors were told.",
                "The author takes no direct messages.",
                "The author is being told…",
            ],
        ),
        (
            case(post(gone=False, problem="no permission")),
            ["**Case #12**: nothing could be removed.", "What stands in the way: no permission"],
        ),
        (replace(case(), kind=CaseKind.WITHDRAWAL), ["**Case #12**: the article is withdrawn."]),
    ],
)
def test_how_a_removal_gets_on(shown: Case, lines: list[str]) -> None:
    """From the first moment to the end, for one post and several, with whatever stands in the way."""
    assert progress(shown, 0, GUILD, SAY).splitlines() == lines


def test_the_end_of_a_removal() -> None:
    """It links to the notice, and tells of suspensions and of what was left to other cases."""
    until = CaseMember(7, "Bob", Told.NO, strike=True, suspended_until=AT)
    shown = replace(case(post()), members=(until,), notice_id=99)
    assert progress(shown, 2, GUILD, SAY).splitlines() == [
        "**Case #12**: the post is removed.",
        "Left out are 2 posts that other cases have.",
        f"<@7> may not post until <t:{int(AT.timestamp())}:f>.",
        "[view notice](https://discord.com/channels/1/5/99)",
    ]


def test_whose_a_post_is() -> None:
    """The true author, however it was posted; nothing in a name has an effect where nobody is known."""
    moment = f"<t:{int(AT.timestamp())}:f>"
    assert who_posted(7, "Bob", Made.WEBHOOK, AT, SAY) == f"Posted by <@7>, through the bot. {moment}"
    unknown = who_posted(None, "**Bob** @everyone", Made.NATIVE, AT, SAY)
    assert "**" not in unknown
    assert "@everyone" not in unknown


def test_a_preview() -> None:
    """How many, whose, the first and the last, and what everybody will read."""
    shown = preview([post(1), post(2), post(3, 8)], "was rude", "Be kind.", 0, 0, GUILD, SAY)
    assert shown.splitlines() == [
        "**3 posts are to be removed.**",
        "Posted by: <@7>, <@8>",
        f"- {MOMENT} Words of 1. [view post](https://discord.com/channels/1/5/1)",
        f"- {MOMENT} Words of 3. [view post](https://discord.com/channels/1/5/3)",
        "The thread will read:",
        "> Removed 3 posts that was rude. Be kind.",
    ]


def test_which_post() -> None:
    """Whose it is, and how it begins: nothing in it leaves its quote."""
    long = replace(post(), snapshot=Snapshot(content="", words="One\n\n# Two " + "x" * 400))
    first, *begins = which_post(long, SAY).splitlines()
    assert first == f"Posted by <@7> themselves. {MOMENT}"
    assert begins[0] == "> One"
    assert all(line.startswith("> ") for line in begins)
    assert len("".join(begins)) < 320


@given(
    words=st.lists(st.text(max_size=4000), min_size=1, max_size=100),
    above=st.integers(0, 100),
    taken=st.integers(0, 100),
)
def test_a_preview_fits(words: list[str], above: int, taken: int) -> None:
    """Whatever the posts say and however many they are, it is a message that Discord takes."""
    posts = [
        replace(post(number, 10**18 + number), snapshot=Snapshot(content=text, words=text))
        for number, text in enumerate(words)
    ]
    shown = preview(posts, "*" * 400, "*" * 300, above, taken, GUILD, SAY)
    assert len(shown) <= MAX_MESSAGE
    assert shown.count("[view post](") == min(len(posts), 2)
