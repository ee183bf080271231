"""What an edited article means for a thread that exists, may exist, or does not exist yet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, event

from bot.model import FeedNews, FormerHeadline, Job, JobKind, JobState, Receipt
from tests.store.samples import CHANNEL, FEED, MINUTE, article, claim, editing, head, opened, poll, posting
from tests.support import START, StillClock

if TYPE_CHECKING:
    from bot.store import Store


async def later_jobs(store: Store, clock: StillClock) -> list[Job]:
    """Finish every job that is offered, in order, and return them as claimed."""
    done = []
    while jobs := await store.next_jobs():
        for job in jobs:
            done.append(await claim(store, clock, job))
            await store.settle(job.id, Receipt(message_id=9000 + job.id), None)
    return done


async def test_edit_before_the_post_is_sent(store: Store) -> None:
    """What was not sent yet is sent with the newest words, and needs nothing after."""
    await store.apply(posting("one"))

    assert await store.apply(editing(1, "one", title="Better")) == 0

    assert (await head(store)).article.title == "Better"


async def test_edit_while_the_post_certainly_does_not_exist(store: Store, clock: StillClock) -> None:
    """An attempt that certainly did nothing, and a parked job, count as not sent."""
    await store.apply(posting("one"))
    job = await claim(store, clock, await head(store))
    await store.postpone(job.id, clock.now(), "429")
    assert await store.apply(editing(1, "one", title="Better")) == 0

    await store.park(job.id, "refused")
    assert await store.apply(editing(1, "one", title="Best")) == 0
    await store.unpark(job.id)

    assert (await claim(store, clock, await head(store))).article.title == "Best"


async def test_edit_after_the_post(store: Store, clock: StillClock) -> None:
    """A published post is revised at once; a new title is told in the thread after that."""
    await opened(store, clock)

    assert await store.apply(editing(1, "one", title="Better")) == 2

    jobs = await later_jobs(store, clock)
    assert [job.kind for job in jobs] == [JobKind.REVISE, JobKind.HEADLINE]
    assert [job.not_before for job in jobs] == [START, START]
    assert jobs[1].payload == {"old": "one", "new": "Better"}
    assert len({job.token for job in jobs} | {jobs[0].story.token}) == 3
    assert {job.lane for job in jobs} == {"story:1"}


@pytest.mark.slow
async def test_edit_of_everything_at_once(store: Store, clock: StillClock) -> None:
    """Each article is rewritten, and told of where it is posted; no statement for each, for which members would wait."""
    await opened(store, clock)
    names = [f"n{number}" for number in range(600)]
    await store.apply(poll(FeedNews(FEED, CHANNEL, remember=tuple(article(name) for name in names))))
    edited = [article(name, title=f"{name}, corrected") for name in ("one", *names)]
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        jobs = await store.apply(poll(FeedNews(FEED, CHANNEL, changed=tuple(enumerate(edited, 1)))))
    finally:
        event.remove(Engine, "before_cursor_execute", note)

    assert jobs == 2
    known = await store.known(FEED, edited)
    assert [one.fingerprint for one in known] == [one.fingerprint for one in edited]
    assert len(statements) < 30


async def test_edit_of_the_text_alone(store: Store, clock: StillClock) -> None:
    """No new title, no word on it."""
    await opened(store, clock)

    assert await store.apply(editing(1, "one", body="Longer.")) == 1

    assert (await head(store)).kind is JobKind.REVISE


async def test_same_edit_twice(store: Store, clock: StillClock) -> None:
    """An edit that is stored already makes no further job, even when the first one's are done."""
    await opened(store, clock)
    await store.apply(editing(1, "one", title="Better"))
    await later_jobs(store, clock)

    assert await store.apply(editing(1, "one", title="Better")) == 0
    assert await store.next_jobs() == ()


async def test_edits_are_gathered(store: Store, clock: StillClock) -> None:
    """However many edits wait: one revision, and one word from the first title to the newest."""
    await opened(store, clock)

    written = [
        await store.apply(editing(1, "one", title=title)) for title in ("Better", "Best", "Best of all")
    ]

    revise, headline = await later_jobs(store, clock)
    assert written == [2, 0, 0]
    assert revise.article.title == "Best of all"
    assert headline.payload == {"old": "one", "new": "Best of all"}


async def test_title_changed_back(store: Store, clock: StillClock) -> None:
    """A title that is what the thread says already is not news; the post is still brought up to date."""
    await opened(store, clock)
    await store.apply(editing(1, "one", title="Better"))

    await store.apply(editing(1, "one", body="Same title."))

    assert [job.kind for job in await later_jobs(store, clock)] == [JobKind.REVISE]


async def test_untitled_articles_have_no_headlines(store: Store, clock: StillClock) -> None:
    """Gaining or losing a title is no headline that changed."""
    await store.apply(poll(FeedNews(FEED, CHANNEL, post=(article("one", title=""),))))
    job = await claim(store, clock, await head(store))
    await store.settle(job.id, Receipt(5001, 5001), None)

    await store.apply(editing(1, "one", title="Named"))
    await store.apply(editing(1, "one", title=""))

    assert [job.kind for job in await later_jobs(store, clock)] == [JobKind.REVISE]


