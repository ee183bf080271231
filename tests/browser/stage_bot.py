"""A small bot made with the real discord.py, offering one of everything that members can use.

What it is given it writes down in ``heard`` and answers; the page is what is tested.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from localdiscord.seed import TOKEN
from tests.localdiscord.conftest import pointed_at

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

GUILD = discord.Object(1300000000000001000)
HARBOURS = ("Northport", "Southport", "Eastwick", "Westerland")
GERMAN = {"quotes": "zitate", "of": "von", "Who quoted a post": "Wer einen Beitrag zitiert hat"}


class German(app_commands.Translator):
    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, _: app_commands.TranslationContextTypes
    ) -> str | None:
        return GERMAN.get(string.message) if locale is discord.Locale.german else None


class QuoteForm(discord.ui.Modal, title="Quote Bob"):
    """One field, prefilled and bounded. The answer "refuse" gets none."""

    words: discord.ui.Label[QuoteForm] = discord.ui.Label(
        text="Your answer",
        description="It appears under the quote.",
        component=discord.ui.TextInput(
            custom_id="words", style=discord.TextStyle.paragraph, min_length=3, max_length=60
        ),
    )

    def __init__(self, bot: StageBot, target: discord.Message) -> None:
        super().__init__(custom_id=f"quote:{target.id}")
        self._bot, self._target = bot, target

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.words.component, discord.ui.TextInput)
        text = self.words.component.value
        self._bot.heard.append(text)
        if text == "stay silent":
            return
        await interaction.response.send_message(f"> {self._target.content}\n{text}")


class EveryField(discord.ui.Modal, title="Everything one can fill in"):
    """One field of each kind; what comes back goes to ``heard`` by its name."""

    intro: discord.ui.TextDisplay[Any] = discord.ui.TextDisplay("Please be **honest**.")
    headline: discord.ui.Label[EveryField] = discord.ui.Label(
        text="Headline", component=discord.ui.TextInput(custom_id="headline", default="Ferries")
    )
    mood: discord.ui.Label[EveryField] = discord.ui.Label(
        text="Mood",
        description="How it reads.",
        component=discord.ui.RadioGroup(
            custom_id="mood",
            options=[
                discord.RadioGroupOption(label="Calm", value="calm", description="No hurry"),
                discord.RadioGroupOption(label="Urgent", value="urgent"),
            ],
        ),
    )
    topics: discord.ui.Label[EveryField] = discord.ui.Label(
        text="Topics",
        component=discord.ui.CheckboxGroup(
            custom_id="topics",
            max_values=2,
            options=[discord.CheckboxGroupOption(label=name, value=name) for name in ("Sea", "Land", "Air")],
        ),
    )
    sure: discord.ui.Label[EveryField] = discord.ui.Label(
        text="I have checked it", component=discord.ui.Checkbox(custom_id="sure")
    )

    def __init__(self, bot: StageBot) -> None:
        super().__init__(custom_id="every")
        self._bot = bot

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await self._bot.answer(interaction, values_of(self))


class Choosing(discord.ui.Modal, title="Choose and attach"):
    """The selects and the file upload."""

    rule: discord.ui.Label[Choosing] = discord.ui.Label(
        text="Rule",
        component=discord.ui.Select(
            custom_id="rule",
            placeholder="Which one",
            options=[
                discord.SelectOption(label="Be kind", value="kind", description="No insults"),
                discord.SelectOption(label="On topic", value="topic", description="Stay with the story"),
            ],
        ),
    )
    people: discord.ui.Label[Choosing] = discord.ui.Label(
        text="People", component=discord.ui.UserSelect(custom_id="people", max_values=2)
    )
    place: discord.ui.Label[Choosing] = discord.ui.Label(
        text="Place",
        component=discord.ui.ChannelSelect(custom_id="place", channel_types=[discord.ChannelType.text]),
    )
    role: discord.ui.Label[Choosing] = discord.ui.Label(
        text="Role", component=discord.ui.RoleSelect(custom_id="role", required=False)
    )
    proof: discord.ui.Label[Choosing] = discord.ui.Label(
        text="Proof", component=discord.ui.FileUpload(custom_id="proof", max_values=2)
    )

    def __init__(self, bot: StageBot) -> None:
        super().__init__(custom_id="choosing")
        self._bot = bot

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await self._bot.answer(interaction, values_of(self))


class Removal(discord.ui.Modal, title="Remove Bob's post"):
    """As long a form as moderation has: a text, a select, two paragraphs and a tick."""

    post: discord.ui.TextDisplay[Any] = discord.ui.TextDisplay(
        "> You are **paid** for this.\n-# Bob · 1 strike"
    )
    rule: discord.ui.Label[Removal] = discord.ui.Label(
        text="Rule",
        component=discord.ui.Select(
            custom_id="rule",
            required=False,
            options=[discord.SelectOption(label=name, description="What it says") for name in HARBOURS],
        ),
    )
    reason: discord.ui.Label[Removal] = discord.ui.Label(
        text="What the post did",
        description="Goes on from: Removed a post that …",
        component=discord.ui.TextInput(custom_id="reason", style=discord.TextStyle.paragraph, max_length=400),
    )
    step: discord.ui.Label[Removal] = discord.ui.Label(
        text="What to do instead",
        component=discord.ui.TextInput(
            custom_id="step", style=discord.TextStyle.paragraph, required=False, max_length=300
        ),
    )
    tell: discord.ui.Label[Removal] = discord.ui.Label(
        text="Tell the author",
        description="By direct message.",
        component=discord.ui.Checkbox(custom_id="tell", default=True),
    )

    def __init__(self, bot: StageBot) -> None:
        super().__init__(custom_id="removal")
        self._bot = bot

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await self._bot.answer(interaction, values_of(self))


class OldForm(discord.ui.Modal, title="As forms were"):
    """A text input in a row of its own: the way before labels."""

    name: discord.ui.TextInput[OldForm] = discord.ui.TextInput(
        label="Your name", custom_id="name", placeholder="As on the passport", required=False
    )

    def __init__(self, bot: StageBot) -> None:
        super().__init__(custom_id="old")
        self._bot = bot

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await self._bot.answer(interaction, values_of(self))


def values_of(modal: discord.ui.Modal) -> dict[str, Any]:
    """What was filled in, by ``custom_id``; people, places and files by their names."""
    found: dict[str, Any] = {}
    for item in modal.walk_children():
        if isinstance(item, discord.ui.TextInput | discord.ui.RadioGroup | discord.ui.Checkbox):
            found[str(item.custom_id)] = item.value
        elif isinstance(item, discord.ui.FileUpload):
            found[item.custom_id] = [file.filename for file in item.values]
        elif isinstance(item, discord.ui.CheckboxGroup | discord.ui.Select):
            found[str(item.custom_id)] = list(item.values)
        elif isinstance(item, discord.ui.UserSelect | discord.ui.RoleSelect | discord.ui.ChannelSelect):
            found[item.custom_id] = [getattr(each, "name", str(each)) for each in item.values]
    return found


class Panel(discord.ui.View):
    """Buttons that answer in each of the ways there are, and a select."""

    def __init__(self, bot: StageBot) -> None:
        super().__init__(timeout=None)
        self._bot = bot
        self._count = 0

    @discord.ui.button(label="Count", custom_id="panel:count", style=discord.ButtonStyle.primary)
    async def count(self, interaction: discord.Interaction, _: discord.ui.Button[Panel]) -> None:
        self._count += 1
        await interaction.response.edit_message(content=f"Pressed {self._count} times.")

    @discord.ui.button(label="Whisper", custom_id="panel:whisper")
    async def whisper(self, interaction: discord.Interaction, _: discord.ui.Button[Panel]) -> None:
        await interaction.response.send_message("Only between us.", ephemeral=True)

    @discord.ui.button(label="Fill in", custom_id="panel:form")
    async def form(self, interaction: discord.Interaction, _: discord.ui.Button[Panel]) -> None:
        await interaction.response.send_modal(EveryField(self._bot))

    @discord.ui.select(
        placeholder="Pick a harbour",
        custom_id="panel:harbour",
        options=[discord.SelectOption(label=name, description=f"The port of {name}") for name in HARBOURS],
    )
    async def harbour(self, interaction: discord.Interaction, select: discord.ui.Select[Panel]) -> None:
        await interaction.response.send_message(f"Bound for {select.values[0]}.", ephemeral=True)


class StageBot(discord.Client):
    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.05,
        )
        self.guild = GUILD
        self.heard: list[Any] = []
        self.hold = asyncio.Event()  # what "slowly" waits for
        self.tree = app_commands.CommandTree(self)
        _offer(self)

    async def setup_hook(self) -> None:
        await self.tree.set_translator(German())
        await self.tree.sync(guild=GUILD)

    async def answer(self, interaction: discord.Interaction, heard: Any) -> None:
        self.heard.append(heard)
        await interaction.response.send_message("Thank you.", ephemeral=True)


def _offer(bot: StageBot) -> None:
    """Register the commands."""
    quotes = app_commands.Group(
        name=app_commands.locale_str("quotes"), description="Quotes of posts", guild_ids=[GUILD.id]
    )

    @quotes.command(
        name=app_commands.locale_str("of"), description=app_commands.locale_str("Who quoted a post")
    )
    async def of(interaction: discord.Interaction, post: str) -> None:
        german = interaction.locale is discord.Locale.german
        await bot.answer(interaction, ("of", post, "de" if german else "en"))

    @quotes.command(name="off", description="Leave my replies as they are")
    async def off(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Your replies stay as they are.", ephemeral=True)

    bot.tree.add_command(quotes)

    @bot.tree.command(name="sail", description="Book a passage", guild=GUILD)
    @app_commands.describe(harbour="Where to", tickets="How many", deck="Which deck", guest="Who comes along")
    @app_commands.choices(
        deck=[app_commands.Choice(name="Upper", value=1), app_commands.Choice(name="Lower", value=2)]
    )
    async def sail(
        interaction: discord.Interaction,
        harbour: str,
        tickets: app_commands.Range[int, 1, 9],
        deck: app_commands.Choice[int] | None = None,
        guest: discord.Member | None = None,
        quiet: bool | None = None,
        luggage: discord.Attachment | None = None,
    ) -> None:
        heard = {
            "harbour": harbour,
            "tickets": tickets,
            "deck": deck and deck.value,
            "guest": guest and guest.name,
            "quiet": quiet,
            "luggage": luggage and luggage.filename,
        }
        bot.heard.append(heard)
        await interaction.response.send_message(f"{tickets} tickets to {harbour}.")

    @sail.autocomplete("harbour")
    async def harbours(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        bot.heard.append(f"typing {current}")
        fitting = [name for name in HARBOURS if current.lower() in name.lower()]
        return [app_commands.Choice(name=f"{name} harbour", value=name) for name in fitting]

    @bot.tree.command(name="panel", description="Something to press", guild=GUILD)
    async def panel(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Press something.", view=Panel(bot), ephemeral=True)

    @bot.tree.command(name="slowly", description="Takes its time", guild=GUILD)
    async def slowly(interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True)
        await bot.hold.wait()
        await interaction.followup.send("There you are.")

    @bot.tree.command(name="never", description="Never answers", guild=GUILD)
    async def never(_: discord.Interaction) -> None:
        bot.heard.append("never")

    @bot.tree.command(name="choose", description="Selects and a file", guild=GUILD)
    async def choose(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Choosing(bot))

    @bot.tree.command(name="old", description="A form as they were", guild=GUILD)
    async def old(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(OldForm(bot))

    @bot.tree.command(name="write", description="Writes to you alone", guild=GUILD)
    async def write(interaction: discord.Interaction) -> None:
        await interaction.user.send("A note for you.", view=Panel(bot))
        await interaction.response.send_message("Sent.", ephemeral=True)

    @bot.tree.context_menu(name="Quote…", guild=GUILD)
    async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_modal(QuoteForm(bot, message))

    @bot.tree.context_menu(name="Remove post…", guild=GUILD)
    @app_commands.default_permissions(manage_messages=True)
    async def remove(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_modal(Removal(bot))

    @bot.tree.context_menu(name="Greet", guild=GUILD)
    async def greet(interaction: discord.Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(f"Hello {member.display_name}.")


@contextlib.asynccontextmanager
async def stage_bot(url: str) -> AsyncIterator[StageBot]:
    """The bot, connected to the local Discord at ``url`` and its commands registered."""
    with pointed_at(url):
        async with StageBot() as bot:
            running = asyncio.create_task(bot.start(TOKEN))
            try:
                async with asyncio.timeout(15):
                    await bot.wait_until_ready()
                yield bot
            finally:
                bot.hold.set()
                await bot.close()
                with contextlib.suppress(asyncio.CancelledError):
                    await running
