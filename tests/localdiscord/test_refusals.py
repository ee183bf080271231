"""What Discord refuses is refused with Discord's own code, and its errors name the place."""

from __future__ import annotations

from typing import Any

import pytest

from localdiscord import Limits
from tests.localdiscord.conftest import HEADLINES, MOD_LOG, NEWS, Local, Start

pytestmark = pytest.mark.slow

BUTTON = {"type": 2, "style": 1, "label": "x", "custom_id": "a"}
V2 = 1 << 15


def text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


MESSAGES: list[tuple[str, dict[str, Any], int, str | None]] = [
    ("nothing", {}, 50006, None),
    ("blank", {"content": " \n "}, 50006, None),
    ("no components in v2", {"flags": V2}, 50006, None),
    ("content too long", {"content": "x" * 2001}, 50035, "content"),
    ("nonce too long", {"content": "x", "nonce": "n" * 26}, 50035, "nonce"),
    ("eleven embeds", {"embeds": [{"title": "x"}] * 11}, 50035, "embeds"),
    ("empty embed", {"embeds": [{}]}, 50035, "embeds.0.description"),
    ("embed title", {"embeds": [{"title": "x" * 257}]}, 50035, "embeds.0.title"),
    ("embed description", {"embeds": [{"description": "x" * 4097}]}, 50035, "embeds.0.description"),
    ("embed total", {"embeds": [{"description": "x" * 4000}] * 2}, 50035, "embeds"),
    ("embed footer", {"embeds": [{"title": "x", "footer": {"text": "x" * 2049}}]}, 50035, "embeds.0.footer.text"),
    ("embed field", {"embeds": [{"fields": [{"name": "", "value": "x"}]}]}, 50035, "embeds.0.fields.0.name"),
    ("26 fields", {"embeds": [{"fields": [{"name": "x", "value": "x"}] * 26}]}, 50035, "embeds.0.fields"),
    ("embed url", {"embeds": [{"title": "x", "url": "javascript:alert(1)"}]}, 50035, "embeds.0.url"),
    ("picture url", {"embeds": [{"title": "x", "image": {"url": "ftp://a.example/b"}}]}, 50035, "embeds.0.image.url"),
    ("embed color", {"embeds": [{"title": "x", "color": 1 << 24}]}, 50035, "embeds.0.color"),
    ("v2 without its flag", {"components": [text("x")]}, 50035, "components.0.type"),
    ("content beside v2", {"flags": V2, "content": "x", "components": [text("x")]}, 50035, "content"),
    ("4001 characters", {"flags": V2, "components": [text("x" * 4001)]}, 50035, "components.0.content"),
    ("4002 in two texts", {"flags": V2, "components": [text("x" * 2001)] * 2}, 50035, "components"),
    ("41 components", {"flags": V2, "components": [text("x")] * 41}, 50035, "components"),
    ("41 in a container", {"flags": V2, "components": [{"type": 17, "components": [text("x")] * 40}]}, 50035, "components"),
    ("empty container", {"flags": V2, "components": [{"type": 17, "components": []}]}, 50035, "components.0.components"),
    ("container in container", {"flags": V2, "components": [{"type": 17, "components": [{"type": 17, "components": [text("x")]}]}]}, 50035, "components.0.components.0.type"),
    ("section alone", {"flags": V2, "components": [{"type": 9, "components": [text("x")]}]}, 50035, "components.0.accessory"),
    ("gallery of a local file", {"flags": V2, "components": [{"type": 12, "items": [{"media": {"url": "file:///etc/passwd"}}]}]}, 50035, "components.0.items.0.media.url"),
    ("missing attachment", {"flags": V2, "attachments": [], "components": [{"type": 12, "items": [{"media": {"url": "attachment://a.png"}}]}]}, 50035, "components"),
    ("same component id", {"flags": V2, "components": [text("x") | {"id": 7}, text("y") | {"id": 7}]}, 50035, "components.1.id"),
    ("six rows", {"content": "x", "components": [row(BUTTON | {"custom_id": str(n)}) for n in range(6)]}, 50035, "components"),
    ("six buttons", {"content": "x", "components": [row(*(BUTTON | {"custom_id": str(n)} for n in range(6)))]}, 50035, "components.0.components"),
    ("same custom_id", {"content": "x", "components": [row(BUTTON, BUTTON)]}, 50035, "components.0.components.1.custom_id"),
    ("custom_id too long", {"content": "x", "components": [row(BUTTON | {"custom_id": "x" * 101})]}, 50035, "components.0.components.0.custom_id"),
    ("label too long", {"content": "x", "components": [row(BUTTON | {"label": "x" * 81})]}, 50035, "components.0.components.0.label"),
    ("nameless button", {"content": "x", "components": [row({"type": 2, "style": 1, "custom_id": "a"})]}, 50035, "components.0.components.0.label"),
    ("link without url", {"content": "x", "components": [row({"type": 2, "style": 5, "label": "x"})]}, 50035, "components.0.components.0.url"),
    ("link too long", {"content": "x", "components": [row({"type": 2, "style": 5, "label": "x", "url": "https://a.example/" + "x" * 500})]}, 50035, "components.0.components.0.url"),
    ("26 options", {"content": "x", "components": [row({"type": 3, "custom_id": "a", "options": [{"label": str(n), "value": str(n)} for n in range(26)]})]}, 50035, "components.0.components.0.options"),
    ("poll", {"poll": {"question": {"text": "?"}, "answers": []}}, 50035, "poll"),
    ("sticker", {"content": "x", "sticker_ids": ["1"]}, 50081, None),
    ("both mentions", {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, 50035, "allowed_mentions.parse"),
    ("a list", {"content": ["x"]}, 50035, "content"),
    ("embeds that are none", {"embeds": "x"}, 50035, "embeds"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "code", "place"), [m[1:] for m in MESSAGES], ids=[m[0] for m in MESSAGES])
async def test_messages_outside_the_limits(local: Local, body: Any, code: int, place: str | None) -> None:
    """Each limit is refused, nothing is sent, and the error points at the field."""
    status, answer = await local.rest("POST", f"/channels/{HEADLINES}/messages", body)
    assert (status, answer["code"]) == (400, code)
    if place:
        node = answer["errors"]
        for step in place.split("."):
            node = node[step]
        assert node["_errors"]
    assert await local.messages(HEADLINES) == []


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x" * 2000},
        {"content": "🌍" * 2000},
        {"content": "x", "nonce": "n" * 25},
        {"embeds": [{"title": "x" * 256, "description": "x" * 4096}]},
        {"flags": V2, "components": [text("x" * 4000)]},
        {"flags": V2, "components": [{"type": 17, "components": [text("x")] * 39}]},
        {"content": "x", "components": [row(BUTTON | {"custom_id": "x" * 100, "label": "x" * 80})]},
    ],
)
async def test_messages_just_within_the_limits(local: Local, body: Any) -> None:
    """The largest that is allowed is taken; length counts code points."""
    status, _ = await local.rest("POST", f"/channels/{HEADLINES}/messages", body)
    assert status == 200


