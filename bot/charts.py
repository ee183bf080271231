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

# From the palette of Okabe and Ito, which stays apart with every kind of colour blindness; each has a contrast of
# more than 4.5 to the card (WCAG 2.2 §1.4.3, §1.4.11).
SENTIMENT_COLOURS: Mapping[Sentiment, str] = MappingProxyType(
    {Sentiment.POSITIVE: "#56b4e9", Sentiment.NEUTRAL: "#b5bac1", Sentiment.NEGATIVE: "#e69f00"}
)

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
    rows = rows[:MOST_ROWS]
    title_font, font = ImageFont.load_default(_TITLE_SIZE), ImageFont.load_default(_TEXT_SIZE)
    heading = _cut(_drawable(title) or "", title_font, _WIDTH - 2 * _EDGE)
    labels = [_cut(_drawable(row[0]) or f"#{n}", font, _LABELS) for n, row in enumerate(rows, start=1)]
    values = [f"{value:,}" for _, value, _ in rows]
    left = _EDGE + _widest(labels, font) + _GAP
    right = _WIDTH - _EDGE - _widest(values, font) - _GAP
    top = _EDGE + (_TITLE_SIZE + _GAP if heading else 0)
    height = top + _ROW * len(rows) + _EDGE - (_ROW - _BAR) // 2

    picture = _shapes(height, rows, left, right, top)
    pen = ImageDraw.Draw(picture)
    if heading:
        pen.text((_EDGE, _EDGE), heading, _TEXT, title_font, anchor="lt")
    for number, (label, value) in enumerate(zip(labels, values, strict=True)):
        middle = top + _ROW * number + _ROW // 2
        pen.text((left - _GAP, middle), label, _TEXT, font, anchor="rm")
        pen.text((_WIDTH - _EDGE, middle), value, _FAINT, font, anchor="rm")
    file = BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _shapes(
    height: int, rows: Sequence[tuple[str, int, str]], left: int, right: int, top: int
) -> Image.Image:
    """The card, transparent outside its round corners, with all that is not text."""
    picture = Image.new("RGBA", (_WIDTH, height), (0, 0, 0, 0))
    _box(picture, (0, 0, _WIDTH, height), _CORNER, _CARD)
    most = max([value for _, value, _ in rows], default=0)
    for number, (_, value, colour) in enumerate(rows):
        upper = top + _ROW * number + (_ROW - _BAR) // 2
        _box(picture, (left, upper, right, upper + _BAR), _BAR // 2, _TRACK)
        if value > 0:
            # The least has a round end to be seen by.
            length = max(_BAR, round((right - left) * value / most))
            _box(picture, (left, upper, left + length, upper + _BAR), _BAR // 2, colour)
    return picture


def _box(picture: Image.Image, box: tuple[int, int, int, int], corner: int, colour: str) -> None:
    size = box[2] - box[0], box[3] - box[1]
    mask = Image.new("L", (size[0] * _SMOOTH, size[1] * _SMOOTH), 0)
    outline = (0, 0, mask.width - 1, mask.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(outline, corner * _SMOOTH, 255)
    picture.paste(Image.new("RGBA", size, colour), box[:2], mask.reduce(_SMOOTH))


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
