"""`check --online`: what a real discord.py hears from a local Discord, in sentences with file, line and key."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
from discord.http import Route

from bot.commands.online import Findings, findings
from bot.model import QuoteMode
from bot.settings import load
from localdiscord import LocalDiscord
from tests.scenario import newspaper

GUILD = 1300000000000001000
NEWS, HEADLINES, MOD_LOG = 1300000000000002000, 1300000000000002001, 1300000000000002002
BOT, BOT_ROLE = 1300000000000003000, 1300000000000004003
FACTCHECK = 1300000000000006001
TOKEN = "local-bot-token"

MANAGE_MESSAGES, EMBED_LINKS, MANAGE_WEBHOOKS = 1 << 13, 1 << 14, 1 << 29
VIEW_CHANNEL, SEND_MESSAGES = 1 << 10, 1 << 11
MANAGE_ROLES, MANAGE_THREADS, AUDIT_LOG, MODERATE_MEMBERS = 1 << 28, 1 << 34, 1 << 7, 1 << 40
MODERATOR_ROLE = 1300000000000004001


@pytest.fixture(autouse=True)
def discord_restored() -> Iterator[None]:
    before = Route.BASE, discord.Asset.BASE
    yield
    Route.BASE, discord.Asset.BASE = before


@dataclass
class Folder:
    """A configuration for the local Discord, and orders to the latter."""

    path: Path
    discord: str
    session: aiohttp.ClientSession

    def write(
        self, *, newsthread: str = "", feeds: str = "", reactions: str | None = None, rules: str | None = None
    ) -> None:
        """``newsthread`` continues [discord], ``feeds`` the paused feed of the forum."""
        (self.path / "newsthread.toml").write_text(
            f'[discord]\nguild_id = {GUILD}\napi_base = "{self.discord}/api/v10"\n{newsthread}'
        )
        (self.path / "feeds.toml").write_text(feeds or feed())
        if reactions is not None:
            (self.path / "reactions.toml").write_text(reactions)
        if rules is not None:
            (self.path / "rules.toml").write_text(rules)

    async def order(self, method: str, path: str, body: Any) -> Any:
        async with self.session.request(method, f"{self.discord}/local{path}", json=body) as response:
            assert response.status < 400, await response.text()
            return await response.json() if response.status == 201 else None

    async def deny(self, channel: int, permissions: int) -> None:
        """Take permissions away from the bot in one channel."""
        overwrite = {"id": str(BOT), "type": 1, "allow": "0", "deny": str(permissions)}
        await self.order("PATCH", f"/channels/{channel}", {"permission_overwrites": [overwrite]})

    async def role(self, role_id: int) -> Any:
        async with self.session.get(f"{self.discord}/local/state") as response:
            roles = (await response.json())["roles"]
        return next(each for each in roles if each["id"] == str(role_id))

    async def findings(self) -> Findings:
        return await findings(self.path, load(self.path, {"DISCORD_TOKEN": TOKEN}, need_token=True))

    async def said(self) -> tuple[list[str], list[str]]:
        """Faults and warnings as printed, without the folder."""
        found = await self.findings()
        return tuple(
            [str(one).removeprefix(f"{self.path}/") for one in ones]
            for ones in (found.faults, found.warnings)
        )  # type: ignore[return-value]


def feed(name: str = "world", channel: int = NEWS, more: str = "") -> str:
    """Five lines and those of ``more``; paused, so that only its channel is asked about."""
    return f'[[feed]]\nid = "{name}"\nurl = "https://{name}.example/rss"\nchannel_id = {channel}\nenabled = false\n{more}'


@pytest.fixture
async def folder(tmp_path: Path) -> AsyncIterator[Folder]:
    path = tmp_path / "config"
    path.mkdir()
    local = LocalDiscord(port=0)
    url = await local.start()
    try:
        async with aiohttp.ClientSession() as session:
            made = Folder(path, url.rstrip("/"), session)
            made.write()
            yield made
    finally:
        await local.close()


async def test_nothing_to_say(folder: Folder) -> None:
    """Where everything is as configured there are neither faults nor warnings, and each feed has its own mode."""
    folder.write(
        newsthread=f"[moderation]\nlog_channel_id = {MOD_LOG}\n",
        feeds=feed()
        + feed("two", HEADLINES, 'quotes = "companion"\n')
        + feed("three", more='quotes = "off"\n'),
        reactions='policy = "one_each"\n'
        f'[[reaction]]\nname = "Checked"\nemoji = "<:old_name:{FACTCHECK}>"\nsentiment = "positive"\n',
    )

    assert await folder.findings() == Findings(
        (), (), {"world": QuoteMode.REPOST, "two": QuoteMode.COMPANION, "three": QuoteMode.OFF}
    )


async def test_message_content_is_off(folder: Folder) -> None:
    """Asking for an intent that the portal does not grant is a fault; not asking for it is none."""
    await folder.order("PATCH", "/application", {"privileged_intents": False})
    folder.write(newsthread="message_content = true\n")
    assert await folder.said() == (
        [
            "newsthread.toml:4: discord.message_content: the bot may not read messages; expected Message Content"
            " Intent to be on, on the Bot page of Discord's developer portal, or message_content = false"
        ],
        [],
    )

    folder.write(newsthread="message_content = false\n")
    assert await folder.findings() == Findings((), (), {})


@pytest.mark.parametrize(
    ("denied", "mode", "actual", "lacks"),
    [
        (MANAGE_WEBHOOKS, "repost", "companion", "Manage Webhooks"),
        (MANAGE_MESSAGES, "repost", "companion", "Manage Messages"),
        (MANAGE_MESSAGES | MANAGE_WEBHOOKS, "repost", "companion", "Manage Webhooks, Manage Messages"),
        (MANAGE_WEBHOOKS | EMBED_LINKS, "repost", "off", "Manage Webhooks"),
        (EMBED_LINKS, "companion", "off", "Embed Links"),
    ],
)
async def test_a_mode_lacks_permissions(
    folder: Folder, denied: int, mode: str, actual: str, lacks: str
) -> None:
    """Which permissions a mode lacks in a channel, and what replies there get instead, is one warning."""
    folder.write(feeds=feed(more=f'quotes = "{mode}"\n') + feed("two", HEADLINES))
    await folder.deny(NEWS, denied)

    assert await folder.said() == (
        [],
        [
            f'feeds.toml:6: quotes: in #news the bot lacks {lacks} for "{mode}", so that replies there are as with'
            f' "{actual}"; expected its role to have that there'
        ],
    )
    assert (await folder.findings()).quotes == {"world": actual, "two": "repost"}


@pytest.mark.parametrize(("mode", "denied"), [("off", -1), ("companion", MANAGE_MESSAGES | MANAGE_WEBHOOKS)])
async def test_permissions_that_no_mode_needs(folder: Folder, mode: str, denied: int) -> None:
    """A lesser mode is not warned about what only a better one needs."""
    everything = MANAGE_MESSAGES | MANAGE_WEBHOOKS | EMBED_LINKS
    folder.write(feeds=feed(more=f'quotes = "{mode}"\n'))
    await folder.deny(NEWS, denied if denied > 0 else everything)

    assert await folder.said() == ([], [])


async def test_a_policy_lacks_permission(folder: Folder) -> None:
    """A policy that takes reactions away says once in which channels it can't."""
    folder.write(
        feeds=feed() + feed("two") + feed("three", HEADLINES, 'quotes = "off"\n'),
        reactions='policy = "named_only"\n',
    )
    await folder.deny(HEADLINES, MANAGE_MESSAGES)

    assert await folder.said() == (
        [],
        [
            'reactions.toml:1: policy: in #headlines the bot lacks Manage Messages, so that "named_only" takes no'
            " reaction away there; expected its role to have that there"
        ],
    )


