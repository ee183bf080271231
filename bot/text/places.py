"""Where a post is: what people type or paste to point at one. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LARGEST_ID = 2**63 - 1  # that SQLite can hold; Discord's stay below it until 2084

_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_LINK = re.compile(
    r"<?https://(?:(?:www|ptb|canary)\.)?discord(?:app)?\.com/channels/([0-9]{1,20})/([0-9]{1,20})/([0-9]{1,20})/?>?"
)
_ID = re.compile(r"(?:([0-9]{1,20})-)?([0-9]{16,20})")  # Shift and Copy Message ID gives "channel-message"


@dataclass(frozen=True, slots=True)
class Place:
    """A message, and the channel it stands in where that was said."""

    message_id: int
    channel_id: int | None = None


def posted_at(message_id: int) -> datetime:
    """When a message was posted: its id tells (docs reference §Snowflakes)."""
    return _EPOCH + timedelta(milliseconds=message_id >> 22)


def first_id_at(moment: datetime) -> int:
    """The lowest id that something made then, or later, can have."""
    return max(0, (moment - _EPOCH) // timedelta(milliseconds=1)) << 22


def post_of(text: str, guild_id: int) -> Place | None:
    """The post that a message link or id names; None when it is neither, or leads to another server."""
    text = text.strip()
    place: Place | None = None
    if (link := _LINK.fullmatch(text)) and int(link[1]) == guild_id:
        place = Place(int(link[3]), int(link[2]))
    elif one := _ID.fullmatch(text):
        place = Place(int(one[2]), int(one[1]) if one[1] else None)
    if place is None or max(place.message_id, place.channel_id or 0) > LARGEST_ID:
        return None
    return place
