"""Members, roles, the guild: time-outs by moderators, and rearrangements by order of a test."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from localdiscord import wire
from localdiscord.acts.access import require_in_guild
from localdiscord.acts.audit import log_entry
from localdiscord.clock import timestamp
from localdiscord.context import Context
from localdiscord.errors import form_error, mistake, refusal
from localdiscord.forms import Form
from localdiscord.model import JSON, Member, Role, User
from localdiscord.permissions import P, guild_permissions
from localdiscord.registration import LOCALES
from localdiscord.validate import TIMEOUT_DAYS

_NAME = re.compile(r"[a-z][a-z0-9_.]{1,31}")  # with a letter first, since digits alone are an id


def change_member(ctx: Context, member: Member, by: int, body: object, reason: str | None = None) -> Member:
    """``PATCH /guilds/{g}/members/{m}``: nickname, roles, time-out (docs resources/guild §Modify Guild Member)."""
    form = Form(body)
    if "communication_disabled_until" in form:
        require_in_guild(ctx, by, P.MODERATE_MEMBERS)
        if guild_permissions(ctx.world, member) & P.ADMINISTRATOR or not _outranks(ctx, by, member):
            raise refusal(50013)
    if "nick" in form:
        require_in_guild(ctx, by, P.CHANGE_NICKNAME if member.id == by else P.MANAGE_NICKNAMES)
    if "roles" in form:
        require_in_guild(ctx, by, P.MANAGE_ROLES)
    changes = _apply(ctx, member, form)
    if changes:
        log_entry(ctx, 24, by, member.id, reason=reason, changes=changes)
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
    """Have somebody new join by order; the user name is the name that is shown, in lower case."""
    form = Form(body)
    name = form.text("name", 32, low=2, required=True)
    form.raise_any()
    assert name is not None
    username = name.lower()
    if not _NAME.fullmatch(username):
        raise mistake("name must begin with a letter and hold only letters, digits, _ and .")
    if ctx.world.named_member(username):
        raise mistake(f"There is a member {username!r} already")
    user_id = ctx.ids.next()
    member = Member(user_id, ctx.now())
    ctx.world.put(User(user_id, username, name, avatar=f"{user_id:032x}"))
    ctx.world.put(member)
    data = wire.member(ctx.world, member) | {"guild_id": str(ctx.world.guild.id)}
    ctx.hub.emit("GUILD_MEMBER_ADD", ctx.hub.everyone(), data)
    return member


def arrange_guild(ctx: Context, body: object) -> None:
    """Change the guild's language by order."""
    form = Form(body)
    locale = read_locale(form, "preferred_locale")
    form.raise_any()
    ctx.world.guild.preferred_locale = locale or ctx.world.guild.preferred_locale
    ctx.world.put(ctx.world.guild)
    ctx.hub.emit("GUILD_UPDATE", ctx.hub.everyone(), wire.guild(ctx.world))


def read_locale(form: Form, key: str) -> str | None:
    locale = form.data.get(key)
    if locale is not None and locale not in LOCALES:
        form.fault(
            key, "BASE_TYPE_CHOICES", f"Value must be one of Discord's locales, such as de, not {locale!r}."
        )
        return None
    return locale


def arrange_role(ctx: Context, role: Role, body: object) -> Role:
    """Change a role's permissions or name by order."""
    form = Form(body)
    permissions = form.snowflake("permissions")
    name = form.text("name", 100, low=1) if "name" in form else None
    form.raise_any()
    if permissions is not None:
        role.permissions = permissions
    if name is not None:
        role.name = name
    ctx.world.put(role)
    data = {"guild_id": str(ctx.world.guild.id), "role": wire.role(role)}
    ctx.hub.emit("GUILD_ROLE_UPDATE", ctx.hub.everyone(), data)
    return role


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
        ctx.world.put(member)
        data = wire.member(ctx.world, member) | {"guild_id": str(ctx.world.guild.id)}
        ctx.hub.emit("GUILD_MEMBER_UPDATE", ctx.hub.everyone(), data)
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


def _outranks(ctx: Context, by: int, member: Member) -> bool:
    """Only members whose highest role is lower can be moderated."""
    if by == ctx.world.guild.owner_id:
        return True
    return member.id != ctx.world.guild.owner_id and _rank(ctx, ctx.world.members[by]) > _rank(ctx, member)


def _rank(ctx: Context, member: Member) -> int:
    return max((ctx.world.roles[r].position for r in member.roles if r in ctx.world.roles), default=0)
