"""Reports: members point moderators at a post, who remove it or find nothing wrong with it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import Declined
from bot.languages import Languages
from bot.model import (
    CaseKind,
    CasePost,
    Contribution,
    JobKind,
    Made,
    NewCase,
    Quotation,
    QuoteMode,
    Receipt,
    ReportState,
)
from bot.moderation.reports import Reports
from bot.newsroom.authority import Authority
from bot.settings.keys import ModerationKeys
from bot.store import Store
from tests.localdiscord.conftest import ALICE, BOB, MIA, NEWS, local, openapi, start  # noqa: F401 - fixtures
from tests.newsroom.conftest import Room, room  # noqa: F401 - fixtures
from tests.scenario import HEADLINES, MOD_LOG, Scenario, texts
from tests.store.samples import claim, opened

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from bot.model import Job, Report, Said, Story
    from tests.support import StillClock

pytestmark = pytest.mark.slow

CAROL, DAVE = 71, 72
DENIED = "You lack the permission for that in this channel."
MODERATORS = 1300000000000004001
MODERATOR = Authority(MIA, "Mia", removes=True, arranges=True, suspends=True, owner=False, rank=5)


# --- the rules, in a thread at a Discord --------------------------------------------------------------------------


@dataclass
class House:
    """The service in a story's thread."""

    reports: Reports
    store: Store
    room: Room
    story: Story
    wakes: list[None]

    async def said(self, message_id: int, channel: int | None = None) -> Said:
        found = await self.room.floor.look_up(channel or self.room.thread, message_id)
        assert found is not None
        return found

    async def report(self, message_id: int, by: int = ALICE, reason: str = "") -> Report:
        await self.reports.report(by, await self.said(message_id), reason)
        found = await self.store.report_of(message_id)
        assert found is not None
        return found

    async def remove(self, message_id: int) -> None:
        now = self.room.clock.now()
        post = CasePost(message_id, self.room.thread, BOB, "Bob", "", Made.NATIVE, now)
        await self.store.open_case(
            NewCase(1, CaseKind.REMOVAL, MIA, "insulted others", story_id=self.story.id, posts=(post,)), now
        )

    async def work(self) -> list[Job]:
        """Do all jobs, as far as the store is concerned."""
        done: list[Job] = []
        while jobs := await self.store.next_jobs():
            for job in jobs:
                done.append(await claim(self.store, self.room.clock, job))
                await self.store.settle(job.id, Receipt(message_id=9000 + job.id), None)
        return done

    async def pinged(self) -> list[str]:
        """Do all jobs; the roles that lines of the log pinged."""
        return [job.payload["ping"] for job in await self.work() if job.kind is JobKind.LOG]

    async def declined(self, doing: Awaitable[object]) -> str:
        """The sentence, of a wish that changed nothing."""
        jobs, wakes = await self.store.next_jobs(), len(self.wakes)
        with pytest.raises(Declined) as declined:
            await doing
        assert (await self.store.next_jobs(), len(self.wakes)) == (jobs, wakes)
        return str(declined.value)


@pytest.fixture
async def house(room: Room, store: Store, clock: StillClock) -> House:  # noqa: F811
    await opened(store, clock, thread_id=room.thread)
    details = await store.story_by_thread(room.thread)
    assert details is not None
    wakes: list[None] = []
    keys = ModerationKeys(log_channel_id=MOD_LOG, moderator_role_id=MODERATORS, ping_at=3)
    say = Languages.load().of("en-US")
    reports = Reports(store, room.floor, keys, say, clock, lambda: wakes.append(None))
    return House(reports, store, room, details.story, wakes)


async def test_reports_of_a_post_are_one(house: House) -> None:
    """With who reported it and why, and what it says; the moderators' role is pinged once, when they are enough."""
    post = await house.room.says("bob", "You are *all* paid.")
    first = await house.report(post, ALICE, " Insults\neverybody ")
    assert (first.author_id, first.name, first.excerpt) == (BOB, "Bob", "You are *all* paid.")
    assert (first.thread_id, first.story_id, first.state) == (
        house.room.thread,
        house.story.id,
        ReportState.OPEN,
    )
    assert [job.kind for job in await house.work()] == [JobKind.REPORT]
    assert house.wakes

    assert "already" in await house.declined(house.report(post, ALICE))
    assert "already" in await house.declined(house.reports.require_reportable(ALICE, await house.said(post)))
    second = await house.report(post, CAROL)
    assert (second.token, [(by, why) for by, why, _ in second.by]) == (
        first.token,
        [(ALICE, "Insults everybody"), (CAROL, "")],
    )
    assert await house.pinged() == []
    await house.report(post, DAVE)
    assert await house.pinged() == [str(MODERATORS)]
    await house.report(post, MIA)
    assert await house.pinged() == []


