"""What is posted for members: asked for once, replaced, rewritten, taken back, whatever happens on its way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import StaleJob
from bot.model import JobKind, JobState, Made, QuoteMode, Receipt
from tests.store.samples import (
    ALICE,
    BOB,
    CAROL,
    CHANNEL,
    MINUTE,
    STORY,
    THREAD,
    claim,
    jobs_of,
    opened,
    posting,
    quotation,
    quoted,
    quoting_job,
    said,
    wish,
)
from tests.support import START, StillClock

if TYPE_CHECKING:
    from bot.store import Store

REPLY, REPOST, SOURCE = 30, 40, 10


@pytest.fixture(autouse=True)
async def story(store: Store, clock: StillClock) -> None:
    await opened(store, clock)


async def test_contribution_comes_back_as_it_was(store: Store) -> None:
    """All that is needed for posting is there, until the post is deleted."""
    asked = wish(REPLY, quotation(SOURCE, picked=True), quotation(11, "other"))

    post_id = await store.contribute(asked, START)

    assert post_id is not None
    assert await store.contribution(post_id) == asked
    await store.take_back(post_id, START)
    assert await store.contribution(post_id) is None
    assert await store.contribution(99) is None


async def test_asked_for_twice(store: Store) -> None:
    """One event or click, however often it comes, makes one post: even one that was taken back."""
    post_id = await store.contribute(wish(REPLY, quotation(SOURCE)), START)
    assert post_id is not None
    assert await store.contribute(wish(REPLY, quotation(SOURCE)), START) is None
    assert len(await jobs_of(store, JobKind.QUOTE)) == 1
    await store.take_back(post_id, START)

    assert await store.contribute(wish(REPLY, quotation(SOURCE)), START) is None
    assert await store.next_jobs() == ()


async def test_one_lane_for_the_quotes_of_a_story(store: Store) -> None:
    """Quotes of a story are posted one after the other, in the order in which they were asked for."""
    first = await store.contribute(wish(None, origin=1), START)
    await store.contribute(wish(None, origin=2), START)

    (job,) = await jobs_of(store, JobKind.QUOTE)
    assert (job.post_id, job.lane) == (first, "talk:1")


async def test_reply_deleted_before_it_was_told_of(store: Store) -> None:
    """Nothing is posted for a reply that is gone already."""
    await store.lost([REPLY], START)

    assert await store.contribute(wish(REPLY, quotation(SOURCE)), START) is None
    assert await store.next_jobs() == ()


async def test_repost_replaces_the_reply(store: Store, clock: StillClock) -> None:
    """The repost is the author's post; the reply is deleted after it, and told of no more."""
    post_id = await quoted(store, clock, REPOST, wish(REPLY, quotation(SOURCE)))

    details = await store.post(REPOST)
    assert details is not None
    post = details.post
    assert (post.id, post.author_id, post.made, post.webhook_id, post.words, post.native_id) == (
        post_id,
        ALICE,
        Made.WEBHOOK,
        77,
        "answer",
        REPLY,
    )
    (job,) = await jobs_of(store, JobKind.REPLACE)
    assert (job.payload, job.post_id) == ({"message": str(REPLY)}, post_id)
    assert await store.post(REPLY) is None

    await store.lost([REPLY], START)
    await said(store, REPLY, ALICE)
    assert await store.post(REPLY) is None
    assert [one.message_id for one in await store.posts_since(STORY, START - 60 * MINUTE)] == [REPOST]
    await store.settle(job.id, Receipt(), None)
    assert await store.next_jobs() == ()


