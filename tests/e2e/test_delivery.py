"""Lost answers, refusals and restarts: each article ends as exactly one thread, or stays away once removed."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3

import pytest

from bot.app import App
from bot.clock import Clock
from bot.errors import StoreLocked, TokenRefused
from tests.scenario import FORUM, HEADLINES, Scenario, texts, until

pytestmark = pytest.mark.slow

OPEN_FORUM = {"method": "POST", "path": rf"/channels/{FORUM}/threads$", "times": 1}
SEND = {"method": "POST", "path": rf"/channels/{HEADLINES}/messages$", "times": 1}
START_THREAD = {"method": "POST", "path": rf"/channels/{HEADLINES}/messages/\d+/threads$", "times": 1}


async def tended(scene: Scenario, count: int) -> bool:
    """Whether the store has so many articles whose threads it knows."""
    with contextlib.closing(sqlite3.connect(scene.folder / "newsthread.db")) as store:
        rows = store.execute("SELECT count(*) FROM story WHERE thread_id AND removed_at IS NULL").fetchone()
    return bool(rows[0] == count)


@pytest.mark.parametrize(
    "fault",
    [
        {"drop": "after"},
        {"drop": "before"},
        {"status": 502},
        {"status": 500},
        {"status": 429, "retry_after": 0.3},
    ],
    ids=str,
)
async def test_forum_post_survives_a_bad_answer(scene: Scenario, fault: dict[str, object]) -> None:
    """Whatever a forum post's answer is, there is one thread in the end, and the order is kept."""
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "One")
    scene.paper.publish("/world.rss", "Two")
    await scene.fault(**OPEN_FORUM, **fault)

    async with scene.bot(), scene.hurried():
        await scene.until_names("One", "Two")
        await scene.polls("/world.rss")
    assert await scene.names() == ["One", "Two"]


@pytest.mark.parametrize("told", [True, False], ids=["the gateway told", "nobody told"])
async def test_a_clock_that_is_ahead(scene: Scenario, told: bool) -> None:
    """What is looked for is looked for since it began on Discord's clock, be ours minutes ahead of that."""
    scene.watch("/world.rss")
    scene.clock.advance(300)
    await scene.fault(**OPEN_FORUM, drop="after")
    if not told:
        for event in ("THREAD_CREATE", "MESSAGE_CREATE"):
            await scene.fault(event=event, mode="lose")
    scene.paper.publish("/world.rss", "One")
    scene.paper.publish("/world.rss", "Two")
    async with scene.bot(), scene.hurried():
        await scene.until_names("One", "Two")
        await scene.polls("/world.rss")
        await until(lambda: tended(scene, 2))
    assert await scene.names() == ["One", "Two"]


@pytest.mark.parametrize("step", [SEND, START_THREAD], ids=["message", "thread"])
@pytest.mark.parametrize("fault", [{"drop": "after"}, {"drop": "before"}, {"status": 502}], ids=str)
async def test_text_channel_survives_a_bad_answer(
    scene: Scenario, step: dict[str, object], fault: dict[str, object]
) -> None:
    """The same for both halves of a post in a text channel: one message, one thread."""
    scene.watch("/business.rss", HEADLINES)
    scene.paper.publish("/business.rss", "One")
    await scene.fault(**step, **fault)

    async with scene.bot(), scene.hurried():
        (thread,) = await scene.until_names("One", channel=HEADLINES)
        await scene.polls("/business.rss")
    posts = [message["id"] for message in await scene.messages(HEADLINES) if message["components"]]
    assert posts == [thread["id"]]


async def test_one_http_attempt_for_a_forum_post(scene: Scenario) -> None:
    """discord.py's own repetition of a POST on 5xx is stopped: one request an attempt."""
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "One")
    await scene.fault(**(OPEN_FORUM | {"times": 2}), status=502)

    async with scene.bot(), scene.hurried():
        await scene.until_names("One")
    requests = await scene.requests("POST", f"/channels/{FORUM}/threads")
    assert [entry["status"] for entry in requests] == [502, 502, 201]


