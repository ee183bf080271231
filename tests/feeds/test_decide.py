"""What is new, edited or merely renamed; in what order; never by date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.decide import decide, oldest_first
from bot.model import Article, FeedNews, Identity, Known, ParsedFeed
from bot.settings.keys import Feed
from tests.support import START


def _article(
    name: str, *, guid: str | None = "", link: str | None = None, day: int | None = None, text: str = ""
) -> Article:
    """An article whose guid is its name unless told otherwise; ``day`` is one of November 2026."""
    identity = Identity(name if guid == "" else guid, link, f"digest-{name}")
    published = datetime(2026, 11, day, tzinfo=UTC) if day else None
    return Article(identity, link, name, None, published, None, text, text, None, fingerprint=f"{name}{text}")


def _known(articles: Sequence[Article]) -> list[Known]:
    return [
        Known(number, one.identity.key, one.identity.link, one.fingerprint)
        for number, one in enumerate(articles, start=1)
    ]


def _decide(
    articles: Sequence[Article], known: Sequence[Known] = (), *, initialised: bool = True, backfill: int = 0
) -> FeedNews:
    feed = Feed(id="world", url="https://x.example/rss", channel_id=1 << 40, backfill=backfill)
    return decide(feed, initialised, ParsedFeed("News", None, "rss20", tuple(articles)), known, START)


def _titles(articles: Sequence[Article]) -> str:
    return " ".join(article.title for article in articles)


# --- first sight ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("backfill", "posted", "remembered"),
    [(0, "", "a b c"), (1, "c", "a b"), (2, "b c", "a"), (3, "a b c", ""), (100, "a b c", "")],
)
def test_first_sight_posts_the_newest(backfill: int, posted: str, remembered: str) -> None:
    """Of a feed never read the newest ``backfill`` articles are posted, oldest first; the rest is remembered."""
    news = _decide([_article("c"), _article("b"), _article("a")], initialised=False, backfill=backfill)

    assert (_titles(news.post), _titles(news.remember)) == (posted, remembered)
    assert (news.feed_id, news.channel_id) == ("world", 1 << 40)


def test_first_sight_with_articles_known() -> None:
    """What the store has already is neither posted nor remembered once more."""
    a, b = _article("a"), _article("b")

    news = _decide([b, a], _known([a]), initialised=False, backfill=5)

    assert (_titles(news.post), news.remember) == ("b", ())


# --- later ------------------------------------------------------------------------------------------


def test_unknown_articles_are_posted_whatever_their_date() -> None:
    """An article that turns up with an old date, or none, is new all the same."""
    old, plain, known = _article("old", day=1), _article("plain"), _article("known", day=20)

    news = _decide([known, old, plain], _known([known]))

    assert set(news.post) == {old, plain}
    assert news.remember == news.changed == news.rekeyed == ()


def test_an_edited_article_is_changed_once() -> None:
    """Another fingerprint under a known key is an edit of that article."""
    before, after = _article("a", text="old"), _article("a", text="new")

    news = _decide([after, _article("b")], _known([before, _article("b")]))

    assert news == FeedNews("world", 1 << 40, changed=((1, after),))


def test_nothing_happens_when_all_is_known() -> None:
    """A poll of what is there already means nothing."""
    articles = [_article("a"), _article("b", link="https://x.example/b")]

    assert _decide(articles, _known(articles)) == FeedNews("world", 1 << 40)


# --- keys that change -------------------------------------------------------------------------------


def _batch(count: int, mark: str, link: str = "https://x.example/{}") -> list[Article]:
    return [_article(f"{mark}{n}", link=link.format(n)) for n in range(count)]


def test_a_feed_that_rewrites_its_guids_posts_nothing() -> None:
    """New guids over known links all through a feed: the articles move to their new keys."""
    news = _decide(_batch(6, "new"), _known(_batch(6, "old")))

    assert news.post == ()
    assert [number for number, _ in news.rekeyed] == [1, 2, 3, 4, 5, 6]


def test_a_rewrite_with_truly_new_articles() -> None:
    """In a rewritten feed what has a new link as well is new."""
    news = _decide(
        [_article("fresh", link="https://x.example/fresh"), *_batch(6, "new")], _known(_batch(6, "old"))
    )

    assert _titles(news.post) == "fresh"
    assert len(news.rekeyed) == 6


@pytest.mark.parametrize(("moved", "kept"), [(4, 0), (3, 2), (6, 4)])
def test_a_few_matching_links_are_no_rewrite(moved: int, kept: int) -> None:
    """Under five articles, or up to 60 % of them, a known link under a new guid is a new article."""
    same = [_article(f"same{n}") for n in range(kept)]

    news = _decide([*_batch(moved, "new"), *same], _known([*_batch(moved, "old"), *same]))

    assert len(news.post) == moved
    assert news.rekeyed == ()


def test_a_shared_link_is_never_a_rewrite() -> None:
    """Ten new episodes that link to the podcast's page, as ten old ones did, are ten new articles."""
    link = "https://x.example/podcast"

    news = _decide(_batch(10, "new", link), _known(_batch(10, "old", link)))

    assert len(news.post) == 10


def test_a_guid_that_appears_or_disappears() -> None:
    """Where one side has no guid the link is the identity."""
    without, with_guid = (
        _article("a", guid=None, link="https://x.example/a"),
        _article("g", link="https://x.example/a"),
    )

    gained, lost = _decide([with_guid], _known([without])), _decide([without], _known([with_guid]))

    assert gained.rekeyed == ((1, with_guid),)
    assert lost.rekeyed == ((1, without),)
    assert gained.post == lost.post == ()