async def test_what_quoted_the_reply_quotes_the_repost(store: Store, clock: StillClock) -> None:
    """Posts and baskets that hold the reply hold the repost from then on, and links in posted ones are put right."""
    other = await opened(store, clock, "two", 6001)
    await store.contribute(wish(REPLY, quotation(SOURCE)), START)
    job = await quoting_job(store, clock)
    await store.collect(CAROL, THREAD, quotation(REPLY, "answer"), START, START, 5)
    elsewhere = wish(None, quotation(REPLY, "answer"), story_id=other.story.id, thread_id=6001)
    quoting = await store.contribute(elsewhere, START)
    (second,) = [one for one in await jobs_of(store, JobKind.QUOTE) if one.post_id == quoting]
    await claim(store, clock, second)
    await store.settle(second.id, Receipt(60, webhook_id=77, words="typed"), None)

    await store.settle(job.id, Receipt(REPOST, webhook_id=77, words="answer"), None)

    assert [one.post_id for one in await store.quotes_of(REPOST)] == [quoting]
    assert await store.quotes_of(REPLY) == ()
    assert [one.source_id for one in await store.basket(CAROL, THREAD, START)] == [REPOST]
    assert [one.post_id for one in await jobs_of(store, JobKind.REQUOTE)] == [quoting]
    late = await store.contribute(wish(None, quotation(REPLY), origin=5), START)
    assert late is not None
    contribution = await store.contribution(late)
    assert contribution is not None
    assert contribution.quotations[0].source_id == REPOST


async def test_reply_and_repost_in_one_basket(store: Store, clock: StillClock) -> None:
    """Whoever gathered both, in the moment between them, has the repost once."""
    await store.contribute(wish(REPLY, quotation(SOURCE)), START)
    job = await quoting_job(store, clock)
    await store.collect(CAROL, THREAD, quotation(REPLY), START, START, 5)
    await store.collect(CAROL, THREAD, quotation(REPOST), START, START, 5)

    await store.settle(job.id, Receipt(REPOST, webhook_id=77), None)

    assert [one.source_id for one in await store.basket(CAROL, THREAD, START)] == [REPOST]


async def test_companion_keeps_the_reply(store: Store, clock: StillClock) -> None:
    """A repost that became a companion, or was one from the start, replaces nothing."""
    for mode, native, message in ((QuoteMode.REPOST, 30, 40), (QuoteMode.COMPANION, 31, 41)):
        await quoted(store, clock, message, wish(native, quotation(SOURCE), mode=mode), webhook_id=None)
        details = await store.post(message)
        assert details is not None
        assert details.post.made is Made.BOT
        reply = await store.post(native)
        assert reply is not None
        assert reply.post.deleted_at is None
    assert await store.next_jobs() == ()


# --- a reply that its author deletes ---


@pytest.mark.parametrize("mode", [QuoteMode.REPOST, QuoteMode.COMPANION])
async def test_reply_deleted_before_anything_was_sent(store: Store, mode: QuoteMode) -> None:
    """Nothing is sent, and nothing is kept of it."""
    post_id = await store.contribute(wish(REPLY, quotation(SOURCE), mode=mode), START)
    assert post_id is not None

    assert await store.lost([REPLY], START) == 0

    assert await store.next_jobs() == ()
    assert await store.quotes_of(SOURCE) == ()
    details = await store.post_by_id(post_id)
    assert details is not None
    assert (details.post.message_id, details.post.deleted_at) == (None, START)


@pytest.mark.parametrize("webhook_id", [77, None], ids=["repost", "companion"])
@pytest.mark.parametrize("doubted", [True, False])
async def test_reply_deleted_while_the_quote_is_on_its_way(
    store: Store, clock: StillClock, webhook_id: int | None, doubted: bool
) -> None:
    """What was posted for it after all is deleted as soon as it is known."""
    post_id = await store.contribute(wish(REPLY, quotation(SOURCE)), START)
    job = await quoting_job(store, clock)
    if doubted:
        await store.doubt(job.id, "reset")
    for _ in range(2):
        await store.lost([REPLY], START)
    assert await jobs_of(store, JobKind.DELETE) == []

    await store.settle(job.id, Receipt(REPOST, webhook_id=webhook_id, words="answer"), None)

    (deletion,) = await store.next_jobs()
    assert (deletion.kind, deletion.post_id) == (JobKind.DELETE, post_id)
    await store.settle((await claim(store, clock, deletion)).id, Receipt(REPOST), None)
    details = await store.post(REPOST)
    assert details is not None
    assert details.post.deleted_at == START
    assert await store.next_jobs() == ()


