"""Members are answered within Discord's three seconds, however much there is to read and to poll.

The local Discord holds the bot to the three seconds: a command without an answer by then is a 424, which fails the
call here. What is asserted beside that is what the answers say.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from bot.settings.keys import ReactionsKeys
from tests.process import bot_process
from tests.scenario import GUILD, Scenario, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.slow

BOB = "1300000000000003002"
FEEDS = 200
MIB = 1 << 20
LARGE = "/large.rss"
SEEN = 6  # of one that announces an edit of the message with the button
THINKING = 5  # the type of an answer that only announces one

ENOUGH_POLLS = 3  # of every feed, while members use commands


async def test_every_command_is_answered_in_time(scene: Scenario) -> None:
    """Each command, menu, button and form, while 200 feeds are polled and 1 MiB is read anew every second."""
    scene.reactions = ReactionsKeys(buttons=True)
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")
    for number in range(FEEDS):
        scene.watch(f"/feed{number}.rss", interval=timedelta(seconds=2), backfill=0)
        scene.paper.publish(f"/feed{number}.rss", f"News of {number}")
    scene.watch(LARGE, backfill=0)
    scene.paper.editions[LARGE] = editions()
    async with bot_process(scene):
        thread = (await scene.until_names("A bridge is opened"))[0]["id"]
        bob, alice = await two_posts(scene, thread)
        before = polls(scene)
        for number in count():
            answered = await use_everything(scene, thread, bob, alice, f"Round {number}.")
            assert answered == await on_offer(scene, thread)
            since = polls(scene) - before
            if len(since) == FEEDS + 2 and min(since.values()) >= ENOUGH_POLLS:
                break
    assert in_trouble(scene) == []


def editions() -> Callable[[], bytes]:
    """Makes a feed of 1 MiB whose every item reads otherwise at every poll."""
    text = (
        "<p>The <b>committee</b> met &amp; adjourned, says <a href='https://news.example/x'>a report</a>.</p>"
    )
    items = "".join(
        f"<item><title>Minutes {number}</title><guid isPermaLink='false'>minutes{number}</guid>"
        f"<link>https://news.example/minutes/{number}</link>"
        f"<description><![CDATA[<p>Edition @@@@@@.</p>{text * 20}]]></description></item>"
        for number in range(500)
    )
    feed = f"<rss version='2.0'><channel><title>The Minutes</title>{items}</channel></rss>".encode()
    assert len(feed) >= MIB
    numbers = count()
    return lambda: feed.replace(b"@@@@@@", b"%06d" % next(numbers))


def polls(scene: Scenario) -> Counter[str]:
    """How often each feed was polled."""
    return Counter(path for path, _ in scene.paper.requests)


def in_trouble(scene: Scenario) -> list[str]:
    """Feeds that could not be read."""
    return [url for (url,) in scene.rows("SELECT url FROM poll WHERE failures > 0")]


# --- what there is to use --------------------------------------------------------------------------------


async def on_offer(scene: Scenario, thread: str) -> set[str]:
    """All that is registered, by name. A new command is to be used below."""
    listed = (await scene.call("GET", f"/local/commands?as=ada&channel={thread}"))["commands"]
    return {name for command in listed for name in leaves(command)}


def leaves(command: dict[str, Any], above: str = "") -> Iterator[str]:
    name = f"{above}{command['name']}"
    inner = [each for each in command.get("options") or () if each["type"] in (1, 2)]
    if not inner:
        yield name
    for each in inner:
        yield from leaves(each, f"{name} ")


async def two_posts(scene: Scenario, thread: str) -> tuple[str, str]:
    """Bob's own, which a member loves, and Alice's, which quotes it and was made by the bot."""
    bob = (await scene.post("bob", thread, "It is long. It is high."))["id"]
    await scene.react("ada", thread, bob, "💙")
    await scene.react("ada", thread, thread, "💙")
    await scene.post("alice", thread, "How high?", reply_to=bob)
    alice = await scene.until_content(
        thread, lambda messages: next((one["id"] for one in messages if one.get("webhook_id")), None)
    )
    return bob, alice


class Person:
    """A member who uses what the bot offers, and what they have used."""

    def __init__(self, scene: Scenario, thread: str, used: set[str], name: str = "bob") -> None:
        self._scene = scene
        self._thread = thread
        self._used = used
        self._name = name

    def named(self, name: str) -> Person:
        return Person(self._scene, self._thread, self._used, name)

    async def _use(self, kind: str, **order: Any) -> dict[str, Any]:
        responses = await self._scene.interact(self._name, kind, self._thread, **order)
        assert responses[-1]["type"] != THINKING, f"{order} is thought about for three seconds"
        return responses[-1]

    async def is_offered(self, name: str, option: str, typed: str) -> list[dict[str, Any]]:
        """What an option completes to."""
        answer = await self._use("autocomplete", name=name, options={option: typed}, focused=option)
        choices: list[dict[str, Any]] = answer["data"]["choices"]
        return choices

    async def says(self, name: str, **options: Any) -> dict[str, Any]:
        """A slash command."""
        self._used.add(name)
        return await self._use("slash", name=name, options=options)

    async def points_at(self, post: str, menu: str) -> dict[str, Any]:
        """A command of a post's menu."""
        self._used.add(menu)
        return await self._use("message", name=menu, target_id=post)

    async def presses(self, message: dict[str, Any], label: str) -> dict[str, Any]:
        """A button of a message."""
        button = next(each for each in parts(message) if each.get("label", "").startswith(label))
        return await self._use("component", target_id=message["id"], custom_id=button["custom_id"])

    async def fills_in(self, form: dict[str, Any], *values: Any) -> dict[str, Any]:
        """A form's fields, in their order."""
        fields = [label["component"]["custom_id"] for label in form["components"] if "component" in label]
        filled = dict(zip(fields, values, strict=True))
        return await self._use("modal", custom_id=form["custom_id"], fields=filled)


