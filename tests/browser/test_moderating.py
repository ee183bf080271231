"""What moderation shows: a form on a phone, members who may not write, threads that are closed, people who left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.browser.stage import ALICE, BOB, FORUM, HEADLINES, MIA, Stage, message

if TYPE_CHECKING:
    from tests.browser.stage_bot import StageBot


class TestOnAPhone:
    @pytest.fixture
    def profile(self) -> dict[str, Any]:
        return {"viewport": {"width": 390, "height": 720}, "has_touch": True, "is_mobile": True}

    async def test_the_form_of_a_removal(self, stage: Stage, bot: StageBot) -> None:
        """Moderators alone are offered it; it fits a phone whole, tells what lacks and brings back what was chosen."""
        await stage.member_says(BOB, HEADLINES, "You are paid for this.")
        alice, page = [await stage.page(who, f"/channel/{HEADLINES}") for who in (ALICE, MIA)]
        for each in (alice, page):
            await message(each, "You are paid").get_by_role("button", name="More actions").tap()
        await expect(alice.get_by_role("menuitem", name="Quote…")).to_be_visible()
        await expect(alice.get_by_role("menuitem", name="Remove post…")).to_have_count(0)
        await page.get_by_role("menuitem", name="Remove post…").tap()

        form = page.get_by_role("dialog", name="Remove Bob's post")
        await expect(form.locator("blockquote strong")).to_have_text("paid")
        for shown in (
            form,
            form.get_by_text("By direct message."),
            form.get_by_role("button", name="Submit"),
        ):
            await expect(shown).to_be_in_viewport(ratio=1)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await form.get_by_role("button", name="Submit").tap()
        await expect(form.get_by_role("textbox", name="What the post did")).to_be_focused()
        await form.get_by_role("textbox", name="What the post did").fill("claimed a member was paid")
        await form.get_by_role("combobox", name="Rule").tap()
        await page.get_by_role("option", name="Eastwick").tap()
        await form.get_by_role("checkbox", name="Tell the author").tap()
        await form.get_by_role("button", name="Submit").tap()

        await expect(message(page, "Thank you.")).to_be_visible()
        expected = {"rule": ["Eastwick"], "reason": "claimed a member was paid", "step": "", "tell": False}
        assert bot.heard == [expected]


async def test_who_may_not_write_is_told_why(stage: Stage) -> None:
    """Timed out, until it ends by itself; in a locked thread; and who leaves is nobody here any more."""
    thread = await stage.article()
    place = f"/channel/{FORUM}/thread/{thread['id']}"
    said = await stage.member_says(BOB, thread["id"], "Who pays you?")
    bob, mia = await stage.page(BOB, place), await stage.page(MIA, place)
    box, face = bob.get_by_role("textbox", name="Reply in this"), mia.locator(".person", has_text="Bob")
    await expect(box).to_be_editable()

    until = datetime.now(UTC) + timedelta(days=7)
    await stage.control("PATCH", "/members/bob", {"communication_disabled_until": until.isoformat()})
    await expect(bob.locator(".composer.refused")).to_have_text(
        f"You are timed out until {until:%-d %B %Y} at {until:%H:%M}: until then you can only read."
    )
    await expect(face).to_contain_text("timed out")
    await bob.get_by_role("link", name="Back to #news").click()
    await expect(bob.locator(".card")).to_have_count(1)
    await expect(bob.get_by_role("button", name="New post")).to_have_count(0)
    soon = datetime.now(UTC) + timedelta(seconds=1)
    await stage.control("PATCH", "/members/bob", {"communication_disabled_until": soon.isoformat()})
    await expect(bob.get_by_role("button", name="New post")).to_be_visible()
    await expect(face).not_to_contain_text("timed out")

    await stage.bot("PATCH", f"/channels/{thread['id']}", {"locked": True})
    await bob.locator(".card h2 a").click()
    await expect(bob.locator(".composer.refused")).to_have_text(
        "This thread is locked: only moderators can write here."
    )
    await expect(mia.locator(".topic")).to_have_text("in #news · locked")
    await expect(mia.get_by_role("textbox", name="Reply in this")).to_be_editable()
    await message(mia, "Who pays you?").locator("article").focus()
    await mia.keyboard.press("Delete")
    await mia.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(bob.locator(f'[data-message="{said["id"]}"]')).to_have_count(0)

    await stage.control("DELETE", "/members/bob")
    await expect(bob.get_by_text("Bob left the server.").first).to_be_visible()
    await expect(bob.get_by_role("radio", name="Alice")).to_be_checked()
    await expect(face).to_have_count(0)
