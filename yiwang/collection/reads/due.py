"""Due lists: whose values have grown old, by building or village group (INF-06, INF-07)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from yiwang.collection.models import Campaign, Purpose
from yiwang.collection.rules.overlap import is_fresh
from yiwang.residents.models import Dwelling, Resident

from .held import days_of, holdings, of_age
from .unreached import unreached


@dataclass
class Building:
    """One building or village group with the people who are due there, and their fields."""

    name: str
    people: int = 0
    households: set[int] = field(default_factory=set)
    fields: dict[str, int] = field(default_factory=dict)


def building_of(dwelling: Dwelling | None) -> str:
    """The building or village group of a dwelling: 南园新村 12 幢; empty when it has no address."""
    if dwelling is None:
        return ""
    estate = dwelling.estate or dwelling.road
    return f"{estate}{dwelling.building}幢" if dwelling.building else estate


def due_fields(
    people: QuerySet[Resident], codes: Iterable[str], on: date, *, missing: bool
) -> dict[int, list[str]]:
    """The fields of each person that have grown old (or with `missing` are not held either).

    People with nothing due are absent. For one community at a time.
    """
    days = days_of(codes)
    found: dict[int, list[str]] = {}
    for person, held in holdings(people, days).items():
        due = [
            code
            for code in days
            if (missing or code in held) and not is_fresh(held.get(code), days[code], on)
        ]
        if due:
            found[person] = due
    return found


def due_buildings(community: int, codes: Iterable[str], on: date) -> list[Building]:
    """The due list of a community by building, the largest first."""
    people = Resident.objects.live().filter(division_id=community)
    due = due_fields(people, codes, on, missing=False)
    found: dict[str, Building] = {}
    for person in people.filter(pk__in=due).select_related("dwelling"):
        name = building_of(person.dwelling)
        one = found.setdefault(name, Building(name))
        one.people += 1
        if person.household_id:
            one.households.add(person.household_id)
        for code in due[person.pk]:
            one.fields[code] = one.fields.get(code, 0) + 1
    return sorted(found.values(), key=lambda one: (-one.people, one.name))


def chosen_people(campaign: Campaign, community: int, on: date) -> list[Resident]:
    """The people of one community a campaign is about."""
    everyone = Resident.objects.live().filter(division_id=community)
    people = of_age(everyone, campaign.age_from, campaign.age_to, on)
    if campaign.purpose == Purpose.UNREACHED:
        people = unreached(people, on)
    elif campaign.only_due and not campaign.questions:
        due = due_fields(people, campaign.fields, on, missing=campaign.purpose != Purpose.DUE)
        people = people.filter(pk__in=due)
    rows = list(people.select_related("dwelling").order_by("dwelling_id", "household_id", "pk"))
    if campaign.building:
        rows = [one for one in rows if building_of(one.dwelling) == campaign.building]
    return rows
