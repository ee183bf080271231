"""That the page serves everyone: phones, keyboards, screen readers, dark rooms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.browser.stage import ALICE, ARTICLE, BOB, FORUM, HEADLINES, MIA, Stage, message

if TYPE_CHECKING:
    from playwright.async_api import Page

# Every piece of text with less contrast than WCAG 2.2 AA asks (1.4.3): [text, ratio, needed].
CONTRAST = """() => {
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const rgba = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const over = ([r, g, b, a], under) => [r, g, b].map((c, i) => (c * a + under[i] * (255 - a)) / 255).concat(255);
    const ground = (element) => {
        if (!element) return [255, 255, 255, 255];
        const colour = rgba(getComputedStyle(element).backgroundColor);
        return colour[3] === 255 ? colour : over(colour, ground(element.parentElement));
    };
    const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const poor = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; (node = walk.nextNode());) {
        const element = node.parentElement;
        if (!node.data.trim() || element.closest("[inert], [disabled], .avatar, .visually-hidden, noscript, option")) continue;
        if (!element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
        const style = getComputedStyle(element);
        const under = ground(element);
        const [a, b] = [light(over(rgba(style.color), under)), light(under)].sort((x, y) => y - x);
        const size = parseFloat(style.fontSize);
        const needed = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < needed) poor.push([node.data.trim().slice(0, 40), Math.round(ratio * 100) / 100, needed]);
    }
    return poor;
}"""

DESKTOP = {"viewport": {"width": 1280, "height": 860}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["desktop", "phone"])
def profile(request: pytest.FixtureRequest, scheme: str) -> dict[str, Any]:
    return (DESKTOP if request.param == "desktop" else PHONE) | {"color_scheme": scheme}


async def furnish(stage: Stage) -> str:
    """Everything the page can show, in one thread and one channel; the thread's id."""
    thread = await stage.article()
    everything = (
        "# Big\n-# small\n> quoted\n- item\n`code` ||hidden|| ~~gone~~ https://a.example/"
        + "long" * 60
        + f" <@{ALICE}> <@{BOB}> <#{HEADLINES}> <t:1764000000:F>\n```\n{'wide ' * 60}\n```"
    )
    for channel in (thread["id"], HEADLINES):
        said = await stage.member_says(MIA, channel, everything)
        await stage.say(channel, "Thank you.", message_reference={"message_id": said["id"]})
        await stage.bot("PUT", f"/channels/{channel}/messages/{said['id']}/reactions/💙/@me")
        styles = [
            {"type": 2, "style": style, "label": "Press", "custom_id": f"b{style}"} for style in range(1, 5)
        ]
        link = {"type": 2, "style": 5, "label": "Read", "url": "https://a.example"}
        choice = {"type": 3, "custom_id": "s", "options": [{"label": "One", "value": "1"}]}
        rows = [{"type": 1, "components": [*styles, link]}, {"type": 1, "components": [choice]}]
        await stage.say(channel, **stage.card("W" * 200), components=rows)
    await stage.bot("POST", f"/channels/{HEADLINES}/messages/{said['id']}/threads", {"name": "x" * 100})
    thread_id: str = thread["id"]
    return thread_id


async def each_view(stage: Stage) -> list[tuple[str, Page]]:
    """The page at a forum, in a post and in a text channel."""
    thread = await furnish(stage)
    forum = await stage.page(place=f"/channel/{FORUM}")
    await forum.locator(".card").wait_for()
    post = await stage.page(place=f"/channel/{FORUM}/thread/{thread}")
    await message(post, "Thank you.").wait_for(state="attached")
    text = await stage.page(place=f"/channel/{HEADLINES}")
    await message(text, "Thank you.").wait_for(state="attached")
    return [("forum", forum), ("post", post), ("text", text)]


async def test_each_view(stage: Stage) -> None:
    """On a desktop and a phone, in light and in dark: nothing sticks out, all is readable, everything has a name."""
    for name, page in await each_view(stage):
        await nothing_sticks_out(page, name)
        assert await page.evaluate(CONTRAST) == [], name
        await everything_has_a_name(page, name)


async def nothing_sticks_out(page: Page, name: str) -> None:
    """It does not scroll sideways, whatever long words, addresses and code are in it."""
    sizes = await page.evaluate(
        "[document.documentElement.scrollWidth, innerWidth, "
        "...[...document.querySelectorAll('.scroller')].flatMap(list => [list.scrollWidth, list.clientWidth])]"
    )
    assert sizes[0] <= sizes[1], name
    assert sizes[2] <= sizes[3], name


async def everything_has_a_name(page: Page, name: str) -> None:
    """Screen readers find landmarks, one main heading, and no control without a name."""
    tree = await page.locator("body").aria_snapshot()
    controls = (
        r"- (button|link|textbox|combobox|radio|checkbox|menuitem|dialog|region|navigation|img)(?=:|$| \[)"
    )
    nameless = [line.strip() for line in tree.splitlines() if re.search(controls, line.strip())]
    assert nameless == [], name
    assert await page.get_by_role("main").count() == 1, name
    assert await page.get_by_role("heading", level=1).count() == 1, name


