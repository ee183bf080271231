"""No place of the publisher is left out: each has a point to die at, and each point a way there."""

from __future__ import annotations

from tests.torture.points import named_points, places, watched_points
from tests.torture.provoke import WAYS, way_to


def test_every_await_of_the_publisher_has_a_point() -> None:
    """Or leads to others of its own, or waits for nothing but time."""
    unknown = [each for each in places() if each.point is None and not each.is_own and not each.is_idle]
    assert unknown == []
    assert len(watched_points()) > 100


def test_every_point_can_be_brought_about() -> None:
    """A new call of the publisher needs a way to it, and a way without a call is out of date."""
    points = {*watched_points(), *named_points()}
    for point in points:
        way_to(point)
    known = {point.rpartition(":")[0] for point in points} | points
    assert set(WAYS) - known == set()
