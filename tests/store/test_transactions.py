"""Transactions are whole: cancelled, failing, side by side, on a full disk, and after SIGKILL."""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from bot.errors import StoreError
from bot.model import FeedNews, Receipt
from bot.store import Store, check
from bot.store.schema import story
from tests.store.samples import CHANNEL, FEED, article, claim, head, poll, posting
from tests.support import START, StillClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection

    from tests.store.conftest import Rows

NAMES = tuple(f"n{number}" for number in range(8))
COUNTS = "SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM story), (SELECT count(*) FROM job)"


# Refused by the table, after whatever came before it in its transaction.
BAD = article("bad", title=None)


# --- cancelled tasks -----------------------------------------------------------------------------------


@pytest.mark.slow
async def test_cancelled_at_any_step(store: Store, rows: Callable[[str], Rows]) -> None:
    """Wherever the caller is cancelled, its transaction is whole or not there at all, and the next one works."""
    cut = whole = 0
    for steps in range(0, 240, 3):
        names = tuple(f"{steps}-{name}" for name in NAMES)
        caller = asyncio.create_task(store.apply(posting(*names)))
        for _ in range(steps):
            await asyncio.sleep(0)
        cut += caller.cancel()
        await asyncio.wait({caller})
        await store.apply(poll(FeedNews(FEED, CHANNEL)))
        (found,) = rows(f"SELECT count(*) FROM article WHERE title LIKE '{steps}-%'")
        assert found[0] in {0, len(NAMES)}
        whole += found[0] == len(NAMES)

    assert cut > 10, "the cancellation never hit a transaction under way"
    assert whole > cut / 2, "a transaction that had begun did not go on to its end"
    ((articles, stories, jobs),) = rows(COUNTS)
    assert articles == stories == jobs == whole * len(NAMES)


async def test_close_waits_for_a_cancelled_transaction(
    url: str, clock: StillClock, rows: Callable[[str], Rows]
) -> None:
    """What was asked for before closing is stored, though nobody waits for it any more."""
    store = await Store.open(url, clock)
    callers = [asyncio.create_task(store.apply(posting(name))) for name in NAMES]
    await asyncio.sleep(0)
    for caller in callers:
        caller.cancel()

    await store.close()

    assert rows(COUNTS) == [(8, 8, 8)]
    with pytest.raises(StoreError, match="the store is closed"):
        await store.next_jobs()
    await store.close()


async def test_failure_after_cancellation_is_logged(
    url: str, clock: StillClock, caplog: pytest.LogCaptureFixture, rows: Callable[[str], Rows]
) -> None:
    """Nobody is left to be told: the log is."""
    store = await Store.open(url, clock)
    caller = asyncio.create_task(store.apply(poll(FeedNews(FEED, CHANNEL, post=(BAD,)))))
    await asyncio.sleep(0)
    caller.cancel()

    await store.close()

    assert "failed after its task was cancelled" in caplog.text
    assert rows(COUNTS) == [(0, 0, 0)]


async def test_cancelled_opening_leaves_nothing_open(url: str, clock: StillClock) -> None:
    """However far it got, a cancelled opening holds no lock afterwards."""
    for steps in range(0, 60, 4):
        opening = asyncio.create_task(Store.open(url, clock))
        for _ in range(steps):
            await asyncio.sleep(0)
        opening.cancel()
        await asyncio.wait({opening})
        if not opening.cancelled():
            await opening.result().close()

        store = await Store.open(url, clock)
        await store.close()


# --- failures ------------------------------------------------------------------------------------------


async def test_failure_in_the_middle(store: Store, rows: Callable[[str], Rows]) -> None:
    """A poll of which one article fails stores nothing of the rest, validators included."""
    good = [article(name) for name in NAMES]

    with pytest.raises(IntegrityError):
        await store.apply(poll(FeedNews(FEED, CHANNEL, post=(*good[:5], BAD, *good[5:]))))

    assert rows(COUNTS) == [(0, 0, 0)]
    assert rows("SELECT count(*) FROM poll") == [(0,)]
    assert await store.apply(posting(*NAMES)) == 8


