"""A configuration folder that is sound, for tests to spoil."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bot.settings import inspect

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Report

NEWSTHREAD = "[discord]\nguild_id = 1300000000000001000\n"
FEED = '[[feed]]\nid = "world"\nurl = "https://news.example/world.rss"\nchannel_id = 1300000000000002000\n'
TOKEN = "MTMwMDAwMDAwMDAwMDAwOTAwMA.GxYzAb.4mQv8s-0123456789abcdefghijklmnopqrst"


@dataclass(frozen=True)
class Folder:
    path: Path

    def write(
        self,
        *,
        newsthread: str = NEWSTHREAD,
        feeds: str = FEED,
        reactions: str | None = None,
        rules: str | None = None,
    ) -> Folder:
        (self.path / "newsthread.toml").write_text(newsthread, encoding="utf-8")
        (self.path / "feeds.toml").write_text(feeds, encoding="utf-8")
        for name, text in (("reactions", reactions), ("rules", rules)):
            if text is not None:
                (self.path / f"{name}.toml").write_text(text, encoding="utf-8")
        return self

    def inspect(self, environ: dict[str, str] | None = None) -> Report:
        return inspect(self.path, environ or {})

    def faults(self, environ: dict[str, str] | None = None) -> list[str]:
        """Each fault as printed, without the folder."""
        return [str(fault).removeprefix(f"{self.path}/") for fault in self.inspect(environ).faults]

    def warnings(self) -> list[str]:
        return [str(warning).removeprefix(f"{self.path}/") for warning in self.inspect().warnings]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    path = tmp_path / "config"
    path.mkdir()
    return Folder(path).write()
