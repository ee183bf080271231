"""What a kind of job is to the publisher: how it is done, and how one sees that it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.model import Receipt
from bot.newsroom import Deleted, NotThere

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import Job


@dataclass(frozen=True, slots=True)
class Begun:
    """The first half of a two-step deed exists; doing it again completes it."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Again:
    """Absolute values to a known id: simply done again."""


Looked = Receipt | Begun | Deleted | NotThere | Again


class Deed(Protocol):
    """One kind of job. Every method raises the outcomes of ``bot.errors``."""

    done: str  # what the log says of it

    def ready(self, job: Job) -> None:
        """Pass when the job could be tried now: a look at what is known, no request."""

    async def perform(self, job: Job, deadline: datetime) -> tuple[Receipt, str | None]:
        """Do it; the receipt, and the digest of the opening post where that was sent."""

    async def look(self, job: Job) -> Looked:
        """What became of an attempt whose answer was lost."""


def known(value: int | None) -> int:
    """An id that jobs of this kind always have."""
    assert value is not None
    return value