async def test_removed_in_the_uncertain_window_stays_removed(scene: Scenario) -> None:
    """A post whose answer was lost and which a moderator deleted is not posted again."""
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "Withdrawn")
    await scene.fault(**OPEN_FORUM, drop="after")

    async with scene.bot(), scene.hurried():
        (thread,) = await scene.until_names("Withdrawn")
        await scene.call("DELETE", f"/local/as/ada/channels/{thread['id']}")
        scene.paper.publish("/world.rss", "Next")
        await scene.until_names("Next")
        await scene.polls("/world.rss")
    assert await scene.names() == ["Next"]


async def test_stopped_in_the_middle_of_a_request(scene: Scenario) -> None:
    """A bot stopped while Discord takes its time adopts the thread at the next start."""
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "Slow")
    await scene.fault(**OPEN_FORUM, delay=60)

    app = App(scene.settings(), Clock())
    stop = asyncio.Event()
    task = asyncio.create_task(app.run(stop))
    await scene.polls("/world.rss", more=1)
    await scene.until_sending()
    stop.set()
    began = asyncio.get_running_loop().time()
    await task
    assert asyncio.get_running_loop().time() - began < 10

    await scene.clear_faults()
    async with scene.bot(), scene.hurried():
        await scene.until_names("Slow")
        await scene.polls("/world.rss")
    assert await scene.names() == ["Slow"]


async def test_gateway_cut_and_invalidated(scene: Scenario) -> None:
    """A cut gateway, and one that forgets the session, are waited out."""
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "One")
    async with scene.bot():
        await scene.until_names("One")
        await scene.call("POST", "/local/gateway/drop")
        scene.paper.publish("/world.rss", "Two")
        await scene.until_names("One", "Two")
        await scene.new_session()
        scene.paper.publish("/world.rss", "Three")
        await scene.until_names("One", "Two", "Three")


async def test_discord_down_at_start(scene: Scenario) -> None:
    """Discord's 5xx at log-in are waited out."""
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "One")
    await scene.fault(method="GET", path=r"/users/@me$", status=503, times=2)
    async with scene.bot():
        for tries in (1, 2):
            await until(lambda tries=tries: tried(scene, tries))
            scene.clock.advance(10)
        await scene.until_names("One")


async def tried(scene: Scenario, times: int) -> bool:
    """Whether the bot asked who it is so many times."""
    return len(await scene.requests("GET", "/users/@me")) >= times


async def test_wrong_token_ends_the_run(scene: Scenario) -> None:
    """A token that Discord refuses stops the program for good."""
    settings = scene.settings()
    wrong = settings.model_copy(update={"token": type(settings.token)("wrong")})
    with pytest.raises(TokenRefused):
        await App(wrong, Clock()).run(asyncio.Event())


async def test_second_instance_is_refused(scene: Scenario) -> None:
    """Two bots on one store: the second does not start."""
    scene.watch("/world.rss")
    scene.paper.publish("/world.rss", "One")
    async with scene.bot():
        await scene.until_names("One")
        with pytest.raises(StoreLocked):
            await App(scene.settings(), Clock()).run(asyncio.Event())


async def test_refused_picture_and_name_do_not_stop_an_article(scene: Scenario) -> None:
    """When Discord refuses the form, the post goes out without picture."""
    scene.watch("/world.rss")
    scene.paper.publish(
        "/world.rss", "Pictured", description='<p>Look:</p><img src="https://news.example/p.png"><p>Nice.</p>'
    )
    await scene.fault(**OPEN_FORUM, status=400, code=50035)
    async with scene.bot():
        (thread,) = await scene.until_names("Pictured")
    assert "p.png" not in str(thread["starter"]["components"])
    assert "Nice." in texts(thread["starter"])


async def test_details_button_tells_the_story(scene: Scenario) -> None:
    """The button answers privately with source, times and former headlines."""
    scene.watch("/world.rss")
    item = scene.paper.publish("/world.rss", "Early")
    async with scene.bot():
        await scene.until_names("Early")
        item["title"] = "Later"
        (thread,) = await scene.until_names("Later")
        button = next(
            part
            for part in thread["starter"]["components"][0]["components"][-1]["components"]
            if part.get("custom_id")
        )

        async def answered() -> str:
            answer = await scene.call(
                "POST",
                "/local/as/alice/interactions",
                {
                    "kind": "component",
                    "channel_id": thread["id"],
                    "target_id": thread["starter"]["id"],
                    "custom_id": button["custom_id"],
                },
            )
            return str(answer["responses"])

        said = await until(answered)
    assert "Early" in said
    assert "The Test Courier" in said
