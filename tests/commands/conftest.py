"""Commands run as people run them: a process with arguments, an environment, output and an exit code."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def newsthread(tmp_path: Path) -> Run:
    """Run ``newsthread …`` in an empty folder; keyword arguments become environment variables."""

    def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **environ},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A folder with the smallest good configuration; its Discord is a port that nothing listens on."""
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "newsthread.toml").write_text(
        "[discord]\nguild_id = 1300000000000001000\napi_base = 'http://127.0.0.1:1/api/v10'\n"
        f"[store]\nurl = 'sqlite+aiosqlite:///{tmp_path}/store.db'\n[status]\nlisten = ''\n"
    )
    (folder / "feeds.toml").write_text(
        "[[feed]]\nid = 'world'\nurl = 'https://news.example/world.rss'\nchannel_id = 1300000000000002000\n"
    )
    return folder