POSTS: list[tuple[str, dict[str, Any], int, int]] = [
    ("no name", {"message": {"content": "x"}}, 400, 50035),
    ("blank name", {"name": "  ", "message": {"content": "x"}}, 400, 50035),
    ("101 characters", {"name": "x" * 101, "message": {"content": "x"}}, 400, 50035),
    ("no message", {"name": "x"}, 400, 50035),
    ("empty message", {"name": "x", "message": {}}, 400, 50006),
    ("odd archive time", {"name": "x", "auto_archive_duration": 61, "message": {"content": "x"}}, 400, 50035),
    ("slow mode", {"name": "x", "rate_limit_per_user": 21601, "message": {"content": "x"}}, 400, 50035),
    ("unknown tag", {"name": "x", "applied_tags": ["5"], "message": {"content": "x"}}, 404, 10087),
    ("six tags", {"name": "x", "applied_tags": ["1", "2", "3", "4", "5", "6"], "message": {"content": "x"}}, 400, 50035),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status", "code"), [p[1:] for p in POSTS], ids=[p[0] for p in POSTS])
async def test_forum_posts_outside_the_rules(local: Local, body: Any, status: int, code: int) -> None:
    """A refused post leaves neither a thread nor a message."""
    got, answer = await local.rest("POST", f"/channels/{NEWS}/threads?use_nested_fields=1", body)
    assert (got, answer["code"]) == (status, code)
    assert (await local.ask("GET", f"/local/channels/{NEWS}/threads?as=ada"))["threads"] == []


async def test_a_forum_may_require_a_tag(local: Local) -> None:
    """With the flag set, a post without a tag is refused with 40067."""
    await local.ask("PATCH", f"/local/channels/{NEWS}", {"flags": 1 << 4})
    body = {"name": "x", "message": {"content": "x"}}
    status, answer = await local.rest("POST", f"/channels/{NEWS}/threads", body)
    assert (status, answer["code"]) == (400, 40067)
    tag = (await local.ask("GET", "/local/state"))["channels"][0]["available_tags"][0]["id"]
    status, _ = await local.rest("POST", f"/channels/{NEWS}/threads", body | {"applied_tags": [tag]})
    assert status == 201


async def test_active_threads_have_a_cap(start: Start) -> None:
    """One too many is refused with 160006; archiving makes room."""
    local = await start(limits=Limits(active_threads=2))
    body = {"name": "x", "message": {"content": "x"}}
    made = [(await local.rest("POST", f"/channels/{NEWS}/threads", body)) for _ in range(3)]
    assert [status for status, _ in made] == [201, 201, 400]
    assert made[2][1]["code"] == 160006
    await local.rest("PATCH", f"/channels/{made[0][1]['id']}", {"archived": True})
    assert (await local.rest("POST", f"/channels/{NEWS}/threads", body))[0] == 201


ADDRESSES: list[tuple[str, str, Any, int, int]] = [
    ("GET", "/channels/1", None, 404, 10003),
    ("GET", f"/channels/{HEADLINES}/messages/1", None, 404, 10008),
    ("DELETE", f"/channels/{HEADLINES}/messages/1", None, 404, 10008),
    ("POST", f"/channels/{NEWS}/messages", {"content": "x"}, 400, 50008),
    ("GET", "/channels/x", None, 400, 50035),
    ("GET", "/webhooks/1", None, 404, 10015),
    ("POST", "/webhooks/1/abc", {"content": "x"}, 404, 10015),
    ("GET", "/guilds/1", None, 404, 10004),
    ("GET", "/guilds/1300000000000001000/members/5", None, 404, 10013),
    ("GET", "/guilds/1300000000000001000/roles/5", None, 404, 10011),
    ("GET", f"/channels/{HEADLINES}/messages?limit=101", None, 400, 50035),
    ("POST", f"/channels/{HEADLINES}/messages/bulk-delete", {"messages": ["1"]}, 400, 50035),
    ("POST", f"/channels/{HEADLINES}/messages/bulk-delete", {"messages": ["1", "1"]}, 400, 50035),
    ("POST", f"/channels/{HEADLINES}/messages/bulk-delete", {"messages": ["1", "2"]}, 400, 50034),
    ("POST", "/users/@me/channels", {"recipient_id": "5"}, 400, 50033),
    ("POST", "/interactions/1/abc/callback", {"type": 4}, 404, 10062),
    ("DELETE", f"/channels/{HEADLINES}", None, 403, 50013),
    ("GET", "/no/such/route", None, 404, 0),
    ("PUT", "/gateway", None, 405, 0),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), ADDRESSES)
