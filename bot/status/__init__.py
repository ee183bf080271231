"""Health, metrics and the status page: what Newsthread is doing, to be looked at and never to be changed here."""

from bot.status.facts import FeedFacts, FeedState, StatusFacts, gather_facts
from bot.status.server import StatusServer

__all__ = ["FeedFacts", "FeedState", "StatusFacts", "StatusServer", "gather_facts"]
