"""Cases for tests of what is said of them: one to change fields of, and any at all with hostile words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from hypothesis import strategies as st

from bot.languages import Languages
from bot.model import (
    Case,
    CaseEvent,
    CaseKind,
    CaseMember,
    CasePost,
    CaseState,
    EventKind,
    KeptFile,
    Made,
    Quotation,
    Snapshot,
    Told,
)
from tests.text.discord_markdown import read as see
from tests.text.strategies import any_texts
from tests.text.test_tidy import TYPED

SAY = Languages({}).of("en-GB")
GUILD, CHANNEL, THREAD, NOTICE = 1300000000000001000, 1300000000000002000, 1300000000000002500, 77
BOB, MIA = 1300000000000003002, 1300000000000003003
AT = datetime.fromtimestamp(1_700_000_000, UTC)
PLACE = f"https://discord.com/channels/{GUILD}/{THREAD}"


def post(words: str = "They pay you for this.", **fields: Any) -> CasePost:
    """A post by Bob, gone, with these words."""
    return CasePost(
        **{
            "message_id": 30,
            "thread_id": THREAD,
            "author_id": BOB,
            "name": "Bob",
            "avatar": "",
            "made": Made.NATIVE,
            "at": AT - timedelta(hours=3),
            "snapshot": Snapshot(words, words),
            "gone_at": AT,
            **fields,
        }
    )


def case(**fields: Any) -> Case:
    """Mia removed Bob's post."""
    return Case(
        **{
            "id": 12,
            "kind": CaseKind.REMOVAL,
            "state": CaseState.STANDING,
            "story_id": 1,
            "thread_id": THREAD,
            "channel_id": CHANNEL,
            "title": "Storm closes the harbour",
            "moderator_id": MIA,
            "rule_id": "paid",
            "rule_title": "No accusations without evidence",
            "reason": "claimed a member was paid to post",
            "next_step": "If you have evidence, forward it to support.",
            "at": AT,
            "noticed": True,
            "token": "t",
            "log_token": "l",
            "posts": (post(),),
            "members": (CaseMember(BOB, "Bob", Told.TOLD),),
            **fields,
        }
    )


def sweep(count: int, words: str = "x") -> Case:
    """Several posts of Bob's, a minute apart."""
    posts = tuple(post(words, message_id=30 + n, at=AT + timedelta(minutes=n)) for n in range(count))
    return replace(case(), posts=posts)


texts = TYPED | any_texts
_long = texts | texts.map(lambda text: (text + " ") * 80)
_member_ids = st.sampled_from([BOB, MIA])
_times = st.sampled_from([AT, AT + timedelta(days=1)])
_snapshots = st.builds(
    Snapshot,
    content=st.just(""),
    words=_long,
    files=st.lists(st.builds(KeptFile, name=texts, size=st.just(1)), max_size=2).map(tuple),
    embeds=st.lists(texts, max_size=1).map(tuple),
    stickers=st.lists(texts, max_size=1).map(tuple),
    poll=st.none() | texts,
    reactions=st.lists(st.tuples(texts, st.just(1)), max_size=2).map(tuple),
    reply_to=st.none() | st.just(5),
    quotes=st.lists(st.just(Quotation(20, THREAD, BOB, "x", AT, "y")), max_size=1).map(tuple),
    quoted_by=st.just((7,)),
    edited_at=st.none() | _times,
)
_posts = st.builds(
    CasePost,
    message_id=st.just(30),
    thread_id=st.just(THREAD),
    author_id=st.none() | _member_ids,
    name=texts,
    avatar=st.just(""),
    made=st.just(Made.NATIVE),
    at=_times,
    snapshot=st.none() | _snapshots,
    gone_at=st.none() | _times,
    problem=st.none() | texts,
)
_members = st.builds(
    CaseMember,
    member_id=_member_ids,
    name=texts,
    told=st.sampled_from(Told),
    strike=st.booleans(),
    suspended_until=st.none() | _times,
    lifted_at=st.none() | _times,
    appeal=st.none() | _long,
    appealed_at=st.none() | _times,
)
any_cases = st.builds(
    Case,
    id=st.integers(1, 10**7),
    kind=st.sampled_from(CaseKind),
    state=st.sampled_from(CaseState),
    story_id=st.just(1),
    thread_id=st.none() | st.just(THREAD),
    channel_id=st.just(CHANNEL),
    title=st.none() | _long,
    moderator_id=st.none() | st.sampled_from([0, MIA]),
    rule_id=st.none(),
    rule_title=st.none() | _long,
    reason=_long,
    next_step=_long,
    at=_times,
    noticed=st.booleans(),
    token=st.just("t"),
    log_token=st.just("l"),
    notice_id=st.none() | st.just(NOTICE),
    decided_at=st.none() | _times,
    posts=st.lists(_posts, max_size=3).map(tuple),
    members=st.lists(_members, max_size=2).map(tuple),
    events=st.lists(
        st.builds(CaseEvent, at=_times, by=st.just(MIA), kind=st.sampled_from(EventKind), text=_long),
        max_size=3,
    ).map(tuple),
)


def check_harmless(markdown: str, limit: int, links: tuple[str, ...] = ()) -> None:
    """Something to read within the limit, which pings nobody and links only below ``links``.

    What members wrote stands in quotes; that may link and mention members, which the sender pings none of.
    """
    assert 0 < len(markdown.strip()) <= limit
    lowered = markdown.lower()
    assert "@everyone" not in lowered
    assert "@here" not in lowered
    assert "<@&" not in markdown
    outside = [
        "\n".join(lines)
        for quoted, lines in groupby(markdown.split("\n"), lambda line: line.startswith("> "))
        if not quoted
    ]
    for part in outside:
        seen = see(part)
        assert all(link.startswith(links) for link in seen.links), seen.links
        known = {f"<@{BOB}>", f"<@{MIA}>"}
        assert all(one in known or one.startswith("<t:") for one in seen.mentions), seen.mentions
        assert not [kind for kind, _ in seen.markup if kind in ("heading", "spoiler", "fence", "quote")]
