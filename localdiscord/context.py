"""What every act, route and connection works with, put together once by server.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from localdiscord.clock import timestamp
from localdiscord.permissions import permissions_in

if TYPE_CHECKING:
    from localdiscord.clock import Clock, Snowflakes
    from localdiscord.faults import Faults
    from localdiscord.hub import Hub
    from localdiscord.interactions import Interactions
    from localdiscord.media import Media
    from localdiscord.model import Channel
    from localdiscord.nonces import Nonces
    from localdiscord.ratelimits import RateLimiter
    from localdiscord.requestlog import RequestLog
    from localdiscord.world import World


@dataclass(slots=True)
class Context:
    world: World
    clock: Clock
    ids: Snowflakes
    hub: Hub
    media: Media
    nonces: Nonces
    limiter: RateLimiter
    faults: Faults
    log: RequestLog
    interactions: Interactions
    bot_connected: Callable[[], bool] = field(default=lambda: False)

    def now(self) -> str:
        """The time as Discord writes it."""
        return timestamp(self.clock.now())

    def permissions(self, user_id: int, channel: Channel) -> int:
        return permissions_in(self.world, user_id, channel, self.clock.now())