def test_a_guid_that_moves_to_https() -> None:
    """Guids that are addresses are the same when only their scheme or tracking differs."""
    old = _article("http://x.example/a", link="https://x.example/a")
    new = _article("https://x.example/a?utm_source=y", link="https://x.example/a")

    assert _decide([new], _known([old])).rekeyed == ((1, new),)


# --- order ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("articles", "order"),
    [
        ([_article("c"), _article("b"), _article("a")], "a b c"),
        ([_article("c", day=3), _article("b", day=2), _article("a", day=1)], "a b c"),
        ([_article("a", day=1), _article("b", day=2), _article("c", day=3)], "a b c"),
        ([_article("b", day=2), _article("c", day=3), _article("a", day=1)], "a b c"),
        ([_article("d", day=4), _article("c"), _article("b"), _article("a", day=1)], "a b c d"),
        ([_article("a", day=1), _article("b"), _article("c", day=3), _article("d")], "a b c d"),
        ([_article("c", day=1), _article("b", day=1), _article("a", day=1)], "a b c"),
        ([_article("c"), _article("b", day=2), _article("a")], "a b c"),
        ([], ""),
    ],
)
def test_oldest_first(articles: list[Article], order: str) -> None:
    """By date, then by place; documents run backwards unless their dates say otherwise."""
    assert _titles(_decide(articles).post) == order


def test_dates_in_the_future_do_not_count() -> None:
    """A date more than an hour ahead is taken away and orders nothing; one within is kept."""
    far, near = _article("far"), _article("near")
    far = replace(far, published=START + timedelta(hours=2), updated=START)
    near = replace(near, published=START + timedelta(minutes=59))

    first, second = _decide([near, far]).post

    assert (first.title, first.published, first.updated) == ("far", None, START)
    assert (second.title, second.published) == ("near", START + timedelta(minutes=59))


def test_changed_articles_lose_impossible_dates_too() -> None:
    """No article leaves here with a date in the future."""
    late = replace(_article("a", text="new"), published=START + timedelta(days=9))

    ((_, article),) = _decide([late], _known([_article("a")])).changed

    assert article.published is None


# --- always -----------------------------------------------------------------------------------------

_names = st.integers(0, 12).map(str)
_articles = st.builds(
    _article,
    _names,
    guid=st.sampled_from(["", None]),
    link=st.none() | _names.map("https://x.example/{}".format),
    day=st.none() | st.integers(1, 24),
    text=st.sampled_from(["", "edited"]),
)
_unique = st.lists(_articles, max_size=14, unique_by=lambda article: article.identity.key)


@given(articles=_unique, stored=_unique, initialised=st.booleans(), backfill=st.integers(0, 9))
def test_every_article_meets_one_fate(
    articles: list[Article], stored: list[Article], initialised: bool, backfill: int
) -> None:
    """Posted, remembered, changed, rekeyed and unchanged partition the document; nothing known is posted."""
    known = _known(stored)
    keys = {one.key: one for one in known}

    news = _decide(articles, known, initialised=initialised, backfill=backfill)

    fates = [article.identity.key for article in (*news.post, *news.remember)]
    fates += [article.identity.key for _, article in (*news.changed, *news.rekeyed)]
    unchanged = [
        a for a in articles if a.identity.key in keys and keys[a.identity.key].fingerprint == a.fingerprint
    ]
    assert sorted([*fates, *(article.identity.key for article in unchanged)]) == sorted(
        article.identity.key for article in articles
    )
    assert not {article.identity.key for article in (*news.post, *news.remember)} & keys.keys()
    assert len({number for number, _ in news.rekeyed}) == len(news.rekeyed)
    assert not {number for number, _ in news.rekeyed} & {number for number, _ in news.changed}
    if initialised:
        assert news.remember == ()
    else:
        assert len(news.post) <= backfill


@given(articles=_unique)
def test_posts_are_in_order_of_their_dates(articles: list[Article]) -> None:
    """Among dated articles none is posted before an older one."""
    dates = [article.published for article in _decide(articles).post if article.published]

    assert dates == sorted(dates)


@given(articles=_unique, backfill=st.integers(0, 9))
def test_a_second_poll_of_the_same_document_means_nothing(articles: list[Article], backfill: int) -> None:
    """What a poll decided, once stored, is decided."""
    first = _decide(articles, initialised=False, backfill=backfill)

    assert _decide(articles, _known([*first.post, *first.remember])) == FeedNews("world", 1 << 40)


@given(articles=_unique, dates=st.randoms(use_true_random=False))
def test_dates_never_decide_what_is_new(articles: list[Article], dates: object) -> None:
    """Taking all dates away changes the order of posts, never their set."""
    bare = [replace(article, published=None) for article in articles]

    def keys(chosen: Sequence[Article]) -> set[str]:
        return {article.identity.key for article in chosen}

    assert keys(_decide(articles).post) == keys(_decide(bare).post)


@given(articles=_unique)
def test_ordering_keeps_every_article(articles: list[Article]) -> None:
    """oldest_first is a permutation."""
    parsed = ParsedFeed("", None, "rss20", tuple(articles))

    assert sorted(a.id for a in oldest_first(articles, parsed, START)) == sorted(a.id for a in articles)
