"""The files of a native reply, fetched to be posted anew."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.errors import CannotCarry

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
