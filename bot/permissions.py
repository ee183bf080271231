"""Discord's permissions: what the bot needs which for. The only table of them; what a channel grants is asked elsewhere.

Names are those of Discord's own settings pages, bits those of docs topics/permissions §Bitwise Permission Flags.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.model import QuoteMode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.settings.keys import Settings


@dataclass(frozen=True, slots=True)
class Permission:
    """``attribute`` is discord.py's word for it; a forum channel's page calls some of them otherwise."""

    name: str
    attribute: str
    bit: int
    in_forums: str | None = None


VIEW_AUDIT_LOG = Permission("View Audit Log", "view_audit_log", 7)
VIEW_CHANNEL = Permission("View Channel", "view_channel", 10)
SEND_MESSAGES = Permission("Send Messages", "send_messages", 11, "Create Posts")
MANAGE_MESSAGES = Permission("Manage Messages", "manage_messages", 13)
EMBED_LINKS = Permission("Embed Links", "embed_links", 14)
ATTACH_FILES = Permission("Attach Files", "attach_files", 15)
READ_MESSAGE_HISTORY = Permission("Read Message History", "read_message_history", 16)
USE_EXTERNAL_EMOJIS = Permission("Use External Emojis", "use_external_emojis", 18)
MANAGE_ROLES = Permission("Manage Roles", "manage_roles", 28)
MANAGE_WEBHOOKS = Permission("Manage Webhooks", "manage_webhooks", 29)
MANAGE_THREADS = Permission("Manage Threads", "manage_threads", 34)
CREATE_PUBLIC_THREADS = Permission("Create Public Threads", "create_public_threads", 35)
SEND_MESSAGES_IN_THREADS = Permission(
    "Send Messages in Threads", "send_messages_in_threads", 38, "Send Messages in Posts"
)
MODERATE_MEMBERS = Permission("Moderate Members", "moderate_members", 40)

READING = (VIEW_CHANNEL, READ_MESSAGE_HISTORY)
OPENING_IN_FORUMS = (*READING, SEND_MESSAGES, SEND_MESSAGES_IN_THREADS)
OPENING_IN_TEXT = (*READING, SEND_MESSAGES, CREATE_PUBLIC_THREADS, SEND_MESSAGES_IN_THREADS)
LOGGING = (VIEW_CHANNEL, SEND_MESSAGES, READ_MESSAGE_HISTORY)
REMOVING = (*READING, MANAGE_MESSAGES)
QUOTING = {
    QuoteMode.REPOST: (
        *READING,
        SEND_MESSAGES_IN_THREADS,
        MANAGE_WEBHOOKS,
        MANAGE_MESSAGES,
        ATTACH_FILES,
    ),
    QuoteMode.COMPANION: (*READING, SEND_MESSAGES_IN_THREADS, EMBED_LINKS),
    QuoteMode.OFF: (),
}


def missing(needed: Iterable[Permission], have: object, *, forum: bool = False) -> tuple[str, ...]:
    """The names of those ``needed`` that ``have``, a ``discord.Permissions``, lacks; as a forum's page has them."""
    return tuple((forum and one.in_forums) or one.name for one in needed if not getattr(have, one.attribute))


def moderates(settings: Settings) -> bool:
    """Whether moderation is set up: by a log or by rules."""
    return settings.moderation.log_channel_id is not None or bool(settings.rules.rules)


def needed(settings: Settings) -> dict[Permission, str]:
    """The least that a bot with these settings needs in its server, each with the reason, most basic first."""
    reasons: dict[Permission, list[str]] = {}
    for permission, reason in _needs(settings):
        reasons.setdefault(permission, []).append(reason)
    return {permission: "; ".join(said) for permission, said in reasons.items()}


def _needs(settings: Settings) -> Iterator[tuple[Permission, str]]:
    modes = {feed.quotes for feed in settings.feeds}
    if not (settings.discord.message_content or settings.quotes.typed):
        modes = set()  # nobody can answer with a quote
    yield VIEW_CHANNEL, "to see the channels that the feeds name"
    yield SEND_MESSAGES, "a post for each article (a forum's page calls it Create Posts)"
    yield CREATE_PUBLIC_THREADS, "a thread for each article in text channels"
    yield SEND_MESSAGES_IN_THREADS, "changed headlines, quotes and notices stand in the threads"
    yield READ_MESSAGE_HISTORY, "after a lost answer it looks for its post, so that nothing is posted twice"
    yield EMBED_LINKS, "pictures in posts, previews of links, quotes as cards"
    yield VIEW_AUDIT_LOG, "what was deleted by hand is known of and never brought back"
    if QuoteMode.REPOST in modes:
        yield MANAGE_WEBHOOKS, 'replies become posts under their author\'s name (quotes = "repost")'
        yield MANAGE_MESSAGES, 'such a post replaces the reply (quotes = "repost")'
        yield ATTACH_FILES, 'with the files of the reply (quotes = "repost")'
    if modes - {QuoteMode.OFF}:
        yield USE_EXTERNAL_EMOJIS, "emoji of other servers in quotes stay what they are"
    if settings.reactions.policy != "any":
        yield MANAGE_MESSAGES, f'reactions are taken away (policy = "{settings.reactions.policy}")'
    if moderates(settings):
        yield MANAGE_MESSAGES, "moderators remove posts through it"
        yield MANAGE_THREADS, "moderators lock threads through it, and remove posts from locked ones"
        yield ATTACH_FILES, "posts that are reinstated have their files"
    if settings.moderation.suspended_role_id is not None:
        yield MANAGE_ROLES, "suspended members get a role (suspended_role_id)"
    elif moderates(settings):
        yield MODERATE_MEMBERS, "suspended members get a time-out"


def invitation(settings: Settings, application_id: int | None) -> str:
    """The address by which an admin of the server invites the bot with exactly what it needs."""
    bits = sum(1 << permission.bit for permission in needed(settings))
    return (
        f"https://discord.com/oauth2/authorize?client_id={application_id or 'APPLICATION_ID'}"
        f"&scope=bot%20applications.commands&permissions={bits}"
    )
