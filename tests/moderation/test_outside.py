"""Posts deleted by hand and blocked by AutoMod: whose doing each was, and the cases that they become."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Later
from bot.model import CaseFilter, Disappeared, Made
from bot.moderation.matching import deletions, unseen
from bot.moderation.outside import Outside
from bot.newsroom import AuditedDeletion
from bot.store import Store
from tests.scenario import MOD_LOG, Scenario, texts, until
from tests.store import samples

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from bot.newsroom import Office
    from tests.support import StillClock

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ALICE, BOB, MIA, ADA = 1300000000000003001, 1300000000000003002, 1300000000000003003, 1300000000000003004
THREAD, ELSEWHERE, WEBHOOK, BOT = 5001, 5002, 77, 99


def gone(message_id: int, seconds: float = 0, **changes: Any) -> Disappeared:
    """A post of Bob's that went so many seconds after noon."""
    fields: dict[str, Any] = {
        "message_id": message_id,
        "thread_id": THREAD,
        "story_id": 1,
        "author_id": BOB,
        "webhook_id": None,
        "made": Made.NATIVE,
        "at": NOON - timedelta(hours=1),
        "gone_at": NOON + timedelta(seconds=seconds),
        "words": None,
    }
    return Disappeared(**(fields | changes))


def entry(entry_id: int, count: int = 1, seconds: float = 0, **changes: Any) -> AuditedDeletion:
    """Mia's deletions of Bob's posts, the first of them so many seconds after noon."""
    fields: dict[str, Any] = {
        "entry_id": entry_id,
        "by": MIA,
        "target_id": BOB,
        "channel_id": THREAD,
        "count": count,
        "at": NOON + timedelta(seconds=seconds),
        "reason": None,
        "rule": None,
        "bulk": False,
    }
    return AuditedDeletion(**(fields | changes))


def found(
    posts: Sequence[Disappeared], entries: Sequence[AuditedDeletion], seen: dict[int, int] | None = None
) -> list[tuple[int | None, list[int]]]:
    """Who deleted which messages."""
    news = unseen(entries, {0: 0} if seen is None else seen, NOON + timedelta(seconds=40))
    return [
        (each.entry.by, [post.message_id for post in each.posts])
        for each in deletions(posts, entries, news, BOT)
    ]


def test_an_entry_accounts_for_as_many_posts_as_it_counts() -> None:
    """Of three posts of an author two were deleted by Mia: those that went when her entry was made."""
    posts = [gone(1, seconds=-20), gone(2), gone(3, seconds=1)]

    assert found(posts, [entry(10, count=2)]) == [(MIA, [2, 3])]


def test_a_growing_entry_accounts_for_what_is_new_in_it() -> None:
    """Discord tells of the first deletion only: the others are known by the count that was seen before."""
    posts = [gone(4, seconds=25), gone(5, seconds=30), gone(6, seconds=31)]

    assert found(posts, [entry(10, count=3)], seen={10: 1}) == [(MIA, [4, 5])]
    assert found(posts, [entry(10, count=3)], seen={10: 3}) == []


def test_what_is_new_in_an_entry_went_since_the_log_was_read() -> None:
    """What its author deleted beside the moderator's first deletion is not taken for the second."""
    posts = [gone(1), gone(2, seconds=25)]
    grown = [entry(10, count=2)]
    news = unseen(grown, {10: 1}, NOON + timedelta(seconds=40))

    found = deletions(posts, grown, news, BOT, NOON + timedelta(seconds=5))
    assert [[post.message_id for post in each.posts] for each in found] == [[2]]
    # The log may have been behind when it was read: what went before is taken when nothing else is left.
    (first,) = deletions(posts[:1], grown, news, BOT, NOON + timedelta(seconds=5))
    assert [post.message_id for post in first.posts] == [1]


def test_what_authors_delete_is_their_own_affair() -> None:
    """No entry, another's entry, another thread's: no case. Nor what a moderator deletes of their own posts."""
    assert found([gone(1)], []) == []
    assert found([gone(1)], [entry(10, target_id=ALICE), entry(11, channel_id=ELSEWHERE)]) == []
    assert found([gone(1)], [entry(10, seconds=300)]) == []
    own = gone(1, author_id=MIA, made=Made.WEBHOOK, webhook_id=WEBHOOK)
    assert found([own], [entry(10, target_id=WEBHOOK)]) == []


def test_posts_that_the_bot_made_are_their_authors() -> None:
    """The audit log names the webhook, or the bot, that Discord takes for the author."""
    posts = [gone(1, made=Made.WEBHOOK, webhook_id=WEBHOOK), gone(2, author_id=ALICE, made=Made.BOT)]

    assert found(posts, [entry(10, target_id=WEBHOOK), entry(11, target_id=BOT)]) == [
        (MIA, [1]),
        (MIA, [2]),
    ]


