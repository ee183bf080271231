"""Stores that are older than Discord: backups, plain copies, stores made anew."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from bot.model import Audited, FeedNews, JobKind, JobState, OwnThread, Receipt
from bot.store import Store, backup
from bot.store.openings import opening_token
from tests.store.samples import (
    CHANNEL,
    FEED,
    GUILD,
    MINUTE,
    OTHER_CHANNEL,
    THREAD,
    article,
    claim,
    head,
    jobs_of,
    open_case,
    opened,
    poll,
    posting,
    quotation,
    quoted,
    removed_post,
    said,
    wish,
)
from tests.support import START, StillClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.store.conftest import Rows

STRANGE = OwnThread(6001, GUILD, CHANNEL, "strange000000000", START + 3 * MINUTE)


async def full(store: Store, clock: StillClock) -> None:
    """A thread with a quote; and of every kind of job some that wait."""
    await opened(store, clock)
    await quoted(store, clock, 801, wish(701, quotation(601)))
    await store.contribute(wish(702, quotation(601)), clock.now())
    await store.tell(1, "something", clock.now())
    await said(store, 602)
    await open_case(store, clock, removed_post(602))
    await store.requote({1: "new words"}, clock.now())
    await store.apply(
        poll(FeedNews(FEED, CHANNEL, changed=((1, article("one", title="New")),), post=(article("two"),)))
    )
    clock.advance(60)


async def test_a_backup_is_known(store: Store, url: str, clock: StillClock, tmp_path: Path) -> None:
    """Whatever waited in it and leaves something behind is looked for; what is absolute, or is a half, is not. Once."""
    await full(store, clock)
    await backup(url, tmp_path / "b.db")
    clock.advance(3600)

    copy = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/b.db", clock)
    states = {job.kind: (job.state, job.started_at) for job in await copy.next_jobs()}

    looked_for = (JobState.UNKNOWN, START)
    assert states[JobKind.OPEN] == states[JobKind.QUOTE] == states[JobKind.LOG] == looked_for
    assert {states[kind][0] for kind in (JobKind.REQUOTE, JobKind.REPLACE, JobKind.TAKE_DOWN)} == {
        JobState.PENDING
    }
    assert (copy.was_copy, copy.written_until) == (True, START)
    assert await copy.was_absent(START + MINUTE)
    assert not await copy.was_absent(START - MINUTE)
    assert not await copy.was_absent(clock.now())
    (job,) = await jobs_of(copy, JobKind.LOG)
    await copy.clear(job.id, clock.now())
    await copy.close()

    copy = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/b.db", clock)
    assert not copy.was_copy
    assert (await jobs_of(copy, JobKind.LOG))[0].state is JobState.PENDING
    await copy.close()
    assert not store.was_copy


async def test_parked_ones_come_into_doubt(store: Store, url: str, clock: StillClock, tmp_path: Path) -> None:
    """Somebody may have had it tried again after the backup."""
    await store.apply(posting("one"))
    await store.park((await head(store)).id, "refused")
    await backup(url, tmp_path / "b.db")

    copy = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/b.db", clock)
    assert await copy.next_jobs() == ()
    await copy.unpark(1)
    assert (await head(copy)).state is JobState.UNKNOWN
    await copy.close()


async def test_a_plain_copy_is_noticed(
    store: Store, url: str, path: Path, clock: StillClock, tmp_path: Path, rows: Callable[[str], Rows]
) -> None:
    """A thread made after the store was written last, that no job of then bears: found once, whatever was polled since."""
    await full(store, clock)
    await store.close()
    copy = await Store.open(url, clock)
    await copy.apply(posting("three"))
    (three,) = [job for job in await copy.next_jobs() if job.kind is JobKind.OPEN][:1]
    older = OwnThread(6000, GUILD, CHANNEL, "strange111111111", START - MINUTE)

    assert await copy.found([older]) is None  # another installation's
    theirs = OwnThread(
        6002, GUILD, CHANNEL, opening_token(FEED, article("three").identity.key), START + 2 * MINUTE
    )
    assert await copy.found([theirs]) == 4
    assert await copy.found([STRANGE]) is None
    assert three.id
    assert rows("SELECT count(*) FROM absence") == [(1,)]
    assert await copy.was_absent(START + MINUTE / 2)
    await copy.close()


async def test_a_new_store(store: Store, clock: StillClock) -> None:
    """A store that never was written is older than everything that it finds."""
    assert store.written_until is None
    clock.advance(3600)
    await store.apply(posting("one"))
    assert await store.found([STRANGE]) == 0
    assert await store.was_absent(START + 4 * MINUTE)


# --- what is asked of it ---------------------------------------------------------------------------------


async def test_unknown(store: Store, clock: StillClock) -> None:
    """Known is what has a token or a story, however it was learnt."""
    await opened(store, clock, "one", THREAD)
    await store.saw_thread(6001, GUILD, CHANNEL, "tok", START)
    await store.saw_thread(6002, GUILD, CHANNEL, None, START)
    assert await store.unknown([THREAD, 6001, 6002, 6003]) == {6002, 6003}


async def test_how_far(store: Store) -> None:
    """Comparisons are remembered by channel; those both ways for themselves."""
    await store.compared(CHANNEL, START, thorough=True)
    await store.compared(CHANNEL, START + MINUTE, thorough=False)
    await store.compared(OTHER_CHANNEL, START, thorough=False)
    assert await store.audits() == {
        CHANNEL: Audited(START + MINUTE, START),
        OTHER_CHANNEL: Audited(START, None),
    }


async def test_what_articles_explain_is_adopted(store: Store, clock: StillClock) -> None:
    """Articles that were only to be remembered, and stories that are gone and were mirrored anew; nothing else."""
    gone = await opened(store, clock, "gone", THREAD)
    await store.lost_thread(THREAD, START, None)
    await store.apply(poll(FeedNews(FEED, CHANNEL, remember=(article("kept"), article("other")))))
    again = opening_token(FEED, gone.article.identity.key, 1)
    kept = opening_token(FEED, article("kept").identity.key)
    for number, token in enumerate((again, kept, STRANGE.token)):
        await store.saw_thread(6000 + number, GUILD, CHANNEL, token, START)

    assert await store.adopt({FEED: OTHER_CHANNEL}) == 2
    assert await store.adopt({FEED: OTHER_CHANNEL}) == 0

    (job,) = await store.next_jobs()
    assert (job.token, job.state, job.story.channel_id) == (kept, JobState.UNKNOWN, CHANNEL)
    await store.settle(job.id, Receipt(6001, 6001), None)
    job = await head(store)
    assert (job.token, job.state, job.story.id) == (again, JobState.UNKNOWN, gone.story.id)
    (left,) = await store.unexplained([CHANNEL], START)
    assert left.token == STRANGE.token
    assert await store.unexplained([OTHER_CHANNEL], START) == ()
    assert await store.unexplained([CHANNEL], START + MINUTE) == ()


async def test_copies(store: Store, clock: StillClock) -> None:
    """What stands twice, and which of it is not the story's; not while that is unknown, nor once it is gone."""
    await store.apply(posting("one"))
    job = await claim(store, clock, await head(store))
    for thread in (6001, 6002, 6003):
        await store.saw_thread(thread, GUILD, CHANNEL, job.token, START)
    assert await store.copies(CHANNEL) == ()
    await store.settle(job.id, Receipt(6002, 6002), None)
    ((story, extras),) = await store.copies(CHANNEL)
    assert (story.thread_id, extras) == (6002, (6001, 6003))
    for thread in extras:
        await store.lost_thread(thread, START, None)
    assert await store.copies(CHANNEL) == ()


