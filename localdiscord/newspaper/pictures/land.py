"""Scenes on land: hills, mountains, fields, towns, and the sky over them."""

from __future__ import annotations

from math import sin
from random import Random

from localdiscord.newspaper.pictures.canvas import HEIGHT, WIDTH, Canvas, Edge, gradient, mix
from localdiscord.newspaper.pictures.light import Light
from localdiscord.newspaper.pictures.parts import fir, gulls, hills, ridge, sky, sun


def valley(light: Light, random: Random) -> Canvas:
    """Hill behind hill, and a few firs."""
    canvas = sky(light, random)
    sun(canvas, light, random.uniform(250, 950), random.uniform(170, 250), random.uniform(42, 62))
    colors = [*light.land[:-1], mix(light.land[-2], light.land[-1], 0.5), light.land[-1]]
    for index, color in enumerate(colors):
        line = ridge(random, 300 + 66 * index, 92 - 12 * index, random.uniform(560, 980))
        canvas.area(
            line, None, gradient((color, mix(color, light.sky[-1], 0.28)), 240 + 66 * index, 520 + 60 * index)
        )
        if index >= 3:
            for _ in range(9):
                x = random.uniform(0, WIDTH)
                fir(canvas, x, line(x) + 8, random.uniform(26, 54) * (index - 1.6), colors[-1])
    return canvas


def mountains(light: Light, random: Random) -> Canvas:
    """Snowy peaks over a dark wood."""
    canvas = sky(light, random)
    sun(canvas, light, random.uniform(200, 1000), random.uniform(110, 190), 46)
    for row, (foot, tall) in enumerate(((430, 235), (500, 250))):
        x = random.uniform(-120, 40)
        while x < WIDTH + 100:
            half, high = random.uniform(170, 270), tall * random.uniform(0.62, 1.0)
            _peak(canvas, light, random, x + half, foot, half, high, row)
            x += half * random.uniform(0.75, 1.15)
    for index in range(2):
        color = mix(light.land[-2], light.land[-1], index)
        line = ridge(random, 500 + 62 * index, 26, 500)
        for x in range(-10, WIDTH + 20, 23 + 8 * index):
            at = x + random.uniform(-9, 9)
            fir(canvas, at, line(at) + 12, random.uniform(56, 96) * (0.75 + 0.5 * index), color)
        canvas.area(line, None, color)
    return canvas


def _peak(
    canvas: Canvas, light: Light, random: Random, x: float, foot: float, half: float, high: float, row: int
) -> None:
    color, top = mix(light.land[0], light.land[2], 0.25 + 0.45 * row), foot - high
    haze = mix(color, light.sky[-1], 0.45)
    canvas.polygon([(x - half, foot), (x, top), (x + half, foot)], gradient((color, haze), top, foot))
    shade = mix(color, light.land[-1], 0.34)
    canvas.polygon(
        [(x - half * 0.12, foot), (x, top), (x + half, foot)],
        gradient((shade, mix(shade, haze, 0.6)), top, foot),
    )
    cap, phase = high * random.uniform(0.26, 0.38), random.uniform(0, 6)

    def snow_line(at: float) -> float:
        return top + cap + 13 * sin(at / 11 + phase) + 8 * sin(at / 5.1)

    def slope(at: float) -> float:
        return top + high * abs(at - x) / half

    reach = half * (cap + 22) / high
    canvas.area(slope, _lower(snow_line, slope), light.paper, left=x - reach, right=x)
    canvas.area(
        slope, _lower(snow_line, slope), mix(light.paper, light.land[0], 0.42), left=x, right=x + reach
    )


def _lower(one: Edge, other: Edge) -> Edge:
    return lambda x: max(one(x), other(x))


def forest(light: Light, random: Random) -> Canvas:
    """Firs in the mist, row behind row."""
    canvas = sky(light, random)
    sun(canvas, light, random.uniform(250, 950), random.uniform(180, 280), 66)
    rows = 5
    for index in range(rows):
        share = index / (rows - 1)
        color = mix(mix(light.land[0], light.sky[-1], 0.35), light.land[-1], share)
        line = ridge(random, 360 + 58 * index, 34, 620)
        step = 26 + 17 * index
        for x in range(-step, WIDTH + step, step):
            at = x + random.uniform(-step, step) * 0.4
            fir(canvas, at, line(at) + 14, random.uniform(62, 108) * (0.75 + 0.42 * index), color)
        canvas.area(
            line,
            None,
            gradient(
                (color, mix(color, light.sky[-1], 0.45 * (1 - share))), 340 + 58 * index, 500 + 58 * index
            ),
        )
    gulls(canvas, light, random, 110)
    return canvas


