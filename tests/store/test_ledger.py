"""The ledger of own threads: told in any order, any number of times."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from bot.model import OwnThread, Receipt
from tests.store.conftest import Rows
from tests.store.samples import CHANNEL, GUILD, OTHER_CHANNEL, claim, head, opened, posting
from tests.support import START, StillClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store import Store

THREAD = 5001
MOD = 1300000000000003003
DAY = timedelta(days=1)


async def test_seen(store: Store) -> None:
    """A thread is found by the token of its delivery."""
    for _ in range(2):
        await store.saw_thread(THREAD, GUILD, CHANNEL, "tok", START)

    assert await store.ledger("tok") == OwnThread(THREAD, GUILD, CHANNEL, "tok", START)
    assert await store.ledger("other") is None


@pytest.mark.parametrize("order", list(permutations(["thread", "message", "lost", "receipt"])), ids="-".join)
async def test_any_order(store: Store, clock: StillClock, order: tuple[str, ...]) -> None:
    """Gateway events and the receipt make the same entry, whichever comes first and however often."""
    await store.apply(posting("one"))
    job = await claim(store, clock, await head(store))
    clock.advance(30)
    for _ in range(2):
        for event in order:
            if event == "thread":
                await store.saw_thread(THREAD, GUILD, CHANNEL, None, START)
            elif event == "message":
                await store.saw_thread(THREAD, GUILD, CHANNEL, job.token, START)
            elif event == "lost":
                await store.lost_thread(THREAD, START + timedelta(minutes=1), MOD)
            else:
                await store.settle(job.id, Receipt(THREAD, THREAD), None)

    assert await store.ledger(job.token) == OwnThread(
        THREAD, GUILD, CHANNEL, job.token, START, START + timedelta(minutes=1), MOD
    )


async def test_receipt_alone(store: Store, clock: StillClock) -> None:
    """A receipt makes an entry before the gateway tells of it."""
    job = await opened(store, clock, thread_id=THREAD)

    assert await store.ledger(job.token) == OwnThread(THREAD, None, CHANNEL, job.token, START)


async def test_first_deletion_stands(store: Store) -> None:
    """A deletion told twice keeps its time; who did it may be learnt later."""
    await store.lost_thread(THREAD, START, None)
    await store.lost_thread(THREAD, START + DAY / 2, MOD)
    await store.saw_thread(THREAD, GUILD, CHANNEL, "tok", START)

    found = await store.ledger("tok")
    assert found is not None
    assert (found.deleted_at, found.deleted_by) == (START, MOD)


async def test_of_several_with_one_token_the_oldest_that_exists(store: Store) -> None:
    """A second copy that was deleted does not make the post a deleted one."""
    for thread in (THREAD + 2, THREAD, THREAD + 1):
        await store.saw_thread(thread, GUILD, CHANNEL, "tok", START)
    await store.lost_thread(THREAD, START, None)

    found = await store.ledger("tok")

    assert found is not None
    assert (found.thread_id, found.deleted_at) == (THREAD + 1, None)


async def test_unclaimed_lost(store: Store, clock: StillClock) -> None:
    """Nameless, ours, deleted, of that channel, young enough: only these may be the post that is looked for."""
    await opened(store, clock, "one", 5001)
    for thread, parent, token, made in (
        (5001, CHANNEL, None, START),  # belongs to a story
        (5002, CHANNEL, "tok", START),  # has a name
        (5003, CHANNEL, None, START - DAY),  # too old
        (5004, OTHER_CHANNEL, None, START),  # elsewhere
        (5005, CHANNEL, None, START),  # the one
    ):
        await store.saw_thread(thread, GUILD, parent, token, made)
        await store.lost_thread(thread, START, None)
    await store.saw_thread(5006, GUILD, CHANNEL, None, START)  # exists
    await store.lost_thread(5007, START, None)  # a stranger's

    lost = await store.unclaimed_lost(CHANNEL, START - timedelta(seconds=30))

    assert lost == (OwnThread(5005, GUILD, CHANNEL, None, START, START, None),)


async def test_strangers_are_forgotten(store: Store, rows: Callable[[str], Rows]) -> None:
    """Deleted messages that nobody claims do not pile up; what is ours stays."""
    await store.saw_thread(5001, GUILD, CHANNEL, "tok", START)
    await store.lost_thread(5001, START, None)
    await store.lost_thread(7001, START, None)
    await store.lost_thread(7002, START + DAY, None)

    await store.lost_thread(7003, START + DAY + timedelta(seconds=1), None)

    assert rows("SELECT thread_id FROM own_thread ORDER BY thread_id") == [(5001,), (7002,), (7003,)]