async def test_a_custom_emoji_that_is_not_there(folder: Folder) -> None:
    """An emoji of another server, or one deleted since, is a fault at its own line, beside those that there are."""
    folder.write(
        reactions='[[reaction]]\nname = "Like"\nemoji = "💙"\nsentiment = "positive"\norder = 9\n'
        '[[reaction]]\nname = "Gone"\nemoji = "<:gone:1300000000000006999>"\nsentiment = "neutral"\norder = 1\n'
    )

    assert await folder.said() == (
        [
            "reactions.toml:8: emoji: <:gone:1300000000000006999> does not exist in the server; expected one of its"
            f" own: <:factcheck:{FACTCHECK}>"
        ],
        [],
    )


@pytest.mark.parametrize(
    ("channel", "denied", "sentence"),
    [
        (1300000000000002999, 0, "the bot sees no channel 1300000000000002999; expected one of the server's, with View"),
        (NEWS, 0, "#news is a forum channel; expected a text channel"),
        (MOD_LOG, VIEW_CHANNEL, "in #mod-log the bot lacks View Channel, Send Messages, Read Message History; expected its"),
        (MOD_LOG, SEND_MESSAGES, "in #mod-log the bot lacks Send Messages; expected its role to have that there"),
    ],
)  # fmt: skip
async def test_the_log_channel(folder: Folder, channel: int, denied: int, sentence: str) -> None:
    """A log channel that is missing, of the wrong kind, hidden or closed is a fault."""
    folder.write(newsthread=f"[moderation]\nlog_channel_id = {channel}\n")
    if denied:
        await folder.deny(channel, denied)

    (fault,), warnings = await folder.said()

    assert fault.startswith(f"newsthread.toml:5: moderation.log_channel_id: {sentence}")
    assert warnings == []


