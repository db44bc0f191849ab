"""How far two points of the earth lie apart, and the box that holds everything nearer."""

from dataclasses import dataclass
from math import asin, cos, degrees, radians, sin, sqrt
from typing import Final

RADIUS: Final = 6_371_009.0
"""Mean radius of the earth in metres (IUGG)."""


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees; longitude first, as GeoJSON writes it."""

    longitude: float
    latitude: float


def metres_between(one: Point, other: Point) -> float:
    """Great-circle distance by the haversine formula."""
    up, across = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    share = cos(radians(one.latitude)) * cos(radians(other.latitude))
    return 2 * RADIUS * asin(min(1.0, sqrt(sin(up / 2) ** 2 + share * sin(across / 2) ** 2)))


def box_around(point: Point, metres: float) -> tuple[Point, Point]:
    """South-west and north-east corner of a box that holds every point within so many metres."""
    up = degrees(metres / RADIUS)
    widest = cos(radians(min(89.0, abs(point.latitude) + up)))
    across = min(180.0, degrees(metres / (RADIUS * widest)))
    return (
        Point(point.longitude - across, point.latitude - up),
        Point(point.longitude + across, point.latitude + up),
    )
