"""Scenes that show no place: planets, sound, cloth, figures, flowers, books, a stage."""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi, sin, sqrt
from random import Random

from localdiscord.newspaper.pictures.canvas import HEIGHT, WIDTH, Canvas, Color, Edge, gradient, mix
from localdiscord.newspaper.pictures.light import Light
from localdiscord.newspaper.pictures.parts import ridge, sky


def planet(light: Light, random: Random) -> Canvas:
    """A banded world with its ring and moons."""
    canvas = sky(light, random)
    x, y, radius = random.uniform(420, 780), random.uniform(280, 350), random.uniform(150, 185)
    canvas.glow(x, y, radius * 2, mix(light.accent, light.sun, 0.4), 0.35)
    squash = random.uniform(0.2, 0.3)
    reaches = [(radius * (1.42 + 0.17 * index), 12 - 3 * index) for index in range(3)]
    for reach, thick in reaches:
        canvas.ring(x, y, reach, thick * 2, light.paper, 0.75, squash)
    bands = [mix(light.accent, light.paper, random.uniform(0.05, 0.7)) for _ in range(9)]
    canvas.disc(x, y, radius, gradient(bands, y - radius, y + radius))
    canvas.area(
        lambda at: y - _half(radius, at - x),
        lambda at: y + _half(radius, at - x),
        light.land[-1],
        left=x + radius * 0.28,
        right=x + radius,
        alpha=0.32,
    )
    for reach, thick in reaches:  # the ring's near side lies before the world
        canvas.area(
            _bow(x, y, reach - thick, squash),
            _bow(x, y, reach + thick, squash),
            light.paper,
            left=x - reach,
            right=x + reach,
            alpha=0.75,
        )
    for _ in range(3):
        angle, far = random.uniform(0, 2 * pi), random.uniform(270, 420)
        canvas.disc(
            x + far * 1.3 * cos(angle), y + far * 0.55 * sin(angle), random.uniform(9, 22), light.land[0]
        )
    return canvas


def _half(radius: float, offset: float) -> float:
    return sqrt(max(0.0, radius * radius - offset * offset))


def _bow(x: float, y: float, reach: float, squash: float) -> Edge:
    return lambda at: y + squash * _half(reach, at - x)


def rings(light: Light, random: Random) -> Canvas:
    """Circles that spread and meet, as sound does."""
    canvas = Canvas(gradient((light.sky[0], light.land[-1])))
    colors = [light.accent, light.sun, light.water[0], mix(light.accent, light.paper, 0.5)]
    for index in range(3):
        x, y = 250 + 350 * index + random.uniform(-90, 90), random.uniform(170, 460)
        color = colors[index]
        canvas.glow(x, y, 240, color, 0.3)
        for step in range(9):
            canvas.ring(x, y, 26 + step * 33, 9 - step * 0.75, color, 0.85 - step * 0.08)
        canvas.disc(x, y, 13, light.paper)
    return canvas


def weave(light: Light, random: Random) -> Canvas:
    """Cloth: bands that go over and under one another."""
    canvas = Canvas(gradient((light.land[-1], light.land[-1])))
    shades = [light.accent, light.land[0], light.land[1], light.paper, light.water[1], light.sun]
    across = [random.choice(shades) for _ in range(15)]
    down = [random.choice(shades) for _ in range(8)]
    cell, gap = 80, 5
    for row, row_color in enumerate(down):
        for column, column_color in enumerate(across):
            x, y = column * cell, row * cell
            over = (row + column) % 2 == 0
            color = row_color if over else column_color
            edge = mix(color, light.land[-1], 0.45)
            if over:
                canvas.box(
                    x, y + gap, cell, cell - 2 * gap, gradient((edge, color, color, edge), y, y + cell)
                )
            else:
                canvas.box(x + gap, y, cell - 2 * gap, cell, color)
                canvas.box(x + gap, y, 9, cell, edge, 0.6)
                canvas.box(x + cell - gap - 9, y, 9, cell, edge, 0.6)
            for thread in range(1, 6):
                at = gap + thread * (cell - 2 * gap) / 6
                if over:
                    canvas.box(x, y + at, cell, 2, edge, 0.5)
                else:
                    canvas.box(x + at, y, 2, cell, edge, 0.5)
    return canvas


