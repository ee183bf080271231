"""Scenes by the sea."""

from __future__ import annotations

from math import pi, sin
from random import Random

from localdiscord.newspaper.pictures.canvas import HEIGHT, WIDTH, Canvas, Color, Edge, gradient, mix
from localdiscord.newspaper.pictures.light import Light
from localdiscord.newspaper.pictures.parts import boat, gulls, hills, lamp_lit_houses, ridge, sky, sun


def _sea(canvas: Canvas, light: Light, horizon: float) -> None:
    canvas.area(lambda _: horizon, None, gradient(light.water, horizon, HEIGHT))


def _glitter(canvas: Canvas, light: Light, random: Random, x: float, horizon: float) -> None:
    """The sun's path over the water: dashes that widen and thin out towards us."""
    for step in range(46):
        depth = (step / 46) ** 1.6
        y = horizon + 3 + depth * (HEIGHT - horizon)
        for _ in range(3):
            reach = 30 + 120 * depth
            middle = x + random.uniform(-reach, reach)
            half = random.uniform(8, 20 + 60 * depth)
            canvas.ellipse(middle, y, half, 1 + 2.4 * depth, light.sun, 0.5 - 0.25 * depth)


def _swell(random: Random, y: float, height: float, length: float) -> Edge:
    phase, drift = random.uniform(0, 2 * pi), random.uniform(0, 2 * pi)
    return lambda x: (
        y
        + height * sin(2 * pi * x / length + phase)
        + height * 0.45 * sin(2 * pi * x / (length * 0.43) + drift)
    )


def harbour(light: Light, random: Random) -> Canvas:
    """Boats before hills and a quay of houses."""
    canvas = sky(light, random)
    horizon = random.uniform(330, 370)
    x = random.uniform(250, 950)
    sun(canvas, light, x, horizon - random.uniform(70, 170), random.uniform(38, 58))
    hills(canvas, light, random, horizon, 2)
    _sea(canvas, light, horizon)
    lamp_lit_houses(canvas, light, random, horizon, random.choice((0, 760)), 440)
    _glitter(canvas, light, random, x, horizon)
    boat(canvas, light, random.uniform(180, 420), horizon + 70, 0.55, mix(light.accent, light.paper, 0.8))
    boat(canvas, light, random.uniform(820, 1020), horizon + 105, 0.8, light.paper)
    boat(canvas, light, random.uniform(480, 700), horizon + 175, 1.25, light.accent)
    gulls(canvas, light, random, 130)
    return canvas


def lighthouse(light: Light, random: Random) -> Canvas:
    """A striped tower on a rock, its beam over the water."""
    canvas = sky(light, random)
    horizon, x = 430.0, random.choice((330.0, 860.0))
    sun(canvas, light, WIDTH - x + random.uniform(-90, 90), random.uniform(170, 330), 44)
    hills(canvas, light, random, horizon, 1)
    _sea(canvas, light, horizon)
    _glitter(canvas, light, random, WIDTH - x, horizon)
    away = 1 if x < 600 else -1
    for width, alpha in ((150, 0.10), (95, 0.12), (45, 0.16)):
        canvas.polygon(
            [(x, 142), (x + away * 1000, 142 - width), (x + away * 1000, 142 + width)], light.sun, alpha
        )
    rock = light.land[-1]
    canvas.area(
        lambda at: HEIGHT - 170 + ((at - x) / 21) ** 2 * 0.55 + 9 * sin(at / 19) + 6 * sin(at / 7.3),
        None,
        rock,
    )
    wall, stripe = light.paper, light.accent
    for index in range(6):
        top, bottom = 175 + index * 50, 225 + index * 50
        half_top, half_bottom = 26 + index * 4.2, 26 + (index + 1) * 4.2
        color = stripe if index % 2 else wall
        canvas.polygon(
            [(x - half_top, top), (x + half_top, top), (x + half_bottom, bottom), (x - half_bottom, bottom)],
            color,
        )
        canvas.polygon(
            [
                (x + half_top * 0.3, top),
                (x + half_top, top),
                (x + half_bottom, bottom),
                (x + half_bottom * 0.3, bottom),
            ],
            rock,
            0.22,
        )
    canvas.box(x - 36, 166, 72, 10, rock)
    canvas.box(x - 20, 122, 40, 44, mix(light.sun, light.accent, 0.12))
    canvas.box(x - 2, 122, 4, 44, rock)
    canvas.polygon([(x - 28, 122), (x, 92), (x + 28, 122)], stripe)
    canvas.glow(x, 142, 130, light.sun, 0.7)
    for index in range(3):
        canvas.area(_swell(random, 560 + index * 26, 7, 260), None, mix(light.water[1], rock, 0.2 * index))
    return canvas


def waves(light: Light, random: Random) -> Canvas:
    """Rolling water, crest behind crest."""
    canvas = sky(light, random)
    x = random.uniform(200, 1000)
    sun(canvas, light, x, random.uniform(150, 230), random.uniform(55, 85))
    _sea(canvas, light, 280)
    _glitter(canvas, light, random, x, 280)
    count = 7
    for index in range(count):
        share = index / (count - 1)
        color = mix(light.water[0], mix(light.water[1], light.land[-1], 0.35), share)
        crest = _swell(random, 320 + 260 * share**1.25, 10 + 26 * share, 240 + 330 * share)
        canvas.area(crest, None, gradient((mix(color, light.paper, 0.16), color), 300 + 260 * share, HEIGHT))
        canvas.stroke(_lifted(crest, 1), 2 + 5 * share, light.paper, alpha=0.55)
        canvas.stroke(_lifted(crest, 13 + 12 * share), 1 + 2 * share, light.paper, alpha=0.28)
    gulls(canvas, light, random, 90)
    return canvas


