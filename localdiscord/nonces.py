"""Which nonces an author used of late: the reason why a repeated message is sent only once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from localdiscord.clock import Clock


class Nonces:
    """Discord checks nonces "in the past few minutes" (docs resources/message §Create Message); ``window`` seconds."""

    def __init__(self, clock: Clock, window: float) -> None:
        self._clock = clock
        self._window = window
        self._used: dict[tuple[int, str], tuple[float, int, int]] = {}

    def first(self, author_id: int, nonce: str) -> tuple[int, int] | None:
        """Channel and message that this author first sent with this nonce."""
        found = self._used.get((author_id, nonce))
        if found is None or found[0] + self._window < self._clock.monotonic():
            return None
        return found[1], found[2]

    def remember(self, author_id: int, nonce: str, channel_id: int, message_id: int) -> None:
        now = self._clock.monotonic()
        if len(self._used) > 5000:
            self._used = {key: value for key, value in self._used.items() if value[0] + self._window >= now}
        self._used[author_id, nonce] = (now, channel_id, message_id)
