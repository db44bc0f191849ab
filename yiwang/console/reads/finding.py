"""One box for everything: residents, matters, items, places, units, pages; rights applied."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.core.rules import numbers
from yiwang.core.rules.chinese import clean_digits, clean_text
from yiwang.core.vault import keyed_hash
from yiwang.divisions.models import Division
from yiwang.divisions.rules import Depth, ancestor
from yiwang.matters.models import Matter
from yiwang.matters.reads import search_items
from yiwang.organizations.reads import organizations
from yiwang.residents.models import Resident
from yiwang.residents.reads import find_residents
from yiwang.residents.rules.phone import InvalidPhone, normalise

from .queues import SEALED, title_of

LONGEST: Final = 60
FEWEST: Final = 2  # one letter or digit finds everybody
SHORT_DIGITS: Final = 11  # month, day, serial and check digit, as lists write it


@dataclass(frozen=True)
class Hit:
    """One result: where it leads, its words and a second line."""

    icon: str
    title: str
    text: str
    page: str = ""
    argument: Any = None
    mark: str = ""


@dataclass(frozen=True)
class Group:
    key: str
    label: str
    hits: list[Hit]


@dataclass(frozen=True)
class Page:
    """A page of the menu that may be found by its name."""

    label: str
    icon: str
    url: str


def find_everything(text: str, actor: Actor, limit: int) -> list[Group]:
    """Groups of results for what was typed, none of them empty; at most `limit` a group."""
    words = clean_text(text)[:LONGEST]
    if len(words) < FEWEST and (words.isascii() or not words):
        return []
    people = _people(words, actor, limit)
    finders: tuple[tuple[str, str, list[Hit]], ...] = (
        ("matters", _("事项"), _matters(words, actor, limit)),
        ("people", _("居民"), [_person(person, actor) for person in people]),
        ("organizations", _("单位和组织"), _organizations(words, actor, limit)),
        ("items", _("办事目录"), _items(words, actor, limit)),
        ("places", _("区划"), _places(words, actor, limit)),
        ("units", _("单位"), _units(words, actor, limit)),
    )
    return [Group(key, label, hits) for key, label, hits in finders if hits]


def _organizations(words: str, actor: Actor, limit: int) -> list[Hit]:
    if not actor.has("organizations.view"):
        return []
    return [
        Hit(
            "building", one.name, f"{one.form_label} · {one.division.label}",
            "organizations:detail", one.pk,
        )
        for one in organizations(actor, {"q": words})[:limit]
    ]  # fmt: skip


def find_pages(text: str, pages: Iterable[Page], limit: int) -> list[Page]:
    """Pages of the reader's own menu whose name holds what was typed."""
    words = clean_text(text)[:LONGEST].lower()
    return [page for page in pages if words and words in page.label.lower()][:limit]


def _people(words: str, actor: Actor, limit: int) -> list[Resident]:
    if not actor.has("residents.view"):
        return []
    return find_residents(words, actor, everywhere=actor.has("residents.search"), limit=limit)


def _person(person: Resident, actor: Actor) -> Hit:
    """Masked always; someone of another area is named with the place that can help."""
    age = person.age()
    years = _("%(age)s 岁") % {"age": age} if age is not None else ""
    facts = [years, person.masked_phone, person.division.label]
    text = " · ".join(one for one in facts if one)
    if actor.see.holds(person.division_id):
        return Hit("user", person.masked_name, text, "residents:detail", person.pk)
    return Hit("user", person.masked_name, text, mark=_("不在您的辖区"))


def _matters(words: str, actor: Actor, limit: int) -> list[Hit]:
    if not actor.has("matters.view"):
        return []
    condition = _matter_condition(words, actor)
    if condition is None:
        return []
    found = (
        Matter.objects.visible_to(actor)
        .filter(condition)
        .select_related("resident", "division", "item")
        .defer(*SEALED)
        .order_by("-accepted_at")[:limit]
    )
    return [_matter(matter) for matter in found]


def _matter(matter: Matter) -> Hit:
    text = " · ".join((matter.short_number, matter.resident.masked_name, matter.division.label))
    mark = str(matter.get_state_display())
    return Hit("file-text", title_of(matter), text, "matters:detail", matter.number, mark)


def _matter_condition(words: str, actor: Actor) -> Q | None:
    """By number in any writing, by telephone, else by the applicant's name or the title's start."""
    found = matter_numbers(words)
    if found:
        return Q(number__in=found)
    phone = _phone(words)
    if phone:
        return Q(resident__phone_hash=keyed_hash("phone", phone))
    if any(sign.isdigit() for sign in words) or words.isascii():
        return None
    return Q(resident__name=words)


def matter_numbers(words: str) -> list[str]:
    """The full numbers a writing may mean: whole, or the short form of this year and the last."""
    try:
        return [numbers.parse(words)]
    except numbers.InvalidNumber:
        pass
    digits = clean_digits(words)
    if len(digits) != SHORT_DIGITS:
        return []
    year = timezone.localdate().year
    return [whole for one in (year, year - 1) if (whole := _whole(f"{one}{digits}"))]


def _whole(digits: str) -> str:
    try:
        return numbers.parse(digits)
    except numbers.InvalidNumber:
        return ""


def _phone(words: str) -> str:
    try:
        return normalise(words)
    except InvalidPhone:
        return ""


def _items(words: str, actor: Actor, limit: int) -> list[Hit]:
    return [
        Hit("list-check", item.label, item.category.label, "portal:guide", item.code)
        for item in search_items(words, limit)
    ]


def _places(words: str, actor: Actor, limit: int) -> list[Hit]:
    flat = words.replace(" ", "").lower()
    fits = (
        Q(initials__startswith=flat) | Q(pinyin__startswith=flat)
        if flat.isascii()
        else Q(name__contains=words) | Q(former_name__contains=words)
    )
    places = list(
        Division.objects.visible_to(actor).in_city().current().filter(fits)
        .order_by("level", "key")[:limit]
    )  # fmt: skip
    above = Division.objects.visible_to(actor).in_bulk({place.parent_id for place in places})
    return [
        Hit(
            "map-pin",
            place.label,
            above[place.parent_id].label if place.parent_id in above else "",
            "divisions:detail",
            place.pk,
        )
        for place in places
    ]


def _units(words: str, actor: Actor, limit: int) -> list[Hit]:
    """Units of the reader's own county, the nearest places first."""
    if words.isascii():
        return []
    county = ancestor(actor.division_id, Depth.COUNTY)
    units = (
        Unit.objects.visible_to(actor).open().filter(name__contains=words)
        .filter(division_id__range=(county, county + 10**6 - 1))
        .select_related("division").order_by("division_id", "name")[:limit]
    )  # fmt: skip
    return [
        Hit(
            "building-community",
            unit.label,
            " · ".join(filter(None, (unit.division.label, unit.phone))),
        )
        for unit in units
    ]
