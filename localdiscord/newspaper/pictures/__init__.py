"""The newspaper's own pictures, painted on demand: the same name always gives the same picture. No I/O."""

from __future__ import annotations

from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING

from localdiscord.newspaper.pictures import ideas, land, water
from localdiscord.newspaper.pictures.canvas import HEIGHT, WIDTH
from localdiscord.newspaper.pictures.light import LIGHTS, Light

if TYPE_CHECKING:
    from collections.abc import Callable

    from localdiscord.newspaper.pictures.canvas import Canvas

__all__ = ["HEIGHT", "SCENES", "WIDTH", "alt_text", "paint"]

SCENES: dict[str, Callable[[Light, Random], Canvas]] = {
    painter.__name__: painter
    for painter in (
        water.harbour,
        water.lighthouse,
        water.waves,
        water.bridge,
        water.cranes,
        water.shore,
        land.valley,
        land.mountains,
        land.forest,
        land.field,
        land.skyline,
        land.aurora,
        land.balloons,
        land.railway,
        ideas.planet,
        ideas.rings,
        ideas.weave,
        ideas.chart,
        ideas.bloom,
        ideas.books,
        ideas.stage,
        ideas.contours,
    )
}
_NEEDS_DARK = {"aurora", "planet"}


def paint(scene: str, name: str) -> bytes:
    """A scene as PNG of 1200 by 630; ``name`` decides its light and details."""
    random = Random(sha256(name.encode()).digest())  # noqa: S311 - chance of a picture, guards nothing
    lights = [light for light in LIGHTS.values() if light.dark or scene not in _NEEDS_DARK]
    return SCENES[scene](random.choice(lights), random).png()


def alt_text(scene: str) -> str:
    """What a scene shows, for those who don't see it."""
    said = (SCENES[scene].__doc__ or "").strip().rstrip(".")
    return f"Illustration: {said[:1].lower()}{said[1:]}"
