"""What an editor of the catalogue may choose from: kinds of unit, grades of assessments."""

from datetime import date

from yiwang.accounts.models import Unit
from yiwang.accounts.models.unit import UnitClass
from yiwang.assessments.models import Scale


def unit_kinds() -> list[tuple[str, str]]:
    """Code and name of each kind, in one statement: the highest unit of a kind names it."""
    rows = Unit.objects.open().order_by("code", "division_id").distinct("code")
    found = [(unit.code, _name(unit)) for unit in rows]
    return sorted(found, key=lambda one: one[1])


def _name(unit: Unit) -> str:
    if unit.code == "committee":
        return str(UnitClass.COMMITTEE.label)
    if unit.code == "service_centre":
        return str(UnitClass.CENTRE.label)
    return unit.label if unit.label.isascii() else unit.called


def grades_offered(on: date) -> list[tuple[str, str]]:
    """Code and name of every grade of the assessment forms in force on a day."""
    scales = Scale.objects.in_force(on)
    return list({one.code: one.label for scale in scales for one in scale.form.grades}.items())
