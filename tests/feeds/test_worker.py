"""Parsing in children: warm, bounded, killed, replaced, and told nothing they need not know."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.feeds.parse import parse
from bot.feeds.worker import Parser
from bot.model import Failure, FailureKind, Fetched, ParsedFeed, Validators

DATA = Path(__file__).parent / "data"
ROOT = Path(__file__).parents[2]
RSS = b"<rss version='2.0'><channel><title>News</title><item><title>%s</title></item></channel></rss>"


def _fetched(body: bytes, content_type: str = "") -> Fetched:
    return Fetched("https://feeds.example/rss", body, content_type, Validators())


def _script(body: str) -> list[str]:
    """A child of our own making: it has sent its "ready" and holds ``receive``, ``send`` and ``me``."""
    frame = """
        import os, sys, time, signal
        def receive():
            return sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(4)))
        def send(reply):
            sys.stdout.buffer.write(len(reply).to_bytes(4) + reply)
            sys.stdout.buffer.flush()
        def feed(title):
            send(b'{"title": "%s", "url": null, "format": "rss20", "articles": []}' % title)
            send(b"")
        me = str(os.getpid()).encode()
        send(b"{}")
    """
    return [sys.executable, "-c", textwrap.dedent(frame) + textwrap.dedent(body)]


@asynccontextmanager
async def _parser(workers: int = 1, timeout: float = 30, script: str | None = None) -> AsyncIterator[Parser]:
    parser = Parser(workers, timeout, argv=_script(script) if script else None)
    try:
        yield parser
    finally:
        await parser.close()


async def _read(parser: Parser, body: bytes = b"x") -> ParsedFeed:
    parsed = await parser.parse(_fetched(body))
    assert isinstance(parsed, ParsedFeed), parsed
    return parsed


def _alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return False


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - processes have no event to wait for
            await asyncio.sleep(0.02)


# --- the real child ---------------------------------------------------------------------------------


async def test_a_child_reads_as_the_function_does() -> None:
    """Through the pipe every field of every sample arrives unchanged, and failures too."""
    async with _parser() as parser:
        for path in sorted(DATA.iterdir()):
            fetched = _fetched(path.read_bytes(), "text/xml")
            assert await parser.parse(fetched) == parse(fetched.body, "text/xml", fetched.url)
        failure = await parser.parse(_fetched(b"<html></html>"))

    assert failure == parse(b"<html></html>", "", "https://feeds.example/rss")


async def test_many_at_once() -> None:
    """More documents than children are read one after the other, each answered with its own."""
    async with _parser(workers=2) as parser:
        found = await asyncio.gather(*(_read(parser, RSS % str(n).encode()) for n in range(20)))

    assert [feed.articles[0].title for feed in found] == [str(n) for n in range(20)]


@pytest.mark.slow
async def test_a_large_document_fits_through_the_pipe() -> None:
    """Megabytes go in and come out without a deadlock."""
    items = b"".join(
        b"<item><guid>%d</guid><description>%s</description></item>" % (n, b"word " * 2000)
        for n in range(400)
    )

    async with _parser() as parser:
        parsed = await _read(parser, b"<rss><channel>" + items + b"</channel></rss>")

    assert len(parsed.articles) == 400


async def test_the_child_has_limits_and_no_secrets() -> None:
    """Memory, files and file size are limited; the environment is not inherited."""
    async with _parser() as parser:
        await _read(parser, RSS % b"x")
        pid = _only_child(parser)
        environment, limits = (_proc(pid, name) for name in ("environ", "limits"))

    names = {entry.partition("=")[0] for entry in environment.split("\0") if entry}
    assert names == {"PYTHONPATH", "PYTHONUTF8"}
    assert _limit(limits, "Max address space") == str(768 * 1024 * 1024)
    assert _limit(limits, "Max file size") == "0"
    assert _limit(limits, "Max open files") == "32"


async def test_the_childs_memory_is_limited() -> None:
    """What a document makes it ask for beyond its limit it does not get."""
    program = "from bot.feeds import worker; worker._limit_resources(); bytearray(worker.MEMORY)"
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stderr=asyncio.subprocess.PIPE, env={"PYTHONPATH": str(ROOT)}
    )

    assert b"MemoryError" in (await child.communicate())[1]


@pytest.mark.slow
async def test_a_child_that_needed_much_memory_is_replaced() -> None:
    """So that what one document took is not missing to the next; nobody notices, however large this process is."""
    large = bytearray(400 * 1024 * 1024)
    large[::4096] = b"x" * (len(large) // 4096)
    async with _parser() as parser:
        first = await _read(parser, b'{"items":[' + b'{"a":1},' * 1_200_000 + b"{}]}")
        second = await _read(parser, RSS % b"x")

        assert len(first.articles) == len(second.articles) == 1
        assert parser.started == 2


async def test_a_child_loads_only_what_parsing_needs() -> None:
    """What a child imports knows nothing of Discord, the store or the network."""
    program = "import sys, bot.feeds.worker, bot.feeds.parse; print(*sys.modules)"
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE, env={"PYTHONPATH": str(ROOT)}
    )
    loaded = (await child.communicate())[0].decode().split()

    assert "feedparser" in loaded
    assert not {"discord", "sqlalchemy", "aiohttp", "pydantic", "bot.store", "bot.settings"} & set(loaded)


def _proc(pid: int, name: str) -> str:
    return Path(f"/proc/{pid}/{name}").read_text()


def _limit(limits: str, name: str) -> str:
    return next(line for line in limits.splitlines() if line.startswith(name)).removeprefix(name).split()[0]


def _only_child(parser: Parser) -> int:
    (child,) = parser._idle
    return child.process.pid


async def test_the_child_ignores_ctrl_c_and_leaves_with_the_pipe() -> None:
    """SIGINT, which a terminal sends to all, ends no child; the closed pipe does."""
    async with _parser() as parser:
        await _read(parser, RSS % b"x")
        pid = _only_child(parser)
        os.kill(pid, signal.SIGINT)
        await _read(parser, RSS % b"x")
        assert _only_child(parser) == pid

    assert not _alive(pid)


@pytest.mark.slow
async def test_children_of_a_killed_parent_leave(tmp_path: Path) -> None:
    """A parent that dies of SIGKILL leaves no child behind."""
    program = tmp_path / "parent.py"
    program.write_text(
        textwrap.dedent(
            """
            import asyncio
            from bot.feeds.worker import Parser
            from bot.model import Fetched, Validators

            async def main():
                parser = Parser(1, 30)
                await parser.parse(Fetched("", b"<rss/>", "", Validators()))
                print(parser._idle[0].process.pid, flush=True)
                await asyncio.sleep(60)

            asyncio.run(main())
            """
        )
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, str(program), stdout=asyncio.subprocess.PIPE, env={"PYTHONPATH": str(ROOT)}
    )
    assert parent.stdout is not None
    pid = int(await parent.stdout.readline())
    assert _alive(pid)

    parent.kill()
    await parent.wait()

    await _until(lambda: not _alive(pid))


# --- children that misbehave ------------------------------------------------------------------------

ECHO = """
    while True:
        receive(), receive()
        feed(me)