def test_what_the_bot_says_itself_is_nobodys_post() -> None:
    """A notice that a moderator deletes is no case, and is accounted for; a post for a member beside it is one."""
    posts = [gone(1, author_id=BOT), gone(2, made=Made.BOT, seconds=1)]

    assert found(posts, [entry(10, target_id=BOT)]) == []
    assert found(posts, [entry(10, target_id=BOT, count=2)]) == [(MIA, [2])]


def test_several_at_once_are_anybodys() -> None:
    """A bulk deletion names no authors: one case for each of them."""
    posts = [gone(1), gone(2, author_id=ALICE), gone(3), gone(4, thread_id=ELSEWHERE)]

    bulk = entry(10, count=3, target_id=THREAD, bulk=True)
    assert found(posts, [bulk]) == [(MIA, [1, 3]), (MIA, [2])]


def test_two_moderators_at_the_same_author() -> None:
    """Each has the posts that went when they were at it."""
    posts = [gone(1), gone(2, seconds=60)]

    assert found(posts, [entry(10), entry(11, seconds=60, by=ADA)]) == [(MIA, [1]), (ADA, [2])]


def test_history_is_nobodys_case() -> None:
    """When the log is read for the first time ever, only its last minute is news."""
    entries = [entry(10, seconds=-3600), entry(11, seconds=0)]

    assert unseen(entries, {}, NOON + timedelta(seconds=40)) == {11: 1}
    assert unseen(entries, {0: 0}, NOON + timedelta(seconds=40)) == {10: 1, 11: 1}


@given(
    st.lists(st.tuples(st.sampled_from([ALICE, BOB, MIA]), st.integers(-90, 90)), max_size=12),
    st.lists(
        st.tuples(
            st.sampled_from([ALICE, BOB]),
            st.integers(0, 4),
            st.integers(-90, 90),
            st.booleans(),
            st.integers(0, 3),
        ),
        max_size=6,
    ),
)
def test_nobody_is_blamed_for_more_than_the_log_says(
    posts: list[tuple[int, int]], logged: list[tuple[int, int, int, bool, int]]
) -> None:
    """No post twice, nobody's own, and for each deleter no more posts than their entries newly count."""
    lost = [gone(n, seconds, author_id=author) for n, (author, seconds) in enumerate(posts, 1)]
    entries = [
        entry(100 + n, count, seconds, target_id=THREAD if bulk else target, bulk=bulk, by=(MIA, ADA)[n % 2])
        for n, (target, count, seconds, bulk, _) in enumerate(logged)
    ]
    seen = {0: 0} | {100 + n: known for n, (*_, known) in enumerate(logged)}

    blamed = found(lost, entries, seen)
    named = [message_id for _, ids in blamed for message_id in ids]
    assert len(named) == len(set(named))
    authors = {post.message_id: post.author_id for post in lost}
    for by in (MIA, ADA):
        mine = [message_id for one, ids in blamed if one == by for message_id in ids]
        news = [max(0, each.count - seen[each.entry_id]) for each in entries if each.by == by]
        assert len(mine) <= sum(news)
        assert by not in {authors[message_id] for message_id in mine}


# --- the loop, with a store ------------------------------------------------------------------------------------


class AuditLog:
    """Discord's audit log as it can be: behind, or out of reach."""

    bot_id = BOT

    def __init__(self) -> None:
        self.entries: tuple[AuditedDeletion, ...] = ()
        self.fails: Exception | None = None
        self.asked = 0

    async def audit(self, _after: datetime) -> tuple[AuditedDeletion, ...]:
        self.asked += 1
        if self.fails is not None:
            raise self.fails
        return self.entries


@dataclass
class Scene:
    store: Store
    clock: StillClock
    log: AuditLog
    outside: Outside
    catching_up: list[bool]

    async def lose(self, message_id: int) -> None:
        """Bob's post is deleted by nobody knows whom."""
        at = self.clock.now() - timedelta(minutes=5)
        await self.store.saw_post(1, samples.THREAD, message_id, BOB, Made.NATIVE, at)
        await self.store.lost([message_id], self.clock.now())
        self.outside.wake()

    def logged(self, count: int = 1) -> None:
        """The one entry that there is counts so many."""
        now = self.clock.now()
        first = self.log.entries or (entry(posted_id(now), at=now, channel_id=samples.THREAD),)
        self.log.entries = (replace(first[0], count=count),)

    async def until(self, question: Callable[[], Awaitable[object]]) -> None:
        """Let time pass, some seconds at a time, until it is so."""

        async def asked() -> object:
            self.clock.advance(4)
            return await question()

        await until(asked)

    async def looked(self, more: int = 1) -> None:
        wanted = self.log.asked + more

        async def so() -> bool:
            return self.log.asked >= wanted

        await self.until(so)

    async def over(self) -> None:
        """Until nothing is left to be found out."""

        async def so() -> bool:
            return not await self.store.disappeared(self.clock.now())

        await self.until(so)

    async def cases(self) -> list[list[int]]:
        page = await self.store.cases(CaseFilter(), 0, 25)
        return [[post.message_id for post in case.posts] for case in page.cases]


def posted_id(at: datetime) -> int:
    """A snowflake of that time."""
    return int((at - datetime(2015, 1, 1, tzinfo=UTC)).total_seconds() * 1000) << 22


