"""The register made anew from its records: after an order of trust has changed, or as a proof."""

from dataclasses import dataclass

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, note
from yiwang.divisions.models import Division
from yiwang.divisions.rules import range_of
from yiwang.residents.models import LifeState, Resident

from .settling import settle_people

CHUNK = 1000
"""Residents settled with one reading of records."""


@dataclass
class Recomputed:
    """How many were looked at, how many changed, who could not be changed."""

    people: int = 0
    changed: int = 0
    held_back: tuple[int, ...] = ()

    def add(self, other: "Recomputed") -> None:
        self.people += other.people
        self.changed += other.changed
        self.held_back += other.held_back


@act("residents.recompute")
def recompute_residents(division: Division, *, by: Actor) -> Recomputed:
    """Derive every resident of a division anew from the records, by the orders of trust in force
    on their days; what is right already is not written.

    Records of imports that were undone, and those merged into others, are left alone. `held_back` names residents whose records
    name a number that another live record holds.
    """
    area, done, last = range_of(division.pk), Recomputed(), 0
    people = Resident.objects.filter(division_id__range=(area.lo, area.hi))
    ended = [LifeState.WITHDRAWN, LifeState.MERGED]
    people = people.exclude(state__in=ended).select_related("dwelling")
    while rows := list(
        people.filter(pk__gt=last).order_by("pk").select_for_update(of=("self",))[:CHUNK]
    ):
        changed, held_back = settle_people(rows)
        done.add(Recomputed(len(rows), changed, tuple(held_back)))
        last = rows[-1].pk
    note(people=done.people, changed=done.changed, held_back=list(done.held_back))
    return done
