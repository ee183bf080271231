"""Rate limits are honest, and what goes wrong on request goes wrong as it does on Discord."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import discord
import pytest

from localdiscord import Limits
from localdiscord.seed import TOKEN
from tests.localdiscord.conftest import HEADLINES, NEWS, WAIT, Local, Start, Watcher, pointed_at

pytestmark = pytest.mark.slow

SEND = f"/channels/{HEADLINES}/messages"
POST = {"name": "x", "message": {"content": "x"}}
AUTH = {"Authorization": f"Bot {TOKEN}"}


async def test_headers_tell_what_is_left(start: Start) -> None:
    """Limit, remaining, reset and bucket count down; one too many is a 429 that names its time."""
    local = await start(limits=Limits(buckets={"POST /channels/{channel}/messages": (2, 60.0)}))
    seen = []
    for _ in range(3):
        async with local.web.post(
            f"{local.url}/api/v10{SEND}", json={"content": "x"}, headers=AUTH
        ) as response:
            seen.append((response.status, response.headers.copy(), await response.json()))
    assert [status for status, _, _ in seen] == [200, 200, 429]
    assert [headers["X-RateLimit-Remaining"] for _, headers, _ in seen] == ["1", "0", "0"]
    assert len({headers["X-RateLimit-Bucket"] for _, headers, _ in seen}) == 1
    assert 0 < float(seen[0][1]["X-RateLimit-Reset-After"]) <= 60
    assert float(seen[0][1]["X-RateLimit-Reset"]) > time.time()
    _, headers, answer = seen[2]
    assert 0 < answer["retry_after"] <= 60
    assert answer["global"] is False
    assert (headers["X-RateLimit-Scope"], headers["Content-Type"]) == ("user", "application/json")
    assert headers["Via"]
    assert len(await local.messages(HEADLINES)) == 2
    local.clock.advance(61)
    assert (await local.rest("POST", SEND, {"content": "x"}))[0] == 200


async def test_buckets_are_per_channel(start: Start) -> None:
    """Filling one channel's bucket leaves another's alone."""
    local = await start(limits=Limits(buckets={"GET /channels/{channel}": (1, 60.0)}))
    statuses = [(await local.rest("GET", f"/channels/{each}"))[0] for each in (NEWS, NEWS, HEADLINES)]
    assert statuses == [200, 429, 200]


async def test_the_global_limit_is_marked(start: Start) -> None:
    """Beyond it every route answers a global 429; interactions are outside it."""
    local = await start(limits=Limits(overall=(1, 60.0)))
    assert (await local.rest("GET", "/users/@me"))[0] == 200
    status, answer = await local.rest("GET", f"/channels/{NEWS}")
    assert (status, answer["global"]) == (429, True)
    assert (await local.rest("POST", "/interactions/1/x/callback", {"type": 4}))[0] == 404


async def test_renames_have_a_limit_that_headers_do_not_show(start: Start) -> None:
    """The third rename within ten minutes waits; other edits do not."""
    local = await start(limits=Limits())
    _, thread = await local.rest("POST", f"/channels/{NEWS}/threads", POST)
    path = f"/channels/{thread['id']}"
    statuses = [(await local.rest("PATCH", path, {"name": f"n{n}"}))[0] for n in range(3)]
    assert statuses == [200, 200, 429]
    assert (await local.rest("PATCH", path, {"archived": True}))[0] == 200


async def test_new_threads_have_a_limit_that_is_shared(start: Start) -> None:
    """Where it is asked for: a 429 that no header announced, a channel at a time, of the scope that is not held against us."""
    local = await start(limits=Limits(openings=(1, 300.0)))
    answers = []
    for _ in range(2):
        async with local.web.post(
            f"{local.url}/api/v10/channels/{NEWS}/threads", json=POST, headers=AUTH
        ) as response:
            answers.append((response.status, response.headers.get("X-RateLimit-Scope")))
            remaining = response.headers["X-RateLimit-Remaining"]
            data = await response.json()
    assert answers == [(201, None), (429, "shared")]
    assert 290 < data["retry_after"] <= 300
    assert int(remaining) > 0
    message = (await local.rest("POST", SEND, {"content": "x"}))[1]["id"]
    path = f"/channels/{HEADLINES}/messages/{message}/threads"
    assert (await local.rest("POST", path, {"name": "x"}))[0] == 201


async def test_discord_py_waits_out_a_429(local: Local, bot: Watcher) -> None:
    """A short limit is waited for and the message sent once; a long one is raised."""
    await local.fault(method="POST", path="/messages$", status=429, retry_after=0.05, times=2)
    await bot.headlines.send("patience")
    assert len(await local.messages(HEADLINES)) == 1
    await local.fault(method="POST", path="/messages$", status=429, retry_after=120)
    with pytest.raises(discord.RateLimited):
        await bot.headlines.send("no")


async def test_cloudflare_answers_in_html(local: Local, bot: Watcher) -> None:
    """Without Via discord.py raises at once."""
    await local.fault(method="POST", path="/messages$", status=429, html=True)
    with pytest.raises(discord.HTTPException) as refused:
        await bot.headlines.send("no")
    assert refused.value.status == 429
    assert await local.messages(HEADLINES) == []


@pytest.mark.parametrize(("drop", "made"), [("before", 0), ("after", 1)])
async def test_a_lost_connection_leaves_or_has_an_effect(
    local: Local, bot: Watcher, drop: str, made: int
) -> None:
    """The caller can't tell the two apart; the world can."""
    await local.fault(method="POST", path=f"/channels/{NEWS}/threads", drop=drop, times=1)
    with pytest.raises((aiohttp.ClientError, OSError)):
        await bot.news.create_thread(name="x", content="x")
    assert len(await bot.guilds[0].active_threads()) == made
    entry = next(each for each in await local.ask("GET", "/local/requests") if each["fault"])
    assert (entry["status"], entry["fault"]["drop"]) == (None, drop)


