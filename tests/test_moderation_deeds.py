"""The deeds of moderation: a store's cases carried out at a local Discord, job by job."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.errors import Refused
from bot.languages import Languages
from bot.model import (
    CaseKind,
    CasePost,
    CaseState,
    FeedNews,
    JobKind,
    KeptFile,
    Made,
    NewCase,
    Receipt,
    Snapshot,
    Told,
)
from bot.newsroom import NotThere, Office
from bot.publisher import moderation, talk
from bot.settings.keys import ModerationKeys
from bot.store import Store
from tests.localdiscord.conftest import ALICE, BOB, BOT_ROLE, MIA, MOD_LOG, NEWS
from tests.newsroom.conftest import local, openapi, room, start  # noqa: F401 - fixtures
from tests.scenario import texts
from tests.store.samples import article, poll
from tests.support import StillClock

if TYPE_CHECKING:
    from bot.model import Case, Job
    from bot.publisher.deeds import Deed, Looked
    from tests.newsroom.conftest import Room

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
FILE = {"filename": "receipt.txt", "text": "paid in full"}


@dataclass
class Stage:
    """The room with a store that knows its thread as a story's, and what a publisher would do with the jobs."""

    room: Room
    store: Store
    clock: StillClock
    keys: ModerationKeys
    deeds: dict[JobKind, Deed] = field(default_factory=dict)
    done: list[JobKind] = field(default_factory=list)

    def __post_init__(self) -> None:
        say = Languages.load().of("en-US")
        office = Office(self.room.desk, self.clock)
        common = (self.store, office, self.keys, say, self.clock)
        self.deeds = {
            JobKind.TAKE_DOWN: moderation.TakeDown(*common),
            JobKind.NOTICE: moderation.Notice(*common),
            JobKind.TELL: moderation.Tell(*common),
            JobKind.ENTER: moderation.Enter(*common),
            JobKind.REPORT: moderation.ReportEntry(*common),
            JobKind.RIGHTS: moderation.PostingRights(*common),
            JobKind.QUOTE: talk.QuotePost(self.store, self.room.floor, say, self.clock),
            JobKind.REQUOTE: talk.Requote(self.store, self.room.floor, say, self.clock),
            JobKind.LOG: talk.Log(self.store, self.room.floor, MOD_LOG, say, self.clock),
        }

    @property
    def deadline(self) -> datetime:
        return self.clock.now() + timedelta(seconds=30)

    async def claim(self, kind: JobKind) -> Job:
        """The first job of that kind, claimed, when it is due."""
        for _ in range(5):
            for job in await self.store.next_jobs():
                if job.kind is kind and job.not_before <= self.clock.now():
                    return await self.store.claim(job.id, self.deadline, self.deadline)
            self.clock.advance(1)
        raise AssertionError(f"there is no {kind} to be done")

    async def do(self, kind: JobKind) -> Receipt:
        job = await self.claim(kind)
        receipt, digest = await self.deeds[kind].perform(job, self.deadline)
        await self.store.settle(job.id, receipt, digest)
        self.done.append(kind)
        return receipt

    async def do_all(self) -> None:
        """Whatever is due within some seconds."""
        for _ in range(5):
            while due := [job for job in await self.store.next_jobs() if job.not_before <= self.clock.now()]:
                await self.do(due[0].kind)
            self.clock.advance(1)

    async def lost(self, kind: JobKind) -> Looked:
        """Do it, and lose the answer: what a look at Discord then makes of it."""
        job = await self.claim(kind)
        await self.deeds[kind].perform(job, self.deadline)
        return await self.deeds[kind].look(job)

    async def post_of(self, message_id: int, words: str, files: int = 0) -> CasePost:
        story = await self.store.story_by_thread(self.room.thread)
        assert story is not None
        await self.store.saw_post(
            story.story.id, self.room.thread, message_id, BOB, Made.NATIVE, self.clock.now()
        )
        return CasePost(
            message_id,
            self.room.thread,
            BOB,
            "Bob",
            "https://cdn.example/bob.png",
            Made.NATIVE,
            self.clock.now(),
            Snapshot(words, words, (KeptFile("receipt.txt", 12),) * files),
        )

    async def remove(self, *posts: CasePost, **more: Any) -> Case:
        story = await self.store.story_by_thread(self.room.thread)
        new = NewCase(
            origin=more.pop("origin", 1),
            kind=CaseKind.REMOVAL,
            moderator_id=MIA,
            reason="claimed a member was paid to post",
            story_id=story.story.id if story else None,
            posts=posts,
            **more,
        )
        opened = await self.store.open_case(new, self.clock.now())
        return await self.case(opened.case_id or 0)

    async def case(self, case_id: int) -> Case:
        case = await self.store.case(case_id)
        assert case is not None
        return case

    async def log(self) -> list[Any]:
        return await self.room.messages(MOD_LOG)


@pytest.fixture
def clock() -> StillClock:
    return StillClock(datetime.now(UTC))  # Discord's own, for the ends of time-outs


