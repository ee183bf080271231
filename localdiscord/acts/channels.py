"""Guild channels: change and delete, by the bot or a member with permission, or by order of a test."""

from __future__ import annotations

from localdiscord import wire
from localdiscord.acts.access import may, require
from localdiscord.acts.audit import log_entry
from localdiscord.acts.threads import change_thread, delete_thread, remove_thread
from localdiscord.context import Context
from localdiscord.errors import refusal
from localdiscord.forms import Form
from localdiscord.model import DM, JSON, REQUIRE_TAG, Channel, Overwrite, Tag
from localdiscord.permissions import P
from localdiscord.validate import ARCHIVE_AFTER, GUIDELINES, NAME, SLOW_MODE, TAG_NAME, TAGS, TOPIC


def change(ctx: Context, channel: Channel, by: int, body: object, reason: str | None = None) -> Channel:
    """``PATCH /channels/{id}`` for whatever kind of channel it is."""
    if channel.thread:
        return change_thread(ctx, channel, by, body, reason)
    if channel.type == DM:
        raise refusal(50003)
    require(ctx, by, channel, P.MANAGE_CHANNELS)
    if (
        isinstance(body, dict)
        and "permission_overwrites" in body
        and not may(ctx, by, channel, P.MANAGE_ROLES)
    ):
        raise refusal(50013)
    changes = _apply(ctx, channel, body)
    if changes:
        log_entry(ctx, 11, by, channel.id, reason=reason, changes=changes)
    return channel


def arrange(ctx: Context, channel: Channel, body: object) -> Channel:
    """Change a channel by order: no permission asked, no audit entry. Threads take their own fields."""
    if channel.thread:
        return change_thread(ctx, channel, ctx.world.guild.owner_id, body)
    if channel.type == DM:
        raise refusal(50003)
    _apply(ctx, channel, body)
    return channel


def delete(ctx: Context, channel: Channel, by: int, reason: str | None = None) -> None:
    if channel.thread:
        delete_thread(ctx, channel, by, reason)
        return
    if channel.type == DM:
        raise refusal(50003)
    require(ctx, by, channel, P.MANAGE_CHANNELS)
    remove(ctx, channel)
    changes: list[JSON] = [
        {"key": "name", "old_value": channel.name},
        {"key": "type", "old_value": channel.type},
    ]
    log_entry(ctx, 12, by, channel.id, reason=reason, changes=changes)


def remove(ctx: Context, channel: Channel) -> None:
    """Delete a channel with its threads and webhooks."""
    if channel.thread:
        remove_thread(ctx, channel)
        return
    audience = ctx.hub.audience(channel)
    data = wire.channel(ctx.world, channel)
    for thread in list(ctx.world.threads(channel.id)):
        ctx.world.drop(thread)
    for webhook in [each for each in ctx.world.webhooks.values() if each.channel_id == channel.id]:
        ctx.world.drop(webhook)
    ctx.world.drop(channel)
    ctx.hub.emit("CHANNEL_DELETE", audience, data)


def _apply(ctx: Context, channel: Channel, body: object) -> list[JSON]:
    """Check and set the given fields, tell who can or could see the channel; the changes for the audit log."""
    form = Form(body)
    wanted: JSON = {
        "name": form.text("name", NAME, low=1) if "name" in form else None,
        "topic": form.text("topic", GUIDELINES if channel.is_forum else TOPIC),
        "nsfw": form.flag("nsfw"),
        "position": form.integer("position", low=0),
        "rate_limit_per_user": form.integer("rate_limit_per_user", low=0, high=SLOW_MODE),
        "default_thread_rate_limit_per_user": form.integer(
            "default_thread_rate_limit_per_user", low=0, high=SLOW_MODE
        ),
        "default_auto_archive_duration": form.choice("default_auto_archive_duration", ARCHIVE_AFTER),
        "flags": form.integer("flags", low=0),
        "tags": _tags(ctx, form),
        "overwrites": _overwrites(form),
    }
    required = form.flag("require_tag")
    form.raise_any()
    if required is not None:
        flags = channel.flags if wanted["flags"] is None else wanted["flags"]
        wanted["flags"] = flags | REQUIRE_TAG if required else flags & ~REQUIRE_TAG
    before = ctx.hub.audience(channel)
    changes: list[JSON] = []
    for key, value in wanted.items():
        old = getattr(channel, key)
        if value is not None and value != old:
            setattr(channel, key, value)
            if key not in ("tags", "overwrites"):
                changes.append({"key": key, "old_value": old, "new_value": value})
            else:
                changes.append({"key": {"tags": "available_tags"}.get(key, "permission_overwrites")})
    if changes:
        ctx.world.put(channel)
        after = ctx.hub.audience(channel)
        data = wire.channel(ctx.world, channel)
        ctx.hub.emit("CHANNEL_CREATE", after - before - {ctx.world.bot_id}, data)
        ctx.hub.emit("CHANNEL_DELETE", before - after - {ctx.world.bot_id}, data)
        # Bots hear of a channel even when they just lost sight of it: no deletion is sent to them.
        ctx.hub.emit("CHANNEL_UPDATE", (before & after) | ((before | after) & {ctx.world.bot_id}), data)
        if after - before:
            _sync_threads(ctx, channel, after - before)
    return changes


def _sync_threads(ctx: Context, channel: Channel, audience: frozenset[int]) -> None:
    """Those who come to see a channel learn of its active threads (docs events/gateway-events §Thread List Sync)."""
    threads = [each for each in ctx.world.threads(channel.id) if each.thread and not each.thread.archived]

    def build(viewer: int) -> JSON:
        shown = [wire.channel(ctx.world, each, viewer) for each in threads]
        return {
            "guild_id": str(ctx.world.guild.id),
            "channel_ids": [str(channel.id)],
            "threads": shown,
            "members": [each["member"] for each in shown if "member" in each],
        }

    ctx.hub.emit("THREAD_LIST_SYNC", audience, build)


def _tags(ctx: Context, form: Form) -> list[Tag] | None:
    given = form.items("available_tags", TAGS)
    if given is None:
        return None
    tags = []
    for each in given:
        name = each.text("name", TAG_NAME, low=1, required=True) or ""
        emoji = each.text("emoji_name", 100)
        tags.append(
            Tag(each.snowflake("id") or ctx.ids.next(), name, emoji or None, each.flag("moderated") or False)
        )
    if len({tag.name.lower() for tag in tags}) < len(tags):
        raise refusal(40066)
    return tags


def _overwrites(form: Form) -> list[Overwrite] | None:
    given = form.items("permission_overwrites", 100)
    if given is None:
        return None
    return [
        Overwrite(
            each.snowflake("id", required=True) or 0,
            each.choice("type", (0, 1)) or 0,
            each.snowflake("allow") or 0,
            each.snowflake("deny") or 0,
        )
        for each in given
    ]