async def test_a_log_that_everybody_sees(folder: Folder) -> None:
    """Removed posts are quoted there, so that is worth a warning."""
    folder.write(newsthread=f"[moderation]\nlog_channel_id = {HEADLINES}\n")

    assert await folder.said() == (
        [],
        [
            "newsthread.toml:5: moderation.log_channel_id: everybody can see #headlines, which quotes removed posts;"
            " expected only moderators to"
        ],
    )


async def test_the_role_of_moderators(folder: Folder) -> None:
    """It is there, and the bot may mention it."""
    keys = f"[moderation]\nping_at = 1\nlog_channel_id = {MOD_LOG}\nmoderator_role_id = "
    folder.write(newsthread=f"{keys}{MODERATOR_ROLE}\n")
    assert await folder.said() == ([], [])

    quiet = await folder.order("POST", "/roles", {"name": "Helpers"})
    folder.write(newsthread=f"{keys}{quiet['id']}\n")
    assert await folder.said() == (
        [],
        [
            'newsthread.toml:7: moderation.moderator_role_id: the bot may not mention the role "Helpers"; expected that'
            " role to let anyone mention it"
        ],
    )

    folder.write(newsthread=f"{keys}{MODERATOR_ROLE + 99}\n")
    (fault,), _ = await folder.said()
    assert (
        "moderator_role_id: the server has no role 1300000000000004100; expected the id of one of its"
        in fault
    )


async def test_the_role_of_suspended_members(folder: Folder) -> None:
    """It is one of the server's own, below the bot's, which may give it."""
    have = (await folder.role(BOT_ROLE))["permissions"]
    made = await folder.order("POST", "/roles", {"name": "Muted"})

    async def fault(role_id: int | str) -> str | None:
        folder.write(newsthread=f"[moderation]\nsuspended_role_id = {role_id}\n")
        faults, warnings = await folder.said()
        assert warnings == []
        assert len(faults) < 2
        return faults[0].removeprefix("newsthread.toml:5: moderation.suspended_role_id: ") if faults else None

    assert await fault(GUILD) == f"the server has no role {GUILD}; expected the id of one of its roles"
    assert await fault(BOT_ROLE) == (
        'the role "Newsthread" belongs to an app and can\'t be given; expected one of your own'
    )
    assert await fault(MODERATOR_ROLE) == (
        "the bot can't give the role \"Moderator\"; expected it below the bot's own in the list of roles"
    )
    assert await fault(made["id"]) == "the bot lacks Manage Roles; expected its role to have that"
    await folder.order("PATCH", f"/roles/{BOT_ROLE}", {"permissions": str(int(have) | MANAGE_ROLES)})
    assert await fault(made["id"]) is None


