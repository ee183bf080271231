"""From a configuration folder to frozen settings, with every mistake of every file found at once.

Offline, and reads nothing but the folder's TOML files, the environment it is given and the file that the
environment names for the token.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import ConfigError, Fault
from bot.settings.document import Document, Mistake, read_document
from bot.settings.files import FILES
from bot.settings.keys import Settings
from bot.settings.schema import Schema, describe, is_section
from bot.settings.secret import hidden, hide, hide_passwords, names_token, token_from, tokens_in
from bot.settings.values import is_loopback, parse_listen, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from bot.settings.lines import KeyPath


@dataclass(frozen=True, slots=True)
class Report:
    """What a folder holds. ``settings`` is there exactly when there are no ``faults``; both lists are sorted."""

    settings: Settings | None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def load(folder: Path, environ: Mapping[str, str], *, need_token: bool = False) -> Settings:
    """The settings of a folder. Only running needs the token: elsewhere its absence is no fault.

    Raises:
        ConfigError: with every fault of every file.
    """
    report = inspect(folder, environ, need_token=need_token)
    if report.settings is None:
        raise ConfigError(report.faults)
    return report.settings


def inspect(folder: Path, environ: Mapping[str, str], *, need_token: bool = False) -> Report:
    """Everything there is to say about a folder: settings or faults, and warnings either way."""
    token, token_fault = token_from(environ, need_token=need_token)
    faults = [token_fault] if token_fault else []
    warnings: list[Fault] = []
    if not folder.is_dir():
        faults.append(
            Fault(
                folder,
                0,
                "folder",
                "there is no such folder; expected one with newsthread.toml and feeds.toml in it",
            )
        )
        return Report(None, _sorted(faults))

    documents = {file.name: read_document(folder / file.name, optional=file.optional) for file in FILES}
    fields: dict[str, Any] = {}
    for file in FILES:
        document = documents[file.name]
        secrets = tokens_in(document)
        faults += secrets
        if document.fault:
            faults.append(document.fault)
            continue
        data = hidden(document.data)
        gathered, mistakes = file.gather(data, document)
        fields |= gathered
        refused = {(secret.line, secret.key) for secret in secrets}
        located = (document.locate(mistake) for mistake in mistakes)
        faults += (fault for fault in located if (fault.line, fault.key) not in refused)
        warnings += (document.locate(mistake) for mistake in _unknown_keys(data, describe(file.model)))
    for path in sorted(folder.glob("*.toml")):
        if path.name not in documents:
            faults += tokens_in(read_document(path))
            warnings += _misnamed(path)

    if faults:
        return Report(None, _sorted(faults), _sorted(warnings))
    settings = Settings(**fields, token=token)
    warnings += _advice(settings, documents)
    return Report(settings, (), _sorted(warnings))


def _sorted(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    clean = (
        Fault(
            fault.file, fault.line, printable(hide(fault.key)), printable(hide_passwords(hide(fault.problem)))
        )
        for fault in faults
    )
    return tuple(sorted(clean, key=lambda fault: (str(fault.file), fault.line)))


def _misnamed(path: Path) -> Iterator[Fault]:
    """A file that nobody reads may be one that need not be there, under a name that is not quite its own."""
    absent = [file.name for file in FILES if file.optional and not path.with_name(file.name).exists()]
    for near in difflib.get_close_matches(path.name.lower(), absent, n=1, cutoff=0.8):
        yield Fault(path, 0, "file", f"unknown file, did you mean {near}?")


def _unknown_keys(data: Any, schema: Schema) -> Iterator[Mistake]:
    """Keys that nobody knows, or not where they stand: TOML counts what follows a header to its section."""
    top = {key for key, one in schema["properties"].items() if not is_section(one)}

    def within(data: Any, schema: Schema, path: KeyPath) -> Iterator[Mistake]:
        if isinstance(data, tuple):
            for index, item in enumerate(data):
                yield from within(item, schema.get("items", {}), (*path, index))
        elif isinstance(data, dict) and "properties" in schema:
            known = schema["properties"]
            for key, value in data.items():
                if key in known:
                    yield from within(value, known[key], (*path, key))
                elif path and key in top:
                    yield Mistake(
                        (*path, key), "has no effect here; expected it above the file's first [section]"
                    )
                elif not names_token(key):
                    near = difflib.get_close_matches(key.lower().replace("-", "_"), known, n=1)
                    cure = f"did you mean {near[0]}?" if near else "it has no effect"
                    yield Mistake((*path, key), f"unknown key, {cure}")

    return within(data, schema, ())


def _advice(settings: Settings, documents: Mapping[str, Document]) -> Iterator[Fault]:
    """What is allowed but seldom meant."""
    listen = settings.status.listen
    if listen and not is_loopback(parse_listen(listen)[0]):
        yield documents["newsthread.toml"].locate(
            Mistake(
                ("status", "listen"),
                f'"{listen}" lets other machines read the status page, which has no login;'
                ' expected "127.0.0.1:8710" unless something in front of it asks who they are',
            )
        )
    if not (settings.discord.message_content or settings.quotes.typed):
        yield documents["newsthread.toml"].locate(
            Mistake(
                ("quotes", "typed"),
                "false, with message_content = false too, leaves no way to answer with a quote; expected one to be true",
            )
        )
    moderation = settings.moderation
    if moderation.ping_at and not (moderation.moderator_role_id and moderation.log_channel_id):
        missing = "log_channel_id" if moderation.moderator_role_id else "moderator_role_id"
        yield documents["newsthread.toml"].locate(
            Mistake(
                ("moderation", "ping_at"),
                f"{moderation.ping_at} mentions nobody without {missing}; expected that key to be there, too",
            )
        )
    seen: dict[tuple[str, int], str] = {}
    for index, feed in enumerate(settings.feeds):
        if feed.enabled and (other := seen.setdefault((feed.url, feed.channel_id), feed.id)) != feed.id:
            yield documents["feeds.toml"].locate(
                Mistake(
                    ("feed", index, "url"),
                    f'the feed "{other}" brings the same address into the same channel: every article would appear twice',
                )
            )