@pytest.fixture
async def loop(store: Store, clock: StillClock) -> AsyncIterator[Scene]:
    """The loop at work on a store whose log was looked at before."""
    await samples.opened(store, clock, thread_id=samples.THREAD)
    log, busy = AuditLog(), [False]
    outside = Outside(store, cast("Office", log), clock, lambda: None, lambda: busy[0])
    scene = Scene(store, clock, log, outside, busy)
    task = asyncio.create_task(outside.run())
    outside.missed()
    await scene.looked()
    yield scene
    task.cancel()
    await asyncio.wait({task})


async def test_the_log_may_lag_behind(loop: Scene) -> None:
    """An entry that comes a little later still explains the deletion; the same entry explains no other."""
    await loop.lose(7001)
    await loop.looked()
    assert await loop.cases() == []
    loop.logged()
    await loop.over()
    assert await loop.cases() == [[7001]]

    await loop.lose(7002)
    await loop.looked(2)
    await loop.over()
    assert await loop.cases() == [[7001]]
    loop.logged(count=2)  # the moderator deletes on
    await loop.lose(7003)
    await loop.over()
    assert await loop.cases() == [[7003], [7001]]


async def test_a_log_out_of_reach_is_asked_again(loop: Scene) -> None:
    """Nothing is forgotten while Discord does not answer."""
    loop.log.fails = Later("Discord does not answer")
    loop.logged()
    await loop.lose(7001)
    await loop.looked(5)
    assert len(await loop.store.disappeared(loop.clock.now())) == 1
    loop.log.fails = None
    await loop.over()
    assert await loop.cases() == [[7001]]


async def test_catching_up_comes_first(loop: Scene) -> None:
    """What entries of a time of absence mean is not known before all that went in it is."""
    loop.catching_up[0] = True
    asked = loop.log.asked
    loop.logged(count=2)
    await loop.lose(7001)
    for _ in range(60):
        loop.clock.advance(1)
        await asyncio.sleep(0)
    assert loop.log.asked == asked
    await loop.lose(7002)
    loop.catching_up[0] = False
    await loop.over()
    assert await loop.cases() == [[7001, 7002]]


# --- with a Discord ------------------------------------------------------------------------------------------


def cases(scene: Scenario) -> list[tuple[str, int, bool, list[int]]]:
    """Kind, moderator, whether there is a notice, and the messages of each case, oldest first."""
    with closing(sqlite3.connect(f"file:{scene.folder}/newsthread.db?mode=ro", uri=True)) as store:
        rows = store.execute(
            "SELECT id, kind, moderator_id, noticed FROM moderation_case ORDER BY id"
        ).fetchall()
        return [
            (
                kind,
                moderator_id,
                bool(noticed),
                [
                    message_id
                    for (message_id,) in store.execute(
                        "SELECT message_id FROM case_post WHERE case_id = ? ORDER BY message_id", (case_id,)
                    )
                ],
            )
            for case_id, kind, moderator_id, noticed in rows
        ]


async def delete(scene: Scenario, who: str, thread: str, message: str) -> None:
    await scene.call("DELETE", f"/local/as/{who}/channels/{thread}/messages/{message}")


@pytest.mark.slow
async def test_deletions_by_hand_become_cases(scene: Scenario) -> None:
    """Mia's, told apart from the author's own, also those of a time when the bot was away, and AutoMod's blocks;
    in the log, without a notice."""
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")

    async def cases_are(count: int) -> bool:
        return len(cases(scene)) == count

    async with scene.bot():
        thread = (await scene.until_names("A bridge is opened"))[0]["id"]
        posts = [(await scene.post("bob", thread, f"Bob's {n}"))["id"] for n in range(4)]
        own = (await scene.post("alice", thread, "Alice's own"))["id"]
        for each in (*posts, own):
            await scene.until_seen(each)
        await delete(scene, "alice", thread, own)
        await delete(scene, "mia", thread, posts[0])
        await delete(scene, "mia", thread, posts[1])
        await scene.call("PATCH", "/local/guild", {"blocked_words": ["swindle*"]})
        with pytest.raises(AssertionError, match="keeps such words out"):
            await scene.post("alice", thread, "What a swindler")
        await until(lambda: cases_are(2))
        by_hand, blocked = cases(scene)
        assert by_hand == ("outside", MIA, False, [int(posts[0]), int(posts[1])])
        assert blocked[:3] == ("outside", 0, False)

    await delete(scene, "mia", thread, posts[2])
    async with scene.bot():
        await until(lambda: cases_are(3))
        assert cases(scene)[2] == ("outside", MIA, False, [int(posts[2])])
        logged = await scene.until_content(MOD_LOG, lambda messages: len(messages) == 3 and messages)
        for author, entry_text in zip((BOB, ALICE, BOB), map(texts, logged), strict=True):
            assert f"<@{author}>" in entry_text
        assert [each["content"] for each in await scene.messages(thread) if each["author"].get("bot")] == [""]
