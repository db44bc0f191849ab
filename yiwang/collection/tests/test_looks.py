"""Every page of collection work in a real browser: nothing runs over, nobody is shut out."""

from typing import Any

import pytest

from tests.axe import look
from tests.visitors import session_of, visitors
from tests.world import CHONGCHUAN, COMMUNITY, build_world
from yiwang.accounts.roles import Role
from yiwang.collection import actions
from yiwang.collection.models import Demand, Item

from .place import form_for, items_of, opened, phone, settled, task_of, worker
from .test_demands import need

pytestmark = pytest.mark.browser
NARROW = {"width": 360, "height": 780}
FIELD = "/desk/collection/field/"


def build_work() -> dict[str, Any]:
    """Forms in every state, a conflict, a demand, and those who look at them."""
    world = build_world()
    settled(world, 12)
    campaign = opened(world)
    one, two, three, four, *_rest = items_of(campaign)
    for key, number in (("a", 4411), ("b", 4422)):
        said = form_for(one, phone=phone(number))
        actions.fill_item(one, key=key, answers=said, base=0, by=worker(world))
    actions.fill_item(
        two, key="c", answers=form_for(two, phone="12"), base=0, by=worker(world)
    )  # marked
    for item in (three, four):
        actions.fill_item(item, key=f"d{item.pk}", answers=form_for(item), base=0, by=worker(world))
    actions.submit_items(task_of(campaign), by=worker(world))
    health = world.actor(Role.DEPARTMENT, CHONGCHUAN, "health", "顾医")
    asked = need("phone", "employment_status", age_to=None, age_from=60)
    demand = actions.file_demand(world.place(CHONGCHUAN), need=asked, by=health)
    bureau = world.post(Role.CIVIL_AFFAIRS, CHONGCHUAN, "civil_affairs").user
    assert Demand.objects.count() == 1
    assert Item.objects.filter(state="submitted").count() == 2
    task = task_of(campaign).pk
    base = "/desk/collection/"
    return {
        "worker": session_of(world.post(Role.COMMUNITY_NETWORK, COMMUNITY, "committee").user.username),
        "bureau": session_of(bureau.username),
        "pages": {
            "worker": [
                base, f"{base}tasks/{task}/", f"{base}tasks/{task}/paper/",
                f"{base}items/{one.pk}/", f"{base}items/{two.pk}/", f"{base}due/",
                f"{base}unreached/", f"{base}freshness/", f"{base}campaigns/{campaign.pk}/",
                f"{base}campaigns/new/", FIELD,
            ],
            "bureau": [
                f"{base}waiting/", f"{base}items/{three.pk}/", f"{base}demands/",
                f"{base}demands/new/", f"{base}demands/{demand.pk}/",
                f"{base}demands/{demand.pk}/sheet/", f"{base}freshness/",
            ],
        },
    }  # fmt: skip


@pytest.fixture(scope="module")
def work(live_site: Any) -> dict[str, Any]:
    found: dict[str, Any] = live_site.run(build_work)
    return found


def test_pages_fit_a_telephone_of_360_and_shut_nobody_out(live_site, work):
    """Standard and elder mode on a narrow telephone, axe on each."""
    wrong: list[str] = []
    with visitors(live_site.url) as people:
        for who in ("worker", "bureau"):
            page = people.window(NARROW, session=work[who])
            for address in work["pages"][who]:
                page.goto(address)
                wrong += look(page, ("standard", "elder"))
    assert wrong == []
