"""Rules about the source text that no import can show, read from its syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import ROOT

PRODUCTION = sorted(path for package in ("bot", "cogs") for path in (ROOT / package).rglob("*.py"))
ALL = sorted(
    path for package in ("bot", "cogs", "localdiscord", "bench") for path in (ROOT / package).rglob("*.py")
)

ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv", "os.unsetenv"}
CLOCKS = {
    "asyncio.sleep",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "os.urandom",
    "time",
    "random",
    "secrets",
    "uuid",
}


def names_used(source: str) -> Iterator[str]:
    """Every dotted name that is used, with what its first part was imported as written out in full."""
    tree = ast.parse(source)
    origin: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
                origin[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield f"{node.module}.{alias.name}"
                origin[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            parts: list[str] = []
            inner: ast.expr = node
            while isinstance(inner, ast.Attribute):
                parts.append(inner.attr)
                inner = inner.value
            if isinstance(inner, ast.Name) and inner.id in origin:
                yield ".".join([origin[inner.id], *reversed(parts)])


def breaches(source: str, forbidden: set[str]) -> set[str]:
    """The names used that are forbidden or lie in a forbidden module."""
    return {
        name for name in names_used(source) if any(f"{name}.".startswith(f"{word}.") for word in forbidden)
    }


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os\nos.environ['A']", {"os.environ"}),
        ("from os import getenv", {"os.getenv"}),
        ("import datetime as d\nd.datetime.now()", {"datetime.datetime.now"}),
        ("from datetime import datetime\ndatetime.now()", {"datetime.datetime.now"}),
        ("from datetime import UTC, datetime\ndatetime.fromtimestamp(0, UTC)", set()),
        ("import time\ntime.sleep(1)", {"time", "time.sleep"}),
        ("from random import choice", {"random.choice"}),
        ("def f(time): return time.now", set()),
        ("import timeit", set()),
    ],
)
def test_breaches_are_seen(source: str, found: set[str]) -> None:
    """The reader of syntax trees sees through every way of writing it, and no ghosts."""
    assert breaches(source, ENVIRONMENT | CLOCKS) == found


def test_the_environment_is_read_in_cli_only() -> None:
    """os.environ is used by bot/cli.py, and to look for a failpoint: everything else is passed what it needs."""
    users = {
        path.relative_to(ROOT).as_posix()
        for path in PRODUCTION
        if breaches(path.read_text("utf-8"), ENVIRONMENT)
    }

    assert users == {"bot/cli.py", "bot/failpoints.py"}


def test_time_and_chance_come_from_the_clock() -> None:
    """Nothing but bot/clock.py asks for the time, sleeps or throws dice; sleep(0), which takes no time, is no sleep."""
    users = {
        f"{path.relative_to(ROOT).as_posix()}: {', '.join(sorted(found))}"
        for path in PRODUCTION
        if path != ROOT / "bot" / "clock.py"
        and (found := breaches(path.read_text("utf-8").replace("asyncio.sleep(0)", "None"), CLOCKS))
    }

    assert users == set()


def test_every_folder_and_file_says_what_it_is_for() -> None:
    """Each folder with code is a package, and each module begins with a docstring."""
    unpackaged = {
        path.parent.relative_to(ROOT).as_posix() for path in ALL if not (path.parent / "__init__.py").exists()
    }
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in ALL
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]

    assert unpackaged == set()
    assert silent == []


def test_production_uses_no_test_tools() -> None:
    """No module of bot or cogs uses a tool that is for tests."""
    forbidden = {"unittest", "pytest", "hypothesis", "tests"}
    users = {path.name for path in PRODUCTION if breaches(path.read_text("utf-8"), forbidden)}

    assert users == set()


def test_sources_are_where_they_are_looked_for() -> None:
    """The rules above are about something."""
    assert {Path("bot/app.py"), Path("cogs/news.py")} <= {path.relative_to(ROOT) for path in PRODUCTION}
