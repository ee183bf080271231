"""Charts: what is in the picture, read from its pixels."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor

from bot.charts import MOST_ROWS, SENTIMENT_COLOURS, bars
from bot.model import Sentiment

BLUE, AMBER = SENTIMENT_COLOURS[Sentiment.POSITIVE], SENTIMENT_COLOURS[Sentiment.NEGATIVE]


def picture(title: str, *rows: tuple[str, int, str]) -> Image.Image:
    image = Image.open(BytesIO(bars(title, rows)))
    assert image.format == "PNG"
    return image.convert("RGBA")


def drawn(image: Image.Image, colour: str) -> int:
    """How many pixels have exactly this colour."""
    return image.tobytes().count(bytes((*ImageColor.getrgb(colour), 255)))


def widest(image: Image.Image, colour: str) -> int:
    """The longest horizontal run of this colour, in pixels."""
    pixel, longest = bytes((*ImageColor.getrgb(colour), 255)), 0
    for y in range(image.height):
        line = image.crop((0, y, image.width, y + 1)).tobytes()
        longest = max(longest, sum(line[at : at + 4] == pixel for at in range(0, len(line), 4)))
    return longest


def luminance(colour: str) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in ImageColor.getrgb(colour)[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.slow
def test_bars_are_as_long_as_their_values() -> None:
    """The greatest fills the column, half of it is half as long, and nought has no bar."""
    image = picture("Title", ("Love It", 10, BLUE), ("Sad", 5, AMBER), ("Haha", 0, "#123456"))

    full, half = widest(image, BLUE), widest(image, AMBER)
    assert full > image.width // 2
    assert half == pytest.approx(full / 2, abs=2)
    assert drawn(image, "#123456") == 0


def test_the_least_can_be_seen() -> None:
    """One of a hundred thousand still has a bar."""
    image = picture("Title", ("Love It", 100_000, BLUE), ("Sad", 1, AMBER))

    assert drawn(image, AMBER) > 100


def test_it_is_one_picture_for_one_chart() -> None:
    """The same rows make the same bytes."""
    rows = [("Love It", 3, BLUE), ("Ünïcödé ❤️", 2, AMBER)]

    assert bars("Title", rows) == bars("Title", rows)


def test_it_stands_on_a_card_of_its_own() -> None:
    """Opaque but for its round corners, so that a light theme changes nothing in it."""
    image = picture("Title", ("Love It", 3, BLUE))

    alpha = image.getchannel("A")
    assert alpha.getpixel((0, 0)) == 0
    assert alpha.getpixel((image.width // 2, image.height // 2)) == 255
    assert alpha.tobytes().count(b"\xff") / len(alpha.tobytes()) > 0.99


@pytest.mark.parametrize("sentiment", Sentiment)
def test_colours_have_contrast(sentiment: Sentiment) -> None:
    """Every bar is told from the card by brightness alone: WCAG's 4.5 and more."""
    image = picture("", ("Love It", 3, SENTIMENT_COLOURS[sentiment]))
    card = "#{:02x}{:02x}{:02x}".format(*image.getpixel((image.width // 2, 4))[:3])  # type: ignore[index]

    contrast = (luminance(SENTIMENT_COLOURS[sentiment]) + 0.05) / (luminance(card) + 0.05)
    assert contrast >= 4.5


def test_letters_that_the_font_lacks() -> None:
    """Accents go, symbols go, a label of another script becomes its number; a title of one is left out."""
    assert bars("", [("Überraschend ❤️", 1, BLUE)]) == bars("", [("Uberraschend", 1, BLUE)])
    assert bars("", [("Straße", 1, BLUE)]) == bars("", [("Strasse", 1, BLUE)])
    assert bars("", [("ok", 2, BLUE), ("ありがとう", 1, BLUE)]) == bars(
        "", [("ok", 2, BLUE), ("#2", 1, BLUE)]
    )
    assert bars("", [("🎉", 1, BLUE)]) == bars("", [("#1", 1, BLUE)])
    assert bars("Новости", [("ok", 1, BLUE)]) == bars("", [("ok", 1, BLUE)])


def test_no_more_rows_than_can_be_read() -> None:
    """What comes after the fifteenth row is left out."""
    rows = [(f"Reaction {number}", number, BLUE) for number in range(40)]

    assert bars("Title", rows) == bars("Title", rows[:MOST_ROWS])


@pytest.mark.slow
def test_nothing_reaches_over_the_edge() -> None:
    """The longest title, label and value leave the margin free."""
    image = picture("W" * 5000, ("W" * 5000, 10**12, BLUE), ("x", 1, AMBER))

    margin = image.crop((0, image.height // 2, 30, image.height // 2 + 1)).tobytes()
    assert len({margin[at : at + 4] for at in range(0, len(margin), 4)}) == 1
    assert widest(image, BLUE) > 100


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.text(max_size=40), st.integers(0, 10**9), st.just(BLUE)), max_size=6),
)
def test_any_words_make_a_picture(title: str, rows: list[tuple[str, int, str]]) -> None:
    """Whatever members and publishers write, there is a picture."""
    image = picture(title, *rows)

    assert image.width == 1040