@pytest.mark.parametrize("step", ["postpone", "clear", "removed"])
async def test_reply_deleted_while_the_quote_comes_to_nothing(
    store: Store, clock: StillClock, step: str
) -> None:
    """An attempt that did nothing is not repeated for a reply that is gone."""
    post_id = await store.contribute(wish(REPLY, quotation(SOURCE)), START)
    job = await quoting_job(store, clock)
    await store.lost([REPLY], START)
    if step == "postpone":
        await store.postpone(job.id, START, "429")
    elif step == "clear":
        await store.doubt(job.id, "reset")
        await store.clear(job.id, START)
    else:
        await store.removed(job.id, "gone")

    assert await store.next_jobs() == ()
    assert await store.quotes_of(SOURCE) == ()
    assert post_id is not None
    assert await store.contribution(post_id) is None
    if step != "removed":
        with pytest.raises(StaleJob):
            await store.hold(job.id, START, "closed")


async def test_companion_goes_with_its_reply(store: Store, clock: StillClock) -> None:
    """The author deletes the reply: our quote beside it is deleted, too."""
    post_id = await quoted(
        store, clock, 41, wish(REPLY, quotation(SOURCE), mode=QuoteMode.COMPANION), webhook_id=None
    )

    assert await store.lost([REPLY], START) == 1
    assert await store.lost([REPLY], START) == 0

    (job,) = await store.next_jobs()
    assert (job.kind, job.post_id) == (JobKind.DELETE, post_id)


# --- posted, deleted, and nobody knew ---


async def test_removed_before_it_was_known(store: Store, clock: StillClock) -> None:
    """A post that was found deleted is never repeated, and isn't taken for the next one in doubt."""
    await store.contribute(wish(None, quotation(SOURCE)), START)
    job = await quoting_job(store, clock)
    await store.doubt(job.id, "reset")
    await store.saw_post(STORY, THREAD, 40, None, Made.WEBHOOK, START, 77)
    await store.lost([40], START)
    assert [one.message_id for one in await store.unclaimed(STORY, START)] == [40]

    await store.removed(job.id, "deleted")

    assert await store.unclaimed(STORY, START) == ()
    assert (await store.overview()).jobs[JobState.REMOVED] == 1
    assert await store.quotes_of(SOURCE) == ()
    assert await store.next_jobs() == ()
    await store.removed(job.id, "deleted")


async def test_removed_touches_that_post_alone(store: Store, clock: StillClock) -> None:
    """One post taken away leaves the article's jobs, the story and other posts as they are."""
    await store.contribute(wish(None, origin=1), START)
    await store.contribute(wish(None, origin=2), START)
    await store.recommend(10, CAROL, START)
    job = await quoting_job(store, clock)
    await store.removed(job.id, "gone")

    (other,) = await jobs_of(store, JobKind.QUOTE)
    assert other.id != job.id
    assert await store.talked_about(START) != ()


# --- rewritten and taken back ---


async def test_rewrite_before_it_is_sent(store: Store, clock: StillClock) -> None:
    """What is not sent yet is sent with the new words."""
    post_id = await store.contribute(wish(None, quotation(SOURCE)), START)
    assert post_id is not None
    await store.rewrite(post_id, "better", START)

    contribution = await store.contribution(post_id)
    assert contribution is not None
    assert contribution.words == "better"
    assert await jobs_of(store, JobKind.REQUOTE) == []


async def test_rewrite_while_it_is_sent(store: Store, clock: StillClock) -> None:
    """The new words outlive the receipt of the old, and are brought to Discord after it."""
    post_id = await store.contribute(wish(None, quotation(SOURCE)), START)
    assert post_id is not None
    job = await quoting_job(store, clock)
    await store.rewrite(post_id, "better", START)
    assert await jobs_of(store, JobKind.REQUOTE) == []

    await store.settle(job.id, Receipt(40, webhook_id=77, words="typed"), None)

    details = await store.post(40)
    assert details is not None
    assert details.post.words == "better"
    (edit,) = await jobs_of(store, JobKind.REQUOTE)
    assert (edit.post_id, edit.lane) == (post_id, "edit:1")


