"""What people do: reply, react, edit, delete, post, press components, become someone else."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from playwright.async_api import expect

from tests.browser.stage import ALICE, ARTICLE, BOB, FORUM, HEADLINES, MIA, MOD_LOG, Stage, act_on, message

if TYPE_CHECKING:
    from playwright.async_api import Route


async def test_reply_as_alice(stage: Stage) -> None:
    """Enter posts the reply; it is there at once, for others too, and counted on the card."""
    thread = await stage.article()
    place = f"/channel/{FORUM}/thread/{thread['id']}"
    alice, bob = await stage.page(ALICE, place), await stage.page(BOB, place)
    box = alice.get_by_role("textbox", name="Reply in this thread as Alice")

    await box.fill("I was **aboard**.")
    await box.press("Enter")

    await expect(message(alice, "I was aboard.").locator("strong")).to_have_text("aboard")
    await expect(box).to_have_value("")
    await expect(message(bob, "I was aboard.")).to_have_count(1)
    await expect(bob.get_by_role("status", name="Announcements")).to_have_text("Alice: I was aboard.")
    await alice.get_by_role("link", name="Back to #news").click()
    await expect(alice.locator(".card").get_by_label("1 reply")).to_be_visible()


async def test_reply_to_bob(stage: Stage) -> None:
    """A reply names whom it answers, and the line leads there and marks it."""
    await stage.member_says(BOB, HEADLINES, "Was the strait calm?")
    for number in range(30):
        await stage.member_says(MIA, HEADLINES, f"Remark {number}")
    page = await stage.page(place=f"/channel/{HEADLINES}")
    question = message(page, "Was the strait calm?")

    await act_on(question, "Reply")
    await expect(page.get_by_text("Replying to Bob")).to_be_visible()
    await page.keyboard.type("Flat as a plate.")
    await page.keyboard.press("Enter")

    answer = message(page, "Flat as a plate.")
    await expect(answer).to_be_in_viewport()
    await answer.get_by_role("link", name="In reply to Bob: Was the strait calm?").click()
    await expect(page.locator(".message.marked")).to_contain_text("Was the strait calm?")
    await expect(question).to_be_in_viewport()


async def test_react(stage: Stage) -> None:
    """The usual seven come first; counts add up live, one's own is marked, a press takes it back."""
    await stage.say(HEADLINES, "Repair bill passes.")
    alice, bob = [await stage.page(who, f"/channel/{HEADLINES}") for who in (ALICE, BOB)]
    target = message(alice, "Repair bill passes.")
    await target.hover()
    await target.get_by_role("button", name="Add a reaction").click()
    quick = alice.get_by_role("group", name="Usual reactions").get_by_role("button")
    await expect(quick).to_have_text(["💙", "🙏", "😂", "😕", "😢", "❤️", "👍"])

    await quick.first.click()
    await message(bob, "Repair bill passes.").get_by_role("button", name="blue heart, 1 reaction").click()

    own = target.get_by_role("button", name="blue heart, 2 reactions")
    await expect(own).to_have_attribute("aria-pressed", "true")
    await expect(own).to_have_attribute("title", "Alice, Bob reacted with blue heart")
    await own.click()
    await expect(target.get_by_role("button", name="blue heart, 1 reaction")).to_have_attribute(
        "aria-pressed", "false"
    )


async def test_edit_and_delete_own(stage: Stage) -> None:
    """Editing marks the message, deleting asks first; both show for others; neither is offered for others' words."""
    await stage.say(HEADLINES, "Not Alice's.")
    await stage.member_says(ALICE, HEADLINES, "Forty pasengers")
    alice, bob = [await stage.page(who, f"/channel/{HEADLINES}") for who in (ALICE, BOB)]

    await act_on(message(alice, "Forty"), "Edit")
    editor = alice.get_by_role("textbox", name="Edit the message")
    await editor.fill("Four hundred passengers")
    await editor.press("Enter")
    await expect(message(bob, "Four hundred passengers")).to_contain_text("(edited)")

    await act_on(message(alice, "Four hundred"), "Delete")
    dialog = alice.get_by_role("dialog", name="Delete this message?")
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(message(alice, "Four hundred")).to_be_visible()
    await act_on(message(alice, "Four hundred"), "Delete")
    await dialog.get_by_role("button", name="Delete").click()
    for page in (alice, bob):
        await expect(message(page, "Four hundred")).to_have_count(0)

    await message(alice, "Not Alice's.").locator(".body").click(button="right")
    await expect(alice.get_by_role("menuitem", name="Reply")).to_be_focused()
    await expect(alice.get_by_role("menuitem", name="Edit")).to_have_count(0)
    await expect(alice.get_by_role("menuitem", name="Delete")).to_have_count(0)


async def test_new_post(stage: Stage) -> None:
    """The form says what is missing, opens the post and goes there; others see the card."""
    alice, bob = await stage.page(ALICE), await stage.page(BOB)

    await alice.get_by_role("button", name="New post").click()
    form = alice.get_by_role("dialog", name="New post in #news")
    await form.get_by_label("Title").fill("Who takes the ferry?")
    await expect(form.get_by_role("button", name="Post")).to_be_disabled()
    await expect(form).to_contain_text("Write what it is about.")
    await form.get_by_role("button", name="World").click()
    await form.get_by_label("Text").fill("Tell me.")
    await form.get_by_role("button", name="Post").click()

    await expect(alice.get_by_role("heading", name="Who takes the ferry?", level=1)).to_be_visible()
    await expect(message(alice, "Tell me.")).to_have_count(1)
    card = bob.locator(".card")
    await expect(card).to_contain_text("Who takes the ferry?")
    await expect(card.get_by_role("list", name="Tags")).to_contain_text("World")


