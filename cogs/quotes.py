"""Quotes: native replies that become quotes, the menus Quote… and Add to multi-quote, and ``/quotes``."""

from __future__ import annotations

import contextlib
import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.doorway import SNOWFLAKE, Form, Guarded
from bot.errors import Declined
from bot.languages import gettext_noop
from bot.model import QuoteMode
from bot.quotes import MAX_TYPED
from bot.text.choosing import chosen_list, label, words_back
from bot.text.clean import clean
from bot.text.places import post_of
from bot.text.posting import jump_link
from bot.text.quoting import excerpt
from bot.text.received import fitting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.client import NewsthreadBot, Services
    from bot.languages import Say
    from bot.model import Quotation, Said
    from bot.quotes import Source

    Interaction = discord.Interaction[NewsthreadBot]

MAX_FIELD = 4000
MAX_OPTION = 100  # characters of a select's option
MAX_LISTED = 20

_MODES = {
    QuoteMode.REPOST: gettext_noop(
        "Your replies are replaced by posts under your name that begin with the quote."
    ),
    QuoteMode.COMPANION: gettext_noop(
        "Your replies stay as they are, and the bot adds the quote below them."
    ),
    QuoteMode.OFF: gettext_noop("Your replies stay as they are, without quotes."),
}


class Quoting(commands.GroupCog, group_name="quotes", group_description=locale_str("Quotes in news threads")):
    """Translates replies, edits and deletions into calls of ``bot.quotes``, and members' wishes likewise."""

    def __init__(self, services: Services, tree: app_commands.CommandTree[Any]) -> None:
        self._services = services
        self._quotes = services.quotes
        self._tree = tree
        self._lists: dict[tuple[int, int], Interaction] = {}  # (member, thread) to who shows the latest list
        self._menus = [
            app_commands.ContextMenu(name=locale_str("Quote…"), callback=self._quote),
            app_commands.ContextMenu(name=locale_str("Add to multi-quote"), callback=self._collect),
        ]

    async def cog_load(self) -> None:
        for menu in self._menus:
            menu.guild_only = True
            self._tree.add_command(menu)

    async def cog_unload(self) -> None:
        for menu in self._menus:
            self._tree.remove_command(menu.name, type=menu.type)

    # --- what the gateway tells ----------------------------------------------------------------------------

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if not self._concerned(message.channel):
            return
        replied = message.reference.resolved if message.reference else None
        source = self._said(replied) if isinstance(replied, discord.Message) else None
        await self._quotes.posted(self._said(message), source)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        channel = event.message.channel
        # Opening posts in text channels stand outside of their threads.
        if self._concerned(channel) or self._quotes.concerns(channel.id):
            await self._quotes.edited(self._said(event.message))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        await self._quotes.deleted([event.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        await self._quotes.deleted(event.message_ids)

    def _concerned(self, channel: object) -> bool:
        return isinstance(channel, discord.Thread) and self._quotes.concerns(channel.parent_id)

    def _said(self, message: discord.Message) -> Said:
        return self._services.floor.said(message)

    # --- menus -----------------------------------------------------------------------------------------------

    async def _quote(self, interaction: Interaction, message: discord.Message) -> None:
        say = self._services.say(interaction)
        self._quotes.require_typing()
        said = self._said(message)
        source = await self._quotes.source(said)
        await interaction.response.send_modal(QuoteForm(self._services, interaction.id, said, source, say))

    async def _collect(self, interaction: Interaction, message: discord.Message) -> None:
        say = self._services.say(interaction)
        thread_id, chosen = await self._quotes.collect(interaction.user.id, self._said(message))
        await interaction.response.send_message(
            _chosen(chosen, say), view=_basket_view(thread_id, say), ephemeral=True
        )
        await self._replace_list(interaction, thread_id)

    async def _replace_list(self, interaction: Interaction, thread_id: int) -> None:
        """Take the member's former list away: one for each post chosen would pile up, all but the last outdated."""
        former = self._lists.pop((interaction.user.id, thread_id), None)
        self._lists = {key: each for key, each in self._lists.items() if not each.is_expired()}
        self._lists[interaction.user.id, thread_id] = interaction
        if former is not None and not former.is_expired():
            with contextlib.suppress(discord.HTTPException):  # they dismissed it, or answered with it
                await former.delete_original_response()

    # --- /quotes ---------------------------------------------------------------------------------------------

    @app_commands.command(
        name="repost",
        description=locale_str("Your replies become posts under your name that begin with the quote"),
    )
    @app_commands.guild_only()
    async def repost(self, interaction: Interaction) -> None:
        await self._prefer(interaction, QuoteMode.REPOST)

    @app_commands.command(
        name="companion", description=locale_str("Your replies stay as they are and the bot adds the quote")
    )
    @app_commands.guild_only()
    async def companion(self, interaction: Interaction) -> None:
        await self._prefer(interaction, QuoteMode.COMPANION)

    @app_commands.command(name="off", description=locale_str("Your replies stay as they are, without quotes"))
    @app_commands.guild_only()
    async def off(self, interaction: Interaction) -> None:
        await self._prefer(interaction, QuoteMode.OFF)

    async def _prefer(self, interaction: Interaction, mode: QuoteMode) -> None:
        say = self._services.say(interaction)
        await self._quotes.prefer(interaction.user.id, mode)
        limits = say("Where the server offers less, that holds.") if mode is not QuoteMode.OFF else ""
        await interaction.response.send_message(f"{say(_MODES[mode])} {limits}".strip(), ephemeral=True)

    @app_commands.command(name="of", description=locale_str("Who quoted a post"))
    @app_commands.describe(post=locale_str("The post's link or id"))
    @app_commands.guild_only()
    async def of(self, interaction: Interaction, post: str) -> None:
        say = self._services.say(interaction)
        place = post_of(post, _guild_id(interaction))
        if place is None:
            raise Declined(
                "That is no post of this server: right-click it, choose Copy Message Link, and paste that."
            )
        quoting = await self._quotes.quoted_by(place.message_id, self._services.visible(interaction))
        if not quoting:
            await interaction.response.send_message(say("Nobody has quoted that post."), ephemeral=True)
            return
        lines = [
            f"- <@{each.author_id}> <t:{int(each.created_at.timestamp())}:R>"
            f" [{say('view post')}]({jump_link(_guild_id(interaction), each.thread_id, each.message_id or 0)})"
            for each in quoting[-MAX_LISTED:]
        ]
        head = say.many("Quoted in one post:", "Quoted in {count} posts:", len(quoting))
        await interaction.response.send_message(fitting([head, *lines]), ephemeral=True, suppress_embeds=True)

    @app_commands.command(
        name="reply", description=locale_str("Answer the posts that you chose with Add to multi-quote")
    )
    @app_commands.guild_only()
    async def reply(self, interaction: Interaction) -> None:
        await _open_basket(interaction, _thread_of(interaction))

    @app_commands.command(
        name="clear", description=locale_str("Forget the posts that you chose to quote here")
    )
    @app_commands.guild_only()
    async def clear(self, interaction: Interaction) -> None:
        say = self._services.say(interaction)
        await self._quotes.empty_basket(interaction.user.id, _thread_of(interaction))
        await interaction.response.send_message(say("No posts are chosen any more."), ephemeral=True)

    @app_commands.command(name="help", description=locale_str("How quotes work here"))
    @app_commands.guild_only()
    async def help(self, interaction: Interaction) -> None:
        say = self._services.say(interaction)
        await interaction.response.send_message(
            say(
                "**Quotes in news threads**\n"
                "- Answer a post with Discord's own **Reply**: your answer then begins with a quote of it.\n"
                "- **Quote…** in a post's menu (right-click or hold it, then Apps) lets you shorten the quote and"
                " type the answer.\n"
                "- **Add to multi-quote** chooses several posts; **Reply with quotes** or `/quotes reply` answers"
                " them all.\n"
                "- **My post…** edits or deletes a post that the bot made for you.\n"
                "- `/quotes of` shows who quoted a post; `/quotes repost`, `companion` and `off` choose what becomes"
                " of your replies.\n"
                "Quotes follow when the quoted post is edited, and lose its words when it is deleted."
            ),
            ephemeral=True,
        )


class _Form(Form, ABC):
    """A form that ends in an answer. Whatever is declined, its author gets their words back.

    ``origin`` is the interaction that opened it: sent twice, a form is still one answer.
    """

    def __init__(self, services: Services, origin: int, title: str, say: Say) -> None:
        super().__init__(title)
        self._services = services
        self._origin = origin
        self._say = say
        self.answer: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=MAX_TYPED
        )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        bot: NewsthreadBot = interaction.client
        async with bot.answering(interaction):
            # A form that a list of chosen posts opened takes that list's place, so that none is left with dead buttons.
            await interaction.response.defer(ephemeral=True, thinking=interaction.message is None)
            try:
                await self._post(interaction)
            except Declined as declined:
                kept = words_back(declined, self.answer.value, self._say)
                try:
                    await interaction.edit_original_response(content=kept)
                except discord.NotFound:  # the list went with an earlier answer
                    await interaction.followup.send(kept, ephemeral=True)
            else:
                with contextlib.suppress(discord.NotFound):
                    await interaction.delete_original_response()

    @abstractmethod
    async def _post(self, interaction: Interaction) -> None:
        """Post the answer.

        Raises:
            Declined: nothing was posted.
        """


class QuoteForm(_Form):
    """One post: its words, which may be shortened (or the article's paragraphs to choose from), and the answer."""

    def __init__(self, services: Services, origin: int, said: Said, source: Source, say: Say) -> None:
        quotation = source.quotation
        self._thread_id = source.thread_id
        super().__init__(services, origin, say("Quote {name}", name=clean(quotation.name)), say)
        self._said = said
        self._quotation = quotation
        self._words: discord.ui.TextInput[Any] | None = None
        self._parts: discord.ui.Select[Any] | None = None
        if source.parts:
            self._parts = discord.ui.Select(
                options=[
                    discord.SelectOption(label=label(part, MAX_OPTION), value=str(index), default=index == 0)
                    for index, part in enumerate(source.parts)
                ],
                max_values=min(len(source.parts), 5),
            )
            self.add_item(discord.ui.Label(text=say("Which paragraphs to quote")[:45], component=self._parts))
        else:
            self._words = discord.ui.TextInput(
                style=discord.TextStyle.paragraph,
                default=excerpt(quotation.text, MAX_FIELD),
                max_length=MAX_FIELD,
            )
            self.add_item(
                discord.ui.Label(
                    text=say("Quoted words")[:45],
                    description=say("Shorten them as you like; mark words left out of a sentence with …")[
                        :100
                    ],
                    component=self._words,
                )
            )
        self.add_item(discord.ui.Label(text=say("Your answer")[:45], component=self.answer))

    async def _post(self, interaction: Interaction) -> None:
        said = await self._services.floor.look_up(self._quotation.thread_id, self._quotation.source_id)
        if said is not None and said.empty:
            said = self._said  # without the message content intent only the interaction shows what it says
        picked: str | tuple[int, ...] = self._words.value if self._words else ""
        if self._parts:
            picked = tuple(sorted(int(value) for value in self._parts.values))
        member = await self._services.member(interaction, self._thread_id)
        await self._services.quotes.answer(self._origin, member, said, picked, self.answer.value)


class BasketForm(_Form):
    """All posts of the basket, and one answer to them."""

    def __init__(
        self, services: Services, origin: int, thread_id: int, quotations: Sequence[Quotation], say: Say
    ) -> None:
        super().__init__(services, origin, say("Reply with quotes"), say)
        self._thread_id = thread_id
        self.add_item(discord.ui.TextDisplay(chosen_list(quotations)))
        self.add_item(discord.ui.Label(text=say("Your answer")[:45], component=self.answer))

    async def _post(self, interaction: Interaction) -> None:
        member = await self._services.member(interaction, self._thread_id)
        await self._services.quotes.answer_basket(self._origin, member, self._thread_id, self.answer.value)


class BasketButton(
    Guarded,
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=rf"nb:(?P<deed>reply|clear):(?P<thread>{SNOWFLAKE})",
):
    """Reply with quotes, or clear the choice: of whoever presses it, in the thread it is for."""

    private = True

    def __init__(self, deed: str, thread_id: int, label: str = "-") -> None:
        style = discord.ButtonStyle.primary if deed == "reply" else discord.ButtonStyle.secondary
        super().__init__(discord.ui.Button(label=label, style=style, custom_id=f"nb:{deed}:{thread_id}"))
        self._deed = deed
        self._thread_id = thread_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> BasketButton:
        return cls(match["deed"], int(match["thread"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        bot: NewsthreadBot = interaction.client
        async with bot.answering(interaction):
            if self._deed == "reply":
                await _open_basket(interaction, self._thread_id)
                return
            await bot.services.quotes.empty_basket(interaction.user.id, self._thread_id)
            say = bot.services.say(interaction)
            await interaction.response.edit_message(content=say("No posts are chosen any more."), view=None)


async def _open_basket(interaction: Interaction, thread_id: int) -> None:
    services = interaction.client.services
    services.quotes.require_typing()
    quotations = await services.quotes.basket(interaction.user.id, thread_id)
    if not quotations:
        raise Declined("No posts are chosen: use Add to multi-quote on those that you want to answer.")
    say = services.say(interaction)
    form = BasketForm(services, interaction.id, thread_id, quotations, say)
    await interaction.response.send_modal(form)


def _basket_view(thread_id: int, say: Say) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    view.add_item(BasketButton("reply", thread_id, say("Reply with quotes")))
    view.add_item(BasketButton("clear", thread_id, say("Clear")))
    view.stop()  # clicks reach the button by its custom_id, whenever they come
    return view


def _chosen(quotations: Sequence[Quotation], say: Say) -> str:
    head = say.many("One post is chosen:", "{count} posts are chosen:", len(quotations))
    return f"{head}\n{chosen_list(quotations)}"


def _thread_of(interaction: Interaction) -> int:
    assert interaction.channel_id is not None
    return interaction.channel_id


def _guild_id(interaction: Interaction) -> int:
    assert interaction.guild_id is not None
    return interaction.guild_id


async def setup(bot: NewsthreadBot) -> None:
    await bot.add_cog(Quoting(bot.services, bot.tree))
    bot.add_dynamic_items(BasketButton)
