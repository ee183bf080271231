"""Tokens of openings: what a store that lost an article knows its thread by."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.model import FeedNews, Identity, JobKind, JobState, OwnThread
from bot.store.openings import opening_token
from tests.store.samples import (
    CHANNEL,
    FEED,
    GUILD,
    MINUTE,
    OTHER_CHANNEL,
    article,
    claim,
    head,
    opened,
    poll,
    posting,
)
from tests.support import START, StillClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store import Store
    from tests.store.conftest import Rows

THREAD = 5001
TOKEN = opening_token(FEED, "guid:guid-one")
texts = st.text(st.characters(exclude_characters="\0"), max_size=40)


@given(texts, texts, st.integers(0, 9), texts, texts, st.integers(0, 9))
def test_tokens(feed: str, key: str, number: int, feed2: str, key2: str, number2: int) -> None:
    """A token is the same for the same article and time, another for any other, and always one that marks can hold."""
    one, two = opening_token(feed, key, number), opening_token(feed2, key2, number2)
    assert re.fullmatch(r"[a-z2-7]{16}", one)
    assert (one == two) == ((feed, key, number) == (feed2, key2, number2))


async def test_an_article_bears_the_same_token_in_every_store(store: Store) -> None:
    """It depends on nothing but feed, article, and how often it was mirrored."""
    await store.apply(posting("one"))
    job = await head(store)
    assert job.token == opening_token(FEED, job.article.identity.key) == job.story.token


async def test_an_opening_whose_post_is_known_is_born_in_doubt(store: Store) -> None:
    """What stands on Discord is looked at before anything is sent, where it stands: the feed may have moved since."""
    key = article("one").identity.key
    token = opening_token(FEED, key)
    await store.saw_thread(THREAD, GUILD, OTHER_CHANNEL, token, START)

    await store.apply(posting("one"))

    job = await head(store)
    assert (job.state, job.attempt, job.started_at, job.recover_after) == (JobState.UNKNOWN, 0, START, START)
    assert (job.story.channel_id, job.lane) == (OTHER_CHANNEL, f"channel:{OTHER_CHANNEL}")


async def test_an_opening_that_waits_comes_into_doubt(store: Store, clock: StillClock) -> None:
    """So does one that was not sent yet when its post is seen, or is told to have been deleted."""
    await store.apply(posting("one"))
    await store.apply(posting("two", channel_id=OTHER_CHANNEL))
    one, two = await store.next_jobs()
    await store.saw_thread(THREAD, GUILD, CHANNEL, one.token, START - MINUTE)
    gone = OwnThread(THREAD + 1, None, None, two.token, START - MINUTE, START)
    await store.found([gone])

    assert [(job.state, job.started_at) for job in await store.next_jobs()] == [
        (JobState.UNKNOWN, START - MINUTE)
    ] * 2
    assert await store.ledger(two.token) == gone


async def test_what_is_under_way_is_left_alone(store: Store, clock: StillClock) -> None:
    """The gateway tells of a thread before its receipt comes."""
    await store.apply(posting("one"))
    job = await claim(store, clock, await head(store))
    await store.saw_thread(THREAD, GUILD, CHANNEL, job.token, START)
    assert (await head(store)).state is JobState.SENDING


async def test_a_key_that_goes_to_another_article(store: Store, clock: StillClock) -> None:
    """A feed that gives an article another key, and the former one to a new article, gets a thread for that, too."""
    first = await opened(store, clock, "one")
    old = article("one")
    moved = article("one", identity=Identity("guid-new", old.identity.link, old.identity.digest))
    other = article("other", identity=Identity(old.identity.guid, "news.example/other", "digest-other"))

    await store.apply(
        poll(FeedNews(FEED, CHANNEL, rekeyed=((first.story.article_id, moved),), post=(other,)))
    )

    job = await head(store)
    assert (job.kind, job.article.title) == (JobKind.OPEN, "other")
    assert job.token == opening_token(FEED, old.identity.key, 1)


async def test_mirrored_anew(store: Store, clock: StillClock) -> None:
    """Each time has a token of its own, but for those that were deleted already, as by a store that is no more."""
    first = await opened(store, clock, "one", THREAD)
    await store.lost_thread(THREAD, START, None)
    key = first.article.identity.key
    await store.found([OwnThread(THREAD + 1, GUILD, CHANNEL, opening_token(FEED, key, 1), START, START)])

    assert await store.repost(first.story.id, clock.now())

    assert (await head(store)).token == opening_token(FEED, key, 2)


async def test_tombstones_stay(store: Store, rows: Callable[[str], Rows]) -> None:
    """A deleted thread that the audit log named is not forgotten with the nameless ones, though its channel is not told."""
    await store.found([OwnThread(THREAD, token="tok", created_at=START, deleted_at=START)])
    await store.lost_thread(7001, START + timedelta(days=3), None)
    assert rows("SELECT thread_id FROM own_thread ORDER BY thread_id") == [(THREAD,), (7001,)]
