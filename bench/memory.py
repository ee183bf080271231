"""``python -m bench.memory``: what the largest and cruellest documents cost, each in a process of its own.

For each shape: what became of it, the most memory that the bot and the child that reads had at any time, and the
longest that the loop was held, which all of the bot shares. Processor time, so that other programs don't count.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import resource
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import pairwise

from bot.clock import Clock
from bot.feeds.decide import decide
from bot.feeds.fetch import Fetcher
from bot.feeds.worker import Parser
from bot.model import Failure, Fetched, Validators
from bot.settings.keys import Feed, WatcherKeys
from tests.feeds.site import Site, response

MIB = 1024 * 1024
SIZE = 8 * MIB - 4096  # just below the default of watcher.max_bytes


def _rss(items: bytes, head: bytes = b"") -> bytes:
    return head + b"<rss version='2.0'><channel><title>News</title>" + items + b"</channel></rss>"


def _item(words: bytes) -> bytes:
    return b"<item><guid>1</guid><title>x</title><description>" + words + b"</description></item>"


def _filled(unit: bytes, size: int = SIZE) -> bytes:
    return unit * (size // len(unit))


def _long_entries(word: str) -> bytes:
    text = word.encode() * (1400 // len(word.encode()))
    return _rss(
        b"".join(
            b"<item><guid>%d</guid><description>%s</description></item>" % (n, text) for n in range(5500)
        )
    )


def _bomb(layers: int) -> bytes:
    body = bytes(100 * MIB)
    for _ in range(layers):
        body = gzip.compress(body, 9)
    return body


def _laughs() -> bytes:
    names = "abcdefghij"
    more = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names))
    return _rss(_item(b"&j;"), f'<!DOCTYPE r [<!-- <a --><!ENTITY a "ha">{more}]>'.encode())


SHAPES: dict[str, tuple[Callable[[], bytes], str]] = {
    "10 MiB of one title": (lambda: _rss(b"<item><title>" + b"x" * 10 * MIB + b"</title></item>"), ""),
    "100,000 entries": (lambda: _rss(b"".join(b"<item><guid>%d</guid><title>x</title></item>" % n for n in range(100_000))), ""),
    "8 MiB of empty entries": (lambda: _rss(_filled(b"<item/>")), ""),
    "5,500 entries, 8 MiB of words": (lambda: _long_entries("word "), ""),
    "5,500 entries, 8 MiB of emoji": (lambda: _long_entries("\U0001f600"), ""),
    "5,500 entries, 8 MiB of what is escaped": (lambda: _long_entries("*_"), ""),
    "8 MiB of tags in one text": (lambda: _rss(_item(_filled(b"&lt;b&gt;x"))), ""),
    "8 MiB of categories": (lambda: _rss(b"<item>" + _filled(b"<category>a</category>", MIB) + b"</item>"), ""),
    "depth of 100,000": (lambda: _rss(b"<item>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</item>"), ""),
    "100,000 attributes": (lambda: _rss(b"<item><title " + b" ".join(b"a%d='x'" % n for n in range(100_000)) + b">x</title></item>"), ""),
    "a billion laughs": (_laughs, ""),
    "one entity 100,000 times": (lambda: _rss(_item(b"&a;" * 100_000), b'<!DOCTYPE r [<!ENTITY a "' + b"A" * 250 + b'">]>'), ""),
    "8 MiB of comments": (lambda: b"<!--" * (SIZE // 4), ""),
    "8 MiB of blank lines": (lambda: b"<!-- x -->" + b"\n" * SIZE + _rss(b""), ""),
    "UTF-32": (lambda: _rss(_item(b"x" * (SIZE // 4 - 400))).decode().encode("utf-32"), ""),
    "8 MiB of JSON objects": (lambda: b'{"version":"https://jsonfeed.org/version/1","items":[' + _filled(b"{},") + b"{}]}", ""),
    "JSON nested 8 million deep": (lambda: b"[" * SIZE, ""),
    "gzip of 100 MiB": (lambda: _bomb(1), "gzip"),
    "gzip in gzip in gzip of 100 MiB": (lambda: _bomb(3), "gzip, gzip"),
    "deflate of 100 MiB": (lambda: zlib.compress(bytes(100 * MIB), 9), "deflate"),
    "zeros without end": (lambda: b"", ""),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """Sizes are in MiB; ``held`` is in processor seconds, ``seconds`` on the clock."""

    shape: str
    wire: float
    outcome: str
    bot: float
    child: float
    held: float
    seconds: float


async def cost(shape: str) -> Cost:
    """Fetch, read and decide upon this shape as the bot would."""
    make, coding = SHAPES[shape]
    body = make()
    large = len(body) > SIZE + 4096 and "title" in shape
    watcher = WatcherKeys(
        allow_private_addresses=True, max_bytes=16 * MIB if large else 8 * MIB, timeout=timedelta(seconds=60)
    )
    fetcher, parser = Fetcher(watcher, Clock()), Parser(1, 60)
    async with Site() as site:
        site.script(
            "/", response(200, body, {"Content-Encoding": coding} if coding else {}) if body else _endless
        )
        before = _peak(resource.RUSAGE_SELF)
        beats = asyncio.create_task(_longest_hold())
        began = time.monotonic()
        outcome: object = await fetcher.fetch(site.url("/"), Validators())
        if isinstance(outcome, Fetched):
            outcome = await parser.parse(outcome)
        if not isinstance(outcome, Failure):
            feed = Feed(id="bomb", url="https://a.example/", channel_id=1 << 22)
            outcome = f"{len(decide(feed, True, outcome, (), Clock().now()).post)} articles"  # type: ignore[arg-type]
        seconds = time.monotonic() - began
        beats.cancel()
        held = (await asyncio.gather(beats, return_exceptions=True))[0]
        await fetcher.close()
        await parser.close()
        while site.busy:  # noqa: ASYNC110 - until it notices that nobody listens any more
            await asyncio.sleep(0.01)
    return Cost(
        shape,
        len(body) / MIB,
        outcome.sentence if isinstance(outcome, Failure) else str(outcome),
        _peak(resource.RUSAGE_SELF) - before,
        _peak(resource.RUSAGE_CHILDREN),
        held if isinstance(held, float) else 0.0,
        seconds,
    )


async def _endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(bytes(64 * 1024))
        await writer.drain()


async def _longest_hold() -> float:
    longest = 0.0
    try:
        while True:
            since = time.thread_time()
            await asyncio.sleep(0.001)
            longest = max(longest, time.thread_time() - since)
    except asyncio.CancelledError:
        return longest


def _peak(who: int) -> float:
    """Resident memory at its most, in MiB."""
    return resource.getrusage(who).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / MIB


async def _apart(shape: str) -> Cost:
    """As ``cost``, in a process of its own: what a process once had can't be told from what it has."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __spec__.name if __spec__ else "bench.memory",
        "--one",
        shape,
        stdout=asyncio.subprocess.PIPE,
    )
    return Cost(**json.loads((await child.communicate())[0]))


async def table() -> str:
    """All shapes as a Markdown table."""
    lines = [
        "| document | MiB sent | outcome | bot, MiB more | child, MiB | loop held, ms | seconds |",
        "| --- | --: | --- | --: | --: | --: | --: |",
    ]
    for shape in SHAPES:
        one = await _apart(shape)
        lines.append(
            f"| {one.shape} | {one.wire:.1f} | {one.outcome} | {one.bot:.0f} | {one.child:.0f} | {one.held * 1000:.0f} | {one.seconds:.1f} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.memory", description=__doc__)
    parser.add_argument("--one", metavar="SHAPE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(asdict(asyncio.run(cost(options.one)))))
    else:
        print(asyncio.run(table()))


if __name__ == "__main__":
    main()