async def test_revisions_are_ten_minutes_apart(store: Store, clock: StillClock) -> None:
    """The next revision waits until ten minutes after the last; one after that does not wait."""
    await opened(store, clock)
    await store.apply(editing(1, "one", body="2"))
    clock.advance(60)
    await later_jobs(store, clock)
    clock.advance(60)

    await store.apply(editing(1, "one", body="3"))
    assert (await head(store)).not_before == START + 11 * MINUTE

    await later_jobs(store, clock)
    clock.advance(601)
    await store.apply(editing(1, "one", body="4"))
    assert (await head(store)).not_before == clock.now()


async def test_edit_during_a_revision(store: Store, clock: StillClock) -> None:
    """A revision under way has the words before the edit: another follows."""
    await opened(store, clock)
    await store.apply(editing(1, "one", body="2"))
    first = await claim(store, clock, await head(store))

    assert await store.apply(editing(1, "one", body="3")) == 1
    await store.settle(first.id, Receipt(), "digest-2")

    second = await head(store)
    assert second.id != first.id
    assert second.not_before == START + 10 * MINUTE


async def test_edit_of_a_revision_in_doubt(store: Store, clock: StillClock) -> None:
    """A revision in doubt is done again anyway, with the newest words: none is added."""
    await opened(store, clock)
    await store.apply(editing(1, "one", body="2"))
    job = await claim(store, clock, await head(store))
    await store.doubt(job.id, "no answer")

    assert await store.apply(editing(1, "one", body="3")) == 0


async def test_edit_supersedes_a_refused_revision(store: Store, clock: StillClock) -> None:
    """What Discord refused was the former text."""
    await opened(store, clock)
    await store.apply(editing(1, "one", body="2"))
    await store.park((await head(store)).id, "50035")

    assert await store.apply(editing(1, "one", body="3")) == 1

    overview = await store.overview()
    assert (overview.jobs[JobState.PARKED], overview.jobs[JobState.PENDING]) == (0, 1)


async def test_edit_of_a_headline_in_doubt(store: Store, clock: StillClock) -> None:
    """A word that may have been said stays as it is; what came after is said after it."""
    await opened(store, clock)
    await store.apply(editing(1, "one", title="B"))
    revise = await claim(store, clock, await head(store))
    await store.settle(revise.id, Receipt(), None)
    said = await claim(store, clock, await head(store))
    await store.doubt(said.id, "no answer")

    await store.apply(editing(1, "one", title="C"))
    await store.apply(editing(1, "one", title="D"))

    assert (await head(store)).payload == {"old": "one", "new": "B"}
    assert [job.payload for job in await later_jobs(store, clock) if job.kind is JobKind.HEADLINE] == [
        {"old": "one", "new": "B"},
        {"old": "B", "new": "D"},
    ]


async def test_edit_while_the_post_is_on_its_way(store: Store, clock: StillClock) -> None:
    """A post that may exist with the former words is revised once it is known to exist."""
    await store.apply(posting("one"))
    job = await claim(store, clock, await head(store))

    assert await store.apply(editing(1, "one", title="Better")) == 2
    assert [one.id for one in await store.next_jobs()] == [job.id]

    await store.settle(job.id, Receipt(5001, 5001), None)
    assert [one.kind for one in await later_jobs(store, clock)] == [JobKind.REVISE, JobKind.HEADLINE]


async def test_edit_of_a_post_that_proves_not_to_exist(store: Store, clock: StillClock) -> None:
    """When nothing was posted after all, the newest words are, and nothing is left to revise or tell."""
    await store.apply(posting("one"))
    job = await claim(store, clock, await head(store))
    await store.doubt(job.id, "no answer")
    await store.apply(editing(1, "one", title="Better"))

    await store.clear(job.id, clock.now())
    await store.claim(job.id, clock.now(), clock.now())
    await store.settle(job.id, Receipt(5001, 5001), None)

    assert await store.next_jobs() == ()
    assert (await store.overview()).jobs[JobState.DONE] == 1


async def test_edit_of_a_removed_story(store: Store, clock: StillClock) -> None:
    """What a moderator took away is not revised."""
    await opened(store, clock)
    await store.apply(editing(1, "one", body="2"))
    await store.removed((await head(store)).id, "deleted")

    assert await store.apply(editing(1, "one", title="Better")) == 0
    assert await store.next_jobs() == ()


async def test_former_headlines_are_kept(store: Store, clock: StillClock) -> None:
    """Every title an article bore is told with the time when it was replaced; edits of the text are not."""
    job = await opened(store, clock)
    clock.advance(60)
    await store.apply(editing(1, "one", title="B"))
    clock.advance(60)
    await store.apply(editing(1, "one", title="B", body="more"))
    await store.apply(editing(1, "one", title="C"))

    details = await store.story_by_token(job.token)

    assert details is not None
    assert details.article.title == "C"
    assert details.headlines == (
        FormerHeadline("one", START + timedelta(seconds=60)),
        FormerHeadline("B", START + timedelta(seconds=120)),
    )