async def test_what_can_be_reported(house: House) -> None:
    """Members' posts of news threads and articles, that are there, by others, and not dealt with: else a sentence."""
    here, own = house.room, house.reports.require_reportable
    bobs = await here.says("bob", "Hello")
    assert "your own" in await house.declined(own(BOB, await house.said(bobs)))
    elsewhere = int((await here.local.says("bob", HEADLINES, "Hello"))["id"])
    assert "news threads" in await house.declined(own(ALICE, await house.said(elsewhere, HEADLINES)))
    note = await here.floor.log(here.thread, "A note", "marker0000000001", here.deadline)
    assert "bot's own" in await house.declined(own(ALICE, await house.said(note)))
    said = await house.said(bobs)
    system = replace(said, message_id=note + 1, system=True)
    assert "Discord itself" in await house.declined(own(ALICE, system))
    assert "longer than 300" in await house.declined(house.report(bobs, ALICE, "x" * 301))

    article = await house.report(here.thread, BOB)
    assert (article.author_id, article.message_id) == (None, here.thread)
    assert "What happened" in article.excerpt

    await here.local.ask("DELETE", f"/local/as/bob/channels/{here.thread}/messages/{bobs}")
    assert "gone" in await house.declined(house.reports.report(ALICE, said, ""))

    removed = await here.says("bob", "Hello again")
    await house.remove(removed)
    assert "dealt with" in await house.declined(own(ALICE, await house.said(removed)))


async def test_what_the_bot_posted_is_its_authors(house: House) -> None:
    """A post made for a member is theirs, under their name; a quote beside a reply means the reply."""
    here = house.room
    native = await here.says("bob", "Is that so?")
    wish = Contribution(
        origin=1,
        story_id=house.story.id,
        thread_id=here.thread,
        author_id=BOB,
        name="Bobby",
        avatar="",
        mode=QuoteMode.REPOST,
        quotations=(Quotation(here.thread, here.thread, ALICE, "Alice", here.started, "What happened"),),
        at=here.started,
        native_id=native,
    )
    made = await here.speak("> What happened\nIs that so?", name="Bobby", author_id=BOB)
    await house.store.contribute(wish, here.clock.now())
    (job,) = await house.store.next_jobs()
    await claim(house.store, here.clock, job)
    await house.store.settle(job.id, replace(made, words="Is that so?"), None)

    shown = await house.said(native)  # replaced while the form was open
    assert "your own" in await house.declined(house.reports.report(BOB, shown, ""))
    await house.reports.report(ALICE, shown, "")
    report = await house.store.report_of(made.message_id)
    assert report is not None
    assert (report.author_id, report.name, report.excerpt) == (BOB, "Bobby", "Is that so?")


async def test_one_moderator_decides(house: House) -> None:
    """Who comes second is told who did; nobody else may; a report with a decision stays with it."""
    post = await house.room.says("bob", "Hello")
    report = await house.report(post)
    bystander = replace(MODERATOR, removes=False)
    assert DENIED in await house.declined(house.reports.dismiss(bystander, report.token))
    assert DENIED in await house.declined(house.reports.to_remove(bystander, report.token))
    assert (await house.reports.find(report.token)).channel_id == NEWS
    assert (await house.reports.to_remove(MODERATOR, report.token)).message_id == post

    await house.reports.dismiss(MODERATOR, report.token)
    other = replace(MODERATOR, id=ALICE)
    for late in (house.reports.dismiss, house.reports.to_remove):
        assert f"<@{MIA}>" in await house.declined(late(other, report.token))
    dismissed = await house.store.report_of(post)
    assert dismissed is not None
    assert (dismissed.state, dismissed.decided_by) == (ReportState.DISMISSED, MIA)

    removed = await house.report(await house.room.says("bob", "Hello again"))
    await house.remove(removed.message_id)
    assert "see case #1" in await house.declined(house.reports.dismiss(other, removed.token))
    assert "Nothing is stored" in await house.declined(house.reports.find("unknown000000000"))


