"""The page follows what happens: unread marks, places kept, long lists, connections that break."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from localdiscord import LocalDiscord
from localdiscord.acts import messages
from localdiscord.acts.addressing import Author
from tests.browser.stage import ALICE, BOB, FORUM, HEADLINES, Stage, message


async def test_unread_marks_come_and_go(stage: Stage) -> None:
    """A channel with news gets a dot, a post with news too; looking takes them away."""
    thread = await stage.article()
    page = await stage.page(place=f"/channel/{FORUM}")

    await stage.say(HEADLINES, "Something happened.")
    headlines = page.get_by_role("link", name="headlines, channel, unread")
    await expect(headlines).to_be_visible()
    await headlines.click()
    await expect(page.get_by_role("link", name="headlines, channel", exact=True)).to_be_visible()

    await stage.member_says(BOB, thread["id"], "Anyone?")
    await page.get_by_role("link", name="news, forum, unread").click()
    await expect(page.locator(".card").get_by_role("img", name="Unread")).to_be_visible()
    await page.locator(".card a").click()
    await expect(message(page, "Anyone?")).to_be_visible()
    await page.get_by_role("link", name="Back to #news").click()
    await expect(page.locator(".card")).to_be_visible()
    await expect(page.locator(".card").get_by_role("img", name="Unread")).to_have_count(0)


async def test_place_is_kept_while_others_write(stage: Stage) -> None:
    """At the bottom the list follows; further up it stays, and says how much came."""
    for number in range(60):
        await stage.member_says(BOB, HEADLINES, f"Remark {number}")
    page = await stage.page(place=f"/channel/{HEADLINES}")
    await expect(message(page, "Remark 59")).to_be_in_viewport()
    await stage.say(HEADLINES, "Seen at once.")
    await expect(message(page, "Seen at once.")).to_be_in_viewport()

    await message(page, "Remark 20").scroll_into_view_if_needed()
    await stage.say(HEADLINES, "Came later.")

    pill = page.get_by_role("button", name="1 new message")
    await expect(pill).to_be_visible()
    await expect(message(page, "Remark 20")).to_be_in_viewport()
    await pill.click()
    await expect(message(page, "Came later.")).to_be_in_viewport()
    await expect(pill).to_have_count(0)


@pytest.mark.slow
async def test_thousand_messages(stage: Stage) -> None:
    """Scrolling back reads page after page without losing the place, and typing stays quick with all of them."""
    place = stage.server.ctx.world.channel(int(HEADLINES))
    for number in range(1000):
        messages.send(
            stage.server.ctx,
            Author(int((ALICE, BOB)[number % 2])),
            place,
            {"content": f"Remark **{number}**."},
        )
    page = await stage.page(place=f"/channel/{HEADLINES}")
    await expect(message(page, "Remark 999.")).to_be_in_viewport()
    rows = page.locator(".message")
    held = await rows.count()
    assert held < 400, "the first reading takes one page, and what scrolling near the top asks for"

    while held < 1000:
        await page.locator(".scroller").evaluate("list => list.scrollTo({top: 0, behavior: 'instant'})")
        await page.wait_for_function("held => document.querySelectorAll('.message').length > held", arg=held)
        held = await rows.count()
    first = message(page, "Remark 0.")
    await first.scroll_into_view_if_needed()
    await expect(first).to_be_in_viewport()

    spent = await page.evaluate(
        """async () => {
            const box = document.querySelector(".composer textarea");
            const frames = [];
            for (let key = 0; key < 20; key++) {
                const began = performance.now();
                box.value += "x";
                box.dispatchEvent(new Event("input", {bubbles: true}));
                await new Promise(requestAnimationFrame);
                await new Promise(requestAnimationFrame);
                frames.push(performance.now() - began);
            }
            return frames.sort((a, b) => a - b)[10];
        }"""
    )
    assert spent < 250, f"a key press took {spent:.0f} ms to show, in the middle of 20"


async def test_reconnects_and_catches_up(stage: Stage) -> None:
    """While the server is away the page says so; when it is back it shows what it missed."""
    page = await stage.page(place=f"/channel/{HEADLINES}")
    port = int(stage.url.rsplit(":", 1)[1])

    await stage.server.close()
    await expect(page.get_by_text("Reconnecting to the local Discord…")).to_be_visible()
    stage.server = LocalDiscord(port)
    await stage.server.start()
    await stage.say(HEADLINES, "Said while you were away.")

    await expect(message(page, "Said while you were away.")).to_be_visible(timeout=20_000)
    await stage.say(HEADLINES, "And this live.")
    await expect(message(page, "And this live.")).to_have_count(1)


async def test_changes_of_a_message_show(stage: Stage) -> None:
    """The bot's edits, cleared reactions and deletions reach an open page, reply lines included."""
    posted = await stage.say(HEADLINES, "Ferris return.")
    reply = {"message_reference": {"message_id": posted["id"]}}
    await stage.say(HEADLINES, "Late, as ever.", **reply)
    page = await stage.page(place=f"/channel/{HEADLINES}")
    at = f"/channels/{HEADLINES}/messages/{posted['id']}"

    await stage.bot("PUT", f"{at}/reactions/💙/@me")
    await expect(message(page, "Ferris").get_by_role("button", name="blue heart, 1 reaction")).to_be_visible()
    await stage.bot("PATCH", at, {"content": "Ferries return."})
    await expect(message(page, "Ferries return.")).to_contain_text("(edited)")
    await expect(message(page, "Ferries return.").locator(".reaction:not(.add)")).to_have_count(1)
    await stage.bot("DELETE", f"{at}/reactions")
    await expect(message(page, "Ferries return.").locator(".reaction")).to_have_count(0)
    await stage.bot("DELETE", at)
    await expect(message(page, "Ferries return.")).to_have_count(0)
    await expect(message(page, "Late, as ever.")).to_contain_text("The message replied to is gone.")
