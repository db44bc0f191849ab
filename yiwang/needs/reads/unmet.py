"""Open needs by place and category: the list behind the map (QUA-02)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum

from yiwang.divisions.models import Division
from yiwang.divisions.rules import range_of
from yiwang.needs.models import Need
from yiwang.needs.rules.categories import Category
from yiwang.needs.rules.states import State


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place below the one asked for: open needs by category, people behind them, unmet ones."""

    place: Division
    by_category: dict[str, int]
    needs: int
    people: int
    unmet: int


def unmet_by_place(actor: Any, key: int) -> list[PlaceRow]:
    """The places one level below with their open needs, the most unmet first.

    Of a community itself: one row. Three statements, however many places there are.
    """
    below = list(Division.objects.filter(parent_id=key).current().served())
    places = below or list(Division.objects.filter(pk=key))
    counted = (
        Need.objects.visible_to(actor)
        .under(key)
        .unsettled()
        .order_by()
        .values_list("division_id", "category", "state")
        .annotate(needs=Count("pk"), people=Sum("people"))
    )
    found = list(counted)
    rows = [_row(place, found) for place in places]
    return sorted(rows, key=lambda row: (-row.unmet, -row.needs, row.place.pk))


def _row(place: Division, counted: list[Any]) -> PlaceRow:
    area = range_of(place.pk)
    inside = [one for one in counted if area.holds(one[0])]
    return PlaceRow(
        place,
        {
            code: sum(n for _key, category, _state, n, _people in inside if category == code)
            for code in Category.values
        },
        sum(one[3] for one in inside),
        sum(one[4] for one in inside),
        sum(one[3] for one in inside if one[2] == State.UNMET),
    )
