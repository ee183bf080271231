"""The control routes: what the page sees, who may call, the event stream, direct messages, the request log."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import discord
import pytest

from tests.localdiscord.conftest import (
    ADA,
    ALICE,
    BOB,
    GUILD,
    HEADLINES,
    MIA,
    MOD_LOG,
    NEWS,
    WAIT,
    Local,
    Watcher,
)

pytestmark = pytest.mark.slow


async def test_the_seed_is_what_was_agreed(local: Local) -> None:
    """Ids, names, tags and roles that outside checks rely on."""
    state = await local.ask("GET", "/local/state")
    assert state["guild"]["id"] == str(GUILD)
    channels = {each["name"]: each for each in state["channels"]}
    assert {name: (int(each["id"]), each["type"]) for name, each in channels.items()} == {
        "news": (NEWS, 15),
        "headlines": (HEADLINES, 0),
        "mod-log": (MOD_LOG, 0),
    }
    assert [tag["name"] for tag in channels["news"]["available_tags"]] == [
        "World",
        "Business",
        "Science",
        "Culture",
    ]
    people = {each["display_name"]: each for each in state["members"] if not each["bot"]}
    assert {name: int(each["id"]) for name, each in people.items()} == {
        "Alice": ALICE,
        "Bob": BOB,
        "Mia": MIA,
        "Ada": ADA,
    }
    roles = {each["id"]: int(each["permissions"]) for each in state["roles"]}
    assert people["Alice"]["roles"] == people["Bob"]["roles"] == []
    assert [roles[each] for each in people["Mia"]["roles"]] == [1 << 13 | 1 << 34 | 1 << 40]
    assert [roles[each] for each in people["Ada"]["roles"]] == [1 << 3]
    seen = await local.ask("GET", "/local/state?as=alice")
    assert [each["name"] for each in seen["channels"]] == ["news", "headlines"]


async def test_members_post_reply_edit_and_delete(local: Local) -> None:
    """By id or name; the history is oldest first."""
    said = await local.says("alice", HEADLINES, "first")
    reply = await local.says(str(BOB), HEADLINES, "second", reply_to=said["id"])
    assert reply["referenced_message"]["id"] == said["id"]
    path = f"/local/as/alice/channels/{HEADLINES}/messages/{said['id']}"
    await local.ask("PATCH", path, {"content": "first!"})
    assert [each["content"] for each in await local.messages(HEADLINES)] == ["first!", "second"]
    await local.ask("DELETE", path)
    page = f"/local/channels/{HEADLINES}/messages?as=bob"
    assert [each["id"] for each in await local.ask("GET", page)] == [reply["id"]]
    assert await local.ask("GET", f"{page}&before={reply['id']}&limit=5") == []


async def test_members_open_posts(local: Local, bot: Watcher) -> None:
    """A member's post is a thread like the bot's; the list shows the latest activity first."""
    made = [
        await local.ask("POST", f"/local/as/alice/channels/{NEWS}/threads", {"name": n, "content": n})
        for n in "ab"
    ]
    assert (await bot.seen("thread_create", lambda each: each.id == int(made[0]["id"]))).owner_id == ALICE
    await local.says("bob", made[0]["id"], "bump")
    listed = (await local.ask("GET", f"/local/channels/{NEWS}/threads?as=bob"))["threads"]
    assert [each["name"] for each in listed] == ["a", "b"]
    assert listed[0]["last_message"]["content"] == "bump"
    assert listed[0]["starter"]["content"] == "a"
    assert listed[1]["last_message"] is None


async def test_events_stream_what_a_member_may_see(local: Local) -> None:
    """The state of the bot first, then events in the gateway's shapes; hidden channels stay hidden."""
    async with local.web.get(f"{local.url}/local/events?as=alice") as stream:
        assert stream.content_type == "text/event-stream"
        assert await _next(stream) == {"t": "BOT_STATE", "d": {"connected": False}}
        await local.says("mia", MOD_LOG, "secret")
        said = await local.says("bob", HEADLINES, "open")
        event = await _next(stream)
        while event["t"] != "MESSAGE_CREATE":
            event = await _next(stream)
        assert (event["d"]["id"], event["d"]["guild_id"]) == (said["id"], str(GUILD))


async def _next(stream: aiohttp.ClientResponse) -> dict[str, Any]:
    async with asyncio.timeout(WAIT):
        while True:
            line = await stream.content.readline()
            if line.startswith(b"data: "):
                found = json.loads(line[6:])
                assert isinstance(found, dict)
                return found


async def test_somebody_new_joins(local: Local, bot: Watcher) -> None:
    """A new member acts, sees and is seen like the others; a name that is taken, or is none, is refused."""
    joined = await local.ask("POST", "/local/members", {"name": "Carla"}, status=201)
    said = await local.says("carla", HEADLINES, "hello")
    assert said["author"]["id"] == joined["user"]["id"]
    seen = await bot.seen("message", lambda message: message.author.name == "carla")
    assert (seen.author.display_name, seen.author.roles) == ("Carla", [bot.headlines.guild.default_role])
    state = await local.ask("GET", "/local/state?as=carla")
    assert [each["name"] for each in state["channels"]] == ["news", "headlines"]
    assert state["members"][-1]["display_name"] == "Carla"
    for name in ("carla", "Alice", "1300", "two words", "x", "", None):
        told = await local.ask("POST", "/local/members", {"name": name}, status=400)
        assert told["error"].endswith("."), told


