"""Points at which the process dies on demand."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bot.failpoints import VARIABLE, reach

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = (
    'from bot.failpoints import reach; reach("a:one"); print("past one"); reach("a:two"); print("past two")'
)


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
