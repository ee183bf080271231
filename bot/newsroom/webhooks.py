"""Our webhook in each channel, and the names that Discord lets one speak under.

A webhook is known by whose it is: it is looked up on Discord, and made where there is none. Its token stays in
memory.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, TypeVar

import discord

from bot.errors import Doubtful, Later
from bot.newsroom.outcomes import delivering

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import datetime

    from bot.clock import Clock
    from bot.newsroom.desk import Desk, Parent

_T = TypeVar("_T")
NAME = "Newsthread"
MAX_NAME = 80
NEUTRAL = "Member"
HAIR_SPACE = "\u200a"

# Refused as a part of a name, and as a whole name (docs resources/webhook §Create Webhook).
_PARTS = re.compile("clyde|discord", re.IGNORECASE)
_WHOLE = re.compile("everyone|here|system message", re.IGNORECASE)


class Webhooks:
    """Looks a channel's webhooks up once in a process, or when told that they changed."""

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock
        self._known: dict[int, dict[int, str]] = {}  # by channel: tokens of ours, by id
        self._looking = asyncio.Lock()  # two that find none would make two

    async def of(self, channel: Parent, deadline: datetime) -> discord.Webhook:
        """The one to post through in ``channel``; made when there is none.

        Raises:
            Refused, Later: it can't be made, or not now.
            discord.DiscordException, aiohttp.ClientError, OSError: it could not be looked up.
        """
        async with self._looking:
            known = self._known.get(channel.id) or await self._look(channel)
            if not known:
                made = await self._make(channel, deadline)
                known[made.id] = made.token or ""
        return self._through(*next(iter(known.items())))

    async def by_id(self, channel: Parent, webhook_id: int) -> discord.Webhook | None:
        """That one of ours in ``channel``; None when it is gone from there.

        Raises:
            discord.DiscordException, aiohttp.ClientError, OSError: it could not be looked up.
        """
        async with self._looking:
            known = self._known.get(channel.id, {})
            if webhook_id not in known:
                known = await self._look(channel)
        return self._through(webhook_id, known[webhook_id]) if webhook_id in known else None

    def forget(self, channel_id: int) -> None:
        """What is known of the channel is out of date."""
        self._known.pop(channel_id, None)

    async def _look(self, channel: Parent) -> dict[int, str]:
        me = channel.guild.me.id
        found = await channel.webhooks()
        ours = {each.id: each.token for each in found if each.user and each.user.id == me and each.token}
        self._known[channel.id] = ours
        return ours

    async def _make(self, channel: Parent, deadline: datetime) -> discord.Webhook:
        where = f"channel #{channel.name}"
        try:
            async with delivering(self._clock, deadline, "once", where):
                return await channel.create_webhook(
                    name=NAME, reason="Newsthread: posts under members' names"
                )
        except Doubtful as error:
            # Not the post is in doubt but the webhook, and that is looked up again.
            raise Later(f"{where}: whether the bot's webhook was made is not known yet") from error

    def _through(self, webhook_id: int, token: str) -> discord.Webhook:
        return discord.Webhook.partial(webhook_id, token, client=self._desk.client())


def spoken_names(name: str) -> tuple[str, ...]:
    """``name`` as a webhook may bear it, then what to try when Discord refuses that; the last is never refused.

    What is refused anywhere in a name passes with a hair space in it, and reads the same.
    """
    tidy = " ".join(name.split())[:MAX_NAME].strip()
    parted = _PARTS.sub(lambda match: match[0][0] + HAIR_SPACE + match[0][1:], tidy)
    if _WHOLE.fullmatch(parted):
        parted = parted[0] + HAIR_SPACE + parted[1:]
    names = parted[:MAX_NAME].strip(), HAIR_SPACE.join(tidy)[:MAX_NAME].strip(), NEUTRAL
    return tuple(dict.fromkeys(filter(None, names)))


async def under_a_name(
    webhook: discord.Webhook,
    names: Iterable[str],
    send: Callable[[discord.Webhook, str], Awaitable[_T]],
) -> _T:
    """Send under the first name that Discord takes; a refused form made nothing."""
    refusal: discord.HTTPException | None = None
    for name in names:
        try:
            return await send(webhook, name)
        except discord.HTTPException as error:
            if error.code != 50035 or "In username:" not in error.text:
                raise
            refusal = error
    assert refusal is not None
    raise refusal
