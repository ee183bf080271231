"""The configuration: read, checked, documented. ``keys`` holds the records the program uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings import schema as _schema
from bot.settings.files import FILES
from bot.settings.reading import Report, inspect, load
from bot.settings.reference import write_reference

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Report", "inspect", "load", "write_reference", "write_schemas"]


def write_schemas(folder: Path) -> list[Path]:
    """Write the JSON Schema of each file into ``<folder>/schema/``; ``folder`` is the configuration folder."""
    return _schema.write_schemas(folder, FILES)
