"""A small painter: smooth-edged areas on a true-colour canvas, written as PNG. Knows no subject.

Pure Python with no imaging library, so it paints in whole columns: an area is a top and a bottom edge over a range
of x, and all but its edge pixels are slices of bytes. Pixels lie column after column, one plane for each of red,
green and blue.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from math import ceil, floor, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 1200, 630  # what link previews everywhere are cut for

Color = tuple[int, int, int]
Edge = Callable[[float], float]  # y at x, both in pixels from the top left
Paint = list[
    tuple[bytes, bytes, bytes]
]  # the planes of a whole column, in four variants that dither one another

# Where a value lies between two bytes, neighbours round it differently (ordered dithering), or a sky shows stripes.
_THRESHOLDS = ((0.125, 0.875, 0.375, 0.625), (0.625, 0.375, 0.875, 0.125))
_VARIANTS = 4


def rgb(code: str) -> Color:
    """``"#20304a"`` as three bytes."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def mix(one: Color, other: Color, share: float) -> Color:
    """``one`` moved towards ``other`` by ``share``, from 0 to 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def gradient(stops: Sequence[Color], top: float = 0, bottom: float = HEIGHT) -> Paint:
    """A paint that runs through ``stops`` from ``top`` down to ``bottom``."""
    columns = [[bytearray(HEIGHT) for _ in range(3)] for _ in range(_VARIANTS)]
    for y in range(HEIGHT):
        place = min(max((y - top) / (bottom - top), 0.0), 1.0) * (len(stops) - 1)
        index = min(int(place), len(stops) - 2)
        share = place - index
        for channel in range(3):
            start, end = stops[index][channel], stops[index + 1][channel]
            value = start + (end - start) * share
            for variant in range(_VARIANTS):
                columns[variant][channel][y] = min(255, int(value + _THRESHOLDS[y % 2][variant]))
    return [(bytes(red), bytes(green), bytes(blue)) for red, green, blue in columns]


def _plain(color: Color) -> Paint:
    red, green, blue = (bytes([value]) * HEIGHT for value in color)
    return [(red, green, blue)] * _VARIANTS


class Canvas:
    """1200 by 630 pixels, painted from back to front."""

    def __init__(self, background: Paint) -> None:
        columns = [background[x % _VARIANTS] for x in range(WIDTH)]
        self._planes = [bytearray(b"".join(column[channel] for column in columns)) for channel in range(3)]

    def area(
        self,
        top: Edge,
        bottom: Edge | None = None,
        color: Color | Paint = (0, 0, 0),
        *,
        left: float = 0,
        right: float = WIDTH,
        alpha: float = 1.0,
    ) -> None:
        """Fill what lies between two edges; without a bottom edge, down to the ground.

        A see-through area (``alpha`` below 1) takes a plain colour, no gradient.
        """
        first, last = max(0, round(left)), min(WIDTH, round(right))
        if first >= last:
            return
        paint = color if isinstance(color, list) else _plain(color)
        tables = _blends(paint, alpha) if alpha < 1 else None
        tops = [top(x) for x in range(first, last + 1)]
        bottoms = [bottom(x) for x in range(first, last + 1)] if bottom else [HEIGHT + 1.0] * len(tops)
        for index, x in enumerate(range(first, last)):
            upper, upper_reach = _edge(tops[index], tops[index + 1])
            lower, lower_reach = _edge(bottoms[index], bottoms[index + 1])
            begin, end = max(0, floor(upper - upper_reach)), min(HEIGHT, ceil(lower + lower_reach))
            solid_from = max(begin, ceil(upper + upper_reach))
            solid_to = min(end, floor(lower - lower_reach))
            column = paint[x % _VARIANTS]
            base = x * HEIGHT
            if solid_from < solid_to:
                self._fill(base, solid_from, solid_to, column, tables)
                fringe = [*range(begin, solid_from), *range(solid_to, end)]
            else:
                fringe = list(range(begin, end))
            for y in fringe:
                inside = min(max((y + 0.5 - upper) / (2 * upper_reach) + 0.5, 0.0), 1.0)
                inside += min(max((lower - y - 0.5) / (2 * lower_reach) + 0.5, 0.0), 1.0) - 1
                if inside > 0:
                    self._blend(base + y, y, column, inside * alpha)

    def _fill(
        self,
        base: int,
        start: int,
        end: int,
        column: tuple[bytes, bytes, bytes],
        tables: Sequence[bytes] | None,
    ) -> None:
        for channel, plane in enumerate(self._planes):
            if tables is None:
                plane[base + start : base + end] = column[channel][start:end]
            else:
                plane[base + start : base + end] = plane[base + start : base + end].translate(tables[channel])

    def _blend(self, index: int, y: int, column: tuple[bytes, bytes, bytes], share: float) -> None:
        for channel, plane in enumerate(self._planes):
            old = plane[index]
            plane[index] = old + round((column[channel][y] - old) * share)

    # --- shapes, all of them areas -----------------------------------------------------------------------

    def disc(self, x: float, y: float, radius: float, color: Color | Paint, alpha: float = 1.0) -> None:
        self.ellipse(x, y, radius, radius, color, alpha)

    def ellipse(
        self, x: float, y: float, wide: float, high: float, color: Color | Paint, alpha: float = 1.0
    ) -> None:
        def half(at: float) -> float:
            return high * sqrt(max(0.0, 1 - ((at - x) / wide) ** 2))

        self.area(
            lambda at: y - half(at),
            lambda at: y + half(at),
            color,
            left=floor(x - wide),
            right=ceil(x + wide),
            alpha=alpha,
        )

    def ring(
        self,
        x: float,
        y: float,
        radius: float,
        thickness: float,
        color: Color,
        alpha: float = 1.0,
        squash: float = 1.0,
    ) -> None:
        """A circle's outline; ``squash`` below 1 makes it an ellipse seen from the side."""
        outer, inner = radius + thickness / 2, radius - thickness / 2

        def arc(reach: float, at: float) -> float:
            return squash * sqrt(max(0.0, reach * reach - (at - x) ** 2))

        for side in (-1, 1):
            far = _arc_edge(arc, outer, y, side)
            near = _arc_edge(arc, inner, y, side)
            top, bottom = (far, near) if side < 0 else (near, far)
            self.area(top, bottom, color, left=floor(x - outer), right=ceil(x + outer), alpha=alpha)

    def stroke(
        self,
        curve: Edge,
        thickness: float,
        color: Color,
        *,
        left: float = 0,
        right: float = WIDTH,
        alpha: float = 1.0,
    ) -> None:
        """A line along a curve that is flatter than it is steep."""
        half = thickness / 2
        self.area(
            lambda x: curve(x) - half, lambda x: curve(x) + half, color, left=left, right=right, alpha=alpha
        )

    def polygon(
        self, points: Sequence[tuple[float, float]], color: Color | Paint, alpha: float = 1.0
    ) -> None:
        """A convex polygon."""
        edges = [
            (*sorted((start, end)),) for start, end in zip(points, [*points[1:], points[0]], strict=True)
        ]

        def crossings(x: float) -> list[float]:
            return [
                y1 + (y2 - y1) * (x - x1) / (x2 - x1) if x2 > x1 else y
                for (x1, y1), (x2, y2) in edges
                if x1 <= x <= x2
                for y in (y1, y2)
            ]

        left, right = min(x for x, _ in points), max(x for x, _ in points)

        def inside(x: float) -> float:
            return min(max(x, left), right)

        self.area(
            lambda x: min(crossings(inside(x))),
            lambda x: max(crossings(inside(x))),
            color,
            left=left,
            right=right,
            alpha=alpha,
        )

    def box(
        self, x: float, y: float, wide: float, high: float, color: Color | Paint, alpha: float = 1.0
    ) -> None:
        self.area(lambda _: y, lambda _: y + high, color, left=x, right=x + wide, alpha=alpha)

    def glow(self, x: float, y: float, radius: float, color: Color, strength: float = 0.5) -> None:
        """Light that fades from the middle outward."""
        steps = 28  # each disc adds a little more than the one around it, so that no rim shows
        for step in range(steps):
            share = (step + 1) / steps
            self.disc(x, y, radius * (1 - step / steps) ** 1.3, color, strength * 2.4 * share / steps)

    # --- the file ------------------------------------------------------------------------------------------

    def png(self) -> bytes:
        """The picture as PNG (ISO/IEC 15948): 8 bits a channel, no alpha, no filter."""
        rows = bytearray((3 * WIDTH + 1) * HEIGHT)
        stride = 3 * WIDTH + 1  # a byte before each row names its filter: 0
        for channel, plane in enumerate(self._planes):
            for x in range(WIDTH):
                rows[1 + 3 * x + channel :: stride] = plane[x * HEIGHT : (x + 1) * HEIGHT]
        header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
        return b"".join(
            (
                b"\x89PNG\r\n\x1a\n",
                _chunk(b"IHDR", header),
                _chunk(b"IDAT", zlib.compress(rows, 6)),
                _chunk(b"IEND", b""),
            )
        )


def _edge(start: float, end: float) -> tuple[float, float]:
    """Where an edge crosses a column, and how far up and down from there the column is partly covered."""
    start, end = min(max(start, -2.0), HEIGHT + 2.0), min(max(end, -2.0), HEIGHT + 2.0)
    return (start + end) / 2, max(0.5, abs(end - start) / 2)


def _arc_edge(arc: Callable[[float, float], float], reach: float, y: float, side: int) -> Edge:
    return lambda at: y + side * arc(reach, at)


def _blends(paint: Paint, alpha: float) -> list[bytes]:
    """For each channel: what every byte becomes under a see-through colour."""
    return [bytes(round(old + (plane[0] - old) * alpha) for old in range(256)) for plane in paint[0]]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
