"""Moderation: removing posts, cases, posting rights, reports, the article's own thread, privacy, transparency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.moderation import articles, cases, outside, privacy, removing, reports, rights, transparency

if TYPE_CHECKING:
    from bot.client import NewsthreadBot


async def setup(bot: NewsthreadBot) -> None:
    for part in (removing, cases, rights, reports, articles, outside, transparency, privacy):
        await part.setup(bot)