async def test_unknown_things_have_their_codes(
    local: Local, method: str, path: str, body: Any, status: int, code: int
) -> None:
    """Every kind of thing that is not there has its own code."""
    got, answer = await local.rest(method, path, body)
    assert (got, answer["code"]) == (status, code)


async def test_without_the_token_nothing_is_answered(local: Local) -> None:
    """401 and code 0, for a missing and for a wrong token alike."""
    for token in (None, "wrong"):
        status, answer = await local.rest("GET", "/users/@me", token=token)
        assert (status, answer) == (401, {"message": "401: Unauthorized", "code": 0})


async def test_a_body_that_is_not_json_is_refused(local: Local) -> None:
    """50109 says so."""
    headers = {"Authorization": "Bot local-bot-token", "Content-Type": "application/json"}
    address = f"{local.url}/api/v10/channels/{MOD_LOG}/messages"
    async with local.web.post(address, data=b"{", headers=headers) as response:
        assert (response.status, (await response.json())["code"]) == (400, 50109)
        assert response.headers["Content-Type"] == "application/json"


async def test_old_messages_have_an_extra_limit_on_edits(start: Start) -> None:
    """Beyond it 30046 comes as a 429 with a time to wait."""
    local = await start(limits=Limits(old_edits=(1, 60.0)))
    _, message = await local.rest("POST", f"/channels/{HEADLINES}/messages", {"content": "x"})
    local.clock.advance(3700)
    path = f"/channels/{HEADLINES}/messages/{message['id']}"
    assert (await local.rest("PATCH", path, {"content": "y"}))[0] == 200
    status, answer = await local.rest("PATCH", path, {"content": "z"})
    assert (status, answer["code"]) == (429, 30046)
    assert answer["retry_after"] > 0