async def test_refusal_is_a_sentence_and_keeps_the_text(stage: Stage) -> None:
    """What the server refuses comes back as its sentence, and the words are not lost."""
    await stage.control("PATCH", f"/channels/{HEADLINES}", {"rate_limit_per_user": 60})
    await stage.member_says(ALICE, HEADLINES, "First.")
    page = await stage.page(place=f"/channel/{HEADLINES}")
    box = page.get_by_role("textbox", name="Write in #headlines as Alice")

    await box.fill("Second.")
    await box.press("Enter")

    await expect(page.get_by_role("alert")).to_contain_text("Slow mode is on")
    await expect(box).to_have_value("Second.")
    await expect(page.locator(".message.pending")).to_have_count(0)


async def test_length_counts_code_points(stage: Stage) -> None:
    """Near the limit a counter shows what is left; beyond it nothing can be sent."""
    page = await stage.page(place=f"/channel/{HEADLINES}")
    box = page.get_by_role("textbox", name="Write in #headlines as Alice")

    await box.fill("🚢" * 1990)
    await expect(page.locator(".counter")).to_contain_text("10")
    await expect(page.get_by_role("button", name="Send")).to_be_enabled()
    await box.fill("🚢" * 2001)
    await expect(page.get_by_role("button", name="Send")).to_be_disabled()
    await expect(box).to_have_attribute("aria-invalid", "true")


async def test_component_press(stage: Stage) -> None:
    """A button tells the server which component of which message was pressed; a refusal becomes a toast."""
    button = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Follow", "custom_id": "follow:7"}]}
    posted = await stage.say(HEADLINES, "Follow this story?", components=[button])
    page = await stage.page(place=f"/channel/{HEADLINES}")

    async with page.expect_request("**/interactions") as sent:
        await page.get_by_role("button", name="Follow").click()

    request = await sent.value
    assert request.url.endswith(f"/local/as/{ALICE}/interactions")
    assert json.loads(request.post_data or "") == {
        "kind": "component",
        "channel_id": HEADLINES,
        "target_id": posted["id"],
        "custom_id": "follow:7",
    }
    stage.pass_time(3)  # nobody answers
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(page.get_by_role("button", name="Follow")).to_be_enabled()


async def test_private_answer_shows_in_place(stage: Stage) -> None:
    """What only this person may see appears in the conversation, says so, and can be dismissed."""
    posted = await stage.say(HEADLINES, "Follow this story?")
    alice, bob = [await stage.page(who, f"/channel/{HEADLINES}") for who in (ALICE, BOB)]
    answer = posted | {"id": str(int(posted["id"]) + 1), "content": "You follow it now.", "flags": 1 << 6}

    stage.server.ctx.hub.emit("EPHEMERAL_MESSAGE", {int(ALICE)}, answer)

    private = message(alice, "You follow it now.")
    await expect(private).to_contain_text("Only you can see this")
    await expect(message(bob, "You follow it now.")).to_have_count(0)
    await private.get_by_role("button", name="Dismiss").click()
    await expect(private).to_have_count(0)


async def test_become_a_moderator(stage: Stage) -> None:
    """One press makes one Mia: the private channel appears, the choice survives a reload, Alice is kept out."""
    await stage.say(MOD_LOG, "Removed a post that was off topic.")
    page = await stage.page(ALICE, f"/channel/{MOD_LOG}")
    await expect(page.get_by_role("heading", name="news", level=1)).to_be_visible()

    await page.get_by_text("Mia", exact=True).click()
    await page.get_by_role("link", name="mod-log").click()
    await expect(message(page, "Removed a post that was off topic.")).to_be_visible()

    await page.reload()
    await expect(message(page, "Removed a post that was off topic.")).to_be_visible()
    await expect(page.get_by_role("radio", name="Mia")).to_be_checked()
    await page.get_by_text("Alice", exact=True).click()
    await expect(page.get_by_role("link", name="mod-log")).to_have_count(0)
    await expect(page.get_by_role("heading", name="news", level=1)).to_be_visible()


async def test_become_someone_else_in_a_thread(stage: Stage) -> None:
    """Who takes Bob's place in a thread stays in it, and may go on writing there at once."""
    thread = await stage.article()
    await stage.member_says(ALICE, thread["id"], "Anyone?")
    page = await stage.page(ALICE, f"/channel/{FORUM}/thread/{thread['id']}")
    await expect(message(page, "Anyone?")).to_be_visible()

    read = asyncio.Event()

    async def slow(route: Route) -> None:
        await read.wait()
        await route.continue_()

    await page.route("**/threads?as=*", slow)
    await page.get_by_text("Bob", exact=True).click()
    await page.get_by_label("Reply in this thread as Bob").fill("Me.")
    read.set()
    await page.keyboard.press("Enter")

    await expect(message(page, "Me.").locator(".author")).to_have_text("Bob")
    await expect(page.get_by_role("heading", name=ARTICLE, level=1)).to_be_visible()
    assert thread["id"] in page.url


async def test_moderator_deletes_others_words(stage: Stage) -> None:
    """With Manage Messages anyone's post can be deleted from its menu."""
    thread = await stage.article()
    await stage.member_says(BOB, thread["id"], "Buy my boat!")
    page = await stage.page(MIA, f"/channel/{FORUM}/thread/{thread['id']}")

    await act_on(message(page, "Buy my boat!"), "Delete")
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()

    await expect(message(page, "Buy my boat!")).to_have_count(0)
    await expect(page.get_by_text("0 replies")).to_be_visible()
    await expect(page.get_by_role("heading", name=ARTICLE, level=1)).to_be_visible()
