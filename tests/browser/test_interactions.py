"""What members use of a bot: commands, forms, private answers, direct messages. The bot is the real discord.py's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import FilePayload, expect

from tests.browser.stage import BOB, HEADLINES, Stage, act_on, message
from tests.browser.test_everyone import CONTRAST
from tests.scenario import until

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from tests.browser.stage_bot import StageBot

IN_HEADLINES = f"/channel/{HEADLINES}"


def composer(page: Page) -> Locator:
    return page.get_by_label("Write in #headlines as Alice")


async def at_headlines(stage: Stage) -> Page:
    """Alice's page at #headlines, the bot's commands known to it."""
    page = await stage.page(place=IN_HEADLINES)
    await composer(page).fill("/")
    await page.get_by_role("listbox", name="Commands").wait_for()
    await composer(page).fill("")
    return page


async def until_heard(bot: StageBot) -> None:
    """Wait until the bot has been given something."""

    async def heard() -> bool:
        return bool(bot.heard)

    await until(heard)


async def use(page: Page, command: str) -> None:
    """Use a slash command that needs no options."""
    await composer(page).fill(command)
    await page.keyboard.press("Enter")
    form = page.get_by_role("form", name=command)
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_have_count(0)


class TestSlash:
    async def test_keyboard_alone(self, stage: Stage, bot: StageBot) -> None:
        """Type a slash, arrow to a command, take it, be offered what fits, fill in, send: no mouse."""
        page = await at_headlines(stage)
        keys = page.keyboard
        await expect(composer(page)).to_be_focused()

        await keys.type("/quo")
        options = page.get_by_role("listbox", name="Commands").get_by_role("option")
        await expect(options).to_have_text(["/quotes ofWho quoted a postNewsthread", "/quotes offLeave my replies as they areNewsthread"])  # fmt: skip
        await expect(page.get_by_role("combobox", name="Write in #headlines")).to_have_attribute("aria-activedescendant", "command-0")  # fmt: skip
        await keys.press("ArrowDown")
        await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
        await keys.press("Escape")
        await expect(options).to_have_count(0)
        await composer(page).fill("/sail")
        await keys.press("Tab")

        harbour = page.get_by_role("combobox", name="harbour")
        await expect(harbour).to_be_focused()
        await keys.type("WEST")
        fitting = page.get_by_role("listbox", name="Choices").get_by_role("option")
        await expect(fitting).to_have_text(["Westerland harbour"])
        await keys.press("Enter")
        await expect(harbour).to_have_value("Westerland harbour")
        await keys.press("Tab")
        await keys.type("12")
        await keys.press("Enter")
        await expect(page.get_by_text("Must be 9 or less.")).to_be_visible()
        await expect(page.get_by_label("tickets")).to_be_focused()
        await keys.press("Control+A")
        await keys.type("2")
        await keys.press("Enter")

        answer = message(page, "2 tickets to Westerland.")
        await expect(answer).to_contain_text("Alice used /sail")
        await expect(composer(page)).to_be_focused()

    async def test_every_kind_of_option(self, stage: Stage, bot: StageBot) -> None:
        """Choices, people, yes or no and files arrive as what they are."""
        page = await at_headlines(stage)
        await composer(page).fill("/sail")
        await page.keyboard.press("Enter")
        form = page.get_by_role("form", name="/sail")

        await form.get_by_label("harbour").fill("anywhere")
        await form.get_by_label("tickets").fill("3")
        await form.get_by_label("deck").select_option("Lower")
        await form.get_by_label("guest").fill("bo")
        await page.get_by_role("option", name="Bob").click()
        await form.get_by_label("quiet").select_option("Yes")
        await form.get_by_label("luggage").set_input_files(
            {"name": "trunk.txt", "mimeType": "text/plain", "buffer": b"heavy"}
        )
        await form.get_by_role("button", name="Send").click()

        await expect(message(page, "3 tickets to anywhere.")).to_have_count(1)
        assert bot.heard[-1] == {
            "harbour": "anywhere",
            "tickets": 3,
            "deck": 2,
            "guest": "bob",
            "quiet": True,
            "luggage": "trunk.txt",
        }

    async def test_stale_suggestions_are_dropped(self, stage: Stage, bot: StageBot) -> None:
        """A suggestion that comes after a later one was asked for is not shown, and pauses save questions."""
        page = await at_headlines(stage)
        held = asyncio.Event()

        async def slow(route: Any) -> None:
            if '"harbour":"n"' in (route.request.post_data or ""):
                await held.wait()
            await route.continue_()

        await page.route("**/interactions", slow)
        await composer(page).fill("/sail")
        await page.keyboard.press("Enter")
        options = page.get_by_role("listbox", name="Choices").get_by_role("option")
        await expect(options).to_have_count(4)

        async with page.expect_request(lambda request: '"harbour":"n"' in (request.post_data or "")):
            await page.keyboard.type("n")
        await page.keyboard.press("Backspace")
        await page.keyboard.type("eastw", delay=5)
        await expect(options).to_have_text(["Eastwick harbour"])
        async with page.expect_response(
            lambda response: '"harbour":"n"' in (response.request.post_data or "")
        ):
            held.set()

        await expect(options).to_have_text(["Eastwick harbour"])
        assert [each for each in bot.heard if "typing e" in each] == ["typing eastw"]

    async def test_typed_at_once(self, stage: Stage, bot: StageBot) -> None:
        """What is typed after a command's name fills its first field; what is no command is a message."""
        page = await at_headlines(stage)

        await composer(page).fill("/quotes of 1234567890123456789")
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("post")).to_have_value("1234567890123456789")
        await page.get_by_role("button", name="Send").click()
        await expect(message(page, "Thank you.")).to_contain_text("Only you can see this")
        assert bot.heard == [("of", "1234567890123456789", "en")]

        await composer(page).fill("/shrug is no command")
        await page.keyboard.press("Enter")
        await expect(message(page, "/shrug is no command")).to_have_count(1)

    async def test_silence(self, stage: Stage, bot: StageBot) -> None:
        """A bot that does not answer is said so in a notice; Escape leaves the command."""
        page = await at_headlines(stage)
        await composer(page).fill("/never")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")
        await until_heard(bot)
        stage.pass_time(3)

        await expect(page.get_by_role("alert")).to_contain_text("The application did not respond")
        await page.keyboard.press("Escape")
        await expect(composer(page)).to_be_focused()
        assert bot.heard == ["never"]

    async def test_thinking(self, stage: Stage, bot: StageBot) -> None:
        """A deferred answer shows that the bot thinks, and then what it thought."""
        page = await at_headlines(stage)
        await use(page, "/slowly")
        await expect(message(page, "Newsthread is thinking…")).to_contain_text("Alice used /slowly")

        bot.hold.set()

        await expect(message(page, "There you are.")).to_have_count(1)
        await expect(message(page, "thinking")).to_have_count(0)

    async def test_new_commands_appear(self, stage: Stage, bot: StageBot) -> None:
        """Commands that are taken away are no longer offered, without a reload."""
        page = await at_headlines(stage)
        bot.tree.clear_commands(guild=bot.guild)

        await bot.tree.sync(guild=bot.guild)

        await composer(page).fill("/pa")
        await expect(page.get_by_role("listbox", name="Commands")).to_have_count(0)

    async def test_in_german(self, stage: Stage, bot: StageBot) -> None:
        """Who chooses another language finds the commands under its names, and is answered in it."""
        page = await at_headlines(stage)

        await page.get_by_label("Language").select_option("Deutsch")
        await composer(page).fill("/zitate v")
        await expect(page.get_by_role("option", name="/zitate von")).to_contain_text(
            "Wer einen Beitrag zitiert hat"
        )
        await page.keyboard.press("Enter")
        await page.get_by_label("post").fill("1")
        await page.keyboard.press("Enter")

        await expect(message(page, "Thank you.")).to_have_count(1)
        assert bot.heard == [("of", "1", "de")]
        await page.reload()
        await expect(page.get_by_label("Language")).to_have_value("de")