@pytest.mark.slow
async def test_fifty_tasks_at_once(store: Store, rows: Callable[[str], Rows]) -> None:
    """Every second one fails: none takes a row of another's with it, and none leaves one of its own."""

    async def work(number: int) -> None:
        feed = f"feed{number}"
        names = tuple(f"{number}-{place}" for place in range(number // 2 + 1))
        await store.known(feed, [article(name) for name in names])
        await store.apply(posting(*names, feed_id=feed, channel_id=number + 1))
        await store.next_jobs()

    async def fail(number: int) -> None:
        with pytest.raises(IntegrityError):
            await store.apply(poll(FeedNews(f"feed{number}", number + 1, post=(article(f"{number}-x"), BAD))))

    await asyncio.gather(*(fail(number) if number % 2 else work(number) for number in range(50)))

    expected = sum(number // 2 + 1 for number in range(0, 50, 2))
    assert rows(COUNTS) == [(expected, expected, expected)]
    assert rows("SELECT count(*) FROM feed") == [(25,)]
    assert len(await store.next_jobs()) == 25


async def test_one_claim_wins(store: Store, clock: StillClock) -> None:
    """Of fifty that claim one job at the same time, one gets it."""
    await store.apply(posting("one"))
    job = await head(store)

    outcomes = await asyncio.gather(*(claim(store, clock, job) for _ in range(50)), return_exceptions=True)

    assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1


async def test_foreign_keys_are_enforced(store: Store) -> None:
    """A row that refers to nothing is refused."""

    def orphan(connection: Connection) -> None:
        connection.execute(
            insert(story).values(article_id=1, feed_id="f", channel_id=1, token="t", first_seen=START)
        )

    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        await store._writer.run(orphan)


async def test_full_disk(store: Store, path: Path, url: str) -> None:
    """A transaction that does not fit is undone whole and told in a sentence; reading goes on, and later writing."""
    await store.apply(posting("one"))

    def pages(limit: int) -> Callable[[Connection], None]:
        return lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count={limit}").close()

    await store._writer.run(pages(1))  # SQLite makes it what the file has already
    big = tuple(article(f"big{number}", body="x" * 20_000) for number in range(50))
    with pytest.raises(StoreError) as full:
        await store.apply(poll(FeedNews(FEED, CHANNEL, post=big), body_hash="moved"))

    assert str(full.value) == (
        f"the disk with {path} is full, so nothing was changed: free some space, Newsthread then goes on by itself"
    )
    assert (await head(store)).article.title == "one"
    overview = await store.overview()
    assert (overview.feeds[FEED].articles, overview.polls[poll().state.url].body_hash) == (1, None)

    await store._writer.run(pages(1_000_000))
    assert await store.apply(poll(FeedNews(FEED, CHANNEL, post=big))) == 50
    assert await check(url) == []


async def test_store_locked_by_another_program(store: Store, path: Path) -> None:
    """A shell with a transaction open is named as the reason once the patience is over."""
    await store._writer.run(lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout=50").close())
    with closing(sqlite3.connect(path, isolation_level=None)) as shell:
        shell.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked by another program"):
            await store.next_jobs()

    assert await store.next_jobs() == ()


async def test_the_connection_is_set_up_as_promised(store: Store) -> None:
    """Write-ahead log, full synchronisation, foreign keys, no trust in the schema, no remains of what is erased."""

    def pragmas(connection: Connection) -> dict[str, object]:
        names = (
            "journal_mode",
            "synchronous",
            "foreign_keys",
            "busy_timeout",
            "trusted_schema",
            "secure_delete",
        )
        return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}

    assert await store._writer.run(pragmas) == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "trusted_schema": 0,
        "secure_delete": 1,
    }


# --- processes that end ----------------------------------------------------------------------------------

CHILD = """
    import asyncio, os, signal, sys
    from sqlalchemy import event
    from bot.store import Store
    from tests.store.samples import claim, posting
    from tests.support import StillClock

    jobs = 0

    def die_in_time(connection, cursor, statement, *_):
        global jobs
        jobs += statement.startswith("INSERT INTO job")
        if jobs == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)

    async def main():
        clock = StillClock()
        store = await Store.open(sys.argv[1], clock)
        if sys.argv[2] != "0":
            event.listen(store._writer._engine.sync_engine, "before_cursor_execute", die_in_time)
        await store.recover()
        first = (await store.overview()).feeds
        batch = first["world"].articles // 4 if first else 0
        while True:
            await store.apply(posting(*(f"batch{batch}-{n}" for n in range(4))))
            print(batch, flush=True)
            batch += 1
            job = (await store.next_jobs())[0]
            await claim(store, clock, job)
            print("claimed", job.id, flush=True)
            await store.park(job.id, "next")

    asyncio.run(main())
"""


def child(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments], stdout=subprocess.PIPE, text=True
    )


@pytest.mark.slow
@pytest.mark.parametrize("job", [1, 3, 18])
async def test_killed_in_the_middle_of_a_transaction(
    url: str, clock: StillClock, rows: Callable[[str], Rows], job: int
) -> None:
    """SIGKILL between two rows of a transaction: the ones before it are there whole, of that one there is nothing."""
    process = child(CHILD, url, str(job))
    output, _ = await asyncio.to_thread(process.communicate, timeout=60)

    assert process.returncode == -signal.SIGKILL
    assert rows(COUNTS) == [((job - 1) // 4 * 4,) * 3]
    store = await Store.open(url, clock)
    assert await store.apply(posting("after")) == 1
    await store.close()
    assert await check(url) == []
    assert output.count("claimed") == (job - 1) // 4


@pytest.mark.slow
async def test_killed_at_random(url: str, clock: StillClock, rows: Callable[[str], Rows]) -> None:
    """After any number of SIGKILLs every acknowledged step is there, and no batch is there in part."""
    chance = random.Random(1)
    acknowledged = -1
    for _ in range(6):
        wanted = chance.randrange(3, 30)
        with child(CHILD, url, "0") as process:
            assert process.stdout is not None
            lines: list[str] = []
            while len(lines) < wanted and (line := await asyncio.to_thread(process.stdout.readline)):
                lines.append(line.strip())
            process.kill()
            lines += [line.strip() for line in process.stdout]
        assert process.returncode == -signal.SIGKILL
        acknowledged = max(int(line) for line in lines if line.isdigit())
        claimed = {int(line.split()[1]) for line in lines if line.startswith("claimed")}

        assert await check(url) == []
        ((articles, stories, jobs),) = rows(COUNTS)
        assert articles == stories == jobs
        assert articles % 4 == 0
        assert articles // 4 > acknowledged
        attempted = {job for (job,) in rows("SELECT id FROM job WHERE attempt > 0")}
        assert claimed <= attempted

    store = await Store.open(url, clock)
    assert await store.recover() in {0, 1}
    await store.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    "ending", ["pass", "sys.exit(3)", "raise RuntimeError", "asyncio.current_task().cancel()"]
)
async def test_a_forgotten_close_hangs_nothing(url: str, ending: str, clock: StillClock) -> None:
    """A program that ends without closing its store ends all the same."""
    code = f"""
        import asyncio, sys, warnings
        from bot.clock import Clock
        from bot.store import Store
        from tests.store.samples import posting

        async def main():
            global store
            store = await Store.open(sys.argv[1], Clock())
            asyncio.create_task(store.apply(posting(*(f"n{{n}}" for n in range(50)))))
            await asyncio.sleep(0)
            {ending}
            await asyncio.sleep(0)

        sys.stderr = open("/dev/null", "w")
        asyncio.run(main())
    """
    process = child(code, url)
    await asyncio.to_thread(process.communicate, timeout=30)

    store = await Store.open(url, clock)
    assert (await store.overview()).feeds.get(FEED) is None or len(await store.next_jobs()) == 1
    await store.close()
    assert await check(url) == []


async def test_receipt_survives_its_task(store: Store, clock: StillClock) -> None:
    """A publisher cancelled while it stores a receipt leaves it stored."""
    await store.apply(posting("one"))
    job = await claim(store, clock, await head(store))

    settling = asyncio.create_task(store.settle(job.id, Receipt(5001, 5001), None))
    await asyncio.sleep(0)
    settling.cancel()
    await asyncio.wait({settling})

    assert await store.story_by_thread(5001) is not None
