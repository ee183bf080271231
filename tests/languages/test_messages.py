"""`make messages`: what it finds in code, and what it leaves of a catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages import Catalog

from bot.languages.messages import catalogue_of, renewed, template, untranslated

CODE = """
say("called"); self._say("by itself", name=1); raise Declined("declined"); locale_str("named")
MODES = {1: gettext_noop("marked"), 2: "not marked"}
f"{say('in an f-string')} {say("beside")}" if say("a" "b") else say(variable) or log("logged")
say.many("one post", "{count} posts", len(posts), name=say("within"))
""".replace('{say("beside")}', "")
NOTHING = b""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A source tree with a file in each of the two packages."""
    for folder in ("bot/text", "cogs"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "bot" / "text" / "one.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "cogs" / "two.py").write_text('say("called")\n', encoding="utf-8")
    return tmp_path


def ids(*texts: str | tuple[str, str]) -> Catalog:
    catalogue = Catalog()
    for text in texts:
        catalogue.add(text, locations=[("bot/one.py", 7)])
    return catalogue


def test_all_that_is_said_is_found(root: Path) -> None:
    """Each message id once, plurals as pairs, whatever it stands in; nothing else."""
    found = {message.id: message for message in template(root) if message.id}

    assert set(found) == {
        "called",
        "by itself",
        "declined",
        "named",
        "marked",
        "in an f-string",
        "ab",
        ("one post", "{count} posts"),
        "within",
    }
    assert [name for name, _ in found["called"].locations] == ["bot/text/one.py", "cogs/two.py"]


def test_an_f_string_is_no_message_id(root: Path) -> None:
    """It could never be translated: the error names the place."""
    (root / "cogs" / "two.py").write_text('\nsay(f"{count} left")\n', encoding="utf-8")

    with pytest.raises(SyntaxError, match="can't be an f-string") as caught:
        template(root)
    assert (caught.value.filename, caught.value.lineno) == ("cogs/two.py", 2)


def test_translations_are_kept() -> None:
    """What is new waits for its translation, what is gone goes; a second run changes nothing."""
    first = renewed("de", NOTHING, ids("Clear", "Back"))
    translated = first.replace(b'msgid "Back"\nmsgstr ""', 'msgid "Back"\nmsgstr "Zurück"'.encode())
    second = renewed("de", translated, ids("Back", "Something else entirely"))
    catalogue = catalogue_of("de", second)

    assert catalogue["Back"].string == "Zurück"
    assert untranslated(catalogue) == ["Something else entirely"]
    assert "Clear" not in second.decode()
    assert "#: bot/one.py\n" in second.decode()
    assert renewed("de", second, ids("Back", "Something else entirely")) == second


def test_a_guess_is_marked() -> None:
    """A sentence that was changed is offered its old translation, which does not count until it is looked at."""
    first = renewed("de", NOTHING, ids("That post is gone for good."))
    translated = first.replace(b'gone for good."\nmsgstr ""', b'gone for good."\nmsgstr "Weg."')
    catalogue = catalogue_of("de", renewed("de", translated, ids("That post is gone for ever.")))

    assert catalogue["That post is gone for ever."].string == "Weg."
    assert untranslated(catalogue) == ["That post is gone for ever."]


@pytest.mark.parametrize(("language", "forms"), [("de", 2), ("pl", 3), ("ja", 1), ("pt-BR", 2)])
def test_an_empty_file_becomes_a_catalogue(language: str, forms: int) -> None:
    """With room for as many plural forms as the language has."""
    catalogue = catalogue_of(language, renewed(language, NOTHING, ids(("one post", "{count} posts"))))

    assert str(catalogue.locale).replace("_", "-") == language
    assert catalogue["one post"].string == ("",) * forms
    assert untranslated(catalogue) == ["one post"]
