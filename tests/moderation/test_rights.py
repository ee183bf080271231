"""Posting rights: taken and given back by hand, and what a member has on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import Declined
from bot.model import JobKind, Told
from bot.moderation.rights import PostingRights
from bot.newsroom import Office
from bot.settings.keys import ModerationKeys
from bot.store import Store
from tests.localdiscord.conftest import ADA, ALICE, BOB, MIA, local, openapi, start  # noqa: F401 - fixtures
from tests.newsroom.conftest import Room, room  # noqa: F401 - fixtures
from tests.scenario import MOD_LOG, Scenario, texts, until

if TYPE_CHECKING:
    from bot.model import Case
    from bot.newsroom.authority import Authority
    from tests.support import StillClock

DENIED = "You lack the permission for that in this channel."


# --- the rules, with a Discord that knows the members -----------------------------------------------------------


@dataclass
class House:
    """The service, at work for Mia or whom a test names."""

    rights: PostingRights
    office: Office
    store: Store
    room: Room
    wakes: list[None]

    async def authority(self, member_id: int) -> Authority:
        return await self.office.authority(await self.room.desk.guild().fetch_member(member_id), None)

    async def suspend(self, member: int = BOB, by: int = MIA, **wish: Any) -> Case:
        asked: dict[str, Any] = {"origin": 1, "duration": "2h", "reason": "kept insulting others"} | wish
        done = await self.rights.suspend(
            authority=await self.authority(by), member=(member, f"member {member}"), **asked
        )
        case = await self.store.case(done.case_id)
        assert case is not None
        return case

    async def declined(self, doing: Any) -> str:
        """The sentence, of a wish that changed nothing."""
        jobs, wakes = await self.store.next_jobs(), len(self.wakes)
        with pytest.raises(Declined) as declined:
            await doing
        assert (await self.store.next_jobs(), len(self.wakes)) == (jobs, wakes)
        return str(declined.value)


@pytest.fixture
async def house(room: Room, store: Store, clock: StillClock) -> House:  # noqa: F811
    office = Office(room.desk, clock)
    wakes: list[None] = []
    keys = ModerationKeys(log_channel_id=MOD_LOG)
    return House(
        PostingRights(store, office, keys, clock, lambda: wakes.append(None)), office, store, room, wakes
    )


@pytest.mark.slow
async def test_a_suspension_is_a_case(house: House, clock: StillClock) -> None:
    """It begins at once, the member is told as configured or as asked, and asked for twice it is one."""
    case = await house.suspend(duration=" 2 H ", reason="  kept\ninsulting others ")
    assert await house.suspend() == case
    (member,) = case.members
    assert (case.moderator_id, case.reason, case.noticed) == (MIA, "kept insulting others", False)
    assert (member.member_id, member.told, member.strike) == (BOB, Told.WAITING, False)
    assert member.suspended_until == clock.now() + timedelta(hours=2)
    assert {job.kind for job in await house.store.next_jobs()} >= {JobKind.RIGHTS, JobKind.TELL}
    assert house.wakes

    untold = await house.suspend(origin=2, tell=False)
    assert untold.members[0].told is Told.NO

    longer = await house.suspend(origin=3, duration="7d")
    shorter = await house.rights.suspend(3, await house.authority(MIA), (BOB, "Bob"), "1m", "again")
    assert shorter.case_id == longer.id
    assert shorter.until == clock.now() + timedelta(days=7)


@pytest.mark.slow
async def test_who_can_be_suspended_by_whom(house: House) -> None:
    """Only members who stand below, which neither the owner, administrators, bots, equals nor oneself do."""
    here = house.room
    deputy = int((await here.local.ask("POST", "/local/members", {"name": "deputy"}))["user"]["id"])
    roles = (await here.local.ask("GET", "/local/state"))["members"]
    mias = next(one["roles"] for one in roles if int(one["id"]) == MIA)
    await here.local.ask("PATCH", f"/local/members/{deputy}", {"roles": mias})
    me = here.desk.guild().me.id
    for member, by, words in (
        (MIA, MIA, "yourself"),
        (deputy, MIA, "as high as you"),
        (ADA, MIA, "administrators"),
        (me, ADA, "bot"),
        (BOB, ALICE, DENIED),
    ):
        assert words in await house.declined(house.suspend(member, by))
    await house.suspend(deputy, ADA)

    await here.local.ask("DELETE", f"/local/members/{deputy}")
    assert "not in this server" in await house.declined(house.suspend(deputy, ADA, origin=2))


@pytest.mark.slow
async def test_how_a_suspension_is_asked_for(house: House) -> None:
    """A duration from a minute to a year, and a reason that is neither empty nor too long: otherwise one sentence."""
    for typed in ("", "2", "soon", "1.5h", "-1h", "2 weeks", "٣d", "9" * 40 + "d"):
        assert "such as" in await house.declined(house.suspend(duration=typed))
    for typed in ("0s", "59s", "366d", "999999999d"):
        assert "at least a minute" in await house.declined(house.suspend(duration=typed))
    for typed in ("", " \n "):
        assert "Say why" in await house.declined(house.suspend(reason=typed))
    assert "longer than 400" in await house.declined(house.suspend(reason="x" * 401))
    for origin, typed in enumerate(("60s", "1m", "365d", "525600m"), start=1):
        assert (await house.suspend(origin=origin, duration=typed)).members[0].suspended_until is not None


@pytest.mark.slow
async def test_posting_rights_are_given_back(house: House, clock: StillClock) -> None:
    """All suspensions that run end, who did it is kept; one's own, and none, can't be ended."""
    mia, ada, alice = [await house.authority(each) for each in (MIA, ADA, ALICE)]
    assert "not suspended" in await house.declined(house.rights.unsuspend(mia, BOB))
    await house.suspend(origin=1, duration="1m")
    clock.advance(61)
    await house.suspend(origin=2, duration="2h")
    await house.suspend(origin=3, duration="3d")
    assert DENIED in await house.declined(house.rights.unsuspend(alice, BOB))
    assert "longer than" in await house.declined(house.rights.unsuspend(mia, BOB, "x" * 401))
    assert await house.rights.unsuspend(mia, BOB, " said\nsorry ") == 2
    assert "not suspended" in await house.declined(house.rights.unsuspend(mia, BOB))

    record = await house.rights.record(mia, BOB)
    assert [one.lifted_by for one in record.suspensions] == [MIA, MIA, None]
    case = await house.store.case(record.suspensions[0].case_id)
    assert case is not None
    assert case.events[-1].text == "said sorry"
    with pytest.raises(Declined, match=DENIED):
        await house.rights.record(alice, BOB)

    await house.suspend(MIA, ADA, origin=4)
    assert "your own" in await house.declined(house.rights.unsuspend(mia, MIA))
    assert await house.rights.unsuspend(ada, MIA) == 1


# --- the commands ------------------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_commands(scene: Scenario) -> None:
    """Bob can't post while he is suspended, reads why, and can again; only moderators can have that done."""
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")

    async def timed_out() -> Any:
        people = (await scene.call("GET", "/local/state"))["members"]
        return next(one for one in people if one["id"] == str(BOB))["communication_disabled_until"]

    async def ask(who: str, command: str, **options: Any) -> str:
        """What the bot answers them alone, whatever Discord hides from them."""
        order = {"name": command, "options": options, "force": True}
        answer = (await scene.interact(who, "slash", thread, **order))[-1]["message"]
        assert answer["flags"] & 64
        return texts(answer)

    async with scene.bot():
        thread = (await scene.until_names("A bridge is opened"))[0]["id"]
        wish = {"member": str(BOB), "duration": "2h", "reason": "kept insulting others"}
        assert await ask("alice", "suspend", **wish) == DENIED
        assert await ask("alice", "unsuspend", member=str(BOB)) == DENIED
        assert await ask("alice", "strikes", member=str(BOB)) == DENIED
        assert "such as" in await ask("mia", "suspend", **wish | {"duration": "long"})

        answer = await ask("mia", "suspend", **wish)
        assert f"<@{BOB}> may not post until <t:" in answer
        assert "case #1" in answer
        await until(timed_out)
        with pytest.raises(AssertionError):
            await scene.post("bob", thread, "May I?")
        await until(lambda: told(scene, "kept insulting others"))
        await scene.until_content(MOD_LOG, lambda entries: any("#1" in texts(one) for one in entries))
        assert "#1" in await ask("mia", "strikes", member=str(BOB))

        assert (
            await ask("ada", "unsuspend", member=str(BOB), reason="said sorry") == f"<@{BOB}> may post again."
        )
        await until(lambda: no(timed_out))
        await scene.post("bob", thread, "Thank you")
        assert f"<@{ADA}>" in await ask("ada", "strikes", member=str(BOB))
        assert "is not suspended" in await ask("mia", "unsuspend", member=str(BOB))


async def told(scene: Scenario, words: str) -> bool:
    return any(words in texts(each) for each in await scene.call("GET", "/local/dms/bob"))


async def no(question: Any) -> bool:
    return not await question()
