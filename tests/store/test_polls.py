"""What one poll leaves behind, and what the next one is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

from bot.model import (
    Failure,
    FailureKind,
    FeedNews,
    Identity,
    JobKind,
    JobState,
    Known,
    PollState,
    PollUpdate,
    Validators,
)
from bot.store import Store
from tests.store.samples import CHANNEL, FEED, URL, article, editing, head, poll, posting
from tests.support import START, StillClock


async def test_poll_state_comes_back_as_it_went_in(store: Store) -> None:
    """Everything that is remembered of an address survives, failure and validators byte for byte."""
    state = PollState(
        URL,
        Validators('W/"a-gzip"', "Sun, 01 Nov 2026 08:00:00 GMT"),
        "f" * 64,
        next_at=START + timedelta(minutes=5),
        polled_at=START,
        succeeded_at=START - timedelta(days=1, microseconds=7),
        failures=3,
        failure=Failure(FailureKind.LIMITED, "news.example asks to wait", 90.5),
    )

    await store.apply(PollUpdate(state))
    states = await store.poll_states([URL, "https://new.example/"])

    assert states == {URL: state, "https://new.example/": PollState("https://new.example/")}


async def test_later_poll_replaces_the_state(store: Store) -> None:
    """A poll that goes well leaves nothing of the failure before it."""
    await store.apply(PollUpdate(PollState(URL, failures=2, failure=Failure(FailureKind.SERVER, "500"))))
    well = PollState(URL, Validators('"2"'), "a" * 64, polled_at=START, succeeded_at=START)

    await store.apply(PollUpdate(well))

    assert await store.poll_states([URL]) == {URL: well}


async def test_times_of_any_offset_come_back_in_utc(store: Store) -> None:
    """A moment is kept, whatever offset it was written with."""
    moment = START.astimezone(timezone(timedelta(hours=5, minutes=45)))

    await store.apply(PollUpdate(PollState(URL, polled_at=moment)))

    polled_at = (await store.poll_states([URL]))[URL].polled_at
    assert polled_at == START
    assert polled_at is not None
    assert polled_at.utcoffset() == timedelta(0)


async def test_feed_is_initialised_once_it_was_read(store: Store) -> None:
    """A read feed is initialised even when it was empty; one that failed is not."""
    await store.apply(PollUpdate(PollState(URL, failures=1)))
    assert await store.initialised([FEED, "empty"]) == frozenset()

    await store.apply(poll(FeedNews("empty", CHANNEL)))

    assert await store.initialised([FEED, "empty"]) == {"empty"}


async def test_posted_article_becomes_story_and_job(store: Store) -> None:
    """The job has the article whole, word for word, and a token that is the story's."""
    written = await store.apply(posting("one"))

    job = await head(store)
    assert written == 1
    assert job.article == article("one")
    assert (job.kind, job.state, job.attempt, job.lane) == (
        JobKind.OPEN,
        JobState.PENDING,
        0,
        f"channel:{CHANNEL}",
    )
    assert job.token == job.story.token
    assert (job.story.feed_id, job.story.channel_id, job.story.first_seen) == (FEED, CHANNEL, START)
    assert job.not_before == START


async def test_article_with_nothing_in_it(store: Store) -> None:
    """What a feed leaves out stays out."""
    bare = article(
        "bare",
        identity=Identity(None, None, "d"),
        url=None,
        title="",
        author=None,
        published=None,
        summary="",
        body="",
        image=None,
        categories=(),
        enclosures=(),
        source="",
    )
    await store.apply(poll(FeedNews(FEED, CHANNEL, post=(bare,))))

    assert (await head(store)).article == bare


async def test_remembered_article_is_known_and_not_posted(store: Store) -> None:
    """Backfill: what is remembered makes no job."""
    written = await store.apply(poll(FeedNews(FEED, CHANNEL, remember=(article("old"), article("older")))))

    assert written == 0
    assert await store.next_jobs() == ()
    assert len(await store.known(FEED, [article("old"), article("older")])) == 2


async def test_known_by_key_or_link(store: Store) -> None:
    """An article counts as known by its key or its link, within its own feed only."""
    one = article("one")
    await store.apply(poll(FeedNews(FEED, CHANNEL, remember=(one, article("two")))))
    known = Known(1, "guid:guid-one", "news.example/one", one.fingerprint)

    same_guid = replace(one, identity=Identity("guid-one", "elsewhere", "x"))
    same_link = replace(one, identity=Identity("other", "news.example/one", "x"))
    no_link = replace(one, identity=Identity("other", None, "digest-one"))

    assert await store.known(FEED, [same_guid]) == (known,)
    assert await store.known(FEED, [same_link]) == (known,)
    assert await store.known(FEED, [same_guid, same_link]) == (known,)
    assert await store.known(FEED, [no_link]) == ()
    assert await store.known("sport", [one]) == ()


