"""A street of 南园社区 for tests of collection work: households with dwellings, and who works."""

from datetime import datetime
from typing import Any

from tests.world import COMMUNITY, STREET, World
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.collection import actions
from yiwang.collection.actions.campaigns import Order
from yiwang.collection.models import Campaign, Item, Task
from yiwang.core.acts import circumstances
from yiwang.residents.actions import add_resident, create_household
from yiwang.residents.models import Resident

LONG_AGO = "2024-03-01T09:00:00+08:00"


def phone(number: int) -> str:
    return f"154{number:08d}"


def settle(world: World, number: int, *, key: int = COMMUNITY, by: Actor | None = None) -> Resident:
    """One household of one person, met long ago: telephone and address have grown old."""
    by = by or worker(world)
    person = add_resident(
        world.place(key),
        name=f"陈{'甲乙丙丁戊己庚辛壬癸'[number % 10]}{'一二三四五六七八九十'[number // 10 % 10]}",
        values={
            "phone": phone(number),
            "born_on": f"{1940 + number % 60}-01-{number % 28 + 1:02d}",
            "home_address": f"南园新村{number // 10 + 1}幢{number % 10 + 1:02d}室",
        },
        source="visit",
        surely_new=True,
        by=by,
    )
    home = create_household(
        person.division, number=f"户{number:03d}", head=person,
        address=f"南园新村{number // 10 + 1}幢{number % 10 + 1:02d}室", by=by,
    )  # fmt: skip
    person.refresh_from_db()
    assert person.household_id == home.pk
    return person


def settled(world: World, count: int, *, key: int = COMMUNITY) -> list[Resident]:
    with circumstances(at=datetime.fromisoformat(LONG_AGO)):
        return [settle(world, number, key=key) for number in range(count)]


def worker(world: World) -> Actor:
    return world.network_admin


def checker(world: World) -> Actor:
    return world.actor(Role.TOWNSHIP_NETWORK, STREET, "civil_affairs", "严芳")


def opened(world: World, *, by: Actor | None = None, **changes: Any) -> Campaign:
    said: dict[str, Any] = {
        "title": "电话住址复核",
        "reason": "年度复核",
        "fields": ["phone", "home_address"],
        **changes,
    }
    place = world.place(said.pop("key", STREET))
    return actions.open_campaign(place, order=Order(**said), by=by or checker(world))


def form_for(item: Item, **values: str) -> dict[str, Any]:
    """A form in which everybody gives these values and says that the rest is the same."""
    codes = list(item.task.campaign.fields)
    same = [code for code in codes if code not in values]
    people = {
        str(person.pk): {"status": "here", "values": values, "same": same}
        for person in item.people()
    }
    return {"people": people}


def items_of(campaign: Campaign) -> list[Item]:
    return list(Item.objects.filter(task__campaign=campaign).order_by("pk"))


def task_of(campaign: Campaign) -> Task:
    return Task.objects.get(campaign=campaign)
