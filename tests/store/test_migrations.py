"""Stores of every age become today's, with their rows; what is declared is what migrations make."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from bot.errors import StoreError
from bot.model import (
    Audited,
    CaseFilter,
    CaseState,
    FeedNews,
    JobKind,
    JobState,
    KeptFile,
    Made,
    OwnThread,
    QuoteMode,
    Reacted,
    Receipt,
    ReportState,
    Snapshot,
    Step,
)
from bot.store import Store, check, upgrade
from bot.store.migrate import FOLDER, Migrations
from bot.store.opening import lock_and_prepare, problems
from bot.store.schema import metadata
from tests.store.samples import (
    ALICE,
    BOB,
    CHANNEL,
    FEED,
    GUILD,
    MINUTE,
    OTHER_CHANNEL,
    THREAD,
    article,
    claim,
    editing,
    head,
    jobs_of,
    known_case,
    open_case,
    opened,
    poll,
    quotation,
    quoted,
    removed_post,
    removing,
    wish,
    work_off,
)
from tests.support import START, StillClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.store.conftest import Rows

DATA = Path(__file__).parent / "data"
FIRST_RELEASE = DATA / "0001.sql"
DISCUSSING = DATA / "0002.sql"
MODERATING = DATA / "0003.sql"

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = "{head}"

def upgrade():
    with op.batch_alter_table("story") as story:  # rebuilt: other tables refer to it
        story.add_column(sa.Column("mood", sa.String(16), nullable=False, server_default="calm"))
    {more}
"""


def with_next(folder: Path, more: str = "") -> Migrations:
    """The migrations, and one more after them."""
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "m9001_next.py").write_text(NEXT.format(head=Migrations().head, more=more))
    return Migrations(folder)


