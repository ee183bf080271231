"""Interactions under way: their tokens, what the application answered, who waits for it, which modals are open."""

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
KEPT = (
    4 * TOKEN_LIFE
)  # seconds after which a token is forgotten, so that an old one is told from an unknown one
MODALS = 1000  # open ones that are remembered


@dataclass(eq=False, slots=True)
class Interaction:
    """A member's act that waits for the application.

    ``source`` is the message whose component was used, first of all or to open the modal. ``original`` is what
    ``@original`` means once there is an answer. ``responses`` is told to whoever ordered the interaction.
    """

    id: int
    token: str
    kind: int
    member_id: int
    channel: Channel
    source: Message | None
    began: float
    answered: bool = False
    deferred: bool = False  # the answer so far only says that one will come
    ephemeral: bool = False
    original: Message | None = None
    metadata: JSON = field(default_factory=dict)
    completing: JSON | None = None  # the option that autocomplete is asked for
    sending: OpenModal | None = None  # the modal that was filled in
    responses: list[JSON] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, response: JSON) -> None:
        self.responses.append(response)
        self.news.set()


@dataclass(eq=False, slots=True)
class OpenModal:
    """A modal on a member's screen. ``sent`` is the latest try to send it, which may still be unanswered."""

    opener: Interaction
    form: JSON
    sent: Interaction | None = None


class Interactions:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_token: dict[str, Interaction] = {}
        self._modals: dict[tuple[int, str], OpenModal] = {}

    def begin(
        self, id_: int, kind: int, member_id: int, channel: Channel, source: Message | None
    ) -> Interaction:
        now = self._clock.monotonic()
        self._by_token = {t: i for t, i in self._by_token.items() if i.began + KEPT > now}
        token = secrets.token_urlsafe(64)
        interaction = Interaction(id_, token, kind, member_id, channel, source, now)
        self._by_token[token] = interaction
        return interaction

    def waiting(self, interaction: Interaction) -> bool:
        """Whether the application may still give its first answer."""
        return not interaction.answered and interaction.began + ANSWER_WITHIN > self._clock.monotonic()

    def for_callback(self, id_: int, token: str) -> Interaction:
        """The one that is to be answered now: 10062 when unknown or too late, 40060 when it was answered."""
        interaction = self._by_token.get(token)
        if interaction is None or interaction.id != id_:
            raise refusal(10062)
        if interaction.answered:
            raise refusal(40060)
        if not self.waiting(interaction):
            raise refusal(10062)
        return interaction

    def for_follow_up(self, token: str) -> Interaction:
        """The one that was answered before: 10015 when unknown or not answered, 50027 when its token is too old."""
        interaction = self._by_token.get(token)
        if interaction is None or not interaction.answered:
            raise refusal(10015)
        if interaction.began + TOKEN_LIFE <= self._clock.monotonic():
            raise refusal(50027)
        return interaction

    # --- modals -----------------------------------------------------------------------------------

    def open_modal(self, opener: Interaction, form: JSON) -> None:
        """Show a modal; it takes the place of one with the same custom_id."""
        self._modals.pop(key := (opener.member_id, form["custom_id"]), None)
        self._modals[key] = OpenModal(opener, form)
        for oldest in list(self._modals)[:-MODALS]:
            del self._modals[oldest]

    def modal(self, member_id: int, custom_id: str) -> OpenModal | None:
        return self._modals.get((member_id, custom_id))

    def close_modal(self, modal: OpenModal) -> None:
        key = (modal.opener.member_id, modal.form["custom_id"])
        if self._modals.get(key) is modal:
            del self._modals[key]
