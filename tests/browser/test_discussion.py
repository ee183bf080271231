"""The discussion below an article on the page: the real bot, a newspaper, and members at their browsers."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from bot.settings.keys import ReactionsKeys
from tests.browser.stage import ADA, ALICE, BOB, FORUM, MIA, Stage, act_on, message
from tests.scenario import Scenario, newspaper

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Locator, Page


pytestmark = pytest.mark.slow

HEADLINE = "A bridge is opened"
PARAGRAPHS = (
    "The bridge across the Saltby sound is opened on Sunday.",
    "It is the longest in the country, and the only one with a lane for geese.",
    "Walking across takes forty minutes.",
)
NAMED = {
    "blue heart": "💙 Like",
    "folded hands": "🙏 Thanks",
    "tears of joy": "😂 Haha",
    "confused": "😕 Confused",
    "crying": "😢 Sad",
    "red heart": "❤️ Love It",
    "thumbs up": "👍 Thumbs Up",
}
REMOVED = "[quoted post was removed]"
PATIENCE = 20_000  # milliseconds: much is on its way before the opening post is edited


class Town:
    """A news thread with the bot at work, and the members who talk in it."""

    def __init__(self, stage: Stage, thread: str) -> None:
        self._stage = stage
        self.thread = thread

    async def visit(self, member: str) -> Page:
        """A member's page at the thread, the bot's commands known to it."""
        page = await self._stage.page(member, f"/channel/{FORUM}/thread/{self.thread}")
        await composer(page).fill("/quotes")
        await page.get_by_role("listbox", name="Commands").wait_for()
        await composer(page).fill("")
        return page

    async def says(self, member: str, words: str) -> Any:
        """A post from somewhere else than a page of this test."""
        return await self._stage.member_says(member, self.thread, words)


@pytest.fixture
def reactions() -> ReactionsKeys:
    """reactions.toml; tests override it."""
    return ReactionsKeys(line_interval=timedelta(seconds=5))


@pytest_asyncio.fixture(loop_scope="session")
async def town(
    stage: Stage, tmp_path: Path, empty_store: Path, reactions: ReactionsKeys
) -> AsyncIterator[Town]:
    async with newspaper() as paper:
        scene = Scenario(tmp_path, stage.url, paper, stage.http)
        scene.empty_store = empty_store
        scene.reactions = reactions
        scene.watch("/saltby.rss", source="The Saltby Post", template="## {title_link}\n{source_line}")
        text = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
        paper.publish("/saltby.rss", HEADLINE, description=text)
        async with scene.bot(), scene.hurried():
            (thread,) = await scene.until_names(HEADLINE)
            yield Town(stage, thread["id"])


async def remarks(town: Town) -> None:
    """So many posts that those before them are out of sight at the end."""
    for number in range(12):
        await town.says(ADA, f"Remark {number}\nof two lines")


def composer(page: Page) -> Locator:
    return page.get_by_label("Reply in this thread as")


async def say(page: Page, words: str) -> None:
    await composer(page).fill(words)
    await page.keyboard.press("Enter")
    await expect(message(page, words)).to_have_count(1)


async def reply(page: Page, to: str, words: str) -> Locator:
    """Answer a post by the page's Reply; the post that the bot makes of it."""
    await message(page, to).first.hover()
    await message(page, to).first.get_by_role("button", name="Reply", exact=True).click()
    await composer(page).fill(words)
    await page.keyboard.press("Enter")
    return await reposted(page, words)


async def reposted(page: Page, words: str) -> Locator:
    post = page.locator(".message.webhook").filter(has_text=words)
    await expect(post).to_have_count(1)
    return post


async def react(page: Page, target: Locator, emoji: str) -> None:
    await target.hover()
    await target.get_by_role("button", name="Add a reaction").first.click()
    await page.get_by_role("group", name="Usual reactions").get_by_role("button", name=emoji).click()


async def use(page: Page, command: str, **options: str) -> Locator:
    """Use a slash command; the bot's answer, which only this member sees."""
    await composer(page).fill(command)
    await page.keyboard.press("Enter")
    form = page.get_by_role("form", name=command)
    for name, value in options.items():
        await form.get_by_label(name, exact=True).fill(value)
    await form.get_by_role("button", name="Send").click()
    answer = page.locator(".message.ephemeral").last
    await expect(answer.locator(".used")).to_contain_text(command)
    await expect(answer.get_by_text("thinking…")).to_have_count(0)
    return answer


