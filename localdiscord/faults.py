"""Faults on request: what goes wrong with which requests and events, how often. Decides; rest/app.py and the gateway act."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from localdiscord.forms import Form

if TYPE_CHECKING:
    from localdiscord.clock import Clock

Drop = Literal["before", "after"]


@dataclass(slots=True)
class Fault:
    """For the next ``times`` requests whose method and path match.

    ``delay`` seconds pass first. ``drop`` "before" cuts the connection without effect, "after" with it. ``status``
    answers so instead of acting; together with ``drop: "after"`` it acts first, and the answer is lost behind that
    status. ``late`` cuts the connection at once and acts that many seconds later. ``html`` makes a 429 look like
    Cloudflare's. ``scope`` is the X-RateLimit-Scope of a 429.
    """

    method: str
    path: re.Pattern[str]
    status: int | None
    retry_after: float | None
    delay: float
    drop: Drop | None
    late: float | None
    html: bool
    scope: str
    code: int
    times: int


@dataclass(slots=True)
class EventFault:
    """For the next ``times`` gateway events of a name: "lose", "twice" or "late" (after the one that follows)."""

    event: str
    mode: str
    times: int


class Faults:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._requests: list[Fault] = []
        self._events: list[EventFault] = []
        self._lag = 0.0
        self._hidden_until: dict[int, float] = {}

    def add(self, body: object) -> None:
        """Take an order as ``POST /local/faults`` brings it; raises 50035 when it makes no sense."""
        form = Form(body)
        if "lag" in form:
            self._lag = _seconds(form, "lag") or 0.0
            form.raise_any()
            return
        times = form.integer("times", low=1)
        if "event" in form:
            mode = form.text("mode", 10, required=True)
            if mode not in ("lose", "twice", "late"):
                form.fault("mode", "BASE_TYPE_CHOICES", "Value must be one of ('lose', 'twice', 'late').")
            event = form.text("event", 100, low=1, required=True) or ""
            form.raise_any()
            self._events.append(EventFault(event, mode or "", times or 1))
            return
        self._requests.append(self._request(form, times or 1))

    def _request(self, form: Form, times: int) -> Fault:
        pattern = re.compile("")
        try:
            pattern = re.compile(form.text("path", 1000) or "")
        except re.error as error:
            form.fault("path", "BASE_TYPE_BAD", f"Not a regular expression: {error}.")
        drop = form.data.get("drop")
        if drop not in (None, "before", "after"):
            form.fault("drop", "BASE_TYPE_CHOICES", "Value must be one of ('before', 'after').")
        fault = Fault(
            method=(form.text("method", 10) or "*").upper(),
            path=pattern,
            status=form.integer("status", low=200, high=599),
            retry_after=_seconds(form, "retry_after"),
            delay=_seconds(form, "delay") or 0.0,
            drop=drop,
            late=_seconds(form, "late"),
            html=form.flag("html") or False,
            scope=form.text("scope", 20) or "user",
            code=form.integer("code") or 0,
            times=times,
        )
        form.raise_any()
        return fault

    def clear(self) -> None:
        self._requests.clear()
        self._events.clear()
        self._hidden_until.clear()
        self._lag = 0.0

    def next_for(self, method: str, path: str) -> Fault | None:
        """The first fault ordered that concerns this request, one of its times used up."""
        for fault in self._requests:
            if fault.method in ("*", method) and fault.path.search(path):
                fault.times -= 1
                if fault.times == 0:
                    self._requests.remove(fault)
                return fault
        return None

    def next_event(self, name: str) -> str | None:
        for fault in self._events:
            if fault.event == name:
                fault.times -= 1
                if fault.times == 0:
                    self._events.remove(fault)
                return fault.mode
        return None

    def hide(self, made_id: int) -> None:
        """A thread or message was made: while a lag is ordered, listings don't show it for that long."""
        if self._lag:
            self._hidden_until[made_id] = self._clock.monotonic() + self._lag

    def hidden(self, made_id: int) -> bool:
        """Whether listings don't show a thread or message yet."""
        return self._hidden_until.get(made_id, 0.0) > self._clock.monotonic()


def _seconds(form: Form, key: str) -> float | None:
    value = form.data.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        form.fault(key, "NUMBER_TYPE_COERCE", f'Value "{value}" is not a number of seconds.')
        return None
    return float(value)
