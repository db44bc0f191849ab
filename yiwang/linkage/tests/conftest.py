"""People who are entered twice, and lists that departments send."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.world import COMMUNITY, World
from yiwang.linkage.actions import carry_out, start_run
from yiwang.linkage.models import LinkRun, Pair
from yiwang.residents.actions import add_resident
from yiwang.residents.models import Resident


@pytest.fixture
def enter(world: World) -> Callable[..., Resident]:
    """Somebody of 南园社区, surely another one."""

    def entered(name: str, at: int = COMMUNITY, **values: str) -> Resident:
        by = world.network_admin if at == COMMUNITY else world.neighbour_admin
        return add_resident(
            world.place(at), name=name, values=values, surely_new=True, source="visit", by=by
        )

    return entered


@pytest.fixture
def run(world: World) -> Callable[..., LinkRun]:
    """A whole run over a place."""

    def whole(at: int = COMMUNITY, by: Any = None, engine: str = "duckdb") -> LinkRun:
        who = by or world.network_admin
        begun = start_run(world.place(at), engine=engine, background=False, by=who)
        return carry_out(begun, by=who)

    return whole


@pytest.fixture
def pair(enter: Callable[..., Resident], resident: Resident, run: Callable[..., LinkRun]) -> Pair:
    """陈桂英 and 陳桂瑛, the same telephone and birthday."""
    enter("陳桂瑛", born_on="1947-03-12", phone="15400008830")
    run()
    return Pair.objects.get()
