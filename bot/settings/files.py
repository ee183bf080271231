"""Which files a configuration folder has, and what each of them contributes to the settings.

A further file is a further entry of ``FILES``, with its model in keys.py and a field of ``Settings`` to fill.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from bot.settings.document import Document, Mistake
from bot.settings.keys import Feed, FeedDefaults, FeedsFile, Keys, NewsthreadFile
from bot.settings.schema import describe
from bot.settings.sentences import sentence
from bot.settings.values import show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bot.settings.lines import KeyPath

Model = TypeVar("Model", bound=Keys)
Contribution = tuple[dict[str, Any], list[Mistake]]
"""Fields of ``Settings``, and what is wrong; with mistakes the fields may be incomplete."""


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """One file of the folder. ``gather`` gets the file's data with tuples for lists, and its document for lines."""

    name: str
    model: type[Keys]
    gather: Callable[[Mapping[str, Any], Document], Contribution]


def validate(
    model: type[Model], data: Mapping[str, Any], path: KeyPath = ()
) -> tuple[Model | None, list[Mistake]]:
    """The model, or every mistake in its data; ``path`` is where in the document the data stands."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        schema = describe(model)
        return None, [Mistake((*path, *one["loc"]), sentence(one, schema)) for one in error.errors()]


def _newsthread(data: Mapping[str, Any], document: Document) -> Contribution:
    model, mistakes = validate(NewsthreadFile, data)
    return ({name: getattr(model, name) for name in NewsthreadFile.model_fields} if model else {}), mistakes


def _feeds(data: Mapping[str, Any], document: Document) -> Contribution:
    """Lays the defaults under each feed; a wrong default is reported once, where it stands."""
    defaults, entries = data.get("defaults", {}), data.get("feed", ())
    tables = isinstance(entries, tuple) and all(isinstance(entry, dict) for entry in entries)
    if not tables or not isinstance(defaults, dict):
        _, mistakes = validate(FeedsFile, data)
        # Deeper than this they may complain of keys that a default, not laid under the feeds yet, would bring.
        return {}, [mistake for mistake in mistakes if len(mistake.path) < 3]
    _, mistakes = validate(FeedDefaults, defaults, ("defaults",))
    faulty = {mistake.path[1] for mistake in mistakes}
    sound = {key: value for key, value in defaults.items() if key not in faulty}
    merged = [{**sound, **entry} for entry in entries]
    feeds = []
    for index, (entry, whole) in enumerate(zip(entries, merged, strict=True)):
        feed, wrong = validate(Feed, whole, ("feed", index))
        # What is missing only because its default was refused is not a second mistake.
        mistakes += (one for one in wrong if one.path[2] in entry or one.path[2] not in faulty)
        feeds.append(feed)
    mistakes += _repeated_ids(merged, document)
    return {"feeds": tuple(feeds)}, mistakes


def _repeated_ids(feeds: Sequence[Mapping[str, Any]], document: Document) -> Iterator[Mistake]:
    lines: dict[str, int] = {}
    for index, feed in enumerate(feeds):
        path: KeyPath = ("feed", index, "id")
        name = feed.get("id")
        if isinstance(name, str) and name in lines:
            other = f"{show(name)} is already the id of the feed on line {lines[name]}"
            yield Mistake(path, f"{other}; expected an id that no other feed has")
        elif isinstance(name, str):
            lines[name] = document.lines.of(path)


FILES: tuple[SettingsFile, ...] = (
    SettingsFile("newsthread.toml", NewsthreadFile, _newsthread),
    SettingsFile("feeds.toml", FeedsFile, _feeds),
)
