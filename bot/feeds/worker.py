"""Parsing in child processes that stay warm, have limits, and are killed when they take too long.

A regular expression that runs wild holds the interpreter's lock: a thread can't be stopped and freezes the bot, a
process can. What comes back is JSON checked against the model, never a pickle: a child that has met hostile input
is not trusted. ``python -m bot.feeds.worker SECONDS`` is the child.

Frames, both ways: four bytes of length, big-endian, and so many bytes. To the child two: a JSON object
``{"url", "content_type"}`` and the body. From it the ParsedFeed without its articles, or the Failure, as JSON; then
lists of articles, some at a time, since checking thousands at once would hold up the whole bot; then an empty frame.
When ready it sends "{}".
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import json
import math
import os
import signal
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from bot.model import Article, Failure, FailureKind, Fetched, ParsedFeed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic import TypeAdapter

MEMORY = 768 * 1024 * 1024  # bytes of address space; a feed of 22 MB was measured to need 264 MB
FILES = 32
_START_SECONDS = 60.0  # importing on a busy machine; not held against a feed
_REPLY_MAX = 64 * 1024 * 1024  # bytes, of all its frames
_FRAME = 128 * 1024  # bytes after which a list of articles is sent
# Bytes of memory in use at most, after which a child leaves: what one document took is not missing to the next.
_WORN = 256 * 1024 * 1024
_GRACE = 5  # seconds after which a child ends itself, should its parent be gone


class Parser:
    """At most ``workers`` children, started when first needed; ``timeout`` is in seconds for one document."""

    def __init__(self, workers: int, timeout: float, argv: Sequence[str] | None = None) -> None:
        self._argv = tuple(argv or (sys.executable, "-B", "-P", "-m", "bot.feeds.worker", f"{timeout:g}"))
        self._timeout = timeout
        self.started = 0  # children so far
        self._turn = asyncio.Semaphore(workers)
        self._idle: list[_Child] = []
        self._leaving: set[asyncio.Task[int]] = set()
        self._closed = False

    async def parse(self, fetched: Fetched) -> ParsedFeed | Failure:
        """What the document says. A child that fails in any way, or whose caller is cancelled, is replaced."""
        async with self._turn:
            while True:
                child = self._idle_child()
                warm = child is not None
                try:
                    child = child or await self._start()
                except (OSError, EOFError) as error:
                    return Failure(
                        FailureKind.INTERNAL,
                        f"The process that reads feeds does not start ({type(error).__name__}).",
                    )
                usable = False
                try:
                    async with asyncio.timeout(self._timeout):
                        result = await child.ask(fetched)
                    usable = not self._closed
                except TimeoutError:
                    return _unreadable(f"The feed took longer than {self._timeout:g} seconds to read.")
                except (OSError, EOFError, ValueError) as error:
                    if warm:  # it may have died of an earlier document, or of the system's memory
                        continue
                    return _unreadable(
                        f"The feed made the process that reads it fail ({type(error).__name__})."
                    )
                finally:
                    # Of a child whose caller was cancelled nobody knows which answer it will give next.
                    if usable:
                        self._idle.append(child)
                    else:
                        self._dismiss(child)
                return result

    async def close(self) -> None:
        """End every child and wait until it is gone."""
        self._closed = True
        while self._idle:
            self._dismiss(self._idle.pop())
        await asyncio.gather(*self._leaving)

    def _idle_child(self) -> _Child | None:
        while self._idle:
            child = self._idle.pop()
            if child.process.returncode is None:
                return child
            self._dismiss(child)
        return None

    async def _start(self) -> _Child:
        if self._closed:
            raise RuntimeError("The parser is closed.")
        process = await asyncio.create_subprocess_exec(
            *self._argv,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            # Nothing is inherited: the token is in the environment. The path makes it find us from anywhere.
            env={"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1"},
        )
        self.started += 1
        child = _Child(process)
        try:
            async with asyncio.timeout(_START_SECONDS):
                await child.receive(_FRAME)
        except BaseException:
            self._dismiss(child)
            raise
        return child

    def _dismiss(self, child: _Child) -> None:
        child.kill()
        task = asyncio.create_task(child.process.wait())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)


class _Child:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin, self._stdout = process.stdin, process.stdout

    async def ask(self, fetched: Fetched) -> ParsedFeed | Failure:
        """What the child makes of it.

        Raises:
            ValueError: it does not answer as it should.
            OSError, EOFError: it is gone.
        """
        header = json.dumps({"url": fetched.url, "content_type": fetched.content_type}).encode()
        for frame in (header, fetched.body):
            self._stdin.write(len(frame).to_bytes(4))
            self._stdin.write(frame)
        await self._stdin.drain()
        left = _REPLY_MAX
        result = _result().validate_json(await self.receive(left))
        articles: list[Article] = []
        while frame := await self.receive(left):
            left -= len(frame)
            articles += _articles().validate_json(frame)
            await asyncio.sleep(0)  # a frame that is there already is read without a pause
        return replace(result, articles=tuple(articles)) if isinstance(result, ParsedFeed) else result

    async def receive(self, most: int) -> bytes:
        length = int.from_bytes(await self._stdout.readexactly(4))
        if length > most:
            raise ValueError("a reply beyond all measure")
        return await self._stdout.readexactly(length)

    def kill(self) -> None:
        self._stdin.close()
        if self.process.returncode is None:
            self.process.kill()


def _unreadable(sentence: str) -> Failure:
    return Failure(FailureKind.UNREADABLE, sentence)


@functools.cache
def _result() -> TypeAdapter[ParsedFeed | Failure]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - the child has no use for it

    return TypeAdapter(ParsedFeed | Failure)


@functools.cache
def _articles() -> TypeAdapter[list[Article]]:
    from pydantic import TypeAdapter  # noqa: PLC0415

    return TypeAdapter(list[Article])


# --- the child --------------------------------------------------------------------------------------


def serve(requests: IO[bytes], replies: IO[bytes], seconds: float) -> None:
    """Parse whatever comes in, until the parent closes the pipe or is gone."""
    from bot.feeds.parse import parse  # noqa: PLC0415 - the parent must not load feedparser

    _limit_resources()
    worn = max(_WORN, _peak())  # at its start a process may have its parent's peak
    _send(replies, b"{}")
    while (header := _receive(requests)) is not None:
        body = _receive(requests)
        if body is None:
            return
        # The parent kills sooner. This is for a child whose parent was killed while it read something endless:
        # it would not see the closed pipe. The signal's default action ends it even inside a regular expression.
        signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
        result = parse(body, **json.loads(header))
        signal.setitimer(signal.ITIMER_REAL, 0)
        for frame in _frames(result):
            _send(replies, frame)
        _send(replies, b"")
        if _peak() > worn:
            return


def _frames(result: ParsedFeed | Failure) -> Iterator[bytes]:
    articles: tuple[Article, ...] = ()
    if isinstance(result, ParsedFeed):
        articles, result = result.articles, replace(result, articles=())
    yield _json(result)
    waiting: list[bytes] = []
    size = 0
    for article in articles:
        waiting.append(_json(article))
        size += len(waiting[-1])
        if size >= _FRAME:
            yield b"[" + b",".join(waiting) + b"]"
            waiting, size = [], 0
    if waiting:
        yield b"[" + b",".join(waiting) + b"]"


def _json(record: ParsedFeed | Failure | Article) -> bytes:
    return json.dumps(dataclasses.asdict(record), default=datetime.isoformat, ensure_ascii=False).encode()


def _peak() -> int:
    """The most memory that this process ever had, in bytes; 0 where the system does not tell."""
    try:
        # Linux, where what getrusage tells includes what the parent had before it made us.
        status = Path("/proc/self/status").read_text("ascii", "replace")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
    except (OSError, IndexError, ValueError):
        pass
    try:
        import resource  # noqa: PLC0415
    except ImportError:  # not on Windows
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _limit_resources() -> None:
    try:
        import resource  # noqa: PLC0415
    except ImportError:  # not on Windows
        return
    limits = (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_NOFILE, FILES), (resource.RLIMIT_FSIZE, 0)
    for kind, limit in limits:
        try:
            resource.setrlimit(kind, (limit, limit))
        except (
            ValueError,
            OSError,
        ):  # a lower limit is in force already, or the system has none of this kind
            continue


def _receive(stream: IO[bytes]) -> bytes | None:
    length = stream.read(4)
    if len(length) < 4:
        return None
    size = int.from_bytes(length)
    frame = stream.read(size)
    return frame if len(frame) == size else None


def _send(stream: IO[bytes], frame: bytes) -> None:
    stream.write(len(frame).to_bytes(4) + frame)
    stream.flush()


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not print into the replies
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else math.inf
    serve(sys.stdin.buffer, replies, min(seconds, 24 * 3600.0))


if __name__ == "__main__":
    main()
