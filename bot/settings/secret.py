"""The bot's token: taken from the environment only, and refused wherever else it turns up.

No sentence made here repeats any part of a token.
"""

from __future__ import annotations

import os
import re
import shlex
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from bot.errors import Fault
from bot.settings.document import Document, key_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.settings.lines import KeyPath

# Three base64url parts: the bot's id (17 to 20 digits), the time, a signature of at least 27 characters.
_SHAPE = re.compile(r"(?<![\w-])[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}", re.ASCII)
# A name, and mostly a password, before the host of an address.
_PASSWORD = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^\s/?#'\"<>]+(?=@)", re.IGNORECASE)
_NAMES = {"token", "bot_token", "discord_token", "bottoken", "discordtoken"}
HIDDEN = "(hidden)"
_LARGEST = 4096  # bytes; a token has about 72
_REFUSAL = (
    "a bot token does not belong in a file like this; take it out and set the environment variable DISCORD_TOKEN,"
    " or DISCORD_TOKEN_FILE to the path of a file that only you can read (and reset the token if others saw it)"
)
_ABSENT = (
    "the bot's token is missing; set DISCORD_TOKEN to the token from the Bot page of Discord's developer portal,"
    " or DISCORD_TOKEN_FILE to the path of a file that holds it"
)


def hide(text: str) -> str:
    """The text without anything that looks like a token."""
    return _SHAPE.sub(HIDDEN, text)


def hide_passwords(text: str) -> str:
    """The text with addresses that tell no name and password."""
    return _PASSWORD.sub(rf"\1{HIDDEN}", text)


def hidden(data: Any) -> Any:
    """TOML data without tokens, and with tuples for lists, as strict models want them."""
    match data:
        case dict():
            return {key: hidden(value) for key, value in data.items()}
        case list():
            return tuple(hidden(item) for item in data)
        case str():
            return hide(data)
    return data


def names_token(key: object) -> bool:
    return isinstance(key, str) and key.lower().replace("-", "_") in _NAMES


def tokens_in(document: Document) -> list[Fault]:
    """One fault for each line with a key named like a token, or with anything of a token's shape.

    Comments count, and so does a file that is not valid TOML: what stands in a file gets copied with it.
    """
    keys = {
        document.lines.of(path): key_name(path) for path in sorted(document.lines.known(), key=len)
    }  # the deepest key of each line
    found = {
        document.lines.of(path): key_name(path)
        for path, value in _leaves((), document.data)
        if names_token(path[-1])
        or (isinstance(value, str) and (match := _SHAPE.search(value)) and match[0] not in document.text)
    }
    for number, line in enumerate(document.text.split("\n"), start=1):
        if _SHAPE.search(line):
            found.setdefault(number, hide(keys.get(number, "token")))
    return [Fault(document.path, line, key, _REFUSAL) for line, key in found.items()]


def _leaves(path: KeyPath, value: Any) -> Iterator[tuple[KeyPath, Any]]:
    if path and (not isinstance(value, dict | list) or names_token(path[-1])):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves((*path, key), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves((*path, index), inner)


def token_from(
    environ: Mapping[str, str], *, need_token: bool = False
) -> tuple[SecretStr | None, Fault | None]:
    """``DISCORD_TOKEN``, else what the file named by ``DISCORD_TOKEN_FILE`` holds."""
    if given := environ.get("DISCORD_TOKEN", "").strip():
        return _checked(given, Path("environment"), "DISCORD_TOKEN")
    if not (named := environ.get("DISCORD_TOKEN_FILE", "").strip()):
        return None, Fault(Path("environment"), 0, "DISCORD_TOKEN", _ABSENT) if need_token else None
    path = Path(named)
    try:
        with path.open("rb") as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o077:
                return None, Fault(
                    path,
                    0,
                    "DISCORD_TOKEN_FILE",
                    f"others may read this file; expected one that is yours alone: run chmod 600 {shlex.quote(named)}"
                    " (for a container's secret, mount it with mode 0400)",
                )
            content = file.read(_LARGEST).decode("utf-8-sig", errors="replace").strip()
    except OSError as error:
        return None, Fault(
            path,
            0,
            "DISCORD_TOKEN_FILE",
            f"the file can't be read ({error.strerror}); expected a file that holds the bot's token and nothing else",
        )
    return _checked(content, path, "DISCORD_TOKEN_FILE")


def application_id(token: SecretStr | None) -> int | None:
    """The id of the bot's application, which is public, where the token says it: Base64 in its first part."""
    if token is None:
        return None
    first = token.get_secret_value().partition(".")[0]
    try:
        said = urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except ValueError:
        return None
    return int(said) if re.fullmatch(r"[0-9]{17,20}", said) else None


def _checked(token: str, path: Path, key: str) -> tuple[SecretStr | None, Fault | None]:
    if token.startswith("Bot "):
        return None, Fault(
            path, 0, key, 'the token begins with "Bot "; expected the token alone, without that word'
        )
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        what = "has spaces, line breaks or foreign characters in it" if token else "is empty"
        return None, Fault(
            path, 0, key, f"the token {what}; expected one word, copied from the developer portal's Bot page"
        )
    return SecretStr(token), None
