"""The token: from the environment only, never repeated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from bot.errors import ConfigError
from bot.settings import load
from bot.settings.secret import application_id
from tests.settings.conftest import FEED, NEWSTHREAD, TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.settings.conftest import Folder


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (NEWSTHREAD + f"token = '{TOKEN}'\n", ["newsthread.toml:3: discord.token"]),
        (NEWSTHREAD + "token = ''\n", ["newsthread.toml:3: discord.token"]),
        (NEWSTHREAD + "bot_token = 'local-bot-token'\n", ["newsthread.toml:3: discord.bot_token"]),
        ("Bot-Token = {a = 1}\n" + NEWSTHREAD, ["newsthread.toml:1: Bot-Token"]),
        (f"# {TOKEN}\n" + NEWSTHREAD, ["newsthread.toml:1: token"]),
        (NEWSTHREAD + f"[store]\nurl = 'x{TOKEN[1:]}'\n", ["newsthread.toml:4: store.url"]),
        (NEWSTHREAD + f"[a]\nb = [\n1, {{c = '{TOKEN}'}}]\n", ["newsthread.toml:5: a.b[1].c"]),
        (NEWSTHREAD + f"[a]\nb = '''\n\n{TOKEN}\n'''\n", ["newsthread.toml:6: token"]),
        (NEWSTHREAD + f"[a]\nb = \"{TOKEN.replace('.', chr(92) + 'u002e')}\"\n", ["newsthread.toml:4: a.b"]),
        (NEWSTHREAD + f'"{TOKEN}" = 1\n', ["newsthread.toml:3: discord.(hidden)"]),
        (NEWSTHREAD + f"{TOKEN}\n", ["newsthread.toml:3: syntax", "newsthread.toml:3: token"]),
        (NEWSTHREAD + f"x = 1\nx = {{'{TOKEN}' = 1, '{TOKEN}' = 2}}", ["newsthread.toml:4: token", "newsthread.toml:4: x"]),
        (NEWSTHREAD.replace("1300000000000001000", f"'{TOKEN}'"), ["newsthread.toml:2: discord.guild_id"]),
        (NEWSTHREAD.replace("1300000000000001000", f"'Bot {TOKEN}{'x' * 40}'"), ["newsthread.toml:2: discord.guild_id"]),
    ],
)  # fmt: skip
def test_token_in_a_file(folder: Folder, text: str, places: list[str]) -> None:
    """Wherever and however a token stands in a file it is refused at its line, and no part of it is repeated."""
    folder.write(newsthread=text)

    faults = folder.faults()

    assert sorted(places) == sorted(fault.split(": ")[0] + ": " + fault.split(": ")[1] for fault in faults)
    assert any("set the environment variable DISCORD_TOKEN" in fault for fault in faults)
    said = "\n".join([*faults, *folder.warnings()])
    assert not any(TOKEN[at : at + 8] in said for at in range(len(TOKEN) - 8))


def test_token_in_any_toml_file(folder: Folder) -> None:
    """Other TOML files in the folder are looked through too."""
    (folder.path / "old.toml").write_text(f"x = '{TOKEN}'\n")
    folder.write(feeds=FEED + f"template = 'see {TOKEN}'\n")

    assert [fault.split(": ")[:2] for fault in folder.faults()] == [
        ["feeds.toml:5", "template"],
        ["old.toml:1", "x"],
    ]


@pytest.mark.parametrize(
    "innocent",
    [
        "https://news.example/a.b.c/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.abcdef.html",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
        "1300000000000001000.123456.789",
    ],
)
def test_what_is_no_token(folder: Folder, innocent: str) -> None:
    """Other dotted words are not taken for one."""
    folder.write(feeds=f"# {innocent}\n" + FEED)

    assert folder.faults() == []


def test_token_from_the_environment(folder: Folder, tmp_path: Path) -> None:
    """DISCORD_TOKEN goes first, then the file; blanks around it don't count; it does not show in a repr."""
    secret = tmp_path / "token"
    secret.write_text(f"\n  {TOKEN}\r\n")
    secret.chmod(0o400)

    from_file = load(folder.path, {"DISCORD_TOKEN_FILE": str(secret), "DISCORD_TOKEN": " "})
    direct = load(folder.path, {"DISCORD_TOKEN": " direct \n", "DISCORD_TOKEN_FILE": "/nowhere"})

    assert from_file.token is not None
    assert from_file.token.get_secret_value() == TOKEN
    assert TOKEN not in repr(from_file)
    assert TOKEN not in from_file.model_dump_json()
    assert direct.token is not None
    assert direct.token.get_secret_value() == "direct"


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o644, 0o420])
def test_token_file_that_others_may_read(folder: Folder, tmp_path: Path, mode: int) -> None:
    """A token file open to group or others is refused with the command that closes it."""
    secret = tmp_path / "my token"
    secret.write_text(TOKEN)
    secret.chmod(mode)

    (fault,) = folder.faults({"DISCORD_TOKEN_FILE": str(secret)})

    assert fault.startswith(f"{secret}:0: DISCORD_TOKEN_FILE: others may read this file; ")
    assert f"run chmod 600 '{secret}'" in fault


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the token is empty"),
        (b"  \n", "the token is empty"),
        (TOKEN.encode() + b"\n" + TOKEN.encode(), "the token has spaces, line breaks or foreign characters in it"),
        (b"\xff\xfe" + TOKEN.encode("utf-16-le"), "the token has spaces, line breaks or foreign characters in it"),
        (b"Bot " + TOKEN.encode(), 'the token begins with "Bot "'),
    ],
)  # fmt: skip
def test_token_file_with_something_else(folder: Folder, tmp_path: Path, content: bytes, problem: str) -> None:
    """What can't be a token is told before Discord is asked, without repeating it."""
    secret = tmp_path / "token"
    secret.write_bytes(content)
    secret.chmod(0o600)

    (fault,) = folder.faults({"DISCORD_TOKEN_FILE": str(secret)})

    assert problem in fault
    assert TOKEN[:8] not in fault


