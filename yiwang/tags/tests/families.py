"""Small households for tests, built through the acts of the register."""

from typing import Any

from tests.world import COMMUNITY, World
from yiwang.residents.actions import add_resident, create_household, place_in_household
from yiwang.residents.models import Household, Resident


def person(world: World, name: str, born: str, key: int = COMMUNITY, **more: Any) -> Resident:
    """Somebody born on a day, entered by the network administrator of the place."""
    by = world.network_admin if key == COMMUNITY else world.neighbour_admin
    phone = f"1390000{abs(hash((name, born))) % 10000:04d}"
    return add_resident(
        world.place(key), name=name, values={"born_on": born, "phone": phone},
        surely_new=True, by=by, **more,
    )  # fmt: skip


def home(world: World, number: str, *members: Resident) -> Household:
    """A household of these people; the first is its head."""
    by = world.network_admin
    made = create_household(
        world.place(COMMUNITY), number=number, head=members[0], address=f"南园新村{number}", by=by
    )
    for one in members[1:]:
        place_in_household(one, household=made, relation="other", by=by)
    return made
