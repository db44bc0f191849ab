"""The tree as of a day: places, counts, search, and who carries on whom."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Count, F, IntegerField, Q, Value
from django.db.models.functions import Mod

from yiwang.core.rules.chinese import clean_text, fullwidth_to_halfwidth, is_han
from yiwang.divisions.models import Change, Division, DivisionCode, Kind, Level, Succession
from yiwang.divisions.models.division import DivisionQuerySet
from yiwang.divisions.rules import Depth, depth_of, parent_of, range_of

# Generations followed; a place that changed more often than this is a fault of the data.
MOST_STEPS = 20


# ---------- the tree of a day ----------


def places_on(day: date | None = None) -> DivisionQuerySet:
    """The divisions in force today (None), or on a day."""
    return Division.objects.on(day) if day else Division.objects.current()


def former_names(keys: Iterable[int], day: date) -> dict[int, str]:
    """Names that places renamed after a day bore on that day, by key."""
    later = Change.objects.filter(
        type=Change.Type.RENAME, division_id__in=list(keys), effective_on__gt=day
    ).order_by("-effective_on", "-pk")
    return {row.division_id: row.facts["from"] for row in later}


def named_on(divisions: Sequence[Division], day: date | None) -> Sequence[Division]:
    """The same divisions, with the names they bore on the day."""
    if day is not None:
        names = former_names([one.pk for one in divisions], day)
        for one in divisions:
            if one.pk in names:
                one.name = one.short_name = one.name_en = names[one.pk]
                one.former_name = ""
    return divisions


@dataclass(frozen=True)
class Tally:
    """How many places of each kind lie in an area: townships, and communities by kind."""

    townships: int = 0
    residents: int = 0
    villagers: int = 0
    other: int = 0
    placeholders: int = 0

    @property
    def communities(self) -> int:
        return self.residents + self.villagers + self.other


def tallies(parent: Division, day: date | None = None) -> dict[int, Tally]:
    """A tally for the division itself and for each place directly under it, in one query."""
    area, depth = range_of(parent.pk), Depth(min(parent.level + 1, Level.COMMUNITY))
    span = _span(depth)
    rows = (
        places_on(day)
        .within(area)
        .filter(level__gte=Level.TOWNSHIP)
        .annotate(branch=F("key") - Mod(F("key"), Value(span), output_field=IntegerField()))
        .values("branch", "level", "kind", "placeholder")
        .annotate(n=Count("key"))
        .order_by()
    )
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for key in {row["branch"], parent.pk}:
            if row["level"] == Level.TOWNSHIP:
                counts[key]["townships"] += row["n"]
                continue
            known = row["kind"] in (Kind.RESIDENTS, Kind.VILLAGERS)
            counts[key][row["kind"] if known else "other"] += row["n"]
            counts[key]["placeholders"] += row["n"] if row["placeholder"] else 0
    return {key: Tally(**found) for key, found in counts.items()}


def _span(depth: Depth) -> int:
    return {2: 10**8, 3: 10**6, 4: 10**3}.get(int(depth), 1)


def counts_by_kind(key: int, day: date | None = None) -> dict[str, int]:
    """How many places of each kind lie under a key."""
    rows = places_on(day).under(key).exclude(pk=key).values_list("kind").order_by()
    return dict(rows.annotate(n=Count("key")))


def path_on(division: Division, day: date | None = None) -> list[Division]:
    """From the city down to the division, named as of the day."""
    return list(named_on(division.path(), day))


# ---------- search ----------


def search(text: str, day: date | None = None, *, within: int | None = None) -> DivisionQuerySet:
    """Places by name, part of a name, pinyin, initials or code, higher levels first.

    `within` limits it to an area (by default the city).
    """
    text = fullwidth_to_halfwidth(clean_text(text)).strip().lower()
    rows = places_on(day).under(settings.CITY if within is None else within)
    if not text:
        return rows.none()
    return rows.filter(_wanted(text, day)).order_by("level", "key")


def _wanted(text: str, day: date | None) -> Q:
    if text.isdigit():
        codes = DivisionCode.objects.filter(code__startswith=text.rstrip("0") or text)
        codes = codes.on(day) if day else codes.filter(valid_to__isnull=True)
        return Q(pk__in=codes.values("division_id"))
    if any(is_han(char) for char in text):
        return Q(name__contains=text) | Q(short_name__contains=text) | _once_named(text)
    letters = "".join(char for char in text if char.isalnum())
    return Q(pinyin__startswith=letters) | Q(initials__startswith=letters)


def _once_named(text: str) -> Q:
    """Also by a former name: people go on saying 海安县."""
    return Q(former_name__contains=text)


# ---------- descent ----------


@dataclass(frozen=True)
class Step:
    """One step of descent: what a place became by which decision."""

    predecessor: Division
    successor: Division
    change: Change


def lineage(division: Division) -> tuple[list[Step], list[Step]]:
    """All steps before and after a place, to any depth: nearest first."""
    return _walk(division.pk, back=True), _walk(division.pk, back=False)


def _walk(key: int, *, back: bool) -> list[Step]:
    near, far = ("successor_id", "predecessor_id") if back else ("predecessor_id", "successor_id")
    steps: list[Step] = []
    front, seen = {key}, {key}
    for _step in range(MOST_STEPS):
        rows = list(
            Succession.objects.filter(**{f"{near}__in": front})
            .select_related("predecessor", "successor", "change")
            .order_by("change__effective_on", "pk")
        )
        steps += [Step(row.predecessor, row.successor, row.change) for row in rows]
        front = {getattr(row, far) for row in rows} - seen
        seen |= front
        if not front:
            break
    return steps


def successors_on(key: int, day: date) -> list[Division]:
    """Who carries on a place on a day: itself while in force, else its heirs of that day."""
    keys = carriers([key], day)[key]
    return sorted(Division.objects.filter(pk__in=keys), key=lambda one: one.pk)


def predecessors_on(key: int, day: date) -> list[Division]:
    """Which places of a day became this one: itself if in force then, else its forebears."""
    found: set[int] = set()
    front, seen = {key}, {key}
    for _step in range(MOST_STEPS):
        held = set(Division.objects.on(day).filter(pk__in=front).values_list("pk", flat=True))
        found |= held
        rows = Succession.objects.filter(
            successor_id__in=front, change__effective_on__gt=day
        ).values_list("predecessor_id", flat=True)
        front = set(rows) - seen
        seen |= front
        if not front:
            break
    return sorted(Division.objects.filter(pk__in=found), key=lambda one: one.pk)


def carriers(keys: Iterable[int], day: date) -> Mapping[int, tuple[int, ...]]:
    """Old key to the keys that carry it on a day; figures bound to a place follow this (DIV-03)."""
    asked = set(keys)
    holders: dict[int, set[int]] = {key: {key} for key in asked}
    for _step in range(MOST_STEPS):
        front = set().union(*holders.values()) if holders else set()
        ended = set(
            Division.objects.filter(pk__in=front, valid_to__lt=day).values_list("pk", flat=True)
        )
        heirs: dict[int, set[int]] = defaultdict(set)
        rows = Succession.objects.filter(predecessor_id__in=ended, change__effective_on__lte=day)
        for old, new in rows.values_list("predecessor_id", "successor_id"):
            heirs[old].add(new)
        if not heirs:
            break
        holders = {
            key: set().union(*(heirs.get(one, {one}) for one in held))
            for key, held in holders.items()
        }
    return {key: tuple(sorted(held)) for key, held in holders.items()}


def siblings_of(division: Division, day: date | None = None) -> DivisionQuerySet:
    """Places under the same parent."""
    parent = parent_of(division.pk)
    depth = depth_of(division.pk)
    rows = places_on(day).filter(level=depth)
    return rows.under(parent) if parent else rows
