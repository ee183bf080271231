"""docs/security.md names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security.md"


def test_every_test_that_is_named_exists() -> None:
    """Each file, folder and function that the table gives as a proof is there; so is each file that does something."""
    missing = []
    for row in (line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")):
        file: Path | None = None
        for name in re.findall(r"`([^`]+)`", row):
            path, _, function = name.partition("::")
            if path.startswith(("bot/", "cogs/", "docker/")):
                if not (ROOT / path).exists():
                    missing.append(name)
                continue
            if path.endswith((".py", "/")):
                file = ROOT / "tests" / path
                if not file.exists():
                    missing.append(name)
            if function and (
                file is None or not file.is_file() or f"def {function}(" not in file.read_text("utf-8")
            ):
                missing.append(name)
    assert missing == []
