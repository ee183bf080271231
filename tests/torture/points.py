"""Every place of the publisher at which a process can die between two things, read out of its source.

A place is an ``await``, an ``async with`` or an ``async for`` in ``bot/publisher``. What it waits for is a call to one of
the things that ``App`` puts under watch (then it has two points, before and after), a call to the publisher's own code
(whose places are listed themselves), or nothing but time.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.model import JobKind

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PUBLISHER = ROOT / "bot" / "publisher"

WATCHED = ("store", "newsroom", "floor", "office", "reactions")
OWN = ("deed",)  # what the publisher calls of itself, other than by ``self``
# Time passes, and nothing else: neither store nor Discord is any different afterwards.
IDLE = (
    "asyncio.wait",
    "asyncio.gather",
    "asyncio.timeout",
    "self._clock.wait",
    "self._clock.sleep",
    "self._keeping",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is waited for: ``what`` as it is written, ``inside`` which class and method."""

    file: str
    line: int
    inside: str
    what: str

    @property
    def point(self) -> str | None:
        """The name under which it is watched, without ``:begun`` and ``:ended``; None when it is not."""
        owner, _, rest = self.what.removeprefix("self._").partition(".")
        return f"{owner}.{rest}" if self.what.startswith("self._") and owner in WATCHED and rest else None

    @property
    def is_own(self) -> bool:
        """Whether it leads to other places of the publisher."""
        owner, _, rest = self.what.partition(".")
        return (owner == "self" and "." not in rest) or owner in (*OWN, "super()")

    @property
    def is_idle(self) -> bool:
        return self.what in IDLE


def places() -> tuple[Place, ...]:
    """All of them, in the order of the files."""
    return tuple(place for file in sorted(PUBLISHER.glob("*.py")) for place in _places_in(file))


def watched_points() -> tuple[str, ...]:
    """The points that lie around calls."""
    names = dict.fromkeys(place.point for place in places() if place.point)
    return tuple(f"{name}:{end}" for name in names for end in ("begun", "ended"))


def named_points() -> tuple[str, ...]:
    """The points that the code names itself: around each kind of job, and inside some."""
    found: list[str] = []
    for file in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) != "reach":
                continue
            (point,) = node.args
            if isinstance(point, ast.Constant):
                found.append(str(point.value))
            elif ast.unparse(point).startswith("f'{job.kind}:"):
                after = ast.unparse(point).removeprefix("f'{job.kind}:").rstrip("'")
                found += [f"{kind}:{after}" for kind in JobKind]
    return tuple(dict.fromkeys(found))


def _places_in(file: Path) -> Iterator[Place]:
    tree = ast.parse(file.read_text("utf-8"))

    def walk(node: ast.AST, inside: tuple[str, ...]) -> Iterator[Place]:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            inside = (*inside, node.name)
        waited: list[ast.expr] = []
        if isinstance(node, ast.Await):
            waited = [node.value]
        elif isinstance(node, ast.AsyncWith):
            waited = [item.context_expr for item in node.items]
        elif isinstance(node, ast.AsyncFor) or (isinstance(node, ast.comprehension) and node.is_async):
            waited = [node.iter]
        for expression in waited:
            called = expression.func if isinstance(expression, ast.Call) else expression
            yield Place(file.name, expression.lineno, ".".join(inside), ast.unparse(called))
        for child in ast.iter_child_nodes(node):
            yield from walk(child, inside)

    yield from walk(tree, ())