@pytest.fixture
async def stage(room: Room, clock: StillClock, store: Store) -> Stage:  # noqa: F811
    await store.apply(poll(FeedNews("world", NEWS, post=(article("News"),))))
    (job,) = await store.next_jobs()
    await store.claim(job.id, clock.now(), clock.now())
    await store.settle(job.id, Receipt(room.thread, room.thread), None)
    return Stage(room, store, clock, ModerationKeys(log_channel_id=MOD_LOG, keep_files=20))


async def test_a_removal_step_by_step(stage: Stage) -> None:
    """Files kept, post gone, then notice, letter and entry, each once; all follow when the case changes."""
    message = await stage.room.says(
        "bob", "You were paid", attachments=[FILE, FILE | {"filename": "more.txt"}]
    )
    case = await stage.remove(await stage.post_of(message, "You were paid", 2))
    await stage.do_all()
    assert stage.done == [JobKind.TAKE_DOWN, JobKind.NOTICE, JobKind.TELL, JobKind.ENTER]
    case = await stage.case(case.id)
    assert case.state is CaseState.STANDING
    assert case.posts[0].gone_at is not None
    snapshot = case.posts[0].snapshot
    assert snapshot is not None
    first, second = snapshot.files
    assert await stage.store.kept.read(first.path or "") == b"paid in full"
    assert (second.name, second.path) == ("more.txt", None)  # more than is kept of a post

    _, notice = await stage.room.messages()
    assert int(notice["id"]) == case.notice_id
    assert texts(notice).startswith("Removed a post that claimed a member was paid to post.")
    (letter,) = await stage.room.local.ask("GET", "/local/dms/bob")
    assert "You were paid" in letter["content"]
    assert [one.told for one in case.members] == [Told.TOLD]
    (entry,) = await stage.log()
    assert int(entry["id"]) == case.log_id
    assert f"#{case.id}" in texts(entry)

    await stage.store.edit_case(case.id, MIA, stage.clock.now(), reason="was rude")
    await stage.do_all()
    _, notice = await stage.room.messages()
    assert texts(notice).startswith("Removed a post that was rude.")
    (entry,) = await stage.log()
    assert "was rude" in texts(entry)


async def test_what_a_removal_lost_is_found(stage: Stage) -> None:
    """The answer to each of its posts may be lost: Discord is looked at, and nothing is posted twice."""
    message = await stage.room.says("bob", "You were paid")
    case = await stage.remove(await stage.post_of(message, "You were paid"))
    assert await stage.lost(JobKind.TAKE_DOWN) == Receipt(message)
    (job,) = [each for each in await stage.store.next_jobs() if each.kind is JobKind.TAKE_DOWN]
    await stage.store.settle(job.id, Receipt(message), None)
    for kind, where in ((JobKind.NOTICE, stage.room.thread), (JobKind.TELL, None), (JobKind.ENTER, MOD_LOG)):
        looked = await stage.lost(kind)
        shown = await (stage.room.messages(where) if where else stage.room.local.ask("GET", "/local/dms/bob"))
        assert looked == Receipt(int(shown[-1]["id"]))
        (job,) = [each for each in await stage.store.next_jobs() if each.kind is kind]
        assert isinstance(looked, Receipt)
        await stage.store.settle(job.id, looked, None)
    case = await stage.case(case.id)
    assert (case.notice_id, case.log_id) == (
        int((await stage.room.messages())[-1]["id"]),
        int((await stage.log())[-1]["id"]),
    )


async def test_who_can_not_be_told(stage: Stage) -> None:
    """It holds nothing up, and the entry says so; nor does a log that there is not."""
    await stage.room.local.ask("PATCH", "/local/members/bob", {"accepts_dms": False})
    message = await stage.room.says("bob", "You were paid")
    case = await stage.remove(await stage.post_of(message, "You were paid"))
    await stage.do(JobKind.TAKE_DOWN)
    assert await stage.lost(JobKind.TELL) == NotThere()  # its channel opens, but takes nothing
    (job,) = [each for each in await stage.store.next_jobs() if each.kind is JobKind.TELL]
    await stage.store.settle(job.id, Receipt(), None)
    await stage.do_all()
    case = await stage.case(case.id)
    assert [one.told for one in case.members] == [Told.CLOSED]
    assert case.log_id is not None

    silent = Stage(stage.room, stage.store, stage.clock, ModerationKeys())
    message = await silent.room.says("bob", "You too")
    case = await silent.remove(await silent.post_of(message, "You too"), origin=2)
    await silent.do_all()
    case = await silent.case(case.id)
    assert (case.state, case.log_id) == (CaseState.STANDING, None)
    assert case.notice_id is not None


