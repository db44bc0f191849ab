"""People by tag, with the filters of the list; what other apps ask about tagged people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from yiwang.core.reads import parameter
from yiwang.divisions.rules import range_of
from yiwang.residents.models import LifeState, Resident, SourceKind, SourceRecord
from yiwang.residents.rules.ages import years_before
from yiwang.tags.models import Tag, TagException, TagKind, VisitStop

from .kinds import review_days


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of tagged people is narrowed by; empty parts say nothing.

    Ages in full years; `house` is part of the address (estate, building, group);
    `unvisited_days`: nobody was there in so many days.
    """

    place: int | None = None
    house: str = ""
    variant: str = ""
    grade: str = ""
    age_from: int | None = None
    age_below: int | None = None
    since_from: date | None = None
    since_to: date | None = None
    due: str = ""
    unvisited_days: int | None = None


def people_with_tag(
    kind: TagKind, actor: Any, on: date, asked: Asked | None = None
) -> QuerySet[Resident]:
    """Residents of the actor's area who have a live tag of the kind; none of a hidden kind."""
    said = asked or Asked()
    if not TagKind.objects.visible_to(actor).filter(pk=kind.pk).exists():
        return Resident.objects.none()
    area = range_of(said.place) if said.place else actor.see
    # One look into the index of a resident's tags for each row of the list, and no more.
    tags = Tag.objects.live().filter(
        kind=kind, resident=OuterRef("pk"), division_id__gte=area.lo, division_id__lte=area.hi
    )
    people: QuerySet[Resident] = (
        Resident.objects.visible_to(actor)
        .live()
        .filter(Exists(tags.filter(_of_tag(kind, said, on))))
        .select_related("division", "dwelling", "household__dwelling")
    )
    if said.place:
        people = people.filter(division_id__gte=area.lo, division_id__lte=area.hi)
    if said.house:
        own = Q(dwelling__address__contains=said.house)
        shared = Q(dwelling=None, household__dwelling__address__contains=said.house)
        people = people.filter(own | shared)
    people = people.filter(_of_age(said, on))
    if said.unvisited_days is not None:
        people = _unvisited(people, on - timedelta(days=said.unvisited_days))
    return people


def tagged_residents(codes: Iterable[str], actor: Any) -> QuerySet[Resident]:
    """For other apps: residents of the actor's area with any of these kinds, by code."""
    tags = Tag.objects.visible_to(actor).live().filter(kind__code__in=list(codes))
    people = Resident.objects.visible_to(actor).live()
    return people.filter(Exists(tags.filter(resident=OuterRef("pk"))))


def tags_of(resident: Resident, actor: Any) -> list[Tag]:
    """The live tags of a resident that the actor may know of, in the order of their kinds."""
    tags = Tag.objects.visible_to(actor).live().filter(resident=resident)
    return list(tags.select_related("kind").order_by("kind__order"))


def exceptions_of(resident: Resident, actor: Any) -> list[TagException]:
    """The exceptions from rules in force for a resident."""
    return list(
        TagException.objects.filter(
            resident=resident, lifted_on=None, kind__in=TagKind.objects.visible_to(actor)
        ).select_related("kind")
    )


def last_visits(people: Iterable[Resident]) -> dict[int, date]:
    """When somebody was last there: a visit of a list, or a value collected at home."""
    keys = [one.pk for one in people]
    visits = VisitStop.objects.filter(resident__in=keys, visited_on__isnull=False)
    found = dict(visits.order_by().values_list("resident").annotate(day=Max("visited_on")))
    facts = SourceRecord.objects.of(keys).filter(source_kind=SourceKind.VISIT)
    said = facts.order_by().values_list("resident_id", "resident__merged_into_id")
    for pk, heir, day in said.annotate(day=Max("collected_on")):
        one = heir if heir in keys else pk
        found[one] = max(day, found.get(one, day))
    return found


def _of_tag(kind: TagKind, said: Asked, on: date) -> Q:
    words = Q()
    if said.variant:
        words &= Q(variant=said.variant)
    if said.grade:
        words &= Q(grade=said.grade)
    if said.since_from:
        words &= Q(since__gte=said.since_from)
    if said.since_to:
        words &= Q(since__lte=said.since_to)
    if said.due == "expiring":
        soon = on + timedelta(days=int(parameter("tags.expiry_warning_days", on=on)))
        words &= Q(valid_until__lte=soon)
    elif said.due == "review":
        words &= Q(automatic=False, confirmed_on__lt=on - timedelta(days=review_days(kind)))
    return words


def _of_age(said: Asked, on: date) -> Q:
    words = Q()
    for years, way in ((said.age_from, "lte"), (said.age_below, "gt")):
        if years is not None:
            exact = Q(**{f"born_on__{way}": years_before(on, years)})
            by_year = Q(born_on__isnull=True, **{f"birth_year__{way}": on.year - years})
            words &= exact | by_year
    return words


def _unvisited(people: QuerySet[Resident], day: date) -> QuerySet[Resident]:
    """Nobody there since the day: neither from a list nor to collect something."""
    stops = VisitStop.objects.filter(resident=OuterRef("pk"), visited_on__gte=day)
    facts = SourceRecord.objects.filter(source_kind=SourceKind.VISIT, collected_on__gte=day)
    own = facts.filter(resident=OuterRef("pk"))
    # Source records keep naming the record they were told to, also when it was merged into this one.
    merged = facts.filter(resident__merged_into=OuterRef("pk"))
    return people.filter(~Exists(stops), ~Exists(own), ~Exists(merged), state=LifeState.LIVE)
