"""What only Discord and the feeds themselves can say about a configuration. Posts nothing, opens no gateway."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.client import point_at
from bot.clock import Clock
from bot.feeds.fetch import Fetcher
from bot.feeds.worker import Parser
from bot.model import Failure, NotModified, Validators
from bot.newsroom import missing_permissions, missing_tags
from bot.settings.document import Mistake, read_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.errors import Fault
    from bot.settings.keys import Feed, Settings


async def findings(folder: Path, settings: Settings) -> tuple[Fault, ...]:
    """Faults that show only online, in file order: the token, the server, channels, tags, permissions, feeds."""
    newsthread, feeds = read_document(folder / "newsthread.toml"), read_document(folder / "feeds.toml")
    found: list[Fault] = []
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            channels, me = await _ask_discord(client, settings)
        except discord.LoginFailure:
            found.append(
                newsthread.locate(Mistake(("discord",), "Discord refused the token; expected a current one"))
            )
        except (discord.NotFound, discord.Forbidden):
            sentence = f"the bot is not in server {settings.discord.guild_id}; expected the id of one it was invited to"
            found.append(newsthread.locate(Mistake(("discord", "guild_id"), sentence)))
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            sentence = (
                f"Discord can't be asked ({error}); expected a server that speaks Discord's REST API v10"
            )
            found.append(newsthread.locate(Mistake(("discord", "api_base"), sentence)))
        else:
            for index, feed in enumerate(settings.feeds):
                for key, sentence in _channel_faults(feed, channels.get(feed.channel_id), me):
                    found.append(feeds.locate(Mistake(("feed", index, key), sentence)))
    for index, sentence in await _feed_faults(settings):
        found.append(feeds.locate(Mistake(("feed", index, "url"), sentence)))
    return tuple(sorted(found, key=lambda fault: (fault.file.name != "newsthread.toml", fault.line)))


async def _ask_discord(
    client: discord.Client, settings: Settings
) -> tuple[dict[int, discord.abc.GuildChannel], discord.Member]:
    assert settings.token is not None
    point_at(settings.discord.api_base)
    await client.login(settings.token.get_secret_value())
    guild = await client.fetch_guild(settings.discord.guild_id)
    assert client.user is not None
    me = await guild.fetch_member(client.user.id)
    return {channel.id: channel for channel in await guild.fetch_channels()}, me


def _channel_faults(
    feed: Feed, channel: discord.abc.GuildChannel | None, me: discord.Member
) -> Iterator[tuple[str, str]]:
    if channel is None:
        yield (
            "channel_id",
            f"the bot sees no channel {feed.channel_id}; expected one of the server's, with View Channel",
        )
    elif not isinstance(channel, discord.ForumChannel | discord.TextChannel):
        yield "channel_id", f"#{channel.name} is a {channel.type} channel; expected a forum or text channel"
    else:
        if missing := missing_permissions(channel, me):
            yield (
                "channel_id",
                f"in #{channel.name} the bot lacks {', '.join(missing)}; expected its role to have that there",
            )
        if isinstance(channel, discord.ForumChannel) and (unknown := missing_tags(channel, feed)):
            names = ", ".join(tag.name for tag in channel.available_tags) or "none yet"
            yield "tags", f"#{channel.name} has no tag {', '.join(unknown)}; expected some of: {names}"


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