"""


async def test_children_stay_warm() -> None:
    """One child reads many documents."""
    async with _parser(script=ECHO) as parser:
        titles = {(await _read(parser)).title for _ in range(5)}

    assert len(titles) == 1


async def test_an_endless_document_is_killed() -> None:
    """A child that takes too long is killed, its document unreadable, and the next one read by another."""
    script = """
        while True:
            receive()
            if receive() == b"endless":
                while True:
                    pass
            feed(me)
    """
    async with _parser(timeout=1, script=script) as parser:
        before = int((await _read(parser)).title)
        outcome = await parser.parse(_fetched(b"endless"))
        after = int((await _read(parser)).title)
        await _until(lambda: not _alive(before))

    assert outcome == Failure(FailureKind.UNREADABLE, "The feed took longer than 1 seconds to read.")
    assert after != before


@pytest.mark.parametrize(
    "deed",
    [
        "os.kill(os.getpid(), signal.SIGKILL)",
        "sys.exit(0)",
        "sys.stdout.buffer.write(b'\\x00\\x00\\x10\\x00half'); sys.stdout.buffer.flush(); sys.exit(0)",
        "send(b'no json')",
        "send(b'{\"title\": 5}')",
        "send(b'[' * 100000)",
        'send(b\'{"kind": "nonsense", "sentence": "x"}\')',
        "sys.stdout.buffer.write(b'\\xff\\xff\\xff\\xff'); sys.stdout.buffer.flush()",
    ],
)
async def test_a_child_that_dies_or_babbles_is_replaced(deed: str) -> None:
    """Whatever a child does, the document is unreadable and the next one is read by another."""
    script = f"""
        while True:
            receive()
            if receive() == b"evil":
                {deed}
            feed(me)
    """
    async with _parser(script=script, timeout=10) as parser:
        before = (await _read(parser)).title
        outcome = await parser.parse(_fetched(b"evil"))
        after = (await _read(parser)).title

    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.UNREADABLE
    assert after != before


async def test_a_child_that_died_while_idle_is_replaced() -> None:
    """A child killed between two documents costs none of them, whether its end was noticed or not."""
    async with _parser(script=ECHO) as parser:
        seen = {int((await _read(parser)).title)}
        for notice in (True, False):
            child = parser._idle[0]
            os.kill(child.process.pid, signal.SIGKILL)
            if notice:
                await child.process.wait()
            seen.add(int((await _read(parser)).title))

    assert len(seen) == 3


async def test_a_cancelled_caller_leaves_no_answer_behind() -> None:
    """After a cancelled parse nobody is given the cancelled document's answer."""
    script = """
        while True:
            receive()
            body = receive()
            if body == b"slow":
                time.sleep(0.5)
            feed(body)
    """
    async with _parser(script=script) as parser:
        await _read(parser, b"warm")
        task = asyncio.create_task(parser.parse(_fetched(b"slow")))
        await _until(lambda: not parser._idle)

        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        assert (await _read(parser, b"next")).title == "next"


async def test_a_child_that_does_not_start() -> None:
    """A program that is missing or ends at once is a fault of ours, not of the feed."""
    for argv in (["/nonexistent/python"], [sys.executable, "-c", "pass"]):
        parser = Parser(1, 5, argv=argv)
        outcome = await parser.parse(_fetched(b"x"))
        await parser.close()

        assert isinstance(outcome, Failure)
        assert outcome.kind is FailureKind.INTERNAL


async def test_closing_waits_for_the_children() -> None:
    """After close no child is left, and closing again does nothing."""
    parser = Parser(2, 10, argv=_script(ECHO))
    pids = {int((await _read(parser)).title) for _ in range(2)}

    await parser.close()
    await parser.close()

    assert not any(map(_alive, pids))
