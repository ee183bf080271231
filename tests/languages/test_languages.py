"""Which language is spoken to whom."""

from __future__ import annotations

import pytest

from bot.languages import Languages, gettext_noop

ENGLISH, GERMAN = "view post", "Beitrag ansehen"


@pytest.fixture(scope="module")
def languages() -> Languages:
    return Languages.load()


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("de", GERMAN),
        ("de-AT", GERMAN),  # the region has no catalogue of its own
        ("en-US", ENGLISH),
        ("en-GB", ENGLISH),
        ("xx", ENGLISH),
        ("", ENGLISH),
    ],
)
def test_a_locale_finds_its_language(languages: Languages, locale: str, said: str) -> None:
    """Without the region if need be, and else English."""
    assert languages.of(locale)(ENGLISH) == said


def test_an_unknown_sentence_is_said_as_it_is(languages: Languages) -> None:
    """With its values, too; nothing in a value is taken for a name."""
    say = languages.of("de")

    assert say(gettext_noop("No such {thing}")) == "No such {thing}"
    assert say("No such {thing}", thing="{thing} {0}") == "No such {thing} {0}"


@pytest.mark.parametrize(
    ("locale", "count", "said"),
    [
        ("de", 1, "Ein Beitrag ist ausgewählt:"),
        ("de", 2, "2 Beiträge sind ausgewählt:"),
        ("en-US", 1, "One post is chosen:"),
        ("en-US", 0, "0 posts are chosen:"),
    ],
)
def test_a_count_has_its_plural(languages: Languages, locale: str, count: int, said: str) -> None:
    """In either language."""
    assert languages.of(locale).many("One post is chosen:", "{count} posts are chosen:", count) == said
