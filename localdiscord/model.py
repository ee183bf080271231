"""The records the local Discord keeps. Ids are integers here and strings on the wire (see wire.py).

Each record turns into plain JSON values by ``dataclasses.asdict`` and back by its ``load``; nothing here
checks, sends or stores.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

JSON = dict[str, Any]

# Channel types (docs resources/channel §Channel Types).
TEXT, DM, ANNOUNCEMENT = 0, 1, 5
ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 10, 11, 12
FORUM, MEDIA = 15, 16
THREADS = frozenset({ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD})

# Channel flags.
PINNED, REQUIRE_TAG = 1 << 1, 1 << 4

# Message types (docs resources/message §Message Types).
DEFAULT, THREAD_CREATED, REPLY, CHAT_COMMAND, THREAD_STARTER, CONTEXT_COMMAND = 0, 18, 19, 20, 21, 23

# Message flags.
CROSSPOSTED, SUPPRESS_EMBEDS, HAS_THREAD, EPHEMERAL, LOADING = 1 << 0, 1 << 2, 1 << 5, 1 << 6, 1 << 7
SUPPRESS_NOTIFICATIONS, HAS_SNAPSHOT, COMPONENTS_V2 = 1 << 12, 1 << 14, 1 << 15


@dataclass(slots=True)
class User:
    id: int
    username: str
    display_name: str
    bot: bool = False
    avatar: str | None = None  # hash; the CDN draws the picture from it
    locale: str = "en-US"
    premium: bool = False  # has Nitro: longer messages

    @classmethod
    def load(cls, data: JSON) -> User:
        return cls(**data)


@dataclass(slots=True)
class Member:
    id: int  # of the user
    joined_at: str
    roles: list[int] = field(default_factory=list)
    nick: str | None = None
    timeout_until: str | None = None  # ISO 8601
    accepts_dms: bool = True

    @classmethod
    def load(cls, data: JSON) -> Member:
        return cls(**data)

    def timed_out(self, now: datetime) -> bool:
        return self.timeout_until is not None and datetime.fromisoformat(self.timeout_until) > now


@dataclass(slots=True)
class Role:
    id: int
    name: str
    permissions: int
    position: int
    color: int = 0
    hoist: bool = False
    managed: bool = False
    mentionable: bool = False
    bot_id: int | None = None

    @classmethod
    def load(cls, data: JSON) -> Role:
        return cls(**data)


@dataclass(slots=True)
class Guild:
    id: int
    name: str
    owner_id: int
    description: str
    emojis: list[JSON] = field(default_factory=list)  # {"id": int, "name": str}
    stickers: list[JSON] = field(
        default_factory=list
    )  # {"id": int, "name": str, "description": str, "tags": str}
    preferred_locale: str = "en-US"
    blocked_words: list[str] = field(default_factory=list)  # that AutoMod keeps out
    automod_rule: str = "Blocked words"  # its name

    @classmethod
    def load(cls, data: JSON) -> Guild:
        return cls(**data)


@dataclass(slots=True)
class Overwrite:
    id: int
    type: int  # 0 role, 1 member
    allow: int
    deny: int


@dataclass(slots=True)
class Tag:
    id: int
    name: str
    emoji: str | None = None
    moderated: bool = False


@dataclass(slots=True)
class ThreadState:
    """What a channel has only when it is a thread."""

    owner_id: int
    created_at: str
    archive_timestamp: str  # of the last change of ``archived``, else of the creation
    auto_archive_duration: int  # minutes
    active_at: str  # of the last activity: what auto-archiving counts from
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    applied_tags: list[int] = field(default_factory=list)
    members: dict[int, str] = field(default_factory=dict)  # user id -> when they joined
    message_count: int = 0  # without the opening post; goes down with deletions
    total_message_sent: int = 0


@dataclass(slots=True)
class Channel:
    """A guild channel, a thread or a direct-message channel."""

    id: int
    type: int
    name: str = ""
    guild_id: int | None = None
    parent_id: int | None = None
    position: int = 0
    topic: str | None = None
    nsfw: bool = False
    flags: int = 0
    rate_limit_per_user: int = 0
    last_message_id: int | None = None
    last_pin_timestamp: str | None = None
    overwrites: list[Overwrite] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    default_auto_archive_duration: int | None = None
    default_thread_rate_limit_per_user: int = 0
    default_reaction: str | None = None
    recipient_id: int | None = None  # of a direct-message channel with the bot
    thread: ThreadState | None = None

    @property
    def is_forum(self) -> bool:
        return self.type in (FORUM, MEDIA)

    @classmethod
    def load(cls, data: JSON) -> Channel:
        data["overwrites"] = [Overwrite(**item) for item in data["overwrites"]]
        data["tags"] = [Tag(**item) for item in data["tags"]]
        if (thread := data["thread"]) is not None:
            thread["members"] = {int(user): since for user, since in thread["members"].items()}
            data["thread"] = ThreadState(**thread)
        return cls(**data)


@dataclass(slots=True)
class Reaction:
    """Everybody who reacted with one emoji; normal and super reactions are apart."""

    name: str
    id: int | None = None
    normal: list[int] = field(default_factory=list)
    burst: list[int] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.name if self.id is None else f"{self.name}:{self.id}"


@dataclass(slots=True)
class Message:
    id: int
    channel_id: int
    author_id: int
    timestamp: str
    type: int = DEFAULT
    content: str = ""
    embeds: list[JSON] = field(default_factory=list)
    components: list[JSON] = field(default_factory=list)
    attachments: list[JSON] = field(default_factory=list)  # see media.py
    stickers: list[JSON] = field(default_factory=list)  # {"id": int, "name": str}
    flags: int = 0
    tts: bool = False
    edited_timestamp: str | None = None
    nonce: str | int | None = None
    reference: JSON | None = None  # message_reference as sent back
    snapshot: JSON | None = None  # of a forwarded message
    mentions: list[int] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    pinned_at: str | None = None
    webhook_id: int | None = None
    webhook_name: str | None = None
    webhook_avatar: str | None = None
    application_id: int | None = None
    interaction: JSON | None = None  # see acts/interactions.py
    ephemeral_for: int | None = None  # the only member who sees it
    position: int | None = None  # in a thread
    reactions: list[Reaction] = field(default_factory=list)

    @classmethod
    def load(cls, data: JSON) -> Message:
        data["reactions"] = [Reaction(**item) for item in data["reactions"]]
        return cls(**data)

    def reaction(self, key: str) -> Reaction | None:
        return next((reaction for reaction in self.reactions if reaction.key == key), None)


@dataclass(slots=True)
class Webhook:
    id: int
    token: str
    channel_id: int
    name: str
    user_id: int
    application_id: int | None = None
    avatar: str | None = None

    @classmethod
    def load(cls, data: JSON) -> Webhook:
        return cls(**data)


@dataclass(slots=True)
class AuditEntry:
    id: int
    action_type: int
    user_id: int
    target_id: int | None
    reason: str | None = None
    changes: list[JSON] = field(default_factory=list)
    options: JSON = field(default_factory=dict)

    @classmethod
    def load(cls, data: JSON) -> AuditEntry:
        return cls(**data)


@dataclass(slots=True)
class Command:
    """An application command as registered; ``body`` is what the application sent, checked."""

    id: int
    application_id: int
    guild_id: int | None
    version: int
    body: JSON

    @classmethod
    def load(cls, data: JSON) -> Command:
        return cls(**data)


Record = User | Member | Role | Guild | Channel | Message | Webhook | AuditEntry | Command
