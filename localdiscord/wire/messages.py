"""Messages, their attachments and reactions."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from localdiscord.components import FILE
from localdiscord.model import JSON, Message, Reaction, User
from localdiscord.wire.people import partial_member, user
from localdiscord.wire.places import channel, emoji, sticker_item
from localdiscord.world import World


def message(world: World, one: Message, viewer: int | None = None) -> JSON:
    """A message as REST gives it; ``referenced_message`` is filled one level deep."""
    data = _basic_message(world, one)
    if one.reactions:
        data["reactions"] = [reaction(each, viewer) for each in one.reactions]
    if one.flags & 1 << 5 and (thread := world.channels.get(one.id)):
        data["thread"] = channel(world, thread, viewer)
    if one.reference and one.type in (19, 21):
        origin = world.messages.get(int(one.reference["channel_id"]), {}).get(
            int(one.reference["message_id"])
        )
        data["referenced_message"] = None if origin is None else _basic_message(world, origin)
    return data


def event_message(world: World, one: Message, viewer: int | None = None) -> JSON:
    """A message as the gateway sends it: with its guild and, for members, who wrote it."""
    data = message(world, one, viewer)
    guild_id = world.channels[one.channel_id].guild_id
    if guild_id is not None and one.ephemeral_for is None:
        data["guild_id"] = str(guild_id)
        if one.webhook_id is None and (author := world.members.get(one.author_id)):
            data["member"] = partial_member(world, author)
        for mentioned in data["mentions"]:
            if person := world.members.get(int(mentioned["id"])):
                mentioned["member"] = partial_member(world, person)
    data["channel_type"] = world.channels[one.channel_id].type
    return data


def _basic_message(world: World, one: Message) -> JSON:
    files = {each["filename"]: each for each in one.attachments}
    data: JSON = {
        "id": str(one.id),
        "channel_id": str(one.channel_id),
        "type": one.type,
        "author": _author(world, one),
        "content": one.content,
        "timestamp": one.timestamp,
        "edited_timestamp": one.edited_timestamp,
        "flags": one.flags,
        "tts": one.tts,
        "pinned": one.pinned_at is not None,
        "mention_everyone": one.mention_everyone,
        "mentions": [user(world.users[each]) for each in one.mentions if each in world.users],
        "mention_roles": [str(each) for each in one.mention_roles],
        "attachments": [attachment(world, one.channel_id, each) for each in one.attachments],
        "embeds": _with_files(world, one.channel_id, files, one.embeds),
        "components": _with_files(world, one.channel_id, files, one.components),
    }
    if one.nonce is not None:
        data["nonce"] = one.nonce
    if one.webhook_id is not None:
        data["webhook_id"] = str(one.webhook_id)
    if one.application_id is not None:
        data["application_id"] = str(one.application_id)
    if one.reference is not None:
        data["message_reference"] = one.reference
    if one.snapshot is not None:
        data["message_snapshots"] = [one.snapshot]
    if one.position is not None:
        data["position"] = one.position
    if one.stickers:
        data["sticker_items"] = [sticker_item(each) for each in one.stickers]
    if one.interaction is not None:
        data["interaction_metadata"] = shown = _metadata(world, one.interaction)
        if name := one.interaction.get("name"):  # the older form, which alone tells the command's name
            data["interaction"] = {key: shown[key] for key in ("id", "type", "user")} | {"name": name}
    return data


def _metadata(world: World, stored: JSON) -> JSON:
    data: JSON = {}
    for key, value in stored.items():
        if key in ("user_id", "target_user_id"):
            data[key.removesuffix("_id")] = user(world.users[int(value)])
        elif key == "triggering_interaction_metadata":
            data[key] = _metadata(world, value)
        elif key != "name":
            data[key] = value
    return data


def _author(world: World, one: Message) -> JSON:
    if one.webhook_id is None or one.webhook_name is None:
        return user(world.users[one.author_id])
    return user(User(one.webhook_id, one.webhook_name, one.webhook_name, bot=True, avatar=one.webhook_avatar))


def attachment(world: World, channel_id: int, one: JSON) -> JSON:
    url = f"{world.origin}/cdn/attachments/{channel_id}/{one['id']}/{quote(one['filename'])}"
    data = {key: value for key, value in one.items() if value is not None and key != "id"}
    return {"id": str(one["id"]), "url": url, "proxy_url": url} | data


def lent_attachment(world: World, one: JSON) -> JSON:
    """A file that came with an interaction and belongs to no message."""
    url = f"{world.origin}/cdn/ephemeral-attachments/{world.bot_id}/{one['id']}/{quote(one['filename'])}"
    return one | {"id": str(one["id"]), "url": url, "proxy_url": url}


def _with_files(world: World, channel_id: int, files: dict[str, JSON], value: Any) -> Any:
    """``attachment://name`` becomes the file's address, wherever it stands."""
    if isinstance(value, list):
        return [_with_files(world, channel_id, files, each) for each in value]
    if not isinstance(value, dict):
        return value
    data = {key: _with_files(world, channel_id, files, each) for key, each in value.items()}
    if data.get("type") == FILE and (file := files.get(data["name"])):
        data["size"] = file["size"]
    url = data.get("url")
    if isinstance(url, str) and url.startswith("attachment://") and (file := files.get(url[13:])):
        shown = attachment(world, channel_id, file)
        data["url"] = data["proxy_url"] = shown["url"]
        data |= {key: shown[key] for key in ("width", "height", "content_type") if key in shown}
        if "id" in data:
            data["attachment_id"] = shown["id"]
    return data


def reaction(one: Reaction, viewer: int | None) -> JSON:
    normal, burst = len(one.normal), len(one.burst)
    return {
        "emoji": emoji(one.name, one.id),
        "count": normal + burst,
        "count_details": {"normal": normal, "burst": burst},
        "burst_colors": [],
        "me": viewer in one.normal,
        "me_burst": viewer in one.burst,
    }
