"""The house rules as moderators use them: found, offered, and made a wish of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Declined
from bot.text.notices import MAX_NEXT_STEP, MAX_REASON, tidy_reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import Step
    from bot.settings.keys import Rule


@dataclass(frozen=True, slots=True)
class Wish:
    """Why something is to be removed, as its notice will say. ``reason`` is never empty, ``next_step`` may be."""

    rule: Rule | None
    reason: str
    next_step: str

    @property
    def strike(self) -> bool:
        """Whether it counts against the author."""
        return self.rule is not None and self.rule.strike

    @property
    def steps(self) -> tuple[Step, ...]:
        """What repeated strikes lead to."""
        return self.rule.steps if self.rule is not None else ()


class HouseRules:
    """Those of ``rules.toml``, in its order."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.all = tuple(rules)

    def find(self, named: str) -> Rule | None:
        """The rule of this id or title."""
        wanted = named.strip().casefold()
        return next((one for one in self.all if wanted in (one.id.casefold(), one.title.casefold())), None)

    def matching(self, text: str) -> tuple[Rule, ...]:
        """Those that say ``text`` anywhere; all for an empty one."""
        wanted = text.strip().casefold()
        return tuple(one for one in self.all if wanted in f"{one.id}\n{one.title}\n{one.reason}".casefold())

    def wish(self, rule: str | None, reason: str | None, next_step: str | None) -> Wish:
        """What a moderator typed and chose; what they left out is the rule's.

        Raises:
            Declined: no such rule, no reason, or too long.
        """
        chosen = self.find(rule) if rule else None
        if rule and chosen is None:
            raise Declined("There is no such rule: choose one of those that are offered, or leave it out.")
        said = tidy_reason(reason or "")
        if chosen is None:
            # Commands offer the rules by their reasons: who takes one means its rule.
            chosen = next((one for one in self.all if one.reason == said), None)
        said = said or (chosen.reason if chosen else "")
        step = " ".join((next_step or "").split()) or (chosen.next_step if chosen else "")
        if not said:
            raise Declined(
                "Say what the post did: without a reason, or a rule that has one, nothing is removed."
            )
        if len(said) > MAX_REASON:
            raise Declined("The reason is longer than {most} characters: shorten it.", most=MAX_REASON)
        if len(step) > MAX_NEXT_STEP:
            raise Declined(
                "What to do instead is longer than {most} characters: shorten it.", most=MAX_NEXT_STEP
            )
        return Wish(chosen, said, step)
