"""The names of places in the city, today's and those of former years, for reading addresses."""

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.utils import timezone

from yiwang.core.memory import remember
from yiwang.divisions.models import Change, Division, Level
from yiwang.divisions.reads import carriers
from yiwang.divisions.rules import ancestors
from yiwang.divisions.rules.names import core_name
from yiwang.residents.rules.gazetteer import Gazetteer, Place

_KEEP: Final = 600  # seconds; places change a few times a year


def gazetteer() -> Gazetteer:
    """All names of the city and above it, each with the places that carry it on today."""
    return remember("residents.gazetteer", _KEEP, lambda: Gazetteer(_places()))


def places_under(division: Division) -> dict[str, list[int]]:
    """Communities under a division by full name, short name and key, as files call them."""
    found: dict[str, list[int]] = {}
    rows = Division.objects.under(division.pk).filter(level=Level.COMMUNITY).current().served()
    for key, name, short in rows.values_list("pk", "name", "short_name"):
        for word in {name, short, f"{key:012d}"}:
            found.setdefault(word, []).append(key)
    return found


def _places() -> Iterator[Place]:
    above = Division.objects.filter(pk__in=[*ancestors(settings.CITY), settings.CITY])
    rows = [*above, *Division.objects.in_city().exclude(pk=settings.CITY).served()]
    today = timezone.localdate()
    ended = [one.pk for one in rows if one.valid_to is not None and one.valid_to < today]
    heirs = carriers(ended, today)
    once = _once_called()
    for one in rows:
        current = heirs.get(one.pk, (one.pk,))
        names = {one.name, one.short_name, one.former_name, *once.get(one.pk, ())}
        if one.level == Level.COMMUNITY:
            names.add(core_name(one.name))
        for name in names - {""}:
            yield Place(name, one.pk, one.level, current)


def _once_called() -> dict[int, set[str]]:
    """Names that were given up by renaming, by key."""
    found: dict[int, set[str]] = {}
    renamed = Change.objects.filter(type=Change.Type.RENAME).values_list("division_id", "facts")
    for key, facts in renamed:
        found.setdefault(key, set()).add(str(facts.get("from") or ""))
    return found
