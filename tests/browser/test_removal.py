"""A removal on the page, from the post to its return: the real bot, and everybody concerned at their browsers."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from playwright.async_api import FilePayload, expect

from bot.settings.keys import ModerationKeys, ReactionsKeys, Rule, RulesKeys
from tests.browser.stage import ALICE, BOB, MIA, MOD_LOG, Stage, act_on, message
from tests.browser.test_discussion import (
    HEADLINE,
    PATIENCE,
    REMOVED,
    Town,
    composer,
    opening,
    private,
    quotes,
    react,
    reply,
    reposted,
)
from tests.scenario import Scenario, newspaper

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Locator, Page


pytestmark = pytest.mark.slow

PAID = Rule(
    id="paid",
    title="No accusations without evidence",
    reason="claimed a member was paid to post",
    next_step="If you have evidence, forward it to support.",
)
NOTICE = "Removed a post that claimed a member was paid to post. If you have evidence, forward it to support."
ACCUSATION = "They pay you for this, Alice."
PROOF = FilePayload(name="proof.txt", mimeType="text/plain", buffer=b"Ten crowns.")


@pytest_asyncio.fixture(loop_scope="session")
async def town(stage: Stage, tmp_path: Path) -> AsyncIterator[Town]:
    """A news thread, with one house rule and a log for its moderators."""
    async with newspaper() as paper:
        scene = Scenario(tmp_path, stage.url, paper, stage.http)
        scene.reactions = ReactionsKeys(line_interval=timedelta(seconds=5))
        scene.rules = RulesKeys(rule=(PAID,))
        scene.moderation = ModerationKeys(log_channel_id=int(MOD_LOG))
        scene.watch("/saltby.rss", source="The Saltby Post")
        paper.publish("/saltby.rss", HEADLINE)
        async with scene.bot():
            (thread,) = await scene.until_names(HEADLINE)
            yield Town(stage, thread["id"])


async def send(page: Page, **chosen: str) -> None:
    """Fill in the form that stands on the page, by labels, and send it."""
    form = page.get_by_role("dialog")
    for label, value in chosen.items():
        field = form.get_by_label(label.replace("_", " "))
        if await field.evaluate("field => field.matches('select')"):
            await field.select_option(value)
        else:
            await field.fill(value)
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_have_count(0)


def notice(page: Page) -> Locator:
    """The notices in a thread, or a case's entries in the log."""
    return page.locator(".message:not(.ephemeral)").filter(
        has=page.get_by_role("button", name="About this case")
    )


