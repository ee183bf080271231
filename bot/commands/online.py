"""What only Discord and the feeds themselves can say about a configuration. Posts nothing, opens no gateway."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.clock import Clock
from bot.commands.moderating import moderating
from bot.commands.server import Server, ask, lacking_there, missing_there, unseen
from bot.emoji import custom_id
from bot.feeds.fetch import Fetcher
from bot.feeds.worker import Parser
from bot.model import Failure, NotModified, QuoteMode, Validators
from bot.newsroom import missing_permissions, missing_tags
from bot.newsroom.rights import lacking
from bot.permissions import MANAGE_MESSAGES
from bot.settings.document import Mistake, read_document
from bot.settings.files import FILES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.errors import Fault
    from bot.settings.document import Document
    from bot.settings.keys import Feed, Settings


@dataclass(frozen=True, slots=True)
class Findings:
    """What came out, each list in file order; ``quotes`` is the mode that each feed's replies get, by feed id.

    A fault keeps something of the configuration from working, with a warning it works less well. ``quotes`` is
    empty where replies are not read, and lacks feeds whose channel can't be used.
    """

    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    quotes: dict[str, QuoteMode]


async def findings(folder: Path, settings: Settings) -> Findings:
    """Everything that shows only online: token, server, intent, channels, tags, permissions, emoji, feeds."""
    search = _Search(folder, settings)
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            server = await ask(client, settings)
        except discord.LoginFailure:
            search.fault("newsthread.toml", ("discord",), "Discord refused the token; expected a current one")
        except (discord.NotFound, discord.Forbidden):
            sentence = f"the bot is not in server {settings.discord.guild_id}; expected the id of one it was invited to"
            search.fault("newsthread.toml", ("discord", "guild_id"), sentence)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            sentence = (
                f"Discord can't be asked ({error}); expected a server that speaks Discord's REST API v10"
            )
            search.fault("newsthread.toml", ("discord", "api_base"), sentence)
        else:
            search.server(server)
    for index, sentence in await _feed_faults(settings):
        search.fault("feeds.toml", ("feed", index, "url"), sentence)
    return search.result()


class _Search:
    """Collects what there is to say, where it belongs."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._settings = settings
        self._documents: dict[str, Document] = {
            file.name: read_document(folder / file.name, optional=file.optional) for file in FILES
        }
        self._faults: list[Fault] = []
        self._warnings: list[Fault] = []
        self._quotes: dict[str, QuoteMode] = {}

    def fault(self, file: str, path: tuple[str | int, ...], sentence: str) -> None:
        self._faults.append(self._documents[file].locate(Mistake(path, sentence)))

    def warning(self, file: str, path: tuple[str | int, ...], sentence: str) -> None:
        self._warnings.append(self._documents[file].locate(Mistake(path, sentence)))

    def result(self) -> Findings:
        files = list(self._documents)

        def place(fault: Fault) -> tuple[int, int]:
            return files.index(fault.file.name), fault.line

        return Findings(
            tuple(sorted(self._faults, key=place)), tuple(sorted(self._warnings, key=place)), self._quotes
        )

    def server(self, server: Server) -> None:
        """Hold the settings against what Discord answered."""
        if self._settings.discord.message_content and not server.reads_messages:
            self.fault(
                "newsthread.toml",
                ("discord", "message_content"),
                "the bot may not read messages; expected Message Content Intent to be on, on the Bot page of Discord's"
                " developer portal, or message_content = false",
            )
        places = []
        for index, feed in enumerate(self._settings.feeds):
            if place := self._channel(index, feed, server):
                places.append(place)
                if self._settings.discord.message_content:
                    self._quoting(index, feed, place, server.me)
        self._policy(dict.fromkeys(places), server.me)
        for remark in moderating(self._settings, server, dict.fromkeys(places)):
            (self.fault if remark.fault else self.warning)(remark.file, remark.path, remark.sentence)
        self._emojis(server)

    def _channel(
        self, index: int, feed: Feed, server: Server
    ) -> discord.ForumChannel | discord.TextChannel | None:
        """The feed's channel, where it is of a kind that can hold threads."""
        where = ("feeds.toml", ("feed", index, "channel_id"))
        channel = server.channels.get(feed.channel_id)
        if channel is None:
            self.fault(*where, unseen(feed.channel_id))
            return None
        if not isinstance(channel, discord.ForumChannel | discord.TextChannel):
            self.fault(
                *where, f"#{channel.name} is a {channel.type} channel; expected a forum or text channel"
            )
            return None
        if missing := missing_permissions(channel, server.me):
            self.fault(*where, lacking_there(channel, missing))
        if isinstance(channel, discord.ForumChannel) and (unknown := missing_tags(channel, feed)):
            names = ", ".join(tag.name for tag in channel.available_tags) or "none yet"
            sentence = f"#{channel.name} has no tag {', '.join(unknown)}; expected some of: {names}"
            self.fault("feeds.toml", ("feed", index, "tags"), sentence)
        return channel

    def _quoting(
        self, index: int, feed: Feed, channel: discord.ForumChannel | discord.TextChannel, me: discord.Member
    ) -> None:
        modes = list(QuoteMode)  # best first
        lesser = modes[modes.index(feed.quotes) :]
        actual = next(mode for mode in lesser if not lacking(mode, me, channel))
        self._quotes[feed.id] = actual
        if actual is not feed.quotes:
            missing = ", ".join(lacking(feed.quotes, me, channel))
            self.warning(
                "feeds.toml",
                ("feed", index, "quotes"),
                f'in #{channel.name} the bot lacks {missing} for "{feed.quotes}", so that replies there are as with'
                f' "{actual}"; expected its role to have that there',
            )

    def _policy(
        self, channels: Mapping[discord.ForumChannel | discord.TextChannel, None], me: discord.Member
    ) -> None:
        policy = self._settings.reactions.policy
        closed = [
            f"#{channel.name}" for channel in channels if missing_there((MANAGE_MESSAGES,), channel, me)
        ]
        if policy != "any" and closed:
            self.warning(
                "reactions.toml",
                ("policy",),
                f'in {", ".join(closed)} the bot lacks Manage Messages, so that "{policy}" takes no reaction away there;'
                " expected its role to have that there",
            )

    def _emojis(self, server: Server) -> None:
        for index, entry in enumerate(self._documents["reactions.toml"].data.get("reaction", ())):
            emoji_id = custom_id(entry["emoji"])
            if emoji_id is None:
                continue
            emoji = server.emojis.get(emoji_id)
            if emoji is None or not emoji.available:
                names = ", ".join(str(one) for one in server.emojis.values() if one.available) or "none yet"
                state = "is not usable at present" if emoji else "does not exist"
                sentence = f"{entry['emoji']} {state} in the server; expected one of its own: {names}"
                self.fault("reactions.toml", ("reaction", index, "emoji"), sentence)


async def _feed_faults(settings: Settings) -> list[tuple[int, str]]:
    fetcher = Fetcher(settings.watcher, Clock())
    parser = Parser(settings.watcher.parse_workers, settings.watcher.parse_timeout.total_seconds())
    slots = asyncio.Semaphore(settings.watcher.concurrency)

    async def fault(feed: Feed) -> str | None:
        async with slots:
            outcome = await fetcher.fetch(feed.url, Validators())
            if isinstance(outcome, NotModified):
                return None
            result = outcome if isinstance(outcome, Failure) else await parser.parse(outcome)
        return result.sentence if isinstance(result, Failure) else None

    try:
        enabled = [(index, feed) for index, feed in enumerate(settings.feeds) if feed.enabled]
        sentences = await asyncio.gather(*(fault(feed) for _, feed in enabled))
    finally:
        await parser.close()
        await fetcher.close()
    return [(index, sentence) for (index, _), sentence in zip(enabled, sentences, strict=True) if sentence]
