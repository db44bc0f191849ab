"""A town for the browser: telephones, a catalogue, one resident, matters of every kind.

The live site is shared with other tests, so what stands there already is used as it is.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.world import CITY, COMMUNITY, World, build_world
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.core.memory import forget
from yiwang.divisions.models import Division
from yiwang.matters.actions import publish_version
from yiwang.matters.models import ServiceItem
from yiwang.matters.sheets import load_catalogue
from yiwang.residents.actions import add_resident

from .conftest import LAST_FOUR, ask_back, finish, hand_in

TWICE_PUBLISHED = "elder-nursing-subsidy"


@dataclass(frozen=True)
class Town:
    """Numbers of matters: at work, waiting for papers, two finished; the code of one result."""

    working: str
    correcting: str
    finished: str
    second: str
    code: str


def build_town() -> Town:
    """Everything through the same acts as users; committed."""
    world = _world()
    _ring("service_centre", "0513-0000 0134", "南园路18号一楼")
    _ring("committee", "0513-0000 0135", "南园路18号二楼")
    forget("matters.")
    load_catalogue()
    _new_version()
    elder = add_resident(
        world.place(COMMUNITY), name="钱玉珍", values={"phone": f"1540000{LAST_FOUR}"},
        by=world.network_admin,
    )  # fmt: skip
    done = [finish(hand_in(world, elder)) for _number in range(6)]
    correcting = ask_back(hand_in(world, elder))
    working = hand_in(world, elder, "elder-care-subsidy")
    first, second = done[-2:]
    return Town(working.number, correcting.number, first.number, second.number, first.result.code)


def _world() -> World:
    if not Division.objects.filter(pk=CITY).exists():
        build_world()
    return World({place.pk: place for place in Division.objects.all()})


def _ring(code: str, phone: str, office: str) -> None:
    Unit.objects.filter(division_id=COMMUNITY, code=code).update(phone=phone, office=office)


def _new_version() -> None:
    item: Any = ServiceItem.objects.get(code=TWICE_PUBLISHED)
    if item.versions.count() > 1:
        return
    content = {**item.versions.get().content, "fee_note": "不收工本费"}
    publish_version(
        Division.objects.get(pk=CITY), code=item.code, category=item.category_id, content=content,
        effective_from=date(2026, 9, 1), by=Actor.system(),
    )  # fmt: skip
