"""Points at which the process dies on demand."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bot.failpoints import VARIABLE, around, reach

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = (
    'from bot.failpoints import reach; reach("a:one"); print("past one"); reach("a:two"); print("past two")'
)
AROUND = """
import asyncio
from contextlib import asynccontextmanager
from bot.failpoints import around

class Part:
    async def does(self):
        print("does")
        return 1

class Thing:
    number = 7
    part = Part()

    async def does(self, what):
        print("does", what)
        return what

    def asks(self):
        return self.number

    @asynccontextmanager
    async def open(self):
        print("open")
        yield 3
        print("close")

async def main():
    thing = around("thing", Thing(), "part")
    assert (thing.number, thing.asks()) == (7, 7)
    assert await thing.does(what=2) == 2
    assert await thing.part.does() == 1
    async with thing.open() as entered:
        assert entered == 3

asyncio.run(main())
"""


def test_the_process_dies_at_the_named_point_and_once(tmp_path: Path) -> None:
    """By SIGKILL, which nothing in the process could catch; a new process passes."""
    file = tmp_path / "failpoint"
    file.write_text("a:two\n")
    ends = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-u", "-c", PROGRAM],
            env=os.environ | {VARIABLE: str(file)},
            capture_output=True,
            check=False,
        )
        ends.append((done.returncode, done.stdout.decode().splitlines()))
    assert ends == [(-signal.SIGKILL, ["past one"]), (0, ["past one", "past two"])]
    assert file.read_text() == ""


@pytest.mark.parametrize(
    ("point", "said"),
    [
        ("thing.does:begun", []),
        ("thing.does:ended", ["does 2"]),
        ("thing.part.does:begun", ["does 2"]),
        ("thing.part.does:ended", ["does 2", "does"]),
        ("thing.open:begun", ["does 2", "does"]),
        ("thing.open:ended", ["does 2", "does", "open", "close"]),
        ("thing.asks:begun", ["does 2", "does", "open", "close"]),  # nothing is waited for there
    ],
)
def test_what_is_watched_has_points_around_its_calls(tmp_path: Path, point: str, said: list[str]) -> None:
    """And gives what it gave: coroutines, contexts, the parts that were named, and everything else as it is."""
    file = tmp_path / "failpoint"
    file.write_text(point)
    done = subprocess.run(
        [sys.executable, "-u", "-c", AROUND],
        env=os.environ | {VARIABLE: str(file)},
        capture_output=True,
        check=False,
    )
    assert done.stdout.decode().splitlines() == said
    assert done.returncode == (0 if point == "thing.asks:begun" else -signal.SIGKILL), done.stderr.decode()


def test_unwatched_a_thing_is_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing stands in between in production."""
    monkeypatch.delenv(VARIABLE, raising=False)
    thing = object()
    assert around("thing", thing) is thing


def test_nothing_happens_unless_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the variable, without the file, or at another point."""
    file = tmp_path / "failpoint"
    monkeypatch.delenv(VARIABLE, raising=False)
    reach("a:one")
    monkeypatch.setenv(VARIABLE, str(file))
    reach("a:one")
    file.write_text("a:one and more")
    reach("a:one")
    assert file.read_text() == "a:one and more"
