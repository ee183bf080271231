"""Which files a configuration folder has, and what each of them contributes to the settings.

A further file is a further entry of ``FILES``, with its model in keys.py and a field of ``Settings`` to fill.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from bot.emoji import emoji_key
from bot.settings.document import Document, Mistake
from bot.settings.keys import Feed, FeedDefaults, FeedsFile, Keys, NewsthreadFile, ReactionsKeys, RulesKeys
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
    """One file of the folder. ``gather`` gets the file's data with tuples for lists, and its document for lines.

    An ``optional`` one that is not there is gathered as an empty one.
    """

    name: str
    model: type[Keys]
    gather: Callable[[Mapping[str, Any], Document], Contribution]
    optional: bool = False


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
    mistakes += _repeated("feed", "id", merged, document, lambda id_: id_)
    return {"feeds": tuple(feeds)}, mistakes


def _reactions(data: Mapping[str, Any], document: Document) -> Contribution:
    model, mistakes = validate(ReactionsKeys, data)
    entries = data.get("reaction", ())
    if isinstance(entries, tuple) and all(isinstance(entry, dict) for entry in entries):
        mistakes += _repeated("reaction", "name", entries, document, _as_read)
        mistakes += _repeated("reaction", "emoji", entries, document, emoji_key)
    if model and model.policy == "named_only" and not model.reactions:
        sentence = '"named_only" without a [[reaction]] would take every reaction away; expected "any" or at least one'
        mistakes.append(Mistake(("policy",), sentence))
    return {"reactions": model}, mistakes


def _rules(data: Mapping[str, Any], document: Document) -> Contribution:
    model, mistakes = validate(RulesKeys, data)
    entries = data.get("rule", ())
    if isinstance(entries, tuple) and all(isinstance(entry, dict) for entry in entries):
        mistakes += _repeated("rule", "id", entries, document, lambda id_: id_)
        mistakes += _repeated("rule", "title", entries, document, _as_read)
        for index, entry in enumerate(entries):
            if entry.get("strike") is False and entry.get("repeated"):
                sentence = "false, so that [[rule.repeated]] of this rule never applies; expected true, or none of those"
                mistakes.append(Mistake(("rule", index, "strike"), sentence))
    return {"rules": model}, mistakes


def _as_read(name: str) -> str:
    return " ".join(name.split()).casefold()


def _repeated(
    section: str,
    key: str,
    tables: Sequence[Mapping[str, Any]],
    document: Document,
    essence: Callable[[str], str],
) -> Iterator[Mistake]:
    """Each text that has the ``essence`` of an earlier table's."""
    lines: dict[str, int] = {}
    for index, table in enumerate(tables):
        path: KeyPath = (section, index, key)
        value = table.get(key)
        if not isinstance(value, str):
            continue
        if (same := essence(value)) in lines:
            other = f"{show(value)} is already the {key} of the {section} on line {lines[same]}"
            yield Mistake(path, f"{other}; expected one that no other {section} has")
        else:
            lines[same] = document.lines.of(path)


FILES: tuple[SettingsFile, ...] = (
    SettingsFile("newsthread.toml", NewsthreadFile, _newsthread),
    SettingsFile("feeds.toml", FeedsFile, _feeds),
    SettingsFile("reactions.toml", ReactionsKeys, _reactions, optional=True),
    SettingsFile("rules.toml", RulesKeys, _rules, optional=True),
)