def chart(light: Light, random: Random) -> Canvas:
    """Columns that rise and a line over them."""
    canvas = Canvas(gradient((mix(light.sky[-1], light.paper, 0.5), light.sky[-1])))
    for line in range(110, 560, 75):
        canvas.box(90, line, 1020, 2, light.land[0], 0.45)
    tops: list[tuple[float, float]] = []
    value = random.uniform(0.2, 0.35)
    for index in range(12):
        value = min(max(value + random.uniform(-0.06, 0.12), 0.12), 0.9)
        x, high = 112.0 + index * 83, value * 420
        color = light.accent if index == 11 else mix(light.land[1], light.land[0], index % 2 * 0.45)
        canvas.box(x, 545 - high, 54, high, gradient((color, mix(color, light.paper, 0.35)), 545 - high, 545))
        tops.append((x + 27, 545 - high - 34))
    for start, end in pairwise(tops):
        canvas.stroke(_straight(*start, *end), 6, light.land[-1], left=start[0], right=end[0])
    for x, y in tops:
        canvas.disc(x, y, 10, light.land[-1])
        canvas.disc(x, y, 5, light.paper)
    canvas.box(90, 545, 1020, 5, light.land[-1])
    return canvas


def _straight(x1: float, y1: float, x2: float, y2: float) -> Edge:
    return lambda x: y1 + (y2 - y1) * (x - x1) / (x2 - x1)


def bloom(light: Light, random: Random) -> Canvas:
    """Flowers on long stems."""
    canvas = Canvas(gradient((mix(light.sky[-1], light.paper, 0.35), light.sky[-1], light.sky[0])))
    canvas.glow(random.uniform(300, 900), 180, 420, light.sun, 0.6)
    stem = light.land[2]
    colors = [light.accent, light.paper, mix(light.accent, light.sun, 0.5), light.land[0]]
    flowers = sorted(
        ((95 + 145 * i + random.uniform(-40, 40), random.uniform(130, 390)) for i in range(8)),
        key=lambda f: f[1],
    )
    for x, y in flowers:
        lean = random.uniform(-26, 26)
        for step in range(64):
            share = step / 63
            canvas.disc(x + lean * share**2, y + share * (HEIGHT - y), 4.2, stem)
        for side in (-1, 1):
            foot = y + (HEIGHT - y) * random.uniform(0.4, 0.7)
            canvas.ellipse(x + side * 38, foot, 36, 11, mix(stem, light.land[1], 0.3))
    for x, y in flowers:
        _flower(
            canvas,
            light,
            x,
            y,
            random.uniform(34, 56),
            random.choice(colors),
            random.randint(6, 9),
            random.uniform(0, 1),
        )
    canvas.area(ridge(random, 600, 20, 300), None, light.land[-1])
    return canvas


def _flower(
    canvas: Canvas, light: Light, x: float, y: float, size: float, color: Color, petals: int, turn: float
) -> None:
    for layer, shade in ((1.0, mix(color, light.land[-1], 0.14)), (0.72, color)):
        for petal in range(petals):
            angle = 2 * pi * (petal + turn + (1 - layer)) / petals
            for step in range(5):
                share = 0.35 + 0.65 * step / 4
                bulge = 0.36 * sin(pi * (0.2 + 0.62 * step / 4))
                canvas.disc(
                    x + cos(angle) * size * layer * share,
                    y + sin(angle) * size * layer * share,
                    size * layer * bulge,
                    shade,
                )
    canvas.disc(x, y, size * 0.3, mix(light.sun, light.accent, 0.35))
    canvas.disc(x, y, size * 0.18, light.land[-1], 0.5)


