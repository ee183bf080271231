"""The colours of an hour: what a scene is painted with."""

from __future__ import annotations

from dataclasses import dataclass

from localdiscord.newspaper.pictures.canvas import Color, rgb


@dataclass(frozen=True, slots=True)
class Light:
    """``sky`` from the zenith to the horizon; ``land`` from the far hills to the near ground."""

    sky: tuple[Color, ...]
    sun: Color
    land: tuple[Color, ...]
    water: tuple[Color, Color]  # at the horizon, at our feet
    accent: Color
    paper: Color  # sails, snow, walls: whatever is white in this light
    dark: bool = False


def _light(
    sky: str, sun: str, land: str, water: str, accent: str, paper: str, *, dark: bool = False
) -> Light:
    far, near = map(rgb, water.split())
    return Light(
        sky=tuple(map(rgb, sky.split())),
        sun=rgb(sun),
        land=tuple(map(rgb, land.split())),
        water=(far, near),
        accent=rgb(accent),
        paper=rgb(paper),
        dark=dark,
    )


LIGHTS = {
    "dawn": _light(
        "#5b7fb4 #a9a7cf #f3b9b0 #fde2b8",
        "#fff4d6",
        "#a794b8 #7d7299 #55567c #32385a",
        "#f2bfae #45618f",
        "#d9483b",
        "#fff3e6",
    ),
    "morning": _light(
        "#3f8fd0 #8cc4ea #d9effa",
        "#fffbe6",
        "#9dbfcb #6fa08f #3f7f5f #24553f",
        "#a6d5e8 #1f6f9f",
        "#e8623a",
        "#ffffff",
    ),
    "noon": _light(
        "#1f7fbf #6fb7e0 #e9f4e6",
        "#fff7cf",
        "#b9c98d #8fae57 #5f8a3a #38602a",
        "#79c7d0 #0f7f97",
        "#f0a52a",
        "#fbfbf5",
    ),
    "golden": _light(
        "#4f6f8f #d99f6f #f6c667 #fdeab0",
        "#fffbe0",
        "#c98f5f #9f6244 #6f3f33 #3f2429",
        "#f0bf7a #7f5a4f",
        "#2f6f7f",
        "#fff1d2",
    ),
    "dusk": _light(
        "#2a2a5f #6f3f7f #d0607a #f9a870",
        "#ffd9a0",
        "#7f4f80 #55386b #362a54 #1c1a38",
        "#e0848a #2f2f5f",
        "#ffcf6a",
        "#ffe6d9",
    ),
    "night": _light(
        "#0a1430 #14264f #27477a #4f78a0",
        "#f6f2d8",
        "#2f4f78 #20385c #152744 #0b172c",
        "#41688f #0c1d3c",
        "#ffd27a",
        "#dfe8f5",
        dark=True,
    ),
    "storm": _light(
        "#3a4a58 #64788a #a7b5ba #d6dcd6",
        "#f2f3e6",
        "#8798a0 #5f727a #3f525a #25343c",
        "#9fb0b3 #2f4a55",
        "#e6c23f",
        "#f2f5f3",
    ),
    "winter": _light(
        "#6f94bf #b3cbe3 #eef0f5",
        "#ffffff",
        "#c9d7e6 #9fb6cf #7391b0 #48658a",
        "#c2d6e6 #517ba0",
        "#c8443f",
        "#ffffff",
    ),
    "autumn": _light(
        "#6f9fb3 #c2cfc0 #f4e0b5",
        "#fff6d9",
        "#c9a36a #b8703a #8a4528 #4f2a20",
        "#c7c2a0 #4f6f70",
        "#b8322a",
        "#fff5e2",
    ),
    "violet": _light(
        "#1b1440 #46308a #9a5fc0 #f0a5cf",
        "#ffeaf6",
        "#7a58b0 #553e94 #372a70 #1e1848",
        "#c48ad2 #2a2263",
        "#ff9f5f",
        "#f9ecff",
        dark=True,
    ),
}
