"""Articles, polls and shortcuts for tests of the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.model import (
    Article,
    Enclosure,
    FeedNews,
    Identity,
    Job,
    PollState,
    PollUpdate,
    Receipt,
    Validators,
)

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.store import Store

URL = "https://news.example/world.rss"
FEED = "world"
CHANNEL = 1300000000000002000
OTHER_CHANNEL = 1300000000000002001
GUILD = 1300000000000001000
MINUTE = timedelta(minutes=1)


def article(name: str, **changes: Any) -> Article:
    """An article with something in every field; its title is its name unless changed."""
    title = changes.pop("title", name)
    body = changes.pop("body", f"Body of {name} – «Ünïcödé» 日本 \U0001f4f0")
    fields: dict[str, Any] = {
        "identity": Identity(f"guid-{name}", f"news.example/{name}", f"digest-{name}"),
        "url": f"https://news.example/{name}",
        "title": title,
        "author": "A. Writer",
        "published": datetime(2026, 11, 1, 8, 30, 0, 123456, tzinfo=UTC),
        "updated": None,
        "summary": "In short.",
        "body": body,
        "image": "https://news.example/lead.jpg",
        "fingerprint": f"{title}|{body}"[:64],
        "categories": ("World", "Science"),
        "enclosures": (Enclosure("https://news.example/a.mp3", "audio/mpeg", 12345),),
        "source": "The Test Courier",
    }
    return Article(**(fields | changes))


def poll(*news: FeedNews, title: str | None = "The Test Courier", **state: Any) -> PollUpdate:
    return PollUpdate(PollState(URL, Validators('W/"1"', "Tue"), **state), title, (), news)


def posting(*names: str, feed_id: str = FEED, channel_id: int = CHANNEL) -> PollUpdate:
    """A poll that posts articles of these names."""
    return poll(FeedNews(feed_id, channel_id, post=tuple(article(name) for name in names)))


def editing(article_id: int, name: str, **changes: Any) -> PollUpdate:
    """A poll that finds the article of this name changed."""
    return poll(FeedNews(FEED, CHANNEL, changed=((article_id, article(name, **changes)),)))


async def claim(store: Store, clock: Clock, job: Job) -> Job:
    deadline = clock.now() + timedelta(seconds=30)
    return await store.claim(job.id, deadline, deadline + timedelta(seconds=150))


async def head(store: Store) -> Job:
    """The only job that is offered."""
    (job,) = await store.next_jobs()
    return job


async def opened(store: Store, clock: Clock, name: str = "one", thread_id: int = 5001) -> Job:
    """A story whose thread exists: its OPEN job, as claimed."""
    await store.apply(posting(name))
    job = await claim(store, clock, await head(store))
    await store.settle(job.id, Receipt(message_id=thread_id, thread_id=thread_id), "digest-1")
    return job
