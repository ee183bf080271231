"""What Newsthread says to people, in their language: gettext catalogues of message ids, which are English.

Knows no sentence itself. A catalogue is ``LANGUAGE.po`` in this folder; English needs none.
"""

from __future__ import annotations

import gettext
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from collections.abc import Mapping


def gettext_noop(text: str) -> str:
    """``text`` itself: marks a message id that is said later, for the catalogues to have it."""
    return text


class Say:
    """One language. Called with a message id and what its ``{names}`` stand for, it answers the sentence."""

    def __init__(self, translations: gettext.NullTranslations) -> None:
        self._translations = translations

    def __call__(self, text: str, /, **values: object) -> str:
        """The translation of ``text``; ``text`` itself where there is none."""
        said = self._translations.gettext(text)
        return said.format_map(values) if values else said

    def many(self, one: str, more: str, count: int, /, **values: object) -> str:
        """The form of the language's plural that fits ``count``, which is also the value of ``{count}``."""
        return self._translations.ngettext(one, more, count).format_map({"count": count} | values)


class Languages:
    """All there are. Locales are Discord's: "en-US", "de", "pt-BR"."""

    def __init__(self, catalogues: Mapping[str, gettext.NullTranslations]) -> None:
        self._says = {name: Say(catalogue) for name, catalogue in catalogues.items()}
        self._english = Say(gettext.NullTranslations())

    @classmethod
    def load(cls) -> Languages:
        """Read the catalogues that come with Newsthread."""
        found = {}
        for file in resources.files(__name__).iterdir():
            if file.name.endswith(".po"):
                compiled = BytesIO()
                write_mo(compiled, read_po(BytesIO(file.read_bytes())))
                compiled.seek(0)
                found[file.name.removesuffix(".po")] = gettext.GNUTranslations(compiled)
        return cls(found)

    def of(self, locale: str) -> Say:
        """The language of ``locale``, without its region if need be; English where there is no catalogue."""
        return self._says.get(locale) or self._says.get(locale.partition("-")[0]) or self._english
