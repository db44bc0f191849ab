"""Boundaries from GeoJSON files."""

import json
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from yiwang.core.acts import Actor
from yiwang.divisions.actions import Outline, Territory, record_outlines
from yiwang.divisions.rules import NATION
from yiwang.divisions.rules.reading import FaultyFile, read_text

from .derive import Progress
from .load import CommandLine

# Five decimals of a degree are about a metre.
DECIMALS = 5


def load_boundaries(
    path: Path | str, progress: Progress | None = None, *, by: Actor | None = None
) -> int:
    """Set boundary and centre of the divisions a GeoJSON names by code; gives how many were found.

    Coordinates in degrees (WGS 84 or CGCS2000). Raises FaultyFile.
    """
    path = Path(path)
    outlines = [_outline(feature) for feature in _features(path)]
    if progress:
        progress(len(outlines), len(outlines))
    return record_outlines(
        Territory(NATION), outlines=outlines, source=path.name, by=by or CommandLine()
    )


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        features = json.loads(read_text(path))["features"]
    except (ValueError, KeyError, TypeError) as problem:
        raise FaultyFile(_("文件不是 GeoJSON 要素集合。")) from problem
    if not isinstance(features, list):
        raise FaultyFile(_("文件不是 GeoJSON 要素集合。"))
    return features


def _outline(feature: dict[str, Any]) -> Outline:
    facts, geometry = feature.get("properties") or {}, feature.get("geometry") or {}
    code = str(facts.get("code") or feature.get("id") or "")
    if not code.isdigit() or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise FaultyFile(_("要素“%(name)s”没有代码，或不是面。") % {"name": facts.get("name", "")})
    boundary = {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"])}
    centre = facts.get("cp") or _middle(boundary["coordinates"])
    return Outline(int(code.ljust(12, "0")), boundary, [round(one, DECIMALS) for one in centre])


def _rounded(part: Any) -> Any:
    if isinstance(part, int | float):
        return round(part, DECIMALS)
    return [_rounded(one) for one in part]


def _middle(coordinates: Any) -> list[float]:
    """The middle of the box around the outline."""
    points = list(_points(coordinates))
    return [(min(axis) + max(axis)) / 2 for axis in zip(*points, strict=True)]


def _points(part: Any) -> Any:
    if isinstance(part[0], int | float):
        yield part[:2]
    else:
        for one in part:
            yield from _points(one)
