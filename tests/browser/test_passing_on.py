"""What is passed on: links to messages, posts under a member's name, answers by embed, forwards, files, stickers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import FilePayload, expect

from localdiscord.acts import messages
from localdiscord.acts.addressing import Author
from tests.browser.stage import ALICE, ARTICLE, BOB, FORUM, GUILD, HEADLINES, MIA, Stage, act_on, message

if TYPE_CHECKING:
    from playwright.async_api import Page

IN_HEADLINES = f"/channel/{HEADLINES}"


def jump(channel: str, target: str) -> str:
    return f"https://discord.com/channels/{GUILD}/{channel}/{target}"


@pytest.mark.parametrize("form", ["{}", "<{}>", "[view post]({})", "[view post](<{}>)"])
async def test_jump_to_an_old_post(stage: Stage, form: str) -> None:
    """However a link to a message is written it leads there, also to one far above what is read at first."""
    thread = await stage.article()
    target = await stage.member_says(BOB, thread["id"], "The page twelve table.")
    place = stage.server.ctx.world.channel(int(thread["id"]))
    for number in range(250):
        messages.send(stage.server.ctx, Author(int(MIA)), place, {"content": f"Remark {number}"})
    await stage.say(HEADLINES, "See " + form.format(jump(thread["id"], target["id"])))
    page = await stage.page(place=IN_HEADLINES)

    await message(page, "See").locator(".body").get_by_role("link").click()

    marked = page.locator(".message.marked")
    await expect(marked).to_contain_text("The page twelve table.")
    await expect(marked).to_be_in_viewport()
    await expect(marked.get_by_role("article")).to_be_focused()
    assert len(page.context.pages) == 1


async def test_jump_to_what_is_gone(stage: Stage) -> None:
    """A link to a deleted message or thread says so; a link to another guild leads out."""
    thread = await stage.article()
    gone = await stage.member_says(BOB, thread["id"], "Oops.")
    await stage.control("DELETE", f"/as/{BOB}/channels/{thread['id']}/messages/{gone['id']}")
    links = [
        f"[post]({jump(thread['id'], gone['id'])})",
        f"[thread]({jump('1300000000000009999', '1300000000000009999')})",
        "[elsewhere](https://discord.com/channels/1200000000000000000/1200000000000000001)",
    ]
    await stage.say(HEADLINES, " ".join(links))
    page = await stage.page(place=IN_HEADLINES)

    await page.get_by_role("link", name="thread").click()
    await expect(page.get_by_role("alert")).to_contain_text("That post is not here any more")
    await expect(page.get_by_role("heading", name="headlines", level=1)).to_be_visible()
    await expect(page.get_by_role("link", name="elsewhere")).to_have_attribute("target", "_blank")

    await page.get_by_role("link", name="post", exact=True).click()
    await expect(page.get_by_role("heading", name=ARTICLE, level=1)).to_be_visible()
    await expect(page.get_by_text("That message is not here any more.")).to_be_visible()


async def test_copied_link_is_discords(stage: Stage) -> None:
    """ "Copy link" gives the link that Discord gives, which the bot's commands take."""
    said = await stage.member_says(BOB, HEADLINES, "Was the strait calm?")
    page = await stage.page(place=IN_HEADLINES)
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    await act_on(message(page, "Was the strait calm?"), "Copy link")

    await expect(page.get_by_text("Link copied.")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == jump(HEADLINES, said["id"])


async def test_under_a_members_name(stage: Stage) -> None:
    """A post that the bot makes for Alice has her name and face, says that it is one, and its quote is a quote."""
    said = await stage.member_says(BOB, HEADLINES, "Was the strait calm?")
    hook = await stage.bot("POST", f"/channels/{HEADLINES}/webhooks", {"name": "Newsthread"})
    content = f"> **Bob** said <t:1764000000:R>: [view post]({jump(HEADLINES, said['id'])})\n> Was the strait calm?\nYes."
    alice = next(each for each in (await stage.control("GET", "/state"))["members"] if each["id"] == ALICE)
    body = {"content": content, "username": "Alice", "avatar_url": alice["avatar_url"]}
    await stage.bot("POST", f"/webhooks/{hook['id']}/{hook['token']}?wait=true", body)
    page = await stage.page(place=IN_HEADLINES)

    post = message(page, "Yes.")
    await expect(post.locator(".author")).to_have_text("Alice")
    await expect(post.locator(".badge")).to_have_text("APP")
    face = post.locator("img.avatar")
    await expect(face).to_have_js_property("complete", value=True)
    hash_ = alice["avatar_url"].rsplit("/", 1)[1]
    assert str(await face.get_attribute("src")).endswith(hash_)
    await expect(post.locator("blockquote time")).to_contain_text("ago")
    await post.get_by_role("link", name="view post").click()
    await expect(page.locator(".message.marked")).to_contain_text("Was the strait calm?")


async def test_companion(stage: Stage) -> None:
    """A bot's embed that answers a message says whom and what it answers."""
    said = await stage.member_says(ALICE, HEADLINES, "Yes it was.")
    await stage.say(
        HEADLINES,
        message_reference={"message_id": said["id"]},
        embeds=[
            {
                "description": "> Was the strait calm?",
                "author": {"name": "Bob", "url": jump(HEADLINES, said["id"])},
            }
        ],
    )
    page = await stage.page(place=IN_HEADLINES)

    companion = page.locator(".message").filter(has=page.locator(".embed"))
    await expect(companion.get_by_role("link", name="In reply to Alice: Yes it was.")).to_be_visible()
    await expect(companion.get_by_role("link", name="Bob")).to_have_attribute(
        "href", f"#/channel/{HEADLINES}/{said['id']}"
    )


async def test_forward_and_sticker(stage: Stage) -> None:
    """A forwarded message shows its words and the way to where it stands; a sticker shows as a picture."""
    said = await stage.member_says(BOB, HEADLINES, "The lamp at pier nine is out.")
    thread = await stage.article()
    forward = {"forward": {"channel_id": HEADLINES, "message_id": said["id"]}}
    await stage.control("POST", f"/as/{ALICE}/channels/{thread['id']}/messages", forward)
    sticker = (await stage.control("GET", "/state"))["guild"]["stickers"][0]
    await stage.control(
        "POST", f"/as/{ALICE}/channels/{thread['id']}/messages", {"stickers": [sticker["id"]]}
    )
    page = await stage.page(place=f"/channel/{FORUM}/thread/{thread['id']}")

    passed_on = page.locator(".forwarded")
    await expect(passed_on).to_contain_text("The lamp at pier nine is out.")
    await expect(page.get_by_text("The message replied to is gone.")).to_have_count(0)
    await expect(page.get_by_role("img", name=f"Sticker: {sticker['name']}")).to_be_visible()
    await passed_on.get_by_role("link", name="#headlines").click()
    await expect(page.locator(".message.marked")).to_contain_text("The lamp at pier nine is out.")


async def attach(page: Page, *names: str) -> None:
    files = [FilePayload(name=name, mimeType="text/plain", buffer=b"words") for name in names]
    await page.locator(".composer input[type=file]").set_input_files(files)


async def test_member_attaches_files(stage: Stage) -> None:
    """Files go along with words or alone, can be left out before, and others can take them."""
    page = await stage.page(place=IN_HEADLINES)

    await attach(page, "tide.txt", "wrong.txt")
    await page.get_by_role("button", name="Leave out wrong.txt").click()
    await page.get_by_role("textbox", name="Write in #headlines").fill("The tide table.")
    await page.keyboard.press("Enter")

    posted = message(page, "The tide table.")
    await expect(posted.get_by_role("link", name="tide.txt")).to_be_visible()
    await expect(page.get_by_role("list", name="Files to send")).to_have_count(0)
    await attach(page, "alone.txt")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("link", name="alone.txt")).to_be_visible()
    await expect(page.locator(".message.pending")).to_have_count(0)
    async with stage.http.get(str(await posted.get_by_role("link").get_attribute("href"))) as answer:
        assert await answer.read() == b"words"


async def test_premium_writes_longer(stage: Stage) -> None:
    """Who has Nitro may write 4,000 characters, others 2,000."""
    await stage.control("PATCH", f"/members/{ALICE}", {"premium": True})
    page = await stage.page(place=IN_HEADLINES)
    box = page.get_by_role("textbox", name="Write in #headlines")

    await box.fill("x" * 3990)
    await expect(page.locator(".counter")).to_contain_text("10")
    await box.press("Enter")

    await expect(message(page, "xxxx")).to_have_count(1)
    await page.get_by_text("Bob", exact=True).click()
    await page.get_by_role("textbox", name="Write in #headlines as Bob").fill("y" * 2001)
    await expect(page.get_by_role("button", name="Send")).to_be_disabled()
