"""What the browser tests share: a local Discord, a bot speaking REST to it, and people at their pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import aiohttp
    from playwright.async_api import Locator, Page

    from localdiscord import LocalDiscord

FORUM, HEADLINES, MOD_LOG = "1300000000000002000", "1300000000000002001", "1300000000000002002"
ALICE, BOB, MIA = "1300000000000003001", "1300000000000003002", "1300000000000003003"
ADA = "1300000000000003004"
GUILD = "1300000000000001000"
ARTICLE = "Night ferries return to the northern harbours"

Json = dict[str, Any]


@dataclass
class Stage:
    """``server`` is real, ``http`` a client without cookies or defaults, ``visit`` opens a fresh browser profile."""

    server: LocalDiscord
    http: aiohttp.ClientSession
    visit: Callable[[], Awaitable[Page]]

    @property
    def url(self) -> str:
        return self.server.url

    # --- the bot, over Discord's REST -----------------------------------------------------------

    async def bot(self, method: str, path: str, body: Json | None = None) -> Json:
        """One request of the bot; what it was answered. Fails the test when it is refused."""
        headers = {"Authorization": "Bot local-bot-token"}
        async with self.http.request(
            method, f"{self.url}/api/v10{path}", json=body, headers=headers
        ) as answer:
            text = await answer.text()
            assert answer.status < 300, f"{method} {path}: {answer.status} {text}"
            return await answer.json() if text else {}

    async def tags(self) -> dict[str, str]:
        """The forum's tags, name to id."""
        channel = await self.bot("GET", f"/channels/{FORUM}")
        return {tag["name"]: tag["id"] for tag in channel["available_tags"]}

    async def article(self, name: str = ARTICLE, tag: str = "Culture", **message: Any) -> Json:
        """The bot opens a forum post; the thread."""
        body = {
            "name": name,
            "applied_tags": [(await self.tags())[tag]],
            "message": message or self.card(name),
        }
        return await self.bot("POST", f"/channels/{FORUM}/threads", body)

    def card(self, name: str) -> Json:
        """An article as an embed, with a picture that this server has."""
        return {
            "embeds": [
                {
                    "title": name,
                    "url": "https://courier.example/ferries",
                    "description": "The first crossing left with **four hundred** passengers.",
                    "color": 0x0F6266,
                    "image": {"url": self.picture},
                    "fields": [{"name": "Published", "value": "<t:1764000000:F>", "inline": True}],
                    "footer": {"text": "Based on a report from The Courier 2026-11-24"},
                }
            ]
        }

    @property
    def picture(self) -> str:
        return f"{self.url}/assets/mark.svg"

    async def say(self, channel: str, content: str = "", **message: Any) -> Json:
        """The bot posts a message."""
        return await self.bot("POST", f"/channels/{channel}/messages", {"content": content, **message})

    # --- people, over the control routes --------------------------------------------------------

    async def control(self, method: str, path: str, body: Json | None = None) -> Any:
        async with self.http.request(method, f"{self.url}/local{path}", json=body or {}) as answer:
            text = await answer.text()
            assert answer.status < 300, f"{method} {path}: {answer.status} {text}"
            return await answer.json() if text else {}

    async def member_says(self, member: str, channel: str, content: str) -> Json:
        message: Json = await self.control(
            "POST", f"/as/{member}/channels/{channel}/messages", {"content": content}
        )
        return message

    def pass_time(self, seconds: float) -> None:
        """At the server, whoever waits there for that long wakes up."""
        self.server.ctx.clock.advance(seconds)

    # --- the page -------------------------------------------------------------------------------

    async def page(self, member: str = ALICE, place: str = f"/channel/{FORUM}") -> Page:
        """The page as ``member`` sees it at ``place``, ready and listening, in a browser profile of its own.

        Profiles are windows: as tabs of one window all but the last would be throttled.
        """
        page = await self.visit()
        await page.goto(f"{self.url}/#{place}?as={member}")
        await page.locator(".bot-state:not(.broken)").wait_for(state="attached")
        return page


def message(page: Page, text: str) -> Locator:
    """The message whose own words (not those it replies to) have ``text`` in them."""
    return page.locator(".message:not(.pending)").filter(has=page.locator(".body", has_text=text))


async def act_on(target: Locator, action: str) -> None:
    """Choose ``action`` from a message's menu."""
    await target.hover()
    # The button shows under the pointer only, which may have lost the message when others moved it.
    await target.get_by_role("button", name="More actions").click(force=True)
    await target.page.get_by_role("menuitem", name=action).click()
