"""Who may use what: members nothing of the moderators', moderators what Discord lets them do, administrators all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.moderation.acting import LACKING, REASON, remove, until_says
from tests.scenario import FORUM, MOD_LOG, texts, until

if TYPE_CHECKING:
    from tests.scenario import Scenario

pytestmark = pytest.mark.slow

BOB = "1300000000000003002"
MODERATOR_ROLE = "1300000000000004001"
MANAGE_MESSAGES, MANAGE_THREADS, MODERATE_MEMBERS = 1 << 13, 1 << 34, 1 << 40
# What each needs, by the name Discord knows it by.
NEEDS = {
    "remove": MANAGE_MESSAGES,
    "remove-range": MANAGE_MESSAGES,
    "Remove post…": MANAGE_MESSAGES,
    "case show": MANAGE_MESSAGES,
    "case list": MANAGE_MESSAGES,
    "case search": MANAGE_MESSAGES,
    "case edit": MANAGE_MESSAGES,
    "case note": MANAGE_MESSAGES,
    "case reinstate": MANAGE_MESSAGES,
    "strikes": MANAGE_MESSAGES,
    "suspend": MODERATE_MEMBERS,
    "unsuspend": MODERATE_MEMBERS,
    "article lock": MANAGE_THREADS,
    "article unlock": MANAGE_THREADS,
    "article retag": MANAGE_THREADS,
    "article refresh": MANAGE_THREADS,
    "article repost": MANAGE_THREADS,
    "article withdraw": MANAGE_THREADS,
}
FOR_MANAGERS = {
    "delivery waiting",
    "delivery retry",
}  # of the server; who may, and who not, is tests/e2e/test_deliveries.py's
FOR_ALL = {"transparency", "privacy export", "privacy erase", "Report post…"}
# What ranges over several channels says where none of what there is may be seen.
SEES_NONE = {
    "article repost": "Choose one of the articles that are offered: those whose thread was deleted.",
    "case list": "There are no such cases.",
    "case search": "There are no such cases.",
}
WRONG = "Something went wrong"


class Place:
    """A thread with posts of Bob's in it, the last of which is a case."""

    def __init__(self, scene: Scenario, thread: str, posts: list[str]) -> None:
        self._scene = scene
        self._thread = thread
        self._posts = iter(posts)

    async def uses(self, who: str, name: str, **order: Any) -> str:
        """All that the bot answers to one who uses it by hand, whatever Discord would let them."""
        kind = "message" if name.endswith("…") else "slash"
        wish = {"target_id": next(self._posts)} if kind == "message" else {"options": self._options(name)}
        order = {"name": name, "force": True} | wish | order
        (first, *more) = await self._scene.interact(who, kind, self._thread, **order)
        return "form" if first["type"] == 9 else texts((more or [first])[-1]["message"])

    def _options(self, name: str) -> dict[str, Any]:
        match name:
            case "remove":
                return {"post": next(self._posts), "reason": REASON}
            case "remove-range":
                post = next(self._posts)
                return {"from": post, "to": post, "reason": REASON}
            case "case list" | "article lock" | "article unlock" | "article refresh":
                return {}
            case "case search":
                return {"text": "paid"}
            case "case edit":
                return {"case": 1, "reason": "claimed what it could not know"}
            case "case note":
                return {"case": 1, "text": "Seen before."}
            case "case show" | "case reinstate":
                return {"case": 1}
            case "strikes" | "unsuspend":
                return {"member": BOB}
            case "suspend":
                return {"member": BOB, "duration": "2h", "reason": "went on and on"}
            case "article retag":
                return {"tags": "World"}
            case "article repost":
                return {"article": "1"}
            case "article withdraw":
                return {"reason": "was a hoax"}
            case _:
                return {}


@pytest.fixture
async def place(scene: Scenario, thread: str) -> Place:
    posts = [(await scene.post("bob", thread, f"Number {number} was paid."))["id"] for number in range(20)]
    for post in posts:
        await scene.until_seen(post)
    answer = await remove(scene, thread, posts.pop())
    await until_says(scene, answer, "removed")
    return Place(scene, thread, posts)


