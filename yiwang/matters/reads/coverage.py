"""Who would do the steps of a version, in every place that offers the item (INF-09, SVC-01)."""

from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from yiwang.accounts.models import Unit
from yiwang.core.rules.wording import listed
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Level
from yiwang.divisions.rules import ancestor, ancestors
from yiwang.matters.models import Offering, ServiceItem
from yiwang.matters.rules.lint import Fault
from yiwang.matters.rules.process import StepPlan

from . import LEVELS, SUBSTITUTES

NAMED = 3


def communities_offering(item: ServiceItem | None) -> list[int]:
    """The communities in which an item is offered; all of them for an item not yet in the catalogue."""
    below = Division.objects.under(int(settings.CITY)).current().served()
    keys = list(below.filter(level=Level.COMMUNITY).values_list("pk", flat=True))
    if item is None:
        return keys
    rows = dict(Offering.objects.filter(item=item).values_list("division_id", "offered"))
    return [key for key in keys if _nearest(key, rows)]


def _nearest(key: int, rows: Mapping[int, bool]) -> bool:
    return next((rows[one] for one in (key, *reversed(ancestors(key))) if one in rows), False)


def coverage_faults(item: ServiceItem | None, steps: Sequence[StepPlan]) -> list[Fault]:
    """Steps that nobody could do somewhere, in three statements whatever the number of places.

    A place without such a unit where another steps in is only pointed out.
    """
    communities = communities_offering(item)
    wanted = {code for step in steps for code in (step.unit, *SUBSTITUTES[LEVELS[step.level]])}
    held: dict[int, set[str]] = {}
    for place, code in (
        Unit.objects.open().filter(code__in=wanted).values_list("division_id", "code")
    ):
        held.setdefault(place, set()).add(code)
    found = []
    for step in steps:
        places = sorted({ancestor(one, LEVELS[step.level]) for one in communities})
        fault = _fault(step, places, held) if step.unit and places else None
        if fault:
            found.append(fault)
    return found


def _fault(step: StepPlan, places: Sequence[int], held: Mapping[int, set[str]]) -> Fault | None:
    without = [one for one in places if step.unit not in held.get(one, set())]
    substitutes = set(SUBSTITUTES[LEVELS[step.level]])
    nobody = [one for one in without if not substitutes & held.get(one, set())]
    name = step.name or step.code
    if len(without) == len(places):
        reason = _("提供这个事项的地方，这一级都没有这类单位。")
        return Fault("steps", reason, _("请换一级，或换一类单位。"), step.code, name)
    if nobody:
        reason = _("%(places)s没有单位可以承办。") % {"places": _names(nobody)}
        cure = _("请换一级或换一类单位，或先在“单位”里设立，或把这些地方设为不提供。")
        return Fault("steps", reason, cure, step.code, name)
    if without:
        reason = _("%(places)s没有这类单位，由当地的替代单位承办。") % {"places": _names(without)}
        return Fault("steps", reason, "", step.code, name, blocking=False)
    return None


def _names(keys: Iterable[int]) -> str:
    rows = list(keys)
    places = Division.objects.filter(pk__in=rows[:NAMED]).order_by("pk")
    said = listed(one.label for one in places)
    more = {"places": said, "count": len(rows)}
    return _("%(places)s等 %(count)s 处") % more if len(rows) > NAMED else said
