"""How many communities have an approved assessment of a year: `qua.needs.assessed` (QUA-03)."""

from dataclasses import dataclass
from typing import Any

from yiwang.divisions.models import Division, Level
from yiwang.needs.models import Assessment


@dataclass(frozen=True)
class Assessed:
    """Communities of a place in a year; `states` tells how far each is that is not approved."""

    year: int
    communities: int
    states: list[tuple[Division, str]]

    @property
    def approved(self) -> int:
        return self.communities - len(self.states)

    @property
    def percent(self) -> int | None:
        """Rounded down, so that only all of them are 100; none without communities."""
        return 100 * self.approved // self.communities if self.communities else None


def assessed(actor: Any, key: int, year: int) -> Assessed:
    """The communities of a place that the reader sees, in two statements."""
    places = Division.objects.under(key).within(actor.see).current().served()
    communities = list(places.filter(level=Level.COMMUNITY).order_by("key"))
    rows = Assessment.objects.visible_to(actor).filter(year=year)
    found = dict(rows.values_list("division_id", "state"))
    approved = Assessment.State.APPROVED
    open_ones = [
        (one, found.get(one.pk, "")) for one in communities if found.get(one.pk) != approved
    ]
    return Assessed(year, len(communities), open_ones)