async def test_known_of_a_very_long_feed(store: Store) -> None:
    """More articles than fit into one statement are asked for in several."""
    many = tuple(article(f"n{number}") for number in range(1201))
    await store.apply(poll(FeedNews(FEED, CHANNEL, remember=many)))

    known = await store.known(FEED, many)

    assert [one.key for one in known] == [one.identity.key for one in many]


async def test_same_news_twice(store: Store) -> None:
    """Applied again, news posts, remembers and revises nothing a second time."""
    first = poll(FeedNews(FEED, CHANNEL, post=(article("one"),), remember=(article("old"),)))
    assert await store.apply(first) == 1
    assert await store.apply(first) == 0
    assert await store.apply(poll(FeedNews(FEED, CHANNEL, post=(article("old"),)))) == 0
    assert await store.apply(poll(FeedNews(FEED, CHANNEL, remember=(article("one"),)))) == 0

    overview = await store.overview()
    assert (overview.feeds[FEED].articles, overview.jobs[JobState.PENDING]) == (2, 1)


async def test_an_article_twice_in_one_poll(store: Store) -> None:
    """Of two articles with one key the first counts."""
    twice = (article("one"), article("one", title="Another"))

    assert await store.apply(poll(FeedNews(FEED, CHANNEL, post=twice))) == 1
    assert (await head(store)).article.title == "one"


async def test_same_key_in_two_feeds(store: Store) -> None:
    """Identity is a feed's own: two feeds with the same guid are two articles."""
    news = (
        FeedNews(FEED, CHANNEL, post=(article("one"),)),
        FeedNews("sport", CHANNEL, post=(article("one"),)),
    )

    assert await store.apply(poll(*news)) == 2


async def test_rekeyed_article_keeps_its_words(store: Store) -> None:
    """Under a new guid only the identity moves."""
    await store.apply(poll(FeedNews(FEED, CHANNEL, post=(article("one"),))))
    identity = Identity("new-guid", "news.example/one", "new-digest")
    moved = article("one", identity=identity, title="Ignored", fingerprint="ignored")

    for _ in range(2):
        assert await store.apply(poll(FeedNews(FEED, CHANNEL, rekeyed=((1, moved),)))) == 0

    assert (await head(store)).article == article("one", identity=identity)
    assert [one.key for one in await store.known(FEED, [moved])] == ["guid:new-guid"]


async def test_rekeying_to_a_taken_key_changes_nothing(store: Store) -> None:
    """Two articles never share a key."""
    await store.apply(poll(FeedNews(FEED, CHANNEL, remember=(article("one"), article("two")))))

    await store.apply(poll(FeedNews(FEED, CHANNEL, rekeyed=((1, article("two")),))))

    keys = [one.key for one in await store.known(FEED, [article("one"), article("two")])]
    assert keys == ["guid:guid-one", "guid:guid-two"]


async def test_edit_of_a_remembered_article_makes_no_job(store: Store) -> None:
    """What was never posted is rewritten, so that it is not taken for edited again."""
    await store.apply(poll(FeedNews(FEED, CHANNEL, remember=(article("one"),))))

    assert await store.apply(editing(1, "one", title="One, corrected")) == 0

    (known,) = await store.known(FEED, [article("one")])
    assert known.fingerprint == article("one", title="One, corrected").fingerprint
    assert await store.next_jobs() == ()


async def test_edit_of_another_feeds_article_changes_nothing(store: Store) -> None:
    """An id reaches only into its own feed."""
    await store.apply(posting("one"))
    foreign = FeedNews(
        "sport", CHANNEL, changed=((1, article("one", title="X")),), rekeyed=((1, article("y")),)
    )

    assert await store.apply(poll(foreign)) == 0
    assert (await head(store)).article == article("one")


async def test_title_and_warnings_stay_until_the_feed_is_read_again(store: Store, clock: StillClock) -> None:
    """A poll that did not read the feed keeps what the last reading said."""
    read = PollUpdate(PollState(URL), "Courier", ("a date is odd",), (FeedNews(FEED, CHANNEL),))
    await store.apply(read)
    await store.apply(PollUpdate(PollState(URL, failures=1)))
    await store.apply(replace(read, title=None, warnings=()))

    feed = (await store.overview()).feeds[FEED]
    assert (feed.title, feed.warnings) == ("Courier", ("a date is odd",))

    await store.apply(replace(read, title="New Courier", warnings=()))
    feed = (await store.overview()).feeds[FEED]
    assert (feed.title, feed.warnings) == ("New Courier", ())
