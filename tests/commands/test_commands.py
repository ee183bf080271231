"""Exit codes, output and sentences of the commands, as processes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Run

pytestmark = pytest.mark.slow

TOKEN = "MTMwMDAwMDAwMDAwMDAwMzAwMA.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"
FEED = """<rss version="2.0"><channel><title>The Test Courier</title><link>https://news.example/</link>
<item><title>Newer &amp; better</title><link>https://news.example/2</link><guid>b</guid>
<pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate><description>It is newer.</description></item>
<item><title>Older</title><link>https://news.example/1</link><guid>a</guid>
<pubDate>Sun, 01 Nov 2026 10:00:00 +0200</pubDate><category>World</category>
<description>It is older.</description></item></channel></rss>"""


def test_preview_json_is_one_object_a_line_oldest_first(newsthread: Run, tmp_path: Path) -> None:
    """`preview --json` prints the contract's keys for each article."""
    (tmp_path / "feed.rss").write_text(FEED)
    done = newsthread("preview", "feed.rss", "--json")

    assert (done.returncode, done.stderr) == (0, "")
    older, newer = map(json.loads, done.stdout.splitlines())
    message = older.pop("message")
    assert older == {
        "feed_title": "The Test Courier",
        "id": "a",
        "url": "https://news.example/1",
        "title": "Older",
        "author": None,
        "published": "2026-11-01T08:00:00Z",
        "updated": None,
        "summary": "It is older.",
        "image": None,
        "categories": ["World"],
        "source_line": "Based on a report from The Test Courier 2026-11-01",
        "thread_name": "Older",
    }
    assert message["flags"] == 1 << 15
    assert message["allowed_mentions"] == {"parse": []}
    assert newer["thread_name"] == "Newer & better"


def test_preview_for_people(newsthread: Run, tmp_path: Path) -> None:
    """Without --json the posts are shown as text."""
    (tmp_path / "feed.rss").write_text(FEED)
    done = newsthread("preview", "feed.rss")
    assert done.returncode == 0
    assert "Based on a report from The Test Courier 2026-11-02" in done.stdout


def test_preview_of_what_is_no_feed(newsthread: Run, tmp_path: Path) -> None:
    """A page, an absent file and a closed port end with 1 and one line that names the source."""
    (tmp_path / "page.html").write_text("<!doctype html><html><body>Hello</body></html>")
    for source in ("page.html", "absent.rss", "http://127.0.0.1:1/feed"):
        done = newsthread("preview", source)
        assert (done.returncode, done.stdout) == (1, "")
        (line,) = done.stderr.splitlines()
        assert line.startswith(source)


def test_run_without_token(newsthread: Run, config: Path) -> None:
    """No token is bad configuration, said in a sentence that names the variable."""
    done = newsthread("run", "--config", str(config))
    assert done.returncode == 2
    assert "DISCORD_TOKEN" in done.stderr


def test_run_with_faults(newsthread: Run, config: Path) -> None:
    """Every fault is named with file, line and key; exit 2."""
    (config / "feeds.toml").write_text("[[feed]]\nid = 'world'\nurl = 'nowhere'\ninterval = '5x'\n")
    done = newsthread("run", "--config", str(config), DISCORD_TOKEN="x")
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert [line.partition(": ")[0].rpartition("/")[2] for line in lines] == [
        "feeds.toml:1",
        "feeds.toml:3",
        "feeds.toml:4",
    ]


def test_check(newsthread: Run, config: Path) -> None:
    """`check` passes a good folder, warns without failing, and lists faults on stdout with exit 2."""
    assert newsthread("check", "--config", str(config)).returncode == 0

    with (config / "feeds.toml").open("a") as file:
        file.write("chanel_id = 1\n")
    done = newsthread("check", "--config", str(config))
    assert done.returncode == 0
    assert "feeds.toml:5" in done.stdout
    assert "channel_id" in done.stdout

    with (config / "feeds.toml").open("a") as file:
        file.write("backfill = 'many'\n")
    done = newsthread("check", "--config", str(config))
    assert done.returncode == 2
    assert "feeds.toml:6: backfill: " in done.stdout


def test_check_tells_how_to_invite(newsthread: Run, config: Path) -> None:
    """After the verdict comes the address with the application's id, where the token has it, and each permission's
    reason; where something is wrong stdout has the lines of faults alone."""
    done = newsthread("check", "--config", str(config), DISCORD_TOKEN=TOKEN)
    assert (done.returncode, done.stderr) == (0, f"{config} is good: 1 feed\n")
    address, heading, *reasons = done.stdout.splitlines()
    (number,) = re.findall(
        r"^invite the bot with https://discord\.com/oauth2/authorize\?client_id=1300000000000003000"
        r"&scope=bot%20applications\.commands&permissions=(\d+)$",
        address,
    )
    assert heading == "which gives it, and no more:"
    assert len(reasons) == int(number).bit_count()
    assert '  Manage Webhooks: replies become posts under their author\'s name (quotes = "repost")' in reasons
    assert TOKEN.rpartition(".")[2] not in done.stdout

    (config / "feeds.toml").write_text("[[feed]]\nid = 'world'\n")
    done = newsthread("check", "--config", str(config), DISCORD_TOKEN=TOKEN)
    assert (done.returncode, done.stderr) == (2, "")
    assert all(re.match(r"\S+:\d+: \S+: ", line) for line in done.stdout.splitlines())


def test_opml_there_and_back(newsthread: Run, config: Path, tmp_path: Path) -> None:
    """An exported list imports as the same addresses; imported entries are TOML with fresh ids."""
    exported = newsthread("opml", "export", "--config", str(config))
    assert exported.returncode == 0
    (tmp_path / "feeds.opml").write_text(exported.stdout)
    imported = newsthread("opml", "import", "feeds.opml")
    assert imported.returncode == 0
    assert 'url = "https://news.example/world.rss"' in imported.stdout

    (tmp_path / "not.opml").write_text("hello")
    refused = newsthread("opml", "import", "not.opml")
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.slow
def test_db(newsthread: Run, config: Path, tmp_path: Path) -> None:
    """The store is made, found sound, and backed up once; a second backup does not overwrite."""
    folder = ("--config", str(config))
    assert newsthread("db", "check", *folder).returncode == 1
    assert newsthread("db", "upgrade", *folder).returncode == 0
    assert newsthread("db", "check", *folder).returncode == 0
    assert newsthread("db", "backup", "copy.db", *folder).returncode == 0
    assert (tmp_path / "copy.db").is_file()
    again = newsthread("db", "backup", "copy.db", *folder)
    assert again.returncode == 1
    assert "copy.db" in again.stderr


def test_version_and_usage(newsthread: Run) -> None:
    """`--version` answers; an unknown command is a usage error."""
    assert newsthread("--version").stdout.startswith("newsthread ")
    assert newsthread("frobnicate").returncode == 2