async def test_direct_messages_reach_those_who_take_them(local: Local, bot: Watcher) -> None:
    """The member finds them; who closed their direct messages can't be written to (50007)."""
    alice = await bot.fetch_user(ALICE)
    await alice.send("Your post was removed.")
    assert [each["content"] for each in await local.ask("GET", "/local/dms/alice")] == [
        "Your post was removed."
    ]
    assert await local.ask("GET", "/local/dms/bob") == []
    await local.ask("PATCH", "/local/members/alice", {"accepts_dms": False})
    with pytest.raises(discord.Forbidden) as refused:
        await alice.send("again")
    assert refused.value.code == 50007


async def test_the_log_hides_the_token_and_keeps_the_rest(local: Local, bot: Watcher) -> None:
    """Every request in order, with what was sent and answered; since leaves out what is known."""
    await bot.headlines.send("logged", file=discord.File(__file__, "test.py"))
    entries = await local.ask("GET", "/local/requests?since=0")
    assert [each["n"] for each in entries] == list(range(1, len(entries) + 1))
    assert "local-bot-token" not in json.dumps(entries)
    entry = entries[-1]
    assert (entry["method"], entry["path"]) == ("POST", f"/api/v10/channels/{HEADLINES}/messages")
    assert (entry["body"]["content"], entry["status"]) == ("logged", 200)
    assert entry["response_body"]["content"] == "logged"
    assert entry["files"][0]["name"] == "test.py"
    assert entry["headers"]["Authorization"] == "Bot ***"
    assert await local.ask("GET", f"/local/requests?since={entry['n']}") == []


async def test_only_loopback_names_are_answered(local: Local) -> None:
    """A page that rebinds its name to 127.0.0.1 gets nothing, on no route."""
    for path in ("/local/state", "/api/v10/gateway", "/"):
        async with local.web.get(local.url + path, headers={"Host": "evil.example"}) as response:
            assert response.status == 403
    port = local.url.rpartition(":")[2]
    async with local.web.get(local.url + "/local/state", headers={"Host": f"localhost:{port}"}) as response:
        assert response.status == 200


async def test_other_sites_can_not_act(local: Local) -> None:
    """A request that a foreign page sends along, or a form's body, changes nothing."""
    address = f"{local.url}/local/as/alice/channels/{HEADLINES}/messages"
    body = json.dumps({"content": "forged"})
    for headers, status in (
        ({"Origin": "https://evil.example", "Content-Type": "application/json"}, 403),
        ({"Origin": "null", "Content-Type": "application/json"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Origin": local.url, "Content-Type": "application/json"}, 200),
    ):
        async with local.web.post(address, data=body, headers=headers) as response:
            assert response.status == status
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await local.web.ws_connect(f"{local.url}/gateway?v=10", headers={"Origin": "https://evil.example"})


async def test_errors_are_one_sentence(local: Local) -> None:
    """What is wrong, and with what."""
    for method, path, body, status in (
        ("GET", "/local/channels/5/messages?as=alice", None, 404),
        ("GET", f"/local/channels/{HEADLINES}/messages?as=zoe", None, 404),
        ("GET", f"/local/channels/{HEADLINES}/messages", None, 404),
        ("POST", f"/local/as/alice/channels/{HEADLINES}/messages", {"content": ""}, 400),
        ("POST", f"/local/as/alice/channels/{NEWS}/threads", {"name": "", "content": "x"}, 400),
        ("POST", "/local/gateway/explode", None, 404),
        ("PATCH", "/local/roles/5", {}, 404),
        ("POST", "/local/clock", {"advance": -1}, 400),
        ("GET", "/local/nowhere", None, 404),
        ("PUT", "/local/state", None, 405),
    ):
        told = await local.ask(method, path, body, status=status)
        assert told["error"].endswith("."), told


async def test_slow_mode_holds_members(local: Local, bot: Watcher) -> None:
    """Members wait, the bot and moderators don't."""
    await local.ask("PATCH", f"/local/channels/{HEADLINES}", {"rate_limit_per_user": 60})
    await local.says("alice", HEADLINES, "1")
    told = await local.ask(
        "POST", f"/local/as/alice/channels/{HEADLINES}/messages", {"content": "2"}, status=429
    )
    assert told["code"] == 20016
    for who in ("mia", "bob"):
        await local.says(who, HEADLINES, "x")
    await local.says("mia", HEADLINES, "y")
    await bot.headlines.send("z")
    await bot.headlines.send("z")
    local.clock.advance(61)
    await local.says("alice", HEADLINES, "2")


async def test_the_page_and_pictures_are_served(local: Local) -> None:
    """The page at /, avatars as drawings, nothing outside the page's folder."""
    state = await local.ask("GET", "/local/state")
    for address, kind in (
        (local.url + "/", "text/html"),
        (state["members"][1]["avatar_url"], "image/svg+xml"),
        (state["members"][1]["avatar_url"].replace(".svg", ".png"), "image/png"),
    ):
        async with local.web.get(address) as response:
            assert (response.status, response.content_type) == (200, kind)
    async with local.web.get(local.url + "/..%2fseed.py") as response:
        assert response.status in (403, 404)