def private(page: Page) -> Locator:
    """The bot's latest answer that only this member sees."""
    return page.locator(".message.ephemeral").last


def opening(page: Page) -> Locator:
    return page.get_by_role("region", name="Opening post")


async def face(place: Locator) -> str:
    """The picture of whoever is shown there, by its hash: webhooks' pictures have addresses of their own."""
    src = await place.locator("img.avatar").get_attribute("src")
    return str(src).rpartition("/")[2]


def quotes(post: Locator) -> Locator:
    return post.locator(".body blockquote")


async def test_reply_becomes_a_quote_that_stays_true(town: Town) -> None:
    """Alice replies to Bob: his words stand above hers under her name and face, with a time that runs and a way to his
    post. He edits, the quote follows; he deletes, it is redacted."""
    alice, bob = await town.visit(ALICE), await town.visit(BOB)
    await say(bob, "My aunt built its lamps.")
    await remarks(town)

    post = await reply(alice, "My aunt built", "And the most expensive.")

    await expect(post.locator(".author")).to_have_text("Alice")
    assert await face(post) == await face(alice.locator(".person").filter(has_text="Alice"))
    await expect(message(alice, "And the most expensive.")).to_have_count(1)  # the native reply is gone
    await expect(quotes(post)).to_contain_text("My aunt built its lamps.")
    await expect(quotes(post)).to_contain_text(re.compile(r"^Bob said .+: view post"))
    time = quotes(post).locator("time")
    await expect(time).to_have_text(re.compile("second|now"))
    await expect(time).not_to_have_text(await time.inner_text())
    original = message(alice, "My aunt built").first
    await expect(original).not_to_be_in_viewport()
    await post.get_by_role("link", name="view post").click()
    await expect(original).to_have_class(re.compile(r"\bmarked\b"))
    await expect(original.locator(".author")).to_have_text("Bob")
    await expect(original).to_be_in_viewport()

    await act_on(message(bob, "My aunt built").first, "Edit")
    await bob.get_by_role("textbox", name="Edit the message").fill("My uncle built its lamps.")
    await bob.keyboard.press("Enter")
    await expect(quotes(post)).to_contain_text("My uncle built its lamps.")

    await act_on(message(bob, "My uncle built its lamps.").first, "Delete")
    await bob.get_by_role("dialog").get_by_role("button", name="Delete").click()
    for page in (alice, bob):
        await expect(quotes(await reposted(page, "And the most expensive."))).to_have_text(REMOVED)
        await expect(page.get_by_text("uncle built")).to_have_count(0)


async def test_several_posts_in_one_answer(town: Town) -> None:
    """Posts of three are chosen by their menus, in one private list that grows, and answered together in that order."""
    for member, name in ((BOB, "Bob"), (MIA, "Mia"), (ADA, "Ada")):
        await town.says(member, f"Words of {name}.")
    await remarks(town)
    page = await town.visit(ALICE)
    listed = page.locator(".message.ephemeral")

    for name, told in (("Mia", "One post is chosen"), ("Bob", "2 posts"), ("Ada", "3 posts")):
        await act_on(message(page, f"Words of {name}.").first, "Add to multi-quote")
        await expect(listed).to_contain_text([told])  # the former list is gone
    await expect(listed.locator("li")).to_have_text(
        [f"{name}: Words of {name}." for name in ("Mia", "Bob", "Ada")]
    )
    await expect(listed).not_to_be_in_viewport()
    await page.get_by_role("button", name="Newsthread answered you").click()
    await listed.get_by_role("button", name="Reply with quotes").click()
    form = page.get_by_role("dialog", name="Reply with quotes")
    await expect(form.locator("li")).to_have_count(3)
    await form.get_by_label("Your answer").fill("To you all.")
    await form.get_by_role("button", name="Submit").click()

    post = await reposted(page, "To you all.")
    await expect(post).to_be_in_viewport()
    await expect(quotes(post)).to_have_text(
        [re.compile(rf"^{name} said .+: view post\s*Words of {name}\.$") for name in ("Mia", "Bob", "Ada")]
    )
    await expect(listed).to_have_count(0)


