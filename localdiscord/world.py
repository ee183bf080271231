"""Everything there is on the local Discord, by id. Looks things up and notes what changed; decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from localdiscord.errors import refusal
from localdiscord.model import (
    DM,
    JSON,
    AuditEntry,
    Channel,
    Command,
    Guild,
    Member,
    Message,
    Record,
    Role,
    User,
    Webhook,
)

KINDS: dict[str, type[Record]] = {
    "guild": Guild,
    "user": User,
    "member": Member,
    "role": Role,
    "channel": Channel,
    "message": Message,
    "webhook": Webhook,
    "audit": AuditEntry,
    "command": Command,
}
_NAMES = {kind: name for name, kind in KINDS.items()}


class World:
    """One guild, its people, and one bot whose application has the same id as its user.

    Channels may be of another guild, too: see acts/elsewhere.py.
    """

    def __init__(self, bot_id: int, token: str) -> None:
        self.bot_id = bot_id
        self.token = token
        self.origin = ""  # "http://127.0.0.1:PORT", known once the server listens
        self.privileged_intents = True  # whether the portal's switches for privileged intents are on
        self.session_starts = 1000  # how many sessions may still be begun today
        self.guild: Guild
        self.users: dict[int, User] = {}
        self.members: dict[int, Member] = {}
        self.roles: dict[int, Role] = {}
        self.channels: dict[int, Channel] = {}  # threads and direct-message channels too
        self.messages: dict[int, dict[int, Message]] = {}  # by channel, oldest first
        self.webhooks: dict[int, Webhook] = {}
        self.audit: dict[int, AuditEntry] = {}
        self.commands: dict[int, Command] = {}
        self._changed: dict[tuple[str, int], Record | None] = {}

    # --- change -----------------------------------------------------------------------------------

    def put(self, record: Record) -> None:
        """Add a record, or note that it changed."""
        self._place(record)
        self._changed[_NAMES[type(record)], record.id] = record

    def drop(self, record: Record) -> None:
        """Forget a record; a channel takes its messages along."""
        self._changed[_NAMES[type(record)], record.id] = None
        match record:
            case Channel():
                for message in self.messages.pop(record.id, {}).values():
                    self._changed["message", message.id] = None
                del self.channels[record.id]
            case Message():
                del self.messages[record.channel_id][record.id]
            case Webhook():
                del self.webhooks[record.id]
            case Member():
                del self.members[record.id]
            case Command():
                del self.commands[record.id]
            case _:
                raise TypeError(f"a {type(record).__name__} is never dropped")

    def load(self, kind: str, data: JSON) -> None:
        """Take back a record that was written earlier."""
        self._place(KINDS[kind].load(data))

    def take_changes(self) -> list[tuple[str, int, JSON | None]]:
        """What changed since the last call, in order: (kind, id, record or None when it is gone)."""
        changed, self._changed = self._changed, {}
        return [
            (kind, id_, None if record is None else asdict(record)) for (kind, id_), record in changed.items()
        ]

    def _place(self, record: Record) -> None:
        match record:
            case Guild():
                self.guild = record
            case User():
                self.users[record.id] = record
            case Member():
                self.members[record.id] = record
            case Role():
                self.roles[record.id] = record
            case Channel():
                self.channels[record.id] = record
            case Message():
                self.messages.setdefault(record.channel_id, {})[record.id] = record
            case Webhook():
                self.webhooks[record.id] = record
            case AuditEntry():
                self.audit[record.id] = record
            case Command():
                self.commands[record.id] = record

    # --- look up ----------------------------------------------------------------------------------

    @property
    def last_id(self) -> int:
        """The highest id in use, for ids to go on from after a restart."""
        used = [*self.users, *self.channels, *self.webhooks, *self.audit, *self.commands]
        used += [id_ for messages in self.messages.values() for id_ in messages]
        return max(used, default=0)

    @property
    def bot(self) -> User:
        return self.users[self.bot_id]

    def channel(self, channel_id: int) -> Channel:
        """Raises 10003 when there is none."""
        if channel := self.channels.get(channel_id):
            return channel
        raise refusal(10003)

    def message(self, channel_id: int, message_id: int) -> Message:
        """Raises 10008 when there is none. Ephemeral ones are nobody's to look up."""
        message = self.messages.get(channel_id, {}).get(message_id)
        if message is None or message.ephemeral_for is not None:
            raise refusal(10008)
        return message

    def history(self, channel_id: int, viewer: int | None = None) -> Iterator[Message]:
        """A channel's messages, oldest first, with the ephemeral ones of ``viewer``."""
        for message in self.messages.get(channel_id, {}).values():
            if message.ephemeral_for is None or message.ephemeral_for == viewer:
                yield message

    def guild_channels(self) -> list[Channel]:
        """In the order they are shown; no threads."""
        found = [c for c in self.channels.values() if c.guild_id == self.guild.id and not c.thread]
        return sorted(found, key=lambda channel: (channel.position, channel.id))

    def threads(self, parent_id: int | None = None) -> Iterator[Channel]:
        """Those of a channel, or all of the guild."""
        for channel in self.channels.values():
            here = channel.guild_id == self.guild.id if parent_id is None else channel.parent_id == parent_id
            if channel.thread and here:
                yield channel

    def direct_channel(self, user_id: int) -> Channel | None:
        return next((c for c in self.channels.values() if c.type == DM and c.recipient_id == user_id), None)

    def named_member(self, key: str) -> Member | None:
        """By id or by lower-case user name."""
        if key.isdigit():
            return self.members.get(int(key))
        return next((m for m in self.members.values() if self.users[m.id].username == key.lower()), None)
