"""The layout's rules, and that no layout breaks a limit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import ImagePart, RulePart, TextPart
from bot.text.template import MAX_PARTS, MAX_TEXT, READING_LENGTH, render
from tests.text.strategies import any_texts

PICTURE = ImagePart("https://a.example/a.jpg")
VALUES = {
    "title": "Storm",
    "author": "Jo",
    "published": "<t:1:F>",
    "text": "It rained.",
    "summary": "",
    "body": "",
    "x": "",
}
NAMES = [*VALUES, "image", "unknown"]


def texts(template: str, **values: str) -> list[str]:
    parts = render(template, {**VALUES, **values}, None)
    return [part.markdown for part in parts if isinstance(part, TextPart)]


def test_lines_pictures_and_rules_become_parts() -> None:
    """Neighbouring lines make one text part; {image} and --- alone on a line are parts of their own."""
    parts = render("## {title}\n{author}\n {image} \n{text}\n---\nend", VALUES, PICTURE)

    assert parts == (
        TextPart("## Storm\nJo"),
        PICTURE,
        TextPart("It rained."),
        RulePart(),
        TextPart("end"),
    )


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{title}\n-# {x}\nend", ["Storm\nend"]),
        ("{title}\n\n\n\nend", ["Storm\n\nend"]),
        ("-# {author} \u00b7 {x} \u00b7 {published}", ["-# Jo \u00b7 <t:1:F>"]),
        ("-# {x} \u00b7 {author}", ["-# Jo"]),
        ("-# {author} \u00b7 {x}", ["-# Jo"]),
        ("{author} {x}", ["Jo"]),
        ("By {author}, {x}", ["By Jo"]),
        ("{{title}} {title} {unknown}", ["{title} Storm {unknown}"]),
        ("no placeholder", ["no placeholder"]),
        ("{x}", []),
        ("", []),
        ("{image}", []),
    ],
)
def test_what_is_empty_leaves_no_trace(template: str, expected: list[str]) -> None:
    """A line of empty placeholders goes, an empty one takes its separator along; doubled braces are braces."""
    assert texts(template) == expected


def test_a_value_is_never_layout() -> None:
    """Lines and braces inside a value are its own."""
    assert texts("{text}", text="a\n---\n{title}\n{{x}}") == ["a\n---\n{title}\n{{x}}"]


def test_a_prefix_goes_before_every_line_of_a_value() -> None:
    """A quoted or small text stays so to its end."""
    assert texts("> {text}", text="one\n\ntwo") == ["> one\n> \n> two"]
    assert texts("-# {text}", text="one\ntwo") == ["-# one\n-# two"]


def test_elastic_text_is_kept_to_what_is_read() -> None:
    """Alone it is cut to a readable length, beside long values to what they leave, at a sentence."""
    long = "It rained all day long. " * 400

    assert READING_LENGTH / 2 < len(texts("{text}", text=long)[0]) <= READING_LENGTH
    (crowded,) = texts("{title}\n{text}", title="x" * (MAX_TEXT - 200), text=long)
    assert len(crowded) <= MAX_TEXT
    assert crowded.endswith("day long.")
    shared = texts("{title}\n{text}\n{body}", title="x" * (MAX_TEXT - 600), text=long, body="Short.")[0]
    assert shared.endswith("Short.")
    assert "It rained" in shared


def test_rules_part_something() -> None:
    """No rule begins or ends a post, and none follows another."""
    assert render("---\n{title}\n---\n{x}\n---\n{author}\n---", VALUES, None) == (
        TextPart("Storm"),
        RulePart(),
        TextPart("Jo"),
    )


templates = st.lists(
    st.sampled_from(
        [*(f"{{{name}}}" for name in NAMES), "\n", "\n---\n", "\n{image}\n", "{{", "}", "> ", "-# ", "## "]
    )
    | any_texts,
    max_size=80,
).map("".join)


@given(
    templates,
    st.dictionaries(st.sampled_from(list(VALUES)), any_texts.map(lambda text: text * 60)),
    st.booleans(),
)
def test_no_template_breaks_a_limit(template: str, values: dict[str, str], pictured: bool) -> None:
    """Whatever the layout and the values: 3900 characters, 24 parts, no blank text, the picture once."""
    parts = render(template, {**VALUES, **values}, PICTURE if pictured else None)

    words = [part.markdown for part in parts if isinstance(part, TextPart)]
    assert sum(map(len, words)) <= MAX_TEXT
    assert all(text.strip() for text in words)
    assert len(parts) <= MAX_PARTS
    assert parts.count(PICTURE) <= 1
