"""A boundary as a picture: GeoJSON rings projected to the path of an SVG."""

from collections.abc import Iterator
from math import cos, radians
from typing import Any

SIZE = 300


def svg_paths(boundaries: list[dict[str, Any]], size: int = SIZE) -> list[str]:
    """One path for each GeoJSON geometry, all on one scale within a square of `size` units.

    Equirectangular around the middle latitude: true enough for a schematic of one city.
    """
    points = [point for one in boundaries for ring in _rings(one) for point in ring]
    if not points:
        return []
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    south, north = min(y for _x, y in points), max(y for _x, y in points)
    squeeze = cos(radians((south + north) / 2))
    scale = size / max((east - west) * squeeze, north - south, 1e-9)
    left = (size - (east - west) * squeeze * scale) / 2
    top = (size - (north - south) * scale) / 2

    def drawn(ring: list[tuple[float, float]]) -> str:
        spots = (
            f"{left + (x - west) * squeeze * scale:.1f} {top + (north - y) * scale:.1f}"
            for x, y in ring
        )
        return f"M{'L'.join(spots)}Z"

    return ["".join(drawn(ring) for ring in _rings(one)) for one in boundaries]


def _rings(geometry: dict[str, Any]) -> Iterator[list[tuple[float, float]]]:
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    for polygon in polygons:
        for ring in polygon:
            yield [(point[0], point[1]) for point in ring]
