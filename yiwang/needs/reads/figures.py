"""The figures of a yearly assessment: needs told, surveys answered, who lives there (QUA-03)."""

from collections import Counter
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.needs.models import Need, Survey, SurveyAnswer
from yiwang.needs.rules.categories import Category
from yiwang.needs.rules.states import OPEN, State
from yiwang.residents.models import Resident
from yiwang.residents.rules.ages import years_before

from .frame import households_of


def base_of(division: Division) -> dict[str, int]:
    """Who lives there: residents, households, elders, those of advanced age, children."""
    area = division.area
    people = Resident.objects.live().filter(division_id__gte=area.lo, division_id__lte=area.hi)
    return {
        "residents": people.count(),
        "households": len(households_of(division.pk)),
        "elders": _aged(people, "residents.elder_age"),
        "seniors": _aged(people, "residents.senior_age"),
        "minors": people.count() - _aged(people, "residents.adult_age") - _ageless(people),
    }


def figures_of(division: Division, year: int) -> list[dict[str, Any]]:
    """One row a category, the largest gap first.

    `people` were named in needs of the year, `met` of them have what they need. `share` is the
    percentage of surveyed households that want it, `estimate` these scaled to all households.
    The demand is the larger of `people` and `estimate` (they may be the same people), the gap
    what of it is not met.
    """
    told = Need.objects.under(division.pk).filter(registered_on__year=year)
    wants, answered = _surveyed(division, year)
    households = len(households_of(division.pk))
    rows = []
    for code in Category.values:
        of_kind = told.filter(category=code).exclude(state=State.WITHDRAWN)
        people = _people(of_kind)
        met = _people(of_kind.filter(state=State.MET))
        estimate = round(households * wants[code] / answered) if answered else 0
        demand = max(people, estimate)
        rows.append(
            {
                "category": code,
                "needs": of_kind.count(),
                "open": of_kind.filter(state__in=OPEN).count(),
                "people": people,
                "met": met,
                "share": round(100 * wants[code] / answered) if answered else None,
                "estimate": estimate,
                "demand": demand,
                "gap": max(demand - met, 0),
            }
        )
    return sorted(rows, key=lambda row: (-row["gap"], -row["demand"], row["category"]))


def _surveyed(division: Division, year: int) -> tuple[Counter[str], int]:
    """Wishes by category and answered households of the surveys begun in a year."""
    surveys = Survey.objects.filter(division=division, opened_on__year=year)
    wants: Counter[str] = Counter()
    answered = 0
    for found in SurveyAnswer.objects.filter(stop__survey__in=surveys).values_list(
        "wants", flat=True
    ):
        wants.update(found)
        answered += 1
    return wants, answered


def _people(needs: QuerySet[Need]) -> int:
    return int(needs.aggregate(total=Sum("people"))["total"] or 0)


def _aged(people: QuerySet[Resident], age: str) -> int:
    today = timezone.localdate()
    years = int(parameter(age))
    born = Q(born_on__lte=years_before(today, years))
    return people.filter(born | Q(born_on=None, birth_year__lte=today.year - years)).count()


def _ageless(people: QuerySet[Resident]) -> int:
    return people.filter(born_on=None, birth_year=None).count()
