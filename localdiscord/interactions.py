"""Interactions under way: their tokens, what the application answered, and who waits for it."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from localdiscord.errors import refusal

if TYPE_CHECKING:
    from localdiscord.clock import Clock
    from localdiscord.model import JSON, Channel, Message

ANSWER_WITHIN = 3.0  # seconds for the first answer (docs interactions/receiving-and-responding)
TOKEN_LIFE = 900.0  # seconds in which follow-ups are taken


@dataclass(eq=False, slots=True)
class Interaction:
    """A member's act that waits for the application.

    ``source`` is the message whose component was used. ``original`` is what ``@original`` means once there is an
    answer. ``responses`` is told to whoever ordered the interaction.
    """

    id: int
    token: str
    kind: int
    member_id: int
    channel: Channel
    source: Message | None
    began: float
    answered: bool = False
    expired: bool = False
    deferred: bool = False  # the answer so far only says that one will come
    ephemeral: bool = False
    original: Message | None = None
    metadata: JSON = field(default_factory=dict)
    responses: list[JSON] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, response: JSON) -> None:
        self.responses.append(response)
        self.news.set()


class Interactions:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_token: dict[str, Interaction] = {}

    def begin(
        self, id_: int, kind: int, member_id: int, channel: Channel, source: Message | None
    ) -> Interaction:
        now = self._clock.monotonic()
        self._by_token = {t: i for t, i in self._by_token.items() if i.began + TOKEN_LIFE > now}
        token = secrets.token_urlsafe(64)
        interaction = Interaction(id_, token, kind, member_id, channel, source, now)
        self._by_token[token] = interaction
        return interaction

    def for_callback(self, id_: int, token: str) -> Interaction:
        """The one that is to be answered now: 10062 when unknown or too late, 40060 when it was answered."""
        interaction = self._by_token.get(token)
        if interaction is None or interaction.id != id_ or interaction.expired:
            raise refusal(10062)
        if interaction.answered:
            raise refusal(40060)
        return interaction

    def for_follow_up(self, token: str) -> Interaction:
        """The one that was answered before: 10015 when unknown or not answered, 50027 when its token is too old."""
        interaction = self._by_token.get(token)
        if interaction is None or not interaction.answered:
            raise refusal(10015)
        if interaction.began + TOKEN_LIFE <= self._clock.monotonic():
            raise refusal(50027)
        return interaction