def _lifted(curve: Edge, by: float) -> Edge:
    return lambda x: curve(x) + by


def bridge(light: Light, random: Random) -> Canvas:
    """A bridge hung from two towers, over a strait."""
    canvas = sky(light, random)
    horizon, deck = 455.0, 395.0
    x = random.uniform(420, 780)
    sun(canvas, light, x, random.uniform(240, 330), 62)
    hills(canvas, light, random, horizon, 3)
    _sea(canvas, light, horizon)
    _glitter(canvas, light, random, x, horizon)
    steel, towers = light.land[-1], (330.0, 870.0)
    cable: Color = mix(light.accent, steel, 0.35)

    def hang(at: float) -> float:
        middle = 600 if towers[0] <= at <= towers[1] else (60 if at < towers[0] else 1140)
        return 175 + 205 * (1 - ((at - middle) / 270) ** 2)

    for at in range(24, WIDTH, 27):
        canvas.area(hang, lambda _: deck, cable, left=at, right=at + 2, alpha=0.8)
    canvas.stroke(hang, 6, cable)
    canvas.box(0, deck, WIDTH, 13, steel)
    canvas.box(0, deck + 13, WIDTH, 4, cable)
    for tower in towers:
        for leg in (-19, 8):
            canvas.box(tower + leg, 150, 11, 365, cable)
        for brace in (190, 270, 345, 440):
            canvas.box(tower - 19, brace, 38, 9, cable)
        canvas.ellipse(tower, 515, 52, 11, steel)
    boat(canvas, light, random.uniform(480, 720), 560, 0.9, light.paper)
    return canvas


def cranes(light: Light, random: Random) -> Canvas:
    """Containers and the cranes that move them."""
    canvas = sky(light, random)
    quay = 520.0
    sun(canvas, light, random.uniform(200, 1000), random.uniform(130, 260), 52)
    hills(canvas, light, random, quay - 40, 2)
    steel = light.land[-1]
    for x, size in ((170.0, 0.8), (520.0, 1.0), (900.0, 0.9)):
        _crane(
            canvas,
            mix(steel, light.accent, 0.55 if x == 520 else 0.2),
            x + random.uniform(-40, 40),
            quay,
            size,
        )
    colors = [light.accent, light.land[1], light.land[2], mix(light.accent, light.paper, 0.5), light.water[1]]
    for column in range(12):
        height = random.choice((1, 2, 2, 3, 3, 4))
        for level in range(height):
            color = random.choice(colors)
            x, y = column * 102 - 10 + random.uniform(-2, 2), quay - 39 * (level + 1)
            canvas.box(x, y, 96, 37, color)
            for rib in range(6, 96, 10):
                canvas.box(x + rib, y + 3, 3, 31, steel, 0.22)
    canvas.area(lambda _: quay, None, steel)
    canvas.area(lambda _: quay + 34, None, gradient(light.water, quay - 60, HEIGHT + 60))
    _glitter(canvas, light, random, 600, quay + 34)
    return canvas


def _crane(canvas: Canvas, color: Color, x: float, quay: float, size: float) -> None:
    top = quay - 360 * size
    for leg in (-60, 48):
        canvas.box(x + leg * size, top, 12 * size, quay - top, color)
    canvas.box(x - 60 * size, quay - 190 * size, 120 * size, 10 * size, color)
    canvas.box(x - 210 * size, top, 400 * size, 13 * size, color)
    canvas.polygon([(x - 8 * size, top), (x, top - 80 * size), (x + 8 * size, top)], color)
    canvas.stroke(lambda at: top - (at - x + 190 * size) * 0.42, 3, color, left=x - 190 * size, right=x)
    canvas.stroke(lambda at: top - (x + 170 * size - at) * 0.47, 3, color, left=x, right=x + 170 * size)
    canvas.box(x - 150 * size, top, 2, 120 * size, color)
    canvas.box(x - 175 * size, top + 120 * size, 52 * size, 24 * size, color)


def shore(light: Light, random: Random) -> Canvas:
    """A wide beach at low tide, with far islands."""
    canvas = sky(light, random)
    x = random.uniform(250, 950)
    sun(canvas, light, x, random.uniform(170, 260), 50)
    _sea(canvas, light, 330)
    for index in range(3):
        canvas.area(
            ridge(random, 330 - 18 * index, 34, 300),
            lambda _: 332.0,
            mix(light.land[0], light.land[1], index / 3),
            left=random.uniform(0, 300) + index * 330,
            right=random.uniform(420, 620) + index * 330,
        )
    _glitter(canvas, light, random, x, 330)
    sand = mix(light.sky[-1], light.land[0], 0.35)
    for index in range(4):
        line = _swell(random, 430 + 48 * index, 13, 640)
        canvas.area(_lifted(line, -9), None, light.paper, alpha=0.5)
        canvas.area(line, None, gradient((mix(light.water[1], sand, 0.35 + 0.2 * index), sand), 420, HEIGHT))
    for _ in range(26):
        canvas.ellipse(
            random.uniform(0, WIDTH), random.uniform(585, 625), random.uniform(2, 7), 2, light.land[2], 0.7
        )
    gulls(canvas, light, random, 140)
    return canvas