def field(light: Light, random: Random) -> Canvas:
    """Rows that run together at the horizon, and a farm."""
    canvas = sky(light, random)
    sun(canvas, light, random.uniform(200, 1000), random.uniform(140, 220), 58)
    horizon = 350.0
    hills(canvas, light, random, horizon, 2)
    canvas.area(lambda _: horizon, None, gradient((light.land[0], light.land[1]), horizon, HEIGHT))
    vanish = random.uniform(400, 800)
    for index in range(-22, 23):
        near = vanish + index * 118
        color = light.land[2] if index % 2 else mix(light.accent, light.land[1], 0.55)
        canvas.polygon([(vanish + index * 9, horizon), (near - 34, HEIGHT), (near + 34, HEIGHT)], color, 0.75)
    x = random.choice((150.0, 930.0))
    canvas.box(x, horizon - 50, 96, 58, light.accent)
    canvas.polygon([(x - 9, horizon - 50), (x + 48, horizon - 90), (x + 105, horizon - 50)], light.land[-1])
    canvas.box(x + 36, horizon - 26, 24, 34, light.paper)
    canvas.box(x + 118, horizon - 82, 32, 90, light.paper)
    canvas.ellipse(x + 134, horizon - 82, 16, 13, light.land[2])
    for _ in range(7):
        at = random.uniform(0, WIDTH)
        canvas.ellipse(at, horizon - 10, random.uniform(16, 34), random.uniform(15, 27), light.land[3])
    return canvas


def skyline(light: Light, random: Random) -> Canvas:
    """A town at its river."""
    canvas = sky(light, random)
    quay = 500.0
    sun(canvas, light, random.uniform(200, 1000), random.uniform(180, 300), 72)
    for row in range(3):
        color = (light.land[0], light.land[1], light.land[-1])[row]
        x = random.uniform(-40, 0)
        while x < WIDTH:
            wide = random.uniform(46, 104)
            high = random.uniform(110, 330) * (1 - 0.17 * row)
            _house(canvas, light, random, x, quay, wide, high, color, lit=row > 0)
            x += wide + random.uniform(2, 10) * row
    canvas.area(lambda _: quay, None, gradient((light.water[0], light.water[1]), quay, HEIGHT))
    for _ in range(60):
        canvas.ellipse(
            random.uniform(0, WIDTH),
            random.uniform(quay + 8, HEIGHT),
            random.uniform(12, 60),
            1.6,
            light.sun,
            0.32,
        )
    canvas.box(0, quay - 3, WIDTH, 8, light.land[-1])
    return canvas


def _house(
    canvas: Canvas,
    light: Light,
    random: Random,
    x: float,
    foot: float,
    wide: float,
    high: float,
    color: tuple[int, int, int],
    *,
    lit: bool,
) -> None:
    top = foot - high
    canvas.box(x, top, wide, high, color)
    roof = random.randrange(5)
    if roof == 0:
        canvas.polygon([(x, top), (x + wide / 2, top - 46), (x + wide, top)], color)
    elif roof == 1:
        canvas.box(x + wide / 2 - 2, top - 54, 4, 54, color)
    elif roof == 2:
        canvas.box(x + wide * 0.2, top - 18, wide * 0.6, 18, color)
    if lit:
        window = mix(light.sun, light.accent, 0.3)
        for column in range(int(x) + 9, int(x + wide) - 9, 15):
            for row in range(int(top) + 12, int(foot) - 14, 21):
                if random.random() < 0.42:
                    canvas.box(column, row, 7, 11, window, 0.85)