def books(light: Light, random: Random) -> Canvas:
    """Shelves, well used."""
    canvas = Canvas(gradient((mix(light.land[-1], light.land[-2], 0.5), light.land[-1])))
    colors = [
        light.accent,
        light.land[0],
        light.land[1],
        light.water[1],
        light.paper,
        light.sun,
        light.water[0],
    ]
    for shelf in range(3):
        foot, x = 205.0 + shelf * 205, 34.0
        while x < WIDTH - 70:
            wide, high = random.uniform(20, 50), random.uniform(115, 172)
            color = mix(random.choice(colors), light.land[-1], random.uniform(0, 0.3))
            if random.random() < 0.06:
                x += random.uniform(30, 70)
                continue
            canvas.box(x, foot - high, wide, high, color)
            canvas.box(x, foot - high, 5, high, light.paper, 0.2)
            canvas.box(x + wide - 6, foot - high, 6, high, light.land[-1], 0.3)
            band = mix(light.sun, color, 0.3)
            for place in (0.14, 0.2, 0.82):
                canvas.box(x, foot - high * (1 - place), wide, 4, band, 0.85)
            x += wide + 2
        canvas.box(0, foot, WIDTH, 17, mix(light.land[1], light.land[-1], 0.45))
        canvas.box(0, foot, WIDTH, 4, light.paper, 0.25)
    canvas.glow(random.uniform(300, 900), 130, 480, light.sun, 0.25)
    return canvas


def stage(light: Light, random: Random) -> Canvas:
    """Spotlights, a curtain, and the heads of those who came."""
    canvas = Canvas(gradient((light.land[-1], mix(light.land[-1], light.sky[0], 0.6))))
    canvas.ellipse(600, 500, 640, 74, mix(light.land[1], light.land[-1], 0.35))
    for index, color in enumerate((light.accent, light.sun, light.water[0], light.paper)):
        x = 200.0 + index * 266
        target = 600 + (index - 1.5) * 120 + random.uniform(-60, 60)
        for spread, alpha in ((118, 0.12), (78, 0.14), (40, 0.16)):
            canvas.polygon(
                [(x - 6, 40), (x + 6, 40), (target + spread, 500), (target - spread, 500)], color, alpha
            )
        canvas.ellipse(target, 500, 118, 21, color, 0.3)
        canvas.disc(x, 36, 17, mix(color, light.paper, 0.5))
    cloth = mix(light.accent, light.land[-1], 0.35)
    for side in (0, 1):
        for fold in range(6):
            shade = mix(cloth, light.land[-1], 0.16 * (fold % 3))
            x = 31.0 * fold if side == 0 else WIDTH - 31.0 * fold - 33
            canvas.area(lambda _: 0.0, _hem(random, fold), shade, left=x, right=x + 33)
    canvas.area(lambda _: 0.0, lambda x: 46 + 15 * abs(sin(pi * x / 150)), cloth)
    for row in range(2):
        color = mix(light.land[-1], (0, 0, 0), 0.35 + 0.3 * row)
        for seat in range(17):
            x = seat * 75 + 36 * row + random.uniform(-8, 8)
            y = 566 + row * 36 + random.uniform(-6, 6)
            canvas.disc(x, y, 25, color)
            canvas.ellipse(x, y + 58, 46, 40, color)
    return canvas


def _hem(random: Random, fold: int) -> Edge:
    foot = 560 - 34 * fold + random.uniform(-6, 6)
    return lambda x: foot + 5 * sin(x / 6)


def contours(light: Light, random: Random) -> Canvas:
    """A map's lines of equal height around unseen hills."""
    canvas = Canvas(gradient((mix(light.paper, light.sky[-1], 0.5), light.sky[-1])))
    for _ in range(4):
        x, y, stretch = random.uniform(80, 1120), random.uniform(60, 570), random.uniform(0.55, 0.85)
        count = random.randint(5, 8)
        for step in range(count):
            reach = 44 * (count - step)
            color = mix(light.land[0], light.land[2], step / count)
            canvas.ellipse(x + step * 9, y - step * 5, reach * 1.25, reach * stretch, color, 0.2)
            canvas.ring(x + step * 9, y - step * 5, reach * 1.25, 2.4, light.land[-1], 0.5, stretch / 1.25)
    turn = random.uniform(0, 6)
    for step in range(150):
        x = step * 8.2
        if step % 6 < 4:
            canvas.disc(x, 330 + 120 * sin(turn + x / 240) + 40 * sin(x / 90), 4.6, light.accent)
    return canvas
