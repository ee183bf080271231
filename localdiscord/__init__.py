"""A Discord on loopback that the unmodified discord.py logs in to, for the demo and for tests.

Shares nothing with the bot, so that it can't share its mistakes.
"""

from localdiscord.clock import Clock
from localdiscord.ratelimits import Limits
from localdiscord.server import LocalDiscord

__all__ = ["Clock", "Limits", "LocalDiscord"]
