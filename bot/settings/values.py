"""What a single value may be, beyond its TOML type: durations, addresses, ids, colours, templates.

Pure checks. Each raises ValueError with one sentence, for people, that says what is wrong and what is expected.
They know neither files nor keys.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic_core import core_schema

from bot.emoji import emoji_markdown, is_emoji

if TYPE_CHECKING:
    from collections.abc import Collection

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue

_DURATION = re.compile(r"(\d{1,9})([smhd])", re.ASCII)
_UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_LISTEN = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/\[\]]+)):(\d{1,5})", re.ASCII)
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")
_LONGEST_URL = 2048
_FIRST_SNOWFLAKE = 1 << 22  # one millisecond after Discord's epoch: nothing real has a smaller id
_LAST_SNOWFLAKE = (1 << 63) - 1  # what SQLite and TOML can hold


def printable(text: str) -> str:
    """The text on one line, with what can't be seen (or would steer a terminal) as escapes."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def show(value: object) -> str:
    """A value as its author would recognise it in the file, in at most about 60 characters."""
    match value:
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return "a list"
        case dict():
            return "a section"
        case str():
            return f'"{_short(printable(value))}"'
        case int() | float():
            return _short(str(value))
    return f"the date or time {value}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def parse_duration(value: object) -> timedelta:
    """``"90s"``, ``"5m"``, ``"2h"`` or ``"7d"`` as a timedelta; a timedelta is given back as it is.

    Raises:
        ValueError: anything else.
    """
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'{show(value)} is not a duration; expected one such as "30s", "5m", "2h" or "7d"')
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def format_duration(value: timedelta) -> str:
    """The shortest text that ``parse_duration`` reads as ``value``, which is in whole seconds."""
    seconds = int(value.total_seconds())
    unit = next((unit for unit, size in _UNITS.items() if seconds and seconds % size == 0), "s")
    return f"{seconds // _UNITS[unit]}{unit}"


@dataclass(frozen=True, slots=True)
class DurationBetween:
    """Annotation that lets pydantic read a duration and hold it between two others, both allowed.

    A timedelta comes from code, not from a file, and is taken as it is.
    """

    low: str = "0s"
    high: str = "999999999d"

    def check(self, value: object) -> timedelta:
        duration = parse_duration(value)
        if isinstance(value, str):
            if duration < parse_duration(self.low):
                raise ValueError(f"{show(value)} is too short; expected {self.expects}")
            if duration > parse_duration(self.high):
                raise ValueError(f"{show(value)} is too long; expected {self.expects}")
        return duration

    @property
    def expects(self) -> str:
        if self == DurationBetween():
            return 'a duration such as "30s", "5m", "2h" or "7d"'
        return f'a duration from "{self.low}" to "{self.high}"'

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.check, serialization=core_schema.plain_serializer_function_ser_schema(format_duration)
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        described: dict[str, Any] = {
            "type": "string",
            "pattern": r"^\d{1,9}[smhd]$",
            "x-expects": self.expects,
        }
        return described


def check_snowflake(value: int) -> int:
    if not _FIRST_SNOWFLAKE <= value <= _LAST_SNOWFLAKE:
        raise ValueError(
            f"{show(value)} is not a Discord id; expected one of 17 to 19 digits: turn on Developer Mode in"
            " Discord's settings, right-click the server, channel or role and choose Copy ID"
        )
    return value


def check_feed_id(value: str) -> str:
    return _check_id(value, "a feed", "world")


def check_rule_id(value: str) -> str:
    return _check_id(value, "a rule", "paid")