async def test_shortened_quote(town: Town) -> None:
    """Quote… offers a post's words to be shortened. Changed ones are refused, and what was typed is given back."""
    await town.says(BOB, "It is long. It is high. It is red.")
    page = await town.visit(ALICE)
    await act_on(message(page, "It is long.").first, "Quote…")
    form = page.get_by_role("dialog", name="Quote Bob")
    await expect(form.get_by_label("Quoted words")).to_have_value("It is long. It is high. It is red.")

    await form.get_by_label("Quoted words").fill("It is blue.")
    await form.get_by_label("Your answer").fill("How high?")
    await form.get_by_role("button", name="Submit").click()

    await expect(private(page)).to_contain_text("shortened but not changed")
    await expect(private(page)).to_contain_text("How high?")
    await expect(private(page).locator(".used")).to_have_text(re.compile(r"Alice\s+used\s+Quote…"))
    await expect(private(page).locator(".edited")).to_have_count(0)

    await act_on(message(page, "It is long.").first, "Quote…")
    await form.get_by_label("Quoted words").fill("It is high.")
    await form.get_by_label("Your answer").fill("How high?")
    await form.get_by_role("button", name="Submit").click()

    await expect(quotes(await reposted(page, "How high?"))).to_contain_text(
        re.compile(r"view post\s*It is high\.$")
    )


async def test_paragraphs_of_the_article(town: Town) -> None:
    """Quote… on the opening post offers its paragraphs; the quote stays when the opening post shows reactions."""
    page = await town.visit(ALICE)
    await act_on(opening(page), "Quote…")
    form = page.get_by_role("dialog", name="Quote The Saltby Post")
    await form.get_by_label(PARAGRAPHS[0]).uncheck()
    await form.get_by_label(PARAGRAPHS[1]).check()
    await form.get_by_label("Your answer").fill("Do they pay?")
    await form.get_by_role("button", name="Submit").click()

    quote = quotes(await reposted(page, "Do they pay?"))
    said = re.compile(rf"^The Saltby Post said .+: view post\s*{PARAGRAPHS[1]}$")
    await expect(quote).to_have_text(said)
    await react(page, opening(page).locator(".message"), "thumbs up")
    await expect(opening(page)).to_contain_text("👍 Thumbs Up 1", timeout=PATIENCE)
    reply_after = await reply(page, "Do they pay?", "In bread, I hope.")  # posted after what the edit caused
    await expect(quotes(reply_after)).to_have_count(1)
    await expect(quote.first).to_have_text(said)


async def test_own_and_moderators_menus(town: Town) -> None:
    """My post… edits and deletes what the bot posted for one, nobody else's; moderators it tells whose a post is and
    lets them recommend it, which the opening post shows with a link."""
    await town.says(BOB, "Good news.")
    alice, bob, mia = [await town.visit(who) for who in (ALICE, BOB, MIA)]
    post = await reply(alice, "Good news.", "Inded.")
    await reposted(bob, "Inded.")

    await act_on(await reposted(bob, "Inded."), "My post…")
    await expect(private(bob)).to_contain_text("That post is somebody else's: only its author can change it.")
    await message(bob, "Inded.").locator(".body").click(button="right")
    await expect(bob.get_by_role("menuitem", name="My post…")).to_be_visible()
    await expect(bob.get_by_role("menuitem", name="Remove post…")).to_have_count(0)
    await bob.keyboard.press("Escape")

    await act_on(post, "My post…")
    await private(alice).get_by_role("button", name="Edit my post").click()
    form = alice.get_by_role("dialog", name="Edit my post")
    await expect(form.get_by_label("Your words")).to_have_value("Inded.")
    await form.get_by_label("Your words").fill("Indeed.")
    await form.get_by_role("button", name="Submit").click()
    await expect(private(alice)).to_contain_text("Your post is changed.")
    await expect(quotes(await reposted(bob, "Indeed."))).to_contain_text("Good news.")

    await act_on(await reposted(mia, "Indeed."), "My post…")
    await expect(private(mia)).to_contain_text("Posted by @Alice, through the bot.")
    await private(mia).get_by_role("button", name="Recommend").click()
    await expect(private(mia)).to_contain_text("The post is recommended")
    await expect(opening(bob)).to_contain_text(
        re.compile(r"Recommended posts\s*@Alice .+ view post"), timeout=PATIENCE
    )
    await opening(bob).get_by_role("link", name="view post").click()
    await expect(bob.locator(".message.marked")).to_contain_text("Indeed.")

    await private(alice).get_by_role("button", name="Delete my post").click()
    await expect(private(alice)).to_contain_text("Your post is deleted.")
    for page in (alice, bob, mia):
        await expect(page.locator(".message.webhook")).to_have_count(0)