async def test_an_effect_may_hide_behind_an_error(local: Local) -> None:
    """504 after the commit: the answer is lost, the post is there. Without drop nothing happened."""
    for drop, made in (("after", 1), (None, 1)):
        await local.fault(method="POST", path="/threads", status=504, drop=drop)
        assert (await local.rest("POST", f"/channels/{NEWS}/threads", POST))[0] == 504
        _, listed = await local.rest("GET", "/guilds/1300000000000001000/threads/active")
        assert len(listed["threads"]) == made


async def test_an_effect_may_come_late(local: Local, bot: Watcher) -> None:
    """The connection is gone at once, the post appears later."""
    await local.fault(method="POST", path="/threads", late=0.05)
    with pytest.raises(aiohttp.ClientError):
        await local.rest("POST", f"/channels/{NEWS}/threads", POST)
    assert (await bot.seen("thread_create")).name == "x"


async def test_a_request_may_take_its_time(local: Local) -> None:
    """A delay passes before the effect; times limits how often."""
    await local.fault(method="*", path="/users/@me", delay=0.2, times=1)
    began = time.monotonic()
    await local.rest("GET", "/users/@me")
    assert time.monotonic() - began >= 0.2


async def test_new_threads_may_be_listed_late(local: Local) -> None:
    """With a lag ordered, a new thread is there but listings don't show it yet."""
    await local.fault(lag=30)
    _, made = await local.rest("POST", f"/channels/{NEWS}/threads", POST)
    path = "/guilds/1300000000000001000/threads/active"
    assert (await local.rest("GET", path))[1]["threads"] == []
    assert (await local.rest("GET", f"/channels/{made['id']}"))[0] == 200
    local.clock.advance(31)
    assert len((await local.rest("GET", path))[1]["threads"]) == 1


async def test_new_messages_may_be_listed_late(local: Local) -> None:
    """With a lag ordered, a channel's history lacks what is new; asked for by its id, it is there."""
    await local.rest("POST", SEND, {"content": "before"})
    await local.fault(lag=30)
    _, made = await local.rest("POST", SEND, {"content": "x"})
    assert [one["content"] for one in (await local.rest("GET", SEND))[1]] == ["before"]
    assert (await local.rest("GET", f"{SEND}/{made['id']}"))[0] == 200
    local.clock.advance(31)
    assert [one["content"] for one in (await local.rest("GET", SEND))[1]] == ["x", "before"]


async def test_faults_can_be_cleared_and_refuse_nonsense(local: Local) -> None:
    """DELETE forgets them; a wrong order is explained."""
    await local.fault(path=".*", status=500, times=99)
    await local.ask("DELETE", "/local/faults")
    assert (await local.rest("GET", "/users/@me"))[0] == 200
    for order in (
        {"path": "("},
        {"path": "x", "drop": "never"},
        {"path": "x", "status": 42},
        {"path": "x", "delay": "1s"},
    ):
        told = await local.ask("POST", "/local/faults", order, status=400)
        assert next(iter(set(order) - {"path"}), "path") in told["error"]


async def test_codes_can_be_ordered(local: Local) -> None:
    """A fault may carry one of Discord's codes, to try what can't be provoked here."""
    await local.fault(method="POST", path="/messages$", status=403, code=50007)
    status, answer = await local.rest("POST", SEND, {"content": "x"})
    assert (status, answer) == (403, {"code": 50007, "message": "Cannot send messages to this user"})


async def test_a_refused_login_through_a_fault(local: Local) -> None:
    """401 on request, as when the token was reset."""
    await local.fault(method="GET", path="/users/@me$", status=401)
    with pointed_at(local.url):
        client = Watcher()
        with pytest.raises(discord.LoginFailure):
            await client.login(TOKEN)
        await client.close()


async def test_many_at_once_stay_whole(local: Local) -> None:
    """Concurrent posts each make one thread with rising ids."""
    made = await asyncio.wait_for(
        asyncio.gather(*(local.rest("POST", f"/channels/{NEWS}/threads", POST) for _ in range(40))), WAIT
    )
    assert {status for status, _ in made} == {201}
    assert len({answer["id"] for _, answer in made}) == 40
