"""What a new local Discord contains. The ids are public: outside checks rely on them."""

from __future__ import annotations

from localdiscord.clock import snowflake_time, timestamp
from localdiscord.model import FORUM, TEXT, Channel, Guild, Member, Overwrite, Role, Tag, User
from localdiscord.permissions import P
from localdiscord.world import World

TOKEN = "local-bot-token"  # noqa: S105 - opens nothing but this server

GUILD = 1300000000000001000
NEWS, HEADLINES, MOD_LOG = 1300000000000002000, 1300000000000002001, 1300000000000002002
BOT = 1300000000000003000  # user and application
ALICE, BOB, MIA, ADA = 1300000000000003001, 1300000000000003002, 1300000000000003003, 1300000000000003004
MODERATOR_ROLE, ADMIN_ROLE, BOT_ROLE = 1300000000000004001, 1300000000000004002, 1300000000000004003
TAGS = 1300000000000005000
EMOJI = 1300000000000006001
STICKERS = 1300000000000007000

EVERYONE = (
    P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.SEND_MESSAGES_IN_THREADS
    | P.CREATE_PUBLIC_THREADS
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.ADD_REACTIONS
    | P.USE_EXTERNAL_EMOJIS
    | P.CHANGE_NICKNAME
    | P.USE_APPLICATION_COMMANDS
)
# The least a Newsthread bot needs: mirror, quote under a member's name, moderate, read the audit log, time out.
BOT_PERMISSIONS = 1426466401408


def empty_world() -> World:
    """A world that knows its bot and nothing else, to be seeded or restored."""
    return World(BOT, TOKEN)


def seed(world: World) -> None:
    """Put in a guild with its channels, four people and the bot."""
    world.put(
        Guild(
            GUILD,
            "Harbour Readers",
            ADA,
            "Where the news is talked over.",
            [{"id": EMOJI, "name": "factcheck"}],
            [
                {"id": STICKERS + 1, "name": "Well said", "description": "Applause", "tags": "clap"},
                {
                    "id": STICKERS + 2,
                    "name": "Source please",
                    "description": "A magnifying glass",
                    "tags": "mag",
                },
            ],
        )
    )
    world.put(Role(GUILD, "@everyone", int(EVERYONE), 0))
    world.put(
        Role(
            MODERATOR_ROLE,
            "Moderator",
            int(P.MANAGE_MESSAGES | P.MANAGE_THREADS | P.MODERATE_MEMBERS),
            2,
            color=0x2ECC71,
            hoist=True,
            mentionable=True,
        )
    )
    world.put(Role(ADMIN_ROLE, "Admin", int(P.ADMINISTRATOR), 3, color=0xE67E22, hoist=True))
    world.put(Role(BOT_ROLE, "Newsthread", BOT_PERMISSIONS, 1, color=0x5865F2, managed=True, bot_id=BOT))
    for user_id, username, name, roles in (
        (BOT, "newsthread", "Newsthread", [BOT_ROLE]),
        (ALICE, "alice", "Alice", []),
        (BOB, "bob", "Bob", []),
        (MIA, "mia", "Mia", [MODERATOR_ROLE]),
        (ADA, "ada", "Ada", [ADMIN_ROLE]),
    ):
        world.put(User(user_id, username, name, bot=user_id == BOT, avatar=f"{user_id:032x}"))
        world.put(Member(user_id, timestamp(snowflake_time(user_id)), roles))
    _channels(world)


def _channels(world: World) -> None:
    tags = (("World", "🌍"), ("Business", "📈"), ("Science", "🔬"), ("Culture", "🎭"))
    world.put(
        Channel(
            NEWS,
            FORUM,
            "news",
            GUILD,
            position=0,
            topic="One post for each article. Read it, then say what you think of it: sources and kindness welcome.",
            tags=[Tag(TAGS + n, name, emoji) for n, (name, emoji) in enumerate(tags, 1)],
            default_auto_archive_duration=4320,
            default_reaction="👍",
        )
    )
    world.put(Channel(HEADLINES, TEXT, "headlines", GUILD, position=1, topic="Short and quick."))
    inside = int(P.VIEW_CHANNEL)
    world.put(
        Channel(
            MOD_LOG,
            TEXT,
            "mod-log",
            GUILD,
            position=2,
            topic="What moderators did, and why.",
            overwrites=[
                Overwrite(GUILD, 0, 0, inside),
                Overwrite(MODERATOR_ROLE, 0, inside, 0),
                Overwrite(BOT_ROLE, 0, inside, 0),
            ],
        )
    )
