"""One search for everything: services, places and units, in characters, pinyin or initials."""

from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.translation import pgettext

from yiwang.accounts.models import Unit
from yiwang.core.rules.chinese import bigrams, clean_text, pinyin
from yiwang.divisions.models import Division
from yiwang.divisions.rules import range_of
from yiwang.matters.models import ServiceItem
from yiwang.matters.reads import search_items

from .places import line_of, places

LONGEST = 40  # characters of a question that are looked at
SHOWN = 20  # hits of each kind on one page


@dataclass(frozen=True)
class Spot:
    """A place with the names above it, because names of villages repeat."""

    pk: int
    level: int
    label: str
    where: str


@dataclass(frozen=True)
class Found:
    """What a search gave: exact services, else services that share words, places, units."""

    items: list[ServiceItem]
    related: list[ServiceItem]
    places: list["Spot"]
    units: list[Unit]

    def __bool__(self) -> bool:
        return bool(self.items or self.related or self.places or self.units)


def cleaned(text: str) -> str:
    """The question as it is looked for."""
    return clean_text(text)[:LONGEST].strip()


def search(text: str) -> Found:
    """Search a cleaned, non-empty question."""
    items = _items(text)
    return Found(items, [] if items else _related(text), _places(text), _units(text))


def _items(text: str) -> list[ServiceItem]:
    found = search_items(text, SHOWN)
    if text.isascii() and len(found) < SHOWN:
        sound = text.replace(" ", "").lower()
        known = ServiceItem.objects.public().select_related("category")
        found += [one for one in known if sound in pinyin(one.title, person=False)]
    return list(dict.fromkeys(found))[:SHOWN]


def _related(text: str) -> list[ServiceItem]:
    """Services that share the most pairs of characters: whole questions find something too."""
    pairs = [token for token in bigrams(text) if len(token) > 1]
    if not pairs:
        return []
    near = ServiceItem.objects.public().filter(tokens__overlap=pairs).select_related("category")
    shared = Counter({one: len(set(one.tokens) & set(pairs)) for one in near})
    most = max(shared.values(), default=0)
    return [one for one, count in shared.most_common(SHOWN) if count * 2 >= most]


def _places(text: str) -> list[Spot]:
    """Places by a part of the name, pinyin from its beginning, or initials; exact names first."""
    named = Q(name__contains=text) | Q(former_name__contains=text)
    if text.isascii():
        sound = text.replace(" ", "").lower()
        named = Q(pinyin__startswith=sound) | Q(initials__startswith=sound)
        named |= Q(pinyin__contains=f"/{sound}") | Q(name_en__icontains=text)
    found = places().filter(named)[: SHOWN * 10]
    order = sorted(found, key=lambda one: (one.short_name != text, len(one.name), one.pk))
    return _spots(order[:SHOWN])


def _spots(found: list[Division]) -> list[Spot]:
    lines = {one.pk: line_of(one)[1:] for one in found}
    above = Division.objects.public().in_bulk({key for line in lines.values() for key in line})
    gap = pgettext("between names of places", "，")
    return [
        Spot(one.pk, one.level, one.label, gap.join(above[key].label for key in lines[one.pk]))
        for one in found
    ]


def _units(text: str) -> list[Unit]:
    city = Unit.objects.public().within(range_of(settings.CITY)).select_related("division")
    named = Q(name__icontains=text) | Q(name_en__icontains=text) | Q(plan_names__contains=[text])
    return list(city.filter(named).order_by("division_id", "code")[:SHOWN])