def written(path: Path, sample: Path) -> dict[str, list[tuple[int]]]:
    """A store of an earlier revision lies at ``path``; how many rows each of its tables has."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sample.read_text())
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchall()
            for (name,) in names
            if not name.startswith(("sqlite_", "alembic_"))
        }


async def test_tables_are_as_declared(store: Store) -> None:
    """What the migrations make is what the statements are written for, names of constraints included."""

    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, metadata))

    assert await store._writer.run(differences) == []


async def test_first_revision_with_data(
    path: Path, url: str, clock: StillClock, rows: Callable[[str], Rows]
) -> None:
    """A store written at the first revision is migrated with all its rows, and backed up before if it was older."""
    written(path, FIRST_RELEASE)
    older = Migrations().head != "0001"

    store = await Store.open(url, clock)

    job = await head(store)
    assert (job.article.title, job.article.body, job.story.token) == ("Old news", "Body", "tokenofthefirst1")
    assert job.not_before == START
    details = await store.story_by_thread(5001)
    assert details is not None
    assert [one.title for one in details.headlines] == ["Older headline"]
    assert (await store.poll_states(["https://n.example/"]))["https://n.example/"].validators.etag == '"e"'
    await store.close()
    assert await check(url) == []
    assert len(list(path.parent.glob("*.bak"))) == older
    ((made,),) = rows("SELECT sql FROM sqlite_master WHERE name = 'job'")
    assert "AUTOINCREMENT" in made, "the id of a withdrawn job must never name another"


async def test_second_revision_with_data(
    path: Path, url: str, clock: StillClock, rows: Callable[[str], Rows]
) -> None:
    """A store with a discussion keeps all of it, and its jobs go on where they were."""
    before = written(path, DISCUSSING)

    store = await Store.open(url, clock)

    assert {name: rows(f"SELECT count(*) FROM {name}") for name in before} == before
    offered = {job.kind: job for job in await store.next_jobs()}
    assert sorted(offered) == ["log", "open", "quote", "replace", "revise"]
    assert all(job.mirrored is not None for job in offered.values())
    assert (offered[JobKind.QUOTE].post_id, offered[JobKind.QUOTE].lane) == (5, "talk:1")
    contribution = await store.contribution(5)
    assert contribution is not None
    assert (contribution.words, contribution.restores) == ("typed", None)
    case_id = await open_case(store, clock, removed_post(40, ALICE, made=Made.WEBHOOK))
    assert len(await jobs_of(store, JobKind.TAKE_DOWN)) == case_id == 1
    await store.close()
    assert await check(url) == []
    ((made,),) = rows("SELECT sql FROM sqlite_master WHERE name = 'job'")
    assert "AUTOINCREMENT" in made, "the id of a withdrawn job must never name another"


async def test_third_revision_with_data(
    path: Path, url: str, clock: StillClock, rows: Callable[[str], Rows]
) -> None:
    """A store with cases keeps all of them, and goes on with what members and moderators wait for; it is no copy."""
    before = written(path, MODERATING)

    store = await Store.open(url, clock)

    assert {name: rows(f"SELECT count(*) FROM {name}") for name in before} == before
    offered = {job.kind: (job.case_id, job.subject_id) for job in await store.next_jobs()}
    assert offered == {
        JobKind.OPEN: (None, None),
        JobKind.REPLACE: (None, None),
        JobKind.QUOTE: (None, None),
        JobKind.REVISE: (None, None),
        JobKind.RIGHTS: (None, BOB),
        JobKind.TELL: (2, BOB),
        JobKind.NOTICE: (2, None),
        JobKind.ENTER: (2, None),
        JobKind.TAKE_DOWN: (3, 62),
    }
    cases = [await known_case(store, number) for number in (1, 2, 3)]
    assert [case.state for case in cases] == [CaseState.STANDING, CaseState.REINSTATED, CaseState.OPEN]
    assert cases[0].members[0].appeal == "It was a joke."
    assert await store.suspended_until(BOB, START) == START + timedelta(days=40)
    report = await store.report_of(63)
    assert report is not None
    assert report.state is ReportState.OPEN
    assert (store.was_copy, await store.restored_at(), await store.starts(START)) == (False, None, ())
    done = await work_off(store, clock)
    assert (JobKind.TAKE_DOWN, 62) in done
    assert (JobKind.REPORT, 63) in done
    await store.close()
    assert await check(url) == []


async def test_channels_are_known_up_to_the_update(path: Path, url: str, clock: StillClock) -> None:
    """The first start after an update looks for what is unknown since the last poll, not for a month of it."""
    written(path, MODERATING)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE poll SET polled_at = '2026-11-24 11:50:00.000000'")
    store = await Store.open(url, clock)
    assert await store.audits() == {CHANNEL: Audited(START - 10 * MINUTE, None)}
    await store.close()


async def test_a_later_revision_keeps_rows_and_a_backup(
    path: Path, url: str, clock: StillClock, tmp_path: Path, rows: Callable[[str], Rows]
) -> None:
    """A migration that rebuilds a table loses nothing; the store as it was before lies beside it."""
    store = await Store.open(url, clock)
    await opened(store, clock)
    await store.apply(editing(1, "one", title="Better"))
    await store.close()

    _, lock, done = await lock_and_prepare(url, clock, with_next(tmp_path / "next"))
    lock.release()

    (kept,) = path.parent.glob("*.bak")
    assert done == (
        f"{path} is migrated from revision {Migrations().head} to 9001; as it was before, it is kept in {kept}"
    )
    assert kept.name == f"newsthread.db.{Migrations().head}-20261124T120000Z.bak"
    assert rows("SELECT thread_id, mood FROM story") == [(5001, "calm")]
    assert rows("SELECT count(*) FROM job") == [(3,)]
    assert rows("PRAGMA foreign_key_check") == []
    former_url = f"sqlite+aiosqlite:///{kept}"
    assert await check(former_url) == []
    former = await Store.open(former_url, clock)
    assert await former.story_by_thread(5001) is not None
    await former.close()


@pytest.mark.parametrize(
    ("more", "error"),
    [("raise ZeroDivisionError", ZeroDivisionError), ('op.execute("DELETE FROM article")', StoreError)],
    ids=["raises", "breaks-references"],
)
async def test_failed_migration_changes_nothing(
    path: Path, url: str, clock: StillClock, tmp_path: Path, more: str, error: type[Exception]
) -> None:
    """A migration that fails, or leaves rows that refer to nothing, is undone whole, tables included."""
    store = await Store.open(url, clock)
    await opened(store, clock)
    await store.close()

    with pytest.raises(error):
        await lock_and_prepare(url, clock, with_next(tmp_path / "next", more))

    assert await check(url) == []
    store = await Store.open(url, clock)
    assert await store.story_by_thread(5001) is not None
    await store.close()


async def test_upgrade_tells_what_it_did(path: Path, url: str, clock: StillClock) -> None:
    """Made, or nothing to do."""
    head_revision = Migrations().head
    assert await upgrade(url, clock) == f"{path} is made (revision {head_revision})"
    assert await upgrade(url, clock) == f"{path} is up to date (revision {head_revision})"


async def test_check_tells_of_an_older_store(path: Path, url: str, clock: StillClock, tmp_path: Path) -> None:
    """A store that waits for its migration is named with both revisions."""
    await upgrade(url, clock)

    (problem,) = problems(path, with_next(tmp_path / "next"))

    assert problem.startswith(
        f"{path} is at revision {Migrations().head}, this program at 9001: newsthread db"
    )


async def a_discussion(store: Store, clock: StillClock) -> None:
    """Every method on discussion, in the thread of a new story."""
    await store.apply(poll(FeedNews(FEED, CHANNEL, post=(article("e"),))))
    (job,) = [one for one in await store.next_jobs() if one.kind is JobKind.OPEN]
    job = await claim(store, clock, job)
    story_id = job.story.id
    await store.settle(job.id, Receipt(5001, 5001), None)
    await store.saw_post(story_id, THREAD, 10, BOB, Made.NATIVE, START)
    await store.rewrite(
        await quoted(store, clock, 40, wish(30, quotation(10), story_id=story_id)), "w", START
    )
    await store.requote({(await store.quotes_of(10))[0].id: "new"}, START)
    await store.collect(BOB, THREAD, quotation(40), START, START, 2)
    await store.basket(BOB, THREAD, START)
    await store.rebasket(40, "new")
    await store.empty_basket(BOB, THREAD)
    await store.prefer(BOB, QuoteMode.OFF)
    await store.quote_mode(BOB)
    for emoji in ("a", "b", "c"):
        await store.react(story_id, Reacted(40, BOB, emoji), START, frozenset("ab"), frozenset("ab"), MINUTE)
    await store.unreact(Reacted(40, BOB, "b"), START, MINUTE)
    await store.recount(story_id, 40, [Reacted(40, BOB, "a")], START, frozenset(), None, MINUTE)
    await store.clear_reactions(40, "a", START, MINUTE)
    await store.reactions_of(40)
    await store.tally(story_id=story_id, received_by=ALICE, self_reactions=False)
    await store.top_posts(START, frozenset("a"), 5, self_reactions=False)
    await store.top_stories(START, frozenset("a"), 5)
    await store.recommend(40, 0, START)
    await store.discussion(story_id, "post", False, ["a", "b"])
    await store.unrecommend(40, START)
    await store.tell(story_id, "look", START, once="k")
    await store.story_by_message(5001)
    await store.talked_about(START)
    await store.unclaimed(story_id, START)
    await store.claimed(story_id, START)
    await store.posts_since(story_id, START)
    await store.last_post_at(story_id, ALICE)
    await store.quoted_by(10)
    details = await store.post(40)
    assert details is not None
    await store.contribution(details.post.id)
    await store.revoice(details.post.id, START)
    await store.post_by_id(details.post.id)
    await store.take_back(details.post.id, START)
    await store.lost([10, 40, 99], START)


async def a_moderation(store: Store, clock: StillClock) -> None:
    """Every method on moderation, in the thread of the first story."""
    await store.saw_post(1, THREAD, 60, BOB, Made.NATIVE, START)
    await store.report(60, THREAD, 1, (BOB, "Bob"), "excerpt", ALICE, "rude", START)
    await store.report_of(60)
    await store.reported_since(ALICE, START)
    await store.report_by_token("t")
    twice = (Step(1, MINUTE, 5 * MINUTE),)
    for number in (60, 61):
        quoting = Snapshot("c", "w", (KeptFile("a", 1, "1/60-1"),), quotes=(quotation(60),))
        await open_case(store, clock, removed_post(number, snapshot=quoting), story_id=1, steps=twice)
    await store.open_case(removing(removed_post(60), origin=1), START)
    await store.files_kept(1, 60, (KeptFile("a", 1, "1/60-1"),))
    for job in await jobs_of(store, JobKind.TAKE_DOWN):
        await store.park(job.id, "refused")
    await store.open_case(removing(removed_post(60), origin=1), START)
    await work_off(store, clock)
    await store.lost([60, 61], START)
    await store.kept_paths()
    await store.edit_case(1, BOB, START, reason="r", rule=("a", "b"), noticed=False)
    await store.edit_case(1, BOB, START, noticed=True)
    await store.note_case(1, BOB, "n", START)
    await store.appeal(1, BOB, "a", START)
    await store.uphold(1, BOB, "u", START)
    await store.suspended_until(BOB, START)
    await store.suspended_at_most(BOB)
    await store.strikes(BOB)
    await store.suspensions(BOB)
    await store.lift(BOB, ALICE, "", START)
    await store.reinstate(1, BOB, "", START)
    await work_off(store, clock)
    await store.case(1)
    await store.case_of(60)
    await store.case_by_token("t")
    await store.withdrawal(1)
    await store.stands_for(60)
    where = CaseFilter(frozenset({CHANNEL}), member_id=BOB, moderator_id=ALICE, rule_id="a", thread_id=THREAD)
    await store.cases(replace(where, since=START, until=START, text="text"), 0, 5)
    await store.counts_by_month(START)
    await store.dismiss(60, BOB, START)
    await store.disappeared(START)
    await store.settle_disappeared([60])
    await store.audited({5: 1}, START)
    await store.audit_counts()
    await store.revise_now(1, START)
    await store.export(BOB)
    await store.made_for(BOB)
    await store.expire(START + MINUTE, START)
    await store.erase(BOB, START)
    await store.reposts("a", 5)
    await store.lost_thread(THREAD, START, None)
    await store.repost(1, START)


async def an_audit(store: Store) -> None:
    """Every method on audits, upkeep and sessions, with articles and a strange thread."""
    await store.note_start(START)
    await store.starts(START)
    strange = OwnThread(7001, GUILD, CHANNEL, "strange", START + MINUTE)
    await store.unknown([strange.thread_id])
    await store.found([strange, replace(strange, thread_id=7002, deleted_at=START)])
    for thorough in (False, True):
        await store.compared(CHANNEL, START, thorough=thorough)
    await store.audits()
    await store.adopt({FEED: CHANNEL})
    await store.unexplained([CHANNEL], START)
    await store.copies(CHANNEL)
    await store.standing(CHANNEL, 0)
    await store.perhaps_replaced([10])
    await store.restored_at()
    await store.was_absent(START)
    await store.waiting(5, parked_first=True)
    await store.parked(1)
    await store.unpark_all()
    await store.probe()


async def test_statements_are_portable(url: str, clock: StillClock) -> None:
    """Every statement and table of a life of the store can be said to PostgreSQL as it is."""
    store = await Store.open(url, clock)
    said: list[Any] = []
    event.listen(
        store._writer._engine.sync_engine,
        "before_execute",
        lambda _connection, statement, *_: said.append(statement),
    )
    await store.apply(
        poll(FeedNews(FEED, CHANNEL, post=(article("a"), article("b")), remember=(article("c"),)))
    )
    await store.apply(poll(FeedNews(FEED, CHANNEL, rekeyed=((3, article("d")),))))
    await store.poll_states(["x"])
    await store.initialised([FEED])
    await store.known(FEED, [article("a")])
    job = await claim(store, clock, await head(store))
    await store.recover()
    await claim(store, clock, job)
    await store.half_done(job.id, 5)
    await store.settle(job.id, Receipt(5, 5), "digest")
    await store.apply(editing(1, "a", title="A"))
    await store.apply(editing(1, "a", title="AA"))
    await store.apply(editing(1, "a", title="a", body="x"))
    await store.hold((await store.next_jobs())[0].id, START, "closed")
    await store.retarget({FEED: OTHER_CHANNEL})
    await store.removed((await store.next_jobs())[-1].id, "gone")
    await store.saw_thread(5, GUILD, CHANNEL, "t", START)
    await store.lost_thread(5, START, None)
    await store.ledger("t")
    await store.unclaimed_lost(CHANNEL, START)
    await store.story_by_token("t")
    await a_discussion(store, clock)
    done = (await store.overview()).jobs[JobState.DONE]
    await a_moderation(store, clock)
    await an_audit(store)
    overview = await store.overview()
    await store.close()

    assert done == 3
    assert overview.jobs[JobState.DONE] > 10
    statements = [one for one in said if not isinstance(one, str)]
    assert len(statements) > 500
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for statement in statements:
        assert str(statement.compile(dialect=dialect))
    for table in metadata.sorted_tables:
        assert str(CreateTable(table).compile(dialect=dialect))
        for index in table.indexes:
            assert str(CreateIndex(index).compile(dialect=dialect))


async def test_sqlite_is_spoken_in_one_module() -> None:
    """Raw SQL, pragmas and sqlite3 live in bot/store/sqlite.py alone."""
    package = FOLDER.parent
    speakers = {
        file.name
        for file in package.glob("*.py")
        if re.search(r"import sqlite3|PRAGMA|exec_driver_sql|\btext\(", file.read_text())
    }

    assert speakers == {"sqlite.py"}
