"""From files to settings: every mistake at once, each with file, line, key, what is wrong, what is expected."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from bot.errors import ConfigError
from bot.model import QuoteMode
from bot.settings import inspect, load
from bot.settings.keys import DEFAULT_TEMPLATE, DeliveryKeys, QuotesKeys, WatcherKeys
from tests.settings.conftest import FEED, NEWSTHREAD

if TYPE_CHECKING:
    from tests.settings.conftest import Folder

ROOT = Path(__file__).resolve().parents[2]


def test_sound_folder(folder: Folder) -> None:
    """A sound folder gives frozen settings with the documented defaults and nothing to complain about."""
    report = folder.inspect()

    assert (report.faults, report.warnings) == ((), ())
    settings = load(folder.path, {})
    assert settings == report.settings
    assert settings.discord.guild_id == 1300000000000001000
    assert settings.discord.api_base == "https://discord.com/api/v10"
    assert settings.watcher == WatcherKeys(concurrency=64, allow_private_addresses=False)
    assert settings.delivery == DeliveryKeys(
        send_deadline=timedelta(seconds=30), settle=timedelta(seconds=150)
    )
    assert settings.status.listen == "127.0.0.1:8710"
    assert (settings.discord.language, settings.discord.message_content) == ("en", True)
    assert settings.quotes == QuotesKeys(
        typed=True,
        follow_edits=timedelta(days=7),
        basket=timedelta(days=1),
        most=5,
        catch_up=timedelta(days=1),
    )
    assert settings.moderation.log_channel_id is None
    assert [feed.quotes for feed in settings.feeds] == [QuoteMode.REPOST]
    assert [(feed.id, feed.interval, feed.template) for feed in settings.feeds] == [
        ("world", timedelta(minutes=5), DEFAULT_TEMPLATE)
    ]
    assert settings.token is None
    with pytest.raises(ValidationError):
        settings.discord.guild_id = 1300000000000001001


def test_shipped_examples() -> None:
    """The files in config/ pass as they are, and name no site that exists (RFC 2606)."""
    report = inspect(ROOT / "config", {})

    assert (report.faults, report.warnings) == ((), ())
    assert report.settings is not None
    assert [feed.url.split("/")[2] for feed in report.settings.feeds] == ["news.example"]


def test_defaults_reach_every_feed_that_does_not_say_otherwise(folder: Folder) -> None:
    """[defaults] lies under each [[feed]], whose own keys win."""
    folder.write(
        feeds='[defaults]\ninterval = "10m"\ntags = ["World"]\nchannel_id = 1300000000000002001\n'
        + FEED
        + '[[feed]]\nid = "two"\nurl = "http://two.example/"\ninterval = "1h"\n'
    )

    feeds = load(folder.path, {}).feeds

    assert [(f.id, f.interval.total_seconds(), f.tags, f.channel_id) for f in feeds] == [
        ("world", 600, ("World",), 1300000000000002000),
        ("two", 3600, ("World",), 1300000000000002001),
    ]


def test_every_mistake_at_once(folder: Folder) -> None:
    """All faults of all files arrive in one error, in file and line order, and as what `load` raises."""
    folder.write(
        newsthread='[discord]\nguild_id = "1300000000000001000"\n[watcher]\nconcurrency = 0\ntimeout = 5\n',
        feeds='[defaults]\ninterval = "5 minutes"\n'
        + FEED
        + '[[feed]]\nid = "World 2"\nurl = "news.example/feed"\n\nbackfill = true\n[[feed]]\nid = "world"\n',
    )

    with pytest.raises(ConfigError) as caught:
        load(folder.path, {})

    assert tuple(folder.inspect().faults) == caught.value.faults
    assert folder.faults() == [
        'feeds.toml:2: defaults.interval: "5 minutes" is not a duration; expected one such as "30s", "5m", "2h" or "7d"',
        "feeds.toml:7: channel_id: is required but missing; add a line such as channel_id = 1300000000000002000",
        "feeds.toml:8: id: \"World 2\" can't be a feed's id; expected 1 to 64 of the characters a-z, 0-9, - and _,"
        ' with a letter or digit first, such as "world"',
        'feeds.toml:9: url: "news.example/feed" is not a web address; expected one that starts with https:// or'
        ' http://, such as "https://news.example/world.rss"',
        "feeds.toml:11: backfill: true is not a whole number; expected a whole number from 0 to 100",
        "feeds.toml:12: url: is required but missing; add a line such as url ="
        ' "https://news.example/world.rss"',
        "feeds.toml:12: channel_id: is required but missing; add a line such as channel_id = 1300000000000002000",
        'feeds.toml:13: id: "world" is already the id of the feed on line 4; expected one that no other feed has',
        'newsthread.toml:2: discord.guild_id: "1300000000000001000" is in quotes; expected a Discord id, which is a'
        " number: drop the quotes",
        "newsthread.toml:4: watcher.concurrency: 0 is too small; expected a whole number from 1 to 1024",
        'newsthread.toml:5: watcher.timeout: 5 is not a duration; expected one such as "30s", "5m", "2h" or "7d"',
    ]


def test_a_wrong_default_is_one_mistake(folder: Folder) -> None:
    """A refused default is told where it stands, not again as missing in every feed that leans on it."""
    folder.write(
        feeds='[defaults]\nchannel_id = "news"\n'
        '[[feed]]\nid = "a"\nurl = "https://a.example/"\n[[feed]]\nid = "b"\nurl = "https://b.example/"\n'
    )

    assert folder.faults() == [
        'feeds.toml:2: defaults.channel_id: "news" is not a whole number; expected a Discord id, which is a number'
    ]


@pytest.mark.parametrize(
    ("feeds", "fault"),
    [
        ("[feed]\nid = 'a'\n", "feeds.toml:1: feed: is not a list of sections; expected the line [[feed]], in double"),
        ("\nfeed = 3\n", "feeds.toml:2: feed: is not a list of sections; expected the line [[feed]], in double"),
        ("feed = [3]\n", "feeds.toml:1: feed: 3 is not a section; expected the line [[feed]]"),
        ("[[defaults]]\n", "feeds.toml:1: defaults: a list is not a section; expected the line [defaults]"),
        (FEED + "tags = 'World'\n", 'feeds.toml:5: tags: "World" is not a list; expected a list of at most 5 texts'),
        (FEED + "tags = [\n'a',\n5]\n", "feeds.toml:7: tags[1]: 5 is not text; expected text in quotes"),
        (FEED + f"tags = {list('abcdef')}\n", "feeds.toml:5: tags: the list has 6 entries; expected a list of at most"),
        (FEED + "slow_mode = '7h'\n", 'feeds.toml:5: slow_mode: "7h" is too long; expected a duration from "0s" to'),
        (FEED + "interval = '0s'\n", 'feeds.toml:5: interval: "0s" is too short; expected a duration from "1s" to'),
        (FEED + "auto_archive = '2d'\n", 'auto_archive: "2d" is not one of the choices; expected "1h", "1d", "3d" or'),
        (FEED + "quotes = 'on'\n", 'quotes: "on" is not one of the choices; expected "repost", "companion" or "off"'),
        (FEED + "quotes = false\n", 'feeds.toml:5: quotes: false is not one of the choices; expected "repost",'),
        (FEED + "enabled = 'true'\n", 'feeds.toml:5: enabled: "true" is in quotes; expected true or false: drop the'),
        (FEED + "accent_color = 'red'\n", 'accent_color: "red" is not a colour; expected "#" and six'),
        (FEED + "mention_role_id = 12\n", "mention_role_id: 12 is not a Discord id; expected one of 17 to 19 digits"),
        (FEED + 'source = "a\\u0007"', "feeds.toml:5: source: "),
        (FEED + "template = '{titel}'\n", "feeds.toml:5: template: {titel} is not a placeholder; did you mean {title}?"),
        (FEED + "template = '{title!r}'\n", "template: {title!r} is not a placeholder; did you mean {title}?"),
        (FEED + 'template = """\nx\n{title\n"""\n', "template: a { stands alone on line 2 of the template; expected"),
        (FEED + 'template = "{image} {title}"\n', "template: {image} shares line 1 of the template; expected it on a"),
        (FEED + 'template = "}"\n', "template: a } stands alone on line 1 of the template"),
        (FEED + 'template = "{}"\n', "template: {} is not a placeholder; expected one of author, body"),
        (FEED.replace("https://news.example/world.rss", "https:///x"), 'url: "https:///x" is not a web address'),
        (FEED.replace("https://news.example/world.rss", "ftp://x.example/"), "is not a web address; expected one that"),
        (FEED.replace("https://news.example/world.rss", "https://x.example:99999/"), "is not a web address"),
        (FEED.replace("news.example/world.rss", "x.example/a b"), "has a space or an invisible character in it"),
        (FEED.replace("world.rss", "x" * 2048), "url: the address has 2069 characters; expected at most 2048"),
    ],
)  # fmt: skip
def test_mistakes_in_feeds(folder: Folder, feeds: str, fault: str) -> None:
    """Each rule for feeds is broken in one sentence that names line, key and expectation."""
    folder.write(feeds=feeds)

    (only,) = folder.faults()

    assert fault in only


@pytest.mark.parametrize("template", ["{{title}} {title}", "no placeholder", "{{{title}}}", DEFAULT_TEMPLATE])
def test_templates_that_are_right(folder: Folder, template: str) -> None:
    """Doubled braces are literal, and a template need not hold a placeholder."""
    folder.write(feeds=FEED + f"template = '''{template}'''\n")

    assert folder.faults() == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[store]\n", "newsthread.toml:1: discord: is required but missing; add a section that begins with the line [d"),
        ("\n\n[discord]\n", "newsthread.toml:3: discord.guild_id: is required but missing; add a line such as guild_id"),
        ("discord = 1", "newsthread.toml:1: discord: 1 is not a section; expected the line [discord]"),
        (NEWSTHREAD + "[log]\nlevel = 'INFO'", 'newsthread.toml:4: log.level: "INFO" is not one of the choices; expected'),
        (NEWSTHREAD + "[watcher]\nmax_bytes = 99.5", "watcher.max_bytes: 99.5 is not a whole number; expected a whole"),
        (NEWSTHREAD + "[watcher]\ncontact = 'Zoë'", 'watcher.contact: "Zoë" can\'t be sent with a request; expected'),
        (NEWSTHREAD + "[store]\nurl = 'postgresql://x/y'", "store.url: \"postgresql://x/y\" is not a kind of store this"),
        (NEWSTHREAD + "[store]\nurl = 'sqlite+aiosqlite://data/x.db'", "names no file; expected"),
        (NEWSTHREAD + "[store]\nurl = 'sqlite+aiosqlite:///'", "names no file; expected"),
        (NEWSTHREAD + "[store]\nurl = 'sqlite+aiosqlite:///:memory:'", "would forget everything at each stop"),
        (NEWSTHREAD + "[store]\nurl = 'sqlite+aiosqlite:///x?mode=ro'", "has ?, # or an invisible character"),
        (NEWSTHREAD + "[status]\nlisten = '8710'", 'status.listen: "8710" is no address to listen on; expected host and'),
        (NEWSTHREAD + "[status]\nlisten = '127.0.0.1:70000'", "is no address to listen on"),
        (NEWSTHREAD + "[status]\nlisten = ':8710'", "is no address to listen on"),
        (NEWSTHREAD + "[status]\nlisten = '::1:8710'", "is no address to listen on"),
        (NEWSTHREAD + "language = 'fr'", 'newsthread.toml:3: discord.language: "fr" is not one of the choices; expected "en" or'),
        (NEWSTHREAD + "message_content = 1", "discord.message_content: 1 is not true or false; expected one of the two"),
        (NEWSTHREAD + "[quotes]\nmost = 11", "newsthread.toml:4: quotes.most: 11 is too large; expected a whole number from 1 to 10"),
        (NEWSTHREAD + "[quotes]\nbasket = '0s'", 'quotes.basket: "0s" is too short; expected a duration from "1m" to "30d"'),
        (NEWSTHREAD + "[moderation]\nlog_channel_id = 5", "moderation.log_channel_id: 5 is not a Discord id; expected one of"),
        (NEWSTHREAD + "[delivery]\nsettle = '2h'", 'delivery.settle: "2h" is too long; expected a duration from "1s" to "1h"'),
        (NEWSTHREAD + "api_base = 'http://discord.test/api/v10'", "would send the bot's token readable over the network"),
        (NEWSTHREAD + "api_base = 'http://localhost.evil.test/'", "would send the bot's token readable over the network"),
        (NEWSTHREAD + "api_base = 'http://127.0.0.1@evil.test/'", "has a name, ? or # in it"),
        (NEWSTHREAD + "api_base = 'https://discord.com/api/v10?x=1'", "has a name, ? or # in it"),
        (NEWSTHREAD + "api_base = 'discord.com'", "newsthread.toml:3: discord.api_base: \"discord.com\" is not a web address"),
    ],
)  # fmt: skip
def test_mistakes_in_newsthread(folder: Folder, text: str, fault: str) -> None:
    """Each rule for newsthread.toml is broken in one sentence that names line, key and expectation."""
    folder.write(newsthread=text)

    (only,) = folder.faults()

    assert fault in only


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8700/api/v10", "http://localhost:1/api/v10", "http://[::1]:8700/api/v10/"]
)
def test_plain_http_to_this_machine(folder: Folder, address: str) -> None:
    """The local Discord may be spoken to over plain http."""
    folder.write(newsthread=NEWSTHREAD + f'api_base = "{address}"\n')

    assert folder.faults() == []


@pytest.mark.parametrize("listen", ["", "127.0.0.1:0", "[::1]:8710", "localhost:65535"])
def test_status_on_this_machine_or_off(folder: Folder, listen: str) -> None:
    """Loopback and off are nothing to warn about."""
    folder.write(newsthread=NEWSTHREAD + f'[status]\nlisten = "{listen}"\n')

    assert (folder.faults(), folder.warnings()) == ([], [])


@pytest.mark.parametrize("listen", ["0.0.0.0:8710", "[::]:8710", "status.example:80"])
def test_status_for_others_is_warned_about(folder: Folder, listen: str) -> None:
    """A status page that other machines can reach is allowed, with a warning at its line."""
    folder.write(newsthread=NEWSTHREAD + f'[status]\nlisten = "{listen}"\n')

    (warning,) = folder.warnings()

    assert warning.startswith(f'newsthread.toml:4: status.listen: "{listen}" lets other machines read')
    assert folder.faults() == []


def test_unknown_keys_are_warned_about(folder: Folder) -> None:
    """A key nobody knows is told at its line, with the key that was probably meant; it stops nothing."""
    folder.write(
        newsthread=NEWSTHREAD + "guild-id = 1\n[statuss]\nx = 1\n[watcher]\nqqq = 1\n",
        feeds="[defaults]\nintervall = '5m'\n" + FEED + "chanel_id = 1\n[[feeds]]\nid = 'x'\n",
    )

    assert folder.faults() == []
    assert folder.warnings() == [
        "feeds.toml:2: defaults.intervall: unknown key, did you mean interval?",
        "feeds.toml:7: chanel_id: unknown key, did you mean channel_id?",
        "feeds.toml:8: feeds: unknown key, did you mean feed?",
        "newsthread.toml:3: discord.guild-id: unknown key, did you mean guild_id?",
        "newsthread.toml:4: statuss: unknown key, did you mean status?",
        "newsthread.toml:7: watcher.qqq: unknown key, it has no effect",
    ]


def test_warnings_come_with_faults(folder: Folder) -> None:
    """The misspelt key that explains a missing one is told beside it."""
    folder.write(feeds=FEED.replace("channel_id", "chanel_id"))

    assert folder.warnings() == ["feeds.toml:4: chanel_id: unknown key, did you mean channel_id?"]
    assert [fault.rsplit(": ", 1)[0] for fault in folder.faults()] == ["feeds.toml:1: channel_id"]


def test_no_way_to_answer(folder: Folder) -> None:
    """Neither typed nor native answers is allowed and warned about; one of the two is nothing to warn about."""
    folder.write(newsthread=NEWSTHREAD + "message_content = false\n[quotes]\ntyped = false\n")
    assert folder.warnings() == [
        "newsthread.toml:5: quotes.typed: false, with message_content = false too, leaves no way to answer with a"
        " quote; expected one to be true"
    ]

    folder.write(newsthread=NEWSTHREAD + "[quotes]\ntyped = false\n")
    assert folder.warnings() == []


def test_one_address_twice_into_one_channel(folder: Folder) -> None:
    """Two feeds that would post the same articles side by side are warned about; a paused one would not."""
    twin = FEED.replace('"world"', '"twin"')
    folder.write(feeds=FEED + twin)
    assert folder.warnings() == [
        'feeds.toml:7: url: the feed "world" brings the same address into the same channel: every article would'
        " appear twice"
    ]

    folder.write(feeds=FEED + twin + "enabled = false\n")
    assert folder.warnings() == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[discord]\nguild_id 5\n", "newsthread.toml:2: syntax: not valid TOML at column 10: expected '=' after a key"),
        ("[discord]\n\nguild_id = \n", "newsthread.toml:3: guild_id: not valid TOML at column 12: invalid value"),
        ("[discord]\nx = 1\nx = 2\n", "newsthread.toml:3: x: not valid TOML at column 6: cannot overwrite a value"),
        ("[discord]\n\nx = [1,\n", "newsthread.toml:3: x: not valid TOML: invalid value; expected key ="),
        ("[discord]\nx = '''\n", "newsthread.toml:2: x: not valid TOML: "),
        ("x = " + "[" * 2000, "newsthread.toml:0: file: lists or sections are nested too deeply"),
        ("x = " + "1" * 5000, "not valid TOML"),
    ],
)  # fmt: skip
def test_broken_toml(folder: Folder, text: str, fault: str) -> None:
    """A file that is not TOML keeps the line where reading it failed, and the other file is still looked through."""
    folder.write(newsthread=text, feeds=FEED + "backfill = -1\n")

    other, broken = folder.faults()

    assert fault in broken
    assert other.startswith("feeds.toml:5: backfill: -1 is too small")


def test_files_that_can_not_be_read(folder: Folder) -> None:
    """A missing file says what to copy; one that is no UTF-8 or no file says so."""
    (folder.path / "feeds.toml").unlink()
    assert folder.faults() == [
        "feeds.toml:0: file: the file is missing; copy feeds.toml from the config folder that comes with Newsthread"
    ]

    (folder.path / "feeds.toml").write_bytes(b"# caf\xe9\n")
    assert folder.faults() == [
        "feeds.toml:1: file: the file is not UTF-8 text; save it again with the encoding UTF-8"
    ]

    (folder.path / "feeds.toml").unlink()
    (folder.path / "feeds.toml").mkdir()
    (fault,) = folder.faults()
    assert fault.startswith("feeds.toml:0: file: the file can't be read (")


def test_missing_folder(tmp_path: Path) -> None:
    """A folder that is not there is one fault, not one for each file in it."""
    (fault,) = inspect(tmp_path / "nowhere", {}).faults

    assert str(fault) == (
        f"{tmp_path / 'nowhere'}:0: folder: there is no such folder; expected one with newsthread.toml and"
        " feeds.toml in it"
    )


def test_windows_text(folder: Folder) -> None:
    """A byte-order mark and CRLF are as good as none, and lines still count right."""
    text = NEWSTHREAD.replace("\n", "\r\n") + "[watcher]\r\nconcurrency = 0\r\n"
    (folder.path / "newsthread.toml").write_bytes(b"\xef\xbb\xbf" + text.encode())

    assert [fault.split(" ")[0] for fault in folder.faults()] == ["newsthread.toml:4:"]


def test_faults_are_one_printable_line(folder: Folder) -> None:
    """What would steer a terminal is shown as an escape, in keys and in values."""
    folder.write(
        newsthread=NEWSTHREAD + '"\\u001b[31m" = 1\n[log]\nlevel = "\\u001b]0;x\\u0007\\n"\n',
        feeds=FEED + 'template = "{\\u202etitle}"\n',
    )

    assert all(line.isprintable() for line in [*folder.faults(), *folder.warnings()])
    assert 'newsthread.toml:5: log.level: "\\x1b]0;x\\x07\\n" is not one of the choices' in folder.faults()[1]
    assert folder.warnings() == ["newsthread.toml:3: discord.\\x1b[31m: unknown key, it has no effect"]