async def test_what_moderation_needs(folder: Folder) -> None:
    """Where it is set up, what can't be done for lack of a permission is told once; rules that suspend must be able to."""
    have = int((await folder.role(BOT_ROLE))["permissions"])
    lost = MODERATE_MEMBERS | AUDIT_LOG | MANAGE_THREADS | MANAGE_MESSAGES
    await folder.order("PATCH", f"/roles/{BOT_ROLE}", {"permissions": str(have & ~lost)})
    feeds = feed(more='quotes = "off"\n') + feed("two", HEADLINES, 'quotes = "off"\n')
    folder.write(newsthread="", feeds=feeds)
    assert await folder.said() == ([], [])

    rule = '[[rule]]\nid = "a"\ntitle = "A"\nreason = "was rude"\n'
    step = '[[rule.repeated]]\nstrikes = 1\nwithin = "1d"\nsuspend = "1d"\n'
    folder.write(newsthread="[moderation]\n", feeds=feeds, rules=rule + step)
    there = "expected its role to have that there"
    assert await folder.said() == (
        [
            "rules.toml:5: repeated: the bot lacks Moderate Members, so that nobody can be suspended; expected its role to"
            " have that"
        ],
        [
            "newsthread.toml:4: moderation: in #news, #headlines the bot lacks Manage Messages, so that no post can be"
            f" removed there; {there}",
            "newsthread.toml:4: moderation: in #news, #headlines the bot lacks Manage Threads, so that no thread can be"
            f" locked there, and nothing be removed from locked ones; {there}",
            "newsthread.toml:4: moderation: the bot lacks View Audit Log, so that posts deleted by hand become no cases;"
            " expected its role to have that",
        ],
    )

    folder.write(newsthread="[moderation]\n", feeds=feeds, rules=rule)
    faults, (first, *_) = await folder.said()
    assert faults == []
    assert first.startswith(
        "newsthread.toml:4: moderation: the bot lacks Moderate Members, so that nobody can be"
    )


async def test_channels_and_tags(folder: Folder) -> None:
    """A feed's channel that is not there or closed, and tags that it lacks, are faults in file order."""
    folder.write(
        feeds=feed(channel=1300000000000002999)
        + feed("two", more='tags = ["World", "Sport"]\n')
        + feed("three", MOD_LOG)
    )
    await folder.deny(MOD_LOG, SEND_MESSAGES)

    assert await folder.said() == (
        [
            "feeds.toml:4: channel_id: the bot sees no channel 1300000000000002999; expected one of the server's, with"
            " View Channel",
            "feeds.toml:11: tags: #news has no tag Sport; expected some of: World, Business, Science, Culture",
            "feeds.toml:15: channel_id: in #mod-log the bot lacks Send Messages; expected its role to have that there",
        ],
        [],
    )


async def test_a_refused_token(folder: Folder) -> None:
    """A token that Discord does not know is the only fault, and no part of it is shown."""
    settings = load(folder.path, {"DISCORD_TOKEN": "not-the-token"}, need_token=True)

    (fault,) = (await findings(folder.path, settings)).faults

    assert str(fault).endswith(
        "newsthread.toml:1: discord: Discord refused the token; expected a current one"
    )


async def test_another_server(folder: Folder) -> None:
    """A server that the bot was not invited to is named."""
    path = folder.path / "newsthread.toml"
    path.write_text(path.read_text().replace(str(GUILD), "1300000000000001999"))

    assert await folder.said() == (
        [
            "newsthread.toml:2: discord.guild_id: the bot is not in server 1300000000000001999; expected the id of"
            " one it was invited to"
        ],
        [],
    )


@pytest.mark.slow
async def test_as_a_command(folder: Folder) -> None:
    """Warnings leave the exit code 0 and the modes are told; a feed that can't be fetched is a fault with exit 2."""
    await folder.deny(NEWS, MANAGE_WEBHOOKS)
    async with newspaper() as paper:
        paper.publish("/world.rss", "News")

        async def check(path: str) -> tuple[int | None, str, str]:
            url, allow = (
                f"{paper.url}{path}",
                "[watcher]\nallow_private_addresses = true\nparse_workers = 1\n",
            )
            live = feed().replace("https://world.example/rss", url).replace("enabled = false\n", "")
            folder.write(newsthread=allow, feeds=live + feed("two", HEADLINES))
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "check", "--online", "--config", str(folder.path),
                env={**os.environ, "DISCORD_TOKEN": TOKEN},
                cwd=Path(__file__).resolve().parents[2],
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            out, err = await process.communicate()
            return process.returncode, out.decode(), err.decode()

        code, out, err = await check("/world.rss")
        assert code == 0, (out, err)
        warning, invitation, *_ = out.splitlines()
        assert warning.endswith("expected its role to have that there (warning)")
        assert invitation.startswith("invite the bot with https://discord.com/oauth2/authorize?")
        assert err.splitlines() == [
            f"{folder.path} is good and agrees with Discord and the feeds: 2 feeds",
            'replies are quoted as with "repost": two',
            'replies are quoted as with "companion": world',
        ]

        code, out, err = await check("/absent.rss")
        assert code == 2
        assert err.startswith("invite the bot with https://")
        assert f"{folder.path}/feeds.toml:3: url: " in out
