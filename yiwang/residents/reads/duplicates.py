"""The same person twice: an identity number held already blocks, other likenesses ask (INF-03)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q

from yiwang.accounts.models import Unit
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import pinyin
from yiwang.core.vault import keyed_hash
from yiwang.residents.models import Resident
from yiwang.residents.rules.likeness import Traits, likeness

MOST: Final = 5
"""Candidates shown side by side."""
_READ: Final = 200
"""Candidates read for each likeness before they are scored."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Someone who may be the same person: why first of all, and how likely in percent."""

    resident: Resident
    same: str
    percent: int


def holder_of(identity: str) -> Resident | None:
    """The record that holds an identity number anywhere in the city.

    Also of who moved away or died: nobody gets a second record, the old one returns. For a record
    merged into another one the other speaks.
    """
    if not identity:
        return None
    held = Resident.objects.not_withdrawn().filter(identity_hash=keyed_hash("identity", identity))
    found = held.select_related("division", "merged_into__division").first()
    return found and (found.merged_into or found)


def likely_duplicates(
    *, name: str, born_on: date | None, phone: str, division_id: int | None = None
) -> list[Duplicate]:
    """Live records of the city that may be the same person, the likeliest first.

    Looked for by telephone, by the sound of the name with the year or day of birth, and within the
    community by the day of birth alone; asked about from `residents.match_percent` on.
    """
    if not name or not (born_on or phone):
        return []
    phone_hash = keyed_hash("phone", phone) if phone else None
    typed = Traits(name, born_on, phone_hash)
    least = int(parameter("residents.match_percent"))
    found: dict[int, Duplicate] = {}
    for person in _candidates(name, born_on, phone_hash, division_id):
        held = bytes(person.phone_hash) if person.phone_hash else None
        percent = likeness(typed, Traits(person.name, person.born_on, held))
        if percent >= least:
            same = "birth" if born_on and person.born_on == born_on else "phone"
            alike = same if same == "birth" or held == phone_hash else "name"
            found[person.pk] = Duplicate(person, alike, percent)
    return sorted(found.values(), key=lambda one: -one.percent)[:MOST]


def _candidates(
    name: str, born_on: date | None, phone_hash: bytes | None, division_id: int | None
) -> Iterator[Resident]:
    people = Resident.objects.live().select_related("division", "dwelling")
    if phone_hash is not None:
        yield from people.filter(phone_hash=phone_hash)[:_READ]
    if born_on is None:
        return
    near = Q(birth_year=born_on.year) | Q(born_on__month=born_on.month, born_on__day=born_on.day)
    yield from people.filter(near, name_pinyin=pinyin(name)[:300])[:_READ]
    if division_id is not None:
        yield from people.filter(division_id=division_id, born_on=born_on)[:_READ]


def telephone_of(division_id: int) -> str:
    """The number to call about a record held by a community; empty when none is on file."""
    committee = Unit.objects.filter(division_id=division_id, closed_on__isnull=True).exclude(
        phone=""
    )
    return committee.order_by("pk").values_list("phone", flat=True).first() or ""