async def test_from_the_removal_to_the_return(town: Town, stage: Stage) -> None:
    """Mia removes Bob's post: notice, log, Bob's direct message, Alice's quote and the counts are right at once. He
    appeals, she reinstates: it stands again under his name with its file, and everybody learns so."""
    alice, bob, mia = await asyncio.gather(*map(town.visit, (ALICE, BOB, MIA)))
    log = await stage.page(MIA, f"/channel/{MOD_LOG}")
    await bob.locator("input[type=file]").set_input_files(PROOF)
    await composer(bob).fill(ACCUSATION)
    await bob.keyboard.press("Enter")
    answer = await reply(alice, ACCUSATION, "I wish they did.")
    await expect(quotes(answer)).to_contain_text(ACCUSATION)
    await react(alice, message(alice, ACCUSATION).first, "confused")
    await expect(opening(bob)).to_contain_text("😕 Confused 1", timeout=PATIENCE)

    await act_on(message(mia, ACCUSATION).first, "Remove post…")
    form = mia.get_by_role("dialog", name="Remove a post")
    await expect(form).to_contain_text(re.compile(r"Posted by @Bob .+They pay you for this, Alice\."))
    await send(mia, Rule=PAID.title)

    await expect(private(mia)).to_contain_text(
        re.compile(r"Case #1: the post is removed\.\s+The author was told")
    )
    for page in (alice, bob, mia):
        await expect(page.get_by_text(ACCUSATION)).to_have_count(0)
        await expect(quotes(await reposted(page, "I wish they did."))).to_have_text(REMOVED)
        await expect(notice(page)).to_contain_text(
            re.compile(f"{re.escape(NOTICE)}\\s*{PAID.title} · Case #1 · posted ")
        )
    # Without it, the counts would take their minute to follow.
    await react(bob, opening(bob).locator(".message"), "thumbs up")
    await expect(notice(log)).to_contain_text("Case #1 · Post removed")
    for said in (NOTICE, "by @Mia", HEADLINE, "told by direct message, strike", ACCUSATION, "proof.txt"):
        await expect(notice(log)).to_contain_text(said)

    await bob.get_by_role("link", name="direct messages").click()
    letter = message(bob, "Removed a post of yours that claimed a member was paid to post.")
    await expect(letter.locator("blockquote")).to_contain_text(ACCUSATION)
    await expect(letter).to_contain_text(f"{PAID.title} · Case #1 · {HEADLINE}")
    await letter.get_by_role("button", name="Appeal").click()
    await send(bob, Why_should_it="It was a joke, and Alice laughed.")
    await expect(private(bob)).to_contain_text("The moderators have your appeal")
    await expect(notice(log)).to_contain_text(re.compile("@Bob appealed .+It was a joke, and Alice laughed"))

    await notice(log).get_by_role("button", name="Reinstate").click()
    await send(log, Why="It was a joke indeed.")

    back = await reposted(alice, ACCUSATION)
    await expect(back.locator(".author")).to_have_text("Bob")
    await expect(back).to_contain_text(re.compile(r"Posted .+; reinstated"))
    await expect(back.get_by_role("link", name="proof.txt")).to_be_visible()
    await expect(notice(alice).locator("s")).to_have_text(NOTICE)
    await expect(notice(alice)).to_contain_text("Reinstated · ")
    await expect(message(bob, "your post is reinstated")).to_contain_text(
        re.compile(r"The moderators say: It was a joke indeed\.\s+Its strike counts no longer")
    )
    await expect(notice(log)).to_contain_text("@Mia reinstated it")
    await expect(notice(log).get_by_role("button", name="Reinstate")).to_have_count(0)
    await expect(opening(alice)).to_contain_text("👍 Thumbs Up 1", timeout=PATIENCE)
    await expect(opening(alice)).not_to_contain_text("Confused")


class TestOnAPhone:
    @pytest.fixture
    def profile(self) -> dict[str, Any]:
        return {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}

    async def test_a_report_leads_to_a_removal_and_a_list_of_them(self, town: Town, stage: Stage) -> None:
        """Alice reports, Mia removes by the report's button, and turns the pages of ``/case list``: all on a phone."""
        for number in range(11):
            said = await town.says(BOB, f"Buy a boat, {number}!")
        alice, log = await town.visit(ALICE), await stage.page(MIA, f"/channel/{MOD_LOG}")
        mia = await town.visit(MIA)
        for number in range(10):
            await removed(stage, town.thread, f"Buy a boat, {number}!")
        await act_on(message(alice, "Buy a boat, 10!").first, "Report post…")
        await send(alice, What_is_wrong="He sells boats.")
        await expect(private(alice)).to_contain_text("Thank you")

        report = message(log, "Reported post · One report")
        await expect(report).to_contain_text(
            re.compile("@Bob .+Buy a boat, 10!.*@Alice reported it .+He sells")
        )
        await report.get_by_role("button", name="Remove…").tap()
        await expect(log.get_by_role("dialog")).to_contain_text("Buy a boat, 10!")
        await send(log, What_the_post_did="advertised a boat")
        await expect(report).to_contain_text(re.compile("@Mia removed it .+: case #11"))
        await expect(message(alice, said["content"])).to_have_count(0)

        await composer(mia).fill("/case list")
        await mia.keyboard.press("Enter")
        await mia.get_by_role("form", name="/case list").get_by_role("button", name="Send").tap()
        listed = private(mia)
        await expect(listed).to_contain_text("Cases 1 to 10 of 11")
        await listed.get_by_role("button", name="Next").tap()
        await expect(listed).to_contain_text(re.compile(r"Cases 11 to 11 of 11\s*#1 .+@Bob"))
        await expect(listed.get_by_role("button", name="Next")).to_be_disabled()
        assert await mia.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def removed(stage: Stage, thread: str, words: str) -> None:
    """Mia removes a post from somewhere else than a page of this test."""
    posts = await stage.control("GET", f"/channels/{thread}/messages?as={MIA}")
    (target,) = [each["id"] for each in posts if each["content"] == words]
    options = {"post": target, "reason": PAID.reason}
    order = {"kind": "slash", "channel_id": thread, "name": "remove", "options": options}
    await stage.control("POST", f"/as/{MIA}/interactions", order)
