"""What many scenes share: sky, sun, ridges, trees, boats, birds, houses."""

from __future__ import annotations

from math import pi, sin
from random import Random

from localdiscord.newspaper.pictures.canvas import HEIGHT, WIDTH, Canvas, Color, Edge, gradient, mix
from localdiscord.newspaper.pictures.light import Light


def sky(light: Light, random: Random) -> Canvas:
    """A canvas with the sky on it: stars where it is dark, long clouds where it is not."""
    canvas = Canvas(gradient(light.sky, 0, HEIGHT * 0.72))
    if light.dark:
        for _ in range(150):
            size = random.choice((1.0, 1.0, 1.3, 1.8))
            canvas.disc(
                random.uniform(0, WIDTH), random.uniform(0, 400), size, light.paper, random.uniform(0.3, 0.95)
            )
    else:
        for _ in range(random.randint(3, 5)):
            _cloud(canvas, light, random, random.uniform(0, WIDTH), random.uniform(60, 250))
    return canvas


def _cloud(canvas: Canvas, light: Light, random: Random, x: float, y: float) -> None:
    wide = random.uniform(110, 240)
    for _ in range(6):
        canvas.ellipse(
            x + random.uniform(-wide, wide) * 0.6,
            y + random.uniform(-9, 9),
            random.uniform(0.35, 0.75) * wide,
            random.uniform(7, 17),
            light.paper,
            0.17,
        )


def sun(canvas: Canvas, light: Light, x: float, y: float, radius: float) -> None:
    canvas.glow(x, y, radius * 4.2, light.sun, 0.5)
    canvas.disc(x, y, radius, light.sun)


def ridge(random: Random, y: float, height: float, length: float) -> Edge:
    """A hilly line, never quite repeating."""
    waves = [
        (height / (1 + index), length / (1 + index * 1.37), random.uniform(0, 2 * pi)) for index in range(4)
    ]
    return lambda x: y - sum(tall * 0.5 * sin(2 * pi * x / long + phase) for tall, long, phase in waves)


def hills(canvas: Canvas, light: Light, random: Random, horizon: float, count: int) -> None:
    """Hills behind one another that stand on the horizon, the far ones in haze."""
    for index in range(count):
        color = light.land[min(index, len(light.land) - 2)]
        line = ridge(random, horizon - 62 + 24 * index, 46, random.uniform(420, 760))
        canvas.area(
            _above(line, horizon),
            None,
            gradient((color, mix(color, light.sky[-1], 0.35)), horizon - 120, horizon),
        )


def _above(line: Edge, horizon: float) -> Edge:
    return lambda x: min(line(x), horizon)


def fir(canvas: Canvas, x: float, foot: float, height: float, color: Color) -> None:
    canvas.box(x - height * 0.025, foot - height * 0.2, max(2.0, height * 0.05), height * 0.2, color)
    for level in range(3):
        top = foot - height * (1 - level * 0.24)
        bottom = foot - height * (0.52 - level * 0.2)
        half = height * (0.13 + 0.065 * level)
        canvas.polygon([(x - half, bottom), (x, top), (x + half, bottom)], color)


def boat(canvas: Canvas, light: Light, x: float, y: float, size: float, sail: Color) -> None:
    hull, mast = light.land[-1], 118 * size
    canvas.ellipse(x, y + 15 * size, 78 * size, 5 * size, hull, 0.3)
    canvas.polygon(
        [
            (x - 68 * size, y - 14 * size),
            (x + 74 * size, y - 14 * size),
            (x + 46 * size, y + 13 * size),
            (x - 50 * size, y + 13 * size),
        ],
        hull,
    )
    canvas.box(x - 60 * size, y - 14 * size, 128 * size, 4 * size, light.accent)
    canvas.box(x - 2 * size, y - mast - 14 * size, max(2.0, 4 * size), mast, hull)
    canvas.polygon(
        [(x + 4 * size, y - mast), (x + 66 * size, y - 22 * size), (x + 4 * size, y - 22 * size)], sail
    )
    canvas.polygon(
        [(x - 5 * size, y - mast * 0.94), (x - 50 * size, y - 22 * size), (x - 5 * size, y - 22 * size)],
        mix(sail, light.paper, 0.55),
    )


def gulls(canvas: Canvas, light: Light, random: Random, y: float) -> None:
    color = light.paper if light.dark else light.land[-1]
    middle = random.uniform(300, 900)
    for _ in range(random.randint(4, 7)):
        x, at, size = middle + random.uniform(-190, 190), y + random.uniform(-40, 70), random.uniform(9, 19)
        for side in (-1, 1):
            canvas.stroke(
                _wing(x, at, size, side),
                2.2,
                color,
                left=x - size if side < 0 else x,
                right=x if side < 0 else x + size,
                alpha=0.8,
            )


def _wing(x: float, y: float, size: float, side: int) -> Edge:
    return lambda at: y - size * 0.42 * sin(pi * min(max(side * (at - x) / size, 0.0), 1.0) ** 0.75)


def lamp_lit_houses(
    canvas: Canvas, light: Light, random: Random, foot: float, left: float, width: float
) -> None:
    """A row of gabled houses; windows are lit."""
    x = left
    while x < left + width:
        wide, high = random.uniform(38, 66), random.uniform(44, 96)
        wall = mix(
            random.choice((light.paper, light.accent, light.land[0], light.land[1])), light.land[-1], 0.3
        )
        canvas.box(x, foot - high, wide, high + 6, wall)
        canvas.polygon(
            [(x - 3, foot - high), (x + wide / 2, foot - high - wide * 0.52), (x + wide + 3, foot - high)],
            light.land[-1],
        )
        for column in range(int(wide / 18)):
            for row in range(int(high / 24)):
                if random.random() < 0.72:
                    canvas.box(
                        x + 8 + column * 17,
                        foot - high + 11 + row * 23,
                        8,
                        11,
                        mix(light.sun, light.accent, 0.18),
                    )
        x += wide + 2
    canvas.box(left - 14, foot, width + 80, 12, light.land[-1])
