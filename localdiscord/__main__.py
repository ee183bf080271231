"""``python -m localdiscord``: run the local Discord alone. Prints one JSON line once it listens."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

from localdiscord.server import LocalDiscord
from localdiscord.storage import StorageError


def main() -> int:
    parser = argparse.ArgumentParser(prog="localdiscord", description=__doc__)
    parser.add_argument("--port", type=int, default=8700, help="0 takes a free one (default: %(default)s)")
    parser.add_argument("--data", type=Path, help="folder that keeps the state between runs")
    parser.add_argument(
        "--newspaper", action="store_true", help="serve the sample newspaper under /newspaper"
    )
    parser.add_argument("--fast", action="store_true", help="let the newspaper publish every 2 s")
    parser.add_argument("--until-eof", action="store_true", help="stop when standard input is closed")
    options = parser.parse_args()
    try:
        asyncio.run(_run(options))
    except OSError as error:
        print(f"localdiscord: port {options.port} can't be used: {error.strerror or error}", file=sys.stderr)
        return 1
    except StorageError as error:
        print(f"localdiscord: {error}", file=sys.stderr)
        return 1
    return 0


async def _run(options: argparse.Namespace) -> None:
    newspaper = None
    if options.newspaper:
        from localdiscord.newspaper import make_newspaper  # noqa: PLC0415 - only those who want it load it

        memory = options.data / "newspaper.json" if options.data else None
        newspaper = make_newspaper(fast=options.fast, memory=memory)
    server = LocalDiscord(options.port, options.data, newspaper=newspaper)
    url = await server.start()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_ in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_, stop.set)
    print(json.dumps({"url": url, "page": f"{url}/"}), flush=True)
    waiting: list[asyncio.Task[Any]] = [asyncio.create_task(stop.wait())]
    if options.until_eof:
        waiting.append(asyncio.create_task(_end_of_input(loop)))
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
        await server.close()


async def _end_of_input(loop: asyncio.AbstractEventLoop) -> None:
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.read(4096):
        pass


if __name__ == "__main__":
    sys.exit(main())
