"""Which articles of a poll are new, which were edited, which merely changed their ids. Pure policy, no I/O.

A date never makes an article new or old; it only puts new ones in order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.model import Article, FeedNews, Known, ParsedFeed
from bot.text.links import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.settings.keys import Feed

CLOCK_ERROR = timedelta(hours=1)  # a publisher's clock may be ahead of ours by so much
REWRITE_MIN, REWRITE_SHARE = 5, 0.6


def decide(
    feed: Feed, initialised: bool, parsed: ParsedFeed, known: Sequence[Known], now: datetime
) -> FeedNews:
    """What ``parsed`` means for ``feed``.

    ``known`` holds the feed's stored articles that match any key or link in ``parsed``; ``initialised`` tells
    whether the feed was ever read. The first time, only the newest ``feed.backfill`` articles are posted.
    """
    by_key = {one.key: one for one in known}
    unknown, changed = [], []
    seen = set()
    for article in parsed.articles:
        key = article.identity.key
        if key in seen:
            continue
        seen.add(key)
        match = by_key.get(key)
        if match is None:
            unknown.append(article)
        elif match.fingerprint != article.fingerprint:
            changed.append((match.article_id, _plausible(article, now)))
    strangers = [one for one in known if one.key not in seen]
    rekeyed = _same_under_another_key(unknown, strangers, len(seen))
    new = oldest_first([article for article in unknown if article.identity.key not in rekeyed], parsed, now)
    post = new if initialised else new[len(new) - min(feed.backfill, len(new)) :]
    return FeedNews(
        feed.id,
        feed.channel_id,
        post=post,
        remember=new[: len(new) - len(post)],
        changed=tuple(changed),
        rekeyed=tuple(rekeyed.values()),
    )


def oldest_first(articles: Iterable[Article], parsed: ParsedFeed, now: datetime) -> tuple[Article, ...]:
    """``articles``, some of those of ``parsed``, in the order they were published, with implausible dates removed.

    Where dates are missing or equal the place in the document decides: feeds list the newest first, except those
    whose dates show the opposite. An article without a date stays behind the one it follows.
    """
    order = list(parsed.articles)
    if not _ascending(order, now):
        order.reverse()
    wanted = {article.identity.key for article in articles}
    chosen = [_plausible(article, now) for article in order if article.identity.key in wanted]
    dates = [article.published or article.updated for article in chosen]
    moment = next((date for date in dates if date), now)
    moments = []
    for date in dates:
        moment = date or moment
        moments.append(moment)
    return tuple(
        article for _, article in sorted(zip(moments, chosen, strict=True), key=lambda pair: pair[0])
    )


def _ascending(articles: Sequence[Article], now: datetime) -> bool:
    dates = [date for one in articles if (date := one.published or one.updated) and date <= now + CLOCK_ERROR]
    pairs = list(pairwise(dates))
    return sum(a < b for a, b in pairs) > sum(a > b for a, b in pairs)


def _plausible(article: Article, now: datetime) -> Article:
    """The article without dates that lie in the future."""
    limit = now + CLOCK_ERROR
    if all(date is None or date <= limit for date in (article.published, article.updated)):
        return article
    published, updated = (
        date if date is None or date <= limit else None for date in (article.published, article.updated)
    )
    return replace(article, published=published, updated=updated)


def _same_under_another_key(
    unknown: Sequence[Article], strangers: Sequence[Known], total: int
) -> dict[str, tuple[int, Article]]:
    """Articles whose key is new but which the store has, by their new key, with the id they have there.

    A link alone proves little, since a podcast's episodes may share theirs. It does where one side has no guid
    and the link is its identity, where both guids are addresses that differ in nothing but their writing, and
    where most of a feed's guids changed at once: then its program changed, not its contents.
    """
    by_link = defaultdict(list)
    for one in strangers:
        if one.link:
            by_link[one.link].append(one)
    shared = Counter(article.identity.link for article in unknown)
    certain: dict[str, tuple[int, Article]] = {}
    rewritten: dict[str, tuple[int, Article]] = {}
    for article in unknown:
        identity = article.identity
        candidates = by_link.get(identity.link or "", [])
        if len(candidates) != 1 or shared[identity.link] != 1:
            continue
        match = candidates[0]
        guid = _guid(match)
        if guid is None or identity.guid is None or _same_address(guid, identity.guid):
            certain[identity.key] = (match.article_id, article)
        else:
            rewritten[identity.key] = (match.article_id, article)
    moved = len(certain) + len(rewritten)
    return certain | rewritten if total >= REWRITE_MIN and moved > REWRITE_SHARE * total else certain


def _guid(one: Known) -> str | None:
    kind, _, guid = one.key.partition(":")
    return guid if kind == "guid" else None


def _same_address(one: str, other: str) -> bool:
    web = ("http://", "https://")
    return one.startswith(web) and other.startswith(web) and normalise(one) == normalise(other)
