"""How many people a scope selects and what of them is read, before anybody decides (INF-10)."""

from dataclasses import dataclass
from datetime import date

from yiwang.accounts.actor import Actor
from yiwang.core.reads import parameter
from yiwang.divisions.rules import range_of
from yiwang.residents.models import Resident, all_fields
from yiwang.sharing.rules.scope import Scope

from .inside import selected, sensitive


@dataclass(frozen=True)
class Previewed:
    """One item that is read: its words, and whether whole."""

    code: str
    label: str
    whole: bool


@dataclass(frozen=True)
class Preview:
    """`people` is None below `fewer_than`, for who may not see persons; `sensitive` groups."""

    people: int | None
    fewer_than: int
    fields: list[Previewed]
    sensitive: bool


def preview(scope: Scope, division: int, actor: Actor, on: date) -> Preview:
    """Counted now, in the places of the scope; nobody is read."""
    area = range_of(division)
    people = Resident.objects.filter(division_id__range=(area.lo, area.hi))
    count = selected(people, scope, division, on).count()
    least = 0 if actor.has("residents.view") else int(parameter("statistics.small_cell"))
    items = all_fields()
    rows = [
        Previewed(code, items[code].label, code in scope.clear)
        for code in scope.fields
        if code in items
    ]
    hidden = 0 < count < least
    return Preview(None if hidden else count, least, rows, sensitive(scope))