def _check_id(value: str, whose: str, example: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", value):
        raise ValueError(
            f"{show(value)} can't be {whose}'s id; expected 1 to 64 of the characters a-z, 0-9, - and _,"
            f' with a letter or digit first, such as "{example}"'
        )
    return value


def check_reason(value: str) -> str:
    """Words that stand between "Removed a post that" and a full stop."""
    expected = 'expected what follows "Removed a post that", such as "claimed a member was paid to post"'
    if not value.strip() or not value.isprintable():
        raise ValueError(f"{show(value)} can't be shown on one line; {expected}")
    if re.match(r"\s*(?:removed (?:a post|posts|[0-9]+ posts) )?that(?:\s|\Z)", value, re.IGNORECASE):
        raise ValueError(f"{show(value)} begins with words that are put before it; {expected}")
    if value.rstrip().endswith("."):
        raise ValueError(f"{show(value)} ends with a full stop, which is put behind it; {expected}")
    return value


def check_color(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError(
            f'{show(value)} is not a colour; expected "#" and six of the characters 0-9 and a-f, such as "#5865f2"'
        )
    return value


def check_contact(value: str) -> str:
    """It travels in an HTTP header, so only printable ASCII (RFC 9110 §5.5)."""
    if not (value.isascii() and (value == "" or value.isprintable())):
        raise ValueError(
            f"{show(value)} can't be sent with a request; expected a web or e-mail address without accents or line breaks"
        )
    return value


def check_emoji(value: str) -> str:
    """As it is written in a message; how it was written here makes no difference."""
    if not is_emoji(value):
        raise ValueError(
            f'{show(value)} is not one emoji; expected a single one such as "💙", or one of the server\'s own as'
            ' "<:name:id>"'
        )
    return emoji_markdown(value)


def check_one_line(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise ValueError(f"{show(value)} can't be shown; expected a name on one line")
    return value


def _web_address(value: str, example: str) -> tuple[str, str]:
    """Scheme and host.

    Raises:
        ValueError: not http or https, or without a host.
    """
    expected = f'expected one that starts with https:// or http://, such as "{example}"'
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if _UNPRINTABLE.search(value):
        raise ValueError(f"{show(value)} has a space or an invisible character in it; {expected}")
    if not host or parts.scheme not in {"http", "https"}:
        raise ValueError(f"{show(value)} is not a web address; {expected}")
    return parts.scheme, host


def check_feed_url(value: str) -> str:
    _web_address(value, "https://news.example/world.rss")
    if len(value) > _LONGEST_URL:
        raise ValueError(f"the address has {len(value)} characters; expected at most {_LONGEST_URL}")
    return value


def is_loopback(host: str) -> bool:
    """Whether a host, as written, is certain to be this machine itself."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_api_base(value: str) -> str:
    scheme, host = _web_address(value, "https://discord.com/api/v10")
    parts = urlsplit(value)
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError(
            f"{show(value)} has a name, ? or # in it; expected a plain address such as"
            ' "https://discord.com/api/v10"'
        )
    if scheme == "http" and not is_loopback(host):
        raise ValueError(
            f"{show(value)} would send the bot's token readable over the network; expected https://"
            " (http:// is accepted only for this machine: 127.0.0.1, [::1] or localhost)"
        )
    return value


def parse_listen(value: str) -> tuple[str, int]:
    """``"host:port"`` or ``"[IPv6]:port"`` as host without brackets and port; port 0 means any free one.

    Raises:
        ValueError: anything else.
    """
    match = _LISTEN.fullmatch(value)
    if match is None or int(match[3]) > 65535:
        raise ValueError(
            f"{show(value)} is no address to listen on; expected host and port such as"
            ' "127.0.0.1:8710", or "" to turn it off'
        )
    return match[1] or match[2], int(match[3])


def check_listen(value: str) -> str:
    if value:
        parse_listen(value)
    return value


def check_store_url(value: str) -> str:
    """A path on disk behind ``sqlite+aiosqlite:///``: the one form that migrations and the lock know."""
    expected = 'expected "sqlite+aiosqlite:///" and a path, such as "sqlite+aiosqlite:///data/newsthread.db"'
    prefix = "sqlite+aiosqlite:///"
    if not value.startswith("sqlite+aiosqlite:"):
        raise ValueError(f"{show(value)} is not a kind of store this version knows; {expected}")
    path = value.removeprefix(prefix)
    if not value.startswith(prefix) or not path.strip("/") or path.endswith("/"):
        raise ValueError(f"{show(value)} names no file; {expected} (three slashes, four before /a/full/path)")
    if ":memory:" in path:
        raise ValueError(f"{show(value)} would forget everything at each stop; {expected}")
    if "?" in path or "#" in path or not path.isprintable():
        raise ValueError(f"{show(value)} has ?, # or an invisible character in its path; {expected}")
    return value


def check_template(value: str, placeholders: Collection[str]) -> str:
    """``{name}`` must be a placeholder; ``{{`` and ``}}`` are literal braces; no brace stands alone.

    ``{image}`` becomes a picture, not text, and so needs a line of its own.
    """
    for number, line in enumerate(value.split("\n"), start=1):
        for match in _PLACEHOLDER.finditer(line):
            name = match[1]
            if match[0] in {"{", "}"}:
                raise ValueError(
                    f"a {match[0]} stands alone on line {number} of the template; expected {{name}} around a"
                    " placeholder, or {{ and }} for braces that are to be seen"
                )
            if name is not None and name not in placeholders:
                raise ValueError(_no_placeholder(name, placeholders))
            if name == "image" and line.strip() != "{image}":
                raise ValueError(
                    f"{{image}} shares line {number} of the template; expected it on a line of its own"
                )
    return value


def _no_placeholder(name: str, placeholders: Collection[str]) -> str:
    near = difflib.get_close_matches(name.strip().lower(), placeholders, n=1)
    cure = f"did you mean {{{near[0]}}}?" if near else f"expected one of {', '.join(sorted(placeholders))}"
    return f"{{{_short(printable(name))}}} is not a placeholder; {cure}"