async def test_standing(store: Store, clock: StillClock) -> None:
    """Stories of the channel with a thread that is not known to be gone, from an id on."""
    for thread in (5001, 5002, 5003):
        await opened(store, clock, f"n{thread}", thread)
    await store.lost_thread(5003, START, None)
    assert [story.thread_id for story in await store.standing(CHANNEL, 5002)] == [5002]
    assert await store.standing(OTHER_CHANNEL, 0) == ()


async def test_replies_that_their_quote_may_have_replaced(
    store: Store, url: str, clock: StillClock, tmp_path: Path
) -> None:
    """While it is looked for, its reply is not taken for deleted by its author; only in a restored store."""
    await full(store, clock)
    assert await store.perhaps_replaced([701, 702]) == frozenset()
    await backup(url, tmp_path / "b.db")
    copy = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/b.db", clock)
    assert await copy.perhaps_replaced([701, 702, 703]) == {702}
    await copy.close()


async def test_an_edit_that_the_thread_may_have_been_told_of(
    store: Store, url: str, path: Path, clock: StillClock, tmp_path: Path
) -> None:
    """What the first reading since a restoration finds edited is looked for, under the token that the lost store gave it
    as well; later edits are simply told."""

    async def read(where: Store, title: str) -> None:
        """The feed is read a minute later, and the article's title is this."""
        clock.advance(60)
        edited = FeedNews(FEED, CHANNEL, changed=((1, article("one", title=title)),))
        await where.apply(poll(edited, polled_at=clock.now()))

    def told(file: Path) -> list[tuple[str, str]]:
        with closing(sqlite3.connect(file)) as connection:
            return connection.execute("SELECT token, state FROM job WHERE kind = 'headline'").fetchall()

    await opened(store, clock)
    await read(store, "one")
    copied = tmp_path / "b.db"
    await backup(url, copied)
    await read(store, "New")
    ((token, state),) = told(path)
    assert state == "pending"

    copy = await Store.open(f"sqlite+aiosqlite:///{copied}", clock)
    await read(copy, "New")
    assert told(copied) == [(token, "unknown")]
    await read(copy, "Newer")
    assert [state for _, state in told(copied)] == ["unknown", "pending"]
    await copy.close()
