"""Roles: given and taken by those above them, and made or changed by order of a test."""

from __future__ import annotations

from collections.abc import Iterable

from localdiscord import wire
from localdiscord.acts.access import require_in_guild
from localdiscord.acts.audit import log_entry
from localdiscord.context import Context
from localdiscord.errors import refusal
from localdiscord.forms import Form
from localdiscord.model import JSON, Member, Role
from localdiscord.permissions import P

ROLE_UPDATE = 25  # audit action: a member's roles changed


def set_held(
    ctx: Context, member: Member, role_id: int, by: int, held: bool, reason: str | None = None
) -> None:
    """``PUT`` and ``DELETE /guilds/{g}/members/{m}/roles/{r}``; no error when nothing changes by it."""
    require_in_guild(ctx, by, P.MANAGE_ROLES)
    require_assignable(ctx, by, role_id)
    if held == (role_id in member.roles):
        return
    before = list(member.roles)
    member.roles = [*before, role_id] if held else [each for each in before if each != role_id]
    announce_member(ctx, member)
    log_roles(ctx, by, member, before, reason)


def require_assignable(ctx: Context, by: int, role_id: int) -> None:
    """10011 when there is no such role, 50028 for @everyone, 50013 for one managed or not below one's own highest."""
    role = ctx.world.roles.get(role_id)
    if role is None:
        raise refusal(10011)
    if role.id == ctx.world.guild.id:
        raise refusal(50028)
    above = by == ctx.world.guild.owner_id or rank(ctx, ctx.world.members[by]) > role.position
    if role.managed or not above:
        raise refusal(50013)


def announce_member(ctx: Context, member: Member) -> None:
    """Keep a changed member and tell of it."""
    ctx.world.put(member)
    data = wire.member(ctx.world, member) | {"guild_id": str(ctx.world.guild.id)}
    ctx.hub.emit("GUILD_MEMBER_UPDATE", ctx.hub.everyone(), data)


def log_roles(ctx: Context, by: int, member: Member, before: Iterable[int], reason: str | None) -> None:
    """The audit entry of a change of roles, if there was one: those added and those removed."""
    had, has = set(before), set(member.roles)
    changes: list[JSON] = [
        {
            "key": key,
            "new_value": [{"id": str(each), "name": ctx.world.roles[each].name} for each in sorted(ids)],
        }
        for key, ids in (("$add", has - had), ("$remove", had - has))
        if ids
    ]
    if changes:
        log_entry(ctx, ROLE_UPDATE, by, member.id, reason=reason, changes=changes)


def outranks(ctx: Context, by: int, member: Member) -> bool:
    """Only members whose highest role is lower can be moderated."""
    if by == ctx.world.guild.owner_id:
        return True
    return member.id != ctx.world.guild.owner_id and rank(ctx, ctx.world.members[by]) > rank(ctx, member)


def rank(ctx: Context, member: Member) -> int:
    return max((ctx.world.roles[r].position for r in member.roles if r in ctx.world.roles), default=0)


def add(ctx: Context, body: object) -> Role:
    """Make a role by order, without permissions and lowest unless the order says otherwise; others move up for it."""
    form = Form(body)
    name = form.text("name", 100, low=1, required=True)
    permissions = form.snowflake("permissions")
    position = form.integer("position", low=1) or 1
    form.raise_any()
    for other in ctx.world.roles.values():
        if other.position >= position:
            other.position += 1
            _announce(ctx, other, "GUILD_ROLE_UPDATE")
    role = Role(ctx.ids.next(), name or "", permissions or 0, position)
    _announce(ctx, role, "GUILD_ROLE_CREATE")
    return role


def arrange(ctx: Context, role: Role, body: object) -> Role:
    """Change a role's permissions or name by order."""
    form = Form(body)
    permissions = form.snowflake("permissions")
    name = form.text("name", 100, low=1) if "name" in form else None
    form.raise_any()
    if permissions is not None:
        role.permissions = permissions
    if name is not None:
        role.name = name
    _announce(ctx, role, "GUILD_ROLE_UPDATE")
    return role


def _announce(ctx: Context, role: Role, event: str) -> None:
    ctx.world.put(role)
    ctx.hub.emit(event, ctx.hub.everyone(), {"guild_id": str(ctx.world.guild.id), "role": wire.role(role)})
