"""The shipped catalogues: complete, and true to the English."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from bot.languages import Languages
from bot.languages.messages import CATALOGUES, catalogue_of, template, untranslated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages import Catalog
    from babel.messages.catalog import Message

FILES = sorted(CATALOGUES.glob("*.po"))
CURE = "run `make messages` and translate what is new in"
# What members see as the name of a menu or button; other sentences send them there.
NAMES = ("Add to multi-quote", "Reply with quotes", "My post…", "Quote…")


@pytest.fixture(scope="module")
def ids() -> Catalog:
    return template()


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return catalogue_of(request.param.stem, request.param.read_bytes())


def test_a_catalogue_has_the_ids_of_the_code(ids: Catalog, catalogue: Catalog) -> None:
    """No sentence is without its entry, and no entry outlives its sentence."""
    code, listed = set(_singular(ids)), set(_singular(catalogue))

    assert len(code) > 100
    assert sorted(code - listed) == [], f"{CURE} {catalogue.locale}.po"
    assert sorted(listed - code) == [], f"run `make messages`: gone from the code, in {catalogue.locale}.po"


def test_a_catalogue_is_complete(catalogue: Catalog) -> None:
    """Everything is translated, in every plural form, and nothing is a guess."""
    assert untranslated(catalogue) == [], f"{CURE} {catalogue.locale}.po"
    for message in _messages(catalogue):
        plural = not isinstance(message.id, str)
        assert len(_forms(message)) == (catalogue.num_plurals if plural else 1), message.id


def test_translations_have_the_same_values(catalogue: Catalog) -> None:
    """The same {names} on both sides; only a plural's other forms may leave one out."""
    for message in _messages(catalogue):
        if isinstance(message.id, str):
            assert _values(message.string) == _values(message.id), message.id
        else:
            *others, last = _forms(message)
            assert _values(last) == _values(message.id[-1]), message.id
            assert all(_values(form) <= _values(last) for form in others), message.id


def test_translations_have_the_same_code(catalogue: Catalog) -> None:
    """Commands and keys, which stand between backticks, are what is to be typed: they stay as they are."""
    for message in _messages(catalogue):
        code = sorted(re.findall(r"`[^`]+`", str(message.id)))
        assert sorted(re.findall(r"`[^`]+`", str(message.string))) == code, message.id


def test_menus_are_called_by_their_names(catalogue: Catalog) -> None:
    """A sentence that sends members to a menu or button calls it what they see."""
    translated = {message.id: message.string for message in _messages(catalogue)}
    named = [(text, name) for text in translated for name in NAMES if name in str(text)]

    assert len(named) > len(NAMES)
    for text, name in named:
        assert str(translated[name]) in str(translated[text]), text


def test_every_translation_can_be_said(catalogue: Catalog) -> None:
    """Through the very way that sentences take: each one comes out with its values, and not in English."""
    say = Languages.load().of(str(catalogue.locale).replace("_", "-"))
    for message in _messages(catalogue):
        values = dict.fromkeys(_values(str(message.id)) - {"count"}, "<@301>")
        if isinstance(message.id, str):
            assert say(message.id, **values) == str(message.string).format_map(values)
        else:
            one, more = message.id
            said = {say.many(one, more, count, **values) for count in range(200)}
            for form in _forms(message):
                assert said & {form.format_map(values | {"count": count}) for count in range(200)}


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _singular(catalogue: Catalog) -> Iterator[str]:
    return (message.id if isinstance(message.id, str) else message.id[0] for message in _messages(catalogue))


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else [*(message.string or ())]


def _values(text: object) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(str(text)) if name is not None}