async def test_a_permission_that_is_missing_is_told_to_the_moderators(stage: Stage) -> None:
    """Once for each case; the post goes when the permission is there."""
    message = await stage.room.says("bob", "You were paid")
    case = await stage.remove(await stage.post_of(message, "You were paid"))
    await stage.room.deny(NEWS, BOT_ROLE, discord.Permissions(manage_messages=True))
    job = await stage.claim(JobKind.TAKE_DOWN)
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            await stage.deeds[JobKind.TAKE_DOWN].perform(job, stage.deadline)
        assert refused.value.channel_wide
    await stage.do(JobKind.LOG)
    (line,) = await stage.log()
    assert f"can't remove the posts of case #{case.id} yet" in texts(line)
    assert [each.kind for each in await stage.store.next_jobs()] == [JobKind.TAKE_DOWN]
    await stage.room.local.ask("PATCH", f"/local/channels/{NEWS}", {"permission_overwrites": []})
    receipt, _ = await stage.deeds[JobKind.TAKE_DOWN].perform(job, stage.deadline)
    assert receipt == Receipt(message)
    assert len(await stage.room.messages()) == 1


async def test_a_reinstated_post_is_what_it_was(stage: Stage) -> None:
    """Under its author's name, with its files and time, pinging nobody; a text that grew too long comes as a file."""
    long = "Ä word. " * 249  # 1,992 characters, which leave no room for another line
    said = [
        await stage.room.says("bob", f"You were paid, <@{ALICE}>", attachments=[FILE]),
        await stage.room.says("bob", long),
    ]
    case = await stage.remove(
        await stage.post_of(said[0], f"You were paid, <@{ALICE}>", 1), await stage.post_of(said[1], long)
    )
    await stage.do_all()
    at = case.posts[0].at
    stage.clock.advance(3600)
    await stage.store.reinstate(case.id, MIA, "", stage.clock.now())
    await stage.do_all()
    first, second = [each for each in await stage.room.messages() if each.get("webhook_id")]
    small = f"-# Posted <t:{int(at.timestamp())}:f>"
    assert first["author"]["username"] == second["author"]["username"] == "Bob"
    words, line = first["content"].rsplit("\n", 1)
    assert (words, line.startswith(small)) == (f"You were paid, <@{ALICE}>", True)
    assert first["mentions"] == []
    assert [each["filename"] for each in first["attachments"]] == ["receipt.txt"]
    assert [each["filename"] for each in second["attachments"]] == ["post.txt"]
    assert second["attachments"][0]["size"] == len(long.encode())
    assert small in second["content"]
    assert len(second["content"]) <= 2000
    assert (await stage.case(case.id)).state is CaseState.REINSTATED

    # A post that quotes keeps its last line when what it quotes changes; so does its author's edit.
    post = await stage.store.post(int(first["id"]))
    assert post is not None
    assert post.post.words == f"You were paid, <@{ALICE}>"
    await stage.store.rewrite(post.post.id, "Changed", stage.clock.now())
    await stage.do_all()
    changed = await stage.room.message(int(first["id"]))
    assert changed["content"] == f"Changed\n{line}"


async def test_posting_rights_follow_the_suspensions(stage: Stage) -> None:
    """Taken, and given back at the end; of whom the bot can't suspend the moderators are told."""
    story = await stage.store.story_by_thread(stage.room.thread)
    assert story is not None

    async def suspend(origin: int, member: int) -> None:
        new = NewCase(
            origin, CaseKind.SUSPENSION, MIA, "was rude", member=(member, "x"), noticed=False, suspend=DAY
        )
        await stage.store.open_case(new, stage.clock.now())

    await suspend(1, BOB)
    await stage.do_all()
    assert stage.done.count(JobKind.RIGHTS) == 1
    bob = await stage.room.desk.guild().fetch_member(BOB)
    assert bob.timed_out_until is not None
    assert abs(bob.timed_out_until - stage.clock.now() - DAY) < timedelta(minutes=1)
    await stage.store.lift(BOB, MIA, "", stage.clock.now())
    await stage.do_all()
    assert (await stage.room.desk.guild().fetch_member(BOB)).timed_out_until is None

    await suspend(2, MIA)
    job = await stage.claim(JobKind.RIGHTS)
    with pytest.raises(Refused):
        await stage.deeds[JobKind.RIGHTS].perform(job, stage.deadline)
    await stage.store.park(job.id, "above")
    await stage.do_all()
    assert any(
        f"<@{MIA}>" in texts(each) and "stands above the bot" in texts(each) for each in await stage.log()
    )


async def test_a_report_in_the_log(stage: Stage) -> None:
    """One entry for all reports of a post, edited as they come; found when its answer was lost."""
    message = await stage.room.says("bob", "You were paid")
    story = await stage.store.story_by_thread(stage.room.thread)
    assert story is not None

    async def report(by: int) -> None:
        await stage.store.report(
            message,
            stage.room.thread,
            story.story.id,
            (BOB, "Bob"),
            "You were paid",
            by,
            "rude",
            stage.clock.now(),
        )

    await report(ALICE)
    looked = await stage.lost(JobKind.REPORT)
    (entry,) = await stage.log()
    assert looked == Receipt(int(entry["id"]))
    (job,) = [each for each in await stage.store.next_jobs() if each.kind is JobKind.REPORT]
    await stage.store.settle(job.id, Receipt(int(entry["id"])), None)
    await report(MIA)
    await stage.do_all()
    (entry,) = await stage.log()
    assert "2 reports" in texts(entry)
