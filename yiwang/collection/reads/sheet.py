"""One form as a worker carries it: whom to ask what, and what is known already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.collection.models import Item
from yiwang.collection.rules.checking import mark_of
from yiwang.residents.models import Resident
from yiwang.residents.reads import Known, known_fields, limits_on
from yiwang.residents.rules.dictionary import Field

FRESH, DUE, MISSING = "fresh", "due", "missing"


@dataclass(frozen=True)
class Asked:
    """One field of one person: what is held (masked where it has to be) and whether to ask."""

    field: Field
    known: Known | None
    mark: str = ""
    limited: str = ""

    @property
    def state(self) -> str:
        if self.limited:
            return FRESH
        if self.known is None:
            return MISSING
        return FRESH if self.known.fresh else DUE

    @property
    def needed(self) -> bool:
        return self.state != FRESH

    @property
    def now(self) -> str:
        """What is held, masked; what the person restricted is neither shown nor asked."""
        return self.limited or (self.known.masked if self.known else "")


@dataclass(frozen=True)
class Person:
    """One person of a form."""

    resident: Resident
    fields: list[Asked]

    @property
    def key(self) -> str:
        return str(self.resident.pk)

    @property
    def line(self) -> str:
        """Relation, sex and age."""
        age = self.resident.age()
        parts = [
            self.resident.get_relation_display(),
            self.resident.get_sex_display(),
            _("%(age)s 岁") % {"age": age} if age is not None else "",
        ]
        return " · ".join(str(part) for part in parts if part)

    @property
    def needed(self) -> list[str]:
        """The codes that have to be answered."""
        return [one.field.code for one in self.fields if one.needed]


@dataclass(frozen=True)
class Sheet:
    """One item with its people."""

    item: Item
    people: list[Person]

    @property
    def address(self) -> str:
        """Where to walk, in full: only for the worker's own form and list."""
        item = self.item
        if item.dwelling is not None:
            return item.dwelling.address
        if item.household is not None and item.household.dwelling is not None:
            return item.household.dwelling.address
        homes = [one.resident.dwelling for one in self.people if one.resident.dwelling]
        return homes[0].address if homes else ""

    @property
    def title(self) -> str:
        if self.item.household is not None:
            return _("户号 %(number)s") % {"number": self.item.household.number}
        names = [one.resident.name for one in self.people]
        return names[0] if self.item.resident_id and names else self.address

    def needed(self) -> dict[str, list[str]]:
        """For each person the codes that must be answered."""
        return {one.key: one.needed for one in self.people}


def sheets_of(items: Iterable[Item], on: date | None = None) -> list[Sheet]:
    """The forms of items, which have their task's campaign, household and dwelling at hand.

    Nobody is sent to the dead and departed: what is for one of them alone is left out.
    """
    day = on or timezone.localdate()
    found = [sheet_of(item, day) for item in items]
    return [one for one in found if one.people or one.item.resident_id is None]


def sheet_of(item: Item, on: date) -> Sheet:
    """The form of one item on a day."""
    asked = item.task.campaign.asked()
    rows = item.people().select_related("dwelling").order_by("birth_year", "pk")
    return Sheet(item, [_person(one, asked, item.marks, on) for one in rows])


def _person(
    resident: Resident, asked: Mapping[str, Field], marks: Mapping[str, str], on: date
) -> Person:
    known, limits = known_fields(resident, asked, on), limits_on(resident)
    fields = [
        Asked(field, known.get(code), marks.get(mark_of(resident.pk, code), ""), limits.why(code))
        for code, field in asked.items()
    ]
    return Person(resident, fields)
