"""Who may import whom: the contracts in pyproject.toml hold, and would notice if they did not."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import ROOT

# What somebody might write one day, by the contract that must refuse it: where, and which line.
TRESPASSES = {
    "layers": ("bot/model/feeds.py", "import bot.text.cut"),
    "apart": ("bot/errors.py", "import localdiscord.wire"),
    "bot-without-cogs": ("bot/client.py", "import cogs.news"),
    "independent-local-discord": ("localdiscord/wire.py", "import bot.text.links"),
    "discord": ("bot/publisher.py", "import discord"),
    "sql": ("bot/collector.py", "import sqlalchemy"),
    "sqlite": ("bot/status/page.py", "import sqlite3"),
    "feedparser": ("bot/feeds/entries.py", "import feedparser"),
    "cogs": ("cogs/news.py", "import bot.store"),
    "cogs-apart": ("cogs/second.py", '"""A second cog."""\nimport cogs.news'),
}


def lint_imports(folder: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
        "--no-cache",
    ]
    if contract:
        command += ["--contract", contract]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=90, check=False)


def test_imports_run_one_way() -> None:
    """Every contract about imports is kept."""
    result = lint_imports(ROOT)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


def test_every_contract_has_its_trespass() -> None:
    """No contract goes untried below."""
    ids = re.findall(
        r'^id = "([a-z-]+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert set(ids) == set(TRESPASSES)


@pytest.mark.slow
@pytest.mark.parametrize("contract", TRESPASSES)
def test_a_trespass_is_noticed(contract: str, tmp_path: Path) -> None:
    """One wrong import breaks the contract that is about it."""
    for package in ("bot", "cogs", "localdiscord"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "page")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    assert lint_imports(tmp_path, contract).returncode == 0
    path, line = TRESPASSES[contract]
    with (tmp_path / path).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")

    result = lint_imports(tmp_path, contract)

    assert result.returncode != 0
    assert "1 broken" in result.stdout, result.stdout + result.stderr


def test_production_loads_neither_local_discord_nor_tests(tmp_path: Path) -> None:
    """A fresh interpreter that imports the app, the console script and every cog has loaded nothing else of ours."""
    script = """
import importlib, json, pkgutil, sys
import bot.app, bot.cli, bot.commands, cogs
for package in (bot.commands, cogs):
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
print(json.dumps(sorted(sys.modules)))
"""
    # From another folder, so that only what is installed can be found.
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr
    loaded = set(json.loads(result.stdout))

    assert {"bot.app", "bot.cli", "bot.commands.demo", "cogs.news", "discord"} <= loaded
    ours = {name.split(".")[0] for name in loaded} & {
        "bot",
        "cogs",
        "localdiscord",
        "tests",
        "bench",
        "pytest",
    }
    assert ours == {"bot", "cogs"}
