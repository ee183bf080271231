"""HTML tables as something to read in a chat: aligned columns where they fit a phone, otherwise one row a line.

Tables that only lay out a page (nested, or with paragraphs, lists or pictures in their cells) dissolve into
their contents.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.text.blocks import BOLD, Block, Kind, Span, plain_line
from bot.text.markdown import RULE

MAX_WIDTH = 42  # columns of Discord's code blocks on a narrow phone
MAX_ROWS = 200
MAX_COLUMNS = 20
_GAP = "  "


@dataclass(slots=True)
class Cell:
    header: bool
    blocks: list[Block] = field(default_factory=list)

    @property
    def spans(self) -> list[Span]:
        return [span for block in self.blocks for line in block.lines for span in line]

    @property
    def simple(self) -> bool:
        return not self.blocks or (
            len(self.blocks) == 1 and self.blocks[0].kind is Kind.TEXT and len(self.blocks[0].lines) == 1
        )


@dataclass(slots=True)
class Table:
    rows: list[list[Cell]] = field(default_factory=list)

    def add_cell(self, *, header: bool) -> Cell:
        if not self.rows:
            self.rows.append([])
        cell = Cell(header)
        self.rows[-1].append(cell)
        return cell

    def to_blocks(self, *, quote: bool, depth: int) -> list[Block]:
        rows = [row for row in self.rows if any(cell.blocks for cell in row)]
        columns = max(map(len, rows), default=0)
        simple = all(cell.simple for row in rows for cell in row)
        if len(rows) < 2 or columns < 2 or columns > MAX_COLUMNS or not simple:
            return [block for row in rows for cell in row for block in cell.blocks]
        rows = rows[:MAX_ROWS]
        words = [[plain_line(cell.spans) for cell in row] + [""] * (columns - len(row)) for row in rows]
        widths = [max(_width(row[column]) for row in words) for column in range(columns)]
        linked = any(span.href for row in rows for cell in row for span in cell.spans)
        headed = all(cell.header for cell in rows[0])
        if not linked and sum(widths) + len(_GAP) * (columns - 1) <= MAX_WIDTH:
            return [Block(Kind.CODE, quote=quote, code=_aligned(words, widths, headed))]
        return list(_as_list(rows, words[0] if headed else None, quote, depth + 1))


def _aligned(words: list[list[str]], widths: list[int], headed: bool) -> str:
    lines = [
        _GAP.join(_padded(word, width) for word, width in zip(row, widths, strict=True)) for row in words
    ]
    if headed:
        lines.insert(1, _GAP.join(RULE * width for width in widths))
    return "\n".join(lines)


def _as_list(rows: list[list[Cell]], names: list[str] | None, quote: bool, depth: int) -> Iterable[Block]:
    """A row a list item: its first cell bold, the others after it, each named by its column's heading."""
    for row in rows[1:] if names else rows:
        spans: list[Span] = []
        for column, cell in enumerate(row):
            if not plain_line(cell.spans):
                continue
            if spans:
                spans.append(Span(" \u00b7 "))
            if column and names and names[column]:
                spans.append(Span(f"{names[column]}: "))
            spans += [span._replace(style=span.style | (0 if column else BOLD)) for span in cell.spans]
        yield Block(Kind.TEXT, [spans], quote, depth, "- ")


def _padded(word: str, width: int) -> str:
    return word + " " * (width - _width(word))


def _width(word: str) -> int:
    """Columns that ``word`` takes in a monospaced font."""
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in word
    )
