"""The reports as they were written: read once from ``articles/``, in the order in which they come out."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

DESKS = ("world", "science", "culture", "business")

_ARTICLES = Path(__file__).parent / "articles"


@dataclass(frozen=True, slots=True)
class Correction:
    """What the paper had to put right: its headline, one passage of the body, or both."""

    note: str  # plain text, said at the end of the article
    title: str | None = None
    find: str = ""
    replace: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One article as written; ``body`` is HTML whose links to others read ``article:SLUG``."""

    slug: str
    desk: str
    title: str
    topic: str  # completes "readers ask about …"
    author: str
    scene: str
    categories: tuple[str, ...]  # the desk's own first
    summary: str
    body: str
    correction: Correction | None


@cache
def reports() -> tuple[Report, ...]:
    """All reports: the desks take turns, so that each has something new before long."""
    return tuple(chain.from_iterable(zip(*map(_read, DESKS), strict=True)))


def _read(desk: str) -> list[Report]:
    data = tomllib.loads((_ARTICLES / f"{desk}.toml").read_text(encoding="utf-8"))
    return [_report(desk, entry) for entry in data["article"]]


def _report(desk: str, entry: dict[str, Any]) -> Report:
    correction = entry.get("correction")
    return Report(
        slug=entry["slug"],
        desk=desk,
        title=entry["title"],
        topic=entry["topic"],
        author=entry["author"],
        scene=entry["scene"],
        categories=(desk.capitalize(), *entry["categories"]),
        summary=entry["summary"],
        body=_unwrapped(entry["body"]),
        correction=Correction(**correction) if correction else None,
    )


def _unwrapped(text: str) -> str:
    """One line for each element; in the file, lines are broken where they get too long."""
    return " ".join(text.split()).replace("> <", ">\n<")
