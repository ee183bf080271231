"""A gateway session: numbers what it sends and keeps the latest for a resume, connected or not."""

from __future__ import annotations

import json
from collections import deque
from typing import TYPE_CHECKING, Protocol

from localdiscord.gateway.intents import readable, wanted
from localdiscord.model import JSON

if TYPE_CHECKING:
    from localdiscord.faults import Faults

BUFFER = 2000  # events a resume can bring back


class Wire(Protocol):
    """A connection that takes frames without blocking."""

    def push(self, text: str) -> None: ...


class Session:
    def __init__(self, id_: str, token: str, intents: int, bot_id: int, faults: Faults) -> None:
        self.id = id_
        self.token = token
        self.intents = intents
        self.connection: Wire | None = None
        self._bot_id = bot_id
        self._faults = faults
        self._sequence = 0
        self._buffer: deque[tuple[int, str]] = deque(maxlen=BUFFER)
        self._held: tuple[str, JSON] | None = None

    def deliver(self, name: str, payload: JSON) -> None:
        """Send an event, or keep it for a resume; unless the intents or a fault say otherwise."""
        if not wanted(name, payload, self.intents):
            return
        if name in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
            payload = readable(payload, self._bot_id, self.intents)
        match self._faults.next_event(name):
            case "lose":
                return
            case "late":
                self._held = (name, payload)
                return
            case "twice":
                self.dispatch(name, payload)
        self.dispatch(name, payload)
        if self._held:
            held, self._held = self._held, None
            self.dispatch(*held)

    def dispatch(self, name: str, payload: JSON) -> None:
        self._sequence += 1
        text = json.dumps({"op": 0, "t": name, "s": self._sequence, "d": payload}, ensure_ascii=False)
        self._buffer.append((self._sequence, text))
        if self.connection:
            self.connection.push(text)

    def can_resume(self, sequence: int) -> bool:
        """Is everything after ``sequence`` still here?"""
        if not 0 <= sequence <= self._sequence:
            return False
        return sequence == self._sequence or self._buffer[0][0] <= sequence + 1

    def resume(self, connection: Wire, sequence: int) -> None:
        """Send again what came after ``sequence``, then RESUMED."""
        for number, text in self._buffer:
            if number > sequence:
                connection.push(text)
        self.connection = connection
        self.dispatch("RESUMED", {"_trace": []})
