"""The files of a post, fetched: a native reply's to be posted anew, those of a post to be removed to be kept."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.errors import CannotCarry, Later
from bot.model import KeptFile

if TYPE_CHECKING:
    from collections.abc import Sequence

# Of a whole request (docs reference §Uploading Files), less what is not files.
MAX_TOTAL = (25 << 20) - (64 << 10)


@dataclass(frozen=True, slots=True)
class Carried:
    """A file in memory: its alt text and whether it hides behind a spoiler stay what they were."""

    name: str
    data: bytes
    description: str | None
    spoiler: bool

    def file(self) -> discord.File:
        """For one request: discord.py uses a file up."""
        return discord.File(BytesIO(self.data), self.name, description=self.description, spoiler=self.spoiler)


async def fetched(attachments: Sequence[discord.Attachment], most: int) -> tuple[Carried, ...]:
    """The files of a message; ``most`` is what the guild allows for one, in bytes.

    Raises:
        CannotCarry: they are too large, or one could not be fetched.
    """
    if any(each.size > most for each in attachments) or sum(each.size for each in attachments) > MAX_TOTAL:
        raise CannotCarry("the reply's files are too large to be posted anew")
    try:
        return tuple(
            [
                Carried(each.filename, await each.read(), each.description, each.is_spoiler())
                for each in attachments
            ]
        )
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise CannotCarry(f"the reply's files could not be fetched ({type(error).__name__})") from error


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file of a post that is to be removed; ``data`` None: too large, or not to be had."""

    file: KeptFile  # not kept yet: without a path
    data: bytes | None


async def evidence(message: discord.Message, most: int, *, patient: bool) -> tuple[Evidence, ...]:
    """The files of a message, or of the one that it forwards; of those that fit into ``most`` bytes together the content.

    Raises:
        Later: one could not be fetched just now, and ``patient`` says to wait for it.
    """
    shown = message.message_snapshots[0] if message.message_snapshots else message
    found = []
    for each in shown.attachments:
        data = None
        if each.size <= most:
            data = await _content(each, patient=patient)
            most -= len(data or b"")
        file = KeptFile(each.filename, each.size, None, each.description, each.is_spoiler())
        found.append(Evidence(file, data))
    return tuple(found)


async def _content(attachment: discord.Attachment, *, patient: bool) -> bytes | None:
    try:
        return await attachment.read()
    except (discord.NotFound, discord.Forbidden):
        return None
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        if not patient:
            return None
        raise Later(
            f"file {attachment.id} of a post could not be fetched ({type(error).__name__})"
        ) from error
