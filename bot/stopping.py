"""How the process is told to stop, and that it then does, whatever hangs.

Ending at any moment is safe: what matters is in the store, or looked for on Discord at the next start.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from typing import NoReturn

log = logging.getLogger(__name__)

SECONDS = 10.0  # that stopping may take, from the first signal to the end of the process
OVERDUE = SECONDS - 0.4  # what has not ended by itself is ended
OK = 0


def stop_on_signals(within: float = OVERDUE) -> asyncio.Event:
    """An event that SIGINT or SIGTERM sets.

    A second signal ends the process at once, and so does the lapse of ``within`` seconds after the first. A thread
    watches them: an interpreter waits at its end for threads that look up names or wait for a disk, and nothing in the
    event loop could tell it not to.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked(number: int) -> None:
        if stop.is_set():
            _end(128 + number, "stopped at once, as asked twice")
        stop.set()
        watch = threading.Timer(
            within, _end, (OK, f"stopping took longer than {within:g} s and was cut short")
        )
        watch.daemon = True
        watch.start()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked, number)
    return stop


def _end(code: int, sentence: str) -> NoReturn:
    log.warning("%s", sentence)
    logging.shutdown()
    os._exit(code)