class TestForms:
    async def test_message_command_opens_a_form(self, stage: Stage, bot: StageBot) -> None:
        """From a message's menu, under the bot's name, to a form, to an answer that all see."""
        await stage.member_says(BOB, HEADLINES, "Was the strait calm?")
        alice, bob = await at_headlines(stage), await stage.page(BOB, IN_HEADLINES)
        await message(alice, "Was the strait calm?").locator(".body").click(button="right")
        own = alice.get_by_role("menu").get_by_role("group", name="Newsthread")
        await own.get_by_role("menuitem", name="Quote…").click()

        form = alice.get_by_role("dialog", name="Quote Bob")
        field = form.get_by_role("textbox", name="Your answer")
        await expect(field).to_be_focused()
        await expect(field).to_have_accessible_description("It appears under the quote.")
        await field.fill("No")
        await form.get_by_role("button", name="Submit").click()
        await expect(form).to_contain_text("Write 3 characters or more.")
        await field.fill("Flat as a plate.")
        await expect(form).to_contain_text("16/60")
        await form.get_by_role("button", name="Submit").click()

        await expect(form).to_have_count(0)
        await expect(message(bob, "Flat as a plate.").locator("blockquote")).to_have_text(
            "Was the strait calm?"
        )

    async def test_nothing_typed_is_lost(self, stage: Stage, bot: StageBot) -> None:
        """A refused form stays with its text; a closed one is found again as it was; a sent one is empty."""
        await stage.member_says(BOB, HEADLINES, "Was the strait calm?")
        page = await at_headlines(stage)
        target = message(page, "Was the strait calm?").first
        form = page.get_by_role("dialog", name="Quote Bob")
        field = form.get_by_role("textbox", name="Your answer")
        await act_on(target, "Quote…")
        await field.fill("stay silent")
        await form.get_by_role("button", name="Submit").click()
        await until_heard(bot)
        stage.pass_time(3)
        await expect(form.get_by_role("alert")).to_have_text("The application did not respond")
        await expect(field).to_have_value("stay silent")

        await page.keyboard.press("Escape")
        await expect(form).to_have_count(0)
        await act_on(target, "Quote…")
        await expect(field).to_have_value("stay silent")
        await field.fill("Flat as a plate.")
        await form.get_by_role("button", name="Submit").click()
        await expect(message(page, "Flat as a plate.")).to_have_count(1)
        await act_on(target, "Quote…")
        await expect(field).to_have_value("")

    async def test_text_radio_and_checks(self, stage: Stage, bot: StageBot) -> None:
        """A form with text, Markdown, radio buttons and boxes says what is missing and brings all to the bot."""
        page = await at_headlines(stage)
        await use(page, "/panel")
        await page.get_by_role("button", name="Fill in").click()
        form = page.get_by_role("dialog", name="Everything one can fill in")
        await expect(form.locator("strong")).to_have_text("honest")
        await expect(form.get_by_label("Headline")).to_have_value("Ferries")

        await form.get_by_role("button", name="Submit").click()
        await expect(form).to_contain_text("Choose one.")
        await expect(form.get_by_role("radiogroup", name="Mood")).to_be_focused()
        await form.get_by_label("Calm").check()
        topics = form.get_by_role("group", name="Topics")
        await topics.get_by_label("Sea").check()
        await topics.get_by_label("Air").check()
        await expect(topics.get_by_label("Land")).to_be_disabled()
        await form.get_by_label("I have checked it").check()
        await form.get_by_role("button", name="Submit").click()

        await expect(message(page, "Thank you.")).to_contain_text("Only you can see this")
        assert bot.heard == [{"headline": "Ferries", "mood": "calm", "topics": ["Sea", "Air"], "sure": True}]

    async def test_selects_and_files(self, stage: Stage, bot: StageBot) -> None:
        """Selects of words, people, channels and roles, and files, come back as they were chosen."""
        page = await at_headlines(stage)
        await use(page, "/choose")
        form = page.get_by_role("dialog", name="Choose and attach")

        rule = form.get_by_role("combobox", name="Rule")
        await rule.press("ArrowDown")
        await expect(form.get_by_role("option", name="On topic")).to_contain_text("Stay with the story")
        await rule.press("ArrowDown")
        await rule.press("ArrowDown")
        await rule.press("Enter")
        await expect(rule).to_have_value("On topic")
        people = form.get_by_role("group", name="People")
        await people.get_by_label("Bob").check()
        await people.get_by_label("Mia").check()
        places = form.get_by_label("Place").get_by_role("option")
        await expect(places).to_have_text(["Make a selection", "#headlines"])
        await form.get_by_label("Place").select_option("#headlines")
        await form.get_by_label("Proof").set_input_files(
            [FilePayload(name=f"{name}.txt", mimeType="text/plain", buffer=b"x") for name in "ab"]
        )
        await form.get_by_role("button", name="Leave out a.txt").click()
        await form.get_by_role("button", name="Submit").click()

        await expect(message(page, "Thank you.")).to_have_count(1)
        assert bot.heard == [
            {
                "rule": ["topic"],
                "people": ["bob", "mia"],
                "place": ["headlines"],
                "role": [],
                "proof": ["b.txt"],
            }
        ]

    async def test_form_of_rows(self, stage: Stage, bot: StageBot) -> None:
        """The older way to make a form works too; Cancel leaves and gives the focus back."""
        page = await at_headlines(stage)
        await use(page, "/old")
        form = page.get_by_role("dialog", name="As forms were")
        await expect(form.get_by_placeholder("As on the passport")).to_be_focused()
        await form.get_by_label("Your name").fill("Alice")
        await form.get_by_role("button", name="Submit").click()

        await expect(message(page, "Thank you.")).to_have_count(1)
        assert bot.heard == [{"name": "Alice"}]
        await use(page, "/old")
        await form.get_by_role("button", name="Cancel").click()
        await expect(composer(page)).to_be_focused()


