"""The grade in force of a person, and how many have which grade in a place."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from yiwang.assessments.models import PersonAssessment, Scale
from yiwang.assessments.rules.scale import Grade
from yiwang.residents.models import Resident


def grade_of(resident: Resident, on: date, *, scale: str = "") -> PersonAssessment | None:
    """The newest assessment of a person that holds on a day, by one form where it is named.

    It carries `grade` and `subsidy` (codes of the form), `valid_until` and `total`. None: not
    assessed, or the assessment has ended.
    """
    rows = PersonAssessment.objects.filter(resident=resident).in_force(on).select_related("scale")
    if scale:
        rows = rows.filter(scale__code=scale)
    return rows.order_by("-assessed_on", "-pk").first()


def scale_in_force(code: str, on: date) -> Scale | None:
    """The version of a form that is used on a day."""
    return Scale.objects.public().filter(code=code).in_force(on).first()


@dataclass(frozen=True)
class GradeCount:
    """How many people of a place have a grade in force."""

    grade: Grade
    people: int


def grade_counts(actor: Any, key: int, on: date, scale: Scale) -> list[GradeCount]:
    """People by grade in force, of the part of a place the reader sees."""
    rows = PersonAssessment.objects.visible_to(actor).under(key).newest().in_force(on)
    rows = rows.filter(scale__code=scale.code)
    found = dict(rows.order_by().values_list("grade").annotate(n=Count("pk")))
    return [GradeCount(one, found.get(one.code, 0)) for one in scale.form.grades]