async def test_rewrite_after_it_was_sent(store: Store, clock: StillClock) -> None:
    """However often it is rewritten, one edit waits; one under way is followed by another."""
    post_id = await quoted(store, clock, 40, wish(None, quotation(SOURCE)))
    for words in ("a", "b"):
        await store.rewrite(post_id, words, START)
    (edit,) = await jobs_of(store, JobKind.REQUOTE)
    await claim(store, clock, edit)
    await store.rewrite(post_id, "c", START)
    await store.settle(edit.id, Receipt(40), None)

    (second,) = await jobs_of(store, JobKind.REQUOTE)
    assert second.id != edit.id
    await store.park(second.id, "50035")
    await store.rewrite(post_id, "d", START)
    assert [one.state for one in await jobs_of(store, JobKind.REQUOTE)] == [JobState.PENDING]
    assert (await store.overview()).jobs[JobState.PARKED] == 0


async def test_rewrite_of_a_deleted_post(store: Store, clock: StillClock) -> None:
    """Words of a deleted post are not kept."""
    post_id = await quoted(store, clock, 40, wish(None, quotation(SOURCE)))
    await store.lost([40], START)
    await store.rewrite(post_id, "again", START)

    details = await store.post(40)
    assert details is not None
    assert details.post.words is None
    assert await store.next_jobs() == ()


async def test_take_back(store: Store, clock: StillClock) -> None:
    """A posted one is deleted, once however often it is asked for; a refused deletion is tried again when asked."""
    post_id = await quoted(store, clock, 40, wish(None, quotation(SOURCE)))
    for _ in range(2):
        await store.take_back(post_id, START)
    (job,) = await store.next_jobs()
    assert (job.kind, job.lane) == (JobKind.DELETE, "edit:1")
    await store.park(job.id, "403")
    await store.take_back(post_id, START)
    (job,) = await store.next_jobs()
    await store.settle((await claim(store, clock, job)).id, Receipt(40), None)

    details = await store.post(40)
    assert details is not None
    assert details.post.deleted_at == START
    await store.take_back(post_id, START)
    assert await store.next_jobs() == ()


async def test_take_back_touches_no_other(store: Store) -> None:
    """Of two that wait, the one taken back is gone, and the other is sent."""
    posts = [await store.contribute(wish(None, origin=number), START) for number in (1, 2)]
    assert posts[0] is not None
    await store.take_back(posts[0], START)

    (job,) = await store.next_jobs()
    assert (job.kind, job.post_id) == (JobKind.QUOTE, posts[1])


async def test_take_back_what_may_be_there(store: Store, clock: StillClock) -> None:
    """It is deleted once it is known to be there, and never sent again when it is not."""
    found = await store.contribute(wish(None, origin=1), START)
    lost = await store.contribute(wish(None, origin=2), START)
    for post_id, there in ((found, True), (lost, False)):
        assert post_id is not None
        job = await quoting_job(store, clock)
        await store.doubt(job.id, "reset")
        await store.take_back(post_id, START)
        if there:
            await store.settle(job.id, Receipt(40, webhook_id=77), None)
            (deletion,) = await jobs_of(store, JobKind.DELETE)
            await store.removed((await claim(store, clock, deletion)).id, "gone already")
        else:
            await store.clear(job.id, START)

    assert await store.next_jobs() == ()
    details = await store.post(40)
    assert details is not None
    assert details.post.deleted_at == START


# --- posted anew ---


async def test_revoice(store: Store, clock: StillClock) -> None:
    """A post whose webhook is gone is posted anew, with all that hangs on it; its former message is replaced."""
    post_id = await quoted(store, clock, REPOST, wish(REPLY, quotation(SOURCE)))
    (replacing,) = await jobs_of(store, JobKind.REPLACE)
    await store.settle(replacing.id, Receipt(), None)
    await store.recommend(REPOST, CAROL, START)
    quoting = await quoted(store, clock, 50, wish(None, quotation(REPOST, "answer", author_id=ALICE)))
    await store.lost([SOURCE], START)
    (edit,) = await jobs_of(store, JobKind.REQUOTE)
    await claim(store, clock, edit)

    for _ in range(2):
        await store.revoice(post_id, START)
    await store.removed(edit.id, "posted anew")

    contribution = await store.contribution(post_id)
    assert contribution == replace(wish(REPLY, quotation(SOURCE, text="")), words="answer", native_id=REPOST)
    former = await store.post(REPOST)
    assert former is not None
    assert (former.post.author_id, former.post.deleted_at, former.post.recommended_by) == (
        ALICE,
        None,
        CAROL,
    )
    job = await quoting_job(store, clock)
    assert job.post_id == post_id
    await store.settle(job.id, Receipt(70, webhook_id=78, words="answer"), None)
    details = await store.post(70)
    assert details is not None
    assert (details.post.id, details.post.webhook_id, details.post.recommended_by) == (post_id, 78, CAROL)
    (replacing,) = await jobs_of(store, JobKind.REPLACE)
    assert replacing.payload == {"message": str(REPOST)}
    assert [one.post_id for one in await jobs_of(store, JobKind.REQUOTE)] == [quoting]
    assert [one.post_id for one in await store.quotes_of(70)] == [quoting]
    await store.lost([REPOST], START)
    assert len(await store.quotes_of(70)) == 1