def test_token_file_that_is_missing(folder: Folder, tmp_path: Path) -> None:
    """A token file that can't be read is a fault beside those of the files."""
    folder.write(newsthread="")

    faults = folder.faults({"DISCORD_TOKEN_FILE": str(tmp_path / "none")})

    assert any(
        "none:0: DISCORD_TOKEN_FILE: the file can't be read (No such file" in fault for fault in faults
    )
    assert any(fault.startswith("newsthread.toml:1: discord: is required") for fault in faults)


def test_token_where_it_is_needed(folder: Folder) -> None:
    """Running without a token is refused with both ways to give one."""
    with pytest.raises(ConfigError) as caught:
        load(folder.path, {}, need_token=True)

    assert str(caught.value).startswith(
        "environment:0: DISCORD_TOKEN: the bot's token is missing; set DISCORD_TOKEN"
    )
    assert "DISCORD_TOKEN_FILE" in str(caught.value)


@pytest.mark.parametrize("url", ["ftp://ida:sesame@news.example/", "https://ida:ses@me@[news.example/"])
def test_passwords_in_addresses_are_not_repeated(folder: Folder, url: str) -> None:
    """A feed's address that is refused is told without the password in it; one that is fine keeps it."""
    folder.write(feeds=FEED.replace("https://news.example/world.rss", url))
    (fault,) = folder.faults()
    assert "://(hidden)@" in fault
    assert not re.search("ida|ses", fault)

    folder.write(feeds=FEED.replace("https://", "https://ida:sesame@"))
    assert load(folder.path, {}).feeds[0].url.startswith("https://ida:sesame@")


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (TOKEN, 1300000000000009000),
        ("local-bot-token", None),
        ("MTIz.a.b", None),
        ("!!!", None),
        ("", None),
        ("4pSA4pSA4pSA4pSA4pSA4pSA.a.b", None),
    ],
)
def test_the_applications_id_stands_in_the_token(token: str, expected: int | None) -> None:
    """Its first part is the id, which is public; what is no such part tells none."""
    assert application_id(SecretStr(token)) == expected
    assert application_id(None) is None
