"""Articles, polls and shortcuts for tests of the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.model import (
    Article,
    Case,
    CaseKind,
    CasePost,
    Contribution,
    Enclosure,
    FeedNews,
    Identity,
    Job,
    JobKind,
    Made,
    NewCase,
    PollState,
    PollUpdate,
    Quotation,
    QuoteMode,
    Receipt,
    Snapshot,
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


# --- discussion ------------------------------------------------------------------------------------------

THREAD = 5001
STORY = 1
ALICE, BOB, CAROL = 301, 302, 303
PAUSE = MINUTE
AVATAR = "https://cdn.discordapp.com/embed/avatars/0.png"


def quotation(source_id: int, text: str = "said", **changes: Any) -> Quotation:
    fields: dict[str, Any] = {
        "source_id": source_id,
        "thread_id": THREAD,
        "author_id": BOB,
        "name": "Bob",
        "at": datetime(2026, 11, 24, 11, 0, tzinfo=UTC),
        "text": text,
    }
    return Quotation(**(fields | changes))


def wish(native_id: int | None, *quotations: Quotation, **changes: Any) -> Contribution:
    """What Alice's native reply becomes, or, without one, what she typed."""
    fields: dict[str, Any] = {
        "origin": native_id or 900,
        "story_id": STORY,
        "thread_id": THREAD,
        "author_id": ALICE,
        "name": "Alice",
        "avatar": AVATAR,
        "mode": QuoteMode.REPOST,
        "quotations": quotations,
        "at": datetime(2026, 11, 24, 11, 59, 58, tzinfo=UTC),
        "words": None if native_id else "typed",
        "native_id": native_id,
    }
    return Contribution(**(fields | changes))


async def jobs_of(store: Store, kind: JobKind) -> list[Job]:
    return [job for job in await store.next_jobs() if job.kind is kind]


async def quoting_job(store: Store, clock: Clock) -> Job:
    """The story's next QUOTE job, claimed."""
    (job,) = await jobs_of(store, JobKind.QUOTE)
    return await claim(store, clock, job)


async def quoted(
    store: Store, clock: Clock, message_id: int, contribution: Contribution, webhook_id: int | None = 77
) -> int:
    """The id of a post that was asked for and is on Discord as this message."""
    post_id = await store.contribute(contribution, clock.now())
    assert post_id is not None
    job = await quoting_job(store, clock)
    await store.settle(job.id, Receipt(message_id, webhook_id=webhook_id, words="answer"), None)
    return post_id


async def said(store: Store, message_id: int, author_id: int = BOB, at: datetime | None = None) -> None:
    """A member's own message in the thread."""
    made_at = at or datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
    await store.saw_post(STORY, THREAD, message_id, author_id, Made.NATIVE, made_at)


# --- moderation ------------------------------------------------------------------------------------------

MIA = 201  # a moderator


def removed_post(
    message_id: int, author_id: int | None = BOB, words: str = "He was paid.", **changes: Any
) -> CasePost:
    """A post as a moderator saw it, with nothing in it but words unless ``snapshot`` is changed."""
    fields: dict[str, Any] = {
        "message_id": message_id,
        "thread_id": THREAD,
        "author_id": author_id,
        "name": f"Member {author_id}",
        "avatar": AVATAR,
        "made": Made.NATIVE,
        "at": datetime(2026, 11, 24, 11, 0, tzinfo=UTC),
        "snapshot": Snapshot(words, words),
    }
    return CasePost(**(fields | changes))


def removing(*posts: CasePost, **changes: Any) -> NewCase:
    """Mia removes posts."""
    fields: dict[str, Any] = {
        "origin": 7000 + posts[0].message_id if posts else 7000,
        "kind": CaseKind.REMOVAL,
        "moderator_id": MIA,
        "reason": "claimed a member was paid to post",
        "next_step": "Forward evidence to support.",
        "rule_id": "paid",
        "rule_title": "No accusations",
        "story_id": STORY,
        "posts": posts,
        "strike": True,
    }
    return NewCase(**(fields | changes))


async def open_case(store: Store, clock: Clock, *posts: CasePost, **changes: Any) -> int:
    """The number of a new case."""
    opened_case = await store.open_case(removing(*posts, **changes), clock.now())
    assert opened_case.case_id is not None
    return opened_case.case_id


async def perform(
    store: Store, clock: Clock, job: Job, message_id: int | None = None, **receipt: Any
) -> None:
    """Do a job: claimed and settled."""
    await claim(store, clock, job)
    await store.settle(job.id, Receipt(message_id, **receipt), None)


async def work_off(store: Store, clock: Clock, *but: JobKind) -> list[tuple[JobKind, int | None]]:
    """Do all that is due within a minute, but for these kinds: what was done, and to what, in order.

    A message that a job makes has the number of the job, and twelve thousand.
    """
    done = []
    while due := [
        job
        for job in await store.next_jobs()
        if job.kind not in but and job.not_before <= clock.now() + MINUTE
    ]:
        job = min(due, key=lambda one: (one.not_before, one.id))
        await perform(store, clock, job, None if job.kind is JobKind.TAKE_DOWN else 12_000 + job.id)
        done.append((job.kind, job.subject_id))
    return done


async def known_case(store: Store, case_id: int) -> Case:
    case = await store.case(case_id)
    assert case is not None
    return case