async def test_what_the_bot_posts_anew_takes_the_former_place(store: Store, clock: StillClock) -> None:
    """Without a webhook it speaks for the member: that we then delete the former post does not take the new one back."""
    post_id = await quoted(store, clock, REPOST, wish(REPLY, quotation(SOURCE)))
    (replacing,) = await jobs_of(store, JobKind.REPLACE)
    await store.settle(replacing.id, Receipt(), None)
    await store.revoice(post_id, START)
    job = await quoting_job(store, clock)
    await store.settle(job.id, Receipt(70, words="answer"), None)

    await store.lost([REPOST], START)

    (replacing,) = await jobs_of(store, JobKind.REPLACE)
    assert (replacing.payload, await jobs_of(store, JobKind.DELETE)) == ({"message": str(REPOST)}, [])
    assert (await store.stands_for(REPOST), len(await store.quotes_of(SOURCE))) == (70, 1)


@pytest.mark.parametrize("by", ["deletion", "wish", "old wish"])
async def test_revoice_of_what_is_taken_away(store: Store, clock: StillClock, by: str) -> None:
    """A post that goes before it was posted anew is gone for good, its former message too."""
    post_id = await quoted(store, clock, REPOST, wish(None, quotation(SOURCE)))
    await store.revoice(post_id, START)
    former = await store.post(REPOST)
    assert former is not None
    if by == "deletion":
        await store.lost([REPOST], START)
    else:
        await store.take_back(former.post.id if by == "wish" else post_id, START)
        (job,) = await jobs_of(store, JobKind.DELETE)
        assert job.post_id == former.post.id
        await store.settle((await claim(store, clock, job)).id, Receipt(REPOST), None)

    assert await store.next_jobs() == ()
    former = await store.post(REPOST)
    assert former is not None
    assert former.post.deleted_at == START


async def test_deleted_posts_are_not_posted_anew(store: Store, clock: StillClock) -> None:
    """Nothing comes back."""
    post_id = await quoted(store, clock, REPOST, wish(None))
    await store.lost([REPOST], START)
    await store.revoice(post_id, START)

    assert await store.next_jobs() == ()


# --- beside the article ---


async def test_lanes(store: Store, clock: StillClock) -> None:
    """A revision of the opening post holds up no quotes; of a story not yet open there may be log entries."""
    await said(store, 10)
    await store.recommend(10, BOB, START)
    await store.contribute(wish(None), START)
    await store.apply(posting("two"))
    await store.tell(2, "look", START)

    assert {one.lane for one in await store.next_jobs()} == {"story:1", "talk:1", f"channel:{CHANNEL}", "log"}


async def test_opening_post_gone_thread_lives(store: Store, clock: StillClock) -> None:
    """Who deletes the opening post of a text channel's thread does not end the discussion in it."""
    await said(store, 10)
    await store.recommend(10, CAROL, START)
    await store.contribute(wish(None), START)
    (revision,) = await jobs_of(store, JobKind.REVISE)
    await store.removed(revision.id, "deleted")

    assert [one.kind for one in await store.next_jobs()] == [JobKind.QUOTE]
    await said(store, 11)
    assert await store.recommend(11, CAROL, START)
    assert [one.kind for one in await store.next_jobs()] == [JobKind.QUOTE]
