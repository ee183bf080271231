"""The errors people or callers meet, each carrying one sentence: what is wrong, where, what to do.

::

    NewsthreadError
    ├── ConfigError          configuration refused (exit 2); holds every fault at once
    ├── TokenRefused         Discord does not know the token (exit 3)
    ├── ContentRefused       Discord does not let the bot read what members write
    ├── StartHeld            a session with Discord may not be begun yet
    ├── StoreError           the store can't be used
    │   ├── StoreLocked      another instance holds it (exit 4)
    │   ├── StoreTooNew      written by a newer program
    │   ├── StoreCorrupt     SQLite's integrity check failed
    │   ├── StoreFailing     the disk is full or failing: nothing was changed, and it may heal
    │   └── StaleJob         a job is no longer in the state its performer took it for
    ├── StatusError          the status page can't be served where it is meant to be (exit 1)
    ├── SourceError          `preview` or `opml` was given something that is not a readable feed (exit 1)
    ├── Declined             a member's wish that can't be granted; told to them alone, in their language
    └── DeliveryError        a job could not be done on Discord
        ├── Refused          never will be as it stands: wrong content, channel or permission
        │   ├── Vanished     what was to be changed is gone from Discord
        │   ├── WebhookGone  the webhook through which a post could be changed is gone, the post is not
        │   ├── CannotCarry  the files of a reply can't be posted anew
        │   └── Unreachable  a member can't be sent direct messages
        ├── Later            certainly not done; may be tried again after a while
        │   └── Held         nothing may be asked of Discord for a while
        └── Doubtful         may or may not have taken effect: look before trying again

Programming errors are not among them and pass through.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class NewsthreadError(Exception):
    """Base of all errors whose text is meant for people."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a configuration file; ``line`` counts from 1, 0 means the file as a whole."""

    file: Path
    line: int
    key: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}: {self.problem}"


class ConfigError(NewsthreadError):
    """The configuration can't be used; ``faults`` holds every reason, in file and line order."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class Declined(NewsthreadError):
    """What a member asked for can't be done. ``text`` is a message id of the catalogues, ``values`` fill it."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text.format_map(values) if values else text)
        self.text = text
        self.values = values


class TokenRefused(NewsthreadError):
    """Discord answered 401: the token is wrong or was reset."""

    def __init__(
        self,
        sentence: str = "Discord refused the token: copy a current one from the developer portal into DISCORD_TOKEN"
        " or the file named by DISCORD_TOKEN_FILE",
    ) -> None:
        super().__init__(sentence)


class ContentRefused(NewsthreadError):
    """The portal's switch for the privileged intent is off: native replies can't be quoted."""


class StartHeld(NewsthreadError):
    """Too many sessions were begun in a short while: one more now could cost the token."""


class StoreError(NewsthreadError):
    """The store can't be opened or used."""


class StoreLocked(StoreError):
    """Another running instance holds the store's lock."""


class StoreTooNew(StoreError):
    """The store was migrated by a newer Newsthread than this one."""


class StoreCorrupt(StoreError):
    """SQLite reports damage."""


class StoreFailing(StoreError):
    """The disk is full or failing, or another program has the file locked: nothing was changed, and it may heal."""


class StaleJob(StoreError):
    """The job was meanwhile done, withdrawn or claimed: leave it and ask for the next ones."""


class StatusError(NewsthreadError):
    """The address of the status page can't be listened on."""


class SourceError(NewsthreadError):
    """What was named is not a readable feed or OPML document."""


class DeliveryError(NewsthreadError):
    """A job could not be done on Discord."""


class Refused(DeliveryError):
    """Discord will not do this as it stands.

    ``channel_wide`` tells that every job of the channel would meet the same (missing channel, wrong kind,
    missing permission): the job is kept and tried again slowly. Otherwise only this job is at fault.
    """

    def __init__(self, sentence: str, *, channel_wide: bool = False) -> None:
        super().__init__(sentence)
        self.channel_wide = channel_wide


class Vanished(Refused):
    """The post or thread to be changed no longer exists: somebody deleted it."""


class WebhookGone(Refused):
    """The webhook no longer exists: what it posted can't be changed any more, only deleted."""


class CannotCarry(Refused):
    """The files of a native reply are too large to be posted anew, or can't be fetched: leave the reply be."""


class Unreachable(Refused):
    """The member takes no direct messages from here, or has left: nothing will change that by trying again."""


class Later(DeliveryError):
    """Nothing was done; trying again is safe. ``retry_after`` is in seconds where Discord named a time."""

    def __init__(self, sentence: str, *, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Held(Later):
    """The request was held back before it left, as all are for a while: see ``bot.pace``."""

    retry_after: float


class Doubtful(DeliveryError):
    """The request may have taken effect: its answer was lost, or was a 5xx."""
