"""The discord.py bot: intents, cogs, and where its requests go.

Holds no behaviour of its own: cogs listen and answer, services act.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket, KeepAliveHandler
from discord.http import Route
from yarl import URL

from bot.attempt import attempt_trace
from bot.doorway import FROM_ANYWHERE, OUTDATED, Turns, guild_of, typed_into
from bot.errors import (
    ContentRefused,
    Declined,
    DeliveryError,
    NewsthreadError,
    StoreFailing,
    TokenRefused,
    Vanished,
)
from bot.newsroom.desk import is_online
from bot.quotes import Member
from bot.text.choosing import words_back

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.clock import Clock
    from bot.deliveries import Deliveries
    from bot.governor import Governor
    from bot.languages import Languages, Say
    from bot.moderation import Moderation
    from bot.newsroom import Authority, Floor, Office
    from bot.pace import Pace, Sort
    from bot.quotes import Quotes
    from bot.reactions import Reactions
    from bot.stories import Stories

log = logging.getLogger(__name__)

EXTENSIONS = (
    "cogs.news",
    "cogs.quotes",
    "cogs.posts",
    "cogs.reactions",
    "cogs.moderation",
    "cogs.deliveries",
)

# Guilds: channels, threads, roles. Moderation: audit-log entries. Guild messages: our own posts come back with
# their markers, which is how a lost answer is found again. Message content, the one privileged intent, is what
# native replies become quotes by. Emoji: which of them the server has (still).
INTENTS = discord.Intents(
    guilds=True, moderation=True, guild_messages=True, guild_reactions=True, emojis_and_stickers=True
)

# Above this many seconds discord.py hands a rate limit to us instead of sleeping (its own minimum is 30).
MAX_RATELIMIT_TIMEOUT = 30.0

# Seconds without a further server after which discord.py takes a session for ready (its own default is 2). We are in
# one; should it come later still, ``_go_on`` waits for it.
GUILD_READY_TIMEOUT = 0.5

# In the extras of an interaction that something has taken up.
_MET = "met"

# Seconds before a forgotten session is begun anew: Discord takes one such request in five.
IDENTIFY_PAUSE = 5.0
# After so long without a connection another session is begun: discord.py's pauses between its tries grow to 17 minutes.
GIVE_UP = 60.0


@dataclass(frozen=True, slots=True)
class Services:
    """What cogs may pick from."""

    stories: Stories
    quotes: Quotes
    reactions: Reactions
    moderation: Moderation
    floor: Floor
    office: Office
    deliveries: Deliveries
    languages: Languages
    wake_publisher: Callable[[], None]
    catch_up: Callable[[], None]  # look through the threads for what was missed

    turns: Turns = field(default_factory=Turns)

    def say(self, interaction: discord.Interaction) -> Say:
        """The language of the one who asks."""
        return self.languages.of(str(interaction.locale))

    def visible(self, interaction: discord.Interaction) -> frozenset[int]:
        """The channels that the one who asks can see; threads are seen by whoever sees their channel."""
        user, guild = interaction.user, interaction.guild
        if guild is None or not isinstance(user, discord.Member):
            return frozenset()
        return frozenset(each.id for each in guild.channels if each.permissions_for(user).view_channel)

    async def member(self, interaction: discord.Interaction, thread_id: int) -> Member:
        """The one who asks, with what they may do in a thread."""
        user = interaction.user
        assert isinstance(user, discord.Member)  # every command is for servers only
        rights = await self.floor.rights(thread_id, user)
        return Member(user.id, user.display_name, user.display_avatar.url.partition("?")[0], rights)

    async def authority(self, interaction: discord.Interaction, channel_id: int | None) -> Authority:
        """What the one who asks may do as a moderator, in the channel of that thread or channel; None: in the server.

        Where it is gone it is asked in the server, too.

        Raises:
            Declined: they ask from outside of the server.
            Later, Refused: Discord had to be asked, and could not be.
        """
        user = interaction.user
        if not isinstance(user, discord.Member):
            raise Declined("You lack the permission for that in this channel.")
        try:
            return await self.office.authority(user, channel_id)
        except Vanished:
            return await self.office.authority(user, None)


class NewsthreadBot(commands.Bot):
    """One session with Discord. A new one is made for each login, since discord.py's can't be reopened."""

    def __init__(
        self,
        services: Services,
        guild_id: int,
        clock: Clock,
        governor: Governor,
        pace: Pace,
        *,
        message_content: bool,
    ) -> None:
        intents = discord.Intents(INTENTS.value)
        intents.message_content = message_content
        trace = attempt_trace()
        pace.join(trace, self._sort_of)
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents,
            tree_cls=_Tree,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=MAX_RATELIMIT_TIMEOUT,
            guild_ready_timeout=GUILD_READY_TIMEOUT,
            http_trace=trace,
        )
        self.services = services
        self._guild = discord.Object(guild_id)
        self._clock = clock
        self._governor = governor

    async def setup_hook(self) -> None:
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        await self._offer_commands()

    async def _offer_commands(self) -> None:
        """Register the commands for the one server: there they are up to date at once."""
        await self.tree.set_translator(CommandNames(self.services.languages))
        self.tree.copy_global_to(guild=self._guild)
        try:
            await self.tree.sync(guild=self._guild)
        except discord.Forbidden:
            log.warning(
                "slash commands and menus are missing: invite the bot again with the scope applications.commands"
            )

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        if not initial:
            await self._clock.sleep(IDENTIFY_PAUSE)
        # No long wait here: discord.py gives a connection a minute, and this one is open already.
        await self._governor.begin()

    def _sort_of(self, url: URL) -> Sort | None:
        """What a request of this session is; members wait for the answers to interactions."""
        address = str(url)
        if not address.startswith(Route.BASE):
            return None
        path = address.removeprefix(Route.BASE)
        return (
            "answer"
            if path.startswith(("/interactions/", f"/webhooks/{self.application_id}/"))
            else "request"
        )

    async def answer_error(self, interaction: discord.Interaction, error: Exception) -> None:
        """Tell the one who asked what stands in the way; a fault of ours is logged."""
        if self.is_closed():
            return  # the program is being stopped: nobody can be told
        say = self.services.say(interaction)
        match getattr(error, "original", error):
            case Declined() as declined:
                sentence = say(declined.text, **declined.values)
            case app_commands.MissingPermissions() | app_commands.CheckFailure():
                sentence = say("You lack the permission for that in this channel.")
            case app_commands.TransformerError():
                sentence = say("Discord could not make sense of what you typed; please try again.")
            case discord.NotFound(code=10062):
                log.warning("command %s was answered too late", _name_of(interaction))
                return
            case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
                sentence = say(
                    "Discord still shows an older version of that command: reload Discord and try again."
                )
            case (
                DeliveryError() | TokenRefused() | aiohttp.ClientError() | discord.DiscordServerError()
            ) as late:
                sentence = say("Discord does not answer as it should just now; please try again in a minute.")
                log.warning("command %s: %s", _name_of(interaction), late)
            case StoreFailing():
                sentence = say("The bot can't store anything just now; please try again in a few minutes.")
            case fault:
                sentence = say("Something went wrong on our side; it was logged for the admin.")
                log.error("command %s failed", _name_of(interaction), exc_info=fault)
        # Too late, or nothing may be sent: they can't be told.
        with suppress(discord.HTTPException, aiohttp.ClientError, NewsthreadError):
            if interaction.response.is_done():
                await interaction.followup.send(sentence, ephemeral=True)
            else:
                await interaction.response.send_message(sentence, ephemeral=True)

    async def meets(self, interaction: discord.Interaction, *, direct: bool = False) -> bool:
        """Whether what a member uses may do its work; where it may not, they are told. ``direct``: in messages, too.

        Nothing of one server is anything to another, wherever the bot may have been invited.
        """
        interaction.extras[_MET] = True
        if interaction.guild_id == self._guild.id or (direct and interaction.guild_id is None):
            return True
        if interaction.type is discord.InteractionType.autocomplete:
            with suppress(discord.HTTPException, aiohttp.ClientError, NewsthreadError):
                await interaction.response.autocomplete([])
        else:
            await self.answer_error(
                interaction, Declined("The bot works in another server; here it does nothing.")
            )
        return False

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """What nothing listens for any more, such as a panel from before a restart, is answered all the same.

        discord.py has begun whatever listens before it tells of the interaction here.
        """
        used = interaction.type in (discord.InteractionType.component, discord.InteractionType.modal_submit)
        if not used or _MET in interaction.extras or not await self.meets(interaction, direct=True):
            return
        gone = Declined(OUTDATED)
        words = typed_into(dict(interaction.data or {}))
        if not words:
            await self.answer_error(interaction, gone)
            return
        with suppress(discord.HTTPException, aiohttp.ClientError, NewsthreadError):
            kept = words_back(gone, words, self.services.say(interaction))
            await interaction.response.send_message(kept, ephemeral=True)

    def dispatch(self, event_name: str, /, *args: object, **kwargs: object) -> None:
        """What happens in other servers, should somebody have invited the bot there, reaches no listener."""
        guild_id = guild_of(args[0]) if args else None
        if event_name in FROM_ANYWHERE or guild_id in (None, self._guild.id):
            super().dispatch(event_name, *args, **kwargs)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self._tell_of(guild)

    def _tell_of(self, guild: discord.Guild) -> None:
        if guild.id != self._guild.id:
            log.warning(
                "the bot is in another server, too (%d), where it does nothing: take it out there, and turn Public Bot"
                " off in the developer portal so that nobody else invites it",
                guild.id,
            )

    @asynccontextmanager
    async def answering(self, interaction: discord.Interaction) -> AsyncIterator[None]:
        """Whatever goes wrong inside is told to the one who asked: discord.py would only log what a button raises."""
        try:
            yield
        except Exception as error:
            await self.answer_error(interaction, error)

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        """What an event told could not be stored or looked at: the threads are looked through for it."""
        error = sys.exc_info()[1]
        if isinstance(error, StoreFailing):
            # The disk's watch tells it, once for all.
            log.debug("%s is looked at later: %s", event_method, error)
        elif isinstance(error, NewsthreadError):
            log.warning("%s is looked at later: %s", event_method, error)
        else:
            log.error("%s failed; the threads are looked through for it", event_method, exc_info=error)
        self.services.catch_up()

    async def close(self) -> None:
        # discord.py forgets a gateway connection that is cut off while it is being made, but its heart beats on.
        for thread in threading.enumerate():
            if isinstance(thread, KeepAliveHandler) and thread.ws is not self.ws:
                with suppress(TimeoutError):
                    async with asyncio.timeout(2):
                        await thread.ws.close()
        await super().close()

    async def on_message(self, message: discord.Message, /) -> None:
        """Text commands are off: only interactions are answered."""

    async def on_ready(self) -> None:
        """Connected, for the first time or anew."""
        log.info("connected to Discord as %s", self.user)
        for guild in self.guilds:
            self._tell_of(guild)
        self._go_on()

    async def on_guild_available(self, _guild: discord.Guild) -> None:
        """The server came a moment after the session, or is back after an outage of Discord's."""
        self._go_on()

    def _go_on(self) -> None:
        """What waited can go out, and what was missed be looked for, once there are both a session and the server."""
        guild = self.get_guild(self._guild.id)
        if self.is_ready() and not (guild is not None and guild.unavailable):
            self.services.wake_publisher()
            self.services.catch_up()

    async def run_session(self, token: str, api_base: str) -> None:
        """Log in and stay connected; reconnects by itself after the first READY.

        Raises:
            TokenRefused: Discord does not know the token, on REST or on the gateway.
            ContentRefused: Discord does not let this bot read message content.
            StartHeld: the session ended, and the next one has to wait, which it does when this is called again.
            StoreError: sessions can't be counted, so none may be begun.
            discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError: anything else, for the
                supervisor to wait and start a new session.
        """
        point_at(api_base)
        await self._governor.turn()
        try:
            await self.login(token)
            DiscordWebSocket.DEFAULT_GATEWAY = URL(await self._gateway())
            await self._stay_connected()
        except discord.LoginFailure as error:
            raise TokenRefused from error
        except discord.PrivilegedIntentsRequired as error:
            raise ContentRefused(
                "Discord does not let this bot read message content, so that native replies are not quoted; the menu"
                " Quote… works. Turn on Message Content Intent for it in the developer portal and start it again, or"
                " set message_content = false under [discord] in newsthread.toml"
            ) from error
        except discord.ConnectionClosed as error:
            if error.code == 4004:
                raise TokenRefused(
                    "Discord's gateway refused the token: it was reset since this session logged in"
                ) from error
            raise

    async def _stay_connected(self) -> None:
        """Let discord.py keep the connection until it is gone for ``GIVE_UP`` seconds.

        Raises:
            ConnectionError: it is. What ``connect`` raises besides.
        """

        async def give_up() -> None:
            looks = 0
            while looks < 2:
                await self._clock.sleep(GIVE_UP / 2)
                looks = 0 if is_online(self) else looks + 1
            raise ConnectionError("the connection did not come back within a minute")

        tasks = [asyncio.create_task(self.connect(), name="connection"), asyncio.create_task(give_up())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            done.pop().result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _gateway(self) -> str:
        """Where the gateway is, once Discord has sessions left for this bot."""
        while True:
            _, gateway, limit = await self.http.get_bot_gateway()
            if await self._governor.heed(limit["remaining"], limit["reset_after"] / 1000):
                return gateway


class _Tree(app_commands.CommandTree["NewsthreadBot"]):
    """The commands; their errors are sentences."""

    async def interaction_check(self, interaction: discord.Interaction[NewsthreadBot], /) -> bool:
        return await interaction.client.meets(interaction)

    async def on_error(
        self, interaction: discord.Interaction[NewsthreadBot], error: app_commands.AppCommandError, /
    ) -> None:
        await interaction.client.answer_error(interaction, error)


class CommandNames(app_commands.Translator):
    """Names and descriptions of commands in the languages there are catalogues for."""

    def __init__(self, languages: Languages) -> None:
        self._languages = languages

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        if context.location is app_commands.TranslationContextLocation.parameter_name:
            return None  # typed, and in lower case: a word of the same name elsewhere is no translation of it
        translated = self._languages.of(str(locale))(string.message)
        return translated if translated != string.message else None


def _name_of(interaction: discord.Interaction) -> str:
    if interaction.command is not None:
        return interaction.command.qualified_name
    return str(dict(interaction.data or {}).get("custom_id"))


def point_at(api_base: str) -> None:
    """Send discord.py's requests to ``api_base``; it has no setting for this, only these class attributes."""
    Route.BASE = api_base.rstrip("/")
    origin = URL(api_base).origin()
    if origin.host != "discord.com":
        discord.Asset.BASE = str(origin / "cdn")