def parts(component: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A message's components, however deep."""
    yield component
    for inner in component.get("components", ()):
        yield from parts(inner)


async def use_everything(scene: Scenario, thread: str, post: str, own: str, words: str) -> set[str]:
    """Use each command, menu, button and form once, and see that its answer is the right one; the names used."""
    used = set[str]()
    bob = Person(scene, thread, used)
    alice, mia = bob.named("alice"), bob.named("mia")
    link = f"https://discord.com/channels/{GUILD}/{thread}/{post}"

    for command, options, begins in (
        ("quotes off", {}, "Your replies stay as they are, without quotes."),
        ("quotes companion", {}, "Your replies stay as they are, and the bot adds the quote"),
        ("quotes repost", {}, "Your replies are replaced by posts under your name"),
        ("quotes of", {"post": link}, "Quoted in "),
        ("quotes help", {}, "**Quotes in news threads**"),
        ("reactions post", {"post": link}, "How [this post]"),
        ("reactions thread", {}, "**2 reactions in this thread:**"),
        ("reactions member", {}, f"Reactions that <@{BOB}> gave: none yet\n"),
        ("reactions top", {}, "**Most loved posts**"),
    ):
        assert said(await bob.says(command, **options)).startswith(begins)
    for command, begins in (
        ("reactions recommend", "The post is recommended"),
        ("reactions unrecommend", "The post is no longer recommended."),
    ):
        assert said(await mia.says(command, post=link)).startswith(begins)
    ada = bob.named("ada")
    assert said(await ada.says("delivery waiting")) == "Nothing stands in the way of any delivery."
    assert said(await ada.says("delivery retry", job="all")) == "No delivery waits to be retried by hand."

    form = (await alice.points_at(post, "Quote…"))["data"]
    assert (await alice.fills_in(form, "It is high.", words))[
        "type"
    ] == "delete"  # the "thinking…": it is posted
    assert said(await alice.points_at(post, "Add to multi-quote")).startswith("One post is chosen")
    form = (await alice.says("quotes reply"))["data"]
    assert (await alice.fills_in(form, words))["type"] == "delete"
    assert said(await alice.says("quotes clear")) == "No posts are chosen any more."

    panel = (await alice.points_at(own, "My post…"))["message"]
    form = (await alice.presses(panel, "Edit"))["data"]
    assert said(await alice.fills_in(form, words)) == "Your post is changed."
    await moderate(scene, thread, bob, words)
    panel = (await mia.points_at(post, "My post…"))["message"]
    assert said(await mia.presses(panel, "Recommend")).startswith("The post is recommended")
    assert said(await mia.says("reactions unrecommend", post=link)) == "The post is no longer recommended."

    opening = (await scene.messages(thread))[0]
    assert "The Test Courier" in said(await bob.presses(opening, "Details"))
    assert said(await bob.presses(opening, "Thanks")) == "You gave 🙏 Thanks."
    assert said(await bob.presses(opening, "Thanks")) == "You took 🙏 Thanks back."
    answer = (await bob.says("reactions post", post=link))["message"]
    assert said(await bob.presses(answer, "Who reacted")).startswith("**💙 Like** (1)\n")
    return used


async def moderate(scene: Scenario, thread: str, bob: Person, words: str) -> None:
    """Each of the moderators' commands, menus, forms and buttons, and what members have of moderation."""
    alice, mia = bob.named("alice"), bob.named("mia")
    targets = [(await scene.post("bob", thread, f"{words} {number}"))["id"] for number in range(4)]
    for target in targets:
        await scene.until_seen(target)

    form = (await alice.points_at(targets[0], "Report post…"))["data"]
    assert said(await alice.fills_in(form, "Rude.")) == "Thank you: the moderators see your report."
    form = (await mia.points_at(targets[0], "Remove post…"))["data"]
    answer = await mia.fills_in(form, "was rude", "", True)
    number = re.search(r"Case #(\d+)", said(answer))
    assert number is not None
    case = int(number[1])
    assert said(await mia.says("remove", post=targets[1], reason="was rude", tell_author=False)).startswith(
        "**Case #"
    )
    sweep = await mia.says("remove-range", **{"from": targets[2], "to": targets[3]}, reason="were rude")
    assert "2 posts are to be removed" in said(sweep)
    assert (await mia.presses(sweep["message"], "Remove 2 posts"))["type"] == SEEN  # the preview follows it
    assert [choice["name"] for choice in await mia.is_offered("case show", "case", str(case))]
    assert await mia.is_offered("remove", "rule", "") == []

    for command, options, begins in (
        ("case show", {"case": case}, f"**Case #{case} · Post removed**"),
        ("case list", {}, ""),
        ("case search", {"text": "rude"}, ""),
        ("case note", {"case": case, "text": "Seen."}, "The note is added"),
        ("case edit", {"case": case, "reason": "was ruder"}, f"Case #{case} is corrected"),
        ("case reinstate", {"case": case}, f"Case #{case} is reinstated."),
        ("strikes", {"member": BOB}, f"<@{BOB}>"),
        ("suspend", {"member": BOB, "duration": "2h", "reason": "too rude"}, f"<@{BOB}> may not post until"),
        ("unsuspend", {"member": BOB}, f"<@{BOB}> may post again."),
        ("article lock", {}, "The discussion is locked"),
        ("article unlock", {}, "The discussion is open again."),
        ("article retag", {"tags": "World"}, "The thread is tagged: World."),
        ("article refresh", {}, "The opening post is rendered anew"),
        ("article repost", {"article": "none"}, "Choose one of the articles"),
        ("transparency", {}, ""),
    ):
        assert said(await mia.says(command, **options)).startswith(begins), command
    withdrawn = said(await mia.says("article withdraw", reason="was a hoax"))
    undone = re.search(r"case #(\d+)", withdrawn)
    assert undone is not None
    assert "is reinstated" in said(await mia.says("case reinstate", case=int(undone[1])))

    assert "Only you see it" in said(await alice.says("privacy export"))
    question = (await alice.says("privacy erase"))["message"]
    assert said(await alice.presses(question, "Cancel")) == "Nothing was erased."


def said(response: dict[str, Any]) -> str:
    """The text of a message with which the bot answers."""
    return texts(response["message"])