class TestAnswers:
    async def test_private_panel(self, stage: Stage, bot: StageBot) -> None:
        """Buttons and selects of a message that only one sees work: they change it, and open others."""
        alice, bob = await at_headlines(stage), await stage.page(BOB, IN_HEADLINES)
        await use(alice, "/panel")
        panel = alice.locator(".message.ephemeral").filter(has_text="Count")

        await panel.get_by_role("button", name="Count").click()
        await expect(panel).to_contain_text("Pressed 1 times.")
        await expect(alice.get_by_role("status", name="Announcements")).to_have_text(
            "Newsthread: Pressed 1 times."
        )
        await panel.get_by_role("button", name="Whisper").click()
        await expect(message(alice, "Only between us.")).to_contain_text("Only you can see this")
        await panel.get_by_role("combobox", name="Pick a harbour").click()
        await alice.get_by_role("option", name="Southport").click()
        await expect(message(alice, "Bound for Southport.")).to_have_count(1)

        await panel.get_by_role("button", name="Dismiss").click()
        await expect(panel).to_have_count(0)
        await expect(bob.locator(".message")).to_have_count(0)

    async def test_answers_come_into_sight(self, stage: Stage, bot: StageBot) -> None:
        """Whoever used a command or sent a form while reading far above is led to what becomes of it."""
        for number in range(40):
            await stage.member_says(BOB, HEADLINES, f"Remark {number}.")
        page = await at_headlines(stage)
        first = message(page, "Remark 0.")

        await first.scroll_into_view_if_needed()
        await composer(page).fill("/quotes of 1")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Send").click()
        await expect(message(page, "Thank you.")).to_be_in_viewport()

        await first.scroll_into_view_if_needed()
        await act_on(first, "Quote…")
        await page.get_by_role("dialog").get_by_role("textbox").fill("Flat as a plate.")
        await page.get_by_role("button", name="Submit").click()
        await expect(message(page, "Flat as a plate.")).to_be_in_viewport()

    async def test_user_command(self, stage: Stage, bot: StageBot) -> None:
        """A member's menu opens from their name and from the list of people, and has the bot's commands."""
        await stage.member_says(BOB, HEADLINES, "Was the strait calm?")
        page = await at_headlines(stage)

        await message(page, "Was the strait calm?").get_by_role("button", name="Bob").click()
        await page.get_by_role("menuitem", name="Greet").click()
        await expect(message(page, "Hello Bob.")).to_contain_text("Alice used Greet")

        await page.get_by_role("radio", name="Mia").locator("xpath=..").click(button="right")
        await page.get_by_role("menuitem", name="Greet").click()
        await expect(message(page, "Hello Mia.")).to_have_count(1)

    async def test_direct_messages(self, stage: Stage, bot: StageBot) -> None:
        """What the bot writes to one alone is there at once, after a reload too, and its buttons work."""
        page = await at_headlines(stage)
        await expect(page.get_by_role("heading", name="Direct messages")).to_have_count(0)

        await use(page, "/write")
        await page.get_by_role("link", name="Newsthread, direct messages, unread").click()
        note = page.locator(".message").filter(has_text="Count")
        await expect(note).to_contain_text("A note for you.")
        await page.reload()
        await note.get_by_role("button", name="Count").click()

        await expect(note).to_contain_text("Pressed 1 times.")
        await expect(page.get_by_role("link", name="Newsthread, direct messages", exact=True)).to_be_visible()
        await page.get_by_text("Bob", exact=True).click()
        await expect(page.get_by_role("heading", name="Direct messages")).to_have_count(0)


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


