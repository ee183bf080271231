"""Small charts as PNG pictures, drawn with Pillow and its own font. Knows nothing of Discord.

A picture stands on a dark card of its own, so that it reads the same in Discord's light and dark themes, and has
twice the pixels of the size it is meant to be seen at. Drawing takes tens of milliseconds: do it off the loop.
"""

from __future__ import annotations

import unicodedata
from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from bot.model import Sentiment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_ROWS = 15  # more would not be read
MOST_STACKS = 24  # of one kind, as the months of two years, more can be

# From the palette of Okabe and Ito, which stays apart with every kind of colour blindness; each has a contrast of
# more than 4.5 to the card (WCAG 2.2 §1.4.3, §1.4.11).
SENTIMENT_COLOURS: Mapping[Sentiment, str] = MappingProxyType(
    {Sentiment.POSITIVE: "#56b4e9", Sentiment.NEUTRAL: "#b5bac1", Sentiment.NEGATIVE: "#e69f00"}
)

# The same palette for the outcomes of cases: standing as never appealed, upheld, reinstated.
OUTCOME_COLOURS = ("#56b4e9", "#e69f00", "#cc79a7")

_CARD, _TRACK, _TEXT, _FAINT = "#232428", "#313338", "#f2f3f5", "#b5bac1"

# In pixels of the picture, two of which make one of the screen's.
_WIDTH, _EDGE, _CORNER = 1040, 40, 24
_ROW, _BAR, _GAP = 60, 32, 24  # height of a row, of its bar; between label, bar and value
_LABELS = 320  # at most so wide
_TITLE_SIZE, _TEXT_SIZE = 36, 30
_SMOOTH = 4  # shapes are drawn so many times larger and reduced: Pillow draws them with hard edges

# Letters that Unicode does not take apart into one of the font's and a mark.
_PLAIN = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
        "ł": "l", "Ł": "L", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "–": "-", "—": "-", "−": "-",
        "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'",
    }
)  # fmt: skip


def bars(title: str, rows: Sequence[tuple[str, int, str]]) -> bytes:
    """A bar for each row of label, value (0 or more) and colour ("#rrggbb"), in their order, as a PNG.

    Only the first fifteen are drawn. Labels are cut to their column. One with letters that the font lacks is shown
    by its number, "#3" for the third row, so the numbers must also be told in text; a title with such is left out.
    """
    return _chart(title, (), [(label, ((value, colour),)) for label, value, colour in rows[:MOST_ROWS]])


def stacks(title: str, kinds: Sequence[tuple[str, str]], rows: Sequence[tuple[str, Sequence[int]]]) -> bytes:
    """A bar for each row of label and values, one value for each of ``kinds`` (name and colour), stacked in their order.

    Beside it stands the sum, below the title what the colours mean. At most 24 rows; otherwise as ``bars``.
    """
    colours = [colour for _, colour in kinds]
    parts = [(label, tuple(zip(values, colours, strict=True))) for label, values in rows[:MOST_STACKS]]
    return _chart(title, kinds, parts)


# A row: its label, and the values that make its bar, each with its colour.
_Row = tuple[str, "tuple[tuple[int, str], ...]"]


