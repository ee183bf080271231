"""Moderation: what moderators may do, to what, and what the program does of itself; one service for each.

Values in, facts and jobs of the store out; what is done on Discord for them is the publisher's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.moderation.articles import Articles
    from bot.moderation.cases import Cases
    from bot.moderation.outside import Outside
    from bot.moderation.privacy import Privacy
    from bot.moderation.removals import Removals
    from bot.moderation.reports import Reports
    from bot.moderation.rights import PostingRights
    from bot.moderation.rules import HouseRules


@dataclass(frozen=True, slots=True)
class Moderation:
    """The services behind ``cogs/moderation``."""

    rules: HouseRules
    removals: Removals
    cases: Cases
    rights: PostingRights
    reports: Reports
    articles: Articles
    outside: Outside
    privacy: Privacy
