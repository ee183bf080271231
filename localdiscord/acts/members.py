"""Members and the guild: time-outs by moderators, joining, leaving and rearrangements by order of a test."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from localdiscord import wire
from localdiscord.acts.access import require_in_guild
from localdiscord.acts.audit import log_entry
from localdiscord.acts.roles import announce_member, log_roles, outranks, require_assignable
from localdiscord.clock import timestamp
from localdiscord.context import Context
from localdiscord.errors import form_error, mistake, refusal
from localdiscord.forms import Form
from localdiscord.model import JSON, Member, User
from localdiscord.permissions import P, guild_permissions
from localdiscord.registration import LOCALES
from localdiscord.validate import TIMEOUT_DAYS

_NAME = re.compile(r"[a-z][a-z0-9_.]{1,31}")  # with a letter first, since digits alone are an id


def change_member(ctx: Context, member: Member, by: int, body: object, reason: str | None = None) -> Member:
    """``PATCH /guilds/{g}/members/{m}``: nickname, roles, time-out (docs resources/guild §Modify Guild Member)."""
    form = Form(body)
    if "communication_disabled_until" in form:
        require_in_guild(ctx, by, P.MODERATE_MEMBERS)
        if guild_permissions(ctx.world, member) & P.ADMINISTRATOR or not outranks(ctx, by, member):
            raise refusal(50013)
    if "nick" in form:
        require_in_guild(ctx, by, P.CHANGE_NICKNAME if member.id == by else P.MANAGE_NICKNAMES)
    before = list(member.roles)
    if "roles" in form:
        require_in_guild(ctx, by, P.MANAGE_ROLES)
        wanted = form.snowflakes("roles", 250) or []
        form.raise_any()
        for role_id in set(before) ^ set(wanted):
            require_assignable(ctx, by, role_id)
    changes = [each for each in _apply(ctx, member, form) if each["key"] != "roles"]
    if changes:
        log_entry(ctx, 24, by, member.id, reason=reason, changes=changes)
    log_roles(ctx, by, member, before, reason)
    return member


def arrange_member(ctx: Context, member: Member, body: object) -> Member:
    """Change a member by order: no permission asked, no audit entry.

    Also what only they themselves decide: whether they take direct messages, their language, their Nitro.
    """
    form, user = Form(body), ctx.world.users[member.id]
    accepts, premium, locale = form.flag("accepts_dms"), form.flag("premium"), read_locale(form, "locale")
    _apply(ctx, member, form)
    member.accepts_dms = member.accepts_dms if accepts is None else accepts
    user.premium = user.premium if premium is None else premium
    user.locale = locale or user.locale
    ctx.world.put(member)
    ctx.world.put(user)
    return member


def join(ctx: Context, body: object) -> Member:
    """Have somebody join by order, without roles; the user name is the name that is shown, in lower case.

    Who was here before comes back as the same user.
    """
    form = Form(body)
    name = form.text("name", 32, low=2, required=True)
    form.raise_any()
    assert name is not None
    username = name.lower()
    if not _NAME.fullmatch(username):
        raise mistake("name must begin with a letter and hold only letters, digits, _ and .")
    if ctx.world.named_member(username):
        raise mistake(f"There is a member {username!r} already")
    user = next((each for each in ctx.world.users.values() if each.username == username), None)
    if user is None:
        user_id = ctx.ids.next()
        user = User(user_id, username, name, avatar=f"{user_id:032x}")
        ctx.world.put(user)
    member = Member(user.id, ctx.now())
    ctx.world.put(member)
    data = wire.member(ctx.world, member) | {"guild_id": str(ctx.world.guild.id)}
    ctx.hub.emit("GUILD_MEMBER_ADD", ctx.hub.everyone(), data)
    return member


def leave(ctx: Context, member: Member) -> None:
    """Have a member leave by order. Their account and what they wrote stay; roles and a time-out don't."""
    world = ctx.world
    if member.id in (world.bot_id, world.guild.owner_id):
        raise mistake("The bot and the owner can't leave")
    audience = ctx.hub.everyone()
    world.drop(member)
    for thread in world.threads():
        if thread.thread and thread.thread.members.pop(member.id, None) is not None:
            world.put(thread)
    data = {"guild_id": str(world.guild.id), "user": wire.user(world.users[member.id])}
    ctx.hub.emit("GUILD_MEMBER_REMOVE", audience, data)


def arrange_guild(ctx: Context, body: object) -> None:
    """Change the guild's language, the words that AutoMod keeps out, and its rule's name, by order."""
    form = Form(body)
    locale = read_locale(form, "preferred_locale")
    words = _words(form)
    rule = form.text("automod_rule", 100, low=1) if "automod_rule" in form else None
    form.raise_any()
    guild = ctx.world.guild
    guild.preferred_locale = locale or guild.preferred_locale
    guild.blocked_words = guild.blocked_words if words is None else words
    guild.automod_rule = rule or guild.automod_rule
    ctx.world.put(guild)
    ctx.hub.emit("GUILD_UPDATE", ctx.hub.everyone(), wire.guild(ctx.world))


def _words(form: Form) -> list[str] | None:
    words = form.data.get("blocked_words")
    if words is None:
        return None
    if not isinstance(words, list) or not all(isinstance(each, str) and each.strip(" *") for each in words):
        form.fault("blocked_words", "LIST_TYPE_CONVERT", "Must be a list of words.")
        return None
    return [each.strip() for each in words]


def read_locale(form: Form, key: str) -> str | None:
    locale = form.data.get(key)
    if locale is not None and locale not in LOCALES:
        form.fault(
            key, "BASE_TYPE_CHOICES", f"Value must be one of Discord's locales, such as de, not {locale!r}."
        )
        return None
    return locale


def _apply(ctx: Context, member: Member, form: Form) -> list[JSON]:
    wanted: JSON = {}
    if "nick" in form:
        wanted["nick"] = form.text("nick", 32) or None
    if "roles" in form:
        roles = form.snowflakes("roles", 250) or []
        if any(each not in ctx.world.roles for each in roles):
            raise refusal(10011)
        wanted["roles"] = roles
    if "communication_disabled_until" in form:
        wanted["timeout_until"] = _until(ctx, form)
    form.raise_any()
    changes: list[JSON] = []
    names = {"timeout_until": "communication_disabled_until"}
    for key, value in wanted.items():
        old = getattr(member, key)
        if old != value:
            setattr(member, key, value)
            changes.append({"key": names.get(key, key), "old_value": old, "new_value": value})
    if changes:
        announce_member(ctx, member)
    return changes


def _until(ctx: Context, form: Form) -> str | None:
    value = form.data["communication_disabled_until"]
    if value is None:
        return None
    try:
        until = datetime.fromisoformat(str(value))
    except ValueError:
        form.fault(
            "communication_disabled_until",
            "DATE_TIME_TYPE_PARSE",
            f"Could not parse {value}. Should be ISO8601.",
        )
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    now = ctx.clock.now()
    if until > now + timedelta(days=TIMEOUT_DAYS, minutes=1):
        raise form_error(
            ("communication_disabled_until",),
            "COMMUNICATION_DISABLED_TIMEOUT_TOO_LONG",
            "Up to 28 days in the future",
        )
    return timestamp(until) if until > now else None