def _chart(title: str, legend: Sequence[tuple[str, str]], rows: Sequence[_Row]) -> bytes:
    title_font, font = ImageFont.load_default(_TITLE_SIZE), ImageFont.load_default(_TEXT_SIZE)
    heading = _cut(_drawable(title) or "", title_font, _WIDTH - 2 * _EDGE)
    labels = [_cut(_drawable(label) or f"#{n}", font, _LABELS) for n, (label, _) in enumerate(rows, start=1)]
    values = [f"{_sum(parts):,}" for _, parts in rows]
    left = _EDGE + _widest(labels, font) + _GAP
    right = _WIDTH - _EDGE - _widest(values, font) - _GAP
    legend_top = _EDGE + (_TITLE_SIZE + _GAP if heading else 0)
    top = legend_top + (_TEXT_SIZE + _GAP if legend else 0)
    height = top + _ROW * len(rows) + _EDGE - (_ROW - _BAR) // 2

    picture = Image.new("RGBA", (_WIDTH, height), (0, 0, 0, 0))
    _box(picture, (0, 0, _WIDTH, height), _CORNER, _CARD)
    _draw_bars(picture, rows, left, right, top)
    pen = ImageDraw.Draw(picture)
    if heading:
        pen.text((_EDGE, _EDGE), heading, _TEXT, title_font, anchor="lt")
    _draw_legend(picture, pen, legend, legend_top, font)
    for number, (label, value) in enumerate(zip(labels, values, strict=True)):
        middle = top + _ROW * number + _ROW // 2
        pen.text((left - _GAP, middle), label, _TEXT, font, anchor="rm")
        pen.text((_WIDTH - _EDGE, middle), value, _FAINT, font, anchor="rm")
    file = BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _draw_bars(picture: Image.Image, rows: Sequence[_Row], left: int, right: int, top: int) -> None:
    most = max([_sum(parts) for _, parts in rows], default=0)
    for number, (_, parts) in enumerate(rows):
        upper = top + _ROW * number + (_ROW - _BAR) // 2
        _box(picture, (left, upper, right, upper + _BAR), _BAR // 2, _TRACK)
        if total := _sum(parts):
            # The least has a round end to be seen by.
            length = max(_BAR, round((right - left) * total / most))
            ends = [round(length * _sum(parts[: n + 1]) / total) for n in range(len(parts))]
            shares = [(end, colour) for end, (_, colour) in zip(ends, parts, strict=True)]
            _box(picture, (left, upper, left + length, upper + _BAR), _BAR // 2, *shares)


def _draw_legend(
    picture: Image.Image,
    pen: ImageDraw.ImageDraw,
    legend: Sequence[tuple[str, str]],
    top: int,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> None:
    x, middle = _EDGE, top + _TEXT_SIZE // 2
    for number, (name, colour) in enumerate(legend, start=1):
        room = (_WIDTH - 2 * _EDGE) // len(legend) - 2 * _GAP - _TEXT_SIZE
        shown = _cut(_drawable(name) or f"#{number}", font, room)
        _box(picture, (x, top, x + _TEXT_SIZE, top + _TEXT_SIZE), _TEXT_SIZE // 4, colour)
        pen.text((x + _TEXT_SIZE + _GAP // 2, middle), shown, _TEXT, font, anchor="lm")
        x += _TEXT_SIZE + _GAP // 2 + round(font.getlength(shown)) + _GAP


def _sum(parts: Sequence[tuple[int, str]]) -> int:
    return sum(value for value, _ in parts)


def _box(
    picture: Image.Image, box: tuple[int, int, int, int], corner: int, *colours: str | tuple[int, str]
) -> None:
    """A shape with round corners, in one colour or in several from left to right, each with where it ends in it."""
    size = box[2] - box[0], box[3] - box[1]
    mask = Image.new("L", (size[0] * _SMOOTH, size[1] * _SMOOTH), 0)
    outline = (0, 0, mask.width - 1, mask.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(outline, corner * _SMOOTH, 255)
    paint = Image.new("RGBA", size)
    start = 0
    for colour in colours:
        end, shade = (size[0], colour) if isinstance(colour, str) else colour
        paint.paste(shade, (start, 0, end, size[1]))
        start = end
    picture.paste(paint, box[:2], mask.reduce(_SMOOTH))


def _drawable(text: str) -> str | None:
    """The text in what Pillow's font has, which is ASCII; None where a letter or digit has no likeness there.

    Accents and symbols, emoji among them, are left out.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    kept = "".join(" " if character.isspace() else character for character in plain)
    foreign = [c for c in kept if not c.isascii() and unicodedata.category(c)[0] in "LN"]
    ascii_only = "".join(c for c in kept if " " <= c <= "~")
    return None if foreign else " ".join(ascii_only.split())


def _cut(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    """The text, or as much of it as fits with an ellipsis; what is far too long is not even measured."""
    if len(text) <= width and font.getlength(text) <= width:
        return text
    text = text[:width]
    while text and font.getlength(f"{text}…") > width:
        text = text[:-1].rstrip()
    return f"{text}…"


def _widest(texts: Sequence[str], font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> int:
    return max((round(font.getlength(text)) for text in texts), default=0)