async def test_nobody_gets_past_their_permissions(scene: Scenario, thread: str, place: Place) -> None:
    """A member by no command or menu, a moderator by none whose permission they lack, also made by hand."""
    before = await as_it_is(scene, thread)
    for name in NEEDS:
        assert await place.uses("bob", name) == LACKING, name
    for name, needs in NEEDS.items():
        if needs != MODERATE_MEMBERS:  # which is asked of the server as a whole
            await deny(scene, needs)
            assert await place.uses("mia", name) == SEES_NONE.get(name, LACKING), name
    await deny(scene, 0)
    await scene.call("PATCH", f"/local/roles/{MODERATOR_ROLE}", {"permissions": str(MANAGE_MESSAGES)})
    for name in ("suspend", "unsuspend", "article lock"):
        assert await place.uses("mia", name) == LACKING, name
    assert await as_it_is(scene, thread) == before


@pytest.mark.parametrize("who", ["mia", "ada"])
async def test_who_may_can(scene: Scenario, thread: str, place: Place, who: str) -> None:
    """A moderator and an administrator get by all of them what they are for."""
    for name in NEEDS:
        said = await place.uses(who, name)
        assert said, name
        assert said != LACKING, name
        assert WRONG not in said, name


async def test_what_discord_offers(scene: Scenario, thread: str, place: Place) -> None:
    """Members see what is for all, and nothing of the moderators'; every command is in one of the tables."""
    offered = {who: await commands(scene, thread, who) for who in ("bob", "mia", "ada")}
    assert offered["mia"] - offered["bob"] == set(NEEDS)
    assert offered["ada"] - offered["mia"] == FOR_MANAGERS
    assert offered["bob"] >= FOR_ALL
    for name in FOR_ALL:
        assert LACKING not in await place.uses("bob", name)


async def test_buttons_in_the_log_are_no_way_in(scene: Scenario, thread: str, place: Place) -> None:
    """A button pressed by who may not decides nothing, and tells nothing."""
    target = (await scene.post("bob", thread, "And this one was paid."))["id"]
    await scene.until_seen(target)
    (form,) = await scene.interact("alice", "message", thread, name="Report post…", target_id=target)
    await scene.interact("alice", "modal", thread, custom_id=form["data"]["custom_id"])
    entry = await scene.until_content(
        MOD_LOG, lambda messages: next((one for one in messages if "nx:" in str(one["components"])), None)
    )
    await scene.call(
        "PATCH", f"/local/channels/{MOD_LOG}", {"permission_overwrites": []}
    )  # all can look into it
    for custom_id in [each for each in ids(entry["components"]) if each.startswith("nx:")]:
        (answer,) = await scene.interact(
            "bob", "component", MOD_LOG, target_id=entry["id"], custom_id=custom_id
        )
        assert texts(answer["message"]) == LACKING
    assert scene.rows("SELECT state FROM report") == [("open",)]


async def as_it_is(scene: Scenario, thread: str) -> Any:
    """What a command could change: posts, cases, the thread itself, Bob's rights."""

    async def settled() -> bool:
        return not scene.rows("SELECT 1 FROM job WHERE state IN ('pending', 'sending', 'unknown')")

    await until(settled)
    state = await scene.call("GET", "/local/state")
    return (
        [(one["id"], texts(one)) for one in await scene.messages(thread)],
        [
            (one["name"], one["thread_metadata"]["locked"], one.get("applied_tags"))
            for one in await scene.threads()
        ],
        scene.rows("SELECT id, state, reason FROM moderation_case"),
        scene.rows("SELECT count(*) FROM case_event"),
        [one["communication_disabled_until"] for one in state["members"] if one["id"] == BOB],
    )


async def deny(scene: Scenario, permission: int) -> None:
    """Take a permission from moderators in the channel of the news."""
    overwrite = {"id": MODERATOR_ROLE, "type": 0, "allow": "0", "deny": str(permission)}
    await scene.call("PATCH", f"/local/channels/{FORUM}", {"permission_overwrites": [overwrite]})

    async def told() -> bool:
        state = await scene.call("GET", "/local/state")
        return bool(state["bot"]["connected"])

    await until(told)


async def commands(scene: Scenario, thread: str, who: str) -> set[str]:
    listed = (await scene.call("GET", f"/local/commands?as={who}&channel={thread}"))["commands"]
    return {name for command in listed for name in leaves(command)}


def leaves(command: dict[str, Any], above: str = "") -> list[str]:
    name = f"{above}{command['name']}"
    inner = [each for each in command.get("options") or () if each["type"] in (1, 2)]
    return [leaf for each in inner for leaf in leaves(each, f"{name} ")] or [name]


def ids(components: Any) -> list[str]:
    """The custom ids in a message's components."""
    if isinstance(components, list):
        return [each for one in components for each in ids(one)]
    own = [components["custom_id"]] if components.get("custom_id") else []
    return own + ids(components.get("components", []))
