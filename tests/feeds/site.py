"""A web server on loopback whose answers are given byte for byte, so that it can misbehave in every way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

Script = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]  # names in lower case


def response(status: int = 200, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
    """A whole HTTP answer, with a true Content-Length unless ``headers`` say otherwise."""
    lines = {"Content-Length": str(len(body)), "Connection": "close", **(headers or {})}
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
    return (head + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n").encode() + body


class Site:
    """Serves what ``answer`` and ``script`` were given for a path, in order; the last answer stays."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.busy = 0  # requests being answered
        self.most_busy = 0
        self._answers: dict[str, list[bytes | Script]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def url(self, path: str = "/feed", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def answer(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        """Serve this at ``path``; underscores in header names stand for dashes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.script(path, response(status, body, named))

    def script(self, path: str, *answers: bytes | Script) -> None:
        """Serve these one after the other: raw bytes, or a coroutine that writes what it likes."""
        self._answers[path] = list(answers)

    def forget(self, path: str) -> None:
        """Serve nothing at ``path`` any more, and let go of what was served."""
        self._answers.pop(path, None)

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
            raw = {line.split(": ", 1)[0].lower(): line.split(": ", 1)[1] for line in head[1:] if line}
            path = head[0].split(" ")[1]
            self.requests.append(Request(path, {name: raw[name] for name in headers}))
            self.busy += 1
            self.most_busy = max(self.most_busy, self.busy)
            answers = self._answers.get(path) or [response(404)]
            chosen = answers.pop(0) if len(answers) > 1 else answers[0]
            if isinstance(chosen, bytes):
                writer.write(chosen)
                await writer.drain()
            else:
                await chosen(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the fetcher went away, as it may
        finally:
            self.busy -= 1
            writer.close()
            with suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()
