"""The lock files: everything pinned and hashed, from no particular index, and true to pyproject.toml."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture import ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PYPROJECT["dependency-groups"]
WANTED = {
    "requirements.txt": [*PYPROJECT["project"]["dependencies"], *GROUPS["build"]],
    "requirements-dev.txt": [*PYPROJECT["project"]["dependencies"], *GROUPS["build"], *GROUPS["dev"]],
}


def entries(name: str) -> list[str]:
    """The logical lines of a lock file."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def pins(name: str) -> dict[str, Requirement]:
    found = [Requirement(entry.split(" --hash")[0]) for entry in entries(name)]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


@pytest.mark.parametrize("name", LOCKS)
def test_everything_is_pinned_and_hashed(name: str) -> None:
    """Each line is one exact version with SHA-256 hashes, and nothing else: no options, no addresses."""
    lines = entries(name)
    assert len(lines) > 10
    for line in lines:
        assert re.fullmatch(
            r"[A-Za-z0-9._-]+==[^\s;]+( ; [^-]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", line
        ), line[:120]
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_satisfies_the_project(name: str) -> None:
    """Every dependency that the project states is locked, at a version that it allows."""
    locked = pins(name)
    for wanted in map(Requirement, WANTED[name]):
        pin = locked[canonicalize_name(wanted.name)]
        (version,) = pin.specifier
        assert wanted.specifier.contains(version.version), f"{pin} is locked, {wanted} is stated"


def test_the_lock_for_working_agrees_with_the_one_for_running() -> None:
    """What is tested is what runs."""
    run, work = (pins(name) for name in LOCKS)

    assert {name: str(pin) for name, pin in run.items()} == {name: str(work[name]) for name in run}


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_holds_on_every_supported_python(name: str) -> None:
    """A pin that is for some Pythons only says so by a marker that can be read."""
    for pin in pins(name).values():
        assert pin.marker is None or isinstance(pin.marker, Marker)
        assert pin.url is None