class TestPhone:
    @pytest.fixture(params=["light", "dark"])
    def profile(self, request: pytest.FixtureRequest) -> dict[str, Any]:
        return PHONE | {"color_scheme": request.param}

    async def test_one_thumb(self, stage: Stage, bot: StageBot) -> None:
        """On a phone everything fits and can be read and touched: commands, options, menus, forms."""
        await stage.member_says(BOB, HEADLINES, "Was the strait calm?")
        page = await at_headlines(stage)

        async def fits(what: str) -> None:
            wide = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert wide[0] <= wide[1], what
            assert await page.evaluate(CONTRAST) == [], what

        await composer(page).fill("/")
        await fits("commands")
        await page.get_by_role("option", name="/sail").tap()
        form = page.get_by_role("form", name="/sail")
        await page.get_by_role("option", name="Eastwick harbour").tap()
        await form.get_by_role("button", name="Send").tap()
        await expect(form.get_by_text("This must be filled in.").first).to_be_visible()
        await fits("options")
        await form.get_by_role("button", name="Leave the command").tap()

        body = await message(page, "Was the strait calm?").locator(".body").bounding_box()
        assert body
        touch = await page.context.new_cdp_session(page)
        point = {"x": body["x"] + 120, "y": body["y"] + 12}
        await touch.send(
            "Input.synthesizeTapGesture", {**point, "duration": 900, "gestureSourceType": "touch"}
        )
        await fits("menu")
        await page.get_by_role("menuitem", name="Quote…").tap()
        dialog = page.get_by_role("dialog", name="Quote Bob")
        await dialog.get_by_role("textbox").fill("Flat as a plate.")
        await fits("form")
        await dialog.get_by_role("button", name="Submit").tap()
        await expect(message(page, "Flat as a plate.")).to_have_count(1)
