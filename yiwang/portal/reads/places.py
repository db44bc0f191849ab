"""Places of the city with their units, telephones and what they offer (INF-01)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.models import Officer, Unit
from yiwang.accounts.models.board import Body
from yiwang.accounts.reads import open_today
from yiwang.accounts.rules.hours import KINDS, Today, spans_text
from yiwang.core.rules.chinese import clean_digits
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import DivisionQuerySet
from yiwang.divisions.rules import ancestors
from yiwang.portal.rules.words import CITY_HOTLINE, dialable
from yiwang.queues.reads import open_halls

# Who answers first when several units of a place have a telephone.
FIRST = ("service_centre", "committee")


def places() -> DivisionQuerySet:
    """The places of this city that exist today and have residents."""
    return Division.objects.public().in_city().current().served()


def place_of(key: str | int | None) -> Division | None:
    """The place of a key as a browser sends it; None for nonsense or a place that is gone."""
    digits = clean_digits(str(key or ""))
    if not digits or len(digits) > 12:
        return None
    return places().filter(pk=int(digits)).first()


def former_place(key: int) -> Division | None:
    """A place that no longer exists, for its old address."""
    return Division.objects.public().in_city().filter(pk=key, valid_to__isnull=False).first()


def heirs_of(former: Division) -> list[Division]:
    """What became of a former place: the places of today along all its successions."""
    seen, found, line = {former.pk}, [], [former.pk]
    while line:
        rows = Division.objects.public().filter(predecessors_by__predecessor__in=line)
        new = [one for one in rows.distinct() if one.pk not in seen]
        seen |= {one.pk for one in new}
        found += [one for one in new if one.valid_to is None]
        line = [one.pk for one in new if one.valid_to is not None]
    return found


def children_of(place: Division) -> list[Division]:
    return list(places().filter(parent_id=place.pk).order_by("pk"))


def line_of(place: Division) -> list[int]:
    """Keys from the place up to its city."""
    above = [key for key in ancestors(place.pk) if key >= settings.CITY]
    return [place.pk, *reversed(above)]


@dataclass(frozen=True)
class Contact:
    """Whom to ring: a name, the number as written and as dialled."""

    name: str
    phone: str
    dial: str
    is_hotline: bool = False


def contact_of(place: Division | None) -> Contact:
    """The nearest unit with a telephone, from the place upwards; else the government hotline."""
    keys = line_of(place) if place else [settings.CITY]
    units = Unit.objects.public().filter(division_id__in=keys, code__in=FIRST).exclude(phone="")
    order = sorted(units, key=lambda unit: (keys.index(unit.division_id), FIRST.index(unit.code)))
    if not order:
        return Contact(_("政务服务便民热线"), CITY_HOTLINE, CITY_HOTLINE, is_hotline=True)
    unit = order[0]
    return Contact(unit.label, unit.phone, dialable(unit.phone))


@dataclass(frozen=True)
class Office:
    """A unit as a resident needs it: name, address, telephone."""

    unit: Unit
    dial: str
    today: Today | None = None
    hall_open: bool = False

    @property
    def week(self) -> list[tuple[Any, str]]:
        """Hours by kind of day, for those who plan ahead."""
        return [(label, spans_text(self.unit.hours.get(kind, []))) for kind, label in KINDS.items()]


def offices_of(place: Division) -> list[Office]:
    """The units of a place, those residents go to first."""
    units = Unit.objects.public().filter(division=place).order_by("code", "pk")
    order = sorted(units, key=lambda unit: FIRST.index(unit.code) if unit.code in FIRST else 9)
    return offices(order)


def offices(units: Sequence[Unit]) -> list[Office]:
    """Units with their hours of today and how to ring them."""
    now, halls = timezone.now(), open_halls(units)
    return [
        Office(unit, dialable(unit.phone), open_today(unit, now), unit.pk in halls)
        for unit in units
    ]


def board_of(place: Division) -> list[tuple[Any, list[Officer]]]:
    """The published board of a community: who holds which office, by body (DIV-10)."""
    rows = Officer.objects.public(timezone.localdate()).filter(division=place)
    held = {body: [one for one in rows if one.body == body] for body in Body}
    return [(body.label, those) for body, those in held.items() if those]


def organiser() -> Unit | None:
    """The lead department of the city, which answers for this site."""
    return Unit.objects.public().filter(division_id=settings.CITY, code="civil_affairs").first()


def trail_of(place: Division) -> list[Division]:
    """From the city down to the place above this one."""
    return place.path()[:-1]


def by_letter(found: Sequence[Division]) -> list[tuple[str, list[Division]]]:
    """Places under the first letter of their pinyin, for long lists."""
    letters: dict[str, list[Division]] = {}
    for place in sorted(found, key=lambda one: (one.pinyin, one.pk)):
        letters.setdefault(place.initials[:1].upper() or "#", []).append(place)
    return sorted(letters.items())