async def test_every_named_reaction_is_counted(town: Town) -> None:
    """Given through the page, each of the seven is counted on the opening post, in a chart, and in the lists."""
    await town.says(BOB, "Good news.")
    alice, bob = await town.visit(ALICE), await town.visit(BOB)
    for emoji in NAMED:
        await react(alice, opening(alice).locator(".message"), emoji)
    await react(bob, opening(bob).locator(".message"), "red heart")
    await react(alice, message(alice, "Good news.").first, "folded hands")

    counts = dict.fromkeys(NAMED.values(), 1) | {"🙏 Thanks": 2, "❤️ Love It": 2}
    line = " · ".join(f"{name} {count}" for name, count in counts.items())
    await expect(opening(bob)).to_contain_text(line, timeout=PATIENCE)

    told = await use(alice, "/reactions thread")
    await expect(told).to_contain_text("9 reactions in this thread:")
    picture = told.get_by_role("img", name="Love It 2")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") >= 400
    told = await use(alice, "/reactions top")
    await expect(told).to_contain_text(
        re.compile(r"Most loved posts \(the last week\)\s*@Bob: 1 · view post")
    )
    await told.get_by_role("link", name="view post").click()
    await expect(alice.locator(".message.marked")).to_contain_text("Good news.")


async def test_who_quoted_and_help_in_german(town: Town) -> None:
    """/quotes of lists who quoted a post, found by its copied link; who chooses German is helped in German."""
    await town.says(BOB, "Good news.")
    page = await town.visit(ALICE)
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await reply(page, "Good news.", "Indeed.")
    await act_on(message(page, "Good news.").first, "Copy link")
    link: str = await page.evaluate("navigator.clipboard.readText()")

    told = await use(page, "/quotes of", post=link)

    await expect(told).to_contain_text(re.compile(r"Quoted in one post:\s*@Alice .+ view post"))
    await told.get_by_role("link", name="view post").click()
    await expect(page.locator(".message.marked")).to_contain_text("Indeed.")
    await page.get_by_label("Language").select_option("Deutsch")
    await composer(page).fill("/quotes help")
    await expect(page.get_by_role("option", name="/quotes help")).to_contain_text(
        "Wie das Zitieren hier geht"
    )
    await composer(page).fill("")
    helped = await use(page, "/quotes help")
    await expect(helped).to_contain_text("Zitate in Nachrichten-Threads")
    await expect(helped).to_contain_text("Zitieren …")
    await message(page, "Good news.").first.locator(".body").click(button="right")
    await expect(page.get_by_role("menuitem", name="Zitieren …")).to_be_visible()


class TestOneEach:
    @pytest.fixture
    def reactions(self) -> ReactionsKeys:
        return ReactionsKeys(policy="one_each", line_interval=timedelta(seconds=5))

    async def test_new_reaction_replaces_the_old(self, town: Town) -> None:
        """Of two named reactions of one member to one post the second stays; one without a name is not touched."""
        await town.says(BOB, "Good news.")
        page = await town.visit(ALICE)
        post = message(page, "Good news.").first
        given = post.get_by_role("group", name="Reactions").locator("[aria-pressed]")

        await react(page, post, "blue heart")
        await expect(given).to_have_text(["💙1"])
        await expect(opening(page)).to_contain_text("💙 Like 1", timeout=PATIENCE)
        await post.hover()
        await post.get_by_role("button", name="Add a reaction").first.click()
        await page.get_by_role("group", name="All emoji").get_by_role("button", name="thumbs down").click()
        await react(page, post, "red heart")

        await expect(given).to_have_text(["👎1", "❤️1"])
        await expect(opening(page)).to_contain_text("❤️ Love It 1", timeout=PATIENCE)
        await expect(opening(page)).not_to_contain_text("Like", timeout=PATIENCE)
