"""Facts taken over from files: outlines, a second scheme of codes, the city's own classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yiwang.core.acts import Actor, act, note
from yiwang.divisions.models import Division, DivisionCode, Review

from .importing import Territory


@dataclass(frozen=True)
class Outline:
    """Boundary (GeoJSON geometry) and centre (longitude, latitude in degrees) of a place."""

    key: int
    boundary: dict[str, Any]
    centre: list[float]


@act("divisions.change")
def record_outlines(area: Territory, *, outlines: Sequence[Outline], source: str, by: Actor) -> int:
    """Set boundaries and centres; gives how many places were found."""
    known = Division.objects.in_bulk([one.key for one in outlines])
    for one in outlines:
        if one.key in known:
            known[one.key].boundary, known[one.key].centre = one.boundary, one.centre
    Division.objects.bulk_update(known.values(), ["boundary", "centre"])
    note(source=source, outlines=len(known))
    return len(known)


@act("divisions.change")
def record_codes(
    area: Territory,
    *,
    codes: Sequence[DivisionCode],
    reviews: Sequence[Review],
    source: str,
    by: Actor,
) -> int:
    """Take over a second scheme of codes in place of what was known of it; gives how many."""
    schemes = {one.scheme for one in codes}
    keys = {one.division_id for one in codes}
    DivisionCode.objects.filter(
        scheme__in=schemes, division_id__in=keys, valid_to__isnull=True
    ).delete()
    DivisionCode.objects.bulk_create(codes)
    asked = set(
        Review.objects.filter(topic=Review.Topic.OUTSIDE).values_list("facts__code", flat=True)
    )
    fresh = [one for one in reviews if one.facts["code"] not in asked]
    Review.objects.bulk_create(fresh)
    note(source=source, codes=len(codes), reviews=len(fresh))
    return len(codes)


@act("divisions.classify")
def record_classes(
    area: Territory, *, classes: Sequence[dict[str, Any]], source: str, by: Actor
) -> int:
    """Set urban core, kiosk phase and usual name of counties nobody has classified yet."""
    count = 0
    for row in classes:
        key = row["key"]
        decided = Division.objects.filter(pk=key, changes__type="classify").exists()
        if decided:
            continue
        values = {"urban_core": row["urban_core"], "kiosk_phase": row["kiosk_phase"]}
        count += Division.objects.under(key).update(**values) and 1
        named = {name: row[name] for name in ("short_name", "former_name") if row[name]}
        if named:
            Division.objects.filter(pk=key).update(**named)
    note(source=source, counties=count)
    return count