def aurora(light: Light, random: Random) -> Canvas:
    """Northern lights over firs and a lake."""
    canvas = sky(light, random)
    for band in range(3):
        line = ridge(random, 210 + band * 34, 74, random.uniform(620, 1000))
        color = mix((88, 226, 160), light.accent if band == 2 else (120, 130, 240), 0.3 * band)
        for layer in range(7):
            canvas.area(_raised(line, 150 - layer * 20), line, color, alpha=0.06)
        canvas.stroke(line, 4, mix(color, light.paper, 0.4), alpha=0.35)
    shore = ridge(random, 470, 20, 480)
    for x in range(-10, WIDTH + 20, 25):
        at = x + random.uniform(-9, 9)
        fir(canvas, at, shore(at) + 10, random.uniform(50, 104), light.land[-1])
    canvas.area(shore, None, light.land[-1])
    canvas.area(
        lambda _: 512.0,
        None,
        gradient((mix(light.water[0], (88, 226, 160), 0.3), light.water[1]), 512, HEIGHT),
    )
    for _ in range(50):
        canvas.ellipse(
            random.uniform(0, WIDTH),
            random.uniform(520, HEIGHT),
            random.uniform(20, 80),
            1.5,
            (140, 236, 190),
            0.16,
        )
    return canvas


def _raised(line: Edge, by: float) -> Edge:
    return lambda x: line(x) - by * (0.72 + 0.28 * sin(x / 37) * sin(x / 91))


def balloons(light: Light, random: Random) -> Canvas:
    """Striped balloons over the country."""
    canvas = sky(light, random)
    sun(canvas, light, random.uniform(200, 1000), random.uniform(330, 390), 60)
    hills(canvas, light, random, 520, 3)
    canvas.area(ridge(random, 545, 26, 540), None, light.land[-1])
    places = [
        (random.uniform(160, 330), 190, 0.8),
        (random.uniform(540, 700), 230, 1.25),
        (random.uniform(880, 1050), 150, 0.62),
    ]
    colors = (light.accent, light.land[1], light.water[1])
    for (x, y, size), color in zip(places, colors, strict=True):
        radius = 92 * size
        for share, paint in ((1.0, color), (0.66, light.paper), (0.36, color), (0.12, light.paper)):
            canvas.ellipse(x, y, radius * share, radius * 1.06, paint)
            canvas.polygon(
                [
                    (x - radius * share * 0.86, y + radius * 0.53),
                    (x + radius * share * 0.86, y + radius * 0.53),
                    (x + 13 * size * share, y + radius * 1.5),
                    (x - 13 * size * share, y + radius * 1.5),
                ],
                paint,
            )
        canvas.box(x - 14 * size, y + radius * 1.62, 28 * size, 22 * size, light.land[-1])
        for side in (-11, 9):
            canvas.box(x + side * size, y + radius * 1.48, 2, radius * 0.16, light.land[-1])
    return canvas


def railway(light: Light, random: Random) -> Canvas:
    """A little train on a viaduct."""
    canvas = sky(light, random)
    sun(canvas, light, random.uniform(200, 1000), random.uniform(130, 210), 54)
    hills(canvas, light, random, 430, 3)
    canvas.area(ridge(random, 470, 34, 640), None, light.land[2])
    stone, deck = mix(light.paper, light.land[2], 0.5), 330.0
    canvas.box(0, deck, WIDTH, 30, stone)
    canvas.box(0, deck + 26, WIDTH, 4, light.land[-1], 0.35)
    for pier in range(40, WIDTH, 140):
        canvas.box(pier - 17, deck + 30, 34, 240, stone)
        canvas.box(pier + 6, deck + 30, 11, 240, light.land[-1], 0.22)
        canvas.area(lambda _: deck + 30.0, _arch(pier + 70, deck), stone, left=pier + 17, right=pier + 123)
    canvas.area(ridge(random, 545, 22, 420), None, light.land[-1])
    start = random.uniform(120, 420)
    for car in range(4):
        x = start + 138 * car
        canvas.box(x, deck - 58, 130, 46, light.accent if car < 3 else light.land[-1])
        canvas.box(x, deck - 26, 130, 6, light.paper, 0.8)
        for window in range(5):
            canvas.box(x + 10 + window * 23, deck - 49, 15, 17, mix(light.sun, light.sky[0], 0.2))
        for wheel in (24, 106):
            canvas.disc(x + wheel, deck - 10, 10, light.land[-1])
    for puff in range(9):
        canvas.disc(
            start + 500 - puff * 34, deck - 84 - puff * 13, 14 + puff * 4.5, light.paper, 0.5 - puff * 0.045
        )
    return canvas


def _arch(x: float, deck: float) -> Edge:
    return lambda at: deck + 30 + 53 - 53 * max(0.0, 1 - ((at - x) / 53) ** 2) ** 0.5
