"""Carries events from what happened to who may see it: the bot's gateway sessions and the page's members.

Who may see an event is decided where it happens, because a deletion can't be judged afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from localdiscord.model import DM, JSON, Channel
from localdiscord.permissions import P, permissions_in

if TYPE_CHECKING:
    from localdiscord.clock import Clock
    from localdiscord.world import World

Build = Callable[[int], JSON]
Deliver = Callable[[str, JSON], None]


@dataclass(eq=False, frozen=True, slots=True)
class Subscriber:
    """``viewer`` sees through ``deliver(event name, payload)``, which must not block."""

    viewer: int
    deliver: Deliver


class Hub:
    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self._clock = clock
        self._subscribers: set[Subscriber] = set()

    def subscribe(self, viewer: int, deliver: Deliver) -> Subscriber:
        subscriber = Subscriber(viewer, deliver)
        self._subscribers.add(subscriber)
        return subscriber

    def unsubscribe(self, subscriber: Subscriber) -> None:
        self._subscribers.discard(subscriber)

    def everyone(self) -> frozenset[int]:
        return frozenset(self._world.members)

    def audience(self, channel: Channel) -> frozenset[int]:
        """Who can see a channel now."""
        if channel.type == DM:
            return frozenset({self._world.bot_id, channel.recipient_id or 0})
        now = self._clock.now()
        return frozenset(
            user_id
            for user_id in self._world.members
            if permissions_in(self._world, user_id, channel, now) & P.VIEW_CHANNEL
        )

    def emit(self, name: str, audience: Iterable[int], payload: JSON | Build) -> None:
        """Tell everybody of ``audience`` who listens; a payload that differs by viewer is given as a function."""
        allowed = frozenset(audience)
        for subscriber in tuple(self._subscribers):
            if subscriber.viewer in allowed:
                data = payload(subscriber.viewer) if callable(payload) else dict(payload)
                subscriber.deliver(name, data)
