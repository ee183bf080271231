"""The discord.py bot: intents, cogs, and where its requests go.

Holds no behaviour of its own: cogs listen and answer, services act.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord
from discord.ext import commands
from discord.gateway import DiscordWebSocket, KeepAliveHandler
from discord.http import Route
from yarl import URL

from bot.attempt import attempt_trace
from bot.errors import TokenRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.stories import Stories

log = logging.getLogger(__name__)

EXTENSIONS = ("cogs.news",)

# Guilds: channels, threads, roles. Moderation: audit-log entries. Guild messages: our own posts come back with
# their markers, which is how a lost answer is found again. None of them is privileged.
INTENTS = discord.Intents(guilds=True, moderation=True, guild_messages=True)

# Above this many seconds discord.py hands a rate limit to us instead of sleeping (its own minimum is 30).
MAX_RATELIMIT_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Services:
    """What cogs may pick from."""

    stories: Stories
    wake_publisher: Callable[[], None]


class NewsthreadBot(commands.Bot):
    """One session with Discord. A new one is made for each login, since discord.py's can't be reopened."""

    def __init__(self, services: Services) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=MAX_RATELIMIT_TIMEOUT,
            http_trace=attempt_trace(),
        )
        self.services = services

    async def setup_hook(self) -> None:
        for extension in EXTENSIONS:
            await self.load_extension(extension)

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
        """Connected, for the first time or anew: what waited can go out."""
        log.info("connected to Discord as %s", self.user)
        self.services.wake_publisher()

    async def run_session(self, token: str, api_base: str) -> None:
        """Log in and stay connected; reconnects by itself after the first READY.

        Raises:
            TokenRefused: Discord does not know the token, on REST or on the gateway.
            discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError: anything else, for the
                supervisor to wait and start a new session.
        """
        point_at(api_base)
        try:
            await self.login(token)
            _, gateway, _ = await self.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway)
            await self.connect()
        except discord.LoginFailure as error:
            raise TokenRefused(
                "Discord refused the token: copy a current one from the developer portal into DISCORD_TOKEN"
                " or the file named by DISCORD_TOKEN_FILE"
            ) from error
        except discord.ConnectionClosed as error:
            if error.code == 4004:
                raise TokenRefused(
                    "Discord's gateway refused the token: it was reset since this session logged in"
                ) from error
            raise


def point_at(api_base: str) -> None:
    """Send discord.py's requests to ``api_base``; it has no setting for this, only these class attributes."""
    Route.BASE = api_base.rstrip("/")
    origin = URL(api_base).origin()
    if origin.host != "discord.com":
        discord.Asset.BASE = str(origin / "cdn")
