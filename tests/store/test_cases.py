"""Cases: what opening one leads to, step by step, and what moderators do to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import StaleJob
from bot.model import (
    CaseFilter,
    CaseKind,
    CaseState,
    EventKind,
    JobKind,
    JobState,
    KeptFile,
    Made,
    Opened,
    Reacted,
    Receipt,
    Snapshot,
    Told,
)
from tests.store.samples import (
    ALICE,
    BOB,
    CAROL,
    CHANNEL,
    MIA,
    MINUTE,
    STORY,
    THREAD,
    claim,
    jobs_of,
    known_case,
    open_case,
    opened,
    perform,
    quotation,
    quoted,
    quoting_job,
    removed_post,
    removing,
    said,
    wish,
    work_off,
)
from tests.support import START

if TYPE_CHECKING:
    from bot.store import Store
    from tests.support import StillClock

TAKE_DOWN, NOTICE, TELL, ENTER = JobKind.TAKE_DOWN, JobKind.NOTICE, JobKind.TELL, JobKind.ENTER


@pytest.fixture(autouse=True)
async def thread(store: Store, clock: StillClock) -> None:
    await opened(store, clock)


async def test_a_removal_step_by_step(store: Store, clock: StillClock) -> None:
    """The posts go one after the other; then the thread, the authors and the log are told, each once."""
    case_id = await open_case(store, clock, removed_post(10), removed_post(11, CAROL), removed_post(12))

    (first,) = await store.next_jobs()
    assert (first.kind, first.subject_id, first.case_id, first.lane) == (TAKE_DOWN, 10, case_id, "case:1")
    case = await known_case(store, case_id)
    assert (case.state, case.title, case.thread_id, case.channel_id) == (
        CaseState.OPEN,
        "one",
        THREAD,
        CHANNEL,
    )
    assert [(one.member_id, one.told, one.strike) for one in case.members] == [
        (BOB, Told.WAITING, True),
        (CAROL, Told.WAITING, True),
    ]
    done = await work_off(store, clock)

    assert done[:5] == [
        (TAKE_DOWN, 10),
        (TAKE_DOWN, 11),
        (TAKE_DOWN, 12),
        (NOTICE, None),
        (TELL, BOB),
    ]
    assert sorted(done[5:], key=str) == [(ENTER, None), (TELL, CAROL)]
    case = await known_case(store, case_id)
    assert case.state is CaseState.STANDING
    assert [one.gone_at for one in case.posts] == [START] * 3
    assert [one.told for one in case.members] == [Told.TOLD, Told.TOLD]
    assert case.notice_id is not None
    assert case.log_id is not None
    assert await store.case_by_token(case.token) == await store.case_by_token(case.log_token) == case


async def test_opening_twice_is_opening_once(store: Store, clock: StillClock) -> None:
    """The same interaction, told again at any time, is the same case."""
    new = removing(removed_post(10))
    first = await store.open_case(new, START)
    await work_off(store, clock)

    assert await store.open_case(new, START) == first == Opened(1)
    assert await store.next_jobs() == ()
    assert len(await store.strikes(BOB)) == 1


async def test_two_moderators_at_once(store: Store, clock: StillClock) -> None:
    """Who comes second is told which case has the post, and removes what is left."""
    first = await open_case(store, clock, removed_post(10))

    nothing = await store.open_case(removing(removed_post(10), origin=1), START)
    rest = await store.open_case(removing(removed_post(10), removed_post(11), origin=2), START)

    assert nothing == Opened(None, ((10, first),))
    assert rest == Opened(2, ((10, first),))
    assert [one.message_id for one in (await known_case(store, 2)).posts] == [11]
    assert len(await store.strikes(BOB)) == 2


async def test_deleting_means_what_any_deletion_does(store: Store, clock: StillClock) -> None:
    """Quotes lose their words, reactions and recommendations go, baskets too: in the step that settles the deletion."""
    await said(store, 10)
    quoting = await quoted(store, clock, 40, wish(30, quotation(10)))
    await store.react(STORY, Reacted(10, ALICE, "👍"), START, frozenset(), None, MINUTE)
    await store.recommend(10, MIA, START)
    await store.collect(CAROL, THREAD, quotation(10), START, START, 9)
    await open_case(store, clock, removed_post(10))
    (job,) = await jobs_of(store, TAKE_DOWN)

    await perform(store, clock, job)

    details = await store.post_by_id(quoting)
    assert details is not None
    assert [(one.quotation.text, one.lost_at) for one in details.quotes] == [("", START)]
    assert (await store.tally(story_id=STORY, self_reactions=True)).total == 0
    assert (await store.discussion(STORY, "off", True, [])).recommended == ()
    assert await store.basket(CAROL, THREAD, START) == ()
    assert [one.post_id for one in await jobs_of(store, JobKind.REQUOTE)] == [quoting]


@pytest.mark.parametrize("gateway_first", [True, False])
async def test_the_gateway_tells_of_the_deletion(
    store: Store, clock: StillClock, gateway_first: bool
) -> None:
    """Before the answer or after it: nobody is looked for who deleted the post, and everything is done once."""
    await said(store, 10)
    await open_case(store, clock, removed_post(10))
    (job,) = await jobs_of(store, TAKE_DOWN)
    await claim(store, clock, job)
    if gateway_first:
        await store.lost([10], START)
    await store.settle(job.id, Receipt(10), None)
    if not gateway_first:
        await store.lost([10], START)
    await store.settle(job.id, Receipt(10), None)

    assert await store.disappeared(START + MINUTE) == ()
    assert [kind for kind, _ in await work_off(store, clock)] == [NOTICE, TELL, ENTER]


async def test_a_post_that_discord_refuses(store: Store, clock: StillClock) -> None:
    """It holds up nothing, is named, and goes when it is tried again: then its author is told, too."""
    case_id = await open_case(store, clock, removed_post(10), removed_post(11, CAROL))
    (job,) = await jobs_of(store, TAKE_DOWN)

    await store.park(job.id, "Discord refuses")

    assert [kind for kind, _ in await work_off(store, clock)] == [TAKE_DOWN, NOTICE, TELL, ENTER]
    case = await known_case(store, case_id)
    assert [(one.problem, one.gone_at) for one in case.posts] == [("Discord refuses", None), (None, START)]
    assert [one.told for one in case.members] == [Told.WAITING, Told.TOLD]
    await store.unpark(job.id)
    assert (await known_case(store, case_id)).posts[0].problem is None
    assert await work_off(store, clock) == [(TAKE_DOWN, 10), (NOTICE, None), (TELL, BOB), (ENTER, None)]
    assert (await known_case(store, case_id)).posts[0].gone_at == START


async def test_all_posts_refused(store: Store, clock: StillClock) -> None:
    """With nothing gone the thread is given no notice and nobody is told; the log is. Removing again tries again."""
    case_id = await open_case(store, clock, removed_post(10))
    (job,) = await jobs_of(store, TAKE_DOWN)
    await store.park(job.id, "Discord refuses")

    assert await work_off(store, clock) == [(ENTER, None)]
    again = await store.open_case(removing(removed_post(10), origin=1), START)

    assert again == Opened(None, ((10, case_id),))
    assert [kind for kind, _ in await work_off(store, clock)] == [TAKE_DOWN, NOTICE, TELL, ENTER]


async def test_a_reply_that_is_replaced_before_it_goes(store: Store, clock: StillClock) -> None:
    """What is deleted is the post that has taken its place; to people it is the one the moderator saw."""
    await said(store, 10)
    await store.contribute(wish(30, quotation(10)), START)
    quoting = await quoting_job(store, clock)
    case_id = await open_case(store, clock, removed_post(30, ALICE))
    (job,) = await jobs_of(store, TAKE_DOWN)

    await store.settle(quoting.id, Receipt(40, webhook_id=77, words="answer"), None)

    assert await store.stands_for(30) == 40
    assert (await store.open_case(removing(removed_post(40, ALICE), origin=1), START)).taken == (
        (40, case_id),
    )
    assert (await known_case(store, case_id)).posts[0].message_id == 30
    await perform(store, clock, job, 40)
    post = await store.post(40)
    assert post is not None
    assert post.post.deleted_at == START
    case = await store.case_of(40)
    assert case is not None
    assert (case.id, case.posts[0].gone_at) == (case_id, START)


async def test_a_reply_that_is_replaced_while_it_goes(store: Store, clock: StillClock) -> None:
    """Only the reply was deleted, the post in its place was not: that goes in another attempt."""
    await said(store, 10)
    await store.contribute(wish(30, quotation(10)), START)
    quoting = await quoting_job(store, clock)
    case_id = await open_case(store, clock, removed_post(30, ALICE))
    (job,) = await jobs_of(store, TAKE_DOWN)
    await claim(store, clock, job)
    await store.settle(quoting.id, Receipt(40, webhook_id=77, words="answer"), None)

    await store.settle(job.id, Receipt(30), None)

    assert (await known_case(store, case_id)).posts[0].gone_at is None
    (again,) = await jobs_of(store, TAKE_DOWN)
    assert (again.id, again.state) == (job.id, JobState.PENDING)
    await perform(store, clock, again, 40)
    assert (await known_case(store, case_id)).state is CaseState.STANDING


async def test_a_reply_that_waits_to_be_replaced_never_is(store: Store, clock: StillClock) -> None:
    """What we were to post for it is not sent, and not asked for again."""
    await said(store, 10)
    await store.contribute(wish(30, quotation(10)), START)

    await open_case(store, clock, removed_post(30, ALICE))

    assert await jobs_of(store, JobKind.QUOTE) == []
    await open_case(store, clock, removed_post(31, ALICE))
    assert await store.contribute(wish(31, quotation(10)), START) is None


async def test_a_direct_message_that_is_not_taken(store: Store, clock: StillClock) -> None:
    """The case says that the author does not know."""
    case_id = await open_case(store, clock, removed_post(10))
    await work_off(store, clock, TELL, ENTER)
    (telling,) = await jobs_of(store, TELL)
    assert (telling.payload, telling.lane) == ({"about": "case"}, f"tell:{BOB}")

    await perform(store, clock, telling)

    assert (await known_case(store, case_id)).members[0].told is Told.CLOSED


async def test_the_entry_is_written_once_it_is_known_who_was_told(store: Store, clock: StillClock) -> None:
    """It waits two seconds for the direct messages, no longer for one that does not go."""
    await open_case(store, clock, removed_post(10), removed_post(11, CAROL))
    await work_off(store, clock, TELL, ENTER)

    (entry,) = await jobs_of(store, ENTER)
    assert entry.not_before == START + timedelta(seconds=2)
    for left in (START + timedelta(seconds=2), START):
        await perform(store, clock, (await jobs_of(store, TELL))[0], 50)
        (entry,) = await jobs_of(store, ENTER)
        assert entry.not_before == left


@pytest.mark.parametrize("how", ["told before", "told after", "found", "edit"])
async def test_a_notice_that_a_person_deleted(store: Store, clock: StillClock, how: str) -> None:
    """However we hear of it, it never comes back by itself; a moderator may add another, under another mark."""
    case_id = await open_case(store, clock, removed_post(10))
    await perform(store, clock, (await jobs_of(store, TAKE_DOWN))[0])
    (job,) = await jobs_of(store, NOTICE)
    await claim(store, clock, job)
    match how:
        case "told before":
            await store.lost([50], START)
            await store.settle(job.id, Receipt(50), None)
        case "told after":
            await store.settle(job.id, Receipt(50), None)
            await store.lost([50], START)
        case "found":
            await store.doubt(job.id, "reset")
            await store.removed(job.id, "it was deleted")
        case _:
            await store.settle(job.id, Receipt(50), None)
            await store.edit_case(case_id, MIA, START, reason="lied")
            (job,) = await jobs_of(store, NOTICE)
            await claim(store, clock, job)
            await store.removed(job.id, "it was deleted")
    former = await known_case(store, case_id)
    assert not former.noticed

    assert await store.edit_case(case_id, MIA, START, reason="lied twice")
    assert await jobs_of(store, NOTICE) == []
    assert await store.edit_case(case_id, MIA, START, noticed=True)

    assert len(await jobs_of(store, NOTICE)) == 1
    case = await known_case(store, case_id)
    assert case.notice_id is None
    assert (case.token == former.token) == (how == "found")


async def test_an_entry_that_a_person_deleted(store: Store, clock: StillClock) -> None:
    """It is written anew with the next change; at once when that is an appeal that waits for an answer."""
    case_id = await open_case(store, clock, removed_post(10))
    await work_off(store, clock)
    former = await known_case(store, case_id)
    await store.note_case(case_id, MIA, "a note", START)
    (job,) = await jobs_of(store, ENTER)
    await claim(store, clock, job)

    await store.removed(job.id, "it was deleted")

    case = await known_case(store, case_id)
    assert case.log_id is None
    assert case.log_token != former.log_token
    assert await jobs_of(store, ENTER) == []
    await store.appeal(case_id, BOB, "I was not", START)
    (job,) = await jobs_of(store, ENTER)
    await claim(store, clock, job)
    await store.removed(job.id, "it was deleted")
    assert len(await jobs_of(store, ENTER)) == 1


async def test_changes_while_a_message_is_made(store: Store, clock: StillClock) -> None:
    """One that is being posted, or may have been, is edited after that; changes that come together are one edit."""
    case_id = await open_case(store, clock, removed_post(10))
    await perform(store, clock, (await jobs_of(store, TAKE_DOWN))[0])
    (job,) = await jobs_of(store, NOTICE)
    assert await store.edit_case(case_id, MIA, START, reason="lied")
    assert await jobs_of(store, NOTICE) == [job], "what is not sent yet says the newest anyway"
    await claim(store, clock, job)
    for reason in ("lied twice", "lied thrice"):
        assert await store.edit_case(case_id, MIA, START, reason=reason)
    await store.doubt(job.id, "reset")
    assert await store.edit_case(case_id, MIA, START, reason="lied again")

    await store.settle(job.id, Receipt(50), None)

    (edit,) = await jobs_of(store, NOTICE)
    await perform(store, clock, edit, 50)
    assert await jobs_of(store, NOTICE) == []
    assert (await known_case(store, case_id)).notice_id == 50


async def test_an_entry_that_was_refused_is_written_anew(store: Store, clock: StillClock) -> None:
    """What Discord refused was the former text; what may be there in spite of it is looked for first."""
    case_id = await open_case(store, clock, removed_post(10))
    await work_off(store, clock, ENTER)
    (refused,) = await jobs_of(store, ENTER)
    await store.park(refused.id, "too long")
    await store.note_case(case_id, MIA, "a note", START)
    (anew,) = await jobs_of(store, ENTER)
    assert anew.id != refused.id
    await claim(store, clock, anew)
    await store.doubt(anew.id, "reset")
    await store.park(anew.id, "can't be looked for")

    await store.note_case(case_id, MIA, "another", START)

    (looked_for,) = await jobs_of(store, ENTER)
    assert (looked_for.id, looked_for.state) == (anew.id, JobState.UNKNOWN)


async def test_editing(store: Store, clock: StillClock) -> None:
    """Notice and entry follow; the former reason is kept; what changes nothing is nothing."""
    case_id = await open_case(store, clock, removed_post(10))
    await work_off(store, clock)

    assert await store.edit_case(case_id, MIA, START, reason="lied", rule=("lies", "No lies"))
    assert not await store.edit_case(
        case_id, MIA, START, reason="lied", next_step="Forward evidence to support."
    )
    assert not await store.edit_case(99, MIA, START, reason="lied")

    assert sorted(kind for kind, _ in await work_off(store, clock)) == [ENTER, NOTICE]
    case = await known_case(store, case_id)
    assert (case.reason, case.rule_id, case.rule_title) == ("lied", "lies", "No lies")
    assert [(one.kind, one.by, one.text) for one in case.events] == [
        (EventKind.EDITED, MIA, "claimed a member was paid to post")
    ]


async def test_notes_are_for_the_log_alone(store: Store, clock: StillClock) -> None:
    case_id = await open_case(store, clock, removed_post(10))
    await work_off(store, clock)

    assert await store.note_case(case_id, MIA, "third time", START)
    assert not await store.note_case(99, MIA, "third time", START)

    assert await work_off(store, clock) == [(ENTER, None)]
    assert (await known_case(store, case_id)).events[0].text == "third time"


async def test_a_withdrawal(store: Store, clock: StillClock) -> None:
    """It stands at once: the opening post is rendered anew, and again when its reason changes, or it is undone."""
    opening = removed_post(THREAD, None, thread_id=CHANNEL, snapshot=None, made=Made.BOT)
    case_id = await open_case(store, clock, opening, kind=CaseKind.WITHDRAWAL)
    withdrawal = await store.withdrawal(STORY)
    assert withdrawal == await known_case(store, case_id)
    assert (withdrawal.state, withdrawal.members) == (CaseState.STANDING, ())

    assert sorted(kind for kind, _ in await work_off(store, clock)) == [ENTER, NOTICE, JobKind.REVISE]
    await store.edit_case(case_id, MIA, START, reason="was wrong")
    assert sorted(kind for kind, _ in await work_off(store, clock)) == [ENTER, NOTICE, JobKind.REVISE]
    assert (
        await store.open_case(removing(opening, kind=CaseKind.WITHDRAWAL, origin=1), START)
    ).case_id is None
    assert await store.reinstate(case_id, MIA, "", START)
    assert sorted(kind for kind, _ in await work_off(store, clock)) == [ENTER, NOTICE, JobKind.REVISE]
    assert await store.withdrawal(STORY) is None
    assert await store.open_case(removing(opening, kind=CaseKind.WITHDRAWAL, origin=1), START) == Opened(2)


async def test_what_happened_outside(store: Store, clock: StillClock) -> None:
    """It is entered only; a moderator may add the notice."""
    case_id = await open_case(
        store, clock, removed_post(10, gone_at=START), kind=CaseKind.OUTSIDE, noticed=False, strike=False
    )
    case = await known_case(store, case_id)
    assert (case.state, case.members[0].told, case.posts[0].gone_at) == (CaseState.STANDING, Told.NO, START)
    assert await work_off(store, clock) == [(ENTER, None)]

    assert await store.edit_case(case_id, MIA, START, noticed=True)

    assert sorted(kind for kind, _ in await work_off(store, clock)) == [ENTER, NOTICE]


async def test_files_go_into_the_snapshot(store: Store, clock: StillClock) -> None:
    case_id = await open_case(
        store, clock, removed_post(10, snapshot=Snapshot("c", "w", (KeptFile("a.txt", 3),)))
    )
    (path,) = await store.kept.keep(case_id, 10, [b"abc"])
    kept = (KeptFile("a.txt", 3, path), KeptFile("b.mp4", 10**9))

    await store.files_kept(case_id, 10, kept)

    (post,) = (await known_case(store, case_id)).posts
    assert post.files_kept
    assert post.snapshot == Snapshot("c", "w", kept)
    assert await store.kept_paths() == {path}


async def test_files_of_an_erased_post_are_not_kept(store: Store, clock: StillClock) -> None:
    """What was fetched while its author had it erased goes at once."""
    case_id = await open_case(store, clock, removed_post(10))
    (path,) = await store.kept.keep(case_id, 10, [b"abc"])
    await store.erase(BOB, START)

    await store.files_kept(case_id, 10, (KeptFile("a.txt", 3, path),))

    assert await store.kept.read(path) is None
    assert (await known_case(store, case_id)).posts[0].snapshot is None


async def test_a_snapshot_comes_back_as_it_was(store: Store, clock: StillClock) -> None:
    snapshot = Snapshot(
        content="> said\nanswer",
        words="answer",
        files=(KeptFile("a.png", 5, "1/10-1", "alt", spoiler=True),),
        embeds=("A page",),
        stickers=("wave",),
        poll="Why?",
        reactions=(("👍", 3), ("blob:5", 1)),
        reply_to=9,
        quotes=(quotation(9, picked=True),),
        quoted_by=(11, 12),
        edited_at=START,
    )
    post = removed_post(10, snapshot=snapshot)
    case_id = await open_case(store, clock, post)

    assert (await known_case(store, case_id)).posts == (post,)


async def test_lists(store: Store, clock: StillClock) -> None:
    """Newest first, by page; every filter alone; cases of other channels are hidden, those of none are not."""
    await open_case(store, clock, removed_post(10))
    await open_case(store, clock, removed_post(11, CAROL), moderator_id=ALICE, rule_id="lies")
    clock.advance(60)
    await open_case(store, clock, kind=CaseKind.SUSPENSION, origin=3, member=(CAROL, "C"), story_id=None)

    async def found(**which: object) -> list[int]:
        page = await store.cases(CaseFilter(**which), 0, 10)  # type: ignore[arg-type]
        assert page.total == len(page.cases)
        assert all(case.events == () for case in page.cases)
        return [case.id for case in page.cases]

    assert await found() == [3, 2, 1]
    assert await found(member_id=CAROL) == [3, 2]
    assert await found(moderator_id=ALICE) == [2]
    assert await found(rule_id="paid") == [3, 1]
    assert await found(thread_id=THREAD) == [2, 1]
    assert await found(since=START + MINUTE) == [3]
    assert await found(until=START + MINUTE) == [2, 1]
    assert await found(channels=frozenset({CHANNEL})) == [3, 2, 1]
    assert await found(channels=frozenset({1})) == [3]
    assert await found(channels=frozenset({CHANNEL}), unplaced=False) == [2, 1]
    page = await store.cases(CaseFilter(), 1, 1)
    assert ([case.id for case in page.cases], page.total) == ([2], 3)
    assert page.cases[0].posts == (removed_post(11, CAROL),)


async def test_search(store: Store, clock: StillClock) -> None:
    """In reasons, notes and removed words, whatever the case of letters; what is typed stands for itself."""
    await open_case(store, clock, removed_post(10, words="ÄRGER 100% sure"), reason="lied")
    await open_case(store, clock, removed_post(11, words="1000 sure"), reason="Über_trieb")
    await store.note_case(1, MIA, "Zum DRITTEN Mal", START)
    await store.edit_case(2, MIA, START, reason="Übertrieb sehr")

    async def found(text: str) -> list[int]:
        return [case.id for case in (await store.cases(CaseFilter(text=text), 0, 10)).cases]

    assert await found("ärger") == [1]
    assert await found("100%") == [1]
    assert await found("_") == []
    assert await found("ÜBERTRIEB SEHR") == [2]
    assert await found("dritten") == [1]
    assert await found("sure") == [2, 1]
    assert await found("\\") == []


async def test_counts_by_month(store: Store, clock: StillClock) -> None:
    """Suspensions are none; what was reinstated counts as removed and as reinstated."""
    for number in (10, 11, 12):
        await open_case(store, clock, removed_post(number))
    await open_case(store, clock, removed_post(13), rule_title=None, rule_id=None)
    await open_case(store, clock, kind=CaseKind.SUSPENSION, origin=3, member=(CAROL, "C"))
    await store.reinstate(1, MIA, "", START)
    await work_off(store, clock)
    await store.appeal(2, BOB, "no", START)
    await store.uphold(2, MIA, "yes", START)
    clock.advance(timedelta(days=7).total_seconds())
    await open_case(store, clock, removed_post(14))

    counts = await store.counts_by_month(START)

    assert [(one.month, one.rule_title, one.removed, one.upheld, one.reinstated) for one in counts] == [
        ("2026-11", "No accusations", 3, 1, 1),
        ("2026-11", None, 1, 0, 0),
        ("2026-12", "No accusations", 1, 0, 0),
    ]
    assert len(await store.counts_by_month(START + MINUTE)) == 1


async def test_jobs_about_no_story(store: Store, clock: StillClock) -> None:
    """They are offered, and shown when something stands in their way, like others."""
    await open_case(
        store, clock, kind=CaseKind.SUSPENSION, member=(CAROL, "C"), story_id=None, suspend=timedelta(days=1)
    )
    await store.tell(None, "look", START)
    jobs = {job.kind: job for job in await store.next_jobs()}
    assert {kind: job.lane for kind, job in jobs.items()} == {
        JobKind.RIGHTS: f"rights:{CAROL}",
        TELL: f"tell:{CAROL}",
        ENTER: "log",
    }
    assert all(job.mirrored is None for job in jobs.values())

    await store.park(jobs[JobKind.RIGHTS].id, "Discord refuses")

    (waiting,) = (await store.overview()).waiting
    assert (waiting.title, waiting.feed_id, waiting.channel_id) == (None, None, None)
    with pytest.raises(StaleJob):
        await claim(store, clock, jobs[JobKind.RIGHTS])


async def test_unknown_posts(store: Store, clock: StillClock) -> None:
    """A post nobody knows the author of, of a story without a thread yet: removed like any other, nobody is told."""
    case_id = await open_case(store, clock, replace(removed_post(10), author_id=None, snapshot=None))

    assert [kind for kind, _ in await work_off(store, clock)] == [TAKE_DOWN, NOTICE, ENTER]
    assert (await known_case(store, case_id)).members == ()
    assert await store.case_of(10) is not None
    assert await store.case_of(11) is None
