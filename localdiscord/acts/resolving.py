"""What a member means by an id, a mention or a name, and the objects that the application gets along with the ids."""

from __future__ import annotations

import re
from collections.abc import Iterable

from localdiscord import wire
from localdiscord.context import Context
from localdiscord.errors import mistake
from localdiscord.model import JSON, Channel, Message
from localdiscord.permissions import P
from localdiscord.uploads import read_uploads
from localdiscord.validate import FILE_SIZE, FILES

_MENTION = re.compile(r"<(?:@!?|@&|#)(\d{1,20})>")


class Resolved:
    """Finds what one member names in one channel. Finders give the id as a string, or None when nothing is meant.

    ``data`` is the ``resolved`` of the interaction (docs interactions/receiving-and-responding §Resolved Data).
    """

    def __init__(self, ctx: Context, member_id: int, channel: Channel) -> None:
        self._ctx = ctx
        self._member_id = member_id
        self._channel = channel
        self.data: JSON = {}

    def user(self, given: object) -> str | None:
        """By id, mention, user name, display name or nickname."""
        world = self._ctx.world
        id_, name = _meant(given, "@")
        found = next(
            (
                user
                for user in world.users.values()
                if user.id == id_ or (name and name in self._names(user.id))
            ),
            None,
        )
        if found is None:
            return None
        key = str(found.id)
        self._put("users", key, wire.user(found))
        if self._channel.guild_id is not None and (member := world.members.get(found.id)):
            granted = self._ctx.permissions(found.id, self._channel)
            self._put("members", key, wire.partial_member(world, member) | {"permissions": str(granted)})
        return key

    def role(self, given: object) -> str | None:
        id_, name = _meant(given, "@")
        if self._channel.guild_id is None:
            return None
        for role in self._ctx.world.roles.values():
            if role.id == id_ or (name and name == role.name.lower().removeprefix("@")):
                self._put("roles", str(role.id), wire.role(role))
                return str(role.id)
        return None

    def mentionable(self, given: object) -> str | None:
        return self.user(given) or self.role(given)

    def channel(self, given: object, kinds: Iterable[int] = ()) -> str | None:
        """A channel or thread that the member sees, of one of the types ``kinds`` if there are any."""
        ctx, (id_, name) = self._ctx, _meant(given, "#")
        if self._channel.guild_id is None:
            return None
        named = [*ctx.world.guild_channels(), *ctx.world.threads()]
        for channel in named:
            granted = ctx.permissions(self._member_id, channel)
            is_meant = channel.id == id_ or (name and name == channel.name.lower())
            if is_meant and granted & P.VIEW_CHANNEL and (not kinds or channel.type in kinds):
                shown = wire.channel(ctx.world, channel) | {"permissions": str(granted)}
                self._put("channels", str(channel.id), shown)
                return str(channel.id)
        return None

    def message(self, message: Message) -> str:
        """The whole message: what a member points at may be read without the intent for content."""
        shown = wire.message(self._ctx.world, message, self._ctx.world.bot_id)
        self._put("messages", str(message.id), shown)
        return str(message.id)

    def attachments(self, given: object, what: str) -> list[str]:
        """Files as JSON (see uploads.py), kept for the application to fetch."""
        uploads = read_uploads(given, what)
        if len(uploads) > FILES:
            raise mistake(f"{what}: up to {FILES} files can be sent at once")
        for upload in uploads:
            if len(upload.body) > FILE_SIZE:
                raise mistake(f"{what}: {upload.filename} is larger than {FILE_SIZE >> 20} MiB", 413, 40005)
        found = []
        for upload in uploads:
            lent = self._ctx.media.lend(self._ctx.ids.next(), upload)
            self._put("attachments", str(lent["id"]), wire.lent_attachment(self._ctx.world, lent))
            found.append(str(lent["id"]))
        return found

    def _names(self, user_id: int) -> set[str]:
        user, member = self._ctx.world.users[user_id], self._ctx.world.members.get(user_id)
        names = {user.username.lower(), user.display_name.lower()}
        return names | {member.nick.lower()} if member and member.nick else names

    def _put(self, kind: str, key: str, data: JSON) -> None:
        self.data.setdefault(kind, {})[key] = data


def _meant(given: object, sign: str) -> tuple[int | None, str]:
    """An id, or a name in lower case."""
    if isinstance(given, bool) or not isinstance(given, (str, int)):
        return None, ""
    text = str(given).strip()
    if found := _MENTION.fullmatch(text):
        return int(found[1]), ""
    if text.isascii() and text.isdigit():
        return int(text), ""
    return None, text.lower().removeprefix(sign)
