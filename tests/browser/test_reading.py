"""What people see: channels, posts that arrive, threads, and that hostile text stays text."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.browser.stage import ALICE, ARTICLE, BOB, FORUM, GUILD, HEADLINES, Stage, message


async def test_newcomer_knows_where_they_are(stage: Stage) -> None:
    """A first visit shows the channels, who one is, whether the bot is there, and what to do."""
    page = await stage.visit()

    await page.goto(stage.url)

    channels = page.get_by_role("navigation", name="Channels").get_by_role("link")
    await expect(channels).to_have_text(["news", "headlines"])
    await expect(page.get_by_role("heading", name="news", level=1)).to_be_visible()
    await expect(page.get_by_role("radio", name="Alice")).to_be_checked()
    await expect(page.get_by_text("Bot not connected")).to_be_visible()
    await expect(page.get_by_role("region", name="Welcome")).to_contain_text("Open one, reply, react")
    await expect(page.get_by_text("They appear here by themselves")).to_be_visible()


async def test_article_arrives_as_a_card(stage: Stage) -> None:
    """A post opened over REST slides in without a reload, with picture, tag, words and author."""
    page = await stage.page()

    await stage.article()

    card = page.locator(".card")
    await expect(card.get_by_role("link", name=ARTICLE)).to_be_visible()
    await expect(card.get_by_role("list", name="Tags")).to_contain_text("Culture")
    await expect(card).to_contain_text("The first crossing left with four hundred passengers.")
    await expect(card).to_contain_text("Newsthread")
    await expect(card.locator(".lead img")).to_have_attribute("src", stage.picture)
    await expect(page.get_by_role("status", name="Announcements")).to_have_text(f"New post: {ARTICLE}")


async def test_cards_filter_and_sort(stage: Stage) -> None:
    """Tags narrow the posts; the order is by activity or by age."""
    old = await stage.article("Old but talked about", "World")
    await stage.article("New and quiet", "Science")
    await stage.member_says(BOB, old["id"], "Still on my mind.")
    page = await stage.page()
    titles = page.locator(".card h2")

    await expect(titles).to_have_text(["Old but talked about", "New and quiet"])
    await page.get_by_label("Sort posts").select_option("Newest first")
    await expect(titles).to_have_text(["New and quiet", "Old but talked about"])
    await page.get_by_role("group", name="Show only posts tagged").get_by_role("button", name="World").click()
    await expect(titles).to_have_text(["Old but talked about"])


async def test_opening_post_in_full(stage: Stage) -> None:
    """A card leads to the whole post, components v2 and all, and from there back to the same card."""
    components = [
        {
            "type": 17,
            "accent_color": 0xA63C22,
            "components": [
                {
                    "type": 10,
                    "content": f"### [{ARTICLE}](https://courier.example/a)\nFour *hundred* passengers.",
                },
                {"type": 12, "items": [{"media": {"url": stage.picture}, "description": "A ferry at night"}]},
                {"type": 14},
                {
                    "type": 9,
                    "components": [{"type": 10, "content": "<t:1764000000:R>"}],
                    "accessory": {"type": 2, "style": 5, "label": "Read", "url": "https://courier.example/a"},
                },
                {"type": 10, "content": "-# Based on a report from The Courier 2026-11-24"},
            ],
        }
    ]
    await stage.article(flags=1 << 15, components=components)
    page = await stage.page()

    await page.get_by_role("link", name=ARTICLE).click()

    opening = page.get_by_role("region", name="Opening post")
    link = opening.get_by_role("heading", name=ARTICLE).get_by_role("link")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(link).to_have_attribute("target", "_blank")
    await expect(opening.get_by_role("img", name="A ferry at night")).to_be_visible()
    await expect(opening.get_by_role("separator")).to_be_visible()
    await expect(opening.locator("time.stamp")).to_contain_text("ago")
    await expect(opening.locator("time.stamp")).to_have_attribute(
        "title", re.compile("^Monday,? 24 November 2025 at 16:00:00 UTC$")
    )
    await expect(opening.locator(".subtext")).to_contain_text("Based on a report")
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    await page.get_by_role("link", name="Back to #news").click()
    await expect(page.locator(".card").get_by_role("link", name=ARTICLE)).to_be_focused()


async def test_text_channel_shows_its_threads(stage: Stage) -> None:
    """A message with a thread carries its stub with a live count, and the stub opens the thread."""
    first = await stage.say(HEADLINES, "Grain talks resume.")
    await stage.bot("POST", f"/channels/{HEADLINES}/messages/{first['id']}/threads", {"name": "Grain talks"})
    page = await stage.page(place=f"/channel/{HEADLINES}")
    stub = message(page, "Grain talks resume.").get_by_role("link", name="Grain talks")
    await expect(stub).to_contain_text("0 messages")

    await stage.member_says(BOB, first["id"], "At last.")

    await expect(stub).to_contain_text("1 message ›")
    await stub.click()
    await expect(message(page, "At last.")).to_be_visible()
    await expect(page.get_by_role("region", name="Opening post")).to_contain_text("Grain talks resume.")


async def test_hostile_text_stays_text(stage: Stage) -> None:
    """Markup, script addresses and disguised links in a message become neither elements nor code."""
    page = await stage.page(place=f"/channel/{HEADLINES}")
    evil = (
        '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> <b>bold</b> '
        "[click](javascript:window.hacked=1) [https://bank.example](https://evil.example) <javascript:alert(1)>"
    )

    await stage.say(
        HEADLINES,
        evil,
        embeds=[{"title": "<svg onload=window.hacked=1>", "description": evil, "footer": {"text": evil}}],
    )

    body = page.locator(".message .body")
    await expect(body).to_contain_text('<img src=x onerror="window.hacked=1"><script>')
    assert await body.locator("script, b:not(.author), svg[onload], img, [onerror]").count() == 0
    assert await page.evaluate("window.hacked") is None
    links = await body.get_by_role("link").evaluate_all(
        "links => links.map(link => [link.textContent, link.href])"
    )
    assert all(text.rstrip("/") == href.rstrip("/") for text, href in links)


async def test_picture_that_is_gone_takes_no_room(stage: Stage) -> None:
    """A card and an embed whose picture can't be had show no hole and no broken sign."""
    broken = stage.card(ARTICLE)
    broken["embeds"][0]["image"]["url"] = f"{stage.url}/no-such-picture.png"
    thread = await stage.article(**broken)
    page = await stage.page()

    await expect(page.locator(".card")).to_contain_text("four hundred")
    await expect(page.locator(".card img:not(.avatar)")).to_have_count(0)
    await page.goto(f"{stage.url}/#/channel/{FORUM}/thread/{thread['id']}?as={ALICE}")
    await expect(page.locator(".embed")).to_contain_text("four hundred")
    await expect(page.locator(".embed img")).to_have_count(0)


async def test_jump_links_stay_in_the_page(stage: Stage) -> None:
    """A Discord link to a message leads to that message here, also from another channel."""
    thread = await stage.article()
    target = await stage.member_says(BOB, thread["id"], "The page twelve table.")
    for number in range(30):
        await stage.member_says(ALICE, thread["id"], f"Remark {number}")
    await stage.say(
        HEADLINES, f"See https://discord.com/channels/{GUILD}/{thread['id']}/{target['id']} for more."
    )
    page = await stage.page(place=f"/channel/{HEADLINES}")

    await page.get_by_role("link", name="› message").click()

    marked = page.locator(".message.marked")
    await expect(marked).to_contain_text("The page twelve table.")
    await expect(marked).to_be_in_viewport()
    await expect(marked.get_by_role("article")).to_be_focused()