async def test_theme_follows_the_system_until_chosen(stage: Stage, scheme: str) -> None:
    """Dark on a dark system, light on a light one; the switch turns it over and is remembered."""
    page = await stage.page()
    ground = "getComputedStyle(document.querySelector('main')).backgroundColor"
    surface = {"light": "rgb(253, 251, 247)", "dark": "rgb(26, 28, 31)"}
    other = "dark" if scheme == "light" else "light"
    assert await page.evaluate(ground) == surface[scheme]
    menu = page.get_by_role("button", name="Channels and people")
    if await menu.is_visible():
        await menu.click()

    await page.get_by_role("button", name=f"Use the {other} theme").click()

    assert await page.evaluate(ground) == surface[other]
    await page.reload()
    await page.locator("main h1").wait_for()
    assert await page.evaluate(ground) == surface[other]


class TestPhone:
    @pytest.fixture
    def profile(self) -> dict[str, Any]:
        return PHONE

    @pytest.fixture
    def scheme(self) -> str:
        return "light"

    async def test_one_thumb(self, stage: Stage) -> None:
        """On a phone the channels and people are behind one button, and everything can be done by touch."""
        thread = await stage.article()
        page = await stage.page()
        await expect(page.get_by_role("link", name="headlines")).not_to_be_visible()

        await page.get_by_role("button", name="Channels and people").tap()
        await page.get_by_text("Bob", exact=True).tap()
        await page.get_by_role("link", name="news, forum").tap()
        await expect(page.get_by_role("link", name="headlines")).not_to_be_visible()
        await page.get_by_role("link", name=ARTICLE).tap()
        await page.get_by_role("textbox", name="Reply in this thread as Bob").fill("From the bus.")
        await page.get_by_role("button", name="Send").tap()
        own = message(page, "From the bus.")
        await own.get_by_role("button", name="More actions").tap()
        await page.get_by_role("menuitem", name="Add a reaction").tap()
        await (
            page.get_by_role("dialog", name="Choose a reaction")
            .get_by_role("button", name="thumbs up")
            .first.tap()
        )

        await expect(own.get_by_role("button", name="thumbs up, 1 reaction")).to_be_visible()
        said = await stage.bot("GET", f"/channels/{thread['id']}/messages")
        assert said[0]["author"]["id"] == BOB  # type: ignore[index]


class TestKeyboard:
    @pytest.fixture
    def profile(self) -> dict[str, Any]:
        return DESKTOP | {"reduced_motion": "reduce"}

    @pytest.fixture
    def scheme(self) -> str:
        return "light"

    async def test_walk(self, stage: Stage) -> None:
        """Without a mouse: skip to the content, open a post, walk its messages, reply, react, edit, delete, go back."""
        thread = await stage.article()
        await stage.member_says(BOB, thread["id"], "Was it calm?")
        page = await stage.page()
        keys = page.keyboard

        await keys.press("Tab")
        await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        await keys.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_be_focused()
        card = page.get_by_role("link", name=ARTICLE)
        await self.tab_to(page, card)
        await keys.press("Enter")
        await expect(page.get_by_role("heading", name=ARTICLE, level=1)).to_be_focused()

        opening = page.get_by_role("region", name="Opening post").get_by_role("article")
        await self.tab_to(page, opening)
        await keys.press("ArrowDown")
        question = message(page, "Was it calm?").get_by_role("article")
        await expect(question).to_be_focused()
        await keys.press("r")
        await expect(page.get_by_role("textbox", name="Reply in this thread")).to_be_focused()
        await keys.type("Flat as a plate.")
        await keys.press("Enter")
        answer = message(page, "Flat as a plate.")
        await expect(answer).to_be_visible()

        await keys.press("ArrowUp")
        await expect(page.get_by_role("textbox", name="Edit the message")).to_be_focused()
        await keys.type(" Really.")
        await keys.press("Enter")
        await expect(message(page, "Really.")).to_contain_text("(edited)")
        own = message(page, "Really.").get_by_role("article")
        await expect(own).to_be_focused()
        await keys.press("+")
        await expect(page.get_by_role("button", name="blue heart").first).to_be_focused()
        await keys.press("ArrowRight")
        await keys.press("Enter")
        await expect(own.get_by_role("button", name="folded hands, 1 reaction")).to_be_visible()
        await expect(own).to_be_focused()

        await keys.press("Enter")
        await expect(page.get_by_role("menuitem", name="Reply")).to_be_focused()
        await keys.press("Escape")
        await expect(own).to_be_focused()
        await keys.press("Delete")
        await expect(page.get_by_role("dialog").get_by_role("button", name="Delete")).to_be_focused()
        await keys.press("Enter")
        await expect(message(page, "Really.")).to_have_count(0)
        await self.tab_to(page, page.get_by_role("link", name="Back to #news"))
        await keys.press("Enter")
        await expect(page.locator(".card").get_by_role("link", name=ARTICLE)).to_be_focused()

    async def tab_to(self, page: Page, target: Any) -> None:
        """Press Tab until ``target`` has the focus; every stop on the way must be visible as one."""
        for _ in range(40):
            await page.keyboard.press("Tab")
            outline = await page.evaluate(
                "(() => { const at = document.activeElement; const seen = [at, at.closest('label, .field, .card')].filter(Boolean);"
                " return at === document.body || seen.some(each => getComputedStyle(each).outlineStyle !== 'none'"
                " || getComputedStyle(each).boxShadow !== 'none'); })()"
            )
            assert outline, await page.evaluate("document.activeElement.outerHTML")
            if await target.evaluate("target => target === document.activeElement"):
                return
        raise AssertionError("forty stops, and the target was not among them")
