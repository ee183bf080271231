"""The review of dependencies: it is about what is locked, and what it says of our use is so."""

from __future__ import annotations

import ast
import re

from packaging.utils import canonicalize_name

from tests.architecture import ROOT
from tests.architecture.test_locks import pins

REVIEW = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")


def rows() -> dict[str, list[str]]:
    """The table's rows by package, without the header; every row has as many cells as the header."""
    table = [line for line in REVIEW.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    header, _, *body = cells
    assert {len(row) for row in body} == {len(header)}
    return {canonicalize_name(row[0]): row[1:] for row in body}


def test_every_locked_package_is_reviewed() -> None:
    """Each package of the lock for running stands in docs/dependencies.md with its version, and nothing else does."""
    locked = {}
    for name, pin in pins("requirements.txt").items():
        (version,) = pin.specifier
        locked[name] = version.version

    assert {name: row[0] for name, row in rows().items()} == locked


def test_every_review_says_something() -> None:
    """No cell is empty, and the day of the review is told."""
    assert all(cell for row in rows().values() for cell in row)
    assert re.search(r"reviewed on \*\*\d{4}-\d{2}-\d{2}\*\*", REVIEW)


def test_no_picture_is_opened() -> None:
    """Pillow draws only: nothing of it that reads a picture is used, and PNG is all that is written."""
    names, formats = set(), set()
    for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "cogs").rglob("*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not any(isinstance(node, ast.ImportFrom) and node.module == "PIL" for node in ast.walk(tree)):
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "Image"
            ):
                names.add(node.attr)
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "save"
            ):
                formats |= {
                    ast.unparse(each) for each in (*node.args[1:], *(word.value for word in node.keywords))
                }

    assert names <= {"Image", "new", "Resampling", "LANCZOS", "alpha_composite"}
    assert formats <= {"'PNG'", "'png'", "True"}
    assert formats & {"'PNG'", "'png'"}
