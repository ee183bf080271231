"""``newsthread check``: every fault of the configuration, a line each; with ``--online`` what Discord and feeds say.

Then how to invite the bot with the least that these settings need.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.model import QuoteMode
from bot.permissions import invitation, needed
from bot.settings import inspect, write_reference, write_schemas
from bot.settings.secret import application_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.settings.keys import Settings

REFERENCE = Path("docs/configuration.md")


def check(folder: Path, environ: Mapping[str, str], *, online: bool) -> int:
    """Print faults and warnings; 0 when there are no faults, else 2."""
    report = inspect(folder, environ, need_token=online)
    faults, warnings = report.faults, report.warnings
    quotes: Mapping[str, QuoteMode] = {}
    if online and report.settings is not None:
        from bot.commands.online import findings  # noqa: PLC0415 - loads discord.py

        found = asyncio.run(findings(folder, report.settings))
        faults, warnings, quotes = found.faults, warnings + found.warnings, found.quotes
    for warning in warnings:
        print(f"{warning} (warning)")
    for fault in faults:
        print(fault)
    if faults:
        if report.settings is not None:
            print(_invitation(report.settings), file=sys.stderr)  # stdout is for the lines of faults alone
        return 2
    assert report.settings is not None
    count = len(report.settings.feeds)
    asked = " and agrees with Discord and the feeds" if online else ""
    print(f"{folder} is good{asked}: {count} feed{'' if count == 1 else 's'}", file=sys.stderr)
    for mode in QuoteMode:
        if feeds := ", ".join(feed_id for feed_id, one in quotes.items() if one is mode):
            print(f'replies are quoted as with "{mode}": {feeds}', file=sys.stderr)
    sys.stderr.flush()
    print(_invitation(report.settings))
    return 0


def _invitation(settings: Settings) -> str:
    """The address that invites the bot, and what each permission in it is for."""
    lines = [f"  {permission.name}: {reason}" for permission, reason in needed(settings).items()]
    address = invitation(settings, application_id(settings.token))
    return "\n".join([f"invite the bot with {address}", "which gives it, and no more:", *lines])


def write_generated(folder: Path) -> int:
    """Write the JSON Schemas and, in a clone of the repository, the reference page."""
    written = write_schemas(folder)
    if REFERENCE.parent.is_dir():
        REFERENCE.write_text(write_reference(), encoding="utf-8")
        written.append(REFERENCE)
    print("\n".join(str(path) for path in written))
    return 0
