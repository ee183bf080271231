"""What the bot needs which permission for: the table, the address that invites it, and what the docs say of both."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import discord
import pytest
from pydantic import SecretStr

from bot import permissions
from bot.model import QuoteMode
from bot.permissions import Permission, invitation, missing, needed
from bot.settings import load
from bot.settings.keys import (
    DiscordKeys,
    Feed,
    ModerationKeys,
    QuotesKeys,
    ReactionsKeys,
    Rule,
    RulesKeys,
    Settings,
)
from localdiscord.seed import BOT_PERMISSIONS

ROOT = Path(__file__).resolve().parents[1]
TABLE = [one for one in vars(permissions).values() if isinstance(one, Permission)]
BASIC = {
    "View Channel", "Send Messages", "Create Public Threads", "Send Messages in Threads", "Read Message History",
    "Embed Links", "View Audit Log",
}  # fmt: skip
ALL_BUT_ROLES = 1426466401408


def settings(mode: QuoteMode = QuoteMode.OFF, **sections: Any) -> Settings:
    feed = Feed(id="world", url="https://news.example/", channel_id=1300000000000002000, quotes=mode)
    given = {"discord": DiscordKeys(guild_id=1300000000000001000)} | sections
    return Settings(feeds=(feed,), token=SecretStr("t"), **given)


def names(of: Settings) -> set[str]:
    return {permission.name for permission in needed(of)}


@pytest.mark.parametrize("permission", TABLE, ids=lambda one: one.attribute)
def test_permissions_are_discords(permission: Permission) -> None:
    """Bit and attribute are the same permission to discord.py."""
    assert discord.Permissions(**{permission.attribute: True}).value == 1 << permission.bit


RULES = RulesKeys(rule=(Rule(id="a", title="A", reason="was a"),))


@pytest.mark.parametrize(
    ("configured", "more"),
    [
        (settings(), set()),
        (settings(QuoteMode.COMPANION), {"Use External Emojis"}),
        (
            settings(QuoteMode.REPOST),
            {"Use External Emojis", "Manage Webhooks", "Manage Messages", "Attach Files"},
        ),
        (
            settings(
                QuoteMode.REPOST,
                quotes=QuotesKeys(typed=False),
                discord=DiscordKeys(guild_id=1300000000000001000, message_content=False),
            ),
            set(),
        ),
        (settings(reactions=ReactionsKeys(policy="one_each")), {"Manage Messages"}),
        (settings(rules=RULES), {"Manage Messages", "Manage Threads", "Attach Files", "Moderate Members"}),
        (
            settings(moderation=ModerationKeys(log_channel_id=1300000000000002002)),
            {"Manage Messages", "Manage Threads", "Attach Files", "Moderate Members"},
        ),
        (
            settings(rules=RULES, moderation=ModerationKeys(suspended_role_id=1300000000000004009)),
            {"Manage Messages", "Manage Threads", "Attach Files", "Manage Roles"},
        ),
    ],
)
def test_each_setting_needs_its_permissions_and_no_more(configured: Settings, more: set[str]) -> None:
    """Mirroring alone needs seven; each way of quoting, policy and moderation adds its own, with a reason each."""
    assert names(configured) == BASIC | more
    assert all(needed(configured).values())


def test_what_a_deed_needs_is_in_the_invitation() -> None:
    """Nothing that the program asks for in a channel is missing from what everything together needs."""
    everything = needed(settings(QuoteMode.REPOST, rules=RULES))
    for group in (
        permissions.OPENING_IN_FORUMS,
        permissions.OPENING_IN_TEXT,
        permissions.LOGGING,
        permissions.REMOVING,
        *permissions.QUOTING.values(),
    ):
        assert set(group) <= set(everything)


def test_missing_permissions_are_named_as_their_page_names_them() -> None:
    """A forum's page has other names for some."""
    have = discord.Permissions(view_channel=True)

    assert missing(permissions.OPENING_IN_FORUMS, have, forum=True) == (
        "Read Message History",
        "Create Posts",
        "Send Messages in Posts",
    )
    assert missing(permissions.OPENING_IN_TEXT, have) == (
        "Read Message History",
        "Send Messages",
        "Create Public Threads",
        "Send Messages in Threads",
    )


def test_the_docs_tell_the_same_number() -> None:
    """README's address is that of the shipped configuration; the local Discord's bot holds exactly that."""
    shipped = invitation(load(ROOT / "config", {}), None)

    assert shipped == (
        "https://discord.com/oauth2/authorize?client_id=APPLICATION_ID&scope=bot%20applications.commands"
        f"&permissions={ALL_BUT_ROLES}"
    )
    assert re.findall(
        r"https://discord\.com/oauth2/authorize[^`]*", (ROOT / "README.md").read_text("utf-8")
    ) == [shipped]
    assert ALL_BUT_ROLES == BOT_PERMISSIONS
    assert f"`{ALL_BUT_ROLES}`" in (ROOT / "docs" / "local-discord.md").read_text("utf-8")


def test_the_invitation_names_the_application() -> None:
    """With a known id nothing has to be filled in."""
    assert "client_id=1300000000000003000&" in invitation(settings(), 1300000000000003000)
