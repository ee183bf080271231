"""One Chromium for the session; for each test a fresh local Discord and a fresh profile.

A page that logs an error, breaks its own Content-Security-Policy or throws fails the test it happened in.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from localdiscord import LocalDiscord
from tests.browser.stage import Stage
from tests.browser.stage_bot import StageBot, stage_bot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser, in one event loop for the session: the browser lives in it."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        reason = "chromium is not installed: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGS)
        yield browser
        await browser.close()


@pytest.fixture
def profile() -> dict[str, Any]:
    """What the browser profile is like; tests override it for a phone or a dark system."""
    return {"viewport": {"width": 1280, "height": 860}}


@pytest_asyncio.fixture(loop_scope="session")
async def stage(browser: Browser, profile: dict[str, Any]) -> AsyncIterator[Stage]:
    server = LocalDiscord()
    await server.start()
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def note(message: ConsoleMessage) -> None:
        # A refused request or a picture that is not there is logged by the browser itself: not our fault.
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(message.text)

    async def visit() -> Page:
        context = await browser.new_context(locale="en-GB", timezone_id="UTC", **profile)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = await context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    async with aiohttp.ClientSession() as http:
        stage = Stage(server, http, visit)
        yield stage
    for context in contexts:
        await context.close()
    await stage.server.close()
    assert faults == []


@pytest_asyncio.fixture(loop_scope="session")
async def bot(stage: Stage) -> AsyncIterator[StageBot]:
    """The stage bot at work on the stage."""
    async with stage_bot(stage.url) as bot:
        yield bot