async def test_without_a_log_there_are_no_reports(house: House, clock: StillClock) -> None:
    """Nobody is thanked for what reaches nobody."""
    reports = Reports(
        house.store, house.room.floor, ModerationKeys(), Languages.load().of("en"), clock, lambda: None
    )
    post = await house.said(await house.room.says("bob", "Hello"))
    assert "reach nobody" in await house.declined(reports.require_reportable(ALICE, post))
    assert await house.store.report_of(post.message_id) is None


# --- the menu and the buttons -----------------------------------------------------------------------------------


async def test_from_the_menu_to_the_log(scene: Scenario) -> None:
    """Thanked in private; one entry for all, whose buttons dismiss and remove; the role is pinged by a line of its own."""
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")
    scene.moderation = ModerationKeys(log_channel_id=MOD_LOG, moderator_role_id=MODERATORS, ping_at=2)
    async with scene.bot():
        thread = (await scene.until_names("A bridge is opened"))[0]["id"]
        post = (await scene.post("bob", thread, "You are all paid."))["id"]
        await scene.until_seen(post)

        assert await reported(scene, "alice", thread, post, "Insults everybody") == THANKS
        entry = await scene.until_content(MOD_LOG, partial(entry_of, words="Insults everybody"))
        assert "You are all paid." in texts(entry)
        refused = await scene.interact(
            "alice", "message", thread, name="Report post…", target_id=post, force=True
        )
        assert "already" in texts(refused[-1]["message"])

        assert await reported(scene, "mia", thread, post, "") == THANKS
        ping = await scene.until_content(MOD_LOG, partial(entry_of, words=f"<@&{MODERATORS}>"))
        assert ping["id"] != entry["id"]
        assert ping["mention_roles"] == [str(MODERATORS)]
        assert entry["mention_roles"] == []

        shown = await press(scene, "mia", entry, "show")
        assert "Insults everybody" in texts(shown["message"])
        form = await press(scene, "mia", entry, "remove")
        assert form["data"]["title"] == "Remove a post"
        both = await asyncio.gather(*(press(scene, who, entry, "dismiss") for who in ("mia", "ada")))
        first, second = sorted((texts(each["message"]) for each in both), key=len)
        assert first == "The report is dismissed."
        assert "has dismissed this report already" in second
        await scene.until_content(
            MOD_LOG, lambda there: "dismissed it" in texts(entry_of(there, words="Insults"))
        )

        other = (await scene.post("bob", thread, "And now this."))["id"]
        await scene.until_seen(other)
        await reported(scene, "alice", thread, other, "Nonsense")
        entry = await scene.until_content(MOD_LOG, partial(entry_of, words="Nonsense"))
        form = await press(scene, "mia", entry, "remove")
        fields = (each["component"] for each in form["data"]["components"] if "component" in each)
        reason = next(field["custom_id"] for field in fields if field["type"] == 4)
        order = {"custom_id": form["data"]["custom_id"], "fields": {reason: "made no sense"}}
        await scene.interact("mia", "modal", MOD_LOG, **order)
        await scene.until_content(
            MOD_LOG, lambda there: "case #1" in texts(entry_of(there, words="Nonsense"))
        )
        await scene.until_content(thread, lambda there: other not in {each["id"] for each in there})


THANKS = "Thank you: the moderators see your report."


async def reported(scene: Scenario, who: str, thread: str, post: str, reason: str) -> str:
    """Use the menu and send the form; what the member is told alone."""
    (form,) = await scene.interact(who, "message", thread, name="Report post…", target_id=post)
    (label,) = form["data"]["components"]
    order = {"custom_id": form["data"]["custom_id"], "fields": {label["component"]["custom_id"]: reason}}
    answer: dict[str, Any] = (await scene.interact(who, "modal", thread, **order))[-1]["message"]
    assert answer["flags"] & 64
    return texts(answer)


async def press(scene: Scenario, who: str, entry: dict[str, Any], deed: str) -> dict[str, Any]:
    (button,) = [one for one in buttons(entry["components"]) if one.get("custom_id", "").endswith(f":{deed}")]
    order = {"target_id": entry["id"], "custom_id": button["custom_id"]}
    return (await scene.interact(who, "component", MOD_LOG, **order))[-1]


def buttons(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        found
        for one in components
        for found in ([one] if one["type"] == 2 else buttons(one.get("components", [])))
    ]


def entry_of(messages: list[dict[str, Any]], words: str) -> Any:
    return next((one for one in messages if words in texts(one)), None)
