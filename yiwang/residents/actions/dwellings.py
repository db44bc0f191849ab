"""Dwellings and buildings; their addresses are read, and what is unclear is asked (DIV-09)."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.residents.models import AddressQuestion, Dwelling, Group, Household, Resident
from yiwang.residents.models.household import PARTS
from yiwang.residents.reads.places import gazetteer
from yiwang.residents.rules.address import LIMITS, plain_address
from yiwang.residents.rules.gazetteer import Address, read_address

from .membership import must_be_community

_AT_ONCE: Final = 2000
"""Dwellings read in one act; the next call goes on."""


@act("residents.change")
def add_dwelling(
    division: Division, *, address: str, kind: str = "", group: Group | None = None, by: Actor
) -> Dwelling:
    """A place to live, before or without anybody in it. Raises Refused: invalid, already_there."""
    must_be_community(division, "place")
    text = plain_address(address)
    if not text:
        raise Refused("invalid", _("请填写地址。"), {"address": _("请填写地址。")})
    before = set(Dwelling.objects.filter(division=division).values_list("pk", flat=True))
    dwelling = Dwelling.at(division.pk, text)
    if dwelling.pk in before:
        sentence = _("这个住所已经登记。")
        raise Refused("already_there", sentence, {"address": sentence})
    _describe(dwelling, kind, group)
    _read(dwelling)
    return dwelling


@act("residents.change")
def add_building(
    division: Division,
    *,
    place: str,
    building: str,
    units: int,
    floors: int,
    rooms: int,
    group: Group | None = None,
    by: Actor,
) -> int:
    """All rooms of a building at once: 3 units of 6 floors with 2 rooms each are 36 dwellings.

    `place` is the estate or road. Rooms held already stay; gives how many are new.
    Raises Refused: invalid, too_many.
    """
    must_be_community(division, "place")
    most = int(parameter("residents.building_rooms"))
    if units * floors * rooms > most:
        sentence = _("一幢最多 %(most)s 室，请核对。") % {"most": most}
        raise Refused("too_many", sentence, {"rooms": sentence})
    made = 0
    for unit in range(1, units + 1):
        for floor in range(1, floors + 1):
            for room in range(1, rooms + 1):
                stair = f"{unit}单元" if units > 1 else ""
                text = f"{plain_address(place)}{building}幢{stair}{floor}{room:02d}室"
                made += _room(division.pk, text, group)
    note(place=place, building=building, made=made)
    return made


@act("residents.change")
def describe_dwelling(
    dwelling: Dwelling, *, kind: str | None = None, group: Group | None = None,
    ungroup: bool = False, by: Actor,
) -> Dwelling:  # fmt: skip
    """How a place is used, and to which group it belongs. Raises Refused other_place."""
    lock(dwelling)
    _describe(dwelling, kind, group, ungroup=ungroup)
    note(kind=dwelling.kind, group=dwelling.group_id)
    return dwelling


@act("residents.change")
def merge_dwellings(dwelling: Dwelling, *, into: Dwelling, by: Actor) -> Dwelling:
    """One place written twice becomes one; people and households follow.

    Raises Refused: other_place, same_dwelling.
    """
    lock(dwelling)
    lock(into)
    if dwelling.pk == into.pk:
        raise Refused("same_dwelling", _("这是同一条记录。"))
    if dwelling.division_id != into.division_id:
        raise Refused("other_place", _("两处住所不在同一个村（居）。"))
    people = Resident.objects.filter(dwelling=dwelling).update(dwelling=into)
    households = Household.objects.filter(dwelling=dwelling).update(dwelling=into)
    AddressQuestion.objects.filter(dwelling=dwelling).delete()
    note(merged=dwelling.pk, people=people, households=households)
    dwelling.delete()
    return into


@act("residents.change")
def review_addresses(division: Division, *, by: Actor) -> int:
    """Read addresses that nobody has read yet against the names of places; gives how many.

    Clear ones get their parts; each unclear one becomes a question with a suggestion.
    """
    area = division.area
    rows = Dwelling.objects.filter(division_id__range=(area.lo, area.hi), read=False)
    found = list(rows.select_for_update().order_by("pk")[:_AT_ONCE])
    asked = sum(_read(one) for one in found)
    note(read=len(found), asked=asked)
    return len(found)


@act("residents.change")
def settle_address(
    question: AddressQuestion, *, parts: Mapping[str, str], by: Actor
) -> AddressQuestion:
    """A person says what the parts of an address are; empty ones say that there are none.

    Raises Refused: already_settled, invalid.
    """
    lock(question)
    if question.state != AddressQuestion.State.OPEN:
        raise Refused("already_settled", _("这条地址已经核对过。"))
    clean = {name: plain_address(parts.get(name, ""))[: LIMITS[name]] for name in PARTS}
    if not any(clean.values()):
        raise Refused("invalid", _("请至少填写一项。"), {"road": _("请至少填写一项。")})
    dwelling = question.dwelling
    for name, text in clean.items():
        setattr(dwelling, name, text)
    dwelling.read = True
    dwelling.save()
    question.state, question.settled_by = AddressQuestion.State.SETTLED, by.label[:160]
    question.decision = clean
    question.save()
    note(parts=sorted(name for name, text in clean.items() if text))
    return question


# ---------- parts ----------


def _room(division: int, text: str, group: Group | None) -> bool:
    held = Dwelling.at(division, text)
    if held.group_id is None and group is not None:
        _describe(held, None, group)
    return not held.read and _read(held) == 0


def _describe(
    dwelling: Dwelling, kind: str | None, group: Group | None, *, ungroup: bool = False
) -> None:
    if kind is not None:
        dwelling.kind = Dwelling.Kind(kind) if kind else ""
    if group is not None and group.division_id != dwelling.division_id:
        raise Refused("other_place", _("“%(name)s”不在这个社区。") % {"name": group.name})
    if group is not None or ungroup:
        dwelling.group = group
    dwelling.save()


def _read(dwelling: Dwelling) -> int:
    """Read one address; 1 when it became a question."""
    address = read_address(dwelling.address, gazetteer(), dwelling.division_id)
    dwelling.read = True
    if address.doubt is None:
        columns = address.parts.columns()
        for name in PARTS:
            setattr(dwelling, name, columns.get(name, ""))
    dwelling.save()
    twin = None if address.doubt else _twin(dwelling)
    topic = AddressQuestion.Topic.TWICE if twin else address.doubt
    if topic is None:
        return 0
    suggestion = {**_suggestion(address), **({"twin": twin.pk} if twin else {})}
    AddressQuestion.objects.get_or_create(
        dwelling=dwelling,
        state=AddressQuestion.State.OPEN,
        defaults={
            "division_id": dwelling.division_id,
            "topic": str(topic.value),
            "suggestion": suggestion,
        },
    )
    return 1


def _twin(dwelling: Dwelling) -> Dwelling | None:
    """Another dwelling of the community with the very same parts down to the room."""
    if not dwelling.room:
        return None
    same = {name: getattr(dwelling, name) for name in PARTS}
    rows = Dwelling.objects.filter(division_id=dwelling.division_id, read=True, **same)
    return rows.exclude(pk=dwelling.pk).order_by("pk").first()


def _suggestion(address: Address) -> dict[str, object]:
    return {
        "parts": address.parts.columns(),
        "places": list(address.places[:5]),
        "rest": address.parts.rest,
    }
